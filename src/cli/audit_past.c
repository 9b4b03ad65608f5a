/* src/cli/audit_past.c - rows of hours, added up, as an audit. */
#include "cli/audit_past.h"
#include "base/limits.h"
#include "base/more.h"
#include "base/drop.h"
#include "cli/audit_show.h"
#include "role/paths.h"
#include "store/store.h"
#include "wire/places.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { THINGS_FIRST = 256, THINGS_MOST = 20000, DAY_MS = 86400000, DAYS_MOST = 400 };

/* -- rows ------------------------------------------------------------------------------------ */

struct asked {
	struct wire_row *at;
	size_t n, room;
	uint64_t lost;
};

struct past {
	struct store *store;
	struct audit_run *run;
	struct audit *audit;
	const struct zone *zone;
	int64_t from_ms, to_ms;
	bool accepted;
	struct asked devices;
	struct why *why;
	bool full;
};

static int row_took(void *user, const struct wire_row *row)
{
	struct asked *asked = user;

	struct wire_row *at = asked->n >= THINGS_MOST * 2 ? NULL
	    : array_more(asked->at, asked->n, &asked->room, THINGS_FIRST, sizeof *at);

	if (at == NULL) {
		asked->lost++;
		return 0;
	}
	asked->at = at;
	asked->at[asked->n++] = *row;
	return 0;
}

static int ask(struct past *p, enum wire_kind kind, enum wire_by by, struct asked *ret_asked)
{
	const struct wire_ask how = { kind, by, p->from_ms, p->to_ms, THINGS_MOST };

	*ret_asked = (struct asked){ .n = 0 };
	return store_wire(p->store, &how, row_took, ret_asked, p->why);
}

static void *take(struct past *p, size_t n, size_t size)
{
	void *at = arena_array(&p->run->arena, n + 1, size);

	p->full |= at == NULL;
	return at;
}

static const char *kept(struct past *p, const char *text)
{
	const char *copy = text[0] == '\0' ? "" : arena_text(&p->run->arena, span_text(text));

	p->full |= copy == NULL;
	return copy != NULL ? copy : "";
}

static uint32_t device_of(const struct past *p, const char *key)
{
	for (uint32_t i = 0; i < p->devices.n; i++)
		if (strcmp(p->devices.at[i].device, key) == 0)
			return i;
	return AUDIT_NO_DEVICE;
}

static int by_number(const void *a, const void *b)
{
	int64_t one = *(const int64_t *)a, two = *(const int64_t *)b;

	return (one > two) - (one < two);
}

/* Of one of the numbers, where it is known. */
static int64_t median(const struct asked *asked, size_t number, uint64_t *ret_n)
{
	int64_t *values = calloc(asked->n + 1, sizeof *values), found = 0;
	size_t n = 0;

	for (size_t i = 0; values != NULL && i < asked->n; i++)
		if (asked->at[i].number[number] > 0)
			values[n++] = asked->at[i].number[number];
	if (n > 0) {
		qsort(values, n, sizeof *values, by_number);
		found = values[n / 2];
	}
	*ret_n = n;
	free(values);
	return found;
}

/* -- parts of the audit ------------------------------------------------------------------------- */

static void hours_fill(struct past *p, const struct asked *hours, const char *words)
{
	struct audit *audit = p->audit;
	struct audit_capture *c = &audit->capture;
	struct audit_column *columns = take(p, (size_t)((p->to_ms - p->from_ms) / WIRE_HOUR_MS) + 1,
	    sizeof *columns);
	struct audit_file *file = take(p, 1, sizeof *file);
	size_t columns_n = (size_t)((p->to_ms - p->from_ms + WIRE_HOUR_MS - 1) / WIRE_HOUR_MS);

	if (p->full)
		return;
	c->first_ns = hours->at[0].first_ms * 1000000;
	for (size_t i = 0; i < hours->n; i++) {
		const struct wire_row *h = &hours->at[i];
		size_t column = (size_t)((h->hour_ms - p->from_ms) / WIRE_HOUR_MS);

		c->frames += h->count;
		c->frame_bytes += h->out;
		file->dropped += (uint64_t)h->number[0];
		audit->flows.tcp += (uint64_t)h->number[1];
		audit->flows.evicted += (uint64_t)h->number[2];
		audit->lost.destinations += (uint64_t)h->number[3];
		c->last_ns = h->last_ms * 1000000 > c->last_ns ? h->last_ms * 1000000 : c->last_ns;
		if (column < columns_n)
			columns[column].bytes_out += h->out;
	}
	*file = (struct audit_file){ .name = kept(p, words), .format = "store", .packing = "",
		.first_frame = 1, .frames = c->frames, .bytes = c->frame_bytes, .dropped = file->dropped };
	c->files = file;
	c->files_n = 1;
	c->captured_bytes = c->frame_bytes;
	audit->frames = c->frames;
	audit->bytes = c->frame_bytes;
	audit->time = (struct audit_time){ p->from_ms * 1000000, WIRE_HOUR_MS * 1000000LL, columns,
		columns_n };
	audit->handshake_us = (uint32_t)median(hours, 4, &audit->handshakes);
}

static void devices_fill(struct past *p)
{
	struct audit *audit = p->audit;

	audit->devices = take(p, p->devices.n, sizeof *audit->devices);
	for (size_t i = 0; !p->full && i < p->devices.n; i++) {
		const struct wire_row *row = &p->devices.at[i];

		audit->devices[audit->devices_n++] = (struct audit_device){
			.address = kept(p, row->address), .mac = kept(p, row->word),
			.mac_owner = kept(p, row->owner), .name = kept(p, strcmp(row->name, row->address) == 0 ||
			    strcmp(row->name, row->word) == 0 ? "" : row->name),
			.name_from = row->flags & WIRE_OF_SITE ? "site" : "", .model = "",
			.bytes_out = row->out, .bytes_in = row->in, .client = true,
			.first_ns = row->first_ms * 1000000, .last_ns = row->last_ms * 1000000,
			.countries = (uint32_t)row->number[0] };
	}
}

static void destinations_fill(struct past *p, const struct asked *rows)
{
	struct audit *audit = p->audit;

	audit->destinations = take(p, rows->n, sizeof *audit->destinations);
	for (size_t i = 0; !p->full && i < rows->n; i++) {
		const struct wire_row *row = &rows->at[i];
		const char **address = take(p, 1, sizeof *address);

		if (address == NULL)
			return;
		address[0] = kept(p, row->address);
		audit->destinations[audit->destinations_n] = (struct audit_destination){
			.device = device_of(p, row->device), .name = kept(p, row->name), .domain = "",
			.name_from = "", .addresses = address, .addresses_n = row->address[0] != '\0',
			.protocol = kept(p, row->protocol), .transport = "", .port = row->port,
			.country = kept(p, row->country), .owner = kept(p, row->owner),
			.inward = row->flags & WIRE_INWARD, .local = row->flags & WIRE_LOCAL,
			.encrypted = row->flags & WIRE_ENCRYPTED, .bytes_out = row->out,
			.bytes_in = row->in, .flows = row->count, .contacts = (uint64_t)row->number[0],
			.unanswered = (uint64_t)row->number[1], .handshake_us = (uint32_t)row->number[2],
			.rate_in = (uint64_t)row->number[3], .first_ns = row->first_ms * 1000000,
			.last_ns = row->last_ms * 1000000, .number = (uint32_t)i };
		struct audit_destination *to = &audit->destinations[audit->destinations_n];

		/* an hour keeps the median, not of how many: of each flow that was answered */
		if (to->handshake_us > 0 && to->flows > to->unanswered)
			to->handshakes = (uint32_t)(to->flows - to->unanswered);
		uint32_t device = audit->destinations[audit->destinations_n++].device;

		if (device < audit->devices_n) /* those that are listed; an hour told its own number */
			audit->devices[device].destinations++;
	}
	audit->rate_in = (uint64_t)median(rows, 3, &audit->rates);
	audit->hosts = p->devices.n + rows->n;
	audit->lost.destinations += rows->lost;
}

static void countries_fill(struct past *p, const struct asked *rows)
{
	struct audit *audit = p->audit;

	audit->countries = take(p, rows->n, sizeof *audit->countries);
	for (size_t i = 0; !p->full && i < rows->n; i++)
		audit->countries[audit->countries_n++] = (struct audit_country){
			.country = kept(p, rows->at[i].country), .bytes_out = rows->at[i].out,
			.bytes_in = rows->at[i].in, .flows = rows->at[i].count,
			.destinations = (uint32_t)rows->at[i].number[0] };
}

/* Whose data told countries and owners, as the last hour has it. */
static void credit_fill(struct past *p, const struct asked *hours)
{
	const char *by = "";
	KS_DROP(text) struct text credit;
	bool owned;

	text_init(&credit, 400);
	for (size_t i = 0; i < hours->n; i++)
		by = hours->at[i].owner[0] != '\0' ? hours->at[i].owner : by;
	owned = by[0] != '\0'; /* both tables come together */
	for (size_t i = 0; i < p->audit->destinations_n; i++)
		owned |= p->audit->destinations[i].owner[0] != '\0';
	text_add(&credit, by);
	if (owned)
		text_addf(&credit, "%s%s", by[0] != '\0' ? "; " : "", places_owners_credit);
	p->audit->geo_by = kept(p, text_cstr(&credit));
}

/* Days without a word: the row tells the first, the last and how many; when these are all
 * between them they are known.  False: they are not. */
static bool silence_fill(struct past *p, const struct wire_row *row)
{
	struct audit_silence *s = &p->audit->silence[p->audit->silence_n];
	int64_t n = (row->last_ms - row->first_ms + DAY_MS / 2) / DAY_MS + 1;
	int32_t first = (int32_t)((row->first_ms + zone_offset(p->zone, row->first_ms) * 1000LL) / DAY_MS);

	if ((uint64_t)n != row->count || n > DAYS_MOST)
		return false;
	*s = (struct audit_silence){ .device = device_of(p, row->device), .to = kept(p, row->name),
		.protocol = "", .days = take(p, (size_t)n, sizeof *s->days), .days_n = (size_t)n,
		.calendars = take(p, 1, sizeof *s->calendars), .calendars_n = row->word[0] != '\0' };
	if (p->full)
		return false;
	for (int64_t i = 0; i < n; i++)
		s->days[i] = first + (int32_t)i;
	s->calendars[0] = kept(p, row->word);
	p->audit->silence_n++;
	return true;
}

/* "owner: reason", as the hour has it. */
static const struct audit_accepted *accepted_of(struct past *p, const struct wire_row *row)
{
	struct audit_accepted *accepted = NULL;
	struct span rest = span_text(row->owner), owner = span_until(&rest, ':');
	char name[WIRE_NAME];

	if (row->flags & WIRE_ACCEPTED)
		accepted = take(p, 1, sizeof *accepted);
	if (accepted == NULL)
		return NULL;
	(void)snprintf(name, sizeof name, "%.*s", (int)owner.left, (const char *)owner.at);
	accepted->owner = kept(p, name);
	accepted->reason = kept(p, strlen(row->owner) > owner.left + 2 ? row->owner + owner.left + 2 : "");
	return accepted;
}

static void entry_fill(struct past *p, const struct wire_row *row, struct audit_finding *to)
{
	struct span rest = span_text(row->owner), date = span_until(&rest, ' ');
	char day[WIRE_NAME];

	(void)snprintf(day, sizeof day, "%.*s", span_equal(date, "-") ? 0 : (int)date.left, (const char *)date.at);
	to->date = kept(p, day);
	to->entry = rest.left > 0 ? kept(p, row->owner + date.left + 1) : "";
}

static void findings_fill(struct past *p, const struct asked *rows)
{
	struct audit *audit = p->audit;

	audit->findings = take(p, rows->n, sizeof *audit->findings);
	audit->silence = take(p, rows->n, sizeof *audit->silence);
	for (size_t i = 0; !p->full && i < rows->n; i++) {
		const struct wire_row *row = &rows->at[i];
		uint32_t device = device_of(p, row->device);

		if (row->flags & WIRE_ACCEPTED && !p->accepted) /* known and lived with: no change */
			continue;
		if (row->port == WIRE_FOUND_SILENCE && !silence_fill(p, row))
			continue;
		audit->findings[audit->findings_n++] = (struct audit_finding){
			.base = wire_finding_of(row, row->address), .device = device,
			.to = kept(p, row->name), .accepted = accepted_of(p, row) };
		if (row->port == wire_number_of(FINDING_WIRE_LISTED) && !(row->flags & WIRE_ACCEPTED))
			entry_fill(p, row, &audit->findings[audit->findings_n - 1]);
	}
}

static void unseen_fill(struct past *p, const struct asked *rows)
{
	struct audit *audit = p->audit;
	unsigned which;

	audit->unseen = take(p, rows->n, sizeof *audit->unseen);
	for (size_t i = 0; !p->full && i < rows->n; i++)
		if (wire_unseen_find(span_text(rows->at[i].word), &which))
			audit->unseen[audit->unseen_n++] = (struct audit_unseen){
				.says = wire_unseen_says(which), .count = rows->at[i].count,
				.which = (uint8_t)which };
}

static void periods_fill(struct past *p, const struct asked *rows)
{
	struct audit *audit = p->audit;

	audit->periodic = take(p, rows->n, sizeof *audit->periodic);
	for (size_t i = rows->n; !p->full && i-- > 0;) { /* the newest word on each counts */
		const struct wire_row *row = &rows->at[i];
		bool known = false;

		for (size_t k = 0; k < audit->periodic_n; k++)
			known |= audit->periodic[k].device == device_of(p, row->device) &&
			    audit->periodic[k].port == row->port && strcmp(audit->periodic[k].to, row->name) == 0;
		if (known)
			continue;
		audit->periodic[audit->periodic_n++] = (struct audit_periodic){
			.device = device_of(p, row->device), .to = kept(p, row->name),
			.what = strcmp(row->word, "traceroute") == 0 ? "traceroute" : "contact",
			.kind = kept(p, row->word), .address = kept(p, row->address), .port = row->port,
			.local = row->flags & WIRE_LOCAL, .of_day_s = (int32_t)row->number[3],
			.weekdays = (uint8_t)(row->number[4] & 0x7f), .clock = "",
			.protocol = kept(p, row->protocol), .country = kept(p, row->country),
			.period_ms = row->number[0], .jitter_ms = row->number[1],
			.contacts = (uint32_t)row->count, .missed = (uint32_t)row->number[2],
			.first_ns = row->first_ms * 1000000, .last_ns = row->last_ms * 1000000 };
	}
}

/* Each kind is asked for, made and let go of. */
static int parts_fill(struct past *p)
{
	static const struct {
		enum wire_kind kind;
		enum wire_by by;
		void (*fill)(struct past *, const struct asked *);
	} parts[] = { { WIRE_DESTINATION, WIRE_BY_THING, destinations_fill },
		{ WIRE_DESTINATION, WIRE_BY_COUNTRY, countries_fill },
		{ WIRE_FINDING, WIRE_BY_THING, findings_fill },
		{ WIRE_PERIODIC, WIRE_AS_IS, periods_fill },
		{ WIRE_UNSEEN, WIRE_BY_THING, unseen_fill } };
	int code = ask(p, WIRE_DEVICE, WIRE_BY_THING, &p->devices);

	if (code == KS_OK)
		devices_fill(p);
	for (size_t i = 0; code == KS_OK && i < sizeof parts / sizeof *parts; i++) {
		struct asked rows;

		code = ask(p, parts[i].kind, parts[i].by, &rows);
		if (code == KS_OK)
			parts[i].fill(p, &rows);
		free(rows.at);
	}
	free(p->devices.at);
	return code;
}

static int nothing_heard(const struct past *p, const char *words)
{
	int64_t since = 0;
	char day[16] = "";
	int code = store_wire_since(p->store, &since, p->why);

	if (code != KS_OK)
		return code;
	if (since == 0)
		return fail(p->why, KS_ABSENT, "the store has heard no wire yet: a line "
		    "`wire ID interface=...` in the site file begins it");
	struct civil first = zone_split(NULL, since);

	(void)snprintf(day, sizeof day, "%04d-%02u-%02u", (int)first.year % 10000, first.month % 100u,
	    first.day % 100u);
	return fail(p->why, KS_ABSENT, "%s: nothing was heard in that time; the store begins at %s",
	    words, day);
}

int past_store(struct audit_with *with, const struct args *args, struct store **ret_store,
    struct why *why)
{
	const struct store_options options = { .keep_raw_days = 0 };
	struct store_found found;
	struct paths paths;
	char zone[sizeof with->zone_name] = "";
	int code = paths_find(args_value(args, "--state"), &paths, why);

	if (code == KS_OK && access(paths.state, F_OK) != 0)
		code = fail(why, KS_ABSENT, "no store in %s; --state DIR names another", paths.state);
	if (code == KS_OK)
		code = store_open(paths.state, STORE_READ, &options, ret_store, &found, why);
	if (code == KS_OK && args_value(args, "--tz") == NULL && with->site == NULL)
		code = store_note(*ret_store, "tz", zone, sizeof zone, why);
	return code == KS_OK && zone[0] != '\0' ? audit_with_zone(with, zone, why) : code;
}

int audit_past(struct store *store, const struct past_ask *asked, struct audit_run *run,
    struct why *why)
{
	struct past p = { .store = store, .run = run, .zone = asked->zone, .from_ms = asked->from_ms,
		.to_ms = asked->to_ms, .accepted = asked->accepted, .why = why };
	const char *words = asked->words;
	struct asked hours;

	run->audit = NULL;
	run->gather = NULL;
	arena_init(&run->arena, LIMIT_AUDIT_MEMORY);
	int code = ask(&p, WIRE_SOURCE, WIRE_BY_HOUR, &hours);

	if (code == KS_OK && hours.n == 0)
		code = nothing_heard(&p, words);
	if (code == KS_OK) {
		p.audit = take(&p, 1, sizeof *p.audit);
		if (!p.full) {
			p.audit->trust = p.audit->geo_by = "";
			hours_fill(&p, &hours, words);
			code = parts_fill(&p);
			credit_fill(&p, &hours);
		}
	}
	free(hours.at);
	if (code == KS_OK && p.full)
		code = fail(why, KS_FULL, "the audit does not fit in memory");
	run->audit = code == KS_OK ? p.audit : NULL;
	return code;
}
