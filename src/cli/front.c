#include "cli/front.h"
#include "base/drop.h"
#include "base/plain.h"
#include "cli/args.h"
#include "cli/watch.h"
#include "words/format.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

enum color { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };
static enum color color;	/* of this run of the program; set once, by front_run */
static enum lang spoken;	/* likewise */

const struct option_row global_options[] = {
	{ "--lang", "ja|en", N_("language; else that of the environment") },
	{ "--color", "auto|always|never", N_("colours; NO_COLOR is obeyed") },
	{ "--help", NULL, N_("what a command does and takes") },
	{ NULL, NULL, NULL },
};

enum lang front_lang(void)
{
	static const char *const names[] = { "LC_ALL", "LC_MESSAGES", "LANG", "LANGUAGE" };

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		const char *value = getenv(names[i]);

		if (value == NULL || value[0] == '\0' || strncmp(value, "POSIX", 5) == 0 ||
		    (value[0] == 'C' && (value[1] == '\0' || value[1] == '.')))
			continue;
		return lang_find(value);
	}
	return LANG_EN;
}

bool cli_color(void)
{
	const char *no = getenv("NO_COLOR");

	if (color != COLOR_AUTO)
		return color == COLOR_ALWAYS;
	return isatty(STDOUT_FILENO) && (no == NULL || no[0] == '\0');
}

bool cli_answered(bool good)
{
	if (!good)
		cli_complain(spoken, "the answer could not be written: %s. What came of it is not whole; make room, or send it elsewhere",
		    strerror(errno));
	return good;
}

static bool bytes_print(const struct text *text)
{
	if (!text->full && fwrite(text_cstr(text), 1, text->len, stdout) == text->len &&
	    fflush(stdout) == 0)
		return true;
	if (!text->full)
		return cli_answered(false);
	cli_complain(spoken, "the answer is too long for memory; nothing was written");
	return false;
}

bool cli_print(const struct text *text)
{
	KS_DROP(text) struct text plain;

	text_init(&plain, text->max * 3);
	plain_add(&plain, text_span(text), PLAIN_LINES);
	return bytes_print(&plain);
}

bool cli_print_marked(const char *mark, const struct text *text)
{
	KS_DROP(text) struct text marked;
	struct span rest = text_span(text), first = span_until(&rest, '\n');

	text_init(&marked, text->max * 3 + 100);
	text_add(&marked, mark);
	plain_add(&marked, first, PLAIN_LINES);
	text_add(&marked, mark[0] != '\0' ? "\033[0m\n" : "\n");
	plain_add(&marked, rest, PLAIN_LINES);
	return bytes_print(&marked);
}

static void complaint_print(const struct text *text)
{
	KS_DROP(text) struct text plain;

	text_init(&plain, text->max * 3);
	plain_add(&plain, text_span(text), PLAIN_ONE_LINE);
	(void)fprintf(stderr, "keisoku: %s\n", text_cstr(&plain));
}

void cli_complain(enum lang lang, const char *fmt, ...)
{
	KS_DROP(text) struct text text;
	struct format_args kept;
	va_list args;

	text_init(&text, 4000);
	va_start(args, fmt);
	format_collect(fmt, args, &kept);
	va_end(args);
	if (!format_add(&text, lang, tr(lang, fmt), &kept))
		text_add(&text, fmt);
	complaint_print(&text);
}

void cli_complain_why(enum lang lang, const struct why *why)
{
	KS_DROP(text) struct text text;

	text_init(&text, 4000);
	say_why(&text, lang, why);
	complaint_print(&text);
}

const struct command *command_find(const char *name)
{
	for (size_t i = 0; commands[i] != NULL; i++)
		if (strcmp(commands[i]->name, name) == 0)
			return commands[i];
	return NULL;
}

struct front {
	enum lang lang;
	bool help;
	char **argv; /* without the global options */
	int argc;
};

/* The value of `--name=value` or `--name value` at argv[*i]; NULL: another word. */
static const char *global_value(const char *name, int argc, char **argv, int *i)
{
	size_t n = strlen(name);

	if (strncmp(argv[*i], name, n) != 0)
		return NULL;
	if (argv[*i][n] == '=')
		return argv[*i] + n + 1;
	if (argv[*i][n] != '\0')
		return NULL;
	return *i + 1 < argc ? argv[++*i] : "";
}

static bool lang_set(struct front *front, const char *value)
{
	if (strncmp(value, "ja", 2) != 0 && strncmp(value, "en", 2) != 0) {
		cli_complain(front->lang, "--lang is ja or en, not \"%s\"", value);
		return false;
	}
	front->lang = spoken = lang_find(value);
	return true;
}

static bool color_set(struct front *front, const char *value)
{
	if (strcmp(value, "auto") == 0)
		color = COLOR_AUTO;
	else if (strcmp(value, "always") == 0)
		color = COLOR_ALWAYS;
	else if (strcmp(value, "never") == 0)
		color = COLOR_NEVER;
	else {
		cli_complain(front->lang, "--color is auto, always or never, not \"%s\"", value);
		return false;
	}
	return true;
}

/* Takes the global options out of argv, wherever they stand before a `--`. */
static bool globals_take(struct front *front, int argc, char **argv)
{
	int kept = 0;

	for (int i = 0; i < argc; i++) {
		const char *value;

		if (strcmp(argv[i], "--") == 0) {
			while (i < argc)
				argv[kept++] = argv[i++];
		} else if ((value = global_value("--lang", argc, argv, &i)) != NULL) {
			if (!lang_set(front, value))
				return false;
		} else if ((value = global_value("--color", argc, argv, &i)) != NULL) {
			if (!color_set(front, value))
				return false;
		} else if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) {
			front->help = true;
		} else {
			argv[kept++] = argv[i];
		}
	}
	front->argv = argv;
	front->argc = kept;
	return true;
}

static int help_print(const struct command *command, enum lang lang)
{
	KS_DROP(text) struct text text;

	text_init(&text, 100000);
	if (command != NULL)
		help_command(&text, lang, command);
	else
		help_all(&text, lang);
	return cli_print(&text) ? EXIT_WELL : EXIT_BROKEN;
}

static int no_such_command(const char *typed, enum lang lang)
{
	const char *names[128];
	const char *near;
	size_t n = 0;

	for (; commands[n] != NULL && n < sizeof names / sizeof *names - 1; n++)
		names[n] = commands[n]->name;
	names[n] = NULL;
	near = near_word(typed, names);
	if (near != NULL)
		cli_complain(lang, "there is no command \"%s\"; did you mean \"%s\"?", typed, near);
	else
		cli_complain(lang, "there is no command \"%s\"; `keisoku help` lists them", typed);
	return EXIT_UNKNOWN;
}

/* A stream that was closed becomes one that refuses, before a file or a socket of ours
 * gets its number and what is said is written into it. */
static void streams_hold(void)
{
	for (int fd = 0; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0)
			(void)open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
	(void)signal(SIGXFSZ, SIG_IGN); /* a file past its limit is told of, like a full disk */
}

int front_run(int argc, char **argv)
{
	struct front front = { .lang = front_lang() };
	const struct command *command = NULL;
	int code;

	spoken = front.lang;
	/* how the keeper starts the other roles; nothing a person types */
	if (argc == 3 && strcmp(argv[1], "--role") == 0)
		return watch_role(argv[2]);
	streams_hold();
	if (argc < 1 || !globals_take(&front, argc - 1, argv + 1))
		return EXIT_UNKNOWN;
	/* what old hands type */
	if (front.argc > 0 && (strcmp(front.argv[0], "--version") == 0 ||
	    strcmp(front.argv[0], "-V") == 0))
		command = command_find("version");
	else if (front.argc > 0)
		command = command_find(front.argv[0]);
	if (front.argc > 0 && command == NULL)
		return no_such_command(front.argv[0], front.lang);
	if (front.help)
		return help_print(command, front.lang);
	if (command == NULL) {
		(void)help_print(NULL, front.lang);
		return EXIT_UNKNOWN;
	}
	code = command->run(front.argc, front.argv, front.lang);
	if (fflush(stdout) != 0 && code != EXIT_BROKEN) {
		(void)cli_answered(false);
		code = EXIT_BROKEN;
	}
	return code;
}
