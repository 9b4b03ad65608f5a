/* src/plan/fit.h - does one more host fit: the same site without and with it, in health
 * and after every single loss.  Units as in plan/grid.h. */
#ifndef KS_PLAN_FIT_H
#define KS_PLAN_FIT_H
#include "plan/loss.h"

enum { FIT_REASONS = 16 };

struct fit_reason {
	uint32_t node;	/* above its limit with the host (perhaps without it, too); GRID_NONE: the room */
	uint32_t by;	/* after this loss; GRID_NONE: at once */
	int64_t load, limit; /* micro-VA; of a room mW */
};

struct fit {
	struct fit_reason reasons[FIT_REASONS]; /* the largest excess first */
	uint32_t reasons_n;
	uint32_t reasons_all; /* with those that are not listed */
	int64_t most_mw; /* so many watts would fit there; INT64_MAX: nothing limits them */
};

/* The added host is the last of `with`, drawing what it shall; nodes are the same in both.
 * Both flows are left as they were. */
void fit_try(struct flow *without, struct flow *with, struct fit *ret_fit);
#endif
