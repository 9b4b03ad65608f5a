/* src/plan/ready.h - the plan of every single loss, kept ready: an event then costs a
 * look-up.  Planned one by one with whatever time there is, the worst losses first;
 * measured loads that change make a new shelf. */
#ifndef KS_PLAN_READY_H
#define KS_PLAN_READY_H
#include "plan/remedy.h"

/* What is kept of a remedy: enough to act on, small enough to keep a thousand. */
struct ready_plan {
	bool planned;	  /* looked at; the rest is then set */
	bool feasible, in_time, fast_in_time;
	bool must_lost;	  /* the loss itself takes a must service down */
	uint32_t dark_n, broken_n; /* hosts without power, limits broken */
	uint32_t off_n, capped_n, down_n;
	uint32_t *hosts;  /* of the grid: those off, in the order of their waves, then the capped */
	int64_t cost, bound, before;
	double opens_s;	  /* when the first limit opens if nothing is done; INFINITY: none */
	double done_s;	  /* when the last wave ends */
};

struct ready {
	const struct grid *grid;  /* borrowed; must outlive it */
	struct flow *flow;
	struct arena *arena;	  /* what is kept lies here */
	struct ready_plan *plans; /* of each node */
	uint32_t *order;	  /* nodes, the heaviest loads first */
	uint32_t order_n, next;
	size_t memory;		  /* for one plan while it is made */
	struct arena making;	  /* of the plan that is half made */
	struct remedy *half;	  /* shed, not yet ordered; NULL: none */
};

/* Lies in the arena. */
KS_MUST int ready_new(const struct grid *grid, struct arena *arena, struct ready **ret_ready,
    struct why *why);
/* One of the two steps of the next loss: what to shed, with the time that go_on gives, or
 * then its order.  KS_ABSENT: all are planned.  KS_FULL: no memory; that loss stays without
 * a plan. */
KS_MUST int ready_step(struct ready *ready, const struct shed_ask *ask, struct why *why);
/* What lies outside the arena; NULL is fine. */
void ready_done(struct ready *ready);
/* NULL: not planned (yet). */
const struct ready_plan *ready_find(const struct ready *ready, uint32_t node);
#endif
