/* Any bytes of both sides as DTLS; see tongue.h. */
#include "tongue.h"
#include "wire/tls.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	return tongue_fuzz(&tongue_dtls, (struct span){ .left = 0 }, span_of(data, size));
}
