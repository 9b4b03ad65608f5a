/* src/wire/hashset.h - a growing set of 64-bit hashes, 8 bytes each: what was met, when
 * the thing itself is not needed.  Two things of one hash count as one: 1 in 10^7 for a
 * million things. */
#ifndef KS_WIRE_HASHSET_H
#define KS_WIRE_HASHSET_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct hashset {
	uint64_t *at; /* 0: empty */
	size_t count, room, most; /* most: room never grows past it */
};

/* Ask for the memory that looking for it will touch. */
static inline void hashset_prefetch(const struct hashset *set, uint64_t hash)
{
	if (set->room > 0)
		__builtin_prefetch(&set->at[hash & (set->room - 1)]);
}
bool hashset_has(const struct hashset *set, uint64_t hash);
/* True when it is new, and there was room for it. */
bool hashset_add(struct hashset *set, uint64_t hash);
/* All of `from` into `set`. */
void hashset_join(struct hashset *set, const struct hashset *from);
void hashset_done(struct hashset *set);
#endif
