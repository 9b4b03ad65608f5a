/* src/plan/shed_pick.h - building a plan: states that can be changed one by one, and
 * what a change costs now.  Exact: costs and excesses are whole numbers. */
#ifndef KS_PLAN_SHED_PICK_H
#define KS_PLAN_SHED_PICK_H
#include "plan/shed_in.h"

struct shed_draft {
	struct shed_work *w;
	uint8_t *state;	  /* of each host */
	uint8_t *down;	  /* services given up; a falling closed set */
	uint32_t *live;	  /* of each service */
	int64_t *rest;	  /* of each row: what is still missing; < 0: to spare */
	uint32_t short_n; /* rows with rest > 0 */
	uint32_t turn;	  /* mark stamps */
	uint32_t *mark;	  /* of each service */
	struct shed_move { double ratio; uint32_t at; } *heap; /* H */
	size_t heap_n;
	uint32_t *list;	  /* S */
	double *ratios;	  /* of each service */
	/* for shed_count */
	uint8_t *count_down;
	struct shed_room room;
};

KS_MUST int draft_new(struct shed_work *w, struct arena *arena, struct shed_draft *ret_draft,
    struct why *why);
/* As fixed: every host as low as it may be, services down that must be. */
void draft_clear(struct shed_draft *d);
/* The states as given, services as they follow. */
void draft_load(struct shed_draft *d, const uint8_t *state);
/* Cost of the host in that state instead of its present one; INT64_MAX: it would take a
 * service that is up below its minimum, or is excluded. */
int64_t draft_price(const struct shed_draft *d, uint32_t host, enum shed_state state);
void draft_set(struct shed_draft *d, uint32_t host, enum shed_state state);
/* Would every row that holds still hold? */
bool draft_holds(const struct shed_draft *d, uint32_t host, enum shed_state state);

/* From the given fates and states (or NULL) the cheapest relief first, by the work's
 * multipliers; then what turns out not needed is taken back.  False: no way is left. */
bool draft_build(struct shed_draft *d, const uint8_t *z, const uint8_t *seed);
/* Takes back whatever the rows allow, the dearest first. */
void draft_trim(struct shed_draft *d);
#endif
