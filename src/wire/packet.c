/* From the link to the innermost transport: each layer names the next, and the loop
 * ends when there is none, or when LIMIT_TUNNELS headers were seen. */
#include "base/limits.h"
#include "wire/capture.h"
#include "wire/frag.h"
#include "wire/link.h"
#include "wire/tunnel.h"
#include <stdlib.h>


struct reading {
	struct packet *packet;
	struct fragments *fragments;
	struct span rest;
	unsigned depth; /* headers seen: a bound on hostile nesting */
};

/* Put together where it stays: a copy made at once would wait for what was just written. */
static void address_put(struct address *to, enum address_family family, const uint8_t *byte)
{
	uint64_t half[2] = { 0, 0 };

	memcpy(half, byte, family == ADDRESS_4 ? 4 : 16);
	memcpy(to->byte, &half[0], 8);
	memcpy(to->byte + 8, &half[1], 8);
	to->family = (uint8_t)family;
}

static void packet_addresses(struct reading *r, enum address_family family,
    const uint8_t *from, const uint8_t *to, uint32_t length)
{
	struct packet *p = r->packet;

	if (p->layer < PACKET_NETWORK) {
		p->outer_length = length;
	} else if (p->tunnels++ == 0) {
		p->outer_from = p->from;
		p->outer_to = p->to;
	}
	address_put(&p->from, family, from);
	address_put(&p->to, family, to);
	p->from_port = p->to_port = 0;
	p->layer = PACKET_NETWORK;
}

/* -- transports ----------------------------------------------------------------------------- */

static void transport_payload(struct reading *r, size_t length)
{
	struct packet *p = r->packet;

	p->layer = PACKET_TRANSPORT;
	p->payload_length = (uint32_t)length;
	p->payload = r->rest;
	if (p->payload.left > length)
		p->payload = span_of(r->rest.at, length);
}

static uint16_t tcp_read(struct reading *r, size_t length)
{
	struct packet *p = r->packet;
	const uint8_t *head = link_cut(&r->rest, 20);
	size_t options;

	if (head == NULL)
		return 0;
	p->from_port = link_be16(head);
	p->to_port = link_be16(head + 2);
	p->tcp_seq = link_be32(head + 4);
	p->tcp_ack = link_be32(head + 8);
	p->tcp_flags = head[13] & 0x3f;
	p->tcp_window = link_be16(head + 14);
	options = (head[12] >> 4) * 4U;
	if (options < 20 || options > length) {
		p->flags |= PACKET_MALFORMED;
		r->rest.left = 0;
		transport_payload(r, 0);
		return 0;
	}
	if (r->rest.left > 0 && span_cut(&r->rest, options - 20).broken)
		r->rest = (struct span){ .left = 0 };
	transport_payload(r, length - options);
	return 0;
}

static uint16_t udp_read(struct reading *r, size_t length)
{
	struct packet *p = r->packet;
	const uint8_t *head = link_cut(&r->rest, 8);
	size_t inside;

	if (head == NULL)
		return 0;
	p->from_port = link_be16(head);
	p->to_port = link_be16(head + 2);
	inside = link_be16(head + 4);
	if (inside == 0 && p->from.family == ADDRESS_6) /* a jumbogram */
		inside = length;
	if (inside < 8) { /* no ports either, then */
		p->flags |= PACKET_MALFORMED;
		p->from_port = p->to_port = 0;
		return 0;
	}
	if (inside > length) {
		p->flags |= PACKET_MALFORMED;
		inside = length;
	}
	transport_payload(r, inside - 8);
	if (p->carriers < PACKET_CARRIERS && p->payload.left > 0) {
		struct span within = p->payload;
		uint16_t type = tunnel_udp(p, &within);

		if (type != 0) {
			p->carrier[p->carriers++] = (struct packet_carrier){ .from = p->from,
				.to = p->to, .from_port = p->from_port, .to_port = p->to_port };
			r->rest = within;
			return type;
		}
	}
	return 0;
}

/* The packet that an ICMP error complains about. */
static void quote_read(struct packet *p, struct span quoted)
{
	struct packet_quote quote = { .protocol = 0 };
	const uint8_t *ip = quoted.at;
	size_t head = 0;

	if (quoted.left >= 20 && ip[0] >> 4 == 4) {
		head = (ip[0] & 15U) * 4U;
		address_put(&quote.from, ADDRESS_4, ip + 12);
		address_put(&quote.to, ADDRESS_4, ip + 16);
		quote.protocol = ip[9];
		quote.ttl = ip[8];
		if (link_be16(ip + 6) & 0x1fff) /* a later fragment has no ports */
			return;
	} else if (quoted.left >= 40 && ip[0] >> 4 == 6) {
		head = 40;
		address_put(&quote.from, ADDRESS_6, ip + 8);
		address_put(&quote.to, ADDRESS_6, ip + 24);
		quote.protocol = ip[6];
		quote.ttl = ip[7];
	}
	if (head < 20 || span_cut(&quoted, head).broken || quoted.left < 8)
		return;
	quote.from_port = link_be16(quoted.at);
	quote.to_port = link_be16(quoted.at + 2);
	if (quote.protocol == IP_ICMP || quote.protocol == IP_ICMP6) {
		quote.from_port = link_be16(quoted.at + 4); /* identifier and sequence */
		quote.to_port = link_be16(quoted.at + 6);
	}
	quote.tcp_seq = link_be32(quoted.at + 4);
	quote.whole = quoted.left >= 20;
	p->quote = quote;
	p->flags |= PACKET_LATE_ERROR;
}

static uint16_t icmp_read(struct reading *r, size_t length)
{
	struct packet *p = r->packet;
	const uint8_t *head = link_cut(&r->rest, 4);
	bool error;

	if (head == NULL)
		return 0;
	p->icmp_type = head[0];
	p->icmp_code = head[1];
	transport_payload(r, length > 4 ? length - 4 : 0);
	error = p->protocol == IP_ICMP6 ? head[0] >= 1 && head[0] <= 4
	    : head[0] == 3 || head[0] == 4 || head[0] == 5 || head[0] == 11 || head[0] == 12;
	struct span quoted = p->payload;

	(void)span_cut(&quoted, 4);
	if (error && quoted.left > 0)
		quote_read(p, quoted);
	return 0;
}

static uint16_t transport_read(struct reading *r, uint8_t protocol, size_t length);

/* Signed, not encrypted (RFC 4302): what it signs follows. */
static uint16_t ah_read(struct reading *r, size_t length)
{
	struct span whole = r->rest;
	const uint8_t *head = link_cut(&r->rest, 12);
	size_t size = head != NULL ? (head[1] + 2U) * 4 : 0;

	if (head == NULL)
		return 0;
	if (size < 12 || size > length || r->depth++ >= LIMIT_TUNNELS) {
		r->packet->flags |= PACKET_MALFORMED;
		return 0;
	}
	r->rest = whole;
	if (span_cut(&r->rest, size).broken)
		return 0;
	return transport_read(r, head[0], length - size);
}

static uint16_t transport_read(struct reading *r, uint8_t protocol, size_t length)
{
	r->packet->protocol = protocol;
	switch (protocol) {
	case IP_TCP:
		return tcp_read(r, length);
	case IP_UDP:
		return udp_read(r, length);
	case IP_ICMP:
	case IP_ICMP6:
		return icmp_read(r, length);
	case IP_IN_4:
	case 94: /* IPIP */
		return r->rest.left > 0 ? ETHER_BY_VERSION : 0;
	case IP_IN_6:
		return r->rest.left > 0 ? ETHER_IP6 : 0;
	case IP_GRE:
		return tunnel_gre(&r->rest);
	case 97: /* Ethernet within IP, RFC 3378 */
		return link_cut(&r->rest, 2) != NULL ? ETHER_BRIDGED : 0;
	case 137:
		return ETHER_MPLS;
	case IP_AH:
		return ah_read(r, length);
	default:
		r->packet->payload = r->rest;
		r->packet->payload_length = (uint32_t)length;
		return 0;
	}
}

/* -- IP ---------------------------------------------------------------------------------------- */

/* Who it is from and to, and nothing more is known of it alone. */
static uint16_t fragment_alone(struct packet *p, const struct fragment_whole *whole)
{
	p->flags |= PACKET_FRAGMENT;
	if (!whole->has_ports)
		return 0;
	p->from_port = whole->from_port;
	p->to_port = whole->to_port;
	p->layer = PACKET_TRANSPORT;
	return 0;
}

/* A piece of a datagram: the whole is read on once it is there. */
static uint16_t fragment_read(struct reading *r, struct fragment piece, size_t length)
{
	struct packet *p = r->packet;
	struct fragment_whole whole = { .bytes = NULL };

	p->protocol = piece.protocol;
	piece.cut = r->rest.left < length;
	if (r->fragments != NULL && p->datagram == NULL) {
		piece.from = p->from;
		piece.to = p->to;
		piece.time_ns = p->time_ns;
		piece.bytes = span_of(r->rest.at, piece.cut ? r->rest.left : length);
		fragments_take(r->fragments, &piece, &whole);
	}
	if (whole.overlap)
		p->flags |= PACKET_OVERLAP;
	if (piece.cut && piece.at == 0) /* its head may still tell */
		return transport_read(r, piece.protocol, length);
	if (whole.bytes == NULL)
		return fragment_alone(p, &whole);
	p->flags |= PACKET_REASSEMBLED;
	p->datagram = whole.bytes;
	r->rest = span_of(whole.bytes, whole.length);
	return transport_read(r, piece.protocol, whole.length);
}

/* Cut before the addresses: its length still counts. */
static void ip4_stump(struct packet *p, struct span head)
{
	if (p->outer_length == 0 && head.left >= 4 && head.at[0] >> 4 == 4)
		p->outer_length = link_be16(head.at + 2);
}

static uint16_t ip4_read(struct reading *r)
{
	struct packet *p = r->packet;
	struct span whole = r->rest;
	const uint8_t *head = link_cut(&r->rest, 20);
	size_t options, total;
	uint16_t place;

	if (head == NULL) {
		ip4_stump(p, whole);
		return 0;
	}
	options = (head[0] & 15U) * 4U;
	total = link_be16(head + 2);
	if (total == 0) /* cut into packets by the card only later */
		total = r->rest.left + 20;
	if (head[0] >> 4 != 4 || options < 20) {
		p->flags |= PACKET_MALFORMED;
		return 0;
	}
	packet_addresses(r, ADDRESS_4, head + 12, head + 16, (uint32_t)total);
	p->ttl = head[8];
	p->protocol = head[9];
	p->ether_type = ETHER_IP4;
	if (total < options || span_cut(&r->rest, options - 20).broken) {
		p->flags |= PACKET_MALFORMED;
		return 0;
	}
	total -= options;
	if (r->rest.left > total)
		r->rest.left = total;
	place = link_be16(head + 6);
	if (place & 0x3fff)
		return fragment_read(r,
		    (struct fragment){ .id = link_be16(head + 4), .protocol = head[9],
			.at = (place & 0x1fffU) * 8, .more = place & 0x2000 },
		    total);
	return transport_read(r, head[9], total);
}

/* Extension headers up to the transport; `length` is what the header says is left. */
static uint16_t ip6_extensions(struct reading *r, uint8_t next, size_t length)
{
	for (unsigned i = 0; i < LIMIT_IP6_EXTENSIONS; i++) {
		struct span before = r->rest;
		const uint8_t *head;
		size_t size;

		switch (next) {
		case 44: /* fragment */
			head = link_cut(&r->rest, 8);
			if (head == NULL || length < 8)
				return 0;
			uint16_t place = link_be16(head + 2);

			if ((place & 0xfff9) == 0) { /* atomic: nothing to wait for */
				next = head[0];
				length -= 8;
				continue;
			}
			return fragment_read(r,
			    (struct fragment){ .id = link_be32(head + 4), .protocol = head[0],
				.at = place & 0xfff8U, .more = place & 1 },
			    length - 8);
		case 0: /* hop by hop, routing, destination, mobility, host identity, shim */
		case 43:
		case 60:
		case 135:
		case 139:
		case 140:
		case IP_AH:
			head = link_cut(&r->rest, 2);
			if (head == NULL)
				return 0;
			size = next == IP_AH ? (head[1] + 2U) * 4 : (head[1] + 1U) * 8;
			if (size > length || size < 8)
				return 0;
			next = head[0];
			r->rest = before;
			if (span_cut(&r->rest, size).broken)
				return 0;
			length -= size;
			continue;
		default:
			return transport_read(r, next, length);
		}
	}
	r->packet->flags |= PACKET_MALFORMED;
	return 0;
}

static uint16_t ip6_read(struct reading *r)
{
	struct packet *p = r->packet;
	const uint8_t *head = link_cut(&r->rest, 40);
	size_t length;

	if (head == NULL)
		return 0;
	if (head[0] >> 4 != 6) {
		p->flags |= PACKET_MALFORMED;
		return 0;
	}
	length = link_be16(head + 4);
	packet_addresses(r, ADDRESS_6, head + 8, head + 24, (uint32_t)length + 40);
	p->ttl = head[7];
	p->protocol = head[6];
	p->ether_type = ETHER_IP6;
	if (length == 0) /* a jumbogram */
		length = r->rest.left;
	if (r->rest.left > length)
		r->rest.left = length;
	return ip6_extensions(r, head[6], length);
}

/* -- the loop -------------------------------------------------------------------------------------- */

static uint16_t vlan_read(struct reading *r)
{
	struct packet *p = r->packet;
	const uint8_t *tag = link_cut(&r->rest, 4);
	uint16_t type;

	if (tag == NULL)
		return 0;
	p->vlan[p->vlans > 0] = link_be16(tag) & 0xfff;
	if (p->vlans < UINT8_MAX)
		p->vlans++;
	type = link_be16(tag + 2);
	if (type > 1500)
		return type;
	if (r->rest.left > type)
		r->rest.left = type;
	return r->rest.left > 0 ? ETHER_LLC : 0;
}

static uint16_t inner_read(struct reading *r, uint16_t type)
{
	switch (type) {
	case ETHER_IP6:
		return ip6_read(r);
	case ETHER_IP4: /* a 6 behind the type of 4 is believed, as others do */
	case ETHER_BY_VERSION:
		if (r->rest.left == 0)
			return 0;
		return r->rest.at[0] >> 4 == 6 ? ip6_read(r) : ip4_read(r);
	case ETHER_VLAN:
	case ETHER_QINQ:
	case ETHER_QINQ_OLD:
		return vlan_read(r);
	case ETHER_LLC:
		return link_llc(&r->rest);
	case ETHER_PPP:
		return link_ppp(&r->rest);
	case ETHER_PPPOE:
		return tunnel_pppoe(&r->rest);
	case ETHER_MPLS:
	case ETHER_MPLS_GROUP:
		return tunnel_mpls(&r->rest);
	case ETHER_MACSEC:
		if (tunnel_macsec(&r->rest) && r->rest.left >= 2)
			return link_be16(span_cut(&r->rest, 2).at);
		r->packet->payload = r->rest;
		r->packet->payload_length = (uint32_t)r->rest.left;
		return 0;
	case ETHER_BRIDGED:
		return link_ethernet(r->packet, &r->rest);
	case ETHER_PBB: /* a backbone's tag, and the customer's frame behind it */
		return link_cut(&r->rest, 4) != NULL ? ETHER_BRIDGED : 0;
	default:
		r->packet->payload = r->rest;
		r->packet->payload_length = (uint32_t)r->rest.left;
		return 0;
	}
}

void packet_read(const struct frame *frame, struct fragments *fragments,
    struct packet *ret_packet)
{
	enum { BEGIN = offsetof(struct packet, flags), HALF = offsetof(struct packet, mac_from) };
	struct packet *p = ret_packet;
	struct reading r = { .packet = p, .fragments = fragments, .rest = frame->bytes };
	uint16_t type;

	/* in two halves, each short enough to be done without a loop */
	memset((char *)p + BEGIN, 0, HALF - BEGIN);
	memset((char *)p + HALF, 0, PACKET_PLAIN - HALF);
	p->more = (struct span){ .left = 0 };
	p->time_ns = frame->time_ns;
	p->frame = frame->number;
	p->length = frame->length;
	p->captured = (uint32_t)frame->bytes.left;
	p->interface = frame->interface;
	p->link = frame->link;
	if (p->captured < p->length)
		p->flags |= PACKET_CUT;
	type = link_read(p, &r.rest);
	if (type != 0 || p->has_mac)
		p->layer = PACKET_LINK;
	while (type != 0 && r.depth++ < LIMIT_TUNNELS) {
		if (p->layer == PACKET_LINK)
			p->ether_type = type;
		type = inner_read(&r, type);
	}
}

void packet_drop(struct packet *packet)
{
	free(packet->datagram);
	packet->datagram = NULL;
}
