/* src/wire/tls_v2.h - SSL 2.0: hellos with a head of two bytes, also the one by which
 * old clients ask for SSL 3.0 or TLS 1.0. */
#ifndef KS_WIRE_TLS_V2_H
#define KS_WIRE_TLS_V2_H
#include "wire/tls_state.h"

enum guess v2_guess(struct span first);
/* The first bytes of a side: true when they were of SSL 2.0 and are done with. */
bool v2_take(struct talk *talk, struct tls *tls, enum said_side side, struct span *bytes);
#endif
