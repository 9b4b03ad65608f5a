/* src/wire/quic.c - QUIC: Initial packets opened by anyone, as RFC 9001 means them to be
 * (they protect against mishaps, not readers), and the two hellos inside; with secrets
 * that were given also the rest of the handshake. */
#include "base/raw.h"
#include "wire/keylog.h"
#include "wire/pieces.h"
#include "wire/quic_google.h"
#include "wire/quic_packet.h"
#include "wire/tls.h"
#include "wire/tls_state.h"

enum { LEVELS = 2 /* Initial, Handshake */, PLAIN = 9216 /* bytes of a packet, at most */ };

/* Handshake bytes of one side and level. */
struct stream {
	struct pieces pieces;
	size_t heard; /* bytes that were given on */
};

struct quic {
	struct tls tls;
	struct quic_lock locks[2][LEVELS];
	struct stream streams[2][LEVELS];
	uint32_t version; /* of the keys for Initial packets */
	uint8_t id_len, id[QUIC_ID];
	uint8_t opened[2]; /* packets of each side that opened */
	bool told;	   /* an unreadable hello was mentioned */
};

static enum guess quic_guess(const struct flow_view *flow, const struct span first[2])
{
	struct span datagram = first[SIDE_CLIENT].left > 0 ? first[SIDE_CLIENT] : first[SIDE_SERVER];
	struct span s = datagram;
	uint32_t head = (uint32_t)span_be(&s, 1), version = (uint32_t)span_be(&s, 4);
	size_t to = (size_t)span_be(&s, 1);

	(void)span_cut(&s, to);
	size_t from = (size_t)span_be(&s, 1);

	(void)flow;
	(void)span_cut(&s, from);
	if (quic_google_guess(datagram))
		return GUESS_YES;
	if ((head & 0x80) == 0 || s.broken || to > QUIC_ID || from > QUIC_ID)
		return GUESS_NO;
	if (version == 0) /* the other side's answer: a list of versions */
		return s.left > 0 && s.left % 4 == 0 && s.left <= 256 && to + from > 0 ? GUESS_YES : GUESS_NO;
	if ((head & 0x40) == 0 || !quic_version_known(version))
		return GUESS_NO;
	return to + from > 0 ? GUESS_YES : GUESS_NO;
}

/* Whole messages at the front of what has come. */
static void stream_hear(struct talk *talk, struct quic *quic, enum said_side side, int level)
{
	struct stream *stream = &quic->streams[side][level];

	for (;;) {
		struct span rest = pieces_front(&stream->pieces);

		(void)span_cut(&rest, stream->heard);
		uint8_t type = (uint8_t)span_be(&rest, 1);
		size_t n = (size_t)span_be(&rest, 3);
		struct span body = span_cut(&rest, n);

		if (rest.broken)
			return;
		stream->heard += n + 4;
		tls_hear(talk, &quic->tls, side, type, body);
	}
}

/* The server chose: with secrets its Handshake packets open as well. */
static void begin_handshake(struct talk *talk, struct quic *quic)
{
	struct tls *tls = &quic->tls;
	struct span secret, random = span_of(tls->random_client, 32);

	if (!tls->server_hello || quic->locks[SIDE_SERVER][1].ready)
		return;
	/* tls.keys stays false: what is said after the handshake is not opened */
	for (int side = 0; side < 2; side++)
		if (keylog_find(talk_keys(talk),
		    side == SIDE_CLIENT ? KEY_CLIENT_HANDSHAKE : KEY_SERVER_HANDSHAKE, random, &secret))
			(void)!quic_lock_secret(quic->version, tls->cipher, secret, &quic->locks[side][1]);
}

static bool skip_ack(struct span *frames, bool counts)
{
	(void)quic_number(frames);
	(void)quic_number(frames);
	uint64_t ranges = quic_number(frames);

	(void)quic_number(frames);
	for (uint64_t i = 0; i < ranges && !frames->broken; i++) {
		(void)quic_number(frames);
		(void)quic_number(frames);
	}
	for (int i = 0; counts && i < 3; i++)
		(void)quic_number(frames);
	return !frames->broken;
}

/* CONNECTION_CLOSE: 0x100 and up are alerts of TLS. */
static void hear_close(struct talk *talk, struct quic *quic, enum said_side side,
    struct span *frames)
{
	uint64_t code = quic_number(frames);

	(void)quic_number(frames);
	(void)span_cut(frames, (size_t)quic_number(frames));
	if (!frames->broken && code >= 0x100 && code <= 0x1ff)
		tls_alert(talk, &quic->tls, side, 2, (uint8_t)code);
}

static void hear_crypto(struct talk *talk, struct quic *quic, enum said_side side, int level,
    struct span *frames)
{
	uint64_t at = quic_number(frames);
	struct span piece = span_cut(frames, (size_t)quic_number(frames));

	if (frames->broken)
		return;
	struct stream *stream = &quic->streams[side][level];

	if (!pieces_put(talk, &stream->pieces, at, piece, LIMIT_QUIC_CRYPTO)) {
		say_odd(talk, side, ODD_FULL, 1);
		return;
	}
	if (quic_version_google(quic->version))
		quic_google_hear(talk, &quic->tls, side, pieces_front(&stream->pieces));
	else
		stream_hear(talk, quic, side, level);
}

static void hear_frames(struct talk *talk, struct quic *quic, enum said_side side, int level,
    struct span frames)
{
	bool google = quic->version >> 24 == 'Q' || quic->version >> 24 == 'T';

	while (frames.left > 0) {
		if (*frames.at == 0) { /* padding, mostly a thousand of them */
			(void)span_cut(&frames, 1);
			continue;
		}
		uint64_t type = quic_number(&frames);

		if (type == 2 || type == 3) {
			if (!skip_ack(&frames, type == 3))
				return;
		} else if (type == 6 || (type == 8 && google)) {
			hear_crypto(talk, quic, side, level, &frames);
		} else if (type == 0x1c) {
			hear_close(talk, quic, side, &frames);
		} else if (type > 1) { /* not padding, not ping: none that belongs here */
			return;
		}
	}
}

static void streams_free(struct talk *talk, struct quic *quic)
{
	for (int side = 0; side < 2; side++)
		for (int level = 0; level < LEVELS; level++) {
			pieces_free(talk, &quic->streams[side][level].pieces);
			quic->streams[side][level].heard = 0;
		}
}

/* Keys of Initial packets come from the id that the client chose: anew after a Retry,
 * or when the server moves on to another version. */
static bool keys_for(struct quic *quic, uint32_t version, struct span id)
{
	struct quic_lock client, server;

	if (quic_lock_initial(version, id, &client, &server) != KS_OK)
		return false;
	quic->locks[SIDE_CLIENT][0] = client;
	quic->locks[SIDE_SERVER][0] = server;
	quic->version = version;
	quic->id_len = (uint8_t)id.left;
	if (id.left > 0 && id.at != quic->id)
		memcpy(quic->id, id.at, id.left);
	return true;
}

static bool initial_open(struct talk *talk, struct quic *quic, enum said_side side,
    const struct quic_packet *packet, uint8_t *to, size_t *ret_n)
{
	struct quic_lock *lock = &quic->locks[side][0];
	struct quic was = *quic;

	if (lock->ready && packet->version == quic->version &&
	    quic_lock_open(lock, packet, to, ret_n) == KS_OK)
		return true;
	if (lock->ready && packet->version != quic->version &&
	    keys_for(quic, packet->version, span_of(quic->id, quic->id_len)) &&
	    quic_lock_open(lock, packet, to, ret_n) == KS_OK)
		return true;
	if (side == SIDE_CLIENT && keys_for(quic, packet->version, packet->to) &&
	    quic_lock_open(lock, packet, to, ret_n) == KS_OK) {
		streams_free(talk, quic); /* the hello comes once more from its start */
		return true;
	}
	*quic = was;
	return false;
}

/* Something that claims to be a first packet and does not open: its version at least. */
static void hear_strange(struct talk *talk, struct quic *quic, enum said_side side,
    const struct quic_packet *packet)
{
	if (quic->told || quic->tls.client_hello)
		return;
	quic->told = true;
	quic->tls.quic_version = packet->version;
	tls_say(talk, &quic->tls, side, TLS_HELLO);
}

static void hear_packet(struct talk *talk, struct quic *quic, enum said_side side,
    const struct quic_packet *packet)
{
	KS_RAW uint8_t to[PLAIN];
	size_t n = 0;
	int level = packet->kind == QUIC_HANDSHAKE ? 1 : 0;

	if (packet->kind == QUIC_VERSIONS || packet->kind == QUIC_OTHER) {
		hear_strange(talk, quic, side, packet);
		return;
	}
	if ((packet->kind != QUIC_INITIAL && packet->kind != QUIC_HANDSHAKE) ||
	    packet->whole.left > sizeof to)
		return;
	if (level == 0 ? !initial_open(talk, quic, side, packet, to, &n)
	    : quic_lock_open(&quic->locks[side][1], packet, to, &n) != KS_OK) {
		if (level == 0)
			hear_strange(talk, quic, side, packet);
		return;
	}
	quic->tls.quic_version = packet->version;
	if (quic->opened[side] < LIMIT_QUIC_PACKETS) {
		quic->opened[side]++;
		hear_frames(talk, quic, side, level, span_of(to, n));
	}
	begin_handshake(talk, quic);
}

static void quic_take(struct talk *talk, enum said_side side, struct span bytes)
{
	struct quic *quic = talk->state;
	struct quic_packet packet;

	quic->tls.quic = true;
	talk_is_secret(talk);
	if (quic_google_take(talk, &quic->tls, side, bytes))
		return;
	while (bytes.left > 0 && (bytes.at[0] & 0x80) != 0) {
		if (!quic_packet_cut(&bytes, &packet))
			return;
		hear_packet(talk, quic, side, &packet);
	}
	/* a short head: the handshake is over for this side */
	if (bytes.left > 0 && quic->tls.server_hello && side == SIDE_CLIENT) {
		tls_settle(talk, &quic->tls);
		talk_rest(talk, SIDE_CLIENT);
		talk_rest(talk, SIDE_SERVER);
	}
}

static void quic_end(struct talk *talk)
{
	struct quic *quic = talk->state;

	tls_hear_part(talk, &quic->tls, SIDE_CLIENT,
	    pieces_front(&quic->streams[SIDE_CLIENT][0].pieces));
	streams_free(talk, quic);
	tls_over(talk, &quic->tls);
}

const struct tongue tongue_quic = {
	.name = "quic", .over = OVER_UDP, .state_size = sizeof(struct quic),
	.guess = quic_guess, .take = quic_take, .end = quic_end,
};
