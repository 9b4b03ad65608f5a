/* src/wire/har_tls.c - handshakes and certificates as a HAR tells them.
 *
 * The standard has no certificates.  Browsers' writers add `_securityDetails` (names and
 * dates, from the browser's own view of the connection), WebPageTest `_certificates` (a list
 * of base64), and Chromium says in `_error` why a connection was given up. */
#include "base/drop.h"
#include "base/limits.h"
#include "base/text.h"
#include "wire/decode.h"
#include "wire/har_in.h"
#include <math.h>

static const struct said_version {
	const char *word;
	uint16_t number;
} versions[] = { { "TLS 1.3", 0x0304 }, { "TLS 1.2", 0x0303 }, { "TLS 1.1", 0x0302 },
	{ "TLS 1.0", 0x0301 }, { "TLS 1", 0x0301 }, { "SSL 3.0", 0x0300 }, { "QUIC", 0x0304 },
	{ "TLSv1.3", 0x0304 }, { "TLSv1.2", 0x0303 }, { "TLSv1.1", 0x0302 }, { "TLSv1", 0x0301 } };

static uint16_t version_of(struct span word)
{
	for (size_t i = 0; i < sizeof versions / sizeof *versions; i++)
		if (span_equal(word, versions[i].word))
			return versions[i].number;
	return 0;
}

static int64_t second_of(const json_t *object, const char *key)
{
	double s = json_number_value(json_object_get(object, key));

	return s > -1e11 && s < 1e11 ? (int64_t)floor(s) : 0;
}

static void tls_say(struct exchange *x, struct said_tls *tls, enum tls_when when)
{
	tls->when = (uint8_t)when;
	x->head.sub++;
	x->head.side = when == TLS_HELLO ? SIDE_CLIENT : SIDE_SERVER;
	listener_tls(x->ears, &x->head, tls);
}

/* One certificate of the list: PEM or bare base64, unpacked behind the ones before. */
static bool certificate_take(const json_t *one, struct text *der)
{
	struct span text = span_of(json_string_value(one), json_string_length(one));
	const uint8_t *end;
	size_t before = der->len;

	if (text.left > 11 && memcmp(text.at, "-----BEGIN ", 11) == 0) {
		(void)span_until(&text, '\n');
		end = text.left > 0 ? memmem(text.at, text.left, "-----END", 8) : NULL;
		text.left = end != NULL ? (size_t)(end - text.at) : 0;
	}
	base64_decode(text, der);
	return der->len > before;
}

static void chain_take(struct said_tls *tls, const json_t *list, struct text *der)
{
	size_t begin[SAID_CERTIFICATES + 1] = { 0 }, i = 0;
	json_t *one = NULL;

	json_array_foreach(list, i, one) {
		if (tls->certificates == SAID_CERTIFICATES || !certificate_take(one, der))
			break;
		begin[++tls->certificates] = der->len;
	}
	for (i = 0; i < tls->certificates; i++)
		tls->certificate[i] = span_of(der->at + begin[i], begin[i + 1] - begin[i]);
}

/* Chromium's and Firefox's words for a certificate that was not accepted. */
static bool is_refusal(const json_t *entry)
{
	const json_t *response = json_object_get(entry, "response");
	const char *error = json_string_value(json_object_get(response, "_error"));

	if (error == NULL)
		error = json_string_value(json_object_get(response, "_failureText"));
	return error != NULL && (strstr(error, "ERR_CERT_") != NULL ||
	    strstr(error, "SEC_ERROR_") != NULL);
}

void har_tls_say(struct exchange *x, const json_t *entry, bool first)
{
	const json_t *details = json_object_get(entry, "_securityDetails");
	const json_t *list = json_object_get(entry, "_certificates");
	const double took = json_number_value(json_object_get(json_object_get(entry, "timings"), "ssl"));
	bool refused = is_refusal(entry);
	struct said_tls tls = { .keys = !refused };
	struct said_told told = { .subject = har_text(details, "subjectName"),
		.issuer = har_text(details, "issuer"),
		.not_before_s = second_of(details, "validFrom"),
		.not_after_s = second_of(details, "validTo") };
	KS_DROP(text) struct text der;

	text_init(&der, LIMIT_TLS_MESSAGE);
	/* connections are used again: not each entry is a handshake */
	if (!first && !refused && took <= 0) {
		x->flow.unlocked = true;
		return;
	}
	tls.version = version_of(har_text(details, "protocol"));
	tls.quic = span_equal(har_text(details, "protocol"), "QUIC");
	if (address_read(x->flow.name).family == ADDRESS_NONE)
		tls.sni = x->flow.name;
	tls_say(x, &tls, TLS_HELLO);
	chain_take(&tls, list, &der);
	if (tls.certificates == 0 && told.subject.left > 0 && told.not_after_s != 0)
		tls.told = &told;
	tls.certificate_visible = tls.certificates > 0 || tls.told != NULL;
	if (tls.certificate_visible)
		tls_say(x, &tls, TLS_CHAIN);
	tls.refused = refused ? REFUSED_YES : REFUSED_NO;
	tls_say(x, &tls, TLS_SETTLED);
}
