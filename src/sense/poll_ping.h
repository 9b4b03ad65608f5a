/* src/sense/poll_ping.h - ICMP and ICMPv6 echo as bytes (RFC 792, RFC 4443).  What we
 * send carries who was asked, the number of the ping, and a tag made with a seed, so
 * that only an echo of ours counts. */
#ifndef KS_SENSE_POLL_PING_H
#define KS_SENSE_POLL_PING_H
#include "base/span.h"

enum { PING_BYTES = 8 + 16 };

/* ident: of raw sockets; SOCK_DGRAM ones get the kernel's. */
void ping_write(bool six, uint32_t who, uint32_t number, uint64_t seed,
    uint8_t ret_packet[PING_BYTES]);
/* An echo reply of ours?  raw4: an IPv4 header comes before it. */
bool ping_read(struct span packet, bool six, bool raw4, uint64_t seed, uint32_t *ret_who,
    uint32_t *ret_number);
#endif
