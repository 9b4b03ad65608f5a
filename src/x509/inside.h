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
/* The subject alone, without the key, whose reading costs a hundred times as much; NULL:
 * none.  The caller frees it. */
X509_NAME *cert_subject(struct span der);
bool cert_weak_key(X509 *x);
bool cert_weak_digest(X509 *x);

/* Roots that wait until a chain names them: opening all that a system has costs more than
 * most captures do. */
struct roots;
/* Of a PEM text; NULL: no memory. */
struct roots *roots_new(struct span pem);
void roots_free(struct roots *roots);
size_t roots_count(const struct roots *roots);
/* Open into the store what has this name, and what signed that, once each. */
void roots_want(struct roots *roots, const X509_NAME *name, X509_STORE *store);

/* The roots that the names of a chain lead to are in their stores afterwards. */
void trust_meet(const struct trust *trust, const STACK_OF(X509) *chain);
/* NULL: without any root. */
X509_STORE *trust_store(const struct trust *trust, enum trust_part part);
/* The vendor that subject or issuer of x names; NULL for none. */
const char *vendor_of(X509 *x);
/* Is this the key of a genuine issuer that public lists of roots lack? */
bool vendor_knows_key(const uint8_t key_sha256[CERT_SHA256]);
#endif
