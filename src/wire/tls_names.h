/* src/wire/tls_names.h - the numbers of TLS as words: versions, cipher suites (IANA
 * names), groups, alerts; and what is weak about a suite.
 * Sources: IANA "TLS Parameters", "TLS ExtensionType Values"; RFC 8446, 9147, 8701. */
#ifndef KS_WIRE_TLS_NAMES_H
#define KS_WIRE_TLS_NAMES_H
#include <stdbool.h>
#include <stdint.h>

/* "TLS 1.2", "SSL 3.0", "DTLS 1.2"; NULL when it is no version. */
const char *tls_version_name(uint16_t version);
/* "TLS_AES_128_GCM_SHA256"; NULL when unknown. */
const char *tls_cipher_name(uint16_t cipher);
/* "x25519"; NULL when unknown. */
const char *tls_group_name(uint16_t group);
/* "unknown_ca"; NULL when unknown. */
const char *tls_alert_name(uint8_t code);
/* Does this alert say that the other side's certificate was not accepted? */
bool tls_alert_refuses(uint8_t code);

/* Values that clients send only so that nobody relies on there being none (RFC 8701). */
static inline bool tls_is_grease(uint16_t value)
{
	return (value & 0x0f0f) == 0x0a0a && value >> 8 == (value & 0xff);
}

enum tls_weak { /* bits */
	TLS_WEAK_NULL = 1,   /* nothing is encrypted */
	TLS_WEAK_ANON = 2,   /* nobody is authenticated */
	TLS_WEAK_EXPORT = 4, /* 40 or 56 bits on purpose */
	TLS_WEAK_RC4 = 8,
	TLS_WEAK_DES = 16,	/* DES, 3DES, RC2: blocks of 64 bits */
	TLS_WEAK_RSA_EXCHANGE = 32, /* who gets the key later can read it all */
	TLS_WEAKS = 6
};
uint32_t tls_cipher_weak(uint16_t cipher);
/* "null", "anonymous", "export", "rc4", "des", "rsa_key_exchange": bit number i. */
const char *tls_weak_word(unsigned i);
#endif
