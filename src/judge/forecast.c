/* src/judge/forecast.c - the minutes of each room, and when it will pass a limit. */
#include "judge/state.h"

enum { HEAD_CRITICAL = 120, HEAD_WARNING = 60, HEAD_SOON = 30, HEAD_BEGIN = 3, HEAD_END = 5,
	HEAD_RISE = 1500 /* mK in an hour: less is the breath of a room */ };

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

static struct forecast ahead_of(const struct judge *judge, const struct heat_past *past,
    int64_t limit)
{
	struct forecast next = { .kind = MEASURE_TEMPERATURE, .limit_milli = limit,
		.at_ms = judge->clock.wall };

	if (limit == INT64_MAX)
		return next;
	struct heat_ahead ahead = heat_forecast(past, limit);

	next.known = ahead.known;
	if (!ahead.known)
		return next;
	next.low_s = (int32_t)(ahead.low * 60);
	next.mid_s = (int32_t)(ahead.mid * 60);
	next.high_s = (int32_t)(ahead.high * 60);
	return next;
}

static bool within(const struct forecast *forecast, int minutes)
{
	return forecast->known && forecast->mid_s <= minutes * 60;
}

/* What lies ahead: the critical limit when it is in sight, else the warning. */
static void heading_judge(struct judge *judge, struct chamber *room)
{
	bool air = room->known;
	const struct heat_past *past = air ? &room->past : &room->inlet_past;
	const struct limits *limits = air ? &room->air_limits : &room->inlet_limits;
	struct forecast hard = ahead_of(judge, past, limits->high_critical);
	struct forecast mild = ahead_of(judge, past, limits->high_warning);
	bool ahead = (within(&hard, HEAD_CRITICAL) || within(&mild, HEAD_WARNING)) &&
	    rise_in(past, 60) >= HEAD_RISE;

	room->next = within(&hard, 2 * HEAD_CRITICAL) || !mild.known ? hard : mild;
	room->first = mild.known ? mild : hard;
	if (ahead && room->heading_n == 0 && !room->heading)
		room->heading_since = judge->clock.now;
	if (ahead == room->heading) {
		room->heading_n = 0;
		return;
	}
	room->heading_n++;
	if (room->heading_n >= (ahead ? HEAD_BEGIN : HEAD_END)) {
		room->heading = ahead;
		room->heading_n = 0;
	}
}

static void heading_claim(struct judge *judge, size_t at)
{
	const struct room *plan = &judge->site->rooms[at];
	struct chamber *room = &judge->rooms[at];

	room->head = claim(judge, &(struct claim){ .code = FINDING_HEADING,
		.severity = within(&room->next, HEAD_SOON) &&
			room->next.limit_milli >= room->air_limits.high_critical ?
		    SEVERITY_CRITICAL : SEVERITY_WARNING,
		.subject_kind = SUBJECT_ROOM, .subject = plan->id, .place = plan->id,
		.kind = MEASURE_TEMPERATURE, .since = room->heading_since,
		.value = room->known ? room->value : room->inlet,
		.limit = room->next.limit_milli, .next = &room->next });
}

void forecast_sweep(struct judge *judge)
{
	for (size_t i = 0; i < judge->site->rooms_n; i++) {
		struct chamber *room = &judge->rooms[i];

		if (judge->new_minute)
			heading_judge(judge, room);
		room->head = NULL;
		if (room->heading)
			heading_claim(judge, i);
	}
}
