/* src/judge/series.c - where a series belongs: its room, its node, its limits. */
#include "judge/state.h"
#include <stdio.h>
#include <stdlib.h>

/* The reader of the site knows it from at= and from hosts and cooling units. */
static const struct room *sensor_room(const struct site *site, const struct sensor *sensor)
{
	if (sensor->room != NULL)
		return sensor->room;
	if (sensor->node != NULL && sensor->node->rack != NULL)
		return sensor->node->rack->room;
	/* a site of one room need not say so */
	return site->rooms_n == 1 && sensor->place != PLACE_OUTSIDE ? site->rooms : NULL;
}

/* Limits of a line that offers everything were meant for its temperature. */
static bool limits_meant(const struct sensor *sensor, enum measure kind)
{
	if (!limits_any(&sensor->limits))
		return false;
	if (sensor->kind_given)
		return sensor->kind == kind;
	return sensor->read != NULL || kind == MEASURE_TEMPERATURE;
}

/* Limits that a quantity has by itself, wherever it is. */
static struct limits limits_plain(const struct track *track)
{
	struct limits limits = limits_none();

	if (track->kind == MEASURE_CHARGE) {
		limits.low_warning = 50000;
		limits.low_critical = 20000;
	} else if (track->kind == MEASURE_RUNTIME) {
		limits.low_warning = 5000; /* minutes: an orderly shutdown takes about that */
		limits.low_critical = 3000;
	} else if (track->room < 0) {
		limits = limits_default((enum measure)track->kind, (enum place)track->place);
	}
	return limits;
}

/* What a piece of the power path carries: its derated limit is a warning, its own
 * rating critical. */
static struct limits limits_node(const struct node *node, enum measure kind)
{
	struct limits limits = limits_none();
	struct node whole = *node;
	int64_t rated = 0;

	whole.derate_milli = 1000;
	if (kind == MEASURE_LOAD)
		rated = 100000;
	else if (kind == MEASURE_CURRENT)
		rated = node->milli_amp;
	else
		rated = node_limit_mva(&whole);
	if (rated > 0) {
		limits.high_critical = rated;
		limits.high_warning = rated / 1000 * node->derate_milli;
	}
	return limits;
}

static bool kind_is_load(enum measure kind)
{
	return kind == MEASURE_LOAD || kind == MEASURE_CURRENT || kind == MEASURE_POWER ||
	    kind == MEASURE_APPARENT_POWER;
}

static bool track_is_air(const struct track *track)
{
	switch (track->kind) {
	case MEASURE_TEMPERATURE:
	case MEASURE_HUMIDITY:
	case MEASURE_DEW_POINT:
		return track->place == PLACE_ROOM || track->place == PLACE_INLET;
	case MEASURE_POWER:
	case MEASURE_APPARENT_POWER:
		return true;
	default:
		return false;
	}
}

static void room_leave(struct judge *judge, struct track *track)
{
	if (track->room < 0 || track->home == UINT32_MAX)
		return;
	struct chamber *room = &judge->rooms[track->room];
	uint32_t last = room->tracks[--room->tracks_n];

	room->tracks[track->home] = last;
	judge->tracks[last].home = track->home;
	track->home = UINT32_MAX;
}

static int room_enter(struct judge *judge, struct track *track, struct why *why)
{
	struct chamber *room = &judge->rooms[track->room];

	if (room->tracks_n == room->tracks_max) {
		size_t max = room->tracks_max > 0 ? 2 * room->tracks_max : 8;
		uint32_t *tracks = realloc(room->tracks, max * sizeof *tracks);

		if (tracks == NULL)
			return fail(why, KS_FULL, "no memory to judge %zu series", max);
		room->tracks = tracks;
		room->tracks_max = max;
	}
	if (track->kind == MEASURE_TEMPERATURE && track->every_ms > room->every_ms)
		room->every_ms = track->every_ms;
	track->home = (uint32_t)room->tracks_n;
	room->tracks[room->tracks_n++] = (uint32_t)(track - judge->tracks);
	return KS_OK;
}

static void sensor_place(const struct site *site, struct track *track)
{
	const struct sensor *sensor = &site->sensors[track->subject];
	const struct room *room = sensor_room(site, sensor);

	if (track->place == PLACE_NONE)
		track->place = (uint8_t)sensor->place;
	track->every_ms = sensor->every_ms;
	track->room = room != NULL ? (int32_t)(room - site->rooms) : -1;
	track->node = sensor->node != NULL ? (int32_t)(sensor->node - site->nodes) : -1;
	track->own = limits_meant(sensor, (enum measure)track->kind);
	if (track->own)
		track->limits = sensor->limits;
	else if (sensor->node != NULL && kind_is_load((enum measure)track->kind))
		track->limits = limits_node(sensor->node, (enum measure)track->kind);
	else
		track->limits = limits_plain(track);
}

int series_place(struct judge *judge, struct track *track, const struct series *series,
    struct why *why)
{
	const struct site *site = judge->site;

	room_leave(judge, track);
	track->subject = series->subject;
	track->subject_kind = series->subject_kind;
	track->place = series->place;
	track->room = track->node = -1;
	track->home = UINT32_MAX;
	track->own = false;
	track->clear = series->clear;
	judge->clear_dirty = true;
	track->limits = limits_none();
	if (track->subject_kind == SUBJECT_SENSOR)
		sensor_place(site, track);
	else if (track->subject_kind == SUBJECT_HOST)
		track->every_ms = site->hosts[track->subject].every_ms;
	else
		track->every_ms = site->devices[track->subject].every_ms;
	judge->dirty = true;
	if (track->kind == MEASURE_REACH)
		reach_asked(judge, track);
	if (track->room < 0 || !track_is_air(track))
		return KS_OK;
	return room_enter(judge, track, why);
}
