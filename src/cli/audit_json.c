/* src/cli/audit_json.c - keisoku.audit/1: the audit for machines (doc/audit.md). */
#include "cli/audit_show.h"
#include "base/drop.h"
#include "wire/make.h"

static void capture_add(struct json *j, const struct audit *audit)
{
	const struct audit_capture *c = &audit->capture;
	uint64_t dropped = 0;

	json_open(j, "capture", '{');
	json_count(j, "frames", c->frames);
	json_count(j, "frame_bytes", c->frame_bytes);
	json_count(j, "captured_bytes", c->captured_bytes);
	json_count(j, "outer_ip_bytes", c->outer_ip_bytes);
	json_time(j, "first", c->first_ns);
	json_time(j, "last", c->last_ns);
	json_open(j, "link_types", '[');
	for (size_t i = 0; i < c->link_types_n; i++) {
		char number[16];
		const char *name = link_type_name(c->link_types[i]);

		(void)snprintf(number, sizeof number, "%u", c->link_types[i]);
		json_text(j, NULL, name != NULL ? name : number);
	}
	json_close(j, ']');
	json_open(j, "gaps", '[');
	for (size_t i = 0; i < c->gaps_n; i++) {
		json_open(j, NULL, '{');
		json_time(j, "from", c->gaps[i].from_ns);
		json_time(j, "to", c->gaps[i].to_ns);
		json_close(j, '}');
	}
	json_close(j, ']');
	for (size_t i = 0; i < c->files_n; i++)
		dropped += c->files[i].dropped;
	json_count(j, "dropped", dropped);
	json_count(j, "cut", c->cut);
	json_count(j, "malformed", c->malformed);
	json_count(j, "unknown_link", c->unknown_link);
	json_count(j, "fragments_lost", c->fragments_lost);
	json_count(j, "missing_bytes", c->missing_bytes);
	json_open(j, "files", '[');
	for (size_t i = 0; i < c->files_n; i++) {
		const struct audit_file *f = &c->files[i];

		json_open(j, NULL, '{');
		json_text(j, "name", f->name);
		json_known(j, "format", f->format);
		json_known(j, "packing", f->packing);
		json_count(j, "frames", f->frames);
		json_count(j, "bytes", f->bytes);
		json_count(j, "dropped", f->dropped);
		if (f->why != NULL) {
			json_open(j, "stopped", '{');
			json_count(j, "at", f->stopped_at);
			json_count(j, "frame", f->frames + 1);
			json_text(j, "why", f->why->text);
			json_close(j, '}');
		} else {
			json_null(j, "stopped");
		}
		json_close(j, '}');
	}
	json_close(j, ']');
	json_close(j, '}');
}

static void texts_add(struct json *j, const char *key, const char *const *texts, size_t n)
{
	json_open(j, key, '[');
	for (size_t i = 0; i < n; i++)
		json_text(j, NULL, texts[i]);
	json_close(j, ']');
}

static void device_add(struct json *j, const struct audit *audit, uint32_t device)
{
	json_known(j, "device", audit_device_address(audit, device));
}

/* The frame's number in its file, and which file when there are several. */
static void frame_add(struct json *j, const struct audit *audit, uint64_t frame)
{
	uint64_t number;
	size_t file = audit_frame(audit, frame, &number);

	json_count(j, "frame", number);
	if (audit->capture.files_n > 1)
		json_text(j, "file", audit->capture.files[file].name);
}

static void devices_add(struct json *j, const struct audit *audit)
{
	json_open(j, "devices", '[');
	for (size_t i = 0; i < audit->devices_n; i++) {
		const struct audit_device *d = &audit->devices[i];

		json_open(j, NULL, '{');
		json_known(j, "address", d->address);
		texts_add(j, "addresses", d->addresses, d->addresses_n);
		json_known(j, "mac", d->mac);
		json_known(j, "mac_owner", d->mac_owner);
		json_known(j, "name", d->name);
		json_known(j, "name_from", d->name_from);
		json_known(j, "model", d->model);
		json_count(j, "bytes_out", d->bytes_out);
		json_count(j, "bytes_in", d->bytes_in);
		json_count(j, "frames_out", d->frames_out);
		json_count(j, "frames_in", d->frames_in);
		json_time(j, "first", d->first_ns);
		json_time(j, "last", d->last_ns);
		json_count(j, "destinations", d->destinations);
		json_count(j, "countries", d->countries);
		json_close(j, '}');
	}
	json_close(j, ']');
}

static void destinations_add(struct json *j, const struct audit *audit)
{
	json_open(j, "destinations", '[');
	for (size_t i = 0; i < audit->destinations_n; i++) {
		const struct audit_destination *d = &audit->destinations[i];

		json_open(j, NULL, '{');
		device_add(j, audit, d->device);
		json_known(j, "name", d->name);
		json_known(j, "domain", d->domain);
		texts_add(j, "addresses", d->addresses, d->addresses_n);
		json_count(j, "port", d->port);
		json_text(j, "protocol", d->protocol);
		json_text(j, "transport", d->transport);
		json_known(j, "country", d->country);
		json_known(j, "owner", d->owner);
		json_flag(j, "inward", d->inward);
		json_flag(j, "local", d->local);
		json_flag(j, "encrypted", d->encrypted);
		json_count(j, "bytes_out", d->bytes_out);
		json_count(j, "bytes_in", d->bytes_in);
		json_count(j, "frames_out", d->frames_out);
		json_count(j, "frames_in", d->frames_in);
		json_count(j, "flows", d->flows);
		json_count(j, "unanswered", d->unanswered);
		json_count(j, "contacts", d->contacts);
		json_time(j, "first", d->first_ns);
		json_time(j, "last", d->last_ns);
		if (d->handshake_us > 0)
			json_count(j, "handshake_us", d->handshake_us);
		else
			json_null(j, "handshake_us");
		if (d->rate_in > 0)
			json_count(j, "rate_in", d->rate_in);
		else
			json_null(j, "rate_in");
		json_close(j, '}');
	}
	json_close(j, ']');
}

static bool dns_same(const struct audit_dns *a, const struct audit_dns *b)
{
	return strcmp(a->name, b->name) == 0 && strcmp(a->type, b->type) == 0 &&
	    strcmp(a->kind, b->kind) == 0;
}

static int by_name(const void *a, const void *b)
{
	const struct audit_dns *one = *(const struct audit_dns *const *)a;
	const struct audit_dns *two = *(const struct audit_dns *const *)b;
	int order = strcmp(one->name, two->name);

	order = order != 0 ? order : strcmp(one->type, two->type);
	order = order != 0 ? order : strcmp(one->kind, two->kind);
	return order != 0 ? order : (one->device > two->device) - (one->device < two->device);
}

/* The same question of several devices is one row, with all of them. */
static void questions_add(struct json *j, const struct audit *audit,
    const struct audit_dns *const *rows, size_t n)
{
	uint64_t count = 0, answered = 0, failed = 0;
	int64_t first = rows[0]->first_ns, last = rows[0]->last_ns;
	uint64_t frame = rows[0]->first_frame;

	json_open(j, NULL, '{');
	json_text(j, "name", rows[0]->name);
	json_text(j, "type", rows[0]->type);
	for (size_t i = 0; i < n; i++) {
		count += rows[i]->count;
		answered += rows[i]->answered;
		failed += rows[i]->failed;
		first = rows[i]->first_ns < first ? rows[i]->first_ns : first;
		last = rows[i]->last_ns > last ? rows[i]->last_ns : last;
		frame = rows[i]->first_frame < frame ? rows[i]->first_frame : frame;
	}
	json_count(j, "count", count);
	json_count(j, "answered", answered);
	json_count(j, "failed", failed);
	json_open(j, "devices", '[');
	for (size_t i = 0; i < n; i++)
		if (rows[i]->device != AUDIT_NO_DEVICE)
			json_text(j, NULL, audit_device_address(audit, rows[i]->device));
	json_close(j, ']');
	json_time(j, "first", first);
	json_time(j, "last", last);
	frame_add(j, audit, frame);
	json_close(j, '}');
}

static void dns_add(struct json *j, const struct audit *audit, const char *key, bool plain)
{
	const struct audit_dns **rows = calloc(audit->dns_n + 1, sizeof *rows);
	size_t n = 0, end;

	json_open(j, key, '[');
	if (rows == NULL)
		j->failed = true;
	for (size_t i = 0; rows != NULL && i < audit->dns_n; i++)
		if ((strcmp(audit->dns[i].kind, "dns") == 0) == plain)
			rows[n++] = &audit->dns[i];
	if (n > 1)
		qsort(rows, n, sizeof *rows, by_name);
	for (size_t i = 0; i < n; i = end) {
		for (end = i + 1; end < n && dns_same(rows[i], rows[end]); end++)
			;
		questions_add(j, audit, rows + i, end - i);
	}
	json_close(j, ']');
	free(rows);
}

static void http_add(struct json *j, const struct audit *audit)
{
	json_open(j, "http", '[');
	for (size_t i = 0; i < audit->http_n; i++) {
		const struct audit_http *h = &audit->http[i];

		json_open(j, NULL, '{');
		json_time(j, "time", h->time_ns);
		frame_add(j, audit, h->frame);
		device_add(j, audit, h->device);
		json_text(j, "server", h->server);
		json_count(j, "port", h->port);
		json_text(j, "method", h->method);
		json_known(j, "host", h->host);
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
		json_close(j, '}');
	}
	json_close(j, ']');
}

static void verdicts_add(struct json *j, uint32_t verdicts)
{
	json_open(j, "verdicts", '[');
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
}

static void tls_certificate_add(struct json *j, const struct audit *audit,
    const struct audit_tls *t)
{
	json_open(j, "certificate", '{');
	json_flag(j, "visible", t->visible);
	if (t->leaf < audit->certificates_n)
		certificate_fields(j, &audit->certificates[t->leaf]);
	verdicts_add(j, t->verdicts);
	json_close(j, '}');
}

static void tls_add(struct json *j, const struct audit *audit)
{
	json_open(j, "tls", '[');
	for (size_t i = 0; i < audit->tls_n; i++) {
		const struct audit_tls *t = &audit->tls[i];

		json_open(j, NULL, '{');
		json_time(j, "time", t->time_ns);
		frame_add(j, audit, t->frame);
		device_add(j, audit, t->device);
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
		frame_add(j, audit, c->first_frame);
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
		device_add(j, audit, p->device);
		frame_add(j, audit, p->frame);
		json_count(j, "count", p->count);
		json_time(j, "first", p->first_ns);
		json_time(j, "last", p->last_ns);
		json_flag(j, "decrypted", p->decrypted);
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
		json_text(j, "list", l->list);
		json_known(j, "entry", l->entry);
		json_known(j, "category", l->category);
		json_known(j, "date", l->date);
		device_add(j, audit, l->device);
		json_count(j, "count", l->count);
		json_time(j, "first", l->first_ns);
		json_time(j, "last", l->last_ns);
		frame_add(j, audit, l->first_frame);
		json_close(j, '}');
	}
	json_close(j, ']');
}

static void periodic_add(struct json *j, const struct audit *audit)
{
	json_open(j, "periodic", '[');
	for (size_t i = 0; i < audit->periodic_n; i++) {
		const struct audit_periodic *p = &audit->periodic[i];

		json_open(j, NULL, '{');
		device_add(j, audit, p->device);
		json_text(j, "to", p->to);
		json_text(j, "what", p->what);
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
		frame_add(j, audit, t->first_frame);
		device_add(j, audit, t->device);
		json_text(j, "target", t->target);
		json_known(j, "name", t->name);
		json_text(j, "method", t->method);
		json_count(j, "hops", t->hops);
		json_count(j, "routers", t->routers);
		json_flag(j, "reached", t->reached);
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
		device_add(j, audit, s->device);
		json_text(j, "to", s->to);
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
		texts_add(j, "calendars", s->calendars, s->calendars_n);
		json_close(j, '}');
	}
	json_close(j, ']');
}

static void finding_add(struct json *j, const struct audit_view *view,
    const struct audit_finding *f)
{
	const struct audit *audit = view->audit;
	KS_DROP(text) struct text words;

	text_init(&words, 4000);
	json_open(j, NULL, '{');
	json_text(j, "id", finding_id(f->base.code));
	json_text(j, "severity", severity_word(f->base.severity));
	json_text(j, "subject", f->base.subject);
	device_add(j, audit, f->device);
	json_known(j, "to", f->to);
	json_known(j, "word", f->base.word);
	json_count(j, "count", f->base.count);
	json_time(j, "first", f->base.since_ms * 1000000);
	json_time(j, "last", f->base.seen_ms * 1000000);
	audit_finding_say(&words, view, LANG_JA, f);
	json_text(j, "words_ja", text_cstr(&words));
	text_clear(&words);
	audit_finding_say(&words, view, LANG_EN, f);
	json_text(j, "words_en", text_cstr(&words));
	json_open(j, "evidence", '[');
	for (size_t i = 0; i < f->frames_n; i++) {
		json_open(j, NULL, '{');
		frame_add(j, audit, f->frames[i]);
		json_close(j, '}');
	}
	json_close(j, ']');
	if (f->accepted != NULL) {
		json_open(j, "accepted", '{');
		json_text(j, "reason", f->accepted->reason);
		json_text(j, "owner", f->accepted->owner);
		json_time(j, "until", f->accepted->until * 86400LL * 1000000000);
		json_close(j, '}');
	} else {
		json_null(j, "accepted");
	}
	json_close(j, '}');
}

static void unseen_add(struct json *j, const struct audit *audit, const char *key,
    enum lang lang)
{
	KS_DROP(text) struct text words;

	text_init(&words, 4000);
	json_open(j, key, '[');
	for (size_t i = 0; i < audit->unseen_n; i++) {
		text_clear(&words);
		say(&words, lang, audit->unseen[i].says, (unsigned long long)audit->unseen[i].count);
		json_text(j, NULL, text_cstr(&words));
	}
	json_close(j, ']');
}

static void sums_add(struct json *j, const struct audit *audit)
{
	const struct audit_lost *lost = &audit->lost;

	json_open(j, "countries", '[');
	for (size_t i = 0; i < audit->countries_n; i++) {
		const struct audit_country *c = &audit->countries[i];

		json_open(j, NULL, '{');
		json_known(j, "country", c->country);
		json_count(j, "bytes_out", c->bytes_out);
		json_count(j, "bytes_in", c->bytes_in);
		json_count(j, "flows", c->flows);
		json_count(j, "destinations", c->destinations);
		json_close(j, '}');
	}
	json_close(j, ']');
	json_open(j, "speed", '{');
	json_count(j, "handshakes", audit->handshakes);
	json_count(j, "handshake_us", audit->handshake_us);
	json_count(j, "rates", audit->rates);
	json_count(j, "rate_in", audit->rate_in);
	json_close(j, '}');
	json_open(j, "totals", '{');
	json_count(j, "http_requests", audit->http_requests);
	json_count(j, "tls_sessions", audit->tls_sessions);
	json_count(j, "dns_questions", audit->dns_questions);
	json_close(j, '}');
	json_open(j, "lost", '{');
	json_count(j, "hosts", lost->hosts);
	json_count(j, "destinations", lost->destinations);
	json_count(j, "dns", lost->dns);
	json_count(j, "http", lost->http);
	json_count(j, "tls", lost->tls);
	json_count(j, "personal", lost->personal);
	json_count(j, "contacts", lost->contacts);
	json_count(j, "hops", lost->hops);
	json_count(j, "names", lost->names);
	json_count(j, "findings", lost->findings);
	json_close(j, '}');
	json_known(j, "trust", audit->trust);
	json_known(j, "geo", audit->geo_by);
}

static void rest_add(struct json *j, const struct audit *audit)
{
	json_open(j, "banners", '[');
	for (size_t i = 0; i < audit->banners_n; i++) {
		const struct audit_banner *b = &audit->banners[i];

		json_open(j, NULL, '{');
		device_add(j, audit, b->device);
		json_text(j, "service", b->service);
		json_text(j, "address", b->address);
		json_count(j, "port", b->port);
		json_text(j, "text", b->text);
		frame_add(j, audit, b->frame);
		json_close(j, '}');
	}
	json_close(j, ']');
	json_open(j, "odd", '[');
	for (size_t i = 0; i < audit->odd_n; i++) {
		const struct audit_odd *o = &audit->odd[i];

		json_open(j, NULL, '{');
		json_text(j, "what", o->what);
		json_text(j, "where", o->where);
		json_text(j, "client", o->client);
		json_text(j, "server", o->server);
		json_count(j, "count", o->count);
		frame_add(j, audit, o->first_frame);
		json_close(j, '}');
	}
	json_close(j, ']');
}

bool audit_json(const struct audit_view *view, FILE *to)
{
	const struct audit *audit = view->audit;
	struct json j;

	json_start(&j, to);
	json_open(&j, NULL, '{');
	json_text(&j, "schema", "keisoku.audit/1");
	capture_add(&j, audit);
	json_open(&j, "flows", '{');
	json_count(&j, "tcp", audit->flows.tcp);
	json_count(&j, "udp", audit->flows.udp);
	json_count(&j, "other", audit->flows.other);
	json_count(&j, "evicted", audit->flows.evicted);
	json_close(&j, '}');
	json_count(&j, "hosts", audit->hosts);
	json_text(&j, "zone", view->zone_name);
	devices_add(&j, audit);
	destinations_add(&j, audit);
	dns_add(&j, audit, "dns", true);
	dns_add(&j, audit, "local_names", false);
	http_add(&j, audit);
	tls_add(&j, audit);
	personal_add(&j, audit);
	listed_add(&j, audit);
	periodic_add(&j, audit);
	traceroutes_add(&j, audit);
	silence_add(&j, audit);
	json_open(&j, "findings", '[');
	for (size_t i = 0; i < audit->findings_n; i++)
		finding_add(&j, view, &audit->findings[i]);
	json_close(&j, ']');
	unseen_add(&j, audit, "not_visible", LANG_EN);
	unseen_add(&j, audit, "not_visible_ja", LANG_JA);
	sums_add(&j, audit);
	rest_add(&j, audit);
	json_close(&j, '}');
	return json_finish(&j);
}
