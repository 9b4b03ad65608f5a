/* test/unit/test_judge_wire.c - what the wire says of devices: one device, one incident;
 * named as the site file does; ended when nobody says it again; the same after a restart. */
#include "base/limits.h"
#include "court.h"
#include "harness.h"
#include <stdio.h>
#include <string.h>

#define SITE COURT_ROOM "device sw address=192.0.2.254 mac=00:11:22:33:44:55\n"         \
	"host h1 rack=k1 address=192.0.2.1 name=web\n"

static void wire(struct court *court, enum finding_code code, enum severity severity,
    const char *subject, int64_t until)
{
	struct finding f = { .code = (uint16_t)code, .severity = (uint8_t)severity, .count = 3,
		.since_ms = court->now, .seen_ms = court->now };

	(void)snprintf(f.subject, sizeof f.subject, "%s", subject);
	(void)snprintf(f.place, sizeof f.place, "vendor.example");
	(void)snprintf(f.word, sizeof f.word, "list");
	judge_wire(court->judge, &f, until);
	court_fetch(court);
}

static void one_device_is_one_incident(void **state)
{
	struct court *court = court_new(SITE);
	const struct finding *listed, *clear;

	(void)state;
	wire(court, FINDING_WIRE_CLEAR_SENT, SEVERITY_WARNING, "laptop", court->now + HR);
	wire(court, FINDING_WIRE_LISTED, SEVERITY_CRITICAL, "laptop", court->now + HR);
	wire(court, FINDING_WIRE_OLD_TLS, SEVERITY_WARNING, "laptop", court->now + HR);
	wire(court, FINDING_WIRE_OLD_TLS, SEVERITY_WARNING, "printer", court->now + HR);
	court_tick(court);
	assert_int_equal(court_roots(court), 2);
	listed = court_last(court, FINDING_WIRE_LISTED);
	clear = court_last(court, FINDING_WIRE_CLEAR_SENT);
	assert_non_null(listed);
	assert_int_equal(listed->cause, 0);
	assert_int_equal(clear->cause, listed->id);
	assert_string_equal(clear->place, "vendor.example");
	assert_int_equal(clear->subject_kind, SUBJECT_DEVICE);
	court_free(court);
}

/* Other sides, kinds and directions have numbers of their own; a number that grows is not
 * another finding. */
static void what_differs_is_told_apart(void **state)
{
	static const struct {
		const char *place, *word;
		enum finding_way way;
		uint32_t count;
	} rows[] = { { "live.example", "card", WAY_OUT, 13 }, { "live.example", "phone", WAY_OUT, 12 },
		{ "other.example", "card", WAY_OUT, 3 }, { "live.example", "card", WAY_AT, 2 },
		{ "", "5", WAY_OUT, 30 }, { "", "6", WAY_OUT, 31 } };
	struct court *court = court_new(SITE);
	uint32_t counts = 0;

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct finding f = { .code = FINDING_WIRE_PERSONAL, .severity = SEVERITY_CRITICAL,
			.count = rows[i].count, .way = (uint8_t)rows[i].way, .since_ms = court->now,
			.seen_ms = court->now, .subject = "laptop" };

		(void)snprintf(f.place, sizeof f.place, "%s", rows[i].place);
		(void)snprintf(f.word, sizeof f.word, "%s", rows[i].word);
		judge_wire(court->judge, &f, court->now + HR);
		court_fetch(court);
	}
	court_tick(court);
	assert_int_equal(court_open(court, FINDING_WIRE_PERSONAL), 5);
	assert_int_equal(court_roots(court), 1);
	for (size_t i = 0; i < court->records; i++)
		counts += court->record[i].count;
	assert_int_equal(counts, 13 + 12 + 3 + 2 + 31);
	assert_int_equal(court_last(court, FINDING_WIRE_PERSONAL)->count, 31);
	court_free(court);
}

/* The graver one comes later: it becomes what the others follow from. */
static void a_graver_one_takes_over(void **state)
{
	struct court *court = court_new(SITE);

	(void)state;
	wire(court, FINDING_WIRE_OLD_TLS, SEVERITY_WARNING, "laptop", court->now + HR);
	court_tick(court);
	assert_int_equal(court_last(court, FINDING_WIRE_OLD_TLS)->cause, 0);
	wire(court, FINDING_WIRE_PERSONAL, SEVERITY_CRITICAL, "laptop", court->now + HR);
	court_tick(court);
	assert_int_equal(court_last(court, FINDING_WIRE_OLD_TLS)->cause,
	    court_last(court, FINDING_WIRE_PERSONAL)->id);
	assert_int_equal(court_last(court, FINDING_WIRE_PERSONAL)->cause, 0);
	court_free(court);
}

static void called_as_in_the_site_file(void **state)
{
	struct court *court = court_new(SITE);

	(void)state;
	wire(court, FINDING_WIRE_OLD_TLS, SEVERITY_WARNING, "h1", court->now + HR);
	wire(court, FINDING_WIRE_REFUSED, SEVERITY_WARNING, "192.0.2.254", court->now + HR);
	wire(court, FINDING_WIRE_SCAN, SEVERITY_WARNING, "", court->now + HR);
	court_tick(court);
	assert_string_equal(court_last(court, FINDING_WIRE_SCAN)->subject, "s"); /* nobody: the site */
	assert_int_equal(court_last(court, FINDING_WIRE_OLD_TLS)->subject_kind, SUBJECT_HOST);
	assert_string_equal(court_last(court, FINDING_WIRE_REFUSED)->subject, "sw");
	assert_int_equal(court_last(court, FINDING_WIRE_REFUSED)->subject_kind, SUBJECT_DEVICE);
	court_free(court);
}

static void ends_when_nobody_says_it(void **state)
{
	struct court *court = court_new(SITE);

	(void)state;
	wire(court, FINDING_WIRE_OLD_TLS, SEVERITY_WARNING, "h1", court->now + 2 * MIN);
	for (int i = 0; i < 6; i++)
		court_tick(court);
	assert_int_equal(court_open(court, FINDING_WIRE_OLD_TLS), 1);
	wire(court, FINDING_WIRE_OLD_TLS, SEVERITY_WARNING, "h1", court->now + 2 * MIN);
	for (int i = 0; i < 10; i++)
		court_tick(court);
	assert_int_equal(court_open(court, FINDING_WIRE_OLD_TLS), 1); /* it was said again */
	for (int i = 0; i < 6; i++)
		court_tick(court);
	assert_int_equal(court_open(court, FINDING_WIRE_OLD_TLS), 0);
	assert_int_equal(court_count(court, FINDING_WIRE_OLD_TLS), 1);
	wire(court, FINDING_WIRE_OLD_TLS, SEVERITY_WARNING, "h1", court->now - MIN);
	court_tick(court);
	assert_int_equal(court_open(court, FINDING_WIRE_OLD_TLS), 0); /* over when it was said */
	court_free(court);
}

static void odd_ones_are_left_out(void **state)
{
	static const struct {
		enum finding_code code;
		enum severity severity;
	} rows[] = { { FINDING_HOT, SEVERITY_WARNING }, { FINDING_LOSS_STOPS, SEVERITY_WARNING },
		{ FINDING_WIRE_OLD_TLS, SEVERITIES } };
	struct court *court = court_new(SITE);

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		wire(court, rows[i].code, rows[i].severity, "h1", court->now + HR);
	judge_wire(court->judge, &(struct finding){ .code = FINDING_WIRE_OLD_TLS, .severity = SEVERITY_WARNING,
	    .way = WAYS, .subject = "h1", .since_ms = court->now, .seen_ms = court->now }, court->now + HR);
	court_tick(court);
	assert_int_equal(court->records, 0);
	court_free(court);
}

/* As many as the judge compares; what is beyond speaks for itself. */
static void more_than_the_limit(void **state)
{
	struct court *court = court_new(SITE);
	size_t alone = 0;

	(void)state;
	for (unsigned i = 0; i < LIMIT_WIRE_FINDINGS / 2 + 10; i++) {
		char name[32];

		(void)snprintf(name, sizeof name, "laptop %u", i);
		wire(court, FINDING_WIRE_LISTED, SEVERITY_CRITICAL, name, court->now + HR);
		wire(court, FINDING_WIRE_OLD_TLS, SEVERITY_WARNING, name, court->now + HR);
	}
	court_tick(court);
	assert_int_equal(court_count(court, FINDING_WIRE_OLD_TLS), LIMIT_WIRE_FINDINGS / 2 + 10);
	for (size_t i = 0; i < court->records; i++) {
		const struct finding *f = &court->record[i];

		alone += f->code == FINDING_WIRE_OLD_TLS && f->cause == 0;
		assert_true(f->cause == 0 || strcmp(court->record[f->cause - 1].subject, f->subject) == 0);
	}
	assert_int_equal(alone, 10);
	court_free(court);
}

static void the_same_after_a_restart(void **state)
{
	struct court *court = court_new(SITE);
	struct finding was;

	(void)state;
	wire(court, FINDING_WIRE_OLD_TLS, SEVERITY_WARNING, "laptop", court->now + HR);
	court_tick(court);
	was = *court_last(court, FINDING_WIRE_OLD_TLS);
	struct court *next = court_new(SITE);

	next->now = court->now;
	assert_true(judge_restore(next->judge, &was, next->now));
	wire(next, FINDING_WIRE_OLD_TLS, SEVERITY_WARNING, "laptop", next->now + HR);
	for (int i = 0; i < 40; i++) /* longer than what is restored is kept */
		court_tick(next);
	const struct finding *open;

	assert_int_equal(judge_open(next->judge, &open), 1);
	assert_int_equal(open[0].id, was.id);
	assert_true(open[0].since_ms <= was.since_ms);
	court_free(next);
	court_free(court);
}

/* Where a wire is all there is, that it is heard is what is known; sensors are waited for. */
static void a_site_with_a_wire_alone(void **state)
{
	static const struct {
		const char *site;
		unsigned heard;
		bool measuring;
	} rows[] = { { "site s tz=UTC\nwire tap interface=eth0\n", 0, false },
		{ "site s tz=UTC\nwire tap interface=eth0\n", 1, true },
		{ COURT_ROOM "wire tap interface=eth0\nsensor t via=w1 address=a at=r1 kind=temperature every=10s\n",
		    1, false } };

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct court *court = court_new(rows[i].site);
		struct verdict verdict;

		judge_hears(court->judge, rows[i].heard);
		judge_verdict(court->judge, court->now, &verdict);
		assert_int_equal(verdict.measuring, rows[i].measuring);
		assert_int_equal(verdict.severity, rows[i].measuring ? SEVERITY_OK : SEVERITY_UNKNOWN);
		court_free(court);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_device_is_one_incident),
		cmocka_unit_test(what_differs_is_told_apart),
		cmocka_unit_test(a_graver_one_takes_over),
		cmocka_unit_test(called_as_in_the_site_file),
		cmocka_unit_test(ends_when_nobody_says_it),
		cmocka_unit_test(odd_ones_are_left_out),
		cmocka_unit_test(more_than_the_limit),
		cmocka_unit_test(the_same_after_a_restart),
		cmocka_unit_test(a_site_with_a_wire_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
