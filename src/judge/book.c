/* src/judge/book.c - the open findings.  Each sweep the rules claim what holds now; what
 * nobody claims any more has ended. */
#include "base/hash.h"
#include "base/must.h"
#include "judge/state.h"
#include <stdio.h>
#include <stdlib.h>

int book_init(struct book *book, struct why *why)
{
	size_t n = LIMIT_FINDINGS + 1;

	/* not zeroed: only what lies below `high` is ever read */
	book->slots = malloc(n * sizeof *book->slots);
	book->buckets = malloc(BOOK_BUCKETS * sizeof *book->buckets);
	book->order = malloc(n * sizeof *book->order);
	book->rows = malloc(n * sizeof *book->rows);
	book->list = malloc(n * sizeof *book->list);
	book->change_slot = malloc(n * sizeof *book->change_slot);
	if (book->slots == NULL || book->buckets == NULL || book->order == NULL ||
	    book->rows == NULL || book->list == NULL || book->change_slot == NULL)
		return fail(why, KS_FULL, "no memory for the list of findings");
	for (size_t i = 0; i < BOOK_BUCKETS; i++)
		book->buckets[i] = UINT32_MAX;
	book->slots[0] = (struct slot){ 0 };
	book->high = 1;
	return KS_OK;
}

void book_done(struct book *book)
{
	free(book->slots);
	free(book->buckets);
	free(book->order);
	free(book->rows);
	free(book->list);
	free(book->change_slot);
}

static uint32_t bucket_of(enum finding_code code, const char *key)
{
	return (uint32_t)(hash_of(span_text(key), (uint64_t)code) % BOOK_BUCKETS);
}

/* The open one; an ended finding is never found again. */
struct slot *book_find(struct book *book, enum finding_code code, const char *key)
{
	uint32_t at = book->buckets[bucket_of(code, key)];

	for (; at != UINT32_MAX; at = book->slots[at].next) {
		struct slot *slot = &book->slots[at];

		if (slot->said.code == code && slot->ended == 0 && strcmp(slot->key, key) == 0)
			return slot;
	}
	return NULL;
}

static void slot_unlink(struct book *book, struct slot *slot)
{
	uint32_t self = (uint32_t)(slot - book->slots);
	uint32_t *at = &book->buckets[slot->bucket];

	while (*at != self)
		at = &book->slots[*at].next;
	*at = slot->next;
}

/* What pointed at a slot that goes away keeps its number. */
static void slot_drop(struct book *book, struct slot *slot)
{
	slot_unlink(book, slot);
	for (size_t i = 0; i < book->high; i++)
		if (book->slots[i].used && book->slots[i].cause == slot) {
			book->slots[i].cause = NULL;
			book->slots[i].cause_id = slot->said.id;
		}
	slot->used = false;
	book->used--;
}

/* A free slot; the first one is kept for saying that the list is full. */
static struct slot *slot_new(struct book *book, enum finding_code code, const char *key)
{
	size_t room = code == FINDING_LIMIT_HIT ? 1 : LIMIT_FINDINGS + 1;
	size_t at = code == FINDING_LIMIT_HIT ? 0 : 1;

	while (at < room && at < book->high && book->slots[at].used)
		at++;
	if (at == room) {
		book->hit = true;
		return NULL;
	}
	struct slot *slot = &book->slots[at];
	uint32_t bucket = bucket_of(code, key);

	*slot = (struct slot){ .used = true, .bucket = bucket, .next = book->buckets[bucket] };
	(void)snprintf(slot->key, sizeof slot->key, "%s", key);
	book->buckets[bucket] = (uint32_t)at;
	book->used++;
	if (at == book->high)
		book->high++;
	return slot;
}

/* Copies a word; tells whether it differed. */
static bool word_set(char *to, size_t size, const char *from)
{
	if (from == NULL)
		from = "";
	if (strncmp(to, from, size - 1) == 0)
		return false;
	(void)snprintf(to, size, "%s", from);
	return true;
}

/* A forecast is told again when it moved by a quarter, or by its being there. */
static bool forecast_moved(const struct forecast *told, const struct forecast *now)
{
	if (!told->known || !now->known)
		return told->known != now->known;
	int64_t was = told->at_ms + (int64_t)told->mid_s * SECOND;
	int64_t is = now->at_ms + (int64_t)now->mid_s * SECOND;
	int64_t moved = is > was ? is - was : was - is;

	return told->limit_milli != now->limit_milli || moved > now->mid_s * 250LL + MINUTE;
}

static void slot_write(struct judge *judge, struct slot *slot, const struct claim *claim)
{
	struct finding *said = &slot->said;
	bool news = !slot->told;

	news |= said->severity != (uint8_t)claim->severity || said->count != claim->count ||
	    said->doubt != (uint8_t)claim->doubt;
	news |= word_set(said->subject, sizeof said->subject, claim->subject);
	(void)word_set(said->place, sizeof said->place, claim->place);
	news |= word_set(said->word, sizeof said->word, claim->word);
	said->code = (uint16_t)claim->code;
	said->severity = (uint8_t)claim->severity;
	said->subject_kind = (uint8_t)claim->subject_kind;
	said->kind = (uint8_t)claim->kind;
	said->doubt = (uint8_t)claim->doubt;
	said->count = claim->count;
	said->value_milli = claim->value;
	said->limit_milli = claim->limit;
	said->way = claim->way;
	if (claim->next != NULL) {
		said->next = *claim->next; /* renewed, whether it is news or not */
		if (forecast_moved(&slot->told_next, claim->next)) {
			slot->told_next = *claim->next;
			news = true;
		}
	}
	slot->index = claim->index;
	slot->seen = judge->clock.now;
	slot->claimed = true;
	slot->told = true;
	slot->until = 0;
	slot->changed |= news;
}

struct slot *claim(struct judge *judge, const struct claim *claim)
{
	const char *key = claim->key != NULL ? claim->key : claim->subject;
	struct slot *slot = book_find(&judge->book, claim->code, key);

	if (slot == NULL) {
		slot = slot_new(&judge->book, claim->code, key);
		if (slot == NULL)
			return NULL;
		slot->since = claim->since < judge->clock.now ? claim->since : judge->clock.now;
	}
	slot_write(judge, slot, claim);
	return slot;
}

void quit(struct judge *judge, enum finding_code code, const char *key, int64_t ended)
{
	struct slot *slot = book_find(&judge->book, code, key);

	if (slot != NULL)
		slot->ends = ended;
}

void book_begin(struct book *book)
{
	for (size_t i = 0; i < book->high; i++) {
		struct slot *slot = &book->slots[i];

		if (slot->used && slot->ended != 0 && !slot->changed)
			slot_drop(book, slot);
		slot->claimed = false;
	}
	while (book->high > 1 && !book->slots[book->high - 1].used)
		book->high--;
}

static void slot_end(struct judge *judge, struct slot *slot)
{
	int64_t now = judge->clock.now;
	int64_t ends = slot->ends != 0 && slot->ends <= now ? slot->ends : now;

	slot->ended = ends > slot->since ? ends : slot->since + 1;
	slot->changed = true;
}

/* The list is full of ended findings nobody fetched: the oldest make room. */
static void book_shed(struct book *book)
{
	for (size_t i = 1; i < book->high && book->used > LIMIT_FINDINGS / 8 * 7; i++)
		if (book->slots[i].used && book->slots[i].ended != 0)
			slot_drop(book, &book->slots[i]);
}

void book_end(struct judge *judge)
{
	struct book *book = &judge->book;

	for (size_t i = 0; i < book->high; i++) {
		struct slot *slot = &book->slots[i];

		if (slot->used && slot->ended == 0 && !slot->claimed &&
		    slot->until <= judge->clock.now)
			slot_end(judge, slot);
	}
	if (book->used >= LIMIT_FINDINGS)
		book_shed(book);
}

struct slot *slot_root(struct slot *slot)
{
	for (int depth = 0; slot->cause != NULL; depth++) {
		must(depth < LIMIT_FINDINGS); /* causes are no circle */
		slot = slot->cause;
	}
	return slot;
}

struct finding slot_say(const struct judge *judge, const struct slot *slot)
{
	struct finding said = slot->said;

	said.cause = slot->cause != NULL ? slot->cause->said.id : slot->cause_id;
	said.since_ms = clock_wall(&judge->clock, slot->since);
	said.seen_ms = clock_wall(&judge->clock, slot->seen);
	if (slot->ended != 0)
		said.ended_ms = clock_wall(&judge->clock, slot->ended);
	return said;
}
