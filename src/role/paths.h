/* src/role/paths.h - where state and run-time socket lie.  --state DIR: both in DIR.
 * A service: $STATE_DIRECTORY and $RUNTIME_DIRECTORY as systemd sets them.  root:
 * /var/lib/keisoku and /run/keisoku.  Else $XDG_STATE_HOME or ~/.local/state. */
#ifndef KS_ROLE_PATHS_H
#define KS_ROLE_PATHS_H
#include "base/why.h"
#include <stdbool.h>

enum { PATHS_MOST = 512 };

struct paths {
	char state[PATHS_MOST];	 /* folder of the store */
	char socket[PATHS_MOST]; /* the page's local socket */
};

/* option: the value of --state, NULL when not given.  KS_FULL: a path is too long. */
KS_MUST int paths_find(const char *option, struct paths *ret_paths, struct why *why);
/* The socket of the daemon to ask: the own one, else the service's if there is one. */
KS_MUST int paths_socket(const char *option, char ret_socket[PATHS_MOST], struct why *why);
/* Make both folders (0700; the run folder of a service 0755), owned by the user that
 * the roles run as. */
KS_MUST int paths_make(const struct paths *paths, struct why *why);
#endif
