/* src/wire/rows.c - open addressing over row numbers, at most half full. */
#include "wire/rows.h"
#include "base/hash.h"
#include <stdlib.h>

enum { ROOM_FIRST = 16 };

struct name_row {
	uint64_t hash; /* seeded; two texts of one hash are taken for one */
	size_t offset;
};

void rows_init(struct rows *rows, size_t row_size, size_t key_size, uint32_t max, uint64_t seed)
{
	*rows = (struct rows){ .row_size = row_size, .key_size = key_size, .max = max,
		.seed = seed };
}

void rows_end(struct rows *rows)
{
	free(rows->at);
	free(rows->slots);
	*rows = (struct rows){ .at = NULL };
}

static uint32_t tag_of(const struct rows *rows, const void *key)
{
	return (uint32_t)hash_of(span_of(key, rows->key_size), rows->seed);
}

static struct rows_slot *slot_of(const struct rows *rows, const void *key, uint32_t tag)
{
	uint32_t mask = rows->slots_n - 1;

	for (uint32_t i = tag & mask;; i = (i + 1) & mask) {
		struct rows_slot *slot = &rows->slots[i];

		if (slot->number == 0 || (slot->tag == tag &&
			memcmp(rows_row(rows, slot->number - 1), key, rows->key_size) == 0))
			return slot;
	}
}

void *rows_find(const struct rows *rows, const void *key)
{
	const struct rows_slot *slot = rows->slots_n > 0 ? slot_of(rows, key, tag_of(rows, key))
	    : NULL;

	return slot != NULL && slot->number != 0 ? rows_row(rows, slot->number - 1) : NULL;
}

static bool room_make(struct rows *rows)
{
	uint32_t room = rows->room == 0 ? ROOM_FIRST : rows->room * 2;

	if (rows->n < rows->room)
		return true;
	if (rows->n >= rows->max)
		return false;
	room = room > rows->max ? rows->max : room;
	uint8_t *at = realloc(rows->at, room * rows->row_size);

	if (at == NULL)
		return false;
	rows->at = at;
	rows->room = room;
	return true;
}

/* Room for one more; where a slot goes follows from its tag alone. */
static bool slots_make(struct rows *rows)
{
	uint32_t n = rows->slots_n == 0 ? 2 * ROOM_FIRST : rows->slots_n * 2;

	if ((rows->n + 1) * 2 <= rows->slots_n)
		return true;
	struct rows_slot *slots = calloc(n, sizeof *slots);

	if (slots == NULL)
		return false;
	for (uint32_t i = 0; i < rows->slots_n; i++) {
		uint32_t k = rows->slots[i].tag & (n - 1);

		if (rows->slots[i].number == 0)
			continue;
		while (slots[k].number != 0)
			k = (k + 1) & (n - 1);
		slots[k] = rows->slots[i];
	}
	free(rows->slots);
	rows->slots = slots;
	rows->slots_n = n;
	return true;
}

void *rows_add(struct rows *rows)
{
	if (!room_make(rows)) {
		rows->lost++;
		return NULL;
	}
	void *row = rows_row(rows, rows->n++);

	memset(row, 0, rows->row_size);
	return row;
}

void *rows_put(struct rows *rows, const void *key, bool *ret_new)
{
	uint32_t tag = tag_of(rows, key);
	struct rows_slot *slot = rows->slots_n > 0 ? slot_of(rows, key, tag) : NULL;
	bool is_new = slot == NULL || slot->number == 0;
	void *row;

	if (ret_new != NULL)
		*ret_new = is_new;
	if (!is_new)
		return rows_row(rows, slot->number - 1);
	if (!slots_make(rows)) {
		rows->lost++;
		return NULL;
	}
	row = rows_add(rows);
	if (row == NULL)
		return NULL;
	/* the slot is looked for before the key is there: an equal row would be found */
	*slot_of(rows, key, tag) = (struct rows_slot){ .tag = tag, .number = rows->n };
	memcpy(row, key, rows->key_size);
	return row;
}

void names_init(struct names *names, size_t max, uint64_t seed)
{
	*names = (struct names){ .max = max };
	rows_init(&names->index, sizeof(struct name_row), sizeof(uint64_t), UINT32_MAX / 4, seed);
}

void names_done(struct names *names)
{
	rows_end(&names->index);
	free(names->pool);
	names->pool = NULL;
}

static bool pool_room(struct names *names, size_t need)
{
	size_t room = names->room == 0 ? 4096 : names->room;

	while (room < names->used + need)
		room *= 2;
	if (room == names->room)
		return true;
	if (names->used + need > names->max)
		return false;
	char *pool = realloc(names->pool, room);

	if (pool == NULL)
		return false;
	names->pool = pool;
	names->room = room;
	return true;
}

/* A zero byte would end the text early; it is shown as what it is not: a question mark. */
static void text_copy(char *to, struct span text)
{
	for (size_t i = 0; i < text.left; i++)
		to[i] = text.at[i] == 0 ? '?' : (char)text.at[i];
	to[text.left] = '\0';
}

uint32_t name_put(struct names *names, struct span text)
{
	struct name_row *row;
	uint64_t hash;
	bool is_new;

	if (text.left == 0)
		return 0;
	text.left = text.left > NAME_LONGEST ? NAME_LONGEST : text.left;
	hash = hash_of(text, names->index.seed);
	row = rows_find(&names->index, &hash);
	if (row != NULL)
		return rows_index(&names->index, row) + 1;
	if (!pool_room(names, text.left + 1)) {
		names->index.lost++;
		return 0;
	}
	row = rows_put(&names->index, &hash, &is_new);
	if (row == NULL)
		return 0;
	row->offset = names->used;
	text_copy(names->pool + names->used, text);
	names->used += text.left + 1;
	return rows_index(&names->index, row) + 1;
}

uint32_t name_find(const struct names *names, struct span text)
{
	uint64_t hash = hash_of(text, names->index.seed);
	const struct name_row *row = text.left > 0 ? rows_find(&names->index, &hash) : NULL;

	return row == NULL ? 0 : rows_index(&names->index, row) + 1;
}

uint32_t name_put_host(struct names *names, struct span text)
{
	uint8_t low[256];

	if (text.left > 1 && text.at[text.left - 1] == '.')
		text.left--;
	if (text.left == 0 || text.left > sizeof low)
		return name_put(names, text);
	for (size_t i = 0; i < text.left; i++)
		low[i] = text.at[i] >= 'A' && text.at[i] <= 'Z' ? text.at[i] | 32 : text.at[i];
	return name_put(names, span_of(low, text.left));
}

const char *name_at(const struct names *names, uint32_t number)
{
	const struct name_row *row;

	if (number == 0 || number > names->index.n)
		return "";
	row = rows_row(&names->index, number - 1);
	return names->pool + row->offset;
}
