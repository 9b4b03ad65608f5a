/* src/judge/rise.c - a room that warms too fast: by default more than 20 K in an hour
 * or a quarter of that in 15 minutes (ASHRAE TC 9.9, 2015 and later).  Ends are
 * medians of three minutes, so a step of 1 K or one outlier is no rise. */
#include "judge/state.h"

enum { RISE_OVER = 2 };

/* Rise of the last value over the lowest in the window, mK; 0 when unknown. */
int64_t rise_in(const struct heat_past *past, uint32_t minutes)
{
	uint32_t newest = heat_past_newest(past);
	int32_t now = newest <= HEAT_STALE ? heat_past_median(past, newest) : HEAT_NONE, low = now;

	if (now == HEAT_NONE)
		return 0;
	for (uint32_t ago = newest + 1; ago <= newest + minutes; ago++) {
		int32_t then = heat_past_median(past, ago);

		if (then != HEAT_NONE && then < low)
			low = then;
	}
	return (int64_t)now - low;
}

/* It begins by the quarter or the hour, and only while the last ten minutes say the same;
 * it is over when they do no longer, however much the hour remembers. */
static void rise_judge(struct chamber *room, int64_t allowed)
{
	int64_t quarter = rise_in(&room->past, 15), hour = rise_in(&room->past, 60);
	int64_t pace = rise_in(&room->past, 10) * 6;
	bool slow = pace * 2 <= allowed, fast = quarter * 4 > allowed || hour > allowed;

	if (heat_past_newest(&room->past) > HEAT_STALE) {
		/* nothing is known of it; when nothing is known of the room, that is told */
		room->rising = room->rising && room->blind == NULL;
		return;
	}
	if (!room->rising && fast && pace * 4 > allowed * 3) {
		room->rising_since = room->at;
		room->rising = true;
		room->rising_over = 0;
	}
	room->rising_value = slow ? pace : quarter * 4 > hour ? quarter * 4 : hour;
	room->rising_over = slow ? (uint8_t)(room->rising_over + (pace * 8 <= allowed ? 2 : 1)) : 0;
	room->rising = room->rising && room->rising_over < RISE_OVER;
}

void rise_sweep(struct judge *judge)
{
	const struct site *site = judge->site;

	for (size_t i = 0; i < site->rooms_n; i++) {
		struct chamber *room = &judge->rooms[i];
		int64_t allowed = site->rooms[i].rise_mk_h;

		if (judge->new_minute)
			rise_judge(room, allowed);
		room->rise = NULL;
		if (room->rising)
			room->rise = claim(judge, &(struct claim){ .code = FINDING_RISING,
				.severity = SEVERITY_WARNING, .subject_kind = SUBJECT_ROOM,
				.subject = site->rooms[i].id, .place = site->rooms[i].id,
				.kind = MEASURE_TEMPERATURE, .since = room->rising_since,
				.value = room->rising_value, .limit = allowed });
	}
}
