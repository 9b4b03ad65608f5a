/* test/unit/test_judge_restore.c - a core that was killed goes on with the findings that
 * were open: same number, same beginning, never "all well" in between. */
#include "harness.h"
#include "court.h"
#include "judge/state.h"
#include <stdio.h>

#define ROOM "site s tz=UTC\nroom r1\n"                                                     \
	"sensor t via=w1 address=a at=r1 kind=temperature read=a every=10s\n"
#define SITE "site s tz=UTC\nroom r1\nrack k1 room=r1\nhost a rack=k1 address=a\n"           \
	"sensor t via=w1 address=a at=r1 kind=temperature read=a every=10s\n"              \
	"sensor tt via=snmp address=b at=r1 every=10s\nsensor x via=snmp address=c at=r1 every=10s\n"

static struct finding open_one(enum finding_code code, enum subject kind, const char *subject)
{
	struct finding finding = { .id = 77, .cause = 5, .code = (uint16_t)code,
		.severity = SEVERITY_CRITICAL, .subject_kind = (uint8_t)kind,
		.kind = MEASURE_TEMPERATURE, .since_ms = COURT_START - HR,
		.seen_ms = COURT_START - MIN, .place = "r1", .word = "w" };

	(void)snprintf(finding.subject, sizeof finding.subject, "%s", subject);
	return finding;
}

static void heat_stays_the_same_heat(void **state)
{
	(void)state;
	struct court *court = court_new(SITE);
	struct finding hot = open_one(FINDING_HOT, SUBJECT_ROOM, "r1");
	const struct finding *open;
	struct verdict verdict;

	assert_true(judge_restore(court->judge, &hot, court->now));
	assert_false(judge_restore(court->judge, &hot, court->now));
	judge_verdict(court->judge, court->now, &verdict);
	assert_int_equal(verdict.severity, SEVERITY_CRITICAL);
	assert_int_equal(judge_changes(court->judge, &open), 0);
	court_series(court, 1, "t", MEASURE_TEMPERATURE);
	for (int i = 0; i < 60; i++) {
		court_say(court, 1, 41000 + i);
		judge_tick(court->judge, court->now += 10 * SEC);
		assert_true(judge_open(court->judge, &open) >= 1);
		assert_int_equal(open[0].code, FINDING_HOT);
		assert_int_equal(open[0].id, 77);
		assert_int_equal(open[0].since_ms, COURT_START - HR);
	}
	court_free(court);
}

static void what_is_over_ends_after_its_time(void **state)
{
	(void)state;
	struct court *court = court_new(ROOM);
	struct finding hot = open_one(FINDING_HOT, SUBJECT_ROOM, "r1");
	const struct finding *open;

	assert_true(judge_restore(court->judge, &hot, court->now));
	court_series(court, 1, "t", MEASURE_TEMPERATURE);
	for (int i = 0; i < 29; i++) {
		court_say(court, 1, 22000 + i % 3);
		judge_tick(court->judge, court->now += 10 * SEC);
	}
	assert_int_equal(judge_open(court->judge, &open), 1);
	for (int i = 0; i < 3; i++) {
		court_say(court, 1, 22000 + i % 3);
		judge_tick(court->judge, court->now += 10 * SEC);
	}
	assert_int_equal(judge_open(court->judge, &open), 0);
	assert_int_equal(judge_changes(court->judge, &open), 1);
	assert_int_equal(open[0].id, 77);
	assert_true(open[0].ended_ms > open[0].since_ms);
	court_free(court);
}

static void each_is_found_by_its_rule(void **state)
{
	(void)state;
	static const struct {
		enum finding_code code;
		enum subject kind;
		const char *subject, *key;
		uint32_t count;
	} rows[] = {
		{ FINDING_HOT, SUBJECT_SENSOR, "t", "t", 0 },
		{ FINDING_HOT, SUBJECT_SENSOR, "t", "inlets of r1", 2 },
		{ FINDING_COLD, SUBJECT_ROOM, "r1", "r1", 1 },
		{ FINDING_STUCK, SUBJECT_SENSOR, "tt:battery.charge", "tt", 1 },
		{ FINDING_ABSENT, SUBJECT_SENSOR, "tt", "tt", 2 },
		{ FINDING_UNTRUSTED, SUBJECT_SENSOR, "tx", "tx", 1 },
		{ FINDING_UNTRUSTED, SUBJECT_SENSOR, "tt.a", "tt.a", 1 },
		{ FINDING_SILENT, SUBJECT_DEVICE, "tt", "tt", 1 },
		{ FINDING_SILENT, SUBJECT_SENSOR, "ttt", "ttt", 1 },
		{ FINDING_HOSTS_LOST, SUBJECT_ROOM, "r1", "1", 3 },
		{ FINDING_HOSTS_LOST, SUBJECT_RACK, "k1", "2", 3 },
		{ FINDING_ROLE_DIED, SUBJECT_ROLE, "core", "self core", 1 },
		{ FINDING_HOST_DOWN, SUBJECT_HOST, "a", "a", 0 },
	};
	struct court *court = court_new(SITE);

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct finding finding = open_one(rows[i].code, rows[i].kind, rows[i].subject);

		finding.count = rows[i].count;
		assert_true(judge_restore(court->judge, &finding, court->now));
		const struct slot *slot = book_find(&court->judge->book, rows[i].code,
		    rows[i].key);

		assert_non_null(slot);
		assert_string_equal(slot->said.subject, rows[i].subject);
		assert_int_equal(slot->cause_id, 5);
	}
	court_free(court);
}

static void nonsense_of_a_store_is_not_taken_up(void **state)
{
	(void)state;
	struct court *court = court_new(SITE);
	struct finding good = open_one(FINDING_HOT, SUBJECT_ROOM, "r1"), bad[8];
	const struct finding *open;

	for (size_t i = 0; i < 8; i++)
		bad[i] = good;
	bad[0].code = FINDING_CODES;
	bad[1].code = FINDING_GAP;
	bad[2].ended_ms = COURT_START;
	bad[3].severity = SEVERITIES;
	bad[4].subject_kind = SUBJECTS;
	bad[5].kind = MEASURES;
	bad[6].doubt = DOUBTS;
	bad[7].way = WAYS;
	for (size_t i = 0; i < 8; i++)
		assert_false(judge_restore(court->judge, &bad[i], court->now));
	assert_int_equal(judge_open(court->judge, &open), 0);
	court_free(court);
}

/* A judge that has just been made; and a store that holds more than a judge can. */
static void all_that_there_is_room_for(void **state)
{
	(void)state;
	struct court *court = court_new(SITE);
	struct judge *fresh = NULL;
	char id[16];
	int taken = 0;

	assert_int_equal(judge_new(court->site, &fresh, NULL), KS_OK);
	for (int i = 0; i < LIMIT_FINDINGS + 10; i++) {
		(void)snprintf(id, sizeof id, "h%d", i);
		struct finding down = open_one(FINDING_HOST_DOWN, SUBJECT_HOST, id);

		taken += judge_restore(fresh, &down, court->now);
	}
	assert_int_equal(taken, LIMIT_FINDINGS);
	judge_free(fresh);
	court_free(court);
}

static size_t open_of(struct court *court, const struct finding **ret_open)
{
	struct verdict verdict;

	judge_tick(court->judge, court->now += 10 * SEC);
	judge_verdict(court->judge, court->now, &verdict);
	assert_int_equal(verdict.hosts_up + verdict.hosts_down, 1);
	size_t n = judge_open(court->judge, ret_open);

	assert_int_equal(verdict.hosts_down, n);
	return n;
}

/* The poller has backed off: what it says first comes twelve minutes later. */
static void a_host_that_was_down_is_down_until_it_answers(void **state)
{
	(void)state;
	struct court *court = court_new("site s tz=UTC\nhost a address=a check=ping every=10s\n");
	struct finding down = open_one(FINDING_HOST_DOWN, SUBJECT_HOST, "a");
	const struct finding *open;

	down.cause = 0;
	assert_true(judge_restore(court->judge, &down, court->now));
	court_series(court, 1, "a", MEASURE_REACH);
	for (int i = 0; i < 150; i++) {
		if (i == 72 || i == 102)
			court_say(court, 1, 0);
		assert_int_equal(open_of(court, &open), 1);
		assert_int_equal(open[0].id, 77);
		assert_int_equal(open[0].since_ms, COURT_START - HR);
	}
	court_say(court, 1, 1000);
	assert_int_equal(open_of(court, &open), 0);
	assert_int_equal(judge_changes(court->judge, &open), 1);
	assert_int_equal(open[0].id, 77);
	assert_true(open[0].ended_ms != 0);
	court_free(court);
}

/* One that the site file no longer has asked is no longer known to be down. */
static void a_host_nobody_asks_is_not_down_for_ever(void **state)
{
	(void)state;
	struct court *court = court_new("site s tz=UTC\nhost a address=a check=ping every=10s\n");
	struct finding down = open_one(FINDING_HOST_DOWN, SUBJECT_HOST, "a");
	const struct finding *open;
	struct verdict verdict;

	assert_true(judge_restore(court->judge, &down, court->now));
	for (int i = 0; i < 29; i++)
		assert_int_equal(open_of(court, &open), 1);
	for (int i = 0; i < 2; i++)
		judge_tick(court->judge, court->now += 10 * SEC);
	judge_verdict(court->judge, court->now, &verdict);
	assert_int_equal(verdict.hosts_up + verdict.hosts_down, 0);
	assert_int_equal(judge_open(court->judge, &open), 0);
	court_free(court);
}

/* The heat that explains it is open still, and the room was not read yet. */
/* Hosts and switches of the site alike; of what it no longer has nothing is waited for, and
 * what was heard before holds. */
static void who_was_down_is_looked_up(void **state)
{
	static const struct {
		enum finding_code code;
		enum subject kind;
		const char *name;
		bool waits;
	} rows[] = { { FINDING_HOST_DOWN, SUBJECT_HOST, "a", true }, { FINDING_HOST_DOWN, SUBJECT_HOST, "gone", false },
		{ FINDING_SWITCH_DOWN, SUBJECT_DEVICE, "sw", true },
		{ FINDING_SWITCH_DOWN, SUBJECT_DEVICE, "gone", false },
		{ FINDING_SWITCH_DOWN, SUBJECT_ROOM, "r1", false } };

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		for (int heard = 0; heard < 2; heard++) {
			struct court *court = court_new("site s tz=UTC\nroom r1\n"
							"device gw address=c every=10s\n"
							"device sw address=b every=10s\n"
							"host b address=d check=ping every=10s\n"
							"host a address=a check=ping every=10s\n");
			struct finding down = open_one(rows[i].code, rows[i].kind, rows[i].name);
			const struct reach *reach = rows[i].kind == SUBJECT_HOST ? &court->judge->hosts[1] :
										   &court->judge->devices[1];

			court_series(court, 1, rows[i].kind == SUBJECT_HOST ? "a" : "sw", MEASURE_REACH);
			court_tick(court);
			if (heard)
				court_say(court, 1, 1000);
			down.cause = 0;
			assert_true(judge_restore(court->judge, &down, court->now));
			assert_int_equal(reach->state == PROBE_DOWN, rows[i].waits && !heard);
			court_free(court);
		}
}

static void what_explains_it_explains_it_still(void **state)
{
	(void)state;
	struct court *court = court_new(SITE);
	struct finding hot = open_one(FINDING_HOT, SUBJECT_ROOM, "r1"),
		       down = open_one(FINDING_HOST_DOWN, SUBJECT_HOST, "a");
	const struct finding *open;

	hot.cause = 0;
	down.id = 78;
	down.cause = hot.id;
	assert_true(judge_restore(court->judge, &hot, court->now));
	assert_true(judge_restore(court->judge, &down, court->now));
	court_series(court, 1, "a", MEASURE_REACH);
	court_series(court, 2, "t", MEASURE_TEMPERATURE);
	for (int i = 0; i < 60; i++) {
		if (i > 20)
			court_say(court, 2, 41000 + i);
		judge_tick(court->judge, court->now += 10 * SEC);
		size_t n = judge_open(court->judge, &open);

		for (size_t at = 0; at < n; at++)
			if (open[at].code == FINDING_HOST_DOWN)
				assert_int_equal(open[at].cause, 77);
	}
	court_free(court);
}

/* Nobody says the cause again: when its time is over, what it explained stands alone. */
static void what_explained_it_is_over(void **state)
{
	(void)state;
	struct court *court = court_new(SITE);
	struct finding hot = open_one(FINDING_HOT, SUBJECT_ROOM, "r1"),
		       down = open_one(FINDING_HOST_DOWN, SUBJECT_HOST, "a");
	const struct finding *open;

	hot.cause = 0;
	down.id = 78;
	down.cause = hot.id;
	assert_true(judge_restore(court->judge, &hot, court->now));
	assert_true(judge_restore(court->judge, &down, court->now));
	court_series(court, 1, "a", MEASURE_REACH);
	for (int i = 0; i < 40; i++) {
		court_say(court, 1, 0);
		judge_tick(court->judge, court->now += 10 * SEC);
		const struct finding *heat = NULL, *host = NULL;
		size_t n = judge_open(court->judge, &open);

		for (size_t at = 0; at < n; at++) {
			heat = open[at].id == hot.id ? &open[at] : heat;
			host = open[at].id == down.id ? &open[at] : host;
		}
		assert_non_null(host);
		assert_int_equal(heat == NULL, i >= 29);
		assert_int_equal(host->cause, heat != NULL ? hot.id : 0);
	}
	court_free(court);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(heat_stays_the_same_heat),
		cmocka_unit_test(what_is_over_ends_after_its_time),
		cmocka_unit_test(each_is_found_by_its_rule),
		cmocka_unit_test(nonsense_of_a_store_is_not_taken_up),
		cmocka_unit_test(all_that_there_is_room_for),
		cmocka_unit_test(a_host_that_was_down_is_down_until_it_answers),
		cmocka_unit_test(a_host_nobody_asks_is_not_down_for_ever),
		cmocka_unit_test(who_was_down_is_looked_up),
		cmocka_unit_test(what_explains_it_explains_it_still),
		cmocka_unit_test(what_explained_it_is_over),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
