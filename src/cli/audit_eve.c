/* src/cli/audit_eve.c - events as Suricata's EVE JSON, one a line: http, tls, alert (our
 * findings), behind the flow and dns events that were written meanwhile (flow_rows.c).
 * Source: Suricata documentation, "EVE JSON Format". */
#include "cli/audit_show.h"
#include "base/drop.h"

static void event_open(struct json *j, const char *type, int64_t time_ns)
{
	j->comma = false;
	json_open(j, NULL, '{');
	json_time(j, "timestamp", time_ns);
	json_text(j, "event_type", type);
}

static void event_close(struct json *j)
{
	json_close(j, '}');
	text_add_char(&j->text, '\n');
	j->comma = false;
}

struct ends {
	uint64_t flow;
	const char *client, *server;
	uint16_t client_port, port;
};

static void ends_add(struct json *j, const struct ends *e, const char *proto)
{
	if (e->flow != 0)
		json_count(j, "flow_id", e->flow);
	json_text(j, "src_ip", e->client);
	if (e->client_port != 0)
		json_count(j, "src_port", e->client_port);
	json_text(j, "dest_ip", e->server);
	json_count(j, "dest_port", e->port);
	json_text(j, "proto", proto);
}

static void http_rows(struct json *j, const struct audit *audit)
{
	for (size_t i = 0; i < audit->http_n; i++) {
		const struct audit_http *h = &audit->http[i];

		event_open(j, "http", h->time_ns);
		ends_add(j, &(struct ends){ h->flow, h->client, h->server, h->client_port, h->port },
		    "TCP");
		json_open(j, "http", '{');
		json_text(j, "hostname", h->host);
		json_text(j, "url", h->uri);
		json_text(j, "http_user_agent", h->agent);
		json_text(j, "http_method", h->method);
		if (h->status > 0)
			json_count(j, "status", h->status);
		json_count(j, "length", h->response_bytes);
		json_close(j, '}');
		event_close(j);
	}
}

static void tls_rows(struct json *j, const struct audit *audit)
{
	for (size_t i = 0; i < audit->tls_n; i++) {
		const struct audit_tls *t = &audit->tls[i];

		event_open(j, strcmp(t->transport, "quic") == 0 ? "quic" : "tls", t->time_ns);
		ends_add(j, &(struct ends){ t->flow, t->client, t->server, t->client_port, t->port },
		    strcmp(t->transport, "tls") == 0 ? "TCP" : "UDP");
		json_open(j, "tls", '{');
		json_text(j, "sni", t->sni);
		json_text(j, "version", t->version);
		if (t->leaf < audit->certificates_n) {
			const struct audit_certificate *c = &audit->certificates[t->leaf];

			json_text(j, "subject", c->subject);
			json_text(j, "issuerdn", c->issuer);
			json_text(j, "serial", c->serial);
			json_text(j, "fingerprint", c->sha1);
			json_time(j, "notbefore", c->not_before_s * 1000000000);
			json_time(j, "notafter", c->not_after_s * 1000000000);
		}
		json_flag(j, "session_resumed", t->resumed);
		json_open(j, "ja3", '{');
		json_text(j, "hash", t->ja3);
		json_close(j, '}');
		json_text(j, "ja4", t->ja4);
		json_close(j, '}');
		event_close(j);
	}
}

static void alert_rows(struct json *j, const struct audit_view *view)
{
	const struct audit *audit = view->audit;

	for (size_t i = 0; i < audit->findings_n; i++) {
		const struct audit_finding *f = &audit->findings[i];
		KS_DROP(text) struct text words = { 0 };

		if (f->base.severity == SEVERITY_OK || f->accepted != NULL)
			continue;
		text_init(&words, 4000);
		audit_finding_say(&words, view, LANG_EN, f);
		event_open(j, "alert", f->base.since_ms * 1000000);
		json_text(j, "src_ip", audit_device_address(audit, f->device));
		json_open(j, "alert", '{');
		json_text(j, "action", "allowed");
		json_text(j, "signature", text_cstr(&words));
		json_text(j, "category", finding_id(f->base.code));
		json_count(j, "severity", f->base.severity == SEVERITY_CRITICAL ? 1 : 2);
		json_close(j, '}');
		event_close(j);
	}
}

bool audit_eve(const struct audit_view *view, FILE *to)
{
	struct json j;

	json_start(&j, to);
	http_rows(&j, view->audit);
	tls_rows(&j, view->audit);
	alert_rows(&j, view);
	return json_finish(&j);
}
