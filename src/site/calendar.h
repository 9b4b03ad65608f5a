/* src/site/calendar.h - is something meant to run now?  Pure: the zone and the instant
 * are arguments (base/zone.h reads the zone of calendar->tz; NULL is UTC).
 *
 * A calendar is on inside its weekly hours (always, when it has none), but not on
 * national holidays of its country, nor on its own days off, nor during the events
 * of its ICS files.  The holidays are a table made at build by src/site/holidays.py
 * from the laws in force; doc/calendars.md says which years are sure. */
#ifndef KS_SITE_CALENDAR_H
#define KS_SITE_CALENDAR_H
#include "base/zone.h"
#include "site/model.h"

bool calendar_on(const struct calendar *calendar, const struct zone *zone, int64_t utc_ms);
/* The first instant after utc_ms at which calendar_on() changes; INT64_MAX when there
 * is none in the next 400 days. */
int64_t calendar_next(const struct calendar *calendar, const struct zone *zone,
    int64_t utc_ms);
/* Why it is off now, where a day's name says it ("Greenery Day", "factory closed");
 * NULL: it is on, or off by the weekly hours alone.  A holiday's name is a msgid. */
const char *calendar_off_name(const struct calendar *calendar, const struct zone *zone,
    int64_t utc_ms);

/* The name (msgid) of the national holiday on that date; NULL when it is none, or the
 * year is outside the table.  country: "JP" "CN" "KR" "TW" "US" "IN". */
const char *holiday_name(const char *country, int32_t year, unsigned month, unsigned day);
/* Are offices of the state closed on that date, though it is no holiday of all?  Is a day of
 * the weekend worked, in exchange for another?  Days since 1970; what is known of each
 * country is in doc/calendars.md. */
bool holiday_offices(const char *country, int64_t day);
bool weekend_worked(const char *country, int64_t day);
bool holiday_country(struct span word, const char **ret_country);
/* The years the table speaks for; first and last inclusive. */
void holiday_years(int32_t *ret_first, int32_t *ret_last);

/* Is the window open now? */
bool maintenance_on(const struct maintenance *window, const struct zone *zone,
    int64_t utc_ms);
#endif
