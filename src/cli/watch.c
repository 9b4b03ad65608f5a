/* src/cli/watch.c - `keisoku watch SITE`: the daemon. */
#include "cli/watch.h"
#include "cli/args.h"
#include "cli/front.h"
#include "role/keeper.h"
#include "role/worker.h"
#include <time.h>
#include <unistd.h>

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

/* "2026-02-31" reads well and is no day; what reads badly is clock_read's to say. */
static bool day_there_is(const char *clock)
{
	struct tm asked = { 0 }, real;

	if (strptime(clock, "%Y-%m-%d", &asked) == NULL)
		return true;
	real = asked;
	real.tm_isdst = -1;
	(void)timegm(&real);
	return real.tm_mday == asked.tm_mday && real.tm_mon == asked.tm_mon;
}

/* For a person who starts it by hand: what runs, and how to ask it. */
static void start_say(const struct watch_options *options, enum lang lang)
{
	struct paths paths;

	if (!isatty(STDERR_FILENO) || paths_find(options->state, &paths, NULL) != KS_OK)
		return;
	cli_complain(lang, "starting with %s; state in %s; /metrics at %s", options->site,
	    paths.state, options->listen != NULL ? options->listen : "127.0.0.1:4270");
	if (options->state != NULL)
		cli_complain(lang, "ask it from another terminal: keisoku status --state %s",
		    options->state);
	else
		cli_complain(lang, "ask it from another terminal: keisoku status");
}

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

	/* invented times in the real store would hide every true one before them */
	if (clock != NULL && options.state == NULL) {
		cli_complain(lang, "--clock needs --state DIR: invented times do not go into the "
		    "store of this machine");
		return EXIT_UNKNOWN;
	}
	if (clock != NULL && !day_there_is(clock)) {
		cli_complain(lang, "--clock: there is no such day as %.*s", 10, clock);
		return EXIT_UNKNOWN;
	}
	if (clock != NULL && clock_read(span_text(clock), &options.clock, &why) != KS_OK) {
		cli_complain_why(lang, &why);
		return EXIT_UNKNOWN;
	}
	if (options.listen != NULL && keeper_listen_check(options.listen, &why) != KS_OK) {
		cli_complain_why(lang, &why);
		return EXIT_UNKNOWN;
	}
	start_say(&options, lang);
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
