/* test/fuzz/fuzz_hwmon.c - the hwmon driver and any answers. */
#include "driver.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	return driver_fuzz("hwmon", NULL, span_of(data, size));
}
