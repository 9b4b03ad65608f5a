/* src/wire/neighbours.h - readers of what stands below TCP and UDP: who has which
 * address and name on this link.  Each takes the payload of its protocol and gives false
 * when it names nobody; spans of the answer point into it. */
#ifndef KS_WIRE_NEIGHBOURS_H
#define KS_WIRE_NEIGHBOURS_H
#include "wire/said.h"

bool arp_read(struct span bytes, struct said_name *ret_name);
/* type: of ICMPv6; bytes: behind its first four. */
bool ndp_read(uint8_t type, const struct address *from, struct span bytes,
    struct said_name *ret_name);
bool lldp_read(struct span frame, struct said_name *ret_name);
bool cdp_read(struct span frame, struct said_name *ret_name);
#endif
