/* src/cli/audit_zeek.c - http, ssl, x509, files and notice rows with the columns and names of
 * Zeek's logs, for those who feed a SIEM; conn and dns are written while the capture is
 * read (flow_rows.c).
 * Source: Zeek documentation, "Zeek Log Formats" and script reference of each log. */
#include "cli/audit_show.h"
#include "base/drop.h"
#include "cli/sheet.h"
#include "wire/make.h"
#include <errno.h>
#include <string.h>

/* -- logs -------------------------------------------------------------------------- */

static const struct column http_columns[] = { { "ts", IS_TIME }, { "uid", IS_TEXT }, ENDPOINTS,
	{ "method", IS_TEXT }, { "host", IS_TEXT }, { "uri", IS_TEXT }, { "user_agent", IS_TEXT },
	{ "request_body_len", IS_COUNT }, { "response_body_len", IS_COUNT },
	{ "status_code", IS_COUNT }, { "orig_mime_types", IS_TEXT } };

static void http_rows(struct sheet *log, const struct audit_view *view)
{
	const struct audit *audit = view->audit;

	for (size_t i = 0; i < audit->http_n; i++) {
		const struct audit_http *h = &audit->http[i];

		sheet_row(log);
		sheet_time(log, h->time_ns);
		sheet_uid(log, h->flow);
		sheet_text(log, h->client);
		sheet_count(log, h->client_port);
		sheet_text(log, h->server);
		sheet_count(log, h->port);
		sheet_text(log, h->method);
		sheet_text(log, h->host);
		sheet_text(log, h->uri);
		sheet_text(log, h->agent);
		sheet_count(log, h->request_bytes);
		sheet_count(log, h->response_bytes);
		if (h->status > 0)
			sheet_count(log, h->status);
		else
			sheet_none(log);
		sheet_text(log, h->content_type);
		sheet_row_end(log);
	}
}

static const struct column ssl_columns[] = { { "ts", IS_TIME }, { "uid", IS_TEXT }, ENDPOINTS,
	{ "version", IS_TEXT }, { "cipher", IS_TEXT }, { "server_name", IS_TEXT },
	{ "resumed", IS_BOOL }, { "next_protocol", IS_TEXT }, { "established", IS_BOOL },
	{ "subject", IS_TEXT }, { "issuer", IS_TEXT }, { "validation_status", IS_TEXT },
	{ "ja3", IS_TEXT }, { "ja4", IS_TEXT }, { "cert_chain_fps", IS_TEXTS } };

static void validation_add(struct sheet *log, const struct audit_tls *t)
{
	KS_DROP(text) struct text words;

	text_init(&words, 400);
	if (!t->visible)
		text_add(&words, "not visible");
	for (unsigned i = 0; audit_verdict_word(i) != NULL; i++)
		if (t->verdicts & 1u << i)
			text_addf(&words, "%s%s", words.len > 0 ? "," : "", audit_verdict_word(i));
	sheet_text(log, words.len > 0 ? text_cstr(&words) : "ok");
}

/* "TLS 1.2" -> "TLSv12" */
static void version_add(struct sheet *log, const char *version)
{
	char word[24];
	size_t n = 0;

	for (; *version != '\0' && n + 2 < sizeof word; version++) {
		if (*version == ' ')
			word[n++] = 'v';
		else if (*version != '.')
			word[n++] = *version;
	}
	word[n] = '\0';
	sheet_text(log, word);
}

static void ssl_rows(struct sheet *log, const struct audit_view *view)
{
	const struct audit *audit = view->audit;

	for (size_t i = 0; i < audit->tls_n; i++) {
		const struct audit_tls *t = &audit->tls[i];
		const struct audit_certificate *leaf = t->leaf < audit->certificates_n ?
		    &audit->certificates[t->leaf] : NULL;
		struct span chain = span_text(leaf != NULL ? leaf->sha256 : "");

		sheet_row(log);
		sheet_time(log, t->time_ns);
		sheet_uid(log, t->flow);
		sheet_text(log, t->client);
		sheet_count(log, t->client_port);
		sheet_text(log, t->server);
		sheet_count(log, t->port);
		version_add(log, t->version);
		sheet_text(log, t->cipher);
		sheet_text(log, t->sni);
		sheet_bool(log, t->resumed);
		sheet_text(log, t->alpn);
		sheet_bool(log, t->established);
		sheet_text(log, leaf != NULL ? leaf->subject : "");
		sheet_text(log, leaf != NULL ? leaf->issuer : "");
		validation_add(log, t);
		sheet_text(log, t->ja3);
		sheet_text(log, t->ja4);
		sheet_texts(log, &chain, leaf != NULL);
		sheet_row_end(log);
	}
}

static const struct column x509_columns[] = { { "ts", IS_TIME }, { "fingerprint", IS_TEXT },
	{ "certificate.serial", IS_TEXT }, { "certificate.subject", IS_TEXT },
	{ "certificate.issuer", IS_TEXT }, { "certificate.not_valid_before", IS_TIME },
	{ "certificate.not_valid_after", IS_TIME }, { "certificate.key_alg", IS_TEXT },
	{ "certificate.sig_alg", IS_TEXT }, { "san.dns", IS_TEXT },
	{ "basic_constraints.ca", IS_BOOL }, { "host_cert", IS_BOOL }, { "seen", IS_COUNT } };

/* When it was shown first, where a handshake tells; else the capture's beginning. */
static int64_t shown_first(const struct audit *audit, size_t certificate)
{
	int64_t first = INT64_MAX;

	for (size_t i = 0; i < audit->tls_n; i++)
		if (audit->tls[i].leaf == certificate && audit->tls[i].time_ns < first)
			first = audit->tls[i].time_ns;
	return first != INT64_MAX ? first : audit->capture.first_ns;
}

static void x509_rows(struct sheet *log, const struct audit_view *view)
{
	const struct audit *audit = view->audit;

	for (size_t i = 0; i < audit->certificates_n; i++) {
		const struct audit_certificate *c = &audit->certificates[i];

		sheet_row(log);
		sheet_time(log, shown_first(audit, i));
		sheet_text(log, c->sha256);
		sheet_text(log, c->serial);
		sheet_text(log, c->subject);
		sheet_text(log, c->issuer);
		sheet_time(log, c->not_before_s * 1000000000);
		sheet_time(log, c->not_after_s * 1000000000);
		sheet_text(log, c->key);
		sheet_text(log, c->digest);
		sheet_text(log, c->san);
		sheet_bool(log, c->ca);
		sheet_bool(log, c->leaf);
		sheet_count(log, c->seen);
		sheet_row_end(log);
	}
}

/* Each certificate as a file that was sent, in the session in which it was. */
static const struct column files_columns[] = { { "ts", IS_TIME }, { "fuid", IS_TEXT },
	{ "uid", IS_TEXT }, ENDPOINTS, { "source", IS_TEXT }, { "depth", IS_COUNT },
	{ "analyzers", IS_TEXTS }, { "mime_type", IS_TEXT }, { "is_orig", IS_BOOL },
	{ "sha1", IS_TEXT }, { "sha256", IS_TEXT } };

static void files_rows(struct sheet *log, const struct audit_view *view)
{
	const struct audit *audit = view->audit;
	const struct span analyzer = span_text("X509");

	for (size_t i = 0; i < audit->tls_n; i++) {
		const struct audit_tls *t = &audit->tls[i];
		char fuid[24];

		if (t->leaf >= audit->certificates_n || audit->certificates[t->leaf].told)
			continue;
		(void)snprintf(fuid, sizeof fuid, "F%.16s", audit->certificates[t->leaf].sha1);
		sheet_row(log);
		sheet_time(log, t->time_ns);
		sheet_text(log, fuid);
		sheet_uid(log, t->flow);
		sheet_text(log, t->client);
		sheet_count(log, t->client_port);
		sheet_text(log, t->server);
		sheet_count(log, t->port);
		sheet_text(log, "SSL");
		sheet_count(log, 0);
		sheet_texts(log, &analyzer, 1);
		sheet_text(log, audit->certificates[t->leaf].ca ? "application/x-x509-ca-cert"
							       : "application/x-x509-user-cert");
		sheet_bool(log, false);
		sheet_text(log, audit->certificates[t->leaf].sha1);
		sheet_text(log, audit->certificates[t->leaf].sha256);
		sheet_row_end(log);
	}
}

/* What was found, and is not accepted. */
static const struct column notice_columns[] = { { "ts", IS_TIME }, { "note", IS_TEXT },
	{ "msg", IS_TEXT }, { "sub", IS_TEXT }, { "src", IS_ADDR }, { "n", IS_COUNT },
	{ "severity", IS_TEXT } };

static void notice_rows(struct sheet *log, const struct audit_view *view)
{
	const struct audit *audit = view->audit;

	for (size_t i = 0; i < audit->findings_n; i++) {
		const struct audit_finding *f = &audit->findings[i];
		KS_DROP(text) struct text words = { 0 };
		char note[40];

		if (f->base.severity == SEVERITY_OK || f->accepted != NULL)
			continue;
		text_init(&words, 4000);
		audit_finding_say(&words, view, LANG_EN, f);
		(void)snprintf(note, sizeof note, "Keisoku::%s", finding_id(f->base.code));
		sheet_row(log);
		sheet_time(log, f->base.since_ms * 1000000);
		sheet_text(log, note);
		sheet_text(log, text_cstr(&words));
		sheet_text(log, f->to);
		sheet_text(log, audit_device_address(audit, f->device));
		sheet_count(log, f->base.count);
		sheet_text(log, severity_word(f->base.severity));
		sheet_row_end(log);
	}
}

static const struct {
	struct sheet_kind kind;
	void (*rows)(struct sheet *log, const struct audit_view *view);
} logs[] = {
#define LOG(name)                                                                      \
	{ { #name, name##_columns, sizeof name##_columns / sizeof *name##_columns }, name##_rows }
	LOG(http), LOG(ssl), LOG(x509), LOG(files), LOG(notice),
#undef LOG
};

int audit_zeek(const struct audit_view *view, const char *folder, bool json, struct why *why)
{
	for (size_t i = 0; i < sizeof logs / sizeof *logs; i++) {
		struct sheet sheet;
		KS_DROP(file) FILE *to = NULL;
		int code = sheet_open(folder, &logs[i].kind, json, &to, why);

		if (code != KS_OK)
			return code;
		sheet_init(&sheet, &logs[i].kind, json);
		logs[i].rows(&sheet, view);
		bool good = sheet_write(&sheet, to) && fflush(to) == 0;

		text_done(&sheet.text);
		if (!good)
			return fail(why, KS_IO, "%s could not be written: %s", folder, strerror(errno));
	}
	return KS_OK;
}
