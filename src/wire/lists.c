/* src/wire/lists.c - the table: hashes of entries, ranges; lines out of pieces. */
#include "wire/lists.h"
#include "base/hash.h"
#include "wire/lists_find.h"
#include "wire/lists_in.h"
#include <stdio.h>
#include <stdlib.h>

enum { SLOTS_FIRST = 1024, LINE_MAX_BYTES = 8192 };

int lists_new(uint64_t seed, struct lists **ret_lists)
{
	struct lists *lists = calloc(1, sizeof *lists);

	if (lists == NULL)
		return KS_FULL;
	lists->seed = seed;
	text_init(&lists->line, LINE_MAX_BYTES);
	names_init(&lists->words, LIMIT_LIST_WORDS, seed);
	rows_init(&lists->abouts, sizeof(struct list_about), offsetof(struct list_about, word),
	    LIMIT_LIST_ABOUTS, seed);
	*ret_lists = lists;
	return KS_OK;
}

void lists_free(struct lists *lists)
{
	if (lists == NULL)
		return;
	for (size_t i = 0; i < lists->heads_n; i++)
		free(lists->heads[i].name);
	names_done(&lists->words);
	rows_end(&lists->abouts);
	free(lists->keys);
	free(lists->metas);
	free(lists->ranges);
	text_done(&lists->line);
	free(lists);
}

/* One more fits, at a load of three quarters at most. */
static bool table_grow(struct lists *lists)
{
	size_t slots = lists->slots == 0 ? SLOTS_FIRST : lists->slots * 2;

	if ((lists->used + 1) * 4 <= lists->slots * 3)
		return true;
	if (slots > LIMIT_LIST_SLOTS)
		return false;
	uint64_t *keys = calloc(slots, sizeof *keys);
	uint32_t *metas = calloc(slots, sizeof *metas);

	if (keys == NULL || metas == NULL) {
		free(keys);
		free(metas);
		return false;
	}
	for (size_t i = 0; i < lists->slots; i++) {
		if (lists->keys[i] == 0)
			continue;
		size_t at = entry_slot(keys, slots, lists->keys[i]);

		keys[at] = lists->keys[i];
		metas[at] = lists->metas[i];
	}
	free(lists->keys);
	free(lists->metas);
	lists->keys = keys;
	lists->metas = metas;
	lists->slots = slots;
	return true;
}

static uint64_t *kind_count(struct lists *lists, enum entry_kind kind)
{
	return kind == ENTRY_ADDRESS ? &lists->count.addresses
	    : kind == ENTRY_URL ? &lists->count.urls
	    : kind == ENTRY_PRINT ? &lists->count.prints : &lists->count.names;
}

void entry_put(struct lists *lists, enum entry_kind kind, struct span bytes,
    struct span category)
{
	uint64_t key = entry_hash(lists, kind, bytes);

	lists->count.said++;
	if (!table_grow(lists)) {
		lists->failed = true;
		return;
	}
	for (unsigned turn = 0; turn < LIMIT_LIST_TIMES; turn++) {
		uint64_t its = entry_turn(key, turn);
		size_t at = entry_slot(lists->keys, lists->slots, its);

		if (lists->keys[at] != 0) {
			if (list_about_covers(list_about_of(lists, lists->metas[at]), &lists->when))
				return;
			continue;
		}
		lists->keys[at] = its;
		lists->metas[at] = list_about_put(lists, category);
		lists->used++;
		*kind_count(lists, kind) += 1;
		return;
	}
	lists->count.skipped++; /* more times of one thing than are kept */
}

void range_put(struct lists *lists, const struct range *range, struct span category)
{
	if (lists->ranges_n == lists->ranges_room) {
		size_t room = lists->ranges_room == 0 ? 64 : lists->ranges_room * 2;
		struct range *more = room > LIMIT_LIST_RANGES ? NULL
		    : realloc(lists->ranges, room * sizeof *more);

		if (more == NULL) {
			lists->failed = true;
			return;
		}
		lists->ranges = more;
		lists->ranges_room = room;
	}
	lists->ranges[lists->ranges_n] = *range;
	lists->ranges[lists->ranges_n++].meta = list_about_put(lists, category);
	lists->count.ranges++;
	lists->count.said++;
}

static int failed_why(struct why *why)
{
	return fail(why, KS_FULL, "the lists have more entries than the %ld there is room for",
	    (long)LIMIT_LIST_SLOTS / 4 * 3);
}

int lists_begin(struct lists *lists, const char *name, const char *date, struct why *why)
{
	if (lists->heads_n == LIMIT_LISTS)
		return fail(why, KS_FULL, "more than %d lists", (int)LIMIT_LISTS);
	struct list_head *head = &lists->heads[lists->heads_n];

	head->name = strdup(name);
	if (head->name == NULL)
		return fail(why, KS_FULL, "memory is out");
	(void)snprintf(head->date, sizeof head->date, "%s", date);
	lists->heads_n++;
	lists->first = true;
	lists->json = lists->failed = lists->headed = false;
	lists->when = (struct list_when){ .rank = 0 };
	text_done(&lists->line);
	text_init(&lists->line, LINE_MAX_BYTES);
	return KS_OK;
}

static struct span without_mark(struct span s)
{
	if (s.left >= 3 && memcmp(s.at, "\xef\xbb\xbf", 3) == 0) /* byte order mark */
		(void)span_cut(&s, 3);
	return s;
}

static void line_take(struct lists *lists, struct span line)
{
	line = span_trim(lists->first ? without_mark(line) : line);
	lists->first = false;
	if (line.left > 0 && !line_read(lists, line))
		lists->count.skipped++;
}

/* JSON has no lines: it is read whole. */
static void json_begins(struct lists *lists, struct span piece)
{
	struct span s = span_trim(without_mark(piece));

	if (!lists->first || lists->line.len > 0 || s.left < 2)
		return;
	lists->json = *s.at == '{' || (*s.at == '[' && memchr("{\"\n\r [", s.at[1], 6) != NULL);
	if (lists->json)
		lists->line.max = LIMIT_LIST_JSON;
}

int lists_take(struct lists *lists, struct span piece, struct why *why)
{
	json_begins(lists, piece);
	if (lists->json) {
		text_add_span(&lists->line, piece);
		return lists->line.full ? fail(why, KS_FULL,
		    "this list in JSON is longer than %ld bytes", (long)LIMIT_LIST_JSON) : KS_OK;
	}
	while (piece.left > 0 && !lists->failed) {
		const uint8_t *end = memchr(piece.at, '\n', piece.left);
		struct span part = span_cut(&piece,
		    end != NULL ? (size_t)(end - piece.at) + 1 : piece.left);

		if (end == NULL || lists->line.len > 0) {
			text_add_span(&lists->line, part);
			if (end == NULL)
				break;
			part = text_span(&lists->line);
		}
		if (lists->line.full) /* too long to be an entry */
			lists->count.skipped++;
		else
			line_take(lists, part);
		text_clear(&lists->line);
		lists->line.full = false;
	}
	return lists->failed ? failed_why(why) : KS_OK;
}

static int range_order(const void *a, const void *b)
{
	return address_compare(&((const struct range *)a)->from, &((const struct range *)b)->from);
}

static void ranges_sort(struct lists *lists)
{
	struct range *all = lists->ranges;

	if (lists->ranges_n > 0)
		qsort(all, lists->ranges_n, sizeof *all, range_order);
	for (size_t i = 0; i < lists->ranges_n; i++) {
		all[i].reach = all[i].to;
		if (i > 0 && address_compare(&all[i - 1].reach, &all[i].to) > 0)
			all[i].reach = all[i - 1].reach;
	}
}

int lists_end(struct lists *lists, struct why *why)
{
	if (lists->json)
		json_read(lists, without_mark(text_span(&lists->line)));
	else if (lists->line.full)
		lists->count.skipped++;
	else if (lists->line.len > 0)
		line_take(lists, text_span(&lists->line));
	text_done(&lists->line);
	text_init(&lists->line, LINE_MAX_BYTES);
	ranges_sort(lists);
	return lists->failed ? failed_why(why) : KS_OK;
}

struct lists_count lists_count(const struct lists *lists)
{
	struct lists_count count = lists->count;

	count.memory = lists->slots * (sizeof *lists->keys + sizeof *lists->metas) +
	    lists->ranges_room * sizeof *lists->ranges + lists->words.room +
	    lists->abouts.room * sizeof(struct list_about) + sizeof *lists;
	return count;
}
