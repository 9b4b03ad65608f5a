/* src/wire/learned_in.h - what is inside (learned.c), and its bytes (learned_pack.c). */
#ifndef KS_WIRE_LEARNED_IN_H
#define KS_WIRE_LEARNED_IN_H
#include "base/limits.h"
#include "wire/gather_in.h"
#include "wire/learned.h"

/* Entries in the gather come relation by relation, in order of time. */
struct learned {
	uint64_t seed, forgotten;
	struct gather *gather;
	int64_t since_ms, until_ms; /* heard; 0: nothing yet */
	struct audit_gap deaf[LIMIT_WIRE_LEARNED_GAPS];
	size_t deaf_n;
};

/* Stricter than before; false when it can not become stricter.  *level begins at 0. */
KS_MUST int learned_thin(struct learned *learned, unsigned *level, struct why *why);
bool learned_may_thin(unsigned level);
#endif
