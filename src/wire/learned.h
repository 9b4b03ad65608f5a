/* src/wire/learned.h - what only many days tell: who met whom and when, who is called what,
 * and ways that were measured.  Periods, silent days and traceroutes by the clock rest on
 * it; of what was said nothing is in it.
 *
 * It is of one size however long it goes on: contacts older than LIMIT_WIRE_LEARN_DAYS go;
 * of a pair's contacts the newest LIMIT_WIRE_LEARN_EACH are kept one by one, of the older
 * ones one an hour; who was met once goes after some days.  When that is not enough, all of
 * this becomes stricter, and is counted.
 *
 * It becomes bytes and is made of them again, so that it outlives its process.  Whatever is
 * learned twice (an hour that was told again, a recording read again) counts once. */
#ifndef KS_WIRE_LEARNED_H
#define KS_WIRE_LEARNED_H
#include "base/text.h"
#include "wire/gather.h"
#include "wire/make.h"

struct learned;

/* seed: of its tables' hash. */
KS_MUST int learned_new(uint64_t seed, struct learned **ret_learned, struct why *why);
void learned_free(struct learned *learned); /* NULL is fine */
static inline void drop_learned(struct learned **learned)
{
	learned_free(*learned);
}

/* What was heard in [from_ms, to_ms): an hour, or a part of one.  On failure nothing of it
 * is taken. */
KS_MUST int learned_hour(struct learned *learned, const struct gather *hour, int64_t from_ms,
    int64_t to_ms, struct why *why);
/* All that `from` knows, the later of the two: between the end of the one and its beginning
 * nobody listened. */
KS_MUST int learned_join(struct learned *into, const struct learned *from, struct why *why);
/* How often something had to be forgotten before its time. */
uint64_t learned_forgotten(const struct learned *learned);

/* What audit_make() needs beside the gather: when it was heard, and when not. */
const struct gather *learned_gather(const struct learned *learned);
void learned_plan(const struct learned *learned, struct make_plan *plan);

/* Into an empty text.  What does not fit in it is forgotten; KS_FULL when even that does
 * not help. */
KS_MUST int learned_pack(struct learned *learned, struct text *ret_bytes, struct why *why);
/* The first of the packs that follow each other in *bytes, cut off.  KS_MALFORMED: not one,
 * or damaged. */
KS_MUST int learned_unpack(struct span *bytes, uint64_t seed, struct learned **ret_learned,
    struct why *why);
#endif
