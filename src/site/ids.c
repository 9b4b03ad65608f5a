/* src/site/ids.c - which line holds which ID: open addressing over line numbers, at
 * most half full. */
#include "base/hash.h"
#include "site/reader.h"
#include <stdio.h>

void ids_start(struct reader *r)
{
	size_t size = 16;

	while (size < 2 * r->lines_n)
		size *= 2;
	r->slots = arena_array(&r->scratch, size, sizeof *r->slots);
	r->slots_mask = size - 1;
}

/* The slot that holds the ID, or the empty one where it belongs.  The hash is compared
 * first: the lines and the text of others stay out of the cache. */
static struct slot *slot_of(const struct reader *r, struct span id, uint32_t hash)
{
	for (size_t i = hash & r->slots_mask;; i = (i + 1) & r->slots_mask) {
		struct slot *slot = &r->slots[i];

		if (slot->line == 0)
			return slot;
		if (slot->hash != hash)
			continue;
		struct piece there = r->lines[slot->line - 1].id;

		if (there.n == id.left && memcmp(r->copy + there.at, id.at, id.left) == 0)
			return slot;
	}
}

uint32_t ids_find(const struct reader *r, struct span id)
{
	return id.left == 0 ? 0 : slot_of(r, id, (uint32_t)hash_of(id, 0))->line;
}

void ids_put(struct reader *r, uint32_t line)
{
	struct span id = piece_span(r, r->lines[line - 1].id);
	uint32_t hash = (uint32_t)hash_of(id, 0);
	struct slot *slot = slot_of(r, id, hash);

	if (slot->line != 0)
		fault(r, r->lines[line - 1].id, "the ID \"%.*s\" is taken: a %s in line %u has it",
		    (int)id.left, (const char *)id.at, kinds[r->lines[slot->line - 1].kind].word,
		    slot->line);
	else
		*slot = (struct slot){ hash, line };
}

void *thing_of(const struct reader *r, uint32_t line)
{
	const struct line *row = &r->lines[line - 1];
	const struct kind_row *kind = &kinds[row->kind];
	char *list;

	if (row->kind == KIND_SITE)
		return r->site;
	memcpy(&list, (const char *)r->site + kind->list, sizeof list);
	return list + row->index * kind->size;
}

/* "rack", "feed/ups/panel" */
static void name_kinds(uint32_t mask, char *ret_words, size_t room)
{
	size_t n = 0;

	for (size_t i = KINDS; i-- > 0;)
		if (mask & 1u << i)
			n += (size_t)snprintf(ret_words + n, room - n, "%s%s", n > 0 ? "/" : "",
			    kinds[i].word);
}

static void suggest_id(struct reader *r, struct span id, uint32_t mask)
{
	struct nearest nearest;

	nearest_start(&nearest, id);
	/* thousands of the same mistake: the first ones are enough to help with */
	if (r->errors->more > LIMIT_SITE_ERRORS)
		return;
	for (size_t i = 0; i < r->lines_n; i++)
		if (mask & 1u << r->lines[i].kind)
			nearest_put(&nearest, piece_span(r, r->lines[i].id));
	memcpy(r->suggestion, nearest.best, sizeof r->suggestion);
}

void *thing_named(struct reader *r, struct piece piece, uint32_t mask)
{
	struct span id = piece_span(r, piece);
	uint32_t line = ids_find(r, id);
	char words[128] = "";

	if (line != 0 && (mask & 1u << r->lines[line - 1].kind) != 0)
		return thing_of(r, line);
	name_kinds(mask, words, sizeof words);
	suggest_id(r, id, mask);
	if (line == 0)
		fault(r, piece, "no %s is called \"%.*s\"", words, (int)id.left,
		    (const char *)id.at);
	else
		fault(r, piece, "\"%.*s\" is a %s (line %u); a %s belongs here", (int)id.left,
		    (const char *)id.at, kinds[r->lines[line - 1].kind].word, line, words);
	return NULL;
}
