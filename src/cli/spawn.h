/* src/cli/spawn.h - sensor commands started by the command line itself, with the
 * rights of who typed it: a process group of its own, no shell (sense/poll.h). */
#ifndef KS_CLI_SPAWN_H
#define KS_CLI_SPAWN_H
#include "sense/poll.h"

extern const struct poll_spawn cli_spawn;
#endif
