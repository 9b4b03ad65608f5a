/* src/cli/front.h - what stands before every subcommand: language, colour, help. */
#ifndef KS_CLI_FRONT_H
#define KS_CLI_FRONT_H
#include "cli/command.h"
#include <stdbool.h>

/* The whole program; returns the exit code. */
int front_run(int argc, char **argv);

/* Options every command knows; NULL-named row ends. */
extern const struct option_row global_options[];

const struct command *command_find(const char *name); /* NULL: none of that name */

/* The language of the environment: the first of LC_ALL, LC_MESSAGES, LANG, LANGUAGE
 * that names one ("C" names none); English when none does. */
enum lang front_lang(void);

/* May stdout have colours: --color, else a terminal and no NO_COLOR. */
bool cli_color(void);

/* A sentence on stderr, "keisoku: ..." and a line end. */
void cli_complain(enum lang lang, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
/* A failure's sentence on stderr. */
struct why;
void cli_complain_why(enum lang lang, const struct why *why);
/* text to stdout, safe for a terminal (base/plain.h); false when stdout does not take
 * it, and stderr has been told: return EXIT_BROKEN. */
bool cli_print(const struct text *text);
/* good as it is; false: stderr is told that stdout did not take it, as errno says. */
bool cli_answered(bool good);
/* The same, its first line in a colour: mark is that colour's sequence, "" for none. */
bool cli_print_marked(const char *mark, const struct text *text);

/* The sections of the manual and of help, as text; used by `man` and by tests. */
void help_command(struct text *text, enum lang lang, const struct command *command);
void help_all(struct text *text, enum lang lang);

extern const struct command command_whatif, command_plan, command_import, command_help, command_version, command_limits, command_explain,
    command_completion, command_man, command_status, command_sense, command_heat, command_wire, command_check, command_init,
    command_notify, command_ack, command_silence, command_maintenance, command_store, command_user, command_audit, command_compare;
#endif
