/* src/wire/tls_keys.c - which secret opens what a side sends now. */
#include "wire/keylog.h"
#include "wire/tls_state.h"

static bool secret_of(const struct talk *talk, const struct tls *tls, enum keylog_label label,
    struct span *ret_secret)
{
	return tls->client_hello && keylog_find(talk_keys(talk), label,
	    span_of(tls->random_client, sizeof tls->random_client), ret_secret);
}

void tls_keys_changed(struct talk *talk, struct tls *tls, enum said_side side)
{
	struct tls_terms terms = { .version = tls->version, .cipher = tls->cipher,
		.mac_last = tls->mac_last,
		.client_random = span_of(tls->random_client, sizeof tls->random_client),
		.server_random = span_of(tls->random_server, sizeof tls->random_server) };
	struct tls_lock client, server;
	struct span master = { .left = 0 };

	if (tls->v13 || !tls->server_hello || tls->datagram)
		return;
	if (!secret_of(talk, tls, KEY_MASTER, &master) && !tls_cipher_is_clear(tls->cipher))
		return;
	if (tls_lock_master(&terms, master, &client, &server) == KS_OK)
		tls->sides[side].lock = side == SIDE_CLIENT ? client : server;
}

bool tls_keys_unused(const struct talk *talk, const struct tls *tls)
{
	enum { SSL_3 = 0x0300 };
	bool shut = tls->datagram || tls->quic || tls->version <= SSL_3 ||
	    !tls_cipher_opens(tls->cipher);
	struct span secret;

	return shut && tls->server_hello && !tls_cipher_is_clear(tls->cipher) &&
	    (secret_of(talk, tls, KEY_MASTER, &secret) ||
		secret_of(talk, tls, KEY_CLIENT_TRAFFIC, &secret) ||
		secret_of(talk, tls, KEY_CLIENT_HANDSHAKE, &secret));
}

void tls_keys_epoch(struct talk *talk, struct tls *tls, enum said_side side, enum tls_epoch epoch)
{
	static const enum keylog_label labels[2][4] = {
		{ KEYLOG_LABELS, KEY_CLIENT_EARLY, KEY_CLIENT_HANDSHAKE, KEY_CLIENT_TRAFFIC },
		{ KEYLOG_LABELS, KEYLOG_LABELS, KEY_SERVER_HANDSHAKE, KEY_SERVER_TRAFFIC },
	};
	struct tls_side *one = &tls->sides[side];
	struct span secret;

	one->epoch = (uint8_t)epoch;
	one->lock.ready = false;
	if (labels[side][epoch] == KEYLOG_LABELS ||
	    !secret_of(talk, tls, labels[side][epoch], &secret))
		return;
	uint16_t cipher = tls->cipher;

	if (!tls->server_hello) /* 0-RTT comes before the suite is named: the usual ones */
		cipher = secret.left == 48 ? 0x1302 : 0x1301;
	if (tls_lock_secret(cipher, secret, &one->lock) != KS_OK)
		one->lock.ready = false;
}

int tls_keys_open(struct talk *talk, struct tls *tls, enum said_side side,
    const struct tls_record *record, uint8_t to[TLS_RECORD], struct tls_record *ret_plain)
{
	struct tls_side *one = &tls->sides[side];
	int code = one->lock.ready ? tls_lock_open(&one->lock, record, to, ret_plain) : KS_ABSENT;
	bool early = tls->early && side == SIDE_CLIENT && one->epoch == EPOCH_EARLY;

	if (code == KS_MALFORMED && early && one->lock.cipher == 0x1301) {
		struct tls_lock was = one->lock;

		if (tls_lock_secret(0x1303, span_of(was.secret, was.secret_len), &one->lock) == KS_OK)
			code = tls_lock_open(&one->lock, record, to, ret_plain);
		if (code != KS_OK)
			one->lock = was;
	}
	/* 0-RTT was refused, or a secret in between is missing: a later one may fit */
	struct tls_lock lock = one->lock;
	uint8_t epoch = one->epoch;

	while (code != KS_OK && tls->v13 && one->epoch < EPOCH_TRAFFIC) {
		tls_keys_epoch(talk, tls, side, one->epoch + 1u);
		if (one->lock.ready)
			code = tls_lock_open(&one->lock, record, to, ret_plain);
	}
	if (code != KS_OK) {
		one->lock = lock;
		one->epoch = epoch;
	}
	return code;
}
