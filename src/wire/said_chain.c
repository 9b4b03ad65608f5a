/* src/wire/said_chain.c - a server's certificate and what is wrong with its chain, as of the
 * handshake; chains come again and again, so each is judged once until the next of its dates.
 * The roots are shared by all workers: one judges at a time. */
#include "base/hash.h"
#include "wire/said_rows.h"
#include "x509/x509.h"
#include <openssl/evp.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

enum { DAY_S = 86400 };

static pthread_mutex_t judging = PTHREAD_MUTEX_INITIALIZER;

static void digits(struct span digest, char *to)
{
	for (size_t i = 0; i < digest.left; i++)
		(void)snprintf(to + 2 * i, 3, "%02x", digest.at[i]);
}

static void text_copy(char *to, size_t room, const char *text)
{
	(void)snprintf(to, room, "%s", text);
}

/* The judgement holds from the last of the dates before it to the first one after, in one
 * day: roots have dates too. */
static void dates_narrow(struct judged_chain *chain, int64_t date_s, int64_t at_s)
{
	if (date_s <= at_s && date_s > chain->from_s)
		chain->from_s = date_s;
	if (date_s > at_s && date_s < chain->until_s)
		chain->until_s = date_s;
}

static void leaf_fill(struct leaf *leaf, const struct cert *cert, struct span der)
{
	uint8_t sha1[20];

	text_copy(leaf->subject, sizeof leaf->subject, cert->subject);
	text_copy(leaf->issuer, sizeof leaf->issuer, cert->issuer);
	text_copy(leaf->serial, sizeof leaf->serial, cert->serial);
	digits(span_of(cert->sha256, CERT_SHA256), leaf->sha256);
	if (EVP_Digest(der.at, der.left, sha1, NULL, EVP_sha1(), NULL) == 1)
		digits(span_of(sha1, sizeof sha1), leaf->sha1);
	leaf->not_before_s = cert->not_before_s;
	leaf->not_after_s = cert->not_after_s;
	leaf->ca = cert->ca;
}

static bool chain_judge(const struct said_rows *rows, const struct said_tls *tls, struct span name,
    int64_t at_s, struct judged_chain *chain)
{
	struct cert *cert = calloc(1, sizeof *cert); /* 6 KB of texts */
	struct cert_ask ask = { .chain = tls->certificate, .chain_n = tls->certificates,
		.name = name, .at_s = at_s, .trust = rows->trust };
	struct cert_opinion opinion = { .verdicts = 0 };

	if (cert == NULL)
		return false;
	chain->from_s = at_s - ((at_s % DAY_S) + DAY_S) % DAY_S;
	chain->until_s = chain->from_s + DAY_S;
	for (size_t i = 0; i < tls->certificates; i++) {
		/* one that cannot be read whole has what was read of it */
		(void)!cert_read(tls->certificate[i], cert, NULL);
		if (i == 0)
			leaf_fill(&chain->leaf, cert, tls->certificate[i]);
		dates_narrow(chain, cert->not_before_s, at_s);
		dates_narrow(chain, cert->not_after_s + 1, at_s);
	}
	free(cert);
	(void)pthread_mutex_lock(&judging);
	cert_judge(&ask, &opinion);
	(void)pthread_mutex_unlock(&judging);
	chain->leaf.verdicts = opinion.verdicts;
	return true;
}

static const struct leaf *leaf_find(struct said_rows *rows, const struct said_tls *tls,
    struct span name, int64_t at_s)
{
	uint64_t hash = hash_of(name, rows->seed);

	if (rows->chains == NULL)
		rows->chains = calloc(ROWS_CHAINS, sizeof *rows->chains);
	if (rows->chains == NULL)
		return NULL;
	for (size_t i = 0; i < tls->certificates; i++)
		hash = hash_of(tls->certificate[i], hash);
	hash += hash == 0;
	struct judged_chain *chain = &rows->chains[hash % ROWS_CHAINS];

	if (chain->hash != hash || at_s < chain->from_s || at_s >= chain->until_s) {
		*chain = (struct judged_chain){ .hash = hash };
		if (!chain_judge(rows, tls, name, at_s, chain)) {
			chain->hash = 0;
			return NULL;
		}
	}
	return &chain->leaf;
}

/* Of a certificate that somebody only tells of (a HAR) the dates can be judged. */
static void leaf_told(struct leaf *leaf, const struct said_told *told, int64_t at_s)
{
	(void)snprintf(leaf->subject, sizeof leaf->subject, "%.*s", (int)told->subject.left,
	    (const char *)told->subject.at);
	(void)snprintf(leaf->issuer, sizeof leaf->issuer, "%.*s", (int)told->issuer.left,
	    (const char *)told->issuer.at);
	leaf->not_before_s = told->not_before_s;
	leaf->not_after_s = told->not_after_s;
	leaf->verdicts = cert_dates(told->not_before_s, told->not_after_s, at_s);
	leaf->told = true;
}

struct leaf *leaf_new(struct said_rows *rows, const struct said_tls *tls, struct span name,
    int64_t at_s)
{
	const struct leaf *known = tls->told == NULL && tls->certificates > 0
	    ? leaf_find(rows, tls, name, at_s) : NULL;
	struct leaf *leaf = known != NULL || tls->told != NULL ? calloc(1, sizeof *leaf) : NULL;

	if (leaf != NULL && known != NULL)
		*leaf = *known;
	else if (leaf != NULL)
		leaf_told(leaf, tls->told, at_s);
	return leaf;
}
