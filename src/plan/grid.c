#include "base/number.h"
#include "plan/curve.h"
#include "plan/inside.h"
#include "plan/phase.h"

const struct grid_ask grid_as_is = { .feed_scale = GRID_SCALE, .heat_scale = GRID_SCALE };

/* One grid being built; any `full` ends it. */
struct build {
	const struct site *site;
	const struct grid_ask *ask;
	struct arena *arena;
	struct grid *grid;
	bool full;
};

static void *build_take(struct build *build, size_t count, size_t size)
{
	void *at = build->full ? NULL : arena_array(build->arena, count + 1, size);

	build->full |= at == NULL;
	return at;
}

void grid_rate(struct grid_node *node, const struct node *line, const struct grid_ask *ask)
{
	/* milli-volt x milli-amp = micro-VA; sqrt 3 as a ratio good to 1e-9 */
	int64_t uva = number_scale(line->milli_volt, line->milli_amp, 1);

	if (line->phases == 3)
		uva = number_scale(uva, 1732050808, 1000000000);
	if (line->kind == NODE_FEED || line->kind == NODE_UPS)
		uva = number_scale(uva, ask->feed_scale, GRID_SCALE);
	uva = number_scale(uva, curve_derate(line), GRID_SCALE);
	node->rated_uva = uva;
	node->limit_uva = number_scale(uva, line->derate_milli, 1000);
	node->line_volt_mv = line->milli_volt;
	node->kind = (uint8_t)line->kind;
	node->phases = (uint8_t)line->phases;
}

static void build_nodes(struct build *build)
{
	const struct site *site = build->site;
	struct grid *grid = build->grid;

	for (size_t i = 0; i < site->nodes_n; i++) {
		const struct node *line = &site->nodes[i];
		struct grid_node *node = &grid->nodes[i];

		*node = (struct grid_node){ .up = GRID_NONE, .up2 = GRID_NONE,
			.room = GRID_NONE, .seen_uva = -1 };
		grid_rate(node, line, build->ask);
		if (line->from != NULL)
			node->up = (uint32_t)(line->from - site->nodes);
		if (line->from2 != NULL) {
			node->up2 = (uint32_t)(line->from2 - site->nodes);
			grid->switches_n++;
		}
		if (line->rack != NULL && line->rack->room != NULL)
			node->room = (uint32_t)(line->rack->room - site->rooms);
	}
}

/* Lists of children, and an order in which all that feeds a node stands before it. */
static void build_tree(struct build *build)
{
	struct grid *grid = build->grid;
	uint32_t *waits = build_take(build, grid->nodes_n, sizeof *waits);
	uint32_t *fill = build_take(build, grid->nodes_n, sizeof *fill);
	uint32_t last = 0, done = 0;

	if (build->full)
		return;
	for (size_t i = 0; i < grid->nodes_n; i++) {
		const struct grid_node *node = &grid->nodes[i];

		waits[i] = (node->up != GRID_NONE ? 1u : 0u) + (node->up2 != GRID_NONE ? 1u : 0u);
		if (node->up != GRID_NONE)
			grid->nodes[node->up].kids_n++;
		if (node->up2 != GRID_NONE)
			grid->nodes[node->up2].kids_n++;
	}
	for (size_t i = 0, at = 0; i < grid->nodes_n; i++) {
		fill[i] = grid->nodes[i].kid = (uint32_t)at;
		at += grid->nodes[i].kids_n;
		if (waits[i] == 0)
			grid->order[last++] = (uint32_t)i;
	}
	for (uint32_t i = 0; i < grid->nodes_n; i++) {
		const struct grid_node *node = &grid->nodes[i];

		if (node->up != GRID_NONE)
			grid->kids[fill[node->up]++] = i;
		if (node->up2 != GRID_NONE)
			grid->kids[fill[node->up2]++] = i;
	}
	for (; done < last; done++) {
		const struct grid_node *node = &grid->nodes[grid->order[done]];

		for (uint32_t k = node->kid; k < node->kid + node->kids_n; k++)
			if (--waits[grid->kids[k]] == 0)
				grid->order[last++] = grid->kids[k];
	}
}

static int64_t uva_of(int64_t mw, uint32_t pf_milli)
{
	return number_scale(mw, 1000000, pf_milli); /* mW x 1000 = micro-W; pf in thousandths */
}

static void build_host(struct build *build, uint32_t at)
{
	const struct site *site = build->site;
	const struct host *line = &site->hosts[at];
	struct grid *grid = build->grid;
	struct grid_host *host = &grid->hosts[at];

	*host = (struct grid_host){ .mw = line->mw, .uva = uva_of(line->mw, line->pf_milli),
		.max_mw = line->mw_max, .max_uva = uva_of(line->mw_max, line->pf_milli),
		.cap_mw = line->mw_cap, .cap_uva = uva_of(line->mw_cap, line->pf_milli),
		.cord = (uint32_t)grid->cords_n, .cords_n = (uint32_t)line->cords_n,
		.service = GRID_NONE, .room = GRID_NONE, .rack = GRID_NONE, .even = true,
		.said = line->mw == 0 ? GRID_UNSAID : line->declared ? GRID_DECLARED : GRID_FILE };
	if (line->service != NULL)
		host->service = (uint32_t)(line->service - site->services);
	if (line->rack != NULL)
		host->rack = (uint32_t)(line->rack - site->racks);
	if (line->rack != NULL && line->rack->room != NULL)
		host->room = (uint32_t)(line->rack->room - site->rooms);
	for (size_t k = 0; k < line->cords_n; k++) {
		uint32_t node = (uint32_t)(line->cords[k].pdu - site->nodes);

		grid->cords[grid->cords_n++] = (struct grid_cord){ .host = at, .node = node,
			.weight = GRID_WHOLE / (uint32_t)line->cords_n };
		grid->nodes[node].plugs_n++;
	}
}

static void build_plugs(struct build *build)
{
	struct grid *grid = build->grid;
	uint32_t *fill = build_take(build, grid->nodes_n, sizeof *fill);
	uint32_t at = 0;

	if (build->full)
		return;
	for (size_t i = 0; i < grid->nodes_n; i++) {
		fill[i] = grid->nodes[i].plug = at;
		at += grid->nodes[i].plugs_n;
	}
	for (uint32_t i = 0; i < grid->cords_n; i++)
		grid->plugs[fill[grid->cords[i].node]++] = i;
}

static void build_services(struct build *build)
{
	const struct site *site = build->site;
	struct grid *grid = build->grid;
	uint32_t *fill = build_take(build, grid->services_n, sizeof *fill);
	uint32_t dep = 0, member = 0;

	if (build->full)
		return;
	for (size_t i = 0; i < grid->services_n; i++) {
		const struct service *line = &site->services[i];

		grid->services[i] = (struct grid_service){ .value = line->value,
			.unit = line->unit, .cap_milli = line->cap_weight_milli,
			.need = line->need, .min = line->min, .tier = line->tier,
			.stop = line->stop, .must = line->must, .dep = dep,
			.deps_n = (uint32_t)line->deps_n, .member = member,
			.members_n = (uint32_t)line->hosts_n };
		fill[i] = member;
		member += (uint32_t)line->hosts_n;
		for (size_t k = 0; k < line->deps_n; k++)
			grid->deps[dep++] = (uint32_t)(line->deps[k] - site->services);
	}
	for (uint32_t i = 0; i < grid->hosts_n; i++)
		if (grid->hosts[i].service != GRID_NONE)
			grid->members[fill[grid->hosts[i].service]++] = i;
}

static void build_rooms(struct build *build)
{
	struct grid *grid = build->grid;

	for (size_t i = 0; i < grid->rooms_n; i++) {
		grid->rooms[i].limit_mw = number_scale(build->site->rooms[i].heat_mw,
		    build->ask->heat_scale, GRID_SCALE);
		grid->rooms[i].from_milli = GRID_FROM_MILLI;
	}
}

int64_t grid_share(const struct grid_host *host, const struct grid_cord *cord, int64_t uva,
    uint32_t live)
{
	return host->even ? uva / live : number_scale(uva, cord->weight, live);
}

/* A host's power over its cords, all of them live. */
static void sum_host(struct grid *grid, const struct grid_host *host)
{
	uint32_t live = host->even ? host->cords_n : 0;

	for (uint32_t k = 0; !host->even && k < host->cords_n; k++)
		live += grid->cords[host->cord + k].weight;
	for (uint32_t k = host->cord; k < host->cord + host->cords_n; k++)
		grid->nodes[grid->cords[k].node].load_uva +=
		    grid_share(host, &grid->cords[k], host->uva, live);
	if (host->room != GRID_NONE)
		grid->rooms[host->room].load_mw += host->mw;
}

void grid_sum(struct grid *grid)
{
	for (size_t i = 0; i < grid->nodes_n; i++)
		grid->nodes[i].load_uva = grid->nodes[i].extra_uva = 0;
	for (size_t i = 0; i < grid->rooms_n; i++)
		grid->rooms[i].load_mw = 0;
	for (size_t i = 0; i < grid->hosts_n; i++)
		sum_host(grid, &grid->hosts[i]);
	for (size_t i = grid->nodes_n; i-- > 0;) {
		struct grid_node *node = &grid->nodes[grid->order[i]];

		if (node->seen_uva > node->load_uva) {
			node->extra_uva = node->seen_uva - node->load_uva;
			node->load_uva = node->seen_uva;
		}
		if (node->up != GRID_NONE)
			grid->nodes[node->up].load_uva += node->load_uva;
	}
}

static void build_arrays(struct build *build, struct grid *grid)
{
	const struct site *site = build->site;
	size_t cords = 0, deps = 0;

	for (size_t i = 0; i < site->hosts_n; i++)
		cords += site->hosts[i].cords_n;
	for (size_t i = 0; i < site->services_n; i++)
		deps += site->services[i].deps_n;
	*grid = (struct grid){ .site = site, .nodes_n = site->nodes_n, .hosts_n = site->hosts_n,
		.services_n = site->services_n, .rooms_n = site->rooms_n };
	grid->nodes = build_take(build, site->nodes_n, sizeof *grid->nodes);
	grid->order = build_take(build, site->nodes_n, sizeof *grid->order);
	grid->kids = build_take(build, 2 * site->nodes_n, sizeof *grid->kids);
	grid->hosts = build_take(build, site->hosts_n, sizeof *grid->hosts);
	grid->cords = build_take(build, cords, sizeof *grid->cords);
	grid->plugs = build_take(build, cords, sizeof *grid->plugs);
	grid->services = build_take(build, site->services_n, sizeof *grid->services);
	grid->members = build_take(build, site->hosts_n, sizeof *grid->members);
	grid->deps = build_take(build, deps, sizeof *grid->deps);
	grid->rooms = build_take(build, site->rooms_n, sizeof *grid->rooms);
}

int grid_measure(struct grid *grid, const struct grid_reading *readings, size_t n, struct arena *arena,
    struct why *why)
{
	int bad = n > 0 ? grid_read(grid, readings, n, arena, why) : KS_OK;

	if (bad == KS_OK && n > 0)
		bad = grid_meters(grid, arena, why);
	if (bad != KS_OK)
		return bad;
	grid_sum(grid);
	phase_fill(grid);
	return KS_OK;
}

int grid_new(const struct site *site, const struct grid_ask *ask, struct arena *arena,
    struct grid **ret_grid, struct why *why)
{
	struct build build = { .site = site, .ask = ask, .arena = arena };
	struct grid *grid = build_take(&build, 1, sizeof *grid);

	if (grid != NULL)
		build_arrays(&build, grid);
	build.grid = grid;
	if (!build.full) {
		build_nodes(&build);
		build_tree(&build);
		for (uint32_t i = 0; i < site->hosts_n; i++)
			build_host(&build, i);
		build_plugs(&build);
		build_services(&build);
		build_rooms(&build);
	}
	if (build.full)
		return fail(why, KS_FULL, "no memory for the electrical model of %s", site->id);
	int bad = grid_measure(grid, ask->readings, ask->readings_n, arena, why);

	if (bad != KS_OK)
		return bad;
	*ret_grid = grid;
	return KS_OK;
}
