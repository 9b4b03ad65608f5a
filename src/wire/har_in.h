/* src/wire/har_in.h - what the files that read a HAR share: one exchange of it. */
#ifndef KS_WIRE_HAR_IN_H
#define KS_WIRE_HAR_IN_H
#include "wire/har.h"
#include <jansson.h>

struct exchange {
	const struct listener *ears;
	struct flow_view flow;
	struct said_head head;
	struct said_body about; /* host, uri of the request */
	uint64_t head_bytes[2], bytes;
	char host[256];
};

/* A text of the object; empty when there is none. */
struct span har_text(const json_t *object, const char *key);
/* The handshake before the exchange, as far as the entry tells; first: of this server. */
void har_tls_say(struct exchange *x, const json_t *entry, bool first);
#endif
