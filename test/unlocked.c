/* test/unlocked.c - linked into the program of a build that counts coverage, and into no
 * other: without Landlock, so that roles can write their counts when they end.  What
 * Landlock does is tested apart (test_confine.c). */
#include "guard/confine.h"

int __wrap_landlock_apply(enum role role, const struct confine *confine, uint32_t *ret_missing,
    struct why *why);
int __wrap_landlock_apply(enum role role, const struct confine *confine, uint32_t *ret_missing,
    struct why *why)
{
	(void)role;
	(void)confine;
	(void)ret_missing;
	(void)why;
	return KS_OK;
}
