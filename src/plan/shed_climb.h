/* src/plan/shed_climb.h - climbing to better multipliers, whichever bound they give:
 * deflected subgradient with Polyak's step (Camerini, Fratta, Maffioli 1975), restarts
 * at the best so far. */
#ifndef KS_PLAN_SHED_CLIMB_H
#define KS_PLAN_SHED_CLIMB_H
#include "base/arena.h"
#include "base/why.h"
#include <stddef.h>
#include <stdint.h>

struct shed_climb {
	size_t n;
	double *at;	/* multipliers, >= 0: what to evaluate next */
	double *slope;	/* of the bound in each, as the evaluation left it */
	double *scale;	/* units in which all of them weigh alike; > 0 */
	double *best_at, best; /* the best bound so far, and where */
	double *way;	/* direction, in those units */
	double pace;
	uint32_t stalled;
};

KS_MUST int climb_new(size_t n, struct arena *arena, struct shed_climb *ret_climb,
    struct why *why);
/* Forget the best bound (what it bounds has changed), go on from its multipliers. */
void climb_start(struct shed_climb *c, double pace);
/* After an evaluation that gave `bound`: one step towards a cost that is thought
 * reachable; from -INFINITY (nothing is known there) back to the best.  True: it is the
 * best so far. */
bool climb_step(struct shed_climb *c, double bound, double target);
#endif
