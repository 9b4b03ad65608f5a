#include "plan/cascade.h"
#include "base/must.h"
#include "plan/phase.h"
#include <math.h>

/* The heat of one breaker. */
struct heat {
	double theta, at_s;  /* 0 cold, 1 opens; when it was that */
	double pace;	     /* a second; 0: it does not heat */
	double rest;	     /* where it cools to */
	uint32_t run;	     /* of which run this speaks */
	uint32_t slot;	     /* in the list of those that heat */
};

struct cascade_inside {
	struct curve *curves[EDGES]; /* of each node */
	double *start[EDGES];	     /* how warm the healthy load makes it */
	struct heat *heat;
	uint32_t *hot;		     /* those that heat */
	uint32_t hot_n;
	uint32_t *ill[EDGES];	     /* those that heat already in the healthy grid */
	uint32_t ill_n[EDGES];
	uint32_t run;
};

static double ratio(const struct grid_node *node, int64_t uva)
{
	return node->rated_uva > 0 ? (double)uva / (double)node->rated_uva : 0;
}

static void edge_fill(struct cascade_inside *in, const struct grid *grid, enum edge edge)
{
	for (uint32_t i = 0; i < grid->nodes_n; i++) {
		struct curve *curve = &in->curves[edge][i];
		double r = ratio(&grid->nodes[i], grid->nodes[i].full_uva);

		*curve = curve_of(&grid->site->nodes[i], edge);
		in->start[edge][i] = edge == EDGE_EARLIEST ? curve_warm(curve, r) : 0;
		if (curve_seconds(curve, r) < INFINITY)
			in->ill[edge][in->ill_n[edge]++] = i;
	}
}

int cascade_new(const struct grid *grid, struct arena *arena, struct cascade **ret_cascade,
    struct why *why)
{
	struct cascade *cascade = arena_take(arena, sizeof *cascade);
	struct cascade_inside *in = arena_take(arena, sizeof *in);
	size_t n = grid->nodes_n + 1;
	bool full = cascade == NULL || in == NULL;

	for (int edge = 0; !full && edge < EDGES; edge++)
		full = (in->curves[edge] = arena_array(arena, n, sizeof *in->curves[edge])) == NULL ||
		    (in->start[edge] = arena_array(arena, n, sizeof *in->start[edge])) == NULL ||
		    (in->ill[edge] = arena_array(arena, n, sizeof *in->ill[edge])) == NULL;
	if (full || (cascade->trips = arena_array(arena, n, sizeof *cascade->trips)) == NULL ||
	    (in->heat = arena_array(arena, n, sizeof *in->heat)) == NULL ||
	    (in->hot = arena_array(arena, n, sizeof *in->hot)) == NULL)
		return fail(why, KS_FULL, "no memory for the electrical model of %s", grid->site->id);
	for (enum edge edge = 0; edge < EDGES; edge++)
		edge_fill(in, grid, edge);
	cascade->inside = in;

	*ret_cascade = cascade;
	return KS_OK;
}

/* The heat of a node at this moment, whatever happened since it was last looked at. */
static struct heat *heat_now(struct cascade_inside *in, uint32_t node, enum edge edge, double now)
{
	struct heat *heat = &in->heat[node];
	double past = now - heat->at_s;

	if (heat->run != in->run)
		*heat = (struct heat){ .theta = in->start[edge][node], .rest = in->start[edge][node],
			.run = in->run };
	else if (heat->pace > 0)
		heat->theta += heat->pace * past;
	else
		heat->theta = heat->rest +
		    (heat->theta - heat->rest) * exp(-past / in->curves[edge][node].cool_s);
	heat->at_s = now;
	return heat;
}

static void hot_add(struct cascade_inside *in, uint32_t node)
{
	in->heat[node].slot = in->hot_n;
	in->hot[in->hot_n++] = node;
}

static void hot_drop(struct cascade_inside *in, uint32_t node)
{
	uint32_t slot = in->heat[node].slot, last = in->hot[--in->hot_n];

	in->hot[slot] = last;
	in->heat[last].slot = slot;
}

/* The load of a node changed: it heats, or cools, from here on at another pace. */
static void load_changed(struct cascade_inside *in, const struct flow *flow, uint32_t node,
    enum edge edge, double now)
{
	const struct curve *curve = &in->curves[edge][node];

	if (curve->points == 0)
		return;
	struct heat *heat = heat_now(in, node, edge, now);
	double r = ratio(&flow->grid->nodes[node], phase_full(flow, node));
	bool was = heat->pace > 0;

	heat->pace = flow->node[node] == FLOW_LIVE ? 1 / curve_seconds(curve, r) : 0;
	heat->rest = edge == EDGE_EARLIEST ? curve_warm(curve, r) : 0;
	if (was && heat->pace == 0)
		hot_drop(in, node);
	else if (!was && heat->pace > 0)
		hot_add(in, node);
}

static void lose(struct cascade_inside *in, struct flow *flow, uint32_t node, enum edge edge, double now)
{
	flow_lose(flow, node);
	for (uint32_t i = 0; i < flow->changed_n; i++)
		load_changed(in, flow, flow->changed[i], edge, now);
}

/* Of those that heat, the first to open; of two at the same moment, the first of the site. */
static bool next_trip(const struct cascade_inside *in, struct trip *ret_trip)
{
	*ret_trip = (struct trip){ .node = GRID_NONE, .at_s = INFINITY };
	for (uint32_t i = 0; i < in->hot_n; i++) {
		const struct heat *heat = &in->heat[in->hot[i]];
		double at = heat->at_s + fmax(1 - heat->theta, 0) / heat->pace;

		if (at < ret_trip->at_s || (at == ret_trip->at_s && in->hot[i] < ret_trip->node))
			*ret_trip = (struct trip){ .node = in->hot[i], .at_s = at };
	}
	return in->hot_n > 0;
}

static void start(struct cascade_inside *in, const struct flow *flow, enum edge edge)
{
	in->run++;
	in->hot_n = 0;
	for (uint32_t i = 0; i < in->ill_n[edge]; i++)
		load_changed(in, flow, in->ill[edge][i], edge, 0);
}

void cascade_run(struct cascade *cascade, struct flow *flow, const uint32_t *nodes, uint32_t n,
    enum edge edge)
{
	struct cascade_inside *in = cascade->inside;
	struct trip trip;

	start(in, flow, edge);
	cascade->trips_n = 0;
	for (uint32_t i = 0; i < n; i++)
		lose(in, flow, nodes[i], edge, 0);
	while (next_trip(in, &trip)) {
		trip.load = ratio(&flow->grid->nodes[trip.node], phase_full(flow, trip.node));
		must(cascade->trips_n < flow->grid->nodes_n);
		cascade->trips[cascade->trips_n++] = trip;
		lose(in, flow, trip.node, edge, trip.at_s);
	}
}

double cascade_node(struct cascade *cascade, const struct flow *flow, uint32_t node, enum edge edge)
{
	const struct cascade_inside *in = cascade->inside;
	double s = curve_seconds(&in->curves[edge][node],
	    ratio(&flow->grid->nodes[node], phase_full(flow, node)));

	return s < INFINITY ? s * (1 - in->start[edge][node]) : INFINITY;
}

double cascade_first(struct cascade *cascade, const struct flow *flow, enum edge edge,
    uint32_t *ret_node)
{
	const struct cascade_inside *in = cascade->inside;
	double first = INFINITY;

	*ret_node = GRID_NONE;
	for (uint32_t i = 0; i < flow->touched_n + in->ill_n[edge]; i++) {
		uint32_t node = i < flow->touched_n ? flow->touched[i] :
						      in->ill[edge][i - flow->touched_n];
		double s = flow->node[node] == FLOW_LIVE ? cascade_node(cascade, flow, node, edge) :
							   INFINITY;

		if (s < first) {
			first = s;
			*ret_node = node;
		}
	}
	return first;
}
