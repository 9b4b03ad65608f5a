/* src/wire/make_where.c - destinations: relations of a device to one name (or address),
 * port and protocol, put together; and the countries. */
#include "wire/link.h"
#include "wire/make_in.h"
#include <stdlib.h>

enum { PORTS_MOST = 8 }; /* more ports of one host without an answer are one row */

struct where_row {
	uint32_t device, name; /* key */
	uint32_t host;	       /* key: when there is no name */
	uint16_t port;	       /* key */
	uint8_t protocol, inward; /* key */
	uint64_t tongue_frame;
	bool clear, encrypted;
};

struct pair_row { /* a device's calls to one host that nobody answered */
	uint32_t device, host; /* key */
	uint32_t ports, spare;
};

struct at_row { /* an address of a destination */
	uint32_t destination, host; /* key */
};

struct where {
	struct rows rows, pairs, at;
};

/* "203.0.113.1", "[2001:db8::1]:80": a Host that is only the address again. */
static uint32_t name_cut(struct make *make, uint32_t name)
{
	struct span text = span_text(make_text(make, name)), part = text;

	if (text.left > 2 && text.at[0] == '[')
		return 0;
	struct span host = span_until(&part, ':');

	if (address_read(host).family != ADDRESS_NONE || address_read(text).family != ADDRESS_NONE)
		return 0;
	return name;
}

static uint32_t relation_name(struct make *make, const struct relation_row *row, bool inward)
{
	uint32_t name = inward ? 0 : row->key.name;

	name = name != 0 ? name_cut(make, name) : 0;
	if (name == 0)
		name = make->name_of[inward ? row->key.client : row->key.server];
	return name;
}

static bool is_silent(const struct relation_row *row)
{
	return row->unanswered == row->flows && row->frames[SIDE_SERVER] == 0;
}

static void pairs_count(struct make *make, struct where *w)
{
	for (uint32_t i = 0; i < make->g->relations.n; i++) {
		const struct relation_row *row = make_relation(make, i);
		struct pair_row key = { .device = make->device_of[row->key.client],
			.host = row->key.server }, *pair;

		if (key.device == AUDIT_NO_DEVICE || !is_silent(row))
			continue;
		pair = rows_put(&w->pairs, &key, NULL);
		if (pair != NULL)
			pair->ports++;
	}
}

static bool has_many_ports(const struct where *w, uint32_t device, const struct relation_row *row)
{
	struct pair_row key = { .device = device, .host = row->key.server };
	const struct pair_row *pair = is_silent(row) ? rows_find(&w->pairs, &key) : NULL;

	return pair != NULL && pair->ports > PORTS_MOST;
}

/* Of the house.  A server of which only the name was told (a HAR) is not. */
static bool is_near(const struct address *at, bool named)
{
	static const uint8_t nowhere[16] = { 0 };

	return address_is_private(at) || at->family == ADDRESS_MAC ||
	    (address_is_group(at) && !(named && memcmp(at->byte, nowhere, sizeof nowhere) == 0));
}

static struct audit_destination *destination_of(struct make *make, struct where *w,
    const struct relation_row *row, bool inward)
{
	struct audit *audit = make->audit;
	uint32_t host = inward ? row->key.client : row->key.server;
	struct where_row key = { .device = make->device_of[inward ? row->key.server :
	    row->key.client], .protocol = row->key.protocol, .inward = inward,
		.name = relation_name(make, row, inward) }, *at;
	bool is_new;

	key.host = key.name == 0 ? host : 0;
	key.port = has_many_ports(w, key.device, row) ? 0 : row->key.port;
	at = rows_put(&w->rows, &key, &is_new);
	if (at == NULL) {
		make->full = true;
		return NULL;
	}
	uint32_t number = rows_index(&w->rows, at);
	struct audit_destination *to = &audit->destinations[number];

	if (is_new) {
		at->tongue_frame = UINT64_MAX;
		*to = (struct audit_destination){ .device = key.device, .name_from = "",
			.name = make_text(make, key.name),
			.protocol = row->key.protocol == 0 && row->key.port == ETHER_MACSEC ? "macsec" : "",
			.country = "", .owner = "",
			.port = row->key.protocol == 0 ? 0 : key.port, .inward = inward,
			.transport = audit_transport_word(row->key.protocol),
			.first_ns = row->first_ns, .first_frame = row->first_frame,
			.domain = domain_of(make_text(make, key.name)),
			.local = make->device_of[host] != AUDIT_NO_DEVICE ||
			    is_near(&make_host(make, host)->address, key.name != 0) };
		audit->destinations_n++;
	}
	if (row->tongue[0] != '\0' && row->tongue_frame < at->tongue_frame) {
		at->tongue_frame = row->tongue_frame;
		to->protocol = row->tongue;
	}
	if (key.name != 0 && to->name_from[0] != 'c')
		to->name_from = !inward && key.name == row->key.name ? "content" : "dns";
	at->clear |= row->clear;
	at->encrypted |= row->encrypted;
	to->encrypted = at->encrypted && !at->clear;
	return to;
}

static void destination_add(struct audit_destination *to, const struct relation_row *row,
    unsigned near)
{
	to->bytes_out += row->bytes[near];
	to->bytes_in += row->bytes[1 - near];
	to->frames_out += row->frames[near];
	to->frames_in += row->frames[1 - near];
	to->flows += row->flows;
	to->unanswered += row->unanswered;
	to->contacts += row->contacts;
	to->first_ns = row->first_ns < to->first_ns ? row->first_ns : to->first_ns;
	to->last_ns = row->last_ns > to->last_ns ? row->last_ns : to->last_ns;
	if (row->first_frame < to->first_frame)
		to->first_frame = row->first_frame;
}

static void relations_sort(struct make *make, struct where *w)
{
	for (uint32_t i = 0; i < make->g->relations.n; i++) {
		const struct relation_row *row = make_relation(make, i);
		uint32_t of[2] = { make->device_of[row->key.client], make->device_of[row->key.server] };

		make->destination_of[2 * i] = make->destination_of[2 * i + 1] = AUDIT_NO_DEVICE;
		for (unsigned inward = 0; inward < 2; inward++) {
			struct audit_destination *to;

			/* between two devices it is the destination of who began */
			if (of[inward] == AUDIT_NO_DEVICE || row->key.decrypted ||
			    (inward && of[0] != AUDIT_NO_DEVICE))
				continue;
			to = destination_of(make, w, row, inward);
			if (to == NULL)
				return;
			destination_add(to, row, inward);
			make->destination_of[2 * i + inward] =
			    (uint32_t)(to - make->audit->destinations);
			struct at_row at = { make->destination_of[2 * i + inward],
				inward ? row->key.client : row->key.server };

			(void)rows_put(&w->at, &at, NULL);
		}
	}
}

static void addresses_set(struct make *make, struct where *w)
{
	struct audit *audit = make->audit;
	const char **texts = make_take(make, w->at.n, sizeof *texts);
	size_t used = 0;

	if (texts == NULL)
		return;
	for (uint32_t i = 0; i < w->at.n; i++)
		audit->destinations[((struct at_row *)rows_row(&w->at, i))->destination].addresses_n++;
	for (size_t i = 0; i < audit->destinations_n; i++) {
		audit->destinations[i].addresses = texts + used;
		used += audit->destinations[i].addresses_n;
		audit->destinations[i].addresses_n = 0;
	}
	for (uint32_t i = 0; i < w->at.n; i++) {
		const struct at_row *at = rows_row(&w->at, i);
		struct audit_destination *to = &audit->destinations[at->destination];

		if (to->addresses_n == 0 && make->plan->place != NULL && !to->local) {
			char country[3] = "";
			const char *owner = "";

			if (make->plan->place->find(make->plan->place->context,
			    &make_host(make, at->host)->address, country, &owner)) {
				to->country = arena_text(make->arena, span_text(country));
				to->owner = owner;
				make->full |= to->country == NULL;
			}
		}
		to->addresses[to->addresses_n++] = make_host_text(make, at->host);
	}
}

/* -- other names of the same address -------------------------------------------------- */

static void other_add(struct audit_destination *to, const char *name)
{
	size_t n = to->others < AUDIT_NAMES ? to->others : AUDIT_NAMES;

	for (size_t i = 0; i < n; i++)
		if (strcmp(to->other[i], name) == 0)
			return;
	if (strcmp(name, to->name) == 0)
		return;
	if (to->others < AUDIT_NAMES)
		to->other[to->others] = name;
	to->others++;
}

/* Two names on one address stay two destinations where content tells them apart; where only
 * DNS names the address, all of its names are told. */
static void others_set(struct make *make, const struct where *w)
{
	const struct rows *answers = &make->g->answers;
	uint32_t *first = make_take(make, make->g->hosts.n, sizeof *first);
	uint32_t *next = make_take(make, answers->n, sizeof *next);

	if (make->full)
		return;
	for (uint32_t i = answers->n; i-- > 0;) {
		const struct answer_row *row = rows_row(answers, i);

		next[i] = first[row->host];
		first[row->host] = i + 1;
	}
	for (uint32_t i = 0; i < w->at.n; i++) {
		const struct at_row *at = rows_row(&w->at, i);
		struct audit_destination *to = &make->audit->destinations[at->destination];

		for (uint32_t a = first[at->host]; to->name_from[0] == 'd' && a != 0; a = next[a - 1])
			other_add(to, make_text(make, ((const struct answer_row *)rows_row(answers, a - 1))->name));
	}
}

/* -- medians of round trips and rates ---------------------------------------------- */

struct sample {
	uint32_t destination, value;
};

static int by_sample(const void *a, const void *b)
{
	const struct sample *one = a, *two = b;

	if (one->destination != two->destination)
		return one->destination < two->destination ? -1 : 1;
	return (one->value > two->value) - (one->value < two->value);
}

static int by_value(const void *a, const void *b)
{
	const struct sample *one = a, *two = b;

	return (one->value > two->value) - (one->value < two->value);
}

/* The median of all, and of each destination into set(), with the number of them. */
static uint32_t samples_median(struct make *make, const struct rows *rows,
    void (*set)(struct audit_destination *to, uint32_t median, size_t n), uint64_t *ret_n)
{
	struct sample *list = make_take(make, rows->n, sizeof *list);
	size_t n = 0, end;

	for (uint32_t i = 0; list != NULL && i < rows->n; i++) {
		const struct sample_row *row = rows_row(rows, i);
		const uint32_t *to = &make->destination_of[2 * row->relation];

		if (to[0] != AUDIT_NO_DEVICE || to[1] != AUDIT_NO_DEVICE)
			list[n++] = (struct sample){ to[0] != AUDIT_NO_DEVICE ? to[0] : to[1],
				row->value };
	}
	*ret_n = n;
	if (n == 0)
		return 0;
	qsort(list, n, sizeof *list, by_sample);
	for (size_t i = 0; i < n; i = end) {
		for (end = i; end < n && list[end].destination == list[i].destination; end++)
			;
		set(&make->audit->destinations[list[i].destination],
		    list[i + (end - i - 1) / 2].value, end - i);
	}
	qsort(list, n, sizeof *list, by_value);
	return list[(n - 1) / 2].value;
}

static void handshake_set(struct audit_destination *to, uint32_t median, size_t n)
{
	to->handshake_us = median;
	to->handshakes = (uint32_t)n;
}

static void rate_set(struct audit_destination *to, uint32_t median, size_t n)
{
	(void)n;
	to->rate_in = median;
}

/* -- the list in order ------------------------------------------------------------- */

static int by_traffic(const void *a, const void *b)
{
	const struct audit_destination *one = a, *two = b;
	uint64_t of_one = one->bytes_out + one->bytes_in, of_two = two->bytes_out + two->bytes_in;

	if (one->device != two->device)
		return one->device < two->device ? -1 : 1;
	if (of_one != of_two)
		return of_one < of_two ? 1 : -1;
	return (one->first_frame > two->first_frame) - (one->first_frame < two->first_frame);
}

static void destinations_sort(struct make *make)
{
	struct audit *audit = make->audit;
	uint32_t *to = make_take(make, audit->destinations_n, sizeof *to);

	if (to == NULL)
		return;
	/* the number before sorting travels in a field that is set last */
	for (uint32_t i = 0; i < audit->destinations_n; i++)
		audit->destinations[i].number = i;
	qsort(audit->destinations, audit->destinations_n, sizeof *audit->destinations,
	    by_traffic);
	for (uint32_t i = 0; i < audit->destinations_n; i++) {
		struct audit_destination *one = &audit->destinations[i];

		to[one->number] = i;
		one->number = i;
		if (one->protocol[0] == '\0')
			one->protocol = one->transport;
		audit->devices[one->device].destinations += !audit_is_echo(one);
	}
	for (uint32_t i = 0; i < make->g->relations.n * 2; i++)
		if (make->destination_of[i] != AUDIT_NO_DEVICE)
			make->destination_of[i] = to[make->destination_of[i]];
}

void make_destinations(struct make *make)
{
	struct audit *audit = make->audit;
	struct where w;

	rows_init(&w.rows, sizeof(struct where_row), offsetof(struct where_row, tongue_frame),
	    UINT32_MAX / 4, make->g->seed);
	rows_init(&w.pairs, sizeof(struct pair_row), offsetof(struct pair_row, ports),
	    UINT32_MAX / 4, make->g->seed);
	rows_init(&w.at, sizeof(struct at_row), sizeof(struct at_row), UINT32_MAX / 4,
	    make->g->seed);
	/* of one device only: between two it is the destination of who began */
	audit->destinations = make_take(make, make->g->relations.n, sizeof *audit->destinations);
	if (!make->full) {
		pairs_count(make, &w);
		relations_sort(make, &w);
		addresses_set(make, &w);
		others_set(make, &w);
		audit->handshake_us = samples_median(make, &make->g->round_trips, handshake_set,
		    &audit->handshakes);
		audit->rate_in = samples_median(make, &make->g->rates, rate_set, &audit->rates);
		destinations_sort(make);
	}
	rows_end(&w.rows);
	rows_end(&w.pairs);
	rows_end(&w.at);
}

/* -- countries --------------------------------------------------------------------- */

static int by_country(const void *a, const void *b)
{
	const struct audit_country *one = a, *two = b;
	uint64_t of_one = one->bytes_out + one->bytes_in, of_two = two->bytes_out + two->bytes_in;

	if (of_one != of_two)
		return of_one < of_two ? 1 : -1;
	return strcmp(one->country, two->country);
}

enum { COUNTRIES_MOST = 677 }; /* all pairs of letters, and unknown */

static size_t country_number(const char *country)
{
	if (country[0] < 'A' || country[0] > 'Z' || country[1] < 'A' || country[1] > 'Z')
		return COUNTRIES_MOST - 1;
	return (size_t)(country[0] - 'A') * 26 + (size_t)(country[1] - 'A');
}

void make_countries(struct make *make)
{
	struct audit *audit = make->audit;
	struct audit_country *all = make_take(make, COUNTRIES_MOST, sizeof *all);
	uint32_t *last_device = make_take(make, COUNTRIES_MOST, sizeof *last_device);
	size_t n = 0;

	if (make->full)
		return;
	for (size_t i = 0; i < audit->destinations_n; i++) {
		const struct audit_destination *from = &audit->destinations[i];
		size_t at = country_number(from->country);
		struct audit_country *to = &all[at];

		if (from->local || audit_is_echo(from))
			continue;
		to->country = from->country;
		to->bytes_out += from->bytes_out;
		to->bytes_in += from->bytes_in;
		to->flows += from->flows;
		to->destinations++;
		/* destinations come device by device */
		if (from->country[0] != '\0' && last_device[at] != from->device + 1)
			audit->devices[from->device].countries++;
		last_device[at] = from->device + 1;
	}
	for (size_t i = 0; i < COUNTRIES_MOST; i++)
		if (all[i].destinations > 0)
			all[n++] = all[i];
	qsort(all, n, sizeof *all, by_country);
	audit->countries = all;
	audit->countries_n = n;
}
