/* src/plan/shed_in.h - inside the shed planner: what its files share.  Costs here are
 * doubles of the same unit; every bound is taken down by the margin that the rounding
 * of all its sums can reach, and then up to the next multiple of what divides every
 * cost, so that it stays proven. */
#ifndef KS_PLAN_SHED_IN_H
#define KS_PLAN_SHED_IN_H
#include "plan/shed.h"
#include "plan/shed_climb.h"

/* What is still open for a service. */
enum shed_fate { FATE_FREE, FATE_UP, FATE_DOWN };

struct shed_flow; /* the minimum cut's memory, shed_closure.c */

/* A problem laid out for arithmetic, what is fixed in it, and the last evaluation. */
struct shed_work {
	const struct shed_problem *p;
	struct arena *arena;
	size_t H, R, S, U;
	int64_t grain;	   /* divides every cost */

	double *use_off, *use_cap; /* of each use: its part of the excess */
	uint32_t *first;	   /* hosts of service s: first[s] ... first[s + 1]; s = S: none */
	uint32_t *up_at, *up;	   /* services that depend on s: up[up_at[s] ...] */
	uint32_t *count;	   /* of each row: it takes at least so many hosts off; 0: no cut */
	uint32_t *bigger, *smaller; /* the next in a chain of hosts alike, or SHED_NONE */
	uint32_t *row_at;	   /* hosts of a row: rows[row_at[r] ...] */
	struct row_entry { int64_t capped, extra; uint32_t host, use; } *rows;

	/* fixed: lo <= state <= hi, and each service's fate */
	uint8_t *lo, *hi, *fate;

	/* the multipliers: of each row, and of its count cut */
	struct shed_climb climb;   /* of 2 R: lam, then mu */
	double *lam, *mu;
	double faint;		   /* what a row counts at least when a plan is built */

	/* what an evaluation leaves */
	double *rx, *ry;	   /* reduced cost of off and capped */
	double *s_up, *s_down;	   /* of each service up and down */
	double *edge_in, *edge_out; /* cost of the dearest host taken, of the cheapest not */
	double *gain;		   /* what each host off adds, beyond its next best state */
	uint8_t *taken_up;	   /* of each host: its state while its service is up */
	uint8_t *x, *z;		   /* states and fates in the Lagrangian's solution */
	double *slope_lam, *slope_mu; /* 1 - what x gives, count - x: of each row */
	double bound;		   /* proven */

	uint32_t *queue;	   /* S + 1 */
	struct shed_pick { double d; uint32_t host; } *picks; /* H */
	struct shed_flow *flow;
};

/* Everything above; nothing fixed but what the problem fixes.  KS_FULL: no memory. */
KS_MUST int work_new(const struct shed_problem *p, struct arena *arena,
    struct shed_work **ret_work, struct why *why);
/* Fates follow from each other along the dependencies; false: they contradict. */
bool work_spread(struct shed_work *w);
/* How many hosts each row takes off at least; false: one can not be relieved. */
bool work_count(struct shed_work *w);
/* The bound at lam, mu and what is fixed; fills the evaluation. */
void work_evaluate(struct shed_work *w);
/* Up to the next whole cost: what an optimum may be at least. */
int64_t work_whole(const struct shed_work *w, double bound);

/* Which of the free services to count as down, given what that costs (may be negative):
 * a set closed upwards, of least sum.  Sets z; returns the sum, proven. */
KS_MUST int closure_new(struct shed_work *w, struct why *why);
double closure_least(struct shed_work *w);
#endif
