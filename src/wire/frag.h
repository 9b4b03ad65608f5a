/* src/wire/frag.h - IP datagrams put together from their fragments (RFC 791, 8200).
 * Bounded: bytes, datagrams and pieces have named limits, a datagram waits 30 seconds of
 * capture time.  Pieces that overlap with other bytes are told; in IPv6 the whole
 * datagram is then given up (RFC 5722), in IPv4 the first bytes win.  The ports stand in the
 * first piece alone: they are remembered for those that come after it. */
#ifndef KS_WIRE_FRAG_H
#define KS_WIRE_FRAG_H
#include "wire/packet.h"

struct fragments;
struct fragment {
	struct address from, to;
	uint32_t id;
	uint8_t protocol;
	uint32_t at; /* of the piece within the datagram */
	bool more;   /* pieces follow */
	int64_t time_ns;
	struct span bytes;
	bool cut; /* not all of its bytes are here: the whole can not be */
};
/* What is known after a piece. */
struct fragment_whole {
	uint8_t *bytes; /* all of the datagram, which the caller frees; NULL: not yet */
	size_t length;
	bool overlap;	/* pieces differ where they overlap */
	bool has_ports; /* of TCP and UDP: the first piece has come */
	uint16_t from_port, to_port;
};
struct fragment_counts {
	uint64_t taken, lost; /* pieces; datagrams given up */
};

struct fragments *fragments_new(uint64_t seed); /* NULL without memory */
void fragments_free(struct fragments *fragments);
void fragments_take(struct fragments *fragments, const struct fragment *piece,
    struct fragment_whole *ret_whole);
struct fragment_counts fragments_counts(const struct fragments *fragments);
#endif
