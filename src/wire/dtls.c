/* src/wire/dtls.c - DTLS 1.0 to 1.3: hellos, certificates and alerts before encryption,
 * messages put together of fragments. */
#include "wire/pieces.h"
#include "wire/tls.h"
#include "wire/tls_state.h"

enum { HEAD = 13, MESSAGE_HEAD = 12, REC_CID = 25 };

struct dtls {
	struct tls tls;
	struct {
		struct pieces pieces; /* of the message that is not whole yet */
		uint32_t number, length;
		uint8_t type;
	} sides[2];
};

static bool version_fits(uint32_t version)
{
	return version == 0xfeff || version == 0xfefd || version == 0xfefc || version == 0x0100;
}

static enum guess dtls_guess(const struct flow_view *flow, const struct span first[2])
{
	struct span s = first[SIDE_CLIENT].left > 0 ? first[SIDE_CLIENT] : first[SIDE_SERVER];
	uint32_t type = (uint32_t)span_be(&s, 1), version = (uint32_t)span_be(&s, 2);
	uint32_t epoch = (uint32_t)span_be(&s, 2);

	(void)flow;
	(void)span_be(&s, 6);
	size_t n = (size_t)span_be(&s, 2);

	/* guesses may see only the front of a datagram */
	if (s.broken || type < REC_CHANGE || type > REC_CID || !version_fits(version) || n == 0 ||
	    n > TLS_RECORD || epoch > 64)
		return GUESS_NO;
	if (type == REC_HANDSHAKE && epoch == 0)
		return n >= MESSAGE_HEAD && s.left > 0 && s.at[0] <= MSG_STATUS ? GUESS_YES : GUESS_NO;
	return epoch > 0 || (type == REC_ALERT && n == 2) || (type == REC_CHANGE && n == 1)
	    ? GUESS_YES : GUESS_NO;
}

/* One fragment of a message; a newer message takes the place of one that never came
 * whole. */
static void hear_fragment(struct talk *talk, struct dtls *dtls, enum said_side side,
    struct span *bytes)
{
	uint8_t type = (uint8_t)span_be(bytes, 1);
	uint32_t length = (uint32_t)span_be(bytes, 3), number = (uint32_t)span_be(bytes, 2);
	uint32_t at = (uint32_t)span_be(bytes, 3);
	struct span part = span_cut(bytes, (size_t)span_be(bytes, 3));
	struct pieces *pieces = &dtls->sides[side].pieces;

	if (bytes->broken)
		return;
	if (at == 0 && part.left == length) {
		tls_hear(talk, &dtls->tls, side, type, part);
		return;
	}
	if (dtls->sides[side].number != number || dtls->sides[side].type != type ||
	    dtls->sides[side].length != length) {
		pieces_free(talk, pieces);
		dtls->sides[side].number = number;
		dtls->sides[side].length = length;
		dtls->sides[side].type = type;
	}
	if (!pieces_put(talk, pieces, at, part, length < LIMIT_TLS_MESSAGE ? length : LIMIT_TLS_MESSAGE)) {
		say_odd(talk, side, ODD_FULL, 1);
		return;
	}
	if (pieces_front(pieces).left == length) {
		tls_hear(talk, &dtls->tls, side, type, pieces_front(pieces));
		pieces_free(talk, pieces);
		dtls->sides[side].length = 0;
	}
}

static void hear_record(struct talk *talk, struct dtls *dtls, enum said_side side, uint8_t type,
    struct span body)
{
	struct tls_side *one = &dtls->tls.sides[side];

	one->spoke = true;
	if (type == REC_HANDSHAKE) {
		while (body.left >= MESSAGE_HEAD)
			hear_fragment(talk, dtls, side, &body);
	} else if (type == REC_ALERT && body.left == 2) {
		tls_alert(talk, &dtls->tls, side, body.at[0], body.at[1]);
	} else if (type == REC_CHANGE) {
		one->changed = true;
	}
}

static void dtls_take(struct talk *talk, enum said_side side, struct span bytes)
{
	struct dtls *dtls = talk->state;

	dtls->tls.datagram = true;
	while (bytes.left >= HEAD) {
		uint32_t type = (uint32_t)span_be(&bytes, 1), version = (uint32_t)span_be(&bytes, 2);
		uint32_t epoch = (uint32_t)span_be(&bytes, 2);

		(void)span_be(&bytes, 6);
		struct span body = span_cut(&bytes, (size_t)span_be(&bytes, 2));

		if (bytes.broken || !version_fits(version) || type < REC_CHANGE || type > REC_CID)
			return;
		if (dtls->tls.record_version == 0)
			dtls->tls.record_version = (uint16_t)version;
		if (epoch == 0) {
			hear_record(talk, dtls, side, (uint8_t)type, body);
			continue;
		}
		talk_is_secret(talk);
		if (type == REC_DATA && (dtls->tls.server_hello || !dtls->tls.client_hello)) {
			tls_settle(talk, &dtls->tls);
			talk_rest(talk, SIDE_CLIENT);
			talk_rest(talk, SIDE_SERVER);
			return;
		}
	}
}

static void dtls_end(struct talk *talk)
{
	struct dtls *dtls = talk->state;

	for (int side = 0; side < 2; side++)
		pieces_free(talk, &dtls->sides[side].pieces);
	tls_over(talk, &dtls->tls);
}

const struct tongue tongue_dtls = {
	.name = "dtls", .over = OVER_UDP, .state_size = sizeof(struct dtls),
	.guess = dtls_guess, .take = dtls_take, .end = dtls_end,
};
