/* src/site/days.h - weekly hours, dates and instants as people write them; and the
 * events of an ICS file (RFC 5545).  Local times are of the wall clock, written as if
 * they were UTC (struct period in model.h). */
#ifndef KS_SITE_DAYS_H
#define KS_SITE_DAYS_H
#include "base/span.h"
#include "base/why.h"
#include "site/model.h"

enum { DAY_MS = 86400000, MINUTE_MS = 60000, WEEK_MINUTES = 7 * 1440 };

/* "Mon-Fri 08:00-20:00", "Sat 22:00-06:00" (ends the next morning), "daily
 * 00:00-24:00": up to 8 spans, in minutes from Monday 00:00. */
enum { HOURS_MAX = 8 };
KS_MUST int hours_read(struct span item, struct hours ret_hours[HOURS_MAX], size_t *ret_n,
    struct why *why);

/* "2026-08-13", "2026-08-13..2026-08-16" (both days belong to it), or each year
 * "12-29..01-03": ret_yearly, then the years are those of the first occurrence. */
struct days {
	int64_t first, last; /* days since 1970; of the year 2000 when yearly */
	bool yearly;
};
KS_MUST int days_read(struct span item, struct days *ret_days, struct why *why);

/* "2026-08-13", "2026-08-13T22:00[:30]", a blank for the T; Z or +09:00 make it an
 * instant, else *ret_local. */
KS_MUST int instant_read(struct span s, int64_t *ret_ms, bool *ret_local, struct why *why);

/* The events of an ICS file as periods, put() one at a time; put says false when there
 * is no more room.  All-day and floating events, those of the zone `tz`, and those in
 * UTC; RRULE FREQ=DAILY and WEEKLY with INTERVAL, COUNT, UNTIL and BYDAY.  Others are
 * refused with a sentence that names the line. */
struct ics_put {
	bool (*put)(void *ctx, const struct period *period, struct span summary);
	void *ctx;
};
KS_MUST int ics_read(struct span bytes, const char *tz, const struct ics_put *put,
    struct why *why);
#endif
