/* test/unit/test_judge_alert.c - alerts of other systems, and windows people asked for. */
#include "base/limits.h"
#include "court.h"
#include "harness.h"
#include <stdio.h>
#include <string.h>

#define SITE COURT_ROOM "ups u1\npdu p1 from=u1\n"                                      \
	"device sw address=192.0.2.254 check=ping every=10s\n"                         \
	"host h1 rack=k1 address=192.0.2.1 name=web check=ping every=10s behind=sw\n"   \
	"host h2 address=192.0.2.2 check=ping every=10s\nrack k2\nhost h3 rack=k2\nhost db.example.net\nhost mx\nhost m2 name=mx\n" \
	"host h4 address=cache.example.net\nhost h5 name=計測\n" COURT_T("t1")

static void alert(struct court *court, const char *subject, const char *name, int64_t ended,
    int64_t until)
{
	struct finding f = { .code = FINDING_ALERT, .severity = SEVERITY_WARNING,
		.since_ms = court->now, .seen_ms = court->now, .ended_ms = ended };

	(void)snprintf(f.subject, sizeof f.subject, "%s", subject);
	(void)snprintf(f.word, sizeof f.word, "%s", name);
	judge_alert(court->judge, &f, until);
	court_fetch(court);
}

/* Open alerts, the silenced ones among them counted, and the last. */
static size_t alerts(struct court *court, size_t *ret_silenced, struct finding *ret_last)
{
	const struct finding *open;
	size_t n = judge_open(court->judge, &open), found = 0;

	*ret_silenced = 0;
	for (size_t i = 0; i < n; i++) {
		if (open[i].code != FINDING_ALERT)
			continue;
		found++;
		*ret_silenced += open[i].silenced;
		*ret_last = open[i];
	}
	return found;
}

static void known_by_any_name(void **state)
{
	static const struct {
		const char *said, *id;
		enum subject kind;
	} rows[] = { { "h1", "h1", SUBJECT_HOST }, { "h1:9100", "h1", SUBJECT_HOST },
		{ "web", "h1", SUBJECT_HOST }, { "192.0.2.2:80", "h2", SUBJECT_HOST },
		{ "192.0.2.254", "sw", SUBJECT_DEVICE }, { "sw", "sw", SUBJECT_DEVICE },
		{ "r1", "r1", SUBJECT_ROOM }, { "u1", "u1", SUBJECT_NODE },
		{ "h3", "h3", SUBJECT_HOST }, { "h3.example.net", "h3", SUBJECT_HOST },
		{ "H3.example.net:9100", "h3", SUBJECT_HOST }, { "db", "db.example.net", SUBJECT_HOST },
		{ "db:9100", "db.example.net", SUBJECT_HOST },
		{ "db.example.org", "db.example.org", SUBJECT_SITE }, /* another one */
		{ "mx.example.net", "mx.example.net", SUBJECT_SITE }, /* two are called so */
		{ "cache", "h4", SUBJECT_HOST }, { "計測.example.net", "h5", SUBJECT_HOST },
		{ "192.example.net", "192.example.net", SUBJECT_SITE }, { "h1x", "h1x", SUBJECT_SITE }, { "", "s", SUBJECT_SITE } };

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct court *court = court_new(SITE);

		alert(court, rows[i].said, "A", 0, 0);
		court_tick(court);
		const struct finding *f = court_last(court, FINDING_ALERT);

		assert_non_null(f);
		assert_string_equal(f->subject, rows[i].id);
		assert_int_equal(f->subject_kind, rows[i].kind);
		assert_string_equal(f->word, "A");
		court_free(court);
	}
}

static void what_finds_no_room_is_said(void **state)
{
	struct court *court = court_new(SITE);
	char name[20];

	(void)state;
	for (int i = 0; i < LIMIT_ALERTS + 3; i++) {
		(void)snprintf(name, sizeof name, "A%d", i);
		alert(court, "h1", name, 0, 0);
	}
	alert(court, "h1", "A0", 0, 0); /* known: has its room */
	court_tick(court);
	assert_int_equal(court_open(court, FINDING_ALERT), LIMIT_ALERTS);
	const struct finding *f = court_last(court, FINDING_LIMIT_HIT);

	assert_non_null(f);
	assert_string_equal(f->word, "LIMIT_ALERTS");
	assert_int_equal(f->count, 3);
	for (int i = 0; i < 70; i++)
		judge_tick(court->judge, court->now += 10 * SEC);
	court_fetch(court);
	assert_int_equal(court_open(court, FINDING_LIMIT_HIT), 0);
	court_free(court);
}

static void several_about_one_thing_are_one(void **state)
{
	struct court *court = court_new(SITE);

	(void)state;
	alert(court, "h1", "DiskFull", 0, 0);
	court_tick(court);
	alert(court, "h1:9100", "Load", 0, 0);
	alert(court, "h2", "Load", 0, 0);
	alert(court, "h1", "Load", 0, 0); /* said again */
	court_tick(court);
	assert_int_equal(court_count(court, FINDING_ALERT), 3);
	assert_int_equal(court_roots(court), 2);
	alert(court, "h1", "DiskFull", court->now, 0);
	court_tick(court);
	assert_int_equal(court_open(court, FINDING_ALERT), 2);
	alert(court, "h1", "Never", court->now, 0);
	court_tick(court);
	assert_int_equal(court_count(court, FINDING_ALERT), 3);
	/* a newer one in the place of the one that ended: the older still speaks */
	court->now += SEC;
	alert(court, "h1", "Fan", 0, 0);
	court_tick(court);
	assert_string_equal(court_last(court, FINDING_ALERT)->word, "Fan");
	assert_int_not_equal(court_last(court, FINDING_ALERT)->cause, 0);
	court_free(court);
}

/* One that ended and was not fetched yet speaks for nobody. */
static void an_ended_one_explains_nothing(void **state)
{
	struct court *court = court_new(SITE);
	struct finding f = { .code = FINDING_ALERT, .severity = SEVERITY_WARNING,
		.since_ms = court->now, .seen_ms = court->now, .subject = "h3", .word = "A" };

	(void)state;
	alert(court, "h3", "A", 0, 0);
	court_tick(court);
	f.ended_ms = court->now;
	judge_alert(court->judge, &f, 0);
	judge_tick(court->judge, court->now += 10 * SEC);
	f.ended_ms = 0;
	(void)snprintf(f.word, sizeof f.word, "B");
	judge_alert(court->judge, &f, 0);
	court_tick(court);
	assert_int_equal(court_open(court, FINDING_ALERT), 1);
	assert_int_equal(court_last(court, FINDING_ALERT)->cause, 0);
	court_free(court);
}

static void ends_by_itself(void **state)
{
	struct court *court = court_new(SITE);

	(void)state;
	alert(court, "h1", "A", 0, court->now + 2 * MIN);
	alert(court, "h2", "A", 0, 0);
	for (int i = 0; i < 6; i++)
		court_tick(court);
	assert_int_equal(court_open(court, FINDING_ALERT), 2);
	for (int i = 0; i < 12; i++)
		court_tick(court);
	assert_int_equal(court_open(court, FINDING_ALERT), 1);
	court_free(court);
}

/* What keisoku knows itself explains the alert. */
static void explained_by_what_is_known(void **state)
{
	struct court *court = court_new(SITE);

	(void)state;
	court_series(court, 1, "h1", MEASURE_REACH);
	court_series(court, 2, "sw", MEASURE_REACH);
	court_series(court, 3, "t1", MEASURE_TEMPERATURE);
	alert(court, "h1", "InstanceDown", 0, 0);
	alert(court, "h2", "Other", 0, 0);
	alert(court, "sw", "PortDown", 0, 0);
	alert(court, "r1", "TooHot", 0, 0);
	alert(court, "p1", "Outlet", 0, 0);
	alert(court, "nobody", "X", 0, 0);
	for (int i = 0; i < 12; i++) {
		court_say(court, 1, i < 3 ? 1000 : 0);
		court_say(court, 2, 1000);
		court_say(court, 3, 22000);
		court_tick(court);
	}
	const struct finding *down = court_last(court, FINDING_HOST_DOWN);

	assert_non_null(down);
	bool found = false;

	for (size_t i = 0; i < court->records; i++)
		found |= strcmp(court->record[i].word, "InstanceDown") == 0 &&
		    court->record[i].cause == down->id;
	assert_true(found);
	for (int i = 0; i < 60; i++) {
		court_say(court, 1, 1000);
		court_say(court, 2, 1000);
		court_say(court, 3, 36000);
		court_tick(court);
	}
	const struct finding *hot = court_last(court, FINDING_HOT);

	assert_non_null(hot);
	for (size_t i = 0; i < court->records; i++)
		if (strcmp(court->record[i].word, "InstanceDown") == 0 ||
		    strcmp(court->record[i].word, "TooHot") == 0)
			assert_int_not_equal(court->record[i].cause, 0);
	court_free(court);
}

static void odd_ones_are_left_out(void **state)
{
	struct court *court = court_new(SITE);
	struct finding f = { .severity = SEVERITIES, .since_ms = court->now };

	(void)state;
	judge_alert(court->judge, &f, 0);
	court_tick(court);
	assert_int_equal(court_count(court, FINDING_ALERT), 0);
	/* of a former run: found again under its key, not doubled */
	struct finding old = { .id = 77, .code = FINDING_ALERT, .severity = SEVERITY_WARNING,
		.subject_kind = SUBJECT_HOST, .since_ms = court->now - HR, .count = 1 };

	(void)snprintf(old.subject, sizeof old.subject, "h1");
	(void)snprintf(old.word, sizeof old.word, "A");
	assert_true(judge_restore(court->judge, &old, court->now));
	court_tick(court);
	alert(court, "h1:9100", "A", 0, 0);
	court_tick(court);
	struct finding last = { .id = 0 };
	size_t silenced;

	assert_int_equal(alerts(court, &silenced, &last), 1);
	assert_int_equal(last.id, 77);
	court_free(court);
}

/* A silence of one finding, a window over a room, and afterwards all is loud again. */
static void windows_asked_for(void **state)
{
	struct court *court = court_new(SITE);
	struct window windows[] = {
		{ .id = 1, .from_ms = court->now, .to_ms = court->now + 5 * MIN,
		    .code = FINDING_ALERT, .what = "h2" },
		{ .id = 2, .from_ms = court->now + HR, .to_ms = court->now + 2 * HR,
		    .code = FINDING_CODES },
		{ .id = 3, .from_ms = court->now, .to_ms = court->now + 5 * MIN,
		    .code = FINDING_CODES, .what = "r1", .maintenance = true },
		{ .id = 4, .from_ms = court->now, .to_ms = court->now + 5 * MIN,
		    .code = FINDING_HOT, .what = "nobody" },
	};
	struct finding last;
	size_t silenced;

	(void)state;
	judge_windows(court->judge, windows, 4);
	alert(court, "h2", "A", 0, 0);
	alert(court, "h1", "A", 0, 0);
	alert(court, "nobody", "A", 0, 0);
	court_tick(court);
	assert_int_equal(alerts(court, &silenced, &last), 3);
	assert_int_equal(silenced, 2);
	for (int i = 0; i < 60; i++)
		court_tick(court);
	assert_int_equal(alerts(court, &silenced, &last), 3);
	assert_int_equal(silenced, 0);
	while (court->now < COURT_START + HR + 20 * MIN)
		court_tick(court);
	assert_int_equal(alerts(court, &silenced, &last), 3);
	assert_int_equal(silenced, 3); /* everything */
	judge_windows(court->judge, NULL, 0);
	court_tick(court);
	assert_int_equal(alerts(court, &silenced, &last), 3);
	assert_int_equal(silenced, 0);
	court_free(court);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(known_by_any_name),
		cmocka_unit_test(what_finds_no_room_is_said),
		cmocka_unit_test(several_about_one_thing_are_one),
		cmocka_unit_test(an_ended_one_explains_nothing),
		cmocka_unit_test(ends_by_itself),
		cmocka_unit_test(explained_by_what_is_known),
		cmocka_unit_test(odd_ones_are_left_out),
		cmocka_unit_test(windows_asked_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
