/* test/fuzz/fuzz_journal.c - any bytes as a frame of the journal. */
#include "base/limits.h"
#include "base/must.h"
#include "store/journal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int series(void *user, uint32_t number, struct span labels, struct why *why)
{
	(void)user;
	must(number > 0 && number <= LIMIT_SERIES);
	must(labels_check(labels, why) == KS_OK);
	return KS_OK;
}

static int samples(void *user, const struct sample *at, size_t n, struct why *why)
{
	uint64_t *total = user;

	(void)why;
	for (size_t i = 0; i < n; i++)
		must(at[i].series > 0 && at[i].series <= LIMIT_SERIES);
	*total += n;
	return KS_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint64_t told = 0, counted = 0;
	const struct journal_reader reader = { &told, series, samples };

	if (journal_payload(span_of(data, size), false, &reader, &counted, NULL) == KS_OK)
		must(told == counted);
	return 0;
}
