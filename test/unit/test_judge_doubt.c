/* test/unit/test_judge_doubt.c - whom the neighbours of a sensor agree with, what a line of
 * many series says, and the edges of inlets, nodes and waiting. */
#include "harness.h"
#include "court.h"
#include "judge/state.h"
#include <stdio.h>

#define ROOM "site s tz=UTC\nroom r1\nrack k room=r1\n"
#define T(id, more) "sensor " id " via=w1 address=a kind=temperature read=a every=10s " more "\n"

static struct court *pair(void)
{
	struct court *court = court_new(ROOM T("a", "at=r1") T("b", "at=r1") T("c", "at=r1")
		"sensor h via=w1 address=b at=r1 kind=humidity read=b every=10s\n");

	court_series(court, 1, "a", MEASURE_TEMPERATURE);
	court_series(court, 2, "b", MEASURE_TEMPERATURE);
	court_series(court, 3, "c", MEASURE_TEMPERATURE);
	court_series(court, 4, "h", MEASURE_HUMIDITY);
	SAY(court, 20, 22000, 23500, NOT, 50000);
	return court;
}

/* What b did, by ticks, and then whether a jump of a is believed. */
static void who_agrees_with_a_jump(void **state)
{
	(void)state;
	static const struct {
		int64_t b, a;
		bool believed;
	} rows[] = {
		{ 23500, 26400, false },  /* near b now, but it was near b before too */
		{ 38000, 45000, true },	  /* b jumped as well, the same way */
		{ 8000, 45000, false },	  /* the other way */
		{ 38000, 5000, false },
		{ 25900, 28000, true },	  /* b moved by 2.4 K: more than a third of it */
		{ 25900, 29300, false },  /* and less than a third of 7.3 K */
		{ 21100, 29000, false },  /* it moved down */
		{ 21100, 18000, true },
		{ 25900, 28950, true },	  /* not near it, but it moved by a third */
		{ 25900, 17000, false },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct court *court = pair();

		SAY(court, 1, NOT, rows[i].b);
		court_say(court, 1, rows[i].a);
		assert_int_equal(court->doubt, rows[i].believed ? DOUBT_NONE : DOUBT_JUMP);
		court_free(court);
	}
}

static void an_old_jump_agrees_with_nobody(void **state)
{
	(void)state;
	struct court *court = pair();

	SAY(court, 17, 22000, 38000); /* b under suspicion for 170 s, then for 190 s */
	court_say(court, 1, 45000);
	assert_int_equal(court->doubt, DOUBT_NONE);
	court_free(court);
	court = pair();
	SAY(court, 19, 22000, 38000);
	court_say(court, 1, 45000);
	assert_int_equal(court->doubt, DOUBT_JUMP);
	court_free(court);
	court = pair();
	for (int i = 0; i < 19; i++) /* b moved 190 s ago, and stays there */
		SAY(court, 1, 22000 + i % 2 * 100, 26000);
	court_say(court, 1, 29200);
	assert_int_equal(court->doubt, DOUBT_JUMP);
	court_free(court);
	court = pair();
	SAY(court, 1, NOT, 26000); /* b moved 3 min ago, and is silent since */
	for (int i = 0; i < 20; i++)
		SAY(court, 1, 22000);
	court_say(court, 1, 26000);
	assert_int_equal(court->doubt, DOUBT_JUMP);
	court_free(court);
}

static void a_jump_that_wanders_is_not_believed(void **state)
{
	(void)state;
	struct court *court = court_new(ROOM T("a", "at=r1"));

	court_series(court, 1, "a", MEASURE_TEMPERATURE);
	SAY(court, 20, 22000);
	for (int i = 0; i < 120; i++) {
		SAY(court, 1, i % 2 == 0 ? 50000 : 60000);
		assert_int_equal(court->doubt, DOUBT_JUMP);
	}
	court_free(court);
	court = court_new(ROOM T("a", "at=r1")); /* half an hour ago says nothing */
	court_series(court, 1, "a", MEASURE_TEMPERATURE);
	SAY(court, 20, 22000);
	for (int i = 0; i < 181; i++)
		court_tick(court);
	court_say(court, 1, 34000);
	assert_int_equal(court->doubt, DOUBT_NONE);
	court_free(court);
	court = court_new(ROOM T("a", "at=r1"));
	court_series(court, 1, "a", MEASURE_TEMPERATURE);
	SAY(court, 20, -20000);
	for (int i = 0; i < 60; i++)
		court_tick(court);
	court_say(court, 1, 84000); /* ten minutes allow 100 K, not more */
	assert_int_equal(court->doubt, DOUBT_JUMP);
	court_free(court);
}

static void a_scale_that_others_share_is_none(void **state)
{
	(void)state;
	struct court *court = pair();

	SAY(court, 1, 2200, 2350); /* the first is held; the second agrees with it */
	assert_int_equal(court->judge->tracks[0].doubt, DOUBT_SCALE);
	assert_int_equal(court->judge->tracks[1].doubt, DOUBT_NONE);
	court_free(court);
}

static void a_coarse_sensor_of_many_changes_is_not_stuck(void **state)
{
	(void)state;
	struct court *court = court_new(ROOM T("a", "at=r1"));

	court_series(court, 1, "a", MEASURE_TEMPERATURE);
	for (int i = 0; i < 9000; i++)
		SAY(court, 1, 22000 + i % 7 / 2 * 500);
	SAY(court, 1000, 22250 + 250);
	assert_int_equal(court->quality, QUALITY_OK);
	court_free(court);
}

static void bad(struct court *court, uint32_t number, enum doubt doubt)
{
	court_bad(court, number, QUALITY_ABSENT, doubt);
}

static void a_line_of_many_series(void **state)
{
	(void)state;
	struct court *court = court_new(ROOM "sensor e via=snmp address=a at=r1 every=10s\n");
	char id[8];

	for (uint32_t i = 1; i <= 4; i++) {
		(void)snprintf(id, sizeof id, "e.%u", (unsigned)i);
		court_series_as(court, i, "e", MEASURE_HUMIDITY, id);
	}
	SAY(court, 3, 50000, 50000, 50000);
	for (int i = 0; i < 4; i++) { /* port 4 was always empty */
		bad(court, 4, DOUBT_NOT_FITTED);
		SAY(court, 1, 50000, 50000, 50000);
	}
	assert_int_equal(court->records, 0);
	int64_t first = court->now;

	for (int i = 0; i < 4; i++) { /* 2 first, for which no reason is known, then 1 */
		bad(court, 4, DOUBT_NOT_FITTED);
		bad(court, 2, DOUBT_NONE);
		SAY(court, 1, 50000, NOT, 50000);
	}
	assert_int_equal(court_last(court, FINDING_ABSENT)->doubt, DOUBT_GONE);
	for (int i = 0; i < 4; i++) {
		bad(court, 4, DOUBT_NOT_FITTED);
		bad(court, 1, DOUBT_EMPTY);
		bad(court, 2, DOUBT_NONE);
		SAY(court, 1, NOT, NOT, 50000);
	}
	assert_int_equal(court_last(court, FINDING_ABSENT)->count, 2);
	assert_int_equal(court_last(court, FINDING_ABSENT)->since_ms, first);
	for (int i = 0; i < 4; i++) { /* one is silent, one absent */
		bad(court, 1, DOUBT_SILENT);
		bad(court, 2, DOUBT_NONE);
		SAY(court, 1, NOT, NOT, 50000);
	}
	assert_int_equal(court_open(court, FINDING_ABSENT), 1);
	assert_int_equal(court_count(court, FINDING_SILENT), 0);
	for (int i = 0; i < 4; i++)
		for (uint32_t j = 1; j <= 4; j++) {
			bad(court, j, DOUBT_REFUSED);
			if (j == 4)
				court_tick(court);
		}
	assert_int_equal(court_open(court, FINDING_SILENT), 1);
	assert_int_equal(court_last(court, FINDING_SILENT)->doubt, DOUBT_REFUSED);
	court_free(court);
}

static void an_inlet_cools_down(void **state)
{
	(void)state;
	struct court *court = court_new(ROOM T("i", "at=k.3"));

	court_series(court, 1, "i", MEASURE_TEMPERATURE);
	SAY(court, 20, 28000);
	SAY(court, 20, 26500); /* none is over, but not by the hysteresis */
	assert_int_equal(court_last(court, FINDING_HOT)->count, 1);
	assert_int_equal(court_open(court, FINDING_HOT), 1);
	int64_t back = court->now;

	SAY(court, 20, 25900);
	assert_int_equal(court_last(court, FINDING_HOT)->ended_ms, back);
	court_free(court);
}

static void of_a_nodes_series_the_first_over_speaks(void **state)
{
	(void)state;
	struct court *court = court_new(ROOM "pdu p amps=10A volt=200V\n"
		"sensor s via=snmp address=a on=p every=10s\n");

	court_series_as(court, 1, "s", MEASURE_CURRENT, "s.a");
	court_series_as(court, 2, "s", MEASURE_POWER, "s.w");
	SAY(court, 5, 8500, 1000000);
	SAY(court, 20, 8500, 1700000);
	assert_int_equal(court_last(court, FINDING_OVERLOAD)->kind, MEASURE_CURRENT);
	SAY(court, 20, 8500, 2100000);
	assert_int_equal(court_last(court, FINDING_OVERLOAD)->kind, MEASURE_POWER);
	assert_int_equal(court_last(court, FINDING_OVERLOAD)->severity, SEVERITY_CRITICAL);
	court_free(court);
}

static void a_series_that_becomes_another(void **state)
{
	(void)state;
	struct court *court = court_new(ROOM "sensor x via=snmp address=a at=r1 every=10s\n"
		"sensor o via=snmp address=b place=outside every=10s\n");

	court_series(court, 1, "x", MEASURE_TEMPERATURE);
	court_series(court, 2, "o", MEASURE_TEMPERATURE);
	SAY(court, 20, 36000, 45000);
	assert_int_equal(court_open(court, FINDING_HOT), 1); /* outside may be hot */
	court_series(court, 1, "x", MEASURE_TEMPERATURE); /* the same again: nothing is forgotten */
	assert_true(court->judge->tracks[0].seen);
	court_series(court, 1, "x", MEASURE_VOLTAGE);
	assert_false(court->judge->tracks[2].seen);
	assert_true(court->judge->tracks[0].seen); /* it waits for its own new number */
	court_say(court, 1, 230000);
	assert_int_equal(court->judge->tracks[0].milli, 36000);
	assert_int_equal(court->judge->tracks[2].milli, 230000);
	court_say(court, UINT32_MAX, 1000);
	assert_int_equal(court->judge->unknown, 1);
	court_free(court);
}

/* Two waiting hosts: one is told, one waits for the switch it hangs on; and a switch waits
 * for what it hangs on itself. */
static void who_waits_is_not_counted(void **state)
{
	(void)state;
	struct court *court = court_new("site s tz=UTC\nrack k\ndevice top address=t every=60s\n"
		"device sw behind=top address=d every=10s\ndevice dumb\n"
		"host a behind=sw address=a every=10s\nhost z address=z every=10s\n"
		"host y rack=k behind=dumb address=y every=10s\nhost x rack=k behind=dumb address=x every=10s\n");

	court_series(court, 1, "a", MEASURE_REACH);
	court_series(court, 2, "z", MEASURE_REACH);
	court_series(court, 3, "sw", MEASURE_REACH);
	court_series(court, 4, "y", MEASURE_REACH);
	court_series(court, 5, "x", MEASURE_REACH);
	court_series(court, 6, "top", MEASURE_REACH);
	SAY(court, 3, 1000, 1000, 1000, 1000, 1000, 1000);
	SAY(court, 4, 0, 0, 0, 0, 0); /* top has not been asked since */
	assert_int_equal(court_open(court, FINDING_HOST_DOWN), 3);
	assert_int_equal(court_open(court, FINDING_SWITCH_DOWN), 0);
	assert_string_equal(court_last(court, FINDING_HOSTS_LOST)->subject, "k"); /* of equals the rack */
	SAY(court, 2, 0, 0, 0, 0, 0, 1000);
	assert_int_equal(court_open(court, FINDING_SWITCH_DOWN), 1);
	assert_int_equal(court_open(court, FINDING_HOST_DOWN), 4);
	court_free(court);
}

/* A room's cluster and the site's are two. */
static void clusters_of_two_places(void **state)
{
	(void)state;
	char site[2048] = "site s tz=UTC\nroom r1\nrack k room=r1\nrack l room=r1\n";
	size_t n = strlen(site);

	for (int i = 0; i < 8; i++)
		n += (size_t)snprintf(site + n, sizeof site - n, "host h%d %s address=a every=10s\n", i,
		    i < 4 ? "" : i == 7 ? "rack=l" : "rack=k");
	struct court *court = court_new(site);
	char id[8];

	for (uint32_t i = 0; i < 8; i++) {
		(void)snprintf(id, sizeof id, "h%u", (unsigned)i);
		court_series(court, 1 + i, id, MEASURE_REACH);
	}
	SAY(court, 3, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000);
	SAY(court, 6, 0, 0, 0, 1000, 0, 0, 1000, 0);
	assert_int_equal(court_open(court, FINDING_HOSTS_LOST), 2);
	court_free(court);
}

static void windows_of_what_a_line_stands_in(void **state)
{
	(void)state;
	struct court *court = court_new(ROOM "ups u\nups v\n"
		"sensor x via=nut address=127.0.0.1 at=r1 every=10s\n"
		"maintenance m what=r1 from=2026-10-26T00:00Z to=2026-10-27T00:00Z\n");

	court_series_as(court, 1, "x", MEASURE_STATE, "x.state");
	for (int i = 0; i < 3; i++) {
		court_state(court, 1, "OB", SEVERITY_WARNING);
		court_tick(court);
	}
	assert_string_equal(court_last(court, FINDING_ON_BATTERY)->subject, "x");
	assert_true(court_last(court, FINDING_ON_BATTERY)->silenced);
	court_free(court);
}

static void two_alarms_of_one_unit(void **state)
{
	(void)state;
	struct court *court = court_new(ROOM "cooling ac room=r1\nsensor y via=snmp address=a on=ac every=10s\n");

	court_series_as(court, 1, "y", MEASURE_STATE, "y.fan");
	court_series_as(court, 2, "y", MEASURE_STATE, "y.pump");
	for (int i = 0; i < 3; i++) {
		court_state(court, 1, "fault", SEVERITY_CRITICAL);
		court_state(court, 2, "fault", SEVERITY_CRITICAL);
		court_tick(court);
	}
	assert_int_equal(court_open(court, FINDING_STATE), 2);
	assert_int_equal(court->changes, 2);
	court_free(court);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_agrees_with_a_jump),
		cmocka_unit_test(an_old_jump_agrees_with_nobody),
		cmocka_unit_test(a_jump_that_wanders_is_not_believed),
		cmocka_unit_test(a_scale_that_others_share_is_none),
		cmocka_unit_test(a_coarse_sensor_of_many_changes_is_not_stuck),
		cmocka_unit_test(a_line_of_many_series),
		cmocka_unit_test(an_inlet_cools_down),
		cmocka_unit_test(of_a_nodes_series_the_first_over_speaks),
		cmocka_unit_test(a_series_that_becomes_another),
		cmocka_unit_test(who_waits_is_not_counted),
		cmocka_unit_test(clusters_of_two_places),
		cmocka_unit_test(windows_of_what_a_line_stands_in),
		cmocka_unit_test(two_alarms_of_one_unit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
