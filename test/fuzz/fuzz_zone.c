/* test/fuzz/fuzz_zone.c - any bytes as a time zone file: no crash, and a zone that was
 * accepted keeps its offsets within a day and joins what it split. */
#include "base/must.h"
#include "base/zone.h"
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct zone *zone = NULL;

	if (zone_name_good(span_of(data, size)) && (size == 0 || memchr(data, '.', size) != NULL))
		abort(); /* it could leave the folder */
	if (zone_new(span_of(data, size), &zone, NULL) != KS_OK)
		return 0;
	for (int64_t s = -3000000000; s < 9000000000; s += 400000001) {
		struct civil civil = zone_split(zone, s * 1000);

		if (civil.month < 1 || civil.month > 12 || civil.day < 1 || civil.day > 31 ||
		    civil.hour > 23 || abs(civil.offset_s) > 27 * 3600)
			abort();
		(void)zone_join(zone, &civil);
	}
	for (int64_t far = INT64_MIN / 2; far <= INT64_MAX / 2; far += INT64_MAX / 2)
		must(zone_split(zone, far).month > 0 && zone_split(NULL, far).offset_s == 0);
	zone_free(zone);
	return 0;
}
