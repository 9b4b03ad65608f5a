/* How a room's air goes on, and by which limits a series is judged. */
#include "harness.h"
#include "court.h"
#include "judge/outlook.h"
#include <math.h>


#define ROOM "site s tz=UTC\nroom r1 limit=30C critical=35C\nroom r2\nrack k room=r2\n"
#define T1 "sensor t1 via=w1 address=a at=r1 kind=temperature every=10s\n"
#define T2 "sensor t2 via=w1 address=b at=k.1 kind=temperature every=10s\n"
#define T3 "sensor t3 via=w1 address=c at=r1 kind=temperature limit=29C every=10s\n"
#define H1 "sensor h1 via=w1 address=d at=r1 kind=humidity every=10s\n"

#define T4 "sensor t4 via=w1 address=d at=k2.1 kind=temperature every=10s\n"
#define T5 "sensor t5 via=w1 address=e at=k2.2 kind=temperature every=10s\n"
#define T6 "sensor t6 via=w1 address=f at=k2.3 kind=temperature every=10s\n"

/* t1 warms by `mk` a ten seconds after a calm hour; t2 stays. */
static void warm(struct court *court, int64_t mk, int minutes)
{
	for (int i = 0; i < (60 + minutes) * 6; i++) {
		court_say(court, 1, 24000 + (i > 360 ? (i - 360) * mk : 0) + i % 3 * 20);
		court_say(court, 2, 22000 + i % 3 * 20);
		court_tick(court);
	}
}

static void rooms_that_warm_have_levels(void **state)
{
	struct court *court = court_new(ROOM T1 T2);
	struct outlook list[2];

	(void)state;
	court_series(court, 1, "t1", MEASURE_TEMPERATURE);
	court_series(court, 2, "t2", MEASURE_TEMPERATURE);
	assert_int_equal(judge_outlooks(court->judge, 2, list), 0);
	warm(court, 10, 50);
	assert_int_equal(judge_outlooks(court->judge, 2, list), 2);
	assert_int_equal(list[0].room, 0); /* the one that heads for a limit first */
	assert_int_equal(list[0].warning, 30000);
	assert_int_equal(list[0].critical, 35000);
	assert_true(list[0].levels_n > 3);
	assert_in_range(list[0].rise_mk_h, 2000, 4000);
	for (uint32_t i = 1; i < list[0].levels_n; i++) {
		const struct outlook_level *level = &list[0].levels[i];

		assert_true(level->milli > level[-1].milli && level->mid_s > level[-1].mid_s);
		assert_true(level->low_s <= level->mid_s && level->mid_s <= level->high_s);
	}
	assert_int_equal(list[1].room, 1);
	assert_int_equal(list[1].levels_n, 0);
	assert_in_range(list[1].rise_mk_h + 1000, 900, 1100);
	assert_int_equal(judge_outlooks(court->judge, 1, list), 1);
	assert_int_equal(list[0].room, 0);
	assert_int_equal(judge_outlooks(court->judge, 0, list), 0);
	court_free(court);
}

/* Beyond the critical limit the levels go on above what is measured. */
static void levels_go_on_beyond_the_last_limit(void **state)
{
	struct court *court = court_new("site s tz=UTC\nroom r1 limit=25C critical=26C\n" T1);
	struct outlook one;

	(void)state;
	court_series(court, 1, "t1", MEASURE_TEMPERATURE);
	court_series(court, 2, "t1", MEASURE_HUMIDITY);
	warm(court, 10, 50);
	assert_int_equal(judge_outlooks(court->judge, 1, &one), 1);
	assert_int_equal(one.critical, 26000);
	assert_int_equal(one.levels_n, 0); /* no limit is ahead: nothing is foretold */
	court_free(court);
}

/* Rooms known by their racks' inlets alone; the one that reaches its limit first leads. */
static void the_nearest_leads(void **state)
{
	struct court *court = court_new("site s tz=UTC\nroom r1\nroom r2\nroom r3\n"
		"rack k1 room=r1\nrack k2 room=r2\n"
		"sensor t1 via=w1 address=a at=r1 kind=temperature limit=28C every=10s\n"
		"sensor t2 via=w1 address=b at=k2.1 kind=temperature every=10s\n"
		"sensor t3 via=w1 address=c at=r3 kind=temperature limit=60C critical=70C every=10s\n");
	struct outlook list[3];

	(void)state;
	court_series(court, 1, "t1", MEASURE_TEMPERATURE);
	court_series(court, 2, "t2", MEASURE_TEMPERATURE);
	court_series(court, 3, "t3", MEASURE_TEMPERATURE);
	for (int i = 0; i < 110 * 6; i++) {
		int64_t up = i > 360 ? i - 360 : 0;

		SAY(court, 1, 20000 + up * 10, 20000 + up * 12, i < 5 ? NOT : 20000 + up * 15);
		if (i == 1)
			(void)judge_outlooks(court->judge, 3, list); /* not a minute yet */
		if (i == 20) {
			assert_int_equal(judge_outlooks(court->judge, 3, list), 3);
			assert_int_equal(list[0].rise_mk_h, INT64_MIN); /* no hour is known yet */
		}
	}
	/* the levels of one room a call are made */
	for (int i = 0; i < 3; i++)
		assert_int_equal(judge_outlooks(court->judge, 3, list), 3);
	assert_int_equal(list[0].room, 1);
	assert_int_equal(list[0].critical, limits_default(MEASURE_TEMPERATURE, PLACE_INLET).high_critical);
	assert_true(list[0].levels_n > 2);
	assert_int_equal(list[1].room, 0);
	assert_int_equal(list[1].critical, INT64_MAX);
	assert_true(list[1].levels_n > 2 && list[1].levels[7].milli == list[1].levels[0].milli + 6000);
	assert_int_equal(judge_outlooks(court->judge, 2, list), 2);
	assert_int_equal(list[0].room, 1);
	assert_int_equal(list[1].room, 0);
	assert_int_equal(judge_outlooks(court->judge, 1, list), 1);
	assert_int_equal(list[0].room, 1);
	court_free(court);
}

/* Three inlets of one room warm together, towards `most` with that time constant, and at the
 * end the hottest runs away by some kelvins, so that it is above all limits. */
static struct outlook one_runs_away(double most_mk, double tau, int minutes)
{
	struct court *court = court_new("site s tz=UTC\nroom r2\nrack k2 room=r2\n" T4 T5 T6);
	struct outlook one;

	court_series(court, 1, "t4", MEASURE_TEMPERATURE);
	court_series(court, 2, "t5", MEASURE_TEMPERATURE);
	court_series(court, 3, "t6", MEASURE_TEMPERATURE);
	for (int i = 0, last = (60 + minutes) * 6; i < last; i++) {
		double passed = i > 360 ? (i - 360) / 6.0 : 0;
		int64_t air = 20000 + (int64_t)(most_mk * (1 - exp(-passed / tau)));

		SAY(court, 1, air, air + 100, air + 200 + (i > last - 14 ? (i - last + 14) * 1100 : 0));
	}
	assert_int_equal(judge_outlooks(court->judge, 1, &one), 1);
	court_free(court);
	return one;
}

static void above_the_last_limit(void **state)
{
	/* what the room's median will never reach is not foretold */
	struct outlook one = one_runs_away(7400, 30, 84);

	(void)state;
	assert_int_equal(one.levels_n, 0);
	/* a higher level is not passed before a lower one, however uncertain both are */
	one = one_runs_away(3600000, 50000, 50);
	assert_true(one.levels_n > 3 && one.levels[0].milli > one.critical);
	for (uint32_t i = 1; i < one.levels_n; i++)
		assert_true(one.levels[i].mid_s >= one.levels[i - 1].mid_s &&
		    one.levels[i].high_s >= one.levels[i - 1].high_s);
}

/* keisoku is started because it gets warm: there is no calm to compare with. */
static void a_rise_from_the_start_is_foretold(void **state)
{
	struct court *court = court_new(ROOM T1);
	struct outlook one;

	(void)state;
	court_series(court, 1, "t1", MEASURE_TEMPERATURE);
	for (int i = 0; i < 70 * 6; i++) {
		SAY(court, 1, 24000 + i * 11);
		if (i == 25 * 6) {
			assert_int_equal(judge_outlooks(court->judge, 1, &one), 1);
			assert_int_equal(one.levels_n, 0); /* too soon to say */
		}
	}
	assert_int_equal(judge_outlooks(court->judge, 1, &one), 1);
	assert_true(one.levels_n > 2); /* 28.6 C, 4 K an hour: 30 C in 21 min, 35 C in 97 min */
	assert_int_equal(court_count(court, FINDING_HEADING), 1);
	assert_in_range(court_last(court, FINDING_HEADING)->next.mid_s, 60 * 60, 150 * 60);
	court_free(court);
}

static void limits_are_those_it_is_judged_by(void **state)
{
	struct court *court = court_new(ROOM T1 T2 T3 H1 "host h address=a\n"
		"sensor o1 via=w1 address=g at=k.2 kind=temperature place=outlet every=10s\n"
		"sensor h2 via=w1 address=g at=k.2 kind=humidity every=10s\n");

	(void)state;
	court_series(court, 1, "t1", MEASURE_TEMPERATURE);
	court_series(court, 2, "t2", MEASURE_TEMPERATURE);
	court_series(court, 3, "t3", MEASURE_TEMPERATURE);
	court_series(court, 4, "h1", MEASURE_HUMIDITY);
	court_series(court, 5, "h", MEASURE_REACH);
	assert_int_equal(judge_limits(court->judge, 1).high_warning, 30000);
	assert_int_equal(judge_limits(court->judge, 1).high_critical, 35000);
	assert_int_equal(judge_limits(court->judge, 2).high_warning, 27000);
	assert_int_equal(judge_limits(court->judge, 3).high_warning, 29000);
	assert_int_equal(judge_limits(court->judge, 4).high_warning, 80000);
	assert_int_equal(judge_limits(court->judge, 5).high_warning, INT64_MAX);
	court_series(court, 6, "o1", MEASURE_TEMPERATURE);
	court_series(court, 7, "h2", MEASURE_HUMIDITY);
	court_series(court, 8, "h2", MEASURE_DEW_POINT);
	for (uint32_t i = 6; i < 9; i++)
		assert_int_equal(judge_limits(court->judge, i).low_warning, INT64_MIN);
	assert_int_equal(judge_limits(court->judge, 77).high_warning, INT64_MAX);
	assert_int_equal(judge_limits(court->judge, UINT32_MAX).high_warning, INT64_MAX);
	court_free(court);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rooms_that_warm_have_levels),
		cmocka_unit_test(levels_go_on_beyond_the_last_limit),
		cmocka_unit_test(the_nearest_leads),
		cmocka_unit_test(above_the_last_limit),
		cmocka_unit_test(a_rise_from_the_start_is_foretold),
		cmocka_unit_test(limits_are_those_it_is_judged_by),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
