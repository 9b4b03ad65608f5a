/* test/fuzz/fuzz_prometheus.c - the prometheus driver and any answers. */
#include "driver.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	return driver_fuzz("prometheus", "127.0.0.1:9100", span_of(data, size));
}
