/* test/unit/forge.h - certificates made for a test: keys and signatures are real. */
#ifndef KS_TEST_FORGE_H
#define KS_TEST_FORGE_H
#include "x509/x509.h"
#include <openssl/evp.h>

struct forge {			/* what to make; zero means the usual */
	const char *subject;	/* "CN=a/O=b": parts divided by '/', UTF-8 */
	const char *san;	/* "DNS:a.example,IP:192.0.2.1", NULL: none */
	int64_t from_s, until_s;
	bool ca, sha1;
	int rsa_bits; /* 0: EC P-256 */
	const char *kind;   /* "ED25519", "EC P-192" ... in their place; NULL */
	const char *digest; /* "MD5"; NULL: SHA-256, or what the key brings itself */
	long serial;	    /* 0: 4711; -1: none */
	const char *limits; /* of an authority: "critical,CA:TRUE,pathlen:0"; NULL: CA:TRUE */
	const char *uses;   /* "clientAuth"; NULL: not said */
};
enum { FORGED = 4096 };
struct forged {
	uint8_t der[FORGED];
	size_t len;
	EVP_PKEY *key;
};
/* issuer NULL: signed by itself. */
void forge_make(const struct forge *forge, const struct forged *issuer, struct forged *ret);
struct span forged_span(const struct forged *forged);
#endif
