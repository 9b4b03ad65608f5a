/* src/cli/flow_rows.h - rows for a SIEM that are written while a capture is read: one a
 * flow, when it ends, and one a DNS exchange, as Zeek's conn.log and dns.log and as EVE's
 * flow and dns events.  Nothing of them is gathered: memory follows the flows that live. */
#ifndef KS_CLI_FLOW_ROWS_H
#define KS_CLI_FLOW_ROWS_H
#include "base/why.h"
#include "wire/said.h"
#include <stdio.h>

struct flow_rows;
/* folder, eve: NULL for none; the folder exists. */
KS_MUST int flow_rows_new(const char *folder, bool json, const char *eve, unsigned threads,
    struct flow_rows **ret_flows, struct why *why);
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
FILE *flow_rows_eve(struct flow_rows *flows);
#endif
