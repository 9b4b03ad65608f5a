/* src/plan/shed_site.c - see the header. */
#include "plan/shed_site.h"
#include "plan/phase.h"
#include <math.h>

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
	struct line_row { uint32_t row, next; uint8_t line, way; } *line_rows; /* of lines */
	uint32_t *lines_of, line_rows_n; /* of each node: its first; SHED_NONE */
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
	    (struct shed_limit){ .is_room = is_room, .at = at, .load = load, .limit = limit };
	b->site->broken_n++;
}

static double line_load(unsigned line, unsigned way, const double va[PHASE_KINDS])
{
	double load = 0;

	for (unsigned kind = 0; kind < PHASE_KINDS; kind++)
		load += va[kind] * 1e6 * phase_part(line, way, kind);
	return load;
}

/* One line of a node, from one direction: what it carries beyond what it may. */
static void line_row_add(struct build *b, uint32_t node, unsigned line, unsigned way, double load)
{
	double limit = (double)b->grid->nodes[node].limit_uva * PHASE_BETWEEN;
	struct shed_problem *p = &b->site->problem;
	uint32_t before = b->lines_of[node];
	bool again = before != SHED_NONE && b->line_rows[before].line == line;

	b->line_rows[b->line_rows_n] = (struct line_row){ (uint32_t)p->rows_n, before, (uint8_t)line, (uint8_t)way };
	b->lines_of[node] = b->line_rows_n++;
	b->excess[p->rows_n] = (int64_t)ceil(load - limit);
	b->site->limits[p->rows_n++] = (struct shed_limit){ .line = (uint8_t)(line + 1), .again = again, .at = node,
		.load = (int64_t)load, .limit = (int64_t)limit };
	b->site->broken_n += !again;
}

/* Lines that carry more than they may although loads are not even: the sum hides it.  From
 * the direction first in which they carry most: it is the one that is told. */
static void lines_find(struct build *b, uint32_t node)
{
	const struct grid_node *at = &b->grid->nodes[node];
	double va[PHASE_KINDS];

	if (at->phases != 3 || at->limit_uva <= 0 || b->flow->load_uva[node] <= 0)
		return;
	phase_loads(b->flow, node, va);
	if (va[PHASE_EVEN] * 1e6 + 1 > (double)b->flow->load_uva[node])
		return;
	for (unsigned line = 0; line < 3; line++) {
		unsigned most = 0;

		for (unsigned way = 1; way < PHASE_WAYS; way++)
			if (line_load(line, way, va) > line_load(line, most, va))
				most = way;
		for (unsigned i = 0; i < PHASE_WAYS; i++) {
			unsigned way = (most + i) % PHASE_WAYS;
			double load = line_load(line, way, va);

			if (load > (double)at->limit_uva * PHASE_BETWEEN)
				line_row_add(b, node, line, way, load);
		}
	}
}

static void rows_find(struct build *b)
{
	for (uint32_t i = 0; i < b->grid->nodes_n; i++)
		row_add(b, false, i, b->flow->load_uva[i], b->grid->nodes[i].limit_uva);
	for (uint32_t i = 0; i < b->grid->nodes_n; i++)
		lines_find(b, i);
	for (uint32_t i = 0; i < b->grid->rooms_n; i++)
		row_add(b, true, i, b->flow->room_mw[i], b->grid->rooms[i].limit_mw);
}

/* The host gives this to a row; two cords may meet in one. */
static void use_add(struct build *b, struct shed_host *host, uint32_t row, const int64_t gives[2])
{
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

/* All the way up from a cord; lines by the phase that is said nearest below them. */
static void cord_add(struct build *b, struct shed_host *host, uint32_t node, const int64_t gives[2])
{
	unsigned kind = PHASE_EVEN;

	for (uint32_t n = node; n != GRID_NONE; n = flow_up(b->flow, n)) {
		use_add(b, host, b->row_of[n], gives);
		for (uint32_t i = b->lines_of[n]; i != SHED_NONE; i = b->line_rows[i].next) {
			double part = phase_part(b->line_rows[i].line, b->line_rows[i].way, kind);
			const int64_t line[2] = { (int64_t)((double)gives[0] * part), (int64_t)((double)gives[1] * part) };

			use_add(b, host, b->line_rows[i].row, line);
		}
		if (b->grid->site->nodes[n].phase != NULL)
			kind = phase_kind(b->grid->site->nodes[n].phase);
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
		cord_add(b, &host, b->grid->cords[c].node, gives);
	}
	int64_t heat[2] = { b->flow->mw[h], can_cap ? b->flow->mw[h] - from->cap_mw : 0 };

	if (from->room != GRID_NONE)
		use_add(b, &host, b->row_of[b->grid->nodes_n + from->room], heat);
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

/* Rows of lines that a cord can be in: all on its way up. */
static uint32_t lines_most(const struct build *b)
{
	uint32_t most = 0;

	for (uint32_t i = 0; i < b->grid->nodes_n && b->line_rows_n > 0; i++) {
		uint32_t n = 0;

		for (uint32_t up = i; up != GRID_NONE; up = flow_up(b->flow, up))
			for (uint32_t k = b->lines_of[up]; k != SHED_NONE; k = b->line_rows[k].next)
				n++;
		most = n > most ? n : most;
	}
	return most;
}

static int rooms_take(struct build *b, struct arena *arena, struct why *why)
{
	const struct grid *grid = b->grid;
	size_t rows = grid->nodes_n + grid->rooms_n, lines = 0;

	for (size_t i = 0; i < grid->nodes_n; i++)
		lines += grid->nodes[i].phases == 3 ? 3 * PHASE_WAYS : 0;
	rows += lines;
	struct { void *at; size_t n, size; } rooms[] = {
		{ &b->row_of, rows, sizeof(uint32_t) }, { &b->lines_of, grid->nodes_n, sizeof(uint32_t) },
		{ &b->line_rows, lines, sizeof(struct line_row) },
		{ &b->excess, rows, sizeof(int64_t) },
		{ &b->site->limits, rows, sizeof(struct shed_limit) },
		{ &b->hosts, grid->hosts_n, sizeof(struct shed_host) },
		{ &b->site->hosts, grid->hosts_n, sizeof(uint32_t) },
		{ &b->services, grid->services_n, sizeof(struct shed_service) },
		{ &b->site->must_lost, grid->services_n, sizeof(uint32_t) },
	};

	for (size_t i = 0; i < sizeof rooms / sizeof rooms[0]; i++) {
		void *at = arena_array(arena, rooms[i].n + 1, rooms[i].size);

		if (at == NULL)
			return no_memory(why);
		*(void **)rooms[i].at = at;
	}
	for (size_t i = 0; i < grid->nodes_n; i++)
		b->lines_of[i] = SHED_NONE;
	return KS_OK;
}

/* Room for what hosts give, now that the rows are known. */
static int uses_take(struct build *b, struct arena *arena, struct why *why)
{
	uint32_t *depth = arena_array(arena, b->grid->nodes_n + 1, sizeof *depth);

	if (depth == NULL)
		return no_memory(why);
	b->uses = arena_array(arena, uses_most(b->grid, depth) + b->grid->cords_n * lines_most(b) + 1,
	    sizeof(struct shed_use));
	return b->uses == NULL ? no_memory(why) : KS_OK;
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
	bad = uses_take(&b, arena, why);
	if (bad != KS_OK)
		return bad;
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
