/* Any bytes of both sides as HTTP/2; see tongue.h. */
#include "tongue.h"
#include "wire/http2.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	return tongue_fuzz(&tongue_http2, (struct span){ .left = 0 }, span_of(data, size));
}
