/* src/judge/cooling.c - cooling that stands still: because the power is gone, seconds
 * before any thermometer sees it, or because the calendar of the building says so. */
#include "judge/state.h"

enum { LOOK_BACK_STEP = 15 * MINUTE, LOOK_BACK_STEPS = 14 * 96 };

static const struct node *node_top(const struct node *node)
{
	while (node->from != NULL)
		node = node->from;
	return node;
}

/* Does this side still carry power when what feeds `ups` is gone? */
static bool side_alive(struct judge *judge, const struct node *node, const struct node *ups)
{
	for (;; node = node->from) {
		struct node_state *state = &judge->nodes[node - judge->site->nodes];

		/* two sides may meet again: walked once, however many ways lead there */
		if (state->walk == judge->walks)
			return false;
		state->walk = judge->walks;
		if (node->kind == NODE_UPS)
			return true;
		if (node->from2 != NULL && side_alive(judge, node->from2, ups))
			return true;
		if (node->from == NULL)
			return ups != NULL && node_top(ups) != node;
	}
}

static bool cooling_lost(struct judge *judge, const struct cooling *cooling,
    const struct node *ups)
{
	judge->walks++;
	return cooling->from == NULL || !side_alive(judge, cooling->from, ups);
}

static void cooling_off(struct judge *judge, const struct cooling *cooling)
{
	const struct site *site = judge->site;

	for (size_t i = 0; i < site->sensors_n; i++) {
		struct line_health *line = &judge->lines[i];

		if (line->battery == NULL)
			continue;
		const struct node *ups = NULL;

		for (size_t j = 0; j < site->nodes_n; j++)
			if (judge->nodes[j].battery == line->battery)
				ups = &site->nodes[j];
		if (!cooling_lost(judge, cooling, ups))
			continue;
		struct slot *slot = claim(judge, &(struct claim){ .code = FINDING_COOLING_OFF,
			.severity = SEVERITY_CRITICAL, .subject_kind = SUBJECT_COOLING,
			.subject = cooling->id, .place = cooling->room->id,
			.kind = MEASURE_STATE, .since = line->battery_since });
		struct chamber *room = &judge->rooms[cooling->room - site->rooms];

		if (slot != NULL)
			slot->cause = line->battery;
		room->cooling_off = room->cooling_off != NULL ? room->cooling_off : slot;
		return;
	}
}

/* The minute it went off, between a time it was off and one before at which it was on. */
static int64_t off_minute(struct judge *judge, const struct calendar *calendar, int64_t off_ms)
{
	int64_t minute = off_ms / MINUTE * MINUTE;

	while (!hours_on(judge, calendar, minute - 1))
		minute -= MINUTE;
	return minute;
}

/* When it went off, looking back a fortnight in quarters of an hour.  In UTC: that is what
 * calendars are made of. */
static int64_t off_since(struct judge *judge, const struct calendar *calendar)
{
	int64_t wall = judge->clock.wall, at = wall;
	bool found = false;

	for (int i = 0; i < LOOK_BACK_STEPS && !found; i++) {
		int64_t before = (at - 1) / LOOK_BACK_STEP * LOOK_BACK_STEP;

		found = hours_on(judge, calendar, before);
		at = found ? off_minute(judge, calendar, at) : before;
	}
	return judge->clock.now - (wall - at);
}

static void cooling_calendar(struct judge *judge, const struct cooling *cooling)
{
	if (cooling->on_when == NULL || hours_on(judge, cooling->on_when, judge->clock.wall))
		return;
	struct slot *open = book_find(&judge->book, FINDING_AC_CALENDAR, cooling->id);
	struct slot *slot = claim(judge, &(struct claim){ .code = FINDING_AC_CALENDAR,
		.severity = SEVERITY_OK, .subject_kind = SUBJECT_COOLING,
		.subject = cooling->id, .place = cooling->room->id, .kind = MEASURE_STATE,
		.word = cooling->on_when->id,
		.since = open != NULL ? open->since : off_since(judge, cooling->on_when) });

	judge->rooms[cooling->room - judge->site->rooms].calendar = slot;
}

void cooling_sweep(struct judge *judge)
{
	const struct site *site = judge->site;

	for (size_t i = 0; i < site->rooms_n; i++)
		judge->rooms[i].cooling_off = judge->rooms[i].calendar = NULL;
	for (size_t i = 0; i < site->coolings_n; i++) {
		if (site->coolings[i].room == NULL)
			continue;
		cooling_off(judge, &site->coolings[i]);
		cooling_calendar(judge, &site->coolings[i]);
	}
}
