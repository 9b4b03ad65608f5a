/* src/wire/quic_google.h - Google's QUIC before TLS (Q0xx): the CHLO message, for the
 * server's name and the program's.  Source: "QUIC Crypto", Google, 2016. */
#ifndef KS_WIRE_QUIC_GOOGLE_H
#define KS_WIRE_QUIC_GOOGLE_H
#include "wire/tls_state.h"

/* A datagram of Q039 to Q046, whose first packet is in the clear. */
bool quic_google_guess(struct span datagram);
/* True when the datagram is such a one, and was heard. */
bool quic_google_take(struct talk *talk, struct tls *tls, enum said_side side,
    struct span datagram);
/* Bytes in which a CHLO may begin. */
void quic_google_hear(struct talk *talk, struct tls *tls, enum said_side side, struct span bytes);
#endif
