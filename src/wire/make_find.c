/* src/wire/make_find.c - the findings of the wire: each is one kind of thing that one
 * device does with one other side, counted, with the first frames that show it.
 *
 * Whose finding is it?  What a device sends is its own, also to a server of the house.  What
 * only others send to a device is told of who receives it (WAY_AT): a server that takes
 * passwords in clear offers no better.  A certificate is the finding of the device that shows
 * it, whoever asked; of the client only where the server is none of the house. */
#include "base/limits.h"
#include "wire/make_in.h"
#include "wire/tls_names.h"
#include "x509/x509.h"
#include <stdio.h>
#include <stdlib.h>

struct find_key {
	uint32_t device, to;  /* to: name of `words` */
	uint32_t code, word;
	uint32_t way;
};
struct find_row {
	struct find_key key;
	struct audit_finding finding;
};

struct client_row {
	uint32_t finding, client; /* key: row of `rows`, name of `words` */
};

struct finder {
	struct make *make;
	struct rows rows, clients;
	struct names words;
};

/* One sign of a finding. */
struct sign {
	enum finding_code code;
	enum severity severity;
	uint32_t device;
	const char *to, *word;
	uint64_t count, frame;
	int64_t first_ns, last_ns;
	int64_t value, limit;
	const char *client; /* address of who began it; NULL: not known, or no matter */
	enum finding_way way;
};

static const char *device_text(const struct audit *audit, uint32_t device, const char *client)
{
	if (device >= audit->devices_n)
		return client != NULL ? client : "";
	const struct audit_device *d = &audit->devices[device];

	return d->name[0] != '\0' ? d->name : d->address[0] != '\0' ? d->address : d->mac;
}

static void base_fill(const struct finder *f, struct finding *base, const struct sign *sign)
{
	const char *subject = device_text(f->make->audit, sign->device, sign->client);

	*base = (struct finding){ .code = (uint16_t)sign->code,
		.severity = (uint8_t)sign->severity, .subject_kind = SUBJECT_DEVICE,
		.kind = MEASURE_UPTIME, .since_ms = sign->first_ns / 1000000,
		.seen_ms = sign->last_ns / 1000000, .value_milli = sign->value,
		.limit_milli = sign->limit, .way = (uint8_t)sign->way };
	(void)snprintf(base->subject, sizeof base->subject, "%s", subject);
	(void)snprintf(base->place, sizeof base->place, "%s", sign->to);
	(void)snprintf(base->word, sizeof base->word, "%s", sign->word);
}

/* Of different clients the first few are kept by name. */
static void client_put(struct finder *f, struct find_row *row, const struct sign *sign)
{
	struct audit_finding *to = &row->finding;
	struct client_row key = { rows_index(&f->rows, row),
		name_put(&f->words, span_text(sign->client)) };
	bool is_new;

	if (rows_put(&f->clients, &key, &is_new) == NULL || !is_new)
		return;
	if (to->clients_n < AUDIT_CLIENTS)
		to->client[to->clients_n++] = sign->client;
	to->base.clients++;
	(void)snprintf(to->base.client, sizeof to->base.client, "%s",
	    to->base.clients == 1 ? sign->client : "");
}

static uint32_t count_sum(uint32_t count, uint64_t more)
{
	uint64_t sum = count + more;

	return sum > UINT32_MAX ? UINT32_MAX : (uint32_t)sum;
}

/* The finding that it is of; NULL: there is no more room. */
static struct audit_finding *sign_put(struct finder *f, const struct sign *sign)
{
	struct find_key key = { sign->device, name_put(&f->words, span_text(sign->to)),
		sign->code, name_put(&f->words, span_text(sign->word)), sign->way };
	struct find_row *row;
	bool is_new;

	row = rows_put(&f->rows, &key, &is_new);
	if (row == NULL)
		return NULL;
	struct audit_finding *to = &row->finding;

	if (is_new) {
		base_fill(f, &to->base, sign);
		to->device = sign->device;
		to->to = sign->to;
	}
	if (sign->way == WAY_AT && sign->client != NULL)
		client_put(f, row, sign);
	to->base.count = count_sum(to->base.count, sign->count);
	if (sign->severity > to->base.severity)
		to->base.severity = (uint8_t)sign->severity;
	if (sign->first_ns / 1000000 < to->base.since_ms)
		to->base.since_ms = sign->first_ns / 1000000;
	if (sign->last_ns / 1000000 > to->base.seen_ms)
		to->base.seen_ms = sign->last_ns / 1000000;
	if (sign->frame != 0 && to->frames_n < AUDIT_EVIDENCE &&
	    (to->frames_n == 0 || to->frames[to->frames_n - 1] != sign->frame))
		to->frames[to->frames_n++] = sign->frame;
	return to;
}

static void listed_find(struct finder *f)
{
	const struct audit *audit = f->make->audit;

	for (size_t i = 0; i < audit->listed_n; i++) {
		const struct audit_listed *l = &audit->listed[i];
		struct audit_finding *to = sign_put(f, &(struct sign){ FINDING_WIRE_LISTED, SEVERITY_CRITICAL, l->device,
		    l->indicator, l->list, l->count, l->first_frame, l->first_ns, l->last_ns, 0, 0, NULL,
		    l->way });
		if (to != NULL && to->entry == NULL) {
			to->entry = l->entry;
			to->date = l->date;
		}
	}
}

static bool is_grave(const char *category)
{
	static const char *const grave[] = { "card", "my_number", "bank_account",
		"credential", "photo_location", "contact" };

	for (size_t i = 0; i < sizeof grave / sizeof *grave; i++)
		if (strcmp(category, grave[i]) == 0)
			return true;
	return false;
}

static void personal_find(struct finder *f)
{
	const struct audit *audit = f->make->audit;

	for (size_t i = 0; i < audit->personal_n; i++) {
		const struct audit_personal *p = &audit->personal[i];
		bool credential = strcmp(p->category, "credential") == 0;
		const enum finding_way way = audit_personal_way(p);

		/* what came out of TLS by the owner's own keys was not in clear */
		if (strcmp(p->grade, "possible") == 0 || p->decrypted)
			continue;
		sign_put(f, &(struct sign){ credential ? FINDING_WIRE_CREDENTIAL :
		    FINDING_WIRE_PERSONAL, is_grave(p->category) ? SEVERITY_CRITICAL :
		    SEVERITY_WARNING, p->device, way == WAY_OUT ? audit_personal_other(p) : p->host, credential ? p->where : p->category,
		    p->count, p->frame, p->first_ns, p->last_ns, 0, 0, p->client,
		    way });
	}
}

static void http_find(struct finder *f)
{
	const struct audit *audit = f->make->audit;

	for (size_t i = 0; i < audit->http_n; i++) {
		const struct audit_http *h = &audit->http[i];
		bool sends = h->request_bytes > 0 || strcmp(h->method, "POST") == 0 ||
		    strcmp(h->method, "PUT") == 0;

		if (h->decrypted || strcmp(h->method, "CONNECT") == 0)
			continue;
		sign_put(f, &(struct sign){ sends ? FINDING_WIRE_CLEAR_SENT : FINDING_WIRE_CLEAR,
		    sends ? SEVERITY_WARNING : SEVERITY_OK, h->device,
		    h->name[0] != '\0' ? h->name : h->server, sends ? "" : "http", 1, h->frame,
		    h->time_ns, h->time_ns, 0, 0, h->client, h->inward ? WAY_AT : WAY_OUT });
	}
}

static const struct {
	uint32_t verdicts;
	enum finding_code code;
	enum severity severity;
} of_verdict[] = {
	{ CERT_CLAIMS_FOREIGN_NAME, FINDING_WIRE_CLAIMS, SEVERITY_CRITICAL },
	{ CERT_SELF_SIGNED | CERT_UNTRUSTED_ROOT, FINDING_WIRE_UNTRUSTED, SEVERITY_WARNING },
	{ CERT_EXPIRED | CERT_NOT_YET_VALID, FINDING_WIRE_DATES, SEVERITY_WARNING },
	{ CERT_NAME_MISMATCH, FINDING_WIRE_MISMATCH, SEVERITY_WARNING },
	{ CERT_WEAK_KEY | CERT_WEAK_DIGEST, FINDING_WIRE_WEAK_CERTIFICATE, SEVERITY_WARNING },
	{ CERT_WRONG_PURPOSE, FINDING_WIRE_ODD_CERTIFICATE, SEVERITY_WARNING },
	{ CERT_SHORT_VALIDITY | CERT_LONG_VALIDITY | CERT_CA_AS_LEAF | CERT_UNPARSEABLE,
	    FINDING_WIRE_ODD_CERTIFICATE, SEVERITY_OK },
};

/* The word of the first verdict of these. */
static const char *verdict_word(uint32_t verdicts)
{
	for (unsigned i = 0; i < CERT_VERDICTS; i++)
		if (verdicts & 1u << i)
			return cert_verdict_word(i);
	return "";
}

static const char *weakness_of(const struct audit_tls *tls)
{
	enum { TLS_1_2 = 0x0303, DTLS = 0xfe00, DTLS_1_0 = 0xfeff };
	uint32_t bad = tls->weak & (TLS_WEAK_NULL | TLS_WEAK_ANON | TLS_WEAK_EXPORT |
	    TLS_WEAK_RC4 | TLS_WEAK_DES);

	for (unsigned i = 0; i < TLS_WEAKS; i++)
		if (bad & 1u << i)
			return tls->cipher;
	if (tls->version_number != 0 && (tls->version_number < TLS_1_2 ||
	    tls->version_number == DTLS_1_0))
		return tls->version;
	return NULL;
}

static void tls_find(struct finder *f)
{
	const struct audit *audit = f->make->audit;

	for (size_t i = 0; i < audit->tls_n; i++) {
		const struct audit_tls *t = &audit->tls[i];
		const char *weak = weakness_of(t);
		struct sign sign = { FINDING_WIRE_REFUSED, SEVERITY_WARNING, t->device,
			t->sni[0] != '\0' ? t->sni : t->server, audit_refused_word(t->refused), 1,
			t->frame, t->time_ns, t->time_ns, 0, 0, t->client,
			t->inward ? WAY_AT : WAY_OUT };

		if (t->refused > 0)
			sign_put(f, &sign);
		sign.code = FINDING_WIRE_OLD_TLS;
		sign.word = weak != NULL ? weak : "";
		if (weak != NULL)
			sign_put(f, &sign);
		/* it shows its own certificate, unless it talks with itself */
		if (t->server_device != AUDIT_NO_DEVICE && (t->inward || t->server_device != t->device)) {
			sign.device = t->server_device;
			sign.way = WAY_AT;
		}
		for (size_t k = 0; k < sizeof of_verdict / sizeof *of_verdict; k++) {
			sign.code = of_verdict[k].code;
			sign.severity = of_verdict[k].severity;
			sign.word = verdict_word(t->verdicts & of_verdict[k].verdicts);
			if (t->verdicts & of_verdict[k].verdicts)
				sign_put(f, &sign);
		}
	}
}

static bool is_listed(const struct audit *audit, uint32_t device, const char *to)
{
	for (size_t i = 0; i < audit->listed_n; i++)
		if (audit->listed[i].device == device &&
		    strcmp(audit->listed[i].indicator, to) == 0)
			return true;
	return false;
}

static void periodic_find_all(struct finder *f)
{
	const struct audit *audit = f->make->audit;

	for (size_t i = 0; i < audit->periodic_n; i++) {
		const struct audit_periodic *p = &audit->periodic[i];
		bool traceroute = strcmp(p->what, "traceroute") == 0;
		bool listed = is_listed(audit, p->device, p->to) ||
		    is_listed(audit, p->device, p->address);
		char expected[16];

		(void)snprintf(expected, sizeof expected, "%u", p->contacts + p->missed);
		sign_put(f, &(struct sign){ traceroute ? FINDING_WIRE_TRACEROUTES :
		    FINDING_WIRE_PERIODIC, traceroute || listed ? SEVERITY_WARNING : SEVERITY_OK,
		    p->device, p->to, expected, p->contacts, p->first_frame, p->first_ns, p->last_ns,
		    p->period_ms, p->jitter_ms, NULL, p->inward ? WAY_FROM : WAY_OUT });
	}
	for (size_t i = 0; i < audit->traceroutes_n; i++) {
		const struct audit_traceroute *t = &audit->traceroutes[i];

		sign_put(f, &(struct sign){ FINDING_WIRE_TRACEROUTE, SEVERITY_WARNING, t->device,
		    t->name[0] != '\0' ? t->name : t->target, t->method, 1, t->first_frame, t->time_ns,
		    t->time_ns, 0, 0, t->client, t->inward ? WAY_FROM : WAY_OUT });
	}
}

/* A local day's midnight. */
static int64_t day_ns(const struct zone *zone, int32_t day)
{
	struct civil at = days_split(day);

	return zone_join(zone, &at) * 1000000;
}

static void silence_find_all(struct finder *f)
{
	const struct audit *audit = f->make->audit;

	for (size_t i = 0; i < audit->silence_n; i++) {
		const struct audit_silence *s = &audit->silence[i];
		int64_t first_ns = day_ns(f->make->plan->zone, s->days[0]);
		int64_t last_ns = day_ns(f->make->plan->zone, s->days[s->days_n - 1]);

		sign_put(f, &(struct sign){ FINDING_WIRE_SILENCE, SEVERITY_OK, s->device, s->to,
		    s->calendars_n > 0 ? s->calendars[0] : "", s->days_n, s->first_frame,
		    first_ns, last_ns, 0, 0, NULL, s->inward ? WAY_FROM : WAY_OUT });
	}
}

static void odd_find(struct finder *f)
{
	static const struct {
		const char *what;
		enum finding_code code;
	} rows[] = { { "overlap", FINDING_WIRE_OVERLAP },
		{ "fragment_overlap", FINDING_WIRE_OVERLAP },
		{ "address_twice", FINDING_WIRE_ADDRESS_TWICE },
		{ "clear_on_secret_port", FINDING_WIRE_NOT_ENCRYPTED } };
	const struct audit *audit = f->make->audit;

	for (size_t i = 0; i < audit->odd_n; i++) {
		const struct audit_odd *o = &audit->odd[i];

		for (size_t k = 0; k < sizeof rows / sizeof *rows; k++)
			if (strcmp(o->what, rows[k].what) == 0)
				sign_put(f, &(struct sign){ rows[k].code, SEVERITY_WARNING, o->device,
				    o->server, o->where, o->count, o->first_frame, o->first_ns, o->first_ns,
				    0, 0, o->client, o->inward && rows[k].code !=
				    FINDING_WIRE_ADDRESS_TWICE ? WAY_AT : WAY_OUT });
	}
}

/* Names that are data: many different ones below one domain, and long. */
enum { TUNNEL_NAMES = 50, TUNNEL_LENGTH = 24 };

struct tunnel_row {
	uint32_t device, domain; /* key */
	uint64_t names, length, frame;
	int64_t first_ns, last_ns;
};

static void tunnels_find(struct finder *f)
{
	const struct audit *audit = f->make->audit;
	struct rows tunnels;

	rows_init(&tunnels, sizeof(struct tunnel_row), offsetof(struct tunnel_row, names),
	    UINT32_MAX / 4, f->make->g->seed);
	for (size_t i = 0; i < audit->dns_n; i++) {
		const struct audit_dns *d = &audit->dns[i];
		const char *domain = domain_of(d->name);
		struct tunnel_row key = { .device = d->device,
			.domain = name_put(&f->words, span_text(domain)) }, *row;

		if (strcmp(d->kind, "dns") != 0 || domain == d->name ||
		    strcmp(d->type, "PTR") == 0)
			continue;
		row = rows_put(&tunnels, &key, NULL);
		if (row == NULL)
			break;
		row->names++;
		row->length += strlen(d->name) - strlen(domain);
		row->frame = row->frame == 0 ? d->first_frame : row->frame;
		row->first_ns = row->first_ns == 0 ? d->first_ns : row->first_ns;
		row->last_ns = d->last_ns > row->last_ns ? d->last_ns : row->last_ns;
	}
	for (uint32_t i = 0; i < tunnels.n; i++) {
		const struct tunnel_row *row = rows_row(&tunnels, i);

		if (row->names >= TUNNEL_NAMES && row->length / row->names >= TUNNEL_LENGTH)
			sign_put(f, &(struct sign){ FINDING_WIRE_TUNNEL, SEVERITY_WARNING, row->device,
			    name_at(&f->words, row->domain), "", row->names, row->frame, row->first_ns,
			    row->last_ns, 0, 0, NULL, WAY_OUT });
	}
	rows_end(&tunnels);
}

enum { SCAN_LEAST = 50 };

/* Calls that nobody answers, to many addresses or many ports. */
struct scan {
	uint64_t calls, frame;
	int64_t first_ns, last_ns;
};

static void scan_add(struct scan *scan, const struct relation_row *row)
{
	if (scan->calls++ == 0)
		*scan = (struct scan){ 1, row->first_frame, row->first_ns, row->last_ns };
	scan->frame = row->first_frame < scan->frame ? row->first_frame : scan->frame;
	scan->first_ns = row->first_ns < scan->first_ns ? row->first_ns : scan->first_ns;
	scan->last_ns = row->last_ns > scan->last_ns ? row->last_ns : scan->last_ns;
}

static void scans_find(struct finder *f)
{
	struct make *make = f->make;
	struct audit *audit = make->audit;
	struct scan *scans = make_take(make, audit->devices_n, sizeof *scans);

	for (uint32_t i = 0; !make->full && i < make->g->relations.n; i++) {
		const struct relation_row *row = make_relation(make, i);
		uint32_t device = make->device_of[row->key.client];
		const struct address *to = &make_host(make, row->key.server)->address;

		if (device != AUDIT_NO_DEVICE && row->key.protocol == IP_TCP && !address_is_group(to) &&
		    row->payload[0] + row->payload[1] == 0 && row->unanswered + row->resets >= row->flows)
			scan_add(&scans[device], row);
	}
	for (uint32_t i = 0; !make->full && i < audit->devices_n; i++)
		if (scans[i].calls >= SCAN_LEAST)
			sign_put(f, &(struct sign){ FINDING_WIRE_SCAN, SEVERITY_WARNING, i, "", "tcp", scans[i].calls,
			    scans[i].frame, scans[i].first_ns, scans[i].last_ns, 0, 0, NULL, WAY_OUT });
}

static void capture_find(struct finder *f)
{
	const struct audit *audit = f->make->audit;

	for (size_t i = 0; i < audit->capture.files_n; i++) {
		const struct audit_file *file = &audit->capture.files[i];
		const char *name = strrchr(file->name, '/');

		if (file->why == NULL && file->dropped == 0)
			continue;
		sign_put(f, &(struct sign){ FINDING_WIRE_INCOMPLETE, SEVERITY_WARNING,
		    AUDIT_NO_DEVICE, name != NULL ? name + 1 : file->name,
		    file->why != NULL ? "stopped" : "dropped", file->dropped,
		    file->first_frame + file->frames, audit->capture.last_ns,
		    audit->capture.last_ns, 0, 0, NULL, WAY_OUT });
	}
}

static int by_gravity(const void *a, const void *b)
{
	const struct audit_finding *one = a, *two = b;

	if (one->base.severity != two->base.severity)
		return one->base.severity > two->base.severity ? -1 : 1;
	if (one->base.code != two->base.code)
		return one->base.code < two->base.code ? -1 : 1;
	if (one->device != two->device)
		return one->device < two->device ? -1 : 1;
	if (one->base.count != two->base.count)
		return one->base.count > two->base.count ? -1 : 1;
	int order = strcmp(one->to, two->to);

	order = order != 0 ? order : strcmp(one->base.word, two->base.word);
	return order != 0 ? order : (one->base.way > two->base.way) - (one->base.way < two->base.way);
}

void make_findings(struct make *make)
{
	static void (*const kinds[])(struct finder *) = { listed_find, personal_find, http_find,
		tls_find, periodic_find_all, silence_find_all, odd_find, tunnels_find, scans_find,
		capture_find };
	struct finder f = { .make = make };
	struct audit *audit = make->audit;

	rows_init(&f.rows, sizeof(struct find_row), sizeof(struct find_key), LIMIT_AUDIT_FINDINGS,
	    make->g->seed);
	rows_init(&f.clients, sizeof(struct client_row), sizeof(struct client_row), UINT32_MAX / 4,
	    make->g->seed);
	names_init(&f.words, LIMIT_GATHER_NAMES, make->g->seed);
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds && !make->full; i++)
		kinds[i](&f);
	audit->findings = make_take(make, f.rows.n, sizeof *audit->findings);
	for (uint32_t i = 0; !make->full && i < f.rows.n; i++) {
		struct audit_finding *to = &audit->findings[audit->findings_n++];

		*to = ((struct find_row *)rows_row(&f.rows, i))->finding;
		to->to = arena_text(make->arena, span_text(to->to));
		make->full |= to->to == NULL;
	}
	if (!make->full)
		qsort(audit->findings, audit->findings_n, sizeof *audit->findings, by_gravity);
	audit->lost.findings = f.rows.lost;
	rows_end(&f.clients);
	rows_end(&f.rows);
	names_done(&f.words);
}
