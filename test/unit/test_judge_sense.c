/* test/unit/test_judge_sense.c - which sensors are believed; power; cooling; air. */
#include "harness.h"
#include "court.h"
#include <stdio.h>
#include <stdlib.h>

#define ROOM COURT_ROOM
#define T(id) COURT_T(id)
#define THREE ROOM T("t1") T("t2") T("t3")

static void a_lying_sensor_neither_raises_nor_hides_heat(void **state)
{
	(void)state;
	struct court *court = court_three();

	court_say_three(court, 60000, 22500, 23000, 400);
	assert_int_equal(court->doubt, DOUBT_JUMP);
	assert_int_equal(court_count(court, FINDING_HOT), 0);
	assert_int_equal(court_open(court, FINDING_UNTRUSTED), 1);
	assert_int_equal(court_last(court, FINDING_UNTRUSTED)->doubt, DOUBT_JUMP);
	for (int i = 0; i <= 200; i++)
		court_say_three(court, 22000, 22500 + i * 50, 23000 + i * 50, 1);
	court_say_three(court, 22000, 32500, 33000, 20);
	assert_int_equal(court_open(court, FINDING_HOT), 1);
	court_free(court);
}

static void two_that_jump_are_believed(void **state)
{
	(void)state;
	struct court *court = court_three();

	court_say_three(court, 37000, 38000, 23500, 3);
	court_say_three(court, 37000, 38000, 39000, 20);
	assert_int_equal(court->quality, QUALITY_OK);
	assert_int_equal(court_open(court, FINDING_HOT), 1);
	assert_int_equal(court_open(court, FINDING_UNTRUSTED), 0);
	court_free(court);
}

static void the_rate_gate_has_two_sides(void **state)
{
	(void)state;
	struct court *court = court_three();

	court_say_three(court, 24600, 22500, 23000, 1); /* 10 K/min is 1.67 K in 10 s, and a step */
	assert_int_equal(court->quality, QUALITY_OK);
	court_say_three(court, 22000, 22500, 23000, 30);
	court_say_three(court, 27500, 22500, 23000, 1);
	assert_int_equal(court->quality, QUALITY_UNTRUSTED);
	court_free(court);
}

static void a_lone_jump_that_lasts_is_believed_at_last(void **state)
{
	(void)state;
	struct court *court = court_new(ROOM T("t1"));

	court_series(court, 1, "t1", MEASURE_TEMPERATURE);
	for (int i = 0; i < 30; i++) {
		court_say(court, 1, 22000);
		court_tick(court);
	}
	for (int i = 0; i < 120; i++) {
		court_say(court, 1, 37000);
		court_tick(court);
		assert_int_equal(court->quality, i < 2 ? QUALITY_UNTRUSTED : QUALITY_OK);
		assert_int_equal(court_open(court, FINDING_ROOM_BLIND), 0);
	}
	assert_int_equal(court->quality, QUALITY_OK);
	assert_int_equal(court_open(court, FINDING_ROOM_BLIND), 0);
	assert_int_equal(court_open(court, FINDING_HOT), 1);
	court_free(court);
}

static void a_new_scale_is_held(void **state)
{
	(void)state;
	struct court *court = court_three();

	court_say_three(court, 2200, 22500, 23000, 60);
	assert_int_equal(court->doubt, DOUBT_SCALE);
	court_say_three(court, 2300, 23500, 24000, 60);
	assert_int_equal(court->doubt, DOUBT_SCALE);
	assert_int_equal(court_last(court, FINDING_UNTRUSTED)->doubt, DOUBT_SCALE);
	court_say_three(court, 23000, 23500, 24000, 60);
	assert_int_equal(court->quality, QUALITY_OK);
	assert_int_equal(court_open(court, FINDING_UNTRUSTED), 0);
	court_free(court);
}

static void fahrenheit_among_celsius_is_seen(void **state)
{
	(void)state;
	struct court *court = court_new(THREE);

	court_series(court, 1, "t1", MEASURE_TEMPERATURE);
	court_series(court, 2, "t2", MEASURE_TEMPERATURE);
	court_series(court, 3, "t3", MEASURE_TEMPERATURE);
	court_say_three(court, 72000, 22500, 23000, 10);
	assert_int_equal(court->doubt, DOUBT_UNIT);
	court_say_three(court, 90000, 22500, 23000, 2);
	assert_int_equal(court->doubt, DOUBT_OUT_OF_ROOM);
	court_free(court);
}

static void stuck_while_others_move(void **state)
{
	(void)state;
	struct court *court = court_three();

	for (int i = 0; i <= 300; i++)
		court_say_three(court, 22000, 22500 + i * 10, 23000 + i * 10, 1);
	assert_int_equal(court->quality, QUALITY_STUCK);
	assert_int_equal(court_open(court, FINDING_STUCK), 1);
	court_say_three(court, 22500, 25500, 26000, 5);
	assert_int_equal(court->quality, QUALITY_OK);
	assert_int_equal(court_open(court, FINDING_STUCK), 0);
	court_free(court);
}

static void stuck_by_its_own_history(void **state)
{
	(void)state;
	struct court *court = court_new(ROOM T("t1"));

	court_series(court, 1, "t1", MEASURE_TEMPERATURE);
	for (int i = 0; i < 9000; i++) {
		court_say(court, 1, 22000 + i % 7 / 2 * 100);
		court_tick(court);
	}
	assert_int_equal(court->records, 0);
	for (int i = 0; i < 710; i++) {
		court_say(court, 1, 22050);
		court_tick(court);
	}
	assert_int_equal(court->quality, QUALITY_OK);
	for (int i = 0; i < 30; i++) {
		court_say(court, 1, 22050);
		court_tick(court);
	}
	assert_int_equal(court->quality, QUALITY_STUCK);
	court_free(court);
}

static void a_coarse_steady_room_is_not_stuck(void **state)
{
	(void)state;
	struct court *court = court_new(THREE);

	court_series(court, 1, "t1", MEASURE_TEMPERATURE);
	court_series(court, 2, "t2", MEASURE_TEMPERATURE);
	court_series(court, 3, "t3", MEASURE_TEMPERATURE);
	for (int i = 0; i < 8640; i++)
		court_say_three(court, 22000, 22000 + i / 3000 % 2 * 1000, 22500 + i / 2000 % 2 * 500, 1);
	assert_int_equal(court->records, 0);
	court_free(court);
}

static void absence_needs_two_of_three(void **state)
{
	(void)state;
	struct court *court = court_three();

	for (int i = 0; i < 12; i++) {
		if (i % 4 == 0)
			court_bad(court, 1, QUALITY_ABSENT, DOUBT_EMPTY);
		else
			court_say(court, 1, 22000);
		court_say(court, 2, 22500);
		court_say(court, 3, 23000);
		court_tick(court);
	}
	assert_int_equal(court->records, 0);
	int64_t first = court->now;

	for (int i = 0; i < 4; i++) {
		court_bad(court, 1, QUALITY_ABSENT, DOUBT_EMPTY);
		court_say(court, 2, 22500);
		court_say(court, 3, 23000);
		court_tick(court);
	}
	assert_int_equal(court_open(court, FINDING_ABSENT), 1);
	assert_int_equal(court_last(court, FINDING_ABSENT)->since_ms, first);
	assert_int_equal(court_last(court, FINDING_ABSENT)->doubt, DOUBT_EMPTY);
	court_free(court);
}

static void silence_is_told_in_three_periods_and_a_blind_room_is_the_worst(void **state)
{
	(void)state;
	struct court *court = court_three();
	struct verdict verdict;
	int64_t last = court->now - 10 * SEC;

	court_tick(court);
	assert_int_equal(court->records, 0);
	court_tick(court); /* 30 s after the last reading */
	assert_int_equal(court_open(court, FINDING_SILENT), 3);
	assert_int_equal(court_last(court, FINDING_SILENT)->since_ms, last + 10 * SEC);
	assert_int_equal(court_open(court, FINDING_ROOM_BLIND), 1);
	assert_int_equal(court_roots(court), 1);
	judge_verdict(court->judge, court->now, &verdict);
	assert_int_equal(verdict.worst.code, FINDING_ROOM_BLIND);
	assert_int_equal(verdict.todo[0], TODO_MEASURE_ROOM);
	assert_int_equal(verdict.todo[1], TODO_CHECK_SENSORS);
	assert_int_equal(verdict.todo[2], TODO_NONE);
	court_say_three(court, 22000, 22500, 23000, 5);
	assert_int_equal(court_open(court, FINDING_SILENT), 0);
	assert_int_equal(court_open(court, FINDING_ROOM_BLIND), 0);
	court_free(court);
}

static void a_gap_of_ours_is_nobodys_silence(void **state)
{
	(void)state;
	struct court *court = court_three();
	int64_t from = court->now;

	court->now += 8 * (int64_t)HR;
	judge_gap(court->judge, from, court->now);
	court_tick(court);
	court_say_three(court, 22000, 22500, 23000, 10);
	assert_int_equal(court->records, 1);
	assert_int_equal(court->record[0].code, FINDING_GAP);
	assert_int_equal(court->record[0].since_ms, from);
	assert_int_equal(court->record[0].ended_ms, from + 8 * (int64_t)HR);
	court_free(court);
}

static void inlets_go_by_the_hottest(void **state)
{
	(void)state;
	struct court *court = court_new(ROOM
	    "sensor i1 via=snmp address=192.0.2.1 at=k1.3 kind=temperature read=1.1 every=10s\n"
	    "sensor i2 via=snmp address=192.0.2.1 at=k1.9 kind=temperature read=1.2 every=10s\n"
	    "sensor i3 via=snmp address=192.0.2.1 at=k1.30 kind=temperature read=1.2 every=10s limit=40C\n");

	court_series(court, 1, "i1", MEASURE_TEMPERATURE);
	court_series(court, 2, "i2", MEASURE_TEMPERATURE);
	court_series(court, 3, "i3", MEASURE_TEMPERATURE);
	court_say_three(court, 24000, 26900, 38000, 60);
	assert_int_equal(court_count(court, FINDING_HOT), 0);
	court_say_three(court, 24000, 27100, 38000, 10);
	assert_int_equal(court_open(court, FINDING_HOT), 1);
	assert_string_equal(court_last(court, FINDING_HOT)->subject, "i2");
	assert_int_equal(court_last(court, FINDING_HOT)->count, 1);
	court_say_three(court, 24000, 27100, 40100, 10); /* its own limit wins */
	assert_int_equal(court_open(court, FINDING_HOT), 2);
	court_free(court);
}

static void dew_point_follows_from_its_place(void **state)
{
	(void)state;
	struct court *court = court_new(ROOM T("t1")
	    "sensor h1 via=snmp address=192.0.2.1 at=r1 kind=humidity read=1.2 every=10s\n");

	court_series(court, 1, "t1", MEASURE_TEMPERATURE);
	court_series(court, 2, "h1", MEASURE_HUMIDITY);
	for (int i = 0; i < 60; i++) { /* 24 C at 64 % is 16.8 C, at 66 % 17.3 C */
		court_say(court, 1, 24000);
		court_say(court, 2, 64000);
		court_tick(court);
	}
	assert_int_equal(court->records, 0);
	for (int i = 0; i < 60; i++) {
		court_say(court, 1, 24000);
		court_say(court, 2, 66000);
		court_tick(court);
	}
	assert_int_equal(court_open(court, FINDING_DEW), 1);
	assert_in_range(court_last(court, FINDING_DEW)->value_milli, 17200, 17400);
	for (int i = 0; i < 60; i++) {
		court_say(court, 1, 24000);
		court_say(court, 2, 10000);
		court_tick(court);
	}
	assert_int_equal(court_open(court, FINDING_DEW), 0);
	assert_int_equal(court_open(court, FINDING_DRY), 1);
	court_free(court);
}

static void battery_means_cooling_is_off_now(void **state)
{
	(void)state;
	struct court *court = court_new(ROOM "feed f1\nfeed f2\nups u1 from=f1 amps=10A\n"
	    "cooling c1 room=r1 from=f1\ncooling c2 room=r1 from=u1\ncooling c3 room=r1\n"
	    "cooling c4 room=r1 from=f2\n" T("t1")
	    "sensor ups via=nut address=127.0.0.1 on=u1 every=10s\n");
	struct verdict verdict;

	court_series(court, 1, "t1", MEASURE_TEMPERATURE);
	court_series_as(court, 2, "ups", MEASURE_STATE, "ups.status");
	court_series_as(court, 3, "ups", MEASURE_CHARGE, "ups.charge");
	court_series_as(court, 4, "ups", MEASURE_LOAD, "ups.load");
	for (int i = 0; i < 30; i++) {
		court_say(court, 1, 24000);
		court_state(court, 2, "OL", SEVERITY_OK);
		court_say(court, 3, 100000);
		court_say(court, 4, 79900);
		court_tick(court);
	}
	assert_int_equal(court->records, 0);
	int64_t lost = court->now;

	for (int i = 0; i < 30; i++) {
		court_say(court, 1, 24000);
		court_state(court, 2, "OB DISCHRG", SEVERITY_WARNING);
		court_say(court, 3, 60000 - i * 1000);
		court_say(court, 4, 80100);
		court_tick(court);
	}
	assert_int_equal(court_open(court, FINDING_ON_BATTERY), 1);
	assert_int_equal(court_last(court, FINDING_ON_BATTERY)->since_ms, lost);
	assert_string_equal(court_last(court, FINDING_ON_BATTERY)->subject, "u1");
	assert_int_equal(court_open(court, FINDING_COOLING_OFF), 2);
	for (size_t i = 0; i < court->records; i++)
		if (court->record[i].code == FINDING_COOLING_OFF)
			assert_true(strcmp(court->record[i].subject, "c2") != 0 &&
			    strcmp(court->record[i].subject, "c4") != 0);
	assert_int_equal(court_open(court, FINDING_BATTERY_LOW), 1);
	assert_int_equal(court_last(court, FINDING_BATTERY_LOW)->cause,
	    court_last(court, FINDING_ON_BATTERY)->id);
	assert_int_equal(court_open(court, FINDING_OVERLOAD), 1);
	assert_string_equal(court_last(court, FINDING_OVERLOAD)->subject, "u1");
	judge_verdict(court->judge, court->now, &verdict);
	assert_int_equal(verdict.worst.code, FINDING_ON_BATTERY);
	assert_int_equal(verdict.todo[0], TODO_CHECK_POWER);
	assert_int_equal(verdict.todo[1], TODO_OPEN_DOORS);
	for (int i = 0; i < 30; i++) {
		court_say(court, 1, 24000);
		court_state(court, 2, "OL CHRG", SEVERITY_OK);
		court_say(court, 3, 90000);
		court_say(court, 4, 50000);
		court_tick(court);
	}
	assert_int_equal(court_open(court, FINDING_ON_BATTERY), 0);
	assert_int_equal(court_open(court, FINDING_COOLING_OFF), 0);
	assert_int_equal(court_open(court, FINDING_OVERLOAD), 0);
	assert_int_equal(court_open(court, FINDING_BATTERY_LOW), 0);
	court_free(court);
}

static void a_bad_state_is_told_with_its_word(void **state)
{
	(void)state;
	struct court *court = court_new(ROOM T("t1")
	    "sensor env via=snmp address=192.0.2.1 at=r1 every=10s\n");
	struct verdict verdict;

	court_series(court, 1, "t1", MEASURE_TEMPERATURE);
	court_series_as(court, 2, "env", MEASURE_STATE, "env.leak");
	for (int i = 0; i < 30; i++) {
		court_say(court, 1, 24000);
		court_state(court, 2, i == 10 ? "open" : "dry", i == 10 ? SEVERITY_WARNING : SEVERITY_OK);
		court_tick(court);
	}
	assert_int_equal(court->records, 0);
	court_say(court, 1, 24000);
	court_state(court, 2, "leak", SEVERITY_CRITICAL);
	court_tick(court);
	assert_int_equal(court_open(court, FINDING_STATE), 1);
	assert_string_equal(court_last(court, FINDING_STATE)->word, "leak");
	judge_verdict(court->judge, court->now, &verdict);
	assert_int_equal(verdict.todo[0], TODO_CHECK_LEAK);
	court_free(court);
}

static void a_fast_rise_and_a_forecast(void **state)
{
	(void)state;
	struct court *court = court_new(ROOM T("t1"));

	court_series(court, 1, "t1", MEASURE_TEMPERATURE);
	for (int i = 0; i < 400; i++) {
		court_say(court, 1, 22000);
		court_tick(court);
	}
	for (int i = 0; i < 360; i++) { /* 3 K in an hour is allowed */
		court_say(court, 1, 22000 + i * 3000 / 360);
		court_tick(court);
	}
	assert_int_equal(court_count(court, FINDING_RISING), 0);
	for (int i = 0; i < 60; i++) {
		court_say(court, 1, 25000 + i * 100);
		court_tick(court);
	}
	assert_int_equal(court_open(court, FINDING_RISING), 1);
	assert_int_equal(court_open(court, FINDING_HEADING), 1);
	const struct finding *heading = court_last(court, FINDING_HEADING);

	assert_true(heading->next.known);
	assert_true(heading->next.low_s <= heading->next.mid_s);
	assert_true(heading->next.mid_s <= heading->next.high_s);
	struct verdict verdict;

	judge_verdict(court->judge, court->now, &verdict);
	assert_true(verdict.next.known);
	assert_string_equal(verdict.next_subject, "r1");
	for (int i = 0; i < 200; i++) {
		court_say(court, 1, 28000);
		court_tick(court);
	}
	assert_int_equal(court_open(court, FINDING_RISING), 0);
	court_free(court);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_lying_sensor_neither_raises_nor_hides_heat),
		cmocka_unit_test(two_that_jump_are_believed),
		cmocka_unit_test(the_rate_gate_has_two_sides),
		cmocka_unit_test(a_lone_jump_that_lasts_is_believed_at_last),
		cmocka_unit_test(a_new_scale_is_held),
		cmocka_unit_test(fahrenheit_among_celsius_is_seen),
		cmocka_unit_test(stuck_while_others_move),
		cmocka_unit_test(stuck_by_its_own_history),
		cmocka_unit_test(a_coarse_steady_room_is_not_stuck),
		cmocka_unit_test(absence_needs_two_of_three),
		cmocka_unit_test(silence_is_told_in_three_periods_and_a_blind_room_is_the_worst),
		cmocka_unit_test(a_gap_of_ours_is_nobodys_silence),
		cmocka_unit_test(inlets_go_by_the_hottest),
		cmocka_unit_test(dew_point_follows_from_its_place),
		cmocka_unit_test(battery_means_cooling_is_off_now),
		cmocka_unit_test(a_bad_state_is_told_with_its_word),
		cmocka_unit_test(a_fast_rise_and_a_forecast),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
