/* test/unit/tls_recordings.c - what is told of TLS, DTLS and QUIC in recordings against
 * what other programs found in them (folder $KS_SHARED or ../shared/data; SKIP without):
 * names asked for, fingerprints, versions, certificates with all their fields, alerts,
 * with and without secrets.  Every difference is printed; those that are explained are in
 * tls_deviations.inc.  `tls_recordings FILE...`: tells one capture. */
#include "harness.h"
#include "base/hash.h"
#include "wire/capture.h"
#include "wire/ear.h"
#include "wire/ja.h"
#include "wire/tls_names.h"
#include "x509/x509.h"
#include <fcntl.h>
#include <glob.h>
#include <jansson.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum { SKIP = 77, TEXT = 128 };

static const struct {
	const char *file, *what, *reason;
} deviations[] = {
#include "tls_deviations.inc"
};

/* What one capture told, as counts by word. */
struct heard {
	json_t *sni, *ja3, *ja4, *versions, *alerts, *quic, *refused, *http;
	json_t *certs; /* by SHA-256 */
	struct trust *trust;
	char judged[256]; /* verdicts of the last server's chain; "not visible" */
	struct ear *ear;
	bool loud;
};

static void count(json_t *object, const char *word)
{
	json_int_t n = json_integer_value(json_object_get(object, word));

	(void)json_object_set_new(object, word, json_integer(n + 1));
}

/* From the counts on, without the letters of the ALPN. */
static void count_ja4(json_t *object, const char *ja4)
{
	char word[JA4_TEXT];

	(void)snprintf(word, sizeof word, "%s", ja4 + 4);
	word[4] = word[5] = '?';
	count(object, word);
}

static void hear_certificate(struct heard *heard, struct span der)
{
	static struct cert cert;
	char hex[2 * CERT_SHA256 + 1], date[32];
	int code = cert_read(der, &cert, NULL);
	json_t *row = json_object();
	time_t after = (time_t)cert.not_after_s, before = (time_t)cert.not_before_s;
	struct tm tm;

	for (int i = 0; i < CERT_SHA256; i++)
		(void)snprintf(hex + 2 * i, 3, "%02x", cert.sha256[i]);
	(void)json_object_set_new(row, "subject", json_string(cert.subject));
	(void)json_object_set_new(row, "issuer", json_string(cert.issuer));
	(void)json_object_set_new(row, "serial", json_string(cert.serial));
	(void)json_object_set_new(row, "self_issued", json_boolean(cert.self_issued));
	(void)strftime(date, sizeof date, "%b %e %H:%M:%S %Y GMT", gmtime_r(&before, &tm));
	(void)json_object_set_new(row, "not_before", json_string(date));
	(void)strftime(date, sizeof date, "%b %e %H:%M:%S %Y GMT", gmtime_r(&after, &tm));
	(void)json_object_set_new(row, "not_after", json_string(date));
	struct span san = span_text(cert.san), kind, name;
	char list[CERT_SAN] = "";
	size_t n = 0;

	while (cert_san_cut(&san, &kind, &name) && n < sizeof list - 300)
		n += (size_t)snprintf(list + n, sizeof list - n, "%s%.*s:%.*s", n > 0 ? ", " : "",
		    span_equal(kind, "IP") ? 10 : (int)kind.left,
		    span_equal(kind, "IP") ? "IP Address" : (const char *)kind.at, (int)name.left,
		    (const char *)name.at);
	(void)json_object_set_new(row, "san", json_string(list));
	(void)json_object_set_new(row, "read", json_boolean(code == KS_OK));
	(void)json_object_set_new(heard->certs, hex, row);
}

/* The server's chain, judged at the time of the capture. */
static void judge(struct heard *heard, const struct said_head *head, const struct said_tls *tls)
{
	struct cert_opinion opinion;
	size_t n = 0;

	heard->judged[0] = '\0';
	if (!tls->certificate_visible) {
		(void)snprintf(heard->judged, sizeof heard->judged, "not visible");
		return;
	}
	cert_judge(&(struct cert_ask){ .chain = tls->certificate, .chain_n = tls->certificates,
	    .name = tls->sni, .at_s = head->time_ns / 1000000000, .trust = heard->trust }, &opinion);
	for (unsigned i = 0; i < CERT_VERDICTS; i++)
		if ((opinion.verdicts >> i & 1) != 0)
			n += (size_t)snprintf(heard->judged + n, sizeof heard->judged - n, "%s%s",
			    n > 0 ? " " : "", cert_verdict_word(i));
}

static void hear_tls(void *context, const struct said_head *head, const struct said_tls *tls)
{
	struct heard *heard = context;
	char word[300];

	if (heard->loud)
		(void)printf("  %llu side %d when %d %s sni=%.*s %s ja3=%s ja4=%s certs %u refused %u alert %u/%u%s%s\n",
		    (unsigned long long)head->frame, head->side, tls->when,
		    tls_version_name(tls->version) ? tls_version_name(tls->version) : "-",
		    (int)tls->sni.left, (const char *)tls->sni.at,
		    tls_cipher_name(tls->cipher) && tls->version ? tls_cipher_name(tls->cipher) : "-",
		    tls->ja3, tls->ja4, tls->certificates, tls->refused, tls->alert_level, tls->alert_code,
		    tls->keys ? " keys" : "", tls->resumed ? " resumed" : "");
	if (tls->when == TLS_HELLO) {
		(void)snprintf(word, sizeof word, "%.*s", (int)tls->sni.left, (const char *)tls->sni.at);
		if (tls->sni.left > 0)
			count(heard->sni, word);
		if (tls->ja3[0] != '\0' && !tls->datagram)
			count(heard->ja3, tls->ja3);
		if (tls->ja4[0] != '\0')
			count_ja4(heard->ja4, tls->ja4);
	}
	if (tls->quic) {
		(void)snprintf(word, sizeof word, "0x%08x", tls->quic_version);
		count(heard->quic, word);
	}
	if (tls->when == TLS_CHOSEN && !tls->datagram) {
		(void)snprintf(word, sizeof word, "0x%04x", tls->version);
		if (tls->version <= 2)
			word[0] = '\0'; /* as tshark has it */
		count(heard->versions, word);
	}
	if (tls->when == TLS_ALERT && !tls->datagram) {
		(void)snprintf(word, sizeof word, "%u", tls->alert_code);
		count(heard->alerts, word);
	}
	if (tls->when == TLS_SETTLED)
		judge(heard, head, tls);
	if (heard->loud && tls->when == TLS_SETTLED)
		(void)printf("  judged: %s\n", heard->judged);
	if (tls->when == TLS_SETTLED && tls->refused != REFUSED_NO)
		count(heard->refused, tls->refused == REFUSED_YES ? "yes" : "likely");
	for (unsigned i = 0; tls->when == TLS_CHAIN && i < tls->certificates; i++)
		hear_certificate(heard, tls->certificate[i]);
}

static void hear_http(void *context, const struct said_head *head, const struct said_http *http)
{
	struct heard *heard = context;
	char word[700];

	if (heard->loud)
		(void)printf("  %llu http %s %.*s %.*s%.*s %u\n", (unsigned long long)head->frame,
		    http->response ? "answer" : "request", (int)http->method.left,
		    (const char *)http->method.at, (int)http->host.left, (const char *)http->host.at,
		    (int)http->uri.left, (const char *)http->uri.at, http->status);
	if (http->response || !head->flow->decrypted)
		return;
	(void)snprintf(word, sizeof word, "%.*s %.*s %.*s", (int)http->method.left,
	    (const char *)http->method.at, (int)http->host.left, (const char *)http->host.at,
	    (int)(http->uri.left < 500 ? http->uri.left : 500), (const char *)http->uri.at);
	count(heard->http, word);
}

static void hear_secrets(void *context, struct span keylog)
{
	ear_secrets(((struct heard *)context)->ear, keylog);
}

static struct span file_whole(const char *path)
{
	FILE *file = fopen(path, "rb");
	uint8_t *bytes = malloc(1 << 22);
	size_t n = 0;

	if (bytes == NULL)
		abort();
	if (file != NULL) {
		n = fread(bytes, 1, 1 << 22, file);
		(void)fclose(file);
	}
	struct span whole = { .at = bytes, .left = n };

	return whole;
}

static void listen_to(const char *path, struct span keylog, struct heard *heard)
{
	struct listener listener = { .context = heard, .tls = hear_tls, .http = hear_http };
	struct capture_ears ears = { .context = heard, .secrets = hear_secrets };
	struct ear_plan plan = { .threads = 1, .seed = 7, .listeners = &listener, .keylog = keylog };
	struct capture *capture = NULL;
	struct frame frame;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || ear_new(&plan, &heard->ear, NULL) != KS_OK ||
	    capture_new(fd, path, &ears, &capture, NULL) != KS_OK) {
		(void)printf("# %s: cannot be read\n", path);
		ear_free(heard->ear);
		if (fd >= 0)
			(void)close(fd);
		return;
	}
	while (capture_next(capture, &frame, NULL) == KS_OK)
		ear_take(heard->ear, &frame);
	ear_end(heard->ear);
	ear_free(heard->ear);
	capture_free(capture);
	(void)close(fd);
}

static void heard_init(struct heard *heard)
{
	json_t **all[] = { &heard->sni, &heard->ja3, &heard->ja4, &heard->versions, &heard->alerts,
		&heard->quic, &heard->refused, &heard->http, &heard->certs };

	memset(heard, 0, sizeof *heard);
	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		*all[i] = json_object();
}

static void heard_done(struct heard *heard)
{
	json_t *all[] = { heard->sni, heard->ja3, heard->ja4, heard->versions, heard->alerts,
		heard->quic, heard->refused, heard->http, heard->certs };

	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		json_decref(all[i]);
}

static const char *reason_of(const char *file, const char *what)
{
	for (size_t i = 0; i < sizeof deviations / sizeof *deviations; i++)
		if (deviations[i].file != NULL && strcmp(file, deviations[i].file) == 0 &&
		    strcmp(what, deviations[i].what) == 0)
			return deviations[i].reason;
	return NULL;
}

struct tally {
	size_t same, explained, wrong;
};

static void differs(struct tally *tally, const char *file, const char *what, const char *detail)
{
	const char *reason = reason_of(file, what);

	(void)printf("# %s: %s: %s%s%s\n", file, what, detail, reason != NULL ? " - " : "",
	    reason != NULL ? reason : "");
	*(reason != NULL ? &tally->explained : &tally->wrong) += 1;
}

/* Counts by word, exactly. */
static void compare_counts(struct tally *tally, const char *file, const char *what, json_t *want,
    json_t *got)
{
	json_t *none = json_object();
	char *a = json_dumps(want != NULL ? want : none, JSON_SORT_KEYS | JSON_COMPACT);
	char *b = json_dumps(got, JSON_SORT_KEYS | JSON_COMPACT), line[4000];
	size_t words = want != NULL ? json_object_size(want) : 0;

	if (strcmp(a, b) == 0) {
		tally->same += words > 0 ? words : 1;
	} else {
		(void)snprintf(line, sizeof line, "want %.1500s got %.1500s", a, b);
		differs(tally, file, what, line);
	}
	json_decref(none);
	free(a);
	free(b);
}

static const char *const fields[] = { "subject", "issuer", "not_before", "not_after", "serial", "san" };

static void compare_certs(struct tally *tally, const char *file, json_t *want, json_t *got)
{
	char line[6000];
	json_t *one;
	size_t i;

	if (json_array_size(want) != json_object_size(got)) {
		(void)snprintf(line, sizeof line, "want %zu got %zu", json_array_size(want),
		    json_object_size(got));
		differs(tally, file, "certs", line);
	}
	json_array_foreach(want, i, one) {
		json_t *row = json_object_get(got,
		    json_string_value(json_object_get(one, "sha256_der")));

		if (row == NULL) {
			differs(tally, file, "cert missing", json_string_value(json_object_get(one, "subject")));
			continue;
		}
		for (size_t k = 0; k < sizeof fields / sizeof *fields; k++) {
			const char *a = json_string_value(json_object_get(one, fields[k]));
			const char *b = json_string_value(json_object_get(row, fields[k]));

			if (a == NULL || strcmp(a, b) == 0) {
				tally->same++;
				continue;
			}
			(void)snprintf(line, sizeof line, "want %.2500s got %.2500s", a, b);
			differs(tally, file, fields[k], line);
		}
		if (json_is_true(json_object_get(one, "self_issued")) !=
		    json_is_true(json_object_get(row, "self_issued")))
			differs(tally, file, "self_issued", "other");
	}
}

/* nDPI's words have JA4.  Its version writes the first letters otherwise than the
 * standard (version by the legacy field, 'd' also without SNI, the first two letters of the
 * ALPN): from the counts on it agrees. */
static void compare_ja4(struct tally *tally, const char *file, struct span ndpi, json_t *got)
{
	const char *at = (const char *)ndpi.at, *end = at + ndpi.left, *mark;
	char word[64];

	while (ndpi.left > 0 && (mark = memmem(at, (size_t)(end - at), "[JA4: ", 6)) != NULL) {
		size_t n = strcspn(mark + 10, "]");

		(void)snprintf(word, sizeof word, "%.*s", (int)(n < 63 ? n : 63), mark + 6 + 4);
		word[4] = word[5] = '?';
		at = mark + 6;
		if (json_object_get(got, word) != NULL)
			tally->same++;
		else
			differs(tally, file, "ja4", word);
	}
}

static void compare(struct tally *tally, const char *root, const char *path)
{
	const char *file = strrchr(path, '/') + 1, *folder = file - 1;
	char name[2048];
	struct heard heard;
	json_t *facts;

	while (folder > path && folder[-1] != '/')
		folder--;
	bool matrix = strncmp(folder, "tls-matrix/", 11) == 0;

	(void)snprintf(name, sizeof name, "%s/wire/facts/%s%s.json", root, matrix ? "tls-matrix_" : "", file);
	facts = json_load_file(name, 0, NULL);
	if (facts == NULL)
		return;
	heard_init(&heard);
	listen_to(path, (struct span){ .left = 0 }, &heard);
	compare_counts(tally, file, "sni", json_object_get(facts, "sni"), heard.sni);
	compare_counts(tally, file, "ja3", json_object_get(facts, "ja3"), heard.ja3);
	compare_counts(tally, file, "versions", json_object_get(facts, "server_hello_versions"), heard.versions);
	compare_counts(tally, file, "alerts", json_object_get(facts, "tls_alerts"), heard.alerts);
	compare_certs(tally, file, json_object_get(facts, "certs"), heard.certs);
	(void)snprintf(name, sizeof name, "%s/wire/upstream-expected/%s.ndpi.out", root, file);
	struct span ndpi = file_whole(name);

	compare_ja4(tally, file, ndpi, heard.ja4);
	free((void *)(uintptr_t)ndpi.at);
	json_decref(facts);
	heard_done(&heard);
}

/* The matrix of handshakes that were made for this: each verdict, and who refused. */
static const struct {
	const char *file, *verdicts, *refused;
} matrix[] = {
#define LONG "long_validity"
#define OWN "self_signed untrusted_root claims_foreign_name ca_as_leaf"
	{ "tls10-valid.pcap", LONG, "" }, { "tls11-valid.pcap", LONG, "" },
	{ "tls12-valid.pcap", LONG, "" }, { "tls12-rsa-kex.pcap", LONG, "" },
	{ "tls12-norsa-null.pcap", LONG, "" }, { "tls12-valid-dsb.pcapng", LONG, "" },
	{ "tls12-expired.pcap", "expired", "" }, { "tls12-notyet.pcap", "not_yet_valid", "" },
	{ "tls12-mismatch.pcap", "name_mismatch " LONG, "" },
	{ "tls12-short-lived.pcap", "short_validity", "" },
	{ "tls12-weak.pcap", "weak_key weak_digest " LONG, "" },
	{ "tls12-selfsigned.pcap", OWN, "" }, { "tls12-rejected.pcap", OWN, "yes" },
	{ "tls12-rejected-gnutls.pcap", OWN, "yes" },
	{ "tls13-valid.pcap", "not visible", "" }, { "tls13-valid-dsb.pcapng", LONG, "" },
	{ "tls13-selfsigned.pcap", "not visible", "" }, { "tls13-selfsigned-dsb.pcapng", OWN, "" },
	{ "tls13-rejected.pcap", "not visible", "yes" },
	{ "tls13-rejected-dsb.pcapng", OWN, "yes" },
	{ "tls13-rejected-gnutls.pcap", "not visible", "likely" },
};

static void compare_matrix(struct tally *tally, const char *root)
{
	char path[2048];
	struct trust *trust = NULL;
	struct heard heard;

	(void)snprintf(path, sizeof path, "%s/wire/pcap/tls-matrix/test-root.pem", root);
	struct span pem = file_whole(path);

	if (trust_new(&trust, NULL) != KS_OK ||
	    trust_add(trust, TRUST_CHOSEN, pem, NULL, NULL) != KS_OK)
		abort();
	for (size_t i = 0; i < sizeof matrix / sizeof *matrix; i++) {
		const char *refused;

		(void)snprintf(path, sizeof path, "%s/wire/pcap/tls-matrix/%s", root, matrix[i].file);
		heard_init(&heard);
		heard.trust = trust;
		listen_to(path, (struct span){ .left = 0 }, &heard);
		refused = json_object_get(heard.refused, "yes") != NULL ? "yes"
		    : json_object_get(heard.refused, "likely") != NULL ? "likely" : "";
		if (strcmp(heard.judged, matrix[i].verdicts) != 0)
			differs(tally, matrix[i].file, "verdicts", heard.judged);
		else if (strcmp(refused, matrix[i].refused) != 0)
			differs(tally, matrix[i].file, "refused", refused);
		else
			tally->same += 2;
		heard_done(&heard);
	}
	trust_free(trust);
	free((void *)(uintptr_t)pem.at);
}

static int tell(const char *path, const char *keys)
{
	struct heard heard;
	struct span keylog = file_whole(keys);

	heard_init(&heard);
	heard.loud = true;
	if (getenv("TRUST") != NULL) {
		struct span pem = file_whole(getenv("TRUST"));

		if (trust_new(&heard.trust, NULL) != KS_OK ||
		    trust_add(heard.trust, TRUST_CHOSEN, pem, NULL, NULL) != KS_OK)
			abort();
		free((void *)(uintptr_t)pem.at);
	}
	(void)printf("%s\n", path);
	listen_to(path, keylog, &heard);
	heard_done(&heard);
	trust_free(heard.trust);
	free((void *)(uintptr_t)keylog.at);
	return 0;
}

int main(int argc, char **argv)
{
	const char *shared = getenv("KS_SHARED"), *source = getenv("KS_SOURCE");
	char root[1024], pattern[1100];
	struct tally tally = { 0, 0, 0 };
	glob_t found;

	if (argc > 1)
		return tell(argv[1], argc > 2 ? argv[2] : "");
	(void)snprintf(root, sizeof root, "%s%s", shared != NULL ? shared : source != NULL ? source : ".",
	    shared != NULL ? "" : "/../shared/data");
	(void)snprintf(pattern, sizeof pattern, "%s/wire/pcap/*/*.pcap*", root);
	if (glob(pattern, 0, NULL, &found) != 0 || found.gl_pathc == 0) {
		(void)printf("SKIP: no recordings in %s/wire\n", root);
		return SKIP;
	}
	for (size_t i = 0; i < found.gl_pathc; i++)
		compare(&tally, root, found.gl_pathv[i]);
	compare_matrix(&tally, root);
	(void)printf("# %zu captures: %zu facts met, %zu explained, %zu wrong\n", found.gl_pathc,
	    tally.same, tally.explained, tally.wrong);
	globfree(&found);
	return tally.wrong == 0 && tally.same > 500 ? 0 : 1;
}
