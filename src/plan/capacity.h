/* src/plan/capacity.h - what is left: in racks, on every piece of the power path, of
 * cooling; and what redundancy is worth.  Units as in plan/grid.h. */
#ifndef KS_PLAN_CAPACITY_H
#define KS_PLAN_CAPACITY_H
#include "plan/loss.h"

struct capacity_rack {
	uint32_t units, free_u; /* of its height */
	uint32_t block_u, block_n; /* the largest free block: its lowest U and height; 0: full */
	uint32_t hosts_n;
	int64_t mw;
};

struct capacity_node {
	uint32_t cords_n;	/* of hosts, in it itself */
	int64_t worst_uva;	/* the most it must carry after any single loss */
	uint32_t worst_by;	/* that loss; GRID_NONE: it carries most when all is well */
	bool backs;		/* a host below it has another cord elsewhere */
	int64_t half_short_uva;	/* A/B rule: above half of its limit (40 % of the rating) by so
				 * much; 0: it holds, or it backs nobody */
	int64_t short_uva;	/* worst_uva is above its limit by so much; 0: it holds */
};

struct capacity_room {
	uint32_t racks_n, units_n; /* racks; U filled */
	int64_t cooling_mw;	   /* of its cooling units; 0: none said */
};

struct capacity {
	struct capacity_rack *racks; /* of each rack of the site */
	struct capacity_node *nodes; /* of each node */
	struct capacity_room *rooms;
	uint32_t *lonely;	     /* hosts with one cord whose service has hosts with two */
	uint32_t lonely_n;
};

/* The flow must be as the healthy grid, and is so again afterwards. */
KS_MUST int capacity_of(const struct grid *grid, struct flow *flow, struct arena *arena,
    struct capacity **ret_capacity, struct why *why);

/* The lowest U where `height` U are free in that rack; 0: there is none. */
uint32_t capacity_place(const struct site *site, const struct rack *rack, uint32_t height);

/* When a trend reaches a limit: least squares over daily values (thousandths, any unit;
 * INT64_MIN: no value that day), the last one today.  Months of 30.44 days. */
struct trend {
	bool known;	   /* enough days, and it grows */
	double months;	   /* 0: it is there already */
	double per_month;  /* growth, thousandths */
	uint32_t days;	   /* with a value */
};
struct trend trend_until(const int64_t *days, uint32_t n, int64_t limit);
#endif
