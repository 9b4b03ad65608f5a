/* src/x509/judge.c - what is wrong with a chain, at a time, against chosen roots. */
#include "x509/inside.h"
#include "base/drop.h"
#include <arpa/inet.h>
#include <openssl/err.h>

enum { DAY_S = 86400, SHORT_DAYS = 8, LONG_DAYS = 398 };

static const char *const words[CERT_VERDICTS] = { "self_signed", "untrusted_root", "expired",
	"not_yet_valid", "name_mismatch", "weak_key", "weak_digest", "short_validity",
	"long_validity", "claims_foreign_name", "ca_as_leaf", "unparseable", "wrong_purpose" };

const char *cert_verdict_word(unsigned i)
{
	return i < CERT_VERDICTS ? words[i] : "";
}

/* What following a chain found: OpenSSL stops at nothing, all errors pass by here. */
struct walk {
	bool broken; /* it does not lead to a root */
	bool expired, early; /* one of the issuers */
};

static int walk_hears(int ok, X509_STORE_CTX *ctx)
{
	struct walk *walk = X509_STORE_CTX_get_app_data(ctx);

	if (ok)
		return 1;
	switch (X509_STORE_CTX_get_error(ctx)) {
	case X509_V_ERR_CERT_HAS_EXPIRED:
		walk->expired |= X509_STORE_CTX_get_error_depth(ctx) > 0;
		return 1;
	case X509_V_ERR_CERT_NOT_YET_VALID:
		walk->early |= X509_STORE_CTX_get_error_depth(ctx) > 0;
		return 1;
	case X509_V_ERR_UNHANDLED_CRITICAL_EXTENSION: /* odd, but it leads there */
		return 1;
	default:
		walk->broken = true;
		return 1;
	}
}

static inline void drop_store_ctx(X509_STORE_CTX **ctx)
{
	X509_STORE_CTX_free(*ctx);
}

/* Does the chain lead to a root of this store?  Weak keys are judged by us, so OpenSSL
 * is told not to mind them; a chosen issuer in the middle is as good as a root. */
static void walk_chain(X509_STORE *store, STACK_OF(X509) *chain, int64_t at_s,
    struct walk *ret_walk)
{
	KS_DROP(store_ctx) X509_STORE_CTX *ctx = X509_STORE_CTX_new();
	struct walk walk = { .broken = false };

	if (ctx == NULL || X509_STORE_CTX_init(ctx, store, sk_X509_value(chain, 0), chain) != 1) {
		ret_walk->broken = true;
		return;
	}
	X509_VERIFY_PARAM *param = X509_STORE_CTX_get0_param(ctx);

	X509_VERIFY_PARAM_set_time(param, (time_t)at_s);
	X509_VERIFY_PARAM_set_auth_level(param, 0);
	(void)X509_VERIFY_PARAM_set_flags(param, X509_V_FLAG_PARTIAL_CHAIN);
	(void)X509_STORE_CTX_set_app_data(ctx, &walk);
	X509_STORE_CTX_set_verify_cb(ctx, walk_hears);
	if (X509_verify_cert(ctx) != 1)
		walk.broken = true;
	ERR_clear_error();
	*ret_walk = walk;
}

static bool name_fits(X509 *leaf, struct span name)
{
	unsigned flags = X509_CHECK_FLAG_NEVER_CHECK_SUBJECT | X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS;
	char host[256];
	uint8_t address[16];

	if (name.left > 1 && name.at[name.left - 1] == '.')
		name.left--;
	if (name.left == 0 || name.left >= sizeof host)
		return false;
	memcpy(host, name.at, name.left);
	host[name.left] = '\0';
	bool fits = inet_pton(AF_INET, host, address) == 1 || inet_pton(AF_INET6, host, address) == 1
	    ? X509_check_ip_asc(leaf, host, 0) == 1
	    : X509_check_host(leaf, host, name.left, flags, NULL) == 1;

	ERR_clear_error();
	return fits;
}

/* Some genuine issuers are in no public list of today; then one of them, known by its
 * key, must have signed what was sent. */
static bool known_signed(STACK_OF(X509) *chain)
{
	struct cert issuer;

	for (int i = 1; i < sk_X509_num(chain); i++) {
		X509 *above = sk_X509_value(chain, i), *below = sk_X509_value(chain, i - 1);
		EVP_PKEY *key = X509_get0_pubkey(above);

		if (key == NULL || X509_verify(below, key) != 1)
			break;
		cert_fill(above, &issuer);
		if (vendor_knows_key(issuer.key_sha256))
			return true;
	}
	ERR_clear_error();
	return false;
}

static const char *foreign_name(const struct cert_ask *ask, STACK_OF(X509) *chain, bool chained)
{
	const char *vendor = vendor_of(sk_X509_value(chain, 0));
	X509_STORE *known = trust_store(ask->trust, TRUST_KNOWN);
	struct walk walk = { .broken = true };

	if (vendor == NULL || chained)
		return NULL;
	/* of the chosen ones that is known: it is not chained */
	if (known != NULL && known != trust_store(ask->trust, TRUST_CHOSEN))
		walk_chain(known, chain, ask->at_s, &walk);
	return walk.broken && !known_signed(chain) ? vendor : NULL;
}

uint32_t cert_dates(int64_t not_before_s, int64_t not_after_s, int64_t at_s)
{
	int64_t days = (not_after_s - not_before_s) / DAY_S;
	uint32_t v = 0;

	v |= at_s > not_after_s ? CERT_EXPIRED : 0;
	v |= at_s < not_before_s ? CERT_NOT_YET_VALID : 0;
	v |= days < SHORT_DAYS ? CERT_SHORT_VALIDITY : 0;
	v |= days > LONG_DAYS ? CERT_LONG_VALIDITY : 0;
	return v;
}

static uint32_t leaf_verdicts(const struct cert_ask *ask, X509 *x, const struct cert *leaf)
{
	uint32_t v = cert_dates(leaf->not_before_s, leaf->not_after_s, ask->at_s);

	v &= ask->for_code ? ~(uint32_t)CERT_LONG_VALIDITY : UINT32_MAX;
	v |= leaf->self_signed ? CERT_SELF_SIGNED : 0;
	v |= ask->name.left > 0 && !name_fits(x, ask->name) ? CERT_NAME_MISMATCH : 0;
	v |= leaf->weak_key ? CERT_WEAK_KEY : 0;
	v |= leaf->weak_digest ? CERT_WEAK_DIGEST : 0;
	v |= leaf->ca ? CERT_CA_AS_LEAF : 0;
	v |= !ask->for_code && !(leaf->uses & (CERT_USE_SERVER | CERT_USE_ANY)) ? CERT_WRONG_PURPOSE : 0;
	return v;
}

/* Issuers count too, but not a root's signature of itself: nobody rests on it. */
static uint32_t issuer_verdicts(STACK_OF(X509) *chain)
{
	uint32_t v = 0;

	for (int i = 1; i < sk_X509_num(chain); i++) {
		X509 *x = sk_X509_value(chain, i);

		if (X509_NAME_cmp(X509_get_subject_name(x), X509_get_issuer_name(x)) == 0)
			continue;
		v |= cert_weak_key(x) ? CERT_WEAK_KEY : 0;
		v |= cert_weak_digest(x) ? CERT_WEAK_DIGEST : 0;
	}
	return v;
}

static inline void drop_x509_stack(STACK_OF(X509) **stack)
{
	sk_X509_pop_free(*stack, X509_free);
}

static STACK_OF(X509) *chain_open(const struct cert_ask *ask)
{
	STACK_OF(X509) *chain = sk_X509_new_null();

	for (size_t i = 0; chain != NULL && i < ask->chain_n && i < LIMIT_CERT_CHAIN; i++) {
		X509 *x = cert_open_kept(ask->shelf, ask->chain[i]);

		if (x != NULL && sk_X509_push(chain, x) <= 0)
			X509_free(x);
		else if (x == NULL && i == 0)
			break; /* without a leaf there is nothing to follow */
	}
	return chain;
}

void cert_judge(const struct cert_ask *ask, struct cert_opinion *ret_opinion)
{
	KS_DROP(x509_stack) STACK_OF(X509) *chain = chain_open(ask);
	struct cert_opinion opinion = { .verdicts = 0 };
	struct walk walk = { .broken = true };
	struct cert leaf;

	if (sk_X509_num(chain) > 0)
		trust_meet(ask->trust, chain);
	X509_STORE *chosen = trust_store(ask->trust, TRUST_CHOSEN);

	if (ask->chain_n > 0 && sk_X509_num(chain) <= 0)
		opinion.verdicts = CERT_UNPARSEABLE;
	if (sk_X509_num(chain) > 0) {
		X509 *x = sk_X509_value(chain, 0);

		memset(&leaf, 0, sizeof leaf);
		cert_fill(x, &leaf);
		opinion.verdicts = leaf_verdicts(ask, x, &leaf);
		opinion.issuers = issuer_verdicts(chain);
		if (chosen != NULL)
			walk_chain(chosen, chain, ask->at_s, &walk);
		opinion.chained = !walk.broken;
		opinion.verdicts |= chosen != NULL && walk.broken ? CERT_UNTRUSTED_ROOT : 0;
		opinion.issuers |= walk.expired ? CERT_EXPIRED : 0;
		opinion.issuers |= walk.early ? CERT_NOT_YET_VALID : 0;
		opinion.vendor = foreign_name(ask, chain, opinion.chained);
		opinion.verdicts |= opinion.vendor != NULL ? CERT_CLAIMS_FOREIGN_NAME : 0;
		opinion.issuers &= ~opinion.verdicts;
		opinion.verdicts |= opinion.issuers;
	}
	*ret_opinion = opinion;
}
