/* test/unit/test_core_wire.c - core and what the ear says, over a real pair: rows in; hours,
 * series, incidents and who talks to whom out of the store; what is not well formed refused
 * and counted; every maximum met; what was learned kept unread and given back. */
#include "base/must.h"
#include "depot.h"
#include "role/core.h"
#include "site/read.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const int64_t NOW = 1795411234000; /* twenty minutes into the hour */
static const int64_t HOUR = 1795411234000 / WIRE_HOUR_MS * WIRE_HOUR_MS;
static const char site_text[] = "site lab tz=UTC lang=en\n"
				"host web address=10.77.0.1\nhost db address=10.77.0.2\n"
				"wire tap interface=lo\n";

static struct worker worker;
static struct core *core;
static struct channel ear;

static void ear_opens(void)
{
	int fds[2];

	assert_int_equal(channel_pair(fds, &why), KS_OK);
	assert_int_equal(line_open(&core->ear, &worker.loop, fds[0], ROLE_CORE, ROLE_EAR, &why), KS_OK);
	assert_int_equal(channel_init(&ear, fds[1], ROLE_EAR, ROLE_CORE, &why), KS_OK);
}

static int core_begin(void **state)
{
	static struct site_errors errors;

	if (make_folder(state) != 0)
		return 1;
	worker = (struct worker){ .clock = { .factor = 1, .start_ms = NOW, .zero_ms = clock_mono_ms() } };
	must(uv_loop_init(&worker.loop) == 0);
	must(site_read(span_text(site_text), &worker.site, &errors) == KS_OK);
	core = calloc(1, sizeof *core);
	must(core != NULL);
	core->worker = &worker;
	core->ear = (struct line){ .message = core_ear, .gone = core_ear_gone,
		.drained = core_ear_drained, .user = core };
	core->wire.rows = calloc(LIMIT_WIRE_ROWS, sizeof(struct wire_row));
	core->named = calloc(LIMIT_FINDINGS, sizeof(struct named));
	core->acks = calloc(CORE_GROUP_MOST, sizeof(uint32_t));
	must(core->wire.rows != NULL && core->named != NULL && core->acks != NULL);
	must(judge_new(worker.site, &core->judge, NULL) == KS_OK);
	must(core_tell_make(core, worker.site, NULL) == KS_OK);
	core->store = reopen(NULL, STORE_WRITE);
	must(uv_timer_init(&worker.loop, &core->sync) == 0);
	core->sync.data = core;
	judge_tick(core->judge, core_now(core));
	ear_opens();
	return 0;
}

static int core_end(void **state)
{
	channel_done(&ear);
	line_close(&core->ear);
	uv_close((uv_handle_t *)&core->sync, NULL);
	(void)uv_run(&worker.loop, UV_RUN_NOWAIT);
	must(uv_loop_close(&worker.loop) == 0);
	store_close(core->store);
	core_learned_drop(core);
	judge_free(core->judge);
	tell_free(core->tell);
	free(core->wire.rows);
	free(core->named);
	free(core->acks);
	free(core);
	site_free(worker.site);
	return remove_folder(state);
}

/* -- the ear's mouth ---------------------------------------------------------------------- */

static void heard(void)
{
	for (int i = 0; i < 4; i++)
		(void)uv_run(&worker.loop, UV_RUN_NOWAIT);
}

static void say(enum message_kind kind, uint16_t count, uint32_t ticket, struct span body)
{
	struct parcel parcel = { .kind = kind, .count = count, .ticket = ticket, .body = body };

	while (!message_may(&ear, kind)) {
		assert_int_equal(channel_flush(&ear, &why), KS_OK);
		heard();
	}
	assert_int_equal(message_send(&ear, &parcel, &why), KS_OK);
	heard();
	assert_int_equal(channel_flush(&ear, &why), KS_OK);
}

static void rows_say(const struct wire_row *rows, size_t n)
{
	while (n > 0) {
		size_t part = n > (size_t)WIRE_MOST ? (size_t)WIRE_MOST : n;

		say(MESSAGE_WIRE_ROWS, (uint16_t)part, 0, span_of(rows, part * sizeof *rows));
		rows += part;
		n -= part;
	}
}

static void told_say(struct wire_told told)
{
	say(MESSAGE_WIRE_TOLD, 1, 0, span_of(&told, sizeof told));
	for (int i = 0; i < 100 && channel_waits(&ear); i++) {
		assert_int_equal(channel_flush(&ear, &why), KS_OK);
		heard();
	}
	heard();
}

static struct wire_row row_of(enum wire_kind kind, const char *device, const char *name)
{
	struct wire_row row = { .kind = (uint8_t)kind, .hour_ms = HOUR, .first_ms = HOUR + 1000,
		.last_ms = HOUR + 2000, .count = 1 };

	(void)snprintf(row.device, sizeof row.device, "%s", device);
	(void)snprintf(row.name, sizeof row.name, "%s", name);
	return row;
}

static struct wire_row finding_of(const char *device, enum finding_code code, enum severity level)
{
	struct wire_row row = row_of(WIRE_FINDING, device, "evil.example");

	row.port = wire_number_of(code);
	row.level = (uint8_t)level;
	row.flags = WIRE_OF_SITE;
	return row;
}

/* An hour of these rows behind the row of itself. */
static void hour_say(const struct wire_row *rows, size_t n, bool last)
{
	struct wire_row *all = calloc(n + 1, sizeof *all);

	must(all != NULL);
	all[0] = row_of(WIRE_SOURCE, "", "");
	if (n > 0) {
		all[0].hour_ms = rows[0].hour_ms;
		all[0].part = rows[0].part;
		memcpy(all + 1, rows, n * sizeof *all);
	}
	rows_say(all, n + 1);
	told_say((struct wire_told){ all[0].hour_ms, all[0].part, last, n + 1 });
	free(all);
}

/* -- what came of it ---------------------------------------------------------------------- */

struct got {
	struct wire_row rows[64];
	size_t n;
};

static int row_got(void *user, const struct wire_row *row)
{
	struct got *got = user;

	assert_true(got->n < 64);
	got->rows[got->n++] = *row;
	return 0;
}

static struct got stored(enum wire_kind kind, enum wire_by by)
{
	struct got got = { .n = 0 };
	const struct wire_ask ask = { kind, by, 0, INT64_MAX, 64 };

	assert_int_equal(store_wire(core->store, &ask, row_got, &got, &why), KS_OK);
	return got;
}

struct opened {
	struct finding list[LIMIT_WIRE_FINDINGS + 8];
	size_t n;
};

static int finding_got(void *user, const struct finding *finding)
{
	struct opened *opened = user;

	assert_true(opened->n < sizeof opened->list / sizeof *opened->list);
	opened->list[opened->n++] = *finding;
	return 0;
}

static struct opened *open_now(void)
{
	static struct opened opened;

	opened.n = 0;
	judge_tick(core->judge, core_now(core));
	core_findings(core);
	assert_int_equal(store_findings(core->store, true, 0, INT64_MAX, LIMIT_FINDINGS, finding_got,
			     &opened, &why), KS_OK);
	return &opened;
}

static const struct finding *open_of(const struct opened *opened, unsigned code)
{
	for (size_t i = 0; i < opened->n; i++)
		if (opened->list[i].code == code)
			return &opened->list[i];
	return NULL;
}

/* -- tests -------------------------------------------------------------------------------- */

static void an_hour_is_kept(void **state)
{
	struct wire_row rows[] = { row_of(WIRE_DEVICE, "web", "web"), row_of(WIRE_TALK, "web", "db") };

	(void)state;
	rows[0].out = 700;
	rows[0].in = 300;
	rows[1].port = 5432;
	rows[1].count = 6;
	hour_say(rows, 2, false);
	assert_int_equal(core->self.refused, 0);
	assert_int_equal(stored(WIRE_DEVICE, WIRE_AS_IS).n, 1);
	assert_int_equal(stored(WIRE_SOURCE, WIRE_AS_IS).n, 1);
	rows[1].count = 8; /* told again, a minute later: in place of the former */
	hour_say(rows, 2, true);
	rows[1].hour_ms -= WIRE_HOUR_MS;
	rows[1].first_ms -= WIRE_HOUR_MS;
	hour_say(&rows[1], 1, true);
	struct got talks = stored(WIRE_TALK, WIRE_BY_THING); /* what dep= lines are offered of */

	assert_int_equal(talks.n, 1);
	assert_int_equal(talks.rows[0].count, 16);
	assert_int_equal(talks.rows[0].number[4], 2); /* hours */
	assert_string_equal(talks.rows[0].name, "db");
	assert_int_equal(core->wire.rows_n, 0);
}

struct summed {
	double value;
	size_t n;
};

static int sample_got(void *user, int64_t time_ms, double value)
{
	struct summed *sum = user;

	assert_int_equal(time_ms, HOUR + 2000);
	sum->value = value;
	sum->n++;
	return 0;
}

/* Only of an hour that is over, and not of a thing without a name. */
static void bytes_of_devices_become_series(void **state)
{
	struct wire_row rows[] = { row_of(WIRE_DEVICE, "web", "web"), row_of(WIRE_DEVICE, "", "?") };
	static const char labels[] = "__name__\xffkeisoku_wire_hour_bytes\xff" "device\xffweb\xff"
				     "direction\xff" "in\xff";
	struct summed sum = { .n = 0 };
	uint32_t number = 0;

	(void)state;
	rows[0].in = 300;
	hour_say(rows, 2, false);
	assert_int_equal(core->self.samples, 0);
	assert_int_equal(store_series_count(core->store), 0);
	hour_say(rows, 2, true);
	assert_int_equal(core->self.samples, 2);
	assert_int_equal(store_series_count(core->store), 2);
	assert_true(core->appended && core->sync_armed);
	core_sync(core);
	assert_int_equal(store_series(core->store, span_of(labels, sizeof labels - 1), &number, &why),
	    KS_OK);
	assert_int_equal(store_series_count(core->store), 2);
	assert_int_equal(store_read(core->store, number, 0, INT64_MAX, sample_got, &sum, &why), KS_OK);
	assert_int_equal(sum.n, 1);
	assert_true(sum.value == 300);
}

/* Of more devices than series may be the first ones are kept as such, all as rows. */
static void series_have_a_maximum(void **state)
{
	struct wire_row *rows = calloc(LIMIT_WIRE_SERIES + 5, sizeof *rows);

	(void)state;
	must(rows != NULL);
	for (size_t i = 0; i < LIMIT_WIRE_SERIES + 5; i++) {
		rows[i] = row_of(WIRE_DEVICE, "", "x");
		(void)snprintf(rows[i].device, sizeof rows[i].device, "d%zu", i);
	}
	hour_say(rows, LIMIT_WIRE_SERIES + 5, true);
	assert_int_equal(core->self.refused, 0);
	assert_int_equal(store_series_count(core->store), 2 * LIMIT_WIRE_SERIES);
	free(rows);
}

/* A time that no sample may have: the row stands, the sample is refused. */
static void a_row_of_another_age_is_no_sample(void **state)
{
	struct wire_row row = row_of(WIRE_DEVICE, "web", "web");

	(void)state;
	row.first_ms = row.last_ms = INT64_C(1) << 53;
	hour_say(&row, 1, true);
	assert_int_equal(core->self.samples, 0);
	assert_int_equal(core->self.refused, 2);
	assert_int_equal(stored(WIRE_DEVICE, WIRE_AS_IS).n, 1);
}

/* One device is one incident; the same at two servers is told of each. */
static void findings_become_incidents(void **state)
{
	struct wire_row rows[] = { finding_of("web", FINDING_WIRE_PERSONAL, SEVERITY_CRITICAL),
		finding_of("web", FINDING_WIRE_PERSONAL, SEVERITY_WARNING),
		finding_of("web", FINDING_WIRE_LISTED, SEVERITY_WARNING),
		finding_of("02:00:00:00:00:07", FINDING_WIRE_LISTED, SEVERITY_WARNING) };

	(void)state;
	rows[0].count = 3;
	rows[1].count = 4;
	(void)snprintf(rows[1].name, sizeof rows[1].name, "other.example");
	rows[1].first_ms = HOUR + 500;
	rows[3].flags = 0;
	(void)snprintf(rows[3].address, sizeof rows[3].address, "keiri-pc-07");
	hour_say(rows, 4, false);
	struct opened *opened = open_now();
	const struct finding *personal = open_of(opened, FINDING_WIRE_PERSONAL);
	size_t alone = 0, called = 0;

	assert_int_equal(opened->n, 4);
	assert_non_null(personal);
	assert_string_equal(personal->subject, "web");
	assert_string_equal(personal->place, "evil.example");
	assert_int_equal(personal->severity, SEVERITY_CRITICAL);
	assert_int_equal(personal->count, 3); /* to the other it is four more */
	assert_int_equal(personal->since_ms, HOUR + 1000);
	assert_int_equal(personal->cause, 0);
	for (size_t i = 0; i < opened->n; i++) {
		alone += opened->list[i].cause == 0;
		called += strcmp(opened->list[i].subject, "keiri-pc-07") == 0;
		if (opened->list[i].code == FINDING_WIRE_LISTED &&
		    strcmp(opened->list[i].subject, "web") == 0)
			assert_int_equal(opened->list[i].cause, personal->id);
	}
	assert_int_equal(alone, 2); /* incidents: web, and the other device */
	assert_int_equal(called, 1);
}

/* What a server received is told of it as that, also by the next core; what it sent itself
 * is not of that number. */
static void who_began_it_is_kept(void **state)
{
	struct wire_row rows[] = { finding_of("web", FINDING_WIRE_CREDENTIAL, SEVERITY_CRITICAL),
		finding_of("web", FINDING_WIRE_CREDENTIAL, SEVERITY_CRITICAL),
		finding_of("web", FINDING_WIRE_LISTED, SEVERITY_WARNING) };

	(void)state;
	rows[0].flags |= WIRE_INWARD | WIRE_AT;
	rows[0].out = rows[0].count = 50; /* it comes first */
	(void)snprintf(rows[1].name, sizeof rows[1].name, "other.example");
	rows[2].flags |= WIRE_INWARD;
	hour_say(rows, 3, false);
	assert_int_equal(stored(WIRE_FINDING, WIRE_BY_THING).n, 3);
	struct opened *opened = open_now();
	uint32_t counts[WAYS] = { 0 };

	for (size_t i = 0; i < opened->n; i++)
		if (opened->list[i].code == FINDING_WIRE_CREDENTIAL)
			counts[opened->list[i].way] += opened->list[i].count;
	assert_int_equal(counts[WAY_AT], 50);
	assert_int_equal(counts[WAY_OUT], 1);
	assert_int_equal(open_of(opened, FINDING_WIRE_LISTED)->way, WAY_FROM);
}

static void what_is_well_or_accepted_is_no_incident(void **state)
{
	struct wire_row rows[] = { finding_of("web", FINDING_WIRE_PERIODIC, SEVERITY_OK),
		finding_of("web", FINDING_WIRE_LISTED, SEVERITY_CRITICAL) };

	(void)state;
	rows[1].flags |= WIRE_ACCEPTED;
	hour_say(rows, 2, true);
	assert_int_equal(core->self.refused, 0);
	assert_int_equal(stored(WIRE_FINDING, WIRE_AS_IS).n, 2);
	assert_int_equal(open_now()->n, 0);
}

/* A sentence names one other side and one kind, and its number is of that alone; beyond a
 * dozen the rest is one sum, and so for each direction. */
static void each_has_its_own_number(void **state)
{
	struct wire_row rows[40];
	uint32_t apart = 0, rest = 0, received = 0;

	(void)state;
	for (size_t i = 0; i < 40; i++) {
		rows[i] = finding_of("web", FINDING_WIRE_PERSONAL, SEVERITY_WARNING);
		(void)snprintf(rows[i].name, sizeof rows[i].name, "n%zu.example", i / 2);
		(void)snprintf(rows[i].word, sizeof rows[i].word, "%s", i % 2 == 0 ? "card" : "phone");
		rows[i].count = 100 - i;
		rows[i].flags |= i == 39 ? WIRE_INWARD | WIRE_AT : 0;
	}
	hour_say(rows, 40, false);
	struct opened *opened = open_now();

	assert_int_equal(opened->n, 14);
	for (size_t i = 0; i < opened->n; i++) {
		const struct finding *f = &opened->list[i];
		unsigned number = 99;

		if (f->way == WAY_AT) {
			received = f->count;
		} else if (wire_rest_of(f) > 0) {
			assert_int_equal(wire_rest_of(f), 39 - 12);
			rest = f->count;
		} else {
			assert_int_equal(sscanf(f->place, "n%u.", &number), 1);
			assert_int_equal(f->count, 100 - 2 * number - (strcmp(f->word, "phone") == 0));
			apart++;
		}
	}
	assert_int_equal(received, 100 - 39);
	assert_int_equal(apart, 12);
	assert_int_equal(rest, (88 + 62) * 27 / 2);
}

/* Nothing of it heard for a day: the finding ends by itself.  A new core knows it still. */
static void findings_end_and_outlive_core(void **state)
{
	struct wire_row row = finding_of("web", FINDING_WIRE_LISTED, SEVERITY_CRITICAL);

	(void)state;
	hour_say(&row, 1, true);
	assert_int_equal(open_now()->n, 1);
	judge_free(core->judge); /* another core on the same store */
	core->named_n = 0;
	assert_int_equal(judge_new(worker.site, &core->judge, &why), KS_OK);
	judge_tick(core->judge, core_now(core));
	core->started_ms = core_now(core);
	core_findings_load(core, core_now(core));
	core_wire_load(core);
	assert_int_equal(open_now()->n, 1);
	for (int minute = 0; minute < 25 * 60 + 30; minute++) {
		worker.clock.start_ms += 60000;
		judge_tick(core->judge, core_now(core));
		core_findings(core);
		core_findings_retry(core, core_now(core));
	}
	assert_int_equal(open_now()->n, 0);
	core_wire_load(core); /* and does not come again out of the store */
	assert_int_equal(open_now()->n, 0);
}

/* A count that adds up to more than a finding can say stays at the most. */
static void counts_do_not_turn_over(void **state)
{
	struct wire_row rows[] = { finding_of("web", FINDING_WIRE_LISTED, SEVERITY_WARNING),
		finding_of("web", FINDING_WIRE_LISTED, SEVERITY_WARNING) };

	(void)state;
	rows[0].count = rows[1].count = UINT32_MAX - 1;
	hour_say(rows, 2, false);
	assert_int_equal(open_of(open_now(), FINDING_WIRE_LISTED)->count, UINT32_MAX);
}

static void more_findings_than_may_be_open_are_counted(void **state)
{
	struct wire_row *rows = calloc(LIMIT_WIRE_FINDINGS + 9, sizeof *rows);

	(void)state;
	must(rows != NULL);
	for (size_t i = 0; i < LIMIT_WIRE_FINDINGS + 9; i++) {
		rows[i] = finding_of("", FINDING_WIRE_LISTED, SEVERITY_WARNING);
		rows[i].flags = 0;
		(void)snprintf(rows[i].device, sizeof rows[i].device, "d%zu", i);
	}
	hour_say(rows, LIMIT_WIRE_FINDINGS + 9, false);
	assert_int_equal(core->self.full, 9);
	assert_int_equal(open_now()->n, LIMIT_WIRE_FINDINGS);
	free(rows);
}

/* Each of these rows spoils its hour; of the hour nothing is kept. */
static void bad_rows_are_refused(void **state)
{
	const struct wire_row good = row_of(WIRE_DEVICE, "web", "web");
	struct wire_row bad[12];
	size_t n = 0;

	(void)state;
#define BAD(...) do { bad[n] = good; __VA_ARGS__; n++; } while (0)
	BAD(bad[n].kind = WIRE_KINDS);
	BAD(bad[n].level = SEVERITIES);
	BAD(bad[n].flags = WIRE_FLAGS + 1);
	BAD(bad[n].hour_ms = 0);
	BAD(bad[n].hour_ms += WIRE_HOUR_MS);
	BAD(bad[n].hour_ms += 1);
	BAD(bad[n].part = 60);
	BAD(bad[n].last_ms = bad[n].first_ms - 1);
	BAD(bad[n].out = UINT64_C(1) << 60);
	BAD(bad[n].number[4] = INT64_MIN);
	BAD(memset(bad[n].device, 'x', sizeof bad[n].device)); /* no end */
	BAD(memcpy(bad[n].word, "\x1b[31m", 6));
#undef BAD
	assert_int_equal(n, sizeof bad / sizeof *bad);
	for (size_t i = 0; i < n; i++) {
		struct wire_row rows[] = { row_of(WIRE_SOURCE, "", ""), bad[i], good };
		uint64_t refused = core->self.refused;

		rows_say(rows, 3);
		told_say((struct wire_told){ HOUR, 0, 1, 3 });
		assert_int_equal(core->self.refused, refused + 2); /* the row, and its hour */
		told_say((struct wire_told){ HOUR, 0, 1, 2 }); /* nor the rest of it */
		assert_int_equal(core->self.refused, refused + 3);
		assert_int_equal(stored(WIRE_DEVICE, WIRE_AS_IS).n, 0);
		assert_true(core->ear.open);
	}
	hour_say(&good, 1, true); /* who was wrong once may be right the next time */
	assert_int_equal(stored(WIRE_DEVICE, WIRE_AS_IS).n, 1);
}

static void an_hour_that_is_not_whole_is_refused(void **state)
{
	const struct wire_row rows[] = { row_of(WIRE_SOURCE, "", ""), row_of(WIRE_DEVICE, "web", "web") };
	const struct wire_told wrong[] = { { HOUR, 0, 1, 3 }, { HOUR, 0, 1, 1 }, { HOUR, 9, 1, 2 },
		{ HOUR + WIRE_HOUR_MS, 0, 1, 2 } };

	(void)state;
	told_say((struct wire_told){ HOUR, 0, 1, 0 }); /* of nothing */
	assert_int_equal(core->self.refused, 1);
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		rows_say(rows, 2);
		told_say(wrong[i]);
		assert_int_equal(core->self.refused, 2 + i);
		assert_int_equal(core->wire.rows_n, 0);
	}
	assert_int_equal(stored(WIRE_DEVICE, WIRE_AS_IS).n, 0);
}

/* The one who spoke before died in the middle: the next begins anew. */
static void a_new_beginning_drops_what_was_half(void **state)
{
	const struct wire_row rows[] = { row_of(WIRE_SOURCE, "", ""), row_of(WIRE_DEVICE, "old", "old") };
	const struct wire_row next = row_of(WIRE_DEVICE, "new", "new");

	(void)state;
	rows_say(rows, 2);
	assert_int_equal(core->wire.rows_n, 2);
	hour_say(&next, 1, true);
	assert_int_equal(core->self.refused, 0);
	assert_string_equal(stored(WIRE_DEVICE, WIRE_AS_IS).rows[0].device, "new");
	rows_say(rows, 2);
	core_ear_gone(&core->ear, KS_IO, &why);
	assert_int_equal(core->wire.rows_n, 0);
}

static void more_rows_than_an_hour_may_have(void **state)
{
	struct wire_row *rows = calloc(LIMIT_WIRE_ROWS + 1, sizeof *rows);

	(void)state;
	must(rows != NULL);
	for (size_t i = 0; i < LIMIT_WIRE_ROWS + 1; i++)
		rows[i] = row_of(i == 0 ? WIRE_SOURCE : WIRE_UNSEEN, "", "");
	rows_say(rows, LIMIT_WIRE_ROWS + 1);
	told_say((struct wire_told){ HOUR, 0, 0, LIMIT_WIRE_ROWS + 1 });
	assert_int_equal(core->self.refused, 2);
	assert_int_equal(stored(WIRE_SOURCE, WIRE_AS_IS).n, 0);
	rows_say(rows, LIMIT_WIRE_ROWS);
	told_say((struct wire_told){ HOUR, 0, 0, LIMIT_WIRE_ROWS });
	assert_int_equal(core->self.refused, 2);
	assert_int_equal(stored(WIRE_SOURCE, WIRE_AS_IS).n, 1);
	free(rows);
}

/* How each wire does: of now, in no hour, and nothing else. */
static void what_is_now_is_checked_too(void **state)
{
	struct wire_row rows[3] = { row_of(WIRE_SOURCE, "tap", "lo"), row_of(WIRE_DEVICE, "web", ""),
		row_of(WIRE_SOURCE, "tap", "lo") };

	(void)state;
	rows[0].hour_ms = rows[1].hour_ms = 0;
	say(MESSAGE_WIRE_NOW, 3, 0, span_of(rows, sizeof rows));
	assert_int_equal(core->wire.now_n, 1);
	assert_int_equal(core->self.refused, 2);
	assert_string_equal(core->wire.now[0].device, "tap");
	rows[0].word[0] = '\x07';
	say(MESSAGE_WIRE_NOW, 1, 0, span_of(rows, sizeof rows[0]));
	assert_int_equal(core->wire.now_n, 0);
	rows[0].word[0] = '\0';
	say(MESSAGE_WIRE_NOW, 1, 0, span_of(rows, sizeof rows[0]));
	assert_int_equal(core->wire.now_n, 1);
	core_ear_gone(&core->ear, KS_MALFORMED, &why);
	assert_int_equal(core->wire.now_n, 0);
}

/* Once a day, and as the site file wants it. */
static void old_hours_go(void **state)
{
	struct wire_row old = row_of(WIRE_DEVICE, "web", "old"), young = row_of(WIRE_DEVICE, "web", "young");

	(void)state;
	old.hour_ms -= 20 * 24 * (int64_t)WIRE_HOUR_MS;
	hour_say(&old, 1, true);
	worker.site->keep_raw_days = 10;
	hour_say(&young, 1, true); /* it was looked at today */
	assert_int_equal(stored(WIRE_DEVICE, WIRE_AS_IS).n, 2);
	worker.clock.start_ms += 25 * (int64_t)WIRE_HOUR_MS;
	hour_say(&young, 1, true);
	struct got left = stored(WIRE_DEVICE, WIRE_AS_IS);

	assert_int_equal(left.n, 1);
	assert_string_equal(left.rows[0].name, "young");
}

/* -- what was learned --------------------------------------------------------------------- */

static void learned_say(const char *bytes, size_t n, struct wire_learnt learnt)
{
	for (size_t at = 0; at < n; at += MESSAGE_PAYLOAD) {
		size_t part = n - at < MESSAGE_PAYLOAD ? n - at : MESSAGE_PAYLOAD;

		say(MESSAGE_WIRE_LEARNED, (uint16_t)part, at > 0, span_of(bytes + at, part));
	}
	say(MESSAGE_WIRE_LEARNT, 1, 0, span_of(&learnt, sizeof learnt));
	heard();
}

/* All bytes that come back, and that they end. */
static size_t given_back(char *room, size_t most)
{
	size_t n = 0;

	say(MESSAGE_ASK_LEARNED, 0, 0, span_of(NULL, 0));
	for (int i = 0; i < 100000; i++) {
		struct message message;
		int code = message_take(&ear, &message, &why);

		heard();
		if (code == KS_ABSENT)
			continue;
		assert_int_equal(code, KS_OK);
		if (message.head.kind == MESSAGE_LEARNED_END)
			return n;
		assert_int_equal(message.head.kind, MESSAGE_LEARNED_IS);
		assert_true(n + message.body.left <= most);
		memcpy(room + n, message.body.at, message.body.left);
		n += message.body.left;
	}
	fail_msg("no end");
	return 0;
}

static void what_was_learned_is_kept_unread(void **state)
{
	enum { MANY = 3000000 };
	char *bytes = malloc(MANY), *back = malloc(MANY + 10);

	(void)state;
	must(bytes != NULL && back != NULL);
	for (size_t i = 0; i < MANY; i++)
		bytes[i] = (char)(i * 2654435761U >> 13);
	assert_int_equal(given_back(back, MANY), 0); /* the first ear of all */
	learned_say(bytes, MANY, (struct wire_learnt){ HOUR, 0, 1, MANY });
	learned_say("hour", 4, (struct wire_learnt){ HOUR + WIRE_HOUR_MS, 60, 0, 4 });
	assert_int_equal(core->self.refused, 0);
	channel_done(&ear); /* another ear */
	line_close(&core->ear);
	core_ear_gone(&core->ear, KS_IO, &why);
	ear_opens();
	assert_int_equal(given_back(back, MANY + 10), MANY + 4);
	assert_memory_equal(back, bytes, MANY);
	assert_memory_equal(back + MANY, "hour", 4);
	free(bytes);
	free(back);
}

static void what_was_learned_must_be_whole(void **state)
{
	static char large[LIMIT_WIRE_LEARNED_PART + 1];
	const struct wire_learnt wrong[] = { { HOUR, 0, 1, 5 }, { HOUR, 0, 1, 3 }, { 0, 0, 1, 4 },
		{ HOUR + 1, 0, 1, 4 }, { -WIRE_HOUR_MS, 0, 1, 4 }, { HOUR, 3600, 1, 4 }, { HOUR, 0, 2, 4 } };
	char back[16];

	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		learned_say("four", 4, wrong[i]);
		assert_int_equal(core->self.refused, i + 1);
	}
	uint64_t refused = core->self.refused;

	learned_say("", 0, (struct wire_learnt){ HOUR, 0, 1, 0 });
	assert_int_equal(core->self.refused, refused + 1);
	/* an hour's part has a maximum of its own; the whole may be larger */
	learned_say(large, sizeof large, (struct wire_learnt){ HOUR, 0, 0, sizeof large });
	assert_int_equal(core->self.refused, refused + 2);
	assert_int_equal(given_back(back, sizeof back), 0);
	/* who died in the middle left nothing of it */
	say(MESSAGE_WIRE_LEARNED, 3, 0, span_of("old", 3));
	learned_say("four", 4, (struct wire_learnt){ HOUR, 0, 1, 4 });
	assert_int_equal(core->self.refused, refused + 2);
	assert_int_equal(given_back(back, sizeof back), 4);
	assert_memory_equal(back, "four", 4);
}

static void more_than_may_be_learned_is_refused(void **state)
{
	char *large = calloc(1, LIMIT_WIRE_LEARNED + 1), back[4];

	(void)state;
	must(large != NULL);
	learned_say(large, LIMIT_WIRE_LEARNED + 1,
	    (struct wire_learnt){ HOUR, 0, 1, LIMIT_WIRE_LEARNED + 1 });
	assert_int_equal(core->self.refused, 1);
	assert_int_equal(given_back(back, sizeof back), 0);
	free(large);
}

/* -- a wire that is not heard ------------------------------------------------------------- */

static void deaf_say(const char *text)
{
	struct event event = { .what = EVENT_DEAF };

	(void)snprintf(event.text, sizeof event.text, "%s", text);
	core_deaf(core, &event);
}

static void a_deaf_wire_is_a_finding_until_it_hears(void **state)
{
	(void)state;
	deaf_say("tap\t"); /* heard, and never was not */
	assert_int_equal(open_now()->n, 0);
	deaf_say("tap\teth9: no such interface, and a sentence that is longer than a word may be");
	const struct finding *deaf = open_of(open_now(), FINDING_DEAF);

	assert_non_null(deaf);
	assert_string_equal(deaf->subject, "tap");
	assert_int_equal(deaf->severity, SEVERITY_WARNING);
	assert_string_equal(deaf->word, "eth9: no such interface, and a sentence");
	deaf_say("other\t");
	assert_int_equal(open_now()->n, 1);
	deaf_say("tap\t");
	assert_int_equal(open_now()->n, 0);
	deaf_say("tap"); /* not even a tab: nothing is said to be wrong */
	assert_int_equal(open_now()->n, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(test) cmocka_unit_test_setup_teardown(test, core_begin, core_end)
		T(an_hour_is_kept),
		T(bytes_of_devices_become_series),
		T(series_have_a_maximum),
		T(a_row_of_another_age_is_no_sample),
		T(findings_become_incidents),
		T(who_began_it_is_kept),
		T(each_has_its_own_number),
		T(what_is_well_or_accepted_is_no_incident),
		T(findings_end_and_outlive_core),
		T(counts_do_not_turn_over),
		T(more_findings_than_may_be_open_are_counted),
		T(bad_rows_are_refused),
		T(an_hour_that_is_not_whole_is_refused),
		T(a_new_beginning_drops_what_was_half),
		T(more_rows_than_an_hour_may_have),
		T(what_is_now_is_checked_too),
		T(old_hours_go),
		T(what_was_learned_is_kept_unread),
		T(what_was_learned_must_be_whole),
		T(more_than_may_be_learned_is_refused),
		T(a_deaf_wire_is_a_finding_until_it_hears),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
