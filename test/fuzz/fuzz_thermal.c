/* test/fuzz/fuzz_thermal.c - the thermal driver and any answers. */
#include "driver.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	return driver_fuzz("thermal", NULL, span_of(data, size));
}
