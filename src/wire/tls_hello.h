/* src/wire/tls_hello.h - the two hellos of TLS, DTLS and QUIC, taken apart.  Pure; spans
 * point into the message.  Sources: RFC 8446 4.1, RFC 5246 7.4.1, RFC 6066 (SNI),
 * RFC 7301 (ALPN), RFC 9147 (DTLS cookie), RFC 9849 (ECH). */
#ifndef KS_WIRE_TLS_HELLO_H
#define KS_WIRE_TLS_HELLO_H
#include "base/span.h"
#include <stdbool.h>
#include <stdint.h>

enum tls_extension {
	EXT_SERVER_NAME = 0,
	EXT_STATUS_REQUEST = 5,
	EXT_GROUPS = 10,
	EXT_POINT_FORMATS = 11,
	EXT_SIGNATURES = 13,
	EXT_ALPN = 16,
	EXT_MAC_LAST = 22, /* encrypt-then-MAC */
	EXT_MASTER_SECRET = 23,
	EXT_TICKET = 35,
	EXT_PSK = 41,
	EXT_EARLY_DATA = 42,
	EXT_VERSIONS = 43,
	EXT_KEY_SHARE = 51,
	EXT_ECH = 0xfe0d,
	EXT_ESNI = 0xffce
};

struct client_hello {
	uint16_t version; /* legacy_version */
	uint16_t highest; /* offered, by supported_versions or legacy_version */
	struct span random, session_id, ciphers, compressions, extensions;
	struct span sni;	/* first host name */
	struct span alpn;	/* list of names, each behind its length */
	struct span groups, point_formats, signatures, versions; /* contents of the lists */
	bool named; /* the extension for SNI is there, with whatever in it */
	bool ech, esni, psk, early_data;
	bool cut; /* it ended too soon: what was there is filled in */
};

struct server_hello {
	uint16_t version; /* as chosen: supported_versions wins */
	uint16_t legacy_version;
	uint16_t cipher, group;
	struct span random, session_id, extensions, alpn;
	bool mac_last, psk, ticket, status, retry; /* retry: HelloRetryRequest */
	bool cut;
};

/* The body of the message, without its head; `datagram`: DTLS, with a cookie. */
void client_hello_read(struct span body, bool datagram, struct client_hello *ret_hello);
void server_hello_read(struct span body, struct server_hello *ret_hello);

/* Cut the next extension off a list; false at the end or when it is broken. */
bool tls_extension_cut(struct span *list, uint16_t *ret_type, struct span *ret_body);
/* Cut the next name off an ALPN list. */
bool tls_alpn_cut(struct span *list, struct span *ret_name);
#endif
