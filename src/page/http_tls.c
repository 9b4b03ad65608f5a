#include "page/http_tls.h"
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>

enum { CHAIN_MOST = 8, HOST_MOST = 256, DAY_S = 86400 };

struct http_tls {
	SSL_CTX *context;
};

void http_tls_free(struct http_tls *tls)
{
	if (tls == NULL)
		return;
	SSL_CTX_free(tls->context);
	free(tls);
}

static BIO *bio_of(struct span pem)
{
	return BIO_new_mem_buf(pem.at, (int)pem.left);
}

/* A key that asks for a password is not ours to open: nobody sits here to type it. */
static int no_password(char *room, int size, int writes, void *user)
{
	(void)room;
	(void)size;
	(void)writes;
	(void)user;
	return -1;
}

static bool chain_read(SSL_CTX *context, BIO *bio)
{
	X509 *cert = PEM_read_bio_X509(bio, NULL, no_password, NULL);
	bool good = cert != NULL && SSL_CTX_use_certificate(context, cert) == 1;

	X509_free(cert);
	for (int i = 0; good && i < CHAIN_MOST; i++) {
		cert = PEM_read_bio_X509(bio, NULL, no_password, NULL);
		if (cert == NULL)
			break;
		if (SSL_CTX_add0_chain_cert(context, cert) != 1) {
			X509_free(cert);
			good = false;
		}
	}
	ERR_clear_error(); /* the end of the file is one */
	return good;
}

static int pair_read(SSL_CTX *context, struct span cert, struct span key, struct why *why)
{
	BIO *certs = bio_of(cert), *keys = bio_of(key);
	EVP_PKEY *private = keys != NULL ? PEM_read_bio_PrivateKey(keys, NULL, no_password, NULL) : NULL;
	int code = KS_OK;

	if (certs == NULL || !chain_read(context, certs))
		code = fail(why, KS_MALFORMED, "the page's certificate can not be read: it must be PEM");
	else if (private == NULL)
		code = fail(why, KS_MALFORMED,
		    "the page's key can not be read: it must be PEM, without a password");
	else if (SSL_CTX_use_PrivateKey(context, private) != 1 ||
	    SSL_CTX_check_private_key(context) != 1)
		code = fail(why, KS_MALFORMED, "the page's certificate and key do not belong together");
	EVP_PKEY_free(private);
	BIO_free(keys);
	BIO_free(certs);
	ERR_clear_error();
	return code;
}

static SSL_CTX *context_new(void)
{
	static const char old[] = "ECDHE+AESGCM:ECDHE+CHACHA20";
	SSL_CTX *context;

	/* what this machine's openssl.cnf says is for others, and the page may not read it */
	if (OPENSSL_init_ssl(OPENSSL_INIT_NO_LOAD_CONFIG, NULL) != 1)
		return NULL;
	context = SSL_CTX_new(TLS_server_method());
	if (context == NULL)
		return NULL;
	(void)SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
	(void)SSL_CTX_set_cipher_list(context, old);
	(void)SSL_CTX_set_options(context, SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION |
	    SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_IGNORE_UNEXPECTED_EOF);
	(void)SSL_CTX_set_num_tickets(context, 0);
	(void)SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
	/* buffers only while they hold something: a listener that waits costs little */
	(void)SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
	    SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
	return context;
}

int http_tls_new(struct span cert, struct span key, struct http_tls **ret_tls, struct why *why)
{
	struct http_tls *tls = calloc(1, sizeof *tls);

	if (tls != NULL)
		tls->context = context_new();
	int code = tls != NULL && tls->context != NULL ? pair_read(tls->context, cert, key, why)
						       : fail(why, KS_FULL, "out of memory");

	if (code != KS_OK) {
		http_tls_free(tls);
		return code;
	}
	*ret_tls = tls;
	return KS_OK;
}

bool http_tls_host(const struct http_tls *tls, struct span host)
{
	X509 *cert = SSL_CTX_get0_certificate(tls->context);
	char name[HOST_MOST];
	struct span rest = host;
	bool six = host.left > 0 && host.at[0] == '[';

	if (six)
		(void)span_cut(&rest, 1);
	struct span word = span_until(&rest, six ? ']' : ':');

	if (cert == NULL || word.left == 0 || word.left >= sizeof name)
		return false;
	memcpy(name, word.at, word.left);
	name[word.left] = '\0';
	if (strlen(name) != word.left)
		return false;
	return X509_check_host(cert, name, word.left, 0, NULL) == 1 ||
	    X509_check_ip_asc(cert, name, 0) == 1;
}

int64_t http_tls_left_s(const struct http_tls *tls)
{
	const X509 *cert = SSL_CTX_get0_certificate(tls->context);
	int days = 0, seconds = 0;

	if (cert == NULL || ASN1_TIME_diff(&days, &seconds, NULL, X509_get0_notAfter(cert)) != 1)
		return 0;
	return (int64_t)days * DAY_S + seconds;
}

struct ssl_st *http_tls_begin(const struct http_tls *tls, int fd)
{
	SSL *ssl = SSL_new(tls->context);

	if (ssl == NULL || SSL_set_fd(ssl, fd) != 1) {
		SSL_free(ssl);
		return NULL;
	}
	SSL_set_accept_state(ssl);
	return ssl;
}
