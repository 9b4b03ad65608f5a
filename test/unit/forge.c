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

static EVP_PKEY *key_make(const struct forge *forge)
{
	if (forge->rsa_bits > 0)
		return EVP_RSA_gen((unsigned)forge->rsa_bits);
	if (forge->kind == NULL)
		return EVP_EC_gen("P-256");
	if (strncmp(forge->kind, "EC ", 3) == 0)
		return EVP_EC_gen(forge->kind + 3);
	return EVP_PKEY_Q_keygen(NULL, NULL, forge->kind);
}

/* Of the key that signs: Edwards curves bring theirs. */
static const EVP_MD *digest_of(const struct forge *forge, const EVP_PKEY *signs)
{
	int kind = EVP_PKEY_get_base_id(signs);

	if (kind == EVP_PKEY_ED25519 || kind == EVP_PKEY_ED448)
		return NULL;
	return forge->digest != NULL ? EVP_get_digestbyname(forge->digest) :
	    forge->sha1 ? EVP_sha1() : EVP_sha256();
}

void forge_make(const struct forge *forge, const struct forged *issuer, struct forged *ret)
{
	EVP_PKEY *key = key_make(forge);
	X509 *x = X509_new();
	uint8_t *at = ret->der;

	must(key != NULL && x != NULL && X509_set_version(x, 2) == 1);
	must(ASN1_INTEGER_set(X509_get_serialNumber(x), forge->serial == 0 ? 4711 :
	    forge->serial < 0 ? 0 : forge->serial) == 1);
	add_names(X509_get_subject_name(x), forge->subject);
	must(ASN1_TIME_set(X509_getm_notBefore(x), forge->from_s) != NULL);
	must(ASN1_TIME_set(X509_getm_notAfter(x), forge->until_s) != NULL);
	must(X509_set_pubkey(x, key) == 1);
	if (forge->ca)
		add_extension(x, NID_basic_constraints, forge->limits != NULL ? forge->limits : "critical,CA:TRUE");
	if (forge->uses != NULL)
		add_extension(x, NID_ext_key_usage, forge->uses);
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
	EVP_PKEY *signs = issuer != NULL ? issuer->key : key;

	must(X509_sign(x, signs, digest_of(forge, signs)) > 0);
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
