/* src/role/zones.h - the time zones a site names, read once from /usr/share/zoneinfo;
 * judging, words and page borrow them. */
#ifndef KS_ROLE_ZONES_H
#define KS_ROLE_ZONES_H
#include "base/zone.h"
#include "site/model.h"

struct zones_one {
	const char *tz; /* borrowed from the site */
	struct zone *zone;
};

struct zones {
	struct zones_one *at;
	size_t n;
	const char *unread; /* one that could not be read: UTC instead; NULL: none */
};

/* One zone by its name; NULL: it can not be read.  zone_free is the caller's. */
struct zone *zones_read(const char *tz);
/* All tz= of the site; what can not be read is UTC and said in ->unread. */
KS_MUST int zones_load(const struct site *site, struct zones *ret_zones, struct why *why);
void zones_done(struct zones *zones);
const struct zone *zones_find(const struct zones *zones, const char *tz); /* NULL: UTC */
#endif
