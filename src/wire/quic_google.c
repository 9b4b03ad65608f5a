/* src/wire/quic_google.c - tags of the CHLO. */
#include "wire/quic_google.h"

enum { TAGS = 128, LONG = 0x80, VERSION_FLAG = 1, ID_FLAG = 8 };

/* The version of a clear first packet, and what follows its head; 0: it is none. */
static uint32_t clear_version(struct span *datagram)
{
	struct span s = *datagram;
	uint32_t first = (uint32_t)span_be(&s, 1), version;

	if ((first & LONG) != 0) { /* Q044 to Q046: a long head */
		version = (uint32_t)span_be(&s, 4);
		(void)span_be(&s, 1);
	} else {
		if ((first & (VERSION_FLAG | ID_FLAG)) != (VERSION_FLAG | ID_FLAG))
			return 0;
		(void)span_be(&s, 8);
		version = (uint32_t)span_be(&s, 4);
	}
	if (s.broken || version < 0x51303234 || version > 0x51303436) /* "Q024", "Q046" */
		return 0;
	*datagram = s;
	return version;
}

bool quic_google_guess(struct span datagram)
{
	return clear_version(&datagram) != 0;
}

void quic_google_hear(struct talk *talk, struct tls *tls, enum said_side side, struct span bytes)
{
	uint32_t from = 0;

	if (tls->client_hello || side != SIDE_CLIENT || span_be(&bytes, 4) != 0x43484c4f) /* "CHLO" */
		return;
	uint32_t n = (uint32_t)span_le(&bytes, 2);

	(void)span_le(&bytes, 2);
	struct span tags = span_cut(&bytes, n <= TAGS ? n * 8 : SIZE_MAX);

	while (tags.left > 0) {
		uint32_t tag = (uint32_t)span_be(&tags, 4), to = (uint32_t)span_le(&tags, 4);
		struct span value = span_cut(&bytes, to >= from ? to - from : SIZE_MAX);

		if (value.broken)
			break;
		from = to;
		if (tag != 0x534e4900 || value.left == 0) /* "SNI" */
			continue;
		tls->sni_len = (uint8_t)(value.left < TLS_SNI ? value.left : TLS_SNI);
		memcpy(tls->sni, value.at, tls->sni_len);
		talk_name(talk, span_of(tls->sni, tls->sni_len));
	}
	if (n == 0 || n > TAGS)
		return;
	tls->client_hello = true;
	tls_say(talk, tls, SIDE_CLIENT, TLS_HELLO);
}

bool quic_google_take(struct talk *talk, struct tls *tls, enum said_side side,
    struct span datagram)
{
	uint32_t version = clear_version(&datagram);

	if (version == 0)
		return false;
	tls->quic_version = version;
	/* the message stands behind a head of frames, which varies: look for its tag */
	for (size_t i = 0; i < 64 && datagram.left > 8; i++, (void)span_cut(&datagram, 1))
		if (memcmp(datagram.at, "CHLO", 4) == 0) {
			quic_google_hear(talk, tls, side, datagram);
			break;
		}
	return true;
}
