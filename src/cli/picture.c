/* src/cli/picture.c - `keisoku heat`, `power`, `rack` and `tree` of what the daemon
 * knows, or when none runs its store: pictures for a terminal, or as a file. */
#include "cli/picture.h"
#include "base/drop.h"
#include "base/plain.h"
#include "cli/ask.h"
#include "cli/front.h"
#include "cli/picture_store.h"
#include "cli/wrap.h"
#include "draw/markup.h"
#include "site/quantity.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

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
	KS_DROP(text) struct text shown = { 0 };

	if (!colour)
		return cli_print(answer);
	text_init(&shown, ANSWER);
	coloured_add(&shown, text_span(answer));
	return !shown.full && fwrite(text_cstr(&shown), 1, shown.len, stdout) == shown.len &&
	    fflush(stdout) == 0;
}

bool when_read(const char *word, enum lang lang, int64_t *ret_ms)
{
	int64_t milli = 0, ms = 0;
	struct why why = { .fmt = NULL };

	*ret_ms = 0;
	if (word == NULL)
		return true;
	if (quantity_read(span_text(word), unit_own("s"), &milli, &why) == KS_OK &&
	    strpbrk(word, "smhd") != NULL && milli > 0) {
		*ret_ms = -milli;
		return true;
	}
	if (time_of(word, 0, &ms)) {
		*ret_ms = ms;
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

static bool picture_of(const struct args *args, enum lang lang, struct picture *ret)
{
	bool svg = given(args, "--svg") != NULL, json = given(args, "--json") != NULL;
	bool csv = given(args, "--csv") != NULL;
	size_t columns = wrap_terminal();

	*ret = (struct picture){ .what = args->command->name, .id = args->operands_n > 0 ? args->operands[0] : "",
		.form = { .as = svg ? FORM_SVG : json ? FORM_JSON : csv ? FORM_CSV : FORM_TEXT,
		    .term = { .lang = lang, .colour = !svg && !json && !csv && cli_color(),
			.ascii = !locale_utf8(),
			.columns = columns != 0 ? (unsigned)columns : (unsigned)PLAIN_COLUMNS } } };
	return when_read(given(args, "--since"), lang, &ret->from_ms) &&
	    when_read(given(args, "--until"), lang, &ret->to_ms);
}

static int daemon_draw(const char *state, const struct picture *picture, struct text *answer,
    char verdict[ASK_VERDICT], struct why *why)
{
	static const char *const forms[] = { [FORM_TEXT] = "text", [FORM_SVG] = "svg",
		[FORM_CSV] = "csv", [FORM_JSON] = "json" };
	const struct term *term = &picture->form.term;
	KS_DROP(text) struct text path;

	text_init(&path, 2000);
	text_addf(&path, "/draw/%s", picture->what);
	if (picture->id[0] != '\0') {
		text_add_char(&path, '/');
		markup_path(&path, picture->id);
	}
	text_addf(&path, "?as=%s&columns=%u&lang=%s%s%s", forms[picture->form.as], term->columns,
	    term->lang == LANG_JA ? "ja" : "en", term->colour ? "&colour=1" : "",
	    term->ascii ? "&ascii=1" : "");
	if (picture->from_ms != 0)
		text_addf(&path, "&from=%lld", (long long)(picture->from_ms / 1000));
	if (picture->to_ms != 0)
		text_addf(&path, "&to=%lld", (long long)(picture->to_ms / 1000));
	return ask_draw(state, text_cstr(&path), answer, verdict, why);
}

/* How bad what is shown is, like `keisoku status`; what has no verdict is well. */
static int exit_of(const char *verdict)
{
	static const char *const words[] = { [EXIT_WELL] = "ok", [EXIT_FOUND] = "warning",
		[EXIT_CRITICAL] = "critical" };

	for (int i = 0; i < 3; i++)
		if (strcmp(verdict, words[i]) == 0)
			return i;
	return verdict[0] == '\0' ? EXIT_WELL : EXIT_UNKNOWN;
}

int picture_run(const struct args *args, enum lang lang)
{
	struct picture picture;
	struct timespec now;
	struct why why = { .fmt = NULL };
	char verdict[ASK_VERDICT] = "";
	const char *said = verdict;
	KS_DROP(text) struct text answer;

	text_init(&answer, ANSWER);
	if (!picture_of(args, lang, &picture))
		return EXIT_UNKNOWN;
	int code = daemon_draw(given(args, "--state"), &picture, &answer, verdict, &why);

	if (code == KS_ABSENT) { /* no daemon: what its store knows */
		(void)clock_gettime(CLOCK_REALTIME, &now);
		text_clear(&answer);
		code = picture_store(given(args, "--state"), (int64_t)now.tv_sec * 1000, &picture,
		    &answer, &said, &why);
		if (code == KS_OK)
			cli_complain(lang, "no daemon runs here; this is what its store knows");
	}
	if (code != KS_OK) {
		cli_complain_why(lang, &why);
		return EXIT_UNKNOWN;
	}
	if (picture.form.as != FORM_TEXT)
		return fwrite(text_cstr(&answer), 1, answer.len, stdout) == answer.len &&
		    fflush(stdout) == 0 ? exit_of(said) : EXIT_BROKEN;
	return picture_print(&answer, picture.form.term.colour) ? exit_of(said) : EXIT_BROKEN;
}

static int power_run(int argc, char **argv, enum lang lang);
static const struct option_row power_options[] = {
	{ "--since", "TIME", N_("curves from then on: 12h, or 2026-08-11T22:10:00Z") },
	{ "--until", "TIME", N_("curves up to then") },
	{ "--json", NULL, N_("answer for machines (keisoku.power/1)") },
	{ "--csv", NULL, N_("a table for a spreadsheet") },
	{ "--svg", NULL, N_("the greatest power over time, as a picture (SVG)") },
	{ "--state", "DIR", N_("where the state of the daemon lies") },
	{ NULL, NULL, NULL },
};
static const char *const power_examples[] = { "keisoku power --since 24h", "keisoku power --svg >power.svg", NULL };
const struct command command_power = {
	.name = "power",
	.says = N_("power, current, voltage and batteries: every sensor of them, and its curve"),
	.options = power_options, .examples = power_examples, .run = power_run,
};

static int power_run(int argc, char **argv, enum lang lang)
{
	struct args args;

	return args_read(&command_power, argc, argv, lang, &args) ? picture_run(&args, lang) : EXIT_UNKNOWN;
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

	return args_read(&command_rack, argc, argv, lang, &args) ? picture_run(&args, lang) : EXIT_UNKNOWN;
}

static int tree_run(int argc, char **argv, enum lang lang)
{
	struct args args;

	return args_read(&command_tree, argc, argv, lang, &args) ? picture_run(&args, lang) : EXIT_UNKNOWN;
}
