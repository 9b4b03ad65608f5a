#include "page/http_tls.h"
#include <gnutls/abstract.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <stdlib.h>
#include <string.h>

enum { CHAIN_MOST = 8, HOST_MOST = 256 };

const char http_tls_priorities[] = "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:-KX-ALL:"
	"+ECDHE-ECDSA:+ECDHE-RSA:-CIPHER-ALL:+AES-256-GCM:+CHACHA20-POLY1305:+AES-128-GCM:"
	"%SERVER_PRECEDENCE";

struct http_tls {
	gnutls_pcert_st chain[CHAIN_MOST];
	unsigned chain_n;
	gnutls_x509_crt_t first;
	gnutls_privkey_t key;
};

/* The library's callback has no place for a user's pointer: one page a process. */
static struct http_tls *in_use;

void http_tls_use(struct http_tls *tls)
{
	in_use = tls;
}

static int retrieve(gnutls_session_t session, const gnutls_datum_t *names, int names_n,
    const gnutls_pk_algorithm_t *algorithms, int algorithms_n, gnutls_pcert_st **ret_chain,
    unsigned *ret_n, gnutls_privkey_t *ret_key)
{
	(void)session;
	(void)names;
	(void)names_n;
	(void)algorithms;
	(void)algorithms_n;
	if (in_use == NULL)
		return -1;
	*ret_chain = in_use->chain;
	*ret_n = in_use->chain_n;
	*ret_key = in_use->key;
	return 0;
}

void *http_tls_callback(void)
{
	void *callback;
	int (*const function)(gnutls_session_t, const gnutls_datum_t *, int,
	    const gnutls_pk_algorithm_t *, int, gnutls_pcert_st **, unsigned *,
	    gnutls_privkey_t *) = retrieve;

	_Static_assert(sizeof callback == sizeof function, "a function's address is a pointer");
	memcpy(&callback, &function, sizeof callback);
	return callback;
}

void http_tls_free(struct http_tls *tls)
{
	if (tls == NULL)
		return;
	if (in_use == tls)
		in_use = NULL;
	for (unsigned i = 0; i < tls->chain_n; i++)
		gnutls_pcert_deinit(&tls->chain[i]);
	if (tls->first != NULL)
		gnutls_x509_crt_deinit(tls->first);
	if (tls->key != NULL)
		gnutls_privkey_deinit(tls->key);
	free(tls);
}

static gnutls_datum_t datum_of(struct span s)
{
	return (gnutls_datum_t){ .data = (unsigned char *)(uintptr_t)s.at, .size = (unsigned)s.left };
}

static int chain_read(struct http_tls *tls, struct span pem, struct why *why)
{
	gnutls_datum_t datum = datum_of(pem);
	unsigned n = CHAIN_MOST;
	int code = gnutls_pcert_list_import_x509_raw(tls->chain, &n, &datum, GNUTLS_X509_FMT_PEM, 0);

	if (code < 0 || n == 0)
		return fail(why, KS_MALFORMED, "the page's certificate can not be read: %s",
		    gnutls_strerror(code));
	tls->chain_n = n;
	if (gnutls_x509_crt_init(&tls->first) < 0)
		return fail(why, KS_FULL, "out of memory");
	code = gnutls_x509_crt_import(tls->first, &tls->chain[0].cert, GNUTLS_X509_FMT_DER);
	if (code < 0)
		return fail(why, KS_MALFORMED, "the page's certificate can not be read: %s",
		    gnutls_strerror(code));
	return KS_OK;
}

/* The number that a public key has; the same for both halves of a pair. */
static bool same_pair(const struct http_tls *tls)
{
	unsigned char of_cert[64], of_key[64];
	size_t cert_n = sizeof of_cert, key_n = sizeof of_key;
	gnutls_pubkey_t public;

	if (gnutls_x509_crt_get_key_id(tls->first, GNUTLS_KEYID_USE_SHA256, of_cert, &cert_n) < 0 ||
	    gnutls_pubkey_init(&public) < 0)
		return false;
	bool same = gnutls_pubkey_import_privkey(public, tls->key, 0, 0) >= 0 &&
	    gnutls_pubkey_get_key_id(public, GNUTLS_KEYID_USE_SHA256, of_key, &key_n) >= 0 &&
	    cert_n == key_n && memcmp(of_cert, of_key, key_n) == 0;

	gnutls_pubkey_deinit(public);
	return same;
}

static int key_read(struct http_tls *tls, struct span pem, struct why *why)
{
	gnutls_datum_t datum = datum_of(pem);

	if (gnutls_privkey_init(&tls->key) < 0)
		return fail(why, KS_FULL, "out of memory");
	int code = gnutls_privkey_import_x509_raw(tls->key, &datum, GNUTLS_X509_FMT_PEM, NULL, 0);

	if (code < 0)
		return fail(why, KS_MALFORMED, "the page's key can not be read: %s",
		    gnutls_strerror(code));
	if (!same_pair(tls))
		return fail(why, KS_MALFORMED, "the page's certificate and key do not belong together");
	return KS_OK;
}

int http_tls_new(struct span cert, struct span key, struct http_tls **ret_tls, struct why *why)
{
	struct http_tls *tls = calloc(1, sizeof *tls);
	int code = tls != NULL ? chain_read(tls, cert, why) : fail(why, KS_FULL, "out of memory");

	if (code == KS_OK)
		code = key_read(tls, key, why);
	if (code != KS_OK) {
		http_tls_free(tls);
		return code;
	}
	*ret_tls = tls;
	return KS_OK;
}

bool http_tls_host(const struct http_tls *tls, struct span host)
{
	char name[HOST_MOST];
	struct span rest = host;
	bool six = host.left > 0 && host.at[0] == '[';

	if (six)
		(void)span_cut(&rest, 1);
	struct span word = span_until(&rest, six ? ']' : ':');

	if (word.left == 0 || word.left >= sizeof name)
		return false;
	memcpy(name, word.at, word.left);
	name[word.left] = '\0';
	return gnutls_x509_crt_check_hostname(tls->first, name) != 0;
}

int64_t http_tls_until(const struct http_tls *tls)
{
	return (int64_t)gnutls_x509_crt_get_expiration_time(tls->first);
}
