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

static void on_tls(void *context, const struct said_head *head, const struct said_tls *tls)
{
	size_t *sum = context;

	*sum += head->sub + tls->version;
	for (size_t k = 0; k < tls->certificates; k++)
		for (size_t i = 0; i < tls->certificate[k].left; i++)
			*sum += tls->certificate[k].at[i];
	if (tls->told != NULL)
		*sum += tls->told->subject.left + tls->told->issuer.left;
}

static void on_slice(void *context, const struct said_head *head, const struct said_slice *slice)
{
	(void)head;
	*(size_t *)context += slice->frames[0] + (size_t)(slice->last_ns < slice->first_ns);
}

static void on_name(void *context, const struct said_head *head, const struct said_name *name)
{
	*(size_t *)context += head->sub + name->name.left;
}

static void on_end(void *context, const struct said_head *head, const struct said_http_end *end)
{
	(void)end;
	*(size_t *)context += head->sub;
}

static void on_credential(void *context, const struct said_head *head,
    const struct said_credential *credential)
{
	*(size_t *)context += head->sub + credential->user.left + credential->secret.left;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t sum = 0;
	const struct listener ears = { .context = &sum, .http = on_http, .body = on_body,
		.tls = on_tls, .slice = on_slice, .name = on_name, .http_end = on_end,
		.credential = on_credential }, deaf = { .context = &sum };
	const struct har_ask ask = { .device = { .family = ADDRESS_4, .byte = { 192, 0, 2, 7 } },
		.first_frame = 1, .ears = &ears };
	const struct har_ask unheard = { .first_frame = 1, .ears = &deaf };
	struct har_counts counts;
	struct why why = { .fmt = NULL };

	(void)har_looks(span_of(data, size));
	if (har_read(span_of(data, size), &ask, &counts, &why) != KS_OK &&
	    why.text[0] == '\0')
		abort();
	(void)!har_read(span_of(data, size), &unheard, &counts, NULL);
	return 0;
}
