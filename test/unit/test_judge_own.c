/* test/unit/test_judge_own.c - what keisoku says of itself and keeps: its own troubles, a
 * reload, jumps of the clock, passwords in clear. */
#include "harness.h"
#include "court.h"
#include <stdio.h>

static void a_reload_keeps_what_is_known(void **state)
{
	(void)state;
	struct court *court = court_three();

	court_say_three(court, 30500, 30600, 30700, 1);
	court_say_three(court, 30500, 30600, 30700, 20);
	assert_int_equal(court_open(court, FINDING_HOT), 1);
	uint64_t id = court_last(court, FINDING_HOT)->id;
	struct judge *fresh = NULL;

	assert_int_equal(judge_new(court->site, &fresh, NULL), KS_OK);
	judge_inherit(fresh, court->judge);
	judge_free(court->judge);
	court->judge = fresh;
	court_series(court, 1, "t1", MEASURE_TEMPERATURE);
	court_series(court, 2, "t2", MEASURE_TEMPERATURE);
	court_series(court, 3, "t3", MEASURE_TEMPERATURE);
	size_t changes = court->changes;

	court_say_three(court, 30500, 30600, 30700, 20);
	assert_int_equal(court->changes, changes);
	assert_int_equal(court_open(court, FINDING_HOT), 1);
	court_say_three(court, 24000, 24600, 24700, 20);
	assert_int_equal(court_last(court, FINDING_HOT)->id, id);
	assert_int_equal(court_open(court, FINDING_HOT), 0);
	court_free(court);
}

static void what_keisoku_says_of_itself_lasts(void **state)
{
	(void)state;
	struct court *court = court_three();
	struct finding self = { .code = FINDING_DISK_FULL, .severity = SEVERITY_CRITICAL,
		.subject = "store", .since_ms = court->now, .subject_kind = SUBJECT_ROLE };
	struct verdict verdict;

	judge_self(court->judge, &self);
	court_say_three(court, 22000, 22500, 23000, 100);
	assert_int_equal(court_open(court, FINDING_DISK_FULL), 1);
	judge_verdict(court->judge, court->now, &verdict);
	assert_int_equal(verdict.todo[0], TODO_FREE_DISK);
	self.ended_ms = court->now;
	judge_self(court->judge, &self);
	court_say_three(court, 22000, 22500, 23000, 2);
	assert_int_equal(court_open(court, FINDING_DISK_FULL), 0);
	assert_int_equal(court_last(court, FINDING_DISK_FULL)->ended_ms, self.ended_ms);
	court_free(court);
}

/* What would open stands at its place; of itself keisoku has none. */
static void only_what_would_be_keeps_its_place(void **state)
{
	static const struct {
		enum finding_code code;
		const char *kept;
	} rows[] = { { FINDING_LOSS_TRIPS, "b1" }, { FINDING_LOSS_STOPS, "b1" }, { FINDING_DISK_FULL, "" } };
	struct court *court = court_three();

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct finding said = { .code = (uint16_t)rows[i].code, .severity = SEVERITY_WARNING,
			.subject = "u1", .place = "b1", .since_ms = court->now };

		judge_self(court->judge, &said);
		court_say_three(court, 22000, 22500, 23000, 1);
		assert_string_equal(court_last(court, rows[i].code)->place, rows[i].kept);
	}
	court_free(court);
}

static void ten_thousand_jumps_of_the_clock_find_nothing(void **state)
{
	(void)state;
	struct court *court = court_three();
	uint64_t seed = 7;
	static const int64_t scales[] = { SEC, 10 * SEC, MIN, HR, 24LL * HR, 365LL * 24 * HR };

	for (int i = 0; i < 10000; i++) {
		seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
		int64_t jump = (int64_t)(seed >> 33) % scales[i % 6] + scales[i % 6] / 2;

		if (seed >> 20 & 1)
			jump = -jump;
		if (court->now + jump > 0)
			court->now += jump;
		if (seed >> 21 & 1) /* readings may come before or after the tick that sees it */
			judge_tick(court->judge, court->now);
		court_say_three(court, 22000 + i % 3 * 100, 22500, 23000 + i % 2 * 100, 1);
	}
	assert_int_equal(court->records, 0);
	assert_int_equal(court->disorder, 0);
	court_free(court);
}

static void reach_of(struct court *court, uint32_t number, enum subject subject_kind,
    uint32_t subject, bool clear)
{
	struct series series = { .number = number, .subject_kind = (uint8_t)subject_kind,
		.subject = subject, .kind = MEASURE_REACH, .clear = clear };

	(void)snprintf(series.id, sizeof series.id, "x%u:reach", number);
	assert_int_equal(judge_series(court->judge, &series, NULL), KS_OK);
	court_say(court, number, 1000);
}

/* One finding for all devices, each counted once, that is no alarm; it ends with the last. */
static void passwords_in_clear_are_said_and_wake_nobody(void **state)
{
	(void)state;
	struct court *court = court_new(COURT_ROOM COURT_T("t1") COURT_T("t2")
	    "sensor t3 via=snmp address=192.0.2.2 at=r1\n"
	    "sensor t4 via=snmp address=192.0.2.3 at=r1\n"
	    "sensor t5 via=hwmon at=r1\n"
	    "host h1 rack=k1 u=1 address=192.0.2.9 check=snmp\ndevice d1 address=192.0.2.8\n");
	struct verdict verdict;

	reach_of(court, 1, SUBJECT_SENSOR, 0, true);
	reach_of(court, 2, SUBJECT_SENSOR, 1, true); /* the same device */
	reach_of(court, 3, SUBJECT_SENSOR, 2, true);
	reach_of(court, 4, SUBJECT_SENSOR, 3, false); /* SNMP v3 */
	reach_of(court, 5, SUBJECT_SENSOR, 4, true);  /* without an address */
	reach_of(court, 6, SUBJECT_HOST, 0, true);
	reach_of(court, 7, SUBJECT_DEVICE, 0, true);
	court_tick(court);
	assert_int_equal(court_open(court, FINDING_CLEAR_COMMUNITY), 1);
	assert_int_equal(court_last(court, FINDING_CLEAR_COMMUNITY)->count, 5);
	assert_int_equal(court_last(court, FINDING_CLEAR_COMMUNITY)->severity, SEVERITY_OK);
	assert_string_equal(court_last(court, FINDING_CLEAR_COMMUNITY)->subject, "s");
	judge_verdict(court->judge, court->now, &verdict);
	assert_int_equal(verdict.severity, SEVERITY_OK);
	assert_int_equal(verdict.worst.code, FINDING_CODES);
	assert_int_equal(verdict.more, 0);
	for (uint32_t i = 0; i < 3; i++)
		reach_of(court, i + 1, SUBJECT_SENSOR, i, false);
	court_tick(court);
	assert_int_equal(court_last(court, FINDING_CLEAR_COMMUNITY)->count, 3);
	reach_of(court, 5, SUBJECT_SENSOR, 4, false);
	reach_of(court, 6, SUBJECT_HOST, 0, false);
	court_series_as(court, 7, "t1", MEASURE_TEMPERATURE, "other"); /* takes 7's number */
	court_tick(court);
	assert_int_equal(court_open(court, FINDING_CLEAR_COMMUNITY), 0);
	court_free(court);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_reload_keeps_what_is_known),
		cmocka_unit_test(what_keisoku_says_of_itself_lasts),
		cmocka_unit_test(only_what_would_be_keeps_its_place),
		cmocka_unit_test(ten_thousand_jumps_of_the_clock_find_nothing),
		cmocka_unit_test(passwords_in_clear_are_said_and_wake_nobody),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
