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

		bool whole = number_read(s, places, &again) == KS_OK;

		if (number_cut(&s, places, &value) != KS_OK) {
			if (whole)
				abort();
			continue;
		}
		if (whole != (s.left == 0))
			abort();
		struct span front = span_of(data, size - s.left);

		if (number_read(front, places, &again) != KS_OK || again != value)
			abort();
	}
	struct span s = span_of(data, size);
	int64_t value = (int64_t)span_be(&s, 8), times = (int64_t)span_be(&s, 2) - 32768;

	(void)number_scale(value, times, (int64_t)span_be(&s, 2) + 1);
	return 0;
}
