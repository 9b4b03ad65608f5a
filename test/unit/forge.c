#include "forge.h"
#include "base/must.h"
#include <openssl/ec.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

static void add_names(X509_NAME *name, const char *subject)
{
	struct span rest = span_text(subject);

	while (rest.left > 0) {
		struct span part = span_until(&rest, '/'), key = span_until(&part, '=');
		char field[8] = "";

		must(key.left < sizeof field);
		memcpy(field, key.at, key.left);
		must(X509_NAME_add_entry_by_txt(name, field, MBSTRING_UTF8, part.at, (int)part.left,
		    -1, 0) == 1);
	}
}

static void add_extension(X509 *x, int nid, const char *value)
{
	X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, NULL, nid, value);

	must(extension != NULL && X509_add_ext(x, extension, -1) == 1);
	X509_EXTENSION_free(extension);
}

void forge_make(const struct forge *forge, const struct forged *issuer, struct forged *ret)
{
	EVP_PKEY *key = forge->rsa_bits > 0 ? EVP_RSA_gen((unsigned)forge->rsa_bits) : EVP_EC_gen("P-256");
	X509 *x = X509_new();
	uint8_t *at = ret->der;

	must(key != NULL && x != NULL && X509_set_version(x, 2) == 1);
	must(ASN1_INTEGER_set(X509_get_serialNumber(x), 4711) == 1);
	add_names(X509_get_subject_name(x), forge->subject);
	must(ASN1_TIME_set(X509_getm_notBefore(x), forge->from_s) != NULL);
	must(ASN1_TIME_set(X509_getm_notAfter(x), forge->until_s) != NULL);
	must(X509_set_pubkey(x, key) == 1);
	if (forge->ca)
		add_extension(x, NID_basic_constraints, "critical,CA:TRUE");
	if (forge->san != NULL)
		add_extension(x, NID_subject_alt_name, forge->san);
	if (issuer != NULL) {
		const uint8_t *der = issuer->der;
		X509 *above = d2i_X509(NULL, &der, (long)issuer->len);

		must(above != NULL && X509_set_issuer_name(x, X509_get_subject_name(above)) == 1);
		X509_free(above);
	} else {
		must(X509_set_issuer_name(x, X509_get_subject_name(x)) == 1);
	}
	must(X509_sign(x, issuer != NULL ? issuer->key : key,
	    forge->sha1 ? EVP_sha1() : EVP_sha256()) > 0);
	int n = i2d_X509(x, NULL);

	must(n > 0 && n <= FORGED && i2d_X509(x, &at) == n);
	ret->len = (size_t)n;
	ret->key = key;
	X509_free(x);
}

struct span forged_span(const struct forged *forged)
{
	return span_of(forged->der, forged->len);
}
