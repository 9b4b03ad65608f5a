/* src/wire/pieces.h - bytes that come in pieces, each with its offset, in any order and
 * more than once: fragments of DTLS messages, CRYPTO frames of QUIC. */
#ifndef KS_WIRE_PIECES_H
#define KS_WIRE_PIECES_H
#include "wire/talk.h"

enum { PIECES = 16 }; /* at most so many apart from each other */

struct pieces {
	struct hold bytes;
	struct {
		uint32_t from, to;
	} parts[PIECES]; /* in order, not touching */
	uint8_t n;
};

/* Put a piece where it belongs; false when it lies past max, or there is no room. */
bool pieces_put(struct talk *talk, struct pieces *pieces, uint64_t at, struct span piece,
    size_t max);
/* What has come without a hole from the beginning. */
struct span pieces_front(const struct pieces *pieces);
void pieces_free(struct talk *talk, struct pieces *pieces);
#endif
