/* src/wire/dhcp.h - who asks for an address, and who gets it: DHCP for IPv4 (RFC 2131,
 * 2132, 4702) and IPv6 (RFC 8415, 4704).  The names are what the device says of itself.
 * Each reader gives false when the message names nobody; spans point into the message or
 * into room. */
#ifndef KS_WIRE_DHCP_H
#define KS_WIRE_DHCP_H
#include "wire/said.h"

enum { DHCP_NAME = 256 };

bool dhcp_looks_like(struct span message);
bool dhcp_read(struct span message, char room[DHCP_NAME], struct said_name *ret_name);
bool dhcp6_read(struct span message, char room[DHCP_NAME], struct said_name *ret_name);
#endif
