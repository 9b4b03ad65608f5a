/* src/query/regex_in.h - what a regular expression is made of; for regex*.c only. */
#ifndef KS_QUERY_REGEX_IN_H
#define KS_QUERY_REGEX_IN_H
#include "base/limits.h"
#include "query/regex.h"

enum op { OP_SET, OP_SPLIT, OP_JUMP, OP_SAVE, OP_BEGIN, OP_END, OP_LINE, OP_LINE_END,
	OP_WORD, OP_NO_WORD, OP_MATCH };

struct range {
	uint32_t low, high;
};

struct set { /* of characters */
	struct range *ranges;
	size_t n, room;
	bool not;
};

struct step {
	uint8_t op;	/* enum op */
	uint32_t x, y;	/* SPLIT: first and second choice; JUMP, SAVE: x; SET: x of sets */
};

struct thread {
	uint32_t at;
	uint32_t saved; /* index into the places */
};

struct threads {
	struct thread *list;
	uint32_t *sparse;
	size_t n;
};

struct regex {
	struct arena *arena;
	struct set *sets;
	size_t sets_n, sets_room;
	struct step *steps;
	size_t steps_n, steps_room;
	struct span *names;	/* of groups */
	size_t groups;		/* with the whole, group 0 */
	struct threads now, next;
	size_t *places;		/* of all threads, 2 * groups each */
	size_t *found;		/* of the last match */
	uint32_t *stack;
	struct span literal;	/* the pattern has nothing special: compare */
	bool is_literal;
};

/* While a pattern is read. */
enum part_kind { PART_EMPTY, PART_SET, PART_ASSERT, PART_CAT, PART_ALT, PART_REPEAT, PART_GROUP };
enum { FLAG_CASE = 1, FLAG_LINES = 2, FLAG_DOT = 4, FLAG_LAZY = 8, REPEAT_MOST = 1000, NO_END = -1 };

struct part {
	uint8_t kind, op;	/* enum part_kind; ASSERT: enum op */
	bool lazy;
	int32_t least, most;	/* REPEAT; most NO_END */
	uint32_t index;		/* SET: of sets; GROUP: its number */
	struct part *left, *right;
};

struct reader {
	struct regex *regex;
	struct span rest;
	unsigned flags, depth;
	struct why *why;
	int bad;
};

void *regex_bad(struct reader *r, const char *says);	/* NULL */
void *regex_full(struct reader *r);
struct part *part_new(struct reader *r, enum part_kind kind);
struct part *pair(struct reader *r, enum part_kind kind, struct part *left, struct part *right);

/* regex_set.c */
struct part *set_part(struct reader *r, const struct set *set);
bool set_add_class(struct reader *r, struct set *set, uint32_t letter);
uint32_t escaped(struct reader *r, uint32_t c);
struct part *brackets(struct reader *r);
struct part *one_char(struct reader *r, uint32_t c);
struct part *any_char(struct reader *r);

/* regex_make.c: the steps of what was read */
void regex_make(struct reader *r, const struct part *all);

/* The next character of UTF-8 text; a wrong byte is U+FFFD. */
uint32_t rune_cut(struct span *text);
/* Rooms for the machine, once the steps are known. */
KS_MUST int regex_ready(struct regex *regex, struct why *why);
#endif
