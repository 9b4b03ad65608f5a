/* src/wire/repeats.c - see repeats.h. */
#include "wire/repeats.h"
#include "base/hash.h"
#include "base/limits.h"
#include <stdio.h>
#include <stdlib.h>

enum { WORD_LEAST = 8, WORD_MOST = 64, VARIETY = 6, DAYS_LEAST = 3 };
static const int64_t day_ns = 86400LL * 1000000000;

/* Of one value from one device to one host; or, value 0, of all that was looked at. */
struct row {
	uint64_t key;	/* hash of device, host, value; 0: free */
	uint64_t value; /* its hash; 0 for the row of the pair */
	uint64_t pair;	/* hash of device and host */
	int64_t last_day;
	struct repeated is;
};

struct repeats {
	uint64_t seed, lost;
	struct row *rows;
	size_t slots, used;
	struct repeated *found;
};

int repeats_new(uint64_t seed, struct repeats **ret_repeats)
{
	struct repeats *repeats = calloc(1, sizeof *repeats);

	if (repeats == NULL)
		return KS_FULL;
	repeats->seed = seed;
	*ret_repeats = repeats;
	return KS_OK;
}

void repeats_free(struct repeats *repeats)
{
	if (repeats == NULL)
		return;
	free(repeats->rows);
	free(repeats->found);
	free(repeats);
}

static struct row *row_at(struct row *rows, size_t slots, uint64_t key)
{
	size_t i = (size_t)(key >> 7) & (slots - 1);

	while (rows[i].key != 0 && rows[i].key != key)
		i = (i + 1) & (slots - 1);
	return &rows[i];
}

static bool rows_grow(struct repeats *r)
{
	size_t slots = r->slots == 0 ? 256 : r->slots * 2;

	if ((r->used + 1) * 2 <= r->slots)
		return true;
	if (r->used >= LIMIT_REPEATS)
		return false;
	struct row *rows = calloc(slots, sizeof *rows);

	if (rows == NULL)
		return false;
	for (size_t i = 0; i < r->slots; i++)
		if (r->rows[i].key != 0)
			*row_at(rows, slots, r->rows[i].key) = r->rows[i];
	free(r->rows);
	r->rows = rows;
	r->slots = slots;
	return true;
}

static struct row *row_put(struct repeats *r, uint64_t key)
{
	if (!rows_grow(r)) {
		r->lost++;
		return NULL;
	}
	struct row *row = row_at(r->rows, r->slots, key);

	if (row->key == 0) {
		row->key = key;
		row->last_day = INT64_MIN;
		r->used++;
	}
	return row;
}

/* One word of letters and digits, of some variety: not prose, not a plain number. */
static bool is_mark(struct span s)
{
	uint64_t seen[4] = { 0 };
	size_t digits = 0, letters = 0, variety = 0;

	if (s.left < WORD_LEAST || s.left > WORD_MOST)
		return false;
	for (size_t i = 0; i < s.left; i++) {
		uint8_t c = s.at[i];
		bool digit = c >= '0' && c <= '9', letter = (c | 0x20) >= 'a' && (c | 0x20) <= 'z';

		if (!digit && !letter && c != '-' && c != '_' && c != ':' && c != '=' && c != '+')
			return false;
		digits += digit;
		letters += letter;
		variety += !(seen[c / 64] >> c % 64 & 1);
		seen[c / 64] |= 1ull << c % 64;
	}
	return digits >= 2 && letters >= 1 && variety >= VARIETY;
}

static void row_seen(struct row *row, const struct said_head *said, int64_t day)
{
	if (row->is.count == 0) {
		row->is.first_ns = said->time_ns;
		row->is.frame = said->frame;
	}
	row->is.count++;
	row->is.last_ns = said->time_ns > row->is.last_ns ? said->time_ns : row->is.last_ns;
	/* days come in order within one flow, and nearly so within a worker */
	row->is.days += day > row->last_day;
	row->last_day = day > row->last_day ? day : row->last_day;
}

static void text_keep(struct span s, char *to, size_t size)
{
	(void)snprintf(to, size, "%.*s", (int)(s.left < size ? s.left : size - 1),
	    s.left > 0 ? (const char *)s.at : "");
}

void repeats_take(struct repeats *repeats, const struct said_head *said,
    const struct said_body *leaf)
{
	const struct flow_view *flow = said->flow;
	uint64_t device = hash_of(span_of(flow->client.byte, 16), repeats->seed);
	uint64_t pair = hash_of(leaf->host.left > 0 ? leaf->host : span_of(flow->server.byte, 16),
	    device) | 1;
	int64_t day = said->time_ns / day_ns;
	struct row *all = row_put(repeats, pair);

	if (all != NULL)
		row_seen(all, said, day);
	if (!is_mark(leaf->bytes))
		return;
	uint64_t value = hash_of(leaf->bytes, repeats->seed + 1) | 1;
	struct row *row = row_put(repeats, hash_of(span_of(&value, sizeof value), pair) | 1);

	if (row == NULL)
		return;
	if (row->is.count == 0) {
		char name[MASKED_MAX];

		row->value = row->is.hash = value;
		row->pair = pair;
		row->is.device = flow->client;
		row->is.server = flow->server;
		value_mask(leaf->bytes, row->is.masked);
		text_keep(personal_key(leaf->key, name), row->is.key, sizeof row->is.key);
		text_keep(leaf->host, row->is.host, sizeof row->is.host);
	}
	row_seen(row, said, day);
}

void repeats_merge(struct repeats *into, const struct repeats *from)
{
	into->lost += from->lost;
	for (size_t i = 0; i < from->slots; i++) {
		const struct row *old = &from->rows[i];
		struct row *row = old->key != 0 ? row_put(into, old->key) : NULL;

		if (row == NULL)
			continue;
		if (row->is.count == 0) {
			*row = *old;
			continue;
		}
		/* two workers heard the pair: the days of the one that heard it longer */
		row->is.days = row->is.days > old->is.days ? row->is.days : old->is.days;
		row->is.count += old->is.count;
		if (old->is.frame < row->is.frame) {
			row->is.frame = old->is.frame;
			row->is.first_ns = old->is.first_ns;
		}
		row->is.last_ns = old->is.last_ns > row->is.last_ns ? old->is.last_ns : row->is.last_ns;
	}
}

static int by_value(const void *a, const void *b)
{
	const struct repeated *x = a, *y = b;
	int order = (x->hash > y->hash) - (x->hash < y->hash);

	return order != 0 ? order : (x->frame > y->frame) - (x->frame < y->frame);
}

static int by_frame(const void *a, const void *b)
{
	const struct repeated *x = a, *y = b;
	int order = (x->frame > y->frame) - (x->frame < y->frame);

	return order != 0 ? order : (x->hash > y->hash) - (x->hash < y->hash);
}

/* A value that several devices send is of the program, not of the device. */
static size_t shared_drop(struct repeated *list, size_t n)
{
	size_t kept = 0;

	qsort(list, n, sizeof *list, by_value);
	for (size_t i = 0, end; i < n; i = end) {
		bool shared = false;

		for (end = i + 1; end < n && list[end].hash == list[i].hash; end++)
			shared |= !address_equal(&list[end].device, &list[i].device);
		for (size_t k = i; !shared && k < end; k++)
			list[kept++] = list[k];
	}
	return kept;
}

const struct repeated *repeats_end(struct repeats *repeats, size_t *ret_n, uint64_t *ret_lost)
{
	size_t n = 0, kept = 0;

	free(repeats->found);
	repeats->found = calloc(repeats->used + 1, sizeof *repeats->found);
	*ret_n = 0;
	*ret_lost = repeats->lost;
	if (repeats->found == NULL)
		return NULL;
	for (size_t i = 0; i < repeats->slots; i++) {
		const struct row *row = &repeats->rows[i];

		if (row->key == 0 || row->value == 0)
			continue;
		repeats->found[n] = row->is;
		repeats->found[n++].of_days = row_at(repeats->rows, repeats->slots, row->pair)->is.days;
	}
	/* shared ones go first, also those that were too rare to be a mark */
	if (n > 0)
		n = shared_drop(repeats->found, n);
	for (size_t i = 0; i < n; i++) {
		const struct repeated *is = &repeats->found[i];

		if (is->days >= DAYS_LEAST && is->days * 3 >= is->of_days * 2)
			repeats->found[kept++] = *is;
	}
	if (kept > 0)
		qsort(repeats->found, kept, sizeof *repeats->found, by_frame);
	*ret_n = kept;
	return repeats->found;
}
