/* src/cli/picture.c - `keisoku rack`, `keisoku tree` and `keisoku heat` of what the daemon
 * knows: pictures for a terminal, or as a file.  The daemon draws them; here is only how. */
#include "cli/picture.h"
#include "base/drop.h"
#include "base/plain.h"
#include "cli/ask.h"
#include "cli/front.h"
#include "cli/wrap.h"
#include "draw/markup.h"
#include "site/quantity.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ANSWER = 64 << 20, PLAIN_COLUMNS = 100 };

/* What the locale can show: the first of these that is set decides (POSIX). */
static bool locale_utf8(void)
{
	static const char *const names[] = { "LC_ALL", "LC_CTYPE", "LANG" };

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		const char *value = getenv(names[i]);

		if (value == NULL || value[0] == '\0')
			continue;
		return strcasestr(value, "utf-8") != NULL || strcasestr(value, "utf8") != NULL;
	}
	return false;
}

/* Of escape sequences only colours are let through: ESC [ digits ; m. */
static void coloured_add(struct text *text, struct span s)
{
	while (s.left > 0) {
		struct span plain = span_until(&s, 0x1b), rest = s;
		bool more = plain.left > 0 || rest.left > 0;

		plain_add(text, plain, PLAIN_LINES);
		if (!more || s.left == 0 || s.at[0] != '[')
			continue;
		size_t n = 1;

		while (n < s.left && n < 32 && ((s.at[n] >= '0' && s.at[n] <= '9') || s.at[n] == ';'))
			n++;
		if (n == s.left || s.at[n] != 'm')
			continue;
		text_add_char(text, '\033');
		text_add_span(text, span_cut(&s, n + 1));
	}
}

static bool picture_print(const struct text *answer, bool colour)
{
	KS_DROP(text) struct text shown;

	if (!colour)
		return cli_print(answer);
	text_init(&shown, ANSWER);
	coloured_add(&shown, text_span(answer));
	return !shown.full && fwrite(text_cstr(&shown), 1, shown.len, stdout) == shown.len &&
	    fflush(stdout) == 0;
}

/* "12h" is that long before now, else a time; as the daemon takes it. */
static bool when_add(struct text *path, const char *name, const char *word, enum lang lang)
{
	int64_t milli = 0, ms = 0;
	struct why why = { .fmt = NULL };

	if (word == NULL)
		return true;
	if (quantity_read(span_text(word), unit_own("s"), &milli, &why) == KS_OK &&
	    strpbrk(word, "smhd") != NULL && milli > 0) {
		text_addf(path, "&%s=-%lld", name, (long long)(milli / 1000));
		return true;
	}
	if (time_of(word, 0, &ms)) {
		text_addf(path, "&%s=%lld", name, (long long)(ms / 1000));
		return true;
	}
	cli_complain(lang, "%s: neither a span of time (12h) nor a time (2026-08-11T22:10:00Z)", word);
	return false;
}

/* NULL also where the command has no such option. */
static const char *given(const struct args *args, const char *name)
{
	for (const struct option_row *row = args->command->options; row->name != NULL; row++)
		if (strcmp(row->name, name) == 0)
			return args_value(args, name);
	return NULL;
}

int picture_run(const struct args *args, const char *what, enum lang lang)
{
	bool svg = given(args, "--svg") != NULL, json = given(args, "--json") != NULL;
	bool csv = given(args, "--csv") != NULL, colour = !svg && !json && !csv && cli_color();
	size_t columns = wrap_terminal();
	struct why why = { .fmt = NULL };
	KS_DROP(text) struct text path, answer;

	text_init(&path, 2000);
	text_init(&answer, ANSWER);
	text_addf(&path, "/draw/%s", what);
	if (args->operands_n > 0) {
		text_add_char(&path, '/');
		markup_path(&path, args->operands[0]);
	}
	text_addf(&path, "?as=%s&columns=%zu&lang=%s", svg ? "svg" : json ? "json" : csv ? "csv" : "text",
	    columns != 0 ? columns : (size_t)PLAIN_COLUMNS, lang == LANG_JA ? "ja" : "en");
	text_add(&path, colour ? "&colour=1" : "");
	text_add(&path, locale_utf8() ? "" : "&ascii=1");
	if (!when_add(&path, "from", given(args, "--since"), lang) ||
	    !when_add(&path, "to", given(args, "--until"), lang))
		return EXIT_UNKNOWN;
	if (ask_get(given(args, "--state"), text_cstr(&path), &answer, &why) != KS_OK) {
		cli_complain_why(lang, &why);
		return EXIT_UNKNOWN;
	}
	if (json || csv || svg)
		return fwrite(text_cstr(&answer), 1, answer.len, stdout) == answer.len &&
		    fflush(stdout) == 0 ? EXIT_WELL : EXIT_BROKEN;
	return picture_print(&answer, colour) ? EXIT_WELL : EXIT_BROKEN;
}

static int rack_run(int argc, char **argv, enum lang lang);
static int tree_run(int argc, char **argv, enum lang lang);
static const struct option_row picture_options[] = {
	{ "--svg", NULL, N_("as a picture (SVG)") },
	{ "--state", "DIR", N_("where the state of the daemon lies") },
	{ NULL, NULL, NULL },
};
static const char *const rack_examples[] = { "keisoku rack r1", "keisoku rack r1 --svg >r1.svg", NULL };
const struct command command_rack = {
	.name = "rack", .takes = "[RACK]",
	.says = N_("racks from the front: who stands where, in what air, on which feed"),
	.options = picture_options, .examples = rack_examples, .run = rack_run,
};
static const char *const tree_examples[] = { "keisoku tree", "keisoku tree --svg >power.svg", NULL };
const struct command command_tree = {
	.name = "tree",
	.says = N_("the power path: what feeds what, and how full each piece is"),
	.options = picture_options, .examples = tree_examples, .run = tree_run,
};

static int rack_run(int argc, char **argv, enum lang lang)
{
	struct args args;

	return args_read(&command_rack, argc, argv, lang, &args) ? picture_run(&args, "rack", lang) :
	    EXIT_UNKNOWN;
}

static int tree_run(int argc, char **argv, enum lang lang)
{
	struct args args;

	return args_read(&command_tree, argc, argv, lang, &args) ? picture_run(&args, "tree", lang) :
	    EXIT_UNKNOWN;
}
