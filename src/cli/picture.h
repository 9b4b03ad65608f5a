/* src/cli/picture.h - pictures that the daemon draws (page/drawn.h), for a terminal or as
 * a file. */
#ifndef KS_CLI_PICTURE_H
#define KS_CLI_PICTURE_H
#include "cli/args.h"

/* Of the command's own name: heat power rack tree; with its options: --svg --csv --json
 * --since --until --state, as far as it has them.  enum exit_code. */
int picture_run(const struct args *args, enum lang lang);

/* RFC 3339 in UTC, or seconds since 1970; none_ms when word is NULL.  In store.c. */
bool time_of(const char *word, int64_t none_ms, int64_t *ret_ms);

/* "12h" is that long before now (negative), else a time as above; 0 when word is NULL.  False:
 * stderr has been told. */
bool when_read(const char *word, enum lang lang, int64_t *ret_ms);

extern const struct command command_power, command_rack, command_tree;
#endif
