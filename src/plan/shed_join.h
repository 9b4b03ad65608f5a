/* src/plan/shed_join.h - an exact finish for small problems: what every block of hosts
 * (a row solved whole, or a few hosts in none) may do at not much more than its least is
 * listed, its menu; menus are joined one after the other.  Of two lists of choices that
 * switch off as many hosts of every service, the dearer that gives no row more can go
 * (dominance); so can what the Lagrangian of the rest takes above the cost asked for.
 * What is left to compare grows with the gap, not with the number of plans. */
#ifndef KS_PLAN_SHED_JOIN_H
#define KS_PLAN_SHED_JOIN_H
#include "plan/shed_rows.h"

enum { JOIN_LANES = 16, JOIN_WAYS = 6, JOIN_HOSTS = 400, JOIN_LABELS = 1 << 20, JOIN_STEPS = 512 };
enum { JOIN_BUCKETS = 1 << 18, JOIN_NO_NEXT = 0x7fffffff };
enum join_end { JOIN_FOUND, JOIN_NONE, JOIN_FULL };

/* Choices made for some blocks.  A lane is a service whose cost bends with the number of
 * its hosts that are off; a way is a row that blocks share, the last is the block's own. */
struct join_label {
	union { uint8_t off[JOIN_LANES]; uint64_t both[2]; };
	int64_t cost;		   /* exact, without lanes; INT64_MAX: beaten */
	int64_t relief[JOIN_WAYS]; /* exact */
	double red;		   /* in the Lagrangian, without lanes and open ways */
	uint32_t parent;	   /* the label before this choice, or SHED_NONE */
	uint32_t choice;	   /* of a menu: host * 4 + state; joined: the menu's label */
	uint32_t next : 31, joined : 1; /* in its bucket */
};

struct join_block {
	uint32_t first, n;  /* hosts[first ...] */
	uint32_t row;	    /* its own, or SHED_NONE */
	uint32_t ways_leaf; /* a bit for each way that its hosts are in */

	/* in a search, where blocks grow together */
	uint32_t ways;
	bool gone, in;	    /* in another block; in the labels being made */
	uint32_t menu, menu_n; /* menus[menu ...]: labels by rising red */
	double least;	    /* red of any choice */
	uint8_t most[JOIN_LANES];  /* off at most */
	int64_t reach[JOIN_WAYS];  /* relief at most */
};

/* The same of all blocks that are not in a label. */
struct join_rest {
	double least;
	uint32_t most[JOIN_LANES];
	int64_t reach[JOIN_WAYS];
};

struct shed_join {
	struct shed_rows *rows;
	struct join_block *blocks;
	uint32_t blocks_n, *hosts;
	uint32_t *way_of;	   /* of each row: its way, or SHED_NONE */
	uint32_t ways_n, way_order[JOIN_WAYS], way_hosts[JOIN_WAYS]; /* the smallest first */
	uint32_t closed;	   /* a bit for each way whose need is met */
	struct join_rest rest;
	int64_t need[JOIN_WAYS];   /* relief that each way must have in the end */

	/* of what is fixed now */
	uint32_t *lane_of, lanes_n; /* of each service: its lane, or SHED_NONE */
	struct join_lane { int64_t unit; uint32_t short_n, spare, room, best; double pi; } lane[JOIN_LANES];
	/* rows with lambda > 0: what all of the excess is paid, and each unit of relief */
	struct join_price { double lam, each; uint32_t way; } *prices;
	uint32_t prices_n;
	int64_t constant;	   /* cost of the services that are no lanes */
	int64_t *off, *capped;	   /* cost of each host */
	double *red_off, *red_capped;
	double falls, fall;	   /* what falling services may save; what the first costs */
	double base;		   /* the Lagrangian without blocks, lanes, rows' lambda */
	double *suffix;		   /* of one block: least red of the hosts from i that gives j */

	struct join_label *labels;
	uint32_t labels_n, labels_max, labels_room, *menus, menus_n;
	uint32_t stage, *heads, buckets; /* first label of the stage; its labels in buckets */
	int64_t most;		   /* cost asked for */
	uint32_t best;		   /* the cheapest whole label so far; SHED_NONE */
	bool (*go_on)(void *user);
	void *user;
	uint32_t turn;
	bool full;
};

/* NULL when the problem is too large or too much entangled for this, or memory ends:
 * then there is only branching. */
struct shed_join *join_new(struct shed_rows *rows, struct arena *arena);
/* The cheapest plan of at most `most` within what is fixed, its states; JOIN_NONE: proven
 * that there is none; JOIN_FULL: too much to compare, or no time.  Labels: how many. */
enum join_end join_search(struct shed_join *j, int64_t most, uint32_t labels, uint8_t *state);

/* shed_menu.c: costs by what is fixed and the rows' multipliers; false: a service may
 * still fall below `most`, or too many bend. */
bool join_costs(struct shed_join *j);
/* Each block's menu; false: no plan. */
bool join_menus(struct shed_join *j);
/* The least of a lane with n to n + more hosts off. */
double join_lane_least(const struct join_lane *lane, uint32_t n, uint32_t more);
/* shed_join.c: what a label with the rest that is set costs at least. */
double join_least(const struct shed_join *j, const struct join_label *l);
/* What rounding may hide of a cost. */
double join_margin(const struct shed_join *j);
/* A copy into the stage, unless one there is as good; labels that it beats go. */
void join_keep(struct shed_join *j, const struct join_label *l);
/* A new stage: from the labels there are. */
void join_stage(struct shed_join *j);
/* The stage is the block's menu, but for what does not meet a way that closes. */
bool join_serve(struct shed_join *j, struct join_block *b, uint32_t closing);
#endif
