/* src/cli/watch.c - `keisoku watch SITE`: the daemon. */
#include "cli/watch.h"
#include "cli/args.h"
#include "cli/front.h"
#include "role/keeper.h"
#include "role/worker.h"

static const struct option_row watch_rows[] = {
	{ "--state", "DIR", N_("folder of the store and of the local socket") },
	{ "--listen", "ADDRESS:PORT",
	    N_("where /metrics and remote-write are served; off: nowhere") },
	{ "--clock", "START,FACTOR",
	    N_("for trying out: time begins at START and runs FACTOR times as fast") },
	{ NULL, NULL, NULL },
};

static const char *const watch_examples[] = { "keisoku watch /etc/keisoku/site.conf",
	"keisoku watch site.conf --state /tmp/keisoku --listen 127.0.0.1:4271", NULL };

static int watch_run(int argc, char **argv, enum lang lang)
{
	struct args args;
	struct watch_options options = { .lang = lang };
	struct why why = { .fmt = NULL };

	if (!args_read(&command_watch, argc, argv, lang, &args))
		return EXIT_UNKNOWN;
	options.site = args.operands[0];
	options.state = args_value(&args, "--state");
	options.listen = args_value(&args, "--listen");
	const char *clock = args_value(&args, "--clock");

	if (clock != NULL && clock_read(span_text(clock), &options.clock, &why) != KS_OK) {
		cli_complain_why(lang, &why);
		return EXIT_UNKNOWN;
	}
	if (keeper_run(&options, &why) != KS_OK) {
		cli_complain_why(lang, &why);
		return EXIT_BROKEN;
	}
	return EXIT_WELL;
}

int watch_role(const char *name)
{
	return role_run(name);
}

const struct command command_watch = {
	.name = "watch", .takes = "SITE",
	.says = N_("the daemon: measures, judges, remembers, answers"),
	.options = watch_rows, .examples = watch_examples, .run = watch_run,
};
