/* src/cli/watch.h - the daemon's row, and the door through which the keeper starts the
 * other roles: `keisoku --role NAME`, not for people. */
#ifndef KS_CLI_WATCH_H
#define KS_CLI_WATCH_H
#include "cli/command.h"

extern const struct command command_watch;
int watch_role(const char *name);
#endif
