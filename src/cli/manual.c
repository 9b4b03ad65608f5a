/* src/cli/manual.c - the manual page (mdoc) and bash completion, out of the table. */
#include "base/drop.h"
#include "base/utf8.h"
#include "cli/args.h"
#include "cli/front.h"
#include "cli/wrap.h"

/* mdoc: a line must not begin with a dot or quote, backslashes are escapes; groff ends
 * no line inside Japanese unless it is shown where it may. */
static void mdoc_add(struct text *text, const char *s)
{
	struct span rest = span_text(s);
	uint32_t before = ' ';

	if (*s == '.' || *s == '\'')
		text_add(text, "\\&");
	while (rest.left > 0) {
		struct span at = rest;
		uint32_t c = 0;

		(void)utf8_cut(&rest, &c);
		if (before != ' ' && wrap_may_break(before, c))
			text_add(text, "\\:");
		if (c == '\\')
			text_add(text, "\\e");
		else if (c == '-')
			text_add(text, "\\-");
		else
			text_add_span(text, span_of(at.at, at.left - rest.left));
		before = c;
	}
	text_add_char(text, '\n');
}

static void option_rows_add(struct text *text, enum lang lang, const struct option_row *row)
{
	if (row == NULL || row->name == NULL)
		return;
	text_add(text, ".Bl -tag -width Ds\n");
	for (; row->name != NULL; row++) {
		text_addf(text, ".It Fl \\-%s", row->name + 2);
		text_addf(text, row->takes != NULL ? " Ar %s\n" : "\n", row->takes);
		mdoc_add(text, tr(lang, row->says));
	}
	text_add(text, ".El\n");
}

static void command_add(struct text *text, enum lang lang, const struct command *command)
{
	text_addf(text, ".It Cm %s", command->name);
	if (command->takes != NULL && command->takes[0] != '\0')
		text_addf(text, " Ar %s", command->takes);
	text_add_char(text, '\n');
	mdoc_add(text, tr(lang, command->says));
	option_rows_add(text, lang, command->options);
}

static void examples_add(struct text *text, enum lang lang)
{
	text_addf(text, ".Sh %s\n.Bd -literal -compact\n", tr(lang, N_("EXAMPLES")));
	for (size_t i = 0; commands[i] != NULL; i++)
		for (size_t k = 0; commands[i]->examples != NULL &&
		     commands[i]->examples[k] != NULL; k++)
			mdoc_add(text, commands[i]->examples[k]);
	text_add(text, ".Ed\n");
}

static void exits_add(struct text *text, enum lang lang)
{
	static const char *const rows[][2] = {
		{ "status", N_("0 well, 1 warning, 2 critical, 3 unknown: a Nagios plugin; 4 stdout refused the answer") },
		{ "check", N_("0 well, 1 warnings, 2 errors (nothing would be loaded), 3 no such file") },
		{ "heat", N_("0 well, 1 a warning or a sensor that could not be asked, 2 critical, 3 no value at all") },
		{ "sense", N_("0 it answered, 3 it did not") },
		{ "watch", N_("0 ended by a signal, 3 the words do not fit, 4 it could not start") },
		{ "store", N_("0 whole or done, 2 damage was found, 3 the words do not fit, 4 it could not be done") },
	};

	text_addf(text, ".Sh %s\n", tr(lang, N_("EXIT STATUS")));
	mdoc_add(text, tr(lang, N_("exit codes: 0 done, all well; 1 something found "
	    "(warning); 2 critical; 3 unknown or used wrongly; 4 keisoku itself failed")));
	text_add(text, ".Bl -tag -width status\n");
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		text_addf(text, ".It Ic %s\n", rows[i][0]);
		mdoc_add(text, tr(lang, rows[i][1]));
	}
	text_add(text, ".El\n");
}

static void site_add(struct text *text, enum lang lang)
{
	text_addf(text, ".Sh %s\n", tr(lang, N_("SITE FILE")));
	mdoc_add(text, tr(lang, N_("SITE is the path of a site file, one thing a line: "
	    "KIND ID key=value. `keisoku explain site` lists every key; `keisoku init` writes a "
	    "first one, with the time zone and language of this machine.")));
	text_add(text, ".Pp\n");
	mdoc_add(text, tr(lang, N_("The address of a sensor with via=command is a program and its "
	    "words. No shell runs it: words are split at blanks, double quotes keep one together, "
	    "and $, *, | and > mean nothing. What needs a shell goes into a script.")));
}

static void manual_add(struct text *text, enum lang lang)
{
	text_add(text, ".Dd 2026-11-23\n.Dt KEISOKU 1\n.Os\n");
	text_addf(text, ".Sh %s\n.Nm keisoku\n.Nd ", tr(lang, N_("NAME")));
	mdoc_add(text, tr(lang, N_("a server room's heat, power and wire: measured, judged, told")));
	text_addf(text, ".Sh %s\n.Nm keisoku\n.Ar COMMAND\n.Op Ar options\n",
	    tr(lang, N_("SYNOPSIS")));
	text_addf(text, ".Sh %s\n", tr(lang, N_("DESCRIPTION")));
	mdoc_add(text, tr(lang, N_("keisoku reads a site file, asks the devices in it, keeps every "
	    "reading, judges, and says what is wrong, since when, what happens next, and what "
	    "to do now.")));
	text_addf(text, ".Sh %s\n.Bl -tag -width Ds\n", tr(lang, N_("COMMANDS")));
	for (size_t i = 0; commands[i] != NULL; i++)
		command_add(text, lang, commands[i]);
	text_addf(text, ".El\n.Sh %s\n", tr(lang, N_("OPTIONS OF EVERY COMMAND")));
	option_rows_add(text, lang, global_options);
	exits_add(text, lang);
	site_add(text, lang);
	text_addf(text, ".Sh %s\n.Bl -tag -width Ds\n", tr(lang, N_("FILES")));
	text_add(text, ".It Pa /etc/keisoku/site.conf\n");
	mdoc_add(text, tr(lang, N_("the site file")));
	text_add(text, ".It Pa /var/lib/keisoku\n");
	mdoc_add(text, tr(lang, N_("readings, findings and acts; --state names another folder")));
	text_add(text, ".It Pa /run/keisoku\n");
	mdoc_add(text, tr(lang, N_("the daemon's local socket")));
	text_add(text, ".El\n");
	examples_add(text, lang);
}

static int man_run(int argc, char **argv, enum lang lang)
{
	KS_DROP(text) struct text text = { 0 };
	struct args args;

	if (!args_read(&command_man, argc, argv, lang, &args))
		return EXIT_UNKNOWN;
	text_init(&text, 1000000);
	manual_add(&text, lang);
	return cli_print(&text) ? EXIT_WELL : EXIT_BROKEN;
}

static const char *const man_examples[] = { "keisoku man | man -l -",
	"keisoku man --lang ja > keisoku.1", NULL };
const struct command command_man = {
	.name = "man", .says = N_("the manual page of this program (mdoc)"),
	.examples = man_examples, .run = man_run,
};

static void option_names_add(struct text *text, const struct option_row *row)
{
	for (; row != NULL && row->name != NULL; row++)
		text_addf(text, " %s", row->name);
}

static void completion_add(struct text *text)
{
	text_add(text, "# bash completion of keisoku; made by `keisoku completion bash`\n"
	    "_keisoku() {\n"
	    "\tlocal word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} words\n"
	    "\tcase $before in\n"
	    "\t--lang) words='ja en' ;;\n"
	    "\t--color) words='auto always never' ;;\n"
	    "\t*) case ${COMP_WORDS[1]} in\n");
	for (size_t i = 0; commands[i] != NULL; i++) {
		text_addf(text, "\t\t%s) words='", commands[i]->name);
		option_names_add(text, global_options);
		option_names_add(text, commands[i]->options);
		text_add(text, "' ;;\n");
	}
	text_add(text, "\t\tesac ;;\n\tesac\n"
	    "\t[ \"$COMP_CWORD\" = 1 ] && words='");
	for (size_t i = 0; commands[i] != NULL; i++)
		text_addf(text, "%s ", commands[i]->name);
	text_add(text, "'\n"
	    "\tCOMPREPLY=($(compgen -W \"$words\" -- \"$word\"))\n"
	    "}\ncomplete -o default -F _keisoku keisoku\n");
}

static int completion_run(int argc, char **argv, enum lang lang)
{
	KS_DROP(text) struct text text = { 0 };
	struct args args;

	if (!args_read(&command_completion, argc, argv, lang, &args))
		return EXIT_UNKNOWN;
	if (strcmp(args.operands[0], "bash") != 0) {
		cli_complain(lang, "completion is there for bash, not for \"%s\"", args.operands[0]);
		return EXIT_UNKNOWN;
	}
	text_init(&text, 100000);
	completion_add(&text);
	return cli_print(&text) ? EXIT_WELL : EXIT_BROKEN;
}

static const char *const completion_examples[] = {
	"keisoku completion bash > /etc/bash_completion.d/keisoku",
	"source <(keisoku completion bash)", NULL };
const struct command command_completion = {
	.name = "completion", .takes = "bash", .says = N_("completion of words for a shell"),
	.examples = completion_examples, .run = completion_run,
};
