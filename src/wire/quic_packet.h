/* src/wire/quic_packet.h - heads of QUIC packets, and their keys.  Pure.
 * Sources: RFC 8999 (what all versions share), RFC 9000 17 (heads), RFC 9001 5 (keys),
 * RFC 9369 (version 2); drafts 22 to 34 and Google's T050, T051, Q050 by their salts. */
#ifndef KS_WIRE_QUIC_PACKET_H
#define KS_WIRE_QUIC_PACKET_H
#include "base/span.h"
#include "base/why.h"
#include "wire/tls_open.h"
#include <stdbool.h>
#include <stdint.h>

enum { QUIC_ID = 20, QUIC_PACKET = 2048 };

enum quic_kind { QUIC_INITIAL, QUIC_EARLY, QUIC_HANDSHAKE, QUIC_RETRY, QUIC_VERSIONS, QUIC_OTHER };

struct quic_packet {
	uint8_t kind; /* enum quic_kind */
	uint32_t version;
	struct span to, from; /* connection ids */
	struct span whole;    /* from the first byte to the end of this packet */
	size_t number_at;     /* where in it the packet number is */
};

/* A number of 1, 2, 4 or 8 bytes (RFC 9000 16). */
uint64_t quic_number(struct span *s);
/* Is this a version whose long heads we read? */
bool quic_version_known(uint32_t version);
/* Google's own versions before TLS: other heads, other crypto. */
bool quic_version_google(uint32_t version);
bool quic_version_reserved(uint32_t version); /* 0x?a?a?a?a: to force a negotiation */
/* Cut the long-headed packet at the front of a datagram; false when it is none. */
bool quic_packet_cut(struct span *datagram, struct quic_packet *ret_packet);

/* Keys of one direction and level. */
struct quic_lock {
	bool ready;
	uint16_t cipher; /* a suite of TLS 1.3 */
	uint8_t key[TLS_KEY], iv[12], head[TLS_KEY];
	uint64_t largest; /* packet number seen, plus one */
};
/* Of Initial packets, from the first connection id that the client chose. */
KS_MUST int quic_lock_initial(uint32_t version, struct span id, struct quic_lock *ret_client,
    struct quic_lock *ret_server);
/* From a traffic secret. */
KS_MUST int quic_lock_secret(uint32_t version, uint16_t cipher, struct span secret,
    struct quic_lock *ret_lock);
/* The frames inside: packet.whole opened into to[], of at least as many bytes. */
KS_MUST int quic_lock_open(struct quic_lock *lock, const struct quic_packet *packet, uint8_t *to,
    size_t *ret_n);
#endif
