/* test/fuzz/fuzz_redfish.c - the redfish driver and any answers. */
#include "driver.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	return driver_fuzz("redfish", NULL, span_of(data, size));
}
