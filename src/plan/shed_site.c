/* src/plan/shed_site.c - see the header. */
#include "plan/shed_site.h"

struct build {
	struct flow *flow;
	const struct grid *grid;
	struct shed_site *site;
	bool caps;
	int64_t *excess;
	struct shed_host *hosts;
	struct shed_use *uses;
	struct shed_service *services;
	uint32_t *row_of; /* of each node, then each room; SHED_NONE: holds */
	size_t uses_max;
};

static int no_memory(struct why *why)
{
	return fail(why, KS_FULL, "no memory for this plan");
}

static void row_add(struct build *b, bool is_room, uint32_t at, int64_t load, int64_t limit)
{
	size_t slot = is_room ? b->grid->nodes_n + at : at;

	b->row_of[slot] = SHED_NONE;
	if (limit <= 0 || load <= limit)
		return;
	b->row_of[slot] = (uint32_t)b->site->problem.rows_n;
	b->excess[b->site->problem.rows_n] = load - limit;
	b->site->limits[b->site->problem.rows_n++] =
	    (struct shed_limit){ is_room, at, load, limit };
}

static void rows_find(struct build *b)
{
	for (uint32_t i = 0; i < b->grid->nodes_n; i++)
		row_add(b, false, i, b->flow->load_uva[i], b->grid->nodes[i].limit_uva);
	for (uint32_t i = 0; i < b->grid->rooms_n; i++)
		row_add(b, true, i, b->flow->room_mw[i], b->grid->rooms[i].limit_mw);
}

/* The host gives this to a row; two cords may meet in one. */
static void use_add(struct build *b, struct shed_host *host, size_t slot, const int64_t gives[2])
{
	uint32_t row = b->row_of[slot];
	struct shed_use *use = &b->uses[host->use], *end = use + host->uses_n;

	if (row == SHED_NONE || gives[0] <= 0)
		return;
	while (use < end && use->row != row)
		use++;
	if (use == end) {
		*use = (struct shed_use){ .row = row };
		host->uses_n++;
	}
	use->off += gives[0];
	use->capped += gives[1];
}

/* Rows in rising order, so that hosts alike are seen to be. */
static void uses_sort(struct shed_use *uses, uint32_t n)
{
	for (uint32_t i = 1; i < n; i++)
		for (uint32_t j = i; j > 0 && uses[j - 1].row > uses[j].row; j--) {
			struct shed_use swap = uses[j];

			uses[j] = uses[j - 1];
			uses[j - 1] = swap;
		}
}

static void host_add(struct build *b, uint32_t h, uint32_t service)
{
	const struct grid_host *from = &b->grid->hosts[h];
	bool can_cap = b->caps && from->cap_mw > 0 && from->cap_mw < from->mw;
	struct shed_problem *p = &b->site->problem;
	struct shed_host host = { .service = service, .use = (uint32_t)p->uses_n,
		.can_cap = can_cap };

	if (!flow_lit(b->flow, h))
		return;
	if (service != SHED_NONE)
		b->services[service].live++;
	for (uint32_t c = from->cord; c < from->cord + from->cords_n; c++) {
		int64_t gives[2] = { flow_cord(b->flow, c), 0 };

		if (can_cap) {
			flow_mark(b->flow);
			flow_draw(b->flow, h, from->cap_uva, from->cap_mw);
			gives[1] = gives[0] - flow_cord(b->flow, c);
			flow_undo(b->flow);
		}
		for (uint32_t n = b->grid->cords[c].node; n != GRID_NONE; n = flow_up(b->flow, n))
			use_add(b, &host, n, gives);
	}
	int64_t heat[2] = { b->flow->mw[h], can_cap ? b->flow->mw[h] - from->cap_mw : 0 };

	if (from->room != GRID_NONE)
		use_add(b, &host, b->grid->nodes_n + from->room, heat);
	if (host.uses_n == 0)
		return;
	uses_sort(&b->uses[host.use], host.uses_n);
	p->uses_n += host.uses_n;
	b->site->hosts[p->hosts_n] = h;
	b->hosts[p->hosts_n++] = host;
}

static void services_add(struct build *b)
{
	for (uint32_t s = 0; s < b->grid->services_n; s++) {
		const struct grid_service *from = &b->grid->services[s];

		b->services[s] = (struct shed_service){ .value = from->value * SHED_COST,
			.name = b->grid->site->services[s].id,
			.unit = from->unit * SHED_COST, .need = from->need, .min = from->min,
			/* 0.2 x a weight in thousandths */
			.capped = from->cap_milli * (SHED_COST / 5) / 1000, .must = from->must,
			.dep = from->dep, .deps_n = from->deps_n };
		for (uint32_t i = from->member; i < from->member + from->members_n; i++)
			host_add(b, b->grid->members[i], s);
	}
	for (uint32_t h = 0; h < b->grid->hosts_n; h++)
		if (b->grid->hosts[h].service == GRID_NONE)
			host_add(b, h, SHED_NONE);
}

/* Which services the loss itself takes down. */
static int lost_find(struct build *b, struct arena *arena, struct why *why)
{
	struct shed_problem *p = &b->site->problem;
	uint8_t *state = arena_array(arena, p->hosts_n + 1, 1);
	uint8_t *down = arena_array(arena, p->services_n + 1, 1);
	struct shed_room room = { arena_array(arena, p->services_n + 1, sizeof(uint32_t)),
		arena_array(arena, p->rows_n + 1, sizeof(int64_t)) };
	bool feasible;

	if (state == NULL || down == NULL || room.live == NULL || room.rest == NULL)
		return no_memory(why);
	(void)shed_count(p, state, &room, down, &feasible);
	for (uint32_t s = 0; s < p->services_n; s++)
		if (down[s] && b->services[s].must) {
			b->services[s].must = false;
			b->site->must_lost[b->site->must_lost_n++] = s;
		}
	return KS_OK;
}

/* Rows that the hosts can be in: their room, and all on the way up from every cord, by
 * whichever side of transfer switches.  depth: one number a node. */
static size_t uses_most(const struct grid *grid, uint32_t *depth)
{
	uint32_t deepest = 0;

	for (size_t i = 0; i < grid->nodes_n; i++) {
		const struct grid_node *node = &grid->nodes[grid->order[i]];
		uint32_t one = node->up == GRID_NONE ? 0 : depth[node->up];
		uint32_t other = node->up2 == GRID_NONE ? 0 : depth[node->up2];

		depth[grid->order[i]] = 1 + (one > other ? one : other);
		if (depth[grid->order[i]] > deepest)
			deepest = depth[grid->order[i]];
	}
	return grid->hosts_n + grid->cords_n * deepest;
}

static int rooms_take(struct build *b, struct arena *arena, struct why *why)
{
	const struct grid *grid = b->grid;
	size_t rows = grid->nodes_n + grid->rooms_n;

	b->row_of = arena_array(arena, rows + 1, sizeof(uint32_t));
	if (b->row_of == NULL)
		return no_memory(why);
	struct { void *at; size_t n, size; } rooms[] = {
		{ &b->excess, rows, sizeof(int64_t) },
		{ &b->site->limits, rows, sizeof(struct shed_limit) },
		{ &b->hosts, grid->hosts_n, sizeof(struct shed_host) },
		{ &b->site->hosts, grid->hosts_n, sizeof(uint32_t) },
		{ &b->services, grid->services_n, sizeof(struct shed_service) },
		{ &b->site->must_lost, grid->services_n, sizeof(uint32_t) },
		{ &b->uses, uses_most(grid, b->row_of), sizeof(struct shed_use) },
	};

	for (size_t i = 0; i < sizeof rooms / sizeof rooms[0]; i++) {
		void *at = arena_array(arena, rooms[i].n + 1, rooms[i].size);

		if (at == NULL)
			return no_memory(why);
		*(void **)rooms[i].at = at;
	}
	return KS_OK;
}

int shed_site_new(struct flow *flow, bool caps, struct arena *arena,
    struct shed_site **ret_site, struct why *why)
{
	const struct grid *grid = flow->grid;
	struct build b = { .flow = flow, .grid = grid, .caps = caps,
		.site = arena_take(arena, sizeof *b.site) };

	if (b.site == NULL)
		return no_memory(why);
	b.site->grid = grid;
	int bad = rooms_take(&b, arena, why);

	if (bad != KS_OK)
		return bad;
	rows_find(&b);
	services_add(&b);
	struct shed_problem *p = &b.site->problem;

	p->excess = b.excess;
	p->hosts = b.hosts;
	p->uses = b.uses;
	p->services = b.services;
	p->services_n = grid->services_n;
	p->deps = grid->deps;
	for (uint32_t s = 0; s < grid->services_n; s++)
		p->deps_n += grid->services[s].deps_n;
	p->off = SHED_COST;
	bad = shed_check(p, why);
	if (bad == KS_OK)
		bad = lost_find(&b, arena, why);
	if (bad == KS_OK)
		*ret_site = b.site;
	return bad;
}
