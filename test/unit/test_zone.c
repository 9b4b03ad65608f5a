/* test/unit/test_zone.c - local time: real zone files of this machine against known
 * instants, every edge of a summer time, and files that lie. */
#include "harness.h"
#include "base/utf8.h"
#include "base/zone.h"
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static struct zone *zone_named(const char *name)
{
	char path[256];
	static uint8_t bytes[65536];
	struct zone *zone = NULL;
	struct why why = { 0 };

	(void)snprintf(path, sizeof path, "/usr/share/zoneinfo/%s", name);
	FILE *file = fopen(path, "rb");

	assert_non_null(file);
	size_t n = fread(bytes, 1, sizeof bytes, file);

	(void)fclose(file);
	if (zone_new(span_of(bytes, n), &zone, &why) != KS_OK)
		fail_msg("%s: %s", name, why.text);
	return zone;
}

static void tokyo_is_nine_hours_ahead(void **state)
{
	struct zone *zone = zone_named("Asia/Tokyo");
	/* 2026-08-11T22:10:05.250Z, a Tuesday; Wednesday in Tokyo */
	struct civil c = zone_split(zone, 1786486205250);

	(void)state;
	assert_int_equal(c.year, 2026);
	assert_int_equal(c.month, 8);
	assert_int_equal(c.day, 12);
	assert_int_equal(c.hour, 7);
	assert_int_equal(c.minute, 10);
	assert_int_equal(c.second, 5);
	assert_int_equal(c.ms, 250);
	assert_int_equal(c.weekday, 2);
	assert_int_equal(c.offset_s, 32400);
	assert_int_equal(zone_join(zone, &c), 1786486205250);
	assert_int_equal(zone_split(NULL, 1786486205250).hour, 22);
	zone_free(zone);
	zone_free(NULL);
}

static void summer_time_of_new_york(void **state)
{
	struct zone *zone = zone_named("America/New_York");
	int64_t spring = 1772953200000, autumn = 1793512800000; /* 2026-03-08 07:00Z, 11-01 06:00Z */
	struct civil gap = { .year = 2026, .month = 3, .day = 8, .hour = 2, .minute = 30 };
	struct civil twice = { .year = 2026, .month = 11, .day = 1, .hour = 1, .minute = 30 };

	(void)state;
	assert_int_equal(zone_offset(zone, spring - 1), -5 * 3600);
	assert_int_equal(zone_offset(zone, spring), -4 * 3600);
	assert_int_equal(zone_offset(zone, autumn - 1), -4 * 3600);
	assert_int_equal(zone_offset(zone, autumn), -5 * 3600);
	assert_int_equal(zone_join(zone, &gap), spring + 30 * 60000);
	assert_int_equal(zone_join(zone, &twice), autumn - 30 * 60000);
	/* the footer rule goes on: 2100-07-04 is summer */
	assert_int_equal(zone_offset(zone, days_of(2100, 7, 4) * 86400000), -4 * 3600);
	assert_int_equal(zone_offset(zone, days_of(2100, 1, 4) * 86400000), -5 * 3600);
	zone_free(zone);
}

/* Against the C library, over three centuries, in zones that are each odd somehow. */
static void agrees_with_the_c_library(void **state)
{
	static const char *const names[] = { "UTC", "Asia/Tokyo", "Asia/Seoul", "Asia/Shanghai",
		"Asia/Taipei", "Asia/Kolkata", "America/New_York", "America/Los_Angeles",
		"Australia/Lord_Howe", "Europe/Dublin", "America/Sao_Paulo", "Africa/Casablanca",
		"Asia/Tehran", "Pacific/Apia", "America/Nuuk", "Antarctica/Troll", "Asia/Gaza" };

	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		struct zone *zone = zone_named(names[i]);

		(void)setenv("TZ", names[i], 1);
		tzset();
		for (int64_t s = -2000000000; s < 7000000000; s += 1234567) {
			time_t t = (time_t)s;
			struct tm tm;
			struct civil c = zone_split(zone, s * 1000);

			assert_non_null(localtime_r(&t, &tm));
			if (c.offset_s != tm.tm_gmtoff || c.year != tm.tm_year + 1900 ||
			    c.month != tm.tm_mon + 1 || c.day != tm.tm_mday || c.hour != tm.tm_hour ||
			    c.weekday != (tm.tm_wday + 6) % 7)
				fail_msg("%s at %lld: %d, not %ld", names[i], (long long)s, c.offset_s,
				    tm.tm_gmtoff);
		}
		zone_free(zone);
	}
	(void)unsetenv("TZ");
	tzset();
}

static size_t put_tzif(uint8_t *at, const char *footer)
{
	static const uint8_t head[] = { 'T', 'Z', 'i', 'f', '2', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
		0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 4 };
	static const uint8_t body[] = { 0, 0, 0x7e, 0x90, 0, 0, 'J', 'S', 'T', 0 };
	size_t n = 0;

	for (int block = 0; block < 2; block++) {
		memcpy(at + n, head, sizeof head);
		n += sizeof head;
		memcpy(at + n, body, sizeof body);
		n += sizeof body;
	}
	at[n++] = '\n';
	memcpy(at + n, footer, strlen(footer));
	n += strlen(footer);
	at[n++] = '\n';
	return n;
}

static void footers(void **state)
{
	static const struct {
		const char *footer;
		bool good;
	} list[] = { { "", true }, { "JST-9", true }, { "<+0530>-5:30", true },
		{ "EST5EDT,M3.2.0,M11.1.0", true }, { "EST5EDT4:00:00,J60/0,300/-167", true },
		{ "AAA3BBB,0/0,J365/25", true }, { "J-9", false }, { "JST", false }, { "JST-", false },
		{ "JST-9X", false }, { "EST5EDT", false }, { "EST5EDT,M3.2.0", false },
		{ "EST5EDT,M0.2.0,M11.1.0", false }, { "EST5EDT,M13.2.0,M11.1.0", false },
		{ "EST5EDT,M3.6.0,M11.1.0", false }, { "EST5EDT,M3.0.0,M11.1.0", false },
		{ "EST5EDT,M3.2.7,M11.1.0", false }, { "EST5EDT,J0,M11.1.0", false },
		{ "EST5EDT,366,M11.1.0", false }, { "EST5EDT,M3.2.0,M11.1.0x", false },
		{ "JST-99", false }, { "JST-9:60", false }, { "<>5", false } };
	uint8_t bytes[512];

	(void)state;
	for (size_t i = 0; i < sizeof list / sizeof list[0]; i++) {
		struct zone *zone = NULL;
		size_t n = put_tzif(bytes, list[i].footer);
		int code = zone_new(span_of(bytes, n), &zone, NULL);

		if ((code == KS_OK) != list[i].good)
			fail_msg("%s: %d", list[i].footer, code);
		assert_true((zone != NULL) == list[i].good);
		if (zone != NULL)
			(void)zone_offset(zone, 1786486205250);
		zone_free(zone);
		struct zone *none = NULL;

		for (size_t cut = 0; cut < n - strlen(list[i].footer) - 2; cut++)
			assert_int_equal(zone_new(span_of(bytes, cut), &none, NULL), KS_MALFORMED);
	}
}

static void julian_days_skip_the_leap_day(void **state)
{
	uint8_t bytes[512];
	struct zone *zone = NULL;
	size_t n = put_tzif(bytes, "AAA0BBB,J60/0,J61/0"); /* 1 March, 2 March */

	(void)state;
	assert_int_equal(zone_new(span_of(bytes, n), &zone, NULL), KS_OK);
	assert_int_equal(zone_offset(zone, days_of(2028, 2, 29) * 86400000), 0);
	assert_int_equal(zone_offset(zone, days_of(2028, 3, 1) * 86400000), 3600);
	assert_int_equal(zone_offset(zone, days_of(2027, 3, 1) * 86400000), 3600);
	assert_int_equal(zone_offset(zone, days_of(2027, 3, 2) * 86400000), 0);
	zone_free(zone);
}

static void far_times_stay_in_range(void **state)
{
	(void)state;
	assert_int_equal(zone_split(NULL, INT64_MAX).year, 9999);
	assert_true(zone_split(NULL, INT64_MIN).year < 0);
	assert_int_equal(zone_split(NULL, -1).year, 1969);
	assert_int_equal(zone_split(NULL, -1).ms, 999);
	assert_int_equal(days_in_month(2024, 2), 29);
	assert_int_equal(days_in_month(2100, 2), 28);
	assert_int_equal(days_in_month(2026, 12), 31);
}

static void zone_names(void **state)
{
	(void)state;
	assert_true(zone_name_good(span_text("Asia/Tokyo")));
	assert_true(zone_name_good(span_text("Etc/GMT+9")));
	assert_false(zone_name_good(span_text("")));
	assert_false(zone_name_good(span_text("../etc/passwd")));
	assert_false(zone_name_good(span_text("/Asia/Tokyo")));
	assert_false(zone_name_good(span_text("Asia//Tokyo")));
	assert_false(zone_name_good(span_text("Asia/")));
}

static void characters_and_columns(void **state)
{
	(void)state;
	assert_int_equal(utf8_count(span_text("計測 ok")), 5);
	assert_int_equal(utf8_columns(span_text("計測 ok")), 7);
	assert_int_equal(utf8_columns(span_text("が")), 2); /* か and a combining mark */
	assert_int_equal(utf8_check(span_text("abcdefgh計測abcdefghij")), 24);
	assert_int_equal(utf8_check(span_text("abcdefgh\xc0\xaf")), 8);
	assert_int_equal(utf8_check(span_text("\xed\xa0\x80")), 0);
	assert_int_equal(utf8_check(span_text("\xf4\x90\x80\x80")), 0);
	assert_int_equal(utf8_check(span_text("\xe3\x81")), 0);
	assert_int_equal(utf8_check(span_text("\xe3\x81x")), 0);
	assert_int_equal(utf8_count(span_text("\xff\xff")), 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tokyo_is_nine_hours_ahead),
		cmocka_unit_test(summer_time_of_new_york),
		cmocka_unit_test(agrees_with_the_c_library),
		cmocka_unit_test(footers),
		cmocka_unit_test(julian_days_skip_the_leap_day),
		cmocka_unit_test(far_times_stay_in_range),
		cmocka_unit_test(zone_names),
		cmocka_unit_test(characters_and_columns),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
