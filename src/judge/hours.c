/* src/judge/hours.c - calendars in their own time zones, which core lends. */
#include "judge/state.h"
#include "site/calendar.h"
#include <stdio.h>

void judge_zone(struct judge *judge, const char *tz, const struct zone *zone)
{
	for (size_t i = 0; i < judge->zones_n; i++)
		if (strcmp(judge->zones[i].tz, tz) == 0) {
			judge->zones[i].zone = zone;
			return;
		}
	if (judge->zones_n == LIMIT_ZONES) {
		judge->book.hit = true;
		return;
	}
	(void)snprintf(judge->zones[judge->zones_n].tz, FINDING_NAME, "%s", tz);
	judge->zones[judge->zones_n++].zone = zone;
}

static const struct zone *zone_of(const struct judge *judge, const char *tz)
{
	for (size_t i = 0; i < judge->zones_n; i++)
		if (strcmp(judge->zones[i].tz, tz) == 0)
			return judge->zones[i].zone;
	return NULL;
}

bool hours_on(const struct judge *judge, const struct calendar *calendar, int64_t utc_ms)
{
	return calendar_on(calendar, zone_of(judge, calendar->tz), utc_ms);
}

bool window_open(const struct judge *judge, const struct maintenance *window, int64_t utc_ms)
{
	return maintenance_on(window,
	    zone_of(judge, window->when != NULL ? window->when->tz : judge->site->tz), utc_ms);
}
