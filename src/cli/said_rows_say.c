/* src/cli/said_rows_say.c - a request, a handshake, a certificate that was sent: as rows of
 * Zeek's http.log, ssl.log and files.log, and as events of Suricata's.
 * Source: Zeek's script reference of each log; Suricata, "EVE JSON Format". */
#include "base/drop.h"
#include "cli/flow_rows_in.h"
#include "wire/make.h"
#include "wire/tls_names.h"
#include <stdio.h>
#include <string.h>

static const struct column http_columns[] = { { "ts", IS_TIME }, { "uid", IS_TEXT }, ENDPOINTS,
	{ "method", IS_TEXT }, { "host", IS_TEXT }, { "uri", IS_TEXT }, { "user_agent", IS_TEXT },
	{ "request_body_len", IS_COUNT }, { "response_body_len", IS_COUNT },
	{ "status_code", IS_COUNT }, { "orig_mime_types", IS_TEXT } };

const struct sheet_kind sheet_http = { "http", http_columns,
	sizeof http_columns / sizeof *http_columns };

static const struct column ssl_columns[] = { { "ts", IS_TIME }, { "uid", IS_TEXT }, ENDPOINTS,
	{ "version", IS_TEXT }, { "cipher", IS_TEXT }, { "server_name", IS_TEXT },
	{ "resumed", IS_BOOL }, { "next_protocol", IS_TEXT }, { "established", IS_BOOL },
	{ "subject", IS_TEXT }, { "issuer", IS_TEXT }, { "validation_status", IS_TEXT },
	{ "ja3", IS_TEXT }, { "ja4", IS_TEXT }, { "cert_chain_fps", IS_TEXTS } };

const struct sheet_kind sheet_ssl = { "ssl", ssl_columns, sizeof ssl_columns / sizeof *ssl_columns };

/* Each certificate as a file that was sent, in the session in which it was. */
static const struct column files_columns[] = { { "ts", IS_TIME }, { "fuid", IS_TEXT },
	{ "uid", IS_TEXT }, ENDPOINTS, { "source", IS_TEXT }, { "depth", IS_COUNT },
	{ "analyzers", IS_TEXTS }, { "mime_type", IS_TEXT }, { "is_orig", IS_BOOL },
	{ "sha1", IS_TEXT }, { "sha256", IS_TEXT } };

const struct sheet_kind sheet_files = { "files", files_columns,
	sizeof files_columns / sizeof *files_columns };

/* -- Zeek ---------------------------------------------------------------------------- */

void http_row(struct sheet *log, const struct exchange *x, const char *uri)
{
	sheet_row(log);
	sheet_time(log, x->base.time_ns);
	sheet_uid(log, x->base.ends.id);
	sheet_ends(log, &x->base.ends);
	sheet_span(log, x->method);
	sheet_span(log, x->host);
	sheet_text(log, uri);
	sheet_span(log, x->agent);
	sheet_count(log, x->request_bytes);
	sheet_count(log, x->response_bytes);
	if (x->status > 0)
		sheet_count(log, x->status);
	else
		sheet_none(log);
	sheet_span(log, x->type);
	sheet_row_end(log);
}

static void validation_add(struct sheet *log, const struct session *s)
{
	KS_DROP(text) struct text words;

	text_init(&words, 400);
	if (s->leaf == NULL && !s->visible)
		text_add(&words, "not visible");
	for (unsigned i = 0; s->leaf != NULL && audit_verdict_word(i) != NULL; i++)
		if (s->leaf->verdicts & 1u << i)
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

/* A number that has no name is shown as it is. */
static const char *number_word(const char *known, unsigned number, char room[16])
{
	if (known != NULL || number == 0)
		return known != NULL ? known : "";
	(void)snprintf(room, 16, "0x%04x", number);
	return room;
}

void ssl_row(struct sheet *log, const struct session *s)
{
	const struct leaf *leaf = s->leaf;
	struct span chain = span_text(leaf != NULL ? leaf->sha256 : "");
	char room[16];

	sheet_row(log);
	sheet_time(log, s->base.time_ns);
	sheet_uid(log, s->base.ends.id);
	sheet_ends(log, &s->base.ends);
	version_add(log, number_word(tls_version_name(s->version), s->version, room));
	sheet_text(log, number_word(s->cipher == 0 && !s->chosen ? "" : tls_cipher_name(s->cipher),
	    s->cipher, room));
	sheet_text(log, s->sni);
	sheet_bool(log, s->resumed);
	sheet_text(log, s->alpn);
	sheet_bool(log, s->settled && s->chosen && s->refused == REFUSED_NO);
	sheet_text(log, leaf != NULL ? leaf->subject : "");
	sheet_text(log, leaf != NULL ? leaf->issuer : "");
	validation_add(log, s);
	sheet_text(log, s->ja3);
	sheet_text(log, s->ja4);
	sheet_texts(log, &chain, leaf != NULL);
	sheet_row_end(log);
}

void files_row(struct sheet *log, const struct session *s)
{
	const struct span analyzer = span_text("X509");
	const struct leaf *leaf = s->leaf;
	char fuid[24];

	if (leaf == NULL || leaf->told)
		return;
	(void)snprintf(fuid, sizeof fuid, "F%.16s", leaf->sha1);
	sheet_row(log);
	sheet_time(log, s->base.time_ns);
	sheet_text(log, fuid);
	sheet_uid(log, s->base.ends.id);
	sheet_ends(log, &s->base.ends);
	sheet_text(log, "SSL");
	sheet_count(log, 0);
	sheet_texts(log, &analyzer, 1);
	sheet_text(log, leaf->ca ? "application/x-x509-ca-cert" : "application/x-x509-user-cert");
	sheet_bool(log, false);
	sheet_text(log, leaf->sha1);
	sheet_text(log, leaf->sha256);
	sheet_row_end(log);
}

/* -- EVE ----------------------------------------------------------------------------- */

void http_event(struct json *j, const struct exchange *x, const char *uri)
{
	event_open(j, "http", x->base.time_ns, &x->base.ends);
	json_open(j, "http", '{');
	json_span(j, "hostname", x->host);
	json_text(j, "url", uri);
	json_span(j, "http_user_agent", x->agent);
	json_span(j, "http_method", x->method);
	if (x->status > 0)
		json_count(j, "status", x->status);
	json_count(j, "length", x->response_bytes);
	json_close(j, '}');
	event_close(j);
}

static void leaf_add(struct json *j, const struct leaf *leaf)
{
	json_text(j, "subject", leaf->subject);
	json_text(j, "issuerdn", leaf->issuer);
	json_text(j, "serial", leaf->serial);
	json_text(j, "fingerprint", leaf->sha1);
	json_time(j, "notbefore", leaf->not_before_s * 1000000000);
	json_time(j, "notafter", leaf->not_after_s * 1000000000);
}

void tls_event(struct json *j, const struct session *s)
{
	char room[16];

	event_open(j, s->quic ? "quic" : "tls", s->base.time_ns, &s->base.ends);
	json_open(j, "tls", '{');
	json_text(j, "sni", s->sni);
	json_text(j, "version", number_word(tls_version_name(s->version), s->version, room));
	if (s->leaf != NULL)
		leaf_add(j, s->leaf);
	json_flag(j, "session_resumed", s->resumed);
	json_open(j, "ja3", '{');
	json_text(j, "hash", s->ja3);
	json_close(j, '}');
	json_text(j, "ja4", s->ja4);
	json_close(j, '}');
	event_close(j);
}
