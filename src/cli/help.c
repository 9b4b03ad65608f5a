/* src/cli/help.c - `keisoku help` and `keisoku version`, out of the command table. */
#include "base/drop.h"
#include "base/utf8.h"
#include "cli/args.h"
#include "cli/front.h"
#include "cli/wrap.h"

static void padded_add(struct text *text, const char *word, size_t columns)
{
	size_t used = utf8_columns(span_text(word));

	text_add(text, word);
	do
		text_add_char(text, ' ');
	while (++used < columns);
}

/* What stands left of a column, and a sentence from there on; a long word has the line
 * for itself. */
static void row_add(struct text *text, const char *left, size_t column, const char *says)
{
	size_t used = 2 + utf8_columns(span_text(left));

	text_add(text, "  ");
	if (used < column) {
		padded_add(text, left, column - 2);
		used = column;
	} else {
		text_add(text, left);
		text_add_char(text, '\n');
		for (used = 0; used < column; used++)
			text_add_char(text, ' ');
	}
	wrap_add(text, span_text(says), used, column, WRAP_COLUMNS);
	text_add_char(text, '\n');
}

static void sentence_add(struct text *text, size_t indent, const char *says)
{
	for (size_t i = 0; i < indent; i++)
		text_add_char(text, ' ');
	wrap_add(text, span_text(says), indent, indent, WRAP_COLUMNS);
	text_add_char(text, '\n');
}

static void usage_add(struct text *text, const struct command *command)
{
	text_addf(text, "keisoku %s", command->name);
	if (command->takes != NULL && command->takes[0] != '\0')
		text_addf(text, " %s", command->takes);
}

static void options_add(struct text *text, enum lang lang, const struct option_row *row)
{
	for (; row != NULL && row->name != NULL; row++) {
		KS_DROP(text) struct text left;

		text_init(&left, 200);
		text_add(&left, row->name);
		if (row->takes != NULL)
			text_addf(&left, " %s", row->takes);
		row_add(text, text_cstr(&left), 28, tr(lang, row->says));
	}
}

void help_command(struct text *text, enum lang lang, const struct command *command)
{
	for (size_t i = 0; command->examples != NULL && command->examples[i] != NULL; i++)
		text_addf(text, "  $ %s\n", command->examples[i]);
	text_addf(text, "\n%s ", tr(lang, N_("usage:")));
	usage_add(text, command);
	text_add(text, command->options != NULL && command->options[0].name != NULL ?
	    tr(lang, N_(" [options]\n")) : "\n");
	sentence_add(text, 2, tr(lang, command->says));
	text_add_char(text, '\n');
	options_add(text, lang, command->options);
	options_add(text, lang, global_options);
}

void help_all(struct text *text, enum lang lang)
{
	sentence_add(text, 0, tr(lang, N_("keisoku measures a server room's heat, power and "
	    "wire, judges, and tells.  Don't guess, measure.")));
	text_add(text, "\n  $ keisoku check conf/home.site\n  $ keisoku watch conf/home.site\n\n");
	for (size_t i = 0; commands[i] != NULL; i++) {
		KS_DROP(text) struct text left;

		text_init(&left, 200);
		usage_add(&left, commands[i]);
		row_add(text, text_cstr(&left), 31, tr(lang, commands[i]->says));
	}
	text_addf(text, "\n%s\n", tr(lang, N_("with every command:")));
	options_add(text, lang, global_options);
	text_add_char(text, '\n');
	sentence_add(text, 0, tr(lang, N_("exit codes: 0 done, all well; 1 something found "
	    "(warning); 2 critical; 3 unknown or used wrongly; 4 keisoku itself failed")));
}

static int help_run(int argc, char **argv, enum lang lang)
{
	const struct command *command = NULL;
	KS_DROP(text) struct text text = { 0 };
	struct args args;

	if (!args_read(&command_help, argc, argv, lang, &args))
		return EXIT_UNKNOWN;
	if (args.operands_n > 0 && (command = command_find(args.operands[0])) == NULL) {
		cli_complain(lang, "there is no command \"%s\"; `keisoku help` lists them",
		    args.operands[0]);
		return EXIT_UNKNOWN;
	}
	text_init(&text, 100000);
	if (command != NULL)
		help_command(&text, lang, command);
	else
		help_all(&text, lang);
	return cli_print(&text) ? EXIT_WELL : EXIT_BROKEN;
}

static const char *const help_examples[] = { "keisoku help", "keisoku help status", NULL };
const struct command command_help = {
	.name = "help", .takes = "[COMMAND]", .says = N_("what there is, or what one command takes"),
	.examples = help_examples, .run = help_run,
};

static int version_run(int argc, char **argv, enum lang lang)
{
	KS_DROP(text) struct text text = { 0 };
	struct args args;

	argv[0] = (char *)(uintptr_t)"version"; /* also reached as --version */
	if (!args_read(&command_version, argc, argv, lang, &args))
		return EXIT_UNKNOWN;
	text_init(&text, 200);
	text_add(&text, "keisoku " KS_VERSION "\n");
	return cli_print(&text) ? EXIT_WELL : EXIT_BROKEN;
}

static const char *const version_examples[] = { "keisoku version", "keisoku --version", NULL };
const struct command command_version = {
	.name = "version", .says = N_("the version of this program"),
	.examples = version_examples, .run = version_run,
};
