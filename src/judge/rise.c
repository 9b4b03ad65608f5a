/* src/judge/rise.c - a room that warms too fast: by default more than 20 K in an hour
 * or a quarter of that in 15 minutes (ASHRAE TC 9.9, 2015 and later).  Ends are
 * medians of three minutes, so a step of 1 K or one outlier is no rise. */
#include "judge/state.h"

enum { RISE_QUIET = 5 * MINUTE };

/* Rise of the last value over the lowest in the window, mK; 0 when unknown. */
int64_t rise_in(const struct heat_past *past, uint32_t minutes)
{
	int32_t now = heat_past_median(past, 0), low = now;

	if (now == HEAT_NONE)
		return 0;
	for (uint32_t ago = 1; ago <= minutes; ago++) {
		int32_t then = heat_past_median(past, ago);

		if (then != HEAT_NONE && then < low)
			low = then;
	}
	return (int64_t)now - low;
}

static void rise_judge(struct judge *judge, struct chamber *room, int64_t allowed)
{
	int64_t now = judge->clock.now;
	int64_t quarter = rise_in(&room->past, 15), hour = rise_in(&room->past, 60);

	room->rising_value = quarter * 4 > hour ? quarter * 4 : hour;
	if (quarter * 4 > allowed || hour > allowed) {
		if (!room->rising)
			room->rising_since = room->at;
		room->rising = true;
		room->rising_quiet = 0;
	} else if (room->rising && quarter * 8 <= allowed) {
		room->rising_quiet = room->rising_quiet != 0 ? room->rising_quiet : now;
		if (now - room->rising_quiet >= RISE_QUIET)
			room->rising = false;
	}
}

void rise_sweep(struct judge *judge)
{
	const struct site *site = judge->site;

	for (size_t i = 0; i < site->rooms_n; i++) {
		struct chamber *room = &judge->rooms[i];
		int64_t allowed = site->rooms[i].rise_mk_h;

		if (judge->new_minute)
			rise_judge(judge, room, allowed);
		room->rise = NULL;
		if (room->rising)
			room->rise = claim(judge, &(struct claim){ .code = FINDING_RISING,
				.severity = SEVERITY_WARNING, .subject_kind = SUBJECT_ROOM,
				.subject = site->rooms[i].id, .place = site->rooms[i].id,
				.kind = MEASURE_TEMPERATURE, .since = room->rising_since,
				.value = room->rising_value, .limit = allowed });
	}
}
