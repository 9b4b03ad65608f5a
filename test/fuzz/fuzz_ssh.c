/* Any bytes of both sides as SSH; see tongue.h. */
#include "tongue.h"
#include "wire/ssh.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	return tongue_fuzz(&tongue_ssh, (struct span){ .left = 0 }, span_of(data, size));
}
