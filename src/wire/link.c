/* One reader for each link type; all end in link_of(). */
#include "wire/link.h"

static void mac_copy(struct mac *to, const uint8_t *from)
{
	memcpy(to->byte, from, sizeof to->byte);
}

uint16_t link_llc(struct span *rest)
{
	const uint8_t *p = link_cut(rest, 3);

	if (p == NULL)
		return 0;
	if (p[0] == 0xaa && p[1] == 0xaa && p[2] == 3) { /* SNAP: organisation and type */
		p = link_cut(rest, 5);
		return p != NULL ? link_be16(p + 3) : 0;
	}
	if (p[0] == 6 && p[1] == 6) /* the SAP of IP */
		return ETHER_IP4;
	return 0;
}

uint16_t link_ppp(struct span *rest)
{
	const uint8_t *p;
	uint16_t protocol;

	if (rest->left > 2 && rest->at[0] == 0xff && rest->at[1] == 3)
		(void)link_cut(rest, 2); /* address and control */
	p = link_cut(rest, 1);
	if (p == NULL)
		return 0;
	protocol = p[0];
	if ((protocol & 1) == 0) { /* not compressed */
		p = link_cut(rest, 1);
		if (p == NULL)
			return 0;
		protocol = (uint16_t)(protocol << 8 | p[0]);
	}
	switch (protocol) {
	case 0x0021:
		return ETHER_IP4;
	case 0x0057:
		return ETHER_IP6;
	case 0x0281:
		return ETHER_MPLS;
	case 0x0283:
		return ETHER_MPLS_GROUP;
	case 0x0031:
		return ETHER_BRIDGED;
	default:
		return 0;
	}
}

uint16_t link_ethernet(struct packet *packet, struct span *rest)
{
	const uint8_t *p = link_cut(rest, 14);
	uint16_t type;

	if (p == NULL)
		return 0;
	mac_copy(&packet->mac_to, p);
	mac_copy(&packet->mac_from, p + 6);
	packet->has_mac = true;
	type = link_be16(p + 12);
	if (type > 1500)
		return type;
	if (rest->left > type) /* 802.3: padding behind the length */
		rest->left = type;
	return rest->left > 0 ? ETHER_LLC : 0;
}

/* Both Linux "cooked" headers tell the sender's address only. */
static uint16_t link_cooked(struct packet *packet, struct span *rest, bool second)
{
	const uint8_t *p = link_cut(rest, second ? 20 : 16);
	uint16_t hardware, type;
	unsigned mac_length;

	if (p == NULL)
		return 0;
	hardware = link_be16(p + (second ? 8 : 2));
	mac_length = second ? p[11] : link_be16(p + 4);
	type = link_be16(p + (second ? 0 : 14));
	if (mac_length == 6) {
		mac_copy(&packet->mac_from, p + (second ? 12 : 6));
		packet->has_mac = !mac_is_zero(&packet->mac_from);
	}
	if (hardware == 824) /* netlink */
		return 0;
	return type == 4 ? ETHER_LLC : type > 1500 ? type : 0;
}

/* BSD's loopback: the address family of the machine that captured, in its byte order. */
static uint16_t link_null(struct span *rest)
{
	const uint8_t *p = link_cut(rest, 4);
	uint32_t family;

	if (p == NULL)
		return 0;
	family = link_be32(p);
	if (family > 0xffff)
		family = __builtin_bswap32(family);
	switch (family) {
	case 2:
		return ETHER_IP4;
	case 10: /* Linux, and the BSDs and macOS: each has its own number */
	case 24:
	case 28:
	case 30:
		return ETHER_IP6;
	default: /* some write an ether type behind two bytes of their own */
		return link_be16(p + 2) > 1500 ? link_be16(p + 2) : 0;
	}
}

/* IEEE 802.11-2020 9.3.2.2.2: two addresses, a length, the content, and padding to four
 * bytes but after the last. */
bool link_more_cut(struct span *more, struct span *ret_frame)
{
	enum { HEAD = 14 };
	size_t length;

	if (more->left < HEAD)
		return false;
	length = HEAD + link_be16(more->at + HEAD - 2);
	*ret_frame = span_cut(more, length < more->left ? length : more->left);
	(void)span_cut(more, (4 - length % 4) % 4 < more->left ? (4 - length % 4) % 4 : more->left);
	return true;
}

/* IEEE 802.11 data frames; `pad`: to four bytes before the payload. */
static uint16_t link_wifi(struct packet *packet, struct span *rest, bool pad)
{
	static const uint8_t to_at[4] = { 4, 16, 4, 16 }, from_at[4] = { 10, 10, 16, 24 };
	const uint8_t *p = link_cut(rest, 24);
	unsigned ways, length = 24;
	bool several = false; /* an A-MSDU */
	uint8_t head[30] = { 0 };

	if (p == NULL || (p[0] & 0x0c) != 0x08) /* management and control say nothing here */
		return 0;
	memcpy(head, p, 24);
	ways = p[1] & 3; /* 1: towards the network behind the station, 2: from it, 3: both */
	if (ways == 3) {
		const uint8_t *fourth = link_cut(rest, 6);

		if (fourth == NULL)
			return 0;
		memcpy(head + 24, fourth, 6);
		length += 6;
	}
	mac_copy(&packet->mac_to, head + to_at[ways]);
	mac_copy(&packet->mac_from, head + from_at[ways]);
	packet->has_mac = true;
	if (head[1] & 0x08)
		packet->flags |= PACKET_RETRY;
	if (head[0] & 0x40) /* no data in it */
		return 0;
	if (head[0] & 0x80) { /* quality of service, and perhaps high throughput */
		unsigned more = head[1] & 0x80 ? 6 : 2;

		const uint8_t *quality = link_cut(rest, more);

		if (quality == NULL)
			return 0;
		several = quality[0] & 0x80;
		length += more;
	}
	if (head[1] & 0x40) {
		packet->flags |= PACKET_SECRET_LINK;
		return 0;
	}
	if (pad && length % 4 != 0)
		(void)link_cut(rest, 4 - length % 4);
	if (several) {
		packet->more = *rest;
		return link_more_cut(&packet->more, rest) ? ETHER_BRIDGED : 0;
	}
	return rest->left > 0 ? ETHER_LLC : 0;
}

/* radiotap.org: a bit map says which fields follow; the second of them are flags. */
static uint16_t link_radiotap(struct packet *packet, struct span *rest)
{
	struct span head = *rest;
	uint64_t present, word;
	size_t length, at = 8;
	uint8_t flags = 0;

	(void)span_cut(&head, 2);
	length = (size_t)span_le(&head, 2);
	present = word = span_le(&head, 4);
	while (!head.broken && word & 0x80000000) {
		word = span_le(&head, 4);
		at += 4;
	}
	struct span whole = span_cut(rest, length);

	if (head.broken || whole.broken || length < at)
		return 0;
	if (present & 1) /* a clock of 8 bytes, in line with 8 */
		at = (at + 7) / 8 * 8 + 8;
	if (present & 2 && at < whole.left)
		flags = whole.at[at];
	return link_wifi(packet, rest, flags & 0x20);
}

/* Headers that tell their own length, then 802.11. */
static uint16_t link_headed_wifi(struct packet *packet, struct span *rest)
{
	struct span head = *rest;
	bool avs = packet->link == 163;

	(void)span_cut(&head, 4);
	size_t length = (size_t)(avs ? span_be(&head, 4) : span_le(&head, 4));

	if (link_cut(rest, length) == NULL)
		return 0;
	return link_wifi(packet, rest, false);
}

/* Linux netfilter's log: attributes, in this order of bytes; one is the packet. */
static uint16_t link_nflog(struct span *rest)
{
	const uint8_t *p = link_cut(rest, 4);
	uint8_t family;

	if (p == NULL)
		return 0;
	family = p[0];
	while (rest->left >= 4) {
		size_t length = (size_t)span_le(rest, 2);
		uint16_t type = (uint16_t)span_le(rest, 2);

		if (length < 4)
			return 0;
		struct span value = span_cut(rest, length - 4);

		if (type == 9) {
			*rest = value;
			return family == 2 ? ETHER_IP4 : family == 10 ? ETHER_IP6 : 0;
		}
		(void)span_cut(rest, (4 - length % 4) % 4);
	}
	return 0;
}

static uint16_t link_hdlc(struct span *rest)
{
	if (rest->left > 2 && rest->at[0] == 0xff)
		return link_ppp(rest);
	const uint8_t *p = link_cut(rest, 4);

	return p != NULL && (p[0] == 0x0f || p[0] == 0x8f) ? link_be16(p + 2) : 0;
}

/* OpenBSD's packet filter log and IPsec device. */
static uint16_t link_filter(const struct packet *packet, struct span *rest)
{
	struct span head = *rest;
	size_t length = 12;
	uint64_t family;

	if (packet->link == 117) {
		length = ((size_t)span_be(&head, 1) + 3) / 4 * 4;
		family = span_be(&head, 1);
	} else {
		family = span_le(&head, 4);
	}
	if (link_cut(rest, length) == NULL)
		return 0;
	return family == 2 ? ETHER_IP4 : family == 10 || family == 24 || family == 28 || family == 30
		? ETHER_IP6
		: 0;
}

static uint16_t link_skip(struct span *rest, size_t n, uint16_t then)
{
	return link_cut(rest, n) != NULL ? then : 0;
}

static uint16_t link_ppi(struct packet *packet, struct span *rest)
{
	struct span head = *rest;

	(void)span_cut(&head, 2);
	size_t length = (size_t)span_le(&head, 2);
	uint64_t link = span_le(&head, 4);

	if (link_cut(rest, length) == NULL)
		return 0;
	if (link == 105)
		return link_wifi(packet, rest, false);
	return link == 1 ? link_ethernet(packet, rest) : 0;
}

/* Those met seldom. */
static uint16_t link_rare(struct packet *packet, struct span *rest)
{
	switch (packet->link) {
	case 6: /* token ring; source routing is not read */
		return link_skip(rest, 14, ETHER_LLC);
	case 10: /* FDDI */
		return link_skip(rest, 13, ETHER_LLC);
	case 104: /* Cisco HDLC */
	case 50:  /* PPP or Cisco HDLC */
		return link_hdlc(rest);
	case 109:
	case 117:
		return link_filter(packet, rest);
	case 119: /* Prism, AVS */
	case 163:
		return link_headed_wifi(packet, rest);
	case 138: /* IP over FireWire */
		(void)span_cut(rest, 16);
		return (uint16_t)span_be(rest, 2);
	case 166: /* PPP with a byte of direction */
	case 204:
		return link_skip(rest, 1, ETHER_PPP);
	case 192:
		return link_ppi(packet, rest);
	case 239:
		return link_nflog(rest);
	default:
		return 0;
	}
}

uint16_t link_read(struct packet *packet, struct span *rest)
{
	switch (packet->link) {
	case 1:
		return link_ethernet(packet, rest);
	case 113:
		return link_cooked(packet, rest, false);
	case 276:
		return link_cooked(packet, rest, true);
	case 0:
	case 108:
		return link_null(rest);
	case 12: /* raw IP, as several systems number it */
	case 14:
	case 101:
	case 228:
	case 229:
		return ETHER_BY_VERSION;
	case 105:
		return link_wifi(packet, rest, false);
	case 127:
		return link_radiotap(packet, rest);
	case 9:
		return ETHER_PPP;
	case 51:
		return ETHER_PPPOE;
	default:
		return link_rare(packet, rest);
	}
}
