/* src/cli/flow_rows.h - rows for a SIEM that are written while a capture is read: one a
 * flow, when it ends, one a DNS exchange, a request or a handshake, when it is over, as
 * Zeek's conn.log, dns.log, http.log, ssl.log and files.log, and as EVE's events.  Nothing of
 * them is gathered: memory follows the flows that live.  Live, who reads them has each within
 * about a second (ear_tick()). */
#ifndef KS_CLI_FLOW_ROWS_H
#define KS_CLI_FLOW_ROWS_H
#include "base/why.h"
#include "wire/said.h"
#include <stdio.h>

struct make_known; /* wire/make.h */
struct trust;
struct draft; /* draft.h */
struct flow_rows_plan {
	const char *folder, *eve; /* NULL for none; the folder exists */
	bool json;
	bool now; /* somebody may read them while they are written: in place (cli/draft.h) */
	unsigned threads;
	uint64_t seed;
	const struct trust *trust;
	const struct make_known *known; /* with some that are asked for: rows of those alone */
	size_t known_n;
};

struct flow_rows;
KS_MUST int flow_rows_new(const struct flow_rows_plan *plan, struct flow_rows **ret_flows,
    struct why *why);
void flow_rows_free(struct flow_rows *flows); /* NULL is fine */
static inline void drop_flow_rows(struct flow_rows **flows)
{
	flow_rows_free(*flows);
}
/* For listener.also of a worker. */
const struct listener *flow_rows_ears(struct flow_rows *flows, unsigned thread);
/* All is heard from the beginning once more: what was written goes. */
KS_MUST int flow_rows_again(struct flow_rows *flows, struct why *why);
/* No more comes: what waited for an answer is written. */
KS_MUST int flow_rows_end(struct flow_rows *flows, struct why *why);
/* Where the other events follow; NULL: none was wanted. */
struct draft *flow_rows_eve(struct flow_rows *flows);
/* All is written: the files take their places. */
KS_MUST int flow_rows_keep(struct flow_rows *flows, struct why *why);
#endif
