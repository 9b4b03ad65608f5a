#include "base/more.h"
#include <stdlib.h>
#include <string.h>

static size_t twice(size_t room, size_t first)
{
	return room == 0 ? first : room * 2;
}

void *array_more(void *at, size_t n, size_t *room, size_t first, size_t size)
{
	if (n < *room)
		return at;
	void *longer = reallocarray(at, twice(*room, first), size);

	if (longer != NULL)
		*room = twice(*room, first);
	return longer;
}

void *arena_more(struct arena *arena, void *at, size_t n, size_t *room, size_t first, size_t size)
{
	if (n < *room)
		return at;
	void *longer = arena_array(arena, twice(*room, first), size);

	if (longer == NULL)
		return NULL;
	if (n > 0)
		memcpy(longer, at, n * size);
	*room = twice(*room, first);
	return longer;
}
