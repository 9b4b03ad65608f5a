/* src/page/table_hours.c - what was measured hour by hour, out of the roll-ups: of a thing
 * its own hours; of a room or a rack one row an hour and kind, with the sensor that had the
 * maximum.  Whole hours that are sealed: the last two or three are not among them yet. */
#include "base/limits.h"
#include "page/table.h"
#include "page/view.h"
#include "site/metric.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const int64_t hour_ms = 3600000;

struct hour {
	double max, min, sum;
	uint64_t n;
	uint32_t highest; /* of scene->now: whose maximum it is */
};

struct hourly {
	struct hour *at;	/* from first_ms on, an hour each */
	size_t n;
	int64_t first_ms;
	uint32_t now;		/* of whom they come */
	bool any;
};

static int hour_took(void *user, uint32_t series, const struct rollup *rollup)
{
	struct hourly *hours = user;
	int64_t i = (rollup->hour_ms - hours->first_ms) / hour_ms;

	(void)series;
	if (i < 0 || (size_t)i >= hours->n || rollup->n == 0 || !isfinite(rollup->sum) ||
	    !isfinite(rollup->max) || !isfinite(rollup->min))
		return 0;
	struct hour *hour = &hours->at[i];

	if (hour->n == 0 || rollup->max > hour->max) {
		hour->max = rollup->max;
		hour->highest = hours->now;
	}
	if (hour->n == 0 || rollup->min < hour->min)
		hour->min = rollup->min;
	hour->sum += rollup->sum;
	hour->n += rollup->n;
	hours->any = true;
	return 0;
}

static void hours_write(struct table *t, const struct scene *scene, struct hourly *hours,
    enum measure kind)
{
	if (!hours->any)
		return;
	for (size_t i = 0; i < hours->n; i++) {
		const struct hour *hour = &hours->at[i];

		if (hour->n == 0)
			continue;
		table_row(t);
		cell_time(t, hours->first_ms + (int64_t)i * hour_ms);
		cell_text(t, scene->now[hour->highest].series.id);
		cell_text(t, measure_word(kind));
		cell_text(t, measure_unit(kind));
		cell_milli(t, metric_milli(kind, hour->max));
		cell_milli(t, metric_milli(kind, hour->min));
		cell_milli(t, metric_milli(kind, hour->sum / (double)hour->n));
		cell_count(t, (int64_t)hour->n);
	}
	memset(hours->at, 0, hours->n * sizeof *hours->at);
	hours->any = false;
}

/* A room's or a rack's series go into one row an hour; others have rows of their own. */
static bool together(const struct scene *scene)
{
	const struct site *site = scene->site;

	for (size_t i = 0; site != NULL && i < site->rooms_n; i++)
		if (strcmp(site->rooms[i].id, scene->id) == 0)
			return true;
	for (size_t i = 0; site != NULL && i < site->racks_n; i++)
		if (strcmp(site->racks[i].id, scene->id) == 0)
			return true;
	return false;
}

/* All series of one kind that are asked for; how many, or negative. */
static int kind_write(struct table *t, struct scene *scene, struct hourly *hours, enum measure kind)
{
	int64_t to = hours->first_ms + (int64_t)hours->n * hour_ms;
	bool one = together(scene);
	int n = 0, bad = KS_OK;

	for (uint32_t i = 0; i < scene->now_n && bad >= 0; i++) {
		const struct status_now *now = &scene->now[i];
		struct why why;

		if (now->series.kind != kind || now->store == 0 || !table_asked(scene, now))
			continue;
		hours->now = i;
		bad = store_hours(scene->store, now->store, hours->first_ms, to, hour_took, hours, &why);
		n++;
		if (!one)
			hours_write(t, scene, hours, kind);
	}
	hours_write(t, scene, hours, kind);
	return bad < 0 ? bad : n;
}

bool hours_table(struct text *out, struct scene *scene, const struct form *form)
{
	static const char *const columns[] = { "time", "sensor", "kind", "unit", "max", "min", "mean",
		"samples", NULL };
	int64_t to = scene->to_ms != 0 ? scene->to_ms : scene->now_ms;
	int64_t from = scene->from_ms != 0 ? scene->from_ms : to - 24 * hour_ms;
	struct hourly hours = { .first_ms = from / hour_ms * hour_ms };
	int n = 0, some = 0;
	struct table t;

	hours.n = to > hours.first_ms ? (size_t)((to - hours.first_ms) / hour_ms) + 1 : 0;
	if (scene->store == NULL || hours.n == 0 || hours.n > LIMIT_TABLE_HOURS)
		return false;
	hours.at = calloc(hours.n, sizeof *hours.at);
	if (hours.at == NULL)
		return false;
	table_begin(&t, out, form, "hours", columns);
	store_hold(scene->store);
	for (unsigned kind = 0; kind < MEASURES && some >= 0; kind++) {
		some = kind_write(&t, scene, &hours, (enum measure)kind);
		n += some > 0 ? some : 0;
	}
	store_release(scene->store);
	table_end(&t);
	free(hours.at);
	if (n == 0 || some < 0)
		text_clear(out);
	return n > 0 && some >= 0;
}
