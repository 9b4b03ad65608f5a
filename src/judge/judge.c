/* src/judge/judge.c - a judge's life, and the three things it is fed. */
#include "base/hash.h"
#include "base/must.h"
#include "judge/state.h"
#include <stdio.h>
#include <stdlib.h>

/* No series has this number: it stands for having none. */
static const uint32_t NUMBER_NONE = UINT32_MAX;

enum { SWEEP_EVERY = 5 * SECOND, TRACKS_FIRST = 64 };

static int reach_init(const struct site *site, struct judge *judge, struct why *why)
{
	judge->hosts = calloc(site->hosts_n + 1, sizeof *judge->hosts);
	judge->devices = calloc(site->devices_n + 1, sizeof *judge->devices);
	judge->parent = calloc(site->devices_n + 1, sizeof *judge->parent);
	if (judge->hosts == NULL || judge->devices == NULL || judge->parent == NULL)
		return fail(why, KS_FULL, "no memory to judge %zu hosts", site->hosts_n);
	for (size_t i = 0; i < site->hosts_n; i++) {
		judge->hosts[i] = (struct reach){ .incident = -1, .uptime = -1,
			.every_ms = site->hosts[i].every_ms };
		if (site->hosts[i].behind != NULL)
			judge->parent[site->hosts[i].behind - site->devices] = true;
	}
	for (size_t i = 0; i < site->devices_n; i++) {
		judge->devices[i] = (struct reach){ .incident = -1, .uptime = -1,
			.every_ms = site->devices[i].every_ms };
		if (site->devices[i].behind != NULL)
			judge->parent[site->devices[i].behind - site->devices] = true;
	}
	return KS_OK;
}

int judge_new(const struct site *site, struct judge **ret_judge, struct why *why)
{
	struct judge *judge = calloc(1, sizeof *judge);

	if (judge == NULL)
		return fail(why, KS_FULL, "no memory for a judge");
	judge->site = site;
	judge->rooms = calloc(site->rooms_n + 1, sizeof *judge->rooms);
	judge->nodes = calloc(site->nodes_n + 1, sizeof *judge->nodes);
	judge->racks = calloc(site->racks_n + 1, sizeof *judge->racks);
	judge->lines = calloc(site->sensors_n + 1, sizeof *judge->lines);
	int code = judge->rooms == NULL || judge->nodes == NULL || judge->racks == NULL ||
			judge->lines == NULL ?
		      fail(why, KS_FULL, "no memory to judge %zu rooms", site->rooms_n) :
		      reach_init(site, judge, why);

	for (size_t i = 0; judge->rooms != NULL && i < site->rooms_n; i++)
		judge->rooms[i].hard.limit_milli = judge->rooms[i].mild.limit_milli = INT64_MAX;
	if (code == KS_OK)
		code = book_init(&judge->book, why);
	if (code != KS_OK) {
		judge_free(judge);
		return code;
	}
	*ret_judge = judge;
	return KS_OK;
}

void judge_free(struct judge *judge)
{
	if (judge == NULL)
		return;
	for (size_t i = 0; judge->rooms != NULL && i < judge->site->rooms_n; i++)
		free(judge->rooms[i].tracks);
	book_done(&judge->book);
	free(judge->rooms);
	free(judge->nodes);
	free(judge->racks);
	free(judge->lines);
	free(judge->hosts);
	free(judge->devices);
	free(judge->parent);
	free(judge->tracks);
	free(judge->scratch);
	free(judge->map);
	free(judge->names);
	free(judge->attic);
	free(judge);
}

static struct track *judge_track(const struct judge *judge, uint32_t number)
{
	size_t at = judge->map_max > 0 ? number * 2654435761U % judge->map_max : 0;

	for (; judge->map_max > 0 && judge->map[at] != 0; at = (at + 1) % judge->map_max) {
		struct track *track = &judge->tracks[judge->map[at] - 1];

		if (track->number == number)
			return track;
	}
	return NULL;
}

static void map_put(uint32_t *map, size_t max, size_t at, uint32_t track)
{
	while (map[at % max] != 0)
		at++;
	map[at % max] = track + 1;
}

static size_t number_hash(uint32_t number)
{
	return number * 2654435761U;
}

static size_t name_hash(const char *id, uint8_t kind)
{
	return (size_t)hash_of(span_text(id), kind);
}

/* What it measures stays, whatever number a poller that was started again gives it. */
static struct track *judge_named(const struct judge *judge, const struct series *series)
{
	size_t max = judge->map_max;
	size_t at = max > 0 ? name_hash(series->id, series->kind) % max : 0;

	for (; max > 0 && judge->names[at] != 0; at = (at + 1) % max) {
		struct track *track = &judge->tracks[judge->names[at] - 1];

		if (track->kind == series->kind && track->subject_kind == series->subject_kind &&
		    strcmp(track->id, series->id) == 0)
			return track;
	}
	return NULL;
}

static void numbers_fill(struct judge *judge)
{
	memset(judge->map, 0, judge->map_max * sizeof *judge->map);
	for (size_t i = 0; i < judge->tracks_n; i++)
		if (judge->tracks[i].number != NUMBER_NONE)
			map_put(judge->map, judge->map_max, number_hash(judge->tracks[i].number),
			    (uint32_t)i);
	judge->map_used = judge->tracks_n;
}

/* Whoever had the number waits, with what is known of it, for being announced anew. */
static void track_number(struct judge *judge, struct track *track, uint32_t number)
{
	struct track *had = judge_track(judge, number);

	if (had == track)
		return;
	if (had != NULL)
		had->number = NUMBER_NONE;
	track->number = number;
	if (judge->map_used >= judge->map_max / 4 * 3) {
		numbers_fill(judge);
		return;
	}
	map_put(judge->map, judge->map_max, number_hash(number),
	    (uint32_t)(track - judge->tracks));
	judge->map_used++;
}

/* Room for one more track and, in the map, twice as much. */
static int tracks_grow(struct judge *judge, struct why *why)
{
	if (judge->tracks_n < judge->tracks_max)
		return KS_OK;
	if (judge->tracks_n >= LIMIT_SERIES)
		return fail(why, KS_FULL, "more than %d series to judge", (int)LIMIT_SERIES);
	size_t max = judge->tracks_max > 0 ? 2 * judge->tracks_max : TRACKS_FIRST;
	struct track *tracks = realloc(judge->tracks, max * sizeof *tracks);

	judge->tracks = tracks != NULL ? tracks : judge->tracks;
	int64_t *scratch = realloc(judge->scratch, max * sizeof *scratch);

	judge->scratch = scratch != NULL ? scratch : judge->scratch;
	uint32_t *map = calloc(2 * max, sizeof *map), *names = calloc(2 * max, sizeof *names);

	if (tracks == NULL || scratch == NULL || map == NULL || names == NULL) {
		free(map);
		free(names);
		return fail(why, KS_FULL, "no memory to judge %zu series", max);
	}
	free(judge->map);
	free(judge->names);
	judge->map = map;
	judge->names = names;
	judge->map_max = 2 * max;
	judge->tracks_max = max;
	for (size_t i = 0; i < judge->tracks_n; i++)
		map_put(names, 2 * max, name_hash(tracks[i].id, tracks[i].kind), (uint32_t)i);
	numbers_fill(judge);
	return KS_OK;
}

static bool subject_exists(const struct site *site, const struct series *series)
{
	size_t n = series->subject_kind == SUBJECT_SENSOR ? site->sensors_n :
	    series->subject_kind == SUBJECT_HOST	  ? site->hosts_n :
	    series->subject_kind == SUBJECT_DEVICE	  ? site->devices_n :
							    0;

	return series->subject < n && series->kind < MEASURES && series->place < PLACES;
}

int judge_series(struct judge *judge, const struct series *series, struct why *why)
{
	if (!subject_exists(judge->site, series))
		return fail(why, KS_ABSENT, "series %s measures nothing that the site file names",
		    series->id);
	struct track *track = judge_named(judge, series);

	if (track == NULL) {
		int code = tracks_grow(judge, why);

		if (code != KS_OK)
			return code;
		map_put(judge->names, judge->map_max, name_hash(series->id, series->kind),
		    (uint32_t)judge->tracks_n);
		track = &judge->tracks[judge->tracks_n++];
		*track = (struct track){ .number = NUMBER_NONE, .room = -1, .kind = series->kind,
			.subject_kind = series->subject_kind };
		(void)snprintf(track->id, sizeof track->id, "%s", series->id);
		attic_fetch(judge, track);
	}
	track_number(judge, track, series->number);
	return series_place(judge, track, series, why);
}

struct limits judge_limits(const struct judge *judge, uint32_t series)
{
	const struct track *track = series != NUMBER_NONE ? judge_track(judge, series) : NULL;

	if (track == NULL)
		return limits_none();
	if (track->own || track->room < 0)
		return track->limits;
	const struct room *room = &judge->site->rooms[track->room];

	if (track->kind == MEASURE_TEMPERATURE && track->place == PLACE_ROOM)
		return room->temperature;
	if (track->kind == MEASURE_TEMPERATURE && track->place == PLACE_INLET)
		return limits_default(MEASURE_TEMPERATURE, PLACE_INLET);
	if (track->kind == MEASURE_HUMIDITY && track->place == PLACE_ROOM)
		return room->humidity;
	return track->limits;
}

void judge_take(struct judge *judge, const struct reading *reading,
    enum quality *ret_quality, enum doubt *ret_doubt)
{
	struct track *track = reading->series != NUMBER_NONE ?
	    judge_track(judge, reading->series) : NULL;

	*ret_quality = (enum quality)reading->quality;
	*ret_doubt = (enum doubt)reading->doubt;
	if (track == NULL || reading->quality >= QUALITIES || reading->doubt >= DOUBTS ||
	    reading->severity >= SEVERITIES) {
		judge->unknown++;
		return;
	}
	struct reading judged = *reading;
	int64_t at = clock_at(&judge->clock, reading->time_ms);

	if (track->seen && at < track->at)
		at = track->at;
	if (track->kind == MEASURE_REACH)
		reach_take(judge, track, &judged, at);
	else if (track->kind == MEASURE_UPTIME && judged.quality == QUALITY_OK)
		uptime_take(judge, track, judged.milli, at);
	health_take(judge, track, &judged, at);
	if (judged.quality == QUALITY_OK) {
		limits_take(judge, track);
		room_take(judge, track);
	}
	*ret_quality = (enum quality)judged.quality;
	*ret_doubt = (enum doubt)judged.doubt;
}

/* An alert that found no room is told for so long. */
enum { REFUSED_SHOWN_MS = 600000 };

static void limit_claim(struct judge *judge)
{
	if (judge->book.hit || judge->book.used >= LIMIT_FINDINGS)
		(void)claim(judge, &(struct claim){ .code = FINDING_LIMIT_HIT,
			.severity = SEVERITY_WARNING, .subject_kind = SUBJECT_SITE,
			.subject = judge->site->id, .key = "findings", .kind = MEASURE_COUNT,
			.word = "LIMIT_FINDINGS", .since = judge->clock.now,
			.value = (int64_t)judge->book.used * 1000,
			.limit = (int64_t)LIMIT_FINDINGS * 1000 });
	else if (judge->alerts_refused > 0 &&
	    judge->clock.now - judge->alerts_refused_at < REFUSED_SHOWN_MS)
		(void)claim(judge, &(struct claim){ .code = FINDING_LIMIT_HIT,
			.severity = SEVERITY_WARNING, .subject_kind = SUBJECT_SITE,
			.subject = judge->site->id, .key = "alerts", .kind = MEASURE_COUNT,
			.word = "LIMIT_ALERTS", .since = judge->clock.now,
			.count = judge->alerts_refused });
	judge->book.hit = false;
}

void judge_steady(struct judge *judge, int64_t steady_ms)
{
	clock_steady(&judge->clock, steady_ms);
}

/* So long without a tick, and nobody read what the sensors said meanwhile. */
static void pause_excuse(struct judge *judge, int64_t before)
{
	int64_t passed = judge->clock.now - before;

	if (judge->clock.measured_n == 2 && passed > MINUTE && passed > 3 * judge->clock.step)
		judge->excuse = judge->clock.now;
}

void judge_tick(struct judge *judge, int64_t now_ms)
{
	int64_t before = judge->clock.now;

	clock_tick(&judge->clock, now_ms);
	pause_excuse(judge, before);
	if (!judge->dirty && judge->swept != 0 &&
	    judge->clock.now - judge->swept < SWEEP_EVERY)
		return;
	judge->dirty = false;
	book_begin(&judge->book);
	health_sweep(judge);
	limits_sweep(judge);
	room_sweep(judge);
	minute_sweep(judge);
	rise_sweep(judge);
	forecast_sweep(judge);
	power_sweep(judge);
	cooling_sweep(judge);
	blind_sweep(judge);
	reach_sweep(judge);
	incident_sweep(judge);
	limit_claim(judge);
	clear_sweep(judge);
	cause_sweep(judge);
	mute_sweep(judge);
	book_end(judge);
	judge->swept = judge->clock.now;
}

void judge_slept(struct judge *judge, int64_t ms)
{
	judge->excuse = judge->clock.now + ms;
	judge->dirty = true;
}

/* The hole itself is a finding, begun and ended at once. */
void judge_hole(struct judge *judge, int64_t from_ms, int64_t to_ms)
{
	struct steady *clock = &judge->clock;

	if (to_ms - from_ms < MINUTE)
		return;
	int64_t ended = clock->now - (clock->wall > to_ms ? clock->wall - to_ms : 0);
	struct slot *slot = claim(judge, &(struct claim){ .code = FINDING_GAP,
		.severity = SEVERITY_WARNING, .subject_kind = SUBJECT_SITE,
		.subject = judge->site->id, .kind = MEASURE_DURATION,
		.since = ended - (to_ms - from_ms), .value = (to_ms - from_ms) / 60 });

	if (slot != NULL)
		slot->ended = ended;
}

void judge_gap(struct judge *judge, int64_t from_ms, int64_t to_ms)
{
	struct steady *clock = &judge->clock;

	if (to_ms <= from_ms)
		return;
	if (!clock->started)
		clock_tick(clock, to_ms);
	else
		clock->now += to_ms - from_ms;
	if (to_ms > clock->wall)
		clock->wall = to_ms;
	judge->excuse = clock->now;
	judge->dirty = true;
	judge_hole(judge, from_ms, to_ms);
}
