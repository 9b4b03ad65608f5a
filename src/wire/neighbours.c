/* What is said below TCP and UDP: ARP (RFC 826), neighbour discovery (RFC 4861), ICMP
 * errors and echoes (RFC 792, 4443), LLDP (IEEE 802.1AB) and CDP. */
#include "wire/link.h"
#include "wire/neighbours.h"
#include "wire/worker.h"

static void name_tell(struct ear_worker *worker, const struct flow *flow,
    enum said_side side, const struct said_name *name)
{
	struct said_head head;

	if (worker->ears->name == NULL)
		return;
	worker_said(worker, flow, side, &head);
	worker->ears->name(worker->ears->context, &head, name);
}

bool arp_read(struct span bytes, struct said_name *ret_name)
{
	const uint8_t *p = link_cut(&bytes, 28);
	struct said_name name = { .how = NAME_ARP };

	/* Ethernet and IPv4, request or answer */
	if (p == NULL || link_be32(p) != 0x00010800 || p[4] != 6 || p[5] != 4 ||
	    link_be16(p + 6) < 1 || link_be16(p + 6) > 2)
		return false;
	memcpy(name.mac.byte, p + 8, sizeof name.mac.byte);
	name.address = address_of(span_of(p + 14, 4));
	if (address_is_group(&name.address) || mac_is_group(&name.mac) ||
	    mac_is_zero(&name.mac)) /* a probe: nobody's address yet */
		return false;
	if (link_be16(p + 6) == 2 && memcmp(p + 14, p + 24, 4) != 0)
		name.how = NAME_ARP_ANSWER;
	*ret_name = name;
	return true;
}

/* A neighbour's own link address: in its advertisement, or in what it asks. */
bool ndp_read(uint8_t type, const struct address *from, struct span bytes,
    struct said_name *ret_name)
{
	struct said_name name = { .how = NAME_NDP, .address = *from };
	uint8_t wanted = 1;

	switch (type) {
	case 133: /* who is a router here? */
		(void)span_cut(&bytes, 4);
		break;
	case 134:
		(void)span_cut(&bytes, 12);
		break;
	case 135:
		(void)span_cut(&bytes, 4 + 16);
		break;
	case 136:
		(void)span_cut(&bytes, 4);
		name.address = address_of(span_cut(&bytes, 16));
		wanted = 2;
		break;
	default:
		return false;
	}
	if (address_is_group(&name.address) || name.address.family != ADDRESS_6)
		return false;
	while (bytes.left >= 8) {
		uint8_t option = bytes.at[0];
		struct span value = span_cut(&bytes, bytes.at[1] * (size_t)8);

		if (value.left >= 8 && option == wanted) {
			memcpy(name.mac.byte, value.at + 2, sizeof name.mac.byte);
			*ret_name = name;
			return true;
		}
		if (value.left == 0)
			return false;
	}
	return false;
}

bool lldp_read(struct span frame, struct said_name *ret_name)
{
	enum { TLV_END, TLV_CHASSIS, TLV_NAME = 5, TLV_DESCRIPTION = 6, TLV_ADDRESS = 8 };
	struct said_name name = { .how = NAME_LLDP };

	while (frame.left >= 2) {
		uint32_t head = (uint32_t)span_be(&frame, 2);
		struct span value = span_cut(&frame, head & 0x1ff);

		if (frame.broken || head >> 9 == TLV_END)
			break;
		if (head >> 9 == TLV_CHASSIS && value.left == 7 && value.at[0] == 4) {
			memcpy(name.mac.byte, value.at + 1, sizeof name.mac.byte);
		} else if (head >> 9 == TLV_NAME) {
			name.name = value;
		} else if (head >> 9 == TLV_DESCRIPTION) {
			name.describes = value;
		} else if (head >> 9 == TLV_ADDRESS && value.left >= 6) {
			size_t length = value.at[0];

			(void)span_cut(&value, 2); /* the length also counts the family */
			if (length > 1)
				name.address = address_of(span_cut(&value, length - 1));
		}
	}
	if (name.name.left == 0 && name.describes.left == 0)
		return false;
	*ret_name = name;
	return true;
}

bool cdp_read(struct span frame, struct said_name *ret_name)
{
	enum { CDP_DEVICE = 1, CDP_ADDRESSES = 2, CDP_PLATFORM = 6 };
	struct said_name name = { .how = NAME_CDP };

	(void)span_cut(&frame, 4); /* version, time to live, sum */
	while (frame.left >= 4) {
		uint32_t type = (uint32_t)span_be(&frame, 2);
		size_t length = (size_t)span_be(&frame, 2);
		struct span value = span_cut(&frame, length - 4);

		if (length < 4 || value.broken)
			break;
		if (type == CDP_DEVICE) {
			name.name = value;
		} else if (type == CDP_PLATFORM) {
			name.describes = value;
		} else if (type == CDP_ADDRESSES && span_be(&value, 4) > 0) {
			(void)span_cut(&value, 1);
			size_t protocol = (size_t)span_be(&value, 1);

			(void)span_cut(&value, protocol);
			size_t size = (size_t)span_be(&value, 2);

			name.address = address_of(span_cut(&value, size));
		}
	}
	if (name.name.left == 0)
		return false;
	*ret_name = name;
	return true;
}

/* -- ICMP ---------------------------------------------------------------------------------------- */

static void error_tell(struct ear_worker *worker, const struct flow *flow,
    const struct packet *packet, enum said_side side)
{
	const struct packet_quote *quote = &packet->quote;
	bool six = packet->protocol == IP_ICMP6;
	bool expired = packet->icmp_type == (six ? 3 : 11);
	bool unreachable = packet->icmp_type == (six ? 1 : 3);
	bool port = unreachable && packet->icmp_code == (six ? 4 : 3);
	struct said_hop hop = { .prober = quote->from, .target = quote->to,
		.router = packet->from, .protocol = quote->protocol, .ttl = quote->ttl,
		.from_port = quote->from_port, .to_port = quote->to_port,
		.icmp_type = packet->icmp_type, .icmp_code = packet->icmp_code };
	struct said_head head;

	if (worker->ears->hop == NULL || (!expired && !unreachable))
		return;
	hop.kind = expired ? HOP_EXPIRED : port ? HOP_REACHED : HOP_REFUSED;
	worker_said(worker, flow, side, &head);
	worker->ears->hop(worker->ears->context, &head, &hop);
}

static void echo_tell(struct ear_worker *worker, const struct flow *flow,
    const struct packet *packet, enum said_side side)
{
	struct said_hop hop = { .kind = HOP_REACHED, .prober = packet->to,
		.target = packet->from, .router = packet->from, .protocol = packet->protocol,
		.ttl = packet->ttl, .icmp_type = packet->icmp_type };
	struct said_head head;

	if (worker->ears->hop == NULL || packet->payload.left < 4)
		return;
	hop.from_port = link_be16(packet->payload.at);
	hop.to_port = link_be16(packet->payload.at + 2);
	worker_said(worker, flow, side, &head);
	worker->ears->hop(worker->ears->context, &head, &hop);
}

static void icmp_take(struct ear_worker *worker, const struct flow *flow,
    const struct packet *packet, enum said_side side)
{
	struct said_name name;

	if (packet->flags & PACKET_LATE_ERROR)
		error_tell(worker, flow, packet, side);
	else if (packet->icmp_type == (packet->protocol == IP_ICMP6 ? 129 : 0))
		echo_tell(worker, flow, packet, side);
	else if (packet->protocol == IP_ICMP6 && packet->ttl == 255 &&
	    ndp_read(packet->icmp_type, &packet->from, packet->payload, &name))
		name_tell(worker, flow, side, &name);
}

void neighbours_take(struct ear_worker *worker, const struct flow *flow,
    const struct packet *packet, enum said_side side)
{
	struct said_name name;
	bool told = false;

	if (packet->flags & PACKET_SHADOW)
		return;
	if (packet->layer == PACKET_TRANSPORT &&
	    (packet->protocol == IP_ICMP || packet->protocol == IP_ICMP6)) {
		icmp_take(worker, flow, packet, side);
		return;
	}
	if (packet->layer != PACKET_LINK)
		return;
	if (packet->ether_type == ETHER_ARP)
		told = arp_read(packet->payload, &name);
	else if (packet->ether_type == ETHER_LLDP)
		told = lldp_read(packet->payload, &name);
	else if (packet->ether_type == ETHER_CDP)
		told = cdp_read(packet->payload, &name);
	if (told && mac_is_zero(&name.mac))
		name.mac = packet->mac_from;
	if (told)
		name_tell(worker, flow, side, &name);
}
