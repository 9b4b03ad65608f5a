/* src/judge/verdict.c - the four questions of 3 a.m. in data: the worst root cause, what
 * is measured now, what comes next, and at most three things to do. */
#include "judge/state.h"
#include <stdio.h>

struct advice {
	struct verdict *verdict;
	const struct site *site; /* NULL: not known any more */
	size_t n;
};

static void advise(struct advice *advice, enum todo todo, const char *subject)
{
	if (advice->n == VERDICT_DO)
		return;
	for (size_t i = 0; i < advice->n; i++)
		if (advice->verdict->todo[i] == todo)
			return;
	advice->verdict->todo[advice->n] = (uint8_t)todo;
	(void)snprintf(advice->verdict->todo_subject[advice->n++], FINDING_NAME, "%s", subject);
}

static const struct chamber *room_named(const struct judge *judge, const char *id)
{
	for (size_t i = 0; judge != NULL && i < judge->site->rooms_n; i++)
		if (strcmp(judge->site->rooms[i].id, id) == 0)
			return &judge->rooms[i];
	return NULL;
}

/* The building's cooling is nobody's here to restart: somebody must be called. */
static const struct cooling *cooling_of(const struct site *site, const char *room,
    bool building)
{
	for (size_t i = 0; site != NULL && i < site->coolings_n; i++) {
		const struct cooling *cooling = &site->coolings[i];

		if (cooling->room != NULL && strcmp(cooling->room->id, room) == 0 &&
		    (cooling->on_when != NULL) == building)
			return cooling;
	}
	return NULL;
}

/* Back well inside that limit: what waits there is only that it stays so. */
static bool is_back(const struct slot *hot, int64_t limit)
{
	if (hot == NULL)
		return true;
	limit = limit < hot->said.limit_milli ? limit : hot->said.limit_milli;
	return hot->said.value_milli + hysteresis_of(MEASURE_TEMPERATURE, limit) <= limit;
}

/* It was hot and is not any more, nor on the way there. */
static bool has_recovered(const struct chamber *room)
{
	return (room->hot != NULL || room->hot_inlet != NULL) && room->head == NULL &&
	    room->rise == NULL && is_back(room->hot, room->air_limits.high_warning) &&
	    is_back(room->hot_inlet, room->inlet_limits.high_warning);
}

/* judge: NULL where nobody judges any more.
 * Heat: get the cooling back, let the heat out, make less of it; in time, stop. */
static void advise_heat(const struct judge *judge, const char *room, struct advice *advice)
{
	const struct chamber *chamber = room_named(judge, room);
	const struct cooling *own = cooling_of(advice->site, room, false);
	const struct cooling *building = cooling_of(advice->site, room, true);
	bool late = chamber != NULL && chamber->hot != NULL &&
	    chamber->hot->said.severity == SEVERITY_CRITICAL &&
	    !is_back(chamber->hot, chamber->hot->said.limit_milli);

	if (chamber != NULL && has_recovered(chamber))
		return;
	if (own != NULL)
		advise(advice, TODO_RESTART_COOLING, own->id);
	if (building != NULL)
		advise(advice, TODO_CALL_BUILDING, building->id);
	if (own == NULL && building == NULL)
		advise(advice, TODO_RESTART_COOLING, room);
	advise(advice, TODO_OPEN_DOORS, room);
	advise(advice, late ? TODO_SHUT_DOWN_ORDERLY : TODO_SHED_LOAD, room);
}

static void advise_state(const struct finding *worst, struct advice *advice)
{
	static const char *const wet[] = { "leak", "water", "wet", "Leak", "Water", "Wet" };

	for (size_t i = 0; i < sizeof wet / sizeof *wet; i++)
		if (strstr(worst->word, wet[i]) != NULL || strstr(worst->subject, wet[i]) != NULL)
			advise(advice, TODO_CHECK_LEAK, worst->subject);
	advise(advice, TODO_LOOK_DEVICE, worst->subject);
}

static void advise_lost(const struct judge *judge, const struct finding *worst,
    struct advice *advice)
{
	switch (worst->subject_kind) {
	case SUBJECT_DEVICE:
		advise(advice, TODO_CHECK_SWITCH, worst->subject);
		break;
	case SUBJECT_NODE:
	case SUBJECT_RACK:
		advise(advice, TODO_CHECK_POWER, worst->subject);
		break;
	default:
		break;
	}
	if (worst->subject_kind == SUBJECT_ROOM && room_named(judge, worst->subject) != NULL &&
	    room_named(judge, worst->subject)->hot != NULL)
		advise_heat(judge, worst->subject, advice);
	advise(advice, TODO_CHECK_HOST, worst->subject);
}

/* A room that heats behind its cause still wants what heat wants. */
static void advise_cooling_off(const struct judge *judge, const struct finding *worst,
    struct advice *advice)
{
	advise(advice, TODO_CHECK_POWER, worst->subject);
	for (size_t i = 0; judge != NULL && i < judge->site->rooms_n; i++)
		if (judge->rooms[i].cooling_off != NULL) {
			advise(advice, TODO_OPEN_DOORS, judge->site->rooms[i].id);
			advise(advice, TODO_SHED_LOAD, judge->site->rooms[i].id);
		}
	if (worst->code != FINDING_COOLING_OFF)
		advise(advice, TODO_SHUT_DOWN_ORDERLY, worst->subject);
}

static const enum todo plain_todos[FINDING_CODES] = {
	[FINDING_COLD] = TODO_LOOK_DEVICE,
	[FINDING_HUMID] = TODO_DRY_AIR,
	[FINDING_DEW] = TODO_DRY_AIR,
	[FINDING_DRY] = TODO_MOIST_AIR,
	[FINDING_OVERLOAD] = TODO_SHED_LOAD,
	[FINDING_BATTERY_LOW] = TODO_SHUT_DOWN_ORDERLY,
	[FINDING_LIMIT] = TODO_LOOK_DEVICE,
	[FINDING_UNTRUSTED] = TODO_CHECK_SENSOR,
	[FINDING_ABSENT] = TODO_CHECK_SENSOR,
	[FINDING_STUCK] = TODO_CHECK_SENSOR,
	[FINDING_SILENT] = TODO_CHECK_SENSOR,
	[FINDING_HOST_DOWN] = TODO_CHECK_HOST,
	[FINDING_REBOOT] = TODO_CHECK_HOST,
	[FINDING_SWITCH_DOWN] = TODO_CHECK_SWITCH,
	[FINDING_DISK_FULL] = TODO_FREE_DISK,
	[FINDING_SITE_REFUSED] = TODO_FIX_SITE,
	[FINDING_DAMAGED] = TODO_CHECK_STORE,
	[FINDING_CHANNEL] = TODO_CHECK_CHANNEL,
	[FINDING_ALERT] = TODO_LOOK_ALERT,
	[FINDING_DEAF] = TODO_CHECK_WIRE,
	[FINDING_LIMIT_HIT] = TODO_FIX_SITE,
	[FINDING_CLEAR_COMMUNITY] = TODO_FIX_SITE,
	[FINDING_LOSS_STOPS] = TODO_CHECK_POWER,
	[FINDING_LOSS_TRIPS] = TODO_CHECK_POWER,
};

static void advise_for(const struct judge *judge, const struct finding *worst,
    struct advice *advice)
{
	switch (worst->code) {
	case FINDING_HOT:
	case FINDING_RISING:
	case FINDING_HEADING:
	case FINDING_AC_CALENDAR:
		advise_heat(judge, worst->place, advice);
		return;
	case FINDING_COOLING_OFF:
	case FINDING_ON_BATTERY:
		advise_cooling_off(judge, worst, advice);
		return;
	case FINDING_STATE:
		advise_state(worst, advice);
		return;
	case FINDING_HOSTS_LOST:
		advise_lost(judge, worst, advice);
		return;
	case FINDING_ROOM_BLIND:
		advise(advice, TODO_MEASURE_ROOM, worst->subject);
		advise(advice, TODO_CHECK_SENSORS, worst->subject);
		return;
	default:
		if (finding_is_wire(worst->code))
			advise(advice, TODO_LOOK_WIRE, worst->subject);
		if (plain_todos[worst->code] != TODO_NONE)
			advise(advice, plain_todos[worst->code], worst->subject);
		return;
	}
}

void judge_advise(const struct site *site, struct verdict *verdict)
{
	struct advice advice = { .verdict = verdict, .site = site };

	if (verdict->worst.code < FINDING_CODES)
		advise_for(NULL, &verdict->worst, &advice);
}

static void verdict_count(const struct judge *judge, struct verdict *verdict)
{
	int64_t oldest = INT64_MAX;

	for (size_t i = 0; i < judge->tracks_n; i++) {
		const struct track *track = &judge->tracks[i];

		if (track->subject_kind != SUBJECT_SENSOR || !track->seen ||
		    track->kind == MEASURE_REACH)
			continue;
		verdict->measuring = true;
		if (track->quality == QUALITY_OK || track->quality == QUALITY_STUCK)
			oldest = track->at < oldest ? track->at : oldest;
		if (track->quality == QUALITY_OK && !track_silent(judge, track))
			verdict->sensors_ok++;
		else if (track->good || judge->site->sensors[track->subject].read != NULL)
			verdict->sensors_bad++;
	}
	for (size_t i = 0; i < judge->site->sensors_n; i++) {
		verdict->measuring |= judge->lines[i].never;
		verdict->sensors_bad += judge->lines[i].never;
	}
	for (size_t i = 0; i < judge->site->hosts_n; i++) {
		const struct reach *reach = &judge->hosts[i];

		verdict->measuring |= reach->watched;
		verdict->hosts_up += reach->watched && reach->state != PROBE_DOWN;
		verdict->hosts_down += reach->state == PROBE_DOWN;
	}
	/* where sensors are, their first values are waited for */
	verdict->measuring |= judge->site->sensors_n == 0 && judge->wires_heard > 0;
	if (oldest != INT64_MAX)
		verdict->oldest_reading_ms = clock_wall(&judge->clock, oldest);
}

/* Of one group: the finding that says what is measured now, heat before all else. */
static int tells_now(const struct slot *slot)
{
	switch (slot->said.code) {
	case FINDING_HOT:
		return slot->said.subject_kind == SUBJECT_ROOM ? 4 : 3;
	case FINDING_OVERLOAD:
	case FINDING_BATTERY_LOW:
	case FINDING_HOSTS_LOST:
		return 2;
	case FINDING_RISING:
	case FINDING_HEADING:
		return 1;
	default:
		return 0;
	}
}

static void verdict_worst(struct judge *judge, size_t n, struct verdict *verdict)
{
	struct book *book = &judge->book;
	struct slot *root = slot_root(&book->slots[book->order[0]]), *now = root;
	struct advice advice = { .verdict = verdict, .site = judge->site };

	for (size_t i = 0; i < n; i++) {
		struct slot *slot = &book->slots[book->order[i]];

		if (slot->said.silenced)
			continue;
		if (slot_root(slot) != root)
			verdict->more += slot->cause == NULL && slot->group >= 1;
		else if (tells_now(slot) > tells_now(now))
			now = slot;
	}
	if (root->group < 2)
		return;
	verdict->worst = slot_say(judge, root);
	verdict->now = slot_say(judge, now);
	advise_for(judge, &verdict->worst, &advice);
	if (tells_now(now) > 0 && now->said.code != FINDING_HOSTS_LOST)
		advise_for(judge, &verdict->now, &advice);
}

static void verdict_next(const struct judge *judge, struct verdict *verdict)
{
	for (size_t i = 0; i < judge->site->rooms_n; i++) {
		const struct chamber *room = &judge->rooms[i];
		const struct forecast *next = &room->first;

		if (!next->known || (verdict->next.known && verdict->next.mid_s <= next->mid_s))
			continue;
		verdict->next = *next;
		(void)snprintf(verdict->next_subject, FINDING_NAME, "%s", judge->site->rooms[i].id);
	}
	const struct chamber *room = verdict->next.known || verdict->now.code == FINDING_CODES ?
	    NULL : room_named(judge, verdict->now.place);

	if (room == NULL)
		return;
	verdict->next = room->next; /* why nothing is forecast */
	(void)snprintf(verdict->next_subject, FINDING_NAME, "%s", verdict->now.place);
}

void judge_verdict(struct judge *judge, int64_t now_ms, struct verdict *ret_verdict)
{
	static const uint8_t severities[] = { SEVERITY_OK, SEVERITY_UNKNOWN, SEVERITY_WARNING,
		SEVERITY_CRITICAL, SEVERITY_CRITICAL };
	struct verdict verdict = { .at_ms = now_ms, .worst.code = FINDING_CODES,
		.now.code = FINDING_CODES };
	size_t n = book_sort(&judge->book, false);

	verdict_count(judge, &verdict);
	if (n > 0) {
		struct slot *first = &judge->book.slots[judge->book.order[0]];

		verdict.severity = severities[slot_root(first)->group];
		verdict_worst(judge, n, &verdict);
		/* a wire that is not heard is known not to be */
		verdict.measuring |= judge->site->sensors_n == 0 && verdict.worst.code == FINDING_DEAF;
	}
	if (!verdict.measuring && verdict.severity == SEVERITY_OK)
		verdict.severity = SEVERITY_UNKNOWN;
	verdict_next(judge, &verdict);
	*ret_verdict = verdict;
}
