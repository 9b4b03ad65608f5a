/* test/unit/test_judge_reborn.c - devices that never answer, and a poller that was started
 * again: what is known of a sensor outlives both. */
#include "court.h"
#include "harness.h"
#include "judge/state.h"
#include <stdio.h>

#define ROOM "site s tz=UTC volt=200\nroom r1 volume=40m3\n"
#define T(id) "sensor " id " via=snmp address=192.0.2.1 at=r1 kind=temperature read=1.3 every=10s\n"
#define ALL(id) "sensor " id " via=snmp address=192.0.2.2 at=r1 every=10s\n"

/* What a poll that failed says: its reach, and no value of each series it knows. */
static void fail_poll(struct court *court, uint32_t reach, uint32_t series, enum doubt doubt)
{
	court_take(court, &(struct reading){ .series = reach, .time_ms = court->now,
		.kind = MEASURE_REACH, .doubt = (uint8_t)doubt,
		.quality = doubt == DOUBT_SILENT ? QUALITY_OK : QUALITY_UNTRUSTED,
		.milli = doubt == DOUBT_SILENT ? 0 : 1000 });
	if (series != 0)
		court_bad(court, series, QUALITY_ABSENT, doubt);
}

/* The poller backs off: it asks at 10, 30, 70, 150 s and says each time that it failed. */
static void a_dead_device_stays_one_finding(enum doubt doubt, enum finding_code code)
{
	struct court *court = court_new(ROOM T("t1"));
	struct verdict verdict;

	court_series_as(court, 1, "t1", MEASURE_REACH, "t1:reach");
	court_series(court, 2, "t1", MEASURE_TEMPERATURE);
	for (int i = 0; i < 10; i++) {
		court_say(court, 1, 1000);
		court_say(court, 2, 22000);
		court_tick(court);
	}
	assert_int_equal(court->records, 0);
	for (int i = 0, next = 1, wait = 2; i < 120; i++) {
		if (i == next) {
			fail_poll(court, 1, 2, doubt);
			next += wait;
			wait = wait < 30 ? wait * 2 : wait;
		}
		court_tick(court);
		if (i == 3)
			assert_int_equal(court_open(court, code), 1);
	}
	assert_int_equal(court_count(court, code), 1);
	assert_int_equal(court_open(court, code), 1);
	assert_int_equal(court_last(court, code)->doubt, doubt);
	assert_int_equal(court_open(court, FINDING_ROOM_BLIND), 1);
	judge_verdict(court->judge, court->now, &verdict);
	assert_int_equal(verdict.sensors_ok, 0);
	assert_int_equal(verdict.sensors_bad, 1);
	judge_gap(court->judge, court->now, court->now + MIN);
	court->now += MIN;
	for (int i = 0; i < 6; i++)
		court_tick(court);
	assert_int_equal(court_open(court, code), 1);
	for (int i = 0; i < 3; i++) {
		court_say(court, 2, 22000);
		court_tick(court);
	}
	assert_int_equal(court_open(court, code), 0);
	assert_int_equal(court_count(court, code), 1);
	court_free(court);
}

static void silence_does_not_flap(void **state)
{
	(void)state;
	a_dead_device_stays_one_finding(DOUBT_SILENT, FINDING_SILENT);
	a_dead_device_stays_one_finding(DOUBT_REFUSED, FINDING_SILENT);
}

/* After a start nothing of it is known but that nobody answers. */
static void who_never_answered_is_told(void **state)
{
	(void)state;
	static const struct {
		enum doubt doubt;
		enum finding_code code;
	} rows[] = { { DOUBT_SILENT, FINDING_SILENT }, { DOUBT_REFUSED, FINDING_ABSENT },
		{ DOUBT_MALFORMED, FINDING_ABSENT } };

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct court *court = court_new(ROOM ALL("t1"));
		struct verdict verdict;

		court_series_as(court, 1, "t1", MEASURE_REACH, "t1:reach");
		for (int j = 0; j < 60; j++) {
			if (__builtin_popcount((unsigned)j) == 1)
				fail_poll(court, 1, 0, rows[i].doubt);
			court_tick(court);
			if (j == 2)
				assert_int_equal(court_open(court, rows[i].code), 1);
		}
		assert_int_equal(court_count(court, rows[i].code), 1);
		assert_int_equal(court_open(court, rows[i].code), 1);
		assert_int_equal(court_last(court, rows[i].code)->doubt, rows[i].doubt);
		assert_int_equal(court_open(court, FINDING_ROOM_BLIND), 1);
		judge_verdict(court->judge, court->now, &verdict);
		assert_true(verdict.measuring);
		assert_int_equal(verdict.sensors_ok, 0);
		assert_int_equal(verdict.sensors_bad, 1);
		judge_gap(court->judge, court->now, court->now + MIN);
		court->now += MIN;
		court_tick(court);
		assert_int_equal(court_open(court, rows[i].code), 1);
		court_series_as(court, 2, "t1", MEASURE_TEMPERATURE, "t1.temp");
		court_say(court, 1, 1000);
		court_say(court, 2, 22000);
		court_tick(court);
		assert_int_equal(court_open(court, rows[i].code), 0);
		assert_int_equal(court_open(court, FINDING_ROOM_BLIND), 0);
		court_free(court);
	}
}

/* Ports without a sensor are nobody's loss; a line of nothing but those is one. */
static void a_line_of_empty_ports_gives_nothing(void **state)
{
	(void)state;
	struct court *court = court_new(ROOM ALL("t1"));

	court_series_as(court, 2, "t1", MEASURE_TEMPERATURE, "t1.port");
	for (int j = 0; j < 6; j++) {
		court_bad(court, 2, QUALITY_ABSENT, DOUBT_EMPTY);
		court_tick(court);
	}
	assert_int_equal(court_open(court, FINDING_ABSENT), 1);
	assert_int_equal(court_last(court, FINDING_ABSENT)->doubt, DOUBT_EMPTY);
	assert_int_equal(court_open(court, FINDING_ROOM_BLIND), 1);
	court_free(court);
}

static void garbage_is_no_silence(void **state)
{
	(void)state;
	a_dead_device_stays_one_finding(DOUBT_MALFORMED, FINDING_ABSENT);
}

/* A poller started again numbers all anew, in any order; no sensor is gone for it. */
static void new_numbers_are_no_new_sensors(void **state)
{
	(void)state;
	struct court *court = court_new(ROOM T("a") T("b") T("c"));
	static const char *const ids[] = { "a", "b", "c" };

	for (uint32_t life = 0; life < 60; life++) {
		uint32_t first = life % 2 == 0 ? 1 : 1 + 3 * life;

		for (uint32_t i = 0; i < 3; i++)
			court_series(court, first + i, ids[(life + i) % 3], MEASURE_TEMPERATURE);
		for (int j = 0; j < 12; j++) {
			for (uint32_t i = 0; i < 3; i++)
				court_say(court, first + i, life < 2 ? 22000 : 36000);
			court_tick(court);
		}
		if (life == 2)
			assert_int_equal(court_open(court, FINDING_HOT), 1);
	}
	assert_int_equal(court->judge->tracks_n, 3);
	assert_int_equal(court_count(court, FINDING_HOT), 1);
	assert_int_equal(court_count(court, FINDING_ABSENT), 0);
	assert_int_equal(court_count(court, FINDING_SILENT), 0);
	court_free(court);
}

/* One thermometer, asked every 10 s: believed again at the third reading; a room whose
 * thermometer answers is not blind. */
static void what_is_hot_from_the_start_is_told_soon(void **state)
{
	(void)state;
	struct court *court = court_new(ROOM T("t1"));

	court_series(court, 1, "t1", MEASURE_TEMPERATURE);
	for (int i = 0; i < 3; i++) {
		court_say(court, 1, 36000);
		court_tick(court);
	}
	assert_int_equal(court_open(court, FINDING_HOT), 1);
	assert_int_equal(court_last(court, FINDING_HOT)->severity, SEVERITY_CRITICAL);
	court_free(court);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(silence_does_not_flap),
		cmocka_unit_test(who_never_answered_is_told),
		cmocka_unit_test(a_line_of_empty_ports_gives_nothing),
		cmocka_unit_test(garbage_is_no_silence),
		cmocka_unit_test(new_numbers_are_no_new_sensors),
		cmocka_unit_test(what_is_hot_from_the_start_is_told_soon),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
