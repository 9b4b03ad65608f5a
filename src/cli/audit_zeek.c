/* src/cli/audit_zeek.c - conn, dns, http, ssl and x509 rows with the columns and names of
 * Zeek's logs, for those who feed a SIEM.  Rows are relations rather than single flows
 * where the audit keeps relations (conn, dns): the counts are then sums.
 * Source: Zeek documentation, "Zeek Log Formats" and script reference of each log. */
#include "cli/audit_show.h"
#include "base/drop.h"
#include "wire/make.h"
#include <errno.h>
#include <string.h>

enum { ROW = 1 << 20 };

enum kind { IS_TEXT, IS_COUNT, IS_PORT, IS_ADDR, IS_TIME, IS_INTERVAL, IS_BOOL, IS_TEXTS };
static const char *const kind_words[] = { "string", "count", "port", "addr", "time",
	"interval", "bool", "vector[string]" };

struct column {
	const char *name;
	enum kind kind;
};

struct log {
	const char *path;
	const struct column *columns;
	size_t n;
	FILE *to;
	bool json;
	struct text row;
	size_t at;
	bool failed;
};

/* -- cells ------------------------------------------------------------------------- */

static void name_begin(struct log *log, bool set)
{
	const struct column *column = &log->columns[log->at++];

	if (!log->json && log->at > 1)
		text_add_char(&log->row, '\t');
	if (log->json && set)
		text_addf(&log->row, "%s\"%s\":", log->row.len > 1 ? "," : "", column->name);
	if (!log->json && !set)
		text_add_char(&log->row, '-');
}

/* Zeek writes tabs, line ends and what is no ASCII as \xHH. */
static void text_escape(struct text *text, const char *s)
{
	for (; *s != '\0'; s++) {
		unsigned char c = (unsigned char)*s;

		if (c < 32 || c > 126 || c == '\\')
			text_addf(text, "\\x%02x", c);
		else
			text_add_char(text, *s);
	}
}

static void cell_text(struct log *log, const char *s)
{
	name_begin(log, s[0] != '\0');
	if (s[0] == '\0')
		return;
	if (!log->json) {
		text_escape(&log->row, s);
		return;
	}
	text_add_char(&log->row, '"');
	text_add_json(&log->row, span_text(s));
	text_add_char(&log->row, '"');
}

static void cell_count(struct log *log, uint64_t value)
{
	name_begin(log, true);
	text_addf(&log->row, "%llu", (unsigned long long)value);
}

static void cell_none(struct log *log)
{
	name_begin(log, false);
}

static void cell_time(struct log *log, int64_t ns)
{
	name_begin(log, true);
	text_addf(&log->row, "%lld.%06lld", (long long)(ns / 1000000000),
	    (long long)(ns % 1000000000 / 1000));
}

static void cell_bool(struct log *log, bool value)
{
	name_begin(log, true);
	text_add(&log->row, log->json ? value ? "true" : "false" : value ? "T" : "F");
}

/* A name for a flow, as Zeek's uid: the same in every log. */
static void cell_uid(struct log *log, uint64_t flow)
{
	char uid[24];

	(void)snprintf(uid, sizeof uid, "C%016llx", (unsigned long long)flow);
	cell_text(log, uid);
}

static void row_begin(struct log *log)
{
	text_clear(&log->row);
	log->at = 0;
	if (log->json)
		text_add_char(&log->row, '{');
}

static void row_end(struct log *log)
{
	text_add(&log->row, log->json ? "}\n" : "\n");
	if (log->row.full || fwrite(log->row.at, 1, log->row.len, log->to) != log->row.len)
		log->failed = true;
}

static void head_add(struct log *log)
{
	(void)fprintf(log->to, "#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n"
	    "#unset_field\t-\n#path\t%s\n#fields", log->path);
	for (size_t i = 0; i < log->n; i++)
		(void)fprintf(log->to, "\t%s", log->columns[i].name);
	(void)fputs("\n#types", log->to);
	for (size_t i = 0; i < log->n; i++)
		(void)fprintf(log->to, "\t%s", kind_words[log->columns[i].kind]);
	(void)fputc('\n', log->to);
}

/* -- logs -------------------------------------------------------------------------- */

#define ENDPOINTS                                                                      \
	{ "id.orig_h", IS_ADDR }, { "id.orig_p", IS_PORT }, { "id.resp_h", IS_ADDR },      \
	{ "id.resp_p", IS_PORT }

static const struct column conn_columns[] = { { "ts", IS_TIME }, { "uid", IS_TEXT }, ENDPOINTS,
	{ "proto", IS_TEXT }, { "service", IS_TEXT }, { "duration", IS_INTERVAL },
	{ "orig_bytes", IS_COUNT }, { "resp_bytes", IS_COUNT }, { "orig_pkts", IS_COUNT },
	{ "resp_pkts", IS_COUNT }, { "conns", IS_COUNT }, { "failed", IS_COUNT },
	{ "resp_name", IS_TEXT }, { "resp_cc", IS_TEXT } };

static void conn_rows(struct log *log, const struct audit *audit)
{
	for (size_t i = 0; i < audit->destinations_n; i++) {
		const struct audit_destination *d = &audit->destinations[i];
		const char *near = audit_device_address(audit, d->device);
		const char *far = d->addresses_n > 0 ? d->addresses[0] : "";

		row_begin(log);
		cell_time(log, d->first_ns);
		cell_uid(log, d->first_frame * 2);
		cell_text(log, d->inward ? far : near);
		cell_count(log, 0);
		cell_text(log, d->inward ? near : far);
		cell_count(log, d->port);
		cell_text(log, d->transport);
		cell_text(log, d->protocol);
		cell_time(log, d->last_ns - d->first_ns);
		cell_count(log, d->inward ? d->bytes_in : d->bytes_out);
		cell_count(log, d->inward ? d->bytes_out : d->bytes_in);
		cell_count(log, d->inward ? d->frames_in : d->frames_out);
		cell_count(log, d->inward ? d->frames_out : d->frames_in);
		cell_count(log, d->flows);
		cell_count(log, d->unanswered);
		cell_text(log, d->name);
		cell_text(log, d->country);
		row_end(log);
	}
}

static const struct column dns_columns[] = { { "ts", IS_TIME }, { "id.orig_h", IS_ADDR },
	{ "proto", IS_TEXT }, { "query", IS_TEXT }, { "qtype_name", IS_TEXT },
	{ "count", IS_COUNT }, { "answered", IS_COUNT }, { "rejected", IS_COUNT } };

static void dns_rows(struct log *log, const struct audit *audit)
{
	for (size_t i = 0; i < audit->dns_n; i++) {
		const struct audit_dns *d = &audit->dns[i];

		row_begin(log);
		cell_time(log, d->first_ns);
		cell_text(log, audit_device_address(audit, d->device));
		cell_text(log, d->kind);
		cell_text(log, d->name);
		cell_text(log, d->type);
		cell_count(log, d->count);
		cell_count(log, d->answered);
		cell_count(log, d->failed);
		row_end(log);
	}
}

static const struct column http_columns[] = { { "ts", IS_TIME }, { "uid", IS_TEXT }, ENDPOINTS,
	{ "method", IS_TEXT }, { "host", IS_TEXT }, { "uri", IS_TEXT }, { "user_agent", IS_TEXT },
	{ "request_body_len", IS_COUNT }, { "response_body_len", IS_COUNT },
	{ "status_code", IS_COUNT }, { "orig_mime_types", IS_TEXT } };

static void http_rows(struct log *log, const struct audit *audit)
{
	for (size_t i = 0; i < audit->http_n; i++) {
		const struct audit_http *h = &audit->http[i];

		row_begin(log);
		cell_time(log, h->time_ns);
		cell_uid(log, h->flow);
		cell_text(log, h->client);
		cell_count(log, h->client_port);
		cell_text(log, h->server);
		cell_count(log, h->port);
		cell_text(log, h->method);
		cell_text(log, h->host);
		cell_text(log, h->uri);
		cell_text(log, h->agent);
		cell_count(log, h->request_bytes);
		cell_count(log, h->response_bytes);
		if (h->status > 0)
			cell_count(log, h->status);
		else
			cell_none(log);
		cell_text(log, h->content_type);
		row_end(log);
	}
}

static const struct column ssl_columns[] = { { "ts", IS_TIME }, { "uid", IS_TEXT }, ENDPOINTS,
	{ "version", IS_TEXT }, { "cipher", IS_TEXT }, { "server_name", IS_TEXT },
	{ "resumed", IS_BOOL }, { "next_protocol", IS_TEXT }, { "established", IS_BOOL },
	{ "subject", IS_TEXT }, { "issuer", IS_TEXT }, { "validation_status", IS_TEXT },
	{ "ja3", IS_TEXT }, { "ja4", IS_TEXT }, { "cert_fps", IS_TEXT } };

static void validation_add(struct log *log, const struct audit_tls *t)
{
	KS_DROP(text) struct text words;

	text_init(&words, 400);
	if (!t->visible)
		text_add(&words, "not visible");
	for (unsigned i = 0; audit_verdict_word(i) != NULL; i++)
		if (t->verdicts & 1u << i)
			text_addf(&words, "%s%s", words.len > 0 ? "," : "", audit_verdict_word(i));
	cell_text(log, words.len > 0 ? text_cstr(&words) : "ok");
}

/* "TLS 1.2" -> "TLSv12" */
static void version_add(struct log *log, const char *version)
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
	cell_text(log, word);
}

static void ssl_rows(struct log *log, const struct audit *audit)
{
	for (size_t i = 0; i < audit->tls_n; i++) {
		const struct audit_tls *t = &audit->tls[i];
		const struct audit_certificate *leaf = t->leaf < audit->certificates_n ?
		    &audit->certificates[t->leaf] : NULL;

		row_begin(log);
		cell_time(log, t->time_ns);
		cell_uid(log, t->flow);
		cell_text(log, t->client);
		cell_count(log, t->client_port);
		cell_text(log, t->server);
		cell_count(log, t->port);
		version_add(log, t->version);
		cell_text(log, t->cipher);
		cell_text(log, t->sni);
		cell_bool(log, t->resumed);
		cell_text(log, t->alpn);
		cell_bool(log, t->established);
		cell_text(log, leaf != NULL ? leaf->subject : "");
		cell_text(log, leaf != NULL ? leaf->issuer : "");
		validation_add(log, t);
		cell_text(log, t->ja3);
		cell_text(log, t->ja4);
		cell_text(log, leaf != NULL ? leaf->sha256 : "");
		row_end(log);
	}
}

static const struct column x509_columns[] = { { "fingerprint", IS_TEXT },
	{ "certificate.serial", IS_TEXT }, { "certificate.subject", IS_TEXT },
	{ "certificate.issuer", IS_TEXT }, { "certificate.not_valid_before", IS_TIME },
	{ "certificate.not_valid_after", IS_TIME }, { "certificate.key_alg", IS_TEXT },
	{ "certificate.sig_alg", IS_TEXT }, { "san.dns", IS_TEXT },
	{ "basic_constraints.ca", IS_BOOL }, { "seen", IS_COUNT } };

static void x509_rows(struct log *log, const struct audit *audit)
{
	for (size_t i = 0; i < audit->certificates_n; i++) {
		const struct audit_certificate *c = &audit->certificates[i];

		row_begin(log);
		cell_text(log, c->sha256);
		cell_text(log, c->serial);
		cell_text(log, c->subject);
		cell_text(log, c->issuer);
		cell_time(log, c->not_before_s * 1000000000);
		cell_time(log, c->not_after_s * 1000000000);
		cell_text(log, c->key);
		cell_text(log, c->digest);
		cell_text(log, c->san);
		cell_bool(log, c->ca);
		cell_count(log, c->seen);
		row_end(log);
	}
}

static const struct {
	const char *path;
	const struct column *columns;
	size_t n;
	void (*rows)(struct log *log, const struct audit *audit);
} logs[] = {
#define LOG(name) { #name, name##_columns, sizeof name##_columns / sizeof *name##_columns, name##_rows }
	LOG(conn), LOG(dns), LOG(http), LOG(ssl), LOG(x509),
#undef LOG
};

int audit_zeek(const struct audit_view *view, const char *folder, bool json, struct why *why)
{
	for (size_t i = 0; i < sizeof logs / sizeof *logs; i++) {
		char path[4096];
		struct log log = { .path = logs[i].path, .columns = logs[i].columns,
			.n = logs[i].n, .json = json };
		int n = snprintf(path, sizeof path, "%s/%s.log", folder, logs[i].path);

		if (n < 0 || (size_t)n >= sizeof path)
			return fail(why, KS_FULL, "%s: path too long", folder);
		KS_DROP(file) FILE *to = fopen(path, "we");

		if (to == NULL)
			return fail(why, KS_IO, "%s: %s", path, strerror(errno));
		log.to = to;
		text_init(&log.row, ROW);
		if (!json)
			head_add(&log);
		logs[i].rows(&log, view->audit);
		text_done(&log.row);
		if (log.failed || fflush(to) != 0)
			return fail(why, KS_IO, "%s: %s", path, strerror(errno));
	}
	return KS_OK;
}
