/* src/judge/room.c - what the sensors of a room say together: the median of those that
 * are trusted decides for the room, the hottest inlet for the inlets, and dew point
 * follows from temperature and humidity of one place. */
#include "judge/state.h"
#include "physics/dew.h"
#include <stdio.h>
#include <stdlib.h>

enum { MOVED_MOST = 5000, FIRST_NEAR = 10000 };

static int number_order(const void *left, const void *right)
{
	int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;

	return a < b ? -1 : a > b;
}

static int64_t median_of(int64_t *numbers, size_t n)
{
	qsort(numbers, n, sizeof *numbers, number_order);
	return n % 2 == 1 ? numbers[n / 2] : (numbers[n / 2 - 1] + numbers[n / 2]) / 2;
}

/* The median of one kind over the room's breathing sensors, one left out. */
bool room_median(struct judge *judge, const struct chamber *room, enum measure kind,
    const struct track *without, int64_t *ret_median)
{
	size_t n = 0;

	judge->who = 0;
	for (size_t i = 0; i < room->tracks_n; i++) {
		const struct track *track = &judge->tracks[room->tracks[i]];

		if (track == without || track->kind != kind || !track_trusted(judge, track))
			continue;
		judge->who += (room->tracks[i] + 1) * 0x9e3779b97f4a7c15U;
		judge->scratch[n++] = track->milli;
	}
	if (n == 0)
		return false;
	*ret_median = median_of(judge->scratch, n);
	return true;
}

static bool limits_harder(const struct limits *limits, const struct limits *than)
{
	return limits->high_critical < than->high_critical ||
	    (limits->high_critical == than->high_critical &&
		limits->high_warning < than->high_warning);
}

/* Trusted temperatures of one place into scratch.  When every sensor has limits of
 * its own, these win: the room's are not used, and the hardest is what is ahead. */
struct gathered {
	size_t n, young;	/* young: first values, not counted */
	int64_t at, hottest, young_at, young_coldest;
	uint32_t hottest_track;
	bool shared;
	struct limits own;
};

/* The first value of a thermometer, alone, is no room's: it counts when it comes again, or
 * when another thermometer of the room is near it. */
static bool is_young(const struct judge *judge, const struct chamber *room,
    const struct track *track)
{
	for (size_t i = 0; i < room->tracks_n && track->good_n < 2; i++) {
		const struct track *other = &judge->tracks[room->tracks[i]];
		int64_t off = other->milli - track->milli;

		if (other != track && track_breathes(other) && track_trusted(judge, other) &&
		    off > -FIRST_NEAR && off < FIRST_NEAR)
			return false;
	}
	return track->good_n < 2;
}

static struct gathered gather(struct judge *judge, const struct chamber *room,
    enum place place)
{
	struct gathered all = { .hottest = INT64_MIN, .own = limits_none(),
		.young_coldest = INT64_MAX };

	for (size_t i = 0; i < room->tracks_n; i++) {
		const struct track *track = &judge->tracks[room->tracks[i]];

		if (track->kind != MEASURE_TEMPERATURE || track->place != place)
			continue;
		all.shared |= !track->own;
		if (track->own && limits_harder(&track->limits, &all.own))
			all.own = track->limits;
		if (!track_trusted(judge, track))
			continue;
		if (is_young(judge, room, track)) {
			all.young++;
			all.young_at = track->at;
			if (track->milli < all.young_coldest)
				all.young_coldest = track->milli;
			continue;
		}
		judge->scratch[all.n++] = track->milli;
		all.at = track->at > all.at ? track->at : all.at;
		if (!track->own && track->milli > all.hottest) {
			all.hottest = track->milli;
			all.hottest_track = room->tracks[i];
		}
	}
	return all;
}

/* A median over other sensors than before is another number, not another heat. */
static void past_follow(struct heat_past *past, bool changed, int64_t by)
{
	if (changed && by > -MOVED_MOST && by < MOVED_MOST)
		heat_past_move(past, by);
}

/* Once confirmed, the first value counts from when it came: heat there at the start is told
 * no later for having been doubted. */
static void hold_first(struct held *held, const struct gathered *all, struct gates *gates,
    const struct limits *limits)
{
	if (held->over)
		return;
	held->over = all->n > 0;
	if (all->n == 0 && all->young > 0) {
		held->at = held->there ? held->at : all->young_at;
		held->value = all->young_coldest;
		held->there = true;
	} else if (held->over && held->there) {
		gates_take(gates, limits, MEASURE_TEMPERATURE, held->value, held->at);
	}
}

static void air_eval(struct judge *judge, struct chamber *room)
{
	const struct room *plan = &judge->site->rooms[room - judge->rooms];
	struct gathered all = gather(judge, room, PLACE_ROOM);

	room->air_limits = all.shared ? plan->temperature : all.own;
	room->known = all.n > 0;
	if (all.shared)
		hold_first(&room->air_held, &all, &room->air, &plan->temperature);
	if (!room->known)
		return;
	int64_t value = median_of(judge->scratch, all.n);

	past_follow(&room->past, room->air_n != all.n && room->air_n > 0, value - room->value);
	room->air_n = all.n;
	room->value = value;
	room->at = all.at;
	heat_past_add(&room->past, room->value);
	if (all.shared)
		gates_take(&room->air, &plan->temperature, MEASURE_TEMPERATURE, room->value,
		    room->at);
}

static void inlet_eval(struct judge *judge, struct chamber *room)
{
	struct limits limits = limits_default(MEASURE_TEMPERATURE, PLACE_INLET);
	struct gathered all = gather(judge, room, PLACE_INLET);

	room->inlet_limits = all.shared ? limits : all.own;
	room->inlet_known = all.n > 0 && all.hottest != INT64_MIN;
	if (all.shared)
		hold_first(&room->inlet_held, &all, &room->inlets, &limits);
	if (all.n > 0) {
		int64_t median = median_of(judge->scratch, all.n);

		past_follow(&room->inlet_past, room->inlet_n != all.n && room->inlet_n > 0,
		    median - room->inlet_median);
		room->inlet_n = all.n;
		room->inlet_median = median;
		heat_past_add(&room->inlet_past, median);
	}
	if (!room->inlet_known)
		return;
	room->inlet = all.hottest;
	room->inlet_at = all.at;
	room->inlet_track = all.hottest_track;
	gates_take(&room->inlets, &limits, MEASURE_TEMPERATURE, room->inlet, room->inlet_at);
}

static uint32_t *beside_of(struct judge *judge, const struct track *track)
{
	return &judge->lines[track->subject].beside[track->place == PLACE_INLET];
}

/* Each line's first trusted thermometer, noted once: a room may hold thousands. */
static void beside_note(struct judge *judge, const struct chamber *room)
{
	for (size_t i = 0; i < room->tracks_n; i++)
		*beside_of(judge, &judge->tracks[room->tracks[i]]) = 0;
	for (size_t i = room->tracks_n; i-- > 0;) {
		const struct track *track = &judge->tracks[room->tracks[i]];

		if (track->kind == MEASURE_TEMPERATURE && track_trusted(judge, track))
			*beside_of(judge, track) = room->tracks[i] + 1;
	}
}

/* Temperature beside a humidity sensor: the same line's, else the room's. */
static bool beside(struct judge *judge, const struct chamber *room,
    const struct track *humid, int64_t *ret_temp)
{
	uint32_t at = *beside_of(judge, humid);

	if (at > 0) {
		*ret_temp = judge->tracks[at - 1].milli;
		return true;
	}
	*ret_temp = room->known ? room->value : room->inlet;
	return room->known || room->inlet_known;
}

static bool dew_of(struct judge *judge, const struct chamber *room, int64_t *ret_dew)
{
	size_t n = 0;

	if (room_median(judge, room, MEASURE_DEW_POINT, NULL, ret_dew))
		return true;
	beside_note(judge, room);
	for (size_t i = 0; i < room->tracks_n; i++) {
		const struct track *track = &judge->tracks[room->tracks[i]];
		int64_t temp = 0;

		if (track->kind == MEASURE_HUMIDITY && !track->own &&
		    track_trusted(judge, track) && beside(judge, room, track, &temp))
			judge->scratch[n++] = dew_point_milli(temp, track->milli);
	}
	if (n == 0)
		return false;
	*ret_dew = median_of(judge->scratch, n);
	return true;
}

static void moist_eval(struct judge *judge, struct chamber *room, int64_t at)
{
	const struct room *plan = &judge->site->rooms[room - judge->rooms];

	room->humid_known = room_median(judge, room, MEASURE_HUMIDITY, NULL, &room->humidity);
	room->dew_known = dew_of(judge, room, &room->dew);
	room->moist_at = at;
	if (room->humid_known)
		gates_take(&room->humid, &plan->humidity, MEASURE_HUMIDITY, room->humidity, at);
	if (room->dew_known)
		gates_take(&room->moist, &plan->dew_point, MEASURE_DEW_POINT, room->dew, at);
}

static void room_eval(struct judge *judge, struct chamber *room, const struct track *track)
{
	int before = gates_level(&room->air) + 8 * gates_level(&room->inlets) +
	    64 * gates_level(&room->humid);

	if (track->kind == MEASURE_HUMIDITY || track->kind == MEASURE_DEW_POINT)
		moist_eval(judge, room, track->at);
	else if (track->kind == MEASURE_TEMPERATURE && track->place == PLACE_ROOM)
		air_eval(judge, room);
	else if (track->kind == MEASURE_TEMPERATURE)
		inlet_eval(judge, room);
	judge->dirty |= before != gates_level(&room->air) + 8 * gates_level(&room->inlets) +
		64 * gates_level(&room->humid);
}

/* Rooms of few sensors are judged at each reading, so that since-when is exact; large
 * ones at each sweep, so that a reading costs the same everywhere. */
void room_take(struct judge *judge, const struct track *track)
{
	if (track->room < 0 || track->home == UINT32_MAX)
		return;
	struct chamber *room = &judge->rooms[track->room];

	if (room->tracks_n <= LIMIT_EVAL)
		room_eval(judge, room, track);
	else
		room->waiting = true;
}

static void room_eval_all(struct judge *judge, struct chamber *room)
{
	room->waiting = false;
	room->crowd_known = room_median(judge, room, MEASURE_TEMPERATURE, NULL, &room->crowd);
	room->crowd_who = judge->who;
	air_eval(judge, room);
	inlet_eval(judge, room);
	int64_t at = room->at > room->inlet_at ? room->at : room->inlet_at;

	moist_eval(judge, room, at != 0 ? at : judge->clock.now);
}

static struct slot *air_claim(struct judge *judge, size_t at, struct gates *gates,
    const struct limits *limits, const struct claim *base)
{
	static const enum finding_code codes[][2] = {
		[MEASURE_TEMPERATURE] = { FINDING_COLD, FINDING_HOT },
		[MEASURE_HUMIDITY] = { FINDING_DRY, FINDING_HUMID },
		[MEASURE_DEW_POINT] = { FINDING_LIMIT, FINDING_DEW },
	};
	int level = gates_level(gates);
	const char *key = base->key != NULL ? base->key : base->subject;

	if (gates->high_ended != 0)
		quit(judge, codes[base->kind][1], key, gates->high_ended);
	if (gates->low_ended != 0)
		quit(judge, codes[base->kind][0], key, gates->low_ended);
	gates->high_ended = gates->low_ended = 0;
	if (level == 0)
		return NULL;
	struct claim full = *base;

	full.code = codes[base->kind][level > 0];
	full.severity = level == 2 || level == -2 ? SEVERITY_CRITICAL : SEVERITY_WARNING;
	full.place = judge->site->rooms[at].id;
	full.since = gates_since(gates);
	full.value = base->value != 0 ? base->value : gates->value;
	full.limit = gates_limit(gates, limits);
	return claim(judge, &full);
}

/* The inlet named stays the same until another is clearly hotter. */
static void inlets_claim(struct judge *judge, size_t at)
{
	struct chamber *room = &judge->rooms[at];
	struct limits limits = limits_default(MEASURE_TEMPERATURE, PLACE_INLET);
	char key[FINDING_NAME];
	uint32_t over = 0;

	(void)snprintf(key, sizeof key, "inlets of %s", judge->site->rooms[at].id);
	room->hot_inlet = NULL;
	for (size_t i = 0; i < room->tracks_n; i++) {
		const struct track *track = &judge->tracks[room->tracks[i]];

		over += track->kind == MEASURE_TEMPERATURE && track->place == PLACE_INLET &&
		    !track->own && track_trusted(judge, track) &&
		    track->milli > limits.high_warning;
	}
	if (room->inlet_subject >= judge->tracks_n || gates_level(&room->inlets) == 0 ||
	    judge->tracks[room->inlet_subject].milli + 1000 < room->inlet ||
	    judge->tracks[room->inlet_subject].place != PLACE_INLET)
		room->inlet_subject = room->inlet_track;
	if (gates_level(&room->inlets) == 0 && room->inlets.high_ended == 0)
		return;
	if (room->inlet_subject >= judge->tracks_n) {
		/* just reloaded: its series is not announced yet, the heat is no less */
		room->hot_inlet = book_find(&judge->book, FINDING_HOT, key);
		if (room->hot_inlet != NULL)
			room->hot_inlet->claimed = true;
		return;
	}
	room->hot_inlet = air_claim(judge, at, &room->inlets, &limits,
	    &(struct claim){ .subject_kind = SUBJECT_SENSOR, .kind = MEASURE_TEMPERATURE,
		.key = key, .value = judge->tracks[room->inlet_subject].good_milli,
		.count = over > 0 ? over : 1,
		.index = judge->tracks[room->inlet_subject].subject,
		.subject = judge->tracks[room->inlet_subject].id });
}

void room_sweep(struct judge *judge)
{
	for (size_t i = 0; i < judge->site->rooms_n; i++) {
		struct chamber *room = &judge->rooms[i];
		const struct room *plan = &judge->site->rooms[i];
		struct claim base = { .subject_kind = SUBJECT_ROOM, .subject = plan->id };

		if (room->waiting)
			room_eval_all(judge, room);
		base.kind = MEASURE_TEMPERATURE;
		room->hot = air_claim(judge, i, &room->air, &plan->temperature, &base);
		if (room->hot != NULL && gates_level(&room->air) < 0)
			room->hot = NULL;
		base.kind = MEASURE_HUMIDITY;
		room->moist_slot = air_claim(judge, i, &room->humid, &plan->humidity, &base);
		base.kind = MEASURE_DEW_POINT;
		room->dew_slot = air_claim(judge, i, &room->moist, &plan->dew_point, &base);
		inlets_claim(judge, i);
	}
}
