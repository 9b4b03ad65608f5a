/* src/cli/audit_with.c - options into what the engine and the maker take. */
#include "cli/audit_with.h"
#include "base/drop.h"
#include "base/limits.h"
#include "base/number.h"
#include "cli/site_load.h"
#include "wire/keylog.h"
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum { ROOTS_BYTES = 16 << 20 };
static const char system_roots[] = "/etc/ssl/certs/ca-certificates.crt";

/* The machine's zone by its link into zoneinfo; Tokyo for Japanese when there is none. */
static void zone_guess(char *ret, size_t room, enum lang lang)
{
	char link[300];
	ssize_t n = readlink("/etc/localtime", link, sizeof link - 1);
	const char *name = NULL;

	if (n > 0) {
		link[n] = '\0';
		name = strstr(link, "zoneinfo/");
	}
	if (name != NULL)
		name += strlen("zoneinfo/");
	else
		name = lang == LANG_JA ? "Asia/Tokyo" : "UTC";
	(void)snprintf(ret, room, "%s", name);
}

int audit_with_zone(struct audit_with *with, const char *name, struct why *why)
{
	struct zone *zone = NULL;
	int code = zone_load(name, &zone, why);

	if (code != KS_OK)
		return code;
	zone_free(with->zone);
	with->ask.zone = with->zone = zone;
	(void)snprintf(with->zone_name, sizeof with->zone_name, "%s", name);
	return KS_OK;
}

/* --tz, else that of the site file, else the machine's. */
static int zone_take(struct audit_with *with, const struct args *args, enum lang lang,
    struct why *why)
{
	const char *given = args_value(args, "--tz");

	if (given != NULL)
		(void)snprintf(with->zone_name, sizeof with->zone_name, "%s", given);
	else if (with->site != NULL)
		(void)snprintf(with->zone_name, sizeof with->zone_name, "%s", with->site->tz);
	else
		zone_guess(with->zone_name, sizeof with->zone_name, lang);
	int code = zone_load(with->zone_name, &with->zone, why);

	/* not asked for: a machine without zoneinfo reports in UTC */
	if (code != KS_OK && given == NULL) {
		(void)snprintf(with->zone_name, sizeof with->zone_name, "UTC");
		with->zone = NULL;
		code = KS_OK;
	}
	with->ask.zone = with->zone;
	return code;
}

static int trust_take(struct audit_with *with, const struct args *args, struct why *why)
{
	const char *given = args_value(args, "--trust");
	KS_DROP(text) struct text chosen, known;

	text_init(&chosen, ROOTS_BYTES);
	text_init(&known, ROOTS_BYTES);
	bool have = file_load(system_roots, ROOTS_BYTES, &known, NULL) == KS_OK;

	if (given != NULL) {
		int code = file_load(given, ROOTS_BYTES, &chosen, why);

		if (code != KS_OK)
			return code;
	}
	if (given == NULL && !have)
		return KS_OK;
	with->ask.trust_name = given != NULL ? given : system_roots;
	int code = audit_trust_new(given != NULL ? text_span(&chosen) : text_span(&known),
	    have ? text_span(&known) : span_of("", 0), &with->trust, why);

	with->ask.trust = with->trust;
	return code;
}

static struct make_known *known_add(struct audit_with *with)
{
	return &with->known[with->ask.known_n++];
}

static int devices_asked(struct audit_with *with, const struct args *args, struct why *why)
{
	const char *given;

	for (size_t i = 0; (given = args_each(args, "--device", i)) != NULL; i++) {
		struct make_known *known = known_add(with);

		*known = (struct make_known){ .name = "", .asked_for = true,
			.address = address_read(span_text(given)) };
		if (known->address.family == ADDRESS_NONE && !mac_read(given, &known->mac))
			return fail(why, KS_MALFORMED, "%s is neither an IP address nor a MAC", given);
	}
	return KS_OK;
}

/* What --device asks for is called what the site file calls it. */
static void names_of_site(struct audit_with *with)
{
	for (size_t i = 0; i < with->ask.known_n; i++)
		for (size_t k = 0; with->known[i].asked_for && k < with->ask.known_n; k++) {
			const struct make_known *site = &with->known[k];
			bool same = with->known[i].address.family != ADDRESS_NONE ?
			    address_equal(&site->address, &with->known[i].address) :
			    memcmp(&site->mac, &with->known[i].mac, sizeof site->mac) == 0;

			if (!site->asked_for && same)
				with->known[i].name = site->name;
		}
}

static int devices_take(struct audit_with *with, const struct args *args, struct why *why)
{
	static struct site_errors errors;
	const char *path = args_value(args, "--site");
	size_t most = ARGS_GIVEN;
	int code = KS_OK;

	if (path != NULL)
		code = site_load(path, &with->site, &errors, why);
	if (code == KS_MALFORMED)
		return fail(why, KS_MALFORMED, "%s has errors; keisoku check %s names them", path, path);
	if (code != KS_OK)
		return code;
	if (with->site != NULL)
		most += with->site->hosts_n + with->site->devices_n;
	with->known = calloc(most, sizeof *with->known);
	if (with->known == NULL)
		return fail(why, KS_FULL, "out of memory");
	code = devices_asked(with, args, why);
	if (code == KS_OK && with->site != NULL)
		with->ask.known_n += known_of_site(with->site, with->known + with->ask.known_n);
	with->ask.known = with->known;
	names_of_site(with);
	return code;
}

static int threads_take(struct audit_with *with, const struct args *args, struct why *why)
{
	const char *given = args_value(args, "--threads");
	int64_t threads = 0;

	if (given == NULL)
		return KS_OK;
	if (number_read(span_text(given), 0, &threads) != KS_OK || threads < 1 ||
	    threads > RUN_THREADS)
		return fail(why, KS_MALFORMED, "--threads is a number from 1 to %d", RUN_THREADS);
	with->ask.threads = (unsigned)threads;
	return KS_OK;
}

/* Here and not below: what is accepted ends by the day it is, not by the capture's. */
static int today_take(struct audit_with *with, const struct args *args, struct why *why)
{
	const char *given = args_value(args, "--today");
	struct civil now = zone_split(with->zone, (int64_t)time(NULL) * 1000);

	with->ask.today = (int32_t)days_of(now.year, now.month, now.day);
	if (given != NULL && accept_day(span_text(given), &with->ask.today) != KS_OK)
		return fail(why, KS_MALFORMED, "%s: no day such as 2027-04-01", given);
	return KS_OK;
}

/* A file without a secret is the wrong one, or its program wrote none. */
static int keylog_take(struct audit_with *with, const char *path, struct why *why)
{
	KS_DROP(keylog) struct keylog *keys = NULL;
	int code = file_load(path, LIMIT_KEYLOG_BYTES, &with->keylog, why);

	if (code == KS_OK)
		code = keylog_new(&keys, why);
	if (code == KS_OK)
		code = keylog_add(keys, text_span(&with->keylog), &with->ask.secrets, why);
	if (code == KS_OK && with->ask.secrets == 0)
		return fail(why, KS_MALFORMED, "%s: no TLS secret in it; programs that are started with SSLKEYLOGFILE=FILE write such lines (CLIENT_RANDOM ...)",
		    path);
	with->ask.keylog = text_span(&with->keylog);
	return code;
}

static void with_begin(struct audit_with *with, enum lang lang)
{
	*with = (struct audit_with){ .ask = { .lang = lang } };
	text_init(&with->keylog, LIMIT_KEYLOG_BYTES);
	aids_init(&with->aids);
}

int audit_with_time(const struct args *args, enum lang lang, struct audit_with *ret_with,
    struct why *why)
{
	with_begin(ret_with, lang);
	return zone_take(ret_with, args, lang, why);
}

int audit_with(const struct args *args, enum lang lang, struct audit_with *ret_with,
    struct why *why)
{
	struct audit_with *with = ret_with;
	const char *keylog = args_value(args, "--keylog");
	int code;

	with_begin(with, lang);
	code = devices_take(with, args, why);
	if (code == KS_OK)
		code = zone_take(with, args, lang, why);
	if (code == KS_OK)
		code = trust_take(with, args, why);
	if (code == KS_OK)
		code = threads_take(with, args, why);
	if (code == KS_OK && keylog != NULL)
		code = keylog_take(with, keylog, why);
	if (code == KS_OK)
		code = audit_lists(args, &with->aids, why);
	with->ask.aids = &with->aids;
	code = code == KS_OK ? today_take(with, args, why) : code;
	return code;
}

void audit_with_done(struct audit_with *with)
{
	zone_free(with->zone);
	text_done(&with->keylog);
	audit_trust_free(with->trust);
	free(with->known);
	aids_done(&with->aids);
	site_free(with->site);
}
