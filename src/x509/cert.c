/* src/x509/cert.c - what one certificate says, through OpenSSL. */
#include "x509/inside.h"
#include "base/drop.h"
#include "base/text.h"
#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <time.h>

static inline void drop_bio(BIO **bio)
{
	(void)BIO_free(*bio);
}

X509 *cert_open(struct span der)
{
	const uint8_t *at = der.at;

	if (der.left == 0 || der.left > LIMIT_CERT_BYTES)
		return NULL;
	X509 *x = d2i_X509(NULL, &at, (long)der.left);

	ERR_clear_error();
	return x;
}

/* Copy n bytes, cut to fit, zero-ended. */
static void keep(char *to, size_t room, const void *from, size_t n)
{
	n = n < room - 1 ? n : room - 1;
	if (n > 0)
		memcpy(to, from, n);
	to[n] = '\0';
}

static void keep_name(char to[CERT_NAME], const X509_NAME *name)
{
	KS_DROP(bio) BIO *bio = BIO_new(BIO_s_mem());
	char *bytes = NULL;

	if (bio == NULL || X509_NAME_print_ex(bio, name, 0, XN_FLAG_RFC2253) < 0)
		return;
	long n = BIO_get_mem_data(bio, &bytes);

	keep(to, CERT_NAME, bytes, n > 0 ? (size_t)n : 0);
}

static void keep_serial(struct cert *cert, X509 *x)
{
	BIGNUM *number = ASN1_INTEGER_to_BN(X509_get0_serialNumber(x), NULL);
	char *hex = number != NULL ? BN_bn2hex(number) : NULL;

	if (number != NULL && BN_is_zero(number)) /* openssl writes whole bytes */
		keep(cert->serial, sizeof cert->serial, "00", 2);
	else if (hex != NULL)
		keep(cert->serial, sizeof cert->serial, hex, strlen(hex));
	OPENSSL_free(hex);
	BN_free(number);
}

static int64_t seconds_of(const ASN1_TIME *when)
{
	struct tm tm = { .tm_year = 0 };

	return when != NULL && ASN1_TIME_to_tm(when, &tm) == 1 ? (int64_t)timegm(&tm) : 0;
}

/* A name of others: what is no printable ASCII becomes '?', so that a line stays one. */
static void san_add(struct text *san, const char *kind, const ASN1_STRING *value)
{
	const uint8_t *bytes = ASN1_STRING_get0_data(value);
	int n = ASN1_STRING_length(value);

	text_add(san, kind);
	for (int i = 0; i < n; i++)
		text_add_char(san, bytes[i] > ' ' && bytes[i] < 0x7f ? (char)bytes[i] : '?');
	text_add_char(san, '\n');
}

static void san_add_address(struct text *san, const ASN1_STRING *value)
{
	char words[INET6_ADDRSTRLEN];
	int n = ASN1_STRING_length(value);

	if ((n == 4 || n == 16) && inet_ntop(n == 4 ? AF_INET : AF_INET6,
	    ASN1_STRING_get0_data(value), words, sizeof words) != NULL)
		text_addf(san, "IP:%s\n", words);
}

static void san_add_name(struct text *san, const X509_NAME *name)
{
	char words[CERT_NAME];
	struct span rest = span_text(X509_NAME_oneline(name, words, sizeof words) != NULL ? words : "");

	text_add(san, "DirName:");
	for (; rest.left > 0; (void)span_cut(&rest, 1))
		text_add_char(san, rest.at[0] >= ' ' && rest.at[0] < 0x7f ? (char)rest.at[0] : '?');
	text_add_char(san, '\n');
}

static void keep_san(struct cert *cert, X509 *x)
{
	GENERAL_NAMES *names = X509_get_ext_d2i(x, NID_subject_alt_name, NULL, NULL);
	KS_DROP(text) struct text san;

	text_init(&san, CERT_SAN - 1);
	for (int i = 0; i < sk_GENERAL_NAME_num(names) && !san.full; i++) {
		const GENERAL_NAME *name = sk_GENERAL_NAME_value(names, i);

		if (name->type == GEN_DNS)
			san_add(&san, "DNS:", name->d.dNSName);
		else if (name->type == GEN_EMAIL)
			san_add(&san, "email:", name->d.rfc822Name);
		else if (name->type == GEN_URI)
			san_add(&san, "URI:", name->d.uniformResourceIdentifier);
		else if (name->type == GEN_IPADD)
			san_add_address(&san, name->d.iPAddress);
		else if (name->type == GEN_DIRNAME)
			san_add_name(&san, name->d.directoryName);
	}
	while (san.len > 0 && san.at[san.len - 1] != '\n')
		san.len--; /* the last one was cut */
	keep(cert->san, sizeof cert->san, san.at, san.len);
	GENERAL_NAMES_free(names);
}

static void keep_key(struct cert *cert, X509 *x)
{
	EVP_PKEY *key = X509_get0_pubkey(x);
	ASN1_OBJECT *kind = NULL;
	char words[CERT_KIND - 8] = "", group[CERT_KIND - 8] = "";

	ERR_clear_error();
	if (key == NULL) {
		(void)X509_PUBKEY_get0_param(&kind, NULL, NULL, NULL, X509_get_X509_PUBKEY(x));
		if (kind != NULL)
			(void)OBJ_obj2txt(words, sizeof words, kind, 0);
		(void)snprintf(cert->key, sizeof cert->key, "%s", words);
		return;
	}
	switch (EVP_PKEY_get_base_id(key)) {
	case EVP_PKEY_RSA:
	case EVP_PKEY_RSA_PSS:
		(void)snprintf(cert->key, sizeof cert->key, "RSA %d", EVP_PKEY_get_bits(key));
		break;
	case EVP_PKEY_EC:
		(void)EVP_PKEY_get_group_name(key, group, sizeof group, NULL);
		(void)snprintf(cert->key, sizeof cert->key, "EC %s", group);
		break;
	default:
		(void)snprintf(cert->key, sizeof cert->key, "%s %d",
		    OBJ_nid2sn(EVP_PKEY_get_base_id(key)), EVP_PKEY_get_bits(key));
	}
}

bool cert_weak_key(X509 *x)
{
	EVP_PKEY *key = X509_get0_pubkey(x);
	int bits = key != NULL ? EVP_PKEY_get_bits(key) : 0;

	ERR_clear_error();
	if (bits <= 0)
		return false; /* an unknown kind is not said to be weak */
	switch (EVP_PKEY_get_base_id(key)) {
	case EVP_PKEY_RSA:
	case EVP_PKEY_RSA_PSS:
	case EVP_PKEY_DSA:
	case EVP_PKEY_DH:
		return bits < 2048;
	case EVP_PKEY_EC:
		return bits < 224;
	default:
		return false;
	}
}

bool cert_weak_digest(X509 *x)
{
	int digest = NID_undef;

	(void)X509_get_signature_info(x, &digest, NULL, NULL, NULL);
	ERR_clear_error();
	return digest == NID_md2 || digest == NID_md4 || digest == NID_md5 ||
	    digest == NID_sha || digest == NID_sha1;
}

static uint32_t uses_of(X509 *x)
{
	static const struct { uint32_t theirs, ours; } bits[] = {
		{ XKU_SSL_SERVER, CERT_USE_SERVER }, { XKU_SSL_CLIENT, CERT_USE_CLIENT },
		{ XKU_CODE_SIGN, CERT_USE_CODE }, { XKU_TIMESTAMP, CERT_USE_STAMP },
		{ XKU_ANYEKU, CERT_USE_ANY },
	};
	uint32_t said = X509_get_extended_key_usage(x), uses = 0;

	if (said == UINT32_MAX)
		return CERT_USE_ANY;
	for (size_t i = 0; i < sizeof bits / sizeof *bits; i++)
		uses |= (said & bits[i].theirs) != 0 ? bits[i].ours : 0;
	return uses;
}

static void keep_digests(struct cert *cert, X509 *x)
{
	uint8_t *info = NULL;
	int n = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(x), &info);

	if (n > 0)
		(void)EVP_Digest(info, (size_t)n, cert->key_sha256, NULL, EVP_sha256(), NULL);
	OPENSSL_free(info);
	(void)snprintf(cert->digest, sizeof cert->digest, "%s",
	    OBJ_nid2ln(X509_get_signature_nid(x)));
}

void cert_fill(X509 *x, struct cert *cert)
{
	EVP_PKEY *key = X509_get0_pubkey(x);

	keep_name(cert->subject, X509_get_subject_name(x));
	keep_name(cert->issuer, X509_get_issuer_name(x));
	keep_serial(cert, x);
	keep_san(cert, x);
	keep_key(cert, x);
	keep_digests(cert, x);
	cert->not_before_s = seconds_of(X509_get0_notBefore(x));
	cert->not_after_s = seconds_of(X509_get0_notAfter(x));
	cert->uses = uses_of(x);
	cert->self_issued =
	    X509_NAME_cmp(X509_get_subject_name(x), X509_get_issuer_name(x)) == 0;
	cert->self_signed = cert->self_issued && key != NULL && X509_verify(x, key) == 1;
	cert->ca = X509_check_ca(x) == 1;
	cert->weak_key = cert_weak_key(x);
	cert->weak_digest = cert_weak_digest(x);
	cert->bad_extensions = (X509_get_extension_flags(x) & EXFLAG_INVALID) != 0;
	ERR_clear_error();
}

int cert_read(struct span der, struct cert *ret_cert, struct why *why)
{
	return cert_read_kept(NULL, der, ret_cert, why);
}

int cert_read_kept(struct cert_shelf *shelf, struct span der, struct cert *ret_cert,
    struct why *why)
{
	KS_DROP(x509) X509 *x = cert_open_kept(shelf, der);
	struct cert cert = { .uses = CERT_USE_ANY };

	if (der.left > 0)
		(void)EVP_Digest(der.at, der.left, cert.sha256, NULL, EVP_sha256(), NULL);
	if (x == NULL) {
		(void)cert_tolerate(der, &cert);
		*ret_cert = cert;
		return fail(why, KS_MALFORMED, "the certificate is not well-formed DER");
	}
	cert_fill(x, &cert);
	*ret_cert = cert;
	return KS_OK;
}

bool cert_san_cut(struct span *san, struct span *ret_kind, struct span *ret_name)
{
	struct span line = span_until(san, '\n');

	if (line.left == 0)
		return false;
	*ret_kind = span_until(&line, ':');
	*ret_name = line;
	return true;
}
