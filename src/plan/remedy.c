/* src/plan/remedy.c - see the header. */
#include "plan/remedy.h"
#include "base/must.h"
#include "plan/cooling.h"
#include "plan/curve.h"
#include <math.h>
#include <string.h>

static int no_memory(struct why *why)
{
	return fail(why, KS_FULL, "no memory for this plan");
}

struct limits_at {
	const struct shed_site *site;
	struct room_stop *rooms; /* of each room, with nothing in it yet */
};

/* Until the air is at the room's stop temperature, if more heat is in it than its cooling
 * takes: at the soonest, as breakers by their earliest edge. */
static double room_seconds(const struct limits_at *at, const struct shed_limit *limit, int64_t heat_mw)
{
	const struct room *line = &at->site->grid->site->rooms[limit->at];
	struct room_stop stop = at->rooms[limit->at];
	double soonest, likely, latest;

	if (heat_mw <= limit->limit)
		return INFINITY;
	stop.heat_mw = heat_mw;
	stop.cooling_mw = limit->limit;
	/* more heat than cooling: it comes there */
	must(room_until(&stop, line->stop_milli != 0 ? line->stop_milli : line->temperature.high_critical,
	    &soonest, &likely, &latest));
	return soonest;
}

/* When a node opens at its load less a relief, by the earliest edge and warm from the
 * load before the loss. */
static double row_seconds(void *user, uint32_t row, int64_t relief)
{
	const struct limits_at *at = user;
	const struct shed_site *site = at->site;
	const struct shed_limit *limit = &site->limits[row];

	if (limit->is_room)
		return room_seconds(at, limit, limit->load - relief);
	const struct grid_node *node = &site->grid->nodes[limit->at];
	struct curve curve = curve_of(&site->grid->site->nodes[limit->at], EDGE_EARLIEST);
	double rated = (double)node->rated_uva;
	double warm = curve_warm(&curve, (double)node->full_uva / rated);

	return curve_seconds(&curve, (double)(limit->load - relief) / rated) * fmax(0, 1 - warm);
}

/* Made, and walked anew before anybody reads it. */
static int order_make(const struct order_ask *ask, struct arena *arena, struct order **ret_order,
    struct why *why)
{
	int bad = order_new(ask, arena, ret_order, why);

	if (bad == KS_OK)
		bad = order_check(ask, *ret_order, arena, why);
	must(bad != KS_REFUSED);
	return bad;
}

static int orders_make(struct remedy *r, struct arena *arena, struct why *why)
{
	const struct grid *grid = r->site->grid;
	int32_t *stop = arena_array(arena, grid->services_n + 1, sizeof *stop);
	const struct order_rules rules = order_rules_of(grid->site);
	struct limits_at at = { .site = r->site,
		.rooms = arena_array(arena, grid->rooms_n + 1, sizeof *at.rooms) };
	struct order_ask ask = { .problem = &r->site->problem, .plan = &r->plan, .stop = stop,
		.seconds = row_seconds, .user = &at, .rules = &rules };

	if (stop == NULL || at.rooms == NULL)
		return no_memory(why);
	for (uint32_t i = 0; i < grid->rooms_n; i++)
		at.rooms[i] = cooling_room(grid, i);
	for (uint32_t s = 0; s < grid->services_n; s++)
		stop[s] = grid->services[s].stop;
	int bad = order_make(&ask, arena, &r->order, why);

	ask.fast = true;
	if (bad == KS_OK && r->order->late_n > 0)
		bad = order_make(&ask, arena, &r->fast, why);
	return bad;
}

/* All that is off once the plan is done: shed, or dark from the loss. */
static int back_make(struct remedy *r, struct flow *flow, struct arena *arena, struct why *why)
{
	uint32_t n = 0, *off = arena_array(arena, r->dark_n + r->site->problem.hosts_n + 1,
	    sizeof *off);

	if (off == NULL)
		return no_memory(why);
	for (uint32_t i = 0; i < r->dark_n; i++)
		off[n++] = r->dark[i];
	for (size_t i = 0; i < r->site->problem.hosts_n; i++)
		if (r->plan.state[i] == SHED_OFF)
			off[n++] = r->site->hosts[i];
	const struct back_rules rules = back_rules_of(flow->grid->site);

	return back_new(flow, off, n, &rules, arena, &r->back, why);
}

static void wave_write(struct paper *paper, const struct wave *wave)
{
	paper->waves[paper->waves_n++] = (struct paper_wave){ wave->kind,
		(int64_t)llround(wave->start_s * 1000), (int64_t)llround(wave->end_s * 1000),
		paper->steps_n, wave->n };
}

static void steps_write(struct paper *paper, const struct remedy *r, const struct order *order)
{
	const struct grid *grid = r->site->grid;

	for (uint32_t i = 0; i < order->waves_n; i++) {
		const struct wave *wave = &order->waves[i];

		wave_write(paper, wave);
		for (uint32_t j = wave->first; j < wave->first + wave->n; j++) {
			uint32_t h = r->site->hosts[order->hosts[j]];

			paper->steps[paper->steps_n++] = (struct paper_step){ grid->site->hosts[h].id,
				wave->kind == WAVE_CAP ? grid->hosts[h].cap_mw : 0 };
		}
	}
	for (uint32_t i = 0; i < r->back->waves_n; i++) {
		const struct wave *wave = &r->back->waves[i];

		wave_write(paper, wave);
		for (uint32_t j = wave->first; j < wave->first + wave->n; j++)
			paper->steps[paper->steps_n++] =
			    (struct paper_step){ grid->site->hosts[r->back->hosts[j]].id, 0 };
	}
}

static int paper_make(const struct remedy *r, const struct remedy_ask *ask,
    const struct order *order, struct arena *arena, struct paper *ret_paper)
{
	const struct grid *grid = r->site->grid;
	struct paper paper = { .site = grid->site->id, .hash = grid->site->hash,
		.readings = grid->readings, .feed_scale = ask->feed_scale,
		.heat_scale = ask->heat_scale, .caps = ask->caps, .cost = r->plan.cost,
		.bound = r->plan.bound, .before = r->plan.before,
		.lost = arena_array(arena, ask->lost_n + 1, sizeof *paper.lost),
		.down = arena_array(arena, grid->services_n + 1, sizeof *paper.down),
		.waves = arena_array(arena, order->waves_n + r->back->waves_n + 1, sizeof *paper.waves),
		.steps = arena_array(arena, order->hosts_n + r->back->hosts_n + 1, sizeof *paper.steps) };

	if (paper.lost == NULL || paper.down == NULL || paper.waves == NULL || paper.steps == NULL)
		return KS_FULL;
	for (; paper.lost_n < ask->lost_n; paper.lost_n++)
		paper.lost[paper.lost_n] = grid->site->nodes[ask->lost[paper.lost_n]].id;
	for (uint32_t s = 0; s < grid->services_n; s++)
		if (r->plan.down[s])
			paper.down[paper.down_n++] = grid->site->services[s].id;
	steps_write(&paper, r, order);
	*ret_paper = paper;
	return KS_OK;
}

static int shed_make(struct remedy *r, struct flow *flow, const struct remedy_ask *ask,
    struct arena *arena, struct why *why)
{
	int bad = shed_site_new(flow, ask->caps, arena, &r->site, why);

	r->dark = arena_array(arena, flow->dark_n + 1, sizeof *r->dark);
	if (bad == KS_OK && r->dark == NULL)
		bad = no_memory(why);
	if (bad != KS_OK)
		return bad;
	r->dark_n = flow->dark_n;
	memcpy(r->dark, flow->dark, r->dark_n * sizeof *r->dark);
	return shed_solve(&r->site->problem, &ask->shed, arena, &r->plan, why);
}

int remedy_begin(struct flow *flow, const struct remedy_ask *ask, struct arena *arena,
    struct remedy **ret_remedy, struct why *why)
{
	struct remedy *r = arena_take(arena, sizeof *r);

	if (r == NULL)
		return no_memory(why);
	flow_mark(flow);
	for (uint32_t i = 0; i < ask->lost_n; i++)
		flow_lose(flow, ask->lost[i]);
	int bad = shed_make(r, flow, ask, arena, why);

	flow_undo(flow);
	if (bad == KS_OK)
		*ret_remedy = r;
	return bad;
}

int remedy_end(struct remedy *r, struct flow *flow, const struct remedy_ask *ask, struct arena *arena,
    struct why *why)
{
	int bad = orders_make(r, arena, why);

	if (bad == KS_OK)
		bad = back_make(r, flow, arena, why);
	if (bad == KS_OK && (paper_make(r, ask, r->order, arena, &r->paper) != KS_OK ||
	    (r->fast != NULL && paper_make(r, ask, r->fast, arena, &r->paper_fast) != KS_OK)))
		bad = no_memory(why);
	return bad;
}

int remedy_new(struct flow *flow, const struct remedy_ask *ask, struct arena *arena,
    struct remedy **ret_remedy, struct why *why)
{
	struct remedy *r = NULL;
	int bad = remedy_begin(flow, ask, arena, &r, why);

	if (bad == KS_OK)
		bad = remedy_end(r, flow, ask, arena, why);
	if (bad == KS_OK)
		*ret_remedy = r;
	return bad;
}
