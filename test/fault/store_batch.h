/* test/fault/store_batch.h - batches that can be made again from their number: what was
 * acknowledged is compared sample by sample with what is found. */
#ifndef KS_TEST_STORE_BATCH_H
#define KS_TEST_STORE_BATCH_H
#include "store/store.h"
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

enum { SERIES = 12, PER_BATCH = 60, STEP_MS = 60000 };
static const int64_t begin_ms = 1754006400000;

/* Sample i of a batch; every 97th batch also says something late. */
static inline struct sample batch_sample(uint64_t batch, uint32_t i)
{
	uint64_t z = (batch * PER_BATCH + i) * 0x9e3779b97f4a7c15U;

	z = (z ^ z >> 29) * 0xbf58476d1ce4e5b9U;
	return (struct sample){ .series = i % SERIES + 1,
		.time_ms = begin_ms + ((int64_t)batch * (PER_BATCH / SERIES) + i / SERIES) * STEP_MS,
		.value = (double)(z >> 48) / 10 };
}

static inline int64_t batch_end_ms(uint64_t batch)
{
	return begin_ms + (int64_t)(batch + 1) * (PER_BATCH / SERIES) * STEP_MS;
}

struct found_series {
	uint64_t n, wrong;
	uint32_t series;
};

static inline int sample_compare(void *user, int64_t time_ms, double value)
{
	struct found_series *found = user;
	uint64_t k = found->n++;
	uint64_t per = PER_BATCH / SERIES;
	struct sample want = batch_sample(k / per,
	    (uint32_t)(k % per) * SERIES + found->series - 1);

	found->wrong += want.time_ms != time_ms || want.value != value;
	return 0;
}

/* How many whole batches are there; -1 when one is torn, missing or different. */
static inline int64_t batches_found(struct store *store)
{
	int64_t batches = -1;
	struct why why;

	for (uint32_t series = 1; series <= SERIES; series++) {
		struct found_series found = { .series = series };

		if (series > store_series_count(store))
			return 0;
		if (store_read(store, series, 0, INT64_MAX, sample_compare, &found, &why) != KS_OK) {
			(void)fprintf(stderr, "read: %s\n", why.text);
			return -1;
		}
		if (found.wrong > 0 || found.n % (PER_BATCH / SERIES) != 0)
			return -1;
		int64_t n = (int64_t)(found.n / (PER_BATCH / SERIES));

		if (batches >= 0 && n != batches)
			return -1;
		batches = n;
	}
	return batches;
}

static inline int series_make(struct store *store, struct why *why)
{
	for (unsigned i = 1; i <= SERIES; i++) {
		char text[32];
		uint32_t number;

		(void)snprintf(text, sizeof text, "n\xff%02u\xff", i);
		int bad = store_series(store, span_text(text), &number, why);

		if (bad != KS_OK)
			return bad;
	}
	return KS_OK;
}

static inline int batch_put(struct store *store, uint64_t batch, struct why *why)
{
	struct sample samples[PER_BATCH];

	for (uint32_t i = 0; i < PER_BATCH; i++)
		samples[i] = batch_sample(batch, i);
	int bad = store_append(store, samples, PER_BATCH, why);

	return bad == KS_OK ? store_sync(store, why) : bad;
}
#endif
