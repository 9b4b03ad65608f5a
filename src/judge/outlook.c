#include "judge/outlook.h"
#include "base/number.h"
#include "judge/state.h"
#include <math.h>

enum { BEYOND = 2000, SIGHT = 6000 };

/* Far ahead the weighed answers of two levels may cross by their grid; the levels do not. */
static int32_t not_before(int32_t seconds, double minutes)
{
	return (int32_t)fmax(seconds, minutes * 60);
}

/* A few levels from now to a little beyond the critical limit: when each will be passed. */
static void outlook_make(const struct judge *judge, struct chamber *room)
{
	bool air = room_by_air(judge, room);
	const struct heat_past *past = air ? &room->past : &room->inlet_past;
	const struct limits *limits = air ? &room->air_limits : &room->inlet_limits;
	struct outlook *o = &room->outlook;
	int64_t now = air ? room->value : room->inlet;
	int64_t top = limits->high_critical != INT64_MAX && limits->high_critical > now
	    ? limits->high_critical + BEYOND : now + SIGHT;

	*o = (struct outlook){ .at_ms = judge->clock.wall, .warning = limits->high_warning,
		.critical = limits->high_critical, .levels_n = 1 };
	o->levels[0] = (struct outlook_level){ .milli = now };
	for (uint32_t i = 1; i < OUTLOOK_LEVELS; i++) {
		int64_t milli = now + number_scale(top - now, i, OUTLOOK_LEVELS - 1);
		struct heat_ahead ahead = heat_forecast(past, milli);

		if (!ahead.known) /* beyond the 12 h that a forecast sees, or never */
			break;
		const struct outlook_level *below = &o->levels[o->levels_n - 1];

		o->levels[o->levels_n++] = (struct outlook_level){ milli,
			not_before(below->low_s, ahead.low), not_before(below->mid_s, ahead.mid),
			not_before(below->high_s, ahead.high) };
	}
	if (o->levels_n == 1)
		o->levels_n = 0;
}

static int64_t rise_of(const struct judge *judge, const struct chamber *room)
{
	const struct heat_past *past = room_by_air(judge, room) ? &room->past : &room->inlet_past;
	int32_t now = heat_past_median(past, 0), before = heat_past_median(past, 60);

	return now == HEAT_NONE || before == HEAT_NONE ? INT64_MIN : (int64_t)now - before;
}

/* Where the hottest inlet is above all limits, how the rest goes on is still known. */
static bool foretold(const struct chamber *room)
{
	return room->first.known ||
	    (room->first.why == FORECAST_PASSED && (room->hard.known || room->mild.known));
}

static bool nearer(const struct chamber *a, const struct chamber *b)
{
	if (foretold(a) != foretold(b))
		return foretold(a);
	return foretold(a) && a->first.mid_s < b->first.mid_s;
}

size_t judge_outlooks(struct judge *judge, size_t most, struct outlook *ret_outlooks)
{
	bool made = false;
	size_t n = 0;

	for (size_t i = 0; i < judge->site->rooms_n; i++) {
		struct chamber *room = &judge->rooms[i];
		size_t at = n;

		if (!room->known && !room->inlet_known)
			continue;
		if (!made && foretold(room) && room->outlook_minute != judge->minute) {
			outlook_make(judge, room);
			room->outlook_minute = judge->minute;
			made = true;
		}
		if (!foretold(room))
			room->outlook = (struct outlook){ .warning = room->air_limits.high_warning,
				.critical = room->air_limits.high_critical };
		room->outlook.room = (uint32_t)i;
		room->outlook.rise_mk_h = rise_of(judge, room);
		while (at > 0 && nearer(room, &judge->rooms[ret_outlooks[at - 1].room]))
			at--;
		if (at == most)
			continue;
		for (size_t k = n < most ? n : most - 1; k > at; k--)
			ret_outlooks[k] = ret_outlooks[k - 1];
		ret_outlooks[at] = room->outlook;
		n += n < most;
	}
	return n;
}
