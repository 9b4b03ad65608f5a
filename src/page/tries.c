#include "page/tries.h"
#include "base/hash.h"
#include <stddef.h>

static uint64_t key_of(const struct tries *tries, struct span word)
{
	uint64_t key = hash_of(word, tries->seed);

	return key != 0 ? key : 1;
}

static struct tried *row_find(struct tried *rows, uint64_t key)
{
	for (size_t i = 0; i < LIMIT_TRIES; i++)
		if (rows[i].key == key)
			return &rows[i];
	return NULL;
}

/* The row of key; a new one takes the place of the one with the fewest failures, and of
 * those the oldest: who tries most is remembered longest. */
static struct tried *row_make(struct tried *rows, uint64_t key, int64_t now_ms)
{
	struct tried *row = row_find(rows, key), *least = &rows[0];

	if (row != NULL && now_ms - row->last_ms > TRIES_FORGET_MS)
		row->failed = 0;
	if (row != NULL)
		return row;
	for (size_t i = 0; i < LIMIT_TRIES && least->key != 0; i++) {
		bool old = rows[i].key == 0 || now_ms - rows[i].last_ms > TRIES_FORGET_MS;

		if (old || rows[i].failed < least->failed ||
		    (rows[i].failed == least->failed && rows[i].last_ms < least->last_ms))
			least = &rows[i];
		if (old)
			break;
	}
	*least = (struct tried){ .key = key };
	return least;
}

int64_t tries_wait(struct tries *tries, struct span address, int64_t now_ms)
{
	const struct tried *row = row_find(tries->addresses, key_of(tries, address));

	if (row == NULL || row->next_ms <= now_ms)
		return 0;
	tries->refused++;
	return row->next_ms - now_ms;
}

int64_t tries_name_ms(const struct tries *tries, const char *name)
{
	uint64_t key = key_of(tries, span_text(name));

	for (size_t i = 0; i < LIMIT_TRIES; i++)
		if (tries->names[i].key == key)
			return tries->names[i].next_ms;
	return 0;
}

void tries_failed(struct tries *tries, struct span address, const char *name, int64_t now_ms)
{
	struct tried *row = row_make(tries->addresses, key_of(tries, address), now_ms);
	int64_t wait = TRIES_FIRST_MS;

	row->failed += row->failed < UINT32_MAX;
	row->last_ms = now_ms;
	for (uint32_t i = TRIES_FREE; i < row->failed && wait < TRIES_MOST_MS; i++)
		wait *= 2;
	if (row->failed >= TRIES_FREE)
		row->next_ms = now_ms + (wait < TRIES_MOST_MS ? wait : TRIES_MOST_MS);
	row = row_make(tries->names, key_of(tries, span_text(name)), now_ms);
	row->failed += row->failed < UINT32_MAX;
	row->last_ms = now_ms;
	if (row->failed >= TRIES_NAME_FREE)
		row->next_ms = now_ms + TRIES_NAME_MS;
}

void tries_good(struct tries *tries, struct span address)
{
	struct tried *row = row_find(tries->addresses, key_of(tries, address));

	if (row != NULL)
		row->failed /= 2;
}
