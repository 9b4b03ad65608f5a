/* src/judge/cause.c - which finding explains which.  What stands first in the chain of
 * heat (cooling off, calendar, cooling's own alarm, hot, rising, heading) explains the
 * rest of its room. */
#include "judge/state.h"

/* A cause that was carried over by its number and is found again is no news. */
void explained(struct slot *slot, struct slot *cause)
{
	if (slot == NULL || slot == cause)
		return;
	uint64_t was = slot->cause != NULL ? slot->cause->said.id : slot->cause_id;
	uint64_t is = cause != NULL ? cause->said.id : 0;

	slot->changed |= was != is || (slot->cause != cause && is == 0);
	slot->cause = cause;
	slot->cause_id = 0;
}

/* The cause has ended, but what it caused has not been looked at since. */
static void explained_still(struct slot *slot, struct slot *cause)
{
	if (slot == NULL || cause != NULL) {
		explained(slot, cause);
		return;
	}
	if (slot->cause != NULL)
		slot->cause_id = slot->cause->said.id;
	slot->cause = NULL;
}

/* The first of the room's chain, NULL when nothing is amiss there. */
static struct slot *heat_root(const struct chamber *room)
{
	struct slot *const chain[] = { room->cooling_off, room->calendar, room->unit, room->hot,
		room->hot_inlet, room->rise, room->head };

	for (size_t i = 0; i < sizeof chain / sizeof *chain; i++)
		if (chain[i] != NULL)
			return chain[i];
	return NULL;
}

static void room_causes(struct chamber *room)
{
	struct slot *const chain[] = { room->unit, room->hot, room->hot_inlet, room->rise,
		room->head };
	struct slot *root = heat_root(room);
	struct slot *heat = room->hot != NULL ? room->hot :
	    room->hot_inlet != NULL	      ? room->hot_inlet :
						room->rise;

	for (size_t i = 0; i < sizeof chain / sizeof *chain; i++)
		/* what outlasts its cause still belongs to that incident */
		explained_still(chain[i], root == chain[i] ? NULL : root);
	/* warm air is dry, or damp, by its warmth */
	explained_still(room->moist_slot, heat);
	explained_still(room->dew_slot, heat != NULL ? heat : room->moist_slot);
	/* sensors that die in the heat die of it */
	explained(room->blind, heat != NULL && room->blind != NULL &&
			    heat->since <= room->blind->since ? heat : NULL);
}

/* The battery finding of the UPS at or above a node. */
static struct slot *battery_above(const struct judge *judge, const struct node *node)
{
	for (; node != NULL; node = node->from)
		if (judge->nodes[node - judge->site->nodes].battery != NULL)
			return judge->nodes[node - judge->site->nodes].battery;
	return NULL;
}

struct slot *incident_cause(struct judge *judge, const struct incident *incident)
{
	const struct site *site = judge->site;

	switch (incident->cause) {
	case CAUSE_SWITCH:
		return judge->devices[incident->subject].slot;
	case CAUSE_DEAD_NODE:
	case CAUSE_NODE: {
		const struct node *node = &site->nodes[incident->subject];
		struct slot *battery = battery_above(judge, node);

		return battery != NULL ? battery : judge->nodes[incident->subject].silent;
	}
	case CAUSE_HOT:
	case CAUSE_BLIND:
		return room_before(&judge->rooms[incident->subject], incident->since);
	default:
		return NULL;
	}
}

/* What explained it before a restart is open still, and its rule has not spoken since. */
static bool awaited(const struct judge *judge, const struct slot *slot)
{
	const struct book *book = &judge->book;

	for (size_t i = 0; slot != NULL && slot->cause_id != 0 && i < book->high; i++)
		if (book->slots[i].used && book->slots[i].said.id == slot->cause_id)
			return book->slots[i].ended == 0 && book->slots[i].until > judge->clock.now;
	return false;
}

static void explained_known(const struct judge *judge, struct slot *slot, struct slot *cause)
{
	if (cause != NULL || !awaited(judge, slot))
		explained(slot, cause);
}

static bool cause_passes(const struct incident *incident)
{
	return incident->cause == CAUSE_SWITCH || incident->cause == CAUSE_DEAD_NODE;
}

static void host_cause(struct judge *judge, struct reach *reach)
{
	struct incident *incident = reach->incident >= 0 ? &judge->incidents[reach->incident] : NULL;

	if (incident == NULL)
		explained_known(judge, reach->slot, NULL);
	else if (incident->slot != NULL)
		explained(reach->slot, incident->slot);
	else if (cause_passes(incident))
		explained_still(reach->slot, incident_cause(judge, incident));
	else
		explained_known(judge, reach->slot, incident_cause(judge, incident));
	reach->cause_id = reach->slot->cause != NULL ? reach->slot->cause->said.id :
						       reach->slot->said.id;
	reach->cause_at = judge->clock.now;
}

static void host_causes(struct judge *judge)
{
	for (size_t i = 0; i < LIMIT_INCIDENTS; i++) {
		struct incident *incident = &judge->incidents[i];

		if (!incident->used)
			continue;
		if (cause_passes(incident))
			explained_still(incident->slot, incident_cause(judge, incident));
		else
			explained_known(judge, incident->slot, incident_cause(judge, incident));
	}
	for (size_t i = 0; i < judge->site->hosts_n; i++)
		if (judge->hosts[i].slot != NULL)
			host_cause(judge, &judge->hosts[i]);
}

static void device_causes(struct judge *judge)
{
	const struct site *site = judge->site;

	for (size_t i = 0; i < site->devices_n; i++) {
		const struct device *device = &site->devices[i], *behind = device->behind;
		struct slot *cause = NULL;

		while (behind != NULL && cause == NULL) {
			cause = judge->devices[behind - site->devices].slot;
			behind = behind->behind;
		}
		if (cause == NULL && device->room != NULL) {
			const struct chamber *room = &judge->rooms[device->room - site->rooms];

			cause = began_before(room, room->hot, judge->devices[i].fail_at);
		}
		explained(judge->devices[i].slot, cause);
	}
}

/* UPSes below one feed lose it together: the first to say so speaks for all. */
static void battery_causes(struct judge *judge)
{
	const struct site *site = judge->site;

	for (size_t i = 0; i < site->nodes_n; i++) {
		struct slot *slot = judge->nodes[i].battery, *first = slot;
		const struct node *feed = site->nodes[i].from;

		for (size_t j = 0; slot != NULL && feed != NULL && j < site->nodes_n; j++) {
			struct slot *other = judge->nodes[j].battery;

			if (other != NULL && site->nodes[j].from == feed &&
			    (other->since < first->since ||
				(other->since == first->since && other < first)))
				first = other;
		}
		explained(slot, first == slot ? NULL : first);
	}
}

static void sensor_causes(struct judge *judge)
{
	static const enum finding_code codes[] = { FINDING_SILENT, FINDING_ABSENT,
		FINDING_UNTRUSTED, FINDING_STUCK };
	const struct site *site = judge->site;

	for (size_t i = 0; i < site->sensors_n; i++) {
		const struct sensor *sensor = &site->sensors[i];
		const struct line_health *line = &judge->lines[i];
		struct slot *cause = sensor->room != NULL ?
		    judge->rooms[sensor->room - site->rooms].blind : NULL;

		if (!line->ill)
			continue;
		if (cause == NULL && sensor->host != NULL)
			cause = judge->hosts[sensor->host - site->hosts].slot;
		for (size_t j = 0; j < sizeof codes / sizeof *codes; j++)
			explained(book_find(&judge->book, codes[j], sensor->id), cause);
	}
}

/* A cooling unit's own alarm belongs to its room; room_causes() has looked at it. */
static bool is_unit(const struct judge *judge, const struct sensor *sensor,
    const struct slot *slot)
{
	return sensor->cooling != NULL && sensor->cooling->room != NULL &&
	    judge->rooms[sensor->cooling->room - judge->site->rooms].unit == slot;
}

/* Findings of single series: heat of the room, or the UPS whose battery it is. */
static void track_causes(struct judge *judge)
{
	for (size_t i = 0; i < judge->tracks_n; i++) {
		const struct track *track = &judge->tracks[i];
		struct slot *slot = track->limit_slot;

		if (slot == NULL)
			continue;
		if (slot->said.code == FINDING_HOT && track->room >= 0) {
			struct slot *root = heat_root(&judge->rooms[track->room]);

			explained(slot, root);
		} else if (track->subject_kind == SUBJECT_SENSOR &&
		    !is_unit(judge, &judge->site->sensors[track->subject], slot)) {
			explained(slot, judge->lines[track->subject].battery);
		}
	}
}

/* The heat of a room, when it was there before the alert. */
static struct slot *heat_before(const struct chamber *room, const struct slot *alert)
{
	return began_before(room, heat_root(room), alert->since);
}

/* What keisoku itself knows of the thing an alert is about. */
static struct slot *alert_known(const struct judge *judge, const struct slot *alert)
{
	const struct site *site = judge->site;
	const struct host *host;

	switch (alert->said.subject_kind) {
	case SUBJECT_HOST:
		host = &site->hosts[alert->index];
		if (judge->hosts[alert->index].slot != NULL)
			return judge->hosts[alert->index].slot;
		return host->rack != NULL && host->rack->room != NULL
		    ? heat_before(&judge->rooms[host->rack->room - site->rooms], alert) : NULL;
	case SUBJECT_DEVICE:
		return judge->devices[alert->index].slot;
	case SUBJECT_ROOM:
		return heat_root(&judge->rooms[alert->index]);
	case SUBJECT_NODE:
		return battery_above(judge, &site->nodes[alert->index]);
	default:
		return NULL;
	}
}

/* Several alerts about one thing: the first speaks for all. */
static struct slot *alert_first(const struct judge *judge, const struct slot *alert)
{
	struct slot *first = NULL;

	for (size_t i = 0; i < judge->book.high; i++) {
		struct slot *slot = &judge->book.slots[i];

		if (slot->used && slot->ended == 0 && slot->said.code == FINDING_ALERT &&
		    strcmp(slot->said.subject, alert->said.subject) == 0 &&
		    (first == NULL || slot->since < first->since))
			first = slot;
	}
	return first;
}

static void alert_causes(struct judge *judge)
{
	for (size_t i = 0; i < judge->book.high; i++) {
		struct slot *slot = &judge->book.slots[i];

		if (!slot->used || slot->ended != 0 || slot->said.code != FINDING_ALERT ||
		    slot->index == UINT32_MAX)
			continue;
		struct slot *known = alert_known(judge, slot);

		explained(slot, known != NULL ? known : alert_first(judge, slot));
	}
}

void cause_sweep(struct judge *judge)
{
	for (size_t i = 0; i < judge->site->rooms_n; i++)
		room_causes(&judge->rooms[i]);
	battery_causes(judge);
	device_causes(judge);
	host_causes(judge);
	sensor_causes(judge);
	track_causes(judge);
	alert_causes(judge);
	wire_causes(judge);
}
