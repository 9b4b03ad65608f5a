/* src/plan/grid.h - the electrical model: a site's power path, hosts and services as
 * flat arrays, ready for arithmetic.  Index i of nodes, hosts, services and rooms is
 * index i of the same array of the site, so that names and lines stay at hand.
 *
 * Units: apparent power in micro-VA (volt x ampere of the site file, both thousandths,
 * is exact in them), watts in mW.  A grid is a healthy one and never changes; what a
 * loss does to it is a struct flow (plan/flow.h).
 *
 * Power of a host is shared by those of its cords that still have power, in proportion
 * to their weights: equal unless its outlets are metered (or the host's own supplies
 * are), since real supplies run 40:60 or active / standby. */
#ifndef KS_PLAN_GRID_H
#define KS_PLAN_GRID_H
#include "base/arena.h"
#include "base/why.h"
#include "site/model.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define GRID_NONE UINT32_MAX
enum { GRID_WHOLE = 100000, GRID_SCALE = 1000000 };

/* Where watts come from, the weakest first. */
enum grid_said {
	GRID_UNSAID,   /* no w= and no reading: counted as 0 */
	GRID_DECLARED, /* a nameplate */
	GRID_FILE,     /* w= of the site file, of the day it was written */
	GRID_METERED,  /* a share, by those, of what meters above it read, age_ms old */
	GRID_MEASURED, /* a reading, age_ms old */
};

struct grid_node {
	uint32_t up, up2;     /* what feeds it; up2: a transfer switch's other side; GRID_NONE */
	uint32_t room;	      /* through its rack; GRID_NONE when not said */
	uint32_t kid, kids_n; /* grid->kids[kid ...]: whom it feeds, also as up2 */
	uint32_t plug, plugs_n; /* grid->plugs[plug ...]: cords in it itself */
	int64_t rated_uva;    /* volt x amps (x sqrt 3), at its temperature; 0: no limit of its own */
	int64_t limit_uva;    /* x derate: what may flow all day; 0: none */
	int64_t load_uva;     /* healthy: of the hosts below, and extra_uva of all below */
	int64_t extra_uva;    /* its meter saw this much more than is known below it; a load
			       * that hangs on it and goes when it goes */
	int64_t seen_uva;     /* what its own meter says; -1: it has none */
	int64_t age_ms;	      /* of that reading */
	int64_t full_uva;     /* load_uva; of uneven loads the even load that fills a line as much */
	int64_t line_volt_mv; /* between lines */
	uint8_t kind;	      /* enum node_kind */
	uint8_t phases;	      /* 1 or 3 */
	bool uneven;	      /* three-phase, and loads below say their phase: plan/phase.h */
};

struct grid_cord {
	uint32_t host, node;
	uint32_t weight;      /* of its host's power, about GRID_WHOLE together; at least 1 */
};

struct grid_host {
	int64_t uva, mw;	 /* now */
	int64_t max_uva, max_mw; /* at most: after a start, or at full work */
	int64_t cap_uva, cap_mw; /* when capped; 0: cannot be */
	uint32_t cord, cords_n;	 /* grid->cords[cord ...] */
	uint32_t service, room, rack; /* GRID_NONE when not said */
	int64_t age_ms;		 /* of the reading, when measured */
	uint8_t said;		 /* enum grid_said, of uva and mw */
	bool even;		 /* its cords share alike */
	bool shares_seen;	 /* the weights are measured */
};

struct grid_service {
	int64_t value, unit;	  /* as in the site file */
	int64_t cap_milli;	  /* weight of capping: a capped host costs 0.2 x this / 1000 */
	uint32_t need, min, tier;
	int32_t stop;
	bool must;
	uint32_t dep, deps_n;	  /* grid->deps[dep ...]: services it needs */
	uint32_t member, members_n; /* grid->members[member ...]: its hosts */
};

struct grid_room {
	int64_t limit_mw; /* heat its cooling can take; 0: none */
	int64_t load_mw;  /* of the hosts in it */
	int64_t from_milli; /* C of its air now, the warmest measured; GRID_FROM_MILLI: nothing was */
	bool measured;
};

struct grid {
	const struct site *site; /* borrowed; must outlive the grid */
	struct grid_node *nodes;	size_t nodes_n;
	struct grid_host *hosts;	size_t hosts_n;
	struct grid_cord *cords;	size_t cords_n;	/* a host's lie together */
	struct grid_service *services;	size_t services_n;
	struct grid_room *rooms;	size_t rooms_n;
	uint32_t *kids, *plugs, *deps, *members;
	uint32_t *order;     /* all nodes, what feeds before what is fed */
	uint32_t switches_n; /* transfer switches: nodes with two sides */
	uint64_t readings;   /* hash of the readings used, 0: none; plans bind to it */
};

enum { GRID_FROM_MILLI = 25000 };

/* A measured value, brought by whoever knows the readings. */
struct grid_reading {
	enum { GRID_OF_NODE, GRID_OF_HOST, GRID_OF_CORD, GRID_OF_ROOM } of;
	uint32_t at;	   /* index of the node, host, cord (grid->cords) or room */
	/* POWER, APPARENT_POWER, CURRENT; LOAD (% of rated) of a node; TEMPERATURE of a room */
	enum measure kind;
	int64_t milli;	   /* W, VA, A, %; C */
	int64_t age_ms;
};

/* Steps of 3 %: a value moved when it is in another one. */
int64_t grid_step(int64_t milli);

/* How to build: limits of feeds and UPSes x feed_scale, of rooms x heat_scale, both in
 * millionths (GRID_SCALE: as they are; heat_scale 0: no heat limit). */
struct grid_ask {
	int64_t feed_scale, heat_scale;
	const struct grid_reading *readings;
	size_t readings_n;
};
extern const struct grid_ask grid_as_is;

/* All of it lies in the arena.  KS_FULL when that is too small; KS_MALFORMED when a
 * reading speaks of what is not there. */
KS_MUST int grid_new(const struct site *site, const struct grid_ask *ask,
    struct arena *arena, struct grid **ret_grid, struct why *why);

/* What is measured, into a grid that was built without: a reading's place is known from the
 * grid.  Errors as above; the grid is of no use then. */
KS_MUST int grid_measure(struct grid *grid, const struct grid_reading *readings, size_t n, struct arena *arena,
    struct why *why);

/* What goes over one cord when `live` (sum of weights, or number of cords when even)
 * of its host's cords have power and the host draws uva. */
int64_t grid_share(const struct grid_host *host, const struct grid_cord *cord, int64_t uva,
    uint32_t live);
#endif
