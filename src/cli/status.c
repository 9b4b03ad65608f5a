/* src/cli/status.c - `keisoku status`: the verdict in six lines, from the daemon, or
 * out of the store when none runs.  Its exit code makes it a Nagios plugin. */
#include "base/drop.h"
#include "base/plain.h"
#include "base/utf8.h"
#include "cli/args.h"
#include "cli/ask.h"
#include "cli/front.h"
#include "cli/readings.h"
#include "cli/status_store.h"
#include "cli/wrap.h"
#include "words/status.h"
#include <stdio.h>
#include <time.h>

enum { ANSWER = 128 << 20, LABEL_COLUMNS = 8, DEPTH_MOST = 8, WATCH_S = 2 };

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

/* How many causes stand above it. */
static size_t depth_of(const json_t *findings, const json_t *finding)
{
	size_t depth = 0;

	for (; depth < DEPTH_MOST; depth++) {
		json_int_t cause = json_integer_value(json_object_get(finding, "cause"));
		const json_t *other, *found = NULL;
		size_t i;

		json_array_foreach(findings, i, other)
			if (cause != 0 &&
			    json_integer_value(json_object_get(other, "number")) == cause)
				found = other;
		if (found == NULL)
			break;
		finding = found;
	}
	return depth;
}

static void finding_add(struct text *text, enum lang lang, const json_t *finding, size_t indent)
{
	const char *says = json_string_value(json_object_get(finding,
	    lang == LANG_JA ? "words_ja" : "words_en"));
	const char *severity = json_string_value(json_object_get(finding, "severity"));
	const char *id = json_string_value(json_object_get(finding, "id"));
	KS_DROP(text) struct text said, plain;

	text_init(&said, 8000);
	text_init(&plain, 24000);
	say(&said, lang, "%s: %s (%s, no. %lld)", severity_said(lang, (enum severity)exit_of(severity)),
	    says != NULL ? says : "?", id != NULL ? id : "?",
	    (long long)json_integer_value(json_object_get(finding, "number")));
	plain_add(&plain, text_span(&said), PLAIN_ONE_LINE);
	for (size_t i = 0; i < indent; i++)
		text_add_char(text, ' ');
	wrap_add(text, text_span(&plain), indent, indent + 2,
	    wrap_terminal() > 0 ? wrap_terminal() : SIZE_MAX);
	text_add_char(text, '\n');
}

static void findings_add(struct text *text, enum lang lang, const json_t *status)
{
	const json_t *findings = json_object_get(status, "findings"), *finding;
	size_t i;

	text_add_char(text, '\n');
	if (json_array_size(findings) == 0)
		text_addf(text, "%s\n", tr(lang, N_("nothing is open")));
	json_array_foreach(findings, i, finding)
		finding_add(text, lang, finding, 2 * depth_of(findings, finding));
}

/* One of the six: at a terminal over as many rows as it needs, below its first word. */
static void line_add(struct text *text, const char *said)
{
	KS_DROP(text) struct text plain;

	text_init(&plain, 24000);
	plain_add(&plain, span_text(said), PLAIN_ONE_LINE);
	wrap_add(text, text_span(&plain), 0, LABEL_COLUMNS,
	    wrap_terminal() > 0 ? wrap_terminal() : SIZE_MAX);
	text_add_char(text, '\n');
}

/* The six lines the daemon said, in lang; the first in its severity's colour. */
static int lines_print(const json_t *status, enum lang lang, int code, bool all)
{
	const json_t *lines = json_object_get(json_object_get(status, "lines"),
	    lang == LANG_JA ? "ja" : "en");
	KS_DROP(text) struct text text;
	const json_t *line;
	size_t i;

	text_init(&text, ANSWER);
	json_array_foreach(lines, i, line) {
		const char *said = json_string_value(line);

		line_add(&text, said != NULL ? said : "");
	}
	if (text.len == 0) {
		cli_complain(lang, "the daemon's answer has no lines; is it of another version?");
		return EXIT_BROKEN;
	}
	if (all)
		findings_add(&text, lang, status);
	return cli_print_marked(cli_color() ? color_of(code) : "", &text) ? code : EXIT_BROKEN;
}

/* A document that jansson made: it leaves characters alone that a terminal would obey
 * (they stand in strings only), so they are said by number here. */
static void document_add(struct text *text, struct span rest)
{
	while (rest.left > 0) {
		struct span before = rest;
		uint32_t c = 0;

		(void)utf8_cut(&rest, &c);
		if (c >= 0x7f && c < 0x10000 && plain_hides(c))
			text_addf(text, "\\u%04x", (unsigned)c);
		else
			text_add_span(text, span_of(before.at, before.left - rest.left));
	}
	text_add_char(text, '\n');
}

static int status_print(const json_t *status, enum lang lang, bool json, bool all)
{
	int code = exit_of(json_string_value(json_object_get(status, "severity")));
	KS_DROP(text) struct text text = { 0 };
	char *dump;

	if (!json)
		return lines_print(status, lang, code, all);
	text_init(&text, ANSWER);
	dump = json_dumps(status, JSON_COMPACT);
	document_add(&text, span_text(dump != NULL ? dump : ""));
	free(dump);
	return cli_print(&text) ? code : EXIT_BROKEN;
}

/* The document of an answer that could not be had, with the reason in it. */
static json_t *nothing_known(struct text said[LANGS])
{
	struct verdict verdict = { .severity = SEVERITY_UNKNOWN, .worst = { .code = FINDING_CODES } };
	struct status status = { .verdict = &verdict, .site = "", .source = "none" };
	static const char *const langs[LANGS] = { [LANG_EN] = "en", [LANG_JA] = "ja" };
	KS_DROP(text) struct text text;
	struct timespec now;
	json_t *document;

	(void)clock_gettime(CLOCK_REALTIME, &now);
	status.now_ms = (int64_t)now.tv_sec * 1000;
	text_init(&text, ANSWER);
	status_json(&text, &status);
	document = json_loads(text_cstr(&text), 0, NULL);
	for (unsigned lang = 0; lang < LANGS; lang++) {
		json_t *lines = json_object_get(json_object_get(document, "lines"), langs[lang]);

		(void)json_array_set_new(lines, 0, json_string(text_cstr(&said[lang])));
	}
	(void)json_object_set_new(document, "error", json_pack("{s:s,s:s}",
	    "words_en", text_cstr(&said[LANG_EN]), "words_ja", text_cstr(&said[LANG_JA])));
	return document;
}

/* No daemon answers and no store can be read: that is an answer too, and who runs this
 * as a plugin reads stdout. */
static int nothing_print(const struct why *why, enum lang lang, bool json)
{
	struct text said[LANGS];
	json_t *document;
	int code;

	for (unsigned i = 0; i < LANGS; i++) {
		KS_DROP(text) struct text reason;

		text_init(&reason, 4000);
		text_init(&said[i], 12000);
		say_why(&reason, (enum lang)i, why);
		text_add(&said[i], tr((enum lang)i, N_("Unknown")));
		text_add(&said[i], tr((enum lang)i, ": "));
		plain_add(&said[i], text_span(&reason), PLAIN_ONE_LINE);
	}
	document = json ? nothing_known(said) : NULL;
	text_add_char(&said[lang], '\n');
	if (document != NULL)
		code = status_print(document, lang, true, false);
	else
		code = cli_print(&said[lang]) ? EXIT_UNKNOWN : EXIT_BROKEN;
	json_decref(document);
	for (unsigned i = 0; i < LANGS; i++)
		text_done(&said[i]);
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

/* Once, whoever knows: the daemon, else its store. */
static int status_once(const struct args *args, enum lang lang)
{
	struct why why = { 0 };
	json_t *status = NULL;
	const char *state = args_value(args, "--state");
	int code = ask_status(state, &status, &why);

	if (code == KS_ABSENT)
		code = store_ask(state, lang, &status, &why);
	if (code != KS_OK)
		return nothing_print(&why, lang, args_has(args, "--json"));
	code = status_print(status, lang, args_has(args, "--json"), args_has(args, "--all"));
	json_decref(status);
	return code;
}

/* On a terminal each time on a clean screen; else one after the other. */
static int status_watch(const struct args *args, enum lang lang)
{
	int code = EXIT_WELL;

	while (code != EXIT_BROKEN) {
		if (isatty(STDOUT_FILENO))
			(void)fputs("\033[H\033[2J", stdout);
		code = status_once(args, lang);
		(void)fflush(stdout);
		(void)sleep(WATCH_S);
	}
	return code;
}

static int status_run(int argc, char **argv, enum lang lang)
{
	struct args args;

	if (!args_read(&command_status, argc, argv, lang, &args))
		return EXIT_UNKNOWN;
	return args_has(&args, "--watch") ? status_watch(&args, lang) : status_once(&args, lang);
}

static const struct option_row status_options[] = {
	{ "--json", NULL, N_("answer for machines (keisoku.status/1)") },
	{ "--watch", NULL, N_("again every two seconds, until it is ended") },
	{ "--all", NULL, N_("every open finding with its number below the six lines, what it explains below it") },
	{ "--state", "DIR", N_("where the state of the daemon lies") },
	{ NULL, NULL, NULL },
};
static const char *const status_examples[] = { "keisoku status", "keisoku status --all --lang ja", NULL };
const struct command command_status = {
	.name = "status",
	.says = N_("the verdict in six lines; exit 0 well, 1 warning, 2 critical, 3 unknown"),
	.options = status_options, .examples = status_examples, .run = status_run,
};
