/* src/x509/tolerate.c - names and dates of a certificate that OpenSSL refuses: the outer
 * frame is walked by hand (DER or BER with definite lengths), and each name and time is
 * read on its own, so that one bad field costs only itself. */
#include "x509/inside.h"
#include "base/drop.h"
#include <openssl/err.h>
#include <time.h>

enum { TAG_INTEGER = 0x02, TAG_SEQUENCE = 0x30, TAG_VERSION = 0xa0 };

/* One element: its tag, its content, and the whole of it with its head. */
struct element {
	uint32_t tag;
	struct span content, whole;
};

static struct element element_cut(struct span *s)
{
	struct span start = *s;
	struct element e = { .tag = (uint32_t)span_be(s, 1) };
	uint64_t n = span_be(s, 1);

	if (n > 0x80 && n <= 0x84)
		n = span_be(s, (size_t)(n - 0x80));
	else if (n >= 0x80)
		s->broken = true;
	e.content = s->broken ? span_cut(s, 1) : span_cut(s, (size_t)(n < s->left ? n : s->left));
	/* what was cut short is still read as far as it goes */
	e.whole = s->broken ? *s : span_of(start.at, start.left - s->left);
	return e;
}

static bool keep_name(char to[CERT_NAME], struct span whole)
{
	const uint8_t *at = whole.at;
	X509_NAME *name = whole.left > 0 ? d2i_X509_NAME(NULL, &at, (long)whole.left) : NULL;
	BIO *bio = name != NULL ? BIO_new(BIO_s_mem()) : NULL;
	char *bytes = NULL;
	long n = 0;

	if (bio != NULL && X509_NAME_print_ex(bio, name, 0, XN_FLAG_RFC2253) >= 0)
		n = BIO_get_mem_data(bio, &bytes);
	n = n < CERT_NAME - 1 ? n : CERT_NAME - 1;
	if (n > 0)
		memcpy(to, bytes, (size_t)n);
	to[n > 0 ? n : 0] = '\0';
	(void)BIO_free(bio);
	X509_NAME_free(name);
	return n > 0;
}

static int64_t seconds_of(struct span whole)
{
	const uint8_t *at = whole.at;
	ASN1_TIME *when = whole.left > 0 ? d2i_ASN1_TIME(NULL, &at, (long)whole.left) : NULL;
	struct tm tm = { .tm_year = 0 };
	int64_t s = when != NULL && ASN1_TIME_to_tm(when, &tm) == 1 ? (int64_t)timegm(&tm) : 0;

	ASN1_TIME_free(when);
	return s;
}

/* To what follows the algorithm: issuer, dates, subject. */
static bool tbs_enter(struct span der, struct span *ret_tbs, struct span *ret_serial)
{
	struct span outer = element_cut(&der).content;
	struct span tbs = element_cut(&outer).content;
	struct element e = element_cut(&tbs);

	if (e.tag == TAG_VERSION)
		e = element_cut(&tbs);
	bool good = e.tag == TAG_INTEGER && element_cut(&tbs).tag == TAG_SEQUENCE;

	*ret_tbs = tbs;
	*ret_serial = e.content;
	return good;
}

X509_NAME *cert_subject(struct span der)
{
	struct span tbs, serial;

	if (!tbs_enter(der, &tbs, &serial))
		return NULL;
	(void)element_cut(&tbs); /* issuer */
	(void)element_cut(&tbs); /* dates */
	struct span whole = element_cut(&tbs).whole;
	const uint8_t *at = whole.at;
	X509_NAME *name = whole.left > 0 ? d2i_X509_NAME(NULL, &at, (long)whole.left) : NULL;

	ERR_clear_error();
	return name;
}

bool cert_tolerate(struct span der, struct cert *cert)
{
	struct span tbs, serial;
	bool found;

	if (!tbs_enter(der, &tbs, &serial))
		return false;
	for (size_t i = 0; i < serial.left && i < (CERT_SERIAL - 1) / 2; i++)
		(void)snprintf(cert->serial + 2 * i, 3, "%02X", serial.at[i]);
	found = keep_name(cert->issuer, element_cut(&tbs).whole);
	struct span dates = element_cut(&tbs).content;

	cert->not_before_s = seconds_of(element_cut(&dates).whole);
	cert->not_after_s = seconds_of(element_cut(&dates).whole);
	found |= keep_name(cert->subject, element_cut(&tbs).whole);
	cert->self_issued = found && strcmp(cert->subject, cert->issuer) == 0;
	ERR_clear_error();
	return found;
}
