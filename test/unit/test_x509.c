/* test/unit/test_x509.c - each verdict on both sides of its limit, on certificates made
 * here; names as OpenSSL writes them; broken DER is told, not lost. */
#include "forge.h"
#include "harness.h"
#include "base/drop.h"
#include "base/text.h"
#include <openssl/err.h>
#include <stdlib.h>
#include <string.h>

enum { DAY = 86400 };
static const int64_t now = 1767225600; /* 2026-01-01 */
static struct forged root, middle;
static struct trust *trust;

static int make_roots(void **state)
{
	(void)state;
	forge_make(&(struct forge){ .subject = "C=JP/O=Test/CN=Root", .from_s = now - 1000 * DAY,
	    .until_s = now + 1000 * DAY, .ca = true }, NULL, &root);
	forge_make(&(struct forge){ .subject = "C=JP/O=Test/CN=Middle", .from_s = now - 900 * DAY,
	    .until_s = now + 900 * DAY, .ca = true }, &root, &middle);
	return trust_new(&trust, NULL) == KS_OK &&
	    trust_add(trust, TRUST_CHOSEN, forged_span(&root), NULL, NULL) == KS_OK ? 0 : -1;
}

static int drop_roots(void **state)
{
	(void)state;
	trust_free(trust);
	EVP_PKEY_free(root.key);
	EVP_PKEY_free(middle.key);
	return 0;
}

static struct forge usual(void)
{
	return (struct forge){ .subject = "CN=shop.example", .san = "DNS:shop.example,DNS:*.w.example,IP:192.0.2.7",
		.from_s = now - 30 * DAY, .until_s = now + 60 * DAY };
}

/* The verdicts of a certificate of this kind, by `issuer`, asked as `name`. */
static struct cert_opinion opinion_of(const struct forge *forge, const struct forged *issuer,
    const char *name)
{
	struct cert_opinion opinion;
	struct forged leaf;

	forge_make(forge, issuer, &leaf);
	struct span chain[] = { forged_span(&leaf), forged_span(&middle) };

	cert_judge(&(struct cert_ask){ .chain = chain, .chain_n = issuer == &middle ? 2 : 1,
	    .name = span_text(name), .at_s = now, .trust = trust }, &opinion);
	assert_int_equal(ERR_peek_error(), 0);
	EVP_PKEY_free(leaf.key);
	return opinion;
}

static uint32_t verdicts_of(const struct forge *forge, const struct forged *issuer, const char *name)
{
	return opinion_of(forge, issuer, name).verdicts;
}

static void a_good_chain_has_no_verdict(void **state)
{
	struct forge f = usual();

	(void)state;
	assert_int_equal(verdicts_of(&f, &middle, "shop.example"), 0);
	assert_int_equal(verdicts_of(&f, &root, "shop.example"), 0);
	assert_true(opinion_of(&f, &middle, "").chained);
}

static void names_are_judged_by_san_only(void **state)
{
	struct forge f = usual();
	static const char *const fit[] = { "shop.example", "SHOP.example", "shop.example.", "a.w.example",
		"192.0.2.7" };
	static const char *const misfit[] = { "w.example", "a.b.w.example", "other.example", "192.0.2.8",
		"shop.example.evil.example" };

	(void)state;
	for (size_t i = 0; i < 5; i++) {
		assert_int_equal(verdicts_of(&f, &root, fit[i]), 0);
		assert_int_equal(verdicts_of(&f, &root, misfit[i]), CERT_NAME_MISMATCH);
	}
	f.san = NULL; /* the CN alone names nobody (RFC 6125) */
	assert_int_equal(verdicts_of(&f, &root, "shop.example"), CERT_NAME_MISMATCH);
}

static void dates_and_lengths(void **state)
{
	struct forge f = usual();

	(void)state;
	f.until_s = now - 1;
	assert_int_equal(verdicts_of(&f, &root, ""), CERT_EXPIRED);
	f.until_s = now;
	assert_int_equal(verdicts_of(&f, &root, ""), 0);
	f = usual();
	f.from_s = now + 1;
	assert_int_equal(verdicts_of(&f, &root, ""), CERT_NOT_YET_VALID);
	f = usual();
	f.until_s = f.from_s + 398 * DAY;
	assert_int_equal(verdicts_of(&f, &root, ""), 0);
	f.until_s = f.from_s + 399 * DAY;
	assert_int_equal(verdicts_of(&f, &root, ""), CERT_LONG_VALIDITY);
	f.from_s = now - DAY;
	f.until_s = f.from_s + 8 * DAY;
	assert_int_equal(verdicts_of(&f, &root, ""), 0);
	f.until_s--;
	assert_int_equal(verdicts_of(&f, &root, ""), CERT_SHORT_VALIDITY);
}

static void an_issuer_out_of_date_is_told_apart(void **state)
{
	struct forged old;
	struct forge f = usual();

	(void)state;
	forge_make(&(struct forge){ .subject = "CN=Old Middle", .from_s = now - 900 * DAY,
	    .until_s = now - DAY, .ca = true }, &root, &old);
	struct forged leaf;

	forge_make(&f, &old, &leaf);
	struct span chain[] = { forged_span(&leaf), forged_span(&old) };
	struct cert_opinion opinion;

	cert_judge(&(struct cert_ask){ .chain = chain, .chain_n = 2, .at_s = now, .trust = trust },
	    &opinion);
	assert_int_equal(opinion.verdicts, CERT_EXPIRED);
	assert_int_equal(opinion.issuers, CERT_EXPIRED);
	EVP_PKEY_free(old.key);
	EVP_PKEY_free(leaf.key);
}

static void roots_keys_and_digests(void **state)
{
	struct forge f = usual();

	(void)state;
	assert_int_equal(verdicts_of(&f, NULL, ""), CERT_SELF_SIGNED | CERT_UNTRUSTED_ROOT);
	f.ca = true;
	assert_int_equal(verdicts_of(&f, &root, ""), CERT_CA_AS_LEAF);
	f = usual();
	f.rsa_bits = 1024;
	f.sha1 = true;
	assert_int_equal(verdicts_of(&f, &root, ""), CERT_WEAK_KEY | CERT_WEAK_DIGEST);
	f.rsa_bits = 2048;
	f.sha1 = false;
	assert_int_equal(verdicts_of(&f, &root, ""), 0);
	struct forged stranger;

	forge_make(&(struct forge){ .subject = "CN=Stranger", .from_s = now - DAY, .until_s = now + 90 * DAY,
	    .ca = true }, NULL, &stranger);
	assert_int_equal(verdicts_of(&f, &stranger, ""), CERT_UNTRUSTED_ROOT);
	EVP_PKEY_free(stranger.key);
}

static void keys_and_digests_by_kind(void **state)
{
	static const struct {
		const char *kind, *digest, *key;
		int rsa_bits;
		uint32_t verdicts;
	} rows[] = {
		{ "EC P-256", NULL, "EC prime256v1", 0, 0 }, { "EC P-521", NULL, "EC secp521r1", 0, 0 },
		{ "EC P-224", NULL, "EC secp224r1", 0, 0 }, { "EC P-192", NULL, "EC prime192v1", 0, CERT_WEAK_KEY },
		{ "ED25519", NULL, "ED25519 256", 0, 0 }, { "ED448", NULL, "ED448 456", 0, 0 },
		{ NULL, NULL, "RSA 2048", 2048, 0 }, { NULL, NULL, "RSA 2040", 2040, CERT_WEAK_KEY },
		{ NULL, "SHA1", "EC prime256v1", 0, CERT_WEAK_DIGEST }, { NULL, "SHA224", "EC prime256v1", 0, 0 },
		{ NULL, "SHA512", "EC prime256v1", 0, 0 }, { NULL, "MD5", "RSA 2048", 2048, CERT_WEAK_DIGEST },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct forge f = usual();
		struct forged leaf;
		struct cert cert;

		f.kind = rows[i].kind;
		f.digest = rows[i].digest;
		f.rsa_bits = rows[i].rsa_bits;
		forge_make(&f, NULL, &leaf); /* by itself: its own key signs */
		struct span chain[] = { forged_span(&leaf) };
		struct cert_opinion opinion;

		assert_int_equal(cert_read(chain[0], &cert, NULL), KS_OK);
		assert_string_equal(cert.key, rows[i].key);
		assert_true(cert.self_signed);
		cert_judge(&(struct cert_ask){ .chain = chain, .chain_n = 1, .at_s = now }, &opinion);
		assert_int_equal(opinion.verdicts, CERT_SELF_SIGNED | rows[i].verdicts);
		EVP_PKEY_free(leaf.key);
	}
}

static void other_names_and_numbers(void **state)
{
	static const struct {
		const char *san, *said;
		long serial;
		const char *number;
	} rows[] = {
		{ "IP:2001:db8::1,email:a@b.example,URI:https://x.example/,RID:1.2.3",
		    "IP:2001:db8::1\nemail:a@b.example\nURI:https://x.example/\n", 0, "1267" },
		{ "URI:a b\x7f", "URI:a?b?\n", 255, "FF" }, { NULL, "", -1, "00" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct forge f = usual();
		struct forged leaf;
		struct cert cert;

		f.san = rows[i].san;
		f.serial = rows[i].serial;
		forge_make(&f, &root, &leaf);
		assert_int_equal(cert_read(forged_span(&leaf), &cert, NULL), KS_OK);
		assert_string_equal(cert.san, rows[i].said);
		assert_string_equal(cert.serial, rows[i].number);
		EVP_PKEY_free(leaf.key);
	}
	/* asked as an address, as a name with a dot at its end, as no name can be */
	struct forge f = usual();
	char far[400];

	f.san = "IP:2001:db8::1,DNS:shop.example";
	memset(far, 'a', sizeof far - 1);
	far[sizeof far - 1] = '\0';
	assert_int_equal(verdicts_of(&f, &root, "2001:db8::1"), 0);
	assert_int_equal(verdicts_of(&f, &root, "2001:db8::2"), CERT_NAME_MISMATCH);
	assert_int_equal(verdicts_of(&f, &root, "."), CERT_NAME_MISMATCH);
	assert_int_equal(verdicts_of(&f, &root, far), CERT_NAME_MISMATCH);
}

/* Certificates opened before are found by where they lie, and answer the same. */
static void a_shelf_changes_nothing(void **state)
{
	struct cert_shelf *shelf = cert_shelf_new();
	struct forge f = usual();
	struct forged leaves[2];
	struct cert kept, plain;

	(void)state;
	assert_non_null(shelf);
	for (size_t i = 0; i < 2; i++) {
		f.subject = i == 0 ? "CN=one" : "CN=two";
		forge_make(&f, &root, &leaves[i]);
	}
	for (size_t i = 0; i < 6; i++) {
		struct span der = forged_span(&leaves[i % 2]);

		assert_int_equal(cert_read_kept(shelf, der, &kept, NULL), KS_OK);
		assert_int_equal(cert_read(der, &plain, NULL), KS_OK);
		assert_memory_equal(&kept, &plain, sizeof kept);
	}
	/* the same place, but less of it: another certificate, and none at all */
	struct span part = span_of(leaves[0].der, leaves[0].len - 1);

	assert_int_equal(cert_read_kept(shelf, part, &kept, NULL), KS_MALFORMED);
	assert_int_equal(cert_read_kept(shelf, span_of(NULL, 0), &kept, NULL), KS_MALFORMED);
	assert_int_equal(cert_read_kept(shelf, forged_span(&leaves[0]), &kept, NULL), KS_OK);
	EVP_PKEY_free(leaves[0].key);
	EVP_PKEY_free(leaves[1].key);
	cert_shelf_free(shelf);
	cert_shelf_free(NULL);
}

/* The name of the root, but not its key: a chain is what signatures say. */
static void a_name_alone_chains_to_nothing(void **state)
{
	struct forged twin;
	struct forge f = usual();

	(void)state;
	forge_make(&(struct forge){ .subject = "C=JP/O=Test/CN=Root", .from_s = now - DAY,
	    .until_s = now + 90 * DAY, .ca = true }, NULL, &twin);
	assert_int_equal(verdicts_of(&f, &twin, "") & CERT_UNTRUSTED_ROOT, CERT_UNTRUSTED_ROOT);
	EVP_PKEY_free(twin.key);
}

static void without_chosen_roots_nothing_is_said_of_them(void **state)
{
	struct forged leaf;
	struct forge f = usual();
	struct cert_opinion opinion;

	(void)state;
	forge_make(&f, NULL, &leaf);
	struct span chain[] = { forged_span(&leaf) };

	cert_judge(&(struct cert_ask){ .chain = chain, .chain_n = 1, .at_s = now }, &opinion);
	assert_int_equal(opinion.verdicts, CERT_SELF_SIGNED);
	cert_judge(&(struct cert_ask){ .at_s = now }, &opinion);
	assert_int_equal(opinion.verdicts, 0);
	EVP_PKEY_free(leaf.key);
}

static void foreign_names_are_seen_through(void **state)
{
	static const char *const claims[] = { "CN=Microsoft Update/O=Microsoft Corporation",
		"O=\xd0\x9cicr\xd0\xbesoft", "O=Micr0soft Corp", "O=\xef\xbc\xad\xef\xbd\x89" "crosoft",
		"CN=update.rnicrosoft.com", "O=Apple Inc.", "O=G\xc2\xad" "oogle LLC" };
	static const char *const honest[] = { "O=Apple Tree Farm", "CN=shop.example", "O=Oracle of Delphi",
		"O=\xe9\x8a\x80\xe8\xa1\x8c" };
	struct forge f = usual();

	(void)state;
	for (size_t i = 0; i < sizeof claims / sizeof *claims; i++) {
		f.subject = claims[i];
		assert_int_equal(verdicts_of(&f, NULL, ""),
		    CERT_SELF_SIGNED | CERT_UNTRUSTED_ROOT | CERT_CLAIMS_FOREIGN_NAME);
		assert_int_equal(verdicts_of(&f, &middle, ""), 0); /* a root stands for it */
	}
	for (size_t i = 0; i < sizeof honest / sizeof *honest; i++) {
		f.subject = honest[i];
		assert_int_equal(verdicts_of(&f, NULL, ""), CERT_SELF_SIGNED | CERT_UNTRUSTED_ROOT);
	}
}

static void says_what_it_reads(void **state)
{
	struct forge f = usual();
	struct forged leaf;
	struct cert cert;

	(void)state;
	f.subject = "C=JP/O=a, b/CN=shop.example";
	forge_make(&f, &root, &leaf);
	assert_int_equal(cert_read(forged_span(&leaf), &cert, NULL), KS_OK);
	assert_string_equal(cert.subject, "CN=shop.example,O=a\\, b,C=JP");
	assert_string_equal(cert.issuer, "CN=Root,O=Test,C=JP");
	assert_string_equal(cert.serial, "1267");
	assert_string_equal(cert.key, "EC prime256v1");
	assert_string_equal(cert.digest, "ecdsa-with-SHA256");
	assert_string_equal(cert.san, "DNS:shop.example\nDNS:*.w.example\nIP:192.0.2.7\n");
	assert_int_equal(cert.not_before_s, f.from_s);
	assert_int_equal(cert.not_after_s, f.until_s);
	assert_false(cert.self_issued);
	struct span san = span_text(cert.san), kind, name;

	assert_true(cert_san_cut(&san, &kind, &name));
	assert_true(span_equal(kind, "DNS") && span_equal(name, "shop.example"));
	EVP_PKEY_free(leaf.key);
}

/* Each prefix lies at the end of a block of its own, under a sanitizer. */
static void broken_der_is_told(void **state)
{
	struct forge f = usual();
	struct forged leaf;
	struct cert cert;
	struct cert_opinion opinion;

	(void)state;
	forge_make(&f, &root, &leaf);
	for (size_t n = 1; n < leaf.len; n += 7) {
		uint8_t *part = malloc(n);

		assert_non_null(part);
		memcpy(part, leaf.der, n);
		struct span chain[] = { span_of(part, n) };

		assert_int_equal(cert_read(chain[0], &cert, NULL), KS_MALFORMED);
		cert_judge(&(struct cert_ask){ .chain = chain, .chain_n = 1, .at_s = now,
		    .trust = trust }, &opinion);
		assert_int_equal(opinion.verdicts, CERT_UNPARSEABLE);
		free(part);
	}
	assert_string_equal(cert.subject, "CN=shop.example"); /* nearly whole: names are read */
	assert_int_equal(cert.not_after_s, f.until_s);
	EVP_PKEY_free(leaf.key);
}

static void roots_are_read_from_pem(void **state)
{
	static const char junk[] = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
	struct trust *two = NULL;
	size_t added = 7;

	(void)state;
	assert_int_equal(trust_new(&two, NULL), KS_OK);
	assert_int_equal(trust_add(two, TRUST_CHOSEN, span_text(junk), &added, NULL), KS_MALFORMED);
	assert_int_equal(trust_add(two, TRUST_CHOSEN, span_text(""), &added, NULL), KS_MALFORMED);
	assert_int_equal(trust_chosen(two), 0);
	assert_int_equal(trust_add(two, TRUST_CHOSEN, forged_span(&root), &added, NULL), KS_OK);
	assert_int_equal(added, 1);
	assert_int_equal(trust_chosen(two), 1);
	trust_free(two);
}

/* What openssl refuses for its purpose, or for how far below an authority it stands. */
static void purposes_and_depths(void **state)
{
	static const struct {
		const char *uses;
		uint32_t verdicts;
	} rows[] = { { "clientAuth", CERT_WRONG_PURPOSE }, { "codeSigning,clientAuth", CERT_WRONG_PURPOSE },
		{ "serverAuth,clientAuth", 0 }, { "anyExtendedKeyUsage", 0 } };
	struct forge f = usual();
	struct forged deep, below;

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		f.uses = rows[i].uses;
		assert_int_equal(verdicts_of(&f, &middle, "shop.example"), rows[i].verdicts);
	}
	f.uses = NULL;
	for (int depth = 0; depth < 2; depth++) {
		struct forged leaf;
		struct cert_opinion opinion;

		forge_make(&(struct forge){ .subject = "CN=Deep", .from_s = now - DAY, .until_s = now + DAY, .ca = true,
		    .limits = depth == 0 ? "critical,CA:TRUE,pathlen:0" : "critical,CA:TRUE,pathlen:1" }, &root, &deep);
		forge_make(&(struct forge){ .subject = "CN=Below", .from_s = now - DAY, .until_s = now + DAY, .ca = true },
		    &deep, &below);
		forge_make(&f, &below, &leaf);
		struct span chain[] = { forged_span(&leaf), forged_span(&below), forged_span(&deep) };

		cert_judge(&(struct cert_ask){ .chain = chain, .chain_n = 3, .name = span_text("shop.example"),
		    .at_s = now, .trust = trust }, &opinion);
		assert_int_equal(opinion.verdicts, depth == 0 ? CERT_UNTRUSTED_ROOT : 0);
		EVP_PKEY_free(leaf.key);
		EVP_PKEY_free(below.key);
		EVP_PKEY_free(deep.key);
	}
}

static void pem_add(struct text *text, struct span der, const char *name)
{
	char line[8192];

	assert_true(der.left * 2 < sizeof line);
	EVP_EncodeBlock((unsigned char *)line, der.at, (int)der.left);
	text_addf(text, "-----BEGIN %s-----\n%s\n-----END %s-----\n", name, line, name);
}

/* A leaf of `issuer`, sent with `middle` or alone, under the roots of this text. */
static uint32_t verdicts_under(struct text *pem, const struct forged *issuer, bool with_middle)
{
	struct forge f = usual();
	struct cert_opinion opinion;
	struct trust *system = NULL;
	struct forged leaf;

	forge_make(&f, issuer, &leaf);
	struct span chain[] = { forged_span(&leaf), forged_span(&middle) };

	assert_int_equal(trust_new(&system, NULL), KS_OK);
	assert_int_equal(trust_add_later(system, text_span(pem), true, NULL), KS_OK);
	for (int twice = 0; twice < 2; twice++) /* what was opened before is still there */
		cert_judge(&(struct cert_ask){ .chain = chain, .chain_n = with_middle ? 2 : 1,
		    .name = span_text("shop.example"), .at_s = now, .trust = system }, &opinion);
	assert_int_equal(ERR_peek_error(), 0);
	assert_int_equal(opinion.chained, opinion.verdicts == 0);
	EVP_PKEY_free(leaf.key);
	trust_free(system);
	return opinion.verdicts;
}

static void roots_of_the_system_are_opened_when_named(void **state)
{
	KS_DROP(text) struct text pem, both;
	struct forged other;

	(void)state;
	text_init(&pem, 1 << 20);
	text_init(&both, 1 << 20);
	forge_make(&(struct forge){ .subject = "C=JP/O=Test/CN=Other", .from_s = now - DAY,
	    .until_s = now + DAY, .ca = true }, NULL, &other);
	text_add(&pem, "# of whom\n-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
	pem_add(&pem, span_text("not a key"), "PUBLIC KEY");
	pem_add(&pem, forged_span(&other), "CERTIFICATE");
	assert_int_equal(verdicts_under(&pem, &middle, true), CERT_UNTRUSTED_ROOT);
	text_add_span(&both, text_span(&pem));
	pem_add(&both, forged_span(&root), "CERTIFICATE");
	assert_int_equal(verdicts_under(&both, &middle, true), 0);
	assert_int_equal(verdicts_under(&both, &root, false), 0);
	assert_int_equal(verdicts_under(&both, &middle, false), CERT_UNTRUSTED_ROOT);
	/* who signed the issuer is of the system too: one leads to the other */
	pem_add(&both, forged_span(&middle), "X509 CERTIFICATE");
	assert_int_equal(verdicts_under(&both, &middle, false), 0);
	EVP_PKEY_free(other.key);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_good_chain_has_no_verdict),
		cmocka_unit_test(names_are_judged_by_san_only),
		cmocka_unit_test(dates_and_lengths),
		cmocka_unit_test(an_issuer_out_of_date_is_told_apart),
		cmocka_unit_test(roots_keys_and_digests),
		cmocka_unit_test(keys_and_digests_by_kind),
		cmocka_unit_test(other_names_and_numbers),
		cmocka_unit_test(a_shelf_changes_nothing),
		cmocka_unit_test(a_name_alone_chains_to_nothing),
		cmocka_unit_test(without_chosen_roots_nothing_is_said_of_them),
		cmocka_unit_test(foreign_names_are_seen_through),
		cmocka_unit_test(says_what_it_reads),
		cmocka_unit_test(broken_der_is_told),
		cmocka_unit_test(roots_are_read_from_pem),
		cmocka_unit_test(roots_of_the_system_are_opened_when_named),
		cmocka_unit_test(purposes_and_depths),
	};
	return cmocka_run_group_tests(tests, make_roots, drop_roots);
}
