/* src/wire/repeats.h - values that come back: a word without a name that a device sends to
 * the same host day after day, and no other device does, tells who it is, as a serial
 * number would.
 *
 * A value counts when it is one word of 8 to 64 characters with letters and digits and of
 * some variety; it is a device's mark when it came on three days at least, two thirds of
 * the days on which that device sent that host anything looked at, and from no other device.
 * Only hashes and masked forms are kept; at most LIMIT_REPEATS values, then new ones are
 * counted as lost. */
#ifndef KS_WIRE_REPEATS_H
#define KS_WIRE_REPEATS_H
#include "base/why.h"
#include "wire/personal.h"

struct repeats;
KS_MUST int repeats_new(uint64_t seed, struct repeats **ret_repeats);
void repeats_free(struct repeats *repeats);
static inline void drop_repeats(struct repeats **repeats)
{
	repeats_free(*repeats);
}

/* One leaf of what a device sent. */
void repeats_take(struct repeats *repeats, const struct said_head *said,
    const struct said_body *leaf);
/* Of another worker with the same seed. */
void repeats_merge(struct repeats *into, const struct repeats *from);

struct repeated {
	struct address device, server;
	uint64_t hash, frame, count;
	int64_t first_ns, last_ns;
	uint32_t days, of_days; /* on which it came; on which anything was sent there */
	char masked[MASKED_MAX], key[32];
	char host[64]; /* cut */
};
/* The marks, in order of their first frame; borrowed until the next call. */
const struct repeated *repeats_end(struct repeats *repeats, size_t *ret_n, uint64_t *ret_lost);
#endif
