/* test/unit/test_silence.c - silent days while the device is awake, and the calendars they
 * fit; none of it claimed from too little. */
#include "harness.h"
#include "base/limits.h"
#include "wire/silence.h"
#include <stdio.h>
#include <stdlib.h>

enum { TIMES = 200000 };
static int64_t times[TIMES];
static size_t times_n;
static uint8_t awake_bits[4000 * 3];
static struct zone *tokyo;
static int32_t first_day;

static int zone_load(void **state)
{
	static uint8_t bytes[65536];
	FILE *file = fopen("/usr/share/zoneinfo/Asia/Tokyo", "rb");

	(void)state;
	if (file == NULL)
		return 1;
	size_t n = fread(bytes, 1, sizeof bytes, file);

	(void)fclose(file);
	return zone_new(span_of(bytes, n), &tokyo, NULL);
}

static int zone_unload(void **state)
{
	(void)state;
	zone_free(tokyo);
	return 0;
}

static int64_t day_ms(int day)
{
	return ((int64_t)first_day + day) * 86400000 - 9 * 3600000;
}

static void begin(int32_t year, unsigned month, int64_t day)
{
	first_day = (int32_t)days_of(year, month, day);
	times_n = 0;
	memset(awake_bits, 0xff, sizeof awake_bits);
}

/* n contacts, evenly from 08:00 to 20:00 */
static void talk_on(int day, int n)
{
	for (int i = 0; i < n && times_n < TIMES; i++)
		times[times_n++] = day_ms(day) + 8 * 3600000LL + i * 12LL * 3600000 / n;
}

static void asleep_on(int day, int from_h, int to_h)
{
	for (int h = day * 24 + from_h; h < day * 24 + to_h; h++)
		awake_bits[h / 8] = (uint8_t)(awake_bits[h / 8] & ~(1 << h % 8));
}

static struct silence look(struct arena *arena, int days, const struct stretch *gap)
{
	struct contacts c = { .at_ms = times, .n = times_n, .zone = tokyo, .away = gap,
		.away_n = gap != NULL };
	struct silence silence;

	c.awake = (struct awake){ .first = day_ms(0) / 3600000, .bits = awake_bits,
		.hours = (size_t)days * 24 };
	assert_int_equal(silence_find(&c, day_ms(0), day_ms(days), arena, &silence), KS_OK);
	return silence;
}

static void three_days_are_silent(void **state)
{
	struct arena arena;

	(void)state;
	arena_init(&arena, 1 << 20);
	begin(2026, 4, 20);
	for (int day = 0; day < 12; day++)
		talk_on(day, day >= 3 && day <= 5 ? 0 : 24);
	struct silence s = look(&arena, 12, NULL);

	assert_int_equal(s.n, 3);
	assert_int_equal(s.days[0], days_of(2026, 4, 23));
	assert_int_equal(s.days[2], days_of(2026, 4, 25));
	assert_int_equal(s.calendars_n, 0); /* twelve days name no calendar */
	assert_true(s.chance_log10 < -6);
	struct stretch *stretch = silence_stretches(&s, tokyo, &arena);

	assert_int_equal(stretch[0].from_ms, day_ms(3));
	assert_int_equal(stretch[0].to_ms, day_ms(4));
	/* device off, or capture stopped, is no silence */
	asleep_on(4, 0, 24);
	struct stretch gap = { day_ms(5), day_ms(6) };

	s = look(&arena, 12, &gap);
	assert_int_equal(s.n, 1);
	assert_int_equal(s.days[0], days_of(2026, 4, 23));
	/* alone in its capture, it spoke at 02, 08, 12, 14 and 20 h: no outage */
	struct stretch pause = { day_ms(4) + 3 * 3600000LL, day_ms(4) + 8 * 3600000LL };

	begin(2026, 4, 20);
	for (int day = 0; day < 12; day++)
		talk_on(day, day == 4 ? 0 : 48);
	for (int h = 0; h < 24; h++)
		if (h != 2 && h != 8 && h != 12 && h != 14 && h != 20)
			asleep_on(4, h, h + 1);
	assert_int_equal(look(&arena, 12, &pause).n, 1);
	arena_done(&arena);
}

static void rare_or_uneven_talk_is_never_silent(void **state)
{
	struct arena arena;
	static const int uneven[] = { 40, 2, 0, 90, 1, 0, 12, 30, 0, 3, 70, 5 };

	(void)state;
	arena_init(&arena, 1 << 20);
	begin(2026, 4, 20);
	for (int day = 0; day < 12; day++)
		talk_on(day, day == 4 ? 0 : 4); /* exp(-4) is no proof */
	assert_int_equal(look(&arena, 12, NULL).n, 0);
	begin(2026, 4, 20);
	for (int day = 0; day < 12; day++)
		talk_on(day, uneven[day]);
	assert_int_equal(look(&arena, 12, NULL).n, 0);
	begin(2026, 4, 20); /* every weekend is habit */
	for (int day = 0; day < 26; day++)
		talk_on(day, day % 7 >= 5 ? 0 : 50);
	assert_int_equal(look(&arena, 26, NULL).n, 0);
	begin(2026, 4, 20);
	assert_int_equal(look(&arena, 12, NULL).n, 0);
	arena_done(&arena);
}

static void holidays_are_named_from_three_weeks_on(void **state)
{
	struct arena arena;

	(void)state;
	arena_init(&arena, 1 << 20);
	begin(2026, 9, 14); /* China's national days 2026-10-01..07; Japan works */
	for (int day = 0; day < 42; day++)
		talk_on(day, day >= 17 && day <= 23 ? 0 : 30);
	struct silence s = look(&arena, 42, NULL);

	assert_int_equal(s.n, 7);
	assert_true(s.calendars_n >= 1);
	assert_string_equal(s.calendars[0], "CN");
	for (size_t i = 0; i < s.calendars_n; i++)
		assert_string_not_equal(s.calendars[i], "JP");
	static const struct {
		const char *country;
		int year;
		unsigned month;
		int day, from, to; /* silent days after the beginning */
	} weeks[] = {
		{ "CN", 2026, 9, 14, 17, 23 }, /* 1 to 7 October */
		{ "CN", 2026, 4, 13, 18, 22 }, /* 1 to 5 May; Japan's begin on the 3rd */
		{ "CN", 2026, 2, 1, 14, 22 },  /* Spring Festival, 15 to 23 February */
		{ "KR", 2026, 9, 7, 17, 19 },  /* Chuseok */
		{ "JP", 2025, 12, 8, 21, 26 }, /* 29 December to 3 January */
	};

	for (size_t i = 0; i < sizeof weeks / sizeof *weeks; i++) {
		begin(weeks[i].year, weeks[i].month, weeks[i].day);
		for (int day = 0; day < 42; day++)
			talk_on(day, day >= weeks[i].from && day <= weeks[i].to ? 0 : 30);
		s = look(&arena, 42, NULL);
		assert_true(s.calendars_n >= 1);
		assert_string_equal(s.calendars[0], weeks[i].country);
	}
	begin(2026, 8, 31); /* Labor Day and Columbus Day, each alone */
	for (int day = 0; day < 49; day++)
		talk_on(day, day == 7 || day == 42 ? 0 : 30);
	s = look(&arena, 49, NULL);
	assert_int_equal(s.n, 2);
	assert_int_equal(s.calendars_n, 1);
	assert_string_equal(s.calendars[0], "US");
	begin(2026, 9, 14); /* days that are nobody's */
	for (int day = 0; day < 42; day++)
		talk_on(day, day == 2 || day == 23 || day == 30 ? 0 : 30);
	s = look(&arena, 42, NULL);
	assert_int_equal(s.n, 3);
	assert_int_equal(s.calendars_n, 0);
	arena_done(&arena);
}

/* Silent on the days of the Union's offices in India, and working on the weekends that China
 * works in exchange: the calendar that fits is named, and the other is not. */
static void offices_and_worked_weekends(void **state)
{
	struct arena arena;

	(void)state;
	arena_init(&arena, 1 << 20);
	begin(2025, 4, 8); /* Mahavir Jayanti, Good Friday, Buddha Purnima */
	for (int day = 0; day < 42; day++)
		talk_on(day, day == 2 || day == 10 || day == 34 ? 0 : 30);
	struct silence s = look(&arena, 42, NULL);

	assert_int_equal(s.n, 3);
	assert_int_equal(s.calendars_n, 1);
	assert_string_equal(s.calendars[0], "IN");
	begin(2026, 2, 1); /* the Saturdays of 14 and 28 February, which China works */
	for (int day = 0; day < 42; day++)
		talk_on(day, day == 13 || day == 27 ? 0 : 30);
	s = look(&arena, 42, NULL);
	assert_int_equal(s.n, 2);
	assert_int_equal(s.calendars_n, 0);
	arena_done(&arena);
}

static void too_much_is_full(void **state)
{
	struct arena arena;
	struct silence s = { .n = 7 };
	int64_t far[2] = { 0, (LIMIT_CAPTURE_DAYS + 1) * 86400000LL };
	struct contacts c = { .at_ms = far, .n = 2 };

	(void)state;
	arena_init(&arena, 1 << 20);
	assert_int_equal(silence_find(&c, 0, far[1], &arena, &s), KS_FULL);
	assert_int_equal(s.n, 7);
	arena_done(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(three_days_are_silent),
		cmocka_unit_test(rare_or_uneven_talk_is_never_silent),
		cmocka_unit_test(holidays_are_named_from_three_weeks_on),
		cmocka_unit_test(offices_and_worked_weekends),
		cmocka_unit_test(too_much_is_full),
	};

	return cmocka_run_group_tests_name("silence", tests, zone_load, zone_unload);
}
