/* src/plan/pairs.h - two losses at once: every pair, and those that are worse than the
 * two alone.  Pairs where one hangs on the other are no pairs. */
#ifndef KS_PLAN_PAIRS_H
#define KS_PLAN_PAIRS_H
#include "plan/loss.h"

struct pair {
	uint32_t a, b;	 /* nodes, a < b */
	uint32_t dark_n; /* hosts dark at once */
	uint32_t only_n; /* of these, those that neither darkens alone */
	uint32_t over_n; /* nodes above their limit that neither overloads alone */
};

struct pairs {
	struct pair *worst; /* the worst first: by only_n, over_n, then in the site's order */
	uint32_t worst_n;
	uint64_t tried, worse; /* worse: only_n or over_n is not 0 */
};

/* The flow must be as the healthy grid, or with hosts off, and is so again afterwards.
 * At most `most` pairs are kept.  All lies in the arena. */
KS_MUST int pairs_run(struct flow *flow, struct loss *loss, uint32_t most, struct arena *arena,
    struct pairs *ret_pairs, struct why *why);
#endif
