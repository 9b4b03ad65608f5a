/* test/fuzz/fuzz_ics.c - any bytes as a calendar file: no crash, and no period that ends
 * before it begins. */
#include "site/days.h"
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool put(void *ctx, const struct period *period, struct span summary)
{
	size_t *n = ctx;

	if (period->to_ms <= period->from_ms || summary.left > 128)
		abort();
	return ++*n < 100;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t n = 0;
	const struct ics_put putter = { put, &n };
	struct why why = { 0 };

	if (ics_read(span_of(data, size), "Asia/Tokyo", &putter, &why) != KS_OK && why.text[0] == '\0')
		abort(); /* a refusal says why */
	return 0;
}
