/* src/wire/har.h - what a proxy or a browser saw: HTTP Archive 1.2 (HAR, JSON).  Each entry
 * becomes the events that the same exchange on the wire would be: a flow of its own, the
 * request, its fields and body, the answer and its body.  What came by https is marked as
 * decrypted: on the wire it could not be read.  Whole in memory: LIMIT_HAR_BYTES. */
#ifndef KS_WIRE_HAR_H
#define KS_WIRE_HAR_H
#include "base/why.h"
#include "wire/said.h"

struct har_counts {
	uint64_t entries, skipped; /* skipped: without URL or time */
	int64_t first_ns, last_ns;
};

/* device: whose requests they are (a HAR does not say).  Frames count the entries from
 * first_frame. */
KS_MUST int har_read(struct span bytes, const struct address *device, uint64_t first_frame,
    const struct listener *ears, struct har_counts *ret_counts, struct why *why);
/* Does it begin as one does? */
bool har_looks(struct span head);
#endif
