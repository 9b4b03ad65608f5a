/* src/x509/inside.h - what the files of this folder share, on OpenSSL's own types. */
#ifndef KS_X509_INSIDE_H
#define KS_X509_INSIDE_H
#include "x509/x509.h"
#include <openssl/x509.h>
#include <openssl/x509v3.h>

static inline void drop_x509(X509 **cert)
{
	X509_free(*cert);
}

/* NULL when OpenSSL refuses the bytes, or they are longer than LIMIT_CERT_BYTES. */
X509 *cert_open(struct span der);
/* The same, of the shelf where it is there; the caller has a reference of its own. */
X509 *cert_open_kept(struct cert_shelf *shelf, struct span der);
/* Fill in everything of a certificate that OpenSSL reads. */
void cert_fill(X509 *x, struct cert *cert);
/* Names and dates of what OpenSSL refuses; true when a subject or issuer was found. */
bool cert_tolerate(struct span der, struct cert *cert);
bool cert_weak_key(X509 *x);
bool cert_weak_digest(X509 *x);

X509_STORE *trust_store(const struct trust *trust, enum trust_part part);
/* The vendor that subject or issuer of x names; NULL for none. */
const char *vendor_of(X509 *x);
/* Is this the key of a genuine issuer that public lists of roots lack? */
bool vendor_knows_key(const uint8_t key_sha256[CERT_SHA256]);
#endif
