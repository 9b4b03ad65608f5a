/* src/guard/rights.c - the table itself (craft: roles). */
#include "guard/rights.h"

const struct role_row role_rows[ROLES] = {
	[ROLE_KEEPER] = { "keeper", RIGHT_SPAWN | RIGHT_OPEN, true },
	[ROLE_POLLER] = { "poller",
	    RIGHT_STRANGERS | RIGHT_CONNECT | RIGHT_SECRETS | RIGHT_SENSES, true },
	[ROLE_CORE] = { "core", RIGHT_WRITE | RIGHT_READ, true },
	[ROLE_PAGE] = { "page", RIGHT_STRANGERS | RIGHT_LISTEN | RIGHT_READ, true },
	[ROLE_EAR] = { "ear", RIGHT_STRANGERS, true },
	[ROLE_COURIER] = { "courier", RIGHT_CONNECT | RIGHT_SECRETS | RIGHT_STRANGERS, true },
	[ROLE_RUNNER] = { "runner", RIGHT_STRANGERS | RIGHT_SPAWN | RIGHT_CONNECT | RIGHT_SENSES,
	    true },
	[ROLE_HAND] = { "hand", RIGHT_SWITCH | RIGHT_CONNECT | RIGHT_SECRETS, false },
	[ROLE_TELLER] = { "teller", RIGHT_CONNECT | RIGHT_SECRETS | RIGHT_STRANGERS, false },
};

const char *role_name(enum role role)
{
	return (unsigned)role < ROLES ? role_rows[role].name : "?";
}

bool role_find(struct span name, enum role *ret_role)
{
	for (unsigned i = 0; i < ROLES; i++) {
		if (!span_equal(name, role_rows[i].name))
			continue;
		*ret_role = (enum role)i;
		return true;
	}
	return false;
}
