/* test/unit/test_periodic.c - by the clock or not: beacons that must be found, with the
 * period they keep, and 1,000 seeded relations of chance and of people, of which at most
 * one may be called periodic. */
#include "harness.h"
#include "wire/periodic.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { TIMES = 40000, HOUR = 3600, DAY = 86400 };
static const int64_t start_ms = 1776610800000; /* 2026-04-20 00:00 in Tokyo */

static struct chance {
	uint64_t state;
} chance;
static int64_t times[TIMES];
static size_t times_n;

static double draw(void) /* splitmix64, [0, 1) */
{
	uint64_t z = chance.state += 0x9e3779b97f4a7c15u;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return (double)((z ^ z >> 31) >> 11) / 9007199254740992.0;
}
static double draw_between(double low, double high)
{
	return low + (high - low) * draw();
}
static double draw_gap(double mean)
{
	return -mean * log(1 - draw());
}
static double draw_normal(void)
{
	return sqrt(-2 * log(1 - draw())) * cos(6.283185307179586 * draw());
}

static void come(double s) /* seconds after the start */
{
	if (times_n < TIMES)
		times[times_n++] = start_ms + llround(s * 1000);
}

static int by_time(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static int find(const struct awake *awake, struct periodic *p)
{
	struct contacts contacts = { .at_ms = times, .n = times_n };
	struct arena arena;

	if (awake != NULL)
		contacts.awake = *awake;
	qsort(times, times_n, sizeof *times, by_time);
	arena_init(&arena, 64 << 20);
	int code = periodic_find(&contacts, &arena, p);

	arena_done(&arena);
	return code;
}

/* A timer that starts anew after each contact (drift adds up), or keeps to the clock. */
static void beacon(double days, double period, double jitter, double miss, bool drifts)
{
	times_n = 0;
	for (double due = draw() * period, k = 0; due < days * DAY; k++) {
		double late = jitter * draw_between(-1, 1);

		if (draw() >= miss)
			come(drifts ? due : due + late + jitter);
		due += drifts ? period + late : period;
	}
}

static void keep_hours(double from_h, double to_h)
{
	size_t n = 0;

	for (size_t i = 0; i < times_n; i++) {
		int64_t hour_ms = (times[i] - start_ms) % (DAY * 1000LL);

		if (hour_ms >= (int64_t)(from_h * HOUR * 1000) &&
		    hour_ms < (int64_t)(to_h * HOUR * 1000))
			times[n++] = times[i];
	}
	times_n = n;
}

static void expect_period(const char *what, double period_s, double share)
{
	struct periodic p = { .contacts = 0 };

	if (find(NULL, &p) != KS_OK)
		fail_msg("%s: %zu contacts, not found", what, times_n);
	if (fabs((double)p.period_ms / 1000 - period_s) > share * period_s)
		fail_msg("%s: %.1f s, not %.1f s", what, (double)p.period_ms / 1000, period_s);
}

static const struct {
	const char *what;
	double days, period, jitter, miss;
	bool drifts;
	double from_h, to_h, near;
} beacons[] = {
	{ "hourly, 20 s", 2, 3600, 20, 0, false, 0, 24, 0.001 },
	{ "hourly, 20 s, drifts", 2, 3600, 20, 0, true, 0, 24, 0.003 },
	{ "hourly, one in five missed", 3, 3600, 20, 0.2, false, 0, 24, 0.001 },
	{ "hourly, half missed", 6, 3600, 20, 0.5, false, 0, 24, 0.001 },
	{ "15 min, 20 %", 1, 900, 180, 0, true, 0, 24, 0.03 },
	{ "15 min, 20 %, one in five missed", 2, 900, 180, 0.2, true, 0, 24, 0.05 },
	{ "60 s, 90 %", 1, 60, 54, 0, true, 0, 24, 0.06 },
	{ "60 s, 90 %, one in five missed", 1, 60, 54, 0.2, true, 0, 24, 0.35 },
	{ "10 min, office hours", 2, 600, 10, 0, false, 9, 18, 0.001 },
	{ "10 min, office hours, missed", 3, 600, 10, 0.2, false, 9, 18, 0.001 },
	{ "10 min, two hours awake", 2, 600, 10, 0, false, 9, 11, 0.001 },
	{ "six hours", 4, 21600, 60, 0, false, 0, 24, 0.001 },
	{ "six hours, missed", 8, 21600, 60, 0.2, false, 0, 24, 0.001 },
	{ "one second", 0.02, 1, 0.05, 0, true, 0, 24, 0.01 },
	{ "once a day, three days", 3, DAY, 30, 0, false, 0, 24, 0.001 },
	{ "once a day, missed", 12, DAY, 60, 0.2, false, 0, 24, 0.001 },
	{ "once a week", 28, 7 * DAY, 60, 0, false, 0, 24, 0.001 },
	{ "once a week, missed", 70, 7 * DAY, 60, 0.2, false, 0, 24, 0.001 },
};

static void finds_beacons(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof beacons / sizeof *beacons; i++) {
		size_t found = 0;

		for (uint64_t seed = 1; seed <= 20; seed++) {
			struct periodic p = { .contacts = 0 };

			chance.state = seed * 7919 + i;
			beacon(beacons[i].days, beacons[i].period, beacons[i].jitter,
			    beacons[i].miss, beacons[i].drifts);
			keep_hours(beacons[i].from_h, beacons[i].to_h);
			if (find(NULL, &p) == KS_OK &&
			    fabs((double)p.period_ms / 1000 - beacons[i].period) <=
				beacons[i].near * beacons[i].period)
				found++;
			else
				print_message("# %s seed %d: %zu contacts: %.1f s chance 1e%.1f\n",
				    beacons[i].what, (int)seed, times_n,
				    (double)p.period_ms / 1000, p.chance_log10);
		}
		print_message("# %-34s %zu of 20\n", beacons[i].what, found);
		/* with misses, chance may leave too few contacts to say anything */
		assert_true(found >= (beacons[i].miss > 0 ? 17 : 20));
	}
}

static void chance_poisson(double days, double per_day, double from_h, double to_h)
{
	times_n = 0;
	for (double at = draw_gap(DAY / per_day); at < days * DAY; at += draw_gap(DAY / per_day))
		come(at);
	keep_hours(from_h, to_h);
}

/* People: visits through the day, each of several clicks, with pauses to read. */
static void chance_person(double days, double visits, double clicks, int law)
{
	times_n = 0;
	for (double day = 0; day < days; day++)
		for (double at = 8.5 * HOUR + draw_gap(9 * HOUR / visits); at < 18 * HOUR;
		    at += draw_gap(9 * HOUR / visits)) {
			double n = 1 + floor(draw_gap(clicks));

			for (double k = 0; k < n; k++) {
				come(day * DAY + at);
				at += law == 0 ? draw_gap(20) : law == 1 ? draw_between(1, 60)
				    : 15 * exp(draw_normal());
			}
		}
}

/* n times anywhere in the day or in office hours, the same number each day */
static void chance_counted(double days, double per_day, double from_h, double to_h)
{
	times_n = 0;
	for (double day = 0; day < days; day++)
		for (double k = 0; k < per_day; k++)
			come(day * DAY + HOUR * draw_between(from_h, to_h));
}

static void chance_any(uint64_t seed)
{
	double days = 1 + floor(draw_between(0, 14));
	double per_day = exp(draw_between(log(0.5), log(2000)));

	if (days * per_day > 20000)
		days = 1;
	switch (seed % 8) {
	case 0:
	case 1:
		chance_poisson(days, per_day, 0, 24);
		break;
	case 2:
		chance_poisson(days, per_day, 9, 18);
		break;
	case 3:
	case 4:
	case 5:
		chance_person(days, draw_between(1, 30), draw_between(1, 40), (int)(seed % 3));
		break;
	case 6:
		chance_counted(days, 1 + floor(draw_between(0, 12)), 9, 18);
		break;
	default:
		chance_counted(days, 1 + floor(draw_between(0, 12)), 0, 24);
	}
}

/* usage: test_periodic [CONTROLS]; bench/wire/run draws 20,000 */
static unsigned long controls = 1000;

static void chance_is_not_periodic(void **state)
{
	unsigned long found = 0;

	(void)state;
	for (uint64_t seed = 1; seed <= controls; seed++) {
		struct periodic p;

		chance.state = seed;
		chance_any(seed);
		if (find(NULL, &p) != KS_OK)
			continue;
		found++;
		print_message("# seed %d (law %d): %u contacts, %.1f s, chance 1e%.1f, kind %d\n",
		    (int)seed, (int)(seed % 8), p.contacts, (double)p.period_ms / 1000,
		    p.chance_log10, p.kind);
	}
	print_message("# %lu of %lu called periodic\n", found, controls);
	assert_true(found * 1000 <= controls);
}

/* On whichever side of midnight each comes, it is one a day, at a full minute. */
static void about_midnight_is_a_time_of_day(void **state)
{
	static const struct {
		double at;
		uint8_t kind;
		int32_t of_day_s;
	} cases[] = { { 0, PERIODIC_DAILY, 0 }, { 12 * HOUR, PERIODIC_DAILY, 43200 }, { 0, PERIODIC_WEEKLY, 0 },
		{ DAY - 60, PERIODIC_DAILY, 86340 } };

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		for (unsigned seed = 1; seed <= 5; seed++) {
			struct periodic p = { .contacts = 0 };
			int days = cases[i].kind == PERIODIC_WEEKLY ? 7 : 1;

			chance.state = seed;
			times_n = 0;
			for (int k = 1; k <= 14; k++)
				come(k * days * DAY + 9 * HOUR + cases[i].at + draw_between(-15, 15)); /* it starts at 15:00 */
			assert_int_equal(find(NULL, &p), KS_OK);
			assert_int_equal(p.kind, cases[i].kind);
			assert_int_equal(p.of_day_s, cases[i].of_day_s);
			assert_int_equal(p.contacts, 14);
			assert_int_equal(p.missed, 0);
		}
}

static void two_are_never_periodic(void **state)
{
	struct periodic p = { .contacts = 99 };

	(void)state;
	times_n = 0;
	come(0);
	come(DAY);
	assert_int_equal(find(NULL, &p), KS_ABSENT);
	assert_int_equal(p.contacts, 99); /* untouched */
	come(2 * DAY); /* three are, once a day */
	assert_int_equal(find(NULL, &p), KS_OK);
	assert_int_equal(p.kind, PERIODIC_DAILY);
	assert_int_equal(p.contacts, 3);
	times_n = 0; /* nothing at all, and one */
	assert_int_equal(find(NULL, &p), KS_ABSENT);
}

/* Three connections for each check-in are one contact. */
static void bursts_are_one(void **state)
{
	struct periodic p = { .contacts = 0 };

	(void)state;
	chance.state = 5;
	times_n = 0;
	for (int h = 0; h < 48; h++)
		for (int k = 0; k < 3; k++)
			come(h * HOUR + 10 + 4 * k + draw());
	assert_int_equal(find(NULL, &p), KS_OK);
	assert_int_equal(p.contacts, 48);
	assert_int_equal(p.period_ms, HOUR * 1000);
	assert_int_equal(p.missed, 0);
}

/* The beat within bursts may be as exact as it likes: it is not the period. */
static void a_beat_within_bursts_is_no_period(void **state)
{
	static const struct {
		double every, beat, jitter;
		int days, words;
	} cases[] = {
		{ 2400, 0.7, 0, 8, 2 }, { 2400, 0.7, 0.02, 8, 5 }, { 3600, 0.5, 0.001, 7, 2 },
		{ 7200, 10, 0, 12, 3 }, { 7200, 10, 0.3, 12, 3 }, { 3600, 1, 0, 3, 30 },
		{ 300, 10, 0.01, 2, 5 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct periodic p = { .contacts = 0 };
		double times_of = cases[i].days * DAY / cases[i].every;

		chance.state = 100 + i;
		times_n = 0;
		for (double k = 0; k < times_of; k++) {
			double at = k * cases[i].every + draw_between(-10, 10) + 20;

			for (int word = 0; word < cases[i].words; word++) {
				come(at);
				at += cases[i].beat + cases[i].jitter * draw_normal();
			}
		}
		assert_int_equal(find(NULL, &p), KS_OK);
		if (p.period_ms != llround(cases[i].every * 1000))
			fail_msg("case %d: %.3f s, %u contacts, %u missed", (int)i,
			    (double)p.period_ms / 1000, p.contacts, p.missed);
		assert_int_equal(p.contacts, (uint32_t)times_of);
		assert_int_equal(p.missed, 0);
	}
}

/* The device went off at twenty past: nothing is missed in the rest of that hour. */
static void asleep_from_the_last_word_on(void **state)
{
	uint8_t bits[6];
	struct stretch runs[2];
	struct awake awake = { .first = start_ms / 3600000, .bits = bits, .hours = 48, .runs = runs };
	struct periodic p = { .contacts = 0 };

	(void)state;
	memset(bits, 0, sizeof bits);
	times_n = 0;
	for (int day = 0; day < 2; day++) {
		int64_t from = start_ms + (day * DAY + 8 * HOUR + 1800) * 1000LL;

		runs[awake.runs_n++] = (struct stretch){ from, from + 640 * 60000 };
		for (int h = 8; h < 20; h++)
			bits[(day * 24 + h) / 8] |= (uint8_t)(1u << (day * 24 + h) % 8);
		for (int k = 0; k < 64; k++)
			if (k != 30)
				come(day * DAY + 8 * HOUR + 1800 + k * 600 + 5);
	}
	assert_int_equal(find(&awake, &p), KS_OK);
	assert_int_equal(p.period_ms, 600000);
	assert_int_equal(p.missed, 2);
	awake.runs_n = 0; /* whole hours: what is left of them is missed as well */
	assert_int_equal(find(&awake, &p), KS_OK);
	assert_true(p.missed > 2);
}

static void misses_are_counted_while_awake(void **state)
{
	uint8_t bits[12]; /* four days; asleep from 48 h to 60 h */
	struct awake awake = { .first = start_ms / 3600000, .bits = bits, .hours = 96 };
	struct periodic p = { .contacts = 0 };

	(void)state;
	memset(bits, 0xff, sizeof bits);
	for (int h = 48; h < 60; h++)
		bits[h / 8] = (uint8_t)(bits[h / 8] & ~(1 << h % 8));
	times_n = 0;
	for (int h = 0; h < 96; h++)
		if (h != 10 && h != 11 && h != 30 && (h < 48 || h >= 60))
			come(h * HOUR + 100);
	assert_int_equal(find(&awake, &p), KS_OK);
	assert_int_equal(p.period_ms, HOUR * 1000);
	assert_int_equal(p.contacts, 96 - 3 - 12);
	assert_int_equal(p.missed, 3);
	assert_int_equal(p.jitter_ms, 0);
	struct stretch away = { start_ms + 9 * 3600000LL, start_ms + 12 * 3600000LL };
	struct contacts contacts = { .at_ms = times, .n = times_n, .awake = awake, .away = &away,
		.away_n = 1 };
	struct arena arena;

	arena_init(&arena, 1 << 20);
	assert_int_equal(periodic_find(&contacts, &arena, &p), KS_OK);
	assert_int_equal(p.missed, 1);
	arena_done(&arena);
	arena_init(&arena, 64);
	assert_int_equal(periodic_find(&contacts, &arena, &p), KS_FULL);
	arena_done(&arena);
}

/* Kept by the wall clock, or by UTC, over a change of summer time. */
static void knows_whose_clock(void **state)
{
	static uint8_t bytes[65536];
	struct zone *zone = NULL;
	struct periodic p;
	struct arena arena;
	FILE *file = fopen("/usr/share/zoneinfo/Europe/Berlin", "rb");

	(void)state;
	assert_non_null(file);
	size_t n = fread(bytes, 1, sizeof bytes, file);

	(void)fclose(file);
	assert_int_equal(zone_new(span_of(bytes, n), &zone, NULL), KS_OK);
	for (int utc = 0; utc < 2; utc++) {
		struct civil civil = { .year = 2026, .month = 3, .hour = 3, .minute = 12 };

		times_n = 0;
		for (civil.day = 22; civil.day <= 31; civil.day++)
			times[times_n++] = zone_join(utc ? NULL : zone, &civil);
		struct contacts contacts = { .at_ms = times, .n = times_n, .zone = zone };

		arena_init(&arena, 1 << 20);
		assert_int_equal(periodic_find(&contacts, &arena, &p), KS_OK);
		assert_int_equal(p.kind, PERIODIC_DAILY);
		assert_int_equal(p.clock, utc ? CLOCK_UTC : CLOCK_SITE);
		/* as of late, in local time; 03:12 UTC is 04:12 and from the 29th on 05:12 */
		assert_int_equal(p.of_day_s / 60, (utc ? 5 : 3) * 60 + 12);
		assert_int_equal(p.before_s / 60, (utc ? 4 : 3) * 60 + 12);
		assert_int_equal(p.shift_ms, utc ? times[7] : 0);
		assert_int_equal(p.missed, 0);
		arena_done(&arena);
	}
	zone_free(zone);
}

static struct zone *zone_load(const char *path)
{
	static uint8_t bytes[65536];
	struct zone *zone = NULL;
	FILE *file = fopen(path, "rb");

	assert_non_null(file);
	size_t n = fread(bytes, 1, sizeof bytes, file);

	(void)fclose(file);
	assert_int_equal(zone_new(span_of(bytes, n), &zone, NULL), KS_OK);
	return zone;
}

/* Kept by a clock elsewhere, heard in Tokyo: the time before its change, the time after,
 * and whose clock it is. */
static void summer_time_elsewhere(void **state)
{
	static const struct {
		const char *zone;
		uint8_t clock, month, day, hour;
		int32_t before_s, after_s, shift_day;
	} cases[] = {
		{ "/usr/share/zoneinfo/America/New_York", CLOCK_NORTH_AMERICA, 10, 10, 8,
		    21 * HOUR + 900, 22 * HOUR + 900, 1 },
		{ "/usr/share/zoneinfo/America/Los_Angeles", CLOCK_NORTH_AMERICA, 2, 20, 8,
		    1 * HOUR + 900, 900, 8 },
		{ "/usr/share/zoneinfo/Europe/Berlin", CLOCK_EUROPE, 10, 10, 2, 9 * HOUR + 900,
		    10 * HOUR + 900, 25 },
		{ "/usr/share/zoneinfo/Australia/Sydney", CLOCK_AUSTRALIA, 9, 10, 8, 7 * HOUR + 900,
		    6 * HOUR + 900, 4 },
		{ "/usr/share/zoneinfo/Pacific/Auckland", CLOCK_NEW_ZEALAND, 9, 10, 8,
		    5 * HOUR + 900, 4 * HOUR + 900, 27 },
	};
	struct zone *tokyo = zone_load("/usr/share/zoneinfo/Asia/Tokyo");

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct zone *zone = zone_load(cases[i].zone);
		struct periodic p = { .contacts = 0 };
		struct arena arena;

		chance.state = i;
		times_n = 0;
		for (int day = 0; day < 42; day++) {
			struct civil civil = days_split(days_of(2026, cases[i].month, cases[i].day + day));

			civil.hour = cases[i].hour;
			civil.minute = 15;
			times[times_n++] = zone_join(zone, &civil) + (int64_t)draw_between(-20000, 20000);
		}
		struct contacts contacts = { .at_ms = times, .n = times_n, .zone = tokyo };

		arena_init(&arena, 1 << 20);
		assert_int_equal(periodic_find(&contacts, &arena, &p), KS_OK);
		assert_int_equal(p.kind, PERIODIC_DAILY);
		assert_int_equal(p.clock, cases[i].clock);
		assert_in_range(p.before_s, cases[i].before_s - 30, cases[i].before_s + 30);
		assert_in_range(p.of_day_s, cases[i].after_s - 30, cases[i].after_s + 30);
		struct civil shift = zone_split(zone, p.shift_ms + 12 * HOUR * 1000);

		assert_int_equal(shift.day, cases[i].shift_day);
		assert_int_equal(p.missed, 0);
		assert_true(p.jitter_ms < 40000);
		arena_done(&arena);
		zone_free(zone);
	}
	zone_free(tokyo);
}

static void every_few_days(void **state)
{
	static const struct {
		int apart, times;
	} cases[] = { { 2, 18 }, { 3, 12 }, { 5, 7 }, { 2, 5 }, { 10, 5 }, { 3, 4 } };

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct periodic p = { .contacts = 0 };

		chance.state = i;
		times_n = 0;
		for (int k = 0; k < cases[i].times; k++)
			come(k * cases[i].apart * DAY + 10 * HOUR + draw_between(-60, 60));
		assert_int_equal(find(NULL, &p), KS_OK);
		assert_int_equal(p.kind, PERIODIC_DAILY);
		assert_int_equal(p.period_ms, cases[i].apart * DAY * 1000LL);
		assert_int_equal(p.missed, 0);
		assert_in_range(p.of_day_s, 3540, 3660); /* 10:00 in Tokyo, by UTC */
	}
	/* two of twelve missed: still each day; one in ten beside the rhythm: still each third */
	struct periodic p = { .contacts = 0 };

	times_n = 0;
	for (int k = 0; k < 12; k++)
		if (k != 4 && k != 5)
			come(k * DAY + 10 * HOUR);
	assert_int_equal(find(NULL, &p), KS_OK);
	assert_int_equal(p.period_ms, DAY * 1000LL);
	assert_int_equal(p.missed, 2);
	times_n = 0;
	for (int k = 0; k < 12; k++)
		if (k != 4)
			come(k * 3 * DAY + 10 * HOUR + 60);
	come(8 * 3 * DAY + DAY + 10 * HOUR);
	assert_int_equal(find(NULL, &p), KS_OK);
	assert_int_equal(p.period_ms, 3 * DAY * 1000LL);
	assert_int_equal(p.missed, 1);
}

static void on_some_weekdays(void **state)
{
	static const struct {
		uint8_t weekdays;
		int weeks;
	} cases[] = { { 0x09, 5 }, { 0x1f, 4 }, { 0x15, 3 } };

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct periodic p = { .contacts = 0 };

		chance.state = i;
		times_n = 0;
		for (int day = 0; day < cases[i].weeks * 7; day++) /* the start is a Monday */
			if (cases[i].weekdays >> day % 7 & 1 && day != 10)
				come(day * DAY + 10 * HOUR + draw_between(-30, 30));
		assert_int_equal(find(NULL, &p), KS_OK);
		assert_int_equal(p.kind, PERIODIC_WEEKLY);
		assert_int_equal(p.weekdays, cases[i].weekdays);
		assert_int_equal(p.missed, cases[i].weekdays >> 3 & 1);
	}
}

/* People who come on some forenoons, or at lunch, have no appointment. */
static void forenoons_are_no_appointment(void **state)
{
	enum { PEOPLE = 3000 };
	unsigned found = 0;

	(void)state;
	for (uint64_t seed = 1; seed <= PEOPLE; seed++) {
		struct periodic p;
		int days = 5 + (int)(draw() * 17);

		chance.state = seed + 5000;
		times_n = 0;
		for (int day = 0; day < days; day++)
			for (int visit = (int)(draw() * 3); visit > 0; visit--) {
				double at = seed % 2 ? draw_between(9, 12) * HOUR
				    : 11 * HOUR + 5000 * draw_normal();

				for (double clicks = 1 + floor(draw() * 6); clicks > 0; clicks--) {
					come(day * DAY + at);
					at += exp(3 + 1.2 * draw_normal());
				}
			}
		if (times_n == 0 || find(NULL, &p) != KS_OK)
			continue;
		found++;
		print_message("# seed %d: %u contacts, %.1f s, %u missed, chance 1e%.1f, kind %d\n",
		    (int)seed, p.contacts, (double)p.period_ms / 1000, p.missed, p.chance_log10, p.kind);
	}
	print_message("# %u of %u forenoons called periodic\n", found, (unsigned)PEOPLE);
	assert_true(found * 1000 <= PEOPLE);
}

static void weekly_says_the_day(void **state)
{
	struct periodic p;

	(void)state;
	chance.state = 3;
	times_n = 0;
	for (int week = 0; week < 5; week++) /* 2026-04-21 15:30 UTC, a Tuesday */
		if (week != 2)
			come(week * 7 * DAY + DAY + HOUR * 0.5 + draw_between(-60, 60));
	assert_int_equal(find(NULL, &p), KS_OK);
	assert_int_equal(p.kind, PERIODIC_WEEKLY);
	assert_int_equal(p.weekday, 1 - 1); /* the start is Sunday 15:00 UTC: a Monday */
	assert_in_range(p.of_day_s, 15 * HOUR + 1700, 15 * HOUR + 1900);
	assert_int_equal(p.missed, 1);
	assert_int_equal(p.contacts, 4);
}

static void jitter_is_said(void **state)
{
	struct periodic p;

	(void)state;
	chance.state = 11;
	beacon(9, 900, 180, 0, true);
	assert_int_equal(find(NULL, &p), KS_OK);
	assert_int_equal(p.period_ms, 900000); /* the round number that it may be */
	assert_in_range(p.jitter_ms, 80000, 100000); /* median of 0..180 s */
	assert_int_equal(p.missed, 0);
	expect_period("again", 900, 0);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_beacons),
		cmocka_unit_test(chance_is_not_periodic),
		cmocka_unit_test(about_midnight_is_a_time_of_day),
		cmocka_unit_test(two_are_never_periodic),
		cmocka_unit_test(bursts_are_one),
		cmocka_unit_test(a_beat_within_bursts_is_no_period),
		cmocka_unit_test(asleep_from_the_last_word_on),
		cmocka_unit_test(misses_are_counted_while_awake),
		cmocka_unit_test(knows_whose_clock),
		cmocka_unit_test(summer_time_elsewhere),
		cmocka_unit_test(every_few_days),
		cmocka_unit_test(on_some_weekdays),
		cmocka_unit_test(forenoons_are_no_appointment),
		cmocka_unit_test(weekly_says_the_day),
		cmocka_unit_test(jitter_is_said),
	};

	if (argc > 1)
		controls = strtoul(argv[1], NULL, 10);
	return cmocka_run_group_tests_name("periodic", tests, NULL, NULL);
}
