/* src/role/ear_rows.c - an audit of an hour, or of days, as rows for core. */
#include "role/ear.h"
#include "wire/places.h"
#include "wire/rows.h"
#include <stdlib.h>
#include <string.h>

enum { MOST = 1 << 30 }; /* beyond, a time or a count is nobody's */

static struct wire_row *row_new(struct ear_role *role, enum wire_kind kind)
{
	struct ear_outbox *out = &role->out;

	if (out->n == LIMIT_WIRE_ROWS) {
		out->lost++;
		role->full += out->lost == 1;
		return NULL;
	}
	struct wire_row *row = &out->rows[out->n++];

	*row = (struct wire_row){ .kind = (uint8_t)kind, .hour_ms = role->hour_ms,
		.part = role->part };
	return row;
}

static void times_put(struct wire_row *row, int64_t first_ns, int64_t last_ns)
{
	row->first_ms = first_ns > 0 ? first_ns / 1000000 : 0;
	row->last_ms = last_ns / 1000000 > row->first_ms ? last_ns / 1000000 : row->first_ms;
}

/* What a device is called in the store: the same in every hour, where there is a way. */
static const char *device_key(const struct audit *audit, uint32_t device)
{
	const struct audit_device *d;

	if (device >= audit->devices_n)
		return "";
	d = &audit->devices[device];
	if (strcmp(d->name_from, "site") == 0)
		return d->name;
	return d->mac[0] != '\0' ? d->mac : d->address;
}

static const char *device_name(const struct audit *audit, uint32_t device)
{
	const struct audit_device *d;

	if (device >= audit->devices_n)
		return "";
	d = &audit->devices[device];
	return d->name[0] != '\0' ? d->name : d->address[0] != '\0' ? d->address : d->mac;
}

static bool is_of_site(const struct audit *audit, uint32_t device)
{
	return device < audit->devices_n && strcmp(audit->devices[device].name_from, "site") == 0;
}

/* -- devices ------------------------------------------------------------------------------ */

struct device_counts {
	int64_t clear, handshakes, hidden;
};

static struct device_counts *devices_count(const struct audit *audit)
{
	struct device_counts *counts = calloc(audit->devices_n + 1, sizeof *counts);

	for (size_t i = 0; counts != NULL && i < audit->http_n; i++)
		if (audit->http[i].device < audit->devices_n && !audit->http[i].decrypted)
			counts[audit->http[i].device].clear++;
	for (size_t i = 0; counts != NULL && i < audit->tls_n; i++) {
		const struct audit_tls *tls = &audit->tls[i];

		if (tls->device >= audit->devices_n)
			continue;
		counts[tls->device].handshakes++;
		counts[tls->device].hidden += !tls->visible;
	}
	return counts;
}

static void devices_put(struct ear_role *role, const struct audit *audit)
{
	struct device_counts *counts = devices_count(audit);
	size_t n = audit->devices_n < LIMIT_WIRE_DEVICES ? audit->devices_n : LIMIT_WIRE_DEVICES;

	role->out.lost += audit->devices_n - n;
	for (uint32_t i = 0; i < n && counts != NULL; i++) {
		const struct audit_device *d = &audit->devices[i];
		struct wire_row *row = row_new(role, WIRE_DEVICE);

		if (row == NULL)
			break;
		times_put(row, d->first_ns, d->last_ns);
		row->out = d->bytes_out;
		row->in = d->bytes_in;
		row->count = d->destinations;
		row->number[0] = d->countries;
		row->number[1] = counts[i].clear;
		row->number[2] = counts[i].handshakes;
		row->number[3] = counts[i].hidden;
		row->flags = is_of_site(audit, i) ? WIRE_OF_SITE : 0;
		wire_text(row->device, sizeof row->device, device_key(audit, i));
		wire_text(row->name, sizeof row->name, device_name(audit, i));
		wire_text(row->address, sizeof row->address, d->address);
		wire_text(row->word, sizeof row->word, d->mac);
		wire_text(row->owner, sizeof row->owner, d->mac_owner);
	}
	free(counts);
}

/* -- destinations, and who of the site talks to whom ------------------------------------------ */

struct host_of {
	struct address address; /* key */
	uint32_t known;
};

static void hosts_index(const struct ear_role *role, struct rows *hosts)
{
	rows_init(hosts, sizeof(struct host_of), sizeof(struct address), UINT32_MAX / 4, role->seed);
	for (uint32_t i = 0; i < role->worker->site->hosts_n; i++) {
		const struct make_known *known = &role->known[i];
		struct host_of *row = known->address.family != ADDRESS_NONE
		    ? rows_put(hosts, &known->address, NULL) : NULL;

		if (row != NULL)
			row->known = i;
	}
}

/* The host of the site file behind one of its addresses; NULL: none. */
static const char *host_at(const struct ear_role *role, const struct rows *hosts,
    const struct audit_destination *d)
{
	for (size_t i = 0; i < d->addresses_n; i++) {
		struct address at = address_read(span_text(d->addresses[i]));
		const struct host_of *row = at.family != ADDRESS_NONE ? rows_find(hosts, &at) : NULL;

		if (row != NULL)
			return role->known[row->known].name;
	}
	return NULL;
}

static void talk_put(struct ear_role *role, const struct audit *audit,
    const struct audit_destination *d, const char *host)
{
	const char *device = device_key(audit, d->device);
	bool served = d->flows > d->unanswered;
	struct wire_row *row;

	if (d->inward || !served || !is_of_site(audit, d->device) || strcmp(device, host) == 0 ||
	    (row = row_new(role, WIRE_TALK)) == NULL)
		return;
	times_put(row, d->first_ns, d->last_ns);
	row->out = d->bytes_out;
	row->in = d->bytes_in;
	row->count = d->contacts;
	row->port = d->port;
	row->flags = WIRE_OF_SITE | WIRE_LOCAL;
	wire_text(row->device, sizeof row->device, device);
	wire_text(row->name, sizeof row->name, host);
	wire_text(row->protocol, sizeof row->protocol, d->protocol);
}

static void destination_put(struct ear_role *role, const struct audit *audit,
    const struct audit_destination *d, const char *host)
{
	struct wire_row *row = audit_is_echo(d) ? NULL : row_new(role, WIRE_DESTINATION);

	if (row == NULL)
		return;
	times_put(row, d->first_ns, d->last_ns);
	row->out = d->bytes_out;
	row->in = d->bytes_in;
	row->count = d->flows;
	row->number[0] = (int64_t)d->contacts;
	row->number[1] = (int64_t)d->unanswered;
	row->number[2] = d->handshake_us;
	row->number[3] = (int64_t)d->rate_in;
	row->port = d->port;
	row->flags = (d->inward ? WIRE_INWARD : 0) | (d->local ? WIRE_LOCAL : 0) |
	    (d->encrypted ? WIRE_ENCRYPTED : 0) | (is_of_site(audit, d->device) ? WIRE_OF_SITE : 0);
	wire_text(row->device, sizeof row->device, device_key(audit, d->device));
	wire_text(row->name, sizeof row->name, d->name[0] != '\0' || host == NULL ? d->name : host);
	wire_text(row->address, sizeof row->address, d->addresses_n > 0 ? d->addresses[0] : "");
	wire_text(row->protocol, sizeof row->protocol, d->protocol);
	wire_text(row->country, sizeof row->country, d->country);
	wire_text(row->owner, sizeof row->owner, d->owner);
}

static void destinations_put(struct ear_role *role, const struct audit *audit)
{
	struct rows hosts;

	hosts_index(role, &hosts);
	for (size_t i = 0; i < audit->destinations_n; i++) {
		const struct audit_destination *d = &audit->destinations[i];
		const char *host = host_at(role, &hosts, d);

		if (host != NULL)
			talk_put(role, audit, d, host);
		destination_put(role, audit, d, host);
	}
	rows_end(&hosts);
}

/* -- certificates ----------------------------------------------------------------------------- */

struct shown {
	uint32_t leaf, device, port; /* key */
	uint32_t row;
};

static void verdicts_put(struct wire_row *row, uint32_t verdicts)
{
	size_t used = 0;

	for (unsigned i = 0; audit_verdict_word(i) != NULL && used < sizeof row->word - 1; i++)
		if (verdicts & 1u << i)
			used += (size_t)snprintf(row->word + used, sizeof row->word - used, "%s%s",
			    used > 0 ? "," : "", audit_verdict_word(i));
}

static void certificate_put(struct ear_role *role, const struct audit *audit,
    const struct audit_tls *tls, struct rows *seen)
{
	const struct audit_certificate *cert = &audit->certificates[tls->leaf];
	struct shown key = { .leaf = tls->leaf, .device = tls->device, .port = tls->port }, *at;
	bool is_new;
	struct wire_row *row;

	at = rows_put(seen, &key, &is_new);
	if (at == NULL)
		return;
	if (!is_new) {
		if (at->row != UINT32_MAX)
			role->out.rows[at->row].count++;
		return;
	}
	at->row = (uint32_t)role->out.n;
	row = row_new(role, WIRE_CERTIFICATE);
	if (row == NULL) {
		at->row = UINT32_MAX;
		return;
	}
	times_put(row, tls->time_ns, audit->capture.last_ns);
	row->count = 1;
	row->port = tls->port;
	row->number[0] = cert->not_before_s;
	row->number[1] = cert->not_after_s;
	row->number[2] = tls->verdicts;
	wire_text(row->device, sizeof row->device, device_key(audit, tls->device));
	wire_text(row->name, sizeof row->name, tls->sni);
	wire_text(row->address, sizeof row->address, tls->server);
	wire_text(row->protocol, sizeof row->protocol, tls->version);
	wire_text(row->owner, sizeof row->owner, cert->issuer);
	verdicts_put(row, tls->verdicts);
}

static void certificates_put(struct ear_role *role, const struct audit *audit)
{
	struct rows seen;

	rows_init(&seen, sizeof(struct shown), offsetof(struct shown, row), LIMIT_WIRE_ROWS / 4,
	    role->seed);
	for (size_t i = 0; i < audit->tls_n; i++)
		if (audit->tls[i].leaf < audit->certificates_n)
			certificate_put(role, audit, &audit->tls[i], &seen);
	role->out.lost += seen.lost;
	rows_end(&seen);
}

/* -- what was found, and what comes back ---------------------------------------------------------- */

static bool needs_days(unsigned code)
{
	return code == FINDING_WIRE_PERIODIC || code == FINDING_WIRE_TRACEROUTES ||
	    code == FINDING_WIRE_SILENCE;
}

/* Of a flow that began just now only what was said in it has been told, not who speaks. */
static void finding_put(struct ear_role *role, const struct audit *audit,
    const struct audit_finding *f)
{
	struct wire_row *row = f->base.since_ms > role->sure_ms ? NULL : row_new(role, WIRE_FINDING);

	if (row == NULL)
		return;
	row->first_ms = f->base.since_ms > 0 ? f->base.since_ms : 0;
	row->last_ms = f->base.seen_ms > row->first_ms ? f->base.seen_ms : row->first_ms;
	row->count = f->base.count;
	row->port = wire_number_of(f->base.code);
	row->level = f->base.severity;
	row->number[0] = f->base.value_milli;
	row->number[1] = f->base.limit_milli;
	row->number[2] = f->frames_n > 0 ? (int64_t)f->frames[0] : 0;
	row->flags = (is_of_site(audit, f->device) ? WIRE_OF_SITE : 0) |
	    (f->accepted != NULL ? WIRE_ACCEPTED : 0) |
	    (f->base.way != WAY_OUT ? WIRE_INWARD : 0) | (f->base.way == WAY_AT ? WIRE_AT : 0);
	wire_text(row->device, sizeof row->device, device_key(audit, f->device));
	wire_text(row->name, sizeof row->name, f->to);
	wire_text(row->address, sizeof row->address, device_name(audit, f->device));
	if (row->port == WIRE_FOUND_PERIODIC || row->port == WIRE_FOUND_TRACEROUTES)
		row->number[3] = strtol(f->base.word, NULL, 10); /* how many were expected */
	else
		wire_text(row->word, sizeof row->word, f->base.word);
	if (f->entry != NULL && f->entry[0] != '\0') {
		char says[2 * WIRE_NAME];

		(void)snprintf(says, sizeof says, "%s %s", f->date[0] != '\0' ? f->date : "-", f->entry);
		wire_text(row->owner, sizeof row->owner, says);
	}
	if (f->accepted != NULL) {
		char says[2 * WIRE_NAME];

		(void)snprintf(says, sizeof says, "%.60s: %.60s", f->accepted->owner, f->accepted->reason);
		wire_text(row->owner, sizeof row->owner, says);
	}
}

static void findings_put(struct ear_role *role, const struct audit *audit, bool of_days)
{
	bool all = role->days == NULL;

	for (size_t i = 0; i < audit->findings_n; i++)
		if (all || needs_days(audit->findings[i].base.code) == of_days)
			finding_put(role, audit, &audit->findings[i]);
}

static void periods_put(struct ear_role *role, const struct audit *audit)
{
	for (size_t i = 0; i < audit->periodic_n; i++) {
		const struct audit_periodic *p = &audit->periodic[i];
		struct wire_row *row = p->device < audit->devices_n && p->period_ms < MOST
		    ? row_new(role, WIRE_PERIODIC) : NULL;

		if (row == NULL)
			continue;
		times_put(row, p->first_ns, p->last_ns);
		row->count = p->contacts;
		row->port = p->port;
		row->number[0] = p->period_ms;
		row->number[1] = p->jitter_ms;
		row->number[2] = p->missed;
		row->number[3] = p->of_day_s;
		row->number[4] = p->weekdays;
		row->flags = p->local ? WIRE_LOCAL : 0;
		wire_text(row->device, sizeof row->device, device_key(audit, p->device));
		wire_text(row->name, sizeof row->name, p->to);
		wire_text(row->address, sizeof row->address, p->address);
		wire_text(row->protocol, sizeof row->protocol, p->protocol);
		wire_text(row->country, sizeof row->country, p->country);
		wire_text(row->word, sizeof row->word, strcmp(p->what, "traceroute") == 0 ? p->what : p->kind);
	}
}

static void unseen_put(struct ear_role *role, const struct audit *audit)
{
	for (size_t i = 0; i < audit->unseen_n; i++) {
		struct wire_row *row = row_new(role, WIRE_UNSEEN);

		if (row == NULL)
			return;
		times_put(row, audit->capture.first_ns, audit->capture.last_ns);
		row->count = audit->unseen[i].count;
		wire_text(row->word, sizeof row->word, wire_unseen_word(audit->unseen[i].which));
	}
}

/* Who wants to be named for the countries; whose addresses are is always by the same table. */
static void geo_put(struct wire_row *row, const char *credit)
{
	const char *end = credit != NULL ? strstr(credit, places_owners_credit) : NULL;
	char countries[WIRE_NAME];

	if (credit == NULL)
		return;
	(void)snprintf(countries, sizeof countries, "%.*s",
	    end != NULL && end - credit >= 2 ? (int)(end - credit - 2) : end != NULL ? 0 : WIRE_NAME, credit);
	wire_text(row->owner, sizeof row->owner, countries);
}

/* The hour as a whole. */
static void whole_put(struct ear_role *role, const struct audit *audit)
{
	const struct audit_lost *lost = &audit->lost;
	struct wire_row *row = row_new(role, WIRE_SOURCE);
	uint64_t dropped = 0;

	if (row == NULL)
		return;
	for (size_t i = 0; i < audit->capture.files_n; i++)
		dropped += audit->capture.files[i].dropped;
	times_put(row, audit->capture.first_ns, audit->capture.last_ns);
	row->count = audit->capture.frames;
	row->out = audit->capture.frame_bytes;
	row->number[0] = (int64_t)dropped;
	row->number[1] = (int64_t)(audit->flows.tcp + audit->flows.udp);
	row->number[2] = (int64_t)audit->flows.evicted;
	row->number[3] = (int64_t)(lost->hosts + lost->destinations + lost->dns + lost->http + lost->tls +
	    lost->personal + lost->contacts + lost->names + lost->findings);
	row->number[4] = audit->handshake_us;
	(void)snprintf(row->word, sizeof row->word, "hour");
	geo_put(row, audit->geo_by);
}

void rows_hour(struct ear_role *role, const struct audit *audit)
{
	whole_put(role, audit);
	devices_put(role, audit);
	findings_put(role, audit, false);
	if (role->days == NULL)
		periods_put(role, audit);
	unseen_put(role, audit);
	certificates_put(role, audit);
	destinations_put(role, audit);
}

void rows_days(struct ear_role *role, const struct audit *audit)
{
	periods_put(role, audit);
	findings_put(role, audit, true);
}
