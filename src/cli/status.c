/* src/cli/status.c - `keisoku status`: the verdict in six lines, from the daemon, or
 * out of the store when none runs.  Its exit code makes it a Nagios plugin. */
#include "base/drop.h"
#include "cli/args.h"
#include "cli/ask.h"
#include "cli/front.h"
#include "cli/status_store.h"
#include <stdio.h>
#include <time.h>

static int exit_of(const char *severity)
{
	static const char *const words[] = { "ok", "warning", "critical" };

	for (int i = 0; severity != NULL && i < 3; i++)
		if (strcmp(severity, words[i]) == 0)
			return i;
	return EXIT_UNKNOWN;
}

static const char *color_of(int code)
{
	static const char *const colors[] = { "\033[32m", "\033[33m", "\033[31m", "\033[35m" };

	return colors[code >= 0 && code <= EXIT_UNKNOWN ? code : EXIT_UNKNOWN];
}

/* The six lines the daemon said, in lang; the first in its severity's colour. */
static int lines_print(const json_t *status, enum lang lang, int code)
{
	const json_t *lines = json_object_get(json_object_get(status, "lines"),
	    lang == LANG_JA ? "ja" : "en");
	KS_DROP(text) struct text text;
	const json_t *line;
	size_t i;

	text_init(&text, 20000);
	json_array_foreach(lines, i, line) {
		const char *said = json_string_value(line);
		bool colored = i == 0 && cli_color();

		text_addf(&text, "%s%s%s\n", colored ? color_of(code) : "", said != NULL ? said : "",
		    colored ? "\033[0m" : "");
	}
	if (text.len == 0) {
		cli_complain(lang, "the daemon's answer has no lines; is it of another version?");
		return EXIT_BROKEN;
	}
	return cli_print(&text) ? code : EXIT_BROKEN;
}

static int status_print(const json_t *status, enum lang lang, bool json)
{
	int code = exit_of(json_string_value(json_object_get(status, "severity")));

	if (!json)
		return lines_print(status, lang, code);
	if (json_dumpf(status, stdout, JSON_COMPACT) != 0 || fputc('\n', stdout) == EOF ||
	    fflush(stdout) != 0)
		return EXIT_BROKEN;
	return code;
}

/* Without a daemon: what the store knows, said on stderr. */
static int store_ask(const char *state, enum lang lang, json_t **ret_status, struct why *why)
{
	KS_DROP(text) struct text json;
	struct timespec now;
	json_error_t error;
	int code;

	(void)clock_gettime(CLOCK_REALTIME, &now);
	text_init(&json, 64UL * 1024 * 1024);
	code = status_store(state, (int64_t)now.tv_sec * 1000, &json, why);
	if (code != KS_OK)
		return code;
	cli_complain(lang, "no daemon runs here; this is what its store knows");
	*ret_status = json_loads(text_cstr(&json), 0, &error);
	return *ret_status != NULL ? KS_OK : fail(why, KS_FULL, "no memory left");
}

static int status_run(int argc, char **argv, enum lang lang)
{
	struct why why = { 0 };
	json_t *status = NULL;
	struct args args;
	int code;

	if (!args_read(&command_status, argc, argv, lang, &args))
		return EXIT_UNKNOWN;
	code = ask_status(args_value(&args, "--state"), &status, &why);
	if (code == KS_ABSENT)
		code = store_ask(args_value(&args, "--state"), lang, &status, &why);
	if (code != KS_OK) {
		cli_complain_why(lang, &why);
		return EXIT_UNKNOWN;
	}
	code = status_print(status, lang, args_has(&args, "--json"));
	json_decref(status);
	return code;
}

static const struct option_row status_options[] = {
	{ "--json", NULL, N_("answer for machines (keisoku.status/1)") },
	{ "--state", "DIR", N_("where the state of the daemon lies") },
	{ NULL, NULL, NULL },
};
static const char *const status_examples[] = { "keisoku status", "keisoku status --json", NULL };
const struct command command_status = {
	.name = "status",
	.says = N_("the verdict in six lines; exit 0 well, 1 warning, 2 critical, 3 unknown"),
	.options = status_options, .examples = status_examples, .run = status_run,
};
