/* src/x509/trust.c - the roots that a reader chose, and those known to the public. */
#include "x509/inside.h"
#include "base/drop.h"
#include "base/must.h"
#include "base/text.h"
#include <openssl/err.h>
#include <openssl/pem.h>
#include <stdlib.h>

struct trust {
	X509_STORE *stores[2];
	size_t counts[2];
	struct text *later;  /* of TRUST_KNOWN, not read yet */
	struct roots *roots; /* of TRUST_KNOWN, read and waiting */
	bool same;	     /* the known ones are also the chosen ones */
};

int trust_new(struct trust **ret_trust, struct why *why)
{
	struct trust *trust = calloc(1, sizeof *trust);

	if (trust == NULL)
		return fail(why, KS_FULL, "no memory for roots of trust");
	for (int i = 0; i < 2; i++)
		if ((trust->stores[i] = X509_STORE_new()) == NULL) {
			trust_free(trust);
			return fail(why, KS_FULL, "no memory for roots of trust");
		}
	*ret_trust = trust;
	return KS_OK;
}

void trust_free(struct trust *trust)
{
	if (trust == NULL)
		return;
	X509_STORE_free(trust->stores[TRUST_CHOSEN]);
	X509_STORE_free(trust->stores[TRUST_KNOWN]);
	if (trust->later != NULL)
		text_done(trust->later);
	free(trust->later);
	roots_free(trust->roots);
	free(trust);
}

static bool trust_take_one(struct trust *trust, enum trust_part part, X509 *x)
{
	bool taken = x != NULL && trust->counts[part] < LIMIT_TRUST_ROOTS &&
	    X509_STORE_add_cert(trust->stores[part], x) == 1;

	trust->counts[part] += taken ? 1 : 0;
	X509_free(x);
	return taken;
}

int trust_add(struct trust *trust, enum trust_part part, struct span bytes,
    size_t *ret_added, struct why *why)
{
	BIO *bio = bytes.left > 0 && bytes.left <= LIMIT_TRUST_BYTES
	    ? BIO_new_mem_buf(bytes.at, (int)bytes.left) : NULL;
	size_t added = 0;
	bool more = bio != NULL;

	must(part == TRUST_CHOSEN || part == TRUST_KNOWN);
	while (more) {
		X509 *x = PEM_read_bio_X509(bio, NULL, NULL, NULL);

		/* one that does not parse costs itself; the end of the text ends it */
		more = x != NULL || (ERR_GET_REASON(ERR_peek_last_error()) != PEM_R_NO_START_LINE &&
		    BIO_pending(bio) > 0);
		ERR_clear_error();
		added += trust_take_one(trust, part, x) ? 1 : 0;
	}
	(void)BIO_free(bio);
	if (added == 0)
		added = trust_take_one(trust, part, cert_open(bytes)) ? 1 : 0;
	ERR_clear_error();
	if (ret_added != NULL)
		*ret_added = added;
	if (added == 0)
		return fail(why, KS_MALFORMED, "no certificate in the roots of trust: PEM or DER is wanted");
	return KS_OK;
}

int trust_add_later(struct trust *trust, struct span bytes, bool chosen, struct why *why)
{
	struct text *later = calloc(1, sizeof *later);

	must(trust->later == NULL);
	if (later == NULL)
		return fail(why, KS_FULL, "no memory for roots of trust");
	text_init(later, LIMIT_TRUST_BYTES);
	text_add_span(later, bytes);
	trust->later = later;
	trust->same = chosen;
	return KS_OK;
}

/* What was to be read later is wanted now. */
static struct trust *trust_ready(const struct trust *asked)
{
	struct trust *trust = (struct trust *)(uintptr_t)asked;

	if (trust != NULL && trust->later != NULL && trust->later->len > 0) {
		trust->roots = roots_new(text_span(trust->later));
		trust->counts[TRUST_KNOWN] += trust->roots != NULL ? roots_count(trust->roots) : 0;
		text_done(trust->later);
	}
	return trust;
}

size_t trust_chosen(const struct trust *asked)
{
	const struct trust *trust = trust_ready(asked);

	return trust != NULL ? trust->counts[trust->same ? TRUST_KNOWN : TRUST_CHOSEN] : 0;
}

void trust_meet(const struct trust *asked, const STACK_OF(X509) *chain)
{
	struct trust *trust = trust_ready(asked);

	if (trust == NULL || trust->roots == NULL)
		return;
	for (int i = 0; i < sk_X509_num(chain); i++) {
		X509 *x = sk_X509_value(chain, i);

		roots_want(trust->roots, X509_get_subject_name(x), trust->stores[TRUST_KNOWN]);
		roots_want(trust->roots, X509_get_issuer_name(x), trust->stores[TRUST_KNOWN]);
	}
}

X509_STORE *trust_store(const struct trust *asked, enum trust_part part)
{
	const struct trust *trust = trust_ready(asked);

	if (trust != NULL && trust->same)
		part = TRUST_KNOWN;
	return trust != NULL && trust->counts[part] > 0 ? trust->stores[part] : NULL;
}
