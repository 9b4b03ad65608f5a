/* test/unit/test_judge_hosts.c - one cause, one incident. */
#include "harness.h"
#include "court.h"
#include <stdio.h>
#include <stdlib.h>

/* Two racks, each with a switch, a feed and hosts a1..a4, b1..b4 probed every 10 s. */
#define HOSTS                                                                              \
	"site s tz=UTC\nroom r1\nrack ka room=r1\nrack kb room=r1\n"                       \
	"feed fa\nfeed fb\nups ua from=fa\npdu pa from=ua rack=ka\npdu pb from=fb rack=kb\n" \
	"device core address=192.0.2.9 every=10s\n"                                        \
	"device sa address=192.0.2.8 behind=core rack=ka every=10s\n"                      \
	"sensor t1 via=snmp address=192.0.2.1 at=r1 kind=temperature read=1.3 every=10s\n" \
	"service web tier=1 value=1\nservice db tier=1 value=1 must=yes\n"                 \
	"host a1 rack=ka u=1 cords=pa behind=sa address=192.0.2.11 every=10s svc=db\n"     \
	"host a2 rack=ka u=2 cords=pa behind=sa address=192.0.2.12 every=10s svc=web\n"    \
	"host a3 rack=ka u=3 cords=pa behind=sa address=192.0.2.13 every=10s\n"            \
	"host a4 rack=ka u=4 cords=pa behind=sa address=192.0.2.14 every=10s\n"            \
	"host b1 rack=kb u=1 cords=pb address=192.0.2.21 every=10s\n"                      \
	"host b2 rack=kb u=2 cords=pb address=192.0.2.22 every=10s\n"                      \
	"host b3 rack=kb u=3 cords=pb address=192.0.2.23 every=10s\n"                      \
	"host b4 rack=kb u=4 cords=pb address=192.0.2.24 every=10s\n"

enum { A1 = 11, A4 = 14, B1 = 21, B4 = 24, CORE = 9, SA = 8, T1 = 1, UP_A1 = 31, P_A = 41 };

struct lab {
	struct court *court;
	bool down[50];
	int64_t temp;
};

static struct lab lab_new(const char *site)
{
	struct lab lab = { .court = court_new(site), .temp = 24000 };
	char id[8];

	for (uint32_t i = 0; i < 4; i++) {
		(void)snprintf(id, sizeof id, "a%u", i + 1);
		court_series(lab.court, A1 + i, id, MEASURE_REACH);
		(void)snprintf(id, sizeof id, "b%u", i + 1);
		court_series(lab.court, B1 + i, id, MEASURE_REACH);
	}
	court_series(lab.court, CORE, "core", MEASURE_REACH);
	court_series(lab.court, SA, "sa", MEASURE_REACH);
	court_series(lab.court, T1, "t1", MEASURE_TEMPERATURE);
	court_series_as(lab.court, UP_A1, "a1", MEASURE_UPTIME, "a1.uptime");
	return lab;
}

static void lab_round(struct lab *lab)
{
	static const uint32_t all[] = { A1, A1 + 1, A1 + 2, A4, B1, B1 + 1, B1 + 2, B4, SA, CORE };

	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		court_say(lab->court, all[i], lab->down[all[i]] ? 0 : 1000);
	court_say(lab->court, T1, lab->temp);
	court_tick(lab->court);
}

static void lab_rounds(struct lab *lab, int n)
{
	for (int i = 0; i < n; i++)
		lab_round(lab);
}

static void a_lost_probe_is_no_lost_host(void **state)
{
	(void)state;
	struct lab lab = lab_new(HOSTS);

	for (int i = 0; i < 60; i++) {
		lab.down[B1] = i % 3 == 0;
		lab.down[B4] = i % 10 == 0;
		lab_round(&lab);
	}
	assert_int_equal(lab.court->records, 0);
	court_free(lab.court);
}

static void a_host_down_is_told_with_its_first_failure(void **state)
{
	(void)state;
	struct lab lab = lab_new(HOSTS);

	lab_rounds(&lab, 10);
	lab.down[B1] = true;
	int64_t first = lab.court->now;

	lab_rounds(&lab, 2);
	assert_int_equal(lab.court->records, 0);
	lab_round(&lab);
	const struct finding *down = court_last(lab.court, FINDING_HOST_DOWN);

	assert_non_null(down);
	assert_int_equal(down->since_ms, first);
	assert_string_equal(down->subject, "b1");
	assert_int_equal(down->severity, SEVERITY_WARNING);
	assert_int_equal(down->cause, 0);
	lab.down[B1] = false;
	int64_t back = lab.court->now;

	lab_round(&lab);
	assert_int_equal(court_last(lab.court, FINDING_HOST_DOWN)->ended_ms, back);
	court_free(lab.court);
}

static void a_switch_down_is_one_incident(void **state)
{
	(void)state;
	struct lab lab = lab_new(HOSTS);
	struct verdict verdict;

	lab_rounds(&lab, 10);
	for (uint32_t i = A1; i <= A4; i++)
		lab.down[i] = true;
	lab_rounds(&lab, 1);
	lab.down[SA] = true; /* its probe comes later than those of its children */
	lab_rounds(&lab, 6);
	assert_int_equal(court_roots(lab.court), 1);
	assert_int_equal(court_count(lab.court, FINDING_SWITCH_DOWN), 1);
	assert_int_equal(court_count(lab.court, FINDING_HOSTS_LOST), 1);
	assert_int_equal(court_last(lab.court, FINDING_HOSTS_LOST)->count, 4);
	assert_int_equal(court_last(lab.court, FINDING_HOSTS_LOST)->cause,
	    court_last(lab.court, FINDING_SWITCH_DOWN)->id);
	assert_string_equal(court_last(lab.court, FINDING_HOSTS_LOST)->subject, "sa");
	judge_verdict(lab.court->judge, lab.court->now, &verdict);
	assert_int_equal(verdict.worst.code, FINDING_SWITCH_DOWN);
	assert_int_equal(verdict.todo[0], TODO_CHECK_SWITCH);
	assert_int_equal(verdict.hosts_down, 4);
	/* the switch comes back, one host does not: told within a cycle */
	lab.down[SA] = lab.down[A1 + 1] = lab.down[A1 + 2] = lab.down[A4] = false;
	lab_round(&lab);
	assert_int_equal(court_roots(lab.court), 1);
	lab_rounds(&lab, 2);
	assert_int_equal(court_open(lab.court, FINDING_SWITCH_DOWN), 0);
	assert_int_equal(court_open(lab.court, FINDING_HOSTS_LOST), 0);
	assert_int_equal(court_open(lab.court, FINDING_HOST_DOWN), 1);
	const struct finding *left = court_last(lab.court, FINDING_HOST_DOWN);

	for (size_t i = 0; i < lab.court->records; i++)
		if (lab.court->record[i].code == FINDING_HOST_DOWN &&
		    lab.court->record[i].ended_ms == 0)
			left = &lab.court->record[i];
	assert_string_equal(left->subject, "a1");
	assert_int_equal(left->cause, 0);
	assert_int_equal(left->severity, SEVERITY_CRITICAL);
	assert_int_equal(lab.court->disorder, 0);
	court_free(lab.court);
}

static void a_core_down_explains_the_switch_behind_it(void **state)
{
	(void)state;
	struct lab lab = lab_new(HOSTS);

	lab_rounds(&lab, 10);
	for (uint32_t i = A1; i <= A4; i++)
		lab.down[i] = true;
	lab.down[SA] = lab.down[CORE] = true;
	lab_rounds(&lab, 6);
	assert_int_equal(court_roots(lab.court), 1);
	assert_int_equal(court_count(lab.court, FINDING_SWITCH_DOWN), 2);
	court_free(lab.court);
}

static void a_rack_lost_is_one_incident(void **state)
{
	(void)state;
	struct lab lab = lab_new(HOSTS);
	struct verdict verdict;

	lab_rounds(&lab, 10);
	for (uint32_t i = B1; i <= B4; i++) {
		lab.down[i] = true;
		lab_rounds(&lab, 3);
	}
	lab_rounds(&lab, 3);
	assert_int_equal(court_open(lab.court, FINDING_HOSTS_LOST), 1);
	const struct finding *lost = court_last(lab.court, FINDING_HOSTS_LOST);

	assert_int_equal(lost->count, 4);
	assert_int_equal(lost->subject_kind, SUBJECT_RACK);
	assert_string_equal(lost->subject, "kb");
	judge_verdict(lab.court->judge, lab.court->now, &verdict);
	assert_int_equal(verdict.todo[0], TODO_CHECK_POWER);
	assert_int_equal(verdict.todo[1], TODO_CHECK_HOST);
	size_t open_roots = 0;

	for (size_t i = 0; i < lab.court->records; i++)
		open_roots += lab.court->record[i].ended_ms == 0 && lab.court->record[i].cause == 0;
	assert_int_equal(open_roots, 1);
	court_free(lab.court);
}

static void many_hosts_of_a_room_are_one_incident(void **state)
{
	(void)state;
	struct lab lab = lab_new(HOSTS);

	lab_rounds(&lab, 10);
	lab.down[A1] = lab.down[B1] = lab.down[B4] = true;
	lab_rounds(&lab, 6);
	assert_int_equal(court_open(lab.court, FINDING_HOSTS_LOST), 1);
	assert_string_equal(court_last(lab.court, FINDING_HOSTS_LOST)->subject, "r1");
	assert_int_equal(court_last(lab.court, FINDING_HOSTS_LOST)->count, 3);
	court_free(lab.court);
}

static void silent_power_explains_its_hosts(void **state)
{
	(void)state;
	struct lab lab = lab_new(HOSTS
	    "sensor m1 via=snmp address=192.0.2.5 on=pb kind=power read=1.4 every=10s\n");

	court_series(lab.court, P_A, "m1", MEASURE_POWER);
	for (int i = 0; i < 10; i++) {
		court_say(lab.court, P_A, 500000);
		lab_round(&lab);
	}
	for (uint32_t i = B1; i <= B4; i++)
		lab.down[i] = true;
	for (int i = 0; i < 8; i++) {
		court_bad(lab.court, P_A, QUALITY_ABSENT, DOUBT_SILENT);
		lab_round(&lab);
	}
	assert_int_equal(court_open(lab.court, FINDING_HOSTS_LOST), 1);
	assert_string_equal(court_last(lab.court, FINDING_HOSTS_LOST)->subject, "pb");
	assert_int_equal(court_last(lab.court, FINDING_HOSTS_LOST)->cause,
	    court_last(lab.court, FINDING_SILENT)->id);
	court_free(lab.court);
}

static void hosts_of_a_hot_room_are_lost_to_the_heat(void **state)
{
	(void)state;
	struct lab lab = lab_new(HOSTS);
	struct verdict verdict;

	lab_rounds(&lab, 60);
	for (int i = 0; i < 360; i++) {
		lab.temp += 50;
		lab.down[A1] = i > 250;
		lab.down[B1] = i > 280;
		lab.down[B4] = i > 300;
		lab_round(&lab);
	}
	const struct finding *lost = court_last(lab.court, FINDING_HOSTS_LOST);
	const struct finding *hot = court_last(lab.court, FINDING_HOT);

	assert_int_equal(court_count(lab.court, FINDING_HOSTS_LOST), 1);
	assert_string_equal(lost->subject, "r1");
	assert_int_equal(lost->cause, hot->id);
	assert_int_equal(lost->count, 3);
	judge_verdict(lab.court->judge, lab.court->now, &verdict);
	assert_int_equal(verdict.worst.code, FINDING_HOT);
	assert_int_equal(verdict.now.code, FINDING_HOT);
	assert_int_equal(verdict.more, 0);
	court_free(lab.court);
}

static void uptime_that_goes_back_is_a_reboot(void **state)
{
	(void)state;
	struct lab lab = lab_new(HOSTS);

	court_say(lab.court, UP_A1, 5000000);
	lab_rounds(&lab, 10);
	court_say(lab.court, UP_A1, 5100000);
	lab_rounds(&lab, 10);
	assert_int_equal(court_count(lab.court, FINDING_REBOOT), 0);
	court_say(lab.court, UP_A1, 60000);
	int64_t booted = lab.court->now - 60000;

	lab_rounds(&lab, 1);
	assert_int_equal(court_count(lab.court, FINDING_REBOOT), 1);
	assert_int_equal(court_last(lab.court, FINDING_REBOOT)->since_ms, booted);
	lab_rounds(&lab, 380);
	assert_int_equal(court_open(lab.court, FINDING_REBOOT), 0);
	/* 497 days: hundredths in 32 bits start again */
	court_say(lab.court, UP_A1, 42949600000);
	lab_rounds(&lab, 10);
	court_say(lab.court, UP_A1, 28000);
	lab_rounds(&lab, 1);
	assert_int_equal(court_count(lab.court, FINDING_REBOOT), 1);
	court_free(lab.court);
}

static void maintenance_silences_and_ends(void **state)
{
	(void)state;
	struct lab lab = lab_new(HOSTS
	    "maintenance m1 what=kb from=2026-10-26T00:00 to=2026-10-26T00:10\n");
	struct verdict verdict;

	lab_rounds(&lab, 10);
	for (uint32_t i = B1; i <= B4; i++)
		lab.down[i] = true;
	lab_rounds(&lab, 10);
	judge_verdict(lab.court->judge, lab.court->now, &verdict);
	assert_int_equal(verdict.severity, SEVERITY_OK);
	assert_int_equal(court_roots(lab.court), 0);
	assert_int_equal(court_open(lab.court, FINDING_HOST_DOWN), 4);
	lab_rounds(&lab, 45);
	judge_verdict(lab.court->judge, lab.court->now, &verdict);
	assert_int_equal(verdict.severity, SEVERITY_CRITICAL);
	assert_int_equal(court_open(lab.court, FINDING_HOSTS_LOST), 1);
	court_free(lab.court);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_lost_probe_is_no_lost_host),
		cmocka_unit_test(a_host_down_is_told_with_its_first_failure),
		cmocka_unit_test(a_switch_down_is_one_incident),
		cmocka_unit_test(a_core_down_explains_the_switch_behind_it),
		cmocka_unit_test(a_rack_lost_is_one_incident),
		cmocka_unit_test(many_hosts_of_a_room_are_one_incident),
		cmocka_unit_test(silent_power_explains_its_hosts),
		cmocka_unit_test(hosts_of_a_hot_room_are_lost_to_the_heat),
		cmocka_unit_test(uptime_that_goes_back_is_a_reboot),
		cmocka_unit_test(maintenance_silences_and_ends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
