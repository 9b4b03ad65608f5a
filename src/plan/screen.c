#include "plan/screen.h"
#include <math.h>

/* What the loss costs by the site's own values. */
static int64_t down_value(const struct grid *grid, const struct loss *loss)
{
	int64_t value = 0;

	for (uint32_t i = 0; i < loss->down_n; i++)
		value += grid->services[loss->down[i]].value;
	return value;
}

/* Down already while all is well: no loss did it. */
static uint32_t down_before(struct loss *loss, const struct flow *flow)
{
	loss_services(loss, flow, NULL);
	return loss->down_n;
}

static void stops_note(struct screen *screen, const struct grid *grid, const struct loss *loss, uint32_t node,
    uint32_t dark_n)
{
	screen->stops = node;
	screen->stops_dark_n = dark_n;
	screen->down_n = loss->down_n;
	screen->service = loss->down[0];
	screen->must = false;
	for (uint32_t i = loss->down_n; i-- > 0;) {
		const struct grid_service *service = &grid->services[loss->down[i]];

		screen->must |= service->must;
		if (loss->live[loss->down[i]] < service->min)
			screen->service = loss->down[i];
	}
}

static void trips_try(struct screen *screen, struct flow *flow, struct cascade *cascade, uint32_t node)
{
	double first;

	flow_mark(flow);
	cascade_run(cascade, flow, &node, 1, EDGE_EARLIEST);
	first = cascade->trips_n > 0 ? cascade->trips[0].at_s : INFINITY;
	screen->trips_n += cascade->trips_n > 0;
	/* of losses that open the same as soon, the one deepest down says most: it is enough */
	if (cascade->trips_n > 0 && (screen->trips == GRID_NONE || first < screen->earliest_s ||
	    (first <= screen->earliest_s && cascade->trips[0].node == screen->opens))) {
		screen->trips = node;
		screen->opens = cascade->trips[0].node;
		screen->earliest_s = first;
		screen->trips_dark_n = flow->dark_n;
	}
	flow_undo(flow);
}

static int64_t load_of(const struct grid *grid, uint32_t node)
{
	const struct grid_node *at = &grid->nodes[node];

	return at->rated_uva > 0 ? (int64_t)((double)at->full_uva / (double)at->rated_uva * 100000) : 0;
}

/* More of the loss that makes another open soonest. */
static void trips_tell(struct screen *screen, struct flow *flow, struct cascade *cascade)
{
	flow_mark(flow);
	flow_lose(flow, screen->trips);
	screen->latest_s = cascade_node(cascade, flow, screen->opens, EDGE_LATEST);
	flow_undo(flow);
	flow_mark(flow);
	cascade_run(cascade, flow, &screen->opens, 1, EDGE_EARLIEST);
	for (uint32_t i = 0; i < cascade->trips_n; i++)
		screen->either |= cascade->trips[i].node == screen->trips;
	flow_undo(flow);
	screen->trips_load = load_of(flow->grid, screen->trips);
	screen->opens_load = load_of(flow->grid, screen->opens);
}

void screen_run(struct flow *flow, struct loss *loss, struct cascade *cascade, struct screen *ret_screen)
{
	const struct grid *grid = flow->grid;
	struct screen screen = { .stops = GRID_NONE, .trips = GRID_NONE, .opens = GRID_NONE, .service = GRID_NONE,
		.earliest_s = INFINITY, .latest_s = INFINITY };
	uint32_t before = down_before(loss, flow);
	int64_t most = -1;

	for (uint32_t node = 0; node < grid->nodes_n; node++) {
		screen.tops_n += grid->nodes[node].up == GRID_NONE;
		if (!loss_counts(grid, node))
			continue;
		screen.losses_n++;
		flow_mark(flow);
		flow_lose(flow, node);
		if (flow->dark_n > 0)
			loss_services(loss, flow, NULL);
		if (flow->dark_n > 0 && loss->down_n > before) {
			int64_t value = down_value(grid, loss);

			screen.stops_n++;
			if (value > most || (value == most && flow->dark_n > screen.stops_dark_n)) {
				most = value;
				stops_note(&screen, grid, loss, node, flow->dark_n);
			}
		}
		flow_undo(flow);
		trips_try(&screen, flow, cascade, node);
	}
	if (screen.trips != GRID_NONE)
		trips_tell(&screen, flow, cascade);

	*ret_screen = screen;
}
