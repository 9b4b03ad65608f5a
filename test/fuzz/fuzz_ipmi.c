/* test/fuzz/fuzz_ipmi.c - the ipmi driver and any answers. */
#include "driver.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	return driver_fuzz("ipmi", "admin@192.0.2.7:6230", span_of(data, size));
}
