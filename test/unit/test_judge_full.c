/* test/unit/test_judge_full.c - memory that runs out at each request, lists that are full,
 * and feeds that make no sense. */
#include "harness.h"
#include "court.h"
#include "judge/state.h"
#include <stdio.h>
#include <stdlib.h>

static long allocations_left = -1;
void *__real_calloc(size_t count, size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__real_malloc(size_t size);
void *__wrap_malloc(size_t size);
void *__real_realloc(void *at, size_t size);
void *__wrap_realloc(void *at, size_t size);

static bool runs_out(void)
{
	if (allocations_left == 0)
		return true;
	allocations_left -= allocations_left > 0 ? 1 : 0;
	return false;
}

void *__wrap_calloc(size_t count, size_t size)
{
	return runs_out() ? NULL : __real_calloc(count, size);
}

void *__wrap_malloc(size_t size)
{
	return runs_out() ? NULL : __real_malloc(size);
}

void *__wrap_realloc(void *at, size_t size)
{
	return runs_out() ? NULL : __real_realloc(at, size);
}

#define SITE "site s tz=UTC\nroom r1\nsensor t via=w1 address=a at=r1 every=10s\n"

static void a_judge_needs_memory(void **state)
{
	(void)state;
	struct court *court = court_new(SITE);
	int code = KS_FULL, k = 0;

	for (; code != KS_OK; k++) {
		struct judge *judge = NULL;
		struct why why = { 0 };

		allocations_left = k;
		code = judge_new(court->site, &judge, &why);
		allocations_left = -1;
		if (code == KS_OK)
			judge_free(judge);
		else
			assert_true(code == KS_FULL && judge == NULL && why.text[0] != '\0');
	}
	assert_int_equal(k, 15);
	judge_free(NULL);
	court_free(court);
}

static int announce(struct court *court, uint32_t number, enum measure kind)
{
	struct series series = { .number = number, .subject_kind = SUBJECT_SENSOR,
		.kind = (uint8_t)kind, .place = PLACE_ROOM };
	struct why why = { 0 };

	(void)snprintf(series.id, sizeof series.id, "t.%u", (unsigned)number);
	return judge_series(court->judge, &series, &why);
}

/* Each request of a growing list fails once; afterwards all is as it was. */
static void series_need_memory(void **state)
{
	(void)state;
	struct court *court = court_new(SITE);

	for (uint32_t number = 0; number < 300; number++) {
		int code = KS_FULL;

		for (long k = 0; code != KS_OK; k++) {
			allocations_left = k;
			code = announce(court, number * 128, MEASURE_TEMPERATURE);
			allocations_left = -1;
			assert_true(code == KS_OK || code == KS_FULL);
			assert_in_range(k, 0, 5);
		}
		court_say(court, number * 128, 24000);
	}
	court_tick(court);
	assert_int_equal(court->judge->tracks_n, 300);
	assert_int_equal(court->judge->unknown, 0);
	assert_int_equal(court->judge->rooms[0].tracks_n, 300);
	assert_int_equal(court->records, 0);
	court_free(court);
}

static void a_reload_without_memory_forgets_and_lives(void **state)
{
	(void)state;
	struct court *court = court_new(SITE);
	struct judge *fresh = NULL;

	assert_int_equal(announce(court, 1, MEASURE_TEMPERATURE), KS_OK);
	court_say(court, 1, 24000);
	court_tick(court);
	assert_int_equal(judge_new(court->site, &fresh, NULL), KS_OK);
	allocations_left = 0;
	judge_inherit(fresh, court->judge);
	allocations_left = -1;
	judge_free(court->judge);
	court->judge = fresh;
	assert_int_equal(announce(court, 1, MEASURE_TEMPERATURE), KS_OK);
	assert_false(fresh->tracks[0].seen);
	court_free(court);
}

static void more_series_than_may_be_are_refused(void **state)
{
	(void)state;
	struct court *court = court_new(SITE);

	court->judge->tracks_n = court->judge->tracks_max = LIMIT_SERIES;
	assert_int_equal(announce(court, 1, MEASURE_TEMPERATURE), KS_FULL);
	court->judge->tracks_n = court->judge->tracks_max = 0;
	assert_int_equal(announce(court, 1, MEASURE_TEMPERATURE), KS_OK);
	court_free(court);
}

static void nonsense_is_counted_and_ignored(void **state)
{
	(void)state;
	struct court *court = court_new(SITE);
	static const struct series wrong[] = {
		{ .subject_kind = SUBJECT_SENSOR, .subject = 1 },
		{ .subject_kind = SUBJECT_HOST }, { .subject_kind = SUBJECT_DEVICE },
		{ .subject_kind = SUBJECT_ROOM }, { .subject_kind = SUBJECT_SENSOR, .kind = MEASURES },
		{ .subject_kind = SUBJECT_SENSOR, .place = PLACES } };
	static const struct reading readings[] = { { .series = 7 },
		{ .series = 1, .quality = QUALITIES }, { .series = 1, .doubt = DOUBTS },
		{ .series = 1, .severity = SEVERITIES } };

	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		assert_int_equal(judge_series(court->judge, &wrong[i], NULL), KS_ABSENT);
	court_take(court, &readings[0]);
	assert_int_equal(announce(court, 1, MEASURE_TEMPERATURE), KS_OK);
	for (size_t i = 0; i < sizeof readings / sizeof *readings; i++)
		court_take(court, &readings[i]);
	assert_int_equal(court->judge->unknown, 5);
	judge_self(court->judge, &(struct finding){ .code = FINDING_CODES });
	judge_self(court->judge, &(struct finding){ .severity = SEVERITIES });
	judge_gap(court->judge, court->now, court->now);
	court_tick(court);
	assert_int_equal(court->records, 0);
	court_free(court);
}

/* The first thing a judge hears may be anything. */
static void no_tick_needs_to_come_first(void **state)
{
	(void)state;
	struct court *court = court_new(SITE);
	struct judge *judge = NULL;
	enum quality quality;
	enum doubt doubt;
	const struct finding *found = NULL;

	assert_int_equal(judge_new(court->site, &judge, NULL), KS_OK);
	judge_gap(judge, COURT_START, COURT_START + 59 * SEC); /* less than a minute is no hole */
	judge_tick(judge, COURT_START + 60 * SEC);
	assert_int_equal(judge_changes(judge, &found), 0);
	judge_gap(judge, COURT_START, COURT_START + 60 * SEC); /* backwards of what is now */
	assert_int_equal(judge_changes(judge, &found), 1);
	judge_free(judge);
	assert_int_equal(judge_new(court->site, &judge, NULL), KS_OK);
	judge_self(judge, &(struct finding){ .code = FINDING_DISK_FULL, .since_ms = COURT_START,
		.ended_ms = COURT_START - 10 * SEC });
	judge_tick(judge, COURT_START + 10 * SEC);
	assert_int_equal(judge_changes(judge, &found), 1);
	assert_true(found->ended_ms > found->since_ms);
	/* one that is said to end in a while ends now */
	judge_self(judge, &(struct finding){ .code = FINDING_DISK_FULL,
		.since_ms = COURT_START + 10 * SEC, .ended_ms = COURT_START + 50 * SEC });
	judge_tick(judge, COURT_START + 20 * SEC);
	assert_int_equal(judge_changes(judge, &found), 1);
	assert_int_equal(found->ended_ms, COURT_START + 20 * SEC);
	judge_free(judge);
	assert_int_equal(judge_new(court->site, &judge, NULL), KS_OK);
	assert_int_equal(judge_series(judge, &(struct series){ .number = 1,
		.subject_kind = SUBJECT_SENSOR }, NULL), KS_OK);
	judge_take(judge, &(struct reading){ .series = 1, .time_ms = COURT_START, .milli = 24000 },
	    &quality, &doubt);
	judge_tick(judge, COURT_START + 10 * SEC);
	assert_int_equal(judge_changes(judge, &found), 0);
	judge_free(judge);
	court_free(court);
}

static const struct claim filler = { .code = FINDING_STATE, .severity = SEVERITY_WARNING,
	.subject_kind = SUBJECT_SENSOR, .place = "" };

static struct slot *fill(struct court *court, unsigned i)
{
	struct claim one = filler;
	char key[32];

	(void)snprintf(key, sizeof key, "filler %u", i);
	one.subject = key;
	one.since = court->judge->clock.now;
	struct slot *slot = claim(court->judge, &one);

	if (slot != NULL)
		slot->until = INT64_MAX;
	return slot;
}

static void a_full_list_says_so_once_and_drains(void **state)
{
	(void)state;
	struct court *court = court_new(SITE);
	const struct finding *found = NULL;
	struct finding self = { .code = FINDING_DISK_FULL, .since_ms = COURT_START, .subject = "x" };

	court_tick(court);
	for (unsigned i = 0; i < LIMIT_FINDINGS - 1; i++)
		assert_non_null(fill(court, i));
	court->now += 10 * SEC;
	judge_tick(court->judge, court->now);
	assert_null(book_find(&court->judge->book, FINDING_LIMIT_HIT, "findings"));
	assert_non_null(fill(court, LIMIT_FINDINGS - 1));
	assert_null(fill(court, LIMIT_FINDINGS));
	judge_self(court->judge, &self); /* no place: lost, but said */
	judge_gap(court->judge, court->now, court->now + 2 * MIN);
	court->now += 2 * MIN + 10 * SEC;
	judge_tick(court->judge, court->now);
	assert_non_null(book_find(&court->judge->book, FINDING_LIMIT_HIT, "findings"));
	assert_int_equal(court->judge->book.used, LIMIT_FINDINGS + 1);
	/* a reload of a full list is full as well */
	struct judge *fresh = NULL;

	assert_int_equal(judge_new(court->site, &fresh, NULL), KS_OK);
	struct slot *extra = fill(court, 5);

	extra->said.code = FINDING_LIMIT_HIT; /* two of one slot */
	court->judge->book.slots[9].ended = court->judge->clock.now; /* over: not carried */
	judge_inherit(fresh, court->judge);
	assert_in_range(fresh->book.used, LIMIT_FINDINGS - 2, LIMIT_FINDINGS - 1);
	judge_free(fresh);
	/* half of them end, and nobody fetches them: the oldest of those make room */
	for (unsigned i = 0; i < LIMIT_FINDINGS + 1; i += 2)
		court->judge->book.slots[i].until = 0;
	for (unsigned i = 3; i < 4; i++) { /* one ended before, and was fetched */
		court->judge->book.slots[i].ended = court->now;
		court->judge->book.slots[i].changed = false;
	}
	judge_tick(court->judge, court->now += 10 * SEC);
	assert_in_range(court->judge->book.used, LIMIT_FINDINGS / 2, LIMIT_FINDINGS / 8 * 7);
	for (unsigned i = 0; i < LIMIT_FINDINGS + 1; i++)
		court->judge->book.slots[i].until = 0;
	for (int i = 0; i < 3; i++)
		judge_tick(court->judge, court->now += 10 * SEC);
	assert_in_range(court->judge->book.used, 1, LIMIT_FINDINGS / 8 * 7 + 2); /* a silent line, a blind room */
	assert_in_range(judge_changes(court->judge, &found), 1, LIMIT_FINDINGS / 8 * 7 + 2);
	for (int i = 0; i < 3; i++)
		judge_tick(court->judge, court->now += 10 * SEC);
	assert_int_equal(court->judge->book.used, 2);
	assert_in_range(court->judge->book.high, 3, 8);
	court_free(court);
}

/* Three hosts of each of so many rooms: an incident each. */
static struct court *rooms_of_hosts(int rooms, int hosts)
{
	size_t size = (size_t)rooms * (size_t)hosts * 64 + (size_t)rooms * 64 + 128;
	char *site = malloc(size);
	int n = snprintf(site, size, "site s tz=UTC\n");

	for (int i = 0; i < rooms; i++)
		n += snprintf(site + n, size - (size_t)n, "room r%d\nrack k%d room=r%d\n", i, i, i);
	for (int i = 0; i < rooms * hosts; i++)
		n += snprintf(site + n, size - (size_t)n, "host h%d rack=k%d address=a%d every=10s\n", i,
		    i / hosts, i);
	struct court *court = court_new(site);

	free(site);
	for (int i = 0; i < rooms * hosts; i++) {
		struct series series = { .number = (uint32_t)i, .subject_kind = SUBJECT_HOST,
			.subject = (uint32_t)i, .kind = MEASURE_REACH };

		(void)snprintf(series.id, sizeof series.id, "h%d", i);
		assert_int_equal(judge_series(court->judge, &series, NULL), KS_OK);
	}
	return court;
}

static void hosts_fail(struct court *court, uint32_t from, uint32_t to)
{
	for (int round = 0; round < 4; round++) {
		for (uint32_t i = from; i < to; i++)
			court_say(court, i, 0);
		court_tick(court);
	}
}

static void more_incidents_than_there_is_room_for_are_said(void **state)
{
	(void)state;
	struct court *court = rooms_of_hosts(LIMIT_INCIDENTS + 1, 3);

	hosts_fail(court, 0, 3 * LIMIT_INCIDENTS);
	assert_int_equal(court_open(court, FINDING_HOSTS_LOST), LIMIT_INCIDENTS);
	assert_int_equal(court_count(court, FINDING_LIMIT_HIT), 0);
	hosts_fail(court, 0, 3 * LIMIT_INCIDENTS + 3);
	assert_int_equal(court_open(court, FINDING_HOSTS_LOST), LIMIT_INCIDENTS);
	assert_int_equal(court_open(court, FINDING_HOST_DOWN), 3 * LIMIT_INCIDENTS + 3);
	assert_int_equal(court_count(court, FINDING_LIMIT_HIT), 1);
	court_free(court);
}

static void a_great_incident_names_a_part_of_its_hosts(void **state)
{
	(void)state;
	struct court *court = rooms_of_hosts(1, LIMIT_CHILDREN + 5);

	hosts_fail(court, 0, LIMIT_CHILDREN + 5);
	assert_int_equal(court_open(court, FINDING_HOSTS_LOST), 1);
	assert_int_equal(court_last(court, FINDING_HOSTS_LOST)->count, LIMIT_CHILDREN + 5);
	assert_int_equal(court_open(court, FINDING_HOST_DOWN), LIMIT_CHILDREN);
	court_free(court);
}

static void a_reboot_of_a_full_list_is_dropped(void **state)
{
	(void)state;
	struct court *court = rooms_of_hosts(1, 1);

	court_series_as(court, 9, "h0", MEASURE_UPTIME, "h0.up");
	for (unsigned i = 0; i < LIMIT_FINDINGS; i++)
		(void)!fill(court, i);
	court_say(court, 9, 9000000);
	court_say(court, 9, 1000);
	assert_null(book_find(&court->judge->book, FINDING_REBOOT, "h0"));
	assert_true(court->judge->book.hit);
	court_free(court);
}

/* What others say may come first of all, and may find no place. */
static void others_meet_an_early_and_a_full_list(void **state)
{
	static const struct {
		void (*say)(struct judge *judge, const struct finding *finding, int64_t until_ms);
		enum finding_code code;
	} rows[] = { { judge_alert, FINDING_ALERT }, { judge_wire, FINDING_WIRE_OLD_TLS } };

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct court *court = court_new(SITE);
		struct judge *judge = NULL;
		const struct finding *found = NULL;
		struct finding said = { .code = (uint16_t)rows[i].code, .severity = SEVERITY_WARNING,
			.since_ms = COURT_START - MIN, .seen_ms = COURT_START, .subject = "r1", .word = "A" };

		assert_int_equal(judge_new(court->site, &judge, NULL), KS_OK);
		rows[i].say(judge, &said, COURT_START + HR);
		judge_tick(judge, COURT_START + 10 * SEC);
		assert_int_equal(judge_changes(judge, &found), 1);
		assert_int_equal(found->code, rows[i].code);
		assert_int_equal(found->since_ms, COURT_START - MIN);
		judge_free(judge);
		for (unsigned k = 0; k < LIMIT_FINDINGS; k++)
			(void)!fill(court, k);
		rows[i].say(court->judge, &said, court->now + HR);
		assert_true(court->judge->book.hit);
		judge_tick(court->judge, court->now + 10 * SEC);
		assert_int_equal(court->judge->book.used, LIMIT_FINDINGS + 1);
		court_free(court);
	}
}

/* What may find no place must not fall over: power, cooling and rooms. */
static void a_full_list_judges_on(void **state)
{
	(void)state;
	struct court *court = court_new(SITE "feed f\nups u from=f\ncooling ac room=r1\n"
		"sensor us via=nut address=a on=u every=10s\n");

	court_series_as(court, 1, "us", MEASURE_STATE, "us.state");
	court_series_as(court, 2, "t", MEASURE_STATE, "t.state");
	court_series_as(court, 3, "t", MEASURE_TEMPERATURE, "t.temp");
	(void)!claim(court->judge, &(struct claim){ .code = FINDING_ON_BATTERY, .subject = "u",
		.place = "" });
	for (unsigned i = 0; i < LIMIT_FINDINGS - 1; i++)
		(void)!fill(court, i);
	for (int i = 0; i < 30; i++) {
		court_state(court, 1, "OB", SEVERITY_CRITICAL);
		court_state(court, 2, "bad", SEVERITY_CRITICAL);
		court_say(court, 3, 50000);
		court->now += 10 * SEC;
		judge_tick(court->judge, court->now);
	}
	assert_int_equal(court->judge->book.used, LIMIT_FINDINGS + 1);
	struct verdict verdict;

	judge_verdict(court->judge, court->now, &verdict);
	assert_int_equal(verdict.severity, SEVERITY_CRITICAL);
	court_free(court);
}

/* We were stopped, or the machine slept: silences are counted from the end of it. */
static void sleep_is_nobodys_silence(void **state)
{
	(void)state;
	struct court *court = court_three();

	court->judge->dirty = false;
	judge_slept(court->judge, 20 * MIN);
	assert_int_equal(court->judge->excuse, court->judge->clock.now + 20 * MIN);
	assert_true(court->judge->dirty);
	court_free(court);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_judge_needs_memory),
		cmocka_unit_test(series_need_memory),
		cmocka_unit_test(a_reload_without_memory_forgets_and_lives),
		cmocka_unit_test(more_series_than_may_be_are_refused),
		cmocka_unit_test(nonsense_is_counted_and_ignored),
		cmocka_unit_test(no_tick_needs_to_come_first),
		cmocka_unit_test(a_full_list_says_so_once_and_drains),
		cmocka_unit_test(more_incidents_than_there_is_room_for_are_said),
		cmocka_unit_test(a_great_incident_names_a_part_of_its_hosts),
		cmocka_unit_test(a_reboot_of_a_full_list_is_dropped),
		cmocka_unit_test(others_meet_an_early_and_a_full_list),
		cmocka_unit_test(a_full_list_judges_on),
		cmocka_unit_test(sleep_is_nobodys_silence),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
