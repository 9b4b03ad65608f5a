/* Taking samples: append, sync, and their way into head and late list. */
#include "base/limits.h"
#include "base/must.h"
#include "store/inside.h"
#include <stdlib.h>

static int batch_room(struct store *store, size_t more, struct why *why)
{
	size_t room = store->batch_room == 0 ? 1024 : store->batch_room;

	if (more > LIMIT_BATCH_SAMPLES || store->batch_n + more > LIMIT_BATCH_SAMPLES)
		return fail(why, KS_FULL, "more than %d samples in one batch",
		    (int)LIMIT_BATCH_SAMPLES);
	while (room < store->batch_n + more)
		room *= 2;
	if (room == store->batch_room)
		return KS_OK;
	struct sample *batch = realloc(store->batch, room * sizeof *batch);

	if (batch == NULL)
		return fail(why, KS_FULL, "memory ran out for a batch of samples");
	store->batch = batch;
	store->batch_room = room;
	return KS_OK;
}

static int late_add(struct store *store, const struct sample *sample, struct why *why)
{
	int bad = store->late_n >= LIMIT_LATE_SAMPLES ? late_flush(store, why) : KS_OK;

	if (bad != KS_OK)
		return bad;
	if (store->late_n == store->late_room) {
		size_t room = store->late_room == 0 ? 256 : store->late_room * 2;
		struct sample *late = realloc(store->late, room * sizeof *late);

		if (late == NULL)
			return fail(why, KS_FULL, "memory ran out for late samples");
		store->late = late;
		store->late_room = room;
	}
	store->late[store->late_n++] = *sample;
	return KS_OK;
}

int sample_apply(struct store *store, const struct sample *sample, struct why *why)
{
	int took = heads_add(&store->heads, sample);

	if (took == HEAD_LATE) {
		int bad = late_add(store, sample, why);

		if (bad != KS_OK)
			return bad;
	} else if (took != HEAD_TAKEN) {
		return fail(why, KS_FULL, "memory ran out for open windows");
	}
	if (!time_keyed(store, sample->time_ms))
		return KS_OK;
	if (store->meta.any == 0 || sample->time_ms < store->meta.oldest_ms)
		store->meta.oldest_ms = sample->time_ms;
	if (sample->time_ms > store->meta.highest_ms)
		store->meta.highest_ms = sample->time_ms;
	store->meta.any = 1;
	/* a clock that lies far ahead does not drive what becomes due */
	if (sample->time_ms > store->newest_ms &&
	    (store->now_ms == 0 ||
		sample->time_ms <= store->now_ms + store->heads.window_ms))
		store->newest_ms = sample->time_ms;
	return KS_OK;
}

int batch_apply(struct store *store, struct why *why)
{
	store->applying = true;
	for (; store->batch_done < store->batch_n; store->batch_done++) {
		const struct sample *sample = &store->batch[store->batch_done];

		if (store->batch_done + AHEAD < store->batch_n)
			heads_soon(&store->heads, sample[AHEAD].series, sample[AHEAD / 2].series);
		int bad = sample_apply(store, sample, why);

		if (bad != KS_OK)
			return bad;
	}
	store->applying = false;
	store->batch_n = store->batch_done = 0;
	return KS_OK;
}

/* What is acknowledged is kept, so what cannot be kept is refused.  Before the first tick
 * nobody has said what time it is. */
static int sample_check(const struct store *store, const struct sample *sample,
    struct why *why)
{
	const int64_t first_ms = LIMIT_SAMPLE_FIRST_S * 1000LL;
	const int64_t ahead_ms = LIMIT_SAMPLE_AHEAD_S * 1000LL;
	int64_t keep_days = store->options.keep_raw_days;

	if (sample->series == 0 || sample->series > store->labels.n)
		return fail(why, KS_ABSENT, "there is no series %u", sample->series);
	if (sample->time_ms < first_ms || !time_keyed(store, sample->time_ms) ||
	    (store->now_ms > 0 && sample->time_ms > store->now_ms + ahead_ms))
		return fail(why, KS_MALFORMED,
		    "a sample at %lld ms: its time must lie between 2000-01-01 and 10 years from now",
		    (long long)sample->time_ms);
	if (store->now_ms > 0 && keep_days > 0 && keep_days < 100000 &&
	    sample->time_ms < store->now_ms - keep_days * DAY_MS)
		return fail(why, KS_MALFORMED,
		    "a sample at %lld ms is older than the %lld days that are kept (keep= in the site file)",
		    (long long)sample->time_ms, (long long)keep_days);
	return KS_OK;
}

int store_append(struct store *store, const struct sample *samples, size_t n,
    struct why *why)
{
	must(store->mode == STORE_WRITE);
	if (store->full)
		return fail(why, KS_FULL, "the disk of %s is full", store->path);
	int bad = store->applying ? batch_apply(store, why) : KS_OK;

	if (bad == KS_OK)
		bad = batch_room(store, n, why);
	for (size_t i = 0; i < n && bad == KS_OK; i++)
		bad = sample_check(store, &samples[i], why);
	if (bad != KS_OK || n == 0)
		return bad;
	memcpy(store->batch + store->batch_n, samples, n * sizeof *samples);
	store->batch_n += n;
	return KS_OK;
}

static int batch_journal(struct store *store, struct why *why)
{
	int bad = journal_begin(&store->journal, false, why);

	if (bad == KS_OK)
		bad = journal_series(&store->journal, &store->labels, store->series_durable, why);
	if (bad == KS_OK)
		bad = journal_add(&store->journal, store->batch, store->batch_n, why);
	return bad == KS_OK ? journal_sync(&store->journal, why) : bad;
}

int store_sync(struct store *store, struct why *why)
{
	if (store->applying)
		return KS_OK; /* they are durable; the next append tries again */
	if (store->batch_n == 0 && store->labels.n == store->series_durable)
		return KS_OK;
	int bad = store->full ? fail(why, KS_FULL, "the disk of %s is full", store->path)
	    : batch_journal(store, why);

	if (bad != KS_OK) {
		/* KS_FULL is also memory or a limit: the next tick sees whether there
		 * is room, and no acknowledgement was given */
		store->full = bad == KS_FULL;
		store->batch_n = 0;
		return bad;
	}
	store->series_durable = store->labels.n;
	store->appended_ms = store->now_ms;
	if (batch_apply(store, NULL) != KS_OK)
		return KS_OK; /* durable all the same; `applying` remembers */
	return KS_OK;
}
