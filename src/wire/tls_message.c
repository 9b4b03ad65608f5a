/* src/wire/tls_message.c - messages of the handshake, in all versions. */
#include "base/drop.h"
#include "wire/tls_names.h"
#include "wire/tls_state.h"
#include "wire/tls_unpack.h"

static uint8_t keep(uint8_t *to, size_t room, struct span from)
{
	size_t n = from.left < room ? from.left : room;

	if (n > 0)
		memcpy(to, from.at, n);
	return (uint8_t)n;
}

static void hear_client_hello(struct talk *talk, struct tls *tls, struct span body)
{
	struct client_hello hello;

	client_hello_read(body, tls->datagram, &hello);
	if (hello.random.left != 32) {
		say_odd(talk, SIDE_CLIENT, ODD_MALFORMED, 1);
		return;
	}
	/* datagrams are sent anew, after a cookie or a Retry with the same random */
	if (tls->client_hello && (tls->quic || tls->datagram) &&
	    memcmp(tls->random_client, hello.random.at, 32) == 0)
		return;
	tls->client_hello = true;
	if (tls->settled) { /* a renegotiation begins anew */
		tls->settled = tls->resumed = tls->server_hello = false;
		tls->refused = REFUSED_NO;
	}
	tls->hellos++;
	tls->client_version = hello.highest;
	tls->early = hello.early_data && !tls->retry;
	tls->ech = hello.ech || hello.esni;
	(void)keep(tls->random_client, 32, hello.random);
	tls->session_len = keep(tls->session, sizeof tls->session, hello.session_id);
	tls->sni_len = keep(tls->sni, sizeof tls->sni, hello.sni);
	tls->offered_len = keep(tls->offered, sizeof tls->offered, hello.alpn);
	if (!hello.cut) { /* of a part there is no fingerprint */
		ja3_client(&hello, tls->ja3);
		ja4_client(&hello, tls->quic ? 'q' : tls->datagram ? 'd' : 't', tls->ja4);
	}
	if (tls->sni_len > 0)
		talk_name(talk, span_of(tls->sni, tls->sni_len));
	tls_say(talk, tls, SIDE_CLIENT, TLS_HELLO);
	if (tls->early)
		tls_keys_epoch(talk, tls, SIDE_CLIENT, EPOCH_EARLY);
}

/* The suite is chosen: from here on a side of 1.3 uses the keys of the handshake. */
static void begin_keys(struct talk *talk, struct tls *tls)
{
	if (!tls->v13 || tls->quic)
		return;
	tls_keys_epoch(talk, tls, SIDE_SERVER, EPOCH_HANDSHAKE);
	if (!tls->early || !tls->sides[SIDE_CLIENT].lock.ready)
		tls_keys_epoch(talk, tls, SIDE_CLIENT, EPOCH_HANDSHAKE);
}

static void hear_server_hello(struct talk *talk, struct tls *tls, struct span body)
{
	struct server_hello hello;

	server_hello_read(body, &hello);
	if (hello.random.left != 32) {
		say_odd(talk, SIDE_SERVER, ODD_MALFORMED, 1);
		return;
	}
	tls->version = hello.version;
	tls->cipher = hello.cipher;
	if (hello.group != 0)
		tls->group = hello.group;
	if (hello.retry) {
		tls->retry = true;
		tls->early = false;
		tls->v13 = true; /* older ones have no such thing */
		return;
	}
	tls->server_hello = true;
	tls->v13 = hello.version == 0x0304 || hello.version == 0xfefc || hello.version >> 8 == 0x7f;
	tls->mac_last = hello.mac_last;
	tls->resumed = hello.psk || (!tls->v13 && tls->client_hello && hello.session_id.left > 0 &&
	    hello.session_id.left == tls->session_len &&
	    memcmp(hello.session_id.at, tls->session, tls->session_len) == 0);
	tls->alpn_len = keep(tls->alpn, sizeof tls->alpn, hello.alpn);
	(void)keep(tls->random_server, 32, hello.random);
	ja3_server(&hello, tls->ja3s);
	tls_say(talk, tls, SIDE_SERVER, TLS_CHOSEN);
	begin_keys(talk, tls);
}

/* The OCSP response that 1.3 puts behind the leaf. */
static void find_staple(struct talk *talk, struct tls *tls, struct span body)
{
	struct span part;
	uint16_t type = 0;

	(void)span_cut(&body, (size_t)span_be(&body, 1));
	struct span list = span_cut(&body, (size_t)span_be(&body, 3));

	(void)span_cut(&list, (size_t)span_be(&list, 3));
	struct span extensions = span_cut(&list, (size_t)span_be(&list, 2));

	while (extensions.left > 0 && tls_extension_cut(&extensions, &type, &part))
		if (type == EXT_STATUS_REQUEST && part.left > 4 && tls->staple.len == 0) {
			(void)span_cut(&part, 4);
			(void)!talk_hold(talk, &tls->staple, part, LIMIT_TLS_MESSAGE);
		}
}

static void hear_certificate(struct talk *talk, struct tls *tls, enum said_side side,
    struct span body)
{
	struct tls_side *one = &tls->sides[side];

	if (tls->settled && !tls->keys)
		return;
	talk_hold_free(talk, &one->chain);
	if (talk_hold(talk, &one->chain, body, LIMIT_TLS_MESSAGE) != KS_OK) {
		say_odd(talk, side, ODD_FULL, 1);
		return;
	}
	one->certificate = body.left > 4;
	if (tls->v13 && side == SIDE_SERVER)
		find_staple(talk, tls, body);
	if (one->certificate)
		tls_say(talk, tls, side, TLS_CHAIN);
}

static void hear_packed(struct talk *talk, struct tls *tls, enum said_side side,
    struct span body)
{
	KS_DROP(text) struct text text;

	text_init(&text, LIMIT_TLS_MESSAGE);
	int code = tls_unpack(body, &text);

	if (code == KS_OK)
		hear_certificate(talk, tls, side, text_span(&text));
	else
		say_odd(talk, side, code == KS_FULL ? ODD_FULL : ODD_MALFORMED, 1);
}

/* ECDHE: the curve, and in 1.2 with what it is signed. */
static void hear_server_keys(struct tls *tls, struct span body)
{
	const char *name = tls_cipher_name(tls->cipher);

	if (name == NULL || strstr(name, "ECDH") == NULL || span_be(&body, 1) != 3)
		return;
	tls->group = (uint16_t)span_be(&body, 2);
	(void)span_cut(&body, (size_t)span_be(&body, 1));
	if (tls->version >= 0x0303 && body.left > 2)
		tls->signature = (uint16_t)span_be(&body, 2);
}

static void hear_finished(struct talk *talk, struct tls *tls, enum said_side side)
{
	if (!tls->v13 || tls->quic)
		return;
	tls_keys_epoch(talk, tls, side, EPOCH_TRAFFIC);
	if (side == SIDE_CLIENT)
		tls_settle(talk, tls);
}

/* EncryptedExtensions of 1.3: where the chosen protocol is. */
static void hear_extensions(struct tls *tls, struct span body)
{
	struct span list = span_cut(&body, (size_t)span_be(&body, 2)), part, name;
	uint16_t type = 0;

	while (list.left > 0 && tls_extension_cut(&list, &type, &part))
		if (type == EXT_ALPN && span_be(&part, 2) > 0 && tls_alpn_cut(&part, &name))
			tls->alpn_len = keep(tls->alpn, sizeof tls->alpn, name);
}

void tls_hear(struct talk *talk, struct tls *tls, enum said_side side, uint8_t type,
    struct span body)
{
	struct tls_side *one = &tls->sides[side], *other = &tls->sides[1 - side];

	one->after_hello |= side == SIDE_CLIENT && other->certificate;
	switch (type) {
	case MSG_CLIENT_HELLO:
		hear_client_hello(talk, tls, body);
		break;
	case MSG_SERVER_HELLO:
		hear_server_hello(talk, tls, body);
		break;
	case MSG_EXTENSIONS:
		hear_extensions(tls, body);
		break;
	case MSG_CERTIFICATE:
		hear_certificate(talk, tls, side, body);
		break;
	case MSG_PACKED_CERTIFICATE:
		hear_packed(talk, tls, side, body);
		break;
	case MSG_STATUS:
		(void)span_be(&body, 4);
		if (body.left > 0 && tls->staple.len == 0 && !tls->settled)
			(void)!talk_hold(talk, &tls->staple, body, LIMIT_TLS_MESSAGE);
		break;
	case MSG_SERVER_KEYS:
		hear_server_keys(tls, body);
		break;
	case MSG_CERT_VERIFY:
		if (side == SIDE_SERVER)
			tls->signature = (uint16_t)span_be(&body, 2);
		break;
	case MSG_END_EARLY:
		tls_keys_epoch(talk, tls, side, EPOCH_HANDSHAKE);
		break;
	case MSG_FINISHED:
		hear_finished(talk, tls, side);
		break;
	case MSG_KEY_UPDATE:
		if (tls->v13 && one->lock.ready && tls_lock_turn(&one->lock) != KS_OK)
			one->lock.ready = false;
		break;
	default:
		break;
	}
}

void tls_hear_part(struct talk *talk, struct tls *tls, enum said_side side, struct span part)
{
	if (tls->client_hello || side != SIDE_CLIENT || span_be(&part, 1) != MSG_CLIENT_HELLO)
		return;
	(void)span_be(&part, 3);
	/* the version, the random and where the name may be: less tells nothing */
	if (part.left > 64)
		hear_client_hello(talk, tls, part);
}

/* How many bytes the message at the front takes with its head; 0: not known yet. */
static size_t message_length(struct span bytes)
{
	struct span head = bytes;
	size_t n;

	(void)span_be(&head, 1);
	n = (size_t)span_be(&head, 3);
	return head.broken ? 0 : n + 4;
}

/* Hear whole messages at the front; what is left of bytes is not whole. */
static void hear_whole(struct talk *talk, struct tls *tls, enum said_side side,
    struct span *bytes)
{
	for (;;) {
		size_t n = message_length(*bytes);

		if (n == 0 || n > bytes->left)
			return;
		uint8_t type = (uint8_t)span_be(bytes, 1);

		(void)span_be(bytes, 3);
		tls_hear(talk, tls, side, type, span_cut(bytes, n - 4));
	}
}

void tls_messages(struct talk *talk, struct tls *tls, enum said_side side, struct span bytes)
{
	struct hold *hold = &tls->sides[side].message;

	if (hold->len > 0) {
		if (talk_hold(talk, hold, bytes, LIMIT_TLS_MESSAGE) != KS_OK) {
			talk_hold_free(talk, hold);
			say_odd(talk, side, ODD_FULL, 1);
			return;
		}
		bytes = hold_span(hold);
		size_t all = bytes.left;

		hear_whole(talk, tls, side, &bytes);
		talk_hold_eat(hold, all - bytes.left);
		if (hold->len == 0)
			talk_hold_free(talk, hold);
		return;
	}
	hear_whole(talk, tls, side, &bytes);
	if (bytes.left > 0 && (message_length(bytes) > LIMIT_TLS_MESSAGE ||
	    talk_hold(talk, hold, bytes, LIMIT_TLS_MESSAGE) != KS_OK))
		say_odd(talk, side, ODD_FULL, 1);
}

/* What a client that does not like a certificate may also say. */
static bool may_refuse(uint8_t code)
{
	return code == 40 || code == 49 || code == 51 || code == 80 || code == 90;
}

void tls_alert(struct talk *talk, struct tls *tls, enum said_side side, uint8_t level,
    uint8_t code)
{
	tls->alert_level = level;
	tls->alert_code = code;
	if (!tls->settled && (tls_alert_refuses(code) || code == 116)) {
		tls->refused = REFUSED_YES;
		tls->refused_by = (uint8_t)side;
	} else if (!tls->settled && side == SIDE_CLIENT && tls_presented(tls) && !tls->resumed &&
	    may_refuse(code)) {
		tls->refused = REFUSED_LIKELY;
		tls->refused_by = SIDE_CLIENT;
	}
	tls_say(talk, tls, side, TLS_ALERT);
	if (level == 2 || tls->refused != REFUSED_NO)
		tls_settle(talk, tls);
}
