/* src/wire/make_cert.c - certificates: each read once, each chain judged once for each
 * name asked for, as of the time it was sent. */
#include "base/drop.h"
#include "base/hash.h"
#include "wire/body.h"
#include "wire/make_in.h"
#include "x509/x509.h"
#include <openssl/evp.h>
#include <stdlib.h>

struct opinion_row {
	uint32_t chain, name; /* key */
	int64_t day;	      /* key: roots have dates too */
	uint64_t address;     /* key: of the server's, where no name was asked for */
	uint32_t epoch;	      /* key: how many dates of the chain have passed */
	uint32_t verdicts, issuers;
	bool named;
};

static void fingerprint(struct span digest, char *ret_text)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < digest.left; i++) {
		ret_text[2 * i] = digits[digest.at[i] >> 4];
		ret_text[2 * i + 1] = digits[digest.at[i] & 15];
	}
	ret_text[2 * digest.left] = '\0';
}

static const char *kept(struct make *make, const char *text)
{
	const char *copy = text[0] == '\0' ? "" : arena_text(make->arena, span_text(text));

	make->full |= copy == NULL;
	return copy != NULL ? copy : "";
}

static const char *piece(struct make *make, struct span text)
{
	const char *copy = text.left == 0 ? "" : arena_text(make->arena, text);

	make->full |= copy == NULL;
	return copy != NULL ? copy : "";
}

static struct audit_certificate certificate_told(struct make *make, const struct certificate_row *row)
{
	struct span bytes = span_of(make->g->der + row->offset, row->length);
	struct audit_certificate to = { .serial = "", .key = "", .digest = "", .san = "",
		.leaf = row->leaf, .seen = row->seen, .first_frame = row->first_frame, .told = true };
	struct told_bytes dates;

	memcpy(&dates, bytes.at, sizeof dates);
	(void)span_cut(&bytes, sizeof dates);
	to.subject = piece(make, span_until(&bytes, '\0'));
	to.issuer = piece(make, bytes);
	to.not_before_s = dates.not_before_s;
	to.not_after_s = dates.not_after_s;
	to.self_issued = strcmp(to.subject, to.issuer) == 0;
	return to;
}

/* 6 KB of texts: too large for the stack of every caller */
static struct audit_certificate certificate_of(struct make *make, struct cert_shelf *shelf,
    const struct certificate_row *row)
{
	struct span der = span_of(make->g->der + row->offset, row->length);
	struct cert *cert = calloc(1, sizeof *cert);
	uint8_t sha1[20];
	struct audit_certificate to = { .subject = "", .issuer = "", .serial = "", .key = "",
		.digest = "", .san = "", .leaf = row->leaf, .seen = row->seen,
		.first_frame = row->first_frame };

	if (cert == NULL) {
		make->full = true;
		return to;
	}
	to.unparseable = cert_read_kept(shelf, der, cert, NULL) != KS_OK;
	to.subject = kept(make, cert->subject);
	to.issuer = kept(make, cert->issuer);
	to.serial = kept(make, cert->serial);
	to.key = kept(make, cert->key);
	to.digest = kept(make, cert->digest);
	to.san = kept(make, cert->san);
	to.not_before_s = cert->not_before_s;
	to.not_after_s = cert->not_after_s;
	to.self_signed = cert->self_signed;
	to.self_issued = cert->self_issued;
	to.ca = cert->ca;
	fingerprint(span_of(cert->sha256, CERT_SHA256), to.sha256);
	if (EVP_Digest(der.at, der.left, sha1, NULL, EVP_sha1(), NULL) == 1)
		fingerprint(span_of(sha1, sizeof sha1), to.sha1);
	free(cert);
	return to;
}

/* The order of the list, and where each row of gather went. */
struct placed {
	uint64_t frame;
	uint32_t row, spare;
};

static int by_frame(const void *a, const void *b)
{
	const struct placed *one = a, *two = b;

	if (one->frame != two->frame)
		return one->frame < two->frame ? -1 : 1;
	return (one->row > two->row) - (one->row < two->row);
}

static uint32_t *certificates_list(struct make *make, struct cert_shelf *shelf)
{
	const struct rows *rows = &make->g->certificates;
	struct audit *audit = make->audit;
	struct placed *placed = make_take(make, rows->n, sizeof *placed);
	uint32_t *to = make_take(make, rows->n, sizeof *to);

	audit->certificates = make_take(make, rows->n, sizeof *audit->certificates);
	if (make->full)
		return NULL;
	for (uint32_t i = 0; i < rows->n; i++)
		placed[i] = (struct placed){
			((const struct certificate_row *)rows_row(rows, i))->first_frame, i, 0 };
	qsort(placed, rows->n, sizeof *placed, by_frame);
	for (uint32_t i = 0; i < rows->n && !make->full; i++) {
		to[placed[i].row] = i;
		const struct certificate_row *row = rows_row(rows, placed[i].row);

		audit->certificates[i] = row->told ? certificate_told(make, row) :
		    certificate_of(make, shelf, row);
		audit->certificates_n++;
	}
	return to;
}

/* A verdict changes only when a date is passed. */
static uint32_t epoch_of(const struct make *make, const uint32_t *placed,
    const struct audit_tls *tls)
{
	const struct chain_row *chain = rows_row(&make->g->chains, tls->chain - 1);
	int64_t at_s = tls->time_ns / 1000000000;
	uint32_t passed = 0;

	for (size_t i = 0; i < GATHER_CHAIN && chain->certificates[i] != 0; i++) {
		const struct audit_certificate *one =
		    &make->audit->certificates[placed[chain->certificates[i] - 1]];

		passed += at_s >= one->not_before_s;
		passed += at_s > one->not_after_s;
	}
	return passed;
}

struct judging {
	struct make *make;
	struct rows opinions;
	struct cert_shelf *shelf;
	const uint32_t *placed;
};

/* Who asks for no name may have called an address: a certificate that has addresses in it
 * must have this one.  Of one with names alone nothing can be said. */
static struct span name_asked(const struct judging *j, const struct audit_tls *tls)
{
	struct span san = span_text(j->make->audit->certificates[tls->leaf].san), kind, name;

	if (tls->sni[0] != '\0')
		return span_text(tls->sni);
	while (cert_san_cut(&san, &kind, &name))
		if (word_is(kind, "IP"))
			return span_text(tls->server);
	return (struct span){ .left = 0 };
}

static void judged(struct judging *j, struct audit_tls *tls)
{
	const int64_t day_ns = 86400LL * 1000000000;
	struct make *make = j->make;
	struct span chain[GATHER_CHAIN];
	struct span name = name_asked(j, tls);
	struct opinion_row key = { .chain = tls->chain, .day = tls->time_ns / day_ns,
		.address = tls->sni[0] == '\0' && name.left > 0 ? hash_of(name, make->g->seed) : 0,
		.epoch = epoch_of(make, j->placed, tls),
		.name = name_find(&make->g->names, span_text(tls->sni)) }, *row;
	bool is_new;

	row = rows_put(&j->opinions, &key, &is_new);
	if (row == NULL) {
		make->full = true;
		return;
	}
	if (is_new) {
		struct cert_ask ask = { .shelf = j->shelf, .chain = chain, .name = name,
			.chain_n = gather_chain(make->g, tls->chain - 1, chain),
			.at_s = tls->time_ns / 1000000000, .trust = make->plan->trust };
		struct cert_opinion opinion = { .verdicts = 0 };

		cert_judge(&ask, &opinion);
		row->verdicts = opinion.verdicts;
		row->issuers = opinion.issuers;
		row->named = name.left > 0;
	}
	tls->verdicts = row->verdicts;
	tls->issuers = row->issuers;
	tls->named = row->named;
}

void make_certificates(struct make *make)
{
	struct audit *audit = make->audit;
	KS_DROP(cert_shelf) struct cert_shelf *shelf = make->g->certificates.n > 0 ? cert_shelf_new()
	    : NULL;
	uint32_t *placed = certificates_list(make, shelf);
	struct judging judging = { .make = make, .shelf = shelf, .placed = placed };

	if (make->full)
		return;
	rows_init(&judging.opinions, sizeof(struct opinion_row), offsetof(struct opinion_row, verdicts),
	    UINT32_MAX / 4, make->g->seed);
	for (size_t i = 0; i < audit->tls_n; i++) {
		struct audit_tls *tls = &audit->tls[i];
		const struct chain_row *chain;

		if (tls->chain == 0)
			continue;
		chain = rows_row(&make->g->chains, tls->chain - 1);
		tls->visible = true;
		tls->leaf = placed[chain->certificates[0] - 1];
		const struct audit_certificate *leaf = &audit->certificates[tls->leaf];

		if (leaf->told)
			tls->verdicts = cert_dates(leaf->not_before_s, leaf->not_after_s, tls->time_ns / 1000000000);
		else
			judged(&judging, tls);
	}
	rows_end(&judging.opinions);
}

/* -- for who shows it -------------------------------------------------------------- */

const char *audit_verdict_word(unsigned i)
{
	return i < CERT_VERDICTS ? cert_verdict_word(i) : NULL;
}

int audit_trust_new(struct span chosen, struct span known, struct trust **ret_trust,
    struct why *why)
{
	struct trust *trust = NULL;
	int bad = trust_new(&trust, why);
	bool same = known.left > 0 && chosen.at == known.at;

	if (bad == KS_OK && chosen.left > 0 && !same)
		bad = trust_add(trust, TRUST_CHOSEN, chosen, NULL, why);
	if (bad == KS_OK && known.left > 0)
		bad = trust_add_later(trust, known, same, why);
	if (bad != KS_OK) {
		trust_free(trust);
		return bad;
	}
	*ret_trust = trust;
	return KS_OK;
}

void audit_trust_free(struct trust *trust)
{
	trust_free(trust);
}
