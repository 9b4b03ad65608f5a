/* src/plan/loss.h - what a loss does at once: who is dark, what is above its limit,
 * which services stop.  Units as in plan/grid.h. */
#ifndef KS_PLAN_LOSS_H
#define KS_PLAN_LOSS_H
#include "plan/flow.h"

/* A single loss is one of a feed, UPS, panel, leg or breaker: a strip that fails is
 * the same to its hosts as the breaker over it. */
static inline bool loss_counts(const struct grid *grid, uint32_t node)
{
	return grid->nodes[node].kind != NODE_PDU;
}

/* Memory to look at losses with; one for many of them. */
struct loss {
	uint32_t *over;	    /* nodes above their limit now, in the site's order */
	uint32_t over_n;
	uint32_t *hot;	    /* rooms above what their cooling takes */
	uint32_t hot_n;
	uint32_t *down;	    /* services that are down, in the site's order */
	uint32_t down_n;
	uint32_t *live;	    /* of each service: its hosts that are not dark and not off */
	struct loss_inside *inside;
};

KS_MUST int loss_new(const struct grid *grid, struct arena *arena, struct loss **ret_loss,
    struct why *why);

/* Fills over and hot; costs what the flow touched. */
void loss_look(struct loss *loss, const struct flow *flow);
/* Fills down and live: a service is down below its min, or when one that it needs is.
 * off (of each host; NULL: none) are switched off. */
void loss_services(struct loss *loss, const struct flow *flow, const bool *off);
#endif
