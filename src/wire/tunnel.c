#include "wire/tunnel.h"
#include "wire/link.h"

enum { PORT_L2TP = 1701, PORT_GTP = 2152, PORT_TEREDO = 3544, PORT_VXLAN = 4789, PORT_GENEVE = 6081 };

/* ERSPAN: a mirrored frame behind a header of its own; type I has none. */
static uint16_t gre_mirror(struct span *rest, uint16_t type, bool numbered)
{
	if (type == ETHER_ERSPAN2 && numbered)
		(void)span_cut(rest, 8);
	if (type == ETHER_ERSPAN3) {
		const uint8_t *p = link_cut(rest, 12);

		if (p != NULL && p[11] & 1) /* more of it */
			(void)span_cut(rest, 8);
	}
	return ETHER_BRIDGED;
}

uint16_t tunnel_gre(struct span *rest)
{
	const uint8_t *p = link_cut(rest, 4);
	uint16_t flags, type;
	size_t more = 0;

	if (p == NULL)
		return 0;
	flags = link_be16(p);
	type = link_be16(p + 2);
	more += flags & 0xc000 ? 4 : 0; /* checksum or routing */
	more += flags & 0x2000 ? 4 : 0; /* key */
	more += flags & 0x1000 ? 4 : 0; /* sequence */
	if ((flags & 7) == 1) { /* PPTP */
		more += flags & 0x0080 ? 4 : 0;
		(void)span_cut(rest, more);
		return type == 0x880b && rest->left > 0 ? ETHER_PPP : 0;
	}
	(void)span_cut(rest, more);
	if (rest->broken || rest->left == 0 || flags & 0x4000)
		return 0;
	if (type == ETHER_ERSPAN2 || type == ETHER_ERSPAN3)
		return gre_mirror(rest, type, flags & 0x1000);
	return type;
}

uint16_t tunnel_mpls(struct span *rest)
{
	const uint8_t *p;

	do /* until the bottom of the stack */
		p = link_cut(rest, 4);
	while (p != NULL && (p[2] & 1) == 0);
	if (p == NULL || rest->left == 0)
		return 0;
	switch (rest->at[0] >> 4) {
	case 4:
		return ETHER_IP4;
	case 6:
		return ETHER_IP6;
	case 0: /* a pseudowire's control word */
		(void)span_cut(rest, 4);
		return ETHER_BRIDGED;
	default:
		return ETHER_BRIDGED;
	}
}

bool tunnel_macsec(struct span *rest)
{
	enum { VERSION = 0x80, EXPLICIT = 0x20, ENCRYPTED = 0x08, CHANGED = 0x04, HEAD = 6, SIGNATURE = 16 };
	const uint8_t *p = link_cut(rest, HEAD);

	if (p == NULL || p[0] & (VERSION | ENCRYPTED | CHANGED))
		return false;
	if (p[0] & EXPLICIT && link_cut(rest, 8) == NULL)
		return false;
	rest->left -= rest->left > SIGNATURE ? SIGNATURE : rest->left;
	return true;
}

uint16_t tunnel_pppoe(struct span *rest)
{
	const uint8_t *p = link_cut(rest, 6);
	uint16_t length;

	if (p == NULL || p[0] != 0x11 || p[1] != 0)
		return 0;
	length = link_be16(p + 4);
	if (rest->left > length)
		rest->left = length;
	return rest->left > 0 ? ETHER_PPP : 0;
}

/* Does an IP packet begin here, whose length fits what is here?  A little may follow it, and
 * of a frame that is cut its own end may not be here. */
static bool ip_begins(struct span s, bool cut)
{
	enum { FOLLOWS = 64 };
	size_t length = 0;

	if (s.left >= 20 && s.at[0] >> 4 == 4 && (s.at[0] & 15) >= 5 && (s.at[6] & 0x80) == 0)
		length = link_be16(s.at + 2);
	else if (s.left >= 40 && s.at[0] >> 4 == 6)
		length = link_be16(s.at + 4) + 40U;
	return length >= 20 && length + FOLLOWS >= s.left && (cut || length <= s.left);
}

/* RFC 7348, the group policy's flag and number, and the flag by which GPE says what follows:
 * whatever else is set, it is something else. */
static uint16_t udp_vxlan(struct span *rest)
{
	enum { MINE = 0x08, NAMED = 0x04, GROUP = 0x80 };
	static const uint16_t named[] = { 0, ETHER_IP4, ETHER_IP6, ETHER_BRIDGED };
	const uint8_t *p = link_cut(rest, 8);

	if (p == NULL || (p[0] & ~(NAMED | GROUP)) != MINE || p[7] != 0 || rest->left < 14)
		return 0;
	if (p[0] & NAMED)
		return p[3] < sizeof named / sizeof *named ? named[p[3]] : 0;
	return p[0] & GROUP || (p[1] | p[2] | p[3]) == 0 ? ETHER_BRIDGED : 0;
}

static uint16_t udp_geneve(struct span *rest)
{
	const uint8_t *p = link_cut(rest, 8);

	if (p == NULL || p[0] >> 6 != 0 || (p[1] & 0x3f) != 0 || p[7] != 0)
		return 0;
	uint16_t type = link_be16(p + 2);

	(void)span_cut(rest, (p[0] & 0x3fU) * 4);
	return rest->broken ? 0 : type;
}

/* A user's packet (message type 255), behind optional fields and extension headers. */
static uint16_t udp_gtp(struct span *rest, bool cut)
{
	const uint8_t *p = link_cut(rest, 8);

	if (p == NULL || p[0] >> 5 != 1 || (p[0] & 0x10) == 0 || p[1] != 255)
		return 0;
	if (p[0] & 7) {
		const uint8_t *more = link_cut(rest, 4);
		uint8_t next = more != NULL && p[0] & 4 ? more[3] : 0;

		while (next != 0 && rest->left > 0) {
			size_t length = rest->at[0] * 4U;
			const uint8_t *extension = length > 0 ? link_cut(rest, length) : NULL;

			if (extension == NULL)
				return 0;
			next = extension[length - 1];
		}
	}
	return !rest->broken && ip_begins(*rest, cut) ? ETHER_BY_VERSION : 0;
}

/* Authentication and origin may stand before the IPv6 packet. */
static uint16_t udp_teredo(struct span *rest, bool cut)
{
	if (rest->left >= 4 && rest->at[0] == 0 && rest->at[1] == 1) {
		size_t length = 4U + rest->at[2] + rest->at[3] + 9;

		(void)span_cut(rest, length);
	}
	if (rest->left >= 8 && rest->at[0] == 0 && rest->at[1] == 0)
		(void)span_cut(rest, 8);
	return rest->left >= 40 && rest->at[0] >> 4 == 6 && ip_begins(*rest, cut) ? ETHER_IP6 : 0;
}

static uint16_t udp_l2tp(struct span *rest)
{
	const uint8_t *p = link_cut(rest, 2);
	uint16_t flags;

	if (p == NULL)
		return 0;
	flags = link_be16(p);
	if ((flags & 0x000f) != 2 || flags & 0xb4f0) /* version 2, data only, nothing reserved */
		return 0;
	(void)span_cut(rest, (flags & 0x4000 ? 2U : 0U) + 4U + (flags & 0x0800 ? 4U : 0U));
	if (flags & 0x0200) {
		size_t offset = (size_t)span_be(rest, 2);

		(void)span_cut(rest, offset);
	}
	return !rest->broken && rest->left > 0 ? ETHER_PPP : 0;
}

uint16_t tunnel_udp(const struct packet *packet, struct span *rest)
{
	uint16_t from = packet->from_port, to = packet->to_port;
	bool cut = packet->flags & PACKET_CUT;

	if (to == PORT_VXLAN || from == PORT_VXLAN)
		return udp_vxlan(rest);
	if (to == PORT_GTP || from == PORT_GTP)
		return udp_gtp(rest, cut);
	if (to == PORT_TEREDO || from == PORT_TEREDO)
		return udp_teredo(rest, cut);
	if (to == PORT_GENEVE || from == PORT_GENEVE)
		return udp_geneve(rest);
	if (to == PORT_L2TP || from == PORT_L2TP)
		return udp_l2tp(rest);
	return 0;
}
