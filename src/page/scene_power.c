/* src/page/scene_power.c - the electrical side of a scene, out of plan/grid.h. */
#include "base/number.h"
#include "page/scene.h"

enum { DEPTH_MOST = 64 };

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

static uint32_t root_of(const struct grid *grid, uint32_t node)
{
	for (size_t i = 0; i < grid->nodes_n && grid->nodes[node].up != GRID_NONE; i++)
		node = grid->nodes[node].up;
	return node;
}

/* Below one root there may be several UPSes: then those are the sides. */
static bool is_side(const struct grid *grid, uint32_t node)
{
	return grid->nodes[node].up == GRID_NONE;
}

static size_t roots_count(const struct grid *grid)
{
	size_t n = 0;

	for (size_t i = 0; i < grid->nodes_n; i++)
		n += grid->nodes[i].up == GRID_NONE;
	return n;
}

/* The UPS above a node, or the node that hangs on the only root. */
static uint32_t branch_of(const struct grid *grid, uint32_t node)
{
	uint32_t root = root_of(grid, node), last = node;

	for (size_t i = 0; i < grid->nodes_n && node != root; i++) {
		last = node;
		if (grid->nodes[node].kind == NODE_UPS)
			return node;
		node = grid->nodes[node].up;
	}
	return last;
}

uint8_t scene_side(const struct scene *scene, uint32_t node)
{
	const struct grid *grid = scene->grid;
	uint8_t side = 0;

	if (roots_count(grid) > 1) {
		uint32_t root = root_of(grid, node);

		for (uint32_t i = 0; i < root; i++)
			side = (uint8_t)(side + is_side(grid, i));
		return side;
	}
	uint32_t branch = branch_of(grid, node);

	for (uint32_t i = 0; i < branch; i++)
		side = (uint8_t)(side + (grid->nodes[i].up != GRID_NONE && branch_of(grid, i) == i));
	return side;
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
		int64_t share = number_scale(scene->flow->load_uva[i], 1000, limit);

		if (share > loss.share_milli) {
			loss.share_milli = share;
			loss.over = i;
		}
	}
	flow_reset(scene->flow);
	return loss;
}
