/* src/judge/forecast.c - the minutes of each room, and when it will pass a limit. */
#include "judge/state.h"

enum {
	HEAD_CRITICAL = 120,  /* minutes to the limit that are told of */
	HEAD_WARNING = 60,
	HEAD_SOON = 30,
	HEAD_BEGIN = 3,	      /* minutes in a row */
	HEAD_END = 5,	      /* minutes of evidence; of having cooled they count thrice */
	HEAD_RISE = 1500,     /* mK in an hour: less is the breath of a room */
	HEAD_SLOW = 2000,     /* mK in three hours: slow, but no breath, and the limit near */
	HEAD_STILL = 200,     /* mK in twenty minutes: less is standing still */
	HEAD_COOLED = 1500,   /* mK below what it was within the hour */
	HEAD_BELOW = 1000,    /* mK below what a forecast was made of: it says nothing now */
	KEPT_SURE = 5,	      /* minutes that a forecast stands when the next one knows nothing */
	KEPT_BLIND = 15,      /* and when that is for want of values */
};

/* Measured IT power: what the room's PDUs say, else its UPSes; of several series of one
 * node the largest, which is the whole.  Watts; HEAT_NONE: not measured. */
static int32_t room_watt(struct judge *judge, const struct chamber *room)
{
	const struct site *site = judge->site;
	int64_t pdus = 0, others = 0;

	for (int pass = 0; pass < 2; pass++)
		for (size_t i = 0; i < room->tracks_n; i++) {
			const struct track *track = &judge->tracks[room->tracks[i]];

			if (track->kind != MEASURE_POWER || track->node < 0 ||
			    !track_trusted(judge, track))
				continue;
			struct node_state *node = &judge->nodes[track->node];

			if (pass == 0 && track->milli > node->milliwatt)
				node->milliwatt = track->milli;
			if (pass == 0)
				continue;
			if (site->nodes[track->node].kind == NODE_PDU)
				pdus += node->milliwatt;
			else if (site->nodes[track->node].kind == NODE_UPS)
				others += node->milliwatt;
			node->milliwatt = 0;
		}
	int64_t watt = (pdus > 0 ? pdus : others) / 1000;

	return watt > 0 && watt < INT32_MAX ? (int32_t)watt : HEAT_NONE;
}

/* Minutes nobody measured stand as such. */
void minute_sweep(struct judge *judge)
{
	int64_t minute = judge->clock.now / MINUTE;
	int64_t passed = judge->minute == 0 ? 0 : minute - judge->minute;

	judge->new_minute = passed > 0;
	judge->minute = minute;
	if (passed <= 0)
		return;
	for (size_t i = 0; i < judge->site->rooms_n; i++) {
		struct chamber *room = &judge->rooms[i];
		int32_t watt = room_watt(judge, room);

		for (int64_t m = 0; m < passed && m < HEAT_MINUTES; m++) {
			heat_past_minute(&room->past, watt);
			heat_past_minute(&room->inlet_past, watt);
		}
	}
}

/* Its own thermometers; where it has none, or none that spoke lately, its inlets. */
bool room_by_air(const struct judge *judge, const struct chamber *room)
{
	bool lately = room->known &&
	    judge->clock.now - room->at <= (int64_t)HEAT_STALE * MINUTE;

	return lately || (room->known && !room->inlet_known);
}

static int64_t value_of(const struct judge *judge, const struct chamber *room)
{
	return room_by_air(judge, room) ? room->value : room->inlet;
}

/* No rise worth the name from half an hour to a quarter ago until now; false when that
 * is not known. */
static bool stands_still(const struct heat_past *past)
{
	int32_t now = heat_past_mean(past, 0, 10), before = heat_past_mean(past, 20, 30);

	return now != HEAT_NONE && before != HEAT_NONE && now - before < HEAD_STILL;
}

static enum forecast_why why_of(const struct heat_past *past, enum heat_why why)
{
	static const enum forecast_why whys[] = { [HEAT_FEW] = FORECAST_FEW,
		[HEAT_OLD] = FORECAST_OLD, [HEAT_PASSED] = FORECAST_PASSED,
		[HEAT_CALM] = FORECAST_CALM, [HEAT_FAR] = FORECAST_FAR };

	if (why == HEAT_CALM && heat_past_mean(past, 20, 30) != HEAT_NONE && !stands_still(past))
		return FORECAST_IRREGULAR;
	return whys[why];
}

static struct forecast ahead_of(const struct judge *judge, const struct heat_past *past,
    int64_t limit)
{
	struct forecast next = { .kind = MEASURE_TEMPERATURE, .limit_milli = limit,
		.at_ms = judge->clock.wall };

	if (limit == INT64_MAX)
		return next;
	struct heat_ahead ahead = heat_forecast(past, limit);

	next.known = ahead.known;
	if (!ahead.known) {
		next.why = (uint8_t)why_of(past, (enum heat_why)ahead.why);
		return next;
	}
	next.low_s = (int32_t)(ahead.low * 60);
	next.mid_s = (int32_t)(ahead.mid * 60);
	next.high_s = (int32_t)(ahead.high * 60);
	return next;
}

/* The newest forecast; one that knows nothing leaves the last one standing for a while. */
static bool forecast_renew(const struct judge *judge, struct forecast *told, int64_t *told_at,
    const struct forecast *now)
{
	bool blind = now->why == FORECAST_FEW || now->why == FORECAST_OLD;
	int64_t age = judge->clock.now - *told_at;
	bool keep = !now->known && told->known && now->why != FORECAST_PASSED &&
	    told->limit_milli == now->limit_milli && age < (int64_t)told->mid_s * SECOND &&
	    age < (int64_t)(blind ? KEPT_BLIND : KEPT_SURE) * MINUTE;

	if (keep)
		return false;
	*told = *now;
	*told_at = judge->clock.now;
	return true;
}

/* As it stands against what is measured now: a limit that is passed is not ahead, and
 * air that is cooler than what the forecast was made of does not follow it. */
static struct forecast standing(const struct chamber *room, const struct forecast *made,
    int64_t value)
{
	struct forecast now = *made;

	if (made->limit_milli != INT64_MAX && value >= made->limit_milli) {
		now.known = false;
		now.why = FORECAST_PASSED;
	} else if (made->known && value + HEAD_BELOW < room->made_of) {
		now.known = false;
		now.why = FORECAST_CALM;
	}
	return now;
}

static bool within(const struct forecast *forecast, int minutes)
{
	return forecast->known && forecast->mid_s <= minutes * 60;
}

/* What lies ahead: the critical limit when it is in sight, else the warning. */
static void heading_pick(const struct judge *judge, struct chamber *room)
{
	int64_t value = value_of(judge, room);
	struct forecast hard = standing(room, &room->hard, value);
	struct forecast mild = standing(room, &room->mild, value);
	bool no_mild = !mild.known && hard.limit_milli != INT64_MAX;

	room->next = within(&hard, 2 * HEAD_CRITICAL) || no_mild ? hard : mild;
	room->first = mild.known ? mild : hard;
}

static bool is_ahead(const struct chamber *room, const struct heat_past *past)
{
	bool near = within(&room->first, HEAD_WARNING);

	return (near || within(&room->next, HEAD_CRITICAL)) &&
	    (rise_in(past, 60) >= HEAD_RISE || (near && rise_in(past, 180) >= HEAD_SLOW));
}

/* It is cooler than it was within the hour, and cools. */
static bool has_cooled(const struct heat_past *past)
{
	uint32_t newest = heat_past_newest(past);
	int32_t now = heat_past_median(past, newest), top = now;

	for (uint32_t ago = newest; now != HEAT_NONE && ago <= 60; ago++) {
		int32_t then = heat_past_median(past, ago);

		top = then > top ? then : top;
	}
	return now != HEAT_NONE && now <= top - HEAD_COOLED &&
	    heat_past_mean(past, 0, newest + 3) <= heat_past_mean(past, newest + 3, newest + 10);
}

/* Nothing was measured here since the start, or the reload: what was told stands, unless
 * nobody measures here any more, or for too long. */
static void heading_unseen(const struct judge *judge, struct chamber *room)
{
	int64_t since = judge->clock.now - judge->excuse;

	if (since > (room->tracks_n == 0 ? (int64_t)HEAD_END : (int64_t)HEAT_MINUTES) * MINUTE)
		room->heading = false;
}

static bool nothing_known(const struct heat_past *past)
{
	return past->n == HEAT_MINUTES && heat_past_mean(past, 0, HEAT_MINUTES) == HEAT_NONE;
}

/* That no forecast can be made is no evidence: only what is measured ends it. */
static void heading_end(struct chamber *room, const struct heat_past *past, bool ahead)
{
	if (has_cooled(past))
		room->heading_n = (uint8_t)(room->heading_n + 3);
	else if (ahead)
		room->heading_n = 0;
	else if (stands_still(past) || nothing_known(past) ||
	    room->next.why == FORECAST_PASSED)
		room->heading_n++;
	room->heading = room->heading_n < HEAD_END;
	room->heading_n = room->heading ? room->heading_n : 0;
}

static void heading_turn(struct judge *judge, struct chamber *room, const struct heat_past *past,
    int level)
{
	bool ahead = is_ahead(room, past);

	if (level == 2) { /* it is there: that is said for itself */
		room->heading = false;
		room->heading_n = 0;
	} else if (room->heading) {
		heading_end(room, past, ahead);
	} else if (!ahead) {
		room->heading_n = 0;
	} else {
		if (room->heading_n++ == 0)
			room->heading_since = judge->clock.now;
		room->heading = room->heading_n == HEAD_BEGIN;
		room->heading_n = room->heading ? 0 : room->heading_n;
	}
}

static void heading_judge(struct judge *judge, struct chamber *room)
{
	bool air = room_by_air(judge, room);
	const struct heat_past *past = air ? &room->past : &room->inlet_past;
	const struct limits *limits = air ? &room->air_limits : &room->inlet_limits;
	struct forecast hard = ahead_of(judge, past, limits->high_critical);
	struct forecast mild = ahead_of(judge, past, limits->high_warning);
	uint32_t newest = heat_past_newest(past);
	bool made = forecast_renew(judge, &room->hard, &room->hard_at, &hard);

	made |= forecast_renew(judge, &room->mild, &room->mild_at, &mild);
	if (made && newest <= HEAT_STALE)
		room->made_of = heat_past_at(past, newest);
	heading_pick(judge, room);
	heading_turn(judge, room, past, gates_level(air ? &room->air : &room->inlets));
	bool soon = within(&room->next, HEAD_SOON) &&
	    room->next.limit_milli >= limits->high_critical;

	room->heading_hard = room->heading &&
	    (soon || (room->heading_hard && !stands_still(past)));
}

static void heading_claim(struct judge *judge, size_t at)
{
	const struct room *plan = &judge->site->rooms[at];
	struct chamber *room = &judge->rooms[at];

	room->head = claim(judge, &(struct claim){ .code = FINDING_HEADING,
		.severity = room->heading_hard ? SEVERITY_CRITICAL : SEVERITY_WARNING,
		.subject_kind = SUBJECT_ROOM, .subject = plan->id, .place = plan->id,
		.kind = MEASURE_TEMPERATURE, .since = room->heading_since,
		.value = value_of(judge, room),
		.limit = room->next.limit_milli, .next = &room->next });
}

/* A warning of a former run: over when what is measured says so, not for our having been
 * away. */
void forecast_restore(struct judge *judge, const struct finding *finding, int64_t since)
{
	if (finding->code != FINDING_HEADING)
		return;
	for (size_t i = 0; i < judge->site->rooms_n; i++) {
		struct chamber *room = &judge->rooms[i];

		if (strcmp(judge->site->rooms[i].id, finding->subject) != 0)
			continue;
		room->heading = true;
		room->heading_since = since;
		room->heading_hard = finding->severity == SEVERITY_CRITICAL;
		room->hard = room->next = finding->next;
		room->hard.limit_milli = room->next.limit_milli = finding->limit_milli;
		room->mild.limit_milli = INT64_MAX;
		room->hard_at = judge->clock.now -
		    (judge->clock.wall - finding->next.at_ms);
	}
}

void forecast_sweep(struct judge *judge)
{
	for (size_t i = 0; i < judge->site->rooms_n; i++) {
		struct chamber *room = &judge->rooms[i];

		if (!room->known && !room->inlet_known)
			heading_unseen(judge, room);
		else if (judge->new_minute)
			heading_judge(judge, room);
		else
			heading_pick(judge, room);
		room->head = NULL;
		if (room->heading)
			heading_claim(judge, i);
	}
}
