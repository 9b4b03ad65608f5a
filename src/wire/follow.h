/* src/wire/follow.h - a pcap stream as it grows: what a capturing program writes into a
 * file or a pipe, piece by piece, whole records out as soon as they are there.  Never
 * waits and opens nothing: bytes are handed in.  Another program may take over in the
 * middle: where a record should begin, a file's head begins it anew.
 *
 * The kinds of pcap of today alone (micro- and nanoseconds, both byte orders); for all
 * others there is wire/capture.h. */
#ifndef KS_WIRE_FOLLOW_H
#define KS_WIRE_FOLLOW_H
#include "base/why.h"
#include "wire/capture.h"

enum { FOLLOW_ROOM = 512 * 1024 }; /* the longest record, and as much again */

struct follow {
	uint8_t *room; /* FOLLOW_ROOM */
	size_t at, end;
	uint64_t frames;
	uint16_t link;
	bool begun, big_endian, nano, over;
};

KS_MUST int follow_init(struct follow *follow, struct why *why);
void follow_done(struct follow *follow);
/* Where bytes go, and how many at most; frames given before are no more.  Then say how
 * many came. */
size_t follow_place(struct follow *follow, uint8_t **ret_at);
void follow_got(struct follow *follow, size_t n);
/* KS_OK with a frame that lives until follow_place; KS_LATE: it is not whole yet;
 * KS_MALFORMED: these are no records; said once, then always KS_ABSENT. */
KS_MUST int follow_next(struct follow *follow, struct frame *ret_frame, struct why *why);
#endif
