#include "store/labels.h"
#include "base/hash.h"
#include "base/limits.h"
#include <stdlib.h>

enum { FIRST_ROOM = 256, LABELS_MEMORY_KB = 1024 * 1024 };

void labels_init(struct labels *labels, uint64_t seed)
{
	*labels = (struct labels){ .seed = seed };
	arena_init(&labels->arena, (size_t)LABELS_MEMORY_KB * 1024);
}

void labels_done(struct labels *labels)
{
	arena_done(&labels->arena);
	free(labels->of);
	free(labels->slots);
	*labels = (struct labels){ .n = 0 };
}

/* strcmp for spans. */
static int compare(struct span a, struct span b)
{
	size_t n = a.left < b.left ? a.left : b.left;
	int order = n > 0 ? memcmp(a.at, b.at, n) : 0;

	return order != 0 ? order : (a.left > b.left) - (a.left < b.left);
}

int labels_check(struct span text, struct why *why)
{
	struct span before = { .at = NULL };

	if (text.left == 0 || text.broken)
		return fail(why, KS_MALFORMED, "a series without labels");
	if (text.left > LIMIT_LABELS_BYTES)
		return fail(why, KS_FULL, "labels of %zu bytes; %d are allowed", text.left,
		    (int)LIMIT_LABELS_BYTES);
	if (text.at[text.left - 1] != 0xff)
		return fail(why, KS_MALFORMED, "labels without an end");
	while (text.left > 0) {
		struct span name = span_until(&text, 0xff);

		if (name.left == 0 || compare(before, name) >= 0)
			return fail(why, KS_MALFORMED, "label names are empty or out of order");
		if (text.left == 0)
			return fail(why, KS_MALFORMED, "a label without a value");
		(void)span_until(&text, 0xff);
		before = name;
	}
	return KS_OK;
}

static uint32_t slot_of(const struct labels *labels, struct span text)
{
	uint32_t slot = (uint32_t)hash_of(text, labels->seed) & labels->mask;

	while (labels->slots[slot] != 0 && compare(labels->of[labels->slots[slot]], text) != 0)
		slot = (slot + 1) & labels->mask;
	return slot;
}

uint32_t labels_find(const struct labels *labels, struct span text)
{
	return labels->slots == NULL ? 0 : labels->slots[slot_of(labels, text)];
}

/* Twice the slots; all numbers find their place again. */
static int grow_slots(struct labels *labels)
{
	uint32_t room = labels->slots == NULL ? FIRST_ROOM : (labels->mask + 1) * 2;
	uint32_t *slots = calloc(room, sizeof *slots);

	if (slots == NULL)
		return KS_FULL;
	free(labels->slots);
	labels->slots = slots;
	labels->mask = room - 1;
	for (uint32_t number = 1; number <= labels->n; number++)
		if (labels->of[number].left > 0)
			slots[slot_of(labels, labels->of[number])] = number;
	return KS_OK;
}

static int grow_numbers(struct labels *labels, uint32_t number)
{
	uint32_t room = labels->room == 0 ? FIRST_ROOM : labels->room;

	while (room <= number)
		room *= 2;
	if (room == labels->room)
		return KS_OK;
	struct span *of = realloc(labels->of, room * sizeof *of);

	if (of == NULL)
		return KS_FULL;
	memset(of + labels->room, 0, (room - labels->room) * sizeof *of);
	labels->of = of;
	labels->room = room;
	return KS_OK;
}

int labels_add(struct labels *labels, uint32_t number, struct span text,
    uint32_t *ret_number, struct why *why)
{
	uint32_t known = labels_find(labels, text);

	if (known != 0 && (number == 0 || number == known)) {
		*ret_number = known;
		return KS_OK;
	}
	number = number != 0 ? number : labels->n + 1;
	if (known != 0 || labels_of(labels, number).left > 0)
		return fail(why, KS_MALFORMED, "series %u is there twice", number);
	if (number > LIMIT_SERIES)
		return fail(why, KS_FULL, "more than %d series", (int)LIMIT_SERIES);
	if (grow_numbers(labels, number) != KS_OK ||
	    (labels->filled >= labels->mask / 2 && grow_slots(labels) != KS_OK))
		return fail(why, KS_FULL, "memory ran out for a new series");
	char *copy = arena_text(&labels->arena, text);

	if (copy == NULL)
		return fail(why, KS_FULL, "memory ran out for a new series");
	uint32_t slot = slot_of(labels, text);

	labels->of[number] = span_of(copy, text.left);
	labels->slots[slot] = number;
	labels->filled++;
	if (number > labels->n)
		labels->n = number;
	*ret_number = number;
	return KS_OK;
}

struct span labels_of(const struct labels *labels, uint32_t number)
{
	return number <= labels->n && number > 0 ? labels->of[number] : span_of(NULL, 0);
}
