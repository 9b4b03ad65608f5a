/* test/unit/test_judge_reload.c - what a new site file takes away, and other edges of what
 * the judge carries along. */
#include "harness.h"
#include "court.h"
#include "judge/state.h"
#include <stdio.h>
#include <stdlib.h>

#define BEFORE "site s tz=UTC volt=200\nroom r1\nroom r2\nrack k1 room=r1\nrack k2 room=r2\n"  \
	"feed f1 amps=100\nfeed f2 amps=100\ndevice d1 address=192.0.2.1\n"                     \
	"device d2 address=192.0.2.2\nhost h1 rack=k1 u=1\nhost h2 rack=k2 u=1\n"               \
	"sensor t1 via=snmp address=192.0.2.3 at=r1\nsensor t2 via=snmp address=192.0.2.4 at=r2\n"
#define AFTER "site s tz=UTC volt=200\nroom r1\nrack k1 room=r1\nfeed f1 amps=100\n"            \
	"device d1 address=192.0.2.1\nhost h1 rack=k1 u=1\n"                                     \
	"sensor t1 via=snmp address=192.0.2.3 at=r1\n"

/* Findings about what is gone end at once; all others stay. */
static void what_is_gone_is_wrong_no_more(void **state)
{
	static const struct {
		enum subject kind;
		const char *subject;
		uint32_t index;
		bool stays;
	} rows[] = {
		{ SUBJECT_HOST, "h1", 0, true }, { SUBJECT_HOST, "h2", 1, false },
		{ SUBJECT_DEVICE, "d1", 0, true }, { SUBJECT_DEVICE, "d2", 1, false },
		{ SUBJECT_ROOM, "r1", 0, true }, { SUBJECT_ROOM, "r2", 1, false },
		{ SUBJECT_RACK, "k1", 0, true }, { SUBJECT_RACK, "k2", 1, false },
		{ SUBJECT_NODE, "f1", 0, true }, { SUBJECT_NODE, "f2", 1, false },
		{ SUBJECT_SENSOR, "t1:a", 0, true }, { SUBJECT_SENSOR, "t2:a", 1, false },
		{ SUBJECT_SENSOR, "t2:b", UINT32_MAX, true }, { SUBJECT_SITE, "s", 0, true },
	};
	enum { ROWS = sizeof rows / sizeof *rows };
	struct court *court = court_new(BEFORE);
	struct court *after = court_new(AFTER);
	struct slot *slots[ROWS];

	(void)state;
	court_tick(court);
	for (size_t i = 0; i < ROWS; i++) {
		slots[i] = claim(court->judge, &(struct claim){ .code = FINDING_STATE,
			.severity = SEVERITY_WARNING, .subject_kind = rows[i].kind,
			.subject = rows[i].subject, .place = "", .index = rows[i].index,
			.since = court->judge->clock.now - (i % 4 == 1 ? 0 : MIN) });
		assert_non_null(slots[i]);
	}
	judge_inherit(after->judge, court->judge);
	for (size_t i = 0; i < ROWS; i++) {
		const struct slot *slot = NULL;

		for (size_t j = 0; j < after->judge->book.high; j++)
			if (strcmp(after->judge->book.slots[j].key, rows[i].subject) == 0)
				slot = &after->judge->book.slots[j];
		assert_non_null(slot);
		assert_int_equal(slot->ended == 0, rows[i].stays);
		assert_true(slot->ended == 0 || (slot->ended > slot->since && slot->changed));
	}
	court_free(court);
	court_free(after);
}

/* Series that lost their number to another wait, also while the table of numbers grows. */
static void who_lost_its_number_waits(void **state)
{
	struct court *court = court_new(BEFORE);

	(void)state;
	court_series_as(court, 1, "t1", MEASURE_TEMPERATURE, "t1:a");
	court_series_as(court, 1, "t1", MEASURE_TEMPERATURE, "t1:b");
	for (uint32_t number = 2; number < 2000; number++)
		court_series_as(court, number, "t1", MEASURE_TEMPERATURE, "t1:b");
	assert_int_equal(court->judge->tracks_n, 2);
	court_series_as(court, 5000, "t1", MEASURE_TEMPERATURE, "t1:a");
	assert_int_equal(court->judge->tracks_n, 2);
	/* a name alone is not who it is */
	court_series_as(court, 5001, "h1", MEASURE_TEMPERATURE, "t1:a");
	assert_int_equal(court->judge->tracks_n, 3);
	court_free(court);
}

/* An empty port of a line that asks for no value in particular is no bad sensor. */
static void an_empty_port_is_no_bad_sensor(void **state)
{
	struct court *court = court_new(BEFORE);
	struct verdict verdict;

	(void)state;
	court_series_as(court, 1, "t1", MEASURE_TEMPERATURE, "t1:a");
	court_series_as(court, 2, "t1", MEASURE_TEMPERATURE, "t1:b");
	for (int i = 0; i < 6; i++) {
		court_say(court, 1, 22000);
		court_bad(court, 2, QUALITY_ABSENT, DOUBT_EMPTY);
		court_tick(court);
	}
	judge_verdict(court->judge, court->now, &verdict);
	assert_int_equal(verdict.sensors_ok, 1);
	assert_int_equal(verdict.sensors_bad, 0);
	court_bad(court, 1, QUALITY_STUCK, DOUBT_STUCK); /* a value all the same */
	judge_verdict(court->judge, court->now, &verdict);
	assert_int_equal(verdict.oldest_reading_ms, court->now);
	court_series_as(court, 3, "h1", MEASURE_UPTIME, "h1:uptime"); /* no sensor */
	/* the age that counts is of values, not of saying that there is none */
	court_bad(court, 1, QUALITY_ABSENT, DOUBT_EMPTY);
	judge_verdict(court->judge, court->now, &verdict);
	assert_int_equal(verdict.oldest_reading_ms, 0);
	court_free(court);
	court = court_new(COURT_ROOM COURT_T("t1")); /* read= asks for it: it is one */
	court_series(court, 1, "t1", MEASURE_TEMPERATURE);
	court_bad(court, 1, QUALITY_ABSENT, DOUBT_EMPTY);
	court_tick(court);
	judge_verdict(court->judge, court->now, &verdict);
	assert_int_equal(verdict.sensors_bad, 1);
	court_free(court);
}

/* One thermometer read every three minutes jumps: believed after two, without neighbours. */
static void a_lone_jump_read_seldom_is_believed(void **state)
{
	struct court *court = court_new("site s tz=UTC\nroom r1\n"
	    "sensor t1 via=snmp address=192.0.2.1 at=r1 kind=temperature read=1.3 every=180s\n");

	(void)state;
	court_series(court, 1, "t1", MEASURE_TEMPERATURE);
	for (int i = 0; i < 10; i++) {
		court_say(court, 1, i < 8 ? 22000 : 75000);
		if (i == 8)
			assert_int_equal(court->quality, QUALITY_UNTRUSTED);
		for (int j = 0; j < 18; j++)
			court_tick(court);
	}
	assert_int_equal(court->quality, QUALITY_OK);
	court_free(court);
}

/* Of two words on why nothing came the first is told. */
static void the_first_reason_is_told(void **state)
{
	struct court *court = court_new(BEFORE);

	(void)state;
	court_series_as(court, 1, "t1", MEASURE_REACH, "t1:reach");
	court_series_as(court, 2, "t1", MEASURE_REACH, "t1:reach2");
	for (int i = 0; i < 12; i++) {
		court_bad(court, 1, QUALITY_UNTRUSTED, DOUBT_REFUSED);
		court_bad(court, 2, QUALITY_UNTRUSTED, DOUBT_MALFORMED);
		court_tick(court);
	}
	assert_int_equal(court_open(court, FINDING_ABSENT), 1);
	assert_int_equal(court_last(court, FINDING_ABSENT)->doubt, DOUBT_REFUSED);
	court_free(court);
}

/* A host that the site does not know is in no window, whatever its index. */
static void nobody_is_in_no_window(void **state)
{
	struct court *court = court_new(BEFORE
	    "maintenance x what=k1 from=2026-10-26T00:00Z to=2026-10-27T00:00Z\n");
	struct finding finding = { .subject_kind = SUBJECT_HOST, .subject = "gone" };

	(void)state;
	court_tick(court);
	assert_false(mute_now(court->judge, &finding, UINT32_MAX));
	assert_true(mute_now(court->judge, &finding, 0));
	finding.subject_kind = SUBJECT_SENSOR;
	assert_false(mute_now(court->judge, &finding, UINT32_MAX));
	court_free(court);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_gone_is_wrong_no_more),
		cmocka_unit_test(who_lost_its_number_waits),
		cmocka_unit_test(an_empty_port_is_no_bad_sensor),
		cmocka_unit_test(a_lone_jump_read_seldom_is_believed),
		cmocka_unit_test(the_first_reason_is_told),
		cmocka_unit_test(nobody_is_in_no_window),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
