/* test/unit/test_judge_heat.c - what heat explains, where cooling still has power, and
 * hosts and devices that answer, wait, come back or start anew. */
#include "harness.h"
#include "court.h"
#include "judge/state.h"
#include <stdio.h>

#define ROOM "site s tz=UTC\nroom r1\nrack k room=r1\n"
#define HOSTS "host a rack=k address=a every=10s\nhost b rack=k address=b every=10s\n"

static void say(struct court *court, const int64_t *values, size_t n)
{
	for (uint32_t i = 0; i < n; i++)
		court_say(court, 1 + i, values[i]);
	court_tick(court);
}

/* Hosts lost in a room whose inlets alone, or whose rise alone, is known. */
static void hosts_lost_to_hot_inlets(void **state)
{
	(void)state;
	struct court *court = court_new(ROOM HOSTS
		"sensor i via=w1 address=a at=k.3 kind=temperature read=a every=10s\n");

	court_series(court, 1, "i", MEASURE_TEMPERATURE);
	court_series(court, 2, "a", MEASURE_REACH);
	court_series(court, 3, "b", MEASURE_REACH);
	for (int i = 0; i < 80; i++)
		say(court, (const int64_t[]){ i < 20 ? 25000 : 25000 + (i - 20) * 100 > 29000 ? 29000 :
			25000 + (i - 20) * 100, i > 70 ? 0 : 1000, i > 70 ? 0 : 1000 }, 3);
	assert_int_equal(court_last(court, FINDING_HOSTS_LOST)->cause, court_last(court, FINDING_HOT)->id);
	assert_string_equal(court_last(court, FINDING_HOT)->subject, "i");
	court_free(court);
}

static void hosts_lost_to_a_rise_and_one_long_before(void **state)
{
	(void)state;
	struct court *court = court_new(ROOM HOSTS "host c rack=k address=c every=10s\n"
		"sensor t via=w1 address=a at=r1 kind=temperature read=a every=10s\n");

	court_series(court, 1, "t", MEASURE_TEMPERATURE);
	court_series(court, 2, "a", MEASURE_REACH);
	court_series(court, 3, "b", MEASURE_REACH);
	court_series(court, 4, "c", MEASURE_REACH);
	for (int i = 0; i < 220; i++)
		say(court, (const int64_t[]){ i < 150 ? 15000 : 15000 + (i - 150) * 110,
			i > 210 ? 0 : 1000, i > 210 ? 0 : 1000, i > 50 ? 0 : 1000 }, 4);
	assert_int_equal(court_count(court, FINDING_HOT), 0);
	assert_int_equal(court_last(court, FINDING_HOSTS_LOST)->cause,
	    court_last(court, FINDING_RISING)->id);
	assert_int_equal(court_last(court, FINDING_HOSTS_LOST)->count, 2);
	for (size_t i = 0; i < court->records; i++)
		if (strcmp(court->record[i].subject, "c") == 0)
			assert_int_equal(court->record[i].cause, 0);
	court_free(court);
}

/* The room passes its limit at one reading, the host fell so many probes before it.  The
 * thermometer is read every 30 s: within that time the heat may have been there first. */
static void a_cause_does_not_begin_after_what_it_causes(void **state)
{
	(void)state;
	for (int before = 1; before < 6; before++) {
		struct court *court = court_new(ROOM "host a rack=k address=a every=10s\n"
			"device d address=d room=r1 every=10s\n"
			"sensor t via=w1 address=a at=r1 kind=temperature read=a every=30s\n");
		bool after = before < 3;

		court_series(court, 1, "t", MEASURE_TEMPERATURE);
		court_series(court, 2, "a", MEASURE_REACH);
		court_series(court, 3, "d", MEASURE_REACH);
		for (int i = 0; i < 90; i++) {
			if (i % 3 == 0)
				court_say(court, 1, i < 60 ? 29500 : 31000);
			court_say(court, 2, i >= 60 - before ? 0 : 1000);
			court_say(court, 3, i >= 60 - before ? 0 : 1000);
			court_tick(court);
		}
		const struct finding *hot = court_last(court, FINDING_HOT);

		assert_non_null(hot);
		assert_int_equal(court_count(court, FINDING_HOST_DOWN), 2);
		for (size_t i = 0; i < court->records; i++)
			if (court->record[i].code == FINDING_HOST_DOWN)
				assert_int_equal(court->record[i].cause, after ? hot->id : 0);
		court_free(court);
	}
}

static void hosts_lost_with_a_blind_room(void **state)
{
	(void)state;
	struct court *court = court_new(ROOM HOSTS
		"sensor t via=w1 address=a at=r1 kind=temperature read=a every=10s\n");

	court_series(court, 1, "t", MEASURE_TEMPERATURE);
	court_series(court, 2, "a", MEASURE_REACH);
	court_series(court, 3, "b", MEASURE_REACH);
	for (int i = 0; i < 30; i++) {
		if (i < 10)
			court_say(court, 1, 24000);
		court_say(court, 2, i > 20 ? 0 : 1000);
		court_say(court, 3, i > 20 ? 0 : 1000);
		court_tick(court);
	}
	assert_int_equal(court_last(court, FINDING_HOSTS_LOST)->cause,
	    court_last(court, FINDING_ROOM_BLIND)->id);
	/* it is seen again: what was lost stays one incident, by itself */
	for (int i = 0; i < 5; i++)
		say(court, (const int64_t[]){ 24000, 0, 0 }, 3);
	assert_int_equal(court_open(court, FINDING_ROOM_BLIND), 0);
	assert_int_equal(court_count(court, FINDING_HOSTS_LOST), 1);
	assert_int_equal(court_last(court, FINDING_HOSTS_LOST)->cause, 0);
	court_free(court);
}

static void sensors_that_die_in_the_heat_die_of_it(void **state)
{
	(void)state;
	struct court *court = court_new(ROOM
		"sensor t via=w1 address=a at=r1 kind=temperature read=a every=10s\n");

	court_series(court, 1, "t", MEASURE_TEMPERATURE);
	for (int i = 0; i < 30; i++)
		say(court, (const int64_t[]){ 31000 }, 1);
	for (int i = 0; i < 6; i++)
		court_tick(court);
	assert_int_equal(court_last(court, FINDING_ROOM_BLIND)->cause, court_last(court, FINDING_HOT)->id);
	court_free(court);
	/* one that was blind first, with a good value in three, is not blind of the heat */
	court = court_new(ROOM "sensor t via=w1 address=a at=r1 kind=temperature read=a every=10s\n");
	court_series(court, 1, "t", MEASURE_TEMPERATURE);
	for (int i = 0; i < 60; i++) {
		if (i < 4 || i % 3 == 0)
			court_say(court, 1, i < 4 ? 29900 : 30200);
		else
			court_bad(court, 1, QUALITY_UNTRUSTED, DOUBT_CHECKSUM);
		court_tick(court);
	}
	assert_int_equal(court_open(court, FINDING_HOT), 1);
	assert_int_equal(court_last(court, FINDING_ROOM_BLIND)->cause, 0);
	court_free(court);
}

static void a_series_named_as_what_is_said_of_its_room(void **state)
{
	(void)state;
	struct court *court = court_new(ROOM
		"sensor i via=w1 address=a at=k.3 kind=temperature read=a every=10s\n"
		"sensor j via=w1 address=b at=k.9 kind=temperature read=a every=10s limit=26C\n");

	court_series(court, 1, "i", MEASURE_TEMPERATURE);
	court_series_as(court, 2, "j", MEASURE_TEMPERATURE, "inlets of r1");
	for (int i = 0; i < 30; i++)
		say(court, (const int64_t[]){ 28000, 28000 }, 2);
	assert_int_equal(court_open(court, FINDING_HOT), 1);
	assert_int_equal(court_last(court, FINDING_HOT)->cause, 0);
	court_free(court);
}

/* Which of the cooling units stand still while u is on battery. */
static void where_cooling_still_has_power(void **state)
{
	(void)state;
	struct court *court = court_new(ROOM "feed f\nfeed g\nups u from=f\nups v from=g\n"
		"panel pf from=f\npanel pg from=g\nbreaker sts from=pf from2=pg\n"
		"breaker both from=pf from2=v\npanel x1 from=pf from2=f\npanel x2 from=x1 from2=pf\n"
		"cooling on1 room=r1 from=sts\ncooling on2 room=r1 from=both\ncooling on3 room=r1 from=u\n"
		"cooling off1 room=r1 from=pf\ncooling off2 room=r1 from=x2\ncooling off3 room=r1\n"
		"cooling none from=pf\nsensor us via=nut address=a on=u every=10s\n");

	court_series_as(court, 1, "us", MEASURE_STATE, "us.state");
	for (int i = 0; i < 4; i++) {
		court_state(court, 1, "OB", SEVERITY_CRITICAL);
		court_tick(court);
	}
	assert_int_equal(court_open(court, FINDING_COOLING_OFF), 3);
	for (size_t i = 0; i < court->records; i++)
		if (court->record[i].code == FINDING_COOLING_OFF)
			assert_int_equal(strncmp(court->record[i].subject, "off", 3), 0);
	court_free(court);
}

/* A battery of nobody's tree: all that a feed drives is taken for lost. */
static void a_ups_of_no_tree(void **state)
{
	(void)state;
	struct court *court = court_new(ROOM "feed f\ncooling ac room=r1 from=f\n"
		"sensor us via=nut address=a every=10s\n");

	court_series_as(court, 1, "us", MEASURE_STATE, "us.state");
	for (int i = 0; i < 4; i++) {
		court_state(court, 1, "OB", SEVERITY_CRITICAL);
		court_tick(court);
	}
	assert_int_equal(court_open(court, FINDING_COOLING_OFF), 1);
	court_free(court);
}

/* 30 switches one over the other, each over both: as many steps as there are switches. */
static void sides_that_meet_again_are_walked_once(void **state)
{
	(void)state;
	char site[8192] = ROOM "feed f\nups u from=f\npanel a0 from=f\npanel b0 from=f\n";
	size_t n = strlen(site);

	for (int i = 1; i < 40; i++)
		n += (size_t)snprintf(site + n, sizeof site - n, "panel a%d from=a%d from2=b%d\n"
		    "panel b%d from=b%d from2=a%d\n", i, i - 1, i - 1, i, i - 1, i - 1);
	(void)snprintf(site + n, sizeof site - n, "cooling ac room=r1 from=a39\n"
	    "sensor us via=nut address=a on=u every=10s\n");
	struct court *court = court_new(site);

	court_series_as(court, 1, "us", MEASURE_STATE, "us.state");
	court_state(court, 1, "OB", SEVERITY_CRITICAL);
	court_tick(court);
	assert_int_equal(court_open(court, FINDING_COOLING_OFF), 1);
	court_free(court);
}

static void what_is_no_answer_and_no_failure_is_nothing(void **state)
{
	(void)state;
	struct court *court = court_new(ROOM HOSTS
		"sensor t via=snmp address=a every=10s\n");

	court_series(court, 2, "a", MEASURE_REACH);
	court_series_as(court, 3, "t", MEASURE_REACH, "t.reach");
	court_series_as(court, 4, "t", MEASURE_UPTIME, "t.uptime");
	court_series_as(court, 5, "a", MEASURE_UPTIME, "a.uptime");
	for (int i = 0; i < 6; i++) {
		court_bad(court, 2, QUALITY_ABSENT, DOUBT_REFUSED);
		court_say(court, 3, 0); /* a sensor's: no host of ours */
		court_say(court, 4, 9000000 - i * 1000000);
		court_bad(court, 5, QUALITY_ABSENT, DOUBT_EMPTY);
		court_tick(court);
	}
	assert_int_equal(court_count(court, FINDING_HOST_DOWN) + court_count(court, FINDING_REBOOT), 0);
	for (int i = 0; i < 6; i++) { /* nothing came at all: that is a failed probe */
		court_bad(court, 2, QUALITY_ABSENT, DOUBT_SILENT);
		court_tick(court);
	}
	assert_int_equal(court_open(court, FINDING_HOST_DOWN), 1);
	court_free(court);
}

static void a_device_that_starts_anew_and_why(void **state)
{
	(void)state;
	struct court *court = court_new(ROOM HOSTS "host n address=n every=10s\n"
		"device d address=d every=10s\n");
	static const char *const who[] = { "d", "n", "a" };

	for (uint32_t i = 0; i < 3; i++) {
		char id[8];

		(void)snprintf(id, sizeof id, "%s.up", who[i]);
		court_series_as(court, 1 + i, who[i], MEASURE_UPTIME, id);
		court_series(court, 11 + i, who[i], MEASURE_REACH);
	}
	for (int i = 0; i < 30; i++) {
		bool away = i > 10 && i < 20;

		for (uint32_t j = 0; j < 3; j++) {
			court_say(court, 11 + j, away ? 0 : 1000);
			if (!away)
				court_say(court, 1 + j, i < 20 ? 8000000 + i * 10000 : (i - 19) * 10000);
		}
		court_tick(court);
	}
	assert_int_equal(court_count(court, FINDING_REBOOT), 3);
	for (size_t i = 0; i < court->records; i++) /* it was down: that is why */
		if (court->record[i].code == FINDING_REBOOT) {
			bool place = strcmp(court->record[i].subject, "a") == 0;

			assert_string_equal(court->record[i].place, place ? "k" : "");
			assert_int_equal(court->record[i].cause != 0, court->record[i].subject[0] != 'd');
		}
	court_free(court);
}

static void counters_of_uptime_that_start_again(void **state)
{
	(void)state;
	static const struct {
		int64_t before, after;
		unsigned reboots;
	} rows[] = { { 42949600, 30, 0 }, { 42949600, 238, 0 }, { 42949600, 239, 1 },
		{ 42949962, 0, 0 }, { 42949963, 0, 1 }, { 4294960, 20, 0 }, { 4294960, 600, 1 },
		{ 1000, 999, 0 }, { 1000, 997, 1 } };

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct court *court = court_new(ROOM HOSTS);

		court_series_as(court, 1, "a", MEASURE_UPTIME, "a.up");
		court_say(court, 1, rows[i].before * 1000);
		court_tick(court);
		court_say(court, 1, rows[i].after * 1000);
		court_tick(court);
		assert_int_equal(court_count(court, FINDING_REBOOT), rows[i].reboots);
		court_free(court);
	}
}

/* A host waits for its switch's next probe, but not for ever. */
static void nobody_waits_for_ever(void **state)
{
	(void)state;
	struct court *court = court_new("site s tz=UTC\ndevice top address=t every=20s\n"
		"device sw behind=top address=d every=20s\n"
		"host a behind=sw address=a every=10s\n");

	court_series(court, 1, "a", MEASURE_REACH);
	court_series(court, 3, "top", MEASURE_REACH);
	for (int i = 0; i < 4; i++) {
		court_say(court, 1, 1000);
		court_say(court, 3, 1000);
		court_tick(court);
	}
	int64_t first = court->now;

	for (int i = 0; i < 12; i++) { /* top is not asked any more, sw never was */
		court_say(court, 1, 0);
		court_tick(court);
		assert_int_equal(court_count(court, FINDING_HOST_DOWN), court->now - first > 90 * SEC);
	}
	court_free(court);
	court = court_new("site s tz=UTC\ndevice sw address=d every=10s\n"
		"host a behind=sw address=a every=10s\n");
	court_series(court, 1, "a", MEASURE_REACH);
	court_series(court, 2, "sw", MEASURE_REACH);
	for (int i = 0; i < 8; i++) { /* its switch fails now and then: it may be that */
		court_say(court, 1, i > 3 ? 0 : 1000);
		court_say(court, 2, i == 6 ? 0 : 1000);
		court_tick(court);
		assert_int_equal(court_count(court, FINDING_HOST_DOWN), i > 6);
	}
	court_free(court);
}

/* A device that has recovered once, and only starts to fail again. */
static void a_device_that_fails_again(void **state)
{
	(void)state;
	struct court *court = court_new("site s tz=UTC\ndevice d address=d every=10s\n");

	court_series(court, 1, "d", MEASURE_REACH);
	for (int i = 0; i < 20; i++)
		say(court, (const int64_t[]){ i < 4 || (i > 8 && i != 15) ? 1000 : 0 }, 1);
	assert_int_equal(court_count(court, FINDING_HOST_DOWN), 1);
	assert_int_equal(court_open(court, FINDING_HOST_DOWN), 0);
	court_free(court);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hosts_lost_to_hot_inlets),
		cmocka_unit_test(hosts_lost_to_a_rise_and_one_long_before),
		cmocka_unit_test(a_cause_does_not_begin_after_what_it_causes),
		cmocka_unit_test(hosts_lost_with_a_blind_room),
		cmocka_unit_test(sensors_that_die_in_the_heat_die_of_it),
		cmocka_unit_test(a_series_named_as_what_is_said_of_its_room),
		cmocka_unit_test(where_cooling_still_has_power),
		cmocka_unit_test(a_ups_of_no_tree),
		cmocka_unit_test(sides_that_meet_again_are_walked_once),
		cmocka_unit_test(what_is_no_answer_and_no_failure_is_nothing),
		cmocka_unit_test(a_device_that_starts_anew_and_why),
		cmocka_unit_test(counters_of_uptime_that_start_again),
		cmocka_unit_test(nobody_waits_for_ever),
		cmocka_unit_test(a_device_that_fails_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
