/* test/fuzz/fuzz_rollup.c - any bytes as a day's roll-up, with the checksum made right. */
#include "base/hash.h"
#include "base/must.h"
#include "store/rollup.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What could be read can be written, and is read the same. */
static void pack_again(const struct hours *hours)
{
	struct hours again = { .n = 0 };
	struct blob blob = { .len = 0 };

	must(hours_pack(hours, 0, &blob) == KS_OK);
	must(hours_unpack(blob_span(&blob), 0, &again, NULL) == KS_OK && again.n == hours->n);
	for (size_t i = 0; i < hours->n; i++) {
		const struct rollup *a = &hours->at[i], *b = &again.at[i];

		must(a->n == b->n && a->hour_ms == b->hour_ms);
		must(memcmp(&a->max, &b->max, sizeof a->max) == 0);
		must(memcmp(&a->min, &b->min, sizeof a->min) == 0);
		must(memcmp(&a->sum, &b->sum, sizeof a->sum) == 0);
	}
	drop_blob(&blob);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t bytes[4096 + 4];
	struct hours hours = { .n = 77 };

	if (size > 4096)
		return 0;
	if (size > 0)
		memcpy(bytes, data, size);
	uint32_t crc = htole32(crc32c(0, span_of(bytes, size)));

	memcpy(bytes + size, &crc, sizeof crc);
	if (hours_unpack(span_of(bytes, size + 4), 0, &hours, NULL) != KS_OK) {
		must(hours.n == 77); /* untouched on failure */
		return 0;
	}
	must(hours.n >= 1 && hours.n <= DAY_HOURS);
	for (size_t i = 0; i < hours.n; i++)
		must(hours.at[i].n > 0 && hours.at[i].hour_ms % HOUR_MS == 0 &&
		    hours.at[i].hour_ms < DAY_MS);
	pack_again(&hours);
	return 0;
}
