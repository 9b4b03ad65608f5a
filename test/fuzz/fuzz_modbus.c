/* test/fuzz/fuzz_modbus.c - the modbus driver and any answers. */
#include "driver.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	return driver_fuzz("modbus", NULL, span_of(data, size));
}
