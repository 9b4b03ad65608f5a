/* test/fuzz/fuzz_har.c - any bytes as a HAR. */
#include "wire/har.h"
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void on_body(void *context, const struct said_head *head, const struct said_body *body)
{
	size_t *sum = context;

	*sum += head->sub;
	for (size_t i = 0; i < body->bytes.left; i++)
		*sum += body->bytes.at[i];
}
static void on_http(void *context, const struct said_head *head, const struct said_http *http)
{
	size_t *sum = context;

	*sum += head->flow->server_port + http->uri.left + http->host.left;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t sum = 0;
	const struct listener ears = { .context = &sum, .http = on_http, .body = on_body };
	struct address device = { .family = ADDRESS_4, .byte = { 192, 0, 2, 7 } };
	struct har_counts counts;
	struct why why = { .fmt = NULL };

	(void)har_looks(span_of(data, size));
	if (har_read(span_of(data, size), &device, 1, &ears, &counts, &why) != KS_OK &&
	    why.text[0] == '\0')
		abort();
	return 0;
}
