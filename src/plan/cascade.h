/* src/plan/cascade.h - after a loss: which breakers open, when, and who is dark in the
 * end, if nobody does anything.  Events one after another: the next breaker is the one
 * whose heat reaches its end first; then loads are what is left, heated ones go on from
 * the heat they have, relieved ones cool.  Seconds from the loss.
 *
 * Told twice: by the earliest edges, breakers warm from the load they carried before
 * (the deadline that a plan must beat), and by the latest, breakers cold (how long it
 * may burn). */
#ifndef KS_PLAN_CASCADE_H
#define KS_PLAN_CASCADE_H
#include "plan/curve.h"
#include "plan/flow.h"

struct trip {
	uint32_t node;
	double at_s;
	double load; /* times its rating, when it opened */
};

struct cascade {
	struct trip *trips; /* of the last run, in their order */
	uint32_t trips_n;
	struct cascade_inside *inside;
};

KS_MUST int cascade_new(const struct grid *grid, struct arena *arena,
    struct cascade **ret_cascade, struct why *why);

/* Loses n nodes at once and follows it to its end.  The flow is left there; mark it
 * before and undo it afterwards. */
void cascade_run(struct cascade *cascade, struct flow *flow, const uint32_t *nodes, uint32_t n,
    enum edge edge);

/* Seconds until the first trip as the flow now stands, warm from the healthy grid;
 * INFINITY: none.  *ret_node: which. */
double cascade_first(struct cascade *cascade, const struct flow *flow, enum edge edge,
    uint32_t *ret_node);

/* Seconds until this node opens if its load stays as the flow has it; INFINITY: never. */
double cascade_node(struct cascade *cascade, const struct flow *flow, uint32_t node, enum edge edge);
#endif
