/* src/wire/link.h - from the first byte of a frame to its network protocol, for every
 * link type we know (www.tcpdump.org/linktypes.html). */
#ifndef KS_WIRE_LINK_H
#define KS_WIRE_LINK_H
#include "wire/packet.h"

enum ether_type {
	ETHER_BY_VERSION = 1, /* ours: IPv4 or IPv6, as the first four bits tell */
	ETHER_LLC = 2,	      /* ours: IEEE 802.2 follows */
	ETHER_PPP = 3,	      /* ours: a PPP protocol number follows */
	ETHER_IP4 = 0x0800,
	ETHER_ARP = 0x0806,
	ETHER_CDP = 0x2000,
	ETHER_BRIDGED = 0x6558,
	ETHER_VLAN = 0x8100,
	ETHER_IP6 = 0x86dd,
	ETHER_MPLS = 0x8847,
	ETHER_MPLS_GROUP = 0x8848,
	ETHER_PPPOE = 0x8864,
	ETHER_QINQ = 0x88a8,
	ETHER_ERSPAN2 = 0x88be,
	ETHER_LLDP = 0x88cc,
	ETHER_MACSEC = 0x88e5,
	ETHER_PBB = 0x88e7,
	ETHER_QINQ_OLD = 0x9100,
	ETHER_ERSPAN3 = 0x22eb
};

/* Cut the link's header off `rest`; MACs go into the packet.  Returns what follows:
 * enum ether_type, 0 when not known (rest is then untouched or broken). */
uint16_t link_read(struct packet *packet, struct span *rest);
/* The same for a header of Ethernet, e.g. within a tunnel. */
uint16_t link_ethernet(struct packet *packet, struct span *rest);
/* The next of several frames that one of 802.11 carries (A-MSDU); each has a header of
 * Ethernet.  False: there is none, or it is cut. */
bool link_more_cut(struct span *more, struct span *ret_frame);
/* What follows an 802.2 or PPP header. */
uint16_t link_llc(struct span *rest);
uint16_t link_ppp(struct span *rest);

/* n bytes off the front, all of them there, or NULL. */
static inline const uint8_t *link_cut(struct span *rest, size_t n)
{
	return span_cut(rest, n).at;
}
static inline uint16_t link_be16(const uint8_t *p)
{
	return (uint16_t)(p[0] << 8 | p[1]);
}
static inline uint32_t link_be32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}
#endif
