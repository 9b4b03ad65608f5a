/* src/base/arena.h - memory that is freed all at once: one arena per loaded site,
 * poll, request or plan.  It never gives back a part, and never exceeds `max`. */
#ifndef KS_BASE_ARENA_H
#define KS_BASE_ARENA_H
#include "base/span.h"
#include <stddef.h>

struct arena_block;
struct arena {
	struct arena_block *last;
	size_t used, max;
};

void arena_init(struct arena *arena, size_t max);
void arena_done(struct arena *arena);
static inline void drop_arena(struct arena *arena)
{
	arena_done(arena);
}

/* size bytes of zeroes, aligned for any type; NULL past max or without memory. */
void *arena_take(struct arena *arena, size_t size);
/* count things of size bytes; NULL also when the product overflows. */
void *arena_array(struct arena *arena, size_t count, size_t size);
/* A zero-ended copy of s. */
char *arena_text(struct arena *arena, struct span s);
#endif
