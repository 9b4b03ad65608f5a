/* src/judge/list.c - lending findings: what changed, and what is open, causes before
 * what they explain. */
#include "base/must.h"
#include "judge/state.h"
#include <stdlib.h>

/* How bad, for sorting: a blind room is the worst, as nothing else of it is known. */
static uint32_t rank_of(const struct slot *slot)
{
	static const uint32_t ranks[SEVERITIES] = { 0, 2, 3, 1 };

	if (slot->said.silenced || slot->ended != 0)
		return 0;
	return ranks[slot->said.severity] + (slot->said.code == FINDING_ROOM_BLIND);
}

/* Of things equally bad: air that is too hot before all else, then what fails or will,
 * then what is only doubted, or about keisoku itself and the wire. */
static uint32_t harm_of(const struct slot *slot)
{
	switch (slot->said.code) {
	case FINDING_HOT:
		return 2;
	case FINDING_UNTRUSTED:
	case FINDING_ABSENT:
	case FINDING_STUCK:
	case FINDING_SILENT:
		return 0;
	default:
		return slot->said.code <= FINDING_SWITCH_DOWN;
	}
}

/* Each slot lends its rank to the root of its group, in slot->group. */
static void book_rank(struct book *book)
{
	for (size_t i = 0; i < book->high; i++)
		book->slots[i].group = book->slots[i].harm = 0;
	for (size_t i = 0; i < book->high; i++) {
		struct slot *slot = &book->slots[i];

		if (!slot->used)
			continue;
		struct slot *root = slot_root(slot);
		uint32_t rank = rank_of(slot);

		uint32_t harm = harm_of(slot);

		if (rank > root->group || (rank == root->group && harm > root->harm))
			root->harm = harm;
		root->group = rank > root->group ? rank : root->group;
	}
}

static uint32_t depth_of(const struct slot *slot)
{
	uint32_t depth = 0;

	for (; slot->cause != NULL; slot = slot->cause)
		depth++;
	return depth;
}

static int row_order(const void *left, const void *right)
{
	const struct row *a = left, *b = right;

	if (a->rank != b->rank)
		return a->rank > b->rank ? -1 : 1;
	if (a->harm != b->harm)
		return a->harm > b->harm ? -1 : 1;
	if (a->root_since != b->root_since)
		return a->root_since < b->root_since ? -1 : 1;
	if (a->root != b->root)
		return a->root < b->root ? -1 : 1;
	if (a->depth != b->depth)
		return a->depth < b->depth ? -1 : 1;
	if (a->since != b->since)
		return a->since < b->since ? -1 : 1;
	return (a->slot > b->slot) - (a->slot < b->slot);
}

/* Open ones by rank; changed ones by age. */
size_t book_sort(struct book *book, bool changed_only)
{
	size_t n = 0;

	book_rank(book);
	for (size_t i = 0; i < book->high; i++) {
		struct slot *slot = &book->slots[i];

		if (!slot->used || (changed_only ? !slot->changed : slot->ended != 0))
			continue;
		struct slot *root = slot_root(slot);

		book->rows[n++] = (struct row){ .slot = (uint32_t)i,
			.root = (uint32_t)(root - book->slots),
			.rank = changed_only ? 0 : root->group,
			.harm = changed_only ? 0 : root->harm, .depth = depth_of(slot),
			.root_since = root->since, .since = slot->since };
	}
	qsort(book->rows, n, sizeof *book->rows, row_order);
	for (size_t i = 0; i < n; i++)
		book->order[i] = book->rows[i].slot;
	return n;
}

size_t judge_changes(struct judge *judge, const struct finding **ret_findings)
{
	struct book *book = &judge->book;
	size_t n = book_sort(book, true);

	for (size_t i = 0; i < n; i++) {
		struct slot *slot = &book->slots[book->order[i]];

		book->list[i] = slot_say(judge, slot);
		book->change_slot[i] = book->order[i];
		slot->changed = false;
	}
	book->changes_n = n;
	*ret_findings = book->list;
	return n;
}

/* Those of the same batch that it explains learn its number too. */
void judge_name(struct judge *judge, size_t change, uint64_t id)
{
	struct book *book = &judge->book;

	must(change < book->changes_n);
	struct slot *named = &book->slots[book->change_slot[change]];

	named->said.id = id;
	book->list[change].id = id;
	for (size_t i = change + 1; i < book->changes_n; i++)
		if (book->slots[book->change_slot[i]].cause == named)
			book->list[i].cause = id;
}

size_t judge_open(struct judge *judge, const struct finding **ret_findings)
{
	struct book *book = &judge->book;
	size_t n = book_sort(book, false);

	for (size_t i = 0; i < n; i++)
		book->list[i] = slot_say(judge, &book->slots[book->order[i]]);
	book->changes_n = 0;
	*ret_findings = book->list;
	return n;
}
