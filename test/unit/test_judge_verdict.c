/* test/unit/test_judge_verdict.c - the four questions of 3 a.m.: what each finding wants
 * done, which of several is the worst, and what is counted. */
#include "harness.h"
#include "court.h"
#include "judge/state.h"
#include <stdio.h>

#define SITE "site s tz=UTC\nroom r1\nroom r2\nroom r3\nrack k room=r1\ncalendar c hours=\"Mon 00:00-24:00\"\n" \
	"cooling loose\ncooling own room=r1\ncooling rented room=r1 on-when=c\ncooling far room=r2\n"       \
	"host h rack=k address=a every=10s\nhost i address=b every=10s\n"                                   \
	"sensor t via=w1 address=a at=r1 kind=temperature read=a every=10s\n"                               \
	"sensor e via=w1 address=b at=r1 every=10s\n"

/* One finding of a code, as a rule would claim it, and the verdict. */
static struct verdict verdict_of(struct court *court, enum finding_code code, const char *subject,
    const char *place, const char *word)
{
	struct verdict verdict;
	struct claim claims = { .code = code, .severity = SEVERITY_WARNING, .subject = subject,
		.place = place, .word = word, .since = court->judge->clock.now,
		.subject_kind = code == FINDING_HOSTS_LOST ? SUBJECT_DEVICE : SUBJECT_SENSOR };

	(void)!claim(court->judge, &claims);
	judge_verdict(court->judge, court->now, &verdict);
	assert_int_equal(verdict.worst.code, code);
	assert_string_equal(verdict.worst.subject, subject);
	return verdict;
}

static void each_finding_wants_something_done(void **state)
{
	(void)state;
	static const struct {
		enum finding_code code;
		const char *subject, *place, *word;
		enum todo todo[3];
	} rows[] = {
		{ FINDING_HOT, "x", "r1", "", { TODO_RESTART_COOLING, TODO_CALL_BUILDING, TODO_OPEN_DOORS } },
		{ FINDING_HOT, "x", "r2", "", { TODO_RESTART_COOLING, TODO_OPEN_DOORS, TODO_SHED_LOAD } },
		{ FINDING_HOT, "x", "", "", { TODO_RESTART_COOLING, TODO_OPEN_DOORS, TODO_SHED_LOAD } },
		{ FINDING_RISING, "r3", "r3", "", { TODO_RESTART_COOLING, TODO_OPEN_DOORS, TODO_SHED_LOAD } },
		{ FINDING_HEADING, "r3", "r3", "", { TODO_RESTART_COOLING, TODO_OPEN_DOORS, TODO_SHED_LOAD } },
		{ FINDING_COOLING_OFF, "own", "r1", "", { TODO_CHECK_POWER } },
		{ FINDING_ON_BATTERY, "u", "", "", { TODO_CHECK_POWER, TODO_SHUT_DOWN_ORDERLY } },
		{ FINDING_STATE, "e", "", "fault", { TODO_LOOK_DEVICE } },
		{ FINDING_STATE, "e", "", "water found", { TODO_CHECK_LEAK, TODO_LOOK_DEVICE } },
		{ FINDING_STATE, "e.Leak", "", "alarm", { TODO_CHECK_LEAK, TODO_LOOK_DEVICE } },
		{ FINDING_HOSTS_LOST, "sw", "", "", { TODO_CHECK_SWITCH, TODO_CHECK_HOST } },
		{ FINDING_ROOM_BLIND, "r1", "", "", { TODO_MEASURE_ROOM, TODO_CHECK_SENSORS } },
		{ FINDING_COLD, "r1", "", "", { TODO_LOOK_DEVICE } },
		{ FINDING_HUMID, "r1", "", "", { TODO_DRY_AIR } },
		{ FINDING_DRY, "r1", "", "", { TODO_MOIST_AIR } },
		{ FINDING_DEW, "r1", "", "", { TODO_DRY_AIR } },
		{ FINDING_OVERLOAD, "p", "", "", { TODO_SHED_LOAD } },
		{ FINDING_BATTERY_LOW, "u", "", "", { TODO_SHUT_DOWN_ORDERLY } },
		{ FINDING_LIMIT, "x", "", "", { TODO_LOOK_DEVICE } },
		{ FINDING_UNTRUSTED, "t", "", "", { TODO_CHECK_SENSOR } },
		{ FINDING_ABSENT, "t", "", "", { TODO_CHECK_SENSOR } },
		{ FINDING_STUCK, "t", "", "", { TODO_CHECK_SENSOR } },
		{ FINDING_SILENT, "t", "", "", { TODO_CHECK_SENSOR } },
		{ FINDING_HOST_DOWN, "h", "", "", { TODO_CHECK_HOST } },
		{ FINDING_REBOOT, "h", "", "", { TODO_CHECK_HOST } },
		{ FINDING_SWITCH_DOWN, "sw", "", "", { TODO_CHECK_SWITCH } },
		{ FINDING_DISK_FULL, "store", "", "", { TODO_FREE_DISK } },
		{ FINDING_ROLE_DIED, "store", "", "", { TODO_NONE } },
		{ FINDING_UNCONFINED, "store", "", "", { TODO_NONE } },
		{ FINDING_SITE_REFUSED, "s", "", "", { TODO_FIX_SITE } },
		{ FINDING_CLEAR_COMMUNITY, "t", "", "", { TODO_FIX_SITE } },
		{ FINDING_GAP, "s", "", "", { TODO_NONE } },
		{ FINDING_LIMIT_HIT, "s", "", "", { TODO_FIX_SITE } },
		{ FINDING_CHANNEL, "chat", "", "", { TODO_CHECK_CHANNEL } },
		{ FINDING_ALERT, "h", "", "", { TODO_LOOK_ALERT } },
		{ FINDING_DAMAGED, "journal", "", "", { TODO_CHECK_STORE } },
		{ FINDING_DEAF, "w1", "", "", { TODO_CHECK_WIRE } },
		{ FINDING_WIRE_LISTED, "laptop", "bad.example", "", { TODO_LOOK_WIRE } },
		{ FINDING_WIRE_INCOMPLETE, "laptop", "", "", { TODO_LOOK_WIRE } },
		{ FINDING_LOSS_STOPS, "u", "", "", { TODO_CHECK_POWER } },
		{ FINDING_LOSS_TRIPS, "u", "b1", "", { TODO_CHECK_POWER } },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct court *court = court_new(SITE);
		struct verdict verdict = verdict_of(court, rows[i].code, rows[i].subject, rows[i].place,
		    rows[i].word);

		assert_int_equal(verdict.severity, rows[i].code == FINDING_ROOM_BLIND ?
		    SEVERITY_CRITICAL : SEVERITY_WARNING); /* a blind room is the worst */
		for (int j = 0; j < VERDICT_DO; j++)
			assert_int_equal(verdict.todo[j], rows[i].todo[j]);
		court_free(court);
	}
}

/* Without a judge: what follows from the finding and the site alone. */
static void who_only_reads_is_told_too(void **state)
{
	struct court *court = court_new(SITE);
	struct verdict wire = { .worst = { .code = FINDING_WIRE_PERSONAL, .subject = "pc" } };
	struct verdict hot = { .worst = { .code = FINDING_HOT, .subject = "x", .place = "r1" } }, old = hot;
	struct verdict dark = { .worst = { .code = FINDING_ON_BATTERY, .subject = "u" } };
	struct verdict lost = { .worst = { .code = FINDING_HOSTS_LOST, .subject = "r1", .subject_kind = SUBJECT_ROOM } };
	struct verdict well = { .worst = { .code = FINDING_CODES } };

	(void)state;
	judge_advise(court->judge->site, &wire);
	assert_int_equal(wire.todo[0], TODO_LOOK_WIRE);
	assert_string_equal(wire.todo_subject[0], "pc");
	judge_advise(court->judge->site, &hot);
	assert_int_equal(hot.todo[0], TODO_RESTART_COOLING);
	assert_string_equal(hot.todo_subject[0], "own");
	judge_advise(NULL, &old); /* its site file is gone */
	assert_string_equal(old.todo_subject[0], "r1");
	judge_advise(NULL, &dark);
	assert_int_equal(dark.todo[0], TODO_CHECK_POWER);
	judge_advise(NULL, &lost);
	assert_int_equal(lost.todo[0], TODO_CHECK_HOST);
	judge_advise(court->judge->site, &well);
	assert_int_equal(well.todo[0], TODO_NONE);
	court_free(court);
}

static void say(struct court *court, int64_t temp, bool host, int ticks)
{
	for (int i = 0; i < ticks; i++) {
		court_say(court, 1, temp);
		court_say(court, 2, host ? 1000 : 0);
		court_tick(court);
	}
}

static void hosts_lost_to_a_room(void **state)
{
	(void)state;
	struct court *court = court_new(SITE);
	struct claim claims = { .code = FINDING_HOSTS_LOST, .severity = SEVERITY_CRITICAL,
		.subject = "r1", .place = "r1", .subject_kind = SUBJECT_ROOM };
	struct verdict verdict;

	(void)!claim(court->judge, &claims);
	judge_verdict(court->judge, court->now, &verdict);
	assert_int_equal(verdict.todo[0], TODO_CHECK_HOST);
	court_free(court);
	court = court_new(SITE);
	court_series(court, 1, "t", MEASURE_TEMPERATURE);
	court_series(court, 2, "h", MEASURE_REACH);
	say(court, 36000, true, 20);
	assert_int_equal(court_open(court, FINDING_HOT), 1);
	judge_verdict(court->judge, court->now, &verdict);
	assert_int_equal(verdict.todo[2], TODO_OPEN_DOORS);
	slot_root(court->judge->rooms[0].hot)->said.severity = SEVERITY_WARNING;
	claims.since = court->now;
	(void)!claim(court->judge, &claims);
	judge_verdict(court->judge, court->now, &verdict);
	assert_int_equal(verdict.worst.code, FINDING_HOSTS_LOST);
	assert_int_equal(verdict.todo[0], TODO_RESTART_COOLING); /* it is hot: that first */
	assert_int_equal(verdict.more, 2);
	claims.subject = "gone"; /* a room of the site file before */
	claims.key = "z";
	claims.severity = SEVERITY_OK;
	(void)!claim(court->judge, &claims);
	judge_verdict(court->judge, court->now, &verdict);
	assert_int_equal(verdict.more, 2);
	court_free(court);
	court = court_new(SITE);
	claims.severity = SEVERITY_WARNING;
	(void)!claim(court->judge, &claims);
	judge_verdict(court->judge, court->now, &verdict);
	assert_int_equal(verdict.todo[0], TODO_CHECK_HOST);
	court_free(court);
}

static void nothing_measured_is_not_well(void **state)
{
	(void)state;
	struct court *court = court_new("site s tz=UTC\nhost h address=a every=10s\n");
	struct verdict verdict;

	judge_verdict(court->judge, court->now, &verdict);
	assert_int_equal(verdict.severity, SEVERITY_UNKNOWN);
	assert_int_equal(verdict.worst.code, FINDING_CODES);
	assert_false(verdict.measuring);
	court_series(court, 1, "h", MEASURE_REACH);
	court_say(court, 1, 1000);
	judge_verdict(court->judge, court->now, &verdict);
	assert_int_equal(verdict.severity, SEVERITY_OK);
	assert_int_equal(verdict.hosts_up, 1);
	assert_int_equal(verdict.oldest_reading_ms, 0);
	(void)verdict_of(court, FINDING_GAP, "s", "", "");
	court_free(court);
}

static void sensors_are_counted(void **state)
{
	(void)state;
	struct court *court = court_new(SITE);
	struct verdict verdict;

	court_series(court, 1, "t", MEASURE_TEMPERATURE);
	court_series_as(court, 2, "e", MEASURE_HUMIDITY, "e.1");
	court_series_as(court, 3, "e", MEASURE_HUMIDITY, "e.2");
	court_series_as(court, 4, "e", MEASURE_HUMIDITY, "e.3");
	court_say(court, 1, 24000);
	court_say(court, 2, 50000);
	court_bad(court, 2, QUALITY_ABSENT, DOUBT_EMPTY);
	court_bad(court, 3, QUALITY_ABSENT, DOUBT_NOT_FITTED); /* an empty port is nobody's loss */
	judge_verdict(court->judge, court->now, &verdict);
	assert_int_equal(verdict.sensors_ok, 1);
	assert_int_equal(verdict.sensors_bad, 1);
	assert_int_equal(verdict.oldest_reading_ms, court->now);
	for (int i = 0; i < 5; i++)
		court_tick(court);
	judge_verdict(court->judge, court->now, &verdict);
	assert_int_equal(verdict.sensors_ok, 0);
	assert_int_equal(verdict.sensors_bad, 2);
	court_free(court);
}

static void the_nearest_forecast_is_told(void **state)
{
	(void)state;
	struct court *court = court_new(SITE);
	struct verdict verdict;

	court->judge->rooms[0].first = (struct forecast){ .known = true, .mid_s = 900 };
	court->judge->rooms[1].first = (struct forecast){ .known = true, .mid_s = 800 };
	court->judge->rooms[2].first = (struct forecast){ .known = true, .mid_s = 800 };
	judge_verdict(court->judge, court->now, &verdict);
	assert_string_equal(verdict.next_subject, "r2");
	court_free(court);
}

/* The worst first; of equals the older; all silenced ones say nothing. */
static void the_order_of_the_open_ones(void **state)
{
	(void)state;
	struct court *court = court_new(SITE);
	struct claim claims = { .code = FINDING_LIMIT, .place = "" };
	static const struct {
		const char *subject;
		enum severity severity;
		int64_t since;
		bool silenced;
	} rows[] = { { "mute", SEVERITY_CRITICAL, 1000, true }, { "young", SEVERITY_WARNING, 900, false },
		{ "old", SEVERITY_WARNING, 800, false }, { "same", SEVERITY_WARNING, 800, false },
		{ "worst", SEVERITY_CRITICAL, 999, false }, { "fine", SEVERITY_OK, 100, false },
		{ "odd", SEVERITY_UNKNOWN, 100, false }, { "ended", SEVERITY_CRITICAL, 1, false } };
	static const char *const order[] = { "worst", "old", "same", "young", "odd", "fine", "mute" };
	const struct finding *found = NULL;
	struct verdict verdict;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		claims.subject = rows[i].subject;
		claims.severity = rows[i].severity;
		claims.since = rows[i].since;
		struct slot *slot = claim(court->judge, &claims);

		slot->said.silenced = rows[i].silenced;
		slot->ended = strcmp(rows[i].subject, "ended") == 0 ? 2 : 0;
	}
	assert_int_equal(judge_open(court->judge, &found), 7);
	for (size_t i = 0; i < 7; i++)
		assert_string_equal(found[i].subject, order[i]);
	judge_verdict(court->judge, court->now, &verdict);
	assert_string_equal(verdict.worst.subject, "worst");
	assert_int_equal(verdict.more, 4);
	/* a child of another group is no more; one below what is fine by itself is */
	struct slot *child = book_find(&court->judge->book, FINDING_LIMIT, "same");

	child->cause = book_find(&court->judge->book, FINDING_LIMIT, "young");
	judge_verdict(court->judge, court->now, &verdict);
	assert_int_equal(verdict.more, 3);
	child->cause = book_find(&court->judge->book, FINDING_LIMIT, "fine");
	judge_verdict(court->judge, court->now, &verdict);
	assert_int_equal(verdict.more, 4);
	court_free(court);
}

/* Below one root the older child comes first; of equals the one that came first. */
static void children_come_after_their_cause(void **state)
{
	(void)state;
	struct court *court = court_new(SITE);
	struct claim claims = { .code = FINDING_LIMIT, .place = "", .severity = SEVERITY_WARNING };
	static const char *const names[] = { "c", "b", "root", "d", "e" };
	static const int64_t since[] = { 300, 200, 500, 300, 100 };
	static const char *const order[] = { "root", "e", "b", "c", "d" };
	struct slot *slots[5];
	const struct finding *found = NULL;

	for (int i = 0; i < 5; i++) {
		claims.subject = names[i];
		claims.since = since[i];
		slots[i] = claim(court->judge, &claims);
	}
	for (int i = 0; i < 5; i++)
		slots[i]->cause = i == 2 ? NULL : slots[2];
	assert_int_equal(judge_open(court->judge, &found), 5);
	for (size_t i = 0; i < 5; i++)
		assert_string_equal(found[i].subject, order[i]);
	court_free(court);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_finding_wants_something_done),
		cmocka_unit_test(who_only_reads_is_told_too),
		cmocka_unit_test(hosts_lost_to_a_room),
		cmocka_unit_test(nothing_measured_is_not_well),
		cmocka_unit_test(sensors_are_counted),
		cmocka_unit_test(the_nearest_forecast_is_told),
		cmocka_unit_test(the_order_of_the_open_ones),
		cmocka_unit_test(children_come_after_their_cause),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
