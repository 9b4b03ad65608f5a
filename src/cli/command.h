/* src/cli/command.h - a subcommand is a row; parser, help, manual page and bash
 * completion are made from the rows. */
#ifndef KS_CLI_COMMAND_H
#define KS_CLI_COMMAND_H
#include "words/words.h"

enum exit_code { EXIT_WELL = 0, EXIT_FOUND = 1, EXIT_CRITICAL = 2, EXIT_UNKNOWN = 3, EXIT_BROKEN = 4 };

struct option_row {
	const char *name;  /* "--json" */
	const char *takes; /* "LANG"; NULL: a switch */
	const char *says;  /* msgid */
};

struct command {
	const char *name, *takes, *says; /* takes: "SITE", NULL: nothing; says: msgid */
	const struct option_row *options; /* NULL-named row ends; NULL: none */
	const char *const *examples;	  /* two or more; NULL-ended */
	/* argv[0] is the subcommand; returns enum exit_code */
	int (*run)(int argc, char **argv, enum lang lang);
};

/* NULL-ended, in the order of help. */
extern const struct command *const commands[];
#endif
