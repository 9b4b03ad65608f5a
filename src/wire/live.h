/* src/wire/live.h - frames from a network interface, through libpcap (which uses the
 * kernel's ring) and a BPF filter.  What was dropped for want of time is counted. */
#ifndef KS_WIRE_LIVE_H
#define KS_WIRE_LIVE_H
#include "base/why.h"
#include "wire/capture.h"

struct live;
struct live_counts {
	uint64_t received, dropped; /* by the filter passed; by the ring or the card lost */
};

/* filter: BPF as tcpdump takes it, or NULL for everything. */
KS_MUST int live_new(const char *interface, const char *filter, struct live **ret_live,
    struct why *why);
/* KS_OK with a frame, whose bytes live until the next call; KS_LATE when none came for
 * LIVE_WAIT_MS, so that the caller can look at the clock. */
enum { LIVE_WAIT_MS = 200 };
KS_MUST int live_next(struct live *live, struct frame *ret_frame, struct why *why);
struct live_counts live_counts(struct live *live);
void live_free(struct live *live);
static inline void drop_live(struct live **live)
{
	live_free(*live);
}
#endif
