/* src/role/core_plan.c - what a single loss would do, kept up to date: tried anew when the
 * site changes, and when measured loads have changed enough, at most once a minute. */
#include "role/core.h"
#include "base/drop.h"
#include "base/hash.h"
#include "plan/screen.h"
#include "plan/seen.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EVERY_MS = 60000, AT_LEAST_MS = 3600000 };

static uint64_t loads_hash(const struct grid_reading *readings, size_t n)
{
	uint64_t hash = 0;

	for (size_t i = 0; i < n; i++) {
		const int64_t key[] = { (int64_t)readings[i].of, (int64_t)readings[i].at, (int64_t)readings[i].kind,
			grid_step(readings[i].milli) };

		hash = hash_of(span_of(key, sizeof key), hash);
	}
	return hash;
}

static size_t readings_take(const struct core *core, const struct grid *grid, int64_t now,
    struct grid_reading *ret_readings)
{
	size_t n = 0;

	for (size_t i = 0; i < core->known_n; i++)
		if (core->known[i] != NULL && core->known[i]->read &&
		    seen_place(grid, &core->known[i]->series, &core->known[i]->last, now, &ret_readings[n]))
			n++;
	return n;
}

/* Opens, renews or ends one of the two findings; a node other than before ends the old one. */
static void plan_say(struct core *core, struct finding *finding, char said[FINDING_NAME], const char *subject)
{
	finding->subject_kind = SUBJECT_NODE;
	finding->since_ms = finding->seen_ms = core_now(core);
	if (said[0] != '\0' && (subject == NULL || strcmp(said, subject) != 0)) {
		struct finding ended = *finding;

		(void)snprintf(ended.subject, sizeof ended.subject, "%s", said);
		ended.ended_ms = core_now(core);
		judge_self(core->judge, &ended);
		said[0] = '\0';
	}
	if (subject == NULL)
		return;
	(void)snprintf(said, FINDING_NAME, "%s", subject);
	(void)snprintf(finding->subject, sizeof finding->subject, "%s", subject);
	judge_self(core->judge, finding);
}

/* Power that comes by one way alone can always be lost: that is no news. */
static void stops_say(struct core *core, const struct site *site, const struct screen *screen)
{
	struct finding finding = { .code = FINDING_LOSS_STOPS, .kind = MEASURE_COUNT, .count = screen->stops_dark_n,
		.severity = screen->must ? SEVERITY_WARNING : SEVERITY_OK };
	bool told = screen->stops != GRID_NONE && screen->tops_n > 1;

	if (told)
		(void)snprintf(finding.word, sizeof finding.word, "%.39s", site->services[screen->service].id);
	finding.value_milli = (int64_t)screen->down_n * 1000;
	plan_say(core, &finding, core->plan.stops, told ? site->nodes[screen->stops].id : NULL);
}

/* Seconds that fit a forecast; 0: never. */
static int32_t seconds_of(double seconds)
{
	return !isfinite(seconds) ? 0 : seconds < 1 ? 1 : seconds < 1e9 ? (int32_t)lround(seconds) : 1000000000;
}

static void trips_say(struct core *core, const struct site *site, const struct screen *screen)
{
	struct finding finding = { .code = FINDING_LOSS_TRIPS, .kind = MEASURE_LOAD, .count = screen->trips_dark_n,
		.severity = SEVERITY_WARNING, .value_milli = screen->trips_load,
		.limit_milli = screen->opens_load, .next = { .kind = MEASURE_LOAD } };
	bool told = screen->trips != GRID_NONE;

	if (told) {
		(void)snprintf(finding.place, sizeof finding.place, "%s", site->nodes[screen->opens].id);
		(void)snprintf(finding.word, sizeof finding.word, "%s", screen->either ? "either" : "one");
		finding.next.low_s = seconds_of(screen->earliest_s);
		finding.next.high_s = seconds_of(screen->latest_s);
	}
	plan_say(core, &finding, core->plan.trips, told ? site->nodes[screen->trips].id : NULL);
}

/* The screen over the site as measured now; false: no memory. */
static bool plan_screen(struct core *core, const struct site *site, const struct grid_ask *ask)
{
	KS_DROP(arena) struct arena arena;
	struct screen screen;
	struct cascade *cascade;
	struct grid *grid;
	struct flow *flow;
	struct loss *loss;

	arena_init(&arena, LIMIT_SITE_MEMORY);
	if (grid_new(site, ask, &arena, &grid, NULL) != KS_OK || flow_new(grid, &arena, &flow, NULL) != KS_OK ||
	    loss_new(grid, &arena, &loss, NULL) != KS_OK || cascade_new(grid, &arena, &cascade, NULL) != KS_OK)
		return false;
	screen_run(flow, loss, cascade, &screen);
	stops_say(core, site, &screen);
	trips_say(core, site, &screen);
	return true;
}

void core_plan(struct core *core, int64_t now_ms)
{
	const struct site *site = core->worker->site;
	KS_DROP(arena) struct arena arena = { 0 };
	struct grid_ask ask = grid_as_is;
	struct grid_reading *readings;
	struct grid *grid;
	uint64_t hash;

	if (site->nodes_n == 0 || (core->plan.next_ms > now_ms && core->plan.next_ms - now_ms <= EVERY_MS))
		return;
	core->plan.next_ms = now_ms + EVERY_MS;
	arena_init(&arena, LIMIT_SITE_MEMORY);
	readings = arena_array(&arena, core->known_n + 1, sizeof *readings);
	if (readings == NULL || grid_new(site, &grid_as_is, &arena, &grid, NULL) != KS_OK)
		return;
	ask.readings = readings;
	ask.readings_n = readings_take(core, grid, now_ms, readings);
	hash = loads_hash(readings, ask.readings_n) ^ site->hash;
	if (hash == core->plan.hash && now_ms - core->plan.done_ms < AT_LEAST_MS && now_ms >= core->plan.done_ms)
		return;
	if (!plan_screen(core, site, &ask))
		return;
	core_ready_start(core, site, &ask);
	core->plan.hash = hash;
	core->plan.done_ms = now_ms;
}

/* One of a former run: it is renewed under its number, or ended. */
void core_plan_restored(struct core *core, const struct finding *finding)
{
	if (finding->code == FINDING_LOSS_STOPS)
		(void)snprintf(core->plan.stops, sizeof core->plan.stops, "%s", finding->subject);
	else if (finding->code == FINDING_LOSS_TRIPS)
		(void)snprintf(core->plan.trips, sizeof core->plan.trips, "%s", finding->subject);
}
