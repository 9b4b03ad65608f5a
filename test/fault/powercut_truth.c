#include "powercut_truth.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { GRID_MS = 180000, LATE_MS = 30000, LATE_BY = 12, DAY = 86400000, NEW_EVERY = 40 };
enum { POINTS = (BATCHES + 8) * TRUTH_STEPS };
static const int64_t begin_ms = 1754006400000;

static double value_of(uint32_t series, int64_t time_ms)
{
	uint64_t z = ((uint64_t)time_ms + series) * 0x9e3779b97f4a7c15U;

	z = (z ^ z >> 29) * 0xbf58476d1ce4e5b9U;
	return (double)(z >> 48) / 10;
}

static int64_t point_ms(uint32_t point)
{
	return begin_ms + (int64_t)point * GRID_MS;
}

int64_t batch_end_ms(uint32_t batch)
{
	return point_ms((batch + 1) * TRUTH_STEPS);
}

/* Every tenth batch also says something of three hours ago. */
static bool batch_late(uint32_t batch, int64_t *ret_ms)
{
	if (batch % 10 != 0 || batch < LATE_BY)
		return false;
	*ret_ms = point_ms((batch - LATE_BY) * TRUTH_STEPS) + LATE_MS;
	return true;
}

void truth_clock(struct truth *truth, int64_t now_ms)
{
	truth->dropped_ms = (now_ms / DAY - KEEP_DAYS) * DAY;
}

static int number_of(struct store *store, const char *name, uint32_t number,
    uint32_t *ret_series, struct why *why)
{
	char text[32];

	(void)snprintf(text, sizeof text, "%s\xff%03u\xff", name, number);
	return store_series(store, span_text(text), ret_series, why);
}

static int take(struct store *store, uint32_t series, int64_t time_ms, double value,
    struct why *why)
{
	const struct sample sample = { .series = series, .time_ms = time_ms, .value = value };

	return store_append(store, &sample, 1, why);
}

int truth_batch(struct truth *truth, struct store *store, struct why *why)
{
	uint32_t batch = truth->batches, series = 0;
	int64_t late_ms;
	int bad = KS_OK;

	for (uint32_t i = 0; i < TRUTH_STEPS * TRUTH_SERIES && bad == KS_OK; i++) {
		int64_t time_ms = point_ms(batch * TRUTH_STEPS + i / TRUTH_SERIES);

		bad = number_of(store, "n", i % TRUTH_SERIES, &series, why);
		if (bad == KS_OK)
			bad = take(store, series, time_ms, value_of(i % TRUTH_SERIES, time_ms), why);
	}
	if (bad == KS_OK && batch_late(batch, &late_ms)) {
		bad = number_of(store, "n", 0, &series, why);
		if (bad == KS_OK)
			bad = take(store, series, late_ms, value_of(0, late_ms), why);
	}
	if (bad == KS_OK && batch % NEW_EVERY == 0) {
		bad = number_of(store, "x", batch, &series, why);
		if (bad == KS_OK)
			bad = take(store, series, point_ms(batch * TRUTH_STEPS), batch, why);
	}
	if (bad == KS_OK)
		bad = store_sync(store, why);
	truth->batches += bad == KS_OK;
	return bad;
}

static int version_put(struct store *store, uint64_t id, uint32_t number, uint32_t version,
    struct why *why)
{
	struct finding finding = { .id = id, .severity = SEVERITY_WARNING, .count = version,
		.since_ms = begin_ms + number, .seen_ms = begin_ms + version,
		.ended_ms = version > 1 ? begin_ms + DAY : 0 };

	(void)snprintf(finding.subject, sizeof finding.subject, "f%03u", number);
	return store_put_finding(store, &finding, why);
}

struct findings_found {
	uint32_t version[TRUTH_FINDINGS];
	uint64_t id[TRUTH_FINDINGS];
	bool wrong;
};

static int finding_seen(void *user, const struct finding *finding)
{
	struct findings_found *found = user;
	char *end = NULL;
	unsigned long number = strtoul(finding->subject + 1, &end, 10);

	if (finding->subject[0] != 'f' || number >= TRUTH_FINDINGS || *end != '\0' ||
	    found->version[number] != 0 || finding->since_ms != begin_ms + (int64_t)number ||
	    finding->seen_ms != begin_ms + finding->count) {
		found->wrong = true;
		return 0;
	}
	found->version[number] = finding->count;
	found->id[number] = finding->id;
	return 0;
}

static int findings_find(struct store *store, struct findings_found *ret_found, struct why *why)
{
	*ret_found = (struct findings_found){ .wrong = false };
	return store_findings(store, false, INT64_MIN, INT64_MAX, 1000, finding_seen, ret_found,
	    why);
}

int truth_finding(struct truth *truth, struct store *store, uint32_t number, struct why *why)
{
	struct findings_found found;
	int bad = findings_find(store, &found, why);

	truth->writing = number + 1;
	if (bad == KS_OK)
		bad = version_put(store, found.id[number], number, truth->findings[number] + 1, why);
	truth->writing = 0;
	truth->findings[number] += bad == KS_OK;
	return bad;
}

int truth_act(struct truth *truth, struct store *store, struct why *why)
{
	struct act act = { .kind = ACT_SITE_LOADED, .time_ms = begin_ms, .who = "script" };

	(void)snprintf(act.what, sizeof act.what, "n=%u", truth->acts);
	truth->act_writing = true;
	int bad = store_put_act(store, &act, why);

	truth->act_writing = false;
	truth->acts += bad == KS_OK;
	return bad;
}

struct samples_found {
	uint32_t series;
	int64_t last_ms;
	uint8_t point[POINTS], late[POINTS];
	bool wrong;
};

static int sample_seen(void *user, int64_t time_ms, double value)
{
	struct samples_found *found = user;
	int64_t after = time_ms - begin_ms, point = after / GRID_MS;

	if (after < 0 || point >= POINTS || time_ms <= found->last_ms ||
	    value != value_of(found->series, time_ms) ||
	    (after % GRID_MS != 0 && (after % GRID_MS != LATE_MS || found->series != 0))) {
		found->wrong = true;
		return 0;
	}
	found->last_ms = time_ms;
	if (after % GRID_MS == 0)
		found->point[point] = 1;
	else
		found->late[point] = 1;
	return 0;
}

static uint32_t series_find(struct store *store, const char *name, uint32_t number)
{
	char text[32];

	(void)snprintf(text, sizeof text, "%s\xff%03u\xff", name, number);
	for (uint32_t i = 1; i <= store_series_count(store); i++)
		if (span_equal(store_labels(store, i), text))
			return i;
	return 0;
}

static int says(struct truth *truth, int code, const char *what, uint32_t a, uint32_t b)
{
	(void)snprintf(truth->says, sizeof truth->says, "%s %u, %u of %u batches", what, a, b,
	    truth->batches);
	return code;
}

/* ret_over: points behind those acknowledged. */
static int compare_series(struct truth *truth, struct store *store, uint32_t series,
    uint32_t *ret_over)
{
	struct samples_found found = { .series = series };
	struct why why = { .fmt = NULL };
	uint32_t number = series_find(store, "n", series), sure = truth->batches * TRUTH_STEPS;
	int64_t late_ms;

	if (number == 0)
		return sure > 0 ? says(truth, -1, "no series", series, 0) : 0;
	if (store_read(store, number, 0, INT64_MAX, sample_seen, &found, &why) != KS_OK ||
	    found.wrong)
		return says(truth, 1, "wrong samples of series", series, 0);
	for (uint32_t i = 0; i < POINTS; i++) {
		if (i < sure && !found.point[i] && point_ms(i) >= truth->dropped_ms)
			return says(truth, -1, "series without point", series, i);
		*ret_over += i >= sure && found.point[i];
	}
	for (uint32_t batch = 0; batch < truth->batches && series == 0; batch++)
		if (batch_late(batch, &late_ms) && late_ms >= truth->dropped_ms &&
		    !found.late[(late_ms - begin_ms) / GRID_MS])
			return says(truth, -1, "no late sample of batch", batch, 0);
	return 0;
}

static int new_seen(void *user, int64_t time_ms, double value)
{
	struct samples_found *found = user;

	found->wrong = found->wrong || value != found->series ||
	    time_ms != point_ms(found->series * TRUTH_STEPS);
	found->point[0]++;
	return 0;
}

static int compare_new(struct truth *truth, struct store *store, uint32_t batch)
{
	struct samples_found found = { .series = batch };
	struct why why = { .fmt = NULL };
	uint32_t number = series_find(store, "x", batch);

	if (number == 0)
		return says(truth, -1, "no new series of batch", batch, 0);
	if (store_read(store, number, 0, INT64_MAX, new_seen, &found, &why) != KS_OK ||
	    found.wrong || found.point[0] > 1)
		return says(truth, 1, "wrong samples of new series", batch, 0);
	if (found.point[0] == 0 && point_ms(batch * TRUTH_STEPS) >= truth->dropped_ms)
		return says(truth, -1, "no sample of new series", batch, 0);
	return 0;
}

static int compare_samples(struct truth *truth, struct store *store)
{
	uint32_t over = 0;
	int wrong = 0;

	for (uint32_t series = 0; series < TRUTH_SERIES && wrong == 0; series++)
		wrong = compare_series(truth, store, series, &over);
	for (uint32_t batch = 0; batch < truth->batches && wrong == 0; batch += NEW_EVERY)
		wrong = compare_new(truth, store, batch);
	/* the one not yet acknowledged is whole or not there */
	if (wrong == 0 && over != 0 && over != TRUTH_STEPS * TRUTH_SERIES)
		wrong = says(truth, 1, "half a batch: points", over, 0);
	return wrong;
}

struct acts_found {
	uint32_t n[BATCHES];
	bool wrong;
};

static int act_seen(void *user, const struct act *act)
{
	struct acts_found *found = user;
	char *end = NULL;

	if (strcmp(act->who, "script") != 0)
		return 0; /* the store's own */
	unsigned long n = strtoul(act->what + 2, &end, 10);

	if (memcmp(act->what, "n=", 2) != 0 || *end != '\0' || n >= BATCHES)
		found->wrong = true;
	else
		found->n[n]++;
	return 0;
}

static int compare_facts(struct truth *truth, struct store *store)
{
	struct findings_found findings;
	struct acts_found acts = { .wrong = false };
	struct why why = { .fmt = NULL };

	if (findings_find(store, &findings, &why) != KS_OK || findings.wrong)
		return says(truth, 1, "wrong findings", 0, 0);
	if (store_acts(store, INT64_MIN, INT64_MAX, 1000, act_seen, &acts, &why) != KS_OK ||
	    acts.wrong)
		return says(truth, 1, "wrong acts", 0, 0);
	for (uint32_t i = 0; i < TRUTH_FINDINGS; i++) {
		uint32_t sure = truth->findings[i], is = findings.version[i];

		if (is < sure)
			return says(truth, -1, "finding lost or old", i, is);
		if (is > sure + (truth->writing == i + 1))
			return says(truth, 1, "a finding nobody wrote", i, is);
		truth->findings[i] = is; /* seen once, it stays */
	}
	truth->writing = 0;
	for (uint32_t i = 0; i < BATCHES; i++) {
		if (acts.n[i] == 0 && i < truth->acts)
			return says(truth, -1, "no act", i, 0);
		if (acts.n[i] > 1 || (acts.n[i] == 1 && i >= truth->acts + truth->act_writing))
			return says(truth, 1, "an act too many", i, acts.n[i]);
	}
	truth->acts += truth->act_writing && acts.n[truth->acts] == 1;
	truth->act_writing = false;
	return 0;
}

int truth_compare(struct truth *truth, struct store *store)
{
	int wrong = compare_samples(truth, store);

	return wrong != 0 ? wrong : compare_facts(truth, store);
}
