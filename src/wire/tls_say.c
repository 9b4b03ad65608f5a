/* src/wire/tls_say.c - what became known of a handshake, told. */
#include "wire/tls_state.h"

/* The DER certificates of a Certificate message, the leaf first. */
static uint8_t list_chain(const struct tls *tls, struct span body,
    struct span to[SAID_CERTIFICATES])
{
	uint8_t n = 0;

	if (tls->v13)
		(void)span_cut(&body, (size_t)span_be(&body, 1)); /* request context */
	struct span list = span_cut(&body, (size_t)span_be(&body, 3));

	while (list.left > 0 && n < SAID_CERTIFICATES) {
		struct span der = span_cut(&list, (size_t)span_be(&list, 3));

		if (tls->v13)
			(void)span_cut(&list, (size_t)span_be(&list, 2)); /* extensions */
		if (der.left == 0)
			break;
		to[n++] = der;
	}
	return n;
}

static void say_offered(const struct tls *tls, struct said_tls *said)
{
	struct span list = span_of(tls->offered, tls->offered_len), name;

	while (list.left > 0 && said->offered_alpns < SAID_ALPNS && tls_alpn_cut(&list, &name))
		said->offered_alpn[said->offered_alpns++] = name;
	said->alpn = span_of(tls->alpn, tls->alpn_len);
	if (said->alpn.left == 0 && said->offered_alpns > 0)
		said->alpn = said->offered_alpn[0];
}

void tls_say(struct talk *talk, const struct tls *tls, enum said_side side, enum tls_when when)
{
	struct said_tls said = { .when = (uint8_t)when, .quic = tls->quic,
		.datagram = tls->datagram, .resumed = tls->resumed, .ech = tls->ech,
		.hello_retry = tls->retry, .early_data = tls->early, .keys = tls->keys,
		.after_starttls = tls->after_starttls,
		.record_version = tls->record_version, .client_version = tls->client_version,
		.version = tls->version, .cipher = tls->cipher, .group = tls->group,
		.signature = tls->signature, .quic_version = tls->quic_version,
		.sni = span_of(tls->sni, tls->sni_len), .ja3 = tls->ja3, .ja4 = tls->ja4,
		.ja3s = tls->ja3s, .alert_level = tls->alert_level, .alert_code = tls->alert_code,
		.refused = tls->refused,
		.keys_unused = when == TLS_SETTLED && tls_keys_unused(talk, tls) };
	enum said_side owner = when == TLS_CHAIN ? side : SIDE_SERVER;
	const struct hold *chain = &tls->sides[owner].chain;
	struct span certs[SAID_CERTIFICATES];

	if (tls->client_hello) {
		said.client_random = span_of(tls->random_client, sizeof tls->random_client);
		said.session_id = span_of(tls->session, tls->session_len);
	}
	say_offered(tls, &said);
	said.certificates = list_chain(tls, hold_span(chain), said.certificate);
	said.client_certificates = list_chain(tls, hold_span(&tls->sides[SIDE_CLIENT].chain), certs);
	said.certificate_visible = tls->sides[SIDE_SERVER].certificate;
	said.ocsp_staple = hold_span(&tls->staple);
	say_tls(talk, side, &said);
}

static void give_up(struct talk *talk, struct tls *tls)
{
	for (int i = 0; i < 2; i++) {
		talk_hold_free(talk, &tls->sides[i].chain);
		tls->sides[i].certificate = false;
	}
	talk_hold_free(talk, &tls->staple);
}

void tls_settle(struct talk *talk, struct tls *tls)
{
	if (tls->settled)
		return;
	tls->settled = true;
	if (tls->client_hello || tls->server_hello || tls->sides[SIDE_SERVER].certificate)
		tls_say(talk, tls, tls->refused != REFUSED_NO ? tls->refused_by : SIDE_SERVER, TLS_SETTLED);
	give_up(talk, tls);
}

bool tls_presented(const struct tls *tls)
{
	const struct tls_side *server = &tls->sides[SIDE_SERVER];

	return tls->v13 ? server->sealed > 0 : server->certificate;
}

size_t tls_finished_length(const struct tls *tls)
{
	/* head, hash, type, tag */
	return 4 + tls_cipher_hash(tls->cipher) + 1 + 16;
}

/* A client that left without an alert that can be read, once it had the server's
 * certificate: in 1.3 its only sealed record was too short for a Finished (measured:
 * GnuTLS and BoringSSL 19 bytes, JSSE 35), or it closed without a word more (Schannel).
 * Neither proves anything; both are what a refusal looks like. */
static void judge_leaving(const struct talk *talk, struct tls *tls)
{
	const struct tls_side *client = &tls->sides[SIDE_CLIENT];
	bool left = talk->flow->closed != CLOSE_NOT && talk->flow->closed_by == SIDE_CLIENT;

	if (tls->settled || !tls_presented(tls) || tls->quic || tls->datagram || tls->resumed)
		return;
	if (tls->v13 && client->sealed == 1 && client->sealed_first < tls_finished_length(tls))
		tls->refused = REFUSED_LIKELY;
	else if (left && !tls->left_blind && client->spoke && !client->after_hello && client->sealed == 0)
		tls->refused = REFUSED_LIKELY;
	tls->refused_by = SIDE_CLIENT;
}

void tls_over(struct talk *talk, struct tls *tls)
{
	judge_leaving(talk, tls);
	tls_settle(talk, tls);
	give_up(talk, tls); /* also what came after it was settled */
	for (int i = 0; i < 2; i++) {
		talk_hold_free(talk, &tls->sides[i].record);
		talk_hold_free(talk, &tls->sides[i].message);
	}
	if (tls->inside != NULL)
		talk_inside_end(tls->inside);
	tls->inside = NULL;
}
