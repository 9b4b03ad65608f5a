/* test/fuzz/fuzz_w1.c - the w1 driver and any answers. */
#include "driver.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	return driver_fuzz("w1", NULL, span_of(data, size));
}
