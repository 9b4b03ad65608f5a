/* src/wire/tls_open.h - records of TLS opened with secrets that were given.  Pure.
 * TLS 1.3 and QUIC: AES-GCM, AES-CCM, ChaCha20-Poly1305; TLS 1.0 to 1.2: those and CBC
 * (AES, Camellia, ARIA, 3DES) with either order of MAC, and NULL, which needs no secret.
 * Sources: RFC 8446 5.2, 7.1, 7.3; RFC 5246 6.2.3, 6.3; RFC 5288 (GCM), RFC 6655 (CCM),
 * RFC 7905 (ChaCha20), RFC 7366 (encrypt-then-MAC). */
#ifndef KS_WIRE_TLS_OPEN_H
#define KS_WIRE_TLS_OPEN_H
#include "base/span.h"
#include "base/why.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { TLS_SECRET = 48, TLS_KEY = 32, TLS_IV = 16, TLS_MAC = 48, TLS_RECORD = 16384 + 2048 };

/* The keys of one direction. */
struct tls_lock {
	bool ready;
	bool v13;	 /* TLS 1.3: a type is inside, a secret can be turned on */
	bool mac_last;	 /* encrypt-then-MAC */
	uint16_t version, cipher;
	uint8_t secret_len;
	uint64_t sequence;
	uint8_t secret[TLS_SECRET], key[TLS_KEY], iv[TLS_IV], mac[TLS_MAC];
};

/* What both sides said in the clear, for keys of TLS 1.2 and older. */
struct tls_terms {
	uint16_t version, cipher;
	bool mac_last;
	struct span client_random, server_random;
};

/* Is this a suite without encryption?  Then its records open without secrets. */
bool tls_cipher_is_clear(uint16_t cipher);
/* Is there a way to open it, given secrets? */
bool tls_cipher_opens(uint16_t cipher);
/* The length of the hash of a suite (of 1.3, or of the PRF): 32 or 48; 0 unknown. */
size_t tls_cipher_hash(uint16_t cipher);

/* Keys of both directions from the master secret; of a NULL suite without one. */
KS_MUST int tls_lock_master(const struct tls_terms *terms, struct span master,
    struct tls_lock *ret_client, struct tls_lock *ret_server);
/* Keys of one direction of 1.3 from a traffic secret. */
KS_MUST int tls_lock_secret(uint16_t cipher, struct span secret, struct tls_lock *ret_lock);
/* The next generation of keys (KeyUpdate). */
KS_MUST int tls_lock_turn(struct tls_lock *lock);

/* One record: its body (not the head) into to[], which has room for it.  *type is the
 * record's and becomes that of the content.  The sequence moves on only when it opens. */
struct tls_record {
	uint8_t type;
	uint16_t version; /* as in the record's head */
	struct span body;
};
KS_MUST int tls_lock_open(struct tls_lock *lock, const struct tls_record *record,
    uint8_t to[TLS_RECORD], struct tls_record *ret_plain);

/* One AEAD of a suite of 1.3, for QUIC: body (content and seal) into to[], which has
 * room for it; head is what it covers beside. */
KS_MUST int tls_seal_open(uint16_t cipher, const uint8_t key[TLS_KEY], const uint8_t nonce[12],
    struct span head, struct span body, uint8_t *to, size_t *ret_n);

/* HKDF-Expand-Label with an empty context; for QUIC too. */
KS_MUST int tls_expand(size_t hash, struct span secret, const char *label, uint8_t *to,
    size_t n);
#endif
