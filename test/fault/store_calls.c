/* test/fault/store_calls.c - every way in which the store comes to allocate, to read or to
 * write, its own and SQLite's, fails once in a life of two days: a sentence instead of a
 * crash, what was acknowledged is there with its value, and nothing is damaged afterwards.
 *
 * A way is a call and the chain of our functions that led to it.  store_calls N: N of these
 * ways, evenly chosen; 0: all.  Ends in `N passed, N failed`. */
#include "call_fails.h"
#include "base/text.h"
#include "store/store.h"
#include "store/verify.h"
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SERIES = 5, STEPS = 240, STEP_MS = 720000, HOUR_MS = 3600000, DAY_MS = 86400000 };
static const int64_t begin_ms = 1754006400000; /* 2025-08-01, a day's first moment */

/* What was acknowledged. */
static struct {
	bool batch[STEPS];
	uint32_t series[SERIES];
	bool finding, act, note, wire, learned;
} truth;

static const struct store_options for_ever = { .window_s = 900 };
static const struct store_options short_lived = { .window_s = 900, .keep_raw_days = 3,
	.keep_rollup_days = 4 };

static double value_of(unsigned series, int step)
{
	return (double)((unsigned)step * 37 % 101 + series * 1000) / 10;
}

/* The last series is told late, half a day and a bit. */
static int64_t time_of(unsigned series, int step)
{
	return begin_ms + (int64_t)step * STEP_MS + (series == SERIES - 1 ? 7 - DAY_MS / 2 : 0);
}

static struct store *life_open(const char *folder, enum store_mode mode,
    const struct store_options *options, struct why *why)
{
	struct store_found found;
	struct store *store = NULL;

	/* one call fails, once: the second time it works */
	for (int i = 0; i < 2 && store == NULL; i++)
		if (store_open(folder, mode, options, &store, &found, why) != KS_OK)
			store = NULL;
	return store;
}

static void batch_say(struct store *store, int step, struct why *why)
{
	struct sample samples[SERIES];

	for (unsigned i = 0; i < SERIES; i++) {
		char text[32];

		(void)snprintf(text, sizeof text, "n\xff%u\xff", i);
		if (store_series(store, span_text(text), &truth.series[i], why) != KS_OK)
			return;
		samples[i] = (struct sample){ truth.series[i], time_of(i, step), value_of(i, step) };
	}
	truth.batch[step] = store_append(store, samples, SERIES, why) == KS_OK &&
	    store_sync(store, why) == KS_OK;
}

static void age(struct store *store, int64_t now_ms, struct why *why)
{
	bool more = true;

	for (int i = 0; i < 40 && more; i++)
		if (store_tick(store, now_ms, &more, why) != KS_OK)
			more = true; /* comes again */
}

static int sample_pass(void *user, int64_t time_ms, double value)
{
	(void)user, (void)time_ms, (void)value;
	return 0;
}

static int hour_pass(void *user, uint32_t series, const struct rollup *rollup)
{
	(void)user, (void)series, (void)rollup;
	return 0;
}

static int finding_pass(void *user, const struct finding *finding)
{
	*(int *)user += finding->code == FINDING_HOT;
	return 0;
}

static int act_pass(void *user, const struct act *act)
{
	*(int *)user += strcmp(act->who, "night shift") == 0;
	return 0;
}

static int wire_pass(void *user, const struct wire_row *row)
{
	*(int *)user += row->kind == WIRE_DESTINATION;
	return 0;
}

static void ask_all(struct store *store, struct why *why)
{
	struct store_size size;
	struct text bytes;
	int64_t since;
	char word[32];
	int n = 0;

	store_hold(store);
	(void)!store_read(store, 1, 0, INT64_MAX, sample_pass, NULL, why);
	(void)!store_read(store, SERIES, begin_ms - DAY_MS, begin_ms, sample_pass, NULL, why);
	store_release(store);
	(void)!store_recent(store, 1, 0, INT64_MAX, sample_pass, NULL, why);
	(void)!store_hours(store, 1, 0, INT64_MAX, hour_pass, NULL, why);
	(void)!store_hours_all(store, 0, INT64_MAX, hour_pass, NULL, why);
	(void)!store_findings(store, true, 0, INT64_MAX, 10, finding_pass, &n, why);
	(void)!store_findings(store, false, 0, INT64_MAX, 10, finding_pass, &n, why);
	(void)!store_acts(store, 0, INT64_MAX, 10, act_pass, &n, why);
	for (unsigned by = WIRE_AS_IS; by <= WIRE_FIRST_MET; by++)
		(void)!store_wire(store, &(struct wire_ask){ WIRE_DESTINATION, by, 0, INT64_MAX, 10 },
		    wire_pass, &n, why);
	(void)!store_wire_since(store, &since, why);
	(void)!store_note(store, "tz", word, sizeof word, why);
	(void)!store_size(store, &size, why);
	(void)store_labels(store, store_series_count(store));
	text_init(&bytes, 1000);
	(void)!store_learned(store, &bytes, why);
	text_done(&bytes);
}

static void facts_say(struct store *store, struct why *why)
{
	struct finding hot = { .code = FINDING_HOT, .since_ms = begin_ms };
	struct act act = { .kind = ACT_ACKNOWLEDGED, .time_ms = begin_ms, .who = "night shift" };
	struct wire_row row = { .kind = WIRE_DESTINATION, .hour_ms = begin_ms, .device = "pc",
		.name = "a.example", .first_ms = begin_ms, .last_ms = begin_ms + 1, .country = "JP" };
	struct store_learned learned = { begin_ms, 0, false, span_text("taught") };

	truth.finding = store_put_finding(store, &hot, why) == KS_OK;
	truth.act = store_put_act(store, &act, why) == KS_OK;
	truth.note = store_put_note(store, "tz", "Asia/Tokyo", why) == KS_OK;
	truth.wire = store_put_wire(store, &row, 1, why) == KS_OK;
	truth.learned = store_put_learned(store, &learned, why) == KS_OK;
	learned = (struct store_learned){ begin_ms, 0, true, span_text("all ") };
	truth.learned &= store_put_learned(store, &learned, why) == KS_OK;
}

/* Two days with readers beside, a stop in the middle. */
static void live(const char *folder, struct why *why)
{
	struct store *store = life_open(folder, STORE_WRITE, &for_ever, why), *reader;

	for (int step = 0; store != NULL && step < STEPS; step++) {
		int64_t now_ms = begin_ms + (int64_t)(step + 1) * STEP_MS;

		batch_say(store, step, why);
		if (step % 10 == 9)
			age(store, now_ms, why);
		if (step == 30)
			facts_say(store, why);
		if (step % 100 == 60) {
			ask_all(store, why);
			reader = life_open(folder, step < 100 ? STORE_READ : STORE_READ_ALL, &for_ever, why);
			if (reader != NULL)
				ask_all(reader, why);
			store_close(reader);
		}
		if (step == 120) {
			store_close(store);
			store = life_open(folder, STORE_WRITE, &for_ever, why);
		}
	}
	if (store != NULL)
		age(store, begin_ms + 3LL * DAY_MS, why);
	store_close(store);
}

/* Copied, put back, and let go of as it gets old. */
static void grow_old(const char *folder, const char *copy, const char *again, struct why *why)
{
	struct verify seen;

	(void)!store_verify(folder, &seen, verify_silent, NULL, why);
	if (store_backup(folder, copy, why) == KS_OK)
		(void)!store_restore(copy, again, why);
	struct store *store = life_open(folder, STORE_WRITE, &short_lived, why);

	if (store == NULL)
		return;
	age(store, begin_ms + 9LL * DAY_MS, why);
	(void)!store_wire_drop(store, begin_ms + DAY_MS, why);
	store_close(store);
}

/* -- what must hold afterwards ---------------------------------------------------------------- */

struct seen_series {
	unsigned series;
	bool step[STEPS];
	unsigned wrong;
};

static int sample_see(void *user, int64_t time_ms, double value)
{
	struct seen_series *seen = user;
	int64_t step = (time_ms - time_of(seen->series, 0)) / STEP_MS;

	if (step < 0 || step >= STEPS || time_ms != time_of(seen->series, (int)step) ||
	    value != value_of(seen->series, (int)step))
		seen->wrong++;
	else
		seen->step[step] = true;
	return 0;
}

static unsigned samples_lost(struct store *store, struct why *why)
{
	unsigned lost = 0;

	for (unsigned i = 0; i < SERIES; i++) {
		struct seen_series seen = { .series = i };

		if (truth.series[i] != 0 && store_read(store, truth.series[i], 0, INT64_MAX,
		    sample_see, &seen, why) != KS_OK)
			lost++;
		lost += seen.wrong;
		for (int step = 0; step < STEPS; step++)
			lost += truth.batch[step] && !seen.step[step];
	}
	return lost;
}

static unsigned facts_lost(struct store *store, struct why *why)
{
	int findings = 0, acts = 0, rows = 0;
	char word[32] = "";
	struct text bytes;

	(void)!store_findings(store, true, 0, INT64_MAX, 100, finding_pass, &findings, why);
	(void)!store_acts(store, 0, INT64_MAX, 1000, act_pass, &acts, why);
	(void)!store_wire(store, &(struct wire_ask){ WIRE_DESTINATION, WIRE_AS_IS, 0, INT64_MAX, 10 },
	    wire_pass, &rows, why);
	(void)!store_note(store, "tz", word, sizeof word, why);
	text_init(&bytes, 100);
	bool read = store_learned(store, &bytes, why) == KS_OK;
	bool learned = strcmp(text_cstr(&bytes), "all ") == 0;

	text_done(&bytes);
	const bool lost[] = { truth.finding && findings != 1, truth.act && acts != 1,
		truth.wire && rows != 1, truth.note && strcmp(word, "Asia/Tokyo") != 0,
		!read || (truth.learned && !learned) };
	unsigned n = 0;

	for (size_t i = 0; i < sizeof lost / sizeof *lost; i++)
		n += lost[i];
	return n;
}

static unsigned damage(const char *folder, struct why *why)
{
	struct verify seen;

	return store_verify(folder, &seen, verify_silent, NULL, why) != KS_OK || seen.damaged > 0;
}

static size_t open_fds(void)
{
	DIR *dir = opendir("/proc/self/fd");
	size_t n = 0;

	while (dir != NULL && readdir(dir) != NULL)
		n++;
	(void)closedir(dir);
	return n;
}

/* One life; true: all was as it must be. */
static bool run(const char *what)
{
	char folder[] = "/dev/shm/keisoku-calls-XXXXXX", copy[64], again[64], command[200];
	struct why why = { .text = "" }, after = { .text = "" };
	size_t fds = open_fds();

	memset(&truth, 0, sizeof truth);
	if (mkdtemp(folder) == NULL)
		return false;
	(void)snprintf(copy, sizeof copy, "%s.copy", folder);
	(void)snprintf(again, sizeof again, "%s.again", folder);
	calls_watch(true);
	live(folder, &why);
	calls_watch(false);
	struct store *store = life_open(folder, STORE_WRITE, &for_ever, &after);
	unsigned lost = store == NULL ? 1 : samples_lost(store, &after) + facts_lost(store, &after);

	store_close(store);
	unsigned damaged = damage(folder, &after);

	calls_watch(true);
	grow_old(folder, copy, again, &why);
	calls_watch(false);
	damaged += damage(folder, &after);
	size_t left = open_fds();

	(void)snprintf(command, sizeof command, "rm -rf '%s' '%s' '%s'", folder, copy, again);
	if (system(command) != 0)
		return false;
	if (lost == 0 && damaged == 0 && left == fds)
		return true;
	(void)printf("%s: %u lost, %u damaged, %zd descriptors left open; said: %s; then: %s\n", what,
	    lost, damaged, (ssize_t)(left - fds), why.text, after.text);
	return false;
}

int main(int argc, char **argv)
{
	size_t want = argc > 1 ? strtoul(argv[1], NULL, 10) : 0, done = 0, failed = 0;

	calls_init();
	calls_learn(true);
	if (!run("nothing failed"))
		return 1;
	calls_learn(false);
	size_t ways = calls_ways(), step = want == 0 || want > ways ? 1 : ways / want;

	for (size_t i = 0; i < ways; i += step) {
		calls_fail(i);
		failed += !run(calls_name(i));
		done++;
	}
	(void)printf("%zu ways to call, %zu of them failed once\n", ways, done);
	(void)printf("%zu passed, %zu failed\n", done - failed, failed);
	return failed != 0;
}
