/* src/wire/packet.h - one frame, taken apart.  Filled by packet_read() (link layer,
 * tags, tunnels, IP, transport) without copying: spans point into the frame, or into
 * the reassembled datagram, and live as long as the call that hands the packet over.
 * Times are nanoseconds since 1970 in UTC, lengths are bytes, numbers are in the order
 * of this machine.  Sources: RFC 791, 8200, 9293, 768, 792, 4443, 2784, 7348, 4380;
 * IEEE 802.1Q, 802.11; www.tcpdump.org/linktypes.html. */
#ifndef KS_WIRE_PACKET_H
#define KS_WIRE_PACKET_H
#include "base/span.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum address_family { ADDRESS_NONE = 0, ADDRESS_4 = 4, ADDRESS_6 = 6 };
enum { ADDRESS_TEXT = 46 }; /* room for the longest address as text, with the zero */

/* An IP address; version 4 is in the first 4 bytes, the rest is zero. */
struct address {
	uint8_t byte[16];
	uint8_t family; /* enum address_family */
};

static inline bool address_equal(const struct address *a, const struct address *b)
{
	return a->family == b->family && memcmp(a->byte, b->byte, sizeof a->byte) == 0;
}
/* From IPv4 or IPv6, by family and then by value: one order everywhere. */
int address_compare(const struct address *a, const struct address *b);
/* Of 4 or 16 bytes; family ADDRESS_NONE for any other length. */
struct address address_of(struct span bytes);
/* RFC 5952; "" for none.  Returns `text`. */
const char *address_show(const struct address *address, char text[ADDRESS_TEXT]);
/* From text, as people write it; family ADDRESS_NONE when it is none. */
struct address address_read(struct span text);
/* Not routed in the world (RFC 1918, 6598, 3927, 4193, 4291 link-local, loopback). */
bool address_is_private(const struct address *address);
/* Multicast, broadcast 255.255.255.255, or unspecified: nobody's own address. */
bool address_is_group(const struct address *address);

struct mac {
	uint8_t byte[6];
};
static inline bool mac_is_zero(const struct mac *mac)
{
	return memcmp(mac->byte, (const uint8_t[6]){ 0 }, 6) == 0;
}
/* Broadcast or multicast: not one device. */
static inline bool mac_is_group(const struct mac *mac)
{
	return mac->byte[0] & 1;
}

/* The layer a packet was understood up to. */
enum packet_layer {
	PACKET_NOTHING,	 /* a link type we do not know, or cut before anything is known */
	PACKET_LINK,	 /* addresses of the link and the type of what is inside */
	PACKET_NETWORK,	 /* IPv4 or IPv6 addresses */
	PACKET_TRANSPORT /* ports, or the ICMP type */
};

enum packet_flag { /* what was met on the way in */
	PACKET_CUT = 1,		 /* captured less than was sent */
	PACKET_MALFORMED = 2,	 /* a length or version contradicts the bytes */
	PACKET_FRAGMENT = 4,	 /* a fragment that does not complete its datagram */
	PACKET_REASSEMBLED = 8,	 /* the transport part was put together of fragments */
	PACKET_OVERLAP = 16,	 /* of fragments that overlap with other bytes */
	PACKET_RETRY = 32,	 /* 802.11: sent again; counted, not listened to */
	PACKET_SECRET_LINK = 64, /* 802.11: the frame itself is encrypted */
	PACKET_LATE_ERROR = 128, /* ICMP error: `quote` is what it complains about */
	PACKET_SHADOW = 256,	 /* no frame of its own: a stream that carries the packet */
	PACKET_QUOTED = 512	 /* the same, of one that an ICMP error quotes */
};

enum tcp_flag {
	TCP_FIN = 1,
	TCP_SYN = 2,
	TCP_RST = 4,
	TCP_PSH = 8,
	TCP_ACK = 16,
	TCP_URG = 32
};

/* Protocol numbers of IP that are met by name. */
enum ip_protocol {
	IP_HOP_OPTIONS = 0,
	IP_ICMP = 1,
	IP_IGMP = 2,
	IP_IN_4 = 4,
	IP_TCP = 6,
	IP_UDP = 17,
	IP_IN_6 = 41,
	IP_GRE = 47,
	IP_ESP = 50,
	IP_AH = 51,
	IP_ICMP6 = 58,
	IP_SCTP = 132,
	IP_UDP_LITE = 136
};

/* What an ICMP error quotes: the head of the packet that caused it. */
struct packet_quote {
	struct address from, to;
	uint16_t from_port, to_port;
	uint8_t protocol; /* 0: the quote could not be read */
	uint8_t ttl;
	bool whole; /* all of a TCP header without options, or more, is quoted */
	uint32_t tcp_seq;
};

/* A UDP stream that carries the packet (VXLAN, GTP-U, Teredo, Geneve, L2TP). */
struct packet_carrier {
	struct address from, to;
	uint16_t from_port, to_port;
};
enum { PACKET_CARRIERS = 2 };

struct packet {
	int64_t time_ns;
	uint64_t frame;	    /* counted from 1 over the whole capture, as tshark does */
	uint32_t length;    /* original bytes of the frame */
	uint32_t captured;  /* bytes of it that are here */
	uint32_t interface; /* of the capture file, from 0 */
	uint16_t link;	    /* LINKTYPE_ number of the interface */

	uint16_t flags;	    /* enum packet_flag; the first that packet_read() clears */
	uint8_t layer;	    /* enum packet_layer, of the innermost that was read */
	uint8_t tunnels;    /* IP headers around the innermost one */
	uint8_t vlans;	    /* tags met, outermost first in vlan[] (two are kept) */
	bool has_mac;
	uint16_t vlan[2];
	uint16_t ether_type; /* of the innermost network protocol */
	uint8_t protocol;    /* transport: enum ip_protocol */
	uint8_t ttl;	     /* or hop limit */
	uint8_t tcp_flags;
	uint8_t icmp_type, icmp_code;
	uint8_t carriers;	     /* how many of carrier[], outermost first */
	uint16_t from_port, to_port; /* zero when there are none */
	uint16_t tcp_window;	     /* as sent, not scaled */
	uint32_t tcp_seq, tcp_ack;
	uint32_t payload_length; /* as the headers say; more than payload.left when cut */
	uint32_t outer_length;	 /* of the outermost IP header: all of the datagram */
	struct span payload;	 /* of the transport, as far as captured */
	void *datagram;		 /* memory of one put together; packet_drop() gives it back */
	struct mac mac_from, mac_to;
	struct address from, to; /* of the innermost IP header */

	/* of use only with tunnels, with PACKET_LATE_ERROR, as `carriers` says; not set otherwise */
	struct address outer_from, outer_to; /* of the outermost IP header */
	struct packet_quote quote;
	struct packet_carrier carrier[PACKET_CARRIERS];
	struct span more; /* always set: frames of 802.11 that came in this one, see link_more_cut */
};
enum { PACKET_PLAIN = offsetof(struct packet, outer_from) }; /* bytes of all but those */

struct frame;	  /* wire/capture.h */
struct fragments; /* wire/frag.h */
/* Take a frame apart.  Never fails: `layer` and `flags` tell how far it went. */
void packet_read(const struct frame *frame, struct fragments *fragments,
    struct packet *ret_packet);
void packet_drop(struct packet *packet);
#endif
