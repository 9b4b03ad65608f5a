/* src/wire/rows.h - a table of rows of one size that are found by their first bytes, the
 * key; and a pool of texts, each kept once.  Both have a maximum: past it nothing is
 * added and `lost` counts.  Rows keep the order in which they came and never leave.
 * A pointer to a row is good until the next rows_put(). */
#ifndef KS_WIRE_ROWS_H
#define KS_WIRE_ROWS_H
#include "base/span.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct rows_slot {
	uint32_t tag;	 /* lower half of the key's hash: says no without a look at the row */
	uint32_t number; /* of the row, and one; 0 empty */
};
struct rows {
	uint8_t *at;
	struct rows_slot *slots;
	size_t row_size, key_size;
	uint32_t n, room, max, slots_n;
	uint64_t seed, lost;
};

void rows_init(struct rows *rows, size_t row_size, size_t key_size, uint32_t max, uint64_t seed);
void rows_end(struct rows *rows);
/* NULL when there is none; key: key_size bytes, padding zeroed. */
void *rows_find(const struct rows *rows, const void *key);
/* The row of that key, new ones zeroed behind the key; NULL when there is no more room.
 * ret_new may be NULL. */
void *rows_put(struct rows *rows, const void *key, bool *ret_new);
static inline void *rows_row(const struct rows *rows, uint32_t i)
{
	return rows->at + (size_t)i * rows->row_size;
}
static inline uint32_t rows_index(const struct rows *rows, const void *row)
{
	return (uint32_t)((size_t)((const uint8_t *)row - rows->at) / rows->row_size);
}

/* Rows without a key: add one at the end; NULL past the maximum. */
void *rows_add(struct rows *rows);

/* Texts, by number; 0 is "". */
struct names {
	struct rows index; /* key: hash of the text; then where it is */
	char *pool;
	size_t used, room, max;
};
enum { NAME_LONGEST = 2048 }; /* longer ones are cut */

void names_init(struct names *names, size_t max, uint64_t seed);
void names_done(struct names *names);
uint32_t name_put(struct names *names, struct span text);
/* In lower case and without a last dot: host names. */
uint32_t name_put_host(struct names *names, struct span text);
/* 0 when it was never put. */
uint32_t name_find(const struct names *names, struct span text);
const char *name_at(const struct names *names, uint32_t number);
#endif
