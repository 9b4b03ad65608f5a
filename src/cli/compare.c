/* src/cli/compare.c - `keisoku compare BEFORE AFTER`: what changed between two captures, or
 * two periods that the daemon has heard. */
#include "cli/compare.h"
#include "base/drop.h"
#include "base/limits.h"
#include "cli/args.h"
#include "cli/audit_missing.h"
#include "cli/audit_past.h"
#include "cli/audit_run.h"
#include "cli/audit_with.h"
#include "cli/draft.h"
#include "cli/front.h"
#include "cli/wrap.h"
#include "store/store.h"
#include <errno.h>
#include <string.h>

static int compare_run(int argc, char **argv, enum lang lang);
static const struct option_row compare_options[] = {
	{ "--json", NULL, N_("answer for machines (keisoku.compare/1)") },
	{ "--html", "FILE", N_("write the comparison as one page with pictures") },
	{ "--state", "DIR", N_("folder of the store, where two periods are compared") },
	AUDIT_WITH_OPTIONS,
	{ NULL, NULL, NULL },
};
static const char *const compare_examples[] = { "keisoku compare before.pcap after.pcap",
	"keisoku compare before.pcap after.pcap --html repair.html --lang ja",
	"keisoku compare 2026-11-01..2026-11-07 2026-11-08..2026-11-14", NULL };
const struct command command_compare = {
	.name = "compare", .takes = "BEFORE AFTER",
	.says = N_("what changed between two captures, or two periods heard by the daemon"),
	.options = compare_options, .examples = compare_examples, .run = compare_run,
};

/* Found: there is something new, or grown, that is worse than a note. */
static int code_of(const struct compare *c)
{
	int code = EXIT_WELL;

	for (size_t i = 0; i < c->findings_n; i++) {
		if (!compare_is_worse(&c->findings[i]))
			continue;
		if (c->findings[i].severity == SEVERITY_CRITICAL)
			return EXIT_CRITICAL;
		if (c->findings[i].severity == SEVERITY_WARNING)
			code = EXIT_FOUND;
	}
	return code;
}

static int show(const struct compare_view *view, const struct args *args)
{
	const char *html = args_value(args, "--html");
	KS_DROP(draft) struct draft page = { .to = NULL };
	struct why why = { .fmt = NULL };
	int code = html != NULL ? draft_open(html, false, &page, &why) : KS_OK;

	if (code == KS_OK && html != NULL)
		code = compare_html(view, page.to) ? draft_keep(&page, &why)
						   : draft_failed(&page, errno, &why);
	if (code != KS_OK) {
		cli_complain_why(view->lang, &why);
		return EXIT_BROKEN;
	}
	return cli_answered(args_has(args, "--json") ? compare_json(view, stdout) :
	    compare_text(view, stdout)) ? code_of(view->compare) : EXIT_BROKEN;
}

/* Whoever is missing may have another address by then: its card tells. */
static void card_tell(const struct compare_view *view, int side, const char *there)
{
	const struct audit *missing = view->compare->audit[side];
	const struct audit *other = view->compare->audit[side == BEFORE ? AFTER : BEFORE];

	for (size_t i = 0; i < missing->missing_n; i++)
		for (size_t k = 0; k < other->devices_n; k++)
			if (strcmp(other->devices[k].address, missing->missing[i].asked) == 0 &&
			    other->devices[k].mac[0] != '\0')
				cli_complain(view->lang, "in %s its MAC is %s: --device %s finds it at any address",
				    there, other->devices[k].mac, other->devices[k].mac);
}

/* A device that one side does not have can not be compared: all that it does would pass for
 * gone, or for new. */
static int show_asked(struct compare_view *view, const struct args *args)
{
	bool missing = false;

	for (int side = 0; side < 2; side++) {
		missing |= audit_missing_tell(view->lang, view->compare->audit[side], args->operands[side]);
		card_tell(view, side, args->operands[side == BEFORE ? AFTER : BEFORE]);
	}
	if (missing)
		return EXIT_UNKNOWN;
	compare_told(view);
	return show(view, args);
}

static int both_run(struct audit_with *with, const struct args *args, struct audit_run *runs,
    struct why *why)
{
	int code = KS_OK;

	for (size_t i = 0; i < 2 && code == KS_OK; i++) {
		with->ask.files = &args->operands[i];
		with->ask.files_n = 1;
		code = audit_run(&with->ask, &runs[i], why);
	}
	return code;
}

/* Both out of the store: days of the zone that was asked for, else of the site. */
static int periods_run(struct audit_with *with, const struct args *args, enum lang lang,
    struct audit_run *runs, struct why *why)
{
	struct store *store = NULL;
	int code = past_store(with, args, &store, why);

	for (size_t i = 0; i < 2 && code == KS_OK; i++) {
		struct past_ask ask = { .zone = with->zone };

		code = period_take(&ask, args->operands[i], lang, why);
		if (code == KS_OK)
			code = audit_past(store, &ask, &runs[i], why);
	}
	store_close(store);
	return code;
}

static int compare_run(int argc, char **argv, enum lang lang)
{
	static struct audit_run runs[2];
	struct audit_with with;
	struct why why = { .fmt = NULL };
	struct compare compare;
	struct args args;
	int code;

	if (!args_read(&command_compare, argc, argv, lang, &args))
		return EXIT_UNKNOWN;
	code = audit_with(&args, lang, &with, &why);
	if (code == KS_OK && is_period(args.operands[0]) != is_period(args.operands[1]))
		code = fail(&why, KS_MALFORMED, "two captures, or two periods: %s and %s are one of each",
		    args.operands[0], args.operands[1]);
	if (code == KS_OK && is_period(args.operands[0]) && args_value(&args, "--device") != NULL)
		code = fail(&why, KS_MALFORMED, "--device goes with captures: hours of the store are told of all devices");
	if (code == KS_OK)
		code = is_period(args.operands[0]) ? periods_run(&with, &args, lang, runs, &why) :
		    both_run(&with, &args, runs, &why);
	if (code == KS_OK &&
	    !compare_make(&runs[AFTER].arena, runs[BEFORE].audit, runs[AFTER].audit, &compare))
		code = fail(&why, KS_FULL, "the audit does not fit in memory");
	if (code != KS_OK) {
		cli_complain_why(lang, &why);
		code = code == KS_FULL ? EXIT_BROKEN : EXIT_UNKNOWN;
	} else {
		struct compare_view view = { .compare = &compare, .lang = lang, .zone = with.zone,
			.zone_name = with.zone_name, .color = cli_color(),
			.columns = wrap_terminal() };

		code = show_asked(&view, &args);
	}
	for (size_t i = 0; i < 2; i++)
		audit_run_done(&runs[i]);
	audit_with_done(&with);
	return code;
}
