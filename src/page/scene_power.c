/* src/page/scene_power.c - the electrical side of a scene, out of plan/grid.h. */
#include "base/number.h"
#include "page/scene.h"
#include "plan/phase.h"

enum { DEPTH_MOST = 64, LOSSES_MOST = 64 };

/* What hangs on it, with what is measured below in place of what the site file says. */
static int64_t load_below(const struct grid *grid, uint32_t node, unsigned depth)
{
	const struct grid_node *at = &grid->nodes[node];
	int64_t load = at->load_uva;

	if (at->seen_uva >= 0 || depth > DEPTH_MOST)
		return at->seen_uva >= 0 ? at->seen_uva : load;
	for (uint32_t i = 0; i < at->kids_n; i++) {
		uint32_t kid = grid->kids[at->kid + i];

		if (grid->nodes[kid].up == node)
			load += load_below(grid, kid, depth + 1) - grid->nodes[kid].load_uva;
	}
	return load < 0 ? 0 : load;
}

int64_t scene_load(const struct scene *scene, uint32_t node)
{
	const struct grid *grid = scene->grid;
	int64_t load = load_below(grid, node, 0);
	uint32_t above = grid->nodes[node].up;

	/* no more than a meter above it sees */
	for (unsigned i = 0; grid->nodes[node].seen_uva < 0 && above != GRID_NONE && i < DEPTH_MOST;
	     i++) {
		if (grid->nodes[above].seen_uva >= 0)
			return load < grid->nodes[above].seen_uva ? load : grid->nodes[above].seen_uva;
		above = grid->nodes[above].up;
	}
	return load;
}

int64_t scene_full(const struct scene *scene, uint32_t node)
{
	const struct grid_node *at = &scene->grid->nodes[node];
	int64_t load = scene_load(scene, node);

	return at->uneven && at->load_uva > 0 ? number_scale(load, at->full_uva, at->load_uva) : load;
}

static size_t roots_count(const struct grid *grid)
{
	size_t n = 0;

	for (size_t i = 0; i < grid->nodes_n; i++)
		n += grid->nodes[i].up == GRID_NONE;
	return n;
}

/* Sides are the roots; where there is but one, its UPSes, or what hangs on it. */
static void sides_find(struct scene *scene)
{
	const struct grid *grid = scene->grid;
	bool many = roots_count(grid) > 1;
	uint8_t next = 0;

	for (size_t k = 0; k < grid->nodes_n; k++) {
		uint32_t i = grid->order[k], up = grid->nodes[i].up;
		bool root = up == GRID_NONE;
		bool begins = many ? root : !root && (grid->nodes[up].up == GRID_NONE ||
		    (grid->nodes[i].kind == NODE_UPS && scene->sides[up] == UINT8_MAX));

		if (begins && next < UINT8_MAX - 1)
			scene->sides[i] = next++;
		else
			scene->sides[i] = root ? UINT8_MAX : scene->sides[up];
	}
	for (size_t i = 0; i < grid->nodes_n; i++)
		if (scene->sides[i] == UINT8_MAX)
			scene->sides[i] = 0;
}

/* Feeds, UPSes and panels are lost one by one; each loss is told at what it loads most. */
static void losses_find(struct scene *scene)
{
	unsigned tried = 0;

	for (uint32_t i = 0; i < scene->grid->nodes_n && tried < LOSSES_MOST; i++) {
		uint8_t kind = scene->grid->nodes[i].kind;

		if (kind == NODE_BREAKER || kind == NODE_PDU || kind == NODE_LEG)
			continue;
		struct single_loss loss = scene_loss(scene, i);

		tried++;
		if (loss.over != GRID_NONE && loss.share_milli > scene->worst[loss.over].share_milli)
			scene->worst[loss.over] = loss;
	}
}

int scene_power(struct scene *scene, struct why *why)
{
	scene->sides = arena_array(&scene->arena, scene->grid->nodes_n, sizeof *scene->sides);
	scene->worst = arena_array(&scene->arena, scene->grid->nodes_n, sizeof *scene->worst);
	if (scene->sides == NULL || scene->worst == NULL)
		return fail(why, KS_FULL, "memory ran out for the page");
	sides_find(scene);
	losses_find(scene);
	return KS_OK;
}

uint8_t scene_sides(const struct scene *scene)
{
	uint8_t most = 0;

	for (uint32_t i = 0; scene->grid != NULL && i < scene->grid->nodes_n; i++) {
		uint8_t side = scene_side(scene, i);

		most = scene->grid->nodes[i].plugs_n > 0 && side + 1 > most ? (uint8_t)(side + 1) :
		    most;
	}
	return most > 4 ? 4 : most;
}

struct single_loss scene_loss(struct scene *scene, uint32_t lost)
{
	struct single_loss loss = { .lost = lost, .over = GRID_NONE };

	flow_reset(scene->flow);
	flow_lose(scene->flow, lost);
	loss.dark = scene->flow->dark_n;
	for (uint32_t i = 0; i < scene->grid->nodes_n; i++) {
		int64_t limit = scene->grid->nodes[i].limit_uva;

		if (limit <= 0 || scene->flow->node[i] != FLOW_LIVE)
			continue;
		int64_t share = number_scale(phase_full(scene->flow, i), 1000, limit);

		if (share > loss.share_milli) {
			loss.share_milli = share;
			loss.over = i;
		}
	}
	flow_reset(scene->flow);
	return loss;
}
