#include "base/arena.h"
#include <stdlib.h>
#include <string.h>

enum { BLOCK = 64 * 1024 };

struct arena_block {
	struct arena_block *before;
	size_t used, room;
	_Alignas(max_align_t) unsigned char bytes[];
};

void arena_init(struct arena *arena, size_t max)
{
	*arena = (struct arena){ .max = max };
}

void arena_done(struct arena *arena)
{
	if (arena == NULL)
		return;
	while (arena->last != NULL) {
		struct arena_block *block = arena->last;

		arena->last = block->before;
		free(block);
	}
	arena->used = 0;
}

static struct arena_block *arena_grow(struct arena *arena, size_t size)
{
	size_t room = size > BLOCK ? size : BLOCK;
	struct arena_block *block = calloc(1, sizeof *block + room);

	if (block == NULL)
		return NULL;
	block->room = room;
	block->before = arena->last;
	arena->last = block;
	return block;
}

void *arena_take(struct arena *arena, size_t size)
{
	size_t align = _Alignof(max_align_t);

	if (size > arena->max || arena->used > arena->max - size)
		return NULL;
	size = (size + align - 1) / align * align;
	struct arena_block *block = arena->last;

	if (block == NULL || size > block->room - block->used)
		block = arena_grow(arena, size);
	if (block == NULL)
		return NULL;
	void *at = block->bytes + block->used;

	block->used += size;
	arena->used += size;
	return at;
}

void *arena_array(struct arena *arena, size_t count, size_t size)
{
	size_t bytes;

	if (__builtin_mul_overflow(count, size, &bytes))
		return NULL;
	return arena_take(arena, bytes);
}

char *arena_text(struct arena *arena, struct span s)
{
	char *copy = arena_take(arena, s.left + 1);

	if (copy != NULL && s.left > 0)
		memcpy(copy, s.at, s.left);
	return copy;
}
