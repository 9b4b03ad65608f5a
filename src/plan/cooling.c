#include "plan/cooling.h"
#include "base/must.h"
#include "physics/room.h"

struct cooling_until cooling_lost(const struct flow *flow, uint32_t room, int64_t from_milli, int64_t limit_milli)
{
	const struct site *site = flow->grid->site;
	struct cooling_until until = { .comes = false };

	must(room < flow->grid->rooms_n);
	struct room_stop stop = { .heat_mw = flow->room_mw[room], .volume_ml = site->rooms[room].volume_ml,
		.from_milli = from_milli };

	for (size_t i = 0; i < site->racks_n; i++)
		stop.racks += site->racks[i].room == &site->rooms[room];
	for (size_t i = 0; i < site->hosts_n; i++)
		if (flow->grid->hosts[i].room == room)
			stop.units += site->hosts[i].height;
	until.comes = room_until(&stop, limit_milli, &until.soonest_s, &until.likely_s, &until.latest_s);
	return until;
}
