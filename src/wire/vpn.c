/* src/wire/vpn.c - see vpn.h. */
#include "wire/vpn.h"
#include "wire/link.h"

static struct span the_one(const struct span first[2])
{
	return first[SIDE_CLIENT].left > 0 ? first[SIDE_CLIENT] : first[SIDE_SERVER];
}

static bool is_zero(const uint8_t *at, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (at[i] != 0)
			return false;
	return true;
}

/* Keys and ciphertext: hardly any byte twice, and not text alone. */
static bool looks_secret(const uint8_t *at)
{
	enum { LOOK = 16, LEAST = 11 };
	unsigned distinct = 0, high = 0;

	for (int i = 0; i < LOOK; i++) {
		distinct += memchr(at, at[i], (size_t)i) == NULL;
		high += at[i] >> 7;
	}
	return distinct >= LEAST && high > 0;
}

static void secret_take(struct talk *talk, enum said_side side, struct span bytes)
{
	(void)bytes;
	talk_is_secret(talk);
	talk_rest(talk, side);
}

/* -- WireGuard ------------------------------------------------------------------------------- */

enum { WG_INITIATION = 148, WG_RESPONSE = 92, WG_COOKIE = 64, WG_DATA = 32 };

/* Kind, three zeros, and then a fixed length; data: to whom, a counter, whole blocks. */
static enum guess wireguard_guess(const struct flow_view *flow, const struct span first[2])
{
	struct span s = the_one(first);
	bool is = false;

	(void)flow;
	if (s.left < WG_DATA || !is_zero(s.at + 1, 3))
		return GUESS_NO;
	switch (s.at[0]) {
	case 1:
		is = s.left == WG_INITIATION && looks_secret(s.at + 8) && looks_secret(s.at + 40);
		break;
	case 2:
		is = s.left == WG_RESPONSE && looks_secret(s.at + 12) && looks_secret(s.at + 44);
		break;
	case 3:
		is = s.left == WG_COOKIE && looks_secret(s.at + 8) && looks_secret(s.at + 32);
		break;
	case 4:
		is = s.left % 16 == 0 && is_zero(s.at + 12, 4) && looks_secret(s.at + 16) &&
		    looks_secret(s.at + s.left - 16);
		break;
	default:
		break;
	}
	return is ? GUESS_YES : GUESS_NO;
}

const struct tongue tongue_wireguard = { .name = "wireguard", .over = OVER_UDP,
	.guess = wireguard_guess, .take = secret_take };

/* -- OpenVPN: only by its first messages ------------------------------------------------------------- */

/* A number that counts from one; with tls-crypt-v2 from 0x0f000001. */
static bool is_first_number(const uint8_t *at)
{
	return (at[0] == 0 || at[0] == 0x0f) && at[1] == 0 && at[2] == 0 && at[3] == 1;
}

/* What ends a reset: of the client no acknowledgement and message 0, of the server one. */
static bool reset_ends(struct span s, bool server)
{
	return server ? s.left == 17 && s.at[0] == 1 && is_zero(s.at + 1, 4) && is_zero(s.at + 13, 4)
		      : s.left == 5 && is_zero(s.at, 5);
}

/* Opcode, session, perhaps a digest (tls-auth) with number and time; or number, time, digest
 * and ciphertext (tls-crypt, v2 with the wrapped key behind it). */
static bool openvpn_reset(struct span s)
{
	enum { CLIENT = 0x38, SERVER = 0x40, CLIENT_3 = 0x50, SESSION = 9, STAMP = 8, CRYPT = 49 };
	static const uint8_t digests[] = { 16, 20, 28, 32, 48, 64 };
	bool server = s.left > 0 && s.at[0] == SERVER;
	struct span rest = s;

	if (s.left < 14 || (s.at[0] != CLIENT && s.at[0] != CLIENT_3 && !server) || is_zero(s.at + 1, 8))
		return false;
	(void)span_cut(&rest, SESSION);
	if (reset_ends(rest, server))
		return true;
	for (size_t i = 0; i < sizeof digests; i++) {
		struct span end = rest;

		(void)span_cut(&end, digests[i] + STAMP);
		if (!end.broken && is_first_number(rest.at + digests[i]) && reset_ends(end, server))
			return true;
	}
	if (s.left < CRYPT + 5 || !is_first_number(rest.at) || !looks_secret(rest.at + STAMP))
		return false;
	return s.at[0] == CLIENT_3 ? s.left > 2 * CRYPT : s.left == CRYPT + (server ? 17U : 5U);
}

static enum guess openvpn_guess(const struct flow_view *flow, const struct span first[2])
{
	(void)flow;
	return openvpn_reset(the_one(first)) ? GUESS_YES : GUESS_NO;
}

/* Each message behind its length. */
static enum guess openvpn_tcp_guess(const struct flow_view *flow, const struct span first[2])
{
	struct span s = the_one(first);
	size_t length = (size_t)span_be(&s, 2);

	(void)flow;
	if (s.left > 0 && s.at[0] != 0x38 && s.at[0] != 0x40 && s.at[0] != 0x50)
		return GUESS_NO;
	if (s.broken || s.left < length)
		return length > 0 && (length < 14 || length > 2048) ? GUESS_NO : GUESS_MAYBE;
	return openvpn_reset(span_cut(&s, length)) ? GUESS_YES : GUESS_NO;
}

const struct tongue tongue_openvpn = { .name = "openvpn", .over = OVER_UDP,
	.guess = openvpn_guess, .take = secret_take };
const struct tongue tongue_openvpn_tcp = { .name = "openvpn", .over = OVER_TCP,
	.guess = openvpn_tcp_guess, .take = secret_take };

/* -- IKE, and ESP behind it ---------------------------------------------------------------------- */

enum { IKE_HEAD = 28, PORT_IKE = 500, PORT_ESP = 4500, ESP_LEAST = 24, SPI_LEAST = 256 };

/* Who begins, version 1 or 2, a known kind of exchange, and its own length; of a long one
 * only the front may be here. */
static bool is_ike(struct span s)
{
	if (s.left < IKE_HEAD || is_zero(s.at, 8) || (s.at[17] != 0x10 && s.at[17] != 0x20))
		return false;
	uint8_t exchange = s.at[18];
	uint32_t length = link_be32(s.at + 24);

	return ((exchange >= 1 && exchange <= 6) || (exchange >= 32 && exchange <= 46)) &&
	    (s.at[19] & 0xc0) == 0 && length < 65536 &&
	    (length == s.left || (length > s.left && s.left >= 64));
}

static enum guess ike_guess(const struct flow_view *flow, const struct span first[2])
{
	bool port = flow->client_port == PORT_IKE || flow->server_port == PORT_IKE;

	return port && is_ike(the_one(first)) ? GUESS_YES : GUESS_NO;
}

static void nothing_take(struct talk *talk, enum said_side side, struct span bytes)
{
	(void)talk;
	(void)side;
	(void)bytes;
}

const struct tongue tongue_ike = { .name = "ike", .over = OVER_UDP, .guess = ike_guess,
	.take = nothing_take };

struct esp {
	uint32_t index[2], number[2];
	bool known[2], sure;
	uint8_t seen;
};

static enum guess esp_guess(const struct flow_view *flow, const struct span first[2])
{
	struct span s = the_one(first);

	if (flow->client_port != PORT_ESP && flow->server_port != PORT_ESP)
		return GUESS_NO;
	if (s.left == 1 && s.at[0] == 0xff)
		return GUESS_YES; /* it only keeps a path open: the next ones tell */
	if (s.left < ESP_LEAST)
		return GUESS_NO;
	if (is_zero(s.at, 4)) {
		(void)span_cut(&s, 4);
		return is_ike(s) ? GUESS_YES : GUESS_NO;
	}
	return link_be32(s.at) >= SPI_LEAST && link_be32(s.at + 4) > 0 ? GUESS_YES : GUESS_NO;
}

/* The same index, and a number a little higher than before. */
static bool esp_goes_on(struct esp *esp, enum said_side side, struct span s)
{
	enum { FEW = 4096 };
	uint32_t index = link_be32(s.at), number = link_be32(s.at + 4);
	bool goes_on = esp->known[side] && index == esp->index[side] &&
	    number - esp->number[side] - 1 < FEW;

	esp->index[side] = index;
	esp->number[side] = number;
	esp->known[side] = true;
	return goes_on;
}

static void esp_take(struct talk *talk, enum said_side side, struct span bytes)
{
	enum { TRIES = 6, EARLY = 4096 };
	struct esp *esp = talk->state;

	if (esp->sure || bytes.left < ESP_LEAST)
		return;
	if (is_zero(bytes.at, 4)) {
		(void)span_cut(&bytes, 4);
		esp->sure = is_ike(bytes);
	} else {
		/* one that begins, or goes on */
		esp->sure = esp_goes_on(esp, side, bytes) || esp->number[side] <= EARLY;
	}
	if (esp->sure)
		talk_is_secret(talk);
	else if (++esp->seen == TRIES)
		talk_disown(talk);
}

static void esp_end(struct talk *talk)
{
	const struct esp *esp = talk->state;

	if (!esp->sure)
		talk_disown(talk);
}

const struct tongue tongue_esp = { .name = "esp", .over = OVER_UDP,
	.state_size = sizeof(struct esp), .guess = esp_guess, .take = esp_take, .end = esp_end };
