/* test/fuzz/fuzz_chunk.c - any bytes as a chunk, with the checksum made right so that
 * the bits themselves are tried.  What can be read must pack and read the same. */
#include "base/hash.h"
#include "base/must.h"
#include "store/codec.h"
#include "store/rollup.h"
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void same(const struct points *a, const struct points *b)
{
	must(a->n == b->n);
	for (size_t i = 0; i < a->n; i++)
		must(a->at[i].time_ms == b->at[i].time_ms &&
		    memcmp(&a->at[i].value, &b->at[i].value, sizeof(double)) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct points points = { .n = 0 }, again = { .n = 0 };
	struct blob blob = { .len = 0 };
	struct hours hours;
	uint8_t *bytes = malloc(size + 4);

	if (bytes == NULL || size > 65536) {
		free(bytes);
		return 0;
	}
	if (size > 0)
		memcpy(bytes, data, size);
	uint32_t crc = htole32(crc32c(0, span_of(bytes, size)));

	memcpy(bytes + size, &crc, sizeof crc);
	if (chunk_points(span_of(bytes, size + 4), 1000, &points, NULL) == KS_OK &&
	    points.n < 100000) {
		must(chunk_pack(&points, 1000, &blob) == KS_OK);
		must(chunk_points(blob_span(&blob), 1000, &again, NULL) == KS_OK);
		same(&points, &again);
		hours_of(&points, 0, &hours);
		must(hours.n <= DAY_HOURS);
	}
	must(chunk_points(span_of(data, size), 0, &again, NULL) != KS_OK || size >= 4);
	drop_blob(&blob);
	points_done(&points);
	points_done(&again);
	free(bytes);
	return 0;
}
