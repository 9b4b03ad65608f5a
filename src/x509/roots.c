/* src/x509/roots.c - roots by their names, opened when a chain leads to them. */
#include "base/limits.h"
#include "x509/inside.h"
#include <openssl/err.h>
#include <openssl/pem.h>
#include <stdlib.h>

struct root {
	X509_NAME *subject;
	unsigned char *der; /* OpenSSL's; NULL once opened */
	size_t bytes;
};

struct roots {
	size_t n;
	struct root at[LIMIT_TRUST_ROOTS];
};

/* The next block of a PEM text; NULL at its end.  The caller frees it. */
static unsigned char *block_next(BIO *bio, bool *ret_is_cert, size_t *ret_bytes)
{
	char *name = NULL, *head = NULL;
	unsigned char *der = NULL;
	long n = 0;
	bool good = PEM_read_bio(bio, &name, &head, &der, &n) == 1;

	*ret_is_cert = good && (strcmp(name, PEM_STRING_X509) == 0 || strcmp(name, PEM_STRING_X509_OLD) == 0 ||
		strcmp(name, PEM_STRING_X509_TRUSTED) == 0);
	*ret_bytes = good ? (size_t)n : 0;
	OPENSSL_free(name);
	OPENSSL_free(head);
	return good ? der : NULL;
}

struct roots *roots_new(struct span pem)
{
	struct roots *roots = calloc(1, sizeof *roots);
	BIO *bio = roots != NULL && pem.left > 0 && pem.left <= LIMIT_TRUST_BYTES
	    ? BIO_new_mem_buf(pem.at, (int)pem.left) : NULL;

	while (bio != NULL && roots->n < LIMIT_TRUST_ROOTS) {
		struct root root = { .bytes = 0 };
		bool is_cert;

		root.der = block_next(bio, &is_cert, &root.bytes);
		/* a damaged one costs itself; the end of the text ends it */
		if (root.der == NULL && (ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE ||
			BIO_pending(bio) == 0))
			break;
		ERR_clear_error();
		root.subject = is_cert ? cert_subject(span_of(root.der, root.bytes)) : NULL;
		if (root.subject != NULL)
			roots->at[roots->n++] = root;
		else
			OPENSSL_free(root.der);
	}
	ERR_clear_error();
	(void)BIO_free(bio);
	return roots;
}

void roots_free(struct roots *roots)
{
	for (size_t i = 0; roots != NULL && i < roots->n; i++) {
		X509_NAME_free(roots->at[i].subject);
		OPENSSL_free(roots->at[i].der);
	}
	free(roots);
}

size_t roots_count(const struct roots *roots)
{
	return roots->n;
}

void roots_want(struct roots *roots, const X509_NAME *name, X509_STORE *store)
{
	for (size_t i = 0; i < roots->n; i++) {
		struct root *root = &roots->at[i];

		if (root->der == NULL || X509_NAME_cmp(root->subject, name) != 0)
			continue;
		X509 *x = cert_open(span_of(root->der, root->bytes));

		OPENSSL_free(root->der);
		root->der = NULL;
		if (x != NULL && X509_STORE_add_cert(store, x) == 1)
			roots_want(roots, X509_get_issuer_name(x), store); /* not all are their own */
		X509_free(x);
	}
	ERR_clear_error();
}
