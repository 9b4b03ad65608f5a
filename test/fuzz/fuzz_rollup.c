/* test/fuzz/fuzz_rollup.c - any bytes as a day's roll-up, with the checksum made right. */
#include "base/hash.h"
#include "base/must.h"
#include "store/rollup.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

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
	return 0;
}
