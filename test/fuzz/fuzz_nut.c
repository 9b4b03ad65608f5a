/* test/fuzz/fuzz_nut.c - the nut driver and any answers. */
#include "driver.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	return driver_fuzz("nut", NULL, span_of(data, size));
}
