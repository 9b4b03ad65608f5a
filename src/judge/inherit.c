/* src/judge/inherit.c - a reload of the site file is no restart of judging: series keep
 * what was learned of them, open findings stay the same findings. */
#include "judge/state.h"
#include <stdio.h>
#include <stdlib.h>

/* How long an open finding waits for its rule to speak again. */
enum { GRACE = 2 * MINUTE };

static void track_carry(struct track *track, const struct track *old)
{
	struct track carried = *old;

	carried.number = track->number;
	carried.subject = track->subject;
	carried.subject_kind = track->subject_kind;
	carried.place = track->place;
	carried.room = track->room;
	carried.node = track->node;
	carried.home = track->home;
	carried.every_ms = track->every_ms;
	carried.limits = track->limits;
	carried.own = track->own;
	carried.limit_slot = NULL;
	memcpy(carried.id, track->id, sizeof carried.id);
	*track = carried;
}

/* A series announced after the reload finds its former self. */
void attic_fetch(struct judge *judge, struct track *track)
{
	for (size_t i = 0; i < judge->attic_n; i++) {
		const struct track *old = &judge->attic[i];

		if (old->kind != track->kind || strcmp(old->id, track->id) != 0)
			continue;
		track_carry(track, old);
		judge->attic[i] = judge->attic[--judge->attic_n];
		return;
	}
}

static void tracks_inherit(struct judge *judge, const struct judge *older)
{
	free(judge->attic);
	judge->attic_n = 0;
	judge->attic = calloc(older->tracks_n + 1, sizeof *judge->attic);
	if (judge->attic == NULL)
		return;
	for (size_t i = 0; i < older->tracks_n; i++)
		judge->attic[judge->attic_n++] = older->tracks[i];
	for (size_t i = 0; i < judge->tracks_n; i++)
		if (!judge->tracks[i].seen)
			attic_fetch(judge, &judge->tracks[i]);
}

static void room_carry(struct chamber *room, const struct chamber *old)
{
	room->past = old->past;
	room->inlet_past = old->inlet_past;
	room->air = old->air;
	room->inlets = old->inlets;
	room->humid = old->humid;
	room->moist = old->moist;
	room->rising = old->rising;
	room->rising_since = old->rising_since;
	room->rising_value = old->rising_value;
	room->heading = old->heading;
	room->heading_since = old->heading_since;
	room->heading_hard = old->heading_hard;
	room->hard = old->hard;
	room->mild = old->mild;
	room->hard_at = old->hard_at;
	room->mild_at = old->mild_at;
	room->made_of = old->made_of;
	room->next = old->next;
	room->first = old->first;
	room->value = old->value;
	room->at = old->at;
}

static void rooms_inherit(struct judge *judge, const struct judge *older)
{
	for (size_t i = 0; i < judge->site->rooms_n; i++)
		for (size_t j = 0; j < older->site->rooms_n; j++)
			if (strcmp(judge->site->rooms[i].id, older->site->rooms[j].id) == 0)
				room_carry(&judge->rooms[i], &older->rooms[j]);
}

/* What the new site file has no longer asked is not announced again. */
static void reach_carry(const struct judge *judge, struct reach *reach, const struct reach *old)
{
	int64_t every_ms = reach->every_ms;

	*reach = *old;
	reach->every_ms = every_ms;
	reach->slot = NULL;
	reach->asked = false;
	reach->kept = judge->clock.now + REACH_KEPT;
}

/* Most lines of a site file keep their place: look there first, then everywhere. */
#define INHERIT_REACH(things, things_n)                                                      \
	for (size_t i = 0, at = 0; i < judge->site->things_n; i++) {                         \
		size_t n = older->site->things_n, seen = 0;                                  \
		for (; seen < n; seen++, at++)                                               \
			if (strcmp(judge->site->things[i].id,                                \
				older->site->things[at % n].id) == 0)                        \
				break;                                                       \
		if (seen < n)                                                                \
			reach_carry(judge, &judge->things[i], &older->things[at % n]);              \
	}

/* Incidents name things by their number in the site: those are looked up anew at the
 * next sweep, so only the hosts' own state goes over. */
static void reaches_inherit(struct judge *judge, const struct judge *older)
{
	INHERIT_REACH(hosts, hosts_n)
	INHERIT_REACH(devices, devices_n)
	for (size_t i = 0; i < judge->site->hosts_n; i++)
		judge->hosts[i].incident = -1;
	judge->incidents_made = older->incidents_made;
}

static struct slot *slot_carry(struct judge *judge, const struct slot *old)
{
	struct claim again = { .code = (enum finding_code)old->said.code,
		.severity = (enum severity)old->said.severity,
		.subject_kind = (enum subject)old->said.subject_kind,
		.kind = (enum measure)old->said.kind, .doubt = (enum doubt)old->said.doubt,
		.key = old->key, .subject = old->said.subject, .place = old->said.place,
		.word = old->said.word, .since = old->since, .value = old->said.value_milli,
		.limit = old->said.limit_milli, .count = old->said.count, .index = UINT32_MAX };
	struct slot *slot = claim(judge, &again);

	if (slot == NULL)
		return NULL;
	slot->said = old->said;
	slot->told_next = old->told_next;
	slot->since = old->since;
	slot->cause_id = old->cause != NULL ? old->cause->said.id : old->cause_id;
	slot->changed = old->changed;
	slot->until = old->until > judge->clock.now + GRACE ? old->until :
							       judge->clock.now + GRACE;
	return slot;
}

#define THERE(things)                                                                        \
	for (size_t i = 0; i < site->things##_n; i++)                                        \
		if (strcmp(site->things[i].id, id) == 0)                                     \
			return true;                                                         \
	return false;

/* Does the new site still name what this is about?  A series is its sensor line's. */
static bool subject_stays(const struct site *site, const struct judge *older,
    const struct slot *slot)
{
	const char *id = slot->said.subject;

	switch (slot->said.subject_kind) {
	case SUBJECT_HOST:
		THERE(hosts)
	case SUBJECT_DEVICE:
		THERE(devices)
	case SUBJECT_ROOM:
		THERE(rooms)
	case SUBJECT_RACK:
		THERE(racks)
	case SUBJECT_NODE:
		THERE(nodes)
	case SUBJECT_SENSOR:
		if (slot->index >= older->site->sensors_n)
			return true;
		id = older->site->sensors[slot->index].id;
		THERE(sensors)
	default:
		return true;
	}
}

void judge_inherit(struct judge *judge, const struct judge *older)
{
	judge->clock = older->clock;
	judge->swept = older->swept;
	judge->excuse = older->clock.now;
	judge->minute = older->minute;
	tracks_inherit(judge, older);
	rooms_inherit(judge, older);
	reaches_inherit(judge, older);
	for (size_t i = 0; i < older->book.high; i++)
		if (older->book.slots[i].used && older->book.slots[i].ended == 0) {
			struct slot *slot = slot_carry(judge, &older->book.slots[i]);

			/* what is not there any more can not be wrong any more: told at once */
			if (slot == NULL ||
			    subject_stays(judge->site, older, &older->book.slots[i]))
				continue;
			slot->ended = judge->clock.now > slot->since ? judge->clock.now
								     : slot->since + 1;
			slot->changed = true;
		}
	judge->dirty = true;
}
