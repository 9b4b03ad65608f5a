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

/* From the VA of each branch RS ST TR, of R S T to neutral (each at line voltage / sqrt
 * 3) and of balanced load, at that voltage between lines. */
void phase_currents(const double delta[3], const double star[3], double even, double volt,
    double ret_amps[3]);
#endif
