/* src/cli/wire.c - `keisoku wire`: what the daemon has heard, as an audit of that time. */
#include "base/drop.h"
#include "cli/args.h"
#include "cli/audit_past.h"
#include "cli/audit_show.h"
#include "cli/front.h"
#include "cli/wrap.h"
#include "store/store.h"
#include <errno.h>
#include <string.h>
#include <time.h>

enum { HOUR_MS = 3600000, DAY_HOURS = 24 };

static int wire_run(int argc, char **argv, enum lang lang);
static const struct option_row wire_options[] = {
	{ "--json", NULL, N_("answer for machines (keisoku.audit/1)") },
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

static bool period_take(const struct args *args, struct past_ask *ask)
{
	int64_t now = (int64_t)time(NULL) * 1000;

	if (args->operands_n > 0) {
		ask->words = args->operands[0];
		return period_read(ask->words, ask->zone, &ask->from_ms, &ask->to_ms);
	}
	ask->words = "24 h";
	ask->from_ms = (now / HOUR_MS - DAY_HOURS + 1) * HOUR_MS;
	ask->to_ms = now + HOUR_MS;
	return true;
}

static int past_take(struct audit_with *with, const struct args *args, struct audit_run *run,
    struct why *why)
{
	struct past_ask ask = { .accepted = true };
	struct store *store = NULL;
	int code = past_store(with, args, &store, why);

	ask.zone = with->zone;
	if (code == KS_OK && !period_take(args, &ask))
		code = fail(why, KS_MALFORMED, "%s is no period, such as 2026-11-01..2026-11-07", ask.words);
	if (code == KS_OK)
		code = audit_past(store, &ask, run, why);
	store_close(store);
	return code;
}

static int show(const struct audit_view *view, const struct args *args)
{
	const char *html = args_value(args, "--html");

	if (html != NULL) {
		KS_DROP(file) FILE *to = fopen(html, "we");

		if (to == NULL || !audit_html(view, to) || fflush(to) != 0) {
			cli_complain(view->lang, "%s could not be written: %s", html, strerror(errno));
			return EXIT_BROKEN;
		}
	}
	bool good = args_has(args, "--json") ? audit_json(view, stdout) : audit_text(view, stdout);

	return good ? audit_code(view->audit) : EXIT_BROKEN;
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
		code = past_take(&with, &args, &run, &why);
	if (code != KS_OK) {
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
