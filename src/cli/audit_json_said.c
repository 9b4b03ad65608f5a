/* src/cli/audit_json_said.c - keisoku.audit/1: what was said, row by row. */
#include "cli/audit_json.h"
#include "base/zone.h"
#include "wire/make.h"

static const char *http_version(uint8_t version)
{
	switch (version) {
	case 0: return "HTTP/1"; /* the line is cut before it tells */
	case 9: return "HTTP/0.9";
	case 10: return "HTTP/1.0";
	case 20: return "HTTP/2";
	case 30: return "HTTP/3";
	default: return "HTTP/1.1";
	}
}

static void http_add(struct json *j, const struct audit *audit)
{
	json_open(j, "http", '[');
	for (size_t i = 0; i < audit->http_n; i++) {
		const struct audit_http *h = &audit->http[i];

		json_open(j, NULL, '{');
		json_time(j, "time", h->time_ns);
		json_frame(j, audit, h->frame);
		json_device(j, audit, h->device);
		json_text(j, "server", h->server);
		json_count(j, "port", h->port);
		json_text(j, "version", http_version(h->version));
		json_text(j, "method", h->method);
		json_known(j, "host", h->host);
		json_known(j, "name", h->name);
		json_text(j, "uri", h->uri);
		if (h->status > 0)
			json_count(j, "status", h->status);
		else
			json_null(j, "status");
		json_count(j, "request_bytes", h->request_bytes);
		json_count(j, "response_bytes", h->response_bytes);
		json_known(j, "content_type", h->content_type);
		json_known(j, "agent", h->agent);
		json_flag(j, "decrypted", h->decrypted);
		json_flag(j, "inward", h->inward);
		json_flag(j, "cut", h->cut);
		json_close(j, '}');
	}
	json_close(j, ']');
}

static void verdicts_add(struct json *j, const char *name, uint32_t verdicts)
{
	json_open(j, name, '[');
	for (unsigned i = 0; audit_verdict_word(i) != NULL; i++)
		if (verdicts & 1u << i)
			json_text(j, NULL, audit_verdict_word(i));
	json_close(j, ']');
}

static void san_add(struct json *j, const char *san)
{
	struct span rest = span_text(san);

	json_open(j, "san", '[');
	while (rest.left > 0) {
		struct span one = span_until(&rest, '\n');
		char text[1024];
		int n = snprintf(text, sizeof text, "%.*s", (int)one.left, (const char *)one.at);

		if (n > 0)
			json_text(j, NULL, text);
	}
	json_close(j, ']');
}

static void certificate_fields(struct json *j, const struct audit_certificate *c)
{
	json_text(j, "subject", c->subject);
	json_text(j, "issuer", c->issuer);
	json_time(j, "not_before", c->not_before_s * 1000000000);
	json_time(j, "not_after", c->not_after_s * 1000000000);
	json_text(j, "sha256", c->sha256);
	san_add(j, c->san);
	json_known(j, "serial", c->serial);
	json_known(j, "key", c->key);
	json_known(j, "digest", c->digest);
	if (c->told)
		json_flag(j, "told", true);
}

static void tls_certificate_add(struct json *j, const struct audit *audit,
    const struct audit_tls *t)
{
	json_open(j, "certificate", '{');
	json_flag(j, "visible", t->visible);
	if (t->leaf < audit->certificates_n)
		certificate_fields(j, &audit->certificates[t->leaf]);
	verdicts_add(j, "verdicts", t->verdicts);
	verdicts_add(j, "issuer_verdicts", t->issuers);
	json_flag(j, "name_checked", t->named);
	json_close(j, '}');
}

static void tls_add(struct json *j, const struct audit *audit)
{
	json_open(j, "tls", '[');
	for (size_t i = 0; i < audit->tls_n; i++) {
		const struct audit_tls *t = &audit->tls[i];

		json_open(j, NULL, '{');
		json_time(j, "time", t->time_ns);
		json_frame(j, audit, t->frame);
		json_device(j, audit, t->device);
		json_text(j, "server", t->server);
		json_count(j, "port", t->port);
		json_text(j, "transport", t->transport);
		json_known(j, "sni", t->sni);
		json_known(j, "alpn", t->alpn);
		json_known(j, "version", t->version);
		json_known(j, "cipher", t->cipher);
		json_known(j, "ja3", t->ja3);
		json_known(j, "ja4", t->ja4);
		json_flag(j, "resumed", t->resumed);
		json_flag(j, "ech", t->ech);
		json_flag(j, "decrypted", t->keys);
		tls_certificate_add(j, audit, t);
		json_text(j, "refused", audit_refused_word(t->refused));
		json_flag(j, "inward", t->inward);
		json_close(j, '}');
	}
	json_close(j, ']');
	json_open(j, "certificates", '[');
	for (size_t i = 0; i < audit->certificates_n; i++) {
		const struct audit_certificate *c = &audit->certificates[i];

		json_open(j, NULL, '{');
		certificate_fields(j, c);
		json_flag(j, "self_issued", c->self_issued);
		json_flag(j, "self_signed", c->self_signed);
		json_flag(j, "leaf", c->leaf);
		json_count(j, "seen", c->seen);
		json_frame(j, audit, c->first_frame);
		json_close(j, '}');
	}
	json_close(j, ']');
}

static void personal_add(struct json *j, const struct audit *audit)
{
	json_open(j, "personal", '[');
	for (size_t i = 0; i < audit->personal_n; i++) {
		const struct audit_personal *p = &audit->personal[i];

		json_open(j, NULL, '{');
		json_text(j, "category", p->category);
		json_text(j, "grade", p->grade);
		json_text(j, "masked", p->masked);
		json_text(j, "where", p->where);
		json_text(j, "host", p->host);
		json_text(j, "address", p->address);
		json_device(j, audit, p->device);
		json_frame(j, audit, p->frame);
		json_count(j, "count", p->count);
		json_time(j, "first", p->first_ns);
		json_time(j, "last", p->last_ns);
		json_flag(j, "decrypted", p->decrypted);
		json_flag(j, "inward", p->inward);
		json_text(j, "way", way_word(audit_personal_way(p)));
		json_close(j, '}');
	}
	json_close(j, ']');
}

static void listed_add(struct json *j, const struct audit *audit)
{
	json_open(j, "listed", '[');
	for (size_t i = 0; i < audit->listed_n; i++) {
		const struct audit_listed *l = &audit->listed[i];

		json_open(j, NULL, '{');
		json_text(j, "indicator", l->indicator);
		json_text(j, "way", way_word((enum finding_way)l->way));
		json_text(j, "list", l->list);
		json_known(j, "entry", l->entry);
		json_known(j, "category", l->category);
		json_known(j, "date", l->date);
		json_time(j, "valid_from", l->from_ns);
		json_time(j, "valid_until", l->until_ns);
		json_device(j, audit, l->device);
		json_count(j, "count", l->count);
		json_time(j, "first", l->first_ns);
		json_time(j, "last", l->last_ns);
		json_frame(j, audit, l->first_frame);
		json_close(j, '}');
	}
	json_close(j, ']');
}

static void weekdays_add(struct json *j, uint8_t weekdays)
{
	static const char *const names[] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };

	if (weekdays == 0) {
		json_null(j, "weekdays");
		return;
	}
	json_open(j, "weekdays", '[');
	for (unsigned i = 0; i < 7; i++)
		if (weekdays >> i & 1)
			json_text(j, NULL, names[i]);
	json_close(j, ']');
}

/* The clock of somebody elsewhere was changed: since when, and the time before. */
static void shift_add(struct json *j, const struct audit_periodic *p)
{
	struct civil day = days_split(p->shift_day);
	char text[40];

	if (p->clock[0] == '\0') {
		json_null(j, "shift");
		return;
	}
	json_open(j, "shift", '{');
	json_text(j, "clock", p->clock);
	(void)snprintf(text, sizeof text, "%04d-%02d-%02d", (int)day.year, day.month, day.day);
	json_text(j, "day", text);
	(void)snprintf(text, sizeof text, "%02d:%02d", p->before_s / 3600, p->before_s / 60 % 60);
	json_text(j, "local_time_before", text);
	json_close(j, '}');
}

static void periodic_add(struct json *j, const struct audit *audit)
{
	json_open(j, "periodic", '[');
	for (size_t i = 0; i < audit->periodic_n; i++) {
		const struct audit_periodic *p = &audit->periodic[i];

		json_open(j, NULL, '{');
		json_device(j, audit, p->device);
		json_text(j, "to", p->to);
		json_text(j, "what", p->what);
		json_flag(j, "inward", p->inward);
		json_text(j, "kind", p->kind);
		json_known(j, "address", p->address);
		json_count(j, "port", p->port);
		json_text(j, "protocol", p->protocol);
		json_known(j, "country", p->country);
		json_milli(j, "period_s", p->period_ms);
		json_milli(j, "jitter_s", p->jitter_ms);
		json_count(j, "contacts", p->contacts);
		json_count(j, "missed", p->missed);
		if (p->of_day_s >= 0) {
			char clock[16];

			(void)snprintf(clock, sizeof clock, "%02d:%02d", p->of_day_s / 3600,
			    p->of_day_s / 60 % 60);
			json_text(j, "local_time", clock);
		} else {
			json_null(j, "local_time");
		}
		weekdays_add(j, p->weekdays);
		shift_add(j, p);
		json_time(j, "first", p->first_ns);
		json_time(j, "last", p->last_ns);
		json_close(j, '}');
	}
	json_close(j, ']');
}

static void traceroutes_add(struct json *j, const struct audit *audit)
{
	json_open(j, "traceroutes", '[');
	for (size_t i = 0; i < audit->traceroutes_n; i++) {
		const struct audit_traceroute *t = &audit->traceroutes[i];

		json_open(j, NULL, '{');
		json_time(j, "time", t->time_ns);
		json_frame(j, audit, t->first_frame);
		json_device(j, audit, t->device);
		json_text(j, "target", t->target);
		json_known(j, "name", t->name);
		json_text(j, "method", t->method);
		json_count(j, "hops", t->hops);
		json_count(j, "routers", t->routers);
		json_flag(j, "reached", t->reached);
		json_flag(j, "inward", t->inward);
		json_close(j, '}');
	}
	json_close(j, ']');
}

static void silence_add(struct json *j, const struct audit *audit)
{
	json_open(j, "silence", '[');
	for (size_t i = 0; i < audit->silence_n; i++) {
		const struct audit_silence *s = &audit->silence[i];

		json_open(j, NULL, '{');
		json_device(j, audit, s->device);
		json_text(j, "to", s->to);
		json_flag(j, "inward", s->inward);
		json_count(j, "port", s->port);
		json_open(j, "days", '[');
		for (size_t k = 0; k < s->days_n; k++) {
			struct civil day = days_split(s->days[k]);
			char date[24];

			(void)snprintf(date, sizeof date, "%04d-%02u-%02u", (int)day.year, day.month,
			    day.day);
			json_text(j, NULL, date);
		}
		json_close(j, ']');
		json_texts(j, "calendars", s->calendars, s->calendars_n);
		json_close(j, '}');
	}
	json_close(j, ']');
}

void audit_json_said(struct json *j, const struct audit *audit)
{
	http_add(j, audit);
	tls_add(j, audit);
	personal_add(j, audit);
	listed_add(j, audit);
	periodic_add(j, audit);
	traceroutes_add(j, audit);
	silence_add(j, audit);
}
