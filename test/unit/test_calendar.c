/* test/unit/test_calendar.c - hours, holidays and calendar files: both sides of every
 * edge, in the zone they are of. */
#include "harness.h"
#include "site/calendar.h"
#include "site/days.h"
#include "site/read.h"
#include <stdio.h>
#include <stdlib.h>

static struct site_errors errors;

static struct zone *zone_named(const char *name)
{
	char path[256];
	static uint8_t bytes[65536];
	struct zone *zone = NULL;

	(void)snprintf(path, sizeof path, "/usr/share/zoneinfo/%s", name);
	FILE *file = fopen(path, "rb");

	assert_non_null(file);
	size_t n = fread(bytes, 1, sizeof bytes, file);

	(void)fclose(file);
	assert_int_equal(zone_new(span_of(bytes, n), &zone, NULL), KS_OK);
	return zone;
}

/* Local time, written 2026-08-13T22:00. */
static int64_t at(const struct zone *zone, const char *text)
{
	int64_t ms = 0;
	bool local = false;

	assert_int_equal(instant_read(span_text(text), &ms, &local, NULL), KS_OK);
	assert_true(local);
	return ms - zone_offset(zone, ms - 9 * 3600000) * (int64_t)1000;
}

static struct site *site_with(const char *calendar)
{
	char text[2048];
	struct site *site = NULL;

	(void)snprintf(text, sizeof text, "site s\n%s\n", calendar);
	if (site_read(span_text(text), &site, &errors) != KS_OK)
		fail_msg("%s", errors.list[0].why.text);
	return site;
}

static void weekly_hours(void **state)
{
	struct site *site = site_with(
	    "calendar c hours=\"Mon-Fri 08:00-20:00, Sat 09:00-13:00, Sun 22:00-06:00\"");
	const struct calendar *c = &site->calendars[0];
	struct zone *tokyo = zone_named("Asia/Tokyo");

	(void)state;
	assert_false(calendar_on(c, tokyo, at(tokyo, "2026-08-12T08:00") - 1)); /* a Wednesday */
	assert_true(calendar_on(c, tokyo, at(tokyo, "2026-08-12T08:00")));
	assert_true(calendar_on(c, tokyo, at(tokyo, "2026-08-12T20:00") - 1));
	assert_false(calendar_on(c, tokyo, at(tokyo, "2026-08-12T20:00")));
	assert_true(calendar_on(c, tokyo, at(tokyo, "2026-08-15T12:59")));
	assert_false(calendar_on(c, tokyo, at(tokyo, "2026-08-15T13:00")));
	assert_true(calendar_on(c, tokyo, at(tokyo, "2026-08-16T23:00"))); /* Sunday night */
	assert_true(calendar_on(c, tokyo, at(tokyo, "2026-08-17T05:59"))); /* goes on on Monday */
	assert_false(calendar_on(c, tokyo, at(tokyo, "2026-08-17T06:00")));
	assert_int_equal(calendar_next(c, tokyo, at(tokyo, "2026-08-12T07:00")), at(tokyo, "2026-08-12T08:00"));
	assert_int_equal(calendar_next(c, tokyo, at(tokyo, "2026-08-12T08:00")), at(tokyo, "2026-08-12T20:00"));
	assert_int_equal(calendar_next(c, tokyo, at(tokyo, "2026-08-15T14:00")), at(tokyo, "2026-08-16T22:00"));
	assert_int_equal(calendar_next(c, tokyo, at(tokyo, "2026-08-16T22:30")), at(tokyo, "2026-08-17T06:00"));
	assert_null(calendar_off_name(c, tokyo, at(tokyo, "2026-08-17T07:00")));
	zone_free(tokyo);
	site_free(site);
}

static void holidays_and_own_days(void **state)
{
	struct site *site = site_with("calendar c name=works holidays=JP off=2026-08-13..2026-08-16,12-29..01-03 "
				      "hours=\"Mon-Fri 08:00-20:00\"\ncalendar d\ncalendar e holidays=JP");
	const struct calendar *c = &site->calendars[0];
	struct zone *tokyo = zone_named("Asia/Tokyo");

	(void)state;
	assert_true(calendar_on(c, tokyo, at(tokyo, "2026-07-17T12:00")));
	assert_false(calendar_on(c, tokyo, at(tokyo, "2026-07-20T12:00"))); /* a Monday */
	assert_string_equal(calendar_off_name(c, tokyo, at(tokyo, "2026-07-20T00:00")), "Marine Day");
	assert_null(calendar_off_name(c, tokyo, at(tokyo, "2026-07-20T00:00") - 1));
	assert_null(calendar_off_name(c, tokyo, at(tokyo, "2026-07-21T00:00")));
	assert_string_equal(calendar_off_name(c, tokyo, at(tokyo, "2026-08-16T23:59")), "works");
	assert_null(calendar_off_name(c, tokyo, at(tokyo, "2026-08-17T00:00")));
	assert_string_equal(calendar_off_name(c, tokyo, at(tokyo, "2026-12-31T12:00")), "works");
	assert_string_equal(calendar_off_name(c, tokyo, at(tokyo, "2027-01-03T23:00")), "works");
	assert_string_equal(calendar_off_name(c, tokyo, at(tokyo, "2031-12-29T00:00")), "works");
	/* Friday evening; the next is Tuesday, for Monday is a holiday */
	assert_int_equal(calendar_next(c, tokyo, at(tokyo, "2026-07-17T21:00")), at(tokyo, "2026-07-21T08:00"));
	assert_int_equal(calendar_next(&site->calendars[1], tokyo, 0), INT64_MAX); /* always on */
	assert_true(calendar_on(&site->calendars[1], NULL, 0));
	assert_int_equal(calendar_next(&site->calendars[2], tokyo, at(tokyo, "2026-07-19T00:00")),
	    at(tokyo, "2026-07-20T00:00"));
	zone_free(tokyo);
	site_free(site);
}

/* An hour that comes twice must not stop the search for the next edge. */
static void clock_changes(void **state)
{
	struct site *site = site_with("calendar c hours=\"Sun 01:30-03:30\"\ncalendar d hours=\"daily 00:00-24:00\"");
	struct zone *york = zone_named("America/New_York");
	int64_t t = 1793505600000; /* 2026-11-01 04:00Z, midnight there */

	(void)state;
	assert_int_equal(calendar_next(&site->calendars[0], york, t), t + 90 * 60000);
	assert_int_equal(calendar_next(&site->calendars[0], york, t + 90 * 60000), t + 120 * 60000);
	assert_int_equal(calendar_next(&site->calendars[0], york, t + 120 * 60000), t + 150 * 60000);
	assert_int_equal(calendar_next(&site->calendars[0], york, t + 150 * 60000), t + 270 * 60000);
	assert_int_equal(calendar_next(&site->calendars[1], york, t), INT64_MAX);
	zone_free(york);
	site_free(site);
}

static void periods_of_instants_and_their_edges(void **state)
{
	int64_t day = 86400000, t = 1786492800000; /* 2026-08-12T00:00Z */
	struct period list[62] = {
		{ .from_ms = t, .to_ms = t + 3600000, .every_ms = day, .until_ms = t + 2 * day, .name = "n" } };
	struct calendar c = { .name = "c", .off = list, .off_n = 1 };

	(void)state;
	assert_true(calendar_on(&c, NULL, t - 1));
	assert_string_equal(calendar_off_name(&c, NULL, t), "n");
	list[0].name = NULL;
	assert_string_equal(calendar_off_name(&c, NULL, t), "c");
	assert_true(calendar_on(&c, NULL, t + 3600000));
	assert_int_equal(calendar_next(&c, NULL, t - 5), t);
	assert_int_equal(calendar_next(&c, NULL, t), t + 3600000);
	assert_int_equal(calendar_next(&c, NULL, t + 3600000), t + day);
	assert_int_equal(calendar_next(&c, NULL, t + day + 3600000), INT64_MAX); /* it has ended */
	assert_true(calendar_on(&c, NULL, t + 2 * day));
	c.holidays = "JP";
	assert_true(calendar_on(&c, NULL, -1)); /* before 1970 */
	c.holidays = NULL;
	list[0].until_ms = INT64_MAX;
	assert_false(calendar_on(&c, NULL, t + 999 * day));
	/* off for years, with thousands of edges inside that change nothing */
	for (size_t i = 0; i < 61; i++)
		list[i] = (struct period){ .from_ms = t + (int64_t)i * 1000, .to_ms = t + (int64_t)i * 2000 + 5,
			.every_ms = day, .until_ms = INT64_MAX };
	list[61] = (struct period){ .from_ms = t, .to_ms = t + 4000 * day };
	c.off_n = 62;
	assert_int_equal(calendar_next(&c, NULL, t), INT64_MAX);
}

/* What is announced beside the rules: days of offices, and weekends that are worked. */
static void announced_days(void **state)
{
	static const struct {
		const char *country;
		int32_t year;
		unsigned month;
		int64_t day;
		bool offices, worked;
	} list[] = {
		{ "IN", 2026, 4, 3, true, false }, /* Good Friday, by a rule */
		{ "IN", 2040, 3, 30, true, false }, { "IN", 2019, 4, 19, true, false },
		{ "IN", 2031, 12, 25, true, false }, { "IN", 2025, 10, 20, true, false },
		{ "IN", 2025, 10, 2, false, false }, /* a holiday of all: Gandhi Jayanti, and Dussehra */
		{ "IN", 2024, 4, 11, true, false }, { "IN", 2026, 5, 27, false, false },
		{ "IN", 2022, 10, 24, false, false }, /* not in the table */
		{ "CN", 2026, 2, 14, false, true }, { "CN", 2026, 1, 4, false, true },
		{ "CN", 2026, 2, 15, false, false }, { "CN", 2024, 5, 11, false, true },
		{ "CN", 2020, 2, 1, false, false }, { "CN", 2018, 12, 29, false, true },
		{ "CN", 2016, 10, 9, false, true }, { "CN", 2027, 2, 14, false, false },
		{ "JP", 2026, 2, 14, false, false }, { "FR", 2026, 12, 25, false, false } };

	(void)state;
	for (size_t i = 0; i < sizeof list / sizeof *list; i++) {
		int64_t day = days_of(list[i].year, list[i].month, list[i].day);

		if (holiday_offices(list[i].country, day) != list[i].offices ||
		    weekend_worked(list[i].country, day) != list[i].worked)
			fail_msg("%s %d-%u-%d", list[i].country, list[i].year, list[i].month, (int)list[i].day);
	}
}

static void known_holidays(void **state)
{
	static const struct {
		const char *country;
		int32_t year;
		unsigned month, day;
		const char *name;
	} list[] = {
		{ "JP", 2026, 9, 22, "Citizens' Holiday" }, { "JP", 2026, 9, 21, "Respect for the Aged Day" },
		{ "JP", 2026, 9, 23, "Autumnal Equinox Day" }, { "JP", 2026, 5, 6, "Substitute Holiday" },
		{ "JP", 2019, 5, 1, "Enthronement Day" }, { "JP", 2019, 4, 30, "Citizens' Holiday" },
		{ "JP", 2021, 8, 9, "Substitute Holiday" }, { "JP", 2021, 10, 11, NULL },
		{ "JP", 2019, 12, 23, NULL }, { "JP", 2018, 12, 24, "Substitute Holiday" },
		{ "JP", 2026, 8, 12, NULL }, { "JP", 2032, 9, 21, "Citizens' Holiday" },
		{ "CN", 2026, 2, 17, "Spring Festival" }, { "CN", 2026, 2, 16, "Spring Festival" },
		{ "CN", 2026, 9, 25, "Mid-Autumn Festival" }, { "CN", 2026, 6, 19, "Dragon Boat Festival" },
		{ "CN", 2026, 4, 5, "Tomb-Sweeping Day" }, { "CN", 2026, 10, 4, "National Day" },
		{ "CN", 2026, 10, 7, "National Day" }, { "CN", 2026, 10, 8, NULL },
		{ "CN", 2025, 10, 8, "National Day" }, { "CN", 2026, 5, 5, "Labour Day" },
		{ "CN", 2026, 5, 6, NULL }, { "CN", 2022, 4, 30, "Labour Day" },
		{ "CN", 2026, 2, 23, "Spring Festival" }, { "CN", 2026, 2, 24, NULL },
		{ "CN", 2024, 2, 17, "Spring Festival" }, { "CN", 2024, 2, 9, NULL },
		{ "CN", 2026, 4, 6, "Tomb-Sweeping Day" }, { "CN", 2025, 6, 2, "Dragon Boat Festival" },
		{ "KR", 2027, 2, 7, "Seollal" }, { "CN", 2027, 2, 6, "Spring Festival" },
		{ "KR", 2026, 5, 25, "Substitute Holiday" }, { "KR", 2026, 8, 17, "Substitute Holiday" },
		{ "KR", 2025, 10, 8, "Substitute Holiday" }, { "TW", 2025, 9, 29, "Substitute Holiday" },
		{ "TW", 2026, 2, 28, "Peace Memorial Day" }, { "TW", 2026, 2, 27, "Substitute Holiday" },
		{ "US", 2026, 7, 3, "Independence Day" }, { "US", 2026, 11, 26, "Thanksgiving Day" },
		{ "US", 2021, 12, 31, "New Year's Day" }, { "IN", 2026, 8, 15, "Independence Day" },
		{ "IN", 2026, 8, 16, NULL }, { "JP", 2015, 1, 1, NULL }, { "JP", 2046, 1, 1, NULL },
		{ "IN", 2099, 1, 26, NULL }, { "FR", 2026, 7, 14, NULL } };
	int32_t first, last;

	(void)state;
	for (size_t i = 0; i < sizeof list / sizeof list[0]; i++) {
		const char *name = holiday_name(list[i].country, list[i].year, list[i].month, list[i].day);

		if ((name == NULL) != (list[i].name == NULL) ||
		    (name != NULL && strcmp(name, list[i].name) != 0))
			fail_msg("%s %d-%u-%u: %s", list[i].country, list[i].year, list[i].month, list[i].day,
			    name != NULL ? name : "no holiday");
	}
	holiday_years(&first, &last);
	assert_true(first <= 2016 && last >= 2040);
	for (int32_t year = first; year <= last; year++) {
		assert_string_equal(holiday_name("JP", year, 11, 3), "Culture Day");
		assert_non_null(holiday_name("TW", year, 10, 10));
	}
}

static void hours_and_dates_as_written(void **state)
{
	static const char *const bad[] = { "", "Mon", "Mon 8:00-20:00", "Mon 08:00", "Mon 08:00-",
		"Mon 08:00-20:00x", "Mon 08:60-20:00", "Mon 08:00-24:01", "Mon- 08:00-20:00",
		"Mon-Tux 08:00-20:00", "Mon-Tuex 08:00-20:00", "Mo 08:00-20:00", "Mon 08-20", "Mon 08:0a-20:00",
		"Mon 24:00-24:00", "MonTue 08:00-20:00" };
	static const char *const bad_days[] = { "", "2026", "2026-13-01", "2026-00-01", "2026-01-00",
		"2026-01-32", "2026-1-1", "2026-01-01x", "2026-01-01.2026-01-02", "2026-01-01..01-02",
		"2026-01-01..", "2026-01-01..2026-01-02x", "02-30", "1x-01", "01x01", "01-0", "2026x01-01",
		"2026-01-01..2026-01-3" };
	static const char *const bad_times[] = { "", "08-13", "2026-08-13x", "2026-08-13T", "2026-08-13T8",
		"2026-08-13T22:00:", "2026-08-13T22:00:60", "2026-08-13T22:00x", "2026-08-13T22:00+9",
		"2026-08-13T22:00Zx", "2026-08-13X22:00", "2026-08-13T22:00:0" };
	struct hours hours[HOURS_MAX];
	struct days days = { 0 };
	size_t n = 0;
	int64_t ms = 7;
	bool local = true;

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		if (hours_read(span_text(bad[i]), hours, &n, NULL) != KS_MALFORMED)
			fail_msg("hours: %s", bad[i]);
	for (size_t i = 0; i < sizeof bad_days / sizeof bad_days[0]; i++)
		if (days_read(span_text(bad_days[i]), &days, NULL) != KS_MALFORMED)
			fail_msg("days: %s", bad_days[i]);
	for (size_t i = 0; i < sizeof bad_times / sizeof bad_times[0]; i++)
		if (instant_read(span_text(bad_times[i]), &ms, &local, NULL) != KS_MALFORMED)
			fail_msg("time: %s", bad_times[i]);
	assert_int_equal(ms, 7);
	assert_int_equal(hours_read(span_text("Sat-Mon  22:00-24:00"), hours, &n, NULL), KS_OK);
	assert_int_equal(n, 3);
	assert_int_equal(hours[2].from, 22 * 60);
	assert_int_equal(hours_read(span_text("月-水 08:00-12:00"), hours, &n, NULL), KS_OK);
	assert_int_equal(n, 3);
	assert_int_equal(hours_read(span_text("daily 22:00-06:00"), hours, &n, NULL), KS_OK);
	assert_int_equal(n, 8);
	assert_int_equal(days_read(span_text("12-29..01-03"), &days, NULL), KS_OK);
	assert_true(days.yearly);
	assert_int_equal(days.last - days.first, 5);
	assert_int_equal(instant_read(span_text("2026-08-13T22:00:30-05:00"), &ms, &local, NULL), KS_OK);
	assert_int_equal(ms, days_of(2026, 8, 14) * 86400000 + 3 * 3600000 + 30000);
	assert_false(local);
	assert_int_equal(instant_read(span_text("2026-08-13T22:00+09:00"), &ms, &local, NULL), KS_OK);
	assert_int_equal(ms, days_of(2026, 8, 13) * 86400000 + 13 * 3600000);
	assert_int_equal(instant_read(span_text("2026-08-13"), &ms, &local, NULL), KS_OK);
	assert_true(local);
}

static void maintenance_windows(void **state)
{
	struct site *site = site_with(
	    "maintenance a from=2026-08-13T22:00 to=2026-08-13T15:00Z\ncalendar c hours=\"Sun 02:00-05:00\"\n"
	    "maintenance b when=c\nmaintenance d when=c from=2026-08-16T03:00 to=2026-08-16T04:00\n"
	    "maintenance e from=2026-08-13T13:00Z to=2026-08-13T23:00");
	const struct maintenance *m = site->maintenances;
	struct maintenance none = { 0 }, early = { .to_ms = 5 };
	struct zone *tokyo = zone_named("Asia/Tokyo");

	(void)state;
	assert_false(maintenance_on(&m[0], tokyo, at(tokyo, "2026-08-13T22:00") - 1));
	assert_true(maintenance_on(&m[0], tokyo, at(tokyo, "2026-08-13T22:00")));
	assert_true(maintenance_on(&m[0], tokyo, at(tokyo, "2026-08-14T00:00") - 1));
	assert_false(maintenance_on(&m[0], tokyo, at(tokyo, "2026-08-14T00:00")));
	assert_true(maintenance_on(&m[1], tokyo, at(tokyo, "2026-08-16T02:30")));
	assert_false(maintenance_on(&m[1], tokyo, at(tokyo, "2026-08-16T05:00")));
	assert_false(maintenance_on(&m[2], tokyo, at(tokyo, "2026-08-16T02:30")));
	assert_true(maintenance_on(&m[2], tokyo, at(tokyo, "2026-08-16T03:00")));
	assert_true(maintenance_on(&m[3], tokyo, at(tokyo, "2026-08-13T22:00")));
	assert_false(maintenance_on(&m[3], tokyo, at(tokyo, "2026-08-13T23:00")));
	assert_false(maintenance_on(&none, tokyo, 0));
	assert_true(maintenance_on(&early, NULL, 4));
	assert_false(maintenance_on(&early, NULL, 5));
	zone_free(tokyo);
	site_free(site);
}

struct kept {
	struct period list[32];
	char names[32][130];
	size_t n, room;
};

static bool keep(void *ctx, const struct period *period, struct span summary)
{
	struct kept *kept = ctx;

	if (kept->n == kept->room)
		return false;
	kept->list[kept->n] = *period;
	(void)snprintf(kept->names[kept->n++], sizeof kept->names[0], "%.*s", (int)summary.left,
	    summary.left > 0 ? (const char *)summary.at : "");
	return true;
}

static int read_event(const char *lines, struct kept *kept, struct why *why)
{
	char text[4096];
	const struct ics_put put = { keep, kept };

	*kept = (struct kept){ .room = 32 };
	(void)snprintf(text, sizeof text,
	    "\xef\xbb\xbf\r\nBEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n%sEND:VEVENT\r\nEND:VCALENDAR\r\n", lines);
	return ics_read(span_text(text), "Asia/Tokyo", &put, why);
}

/* Is the calendar off at that local time of UTC? */
static bool holds(const struct kept *kept, const char *time)
{
	struct calendar calendar = { .off = kept->list, .off_n = kept->n, .name = "x" };

	return !calendar_on(&calendar, NULL, at(NULL, time));
}

/* The dates are those of dateutil.rrule for the same rules. */
static void events_by_month_and_year(void **state)
{
	static const struct {
		const char *lines;
		const char *yes[4], *no[4];
		size_t n; /* 0: not counted */
	} rows[] = {
		{ "DTSTART:20260113T220000Z\nDURATION:PT1H\nRRULE:FREQ=MONTHLY;BYDAY=2TU;COUNT=3\n",
		    { "2026-01-13T22:30", "2026-02-10T22:00", "2026-03-10T22:59" },
		    { "2026-04-14T22:30", "2026-01-20T22:30", "2026-02-10T21:59" }, 3 },
		{ "DTSTART:20260130T010000Z\nDURATION:PT2H\nRRULE:FREQ=MONTHLY;BYDAY=-1FR;UNTIL=20260430T235959Z\n",
		    { "2026-01-30T02:00", "2026-02-27T02:00", "2026-04-24T02:00" },
		    { "2026-04-30T02:00", "2026-05-29T02:00" }, 4 },
		{ "DTSTART:20260131T010000Z\nDURATION:PT2H\nRRULE:FREQ=MONTHLY;COUNT=4\n", /* no 31 February */
		    { "2026-01-31T02:00", "2026-03-31T02:00", "2026-07-31T01:00" },
		    { "2026-02-28T02:00", "2026-08-31T01:00" }, 4 },
		{ "DTSTART:20260131T010000Z\nDURATION:PT2H\nRRULE:FREQ=MONTHLY;BYMONTHDAY=1,-1;COUNT=4\n",
		    { "2026-01-31T01:00", "2026-02-01T01:00", "2026-02-28T01:00", "2026-03-01T01:00" },
		    { "2026-03-31T01:00" }, 4 },
		{ "DTSTART:20240229T010000Z\nDURATION:PT2H\nRRULE:FREQ=YEARLY;COUNT=2\n",
		    { "2024-02-29T01:00", "2028-02-29T01:00" }, { "2025-02-28T01:00" }, 2 },
		{ "DTSTART:20251101T010000Z\nDURATION:PT2H\nRRULE:FREQ=YEARLY;BYMONTH=5,11;BYDAY=1SU;COUNT=3\n",
		    { "2025-11-02T01:00", "2026-05-03T01:00", "2026-11-01T01:00" }, { "2027-05-02T01:00" }, 3 },
		{ "DTSTART:20260115T010000Z\nDURATION:PT2H\nRRULE:INTERVAL=3;FREQ=MONTHLY;COUNT=3\n",
		    { "2026-01-15T01:00", "2026-04-15T01:00", "2026-07-15T01:00" }, { "2026-02-15T01:00" }, 3 },
		{ "DTSTART:19900113T220000Z\nDURATION:PT1H\nRRULE:FREQ=YEARLY;BYMONTHDAY=13;BYDAY=FR;COUNT=60\n",
		    { "2020-03-13T22:00", "2023-10-13T22:00" }, { "2020-04-13T22:00", "2019-12-13T22:00" }, 0 },
		/* from before 1970 and without an end; the last of a month that is a Friday */
		{ "DTSTART:19650104T010000Z\nDURATION:PT2H\nRRULE:FREQ=YEARLY;INTERVAL=5\n",
		    { "2020-01-04T02:59", "2025-01-04T01:00", "2060-01-04T01:00" },
		    { "2026-01-04T01:00", "2025-01-04T00:59", "2015-01-04T01:00" }, 9 },
		{ "DTSTART:20260101T010000Z\nDURATION:PT2H\nRRULE:FREQ=YEARLY;BYMONTHDAY=-1;BYDAY=FR;COUNT=3\n",
		    { "2026-07-31T01:00", "2027-04-30T01:00", "2027-12-31T01:00" },
		    { "2026-01-30T01:00", "2026-12-31T01:00" }, 3 },
		{ "DTSTART:20260101T010000Z\nDURATION:PT2H\nRRULE:FREQ=MONTHLY;BYDAY=+1MO,-1MO;COUNT=4\n",
		    { "2026-01-05T01:00", "2026-01-26T01:00", "2026-02-02T01:00", "2026-02-23T01:00" },
		    { "2026-01-12T01:00" }, 4 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct kept kept;
		struct why why;

		if (read_event(rows[i].lines, &kept, &why) != KS_OK)
			fail_msg("%s: %s", rows[i].lines, why.text);
		if (rows[i].n > 0)
			assert_int_equal(kept.n, rows[i].n);
		for (size_t k = 0; k < 4 && rows[i].yes[k] != NULL; k++)
			if (!holds(&kept, rows[i].yes[k]))
				fail_msg("%s not %s", rows[i].lines, rows[i].yes[k]);
		for (size_t k = 0; k < 4 && rows[i].no[k] != NULL; k++)
			if (holds(&kept, rows[i].no[k]))
				fail_msg("%s yet %s", rows[i].lines, rows[i].no[k]);
	}
}

static void events_of_a_calendar_file(void **state)
{
	struct kept kept;
	struct why why;

	(void)state;
	assert_int_equal(read_event("DTSTART;VALUE=DATE:20260813\r\nDTEND;VALUE=DATE:20260817\r\n"
				    "SUMMARY;LANGUAGE=ja:夏季\r\n 休業\r\nBEGIN:VALARM\r\nDURATION:PT1H\r\nEND:VALARM\r\n"
				    "RDATES:x\r\n", &kept, &why), KS_OK);
	assert_int_equal(kept.n, 1);
	assert_string_equal(kept.names[0], "夏季休業");
	assert_true(kept.list[0].local);
	assert_true(holds(&kept, "2026-08-16T23:59"));
	assert_false(holds(&kept, "2026-08-17T00:00"));
	assert_int_equal(read_event("DTSTART;VALUE=DATE:20260813\n", &kept, &why), KS_OK);
	assert_true(holds(&kept, "2026-08-13T23:59"));
	assert_int_equal(read_event("DTSTART:20260813T000000Z\nDURATION:P1DT2H3M4S\n", &kept, &why), KS_OK);
	assert_false(kept.list[0].local);
	assert_int_equal(kept.list[0].to_ms - kept.list[0].from_ms, 86400000 + 7384000);
	assert_int_equal(read_event("DTSTART:20260813T000000Z\nDURATION:P1W\n", &kept, &why), KS_OK);
	assert_int_equal(kept.list[0].to_ms - kept.list[0].from_ms, 7 * 86400000);
	assert_int_equal(read_event("DTSTART:20260813T000000\nSTATUS:CONFIRMED\n", &kept, &why), KS_OK);
	assert_int_equal(kept.n, 0); /* no length */
	assert_int_equal(read_event("DTSTART;VALUE=DATE:20260813\nSTATUS:CANCELLED\n", &kept, &why), KS_OK);
	assert_int_equal(kept.n, 0);
	assert_int_equal(read_event("\r\nDTSTART;VALUE=DATE:20260813\nSUMMARY:\nX-A:b\n\tc\n\n", &kept, &why), KS_OK);
	assert_string_equal(kept.names[0], "");
	char text[400] = "DTSTART;VALUE=DATE:20260813\nSUMMARY:a";

	for (int i = 0; i < 60; i++)
		(void)strncat(text, "測", sizeof text - strlen(text) - 1);
	(void)strncat(text, "\n", 2);
	assert_int_equal(read_event(text, &kept, &why), KS_OK);
	assert_int_equal(strlen(kept.names[0]), 127); /* cut between characters */
	(void)snprintf(text, sizeof text, "DTSTART:20260813\nSUMMARY:");
	memset(text + strlen(text), 0x80, 200);
	text[225] = '\n';
	text[226] = '\0';
	assert_int_equal(read_event(text, &kept, &why), KS_OK);
	assert_string_equal(kept.names[0], ""); /* no character begins there */
}

static void events_that_come_again(void **state)
{
	struct kept kept;
	struct why why;

	(void)state;
	/* 2026-08-13 is a Thursday */
	assert_int_equal(read_event("DTSTART:20260813T080000\nDTEND:20260813T090000\nRRULE:FREQ=DAILY;INTERVAL=2;COUNT=3\n",
			     &kept, &why), KS_OK);
	assert_true(holds(&kept, "2026-08-13T08:00"));
	assert_false(holds(&kept, "2026-08-14T08:00"));
	assert_true(holds(&kept, "2026-08-17T08:59"));
	assert_false(holds(&kept, "2026-08-19T08:30"));
	assert_false(holds(&kept, "2026-08-11T08:30"));
	assert_int_equal(read_event("DTSTART:20260813T080000\nDTEND:20260813T090000\nRRULE:FREQ=WEEKLY;WKST=MO;UNTIL=20260827\n",
			     &kept, &why), KS_OK);
	assert_true(holds(&kept, "2026-08-27T08:30"));
	assert_false(holds(&kept, "2026-09-03T08:30"));
	assert_int_equal(read_event("DTSTART:20260813T080000\nDTEND:20260813T090000\n"
				    "RRULE:FREQ=WEEKLY;UNTIL=20260827T075959\n", &kept, &why), KS_OK);
	assert_false(holds(&kept, "2026-08-27T08:30"));
	assert_true(holds(&kept, "2026-08-20T08:30"));
	assert_int_equal(read_event("DTSTART:20260813T080000\nDTEND:20260813T090000\n"
				    "RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH;COUNT=4\n", &kept, &why), KS_OK);
	assert_int_equal(kept.n, 2);
	assert_true(holds(&kept, "2026-08-13T08:30"));
	assert_false(holds(&kept, "2026-08-17T08:30"));
	assert_true(holds(&kept, "2026-08-24T08:30"));
	assert_true(holds(&kept, "2026-08-27T08:30"));
	assert_true(holds(&kept, "2026-09-07T08:30"));
	assert_false(holds(&kept, "2026-09-10T08:30"));
	assert_int_equal(read_event("DTSTART:20260813T080000\nDTEND:20260813T090000\n"
				    "RRULE:FREQ=WEEKLY;BYDAY=MO,TH;UNTIL=20260814\n", &kept, &why), KS_OK);
	assert_int_equal(kept.n, 1); /* no Monday before the end */
	assert_int_equal(read_event("DTSTART:19650104T080000\nDTEND:19650104T090000\n"
				    "RRULE:FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR\n", &kept, &why), KS_OK);
	assert_true(holds(&kept, "2026-08-14T08:30"));
	assert_false(holds(&kept, "2026-08-15T08:30"));
}

static void calendar_files_refused(void **state)
{
	static const struct {
		const char *lines, *sentence;
	} list[] = {
		{ "SUMMARY:x\n", "line 5 of the calendar file: an event without DTSTART" },
		{ "DTSTART:x\n", "line 4 of the calendar file: no date or time" },
		{ "DTSTART:20261301\n", "no date or time" }, { "DTSTART:20260001\n", "no date or time" },
		{ "DTSTART:20260100\n", "no date or time" }, { "DTSTART:20260132\n", "no date or time" },
		{ "DTSTART:2026013\n", "no date or time" }, { "DTSTART:202601\n", "no date or time" },
		{ "DTSTART:20260101X080000\n", "no date or time" },
		{ "DTSTART:20260101T08000\n", "no date or time" }, { "DTSTART:20260101T0800\n", "no date or time" },
		{ "DTSTART:20260101T0\n", "no date or time" }, { "DTSTART:20260101T080000X\n", "no date or time" },
		{ "DTSTART:20260101T240000\n", "no date or time" },
		{ "DTSTART:20260101T086000\n", "no date or time" },
		{ "DTSTART:20260101T080061\n", "no date or time" }, { "DTSTART:2026+1+1\n", "no date or time" },
		{ "DTSTART:20260101Ta80000\n", "no date or time" }, { "DTSTART:20260101T08a000\n", "no date or time" },
		{ "DTSTART:20260101T0800a0\n", "no date or time" }, { "DTSTART:202601012\n", "no date or time" },
		{ "DTSTART:20261.01\n", "no date or time" },
		{ "DTSTART;TZID=Asia/Seoul:20260101T080000\n", "another time zone" },
		{ "DTSTART:20260102\nDTEND:20260101\n", "ends before it begins" },
		{ "DTSTART:20260102\nDURATION:x\n", "no duration" }, { "DTSTART:20260102\nDURATION:P1\n", "no duration" },
		{ "DTSTART:20260102\nDURATION:P10\n", "no duration" },
		{ "DTSTART:20260102\nDURATION:PX1D\n", "no duration" }, { "DTSTART:20260102\nDURATION:P1X\n", "no duration" },
		{ "DTSTART:20260102\nDURATION:P0D\n", "no duration" }, { "DTSTART:20260102\nDURATION:-P1D\n", "no duration" },
		{ "DTSTART:20260102\nDURATION:P-1D\n", "no duration" }, { "DTSTART:20260102\nDURATION:P100000D\n", "no duration" },
		{ "DTSTART:20260102\nDURATION:P1DT\n", "no duration" },
		{ "RRULE:FREQ=HOURLY\n", "more than once a day" },
		{ "RRULE:FREQ=YEARLY;BYDAY=20MO\n", "can not be read" },
		{ "RRULE:FREQ=YEARLY;BYDAY=2MO\n", "can not be read" },
		{ "RRULE:FREQ=MONTHLY;BYDAY=0MO\n", "can not be read" }, { "RRULE:FREQ=MONTHLY;BYDAY=6MO\n", "can not be read" },
		{ "RRULE:FREQ=MONTHLY;BYDAY=-6MO\n", "can not be read" }, { "RRULE:FREQ=MONTHLY;BYDAY=xMO\n", "can not be read" },
		{ "RRULE:FREQ=MONTHLY;BYDAY=M\n", "can not be read" }, { "RRULE:FREQ=MONTHLY;BYDAY=1XX\n", "can not be read" },
		{ "RRULE:FREQ=MONTHLY;BYDAY=MO,MO,MO,MO,MO,MO,MO,MO,MO,MO,MO,MO,MO,MO,MO,MO,MO\n", "can not be read" },
		{ "RRULE:FREQ=MONTHLY;BYMONTHDAY=0\n", "can not be read" },
		{ "RRULE:FREQ=MONTHLY;BYMONTHDAY=32\n", "can not be read" },
		{ "RRULE:FREQ=MONTHLY;BYMONTHDAY=-32\n", "can not be read" },
		{ "RRULE:FREQ=MONTHLY;BYMONTHDAY=x\n", "can not be read" },
		{ "RRULE:FREQ=MONTHLY;BYMONTH=13\n", "can not be read" }, { "RRULE:FREQ=MONTHLY;BYMONTH=0\n", "can not be read" },
		{ "RRULE:FREQ=MONTHLY;BYMONTH=x\n", "can not be read" },
		{ "RRULE:FREQ=WEEKLY;BYMONTHDAY=2\n", "does not know" }, { "RRULE:FREQ=WEEKLY;BYMONTHDAY=-2\n", "does not know" },
		{ "RRULE:FREQ=WEEKLY;BYMONTH=2\n", "does not know" },
		{ "RRULE:FREQ=MONTHLY;BYSETPOS=1\n", "does not know" }, { "RRULE:INTERVAL=2\n", "can not be read" },
		{ "RRULE:FREQ=DAILY;INTERVAL=0\n", "can not be read" }, { "RRULE:FREQ=DAILY;INTERVAL=x\n", "can not be read" },
		{ "RRULE:FREQ=DAILY;INTERVAL=1000\n", "can not be read" }, { "RRULE:FREQ=DAILY;COUNT=0\n", "can not be read" },
		{ "RRULE:FREQ=DAILY;COUNT=10001\n", "can not be read" }, { "RRULE:FREQ=DAILY;COUNT=x\n", "can not be read" },
		{ "RRULE:FREQ=DAILY;UNTIL=x\n", "can not be read" }, { "RRULE:FREQ=WEEKLY;BYDAY=1MO\n", "can not be read" },
		{ "RRULE:FREQ=WEEKLY;BYDAY=XX\n", "can not be read" }, { "RRULE:FREQ=WEEKLY;BYDAY=\n", "can not be read" },
		{ "RRULE:FREQ=DAILY;INTERVAL=2;BYDAY=MO\n", "can not be read" },
		{ "RRULE:FREQ=DAILY;BYMONTH=1\n", "a part that keisoku does not know" },
		{ "EXDATE:20260101\n", "a repetition with exceptions" }, { "RDATE:20260101\n", "a repetition with exceptions" },
	};
	struct kept kept;
	struct why why;
	const struct ics_put put = { keep, &kept };

	(void)state;
	for (size_t i = 0; i < sizeof list / sizeof list[0]; i++)
		if (read_event(list[i].lines, &kept, &why) != KS_MALFORMED ||
		    strstr(why.text, list[i].sentence) == NULL)
			fail_msg("%s: %s", list[i].lines, why.text);
	kept = (struct kept){ .room = 0 };
	assert_int_equal(ics_read(span_text("BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20260101\nEND:VEVENT\n"), "UTC",
			     &put, &why), KS_FULL);
	assert_int_equal(ics_read(span_text("BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20260101\nDTEND:20260102\n"
					    "RRULE:FREQ=WEEKLY;BYDAY=TH\nEND:VEVENT\n"), "UTC", &put, &why), KS_FULL);
	assert_int_equal(ics_read(span_text("BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20260101\nDTEND:20260102\n"
					    "RRULE:FREQ=MONTHLY\nEND:VEVENT\n"), "UTC", &put, &why), KS_FULL);
	assert_int_equal(ics_read(span_text(""), "UTC", &put, &why), KS_MALFORMED);
	assert_int_equal(ics_read(span_text("BEGIN:VCALENDAR\nBEGIN:VEVENT\n"), "UTC", &put, &why), KS_MALFORMED);
	assert_int_equal(ics_read(span_text("BEGIN:VCARD\n"), "UTC", &put, &why), KS_MALFORMED);
	assert_int_equal(ics_read(span_text("hello\n"), "UTC", &put, &why), KS_MALFORMED);
	static char text[LIMIT_ICS_BYTES + 2] = "BEGIN:VCALENDAR\nX:";

	memset(text + 18, 'x', sizeof text - 19);
	assert_int_equal(ics_read(span_of(text, LIMIT_ICS_BYTES + 1), "UTC", &put, &why), KS_FULL);
	assert_int_equal(ics_read(span_of(text, LIMIT_SITE_LINE + 100), "UTC", &put, &why), KS_FULL);
	assert_int_equal(ics_read(span_of(text, LIMIT_SITE_LINE), "UTC", &put, &why), KS_OK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(weekly_hours), cmocka_unit_test(holidays_and_own_days),
		cmocka_unit_test(clock_changes), cmocka_unit_test(periods_of_instants_and_their_edges),
		cmocka_unit_test(known_holidays), cmocka_unit_test(announced_days),
		cmocka_unit_test(hours_and_dates_as_written), cmocka_unit_test(maintenance_windows),
		cmocka_unit_test(events_by_month_and_year),
		cmocka_unit_test(events_of_a_calendar_file), cmocka_unit_test(events_that_come_again),
		cmocka_unit_test(calendar_files_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
