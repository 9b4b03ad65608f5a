#include "page/scene.h"
#include "base/drop.h"
#include "base/more.h"
#include "base/number.h"
#include "plan/seen.h"
#include "site/metric.h"
#include "words/named.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>


static const double VALUE_MOST = 4e12; /* beyond is none of ours */

static int grid_make(struct scene *scene, struct why *why)
{
	struct grid_reading *readings = arena_array(&scene->arena, scene->now_n + 1,
	    sizeof *readings);
	size_t n = 0;

	if (readings == NULL)
		return fail(why, KS_FULL, "memory ran out for the page");
	int bad = grid_new(scene->site, &grid_as_is, &scene->arena, &scene->grid, why);

	for (size_t i = 0; i < scene->now_n && bad == KS_OK; i++)
		n += seen_place(scene->grid, &scene->now[i].series, &scene->now[i].reading, scene->now_ms, &readings[n]);
	if (bad == KS_OK)
		bad = grid_measure(scene->grid, readings, n, &scene->arena, why);
	if (bad == KS_OK)
		bad = flow_new(scene->grid, &scene->arena, &scene->flow, why);
	return bad == KS_OK ? scene_power(scene, why) : bad;
}

/* Asked for each host: found once. */
static int airs_find(struct scene *scene, struct why *why)
{
	scene->airs = arena_array(&scene->arena, scene->now_n + 1, sizeof *scene->airs);
	if (scene->airs == NULL)
		return fail(why, KS_FULL, "memory ran out for the page");
	for (size_t i = 0; scene->site != NULL && i < scene->now_n; i++) {
		const struct status_now *now = &scene->now[i];

		if (now->series.subject_kind == SUBJECT_SENSOR && now_trusted(now) &&
		    now->series.subject < scene->site->sensors_n &&
		    now->reading.kind == MEASURE_TEMPERATURE &&
		    (now->series.place == PLACE_INLET || now->series.place == PLACE_ROOM))
			scene->airs[scene->airs_n++] = (uint32_t)i;
	}
	return KS_OK;
}

int scene_begin(struct scene *scene, struct why *why)
{
	arena_init(&scene->arena, SCENE_BYTES);
	int bad = airs_find(scene, why);

	if (bad != KS_OK)
		return bad;
	scene->status = (struct status){ .verdict = scene->verdict, .findings = scene->findings,
		.findings_n = scene->findings_n, .readings = scene->now,
		.readings_n = scene->now_n, .site = scene->site != NULL ? scene->site->id : "",
		.model = scene->site, .source = "daemon", .zone = scene->zone, .now_ms = scene->now_ms };
	if (scene->site == NULL || scene->site->nodes_n == 0)
		return KS_OK;
	return grid_make(scene, why);
}

void scene_end(struct scene *scene)
{
	for (size_t i = 0; i < scene->wants_n; i++)
		free(scene->wants[i].points);
	scene->wants_n = 0;
	arena_done(&scene->arena);
}

struct want *scene_want(struct scene *scene, const struct status_now *now, int64_t from_ms,
    int64_t to_ms, unsigned steps)
{
	struct want *want = now == NULL || now->store == 0 ? NULL : scene_wanted(scene, now);

	if (want != NULL) /* who wanted it first, the largest picture, says which */
		return want;
	if (now == NULL || now->store == 0 || scene->wants_n == SCENE_WANTS || to_ms <= from_ms)
		return NULL;
	want = &scene->wants[scene->wants_n++];
	*want = (struct want){ .store = now->store, .kind = now->series.kind, .from_ms = from_ms, .to_ms = to_ms,
		.step_ms = (to_ms - from_ms) / (steps == 0 ? 1 : steps), .newest_ms = INT64_MIN };
	return want;
}

struct want *scene_wanted(struct scene *scene, const struct status_now *now)
{
	for (size_t i = 0; now != NULL && i < scene->wants_n; i++)
		if (scene->wants[i].store == now->store)
			return &scene->wants[i];
	return NULL;
}

static bool want_room(struct want *want)
{
	struct chart_point *points = array_more(want->points, want->points_n, &want->points_room, 256,
	    sizeof *points);

	if (points != NULL)
		want->points = points;
	return points != NULL;
}

void want_add(struct want *want, int64_t time_ms, double value)
{
	want_put(want, time_ms, isfinite(value) && fabs(value) < VALUE_MOST ?
	    metric_milli((enum measure)want->kind, value) : INT64_MIN);
}

void want_put(struct want *want, int64_t time_ms, int64_t milli)
{
	struct chart_point *last = want->points_n > 0 ? &want->points[want->points_n - 1] : NULL;

	if (time_ms <= want->newest_ms || time_ms < want->from_ms || time_ms >= want->to_ms)
		return;
	want->newest_ms = time_ms;
	if (last != NULL && want->step_ms > 0 && last->milli != INT64_MIN && milli != INT64_MIN &&
	    (last->time_ms - want->from_ms) / want->step_ms ==
	    (time_ms - want->from_ms) / want->step_ms) {
		if (milli > last->milli)
			last->milli = milli;
		return;
	}
	if (want_room(want))
		want->points[want->points_n++] = (struct chart_point){ time_ms, milli };
}

enum sense kind_sense(uint8_t kind)
{
	if (kind == MEASURE_TEMPERATURE || kind == MEASURE_HUMIDITY || kind == MEASURE_DEW_POINT)
		return SENSE_HEAT;
	return kind >= MEASURE_POWER && kind <= MEASURE_FREQUENCY ? SENSE_POWER : SENSES;
}

enum sense finding_sense(const struct finding *f)
{
	if (f->code <= FINDING_AC_CALENDAR || f->code == FINDING_ROOM_BLIND)
		return SENSE_HEAT;
	if (f->code == FINDING_OVERLOAD || f->code == FINDING_ON_BATTERY ||
	    f->code == FINDING_BATTERY_LOW)
		return SENSE_POWER;
	if ((f->code >= FINDING_HOST_DOWN && f->code <= FINDING_SWITCH_DOWN) ||
	    finding_is_wire(f->code) || f->code == FINDING_DEAF)
		return SENSE_WIRE;
	return kind_sense(f->kind);
}

/* Of what nobody measures nothing is known to be well. */
static bool is_measured(const struct scene *scene, enum sense sense)
{
	bool any = sense == SENSE_WIRE;

	for (size_t i = 0; i < scene->now_n && !any; i++)
		any = now_trusted(&scene->now[i]) && kind_sense(scene->now[i].series.kind) == sense;
	return any;
}

uint8_t scene_severity(const struct scene *scene, enum sense sense)
{
	uint8_t worst = SEVERITY_OK;

	for (size_t i = 0; i < scene->findings_n; i++) {
		const struct finding *f = &scene->findings[i];

		if (f->ended_ms == 0 && !f->silenced && finding_sense(f) == sense &&
		    f->severity < SEVERITY_UNKNOWN && f->severity > worst)
			worst = f->severity;
	}
	return worst == SEVERITY_OK && !is_measured(scene, sense) ? SEVERITY_UNKNOWN : worst;
}

uint8_t scene_severity_of(const struct scene *scene, enum subject kind, const char *id)
{
	uint8_t worst = SEVERITY_OK;

	for (size_t i = 0; i < scene->findings_n; i++) {
		const struct finding *f = &scene->findings[i];

		if (f->ended_ms == 0 && f->subject_kind == kind && f->severity < SEVERITY_UNKNOWN &&
		    f->severity > worst && strcmp(f->subject, id) == 0)
			worst = f->severity;
	}
	return worst;
}

bool now_trusted(const struct status_now *now)
{
	return now->reading.quality == QUALITY_OK;
}

const struct status_now *scene_hottest(const struct scene *scene)
{
	const struct status_now *inlet = NULL, *room = NULL;

	for (size_t i = 0; i < scene->now_n; i++) {
		const struct status_now *now = &scene->now[i];

		if (now->reading.kind != MEASURE_TEMPERATURE || !now_trusted(now))
			continue;
		if (now->series.place == PLACE_INLET &&
		    (inlet == NULL || now->reading.milli > inlet->reading.milli))
			inlet = now;
		if ((now->series.place == PLACE_ROOM || now->series.place == PLACE_RETURN) &&
		    (room == NULL || now->reading.milli > room->reading.milli))
			room = now;
	}
	return inlet != NULL ? inlet : room;
}

const struct status_now *scene_find(const struct scene *scene, const char *id,
    const char *kind)
{
	for (size_t i = 0; i < scene->now_n; i++) {
		const struct status_now *now = &scene->now[i];

		if (strcmp(now->series.id, id) == 0 && (kind[0] == '\0' ||
		    strcmp(kind, measure_word((enum measure)now->series.kind)) == 0))
			return now;
	}
	return NULL;
}

const struct status_now *scene_room(const struct scene *scene, const char *id)
{
	const struct status_now *best = NULL;

	for (size_t i = 0; i < scene->now_n; i++) {
		const struct status_now *now = &scene->now[i];
		const struct room *room = now_room(scene, now);

		if (room == NULL || strcmp(room->id, id) != 0 || !now_trusted(now) ||
		    now->series.place != PLACE_ROOM || now->reading.kind != MEASURE_TEMPERATURE)
			continue;
		if (best == NULL || now->reading.milli > best->reading.milli)
			best = now;
	}
	return best;
}

const struct status_now *scene_main(const struct scene *scene)
{
	const struct verdict *v = scene->verdict;
	const struct finding *subjects[] = { &v->now, &v->worst };
	const struct status_now *now = NULL;

	for (size_t i = 0; i < 2 && now == NULL; i++) {
		const struct finding *f = subjects[i];

		if (f->code >= FINDING_CODES || f->subject[0] == '\0')
			continue;
		now = f->subject_kind == SUBJECT_ROOM ? scene_room(scene, f->subject) :
		    scene_find(scene, f->subject, f->kind < MEASURES ?
			measure_word((enum measure)f->kind) : "");
		if (now != NULL && (now->reading.kind == MEASURE_REACH ||
		    now->reading.kind == MEASURE_STATE))
			now = NULL;
	}
	if (now == NULL && v->next.known && v->next_subject[0] != '\0')
		now = scene_room(scene, v->next_subject);
	return now != NULL && now->store != 0 ? now : scene_hottest(scene);
}

int64_t now_limit(const struct status_now *now, int64_t *ret_critical)
{
	if (!now->series.limited) {
		*ret_critical = INT64_MAX;
		return INT64_MAX;
	}
	*ret_critical = now->series.high_critical;
	return now->series.high_warning != INT64_MAX ? now->series.high_warning :
	    now->series.high_critical;
}

uint8_t now_severity(const struct status_now *now)
{
	int64_t critical, limit = now_limit(now, &critical);

	if (!now_trusted(now))
		return SEVERITY_UNKNOWN;
	if (now->reading.milli >= critical || (now->series.limited &&
	    now->reading.milli <= now->series.low_critical))
		return SEVERITY_CRITICAL;
	return now->reading.milli >= limit || (now->series.limited &&
	    now->reading.milli <= now->series.low_warning) ? SEVERITY_WARNING : SEVERITY_OK;
}

const struct room *now_room(const struct scene *scene, const struct status_now *now)
{
	const struct site *site = scene->site;
	const struct rack *rack = NULL;

	if (site == NULL)
		return NULL;
	if (now->series.subject_kind == SUBJECT_SENSOR && now->series.subject < site->sensors_n)
		return site->sensors[now->series.subject].room;
	if (now->series.subject_kind == SUBJECT_HOST && now->series.subject < site->hosts_n)
		rack = site->hosts[now->series.subject].rack;
	if (now->series.subject_kind == SUBJECT_DEVICE && now->series.subject < site->devices_n) {
		if (site->devices[now->series.subject].room != NULL)
			return site->devices[now->series.subject].room;
		rack = site->devices[now->series.subject].rack;
	}
	return rack != NULL ? rack->room : NULL;
}

const char *now_name(const struct scene *scene, const struct status_now *now)
{
	struct arena *arena = (struct arena *)(uintptr_t)&scene->arena; /* made for this rendering */
	KS_DROP(text) struct text words;
	const char *name;

	text_init(&words, 400);
	series_name(&words, scene->lang, scene->site, now->series.id, (enum measure)now->series.kind);
	name = arena_text(arena, text_span(&words));
	return name != NULL ? name : now->series.id;
}

const struct outlook *scene_outlook(const struct scene *scene, const struct room *room)
{
	for (size_t i = 0; room != NULL && i < scene->outlooks_n; i++)
		if (scene->outlooks[i].room == (uint32_t)(room - scene->site->rooms))
			return &scene->outlooks[i];
	return NULL;
}

bool scene_down(const struct scene *scene, const struct host *host)
{
	for (size_t i = 0; i < scene->findings_n; i++)
		if (scene->findings[i].code == FINDING_HOST_DOWN && scene->findings[i].ended_ms == 0 &&
		    strcmp(scene->findings[i].subject, host->id) == 0)
			return true;
	return false;
}

struct layer { /* the nearest sensor below or above */
	bool there;
	uint32_t u;
	int64_t milli;
};

static int64_t between(struct layer low, struct layer high, uint32_t u)
{
	if (!low.there || !high.there || high.u == low.u)
		return low.there ? low.milli : high.milli;
	return low.milli + number_scale(high.milli - low.milli, (int64_t)u - low.u,
	    (int64_t)high.u - low.u);
}

int64_t scene_air(const struct scene *scene, const struct rack *rack, uint32_t u,
    bool *ret_room)
{
	struct layer low = { .there = false }, high = { .there = false };
	int64_t room = INT64_MIN;

	*ret_room = false;
	for (size_t i = 0; i < scene->airs_n; i++) {
		const struct status_now *now = &scene->now[scene->airs[i]];
		const struct sensor *sensor = &scene->site->sensors[now->series.subject];

		if (now->series.place == PLACE_INLET && sensor->rack == rack && rack != NULL) {
			struct layer *side = sensor->u <= u ? &low : &high;
			bool nearer = !side->there || (side == &low ? sensor->u > side->u :
			    sensor->u < side->u);

			if (nearer)
				*side = (struct layer){ true, sensor->u, now->reading.milli };
		} else if (now->series.place == PLACE_ROOM && rack != NULL &&
		    sensor->room == rack->room && now->reading.milli > room) {
			room = now->reading.milli;
		}
	}
	if (low.there || high.there)
		return between(low, high, u);
	*ret_room = room != INT64_MIN;
	return room;
}

struct nearest scene_nearest(const struct scene *scene)
{
	struct nearest best = { .node = GRID_NONE };

	best.now = status_nearest(scene->now, scene->now_n, &best.share_milli);

	for (uint32_t i = 0; scene->grid != NULL && i < scene->grid->nodes_n; i++) {
		int64_t limit = scene->grid->nodes[i].limit_uva;

		if (limit <= 0)
			continue;
		int64_t share = number_scale(scene_full(scene, i), 1000, limit);

		if (share > best.share_milli)
			best = (struct nearest){ NULL, i, share };
	}
	return best;
}
