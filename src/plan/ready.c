/* src/plan/ready.c - see the header. */
#include "plan/ready.h"
#include "base/limits.h"
#include "plan/loss.h"
#include <math.h>
#include <stdlib.h>

struct weighed {
	int64_t load;
	uint32_t node;
};

static int heaviest_first(const void *a, const void *b)
{
	const struct weighed *x = a, *y = b;

	if (x->load != y->load)
		return x->load > y->load ? -1 : 1;
	return (x->node > y->node) - (x->node < y->node);
}

int ready_new(const struct grid *grid, struct arena *arena, struct ready **ret_ready,
    struct why *why)
{
	struct ready *r = arena_take(arena, sizeof *r);
	struct weighed *list = arena_array(arena, grid->nodes_n + 1, sizeof *list);

	if (r == NULL || list == NULL)
		return fail(why, KS_FULL, "no memory for this plan");
	*r = (struct ready){ .grid = grid, .arena = arena, .memory = LIMIT_PLAN_MEMORY,
		.plans = arena_array(arena, grid->nodes_n + 1, sizeof *r->plans),
		.order = arena_array(arena, grid->nodes_n + 1, sizeof *r->order) };
	if (r->plans == NULL || r->order == NULL)
		return fail(why, KS_FULL, "no memory for this plan");
	for (uint32_t i = 0; i < grid->nodes_n; i++)
		if (loss_counts(grid, i))
			list[r->order_n++] = (struct weighed){ grid->nodes[i].load_uva, i };
	qsort(list, r->order_n, sizeof *list, heaviest_first);
	for (uint32_t i = 0; i < r->order_n; i++)
		r->order[i] = list[i].node;
	int bad = flow_new(grid, arena, &r->flow, why);

	if (bad == KS_OK)
		*ret_ready = r;
	return bad;
}

/* The hosts in the order of the waves: caps come first there, last here. */
static int hosts_keep(struct ready *ready, const struct remedy *from, struct ready_plan *to,
    struct why *why)
{
	const struct order *order = from->order;
	uint32_t capped = 0;

	to->hosts = arena_array(ready->arena, order->hosts_n + 1, sizeof *to->hosts);
	if (to->hosts == NULL)
		return fail(why, KS_FULL, "no memory for this plan");
	while (capped < order->hosts_n && from->plan.state[order->hosts[capped]] == SHED_CAPPED)
		capped++;
	to->capped_n = capped;
	to->off_n = order->hosts_n - capped;
	for (uint32_t i = 0; i < order->hosts_n; i++)
		to->hosts[i] = from->site->hosts[order->hosts[(i + capped) % order->hosts_n]];
	return KS_OK;
}

static int remedy_keep(struct ready *ready, const struct remedy *from, struct ready_plan *to,
    struct why *why)
{
	struct ready_plan plan = { .planned = true, .feasible = from->plan.feasible,
		.in_time = from->order->late_n == 0,
		.fast_in_time = from->fast == NULL || from->fast->late_n == 0,
		.must_lost = from->site->must_lost_n > 0, .dark_n = from->dark_n,
		.broken_n = from->site->broken_n, .cost = from->plan.cost,
		.bound = from->plan.bound, .before = from->plan.before, .opens_s = INFINITY };
	int bad = hosts_keep(ready, from, &plan, why);

	for (size_t r = 0; r < from->site->problem.rows_n; r++)
		plan.opens_s = fmin(plan.opens_s, from->order->deadline_s[r]);
	for (size_t s = 0; s < from->site->problem.services_n; s++)
		plan.down_n += from->plan.down[s];
	if (from->order->waves_n > 0)
		plan.done_s = from->order->waves[from->order->waves_n - 1].end_s;
	if (bad == KS_OK)
		*to = plan;
	return bad;
}

int ready_step(struct ready *ready, const struct shed_ask *ask, struct why *why)
{
	if (ready->next == ready->order_n)
		return KS_ABSENT;
	uint32_t node = ready->order[ready->next];
	const struct remedy_ask whole = { .lost = &node, .lost_n = 1, .caps = true,
		.feed_scale = GRID_SCALE, .heat_scale = GRID_SCALE, .shed = *ask };
	int bad;

	if (ready->half == NULL) {
		arena_init(&ready->making, ready->memory);
		bad = remedy_begin(ready->flow, &whole, &ready->making, &ready->half, why);
		if (bad == KS_OK)
			return KS_OK;
	} else {
		bad = remedy_end(ready->half, ready->flow, &whole, &ready->making, why);
		if (bad == KS_OK)
			bad = remedy_keep(ready, ready->half, &ready->plans[node], why);
	}
	ready_done(ready);
	ready->next++;
	return bad;
}

void ready_done(struct ready *ready)
{
	if (ready == NULL)
		return;
	arena_done(&ready->making);
	ready->half = NULL;
}

const struct ready_plan *ready_find(const struct ready *ready, uint32_t node)
{
	return ready->plans[node].planned ? &ready->plans[node] : NULL;
}
