/* src/wire/ssdp.h - UPnP's search and announcements (UPnP Device Architecture 2.0): HTTP
 * heads in datagrams, in which a device says what it is. */
#ifndef KS_WIRE_SSDP_H
#define KS_WIRE_SSDP_H
#include "wire/said.h"

bool ssdp_looks_like(struct span message);
/* describes: the SERVER or USER-AGENT line; false when there is none. */
bool ssdp_read(struct span message, struct said_name *ret_name);
#endif
