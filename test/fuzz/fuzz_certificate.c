/* Any bytes as a chain of certificates (each behind two bytes of length): every text is
 * ended, a name is one line, and what is no certificate is told so.  The last one is also
 * a root that was chosen, or only known. */
#include "base/must.h"
#include "x509/x509.h"
#include <openssl/err.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span rest = span_of(data, size), chain[4], kind, name;
	static const char *const names[] = { "192.0.2.1.", "2001:db8::1", "", ".", "a.example",
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" };
	struct cert_opinion opinion, rooted;
	struct trust *trust = NULL;
	struct cert cert;
	size_t n = 0;

	while (rest.left > 2 && n < 4) {
		size_t len = (size_t)span_be(&rest, 2);

		chain[n++] = span_cut(&rest, len < rest.left ? len : rest.left);
	}
	cert_judge(&(struct cert_ask){ .chain = chain, .chain_n = n, .at_s = 1767225600,
	    .name = span_text("a.example") }, &opinion);
	if (n > 0 && trust_new(&trust, NULL) == KS_OK) {
		(void)!trust_add(trust, size % 2 == 0 ? TRUST_CHOSEN : TRUST_KNOWN, chain[n - 1], NULL, NULL);
		cert_judge(&(struct cert_ask){ .chain = chain, .chain_n = n, .at_s = 1767225600,
		    .trust = trust, .name = span_text(names[size % 6]), .for_code = size % 3 == 0 }, &rooted);
		must((rooted.verdicts & CERT_UNPARSEABLE) == (opinion.verdicts & CERT_UNPARSEABLE));
		trust_free(trust);
	}
	for (size_t i = 0; i < n; i++) {
		int code = cert_read(chain[i], &cert, NULL);
		struct span san = span_text(cert.san);

		must(i > 0 || (code == KS_OK) == ((opinion.verdicts & CERT_UNPARSEABLE) == 0));
		must(memchr(cert.subject, '\0', CERT_NAME) != NULL);
		must(memchr(cert.issuer, '\0', CERT_NAME) != NULL);
		while (cert_san_cut(&san, &kind, &name))
			must(name.left < CERT_SAN);
	}
	(void)vendor_named(span_of(data, size));
	must(ERR_peek_error() == 0);
	return 0;
}
