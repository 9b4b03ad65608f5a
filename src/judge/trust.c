/* src/judge/trust.c - can this number be true?  Rules of a room's air: nothing warms
 * by 10 K a minute alone, nothing is ten times itself, and Fahrenheit is no Celsius. */
#include "judge/state.h"

enum {
	AIR_COLDEST = -40000,
	AIR_HOTTEST = 85000,
	RATE_GATE = 10000,	  /* mK a minute */
	RATE_SLACK = 1000,	  /* one step of a coarse sensor is no jump */
	JUMP_FORGET = 30 * MINUTE,/* an older last value says nothing about this one */
	JUMP_TRUST = 15 * MINUTE, /* a steady new level is believed after this, unless */
	JUMP_SOON = 2 * MINUTE,   /* or after this, or three readings, where nobody */
	JUMP_READINGS = 3,	  /* else measures the room: better heat than blindness */
	JUMP_ALONE = 10000,	  /* the neighbours' median is that far from it */
	AGREE_NEAR = 3000,
	AGREE_TIME = 3 * MINUTE,
	STUCK_CHANGES = 200,
	STUCK_STEP = 250,
	STUCK_FACTOR = 20,
	STUCK_RUN = 20,
	STUCK_LEAST = 10 * MINUTE,
	STUCK_MOVE = 2000,
};
static const int64_t SCALE_MOST = 1000000000000;
static const int64_t STUCK_TIME = 2 * (int64_t)HOUR, STUCK_HISTORY = DAY;

static int64_t gap_of(int64_t a, int64_t b)
{
	return a > b ? a - b : b - a;
}

/* Air that servers breathe or a room holds; chips and chilled water may jump. */
bool track_breathes(const struct track *track)
{
	return track->kind == MEASURE_TEMPERATURE &&
	    (track->place == PLACE_ROOM || track->place == PLACE_INLET ||
		track->place == PLACE_RETURN);
}

/* The median of the other thermometers of its room; of a large room, of all. */
static bool neighbours(struct judge *judge, const struct track *track, int64_t *ret_median)
{
	if (track->room < 0)
		return false;
	struct chamber *room = &judge->rooms[track->room];

	if (room->tracks_n <= LIMIT_EVAL)
		return room_median(judge, room, MEASURE_TEMPERATURE, track, ret_median);
	*ret_median = room->crowd;
	judge->who = room->crowd_who;
	return room->crowd_known;
}

static bool kind_scales(enum measure kind)
{
	return kind == MEASURE_TEMPERATURE || kind == MEASURE_HUMIDITY ||
	    kind == MEASURE_VOLTAGE || kind == MEASURE_FREQUENCY;
}

/* a = b * factor or b / factor, within 1 %; b is at least one unit, as zero and next
 * to zero times ten prove nothing. */
static bool is_scaled(int64_t a, int64_t b)
{
	static const int64_t factors[] = { 10, 100, 256, 1000 };

	for (size_t i = 0; i < sizeof factors / sizeof *factors; i++) {
		int64_t up = b * factors[i], down = b / factors[i];

		if (gap_of(a, up) * 100 <= gap_of(up, 0) || gap_of(a, down) * 100 <= gap_of(down, 0))
			return true;
	}
	return false;
}

/* Does this other sensor of the room say the same? */
static bool agrees(const struct track *other, const struct track *track, int64_t milli,
    int64_t at)
{
	int64_t jump = milli - track->good_milli;
	bool up = jump > 0;

	if (gap_of(milli, other->milli) <= AGREE_NEAR &&
	    gap_of(track->good_milli, other->milli) > AGREE_NEAR)
		return true;
	if (other->odd == DOUBT_JUMP && at - other->odd_since <= AGREE_TIME)
		return (other->odd_milli > other->good_milli) == up;
	return other->moved_by != 0 && at - other->moved_at <= AGREE_TIME &&
	    (other->moved_by > 0) == up && gap_of(other->moved_by, 0) * 3 >= gap_of(jump, 0);
}

static bool any_agrees(const struct judge *judge, const struct track *track, int64_t milli,
    int64_t at)
{
	if (track->room < 0)
		return false;
	const struct chamber *room = &judge->rooms[track->room];

	for (size_t i = 0; i < room->tracks_n; i++) {
		const struct track *other = &judge->tracks[room->tracks[i]];

		if (other != track && track_breathes(other) && other->good &&
		    track_fresh(judge, other) && agrees(other, track, milli, at))
			return true;
	}
	return false;
}

/* The scale changed: held as long as undoing the factor gives a likely value. */
static bool suspect_scale(const struct judge *judge, struct track *track, int64_t milli,
    int64_t at)
{
	int64_t last = track->good_milli;

	if (!track->good || !kind_scales((enum measure)track->kind) || gap_of(last, 0) < 1000 ||
	    milli == 0 || gap_of(milli, 0) > SCALE_MOST || gap_of(last, 0) > SCALE_MOST)
		return false;
	if (track->odd == DOUBT_SCALE) {
		/* once changed: not before it comes back to near what it was */
		return gap_of(milli, last) * 3 > gap_of(last, 0);
	}
	if (!is_scaled(milli, last) || any_agrees(judge, track, milli, at))
		return false;
	track->odd_since = at;
	return true;
}

static bool suspect_unit(struct judge *judge, const struct track *track, int64_t milli)
{
	int64_t median = 0;

	if (milli < 60000 || milli > 80000 || !neighbours(judge, track, &median))
		return false;
	return median >= 15000 && median <= 27000 &&
	    gap_of((milli - 32000) * 10 / 18, median) <= 3000;
}

/* Is it fast even for the time that passed?  A coarse sensor's step is no speed. */
static bool too_fast(const struct track *track, int64_t milli, int64_t from, int64_t since)
{
	int64_t passed = since > track->every_ms / 2 ? since : track->every_ms / 2;
	int64_t step = track->step < 1000 ? track->step : 1000;

	return gap_of(milli, from) > RATE_GATE * passed / MINUTE + RATE_SLACK + step;
}

/* A jump is believed when another sensor jumped too, or when it lasts and nobody
 * in the room contradicts. */
static bool suspect_jump(struct judge *judge, struct track *track, int64_t milli, int64_t at)
{
	if (!track->good || at - track->good_at > JUMP_FORGET + JUMP_TRUST ||
	    (track->odd != DOUBT_JUMP && at - track->good_at > JUMP_FORGET))
		return false;
	bool fast = too_fast(track, milli, track->good_milli, at - track->good_at);

	if (track->odd != DOUBT_JUMP) {
		if (!fast || any_agrees(judge, track, milli, at))
			return false;
		track->odd_since = at;
		track->odd_n = 1;
		return true;
	}
	if (!too_fast(track, milli, track->good_milli, 0) || any_agrees(judge, track, milli, at))
		return false;
	if (too_fast(track, milli, track->odd_milli, at - track->odd_at)) {
		track->odd_since = at;
		track->odd_n = 0;
	}
	track->odd_n = track->odd_n < JUMP_READINGS ? (uint8_t)(track->odd_n + 1) : JUMP_READINGS;
	if (!neighbours(judge, track, &(int64_t){ 0 }))
		return track->odd_n < JUMP_READINGS && at - track->odd_since < JUMP_SOON;
	return at - track->odd_since < JUMP_TRUST;
}

/* A value that nobody in the room comes near is not believed for having lasted. */
static bool contradicted(struct judge *judge, const struct track *track, int64_t milli)
{
	int64_t median = 0;

	return track->odd == DOUBT_JUMP && neighbours(judge, track, &median) &&
	    gap_of(milli, median) > JUMP_ALONE;
}

enum doubt suspect(struct judge *judge, struct track *track, int64_t milli, int64_t at)
{
	enum doubt doubt = DOUBT_NONE;

	if (suspect_scale(judge, track, milli, at))
		doubt = DOUBT_SCALE;
	else if (!track_breathes(track))
		doubt = DOUBT_NONE;
	else if (milli < AIR_COLDEST || milli > AIR_HOTTEST)
		doubt = DOUBT_OUT_OF_ROOM;
	else if (suspect_unit(judge, track, milli))
		doubt = DOUBT_UNIT;
	else if (suspect_jump(judge, track, milli, at) || contradicted(judge, track, milli))
		doubt = DOUBT_JUMP;
	track->odd = (uint8_t)doubt;
	track->odd_milli = milli;
	track->odd_at = at;
	return doubt;
}

/* The same number again.  Judged against its own history and its own step: a coarse
 * sensor in a steady room repeats itself for days and is well. */
bool stuck_take(struct judge *judge, struct track *track, int64_t milli, int64_t at)
{
	int64_t median = 0;

	/* of the time that nobody saw, nothing is known */
	if (track->run > 0 && at - track->run_at > track->every_ms * 5 / 2 + MINUTE)
		track->run = 0;
	track->run_at = at;
	bool others = (track->run == 0 || milli != track->run_milli || track->run % 8 == 0) &&
	    neighbours(judge, track, &median);

	if (track->run == 0 || milli != track->run_milli) {
		int64_t step = gap_of(milli, track->run_milli);

		if (track->run > 0) {
			track->changes++;
			track->longest = track->run > track->longest ? track->run : track->longest;
			track->step = track->step == 0 || step < track->step ? step : track->step;
		} else {
			track->first_at = at;
		}
		track->run = 1;
		track->run_milli = milli;
		track->run_since = at;
		track->run_base = others ? median : INT64_MIN;
		track->run_who = judge->who;
		return false;
	}
	track->run++;
	if (track->quality == QUALITY_STUCK)
		return true;
	if (track->changes >= STUCK_CHANGES && track->step <= STUCK_STEP &&
	    track->run_since - track->first_at >= STUCK_HISTORY &&
	    track->run / STUCK_FACTOR > track->longest && at - track->run_since >= STUCK_TIME)
		return true;
	int64_t move = 3 * track->step > STUCK_MOVE ? 3 * track->step : STUCK_MOVE;

	if (!others)
		return false;
	if (track->run_base == INT64_MIN || track->run_who != judge->who) {
		/* the median of other neighbours than before: nobody has moved */
		track->run_base = median;
		track->run_who = judge->who;
	}
	return track->run >= STUCK_RUN && at - track->run_since >= STUCK_LEAST &&
	    gap_of(median, track->run_base) > move;
}
