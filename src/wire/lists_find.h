/* src/wire/lists_find.h - where an entry is in the table; for lists*.c alone. */
#ifndef KS_WIRE_LISTS_FIND_H
#define KS_WIRE_LISTS_FIND_H
#include "base/hash.h"
#include "wire/lists_in.h"

static inline uint64_t entry_hash(const struct lists *lists, enum entry_kind kind,
    struct span bytes)
{
	uint64_t hash = hash_of(bytes, lists->seed + (uint64_t)kind * 0x9e3779b97f4a7c15u);

	return hash != 0 ? hash : 1;
}

/* The same entry with other times stands under a key of its own. */
static inline uint64_t entry_turn(uint64_t key, unsigned turn)
{
	uint64_t its = key + turn * 0x2545f4914f6cdd1du;

	return its != 0 ? its : 1;
}

/* Where it is, or where it would be. */
static inline size_t entry_slot(const uint64_t *keys, size_t slots, uint64_t key)
{
	size_t i = (size_t)(key >> 8) & (slots - 1);

	while (keys[i] != 0 && keys[i] != key)
		i = (i + 1) & (slots - 1);
	return i;
}
#endif
