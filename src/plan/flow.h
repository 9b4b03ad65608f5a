/* src/plan/flow.h - how power flows in a grid after losses and after hosts were switched
 * off or capped.  Every change is incremental: it costs what it touches, and can be
 * taken back, so that ten thousand losses are tried in milliseconds.
 *
 * A lost node is dark with all that hangs on it alone; a transfer switch takes its
 * other side; a host's power moves to those of its cords that are left; a host
 * without any is dark.  Units as in plan/grid.h. */
#ifndef KS_PLAN_FLOW_H
#define KS_PLAN_FLOW_H
#include "plan/grid.h"

enum flow_node { FLOW_LIVE, FLOW_DARK, FLOW_DYING }; /* dying: only inside flow_lose() */

struct flow {
	const struct grid *grid;
	/* all for reading only */
	uint8_t *node;	      /* enum flow_node of each node */
	uint8_t *side;	      /* of each node: 1 when a transfer switch is fed by up2 */
	int64_t *load_uva;    /* of each node; 0 when dark */
	int64_t *uva, *mw;    /* of each host: what it draws as long as it has power */
	int64_t *room_mw;     /* of each room */
	uint32_t *dark;	      /* hosts that lost their last cord, in that order */
	uint32_t dark_n;
	uint32_t *touched;    /* nodes whose load or state changed since flow_reset() */
	uint32_t touched_n;
	uint32_t *changed;    /* the same by the last flow_lose() or flow_draw() alone */
	uint32_t changed_n;
	struct flow_inside *inside;
};

/* Lies in the arena. */
KS_MUST int flow_new(const struct grid *grid, struct arena *arena, struct flow **ret_flow,
    struct why *why);
/* As healthy as the grid; costs what was touched. */
void flow_reset(struct flow *flow);

/* The node gives no more power: failed, or its breaker opened.  Dark already: nothing. */
void flow_lose(struct flow *flow, uint32_t node);
/* The host draws this from now on: (0, 0) switched off, its cap_ values capped. */
void flow_draw(struct flow *flow, uint32_t host, int64_t uva, int64_t mw);

/* Marks nest, FLOW_MARKS deep: flow_undo() takes back all since the last flow_mark(),
 * and that mark with it. */
enum { FLOW_MARKS = 4 };
void flow_mark(struct flow *flow);
void flow_undo(struct flow *flow);

/* Has the host a cord with power?  One whose cords are not said has, always. */
bool flow_lit(const struct flow *flow, uint32_t host);
/* What goes over grid->cords[cord] now; 0 when it is dark. */
int64_t flow_cord(const struct flow *flow, uint32_t cord);
/* What feeds the node now; GRID_NONE at the top and when dark. */
static inline uint32_t flow_up(const struct flow *flow, uint32_t node)
{
	const struct grid_node *at = &flow->grid->nodes[node];

	return flow->node[node] != FLOW_LIVE ? GRID_NONE : flow->side[node] ? at->up2 : at->up;
}
#endif
