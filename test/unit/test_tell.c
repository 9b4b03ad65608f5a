/* test/unit/test_tell.c - who is told what, and when; and the same message on each kind
 * of channel, byte by byte as recorded in test/data/tell (KS_RECORD=1 writes them). */
#include "base/drop.h"
#include "harness.h"
#include "site/read.h"
#include "tell/channel.h"
#include "tell/story.h"
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

enum { SEC = 1000, MIN = 60 * SEC, HR = 60 * MIN };
#define START 1792972800000LL /* 2026-10-26 00:00 UTC, a Monday */

static struct site_errors errors;

struct stage {
	struct site *site;
	struct tell *tell;
	int64_t now;
	struct finding list[64];
	size_t n;
	struct telling sent[64];
	size_t sent_n;
	int code; /* of each receipt */
	const char *deaf; /* the channel that nothing reaches; NULL: none */
	uint32_t retry_s;
};

static const struct zone *no_zone(void *user, const char *tz)
{
	(void)user;
	(void)tz;
	return NULL;
}

static const struct tell_ways ways = { .zone = no_zone };

static void stage_new(struct stage *stage, const char *site)
{
	*stage = (struct stage){ .now = START };
	assert_int_equal(site_read(span_text(site), &stage->site, &errors), KS_OK);
	assert_int_equal(tell_new(stage->site, &ways, &stage->tell, NULL), KS_OK);
}

static void stage_free(struct stage *stage)
{
	tell_free(stage->tell);
	site_free(stage->site);
}

static struct finding *open_one(struct stage *stage, uint64_t id, uint64_t cause)
{
	struct finding *f = &stage->list[stage->n++];

	*f = (struct finding){ .id = id, .cause = cause, .code = FINDING_HOST_DOWN,
		.severity = SEVERITY_WARNING, .subject_kind = SUBJECT_HOST, .since_ms = stage->now };
	(void)snprintf(f->subject, sizeof f->subject, "h%d", (int)id);
	return f;
}

static void close_one(struct stage *stage, uint64_t id)
{
	for (size_t i = 0; i < stage->n; i++)
		if (stage->list[i].id == id)
			stage->list[i] = stage->list[--stage->n];
}

/* Seconds pass; what is due is sent and answered at once. */
static void pass(struct stage *stage, int seconds)
{
	for (int i = 0; i < seconds; i++) {
		struct telling t;

		stage->now += SEC;
		tell_look(stage->tell, stage->list, stage->n, stage->now);
		while (tell_next(stage->tell, stage->now, &t)) {
			bool deaf = stage->deaf != NULL && strcmp(t.channel, stage->deaf) == 0;
			struct told told = { .id = t.id, .code = deaf ? KS_LATE : stage->code,
				.retry_s = stage->retry_s };
			struct telling was;

			assert_true(stage->sent_n < 64);
			stage->sent[stage->sent_n++] = t;
			assert_true(tell_done(stage->tell, &told, stage->now, &was));
			assert_int_equal(was.news, t.news);
			assert_string_equal(was.channel, t.channel);
			assert_false(tell_done(stage->tell, &told, stage->now, &was));
		}
	}
}

/* What was sent and reached somebody, of this kind, since the last count. */
static size_t reached(struct stage *stage, enum news news)
{
	size_t n = 0;

	for (size_t i = 0; i < stage->sent_n; i++)
		n += stage->sent[i].news == news && (stage->deaf == NULL ||
		    strcmp(stage->sent[i].channel, stage->deaf) != 0);
	stage->sent_n = 0;
	return n;
}

#define ONE "site s tz=UTC\nnotify a via=ntfy to=https://n.example/t\n"

/* The children are seen first, the root last: one message, which counts them. */
static void one_root_is_one_message(void **state)
{
	struct stage s;

	(void)state;
	stage_new(&s, ONE);
	for (uint64_t id = 1; id <= 20; id++) {
		(void)open_one(&s, id, 0);
		if (id % 4 == 0)
			pass(&s, 2);
	}
	for (size_t i = 0; i < s.n; i++)
		s.list[i].cause = 21;
	open_one(&s, 21, 0)->severity = SEVERITY_CRITICAL;
	pass(&s, 120);
	assert_int_equal(s.sent_n, 1);
	assert_int_equal(s.sent[0].news, NEWS_OPENED);
	assert_int_equal(s.sent[0].finding.id, 21);
	assert_int_equal(s.sent[0].children, 20);
	s.n = 0;
	pass(&s, 300);
	assert_int_equal(s.sent_n, 2);
	assert_int_equal(s.sent[1].news, NEWS_ENDED);
	assert_int_equal(s.sent[1].finding.id, 21);
	assert_true(s.sent[1].finding.ended_ms != 0);
	stage_free(&s);
}

/* A host was told; then all are lost: the same incident, told once more as critical. */
static void a_wider_cause_takes_over(void **state)
{
	struct stage s;

	(void)state;
	stage_new(&s, ONE);
	(void)open_one(&s, 1, 0);
	pass(&s, 60);
	assert_int_equal(s.sent_n, 1);
	s.list[0].cause = 2;
	(void)open_one(&s, 2, 0);
	pass(&s, 60);
	assert_int_equal(s.sent_n, 1); /* as bad as before: known already */
	s.list[1].severity = SEVERITY_CRITICAL;
	pass(&s, 60);
	assert_int_equal(s.sent_n, 2);
	assert_int_equal(s.sent[1].news, NEWS_WORSE);
	assert_int_equal(s.sent[1].key, 1); /* of what was opened: not of a number nobody knows */
	s.list[1].severity = SEVERITY_WARNING;
	pass(&s, 5);
	s.list[1].severity = SEVERITY_CRITICAL;
	pass(&s, 60);
	assert_int_equal(s.sent_n, 2); /* not each time it comes and goes */
	s.n = 0;
	pass(&s, 5);
	assert_int_equal(s.sent_n, 3);
	assert_int_equal(s.sent[2].finding.id, 2);
	assert_int_equal(s.sent[2].key, 1);
	stage_free(&s);
}

/* What a receiver that keeps incidents by key sees: each opened once, then worse, then
 * ended, and nothing of one that was never opened. */
static void keys_are_well_kept(const struct stage *s)
{
	uint8_t is[100] = { 0 }; /* 0 unknown, 1 open */

	for (size_t i = 0; i < s->sent_n; i++) {
		uint64_t key = s->sent[i].key;

		assert_int_equal(is[key], s->sent[i].news != NEWS_OPENED);
		is[key] = s->sent[i].news != NEWS_ENDED;
	}
	for (size_t i = 0; i < sizeof is; i++)
		assert_int_equal(is[i], 0);
}

/* Which incident is part of which changes, and changes back: no key is told twice. */
static void keys_outlive_a_change_of_cause(void **state)
{
	(void)state;
	for (int both = 0; both < 2; both++) {
		struct stage s;

		stage_new(&s, ONE);
		(void)open_one(&s, 1, 0);
		if (both != 0)
			(void)open_one(&s, 2, 0);
		pass(&s, 60);
		if (both == 0)
			(void)open_one(&s, 2, 0);
		s.list[0].cause = 2;
		s.list[1].severity = SEVERITY_CRITICAL;
		pass(&s, 60);
		assert_int_equal(s.sent_n, both != 0 ? 3 : 2);
		assert_int_equal(s.sent[s.sent_n - 1].news, NEWS_WORSE);
		assert_int_equal(tell_acknowledge(s.tell, 1, NULL), KS_OK); /* by the old link */
		s.list[0].cause = 0;
		pass(&s, 120);
		s.list[0].cause = 2;
		pass(&s, 60);
		assert_int_equal(s.sent_n, both != 0 ? 3 : 2);
		close_one(&s, 2);
		pass(&s, 120); /* the first lasts */
		s.n = 0;
		pass(&s, 60);
		keys_are_well_kept(&s);
		stage_free(&s);
	}
}

/* The end is said of what was told, though something else was seen last. */
static void the_end_is_of_what_was_told(void **state)
{
	struct stage s;

	(void)state;
	stage_new(&s, ONE);
	open_one(&s, 1, 0)->severity = SEVERITY_OK;
	open_one(&s, 2, 1)->severity = SEVERITY_CRITICAL;
	pass(&s, 60);
	(void)open_one(&s, 3, 1);
	close_one(&s, 2);
	pass(&s, 60);
	s.n = 0;
	pass(&s, 60);
	assert_int_equal(s.sent_n, 2);
	assert_int_equal(s.sent[1].news, NEWS_ENDED);
	assert_string_equal(s.sent[1].finding.subject, "h2");
	assert_int_equal(s.sent[1].finding.severity, SEVERITY_CRITICAL);
	assert_int_equal(s.sent[1].finding.id, 1);
	assert_true(s.sent[1].finding.ended_ms > 0);
	stage_free(&s);
}

/* After a restart: worse than it was told is told, under the key it was told by. */
static void a_former_run_told_by_another_key(void **state)
{
	struct stage s;

	(void)state;
	stage_new(&s, ONE);
	(void)open_one(&s, 1, 2);
	(void)open_one(&s, 2, 0);
	tell_restore(s.tell, &s.list[0], &(struct tell_past){ .channel = "a",
		.news = NEWS_OPENED, .key = 1, .severity = SEVERITY_WARNING });
	tell_restore(s.tell, &s.list[1], &(struct tell_past){ .channel = "a",
		.news = NEWS_WORSE, .key = 1, .severity = SEVERITY_CRITICAL });
	pass(&s, 60);
	assert_int_equal(s.sent_n, 0);
	close_one(&s, 2);
	pass(&s, 5);
	assert_int_equal(s.sent_n, 1);
	assert_int_equal(s.sent[0].news, NEWS_ENDED);
	assert_int_equal(s.sent[0].key, 1);
	stage_free(&s);
	stage_new(&s, ONE);
	(void)open_one(&s, 1, 0);
	tell_restore(s.tell, &s.list[0], &(struct tell_past){ .channel = "a",
		.news = NEWS_OPENED, .severity = SEVERITY_WARNING });
	s.list[0].severity = SEVERITY_CRITICAL;
	pass(&s, 60);
	assert_int_equal(s.sent_n, 1);
	assert_int_equal(s.sent[0].news, NEWS_WORSE);
	stage_free(&s);
}

static void what_stays_after_its_cause_is_told(void **state)
{
	struct stage s;

	(void)state;
	stage_new(&s, ONE);
	(void)open_one(&s, 1, 0);
	(void)open_one(&s, 2, 1);
	(void)open_one(&s, 3, 1);
	pass(&s, 60);
	assert_int_equal(s.sent_n, 1);
	close_one(&s, 1);
	pass(&s, 5);
	assert_int_equal(s.sent_n, 2); /* the end */
	pass(&s, 50);
	assert_int_equal(s.sent_n, 2);
	close_one(&s, 3); /* came back in time */
	pass(&s, 10);
	assert_int_equal(s.sent_n, 3);
	assert_int_equal(s.sent[2].finding.id, 2);
	assert_int_equal(s.sent[2].news, NEWS_OPENED);
	stage_free(&s);
}

/* Cooling rests by its calendar: no alarm, but the heat it leads to is, once. */
static void heat_below_a_calendar_is_told(void **state)
{
	struct stage s;

	(void)state;
	stage_new(&s, ONE);
	open_one(&s, 1, 0)->severity = SEVERITY_OK;
	pass(&s, 120);
	assert_int_equal(s.sent_n, 0);
	(void)open_one(&s, 2, 1);
	pass(&s, 5);
	(void)open_one(&s, 3, 1);
	pass(&s, 60);
	assert_int_equal(s.sent_n, 1);
	assert_int_equal(s.sent[0].finding.id, 1);
	assert_string_equal(s.sent[0].finding.subject, "h2");
	assert_int_equal(s.sent[0].finding.severity, SEVERITY_WARNING);
	assert_int_equal(s.sent[0].cause.id, 1);
	assert_int_equal(s.sent[0].children, 1);
	s.list[2].severity = SEVERITY_CRITICAL;
	pass(&s, 60);
	assert_int_equal(s.sent_n, 2);
	assert_int_equal(s.sent[1].news, NEWS_WORSE);
	assert_string_equal(s.sent[1].finding.subject, "h3");
	s.list[0].silenced = true; /* the incident is: nothing of it is told */
	(void)open_one(&s, 5, 1);
	close_one(&s, 3);
	pass(&s, 120);
	close_one(&s, 5);
	assert_int_equal(s.sent_n, 2);
	s.list[0].silenced = false;
	close_one(&s, 2);
	pass(&s, 60); /* the calendar's rest goes on */
	assert_int_equal(s.sent_n, 3);
	assert_int_equal(s.sent[2].news, NEWS_ENDED);
	(void)open_one(&s, 4, 1);
	pass(&s, 60);
	assert_int_equal(s.sent_n, 4);
	assert_int_equal(s.sent[3].news, NEWS_OPENED);
	stage_free(&s);
}

/* It is over, and there again before everybody, or anybody, heard of that. */
static void over_and_there_again(void **state)
{
	static const struct {
		const char *deaf; /* who hears nothing of the end */
		int code;	  /* of all others */
		size_t opened;	  /* told again */
	} rows[] = { { NULL, KS_LATE, 0 }, { "b", KS_OK, 2 } };

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct stage s;

		stage_new(&s, ONE "notify b via=ntfy to=https://n.example/u\n");
		open_one(&s, 1, 0)->severity = SEVERITY_OK; /* cooling that rests by its calendar */
		(void)open_one(&s, 2, 1);
		pass(&s, 60);
		assert_int_equal(reached(&s, NEWS_OPENED), 2);
		assert_int_equal(tell_acknowledge(s.tell, 1, NULL), KS_OK);
		s.deaf = rows[i].deaf;
		s.code = rows[i].code;
		close_one(&s, 2);
		pass(&s, 3);
		assert_int_equal(reached(&s, NEWS_ENDED) > 0, true);
		(void)open_one(&s, 3, 1);
		pass(&s, 10);
		s.deaf = NULL;
		s.code = KS_OK;
		pass(&s, 300);
		/* who has it has it only until somebody heard that it was over */
		assert_int_equal(tell_acknowledged(s.tell, 1), rows[i].opened == 0);
		assert_int_equal(reached(&s, NEWS_OPENED), rows[i].opened);
		stage_free(&s);
	}
}

/* It is on its way when a wider cause shows itself: that one has been told then. */
static void on_its_way_when_it_widens(void **state)
{
	struct stage s;
	struct telling t, was;

	(void)state;
	stage_new(&s, ONE);
	(void)open_one(&s, 1, 0);
	for (int i = 0; i < 25; i++)
		tell_look(s.tell, s.list, s.n, s.now += SEC);
	assert_true(tell_next(s.tell, s.now, &t));
	s.list[0].cause = 2;
	(void)open_one(&s, 2, 0);
	pass(&s, 5);
	assert_int_equal(s.sent_n, 0);
	assert_true(tell_done(s.tell, &(struct told){ .id = t.id }, s.now, &was));
	assert_int_equal(was.finding.id, 2);
	pass(&s, 120);
	assert_int_equal(s.sent_n, 0);
	s.n = 0;
	pass(&s, 5);
	assert_int_equal(s.sent_n, 1);
	assert_int_equal(s.sent[0].news, NEWS_ENDED);
	stage_free(&s);
}

/* Of several that are as bad the oldest speaks for a root that is no alarm. */
static void the_worst_and_oldest_speaks(void **state)
{
	static const struct {
		enum severity severity[3];
		int64_t age_s[3];
		bool silenced[3];
		const char *says;
	} rows[] = {
		{ { SEVERITY_WARNING, SEVERITY_WARNING, SEVERITY_WARNING }, { 5, 9, 7 }, { false }, "h3" },
		{ { SEVERITY_WARNING, SEVERITY_WARNING, SEVERITY_CRITICAL }, { 5, 9, 7 }, { false }, "h4" },
		{ { SEVERITY_CRITICAL, SEVERITY_WARNING, SEVERITY_CRITICAL }, { 5, 9, 7 }, { false }, "h4" },
		{ { SEVERITY_WARNING, SEVERITY_WARNING, SEVERITY_CRITICAL }, { 9, 5, 7 }, { [2] = true }, "h2" },
		{ { SEVERITY_WARNING, SEVERITY_UNKNOWN, SEVERITY_OK }, { 5, 9, 9 }, { false }, "h2" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct stage s;

		stage_new(&s, ONE);
		open_one(&s, 1, 0)->severity = SEVERITY_OK;
		for (unsigned k = 0; k < 3; k++) {
			struct finding *f = open_one(&s, 2 + k, 1);

			f->severity = (uint8_t)rows[i].severity[k];
			f->since_ms -= rows[i].age_s[k] * SEC;
			f->silenced = rows[i].silenced[k];
		}
		pass(&s, 60);
		assert_int_equal(s.sent_n, 1);
		assert_string_equal(s.sent[0].finding.subject, rows[i].says);
		stage_free(&s);
	}
}

/* What is over when it is told of at all: once, and only if it is worth it. */
static void moments_that_are_none(void **state)
{
	static const struct {
		int64_t ended;
		uint64_t cause;
		bool silenced;
		enum severity severity;
		size_t told;
	} rows[] = { { START, 0, false, SEVERITY_WARNING, 1 }, { 0, 0, false, SEVERITY_WARNING, 0 },
		{ START, 7, false, SEVERITY_WARNING, 0 }, { START, 0, true, SEVERITY_WARNING, 0 },
		{ START, 0, false, SEVERITY_OK, 0 } };

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct stage s;
		struct finding f = { .id = 9, .cause = rows[i].cause, .code = FINDING_REBOOT, .subject = "h",
			.severity = (uint8_t)rows[i].severity, .silenced = rows[i].silenced,
			.since_ms = START, .ended_ms = rows[i].ended };

		stage_new(&s, ONE);
		tell_moment(s.tell, &f, s.now);
		tell_moment(s.tell, &f, s.now); /* said twice, told once */
		pass(&s, 60);
		assert_int_equal(s.sent_n, rows[i].told);
		stage_free(&s);
	}
}

/* Whoever has it asks for help: the hour, the waiting and the severity do not matter, and
 * who knows is not told twice. */
static void asked_for_all_are_told(void **state)
{
	struct stage s;
	struct why why;

	(void)state;
	stage_new(&s, ONE "notify b via=ntfy to=https://n.example/u after=1h\n"
	    "notify c via=ntfy to=https://n.example/v severity=critical\n"
	    "notify h via=heartbeat to=https://n.example/h\n");
	assert_int_equal(tell_escalate(s.tell, 1, &why), KS_ABSENT);
	(void)open_one(&s, 1, 0);
	pass(&s, 60);
	assert_int_equal(s.sent_n, 1);
	assert_int_equal(tell_acknowledge(s.tell, 1, &why), KS_OK);
	assert_int_equal(tell_escalate(s.tell, 1, &why), KS_OK);
	pass(&s, 5);
	assert_int_equal(s.sent_n, 3);
	assert_string_equal(s.sent[1].channel, "b");
	assert_string_equal(s.sent[2].channel, "c");
	pass(&s, 7200);
	assert_int_equal(s.sent_n, 3);
	s.n = 0;
	pass(&s, 5);
	assert_int_equal(s.sent_n, 6); /* all of them hear that it is over */
	assert_int_equal(tell_escalate(s.tell, 1, &why), KS_ABSENT);
	stage_free(&s);
}

static void short_and_small_things_are_not_told(void **state)
{
	struct stage s;

	(void)state;
	stage_new(&s, ONE);
	(void)open_one(&s, 1, 0);
	pass(&s, 10);
	s.n = 0;
	pass(&s, 60);
	open_one(&s, 2, 0)->severity = SEVERITY_OK;
	open_one(&s, 3, 0)->severity = SEVERITY_UNKNOWN;
	open_one(&s, 4, 0)->silenced = true;
	open_one(&s, 0, 0)->severity = SEVERITY_CRITICAL; /* has no number yet */
	pass(&s, 60);
	assert_int_equal(s.sent_n, 0);
	s.list[2].silenced = false; /* the window is over, and it is still there */
	pass(&s, 60);
	assert_int_equal(s.sent_n, 1);
	assert_int_equal(s.sent[0].finding.id, 4);
	stage_free(&s);
}

static void tries_again_with_growing_pauses(void **state)
{
	struct stage s;
	struct finding *f;

	(void)state;
	stage_new(&s, ONE);
	s.code = KS_LATE;
	f = open_one(&s, 1, 0);
	f->severity = SEVERITY_CRITICAL;
	pass(&s, 1 + 20 + 5 + 10 + 20 + 40);
	assert_int_equal(s.sent_n, 5);
	for (size_t i = 0; i < 5; i++)
		assert_int_equal(s.sent[i].attempt, i + 1);
	assert_int_equal(s.sent[1].now_ms - s.sent[0].now_ms, 5 * SEC);
	assert_int_equal(s.sent[2].now_ms - s.sent[1].now_ms, 10 * SEC);
	assert_int_equal(s.sent[4].now_ms - s.sent[3].now_ms, 40 * SEC);
	assert_true(tell_channel(s.tell, 0).broken);
	s.retry_s = 300;
	pass(&s, 80);
	assert_int_equal(s.sent_n, 6);
	pass(&s, 299);
	assert_int_equal(s.sent_n, 6); /* the receiver asked for 300 s */
	s.code = KS_OK;
	pass(&s, 1);
	assert_int_equal(s.sent_n, 7);
	assert_false(tell_channel(s.tell, 0).broken);
	assert_int_equal(tell_channel(s.tell, 0).ok_ms, s.now);
	pass(&s, 60);
	assert_int_equal(s.sent_n, 7);
	s.code = KS_REFUSED;
	s.retry_s = 0;
	s.n = 0;
	pass(&s, 60);
	assert_int_equal(s.sent_n, 8); /* refused for good: a minute at least */
	pass(&s, 1);
	assert_int_equal(s.sent_n, 9);
	s.sent_n = 0;
	s.now += TELL_GIVE_UP_MS;
	pass(&s, 1200);
	assert_int_equal(s.sent_n, 0); /* a day later nobody needs it any more */
	stage_free(&s);
}

static void quiet_hours(void **state)
{
	struct stage s;

	(void)state;
	/* START is midnight UTC */
	stage_new(&s, "site s tz=UTC\ncalendar night hours=\"daily 22:00-01:00\"\n"
		      "notify a via=ntfy to=https://n.example/t quiet=night\n"
		      "notify b via=ntfy to=https://n.example/u quiet=night urgent=none\n"
		      "notify c via=ntfy to=https://n.example/v severity=critical\n");
	(void)open_one(&s, 1, 0);
	open_one(&s, 2, 0)->severity = SEVERITY_CRITICAL;
	pass(&s, 1800);
	assert_int_equal(s.sent_n, 2);
	assert_string_equal(s.sent[0].channel, "a");
	assert_int_equal(s.sent[0].finding.id, 2);
	assert_string_equal(s.sent[1].channel, "c");
	pass(&s, 1801);
	assert_int_equal(s.sent_n, 5);
	assert_int_equal(s.sent[2].finding.id, 1);
	assert_string_equal(s.sent[2].channel, "a");
	stage_free(&s);
}

static void escalation_until_somebody_has_it(void **state)
{
	static const char site[] = "site s tz=UTC\nnotify a via=ntfy to=https://n.example/t\n"
				   "notify b via=ntfy to=https://n.example/u after=5min\n"
				   "notify c via=ntfy to=https://n.example/v after=10min\n";
	struct stage s;
	struct why why;

	(void)state;
	stage_new(&s, site);
	(void)open_one(&s, 1, 0);
	pass(&s, 299);
	assert_int_equal(s.sent_n, 1);
	pass(&s, 10);
	assert_int_equal(s.sent_n, 2);
	assert_string_equal(s.sent[1].channel, "b");
	assert_int_equal(tell_acknowledge(s.tell, 7, &why), KS_ABSENT);
	assert_false(tell_acknowledged(s.tell, 1));
	assert_int_equal(tell_acknowledge(s.tell, 1, &why), KS_OK);
	assert_true(tell_acknowledged(s.tell, 1));
	s.list[0].severity = SEVERITY_CRITICAL;
	pass(&s, 900);
	assert_int_equal(s.sent_n, 2);
	s.n = 0;
	pass(&s, 5);
	assert_int_equal(s.sent_n, 4); /* who was told hears the end */
	assert_string_equal(s.sent[2].channel, "a");
	assert_string_equal(s.sent[3].channel, "b");
	assert_int_equal(tell_acknowledge(s.tell, 1, &why), KS_ABSENT);
	stage_free(&s);
}

static void a_former_run_is_remembered(void **state)
{
	struct stage s;
	struct finding gone = { .id = 9, .code = FINDING_HOST_DOWN, .severity = SEVERITY_WARNING,
		.since_ms = START - HR, .ended_ms = START - MIN };

	(void)state;
	stage_new(&s, "site s tz=UTC\nnotify a via=ntfy to=https://n.example/t\n"
		      "notify b via=ntfy to=https://n.example/u after=1min\n");
	(void)open_one(&s, 1, 0);
	tell_restore(s.tell, &s.list[0], &(struct tell_past){ .channel = "a", .news = NEWS_OPENED });
	tell_restore(s.tell, &s.list[0], &(struct tell_past){ .channel = NULL, .news = NEWS_OPENED });
	tell_restore(s.tell, &gone, &(struct tell_past){ .channel = "a", .news = NEWS_OPENED });
	tell_restore(s.tell, &gone, &(struct tell_past){ .channel = "no longer there", .news = NEWS_OPENED });
	tell_restore(s.tell, &gone, &(struct tell_past){ .channel = "a", .news = NEWS_BEAT });
	struct telling t;

	assert_false(tell_next(s.tell, s.now, &t)); /* nothing was looked at yet */
	pass(&s, 300);
	assert_int_equal(s.sent_n, 1);
	assert_int_equal(s.sent[0].finding.id, 9);
	assert_int_equal(s.sent[0].news, NEWS_ENDED);
	assert_int_equal(s.sent[0].finding.ended_ms, START - MIN);
	stage_free(&s);
}

static void silence_itself_is_told(void **state)
{
	struct stage s;
	struct why why;

	(void)state;
	stage_new(&s, "site s tz=UTC\nnotify a via=ntfy to=https://n.example/t daily=1\n"
		      "notify h via=heartbeat to=https://h.example/ping every=60s\n");
	pass(&s, 120);
	assert_int_equal(s.sent_n, 0); /* not well yet */
	tell_well(s.tell, true);
	pass(&s, 181);
	assert_int_equal(s.sent_n, 4);
	assert_int_equal(s.sent[0].news, NEWS_BEAT);
	assert_string_equal(s.sent[0].channel, "h");
	tell_well(s.tell, false);
	pass(&s, 600);
	assert_int_equal(s.sent_n, 4);
	assert_int_equal(tell_test(s.tell, "nobody", s.now, &why), KS_ABSENT);
	assert_int_equal(tell_test(s.tell, "a", s.now, &why), KS_OK);
	pass(&s, 1);
	assert_int_equal(s.sent_n, 5);
	assert_int_equal(s.sent[4].news, NEWS_TEST);
	tell_well(s.tell, true);
	(void)open_one(&s, 1, 0); /* a heartbeat channel is told of nothing else */
	for (int i = 0, daily = 0; i < 30; i++) {
		s.sent_n = 0;
		pass(&s, 3600);
		for (size_t k = 0; k < s.sent_n; k++) {
			daily += s.sent[k].news == NEWS_DAILY;
			assert_true(s.sent[k].news == NEWS_BEAT ||
			    strcmp(s.sent[k].channel, "a") == 0);
			if (s.sent[k].news == NEWS_DAILY)
				assert_int_equal(s.sent[k].now_ms / HR % 24, 1);
		}
		if (i == 29)
			assert_int_equal(daily, 2);
	}
	s.sent_n = 0;
	s.code = KS_LATE;
	pass(&s, 60);
	assert_true(s.sent_n >= 1); /* a heartbeat that fails is tried after a pause */
	stage_free(&s);
}

static void moments(void **state)
{
	struct stage s;
	struct finding f = { .id = 5, .code = FINDING_REBOOT, .severity = SEVERITY_WARNING,
		.since_ms = START, .ended_ms = START + 1 };

	(void)state;
	stage_new(&s, ONE);
	tell_moment(s.tell, &f, s.now);
	tell_moment(s.tell, &f, s.now); /* again is no news */
	f = (struct finding){ .id = 6, .severity = SEVERITY_WARNING };
	tell_moment(s.tell, &f, s.now); /* it lasts */
	pass(&s, 120);
	assert_int_equal(s.sent_n, 1);
	assert_int_equal(s.sent[0].news, NEWS_OPENED);
	assert_int_equal(s.sent[0].finding.id, 5);
	stage_free(&s);
}

static void the_courier_dies(void **state)
{
	struct stage s;
	struct telling t, again, was;

	(void)state;
	stage_new(&s, ONE);
	(void)open_one(&s, 1, 0);
	tell_look(s.tell, s.list, s.n, s.now);
	s.now += TELL_HOLD_MS;
	assert_true(tell_next(s.tell, s.now, &t));
	assert_false(tell_next(s.tell, s.now, &again)); /* under way */
	tell_lost(s.tell, s.now);
	assert_false(tell_next(s.tell, s.now, &again));
	s.now += TELL_BACKOFF_MS;
	assert_true(tell_next(s.tell, s.now, &again));
	assert_int_equal(again.attempt, 2);
	assert_false(tell_done(s.tell, &(struct told){ .id = t.id }, s.now, &was));
	s.now += TELL_FLIGHT_MS; /* no receipt at all */
	assert_false(tell_next(s.tell, s.now, &t));
	s.now += 1;
	assert_true(tell_next(s.tell, s.now, &t));
	/* a reload of the site file: what is told stays so */
	assert_true(tell_done(s.tell, &(struct told){ .id = t.id }, s.now, &was));
	struct site *site = NULL;
	struct tell *tell;

	assert_int_equal(site_read(span_text("site s tz=UTC\nnotify new via=ntfy to=https://n.example/x\n"
					     "notify a via=ntfy to=https://n.example/t\n"),
			     &site, &errors), KS_OK);
	assert_int_equal(tell_new(site, &ways, &tell, NULL), KS_OK);
	tell_inherit(tell, s.tell);
	stage_free(&s);
	s.tell = tell;
	s.site = site;
	pass(&s, 60);
	assert_int_equal(s.sent_n, 1);
	assert_string_equal(s.sent[0].channel, "new");
	stage_free(&s);
}

static void more_than_can_be_told(void **state)
{
	static struct finding many[LIMIT_TELLINGS + 50];
	struct stage s;
	struct telling t;
	size_t n = 0;

	(void)state;
	stage_new(&s, ONE);
	for (size_t i = 0; i < LIMIT_TELLINGS + 50; i++)
		many[i] = (struct finding){ .id = i + 1, .severity = SEVERITY_WARNING };
	tell_look(s.tell, many, LIMIT_TELLINGS + 50, s.now);
	s.now += TELL_HOLD_MS;
	while (tell_next(s.tell, s.now, &t))
		n++;
	assert_int_equal(n, LIMIT_TELLINGS);
	tell_free(NULL);
	stage_free(&s);
}

static void words(void **state)
{
	enum news news;

	(void)state;
	for (unsigned i = 0; i < NEWS_KINDS; i++) {
		assert_true(news_find(span_text(news_word((enum news)i)), &news));
		assert_int_equal(news, i);
	}
	assert_string_equal(news_word(NEWS_KINDS), "?");
	assert_false(news_find(span_text("x"), &news));
}

static void links_and_causes(void **state)
{
	static const struct {
		const char *url, *channel, *take, *link, *taken;
		enum news news;
	} rows[] = {
		{ "https://k.example/", "a", "tok", "https://k.example/incident/12", "https://k.example/take/tok-a",
		    NEWS_OPENED },
		{ "https://k.example/sub", "当番 A_1.-z9", "tok", "https://k.example/sub/incident/12",
		    "https://k.example/sub/take/tok-%E5%BD%93%E7%95%AA%20A_1.-z9", NEWS_WORSE },
		{ "https://k.example/", "a", "", "https://k.example/incident/12", "", NEWS_ENDED },
		{ "https://k.example", "a", "", "https://k.example/", "", NEWS_TEST },
		{ NULL, "a", "tok", "", "", NEWS_OPENED }, { "", "a", "tok", "", "", NEWS_OPENED },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct site site = { .id = "s", .name = i % 2 ? "Head office" : NULL, .url = rows[i].url };
		const struct notify notify = { .lang = "en" };
		struct telling telling = { .news = rows[i].news, .now_ms = START, .children = 1,
			.finding = { .id = 12, .code = FINDING_HOT, .subject = "r1", .severity = SEVERITY_WARNING },
			.cause = { .id = 12, .code = FINDING_AC_CALENDAR, .subject = "ac" } };
		KS_DROP(story) struct story story;
		KS_DROP(text) struct text line;

		(void)snprintf(telling.channel, sizeof telling.channel, "%s", rows[i].channel);
		(void)snprintf(telling.take, sizeof telling.take, "%s", rows[i].take);
		story_make(&story, &site, &notify, NULL, &telling);
		assert_string_equal(text_cstr(&story.link), rows[i].link);
		assert_string_equal(text_cstr(&story.take), rows[i].taken);
		text_init(&line, 1000);
		story_take_line(&story, &line);
		assert_int_equal(line.len > 0, rows[i].taken[0] != '\0');
		/* the cause and the others belong to what lasts */
		bool lasts = rows[i].news <= NEWS_WORSE;

		assert_int_equal(strstr(text_cstr(&story.body), "The cause: ac: the building's") != NULL, lasts);
		assert_int_equal(strstr(text_cstr(&story.body), "It explains 1 more finding,") != NULL, lasts);
		if (rows[i].news == NEWS_TEST)
			assert_string_equal(text_cstr(&story.title), "keisoku Head office: a trial message");
	}
}

/* --- channels --- */

static const struct {
	const char *via, *line, *secret;
	bool json;
} channels[] = {
	{ "mail", "to=\"a@example.net, b@example.net\" from=k@example.net server=smtp://mx.example:587",
		"user=keisoku\npassword=geheim 7\n-----BEGIN CERTIFICATE-----\nMII\n-----END CERTIFICATE-----\n", false },
	{ "webhook", "to=https://w.example/in", "geheim-7", true },
	{ "alertmanager", "to=https://w.example/am", "", true },
	{ "slack", "secret=/x", "https://hooks.example/geheim-7", true },
	{ "teams", "secret=/x", "https://flow.example/geheim-7", true },
	{ "lineworks", "secret=/x", "https://webhook.example/geheim-7\n", true },
	{ "chatwork", "to=123 secret=/x", "geheim-7", false },
	{ "ntfy", "to=https://ntfy.example/room", "geheim-7", true },
	{ "pagerduty", "secret=/x", "geheim-7", true },
	{ "syslog", "to=tcp://log.example:601", "", false },
	{ "heartbeat", "secret=/x", "https://hc.example/geheim-7", false },
};

static struct finding hot(void)
{
	struct finding f = { .id = 12, .code = FINDING_HOT, .severity = SEVERITY_CRITICAL,
		.subject_kind = SUBJECT_ROOM, .kind = MEASURE_TEMPERATURE, .since_ms = START,
		.seen_ms = START + 3 * MIN, .value_milli = 36200, .limit_milli = 35000 };

	(void)snprintf(f.subject, sizeof f.subject, "server-room");
	return f;
}

static void compare(const char *name, const struct text *text)
{
	static char is[65536];
	char path[512];

	(void)snprintf(path, sizeof path, "%s/test/data/tell/%s", getenv("KS_SOURCE"), name);
	if (getenv("KS_RECORD") != NULL) {
		KS_DROP(file) FILE *out = fopen(path, "wb");

		assert_non_null(out);
		assert_int_equal(fwrite(text->at, 1, text->len, out), text->len);
	}
	KS_DROP(file) FILE *in = fopen(path, "rb");

	assert_non_null(in);
	size_t n = fread(is, 1, sizeof is - 1, in);

	is[n] = '\0';
	assert_string_equal(text_cstr(text), is);
}

static void dispatch_show(const struct dispatch *d, struct text *text)
{
	text_init(text, 65536);
	text_addf(text, "%s %s\n%s", d->by == BY_MAIL ? "MAIL" : d->by == BY_SYSLOG ? "SYSLOG" : d->method,
	    text_cstr(&d->url), text_cstr(&d->headers));
	if (d->by == BY_MAIL)
		text_addf(text, "from %s\nto %suser %s\n", text_cstr(&d->from), text_cstr(&d->to),
		    text_cstr(&d->user));
	text_addf(text, "\n%s\n", text_cstr(&d->body));
}

static void golden(size_t i, const char *lang, enum news news)
{
	struct telling t = { .id = 3, .key = hot().id, .news = news, .attempt = 1, .children = 20, .open = 2,
		.now_ms = START + 3 * MIN, .finding = hot() };
	struct site *site = NULL;
	struct story story;
	struct dispatch d;
	struct text shown;
	struct why why;
	char text[500], name[80];

	(void)snprintf(t.channel, sizeof t.channel, "ch");
	if (news == NEWS_ENDED)
		t.finding.ended_ms = START + 2 * MIN;
	else if (news <= NEWS_WORSE)
		(void)snprintf(t.take, sizeof t.take, "12-1784600000-0123456789abcdef");
	(void)snprintf(text, sizeof text,
	    "site hq tz=UTC lang=%s url=https://k.example\nnotify ch via=%s %s\n", lang,
	    channels[i].via, channels[i].line);
	assert_int_equal(site_read(span_text(text), &site, &errors), KS_OK);
	story_make(&story, site, &site->notifies[0], NULL, &t);
	assert_int_equal(dispatch_make(&story, span_text(channels[i].secret), &d, &why), KS_OK);
	if (channels[i].json) {
		json_t *json = json_loads(text_cstr(&d.body), JSON_REJECT_DUPLICATES, NULL);

		assert_non_null(json);
		json_decref(json);
	}
	dispatch_show(&d, &shown);
	(void)snprintf(name, sizeof name, "%s.%s.%s", channels[i].via, news_word(news), lang);
	compare(name, &shown);
	text_done(&shown);
	dispatch_done(&d);
	story_done(&story);
	site_free(site);
}

static void each_channel_as_recorded(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof channels / sizeof *channels; i++) {
		bool beat = strcmp(channels[i].via, "heartbeat") == 0;

		golden(i, "ja", beat ? NEWS_BEAT : NEWS_OPENED);
		golden(i, "en", beat ? NEWS_BEAT : NEWS_ENDED);
	}
	golden(0, "ja", NEWS_DAILY);
	golden(3, "en", NEWS_WORSE);
	golden(7, "ja", NEWS_TEST);
}

static int make(const char *line, const char *secret, struct why *why)
{
	struct telling t = { .news = NEWS_OPENED, .finding = hot() };
	struct site *site = NULL;
	struct story story;
	struct dispatch d;
	char text[500];

	(void)snprintf(text, sizeof text, "site hq lang=en\nnotify ch %s\n", line);
	assert_int_equal(site_read(span_text(text), &site, &errors), KS_OK);
	story_make(&story, site, &site->notifies[0], NULL, &t);
	int code = dispatch_make(&story, span_text(secret), &d, why);

	if (code == KS_OK)
		dispatch_done(&d);
	story_done(&story);
	site_free(site);
	return code;
}

/* What is wrong is named; what is secret is not. */
static void what_can_not_be_made(void **state)
{
	static const struct {
		const char *line, *secret;
		int code;
	} table[] = {
		{ "via=slack secret=/x", "geheim", KS_MALFORMED },
		{ "via=slack secret=/x", "", KS_MALFORMED },
		{ "via=slack secret=/x", "https://a/\x01geheim", KS_MALFORMED },
		{ "via=chatwork to=a secret=/x", "geheim", KS_MALFORMED },
		{ "via=chatwork to=12 secret=/x", "", KS_ABSENT },
		{ "via=ntfy to=https://n.example/", "geheim", KS_MALFORMED },
		{ "via=ntfy to=https://n.example", "geheim", KS_MALFORMED },
		{ "via=pagerduty secret=/x", "#geheim", KS_ABSENT },
		{ "via=syslog to=geheim:514", "", KS_MALFORMED },
		{ "via=mail to=nobody from=a@b server=smtp://m", "geheim", KS_MALFORMED },
		{ "via=mail to=a@b from=\"a@b>\" server=smtp://m", "geheim", KS_MALFORMED },
		{ "via=mail to=a@b from=a@b server=http://m", "geheim", KS_MALFORMED },
		{ "via=webhook to=ftp://m", "geheim", KS_MALFORMED },
		{ "via=chatwork to=http://127.0.0.1:1/x secret=/x", "geheim", KS_OK },
		{ "via=mail to=a@b from=a@b server=smtps://m", "", KS_OK },
	};

	(void)state;
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		struct why why = { .fmt = NULL };

		assert_int_equal(make(table[i].line, table[i].secret, &why), table[i].code);
		assert_null(strstr(why.text, "geheim"));
		if (table[i].code != KS_OK)
			assert_memory_equal(why.text, "ch: ", 4);
	}
}

static void secrets_are_read(void **state)
{
	struct channel_secret s;

	(void)state;
	channel_secret_read(span_text("# mine\nuser=u \r\npassword=p w\nca=/etc/ssl/x.pem\npin=sha256//a\n"), &s);
	assert_true(span_equal(s.user, "u"));
	assert_true(span_equal(s.password, "p w"));
	assert_true(span_equal(s.ca, "/etc/ssl/x.pem"));
	assert_true(span_equal(s.pin, "sha256//a"));
	assert_null(s.alone.at);
	assert_null(s.pem.at);
	channel_secret_read(span_text("token\n-----BEGIN CERTIFICATE-----\nA\n-----END CERTIFICATE-----\n"
				      "-----BEGIN CERTIFICATE-----\nB\n-----END CERTIFICATE-----\nrest"), &s);
	assert_true(span_equal(s.alone, "token"));
	assert_int_equal(s.pem.left, 2 * 55 + 1);
	channel_secret_read(span_text("-----BEGIN CERTIFICATE-----\nA\n"), &s);
	assert_null(s.pem.at);
	channel_secret_read(span_of(NULL, 0), &s);
	assert_null(s.alone.at);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_root_is_one_message),
		cmocka_unit_test(a_wider_cause_takes_over),
		cmocka_unit_test(over_and_there_again),
		cmocka_unit_test(on_its_way_when_it_widens),
		cmocka_unit_test(the_worst_and_oldest_speaks),
		cmocka_unit_test(moments_that_are_none),
		cmocka_unit_test(links_and_causes),
		cmocka_unit_test(keys_outlive_a_change_of_cause),
		cmocka_unit_test(the_end_is_of_what_was_told),
		cmocka_unit_test(a_former_run_told_by_another_key),
		cmocka_unit_test(asked_for_all_are_told),
		cmocka_unit_test(heat_below_a_calendar_is_told),
		cmocka_unit_test(what_stays_after_its_cause_is_told),
		cmocka_unit_test(short_and_small_things_are_not_told),
		cmocka_unit_test(tries_again_with_growing_pauses),
		cmocka_unit_test(quiet_hours),
		cmocka_unit_test(escalation_until_somebody_has_it),
		cmocka_unit_test(a_former_run_is_remembered),
		cmocka_unit_test(silence_itself_is_told),
		cmocka_unit_test(moments),
		cmocka_unit_test(the_courier_dies),
		cmocka_unit_test(more_than_can_be_told),
		cmocka_unit_test(words),
		cmocka_unit_test(each_channel_as_recorded),
		cmocka_unit_test(what_can_not_be_made),
		cmocka_unit_test(secrets_are_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
