/* src/base/more.h - an array that grows by one thing after another: twice as long each time.
 * Whoever adds has a limit of its own; this one knows only memory. */
#ifndef KS_BASE_MORE_H
#define KS_BASE_MORE_H
#include "base/arena.h"

/* The array with room for one thing more than n: itself, or a longer one in its place with
 * *room as its length, the first time `first`.  NULL: no memory; array and *room stay. */
void *array_more(void *at, size_t n, size_t *room, size_t first, size_t size);
/* The same from an arena, which keeps the shorter ones until its end. */
void *arena_more(struct arena *arena, void *at, size_t n, size_t *room, size_t first,
    size_t size);
#endif
