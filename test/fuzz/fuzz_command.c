/* test/fuzz/fuzz_command.c - the command driver and any answers. */
#include "driver.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	return driver_fuzz("command", "thermometer", span_of(data, size));
}
