/* src/wire/make_listed.c - who of those spoken with, or asked for, is on a list. */
#include "base/limits.h"
#include "wire/make_in.h"
#include <stdlib.h>

struct listed_key {
	uint32_t device, indicator, list; /* names of `words` */
	uint32_t way;
};
struct listed_row {
	struct listed_key key;
	struct audit_listed listed;
};

struct listing {
	struct rows rows;
	struct names words;
	const struct make_lists *lists;
};

/* One more sign of a listed thing; `again`: it was counted already as something else. */
struct sign {
	uint32_t device;
	uint64_t count, frame;
	int64_t first_ns, last_ns;
	bool again;
	enum finding_way way;
};

static void listed_put(struct make *make, struct listing *l, const struct audit_listed *found,
    const struct sign *sign)
{
	struct listed_key key = { .device = sign->device,
		.indicator = name_put(&l->words, span_text(found->indicator)),
		.list = name_put(&l->words, span_text(found->list)), .way = sign->way };
	struct listed_row *row;
	bool is_new;

	row = rows_put(&l->rows, &key, &is_new);
	if (row == NULL) {
		make->full = true;
		return;
	}
	if (is_new) {
		row->listed = *found;
		row->listed.device = sign->device;
		row->listed.way = (uint8_t)sign->way;
		row->listed.count = sign->count;
		row->listed.first_frame = sign->frame;
		row->listed.first_ns = sign->first_ns;
		row->listed.last_ns = sign->last_ns;
		return;
	}
	struct audit_listed *to = &row->listed;

	to->count += sign->again ? 0 : sign->count;
	to->first_frame = sign->frame < to->first_frame ? sign->frame : to->first_frame;
	to->first_ns = sign->first_ns < to->first_ns ? sign->first_ns : to->first_ns;
	to->last_ns = sign->last_ns > to->last_ns ? sign->last_ns : to->last_ns;
}

/* Does the entry hold all the while? */
static bool holds_throughout(const struct audit_listed *found, const struct sign *sign)
{
	return (found->from_ns == 0 || found->from_ns <= sign->first_ns) &&
	    (found->until_ns == 0 || sign->last_ns < found->until_ns);
}

/* False: an entry holds a part of the time only, and nothing was put yet. */
static bool ask(struct make *make, struct listing *l, const struct make_indicator *indicator,
    const struct sign *sign)
{
	struct audit_listed found = { .indicator = "", .list = "", .entry = "", .date = "",
		.category = "" };
	struct make_indicator met = *indicator;

	met.first_ns = sign->first_ns;
	met.last_ns = sign->last_ns;
	if (!l->lists->find(l->lists->context, &met, &found))
		return true;
	if (!holds_throughout(&found, sign) && sign->first_ns != sign->last_ns)
		return false;
	listed_put(make, l, &found, sign);
	return true;
}

/* Contact by contact, where an entry did not hold all the while. */
static void contacts_ask(struct make *make, struct listing *l, uint32_t destination,
    const struct make_indicator *indicator)
{
	for (uint32_t i = 0; i < make->g->entries.n; i++) {
		const struct entry_row *entry = rows_row(&make->g->entries, i);
		const uint32_t *to = &make->destination_of[2 * (size_t)entry->relation];
		struct sign sign = { make->audit->destinations[destination].device, 1, entry->frame,
			entry->first_ns, entry->first_ns, false,
			make->audit->destinations[destination].inward ? WAY_FROM : WAY_OUT };

		if (to[0] == destination || to[1] == destination)
			(void)ask(make, l, indicator, &sign);
	}
}

static void destinations_ask(struct make *make, struct listing *l)
{
	for (uint32_t i = 0; i < make->audit->destinations_n; i++) {
		const struct audit_destination *d = &make->audit->destinations[i];
		struct sign sign = { d->device, d->contacts, d->first_frame, d->first_ns,
			d->last_ns, false, d->inward ? WAY_FROM : WAY_OUT };
		struct make_indicator name = { .name = d->name };

		if (d->name[0] != '\0' && !ask(make, l, &name, &sign))
			contacts_ask(make, l, i, &name);
		for (size_t k = 0; k < d->addresses_n && !d->local; k++) {
			struct address address = address_read(span_text(d->addresses[k]));
			struct make_indicator at = { .address = &address, .text = d->addresses[k],
				.port = d->port };

			if (address.family != ADDRESS_NONE && !ask(make, l, &at, &sign))
				contacts_ask(make, l, i, &at);
		}
	}
}

/* Of questions only the first and the last time are known: of more than two, one may well
 * have been asked while the entry held. */
static void question_ask(struct make *make, struct listing *l, const struct sign *sign,
    const struct make_indicator *name)
{
	struct sign first = *sign, last = *sign;
	struct audit_listed found = { .indicator = "" };
	struct make_indicator met = *name;

	if (ask(make, l, name, sign))
		return;
	met.first_ns = sign->first_ns;
	met.last_ns = sign->last_ns;
	if (sign->count > 2 && l->lists->find(l->lists->context, &met, &found)) {
		listed_put(make, l, &found, sign);
		return;
	}
	first.count = last.count = 1;
	first.last_ns = first.first_ns;
	last.first_ns = last.last_ns;
	(void)ask(make, l, name, &first);
	(void)ask(make, l, name, &last);
}

static void questions_ask(struct make *make, struct listing *l)
{
	for (size_t i = 0; i < make->audit->dns_n; i++) {
		const struct audit_dns *dns = &make->audit->dns[i];
		struct sign sign = { dns->device, dns->count, dns->first_frame, dns->first_ns,
			dns->last_ns, true, WAY_OUT };

		if (dns->name[0] != '\0' && dns->count > 0)
			question_ask(make, l, &sign, &(struct make_indicator){ .name = dns->name });
	}
}

static void requests_ask(struct make *make, struct listing *l)
{
	for (size_t i = 0; i < make->audit->http_n; i++) {
		const struct audit_http *http = &make->audit->http[i];
		struct sign sign = { http->device, 1, http->frame, http->time_ns, http->time_ns,
			false, http->inward ? WAY_AT : WAY_OUT };

		(void)ask(make, l, &(struct make_indicator){ .url_host = http->host[0] != '\0' ?
		    http->host : http->server, .url_path = http->uri }, &sign);
	}
}

static void fingerprints_ask(struct make *make, struct listing *l)
{
	for (size_t i = 0; i < make->audit->tls_n; i++) {
		const struct audit_tls *tls = &make->audit->tls[i];
		struct sign sign = { tls->device, 1, tls->frame, tls->time_ns, tls->time_ns, false,
			tls->inward ? WAY_FROM : WAY_OUT };

		if (tls->ja3[0] != '\0')
			(void)ask(make, l, &(struct make_indicator){ .fingerprint = tls->ja3 }, &sign);
		if (tls->server_device != AUDIT_NO_DEVICE) {
			sign.device = tls->server_device; /* it shows that certificate */
			sign.way = WAY_AT;
		}
		if (tls->leaf != AUDIT_NO_DEVICE)
			(void)ask(make, l, &(struct make_indicator){ .fingerprint =
			    make->audit->certificates[tls->leaf].sha1 }, &sign);
	}
}

static int by_frame(const void *a, const void *b)
{
	const struct audit_listed *one = a, *two = b;

	if (one->first_frame != two->first_frame)
		return one->first_frame < two->first_frame ? -1 : 1;
	return strcmp(one->indicator, two->indicator);
}

void make_listed(struct make *make)
{
	struct audit *audit = make->audit;
	struct listing l = { .lists = make->plan->lists };

	if (l.lists == NULL)
		return;
	rows_init(&l.rows, sizeof(struct listed_row), sizeof(struct listed_key), UINT32_MAX / 4,
	    make->g->seed);
	names_init(&l.words, LIMIT_GATHER_NAMES, make->g->seed);
	destinations_ask(make, &l);
	questions_ask(make, &l);
	requests_ask(make, &l);
	fingerprints_ask(make, &l);
	audit->listed = make_take(make, l.rows.n, sizeof *audit->listed);
	for (uint32_t i = 0; !make->full && i < l.rows.n; i++)
		audit->listed[audit->listed_n++] =
		    ((struct listed_row *)rows_row(&l.rows, i))->listed;
	if (!make->full)
		qsort(audit->listed, audit->listed_n, sizeof *audit->listed, by_frame);
	rows_end(&l.rows);
	names_done(&l.words);
}
