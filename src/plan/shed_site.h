/* src/plan/shed_site.h - the shed problem of a site: what is above its limit as the flow
 * stands after losses, and what every host with power could give. */
#ifndef KS_PLAN_SHED_SITE_H
#define KS_PLAN_SHED_SITE_H
#include "plan/flow.h"
#include "plan/shed.h"

/* A limit that is broken: of a node (micro-VA) or a room (mW), or of one line of a
 * three-phase node (micro-VA of a balanced load that would fill it as much). */
struct shed_limit {
	bool is_room;
	uint8_t line; /* 1 2 3: R S T */
	bool again;   /* the same line, seen from another direction: not to be told */
	uint32_t at; /* index of the node or room */
	int64_t load, limit;
};

struct shed_site {
	const struct grid *grid;
	struct shed_problem problem;
	struct shed_limit *limits; /* of each row */
	uint32_t broken_n;	   /* rows to be told */
	uint32_t *hosts;	   /* of each host of the problem: its index in the grid */
	/* must services that the loss itself takes down: nothing can save them, and the
	 * problem lets them be down */
	uint32_t *must_lost;
	uint32_t must_lost_n;
};

/* As the flow stands; it is left as it was.  caps: may hosts be capped?  Lies in the
 * arena.  KS_MALFORMED: the site's services make no sense (shed_check). */
KS_MUST int shed_site_new(struct flow *flow, bool caps, struct arena *arena,
    struct shed_site **ret_site, struct why *why);
#endif
