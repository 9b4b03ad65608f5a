/* src/role/front.h - the files under which the page is served beyond this machine: read and
 * tried by the keeper at the start, and by `keisoku check`. */
#ifndef KS_ROLE_FRONT_H
#define KS_ROLE_FRONT_H
#include "base/why.h"
#include "site/model.h"
#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>

enum { FRONT_SOON_DAYS = 21 };

/* The page's line of the site; NULL: none. */
static inline const struct front *site_front(const struct site *site)
{
	return site != NULL && site->fronts_n > 0 ? &site->fronts[0] : NULL;
}
static inline bool front_is_cert(const struct front *front, const char *name)
{
	return front != NULL && front->cert == name;
}

/* All three files can be read, belong together and let somebody in; else what to do. */
KS_MUST int front_files_check(const struct front *front, struct why *why);
/* Until its certificate is no longer good; negative: since. */
KS_MUST int front_days(const struct front *front, int64_t *ret_days, struct why *why);
/* A number that is another one when one of the files is. */
uint64_t front_files_print(const struct front *front);
#endif
