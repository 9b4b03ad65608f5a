/* How a room's air goes on, and by which limits a series is judged. */
#include "harness.h"
#include "court.h"
#include "judge/outlook.h"

#define ROOM "site s tz=UTC\nroom r1 limit=30C critical=35C\nroom r2\nrack k room=r2\n"
#define T1 "sensor t1 via=w1 address=a at=r1 kind=temperature every=10s\n"
#define T2 "sensor t2 via=w1 address=b at=k.1 kind=temperature every=10s\n"
#define T3 "sensor t3 via=w1 address=c at=r1 kind=temperature limit=29C every=10s\n"
#define H1 "sensor h1 via=w1 address=d at=r1 kind=humidity every=10s\n"

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

static void limits_are_those_it_is_judged_by(void **state)
{
	struct court *court = court_new(ROOM T1 T2 T3 H1 "host h address=a\n");

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
	assert_int_equal(judge_limits(court->judge, 77).high_warning, INT64_MAX);
	court_free(court);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rooms_that_warm_have_levels),
		cmocka_unit_test(levels_go_on_beyond_the_last_limit),
		cmocka_unit_test(limits_are_those_it_is_judged_by),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
