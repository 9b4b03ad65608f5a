/* test/fuzz/fuzz_number.c - number_cut: never past the end, and what it reads is read
 * the same when nothing follows. */
#include "base/number.h"
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	for (unsigned places = 0; places <= 6; places += 3) {
		struct span s = span_of(data, size);
		int64_t value = 0, again = 0;

		if (number_cut(&s, places, &value) != KS_OK)
			continue;
		struct span front = span_of(data, size - s.left);

		if (number_read(front, places, &again) != KS_OK || again != value)
			abort();
	}
	return 0;
}
