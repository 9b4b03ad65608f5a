/* src/query/rows.h - what an evaluation moves about: label sets, each once and then a
 * number; values of one moment; rows of points in time order. */
#ifndef KS_QUERY_ROWS_H
#define KS_QUERY_ROWS_H
#include "base/arena.h"
#include "base/why.h"
#include <stdbool.h>
#include <stdint.h>

/* A set of labels is `name 0xff value 0xff ...`, names rising, no value empty: as the store
 * has it.  Number 0 is the empty set. */
struct tags {
	struct arena *arena;
	struct span *of;
	uint32_t n, room;
	uint32_t *slots;	/* number + 1 */
	uint32_t mask;
	uint64_t seed;
};
KS_MUST int tags_init(struct tags *tags, struct arena *arena, uint64_t seed);
/* KS_FULL: memory, or LIMIT_QUERY_SERIES. */
KS_MUST int tags_add(struct tags *tags, struct span key, uint32_t *ret_number);

struct value {
	uint32_t tags;
	int64_t time_ms;	/* of the sample it is; else of the moment */
	double value;
};
struct values {
	struct value *at;
	size_t n, room;
};
KS_MUST int values_add(struct arena *arena, struct values *values, struct value value);

struct moment {
	int64_t time_ms;
	double value;
};
struct row {
	uint32_t tags;
	struct moment *at;	/* of the heap: rows_free() */
	size_t n, room;
	size_t low, high;	/* the stretch that is looked at: [low, high) */
};
struct rowset {
	struct row *at;
	size_t n, room;
	uint32_t *of;		/* by tags: row + 1; NULL: not needed */
	size_t of_room;
};
/* The row of these tags, made when there is none; NULL: memory. */
struct row *rowset_row(struct arena *arena, struct rowset *rows, uint32_t tags);
/* A row of its own, also when there is one of these tags. */
struct row *rowset_add(struct arena *arena, struct rowset *rows, uint32_t tags);
/* At the end; times rise.  KS_FULL: memory. */
KS_MUST int row_add(struct row *row, struct moment moment);
void rowset_free(struct rowset *rows);

/* What a label set becomes under one node: number + 1, 0: not known yet. */
struct memo {
	uint32_t *at;
	size_t room;
};
uint32_t memo_find(const struct memo *memo, uint32_t tags);
KS_MUST int memo_keep(struct arena *arena, struct memo *memo, uint32_t tags, uint32_t becomes);

/* What was seen in one go, by tags: emptied in no time. */
struct marks {
	uint32_t *stamp, *index;
	size_t room;
	uint32_t now;
};
void marks_begin(struct marks *marks);
/* UINT32_MAX: not seen since marks_begin(). */
uint32_t marks_find(const struct marks *marks, uint32_t tags);
KS_MUST int marks_set(struct arena *arena, struct marks *marks, uint32_t tags, uint32_t index);
#endif
