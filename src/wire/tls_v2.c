/* src/wire/tls_v2.c - SSL 2.0 hellos. */
#include "wire/tls_v2.h"

enum { V2_CLIENT_HELLO = 1, V2_SERVER_HELLO = 4 };

/* One record's body out of a head of two bytes; broken when it is not all there. */
static struct span v2_body(struct span bytes, uint8_t *ret_type, uint16_t *ret_version)
{
	uint32_t head = (uint32_t)span_be(&bytes, 2);
	struct span body = span_cut(&bytes, head & 0x7fff), start = body;

	*ret_type = (uint8_t)span_be(&start, 1);
	if (*ret_type == V2_SERVER_HELLO)
		(void)span_be(&start, 2); /* session id hit, certificate type */
	*ret_version = (uint16_t)span_be(&start, 2);
	return body;
}

enum guess v2_guess(struct span first)
{
	struct span s = first;
	uint32_t head = (uint32_t)span_be(&s, 2);

	if (first.left < 5)
		return first.left > 0 && (first.at[0] & 0x80) != 0 ? GUESS_MAYBE : GUESS_NO;
	uint8_t type = (uint8_t)span_be(&s, 1);
	uint32_t version = (uint32_t)span_be(&s, 2);

	if ((head & 0x8000) == 0 || (head & 0x7fff) < 11)
		return GUESS_NO;
	if (type == V2_CLIENT_HELLO && (version == 2 || (version >= 0x300 && version <= 0x303)))
		return GUESS_YES;
	return type == V2_SERVER_HELLO && version >> 8 <= 1 && (version & 0xff) == 1 &&
	    first.left >= 7 && first.at[5] == 0 && first.at[6] == 2 ? GUESS_YES : GUESS_NO;
}

static void v2_client(struct talk *talk, struct tls *tls, struct span body, uint16_t version)
{
	(void)span_cut(&body, 3);
	size_t ciphers = (size_t)span_be(&body, 2), session = (size_t)span_be(&body, 2);
	size_t challenge = (size_t)span_be(&body, 2);

	(void)span_cut(&body, ciphers + session);
	struct span random = span_cut(&body, challenge);

	if (body.broken) {
		say_odd(talk, SIDE_CLIENT, ODD_MALFORMED, 1);
		return;
	}
	tls->client_hello = true;
	tls->client_version = version;
	tls->record_version = 2;
	/* a short challenge stands at the end of the random (RFC 5246 E.2) */
	if (random.left > 0 && random.left <= 32)
		memcpy(tls->random_client + 32 - random.left, random.at, random.left);
	tls_say(talk, tls, SIDE_CLIENT, TLS_HELLO);
}

/* A Certificate message is made of it, so that it is told like any other. */
static void v2_chain(struct talk *talk, struct tls *tls, struct span der)
{
	uint8_t head[6];
	size_t n = der.left;
	struct hold *chain = &tls->sides[SIDE_SERVER].chain;

	head[0] = (uint8_t)((n + 3) >> 16);
	head[1] = (uint8_t)((n + 3) >> 8);
	head[2] = (uint8_t)(n + 3);
	head[3] = (uint8_t)(n >> 16);
	head[4] = (uint8_t)(n >> 8);
	head[5] = (uint8_t)n;
	if (talk_hold(talk, chain, span_of(head, 6), LIMIT_TLS_MESSAGE) != KS_OK ||
	    talk_hold(talk, chain, der, LIMIT_TLS_MESSAGE) != KS_OK)
		return;
	tls->sides[SIDE_SERVER].certificate = true;
	tls_say(talk, tls, SIDE_SERVER, TLS_CHAIN);
}

static void v2_server(struct talk *talk, struct tls *tls, struct span body)
{
	tls->resumed = (span_be(&body, 2) & 0xff) != 0;
	(void)span_be(&body, 1);
	tls->version = (uint16_t)span_be(&body, 2);
	size_t certificate = (size_t)span_be(&body, 2);

	(void)span_be(&body, 4);
	struct span der = span_cut(&body, certificate);

	if (body.broken) {
		say_odd(talk, SIDE_SERVER, ODD_MALFORMED, 1);
		return;
	}
	tls->server_hello = true;
	tls->record_version = 2;
	tls_say(talk, tls, SIDE_SERVER, TLS_CHOSEN);
	if (der.left > 0)
		v2_chain(talk, tls, der);
	tls_settle(talk, tls);
	talk_is_secret(talk);
	talk_rest(talk, SIDE_CLIENT);
	talk_rest(talk, SIDE_SERVER);
}

bool v2_take(struct talk *talk, struct tls *tls, enum said_side side, struct span *bytes)
{
	uint8_t type = 0;
	uint16_t version = 0;

	if (bytes->left < 3 || (bytes->at[0] & 0x80) == 0)
		return false;
	struct span body = v2_body(*bytes, &type, &version);

	if (body.broken)
		return false; /* not all in the first segment: said as malformed */
	tls->sides[side].spoke = true;
	(void)span_cut(bytes, body.left + 2);
	if (type == V2_CLIENT_HELLO && side == SIDE_CLIENT)
		v2_client(talk, tls, body, version);
	else if (type == V2_SERVER_HELLO && side == SIDE_SERVER)
		v2_server(talk, tls, body);
	/* a client may have asked in this form for a newer version: records go on */
	return bytes->left == 0;
}
