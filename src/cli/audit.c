/* src/cli/audit.c - `keisoku audit`: what the devices in a capture say, to whom, when. */
#include "base/drop.h"
#include "base/limits.h"
#include "base/number.h"
#include "cli/args.h"
#include "cli/draft.h"
#include "cli/flow_rows.h"
#include "cli/audit_missing.h"
#include "cli/audit_run.h"
#include "cli/audit_show.h"
#include "cli/audit_with.h"
#include "cli/front.h"
#include "cli/wrap.h"
#include <errno.h>
#include <string.h>

/* The worst open finding is the exit code. */
int audit_code(const struct audit *audit)
{
	int code = EXIT_WELL;

	for (size_t i = 0; i < audit->findings_n; i++) {
		const struct audit_finding *f = &audit->findings[i];

		if (f->accepted != NULL)
			continue;
		if (f->base.severity == SEVERITY_CRITICAL)
			return EXIT_CRITICAL;
		if (f->base.severity == SEVERITY_WARNING)
			code = EXIT_FOUND;
	}
	return code;
}

/* Whatever else was asked for, into files. */
static int files_say(const struct audit_view *view, const struct args *args, struct flow_rows *flows,
    struct why *why)
{
	const char *html = args_value(args, "--html"), *zeek = args_value(args, "--zeek");
	struct draft *events = flows != NULL ? flow_rows_eve(flows) : NULL;
	int code = html != NULL ? audit_page_write(view, html, why) : KS_OK;

	errno = 0;
	if (code == KS_OK && events != NULL && !audit_eve(view, events->to))
		code = draft_failed(events, errno, why);
	if (code == KS_OK && zeek != NULL)
		code = audit_zeek(view, zeek, args_has(args, "--zeek-json"), why);
	return code == KS_OK && flows != NULL ? flow_rows_keep(flows, why) : code;
}

static int show(const struct audit_view *view, const struct args *args, struct flow_rows *flows)
{
	struct why why = { .fmt = NULL };

	if (files_say(view, args, flows, &why) != KS_OK) {
		cli_complain_why(view->lang, &why);
		return EXIT_BROKEN;
	}
	return cli_answered(args_has(args, "--json") ? audit_json(view, stdout) :
	    audit_text(view, stdout)) ? audit_code(view->audit) : EXIT_BROKEN;
}

/* Of a device that is not there nothing is known: its absence is no all-clear. */
static int show_asked(const struct audit_view *view, const struct args *args,
    struct flow_rows *flows)
{
	const struct audit *audit = view->audit;
	const char *where = audit->capture.files_n == 1 ? audit->capture.files[0].name :
	    tr(view->lang, N_("these captures"));
	bool missing = audit_missing_tell(view->lang, audit, where);
	int code;

	if (missing && audit->missing_n == audit->asked_n)
		return EXIT_UNKNOWN;
	code = show(view, args, flows);
	return missing && code < EXIT_CRITICAL ? EXIT_UNKNOWN : code;
}

static int audit_command(int argc, char **argv, enum lang lang);
static const struct option_row audit_options[] = {
	{ "--json", NULL, N_("answer for machines (keisoku.audit/1)") },
	{ "--html", "FILE", N_("write the report as one page with pictures") },
	{ "-i", "IFACE", N_("listen to this network interface instead of reading files") },
	{ "--for", "TIME", N_("with -i: so long, such as 90s, 10m or 2h; else until Ctrl-C") },
	{ "--filter", "BPF", N_("with -i: only such packets, as tcpdump writes them (\"host 192.0.2.7\")") },
	AUDIT_WITH_OPTIONS,
	{ "--zeek", "DIR", N_("write conn.log, dns.log, http.log, ssl.log, x509.log, files.log and notice.log as Zeek does") },
	{ "--zeek-json", NULL, N_("with --zeek: JSON lines instead of tab-separated columns") },
	{ "--eve", "FILE", N_("write events as Suricata's EVE JSON, one a line") },
	{ NULL, NULL, NULL },
};
static const char *const audit_examples[] = { "keisoku audit laptop.pcap --html laptop.html",
	"tcpdump -w - | keisoku audit - --json", "keisoku audit proxy.har", "keisoku audit -i eth0 --for 10m",
	NULL };
const struct command command_audit = {
	.name = "audit", .takes = "[FILE]...",
	.says = N_("what the devices in a capture say, to whom, and when"),
	.options = audit_options, .examples = audit_examples, .run = audit_command,
};

/* "90s", "10m", "2h"; a bare number is seconds. */
static bool span_read(const char *word, int64_t *ret_ms)
{
	struct span rest = span_text(word);
	int64_t ms = 0, unit = 1;

	if (number_cut(&rest, 3, &ms) != KS_OK || ms <= 0)
		return false;
	if (span_equal(rest, "m") || span_equal(rest, "min"))
		unit = 60;
	else if (span_equal(rest, "h"))
		unit = 3600;
	else if (rest.left > 0 && !span_equal(rest, "s"))
		return false;
	*ret_ms = number_scale(ms, unit, 1);
	return true;
}

/* Files, or an interface: one of the two. */
static bool source_take(struct audit_with *with, const struct args *args, enum lang lang)
{
	const char *span = args_value(args, "--for");

	with->ask.files = args->operands;
	with->ask.files_n = args->operands_n;
	with->ask.interface = args_value(args, "-i");
	with->ask.filter = args_value(args, "--filter");
	with->ask.zeek = args_value(args, "--zeek");
	with->ask.zeek_json = args_has(args, "--zeek-json");
	with->ask.eve = args_value(args, "--eve");
	if ((with->ask.interface != NULL) == (args->operands_n > 0)) {
		cli_complain(lang, "name capture files, or an interface with -i");
		return false;
	}
	if (with->ask.interface == NULL && (span != NULL || with->ask.filter != NULL)) {
		cli_complain(lang, "--for and --filter go with -i");
		return false;
	}
	if (span != NULL && !span_read(span, &with->ask.listen_ms)) {
		cli_complain(lang, "%s: no span of time such as 90s, 10m or 2h", span);
		return false;
	}
	return true;
}

static int audit_command(int argc, char **argv, enum lang lang)
{
	static struct audit_run run;
	struct audit_with with;
	struct why why = { .fmt = NULL };
	struct args args;
	int code;

	if (!args_read(&command_audit, argc, argv, lang, &args))
		return EXIT_UNKNOWN;
	if (audit_with(&args, lang, &with, &why) != KS_OK) {
		cli_complain_why(lang, &why);
		audit_with_done(&with);
		return EXIT_UNKNOWN;
	}
	if (!source_take(&with, &args, lang)) {
		audit_with_done(&with);
		return EXIT_UNKNOWN;
	}
	code = audit_run(&with.ask, &run, &why);
	if (code != KS_OK) {
		cli_complain_why(lang, &why);
		code = code == KS_FULL ? EXIT_BROKEN : EXIT_UNKNOWN;
	} else {
		struct audit_view view = { .audit = run.audit, .lang = lang, .zone = with.zone,
			.zone_name = with.zone_name, .color = cli_color(),
			.columns = wrap_terminal() };

		code = show_asked(&view, &args, run.flows);
	}
	audit_run_done(&run);
	audit_with_done(&with);
	return code;
}
