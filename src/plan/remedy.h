/* src/plan/remedy.h - the whole answer to a loss: what to shed, in which order, whether
 * that is in time, and how it comes back. */
#ifndef KS_PLAN_REMEDY_H
#define KS_PLAN_REMEDY_H
#include "plan/back.h"
#include "plan/order.h"
#include "plan/paper.h"
#include "plan/shed_site.h"

struct remedy_ask {
	const uint32_t *lost; /* nodes of the grid */
	uint32_t lost_n;
	bool caps;
	int64_t feed_scale, heat_scale; /* with which the grid was made: kept in the paper */
	struct shed_ask shed;
};

struct remedy {
	struct shed_site *site;
	struct shed_plan plan;
	uint32_t *dark;	      /* hosts that lost all power at once */
	uint32_t dark_n;
	struct order *order;  /* clean */
	struct order *fast;   /* with outlets cut where that is allowed; NULL: clean is in time */
	struct back *back;    /* everything that is off */
	struct paper paper;   /* of the clean order */
	struct paper paper_fast; /* of the fast one, when there is one */
};

/* The healthy flow; left as it was.  Lies in the arena; strings are the site's. */
KS_MUST int remedy_new(struct flow *flow, const struct remedy_ask *ask, struct arena *arena,
    struct remedy **ret_remedy, struct why *why);

/* The same in two steps, for who must not be kept long: what to shed (as long as ask->shed
 * lets it), then order, way back and papers (some 20 ms for 10,000 hosts).  ask, flow and
 * arena stay the same. */
KS_MUST int remedy_begin(struct flow *flow, const struct remedy_ask *ask, struct arena *arena,
    struct remedy **ret_remedy, struct why *why);
KS_MUST int remedy_end(struct remedy *remedy, struct flow *flow, const struct remedy_ask *ask,
    struct arena *arena, struct why *why);
#endif
