#include "base/must.h"
#include "plan/flow.h"

/* What a node, host or room was before it changed; nodes come first, then hosts, then
 * rooms in one row of numbers. */
struct was {
	uint32_t at, stamp;  /* stamp: when it was logged before this */
	int64_t a, b;	     /* node: load; host: uva, mw; room: mw */
	uint8_t node, side;
};

struct mark {
	size_t log_n;
	uint32_t dark_n, touched_n, epoch;
};

struct flow_inside {
	struct was *log;	/* each thing once an epoch, so that its length is known */
	size_t log_n, log_max;
	uint32_t *stamp;	/* of each thing: the epoch it was last logged in */
	uint32_t epoch, epochs; /* the running one; given out so far */
	struct mark marks[FLOW_MARKS];
	size_t marks_n;
	uint32_t *stack, *dying; /* of nodes */
	struct turn {
		uint32_t node;
		int64_t uva;	/* what it carried when it turned to its other side */
	} *turned;
	uint32_t dying_n, turned_n;
	int64_t *push;		/* of each node: what is to be added from here up */
	uint32_t *pushed;
	uint32_t pushed_n;
	uint32_t *host_step;	/* of each host and node: the step that moved it last */
	uint32_t *node_step;
	uint32_t step;		/* flow_lose() and flow_draw() so far */
};

static void log_was(struct flow *flow, uint32_t at, struct was was)
{
	struct flow_inside *in = flow->inside;

	was.at = at;
	was.stamp = in->stamp[at];
	in->stamp[at] = in->epoch;
	must(in->log_n < in->log_max);
	in->log[in->log_n++] = was;
}

static inline void log_node(struct flow *flow, uint32_t node)
{
	if (flow->inside->node_step[node] != flow->inside->step) {
		flow->inside->node_step[node] = flow->inside->step;
		flow->changed[flow->changed_n++] = node;
	}
	if (flow->inside->stamp[node] == flow->inside->epoch)
		return;
	if (flow->inside->stamp[node] == 0)
		flow->touched[flow->touched_n++] = node;
	log_was(flow, node, (struct was){ .a = flow->load_uva[node], .node = flow->node[node],
		.side = flow->side[node] });
}

static void log_host(struct flow *flow, uint32_t host)
{
	uint32_t at = (uint32_t)flow->grid->nodes_n + host;

	if (flow->inside->stamp[at] != flow->inside->epoch)
		log_was(flow, at, (struct was){ .a = flow->uva[host], .b = flow->mw[host] });
}

/* The host's room is so much warmer. */
static void room_add(struct flow *flow, uint32_t host, int64_t mw)
{
	uint32_t room = flow->grid->hosts[host].room;
	uint32_t at = (uint32_t)(flow->grid->nodes_n + flow->grid->hosts_n) + room;

	if (room == GRID_NONE)
		return;
	if (flow->inside->stamp[at] != flow->inside->epoch)
		log_was(flow, at, (struct was){ .a = flow->room_mw[room] });
	flow->room_mw[room] += mw;
}

static void was_again(struct flow *flow, const struct was *was)
{
	const struct grid *grid = flow->grid;

	if (was->at < grid->nodes_n) {
		flow->load_uva[was->at] = was->a;
		flow->node[was->at] = was->node;
		flow->side[was->at] = was->side;
	} else if (was->at < grid->nodes_n + grid->hosts_n) {
		flow->uva[was->at - grid->nodes_n] = was->a;
		flow->mw[was->at - grid->nodes_n] = was->b;
	} else {
		flow->room_mw[was->at - grid->nodes_n - grid->hosts_n] = was->a;
	}
	flow->inside->stamp[was->at] = was->stamp;
}

static void back_to(struct flow *flow, struct mark mark)
{
	struct flow_inside *in = flow->inside;

	while (in->log_n > mark.log_n)
		was_again(flow, &in->log[--in->log_n]);
	flow->dark_n = mark.dark_n;
	flow->touched_n = mark.touched_n;
	in->epoch = mark.epoch;
}

void flow_mark(struct flow *flow)
{
	struct flow_inside *in = flow->inside;

	must(in->marks_n < FLOW_MARKS);
	in->marks[in->marks_n++] = (struct mark){ .log_n = in->log_n, .dark_n = flow->dark_n,
		.touched_n = flow->touched_n, .epoch = in->epoch };
	in->epoch = ++in->epochs;
}

void flow_undo(struct flow *flow)
{
	must(flow->inside->marks_n > 0);
	back_to(flow, flow->inside->marks[--flow->inside->marks_n]);
}

void flow_reset(struct flow *flow)
{
	back_to(flow, (struct mark){ .epoch = 1 });
	flow->inside->marks_n = 0;
	flow->inside->epochs = 1;
}

/* Adds to a node and all that feeds it now. */
static void add_up(struct flow *flow, uint32_t node, int64_t uva)
{
	for (; node != GRID_NONE; node = flow_up(flow, node)) {
		log_node(flow, node);
		flow->load_uva[node] += uva;
	}
}

static void push_add(struct flow *flow, uint32_t node, int64_t uva)
{
	struct flow_inside *in = flow->inside;

	if (uva == 0)
		return;
	if (in->push[node] == 0)
		in->pushed[in->pushed_n++] = node;
	in->push[node] += uva;
}

static void push_all(struct flow *flow)
{
	struct flow_inside *in = flow->inside;

	for (uint32_t i = 0; i < in->pushed_n; i++) {
		uint32_t node = in->pushed[i];

		add_up(flow, node, in->push[node]);
		in->push[node] = 0;
	}
	in->pushed_n = 0;
}

/* The node that feeds `kid` died: the other side takes it, or it dies too. */
static void kid_dies(struct flow *flow, uint32_t kid, uint32_t *depth)
{
	const struct grid_node *at = &flow->grid->nodes[kid];
	struct flow_inside *in = flow->inside;
	uint32_t other = flow->side[kid] ? at->up : at->up2;

	log_node(flow, kid);
	if (at->up2 != GRID_NONE && flow->node[other] == FLOW_LIVE) {
		flow->side[kid] ^= 1;
		in->turned[in->turned_n++] = (struct turn){ kid, flow->load_uva[kid] };
		return;
	}
	flow->node[kid] = FLOW_DYING;
	in->stack[(*depth)++] = kid;
}

/* Who goes with it: in->dying; who turns to its other side: in->turned. */
static void node_dies(struct flow *flow, uint32_t node)
{
	const struct grid *grid = flow->grid;
	struct flow_inside *in = flow->inside;
	uint32_t depth = 0;

	in->dying_n = in->turned_n = 0;
	log_node(flow, node);
	flow->node[node] = FLOW_DYING;
	in->stack[depth++] = node;
	while (depth > 0) {
		uint32_t at = in->stack[--depth];
		const uint32_t *kid = &grid->kids[grid->nodes[at].kid];

		in->dying[in->dying_n++] = at;
		for (uint32_t k = 0; k < grid->nodes[at].kids_n; k++)
			if (flow->node[kid[k]] == FLOW_LIVE && flow_up(flow, kid[k]) == at)
				kid_dies(flow, kid[k], &depth);
	}
}

/* What a cord weighs among its host's. */
static uint32_t cord_weight(const struct grid_host *host, const struct grid_cord *cord)
{
	return host->even ? 1 : cord->weight;
}

/* Some cords of this host just lost power: the others take it all. */
static void host_moves(struct flow *flow, uint32_t at)
{
	const struct grid_host *host = &flow->grid->hosts[at];
	const struct grid_cord *cord = &flow->grid->cords[host->cord];
	uint32_t before = 0, after = 0;

	for (uint32_t k = 0; k < host->cords_n; k++) {
		uint32_t weight = cord_weight(host, &cord[k]);

		before += flow->node[cord[k].node] != FLOW_DARK ? weight : 0;
		after += flow->node[cord[k].node] == FLOW_LIVE ? weight : 0;
	}
	if (after == 0) {
		flow->dark[flow->dark_n++] = at;
		room_add(flow, at, -flow->mw[at]);
		return;
	}
	for (uint32_t k = 0; k < host->cords_n; k++)
		if (flow->node[cord[k].node] == FLOW_LIVE)
			push_add(flow, cord[k].node, grid_share(host, &cord[k], flow->uva[at], after) -
			    grid_share(host, &cord[k], flow->uva[at], before));
}

static void hosts_move(struct flow *flow)
{
	const struct grid *grid = flow->grid;
	struct flow_inside *in = flow->inside;

	for (uint32_t i = 0; i < in->dying_n; i++) {
		const struct grid_node *node = &grid->nodes[in->dying[i]];

		for (uint32_t k = node->plug; k < node->plug + node->plugs_n; k++) {
			uint32_t host = grid->cords[grid->plugs[k]].host;

			if (in->host_step[host] == in->step)
				continue;
			in->host_step[host] = in->step;
			host_moves(flow, host);
		}
	}
}

static void step_start(struct flow *flow)
{
	flow->inside->step++;
	flow->changed_n = 0;
}

void flow_lose(struct flow *flow, uint32_t node)
{
	struct flow_inside *in = flow->inside;

	must(node < flow->grid->nodes_n);
	step_start(flow);
	if (flow->node[node] != FLOW_LIVE)
		return;
	uint32_t up = flow_up(flow, node);
	int64_t uva = flow->load_uva[node];

	node_dies(flow, node);
	add_up(flow, up, -uva);
	for (uint32_t i = 0; i < in->dying_n; i++)
		flow->load_uva[in->dying[i]] = 0;
	/* the loads of the moment of turning: what one adds above may pass another */
	for (uint32_t i = 0; i < in->turned_n; i++)
		if (flow->node[in->turned[i].node] == FLOW_LIVE)
			add_up(flow, flow_up(flow, in->turned[i].node), in->turned[i].uva);
	hosts_move(flow);
	for (uint32_t i = 0; i < in->dying_n; i++)
		flow->node[in->dying[i]] = FLOW_DARK;
	push_all(flow);
}

bool flow_lit(const struct flow *flow, uint32_t host)
{
	const struct grid_host *at = &flow->grid->hosts[host];

	for (uint32_t k = at->cord; k < at->cord + at->cords_n; k++)
		if (flow->node[flow->grid->cords[k].node] == FLOW_LIVE)
			return true;
	return at->cords_n == 0;
}

/* The sum of weights of a host's cords that have power. */
static uint32_t host_live(const struct flow *flow, const struct grid_host *host)
{
	const struct grid_cord *cord = &flow->grid->cords[host->cord];
	uint32_t live = 0;

	for (uint32_t k = 0; k < host->cords_n; k++)
		live += flow->node[cord[k].node] == FLOW_LIVE ? cord_weight(host, &cord[k]) : 0;
	return live;
}

void flow_draw(struct flow *flow, uint32_t host, int64_t uva, int64_t mw)
{
	const struct grid_host *at = &flow->grid->hosts[host];
	const struct grid_cord *cord = &flow->grid->cords[at->cord];
	uint32_t live = host_live(flow, at);

	step_start(flow);
	log_host(flow, host);
	for (uint32_t k = 0; k < at->cords_n; k++)
		if (flow->node[cord[k].node] == FLOW_LIVE)
			add_up(flow, cord[k].node, grid_share(at, &cord[k], uva, live) -
			    grid_share(at, &cord[k], flow->uva[host], live));
	if (live > 0 || at->cords_n == 0)
		room_add(flow, host, mw - flow->mw[host]);
	flow->uva[host] = uva;
	flow->mw[host] = mw;
}

int64_t flow_cord(const struct flow *flow, uint32_t cord)
{
	const struct grid_cord *at = &flow->grid->cords[cord];
	const struct grid_host *host = &flow->grid->hosts[at->host];

	if (flow->node[at->node] != FLOW_LIVE)
		return 0;
	return grid_share(host, at, flow->uva[at->host], host_live(flow, host));
}

struct want {
	void *at;
	size_t n, size;
};

static bool take_all(struct arena *arena, const struct want *wants, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		void *bytes = arena_array(arena, wants[i].n + 1, wants[i].size);

		if (bytes == NULL)
			return false;
		memcpy(wants[i].at, &bytes, sizeof bytes);
	}
	return true;
}

static bool flow_take(struct flow *flow, struct flow_inside *in, struct arena *arena)
{
	const struct grid *grid = flow->grid;
	size_t nodes = grid->nodes_n, hosts = grid->hosts_n, rooms = grid->rooms_n;
	size_t all = nodes + hosts + rooms;
	const struct want wants[] = {
		{ &flow->node, nodes, sizeof *flow->node }, { &flow->side, nodes, sizeof *flow->side },
		{ &flow->load_uva, nodes, sizeof *flow->load_uva },
		{ &flow->uva, hosts, sizeof *flow->uva }, { &flow->mw, hosts, sizeof *flow->mw },
		{ &flow->room_mw, rooms, sizeof *flow->room_mw },
		{ &flow->dark, hosts, sizeof *flow->dark },
		{ &flow->touched, nodes, sizeof *flow->touched },
		{ &in->log, all * (FLOW_MARKS + 1), sizeof *in->log },
		{ &in->stamp, all, sizeof *in->stamp }, { &in->stack, nodes, sizeof *in->stack },
		{ &in->dying, nodes, sizeof *in->dying }, { &in->turned, nodes, sizeof *in->turned },
		{ &in->push, nodes, sizeof *in->push },
		{ &in->pushed, grid->cords_n, sizeof *in->pushed },
		{ &in->host_step, hosts, sizeof *in->host_step },
		{ &in->node_step, nodes, sizeof *in->node_step },
		{ &flow->changed, nodes, sizeof *flow->changed },
	};

	in->log_max = all * (FLOW_MARKS + 1);
	return take_all(arena, wants, sizeof wants / sizeof wants[0]);
}

int flow_new(const struct grid *grid, struct arena *arena, struct flow **ret_flow, struct why *why)
{
	struct flow *flow = arena_take(arena, sizeof *flow);
	struct flow_inside *in = arena_take(arena, sizeof *in);

	if (flow != NULL && in != NULL)
		*flow = (struct flow){ .grid = grid, .inside = in };
	if (flow == NULL || in == NULL || !flow_take(flow, in, arena))
		return fail(why, KS_FULL, "no memory for the electrical model of %s", grid->site->id);
	for (size_t i = 0; i < grid->nodes_n; i++)
		flow->load_uva[i] = grid->nodes[i].load_uva;
	for (size_t i = 0; i < grid->rooms_n; i++)
		flow->room_mw[i] = grid->rooms[i].load_mw;
	for (size_t i = 0; i < grid->hosts_n; i++) {
		flow->uva[i] = grid->hosts[i].uva;
		flow->mw[i] = grid->hosts[i].mw;
	}
	in->epoch = in->epochs = 1;

	*ret_flow = flow;
	return KS_OK;
}
