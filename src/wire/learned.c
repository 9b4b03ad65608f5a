/* src/wire/learned.c - hours put together, and made less than their sum. */
#include "wire/learned_in.h"
#include "wire/pack.h"
#include <stdlib.h>

enum { HOUR_MS = 3600000, DAY_MS = 86400000, GAP_LEAST_MS = 60000, SETTLED_MS = 600000,
	LONE_MS = HOUR_MS };

/* What is kept: contacts of so many days; of each pair so many one by one; who was met
 * within one hour only, for so long.  The weekly want eight days of the last. */
static const struct strictness {
	unsigned days, each, lone_hours;
} levels[] = { { LIMIT_WIRE_LEARN_DAYS, LIMIT_WIRE_LEARN_EACH, 8 * 24 },
	{ LIMIT_WIRE_LEARN_DAYS, 512, 48 }, { LIMIT_WIRE_LEARN_DAYS, 512, 0 },
	{ LIMIT_WIRE_LEARN_DAYS, 128, 0 }, { 14, 64, 0 }, { 7, 32, 0 }, { 2, 16, 0 }, { 1, 8, 0 } };
enum { LEVELS = sizeof levels / sizeof *levels };

bool learned_may_thin(unsigned level)
{
	return level < LEVELS;
}

int learned_new(uint64_t seed, struct learned **ret_learned, struct why *why)
{
	struct learned *learned = calloc(1, sizeof *learned);
	int code = learned == NULL ? fail(why, KS_FULL, "out of memory")
	    : gather_new_small(seed, LIMIT_WIRE_SHARE, &learned->gather, why);

	if (code != KS_OK) {
		free(learned);
		return code;
	}
	learned->seed = seed;
	*ret_learned = learned;
	return KS_OK;
}

void learned_free(struct learned *learned)
{
	if (learned == NULL)
		return;
	gather_free(learned->gather);
	free(learned);
}

const struct gather *learned_gather(const struct learned *learned)
{
	return learned->gather;
}

uint64_t learned_forgotten(const struct learned *learned)
{
	return learned->forgotten;
}

void learned_plan(const struct learned *learned, struct make_plan *plan)
{
	plan->counts.first_ns = learned->since_ms * 1000000;
	plan->counts.last_ns = learned->until_ms * 1000000;
	plan->gaps = learned->deaf;
	plan->gaps_n = learned->deaf_n;
}

/* -- one gather into another, as far as it is wanted ------------------------------------ */

struct contact {
	uint32_t relation, entry;
	int64_t ms;
	bool thinned;
};
struct copy {
	const struct gather *from;
	struct gather *into;
	uint32_t *names, *hosts; /* numbers there, and one; 0: not there yet */
	struct contact *contacts;
	size_t contacts_n;
	int64_t oldest_ms, lone_ms;
	size_t each;
};

static void copy_done(struct copy *c)
{
	free(c->names);
	free(c->hosts);
	free(c->contacts);
}

static int by_contact(const void *a, const void *b)
{
	const struct contact *one = a, *two = b;

	if (one->relation != two->relation)
		return one->relation < two->relation ? -1 : 1;
	if (one->ms != two->ms)
		return one->ms < two->ms ? -1 : 1;
	return (one->thinned > two->thinned) - (one->thinned < two->thinned);
}

static bool copy_new(struct copy *c)
{
	c->names = calloc(c->from->names.index.n + 1u, sizeof *c->names);
	c->hosts = calloc(c->from->hosts.n + 1u, sizeof *c->hosts);
	c->contacts = calloc(c->from->entries.n + 1u, sizeof *c->contacts);
	if (c->names == NULL || c->hosts == NULL || c->contacts == NULL)
		return false;
	for (uint32_t i = 0; i < c->from->entries.n; i++) {
		const struct entry_row *entry = rows_row(&c->from->entries, i);

		c->contacts[c->contacts_n++] = (struct contact){ entry->relation, i,
			entry->first_ns / 1000000, entry->thinned };
	}
	qsort(c->contacts, c->contacts_n, sizeof *c->contacts, by_contact);
	return true;
}

static uint32_t name_copy(struct copy *c, uint32_t name)
{
	if (name != 0 && name <= c->from->names.index.n && c->names[name] == 0)
		c->names[name] = name_put(&c->into->names, span_text(name_at(&c->from->names, name)));
	return name <= c->from->names.index.n ? c->names[name] : 0;
}

/* UINT32_MAX: no room, or none. */
static uint32_t host_copy(struct copy *c, uint32_t host)
{
	if (host >= c->from->hosts.n)
		return UINT32_MAX;
	if (c->hosts[host] != 0)
		return c->hosts[host] - 1;
	const struct host_row *old = rows_row(&c->from->hosts, host);
	struct host_row *row = rows_put(&c->into->hosts, &old->address, NULL);

	if (row == NULL)
		return UINT32_MAX;
	row->several |= old->several ||
	    (old->has_mac && row->has_mac && memcmp(&row->mac, &old->mac, sizeof old->mac) != 0);
	if (old->has_mac && (!row->has_mac || memcmp(&old->mac, &row->mac, sizeof old->mac) < 0))
		row->mac = old->mac;
	row->has_mac |= old->has_mac;
	row->near += old->near;
	row->routed += old->routed;
	c->hosts[host] = rows_index(&c->into->hosts, row) + 1;
	return c->hosts[host] - 1;
}

static uint32_t relation_copy(struct copy *c, uint32_t relation)
{
	const struct relation_row *old = rows_row(&c->from->relations, relation);
	struct relation_key key = old->key;
	struct relation_row *row;
	bool is_new;

	key.client = host_copy(c, key.client);
	key.server = host_copy(c, key.server);
	key.name = name_copy(c, key.name);
	if (key.client == UINT32_MAX || key.server == UINT32_MAX)
		return UINT32_MAX;
	row = rows_put(&c->into->relations, &key, &is_new);
	if (row == NULL)
		return UINT32_MAX;
	gather_relation_sum(row, old, is_new);
	return rows_index(&c->into->relations, row);
}

/* The same contact told twice is one. */
static size_t contacts_single(struct contact *list, size_t n)
{
	size_t kept = 0;

	for (size_t i = 0; i < n; i++)
		if (kept == 0 || list[kept - 1].ms != list[i].ms)
			list[kept++] = list[i];
	return kept;
}

static void contacts_copy(struct copy *c, struct contact *list, size_t n)
{
	int64_t hour = INT64_MIN;

	n = contacts_single(list, n);
	if (list[n - 1].ms < c->oldest_ms ||
	    (list[n - 1].ms - list[0].ms < LONE_MS && list[n - 1].ms < c->lone_ms))
		return;
	uint32_t relation = relation_copy(c, list[0].relation);

	for (size_t i = 0; i < n && relation != UINT32_MAX; i++) {
		bool thinned = list[i].thinned || n - i > c->each;

		if (list[i].ms < c->oldest_ms || (thinned && list[i].ms / HOUR_MS == hour))
			continue;
		hour = thinned ? list[i].ms / HOUR_MS : hour;
		struct entry_row *entry = rows_add(&c->into->entries);

		if (entry == NULL)
			return;
		*entry = *(const struct entry_row *)rows_row(&c->from->entries, list[i].entry);
		entry->relation = relation;
		entry->thinned = thinned;
	}
}

static void ends_copy(void *user, const struct address *device, const struct address *target)
{
	struct copy *c = user;
	const struct address *const ends[] = { device, target };

	for (size_t i = 0; i < 2; i++) {
		const struct host_row *row = rows_find(&c->from->hosts, ends[i]);

		if (row != NULL)
			(void)host_copy(c, rows_index(&c->from->hosts, row));
	}
}

/* Who is called what: by itself, and by DNS where the address is of anybody met. */
static void called_copy(struct copy *c)
{
	for (uint32_t i = 0; i < c->from->namings.n; i++) {
		const struct naming_row *old = rows_row(&c->from->namings, i);
		struct naming_row key = { .how = old->how }, *row = NULL;

		if (old->last_ns / 1000000 < c->oldest_ms)
			continue;
		key.host = host_copy(c, old->host);
		key.name = name_copy(c, old->name);
		key.describes = name_copy(c, old->describes);
		row = key.host != UINT32_MAX ? rows_put(&c->into->namings, &key, NULL) : NULL;
		if (row == NULL)
			continue;
		row->mac = old->last_ns >= row->last_ns ? old->mac : row->mac;
		row->last_ns = old->last_ns > row->last_ns ? old->last_ns : row->last_ns;
		row->count += old->count;
		row->first_frame = old->first_frame;
	}
	for (uint32_t i = 0; i < c->from->answers.n; i++) {
		const struct answer_row *old = rows_row(&c->from->answers, i);
		struct answer_row key = { .host = UINT32_MAX }, *row = NULL;

		if (old->host < c->from->hosts.n && c->hosts[old->host] != 0)
			key = (struct answer_row){ .host = c->hosts[old->host] - 1,
				.name = name_copy(c, old->name) };
		row = key.host != UINT32_MAX ? rows_put(&c->into->answers, &key, NULL) : NULL;
		if (row == NULL)
			continue;
		row->count += old->count;
		row->first_ns = row->first_ns == 0 || old->first_ns < row->first_ns ? old->first_ns
										    : row->first_ns;
		row->last_ns = old->last_ns > row->last_ns ? old->last_ns : row->last_ns;
	}
}

static int gather_copy(struct copy *c, int64_t settled_ms, struct why *why)
{
	if (!copy_new(c)) {
		copy_done(c);
		return fail(why, KS_FULL, "out of memory");
	}
	for (size_t i = 0, end; i < c->contacts_n; i = end) {
		for (end = i; end < c->contacts_n && c->contacts[end].relation == c->contacts[i].relation;
		     end++)
			;
		contacts_copy(c, c->contacts + i, end - i);
	}
	tracks_keep(c->into->tracks, c->from->tracks, c->oldest_ms * 1000000, settled_ms * 1000000);
	tracks_ends(c->into->tracks, ends_copy, c);
	called_copy(c);
	copy_done(c);
	return KS_OK;
}

/* -- less of it ------------------------------------------------------------------------- */

/* The strictest kind may be full still: then what came last is not in it. */
static int thin(struct learned *l, const struct gather *from, unsigned *level, struct why *why)
{
	for (;; (*level)++) {
		const struct strictness *is = &levels[*level];
		struct gather *into = NULL;
		int code = gather_new_small(l->seed, LIMIT_WIRE_SHARE, &into, why);
		struct copy c = { .from = from, .into = into, .each = is->each,
			.oldest_ms = l->until_ms - is->days * (int64_t)DAY_MS,
			.lone_ms = l->until_ms - is->lone_hours * (int64_t)HOUR_MS };

		c.oldest_ms = c.oldest_ms < 0 ? 0 : c.oldest_ms;
		if (code == KS_OK)
			code = gather_copy(&c, l->until_ms - SETTLED_MS, why);
		if (code != KS_OK) {
			gather_free(into);
			return code;
		}
		if (gather_is_full(into) && *level + 1 < LEVELS) {
			gather_free(into);
			continue;
		}
		gather_free(l->gather);
		l->gather = into;
		l->since_ms = l->since_ms < c.oldest_ms ? c.oldest_ms : l->since_ms;
		l->forgotten += *level > 0;
		return KS_OK;
	}
}

int learned_thin(struct learned *learned, unsigned *level, struct why *why)
{
	return thin(learned, learned->gather, level, why);
}

/* -- one more --------------------------------------------------------------------------- */

static int by_from(const void *a, const void *b)
{
	const struct audit_gap *one = a, *two = b;

	return (one->from_ns > two->from_ns) - (one->from_ns < two->from_ns);
}

static void deaf_add(struct learned *l, struct audit_gap gap)
{
	enum { MOST = LIMIT_WIRE_LEARNED_GAPS };

	for (size_t i = 0; i < l->deaf_n; i++)
		if (l->deaf[i].from_ns == gap.from_ns && l->deaf[i].to_ns == gap.to_ns)
			return;
	if (l->deaf_n == MOST) /* they are in order: the oldest goes */
		memmove(l->deaf, l->deaf + 1, --l->deaf_n * sizeof l->deaf[0]);
	l->deaf[l->deaf_n++] = gap;
	qsort(l->deaf, l->deaf_n, sizeof l->deaf[0], by_from);
}

/* When both together were heard; `from` is the later one, unless it is heard again. */
static void times_join(struct learned *l, const struct learned *from)
{
	for (size_t i = 0; i < from->deaf_n; i++)
		deaf_add(l, from->deaf[i]);
	if (from->until_ms == 0)
		return;
	if (l->until_ms != 0 && from->since_ms - l->until_ms >= GAP_LEAST_MS)
		deaf_add(l, (struct audit_gap){ l->until_ms * 1000000, from->since_ms * 1000000 });
	if (l->until_ms == 0 || from->since_ms < l->since_ms)
		l->since_ms = from->since_ms;
	l->until_ms = from->until_ms > l->until_ms ? from->until_ms : l->until_ms;
}

static int join(struct learned *into, const struct gather *more, const struct learned *times,
    struct why *why)
{
	struct learned next = *into;
	struct gather *both = NULL;
	unsigned level = 0;
	int code = gather_new(into->seed, &both, why);
	const struct gather *parts[] = { into->gather, more };

	times_join(&next, times);
	for (size_t i = 0; i < 2 && code == KS_OK; i++) {
		struct copy c = { .from = parts[i], .into = both, .each = SIZE_MAX };

		code = gather_copy(&c, 0, why);
	}
	next.forgotten += both != NULL && gather_is_full(both);
	if (code == KS_OK)
		code = thin(&next, both, &level, why); /* the old gather goes with it */
	gather_free(both);
	if (code == KS_OK)
		*into = next;
	return code;
}

int learned_join(struct learned *into, const struct learned *from, struct why *why)
{
	return join(into, from->gather, from, why);
}

int learned_hour(struct learned *learned, const struct gather *hour, int64_t from_ms,
    int64_t to_ms, struct why *why)
{
	const struct learned times = { .since_ms = from_ms,
		.until_ms = to_ms > from_ms ? to_ms : from_ms };

	if (!pack_time_good(times.since_ms) || !pack_time_good(times.until_ms))
		return fail(why, KS_MALFORMED, "an hour beyond any clock is not learned from");
	return join(learned, hour, &times, why);
}
