/* src/x509/x509.h - one judgement of certificates, for the wire and for executables:
 * what a certificate says (read), and what is wrong with it at a given time against
 * chosen roots (judge).  Pure: the time and the roots are handed in, nothing is asked
 * of the machine.  Times are seconds since 1970, UTC.
 *
 * Sources: RFC 5280 (fields, chains), RFC 6125 (names: SAN only, a wildcard stands for
 * one label), RFC 4514 (how names are written), CA/Browser Forum Baseline
 * Requirements (398 days since 2020-09-01; RSA of 2048 bits, no SHA-1). */
#ifndef KS_X509_X509_H
#define KS_X509_X509_H
#include "base/limits.h"
#include "base/span.h"
#include "base/why.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { CERT_SHA256 = 32, CERT_NAME = 1024, CERT_SAN = 4096, CERT_SERIAL = 64, CERT_KIND = 48 };

enum cert_use { /* bits of cert.uses: the extended key usages that matter here */
	CERT_USE_SERVER = 1,
	CERT_USE_CLIENT = 2,
	CERT_USE_CODE = 4,
	CERT_USE_STAMP = 8,
	CERT_USE_ANY = 16, /* the extension is absent, or says any */
};

/* What one certificate says.  Texts are zero-ended and cut when longer. */
struct cert {
	char subject[CERT_NAME]; /* RFC 4514, most specific first, as -nameopt RFC2253 */
	char issuer[CERT_NAME];
	char san[CERT_SAN];	 /* "DNS:a\nIP:192.0.2.1\n": one a line, see cert_san_cut */
	char serial[CERT_SERIAL]; /* hexadecimal, as openssl x509 -serial */
	char key[CERT_KIND];	  /* "RSA 2048", "EC prime256v1", "1.2.3" when unknown */
	char digest[CERT_KIND];	  /* of the signature: "sha256WithRSAEncryption" */
	uint8_t sha256[CERT_SHA256];	  /* of the DER bytes */
	uint8_t key_sha256[CERT_SHA256];  /* of the SubjectPublicKeyInfo */
	int64_t not_before_s, not_after_s;
	uint32_t uses;
	bool self_issued; /* subject equals issuer */
	bool self_signed; /* and its own key verifies its signature */
	bool ca;	  /* basic constraints: CA */
	bool weak_key, weak_digest;
	bool bad_extensions; /* an extension does not parse */
};

/* Read one certificate.  What OpenSSL refuses is read by a tolerant reader for names
 * and dates; then the code is KS_MALFORMED and ret_cert holds what was found
 * (subject "" when nothing was): show it with the verdict `unparseable`. */
KS_MUST int cert_read(struct span der, struct cert *ret_cert, struct why *why);

/* Cut the next name off a list of cert.san: its kind ("DNS", "IP", "email", "URI") and
 * the name itself; false at the end. */
bool cert_san_cut(struct span *san, struct span *ret_kind, struct span *ret_name);

/* Roots.  The chosen ones decide `untrusted_root`; the known ones (for example those
 * the system ships) only tell whether a text that names a vendor may do so. */
enum trust_part { TRUST_CHOSEN, TRUST_KNOWN };
struct trust;
KS_MUST int trust_new(struct trust **ret_trust, struct why *why);
void trust_free(struct trust *trust);
static inline void drop_trust(struct trust **trust)
{
	trust_free(*trust);
}
/* Add every certificate of a PEM text, or one of DER.  KS_MALFORMED when there is
 * none at all; ret_added may be NULL. */
KS_MUST int trust_add(struct trust *trust, enum trust_part part, struct span bytes,
    size_t *ret_added, struct why *why);
/* The known ones, read when the first certificate is judged: most captures have none, and
 * a system's roots cost more than all else of a small one.  chosen: they are the chosen
 * ones as well.  Once at most. */
KS_MUST int trust_add_later(struct trust *trust, struct span bytes, bool chosen, struct why *why);
/* How many roots were chosen; with none, nothing is said about roots. */
size_t trust_chosen(const struct trust *trust);

/* The verdicts, as bits; cert_verdict_word gives their words for machines, which are
 * promised (doc/schema). */
enum cert_verdict {
	CERT_SELF_SIGNED = 1 << 0,
	CERT_UNTRUSTED_ROOT = 1 << 1, /* leads to none of the chosen roots */
	CERT_EXPIRED = 1 << 2,	      /* it, or one it rests on */
	CERT_NOT_YET_VALID = 1 << 3,
	CERT_NAME_MISMATCH = 1 << 4,
	CERT_WEAK_KEY = 1 << 5,	   /* RSA, DSA under 2048 bits, EC under 224 */
	CERT_WEAK_DIGEST = 1 << 6, /* signed with MD5, SHA-1 or older */
	CERT_SHORT_VALIDITY = 1 << 7, /* under 8 days */
	CERT_LONG_VALIDITY = 1 << 8,  /* over 398 days */
	CERT_CLAIMS_FOREIGN_NAME = 1 << 9, /* names a vendor whose roots it does not lead to */
	CERT_CA_AS_LEAF = 1 << 10,
	CERT_UNPARSEABLE = 1 << 11,
	CERT_WRONG_PURPOSE = 1 << 12, /* made for other ends than a server (RFC 5280 4.2.1.12) */
	CERT_VERDICTS = 13, /* how many bits there are */
};
/* The word of verdict number i (0 .. CERT_VERDICTS - 1), "self_signed". */
const char *cert_verdict_word(unsigned i);

/* Certificates opened before, by where their bytes lie: those must stay.  Opening one
 * costs more than all that is asked of it later.  At most LIMIT_CERT_SHELF are kept. */
struct cert_shelf;
struct cert_shelf *cert_shelf_new(void); /* NULL: no memory; then nothing is kept */
void cert_shelf_free(struct cert_shelf *shelf);
static inline void drop_cert_shelf(struct cert_shelf **shelf)
{
	cert_shelf_free(*shelf);
}
/* As cert_read(); shelf may be NULL. */
KS_MUST int cert_read_kept(struct cert_shelf *shelf, struct span der, struct cert *ret_cert,
    struct why *why);

struct cert_ask {
	struct cert_shelf *shelf; /* NULL: none */
	const struct span *chain; /* DER, the leaf first, then in any order */
	size_t chain_n;
	struct span name; /* the server name asked for; empty: names are not judged */
	int64_t at_s;	  /* judged as of then */
	const struct trust *trust;
	bool for_code; /* an executable's: validity is not held to that of servers */
};

struct cert_opinion {
	uint32_t verdicts;  /* bits of enum cert_verdict */
	uint32_t issuers;   /* of them: those that only an issuer, not the leaf, earned */
	const char *vendor; /* whose name is claimed; NULL otherwise */
	bool chained;	    /* leads to a chosen root, dates apart */
};

/* Judge a chain.  An empty chain gives no verdicts. */
void cert_judge(const struct cert_ask *ask, struct cert_opinion *ret_opinion);

/* What the dates alone earn, as of at_s. */
uint32_t cert_dates(int64_t not_before_s, int64_t not_after_s, int64_t at_s);

/* The vendor that a text (a name as in a certificate) imitates or is: full-width,
 * Cyrillic and Greek look-alikes, digits for letters are seen through.  NULL: none. */
const char *vendor_named(struct span utf8);
#endif
