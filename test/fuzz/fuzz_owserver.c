/* test/fuzz/fuzz_owserver.c - the owserver driver and any answers. */
#include "driver.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	return driver_fuzz("owserver", NULL, span_of(data, size));
}
