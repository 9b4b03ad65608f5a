/* src/plan/shed.h - the shed problem: which hosts to switch off or cap so that every
 * limit holds again, at the least cost; with a bound that is proven.
 *
 *   min  sum off_h + sum capped_h + sum unit_s short_s + sum value_s down_s
 *   s.t. the relief of every row >= its excess
 *        short_s = need_s - live_s, where positive and s is not down
 *        s is down when live_s < min_s or a service that it depends on is down
 *        no `must` service goes down
 *
 * A row is a limit that is broken: a node above what may flow all day, a room too warm.
 * Plain arrays; knows nothing of sites, and is tested alone.
 *
 * Units: reliefs and excesses in one integer unit a row (micro-VA, mW); costs in
 * ten-thousandths (SHED_COST = the 1 of one host switched off), so that 0.2 of a
 * thousandth is whole and every cost is exact.
 *
 * Method: Lagrangian over rows and count cuts, services in closed form, dependencies by
 * a minimum cut (Picard 1976), deflected subgradient with Polyak's step (Camerini,
 * Fratta, Maffioli 1975), rows of few hosts by dynamic programme with split costs
 * (Guignard, Kim 1987), greedy, reverse delete, chains of exchanges (shed_mend.h), exact
 * re-solving of parts, menus joined (shed_join.h, up to some hundred hosts), branching. */
#ifndef KS_PLAN_SHED_H
#define KS_PLAN_SHED_H
#include "base/arena.h"
#include "base/why.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SHED_NONE UINT32_MAX
enum { SHED_COST = 10000 };
/* In the order of relief: what relieves more is larger. */
enum shed_state { SHED_ON, SHED_CAPPED, SHED_OFF };

/* What a host gives to one row: 0 <= capped <= off. */
struct shed_use {
	uint32_t row;
	int64_t off, capped;
};

/* A host that has power and is in at least one row.  They stand in the order of their
 * services, those without service (SHED_NONE) last. */
struct shed_host {
	uint32_t service;
	uint32_t use, uses_n; /* uses[use ...], each row at most once */
	bool can_cap;
};

struct shed_service {
	const char *name;     /* for sentences */
	int64_t value, unit, capped; /* costs; capped: of one capped host */
	uint32_t need, min;
	uint32_t live;	      /* hosts that have power, also those in no row */
	uint32_t dep, deps_n; /* deps[dep ...]: the services it needs */
	bool must;
};

struct shed_problem {
	const int64_t *excess;		       size_t rows_n; /* > 0 */
	const struct shed_host *hosts;	       size_t hosts_n;
	const struct shed_use *uses;	       size_t uses_n;
	const struct shed_service *services;   size_t services_n;
	const uint32_t *deps;		       size_t deps_n;
	int64_t off;			       /* cost of one host switched off */
};

struct shed_plan {
	uint8_t *state; /* of each host, enum shed_state */
	uint8_t *down;	/* of each service */
	bool feasible;	/* every limit holds and no must service goes down */
	int64_t cost;	/* INT64_MAX without a plan */
	int64_t bound;	/* proven: no plan costs less; INT64_MAX: proven that there is none */
	int64_t before; /* cost with nothing switched off: what the loss itself costs */
};

struct shed_ask {
	/* Asked often (each takes well under 10 ms); false: end with what there is. */
	bool (*go_on)(void *user);
	/* Told when a plan or a bound improved; may be NULL. */
	void (*better)(void *user, const struct shed_plan *plan);
	void *user;
};

/* KS_MALFORMED: a number out of range, or a service that is cheaper down than short of
 * hosts (value < unit * (need - min)). */
KS_MUST int shed_check(const struct shed_problem *problem, struct why *why);

/* A checked problem.  The plan's arrays lie in the arena.  KS_FULL: the arena is too
 * small.  Ends by itself when the plan is proven best. */
KS_MUST int shed_solve(const struct shed_problem *problem, const struct shed_ask *ask,
    struct arena *arena, struct shed_plan *ret_plan, struct why *why);

/* Counted from the states alone: which services are down (written to down, one byte a
 * service), and the cost.  *ret_feasible: no row is short, no must service down.
 * live and rest are room for one number a service and a row. */
struct shed_room {
	uint32_t *live;
	int64_t *rest;
};
int64_t shed_count(const struct shed_problem *problem, const uint8_t *state,
    const struct shed_room *room, uint8_t *down, bool *ret_feasible);

/* (cost - bound) / cost in millionths, rounded up; 0 when cost is the bound. */
int64_t shed_gap(const struct shed_plan *plan);
/* The same of the part above `before`, the only one that a plan can change. */
int64_t shed_gap_avoidable(const struct shed_plan *plan);
#endif
