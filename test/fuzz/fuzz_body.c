/* test/fuzz/fuzz_body.c - any content under any declared type (the first line): leaves are
 * within bounds, their number too. */
#include "base/limits.h"
#include "wire/body.h"
#include "wire/charset.h"
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void say(void *context, const struct said_body *body)
{
	size_t *sum = context;

	for (size_t i = 0; i < body->key.left; i++)
		*sum += body->key.at[i];
	for (size_t i = 0; i < body->bytes.left; i++)
		*sum += body->bytes.at[i];
	if (body->kind > BODY_BYTES || body->key.left > LIMIT_BODY_PLAIN)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span s = span_of(data, size);
	struct said_body whole = { .content_type = span_until(&s, '\n') };
	size_t sum = 0;
	struct body_sink sink = { say, &sum };

	whole.bytes = s;
	charset_ready();
	body_tell(&whole, &sink);
	return 0;
}
