/* src/plan/phase.h - currents in the three lines of a three-phase piece of the power
 * path, exact where the phases of what hangs on it are said (phase=).
 *
 * Loads between two lines (delta, 200 V in Japan), power factors about alike: the current
 * of line R is that of its two branches, 60 degrees apart:
 *     I_R^2 = I_RS^2 + I_TR^2 + I_RS I_TR
 * (vector sum of I_RS and -I_TR).  Loads to neutral add in line with their line, at 30
 * degrees to both its branches.  What says no phase is shared alike by the three. */
#ifndef KS_PLAN_PHASE_H
#define KS_PLAN_PHASE_H
#include "plan/flow.h"

struct phase_lines {
	bool known;	   /* all of the load says its phase */
	double amps[3];	   /* R S T */
	double may;	   /* amps that may flow all day in each; 0: no limit */
};
/* Of a live three-phase node as the flow stands. */
struct phase_lines phase_lines(const struct flow *flow, uint32_t node);

/* Loads by what they hang on, VA: RS ST TR, R S T to neutral, and even. */
enum { PHASE_KINDS = 7, PHASE_EVEN = 6, PHASE_WAYS = 7 };
void phase_loads(const struct flow *flow, uint32_t node, double ret_va[PHASE_KINDS]);
/* Of the site's word (phase=), not NULL. */
unsigned phase_kind(const char *phase);
/* The current of a line is the longest that its vector is in any direction.  Seen from
 * PHASE_WAYS directions, 10 degrees apart, it is linear in the loads: so many VA (of a
 * balanced load) a VA of that kind counts, never less than 0.  The vector lies between
 * two of them, so it is at most 1 / PHASE_BETWEEN of the longest. */
#define PHASE_BETWEEN 0.99619469809174555 /* cos 5 degrees */
double phase_part(unsigned line, unsigned way, unsigned kind);

/* Limits and trip curves are of each line, so what counts is the fullest: the even load
 * (micro-VA) that fills all three as much.  Of loads that are even, or say no phase, and of
 * one-phase nodes just the load. */
int64_t phase_full(const struct flow *flow, uint32_t node);
/* Above what may flow all day, in sum or in one line? */
static inline bool phase_over(const struct flow *flow, uint32_t node)
{
	int64_t limit = flow->grid->nodes[node].limit_uva;

	return limit > 0 && phase_full(flow, node) > limit;
}
/* The fullest line (0 1 2) of a live node whose load is uneven; 3: the sum says it all. */
unsigned phase_fullest(const struct flow *flow, uint32_t node, struct phase_lines *ret_lines);

/* Fills uneven and full_uva of the healthy grid's nodes; the loads are there. */
void phase_fill(struct grid *grid);

/* From the VA of each branch RS ST TR, of R S T to neutral (each at line voltage / sqrt
 * 3) and of balanced load, at that voltage between lines. */
void phase_currents(const double delta[3], const double star[3], double even, double volt,
    double ret_amps[3]);
#endif
