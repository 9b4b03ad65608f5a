#include "wire/dhcp.h"
#include "wire/link.h"
#include "wire/tongues.h"

enum { HEAD = 236, PORT6_CLIENT = 546, PORT6_SERVER = 547 };
enum { DHCP_ACK = 5, OPTION_PAD = 0, OPTION_NAME = 12, OPTION_TYPE = 53, OPTION_CLASS = 60,
	OPTION_FQDN = 81, OPTION_END = 255 };
enum { OPTION6_CLIENT = 1, OPTION6_IA = 3, OPTION6_ADDRESS = 5, OPTION6_RELAY = 9,
	OPTION6_CLASS = 16, OPTION6_FQDN = 39, OPTION6_MOST = 160 };

/* -- IPv4 ----------------------------------------------------------------------------------- */

bool dhcp_looks_like(struct span message)
{
	const uint8_t *p = link_cut(&message, HEAD);

	return p != NULL && (p[0] == 1 || p[0] == 2) && p[2] <= 16 &&
	    span_be(&message, 4) == 0x63825363;
}

/* A name in labels with their lengths, dotted. */
static struct span labels_join(struct span labels, char room[DHCP_NAME])
{
	size_t used = 0;

	while (labels.left > 0) {
		size_t length = (size_t)span_be(&labels, 1);
		struct span label = span_cut(&labels, length < labels.left ? length : labels.left);

		if (label.left == 0 || length > 63 || used + label.left + 1 > DHCP_NAME)
			break;
		if (used > 0)
			room[used++] = '.';
		memcpy(room + used, label.at, label.left);
		used += label.left;
	}
	return span_of(room, used);
}

static void option_read(uint8_t code, struct span value, char room[DHCP_NAME],
    uint8_t *ret_type, struct said_name *name)
{
	switch (code) {
	case OPTION_NAME:
		if (name->name.left == 0)
			name->name = value;
		break;
	case OPTION_CLASS:
		name->describes = value;
		break;
	case OPTION_TYPE:
		*ret_type = (uint8_t)span_be(&value, 1);
		break;
	case OPTION_FQDN: {
		uint64_t flags = span_be(&value, 1);

		(void)span_cut(&value, 2);
		if (value.left > 0)
			name->name = flags & 4 ? labels_join(value, room) : value;
		break;
	}
	default:
		break;
	}
}

bool dhcp_read(struct span message, char room[DHCP_NAME], struct said_name *ret_name)
{
	struct said_name name = { .how = NAME_DHCP };
	const uint8_t *p = link_cut(&message, HEAD);
	uint8_t type = 0;

	if (p == NULL || p[1] != 1 || p[2] != 6)
		return false;
	memcpy(name.mac.byte, p + 28, sizeof name.mac.byte);
	(void)span_cut(&message, 4);
	while (message.left > 0) {
		uint8_t code = (uint8_t)span_be(&message, 1);

		if (code == OPTION_PAD)
			continue;
		if (code == OPTION_END)
			break;
		size_t length = (size_t)span_be(&message, 1);
		struct span value = span_cut(&message, length);

		if (message.broken)
			break;
		option_read(code, value, room, &type, &name);
	}
	/* an address is its own once acknowledged, or when it says it is using it */
	if (p[0] == 2 && type == DHCP_ACK)
		name.address = address_of(span_of(p + 16, 4));
	else if (p[0] == 1)
		name.address = address_of(span_of(p + 12, 4));
	if (address_is_group(&name.address))
		name.address = (struct address){ .family = ADDRESS_NONE };
	if (p[0] == 2)
		name.describes = span_of(NULL, 0); /* the server's words */
	if (mac_is_zero(&name.mac) || (name.name.left == 0 && name.describes.left == 0 &&
					  name.address.family == ADDRESS_NONE))
		return false;
	*ret_name = name;
	return true;
}

/* -- IPv6 ------------------------------------------------------------------------------------- */

/* The link address within a DUID, of the two kinds that have one. */
static void duid_read(struct span duid, struct mac *mac)
{
	uint64_t kind = span_be(&duid, 2), hardware = span_be(&duid, 2);

	if ((kind != 1 && kind != 3) || hardware != 1)
		return;
	if (kind == 1)
		(void)span_cut(&duid, 4);
	struct span link = span_cut(&duid, 6);

	if (link.left == 6)
		memcpy(mac->byte, link.at, 6);
}

static bool option6_next(struct span *options, uint16_t *ret_code, struct span *ret_value)
{
	*ret_code = (uint16_t)span_be(options, 2);
	size_t length = (size_t)span_be(options, 2);

	*ret_value = span_cut(options, length);
	return !options->broken;
}

static void address6_read(struct span ia, struct said_name *name)
{
	uint16_t code;
	struct span value;

	(void)span_cut(&ia, 12);
	while (ia.left > 0 && option6_next(&ia, &code, &value))
		if (code == OPTION6_ADDRESS)
			name->address = address_of(span_cut(&value, 16));
}

static void option6_read(uint8_t type, uint16_t code, struct span value,
    char room[DHCP_NAME], struct said_name *name)
{
	switch (code) {
	case OPTION6_CLIENT:
		duid_read(value, &name->mac);
		break;
	case OPTION6_IA:
		if (type == 7) /* a reply: the address is given */
			address6_read(value, name);
		break;
	case OPTION6_CLASS:
		(void)span_cut(&value, 6);
		name->describes = value;
		break;
	case OPTION6_FQDN:
		(void)span_cut(&value, 1);
		name->name = labels_join(value, room);
		break;
	default:
		break;
	}
}

bool dhcp6_read(struct span message, char room[DHCP_NAME], struct said_name *ret_name)
{
	struct said_name name = { .how = NAME_DHCP6 };
	uint8_t type = (uint8_t)span_be(&message, 1);
	uint16_t code;
	struct span value;

	if (type == 12 || type == 13) { /* relayed: the message is an option */
		(void)span_cut(&message, 33);
		while (message.left > 0 && option6_next(&message, &code, &value))
			if (code == OPTION6_RELAY && value.left > 0 && value.at[0] < 12)
				return dhcp6_read(value, room, ret_name);
		return false;
	}
	(void)span_cut(&message, 3);
	if (message.broken || type < 1 || type > 11)
		return false;
	while (message.left > 0 && option6_next(&message, &code, &value))
		option6_read(type, code, value, room, &name);
	if (name.address.family == ADDRESS_NONE && name.name.left == 0 &&
	    name.describes.left == 0)
		return false;
	*ret_name = name;
	return true;
}

/* -- tongues ---------------------------------------------------------------------------------------- */

static bool ports_are(const struct flow_view *flow, uint16_t a, uint16_t b)
{
	return (flow->client_port == a || flow->client_port == b) &&
	    (flow->server_port == a || flow->server_port == b);
}

static enum guess dhcp_guess(const struct flow_view *flow, const struct span first[2])
{
	struct span message = first[0].left > 0 ? first[0] : first[1];

	(void)flow;
	return dhcp_looks_like(message) ? GUESS_YES : GUESS_NO;
}

static void dhcp_take(struct talk *talk, enum said_side side, struct span bytes)
{
	char room[DHCP_NAME];
	struct said_name name;

	if (dhcp_looks_like(bytes) && dhcp_read(bytes, room, &name))
		say_name(talk, side, &name);
}

const struct tongue tongue_dhcp = {
	.name = "dhcp", .over = OVER_UDP, .guess = dhcp_guess, .take = dhcp_take,
};

static enum guess dhcp6_guess(const struct flow_view *flow, const struct span first[2])
{
	struct span message = first[0].left > 0 ? first[0] : first[1];
	uint64_t type = span_be(&message, 1);
	size_t whole = 0;

	/* its head is four bytes: content alone is too little, and so is the port */
	if (!ports_are(flow, PORT6_CLIENT, PORT6_SERVER) || type < 1 || type > 13)
		return GUESS_NO;
	(void)span_cut(&message, type == 12 || type == 13 ? 33 : 3);
	while (message.left > 0) {
		uint64_t code = span_be(&message, 2), length = span_be(&message, 2);

		if (message.broken || code == 0 || code > OPTION6_MOST)
			return GUESS_NO;
		if (length > message.left) /* only the front of a long one is shown */
			return whole > 0 ? GUESS_YES : GUESS_NO;
		(void)span_cut(&message, (size_t)length);
		whole++;
	}
	return whole > 0 ? GUESS_YES : GUESS_NO;
}

static void dhcp6_take(struct talk *talk, enum said_side side, struct span bytes)
{
	char room[DHCP_NAME];
	struct said_name name;

	if (dhcp6_read(bytes, room, &name))
		say_name(talk, side, &name);
}

const struct tongue tongue_dhcp6 = {
	.name = "dhcp6", .over = OVER_UDP, .guess = dhcp6_guess, .take = dhcp6_take,
};
