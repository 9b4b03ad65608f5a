/* Any bytes of both sides as TLS, after a key log
 * that ends at the first byte 0x1e; see tongue.h. */
#include "tongue.h"
#include "wire/tls.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span input = span_of(data, size), keys = span_until(&input, 0x1e);

	return tongue_fuzz(&tongue_tls, keys, input);
}
