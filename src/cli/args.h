/* src/cli/args.h - the words behind a subcommand, read by the rows of its command:
 * what `takes` names are operands ("SITE" one, "[SITE]" none or one, "FILE..." one or
 * more, "" none), `options` are switches or carry a value (--since=X or --since X). */
#ifndef KS_CLI_ARGS_H
#define KS_CLI_ARGS_H
#include "cli/command.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { ARGS_OPERANDS = 256, ARGS_OPTIONS = 32, ARGS_GIVEN = 256 };

struct args {
	const struct command *command;
	const char *operands[ARGS_OPERANDS];
	size_t operands_n;
	const char *values[ARGS_OPTIONS]; /* by row of options, the last; NULL: not given */
	const char *given[ARGS_GIVEN];	  /* all values in their order */
	uint8_t given_row[ARGS_GIVEN];	  /* whose */
	size_t given_n;
};

/* argv[0] is the subcommand.  False when the words do not fit: stderr has been told
 * what, why and what to do; return EXIT_UNKNOWN. */
bool args_read(const struct command *command, int argc, char **argv, enum lang lang,
    struct args *ret_args);
/* The value of an option of this command; "" for a switch; NULL when not given. */
const char *args_value(const struct args *args, const char *name);
/* The i-th value of an option that may be repeated; NULL: there are fewer. */
const char *args_each(const struct args *args, const char *name, size_t i);
static inline bool args_has(const struct args *args, const char *name)
{
	return args_value(args, name) != NULL;
}

/* The word of a NULL-ended list nearest to what was typed; NULL when none is near. */
const char *near_word(const char *typed, const char *const *words);
#endif
