/* src/judge/limits.c - limits of single series: the site file's own, and those of
 * batteries.  Rooms, nodes and states have files of their own. */
#include "judge/state.h"

void limits_take(struct judge *judge, struct track *track)
{
	if (!limits_any(&track->limits))
		return;
	int before = gates_level(&track->gates);

	gates_take(&track->gates, &track->limits, (enum measure)track->kind, track->milli,
	    track->at);
	judge->dirty |= gates_level(&track->gates) != before;
}

static enum finding_code code_of(const struct track *track, bool high)
{
	switch (track->kind) {
	case MEASURE_TEMPERATURE:
		return high ? FINDING_HOT : FINDING_COLD;
	case MEASURE_HUMIDITY:
		return high ? FINDING_HUMID : FINDING_DRY;
	case MEASURE_DEW_POINT:
		return high ? FINDING_DEW : FINDING_LIMIT;
	case MEASURE_CHARGE:
	case MEASURE_RUNTIME:
		return high ? FINDING_LIMIT : FINDING_BATTERY_LOW;
	case MEASURE_LOAD:
	case MEASURE_CURRENT:
	case MEASURE_POWER:
	case MEASURE_APPARENT_POWER:
		return high ? FINDING_OVERLOAD : FINDING_LIMIT;
	default:
		return FINDING_LIMIT;
	}
}

/* Load on a node is said once for the node, in power.c. */
static bool told_by_node(const struct track *track)
{
	return track->node >= 0 && code_of(track, true) == FINDING_OVERLOAD;
}

static void limit_claim(struct judge *judge, struct track *track)
{
	int level = gates_level(&track->gates);
	const struct site *site = judge->site;

	track->limit_slot = claim(judge, &(struct claim){ .code = code_of(track, level > 0),
		.severity = level == 2 || level == -2 ? SEVERITY_CRITICAL : SEVERITY_WARNING,
		.subject_kind = (enum subject)track->subject_kind, .subject = track->id,
		.index = track->subject,
		.place = track->room >= 0 ? site->rooms[track->room].id : "",
		.kind = (enum measure)track->kind, .since = gates_since(&track->gates),
		.value = track->gates.value,
		.limit = gates_limit(&track->gates, &track->limits) });
}

void limits_sweep(struct judge *judge)
{
	for (size_t i = 0; i < judge->tracks_n; i++) {
		struct track *track = &judge->tracks[i];

		track->limit_slot = NULL;
		if (track->gates.low_ended != 0)
			quit(judge, code_of(track, false), track->id, track->gates.low_ended);
		if (told_by_node(track) && gates_level(&track->gates) > 0)
			continue;
		if (track->gates.high_ended != 0)
			quit(judge, code_of(track, true), track->id, track->gates.high_ended);
		track->gates.low_ended = 0;
		if (!told_by_node(track))
			track->gates.high_ended = 0;
		if (gates_level(&track->gates) != 0)
			limit_claim(judge, track);
	}
}
