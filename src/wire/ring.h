/* src/wire/ring.h - frames of a network interface out of a ring that the kernel fills
 * (packet(7), TPACKET_V3).  Opening needs the right to capture packets and is done by one
 * process (ring_open); another, which has no right at all, is handed the descriptor and
 * reads (ring_new).  The filter is in the kernel: what it drops never reaches us.
 *
 * Memory is LIMIT_WIRE_RING in the kernel; what did not fit is counted (ring_dropped). */
#ifndef KS_WIRE_RING_H
#define KS_WIRE_RING_H
#include "base/why.h"
#include "wire/capture.h"

/* Opens, filters (BPF as tcpdump takes it; NULL: everything) and binds.  KS_ABSENT: there
 * is no such interface, or it is down; KS_REFUSED: no right to.  ret_index: the
 * interface's number, by which one can see that it was taken away. */
KS_MUST int ring_open(const char *interface, const char *filter, int *ret_fd,
    unsigned *ret_index, struct why *why);
/* Is that a filter at all?  Asks nothing of the machine. */
KS_MUST int ring_filter_good(const char *filter, struct why *why);

struct ring;
/* Takes fd over also when it fails. */
KS_MUST int ring_new(int take_fd, struct ring **ret_ring, struct why *why);
void ring_free(struct ring *ring); /* NULL is fine */
/* Readable when there are frames; for a poll. */
int ring_fd(const struct ring *ring);
/* KS_OK with a frame that lives until the next call; KS_LATE: none now; KS_ABSENT: the
 * interface went down. */
KS_MUST int ring_next(struct ring *ring, struct frame *ret_frame, struct why *why);
/* Frames lost for want of room since the beginning. */
uint64_t ring_dropped(struct ring *ring);
static inline void drop_ring(struct ring **ring)
{
	ring_free(*ring);
}
#endif
