/* test/unit/test_judge_climb.c - a room that climbs towards its limits, read by one slow
 * thermometer whose readings come late or not at all: once warned, the verdict does not
 * fall back before the room does; and what was a spike, or a first value, is no climb. */
#include "harness.h"
#include "court.h"
#include "judge/outlook.h"
#include "judge/state.h"
#include <math.h>
#include <stdio.h>

#define ROOM "site s tz=UTC\nroom r1 limit=35C critical=40C\nrack k room=r1\n"
#define T(id, at, every) "sensor " id " via=w1 address=" id " at=" at \
	" kind=temperature read=a every=" every "\n"

/* An hour and a half of calm, then the cooling stops: 35 C after 96 min, 40 C after 193. */
static int64_t climb(double minutes)
{
	return 24000 + (minutes > 0 ? (int64_t)(20000 * (1 - exp(-minutes / 120))) : 0);
}

struct watch {
	uint8_t worst;	   /* severity so far */
	size_t fallbacks;  /* the verdict was less bad than before while it was warmer */
	size_t headings;
};

static void watch(struct court *court, struct watch *watch)
{
	struct verdict verdict;

	watch->headings = court_count(court, FINDING_HEADING);
	if (court_open(court, FINDING_ROOM_BLIND) > 0)
		return; /* a room that nobody sees is worse than a warm one */
	judge_verdict(court->judge, court->now, &verdict);
	if (verdict.severity == SEVERITY_UNKNOWN)
		return; /* nothing was measured yet */
	if (verdict.severity < watch->worst)
		watch->fallbacks++;
	watch->worst = verdict.severity > watch->worst ? verdict.severity : watch->worst;
}

/* Readings each minute or so: late by up to 50 s, every ninth missing, two holes of 12
 * minutes, one of 25. */
static void a_warning_does_not_fall_back_while_the_room_climbs(void **state)
{
	(void)state;
	struct court *court = court_new(ROOM T("t", "r1", "60s"));
	struct watch seen = { 0 };
	uint32_t seed = 5;
	int late = 0;

	court_series(court, 1, "t", MEASURE_TEMPERATURE);
	for (int i = 0; i < (90 + 215) * 6; i++) {
		double minute = i / 6.0 - 90;
		bool hole = (minute > 50 && minute < 62) || (minute > 90 && minute < 102) ||
		    (minute > 120 && minute < 145);

		if (i % 6 == 0) {
			seed = seed * 1664525 + 1013904223;
			late = i % 54 == 0 ? -1 : (int)(seed >> 16) % 6;
		}
		if (i % 6 == late && !hole)
			court_say(court, 1, climb(minute) + (int64_t)(seed >> 24) - 128);
		court_tick(court);
		watch(court, &seen);
	}
	assert_int_equal(seen.worst, SEVERITY_CRITICAL);
	assert_int_equal(seen.fallbacks, 0);
	assert_int_equal(seen.headings, 1);
	assert_int_equal(court_count(court, FINDING_HOT), 1);
	/* the limit that is passed is not ahead any more; and it ends when the room is cool */
	struct verdict verdict;

	judge_verdict(court->judge, court->now, &verdict);
	assert_false(verdict.next.known);
	assert_int_equal(verdict.next.why, FORECAST_PASSED);
	for (int i = 0; i < 60 * 6; i++) {
		if (i % 6 == 0)
			court_say(court, 1, i < 120 ? 40000 - i * 120 : 25600);
		court_tick(court);
	}
	judge_verdict(court->judge, court->now, &verdict);
	assert_int_equal(verdict.severity, SEVERITY_OK);
	court_free(court);
}

/* Neither for want of values for a long time: only what is measured ends it. */
static void a_warning_outlives_silence_and_a_restart(void **state)
{
	(void)state;
	struct court *court = court_new(ROOM T("t", "r1", "10s"));
	struct judge *fresh = NULL;

	court_series(court, 1, "t", MEASURE_TEMPERATURE);
	for (int i = 0; i < (90 + 80) * 6; i++)
		SAY(court, 1, climb(i / 6.0 - 90));
	assert_int_equal(court_open(court, FINDING_HEADING), 1);
	for (int i = 0; i < 70 * 6; i++)
		SAY(court, 1, NOT);
	assert_int_equal(court_open(court, FINDING_HEADING), 1);
	for (int i = 0; i < 5 * 6; i++)
		SAY(court, 1, 34500 + i * 10);
	assert_int_equal(court_open(court, FINDING_HEADING), 1);
	struct finding heading = *court_last(court, FINDING_HEADING);

	assert_int_equal(judge_new(court->site, &fresh, NULL), KS_OK);
	judge_free(court->judge);
	court->judge = fresh;
	court->now += MIN;
	assert_true(judge_restore(fresh, &heading, court->now));
	court_series(court, 1, "t", MEASURE_TEMPERATURE);
	for (int i = 0; i < 20 * 6; i++) {
		SAY(court, 1, 34600 + i * 2);
		struct verdict verdict;

		judge_verdict(fresh, court->now, &verdict);
		assert_int_equal(verdict.severity, SEVERITY_WARNING);
		assert_int_equal(verdict.worst.since_ms, heading.since_ms);
		assert_true(verdict.worst.limit_milli >= 35000);
	}
	/* it stands still for half an hour: then it is over */
	for (int i = 0; i < 45 * 6; i++)
		SAY(court, 1, 34700 + i % 3 * 20);
	assert_int_equal(court_open(court, FINDING_HEADING), 0);
	/* one that nobody measures any more is over as well */
	assert_int_equal(judge_new(court->site, &fresh, NULL), KS_OK);
	judge_free(court->judge);
	court->judge = fresh;
	heading.ended_ms = 0;
	assert_true(judge_restore(fresh, &heading, court->now));
	for (int i = 0; i < 7 * 6; i++)
		SAY(court, 1, NOT);
	assert_null(book_find(&fresh->book, FINDING_HEADING, "r1"));
	court_free(court);
}

/* A tick that comes late is no clock that was set: no minute is lost, and what began at
 * some time has begun then for ever. */
static void late_ticks_lose_no_time(void **state)
{
	(void)state;
	struct court *court = court_new(ROOM T("t", "r1", "60s"));
	int64_t steady = 77 * HR, since = 0;

	court_series(court, 1, "t", MEASURE_TEMPERATURE);
	for (int i = 0; i < 4 * 60; i++) { /* ticks of 2 s; each minute one of them is 40 s late */
		for (int j = 0; j < 11; j++) {
			int64_t passed = j == 10 ? 40 * SEC : 2 * SEC;

			if (j == 5)
				court_say(court, 1, climb(i - 90));
			court->now += passed;
			steady += passed;
			judge_steady(court->judge, steady);
			judge_tick(court->judge, court->now);
			court_fetch(court);
		}
		const struct finding *open = NULL;

		for (size_t n = judge_open(court->judge, &open); n-- > 0;)
			if (open[n].code == FINDING_HEADING) {
				since = since != 0 ? since : open[n].since_ms;
				assert_int_equal(open[n].since_ms, since);
			}
	}
	assert_int_not_equal(since, 0);
	assert_int_equal(court->judge->clock.now - court->judge->clock.wall, 0);
	assert_int_equal(court_count(court, FINDING_SILENT), 0);
	/* a clock that is set moves what is told by as much, and no time passes by it */
	int64_t before = court->judge->clock.now;

	for (int i = 0; i < 6; i++) {
		court->now += (i % 2 == 0 ? 1 : -1) * HR + 2 * SEC;
		steady += 2 * SEC;
		judge_steady(court->judge, steady);
		judge_tick(court->judge, court->now);
	}
	assert_int_equal(court->judge->clock.now - before, 12 * SEC);
	assert_int_equal(court->judge->clock.jumps, 6);
	/* set back by less than it takes to be noticed, it still does not run backwards */
	judge_steady(court->judge, steady += SEC);
	judge_tick(court->judge, court->now -= SEC);
	assert_int_equal(court->judge->clock.now - before, 13 * SEC);
	before += SEC;
	/* stopped for a while, while the other went on: by that one */
	judge_steady(court->judge, steady += 5 * SEC);
	judge_tick(court->judge, court->now += SEC);
	assert_int_equal(court->judge->clock.now - before, 17 * SEC);
	before += 5 * SEC;
	/* a clock that says that no time has passed is no clock: then it is guessed */
	judge_steady(court->judge, steady - HR);
	judge_tick(court->judge, court->now += 2 * SEC);
	assert_int_equal(court->judge->clock.now - before, 14 * SEC);
	court_free(court);
}

/* So long without a tick, nobody read the sensors: they are not silent for that. */
static void a_pause_of_ours_is_nobodys_silence(void **state)
{
	(void)state;
	struct court *court = court_new(ROOM T("t", "r1", "10s"));
	int64_t steady = 0;

	court_series(court, 1, "t", MEASURE_TEMPERATURE);
	for (int i = 0; i < 60; i++) {
		int64_t passed = i == 40 ? 10 * MIN : 5 * SEC;

		if (i < 40 || i > 43)
			court_say(court, 1, 24000 + i % 2 * 100);
		court->now += passed;
		judge_steady(court->judge, steady += passed);
		judge_tick(court->judge, court->now);
		court_fetch(court);
	}
	assert_int_equal(court->records, 0);
	court_free(court);
}

/* 1.2 K an hour is the breath of no room: told before the limit, like any other. */
static void a_slow_rise_is_warned_of(void **state)
{
	(void)state;
	struct court *court = court_new("site s tz=UTC\nroom r1 limit=30C critical=35C\n"
		T("t", "r1", "60s") T("u", "r1", "60s"));
	uint32_t seed = 3;
	int64_t warned = 0, passed = 0;

	court_series(court, 1, "t", MEASURE_TEMPERATURE);
	court_series(court, 2, "u", MEASURE_TEMPERATURE);
	for (int i = 0; i < 6 * 60 * 6; i++) {
		double minute = i / 6.0 - 60;
		int64_t air = 25000 + (minute > 0 ? (int64_t)(minute * 20) : 0);

		seed = seed * 1664525 + 1013904223;
		if (i % 6 == 0)
			court_say(court, 1, air + (int64_t)(seed >> 25) - 64);
		if (i % 6 == 3)
			court_say(court, 2, air + 300 + (int64_t)(seed >> 25) - 64);
		court_tick(court);
		if (warned == 0 && court_count(court, FINDING_HEADING) > 0)
			warned = court->now;
		if (passed == 0 && air + 150 > 30000)
			passed = court->now;
	}
	assert_int_not_equal(warned, 0);
	assert_in_range(passed - warned, 15 * MIN, 90 * MIN);
	assert_int_equal(court_count(court, FINDING_HEADING), 1);
	court_free(court);
}

/* What the headline says, what the list says and what comes next are one forecast. */
static void one_forecast_is_told_everywhere(void **state)
{
	(void)state;
	struct court *court = court_new(ROOM T("t", "r1", "10s"));
	size_t told = 0;

	court_series(court, 1, "t", MEASURE_TEMPERATURE);
	for (int i = 0; i < (90 + 190) * 6; i++) {
		SAY(court, 1, climb(i / 6.0 - 90) + i % 5 * 10);
		struct verdict verdict;
		const struct finding *open = NULL;

		judge_verdict(court->judge, court->now, &verdict);
		for (size_t n = judge_open(court->judge, &open); n-- > 0;) {
			if (open[n].code != FINDING_HEADING || !open[n].next.known)
				continue;
			told++;
			assert_true(open[n].value_milli < open[n].next.limit_milli);
			assert_true(court->now - open[n].next.at_ms <= 5 * MIN + 10 * SEC);
			if (verdict.next.limit_milli == open[n].next.limit_milli) {
				assert_int_equal(verdict.next.at_ms, open[n].next.at_ms);
				assert_int_equal(verdict.next.mid_s, open[n].next.mid_s);
				assert_int_equal(verdict.next.high_s, open[n].next.high_s);
			}
			assert_true(verdict.next.limit_milli > open[n].value_milli);
		}
	}
	assert_true(told > 100 * 6);
	court_free(court);
}

/* Ten minutes of 35 C in a room of 23 C: while it lasts, and not after. */
static void a_spike_is_over_when_it_is_over(void **state)
{
	(void)state;
	struct court *court = court_new("site s tz=UTC\nroom r1 rise=20\nrack k room=r1\n"
		T("a", "k.40", "10s") T("b", "k.5", "10s") T("t", "r1", "10s"));

	court_series(court, 1, "a", MEASURE_TEMPERATURE);
	court_series(court, 2, "b", MEASURE_TEMPERATURE);
	court_series(court, 3, "t", MEASURE_TEMPERATURE);
	for (int i = 0; i < 150 * 6; i++) {
		bool hot = i >= 90 * 6 && i < 100 * 6;
		int64_t up = hot ? 12000 : 0, noise = i % 7 * 15;

		SAY(court, 1, 23000 + up + noise, 22500 + up - noise, 23000 + up + noise);
		const struct finding *open = NULL;

		for (size_t n = judge_open(court->judge, &open); n-- > 0;) {
			int code = open[n].code;

			/* two minutes at most: a minute's mean, and a median of three */
			if (code == FINDING_RISING && i < 100 * 6)
				assert_true(open[n].value_milli > open[n].limit_milli / 2);
			if (code == FINDING_RISING || code == FINDING_HEADING)
				assert_true(i < 104 * 6);
			if (code == FINDING_HEADING && open[n].next.known)
				assert_true(open[n].value_milli < open[n].next.limit_milli && hot);
		}
	}
	assert_int_equal(court_count(court, FINDING_RISING), 1);
	court_free(court);
}

/* A jump that stays: an hour later nothing rises any more, nor is it said to. */
static void a_jump_that_stays_rises_no_longer(void **state)
{
	(void)state;
	struct court *court = court_new("site s tz=UTC\nroom r1 limit=60C critical=70C\n"
		T("a", "r1", "10s") T("b", "r1", "10s"));

	court_series(court, 1, "a", MEASURE_TEMPERATURE);
	court_series(court, 2, "b", MEASURE_TEMPERATURE);
	for (int i = 0; i < 160 * 6; i++) {
		int64_t up = i >= 90 * 6 ? 7000 : 0;

		SAY(court, 1, 23000 + up + i % 7 * 15, 22500 + up + i % 5 * 15);
		if (i < 90 * 6 || i > 90 * 6 + 16 * 6)
			assert_int_equal(court_open(court, FINDING_RISING), 0);
	}
	assert_int_equal(court_count(court, FINDING_RISING), 1);
	/* nobody measures while it rises: told until the room is told to be blind */
	for (int i = 0; i < 6 * 6; i++)
		SAY(court, 1, 30000 + i * 300, 30000 + i * 300);
	assert_int_equal(court_open(court, FINDING_RISING), 1);
	for (int i = 0; i < 14 * 6; i++)
		SAY(court, 1, NOT, NOT);
	assert_int_equal(court_open(court, FINDING_ROOM_BLIND), 1);
	assert_int_equal(court_open(court, FINDING_RISING), 0);
	court_free(court);
}

/* Twice above the critical limit: critical until it is well below it. */
static void critical_does_not_flicker(void **state)
{
	(void)state;
	struct court *court = court_new(ROOM T("t", "r1", "10s"));

	court_series(court, 1, "t", MEASURE_TEMPERATURE);
	for (int i = 0; i < 120; i++)
		SAY(court, 1, 36000 + i * 34);
	SAY(court, 2, 40100);
	assert_int_equal(court_last(court, FINDING_HOT)->severity, SEVERITY_CRITICAL);
	for (int i = 0; i < 30; i++) {
		SAY(court, 1, i % 2 == 0 ? 39950 : 40050);
		assert_int_equal(court_last(court, FINDING_HOT)->severity, SEVERITY_CRITICAL);
	}
	SAY(court, 20, 38900);
	assert_int_equal(court_last(court, FINDING_HOT)->severity, SEVERITY_WARNING);
	court_free(court);
}

/* A thermometer in Fahrenheit answers first, and alone: no room of 68 C. */
static void a_first_value_alone_is_no_heat(void **state)
{
	(void)state;
	struct court *court = court_new("site s tz=UTC\nroom r1\nrack k room=r1\n"
		T("a", "r1", "60s") T("b", "r1", "60s") T("c", "k.5", "60s"));

	court_series(court, 1, "a", MEASURE_TEMPERATURE);
	court_series(court, 2, "b", MEASURE_TEMPERATURE);
	court_series(court, 3, "c", MEASURE_TEMPERATURE);
	for (int i = 0; i < 60; i++) {
		if (i % 6 == 0)
			court_say(court, 1, 68000 + i * 10);
		if (i % 6 == 3)
			court_say(court, 2, 20000 + i * 10);
		if (i % 6 == 5)
			court_say(court, 3, 20500 + i * 10);
		court_tick(court);
		assert_int_equal(court_count(court, FINDING_HOT), 0);
		assert_int_equal(court_count(court, FINDING_RISING), 0);
	}
	assert_int_equal(court_open(court, FINDING_UNTRUSTED), 1);
	court_free(court);
}

/* But a second thermometer, or the second value of one, confirms within the minute. */
static void heat_at_the_start_is_told_in_the_first_minute(void **state)
{
	(void)state;
	struct court *court = court_new("site s tz=UTC\nroom r1\n"
		T("a", "r1", "60s") T("b", "r1", "60s"));

	court_series(court, 1, "a", MEASURE_TEMPERATURE);
	court_series(court, 2, "b", MEASURE_TEMPERATURE);
	court_say(court, 1, 41000);
	court_tick(court);
	court_tick(court);
	court_tick(court);
	court_say(court, 2, 42000);
	court_tick(court);
	court_tick(court);
	assert_int_equal(court_open(court, FINDING_HOT), 1);
	assert_int_equal(court_last(court, FINDING_HOT)->severity, SEVERITY_CRITICAL);
	assert_int_equal(court_last(court, FINDING_HOT)->since_ms, COURT_START);
	court_free(court);
	court = court_new("site s tz=UTC\nroom r1\n" T("a", "r1", "60s"));
	court_series(court, 1, "a", MEASURE_TEMPERATURE);
	court_say(court, 1, 41000);
	for (int i = 0; i < 6; i++)
		court_tick(court);
	assert_int_equal(court_count(court, FINDING_HOT), 0);
	court_say(court, 1, 41100);
	court_tick(court);
	assert_int_equal(court_open(court, FINDING_HOT), 1);
	assert_int_equal(court_last(court, FINDING_HOT)->since_ms, COURT_START);
	court_free(court);
}

/* Real heat is led with before a sensor that has been doubted for longer. */
static void heat_leads_before_an_older_doubt(void **state)
{
	(void)state;
	struct court *court = court_new("site s tz=UTC\nroom r1\nroom r2\n"
		T("a", "r1", "10s") T("b", "r2", "10s"));
	struct verdict verdict;

	court_series(court, 1, "a", MEASURE_TEMPERATURE);
	court_series(court, 2, "b", MEASURE_TEMPERATURE);
	SAY(court, 60, 24000, 29500);
	for (int i = 0; i < 60; i++) {
		court_bad(court, 1, QUALITY_UNTRUSTED, DOUBT_CHECKSUM);
		court_say(court, 2, i < 30 ? 29500 : 31000);
		court_tick(court);
	}
	for (int i = 0; i < 2; i++) { /* one good value in three: the room is not blind */
		court_say(court, 1, 24000);
		court_bad(court, 1, QUALITY_UNTRUSTED, DOUBT_CHECKSUM);
	}
	assert_int_equal(court_open(court, FINDING_UNTRUSTED), 1);
	for (size_t i = 0; i < LIMIT_FINDINGS && i < court->judge->book.high; i++)
		if (court->judge->book.slots[i].said.code == FINDING_ROOM_BLIND)
			court->judge->book.slots[i].said.silenced = true;
	judge_verdict(court->judge, court->now, &verdict);
	assert_int_equal(verdict.worst.code, FINDING_HOT);
	assert_string_equal(verdict.worst.subject, "r2");
	court_free(court);
}

/* What is asked to be done fits what is: back at 24 C nothing is shut down. */
static void nothing_is_shut_down_for_heat_that_is_over(void **state)
{
	(void)state;
	struct court *court = court_new("site s tz=UTC\nroom r1\nrack k room=r1\n"
		T("a", "r1", "10s") T("b", "k.5", "10s"));
	struct verdict verdict;

	court_series(court, 1, "a", MEASURE_TEMPERATURE);
	court_series(court, 2, "b", MEASURE_TEMPERATURE);
	SAY(court, 60, 24000, 24000);
	for (int i = 0; i < 90; i++)
		SAY(court, 1, 24000 + i * 140, 24000 + i * 140);
	SAY(court, 20, 36600, 36600);
	judge_verdict(court->judge, court->now, &verdict);
	assert_int_equal(verdict.todo[2], TODO_SHUT_DOWN_ORDERLY);
	for (int i = 0; i < 3; i++)
		SAY(court, 1, 32000, 32000);
	judge_verdict(court->judge, court->now, &verdict);
	assert_int_equal(verdict.worst.code, FINDING_HOT);
	assert_int_equal(verdict.todo[2], TODO_SHED_LOAD);
	for (int i = 0; i < 3; i++)
		SAY(court, 1, 24000, 24000);
	struct chamber *room = &court->judge->rooms[0];
	struct slot *hot = room->hot, *inlet = room->hot_inlet;
	static const struct {
		bool hot, inlet, head, rise, nothing;
	} rows[] = { { 1, 1, 0, 0, 1 }, { 1, 0, 0, 0, 1 }, { 0, 1, 0, 0, 1 }, { 0, 0, 0, 0, 0 },
		{ 1, 1, 1, 0, 0 }, { 1, 1, 0, 1, 0 } };

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		room->hot = rows[i].hot ? hot : NULL;
		room->hot_inlet = rows[i].inlet ? inlet : NULL;
		room->head = rows[i].head ? hot : NULL;
		room->rise = rows[i].rise ? hot : NULL;
		judge_verdict(court->judge, court->now, &verdict);
		assert_int_equal(verdict.worst.code, FINDING_HOT);
		assert_int_equal(verdict.todo[0] == TODO_NONE, rows[i].nothing);
	}
	/* one of them still hot is still hot */
	room->hot = hot;
	room->hot_inlet = inlet;
	room->head = room->rise = NULL;
	inlet->said.value_milli = 31500;
	judge_verdict(court->judge, court->now, &verdict);
	assert_int_equal(verdict.todo[0], TODO_RESTART_COOLING);
	hot->said.value_milli = 31500;
	judge_verdict(court->judge, court->now, &verdict);
	assert_int_equal(verdict.todo[0], TODO_RESTART_COOLING);
	court_free(court);
}

/* The parts of that: what stands and what ends, one by one. */
static void what_ends_a_warning_and_what_does_not(void **state)
{
	(void)state;
	struct court *court = court_new("site s tz=UTC\nroom r0\nroom r1 limit=35C critical=40C\n"
		"rack k room=r1\n" T("t", "r1", "10s") T("i", "k.5", "10s"));
	struct chamber *room = &court->judge->rooms[1];

	court_series(court, 1, "t", MEASURE_TEMPERATURE);
	court_series(court, 2, "i", MEASURE_TEMPERATURE);
	/* the room's own thermometer speaks for it; late ones for ten minutes; then the inlets */
	SAY(court, 12, 24000, 23000);
	assert_true(room_by_air(court->judge, room));
	SAY(court, 50, NOT, 23000);
	assert_true(room_by_air(court->judge, room));
	SAY(court, 20, NOT, 23000);
	assert_false(room_by_air(court->judge, room));
	room->inlet_known = false; /* and where nobody else does, however late it is */
	assert_true(room_by_air(court->judge, room));
	room->known = false;
	assert_false(room_by_air(court->judge, room));
	/* six hours of nothing end what nobody can see to its end */
	court_free(court);
	court = court_new("site s tz=UTC\nroom r0\nroom r1 limit=35C critical=40C\n" T("t", "r1", "10s"));
	court_series(court, 1, "t", MEASURE_TEMPERATURE);
	for (int i = 0; i < (90 + 80) * 6; i++)
		SAY(court, 1, climb(i / 6.0 - 90));
	assert_int_equal(court_open(court, FINDING_HEADING), 1);
	struct finding heading = *court_last(court, FINDING_HEADING);

	for (int i = 0; i < (6 * 60 - 5) * 6; i++)
		SAY(court, 1, NOT);
	assert_int_equal(court_open(court, FINDING_HEADING), 1);
	for (int i = 0; i < 12 * 6; i++)
		SAY(court, 1, NOT);
	assert_int_equal(court_open(court, FINDING_HEADING), 0);
	/* one of a room that is measured, but has not been since the start: the same */
	struct judge *fresh = NULL;

	assert_int_equal(judge_new(court->site, &fresh, NULL), KS_OK);
	judge_free(court->judge);
	court->judge = fresh;
	assert_true(judge_restore(fresh, &heading, court->now));
	court_series(court, 1, "t", MEASURE_TEMPERATURE);
	for (int i = 0; i < 60 * 6; i++)
		SAY(court, 1, NOT);
	assert_true(fresh->rooms[1].heading);
	for (int i = 0; i < 302 * 6; i++)
		SAY(court, 1, NOT);
	assert_false(fresh->rooms[1].heading);
	court_free(court);
}

/* Critical because the limit was half an hour away: less only when it stands still. */
static void a_warning_that_grew_critical_grows_mild_only_in_still_air(void **state)
{
	(void)state;
	struct court *court = court_new(ROOM T("t", "r1", "10s"));
	int64_t top = 0;

	court_series(court, 1, "t", MEASURE_TEMPERATURE);
	for (int i = 0; i < (90 + 180) * 6; i++)
		SAY(court, 1, top = climb(i / 6.0 - 90) + i % 3 * 10);
	assert_int_equal(court_open(court, FINDING_HEADING), 1);
	assert_int_equal(court_last(court, FINDING_HEADING)->severity, SEVERITY_CRITICAL);
	size_t mild = 0;

	for (int i = 0; i < 60 * 6; i++) {
		SAY(court, 1, top + i % 3 * 10);
		if (court_open(court, FINDING_HEADING) == 1 && i < 5 * 6)
			assert_int_equal(court_last(court, FINDING_HEADING)->severity, SEVERITY_CRITICAL);
		mild += court_last(court, FINDING_HEADING)->severity == SEVERITY_WARNING;
	}
	assert_true(mild > 0);
	assert_int_equal(court_open(court, FINDING_HEADING), 0);
	court_free(court);
}

/* Sensors with limits of their own: the room's gates know nothing of theirs. */
static void what_is_passed_is_not_ahead(void **state)
{
	(void)state;
	struct court *court = court_new("site s tz=UTC\nroom r1\n"
		"sensor t via=w1 address=t at=r1 kind=temperature read=a every=10s limit=35C critical=40C\n");

	court_series(court, 1, "t", MEASURE_TEMPERATURE);
	for (int i = 0; i < (90 + 193) * 6; i++)
		SAY(court, 1, climb(i / 6.0 - 90));
	assert_int_equal(court_open(court, FINDING_HEADING), 1);
	for (int i = 193 * 6; i < 201 * 6; i++)
		SAY(court, 1, climb(i / 6.0) + 50);
	assert_int_equal(court_open(court, FINDING_HEADING), 0);
	assert_int_equal(court_last(court, FINDING_HOT)->severity, SEVERITY_CRITICAL);
	court_free(court);
}

/* A forecast stands for a while when the next one knows nothing: not of another limit, and
 * not beyond its own time. */
static void which_forecast_stands(void **state)
{
	(void)state;
	struct court *court = court_new(ROOM T("t", "r1", "10s"));
	struct chamber *room = &court->judge->rooms[0];
	struct outlook one;

	court_series(court, 1, "t", MEASURE_TEMPERATURE);
	SAY(court, 40 * 6, 24000);
	room->hard = (struct forecast){ .known = true, .limit_milli = 40000, .mid_s = 3600 };
	room->hard_at = court->judge->clock.now;
	SAY(court, 7, 24000);
	assert_true(room->hard.known);
	room->hard.limit_milli = 39000;
	SAY(court, 7, 24000);
	assert_false(room->hard.known);
	assert_int_equal(room->hard.limit_milli, 40000);
	assert_int_equal(room->hard.why, FORECAST_CALM);
	room->hard = (struct forecast){ .known = true, .limit_milli = 40000, .mid_s = 30 };
	room->hard_at = court->judge->clock.now;
	SAY(court, 7, 24000);
	assert_false(room->hard.known);
	/* what the hottest inlet has passed is still drawn for the rest of the room */
	room->first = (struct forecast){ .why = FORECAST_PASSED };
	assert_int_equal(judge_outlooks(court->judge, 1, &one), 1);
	room->mild.known = true;
	assert_int_equal(judge_outlooks(court->judge, 1, &one), 1);
	court_free(court);
}

/* Told to rise, and then nothing comes: that stands until the room is told to be blind. */
static void a_rise_that_nobody_sees(void **state)
{
	(void)state;
	struct court *court = court_new("site s tz=UTC\nroom r1\n" T("t", "r1", "20min"));
	struct chamber *room = &court->judge->rooms[0];

	court_series(court, 1, "t", MEASURE_TEMPERATURE);
	SAY(court, 3, 24000);
	SAY(court, 12 * 6, NOT);
	room->rising = true;
	SAY(court, 3 * 6, NOT);
	assert_true(room->rising);
	SAY(court, 60 * 6, NOT);
	assert_int_equal(court_open(court, FINDING_ROOM_BLIND), 1);
	assert_false(room->rising);
	court_free(court);
}

/* Two first values that contradict each other make no room; the colder one is kept. */
static void first_values_that_differ_are_no_heat(void **state)
{
	(void)state;
	struct court *court = court_new("site s tz=UTC\nroom r1\n" T("a", "r1", "60s") T("b", "r1", "60s"));

	court_series(court, 1, "a", MEASURE_TEMPERATURE);
	court_series(court, 2, "b", MEASURE_TEMPERATURE);
	court_say(court, 1, 25000);
	court_tick(court);
	court_say(court, 2, 50000);
	court_tick(court);
	assert_int_equal(court->judge->rooms[0].air_held.value, 25000);
	assert_false(court->judge->rooms[0].known);
	court_free(court);
}

/* Of equally bad things: heat, then what fails, then what is doubted, however old. */
static void the_order_of_what_is_equally_bad(void **state)
{
	(void)state;
	struct court *court = court_new("site s tz=UTC\n");
	static const enum finding_code codes[] = { FINDING_STUCK, FINDING_HOST_DOWN, FINDING_SILENT,
		FINDING_HOT, FINDING_CHANNEL, FINDING_ABSENT, FINDING_OVERLOAD, FINDING_HOT };
	static const enum finding_code order[] = { FINDING_HOT, FINDING_HOT, FINDING_HOST_DOWN,
		FINDING_OVERLOAD, FINDING_STUCK, FINDING_SILENT, FINDING_CHANNEL, FINDING_ABSENT };
	const struct finding *open = NULL;
	char name[16];

	for (int i = 0; i < 8; i++) {
		(void)snprintf(name, sizeof name, "n%d", i);
		(void)claim(court->judge, &(struct claim){ .code = codes[i], .subject = name,
			.place = "", .severity = SEVERITY_WARNING, .since = 100 + i });
	}
	assert_int_equal(judge_open(court->judge, &open), 8);
	for (int i = 0; i < 8; i++)
		assert_int_equal(open[i].code, order[i]);
	court_free(court);
}

/* What ticks slowly by its nature is not paused. */
static void a_pause_that_is_the_usual_step_is_no_pause(void **state)
{
	(void)state;
	struct court *court = court_new(ROOM T("t", "r1", "10s"));
	int64_t steady = 0;

	court_series(court, 1, "t", MEASURE_TEMPERATURE);
	for (int i = 0; i < 20; i++) { /* a scene that ticks every 90 s */
		if (i < 10)
			court_say(court, 1, 24000);
		court->now += 90 * SEC;
		judge_steady(court->judge, steady += 90 * SEC);
		judge_tick(court->judge, court->now);
		court_fetch(court);
	}
	assert_int_equal(court_open(court, FINDING_ROOM_BLIND), 1);
	court_free(court);
}

/* A calendar that is on for a minute a day: off since that minute's end. */
static void off_since_the_minute(void **state)
{
	(void)state;
	struct court *court = court_new("site s tz=UTC\nroom r1\n"
		"calendar once hours=\"Mon-Sun 00:00-00:01\"\ncooling ac room=r1 on-when=once\n");

	court->now += 12 * MIN;
	court_tick(court);
	court_tick(court);
	assert_int_equal(court_last(court, FINDING_AC_CALENDAR)->since_ms, COURT_START + MIN);
	court_free(court);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_warning_does_not_fall_back_while_the_room_climbs),
		cmocka_unit_test(a_warning_outlives_silence_and_a_restart),
		cmocka_unit_test(late_ticks_lose_no_time),
		cmocka_unit_test(a_pause_of_ours_is_nobodys_silence),
		cmocka_unit_test(a_slow_rise_is_warned_of),
		cmocka_unit_test(one_forecast_is_told_everywhere),
		cmocka_unit_test(a_spike_is_over_when_it_is_over),
		cmocka_unit_test(a_jump_that_stays_rises_no_longer),
		cmocka_unit_test(critical_does_not_flicker),
		cmocka_unit_test(a_first_value_alone_is_no_heat),
		cmocka_unit_test(heat_at_the_start_is_told_in_the_first_minute),
		cmocka_unit_test(heat_leads_before_an_older_doubt),
		cmocka_unit_test(nothing_is_shut_down_for_heat_that_is_over),
		cmocka_unit_test(what_ends_a_warning_and_what_does_not),
		cmocka_unit_test(a_warning_that_grew_critical_grows_mild_only_in_still_air),
		cmocka_unit_test(a_pause_that_is_the_usual_step_is_no_pause),
		cmocka_unit_test(what_is_passed_is_not_ahead),
		cmocka_unit_test(which_forecast_stands),
		cmocka_unit_test(a_rise_that_nobody_sees),
		cmocka_unit_test(first_values_that_differ_are_no_heat),
		cmocka_unit_test(the_order_of_what_is_equally_bad),
		cmocka_unit_test(off_since_the_minute),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
