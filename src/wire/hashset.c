#include "wire/hashset.h"
#include <stdlib.h>

enum { FIRST_ROOM = 1024 };

/* Where the hash is, or would be. */
static size_t hashset_at(const uint64_t *at, size_t room, uint64_t hash)
{
	size_t i = hash & (room - 1);

	while (at[i] != 0 && at[i] != hash)
		i = (i + 1) & (room - 1);
	return i;
}

bool hashset_has(const struct hashset *set, uint64_t hash)
{
	hash = hash != 0 ? hash : 1;
	return set->room > 0 && set->at[hashset_at(set->at, set->room, hash)] == hash;
}

static bool hashset_grow(struct hashset *set)
{
	size_t room = set->room > 0 ? set->room * 2 : FIRST_ROOM;
	uint64_t *more = room <= set->most ? calloc(room, sizeof *more) : NULL;

	if (more == NULL)
		return false;
	for (size_t i = 0; i < set->room; i++)
		if (set->at[i] != 0)
			more[hashset_at(more, room, set->at[i])] = set->at[i];
	free(set->at);
	set->at = more;
	set->room = room;
	return true;
}

bool hashset_add(struct hashset *set, uint64_t hash)
{
	size_t i;

	hash = hash != 0 ? hash : 1;
	i = set->room > 0 ? hashset_at(set->at, set->room, hash) : 0;
	if (set->room > 0 && set->at[i] == hash)
		return false;
	if (set->count + 1 > set->room / 4 * 3) {
		if (!hashset_grow(set))
			return false;
		i = hashset_at(set->at, set->room, hash);
	}
	set->at[i] = hash;
	set->count++;
	return true;
}

void hashset_join(struct hashset *set, const struct hashset *from)
{
	for (size_t i = 0; i < from->room; i++)
		if (from->at[i] != 0)
			(void)hashset_add(set, from->at[i]);
}

void hashset_done(struct hashset *set)
{
	free(set->at);
	*set = (struct hashset){ .most = set->most };
}
