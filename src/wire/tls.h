/* src/wire/tls.h - the tongues of TLS (SSL 2.0 hellos to TLS 1.3 over streams), DTLS
 * and QUIC.  Sources: RFC 5246, 8446, 6347, 9147, 9000, 9001, 9369; SSL 2.0 (Hickman,
 * 1995). */
#ifndef KS_WIRE_TLS_H
#define KS_WIRE_TLS_H
#include "wire/talk.h"

extern const struct tongue tongue_tls;	/* over TCP */
extern const struct tongue tongue_dtls; /* over UDP */
extern const struct tongue tongue_quic; /* over UDP */
#endif
