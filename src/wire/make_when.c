/* src/wire/make_when.c - what comes back by the clock, traceroutes, silent days. */
#include "wire/make_in.h"
#include "wire/silence.h"
#include <stdlib.h>

enum { CONTACTS_LEAST = 3, HOUR_MS = 3600000 };

struct moment {
	uint32_t group; /* destination, or what silence is looked for in */
	uint16_t answered;
	uint16_t thinned; /* others of its hour were let go of */
	int64_t at_ms;
};

struct when {
	struct make *make;
	struct awake *awake; /* by device */
	struct stretch *gaps;
	size_t gaps_n;
	struct moment *moments; /* by destination and time */
	size_t moments_n;
	int64_t *at_ms; /* room for the times of one group */
	size_t periodic_room, silence_room;
};

static int by_moment(const void *a, const void *b)
{
	const struct moment *one = a, *two = b;

	if (one->group != two->group)
		return one->group < two->group ? -1 : 1;
	return (one->at_ms > two->at_ms) - (one->at_ms < two->at_ms);
}

static uint32_t entry_destination(const struct make *make, const struct entry_row *entry)
{
	const uint32_t *to = &make->destination_of[2 * entry->relation];

	return to[0] != AUDIT_NO_DEVICE ? to[0] : to[1];
}

/* -- waking hours ------------------------------------------------------------------ */

static int64_t hour_of(int64_t ns)
{
	int64_t ms = ns / 1000000;

	return ms / HOUR_MS - (ms % HOUR_MS < 0);
}

enum { HOURS_MOST = 24 * 366 * 20 }; /* twenty years; beyond is a broken clock */

static void awake_make(struct when *w)
{
	struct make *make = w->make;
	const struct audit_capture *capture = &make->audit->capture;
	int64_t first = hour_of(capture->first_ns), last = hour_of(capture->last_ns);
	size_t hours = last < first || last - first >= HOURS_MOST ? 0 : (size_t)(last - first + 1);

	w->awake = make_take(make, make->audit->devices_n, sizeof *w->awake);
	for (size_t i = 0; !make->full && hours > 0 && i < make->audit->devices_n; i++)
		w->awake[i] = (struct awake){ .first = first, .hours = hours,
			.bits = make_take(make, (hours + 7) / 8, 1) };
	if (make->full || hours == 0)
		return;
	for (uint32_t i = 0; i < make->g->entries.n; i++) {
		const struct entry_row *entry = rows_row(&make->g->entries, i);
		uint32_t to = entry_destination(make, entry);

		if (to == AUDIT_NO_DEVICE)
			continue;
		struct awake *awake = &w->awake[make->audit->destinations[to].device];
		int64_t from = hour_of(entry->first_ns) - first;
		int64_t until = hour_of(entry->first_ns + entry->lasted_ms * 1000000LL) - first;

		for (int64_t h = from < 0 ? 0 : from; h <= until && h < (int64_t)hours; h++)
			((uint8_t *)(uintptr_t)awake->bits)[h / 8] |= (uint8_t)(1u << h % 8);
	}
}

/* -- and within them from the first word to the last ---------------------------------- */

static struct stretch *run_of(const struct awake *awake, struct stretch *runs, int64_t ms)
{
	size_t low = 0, high = awake->runs_n;
	int64_t hour = ms / HOUR_MS * HOUR_MS;

	/* runs hold whole hours in the beginning, so that the hour of each word is in one */
	while (low + 1 < high) {
		size_t mid = low + (high - low) / 2;

		if (runs[mid].from_ms / HOUR_MS * HOUR_MS <= hour)
			low = mid;
		else
			high = mid;
	}
	return &runs[low];
}

/* One run for each unbroken row of hours, turned inside out: words widen it. */
static struct stretch *runs_begin(struct make *make, struct awake *awake)
{
	struct stretch *runs;
	size_t n = 0;

	for (size_t h = 0; h < awake->hours; h++)
		n += awake_at(awake, (awake->first + (int64_t)h) * HOUR_MS) &&
		    !awake_at(awake, (awake->first + (int64_t)h - 1) * HOUR_MS);
	runs = make_take(make, n, sizeof *runs);
	for (size_t h = 0; runs != NULL && h < awake->hours; h++) {
		int64_t at = (awake->first + (int64_t)h) * HOUR_MS;

		if (!awake_at(awake, at))
			continue;
		if (!awake_at(awake, at - HOUR_MS))
			runs[awake->runs_n++] = (struct stretch){ at + HOUR_MS - 1, at };
	}
	awake->runs = runs;
	return runs;
}

static void runs_make(struct when *w)
{
	struct make *make = w->make;
	size_t devices = make->audit->devices_n;
	struct stretch **runs = make_take(make, devices, sizeof *runs);

	for (size_t i = 0; !make->full && i < devices; i++)
		runs[i] = runs_begin(make, &w->awake[i]);
	for (uint32_t i = 0; !make->full && i < make->g->entries.n; i++) {
		const struct entry_row *entry = rows_row(&make->g->entries, i);
		uint32_t to = entry_destination(make, entry);
		uint32_t device = to == AUDIT_NO_DEVICE ? to : make->audit->destinations[to].device;

		if (device == AUDIT_NO_DEVICE || w->awake[device].runs_n == 0)
			continue;
		int64_t from = entry->first_ns / 1000000, until = from + entry->lasted_ms;
		struct stretch *run = run_of(&w->awake[device], runs[device], from);

		run->from_ms = from < run->from_ms ? from : run->from_ms;
		run->to_ms = until > run->to_ms ? until : run->to_ms;
	}
}

static void gaps_make(struct when *w)
{
	const struct audit_capture *capture = &w->make->audit->capture;

	w->gaps = make_take(w->make, capture->gaps_n, sizeof *w->gaps);
	for (size_t i = 0; w->gaps != NULL && i < capture->gaps_n; i++)
		w->gaps[w->gaps_n++] = (struct stretch){ capture->gaps[i].from_ns / 1000000,
			capture->gaps[i].to_ns / 1000000 };
}

static void moments_make(struct when *w)
{
	struct make *make = w->make;
	const struct rows *entries = &make->g->entries;

	w->moments = make_take(make, entries->n, sizeof *w->moments);
	w->at_ms = make_take(make, entries->n + make->audit->traceroutes_n, sizeof *w->at_ms);
	if (make->full)
		return;
	for (uint32_t i = 0; i < entries->n; i++) {
		const struct entry_row *entry = rows_row(entries, i);
		uint32_t to = entry_destination(make, entry);

		if (to == AUDIT_NO_DEVICE || entry->began == BEGAN_GOES_ON)
			continue;
		w->moments[w->moments_n++] = (struct moment){ to, entry->answered, entry->thinned,
			entry->first_ns / 1000000 };
	}
	qsort(w->moments, w->moments_n, sizeof *w->moments, by_moment);
}

/* -- traceroutes ------------------------------------------------------------------- */

static const char *address_kept(struct make *make, const struct address *address)
{
	char text[ADDRESS_TEXT];
	const char *kept = arena_text(make->arena, span_text(address_show(address, text)));

	make->full |= kept == NULL;
	return kept != NULL ? kept : "";
}

static uint32_t host_find(const struct make *make, const struct address *address)
{
	const struct host_row *row = rows_find(&make->g->hosts, address);

	return row == NULL ? UINT32_MAX : rows_index(&make->g->hosts, row);
}

static void traceroutes_make(struct make *make)
{
	static const char *const methods[] = { "udp", "icmp", "tcp" };
	struct audit *audit = make->audit;
	size_t n = 0;
	const struct traceroute *found = tracks_end(make->g->tracks, &n, &audit->lost.hops);

	audit->traceroutes = make_take(make, n, sizeof *audit->traceroutes);
	for (size_t i = 0; !make->full && i < n; i++) {
		uint32_t host = host_find(make, &found[i].device);
		uint32_t target = host_find(make, &found[i].target);
		bool inward = make_inward(make, host, target);
		uint32_t other = inward ? host : target;

		if (make->only && make_device(make, host, target) == AUDIT_NO_DEVICE)
			continue;

		audit->traceroutes[audit->traceroutes_n++] = (struct audit_traceroute){
			.time_ns = found[i].first_ns, .device = make_device(make, host,
			    inward ? target : UINT32_MAX), .inward = inward,
			.client = address_kept(make, &found[i].device),
			.target = address_kept(make, inward ? &found[i].device : &found[i].target),
			.name = other == UINT32_MAX ? "" : make_text(make, make->name_of[other]),
			.method = methods[found[i].method % 3], .hops = found[i].hops,
			.routers = found[i].answered, .reached = found[i].reached,
			.first_frame = found[i].frame };
	}
}

/* -- periods ----------------------------------------------------------------------- */

static struct contacts contacts_of(const struct when *w, uint32_t device, size_t n)
{
	return (struct contacts){ .at_ms = w->at_ms, .n = n, .away = w->gaps, .away_n = w->gaps_n,
		.awake = device < w->make->audit->devices_n ? w->awake[device] :
		    (struct awake){ .bits = NULL },
		.zone = w->make->plan->zone };
}

static void times_keep(struct when *w, struct audit_periodic *to, size_t n)
{
	size_t keep = n > AUDIT_TIMES ? AUDIT_TIMES : n;

	to->times_ns = make_take(w->make, keep, sizeof *to->times_ns);
	for (size_t i = 0; to->times_ns != NULL && i < keep; i++)
		to->times_ns[to->times_n++] = w->at_ms[i * n / keep] * 1000000;
}

static bool room_for(struct when *w, void *list, size_t n, size_t *room, size_t size)
{
	size_t more = *room == 0 ? 16 : *room * 2;
	void *old, *new;

	if (n < *room)
		return true;
	new = make_take(w->make, more, size);
	if (new == NULL)
		return false;
	memcpy(&old, list, sizeof old);
	if (n > 0)
		memcpy(new, old, n * size);
	memcpy(list, &new, sizeof new);
	*room = more;
	return true;
}

static const char *const clocks[PERIODIC_CLOCKS] = { "", "utc", "europe", "north_america",
	"australia", "new_zealand" };

/* Looks at the n times in w->at_ms; `like` says whose they are. */
static void periodic_try(struct when *w, const struct audit_periodic *like, size_t n,
    const struct silence *silence)
{
	struct audit *audit = w->make->audit;
	struct contacts contacts = contacts_of(w, like->device, n);
	struct periodic found;
	struct stretch *away = NULL;

	if (n < CONTACTS_LEAST)
		return;
	if (silence != NULL && silence->n > 0)
		away = make_take(w->make, w->gaps_n + silence->n, sizeof *away);
	if (away != NULL) {
		struct stretch *quiet = silence_stretches(silence, contacts.zone, w->make->arena);

		if (w->gaps_n > 0)
			memcpy(away, w->gaps, w->gaps_n * sizeof *away);
		if (quiet != NULL)
			memcpy(away + w->gaps_n, quiet, silence->n * sizeof *away);
		contacts.away = away;
		contacts.away_n = w->gaps_n + (quiet != NULL ? silence->n : 0);
	}
	if (periodic_find(&contacts, w->make->arena, &found) != KS_OK)
		return;
	if (!room_for(w, &audit->periodic, audit->periodic_n, &w->periodic_room,
	    sizeof *audit->periodic))
		return;
	struct audit_periodic *to = &audit->periodic[audit->periodic_n++];

	*to = *like;
	to->period_ms = found.period_ms;
	to->jitter_ms = found.jitter_ms;
	to->contacts = found.contacts;
	to->missed = found.missed;
	to->first_ns = found.first_ms * 1000000;
	to->last_ns = found.last_ms * 1000000;
	to->kind = found.kind == PERIODIC_DAILY ? "daily" :
	    found.kind == PERIODIC_WEEKLY ? "weekly" : "timer";
	to->of_day_s = found.kind == PERIODIC_TIMER ? -1 : found.of_day_s;
	to->weekdays = found.weekdays;
	to->clock = "";
	if (found.shift_ms != 0) {
		struct civil day = zone_split(contacts.zone, found.shift_ms);

		to->clock = clocks[found.clock % PERIODIC_CLOCKS];
		to->shift_day = (int32_t)days_of(day.year, day.month, day.day);
		to->before_s = found.before_s;
	}
	times_keep(w, to, n);
}

/* The times of one destination into w->at_ms: answered ones, or all when none was.  For
 * periods those of which all are there; for silence, where some of an hour were let go of,
 * one an hour of all. */
static size_t times_of(struct when *w, size_t from, size_t until, bool for_silence)
{
	size_t n = 0, answered = 0, thinned = 0;
	int64_t hour = INT64_MIN;

	for (size_t i = from; i < until; i++) {
		answered += w->moments[i].answered != 0;
		thinned += w->moments[i].thinned != 0;
	}
	for (size_t i = from; i < until; i++) {
		const struct moment *m = &w->moments[i];

		if ((answered > 0 && m->answered == 0) || (!for_silence && m->thinned) ||
		    (for_silence && thinned > 0 && m->at_ms / HOUR_MS == hour))
			continue;
		hour = m->at_ms / HOUR_MS;
		w->at_ms[n++] = m->at_ms;
	}
	return n;
}

/* Silent days: where a destination has them they are kept for it. */
static void silence_try(struct when *w, const struct audit_destination *d, size_t n,
    struct silence *ret_silence)
{
	struct audit *audit = w->make->audit;
	struct contacts contacts = contacts_of(w, d->device, n);
	struct audit_silence *to;

	*ret_silence = (struct silence){ .n = 0 };
	if (n < CONTACTS_LEAST || silence_find(&contacts, audit->capture.first_ns / 1000000,
	    audit->capture.last_ns / 1000000, w->make->arena, ret_silence) != KS_OK ||
	    ret_silence->n == 0)
		return;
	if (!room_for(w, &audit->silence, audit->silence_n, &w->silence_room,
	    sizeof *audit->silence))
		return;
	to = &audit->silence[audit->silence_n++];
	*to = (struct audit_silence){ .device = d->device,
		.to = d->name[0] != '\0' ? d->name : d->addresses[0], .port = d->port,
		.protocol = d->protocol, .days = ret_silence->days, .days_n = ret_silence->n,
		.calendars_n = ret_silence->calendars_n, .first_frame = d->first_frame,
		.inward = d->inward };
	to->calendars = make_take(w->make, to->calendars_n, sizeof *to->calendars);
	for (size_t i = 0; to->calendars != NULL && i < to->calendars_n; i++)
		to->calendars[i] = ret_silence->calendars[i];
}

/* Probes of a traceroute are no contacts: they are told as what they are. */
static bool is_traced(const struct audit *audit, const struct audit_destination *d)
{
	for (size_t i = 0; d->unanswered == d->flows && i < audit->traceroutes_n; i++)
		for (size_t k = 0; k < d->addresses_n; k++)
			if (audit->traceroutes[i].device == d->device &&
			    strcmp(audit->traceroutes[i].target, d->addresses[k]) == 0)
				return true;
	return false;
}

static void destination_try(struct when *w, size_t from, size_t until)
{
	const struct audit_destination *d =
	    &w->make->audit->destinations[w->moments[from].group];
	struct silence silence;
	size_t n = times_of(w, from, until, true);

	/* names are asked for on behalf of what follows; errors come when the device called */
	if (audit_is_echo(d) || (d->port == 0 && d->unanswered == d->flows) || is_traced(w->make->audit, d) ||
	    (d->local && strcmp(d->protocol, "dns") == 0))
		return;
	silence_try(w, d, n, &silence);
	n = times_of(w, from, until, false);
	periodic_try(w, &(struct audit_periodic){ .device = d->device, .what = "contact",
	    .to = d->name[0] != '\0' ? d->name : d->addresses_n > 0 ? d->addresses[0] : "",
	    .address = d->addresses_n > 0 ? d->addresses[0] : "", .port = d->port,
	    .protocol = d->protocol, .country = d->country, .local = d->local,
	    .inward = d->inward, .first_frame = d->first_frame }, n, &silence);
}

static void traceroutes_try(struct when *w)
{
	struct audit *audit = w->make->audit;
	bool *done = make_take(w->make, audit->traceroutes_n, sizeof *done);

	for (size_t i = 0; done != NULL && i < audit->traceroutes_n; i++) {
		const struct audit_traceroute *t = &audit->traceroutes[i];
		size_t n = 0;

		done[i] |= t->device == AUDIT_NO_DEVICE; /* nobody's: each is told, no clock */
		for (size_t k = i; !done[i] && k < audit->traceroutes_n; k++) {
			const struct audit_traceroute *u = &audit->traceroutes[k];

			if (u->device != t->device || u->inward != t->inward ||
			    strcmp(u->target, t->target) != 0 || strcmp(u->method, t->method) != 0)
				continue;
			w->at_ms[n++] = u->time_ns / 1000000;
			done[k] = k != i;
		}
		periodic_try(w, &(struct audit_periodic){ .device = t->device,
		    .what = "traceroute", .to = t->name[0] != '\0' ? t->name : t->target,
		    .address = t->target, .protocol = t->method, .country = "", .inward = t->inward,
		    .first_frame = t->first_frame }, n, NULL);
	}
}

void make_when(struct make *make)
{
	struct when w = { .make = make };

	traceroutes_make(make);
	gaps_make(&w);
	if (!make->full)
		awake_make(&w);
	if (!make->full)
		runs_make(&w);
	if (!make->full)
		moments_make(&w);
	for (size_t i = 0, end; !make->full && i < w.moments_n; i = end) {
		for (end = i; end < w.moments_n && w.moments[end].group == w.moments[i].group; end++)
			;
		destination_try(&w, i, end);
	}
	if (!make->full)
		traceroutes_try(&w);
}
