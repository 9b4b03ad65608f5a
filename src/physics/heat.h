/* src/physics/heat.h - a room's heat: its past by the minute, and when it will pass a
 * limit.  The seam for fuller models: heat_forecast() may learn more from the same past
 * (measured watts, cooling on or off) without its callers changing. */
#ifndef KS_PHYSICS_HEAT_H
#define KS_PHYSICS_HEAT_H
#include <stdbool.h>
#include <stdint.h>

enum { HEAT_MINUTES = 360, HEAT_NONE = INT32_MIN,
	HEAT_STALE = 10 /* minutes: an older value says nothing of now */ };

/* The last six hours by the minute; thousandths of C, watts.  HEAT_NONE: no value. */
struct heat_past {
	int32_t temp[HEAT_MINUTES], watt[HEAT_MINUTES];
	uint32_t next, n;	/* where the next minute goes; minutes there are */
	int64_t sum;		/* of the minute that runs */
	uint32_t sum_n;
};

void heat_past_add(struct heat_past *past, int64_t temp_milli);
/* A sensor came or went and moved the value: the past moves with it, so that this is
 * no rise. */
void heat_past_move(struct heat_past *past, int64_t by_milli);
/* The minute is over; watt: measured IT power then, HEAT_NONE: not known. */
void heat_past_minute(struct heat_past *past, int32_t watt);
/* 0: the last whole minute; HEAT_NONE when there was no value. */
int32_t heat_past_at(const struct heat_past *past, uint32_t minutes_ago);
/* The median of that minute and the two before it, of those there are. */
int32_t heat_past_median(const struct heat_past *past, uint32_t minutes_ago);
/* How many minutes ago the newest value is; more than HEAT_STALE: there is none. */
uint32_t heat_past_newest(const struct heat_past *past);
/* The mean of the values from `from` to before `to` minutes ago; HEAT_NONE: there are none. */
int32_t heat_past_mean(const struct heat_past *past, uint32_t from, uint32_t to);

/* Why there is no answer. */
enum heat_why { HEAT_KNOWN, HEAT_FEW /* minutes known */, HEAT_OLD /* values */,
	HEAT_PASSED /* already */, HEAT_CALM /* no clear rise */, HEAT_FAR /* beyond 12 h, or never */ };

/* Minutes from the last whole minute until the limit is passed, with an 80 %
 * interval.  known: false when the past is too short (sure: false) or the room is
 * not heading there (sure: true). */
struct heat_ahead {
	bool known, sure;
	uint8_t why; /* enum heat_why */
	double low, mid, high;
};
struct heat_ahead heat_forecast(const struct heat_past *past, int64_t limit_milli);
#endif
