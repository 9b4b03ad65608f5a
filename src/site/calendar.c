#include "site/calendar.h"
#include "site/days.h"
#include "site/holidays.h"

enum { AHEAD_DAYS = 400, STEPS_MAX = 20000, QUARTER_MS = 15 * MINUTE_MS };

static int64_t floor_to(int64_t ms, int64_t step)
{
	int64_t rest = ms % step;

	return ms - (rest < 0 ? rest + step : rest);
}

/* The wall clock, written as if it were UTC. */
static int64_t wall_of(const struct zone *zone, int64_t utc_ms)
{
	return utc_ms + zone_offset(zone, utc_ms) * (int64_t)1000;
}

/* Minutes since Monday 00:00 of that wall clock; 1970-01-01 was a Thursday. */
static uint32_t minute_of_week(int64_t wall_ms)
{
	int64_t since = wall_ms + 3LL * DAY_MS;

	return (uint32_t)((since - floor_to(since, 7LL * DAY_MS)) / MINUTE_MS);
}

bool holiday_country(struct span word, const char **ret_country)
{
	for (size_t i = 0; holiday_countries[i] != NULL; i++)
		if (span_equal(word, holiday_countries[i])) {
			*ret_country = holiday_countries[i];
			return true;
		}
	return false;
}

void holiday_years(int32_t *ret_first, int32_t *ret_last)
{
	*ret_first = holiday_first_year;
	*ret_last = holiday_last_year;
}

static uint16_t number_of(const char *country)
{
	uint16_t number = 0;

	while (holiday_countries[number] != NULL && strcmp(holiday_countries[number], country) != 0)
		number++;
	return number;
}

static bool other_on(const char *country, int64_t day, enum holiday_kind kind)
{
	uint16_t number = number_of(country);

	for (size_t i = 0; i < holiday_others_n; i++) /* some hundred */
		if (holiday_others[i].day == day && holiday_others[i].country == number)
			return holiday_others[i].kind == kind;
	return false;
}

bool holiday_offices(const char *country, int64_t day)
{
	return other_on(country, day, OTHER_OFFICES);
}

bool weekend_worked(const char *country, int64_t day)
{
	return other_on(country, day, OTHER_WORKED);
}

/* By country and day; the table is sorted so. */
static const char *holiday_on(const char *country, int64_t day)
{
	size_t low = 0, high = holidays_n;
	uint16_t number = number_of(country);

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (holidays[mid].country < number ||
		    (holidays[mid].country == number && holidays[mid].day < day))
			low = mid + 1;
		else
			high = mid;
	}
	if (low == holidays_n || holidays[low].country != number || holidays[low].day != day)
		return NULL;
	return holiday_names[holidays[low].name];
}

const char *holiday_name(const char *country, int32_t year, unsigned month, unsigned day)
{
	return holiday_on(country, days_of(year, month, day));
}

/* Where a period that comes again begins, for the occurrence that may hold `at`. */
static int64_t begins(const struct period *period, int64_t at)
{
	int64_t from = period->from_ms;

	if (period->every_ms > 0 && at > from) {
		int64_t last = (period->until_ms <= at ? period->until_ms - 1 : at) - from;

		from += floor_to(last, period->every_ms);
	}
	return from;
}

static bool period_holds(const struct period *period, int64_t at)
{
	int64_t from = begins(period, at);

	return at >= from && at < from + (period->to_ms - period->from_ms);
}

const char *calendar_off_name(const struct calendar *calendar, const struct zone *zone,
    int64_t utc_ms)
{
	int64_t wall = wall_of(zone, utc_ms);
	const char *holiday = NULL;

	for (size_t i = 0; i < calendar->off_n; i++) {
		const struct period *period = &calendar->off[i];

		if (period_holds(period, period->local ? wall : utc_ms))
			return period->name != NULL ? period->name : calendar->name;
	}
	if (calendar->holidays != NULL)
		holiday = holiday_on(calendar->holidays, floor_to(wall, DAY_MS) / DAY_MS);
	return holiday;
}

bool calendar_on(const struct calendar *calendar, const struct zone *zone, int64_t utc_ms)
{
	uint32_t minute = minute_of_week(wall_of(zone, utc_ms));
	bool in_hours = calendar->weekly_n == 0;

	for (size_t i = 0; i < calendar->weekly_n; i++)
		in_hours |= minute >= calendar->weekly[i].from && minute < calendar->weekly[i].to;
	return in_hours && calendar_off_name(calendar, zone, utc_ms) == NULL;
}

static int64_t earlier_after(int64_t candidate, int64_t after, int64_t best)
{
	return candidate > after && candidate < best ? candidate : best;
}

/* The next edge after `now` of one time scale (wall clock or UTC): begin or end of a
 * period there. */
static int64_t period_edge(const struct calendar *calendar, bool local, int64_t now)
{
	int64_t best = INT64_MAX;

	for (size_t i = 0; i < calendar->off_n; i++) {
		const struct period *period = &calendar->off[i];
		int64_t from = begins(period, now), length = period->to_ms - period->from_ms;

		if (period->local != local)
			continue;
		best = earlier_after(from, now, best);
		best = earlier_after(from + length, now, best);
		if (period->every_ms > 0 && from + period->every_ms < period->until_ms)
			best = earlier_after(from + period->every_ms, now, best);
	}
	return best;
}

/* The next edge of hours or of a day, on the wall clock. */
static int64_t wall_edge(const struct calendar *calendar, int64_t wall)
{
	int64_t monday = floor_to(wall + 3LL * DAY_MS, 7LL * DAY_MS) - 3LL * DAY_MS;
	int64_t best = floor_to(wall, DAY_MS) + DAY_MS;

	for (size_t i = 0; i < calendar->weekly_n; i++) {
		best = earlier_after(monday + calendar->weekly[i].from * (int64_t)MINUTE_MS, wall, best);
		best = earlier_after(monday + calendar->weekly[i].to * (int64_t)MINUTE_MS, wall, best);
	}
	return earlier_after(period_edge(calendar, true, wall), wall, best);
}

/* The instant at which the wall clock shows that. */
static int64_t instant_of(const struct zone *zone, int64_t wall)
{
	struct civil civil = days_split(floor_to(wall, DAY_MS) / DAY_MS);
	int64_t rest = wall - floor_to(wall, DAY_MS);

	civil.hour = (uint8_t)(rest / 3600000);
	civil.minute = (uint8_t)(rest / MINUTE_MS % 60);
	civil.second = (uint8_t)(rest / 1000 % 60);
	civil.ms = (uint16_t)(rest % 1000);
	return zone_join(zone, &civil);
}

int64_t calendar_next(const struct calendar *calendar, const struct zone *zone, int64_t utc_ms)
{
	bool now = calendar_on(calendar, zone, utc_ms);
	int64_t end = utc_ms + AHEAD_DAYS * (int64_t)DAY_MS, at = utc_ms;

	for (int step = 0; step < STEPS_MAX; step++) {
		int64_t local = instant_of(zone, wall_edge(calendar, wall_of(zone, at)));
		int64_t next = period_edge(calendar, false, at);

		/* over a change of the clock, or when it makes the edge come out as not
		 * later: in quarters of an hour, at which all changes of clocks lie */
		if (local <= at || zone_offset(zone, local) != zone_offset(zone, at))
			local = floor_to(at, QUARTER_MS) + QUARTER_MS;
		at = local < next ? local : next;
		if (at > end)
			break;
		if (calendar_on(calendar, zone, at) != now)
			return at;
	}
	return INT64_MAX;
}

bool maintenance_on(const struct maintenance *window, const struct zone *zone, int64_t utc_ms)
{
	int64_t wall = wall_of(zone, utc_ms);

	if (window->when != NULL && !calendar_on(window->when, zone, utc_ms))
		return false;
	if (window->from_ms == 0 && window->to_ms == 0)
		return window->when != NULL;
	return (window->from_local ? wall : utc_ms) >= window->from_ms &&
	    (window->to_local ? wall : utc_ms) < window->to_ms;
}
