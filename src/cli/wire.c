/* src/cli/wire.c - `keisoku wire`: what the daemon has heard, as an audit of that time. */
#include "base/drop.h"
#include "cli/args.h"
#include "cli/audit_draw.h"
#include "cli/audit_past.h"
#include "cli/audit_show.h"
#include "cli/front.h"
#include "cli/picture.h"
#include "cli/wrap.h"
#include "store/store.h"
#include <errno.h>
#include <string.h>
#include <time.h>

enum { HOUR_MS = 3600000, DAY_HOURS = 24, PICTURE = 1 << 20 };

static int wire_run(int argc, char **argv, enum lang lang);
static const struct option_row wire_options[] = {
	{ "--since", "TIME", N_("from then on: 12h, or 2026-08-11T22:10:00Z") },
	{ "--until", "TIME", N_("up to then") },
	{ "--json", NULL, N_("answer for machines (keisoku.audit/1)") },
	{ "--csv", NULL, N_("the destinations as a table for a spreadsheet") },
	{ "--svg", NULL, N_("bytes over time, as a picture (SVG)") },
	{ "--html", "FILE", N_("write the report as one page with pictures") },
	{ "--state", "DIR", N_("where the state of the daemon lies") },
	{ "--tz", "ZONE", N_("time zone of the report, such as Asia/Tokyo") },
	{ NULL, NULL, NULL },
};
static const char *const wire_examples[] = { "keisoku wire",
	"keisoku wire 2026-11-01..2026-11-07 --html week.html", NULL };
const struct command command_wire = {
	.name = "wire", .takes = "[PERIOD]",
	.says = N_("what the daemon has heard on the network: the last day, or a period"),
	.options = wire_options, .examples = wire_examples, .run = wire_run,
};

/* The whole hours from --since to --until; without, the last day. */
static bool span_take(const struct args *args, enum lang lang, struct past_ask *ask)
{
	int64_t now = (int64_t)time(NULL) * 1000, since, until;

	if (!when_read(args_value(args, "--since"), lang, &since) || !when_read(args_value(args, "--until"), lang, &until))
		return false;
	until = until < 0 ? now + until : until == 0 ? now : until;
	since = since < 0 ? now + since : since == 0 ? until - (DAY_HOURS - 1) * HOUR_MS : since;
	ask->from_ms = since / HOUR_MS * HOUR_MS;
	ask->to_ms = until / HOUR_MS * HOUR_MS + HOUR_MS;
	ask->words = args_has(args, "--since") ? args_value(args, "--since") : "24 h";
	if (since < until)
		return true;
	cli_complain(lang, "--since must be before --until");
	return false;
}

static int time_take(const struct args *args, enum lang lang, struct past_ask *ask, struct why *why)
{
	if (args->operands_n == 0)
		return span_take(args, lang, ask) ? KS_OK : KS_REFUSED;
	ask->words = args->operands[0];
	if (args_has(args, "--since") || args_has(args, "--until"))
		return fail(why, KS_MALFORMED, "%s is a period already: no --since or --until beside it", ask->words);
	return period_take(ask, args->operands[0], lang, why);
}

static int past_take(struct audit_with *with, const struct args *args, enum lang lang, struct audit_run *run,
    struct why *why)
{
	struct past_ask ask = { .accepted = true };
	struct store *store = NULL;
	int code = past_store(with, args, &store, why);

	ask.zone = with->zone;
	if (code == KS_OK)
		code = time_take(args, lang, &ask, why);
	if (code == KS_OK)
		code = audit_past(store, &ask, run, why);
	store_close(store);
	return code;
}

static bool traffic_svg(const struct audit_view *view)
{
	KS_DROP(text) struct text text;

	text_init(&text, PICTURE);
	draw_traffic(&text, view, true);
	if (text.len == 0)
		cli_complain(view->lang, "nothing was heard in that time");
	return fwrite(text_cstr(&text), 1, text.len, stdout) == text.len && fflush(stdout) == 0;
}

static int show(const struct audit_view *view, const struct args *args)
{
	const char *html = args_value(args, "--html");
	struct why why = { .fmt = NULL };

	if (html != NULL && audit_page_write(view, html, &why) != KS_OK) {
		cli_complain_why(view->lang, &why);
		return EXIT_BROKEN;
	}
	bool good = args_has(args, "--json") ? audit_json(view, stdout) :
	    args_has(args, "--csv")	     ? audit_csv(view, stdout) :
	    args_has(args, "--svg")	     ? traffic_svg(view) : audit_text(view, stdout);

	return cli_answered(good) ? audit_code(view->audit) : EXIT_BROKEN;
}

static int wire_run(int argc, char **argv, enum lang lang)
{
	static struct audit_run run;
	struct audit_with with;
	struct why why = { .fmt = NULL };
	struct args args;

	if (!args_read(&command_wire, argc, argv, lang, &args))
		return EXIT_UNKNOWN;
	int code = audit_with_time(&args, lang, &with, &why);

	if (code == KS_OK)
		code = past_take(&with, &args, lang, &run, &why);
	if (code != KS_OK) {
		if (why.fmt != NULL)
			cli_complain_why(lang, &why);
		code = code == KS_FULL ? EXIT_BROKEN : EXIT_UNKNOWN;
	} else {
		struct audit_view view = { .audit = run.audit, .lang = lang, .zone = with.zone,
			.zone_name = with.zone_name, .color = cli_color(), .columns = wrap_terminal() };

		code = show(&view, &args);
	}
	audit_run_done(&run);
	audit_with_done(&with);
	return code;
}
