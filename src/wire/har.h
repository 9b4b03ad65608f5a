/* src/wire/har.h - what a proxy or a browser saw: HTTP Archive 1.2 (HAR, JSON).  Each entry
 * becomes the events that the same exchange on the wire would be: a flow of its own, the
 * handshake where it tells of one, the request, its fields and body, the answer and its
 * body.  What came by https is marked as decrypted: on the wire it could not be read.
 * Whole in memory: LIMIT_HAR_BYTES.
 *
 * Beyond the standard: certificates (`_certificates`, DER in base64 or PEM, and
 * `_securityDetails`, names and dates alone), errors that refuse a certificate
 * (`_error`), messages of web sockets (`_webSocketMessages`). */
#ifndef KS_WIRE_HAR_H
#define KS_WIRE_HAR_H
#include "base/why.h"
#include "wire/said.h"

struct har_ask {
	struct address device; /* whose requests they are: a HAR does not say */
	struct span name;      /* what to call it */
	uint64_t first_frame;  /* entries are counted on from here as frames */
	uint64_t seed;	       /* of the tables' hash */
	const struct listener *ears;
};

struct har_counts {
	uint64_t entries, skipped; /* skipped: without URL of HTTP, or without time */
	uint64_t untimed, first_untimed; /* of them those whose time can not be read; its number, from 1 */
	uint64_t bytes, hosts;	   /* sent both ways; distinct servers */
	int64_t first_ns, last_ns;
};

KS_MUST int har_read(struct span bytes, const struct har_ask *ask, struct har_counts *ret_counts,
    struct why *why);
void har_counts_add(struct har_counts *all, const struct har_counts *one);
/* Does it begin as one does? */
bool har_looks(struct span head);
#endif
