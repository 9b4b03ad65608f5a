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

/* The clock jumps 10,000 times under hosts, a switch and power: nobody is down, nothing
 * is over.  (Of thermometers alone: test_judge_sense.c.) */
static void jumps_of_the_clock_lose_no_host(void **state)
{
	(void)state;
	struct court *court = court_new(ONE "feed f\nups u from=f\npdu p from=u amps=10A\n"
	    "device sw address=a every=10s\nhost h1 rack=k1 cords=p behind=sw address=b every=10s\n"
	    "host h2 rack=k1 cords=p behind=sw address=c every=10s\n"
	    "sensor w via=snmp address=d on=p kind=power read=1 every=10s\n"
	    "sensor us via=nut address=e on=u every=10s\n");
	static const int64_t scales[] = { SEC, 10 * SEC, MIN, HR, 24LL * HR, 365LL * 24 * HR };
	uint64_t seed = 11;
	static int64_t uptime;

	court_series(court, 1, "t1", MEASURE_TEMPERATURE);
	court_series(court, 2, "sw", MEASURE_REACH);
	court_series(court, 3, "h1", MEASURE_REACH);
	court_series(court, 4, "h2", MEASURE_REACH);
	court_series(court, 5, "w", MEASURE_POWER);
	court_series_as(court, 6, "us", MEASURE_STATE, "us.state");
	court_series_as(court, 7, "us", MEASURE_CHARGE, "us.charge");
	court_series_as(court, 8, "us", MEASURE_RUNTIME, "us.runtime");
	court_series_as(court, 9, "h1", MEASURE_UPTIME, "h1.up");
	for (int i = 0; i < 10000; i++) {
		seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
		int64_t jump = (int64_t)(seed >> 33) % scales[i % 6] + scales[i % 6] / 2;

		jump = seed >> 20 & 1 ? -jump : jump;
		court->now += court->now + jump > 0 ? jump : 0;
		if (seed >> 21 & 1)
			judge_tick(court->judge, court->now);
		court_say(court, 1, 22000 + i % 3 * 100);
		court_say(court, 2, i % 50 == 7 ? 0 : 1000); /* a lost probe now and then */
		court_say(court, 3, i % 50 == 8 ? 0 : 1000);
		court_say(court, 4, 1000);
		court_say(court, 5, i % 40 == 0 ? 1700000 : 1500000);
		court_state(court, 6, "OL", SEVERITY_OK);
		court_say(court, 7, 100000);
		court_say(court, 8, 30000);
		court_say(court, 9, uptime += 10000);
		court_tick(court);
	}
	assert_int_equal(court->records, 0);
	assert_int_equal(court->disorder, 0);
	/* and what is true is found between two jumps */
	for (int i = 0; i < 12; i++) {
		court->now += i % 2 == 0 ? 24LL * HR : -24LL * HR;
		court_say(court, 1, 22000 + i % 3 * 100);
		court_say(court, 2, 1000);
		court_say(court, 3, 0);
		court_say(court, 4, 1000);
		court_say(court, 5, 1700000);
		court_tick(court);
	}
	assert_int_equal(court_open(court, FINDING_HOST_DOWN), 1);
	assert_int_equal(court_open(court, FINDING_OVERLOAD), 1);
	court_free(court);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hot_begins_at_the_first_reading_over),
		cmocka_unit_test(hot_grows_critical_and_stays_one_finding),
		cmocka_unit_test(one_outlier_is_nothing),
		cmocka_unit_test(a_normal_day_is_silent),
		cmocka_unit_test(jumps_of_the_clock_lose_no_host),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
