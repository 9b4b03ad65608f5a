/* src/store/labels.h - which series there are: number <-> labels, both ways, in
 * memory.  Labels are `name 0xff value 0xff ...`, names rising: two spellings of one
 * series cannot be. */
#ifndef KS_STORE_LABELS_H
#define KS_STORE_LABELS_H
#include "base/arena.h"
#include "base/why.h"

struct labels {
	struct arena arena;
	struct span *of;      /* by number; number 0 is nobody */
	uint32_t n, room;     /* highest number; room of `of` */
	uint32_t *slots;      /* open addressing: numbers */
	uint32_t mask, filled;
	uint64_t seed;
};

void labels_init(struct labels *labels, uint64_t seed);
void labels_done(struct labels *labels);
/* Is this the one spelling? */
KS_MUST int labels_check(struct span text, struct why *why);
/* 0 when unknown. */
uint32_t labels_find(const struct labels *labels, struct span text);
/* number 0: the next one.  KS_FULL: limit or memory; KS_MALFORMED: the number or
 * the text is taken by another. */
KS_MUST int labels_add(struct labels *labels, uint32_t number, struct span text,
    uint32_t *ret_number, struct why *why);
struct span labels_of(const struct labels *labels, uint32_t number);
#endif
