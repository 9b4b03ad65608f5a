/* src/wire/tls_state.h - what the tongues of TLS, DTLS and QUIC share: one handshake as
 * far as it is known, its messages, its secrets. */
#ifndef KS_WIRE_TLS_STATE_H
#define KS_WIRE_TLS_STATE_H
#include "base/limits.h"
#include "wire/ja.h"
#include "wire/talk.h"
#include "wire/tls_open.h"

enum { TLS_SNI = 255, TLS_ALPN = 32, TLS_OFFERED = 160, TLS_SESSION = 32 };

enum tls_content { REC_CHANGE = 20, REC_ALERT = 21, REC_HANDSHAKE = 22, REC_DATA = 23, REC_BEAT = 24 };
enum tls_message {
	MSG_HELLO_REQUEST = 0,
	MSG_CLIENT_HELLO = 1,
	MSG_SERVER_HELLO = 2,
	MSG_HELLO_VERIFY = 3,
	MSG_TICKET = 4,
	MSG_END_EARLY = 5,
	MSG_EXTENSIONS = 8,
	MSG_CERTIFICATE = 11,
	MSG_SERVER_KEYS = 12,
	MSG_CERT_REQUEST = 13,
	MSG_HELLO_DONE = 14,
	MSG_CERT_VERIFY = 15,
	MSG_CLIENT_KEYS = 16,
	MSG_FINISHED = 20,
	MSG_STATUS = 22,
	MSG_KEY_UPDATE = 24,
	MSG_PACKED_CERTIFICATE = 25
};

enum tls_epoch { EPOCH_CLEAR, EPOCH_EARLY, EPOCH_HANDSHAKE, EPOCH_TRAFFIC };

/* One side of a connection. */
struct tls_side {
	struct hold record;  /* bytes of a record that is not whole yet */
	struct hold message; /* of a handshake message that is not whole yet */
	struct hold chain;   /* the body of its Certificate message, until settled */
	struct tls_lock lock;
	uint8_t epoch;	     /* enum tls_epoch, of 1.3 */
	bool deaf;	     /* nothing more can be understood of it */
	bool changed;	     /* it sent ChangeCipherSpec */
	uint8_t changed_for; /* the how-manieth handshake that was */
	bool spoke;	     /* a record of it was heard */
	bool certificate;    /* its Certificate came, with something in it */
	bool after_hello;    /* it sent a message after the other side's certificate */
	uint16_t sealed_first; /* length of its first sealed record */
	uint32_t sealed;       /* how many came, 0-RTT apart */
};

struct tls {
	struct tls_side sides[2];
	struct talk *inside; /* decrypted content goes there */
	struct hold staple;  /* OCSP response, until settled */
	uint16_t record_version, client_version, version, cipher, group, signature;
	uint32_t quic_version;
	bool client_hello, server_hello, v13;
	bool quic, datagram, resumed, ech, retry, early, mac_last, keys, after_starttls;
	bool settled, opened;
	bool left_blind; /* the client closed before it had the certificate */
	uint8_t hellos; /* of the client: more than one are renegotiations */
	uint8_t refused, refused_by, alert_level, alert_code;
	uint8_t sni_len, alpn_len, offered_len, session_len;
	uint8_t random_client[32], random_server[32], session[TLS_SESSION];
	uint8_t sni[TLS_SNI], alpn[TLS_ALPN], offered[TLS_OFFERED];
	char ja3[JA3_TEXT], ja3s[JA3_TEXT], ja4[JA4_TEXT];
};

/* Handshake bytes in order: whole messages are heard, the rest is kept. */
void tls_messages(struct talk *talk, struct tls *tls, enum said_side side, struct span bytes);
/* One whole message. */
void tls_hear(struct talk *talk, struct tls *tls, enum said_side side, uint8_t type,
    struct span body);
/* The front of a message whose rest was lost: a client's hello may still tell its name. */
void tls_hear_part(struct talk *talk, struct tls *tls, enum said_side side, struct span part);
/* An alert that can be read. */
void tls_alert(struct talk *talk, struct tls *tls, enum said_side side, uint8_t level,
    uint8_t code);
/* The handshake is done or given up: say so, once, and give up what was kept. */
void tls_settle(struct talk *talk, struct tls *tls);
/* Has the server sent a certificate by now, as far as can be seen? */
bool tls_presented(const struct tls *tls);
/* How long the shortest sealed record is that can end a handshake of 1.3. */
size_t tls_finished_length(const struct tls *tls);
/* What the end of the talk means; frees everything. */
void tls_over(struct talk *talk, struct tls *tls);
/* Tell what is known by now. */
void tls_say(struct talk *talk, const struct tls *tls, enum said_side side, enum tls_when when);

/* Secrets: keys for what that side sends from now on, if they were given. */
void tls_keys_changed(struct talk *talk, struct tls *tls, enum said_side side);
void tls_keys_epoch(struct talk *talk, struct tls *tls, enum said_side side, enum tls_epoch epoch);
/* Secrets for it were given, and yet its content stays shut: SSL 3.0, DTLS, QUIC, and
 * ciphers that are not read here. */
bool tls_keys_unused(const struct talk *talk, const struct tls *tls);
/* Open a sealed record with the keys at hand, or with those of a later epoch. */
KS_MUST int tls_keys_open(struct talk *talk, struct tls *tls, enum said_side side,
    const struct tls_record *record, uint8_t to[TLS_RECORD], struct tls_record *ret_plain);
#endif
