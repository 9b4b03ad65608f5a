/* src/wire/tongues.h - the protocol parsers, one file each. */
#ifndef KS_WIRE_TONGUES_H
#define KS_WIRE_TONGUES_H
#include "wire/talk.h"

extern const struct tongue tongue_dns; /* DNS, mDNS, LLMNR, NetBIOS names over UDP */
extern const struct tongue tongue_dns_tcp;
extern const struct tongue tongue_dhcp;
extern const struct tongue tongue_dhcp6;
extern const struct tongue tongue_ssdp;
extern const struct tongue tongue_ntp;
#endif
