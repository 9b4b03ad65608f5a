/* src/guard/rights.h - who may do what: one row a role, one bit a right.  Whoever
 * meets strangers holds no switch; exactly one role writes; a unit test reads the
 * table.  guard/confine.h makes the kernel enforce what stands here. */
#ifndef KS_GUARD_RIGHTS_H
#define KS_GUARD_RIGHTS_H
#include "base/span.h"
#include <stdbool.h>
#include <stdint.h>

enum role { ROLE_KEEPER, ROLE_POLLER, ROLE_CORE, ROLE_PAGE, ROLE_EAR, ROLE_COURIER, ROLE_RUNNER,
	ROLE_HAND, ROLE_TELLER, ROLES };

enum right {
	RIGHT_STRANGERS = 1 << 0, /* reads bytes that anyone may have made */
	RIGHT_SWITCH = 1 << 1,	  /* may turn something off */
	RIGHT_WRITE = 1 << 2,	  /* writes the store */
	RIGHT_READ = 1 << 3,	  /* reads the store */
	RIGHT_LISTEN = 1 << 4,	  /* takes connections on a socket handed to it */
	RIGHT_CONNECT = 1 << 5,	  /* opens connections of its own */
	RIGHT_SECRETS = 1 << 6,	  /* is handed secrets */
	RIGHT_SENSES = 1 << 7,	  /* reads /sys, /proc and the like: sensors of this machine */
	RIGHT_SPAWN = 1 << 8,	  /* starts processes */
	RIGHT_OPEN = 1 << 9,	  /* opens what others are handed: sockets, devices, secrets */
};

struct role_row {
	const char *name;
	uint32_t rights;
	bool runs; /* started by this version; the others wait for their main loop */
};

extern const struct role_row role_rows[ROLES];
const char *role_name(enum role role); /* "keeper" ...; "?" beyond the table */
bool role_find(struct span name, enum role *ret_role);
static inline bool role_may(enum role role, uint32_t rights)
{
	return (unsigned)role < ROLES && (role_rows[role].rights & rights) == rights;
}
#endif
