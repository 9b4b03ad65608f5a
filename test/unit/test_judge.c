/* test/unit/test_judge.c - each rule of the judge on both sides of its limit. */
#include "harness.h"
#include "court.h"
#include <stdio.h>
#include <stdlib.h>

#define ROOM "site s tz=UTC\nroom r1 volume=40m3\nrack k1 room=r1\n"
#define ONE ROOM "sensor t1 via=snmp address=192.0.2.1 at=r1 kind=temperature read=1.3 every=10s\n"

/* Lets a series say the same for so many ticks. */
static void hold(struct court *court, uint32_t number, int64_t milli, int ticks)
{
	for (int i = 0; i < ticks; i++) {
		court_say(court, number, milli);
		court_tick(court);
	}
}

static void ramp(struct court *court, uint32_t number, int64_t from, int64_t to, int ticks)
{
	for (int i = 0; i <= ticks; i++) {
		court_say(court, number, from + (to - from) * i / ticks);
		court_tick(court);
	}
}

static void hot_begins_at_the_first_reading_over(void **state)
{
	(void)state;
	struct court *court = court_new(ONE);

	court_series(court, 1, "t1", MEASURE_TEMPERATURE);
	hold(court, 1, 29500, 30);
	hold(court, 1, 30000, 30); /* at the limit is not above it */
	assert_int_equal(court_count(court, FINDING_HOT), 0);
	int64_t first = court->now;

	hold(court, 1, 30100, 6);
	assert_int_equal(court_count(court, FINDING_HOT), 0);
	hold(court, 1, 30100, 2);
	const struct finding *hot = court_last(court, FINDING_HOT);

	assert_non_null(hot);
	assert_int_equal(hot->since_ms, first);
	assert_int_equal(hot->severity, SEVERITY_WARNING);
	assert_int_equal(hot->subject_kind, SUBJECT_ROOM);
	assert_string_equal(hot->subject, "r1");
	assert_int_equal(hot->limit_milli, 30000);
	hold(court, 1, 29200, 60); /* inside, but not by the hysteresis */
	assert_int_equal(court_open(court, FINDING_HOT), 1);
	int64_t back = court->now;

	hold(court, 1, 28900, 14);
	hot = court_last(court, FINDING_HOT);
	assert_int_equal(hot->ended_ms, back);
	court_free(court);
}

static void hot_grows_critical_and_stays_one_finding(void **state)
{
	(void)state;
	struct court *court = court_new(ONE);

	court_series(court, 1, "t1", MEASURE_TEMPERATURE);
	hold(court, 1, 25000, 60);
	ramp(court, 1, 25000, 36000, 600);
	hold(court, 1, 36000, 20);
	assert_int_equal(court_count(court, FINDING_HOT), 1);
	assert_int_equal(court_last(court, FINDING_HOT)->severity, SEVERITY_CRITICAL);
	assert_int_equal(court_last(court, FINDING_HOT)->limit_milli, 35000);
	struct verdict verdict;

	judge_verdict(court->judge, court->now, &verdict);
	assert_int_equal(verdict.severity, SEVERITY_CRITICAL);
	assert_int_equal(verdict.worst.code, FINDING_HOT);
	assert_int_equal(verdict.todo[0], TODO_RESTART_COOLING);
	assert_int_equal(verdict.todo[2], TODO_SHUT_DOWN_ORDERLY);
	court_free(court);
}

static void one_outlier_is_nothing(void **state)
{
	(void)state;
	struct court *court = court_new(ONE);

	court_series(court, 1, "t1", MEASURE_TEMPERATURE);
	hold(court, 1, 24000, 60);
	hold(court, 1, 60000, 1);
	assert_int_equal(court->quality, QUALITY_UNTRUSTED);
	assert_int_equal(court->doubt, DOUBT_JUMP);
	hold(court, 1, 24000, 60);
	assert_int_equal(court->records, 0);
	court_free(court);
}

static void a_normal_day_is_silent(void **state)
{
	(void)state;
	struct court *court = court_new(ONE);

	court_series(court, 1, "t1", MEASURE_TEMPERATURE);
	srand(1);
	for (int i = 0; i < 8640; i++) {
		court_say(court, 1, 22000 + (i / 90 % 20 < 10 ? i / 90 % 10 : 10 - i / 90 % 10) * 200 +
			rand() % 100);
		court_tick(court);
	}
	assert_int_equal(court->records, 0);
	court_free(court);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hot_begins_at_the_first_reading_over),
		cmocka_unit_test(hot_grows_critical_and_stays_one_finding),
		cmocka_unit_test(one_outlier_is_nothing),
		cmocka_unit_test(a_normal_day_is_silent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
