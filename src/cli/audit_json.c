/* src/cli/audit_json.c - keisoku.audit/1: the audit for machines (doc/audit.md). */
#include "cli/audit_json.h"
#include "base/drop.h"
#include <stdlib.h>

static void files_add(struct json *j, const struct audit_capture *c)
{
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
}

static void capture_add(struct json *j, const struct audit *audit)
{
	const struct audit_capture *c = &audit->capture;
	uint64_t dropped = 0;

	json_open(j, "capture", '{');
	json_count(j, "frames", c->frames);
	json_count(j, "frame_bytes", c->frame_bytes);
	json_count(j, "captured_bytes", c->captured_bytes);
	json_count(j, "outer_ip_bytes", c->outer_ip_bytes);
	if (c->frames > 0) {
		json_instant(j, "first", c->first_ns);
		json_instant(j, "last", c->last_ns);
	} else {
		json_null(j, "first");
		json_null(j, "last");
	}
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
	files_add(j, c);
	json_close(j, '}');
}

void json_texts(struct json *j, const char *key, const char *const *texts, size_t n)
{
	json_open(j, key, '[');
	for (size_t i = 0; i < n; i++)
		json_text(j, NULL, texts[i]);
	json_close(j, ']');
}

void json_device(struct json *j, const struct audit *audit, uint32_t device)
{
	json_known(j, "device", audit_device_address(audit, device));
}

/* The frame's number in its file, and which file when there are several. */
void json_frame(struct json *j, const struct audit *audit, uint64_t frame)
{
	uint64_t number;
	size_t file = audit_frame(audit, frame, &number);

	json_count(j, "frame", number);
	if (audit->capture.files_n > 1)
		json_text(j, "file", audit->capture.files[file].name);
}

/* What hours of a store have no number of was bytes, so it was frames too: not known. */
static void frames_add(struct json *j, const char *key, uint64_t frames, uint64_t bytes)
{
	if (frames == 0 && bytes > 0)
		json_null(j, key);
	else
		json_count(j, key, frames);
}

static void devices_add(struct json *j, const struct audit *audit)
{
	json_open(j, "devices", '[');
	for (size_t i = 0; i < audit->devices_n; i++) {
		const struct audit_device *d = &audit->devices[i];

		json_open(j, NULL, '{');
		json_known(j, "address", d->address);
		json_texts(j, "addresses", d->addresses, d->addresses_n);
		json_known(j, "mac", d->mac);
		json_known(j, "mac_owner", d->mac_owner);
		json_known(j, "name", d->name);
		json_known(j, "name_from", d->name_from);
		json_known(j, "model", d->model);
		json_count(j, "bytes_out", d->bytes_out);
		json_count(j, "bytes_in", d->bytes_in);
		frames_add(j, "frames_out", d->frames_out, d->bytes_out);
		frames_add(j, "frames_in", d->frames_in, d->bytes_in);
		json_time(j, "first", d->first_ns);
		json_time(j, "last", d->last_ns);
		json_count(j, "destinations", d->destinations);
		json_count(j, "countries", d->countries);
		json_close(j, '}');
	}
	json_close(j, ']');
}

/* Of the one kind or the other: audit_is_echo(). */
static void destinations_add(struct json *j, const char *key, const struct audit *audit, bool echo)
{
	json_open(j, key, '[');
	for (size_t i = 0; i < audit->destinations_n; i++) {
		const struct audit_destination *d = &audit->destinations[i];

		if (audit_is_echo(d) != echo)
			continue;
		json_open(j, NULL, '{');
		json_device(j, audit, d->device);
		json_known(j, "name", d->name);
		json_known(j, "name_from", d->name_from);
		json_texts(j, "other_names", d->other, d->others < AUDIT_NAMES ? d->others : AUDIT_NAMES);
		json_known(j, "domain", d->domain);
		json_texts(j, "addresses", d->addresses, d->addresses_n);
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
		frames_add(j, "frames_out", d->frames_out, d->bytes_out);
		frames_add(j, "frames_in", d->frames_in, d->bytes_in);
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
	json_frame(j, audit, frame);
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
	json_device(j, audit, f->device);
	json_text(j, "way", way_word((enum finding_way)f->base.way));
	json_known(j, "to", f->to);
	json_count(j, "clients", f->base.clients);
	json_open(j, "client_addresses", '[');
	for (size_t i = 0; i < f->clients_n; i++)
		json_text(j, NULL, f->client[i]);
	json_close(j, ']');
	json_known(j, "word", f->base.word);
	if (f->base.code == FINDING_WIRE_LISTED) {
		json_open(j, "list", '{');
		json_text(j, "name", f->base.word);
		json_known(j, "entry", f->entry != NULL ? f->entry : "");
		json_known(j, "date", f->date != NULL ? f->date : "");
		json_close(j, '}');
	} else {
		json_null(j, "list");
	}
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
		json_frame(j, audit, f->frames[i]);
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

static void stale_add(struct json *j, const struct audit *audit)
{
	static const char *const whys[STALES] = { "no_device", "nothing_found", "ended", "ended_open" };
	KS_DROP(text) struct text words;

	text_init(&words, 4000);
	json_open(j, "stale_acceptances", '[');
	for (size_t i = 0; i < audit->stale_n; i++) {
		const struct audit_stale *stale = &audit->stale[i];

		json_open(j, NULL, '{');
		json_count(j, "line", stale->line);
		json_text(j, "device", stale->device);
		json_text(j, "to", stale->to);
		json_text(j, "finding", stale->finding);
		json_text(j, "reason", stale->is.reason);
		json_text(j, "owner", stale->is.owner);
		json_time(j, "until", stale->is.until * 86400LL * 1000000000);
		json_text(j, "why", whys[stale->why]);
		text_clear(&words);
		audit_stale_say(&words, LANG_JA, stale);
		json_text(j, "words_ja", text_cstr(&words));
		text_clear(&words);
		audit_stale_say(&words, LANG_EN, stale);
		json_text(j, "words_en", text_cstr(&words));
		json_close(j, '}');
	}
	json_close(j, ']');
}

static void unseen_add(struct json *j, const struct audit *audit, const char *key,
    enum lang lang)
{
	KS_DROP(text) struct text words;

	text_init(&words, 4000);
	json_open(j, key, '[');
	for (size_t i = 0; i < audit->unseen_n; i++) {
		text_clear(&words);
		say_unseen(&words, lang, &audit->unseen[i]);
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
		json_device(j, audit, b->device);
		json_text(j, "service", b->service);
		json_text(j, "address", b->address);
		json_count(j, "port", b->port);
		json_text(j, "text", b->text);
		json_frame(j, audit, b->frame);
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
		json_frame(j, audit, o->first_frame);
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
	destinations_add(&j, "destinations", audit, false);
	destinations_add(&j, "unanswered_icmp", audit, true);
	dns_add(&j, audit, "dns", true);
	dns_add(&j, audit, "local_names", false);
	audit_json_said(&j, audit);
	json_open(&j, "findings", '[');
	for (size_t i = 0; i < audit->findings_n; i++)
		finding_add(&j, view, &audit->findings[i]);
	json_close(&j, ']');
	stale_add(&j, audit);
	unseen_add(&j, audit, "not_visible", LANG_EN);
	unseen_add(&j, audit, "not_visible_ja", LANG_JA);
	sums_add(&j, audit);
	rest_add(&j, audit);
	json_close(&j, '}');
	return json_finish(&j);
}
