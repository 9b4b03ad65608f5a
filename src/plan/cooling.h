/* src/plan/cooling.h - a room that loses its cooling, with the hosts that have power in
 * it as the flow stands: how soon it is too warm (physics/room.h). */
#ifndef KS_PLAN_COOLING_H
#define KS_PLAN_COOLING_H
#include "physics/room.h"
#include "plan/flow.h"

/* The room as its air, racks and equipment make it, as warm as it is, without heat and
 * without cooling. */
struct room_stop cooling_room(const struct grid *grid, uint32_t room);

struct cooling_until {
	bool comes; /* it passes the limit at all */
	double soonest_s, likely_s, latest_s;
};
/* From what it is now to that, thousandths of a degree Celsius. */
struct cooling_until cooling_lost(const struct flow *flow, uint32_t room, int64_t limit_milli);
#endif
