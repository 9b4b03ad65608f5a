#include "query/rows.h"
#include "base/hash.h"
#include "base/limits.h"
#include "base/more.h"
#include <stdlib.h>

enum { FIRST = 16, FIRST_SLOTS = 256, FIRST_BY_TAGS = 64 };

/* An array twice as long, from the arena; the old one stays there until the end. */
static void *grown(struct arena *arena, const void *old, size_t n, size_t room, size_t size)
{
	void *new = arena_array(arena, room, size);

	if (new != NULL && n > 0)
		memcpy(new, old, n * size);
	return new;
}

/* An array by number of tags, long enough for this one. */
static int by_tags(struct arena *arena, uint32_t **at, size_t *room, uint32_t tags)
{
	size_t want = *room == 0 ? FIRST_BY_TAGS : *room;

	if (tags < *room)
		return KS_OK;
	while (want <= tags)
		want *= 2;
	uint32_t *longer = grown(arena, *at, *room, want, sizeof *longer);

	if (longer == NULL)
		return KS_FULL;
	*at = longer;
	*room = want;
	return KS_OK;
}

int tags_init(struct tags *tags, struct arena *arena, uint64_t seed)
{
	uint32_t empty;

	*tags = (struct tags){ .arena = arena, .seed = seed };
	return tags_add(tags, span_of(NULL, 0), &empty);
}

static uint32_t slot_of(const struct tags *tags, struct span key)
{
	uint32_t slot = (uint32_t)hash_of(key, tags->seed) & tags->mask;

	while (tags->slots[slot] != 0) {
		struct span has = tags->of[tags->slots[slot] - 1];

		if (has.left == key.left && (key.left == 0 || memcmp(has.at, key.at, key.left) == 0))
			break;
		slot = (slot + 1) & tags->mask;
	}
	return slot;
}

static int tags_grow(struct tags *tags)
{
	uint32_t room = tags->room == 0 ? FIRST_SLOTS : tags->room * 2;
	struct span *of = grown(tags->arena, tags->of, tags->n, room, sizeof *of);
	uint32_t *slots = arena_array(tags->arena, (size_t)room * 2, sizeof *slots);

	if (of == NULL || slots == NULL)
		return KS_FULL;
	tags->of = of;
	tags->room = room;
	tags->slots = slots;
	tags->mask = room * 2 - 1;
	for (uint32_t i = 0; i < tags->n; i++)
		tags->slots[slot_of(tags, tags->of[i])] = i + 1;
	return KS_OK;
}

int tags_add(struct tags *tags, struct span key, uint32_t *ret_number)
{
	uint32_t slot = tags->n > 0 ? slot_of(tags, key) : 0;

	if (tags->n > 0 && tags->slots[slot] != 0) {
		*ret_number = tags->slots[slot] - 1;
		return KS_OK;
	}
	if (tags->n >= LIMIT_QUERY_TAGS)
		return KS_FULL;
	if (tags->n == tags->room) {
		if (tags_grow(tags) != KS_OK)
			return KS_FULL;
		slot = slot_of(tags, key);
	}
	uint8_t *kept = key.left > 0 ? arena_take(tags->arena, key.left) : NULL;

	if (key.left > 0 && kept == NULL)
		return KS_FULL;
	if (key.left > 0)
		memcpy(kept, key.at, key.left);
	tags->of[tags->n] = span_of(kept, key.left);
	tags->slots[slot] = ++tags->n;
	*ret_number = tags->n - 1;
	return KS_OK;
}

int values_add(struct arena *arena, struct values *values, struct value value)
{
	struct value *at = arena_more(arena, values->at, values->n, &values->room, FIRST, sizeof *at);

	if (at == NULL)
		return KS_FULL;
	values->at = at;
	values->at[values->n++] = value;
	return KS_OK;
}

struct row *rowset_add(struct arena *arena, struct rowset *rows, uint32_t tags)
{
	struct row *at = arena_more(arena, rows->at, rows->n, &rows->room, FIRST, sizeof *at);

	if (at == NULL)
		return NULL;
	rows->at = at;
	rows->at[rows->n] = (struct row){ .tags = tags };
	return &rows->at[rows->n++];
}

struct row *rowset_row(struct arena *arena, struct rowset *rows, uint32_t tags)
{
	if (by_tags(arena, &rows->of, &rows->of_room, tags) != KS_OK)
		return NULL;
	if (rows->of[tags] != 0)
		return &rows->at[rows->of[tags] - 1];
	struct row *row = rowset_add(arena, rows, tags);

	if (row != NULL)
		rows->of[tags] = (uint32_t)rows->n;
	return row;
}

int row_add(struct row *row, struct moment moment)
{
	struct moment *at = array_more(row->at, row->n, &row->room, FIRST, sizeof *at);

	if (at == NULL)
		return KS_FULL;
	row->at = at;
	row->at[row->n++] = moment;
	return KS_OK;
}

void rowset_free(struct rowset *rows)
{
	for (size_t i = 0; i < rows->n; i++)
		free(rows->at[i].at);
	rows->n = 0;
}

uint32_t memo_find(const struct memo *memo, uint32_t tags)
{
	return tags < memo->room ? memo->at[tags] : 0;
}

int memo_keep(struct arena *arena, struct memo *memo, uint32_t tags, uint32_t becomes)
{
	if (by_tags(arena, &memo->at, &memo->room, tags) != KS_OK)
		return KS_FULL;
	memo->at[tags] = becomes + 1;
	return KS_OK;
}

void marks_begin(struct marks *marks)
{
	marks->now++;
}

uint32_t marks_find(const struct marks *marks, uint32_t tags)
{
	return tags < marks->room && marks->stamp[tags] == marks->now ? marks->index[tags] : UINT32_MAX;
}

int marks_set(struct arena *arena, struct marks *marks, uint32_t tags, uint32_t index)
{
	size_t room = marks->room;

	if (by_tags(arena, &marks->index, &room, tags) != KS_OK ||
	    by_tags(arena, &marks->stamp, &marks->room, tags) != KS_OK)
		return KS_FULL;
	marks->stamp[tags] = marks->now;
	marks->index[tags] = index;
	return KS_OK;
}
