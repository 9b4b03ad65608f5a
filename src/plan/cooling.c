#include "plan/cooling.h"
#include "base/must.h"
#include "physics/room.h"

struct room_stop cooling_room(const struct grid *grid, uint32_t room)
{
	const struct site *site = grid->site;

	must(room < grid->rooms_n);
	struct room_stop stop = { .volume_ml = site->rooms[room].volume_ml, .from_milli = grid->rooms[room].from_milli };

	for (size_t i = 0; i < site->racks_n; i++)
		stop.racks += site->racks[i].room == &site->rooms[room];
	for (size_t i = 0; i < site->hosts_n; i++)
		if (grid->hosts[i].room == room)
			stop.units += site->hosts[i].height;
	return stop;
}

struct cooling_until cooling_lost(const struct flow *flow, uint32_t room, int64_t limit_milli)
{
	struct room_stop stop = cooling_room(flow->grid, room);
	struct cooling_until until = { .comes = false };

	stop.heat_mw = flow->room_mw[room];
	until.comes = room_until(&stop, limit_milli, &until.soonest_s, &until.likely_s, &until.latest_s);
	return until;
}
