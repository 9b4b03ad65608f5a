#include "plan/capacity.h"
#include "plan/phase.h"

enum { TREND_DAYS = 14 };  /* fewer days say nothing of a trend */
enum { RACK_UNITS = 128 }; /* keys.c allows 100 */

/* The U of one rack: bit u is taken. */
struct taken {
	uint64_t bits[2];
};

static void host_takes(struct taken *taken, const struct host *host)
{
	for (uint32_t u = host->u; host->u > 0 && u < host->u + host->height; u++)
		taken->bits[u / 64] |= (uint64_t)1 << (u % 64);
}

static bool is_taken(const struct taken *taken, uint32_t u)
{
	return (taken->bits[u / 64] >> (u % 64) & 1) != 0;
}

/* The lowest block of at least `least` free U; the largest when there is none so large. */
static uint32_t block_find(const struct taken *taken, uint32_t units, uint32_t least, uint32_t *ret_n)
{
	uint32_t best = 0, from = 1;

	*ret_n = 0;
	for (uint32_t u = 1; u <= units + 1 && *ret_n < least; u++) {
		if (u <= units && !is_taken(taken, u))
			continue;
		if (u - from > *ret_n) {
			*ret_n = u - from;
			best = from;
		}
		from = u + 1;
	}
	return best;
}

uint32_t capacity_place(const struct site *site, const struct rack *rack, uint32_t height)
{
	struct taken taken = { { 0 } };
	uint32_t n, u;

	for (size_t i = 0; i < site->hosts_n; i++)
		if (site->hosts[i].rack == rack)
			host_takes(&taken, &site->hosts[i]);
	u = block_find(&taken, rack->units, height, &n);
	return n >= height ? u : 0;
}

static void racks_fill(const struct grid *grid, struct capacity *capacity, struct taken *taken)
{
	const struct site *site = grid->site;

	for (size_t i = 0; i < grid->hosts_n; i++) {
		const struct grid_host *host = &grid->hosts[i];

		if (host->rack == GRID_NONE)
			continue;
		host_takes(&taken[host->rack], &site->hosts[i]);
		capacity->racks[host->rack].hosts_n++;
		capacity->racks[host->rack].mw += host->mw;
	}
	for (size_t i = 0; i < site->racks_n; i++) {
		struct capacity_rack *rack = &capacity->racks[i];

		rack->units = site->racks[i].units;
		rack->block_u = block_find(&taken[i], rack->units, RACK_UNITS, &rack->block_n);
		for (uint32_t u = 1; u <= rack->units; u++)
			rack->free_u += !is_taken(&taken[i], u);
		if (site->racks[i].room != NULL) {
			struct capacity_room *room = &capacity->rooms[site->racks[i].room - site->rooms];

			room->racks_n++;
			room->units_n += rack->units - rack->free_u;
		}
	}
	for (size_t i = 0; i < site->coolings_n; i++)
		if (site->coolings[i].room != NULL)
			capacity->rooms[site->coolings[i].room - site->rooms].cooling_mw +=
			    site->coolings[i].capacity_mw;
}

/* Marks all that feeds a host's cord and does not feed all of its cords: what backs. */
static void host_backs(const struct grid *grid, const struct grid_host *host, struct capacity_node *nodes,
    uint32_t *feeds)
{
	const struct grid_cord *cord = &grid->cords[host->cord];

	for (uint32_t k = 0; k < host->cords_n; k++)
		for (uint32_t n = cord[k].node; n != GRID_NONE; n = grid->nodes[n].up)
			feeds[n]++;
	for (uint32_t k = 0; k < host->cords_n; k++)
		for (uint32_t n = cord[k].node; n != GRID_NONE; n = grid->nodes[n].up)
			nodes[n].backs |= feeds[n] < host->cords_n;
	for (uint32_t k = 0; k < host->cords_n; k++)
		for (uint32_t n = cord[k].node; n != GRID_NONE; n = grid->nodes[n].up)
			feeds[n] = 0;
}

/* A service with hosts of two cords and hosts of one: the latter are lonely. */
static void lonely_fill(const struct grid *grid, struct capacity *capacity)
{
	for (size_t s = 0; s < grid->services_n; s++) {
		const uint32_t *member = &grid->members[grid->services[s].member];
		uint32_t n = grid->services[s].members_n, two = 0;

		for (uint32_t i = 0; i < n; i++)
			two += grid->hosts[member[i]].cords_n > 1;
		for (uint32_t i = 0; two > 0 && i < n; i++)
			if (grid->hosts[member[i]].cords_n == 1)
				capacity->lonely[capacity->lonely_n++] = member[i];
	}
}

static int64_t above(int64_t load, int64_t limit)
{
	return limit > 0 && load > limit ? load - limit : 0;
}

/* Every single loss: what it adds where. */
static void worst_fill(const struct grid *grid, struct flow *flow, struct capacity *capacity)
{
	for (uint32_t i = 0; i < grid->nodes_n; i++)
		capacity->nodes[i].worst_uva = grid->nodes[i].full_uva;
	for (uint32_t loss = 0; loss < grid->nodes_n; loss++) {
		if (!loss_counts(grid, loss))
			continue;
		flow_mark(flow);
		flow_lose(flow, loss);
		for (uint32_t i = 0; i < flow->changed_n; i++) {
			struct capacity_node *node = &capacity->nodes[flow->changed[i]];
			int64_t full = phase_full(flow, flow->changed[i]);

			if (full > node->worst_uva) {
				node->worst_uva = full;
				node->worst_by = loss;
			}
		}
		flow_undo(flow);
	}
	for (uint32_t i = 0; i < grid->nodes_n; i++) {
		struct capacity_node *node = &capacity->nodes[i];

		node->short_uva = above(node->worst_uva, grid->nodes[i].limit_uva);
		if (node->backs)
			node->half_short_uva = above(grid->nodes[i].full_uva, grid->nodes[i].limit_uva / 2);
	}
}

int capacity_of(const struct grid *grid, struct flow *flow, struct arena *arena,
    struct capacity **ret_capacity, struct why *why)
{
	const struct site *site = grid->site;
	struct capacity *capacity = arena_take(arena, sizeof *capacity);
	struct taken *taken = arena_array(arena, site->racks_n + 1, sizeof *taken);
	uint32_t *feeds = arena_array(arena, grid->nodes_n + 1, sizeof *feeds);

	if (capacity == NULL || taken == NULL || feeds == NULL ||
	    (capacity->racks = arena_array(arena, site->racks_n + 1, sizeof *capacity->racks)) == NULL ||
	    (capacity->nodes = arena_array(arena, grid->nodes_n + 1, sizeof *capacity->nodes)) == NULL ||
	    (capacity->rooms = arena_array(arena, grid->rooms_n + 1, sizeof *capacity->rooms)) == NULL ||
	    (capacity->lonely = arena_array(arena, grid->hosts_n + 1, sizeof *capacity->lonely)) == NULL)
		return fail(why, KS_FULL, "no memory for the electrical model of %s", site->id);
	for (uint32_t i = 0; i < grid->nodes_n; i++)
		capacity->nodes[i] = (struct capacity_node){ .worst_by = GRID_NONE,
			.cords_n = grid->nodes[i].plugs_n };
	for (size_t i = 0; i < grid->hosts_n; i++)
		host_backs(grid, &grid->hosts[i], capacity->nodes, feeds);
	racks_fill(grid, capacity, taken);
	lonely_fill(grid, capacity);
	worst_fill(grid, flow, capacity);

	*ret_capacity = capacity;
	return KS_OK;
}

struct trend trend_until(const int64_t *days, uint32_t n, int64_t limit)
{
	struct trend trend = { .known = false };
	double x = 0, y = 0, xx = 0, xy = 0;

	for (uint32_t i = 0; i < n; i++) {
		double day = (double)i - (double)n + 1, value = (double)days[i];

		if (days[i] == INT64_MIN)
			continue;
		trend.days++;
		x += day;
		y += value;
		xx += day * day;
		xy += day * value;
	}
	if (trend.days < TREND_DAYS)
		return trend;
	double slope = (trend.days * xy - x * y) / (trend.days * xx - x * x);
	double now = (y - slope * x) / trend.days;

	trend.per_month = slope * 30.44;
	if (now >= (double)limit || slope > 0) {
		trend.known = true;
		trend.months = now >= (double)limit ? 0 : ((double)limit - now) / trend.per_month;
	}
	return trend;
}
