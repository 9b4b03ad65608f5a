/* src/page/table_loss.c - what losses do, as tables: each alone, pairs; and of those that
 * ?lose= names what the page /whatif shows: who is dark, what is above its limit, what trips
 * when nobody does anything, what to switch off or cap, in which order and back. */
#include "base/drop.h"
#include "base/number.h"
#include "page/plan.h"
#include "page/table.h"
#include "plan/pairs.h"
#include <math.h>

enum { PAIRS_ROWS = 2000 };

static const char *node_id(const struct scene *scene, uint32_t node)
{
	return scene->site->nodes[node].id;
}

bool losses_table(struct text *out, struct scene *scene, const struct form *form)
{
	static const char *const columns[] = { "lost", "hosts_dark", "fullest", "percent_of_limit", NULL };
	struct table t;

	table_begin(&t, out, form, "losses", columns);
	for (uint32_t i = 0; scene->grid != NULL && i < scene->grid->nodes_n; i++) {
		struct single_loss loss = scene_loss(scene, i);
		bool over = loss.over != GRID_NONE && loss.share_milli > 0;

		table_row(&t);
		cell_text(&t, node_id(scene, loss.lost));
		cell_count(&t, loss.dark);
		cell_text(&t, over ? node_id(scene, loss.over) : "");
		cell_milli(&t, over ? loss.share_milli * 100 : INT64_MIN);
	}
	table_end(&t);
	return true;
}

bool pairs_table(struct text *out, struct scene *scene, const struct form *form)
{
	static const char *const columns[] = { "a", "b", "hosts_dark", "hosts_only_together",
		"limits_only_together", NULL };
	struct pairs pairs = { .worst_n = 0 };
	struct loss *loss;
	struct table t;

	if (scene->grid != NULL && (!pairs_few(scene) ||
	    loss_new(scene->grid, &scene->arena, &loss, NULL) != KS_OK ||
	    pairs_run(scene->flow, loss, PAIRS_ROWS, &scene->arena, &pairs, NULL) != KS_OK))
		return false;
	table_begin(&t, out, form, "pairs", columns);
	for (uint32_t i = 0; i < pairs.worst_n; i++) {
		table_row(&t);
		cell_text(&t, node_id(scene, pairs.worst[i].a));
		cell_text(&t, node_id(scene, pairs.worst[i].b));
		cell_count(&t, pairs.worst[i].dark_n);
		cell_count(&t, pairs.worst[i].only_n);
		cell_count(&t, pairs.worst[i].over_n);
	}
	table_end(&t);
	return true;
}

/* What ?lose= names, all of it; false: something of it is not there. */
static bool lost_read(const struct scene *scene, uint32_t lost[LOSS_MOST], uint32_t *ret_n)
{
	KS_DROP(text) struct text unknown = { 0 };

	if (scene->grid == NULL)
		return false;
	text_init(&unknown, 300);
	*ret_n = loss_asked(scene, lost, &unknown);
	return *ret_n > 0 && unknown.len == 0;
}

/* NULL: there is no such loss, or nothing can be said of it. */
static const struct remedy *remedy_asked(struct scene *scene)
{
	uint32_t lost[LOSS_MOST], n = 0;
	struct remedy *r = NULL;

	if (!lost_read(scene, lost, &n) || loss_remedy(scene, lost, n, &r, NULL) != KS_OK)
		r = NULL;
	if (scene->flow != NULL)
		flow_reset(scene->flow);
	return r;
}

bool dark_table(struct text *out, struct scene *scene, const struct form *form)
{
	static const char *const columns[] = { "host", "name", "rack", "u", NULL };
	const struct remedy *r = remedy_asked(scene);
	struct table t;

	if (r == NULL)
		return false;
	table_begin(&t, out, form, "dark", columns);
	for (uint32_t i = 0; i < r->dark_n; i++) {
		const struct host *host = &scene->site->hosts[r->dark[i]];

		table_row(&t);
		cell_text(&t, host->id);
		cell_text(&t, host->name);
		cell_text(&t, host->rack != NULL ? host->rack->id : "");
		cell_count(&t, host->u);
	}
	table_end(&t);
	return true;
}

bool broken_table(struct text *out, struct scene *scene, const struct form *form)
{
	static const char *const columns[] = { "id", "line", "load", "limit", "unit", "percent", NULL };
	static const char *const lines[] = { "", "R", "S", "T" };
	const struct remedy *r = remedy_asked(scene);
	struct table t;

	if (r == NULL)
		return false;
	table_begin(&t, out, form, "broken", columns);
	for (size_t i = 0; i < r->site->problem.rows_n; i++) {
		const struct shed_limit *limit = &r->site->limits[i];
		int64_t to_milli = limit->is_room ? 1 : 1000; /* of mW, of micro-VA */

		if (limit->again)
			continue;
		table_row(&t);
		cell_text(&t, limit->is_room ? scene->site->rooms[limit->at].id : node_id(scene, limit->at));
		cell_text(&t, lines[limit->line & 3]);
		cell_milli(&t, limit->load / to_milli);
		cell_milli(&t, limit->limit / to_milli);
		cell_text(&t, limit->is_room ? "W" : "VA");
		cell_milli(&t, number_scale(limit->load, 100000, limit->limit));
	}
	table_end(&t);
	return true;
}

static int64_t seconds_milli(double seconds)
{
	return isfinite(seconds) ? (int64_t)(fmin(seconds, 1e12) * 1000) : INT64_MAX;
}

/* Of each piece its own latest; null: it need not trip at all. */
bool trips_table(struct text *out, struct scene *scene, const struct form *form)
{
	static const char *const columns[] = { "id", "earliest_s", "latest_s", "percent_of_rating", NULL };
	uint32_t lost[LOSS_MOST], n;
	struct loss_trips trips;
	struct table t;

	if (!lost_read(scene, lost, &n) || !loss_trips(scene, lost, n, &trips))
		return false;
	table_begin(&t, out, form, "trips", columns);
	for (uint32_t i = 0; i < trips.cascade->trips_n; i++) {
		const struct trip *trip = &trips.cascade->trips[i];

		table_row(&t);
		cell_text(&t, node_id(scene, trip->node));
		cell_milli(&t, seconds_milli(trip->at_s));
		cell_milli(&t, seconds_milli(trips.latest[trip->node]));
		cell_milli(&t, (int64_t)(fmin(trip->load, 1e9) * 100000));
	}
	table_end(&t);
	return true;
}

bool shed_table(struct text *out, struct scene *scene, const struct form *form)
{
	static const char *const columns[] = { "host", "name", "act", "watts", "watts_less", NULL };
	const struct remedy *r = remedy_asked(scene);
	struct table t;

	if (r == NULL || !r->plan.feasible)
		return false;
	table_begin(&t, out, form, "shed", columns);
	for (size_t i = 0; i < r->site->problem.hosts_n; i++) {
		const struct grid_host *host = &scene->grid->hosts[r->site->hosts[i]];
		bool off = r->plan.state[i] == SHED_OFF;

		if (!off && r->plan.state[i] != SHED_CAPPED)
			continue;
		table_row(&t);
		cell_text(&t, scene->site->hosts[r->site->hosts[i]].id);
		cell_text(&t, scene->site->hosts[r->site->hosts[i]].name);
		cell_text(&t, off ? "off" : "cap");
		cell_milli(&t, off ? 0 : host->cap_mw);
		cell_milli(&t, off ? host->mw : host->mw - host->cap_mw);
	}
	table_end(&t);
	return true;
}

static void waves_write(struct table *t, const struct paper *paper, bool back, uint32_t *wave)
{
	for (uint32_t n = 0; n < paper->waves_n; n++) {
		const struct paper_wave *at = &paper->waves[n];

		if ((at->kind == WAVE_ON) != back)
			continue;
		++*wave;
		for (uint32_t i = 0; i < at->n; i++) {
			table_row(t);
			cell_count(t, *wave);
			cell_text(t, wave_word(at->kind));
			cell_milli(t, at->from_ms);
			cell_milli(t, at->to_ms);
			cell_text(t, paper->steps[at->first + i].host);
			cell_milli(t, at->kind == WAVE_CAP ? paper->steps[at->first + i].mw : INT64_MIN);
		}
	}
}

/* There by the order to go by; back, from the moment that the loss is healed, by the clean. */
bool waves_table(struct text *out, struct scene *scene, const struct form *form)
{
	static const char *const columns[] = { "wave", "act", "from_s", "to_s", "host",
		"to_watts", NULL };
	const struct remedy *r = remedy_asked(scene);
	uint32_t wave = 0;
	struct table t;

	if (r == NULL || !r->plan.feasible)
		return false;
	table_begin(&t, out, form, "waves", columns);
	waves_write(&t, loss_paper(r), false, &wave);
	waves_write(&t, &r->paper, true, &wave);
	table_end(&t);
	return true;
}
