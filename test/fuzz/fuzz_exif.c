/* test/fuzz/fuzz_exif.c - any picture: a place is on Earth. */
#include "wire/exif.h"
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int64_t place[2] = { 0, 0 };

	if (exif_place(span_of(data, size), place) &&
	    (llabs(place[0]) > 90000000 || llabs(place[1]) > 180000000))
		abort();
	return 0;
}
