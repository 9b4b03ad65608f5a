/* src/cli/store.c - `keisoku store`: is it whole, how large, copy it, put it back, read
 * it out.  All of it works beside a running daemon; only restore writes, and never over
 * a store. */
#include "base/drop.h"
#include "base/limits.h"
#include "cli/args.h"
#include "cli/front.h"
#include "cli/picture.h"
#include "role/paths.h"
#include "site/metric.h"
#include "store/verify.h"
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/* a line of an export: all labels escaped (\\u0001 is six bytes), and the rest */
enum { LINE = 6 * LIMIT_LABELS_BYTES + 8192, DAY_SECONDS = 86400 };
static const int64_t SECONDS_MOST = 253402300799; /* 9999-12-31 */

struct asked {
	struct args args;
	enum lang lang;
	const char *path;
	bool json;
};

static void damage_say(void *user, const char *where, const char *what)
{
	const struct asked *asked = user;
	KS_DROP(text) struct text line;

	text_init(&line, LINE);
	if (asked->json)
		return;
	say(&line, asked->lang, "damaged: %s: %s", where, tr(asked->lang, what));
	text_add_char(&line, '\n');
	(void)cli_print(&line);
}

static int check(const struct asked *asked)
{
	KS_DROP(text) struct text text;
	struct verify v;
	struct why why = { .fmt = NULL };
	int bad = store_verify(asked->path, &v, damage_say, (void *)(uintptr_t)asked, &why);

	text_init(&text, LINE);
	if (bad != KS_OK) {
		cli_complain_why(asked->lang, &why);
		return bad == KS_MALFORMED ? EXIT_CRITICAL : EXIT_BROKEN;
	}
	if (asked->json)
		text_addf(&text, "{\"schema\":\"keisoku.store_check/1\",\"series\":%" PRIu64
		    ",\"samples\":%" PRIu64 ",\"chunks\":%" PRIu64 ",\"days\":%" PRIu64
		    ",\"rollups\":%" PRIu64 ",\"late\":%" PRIu64 ",\"segments\":%" PRIu64
		    ",\"journal_samples\":%" PRIu64 ",\"torn_bytes\":%" PRIu64 ",\"damaged\":%" PRIu64
		    "}", v.series, v.samples, v.chunks, v.days, v.rollups, v.late, v.segments,
		    v.journal_samples, v.torn_bytes, v.damaged);
	else {
		say(&text, asked->lang, "%llu series, %llu samples sealed, %llu in the journal",
		    (unsigned long long)v.series, (unsigned long long)v.samples,
		    (unsigned long long)v.journal_samples);
		text_add(&text, v.damaged > 0 ? "\n" : ": ");
		if (v.damaged > 0)
			say(&text, asked->lang, "damaged in %llu places; restore a backup of before",
			    (unsigned long long)v.damaged);
		else
			say(&text, asked->lang, "all of it is whole");
	}
	text_add_char(&text, '\n');
	(void)cli_print(&text);
	return v.damaged > 0 ? EXIT_CRITICAL : EXIT_WELL;
}

static void size_say(struct text *text, enum lang lang, const struct store_size *s,
    int64_t now_s)
{
	double per_day = s->samples_per_day * s->bytes_per_sample;

	say(text, lang, "%llu series, %llu samples; %.1f MB sealed, %.1f MB journal",
	    (unsigned long long)s->series,
	    (unsigned long long)(s->samples_sealed + s->samples_head),
	    (double)(s->bytes_chunks + s->bytes_rollups) / 1e6, (double)s->bytes_journal / 1e6);
	text_add_char(text, '\n');
	if (per_day < 1) {
		say(text, lang, "too little is sealed yet to say when the disk is full");
	} else {
		int64_t days = (int64_t)((double)s->bytes_free_disk / per_day);
		KS_DROP(text) struct text when;

		text_init(&when, 64);
		text_add_time(&when, (now_s + (days > 36500 ? 36500 : days) * DAY_SECONDS) * 1000);
		when.at[10] = '\0'; /* the date alone */
		say(text, lang, "at the present rate %.1f MB a day; the disk is full in %lld {day|days} (%s)",
		    per_day / 1e6, (long long)days, text_cstr(&when));
	}
	text_add_char(text, '\n');
}

static int open_all(const struct asked *asked, struct store **ret_store)
{
	const struct store_options options = { .window_s = 0 };
	struct store_found found;
	struct why why = { .fmt = NULL };
	int bad = store_open(asked->path, STORE_READ_ALL, &options, ret_store, &found, &why);

	if (bad != KS_OK)
		cli_complain_why(asked->lang, &why);
	return bad;
}

static int size(const struct asked *asked)
{
	KS_DROP(text) struct text text;
	struct store *store = NULL;
	struct store_size s;
	struct why why = { .fmt = NULL };

	text_init(&text, LINE);
	if (open_all(asked, &store) != KS_OK)
		return EXIT_BROKEN;
	int bad = store_size(store, &s, &why);

	store_close(store);
	if (bad != KS_OK) {
		cli_complain_why(asked->lang, &why);
		return EXIT_BROKEN;
	}
	if (asked->json)
		text_addf(&text, "{\"schema\":\"keisoku.store_size/1\",\"series\":%" PRIu64
		    ",\"samples_sealed\":%" PRIu64 ",\"samples_head\":%" PRIu64
		    ",\"bytes_chunks\":%" PRIu64 ",\"bytes_rollups\":%" PRIu64
		    ",\"bytes_journal\":%" PRIu64 ",\"bytes_free_disk\":%" PRIu64
		    ",\"bytes_per_sample\":%.4f,\"samples_per_day\":%.0f}\n", s.series,
		    s.samples_sealed, s.samples_head, s.bytes_chunks, s.bytes_rollups,
		    s.bytes_journal, s.bytes_free_disk, s.bytes_per_sample, s.samples_per_day);
	else
		size_say(&text, asked->lang, &s, (int64_t)time(NULL));
	(void)cli_print(&text);
	return EXIT_WELL;
}

struct export {
	struct text line;
	struct span labels;
	bool older;	   /* of a store from before: values are in the kind's own unit */
	enum measure older_kind;
	int kind; /* 0 JSON lines, 1 CSV, 2 OpenMetrics */
	bool failed;
};

/* Three escapes are all there are; any other byte stands for itself. */
static void openmetrics_add(struct text *text, struct span value)
{
	for (size_t i = 0; i < value.left; i++) {
		char c = (char)value.at[i];

		if (c == '\n' || c == '\\' || c == '"')
			text_add_char(text, '\\');
		text_add_char(text, c == '\n' ? 'n' : c);
	}
}

/* [a-zA-Z_:][a-zA-Z0-9_:]*: any other byte becomes _. */
static void name_add(struct text *text, struct span name)
{
	for (size_t i = 0; i < name.left; i++) {
		char c = (char)name.at[i];
		bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == ':';

		text_add_char(text, letter || (i > 0 && c >= '0' && c <= '9') ? c : '_');
	}
}

static void labels_add(struct export *e, bool name_too)
{
	struct span rest = e->labels;
	bool first = true;

	while (rest.left > 0) {
		struct span name = span_until(&rest, 0xff), value = span_until(&rest, 0xff);

		if (!name_too && span_equal(name, "__name__"))
			continue;
		text_add(&e->line, first ? "" : ",");
		text_add(&e->line, e->kind == 2 ? "" : e->kind == 1 ? "" : "\"");
		if (e->kind == 2)
			name_add(&e->line, name);
		else if (e->kind == 0)
			text_add_json(&e->line, name);
		else
			text_add_span(&e->line, name);
		text_add(&e->line, e->kind == 2 ? "=\"" : e->kind == 1 ? "=" : "\":\"");
		if (e->kind == 1)
			for (size_t i = 0; i < value.left; i++) /* "" inside quotes, RFC 4180 */
				text_add(&e->line, (char[]){ (char)value.at[i],
				    value.at[i] == '"' ? '"' : '\0', '\0' });
		else if (e->kind == 2)
			openmetrics_add(&e->line, value);
		else
			text_add_json(&e->line, value);
		text_add(&e->line, e->kind == 1 ? "" : "\"");
		first = false;
	}
}

static struct span name_of(struct span labels)
{
	while (labels.left > 0) {
		struct span name = span_until(&labels, 0xff), value = span_until(&labels, 0xff);

		if (span_equal(name, "__name__"))
			return value;
	}
	return span_text("unnamed");
}

/* As few digits as bring the same bits back. */
static void value_add(struct text *text, double value)
{
	char digits[40];

	for (int n = 15; n <= 17; n++) {
		(void)snprintf(digits, sizeof digits, "%.*g", n, value);
		if (strtod(digits, NULL) == value)
			break;
	}
	text_add(text, digits);
}

static int export_sample(void *user, int64_t time_ms, double value)
{
	struct export *e = user;

	if (e->older)
		value = metric_older(e->older_kind, value);
	text_clear(&e->line);
	if (e->kind == 2) {
		name_add(&e->line, name_of(e->labels));
		text_add_char(&e->line, '{');
		labels_add(e, false);
		text_add(&e->line, "} ");
		value_add(&e->line, value);
		uint64_t ms = time_ms < 0 ? -(uint64_t)time_ms : (uint64_t)time_ms;

		text_addf(&e->line, " %s%" PRIu64 ".%03u\n", time_ms < 0 ? "-" : "", ms / 1000,
		    (unsigned)(ms % 1000));
	} else {
		text_add(&e->line, e->kind == 1 ? "" : "{\"time\":\"");
		text_add_time(&e->line, time_ms);
		text_add(&e->line, e->kind == 1 ? ",\"" : "\",\"labels\":{");
		labels_add(e, true);
		/* JSON has no word for what is no number */
		bool number = value - value == 0;

		text_add(&e->line, e->kind == 1 ? "\"," : number ? "},\"value\":" : "},\"value\":\"");
		value_add(&e->line, value);
		text_add(&e->line, e->kind == 1 ? "\n" : number ? "}\n" : "\"}\n");
	}
	e->failed = !cli_print(&e->line);
	return e->failed ? 1 : 0;
}

bool time_of(const char *word, int64_t none_ms, int64_t *ret_ms)
{
	struct tm tm = { .tm_mday = 1 }, back;
	char *end = NULL;

	*ret_ms = none_ms;
	if (word == NULL)
		return true;
	errno = 0;
	long long seconds = strtoll(word, &end, 10);

	if (end != word && *end == '\0') {
		if (errno != 0 || seconds > SECONDS_MOST || seconds < -SECONDS_MOST)
			return false;
		*ret_ms = seconds * 1000;
		return true;
	}
	end = strptime(word, "%Y-%m-%d", &tm);
	if (end != NULL && *end == 'T')
		end = strptime(end, "T%H:%M:%S", &tm);
	if (end == NULL || (*end != '\0' && strcmp(end, "Z") != 0))
		return false;
	struct tm asked = tm;
	time_t at = timegm(&tm);

	/* 31 February would silently be 3 March */
	if (gmtime_r(&at, &back) == NULL || back.tm_mday != asked.tm_mday ||
	    back.tm_mon != asked.tm_mon || at > SECONDS_MOST || at < -SECONDS_MOST)
		return false;
	*ret_ms = (int64_t)at * 1000;
	return true;
}

static int export(const struct asked *asked)
{
	struct export e = { .kind = args_has(&asked->args, "--csv") ? 1
	    : args_has(&asked->args, "--openmetrics")		   ? 2 : 0 };
	const char *wanted = args_value(&asked->args, "--series");
	KS_DROP(text) struct text key = { .len = 0 };
	struct store *store = NULL;
	struct why why = { .fmt = NULL };
	int64_t from, to;
	int bad;

	if (!time_of(args_value(&asked->args, "--since"), INT64_MIN, &from) ||
	    !time_of(args_value(&asked->args, "--until"), INT64_MAX, &to)) {
		cli_complain(asked->lang, "a time is written 2026-08-11 or 2026-08-11T22:10:00Z");
		return EXIT_UNKNOWN;
	}
	if (open_all(asked, &store) != KS_OK)
		return EXIT_BROKEN;
	text_init(&e.line, LINE);
	text_init(&key, LIMIT_LABELS_BYTES);
	bad = KS_OK;
	if (e.kind == 1)
		(void)puts("time,labels,value");
	for (uint32_t i = 1; i <= store_series_count(store) && bad == KS_OK; i++) {
		e.labels = store_labels(store, i);
		e.older = metric_renamed(e.labels, &key, &e.older_kind);
		if (e.older)
			e.labels = text_span(&key);
		if (e.labels.left == 0 || (wanted != NULL &&
		    memmem(e.labels.at, e.labels.left, wanted, strlen(wanted)) == NULL))
			continue;
		bad = store_read(store, i, from, to, export_sample, &e, &why);
	}
	if (e.kind == 2 && bad == KS_OK)
		(void)puts("# EOF");
	store_close(store);
	text_done(&e.line);
	if (bad != KS_OK && !e.failed)
		cli_complain_why(asked->lang, &why);
	return bad == KS_OK ? EXIT_WELL : EXIT_BROKEN;
}

static int copy(const struct asked *asked, bool back)
{
	const char *other = asked->args.operands_n > 1 ? asked->args.operands[1] : NULL;
	struct why why = { .fmt = NULL };

	if (other == NULL) {
		cli_complain(asked->lang, "which folder? keisoku store %s FOLDER",
		    back ? "restore" : "backup");
		return EXIT_UNKNOWN;
	}
	int bad = back ? store_restore(other, asked->path, &why)
		       : store_backup(asked->path, other, &why);

	if (bad != KS_OK) {
		cli_complain_why(asked->lang, &why);
		return EXIT_BROKEN;
	}
	KS_DROP(text) struct text line;

	text_init(&line, LINE);
	if (asked->json)
		text_addf(&line, "{\"schema\":\"keisoku.store_%s/1\",\"done\":true}",
		    back ? "restore" : "backup");
	else
		say(&line, asked->lang, "copied from %s to %s", back ? other : asked->path,
		    back ? asked->path : other);
	text_add_char(&line, '\n');
	(void)cli_print(&line);
	return EXIT_WELL;
}

static int store_run(int argc, char **argv, enum lang lang)
{
	struct asked asked = { .lang = lang };
	struct paths paths;
	struct why why = { .fmt = NULL };

	if (!args_read(&command_store, argc, argv, lang, &asked.args))
		return EXIT_UNKNOWN;
	if (paths_find(args_value(&asked.args, "--state"), &paths, &why) != KS_OK) {
		cli_complain_why(lang, &why);
		return EXIT_UNKNOWN;
	}
	asked.path = paths.state;
	asked.json = args_has(&asked.args, "--json");
	const char *what = asked.args.operands[0];

	/* a copy, say; without one it is the daemon's own */
	if (asked.args.operands_n > 1 && (strcmp(what, "check") == 0 ||
	    strcmp(what, "size") == 0 || strcmp(what, "export") == 0))
		asked.path = asked.args.operands[1];
	if (strcmp(what, "check") == 0)
		return check(&asked);
	if (strcmp(what, "size") == 0)
		return size(&asked);
	if (strcmp(what, "export") == 0)
		return export(&asked);
	if (strcmp(what, "backup") == 0 || strcmp(what, "restore") == 0)
		return copy(&asked, what[0] == 'r');
	cli_complain(lang, "store: there are check, export, backup, restore and size, not %s", what);
	return EXIT_UNKNOWN;
}

static const struct option_row store_options[] = {
	{ "--state", "DIR", N_("where the state of the daemon lies") },
	{ "--since", "TIME", N_("export: not before this time (UTC)") },
	{ "--until", "TIME", N_("export: before this time (UTC)") },
	{ "--series", "TEXT", N_("export: only series whose labels hold this text") },
	{ "--csv", NULL, N_("export: CSV instead of JSON lines") },
	{ "--openmetrics", NULL, N_("export: OpenMetrics instead of JSON lines") },
	{ "--json", NULL, N_("the answer as JSON") },
	{ NULL, NULL, NULL },
};

const struct command command_store = {
	.name = "store",
	.takes = "check|export|backup|restore|size [FOLDER]",
	.says = "what is remembered: is it whole, how large, copy it, put it back, read it out",
	.options = store_options,
	.examples = (const char *const[]){ "keisoku store check",
		"keisoku store backup /mnt/usb/keisoku-2026-08-11", NULL },
	.run = store_run,
};
