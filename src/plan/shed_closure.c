/* src/plan/shed_closure.c - which services to let fall, all at once: a closed set of
 * least cost is a minimum cut (Picard 1976).  Costs become whole numbers, rounded down,
 * so that the flow is exact and the sum never too large.  Flow by Dinic (1970). */
#include "plan/shed_in.h"
#include <math.h>

/* arcs come in pairs, 2i and 2i + 1 the way back */
struct shed_flow {
	uint32_t *head, *next, *to; /* lists of arcs by node; S source, S + 1 sink */
	int64_t *room;
	uint32_t *level, *at, *path;
	int64_t *cost;
	uint32_t arcs_n;
};

/* a tenth of a millionth of one host; costs of 10^9 hosts still fit */
static const double FINE = 1000;
static const int64_t WIDE = INT64_MAX / 4;

int closure_new(struct shed_work *w, struct why *why)
{
	struct shed_flow *f = arena_take(w->arena, sizeof *f);
	size_t nodes = w->S + 2, arcs = 2 * (w->p->deps_n + w->S) + 2;

	if (f == NULL)
		return fail(why, KS_FULL, "no memory for this plan");
	struct { void *at; size_t n, size; } rooms[] = {
		{ &f->head, nodes, sizeof(uint32_t) }, { &f->next, arcs, sizeof(uint32_t) },
		{ &f->to, arcs, sizeof(uint32_t) }, { &f->room, arcs, sizeof(int64_t) },
		{ &f->level, nodes, sizeof(uint32_t) }, { &f->at, nodes, sizeof(uint32_t) },
		{ &f->path, nodes, sizeof(uint32_t) }, { &f->cost, nodes, sizeof(int64_t) },
	};

	for (size_t i = 0; i < sizeof rooms / sizeof rooms[0]; i++) {
		void *at = arena_array(w->arena, rooms[i].n, rooms[i].size);

		if (at == NULL)
			return fail(why, KS_FULL, "no memory for this plan");
		*(void **)rooms[i].at = at;
	}
	w->flow = f;
	return KS_OK;
}

static void arc_add(struct shed_flow *f, uint32_t from, uint32_t to, int64_t room)
{
	uint32_t ends[] = { from, to };

	for (uint32_t i = 0; i < 2; i++) {
		uint32_t arc = f->arcs_n++;

		f->to[arc] = ends[1 - i];
		f->room[arc] = i == 0 ? room : 0;
		f->next[arc] = f->head[ends[i]];
		f->head[ends[i]] = arc;
	}
}

/* A service that pays hangs on the source, one that costs on the sink; a fall pulls
 * down what depends on it. */
static void net_build(struct shed_work *w)
{
	struct shed_flow *f = w->flow;
	uint32_t source = (uint32_t)w->S, sink = source + 1;

	f->arcs_n = 0;
	for (uint32_t i = 0; i <= sink; i++)
		f->head[i] = SHED_NONE;
	for (uint32_t s = 0; s < w->S; s++) {
		if (w->fate[s] != FATE_FREE)
			continue;
		if (f->cost[s] < 0)
			arc_add(f, source, s, -f->cost[s]);
		else
			arc_add(f, s, sink, f->cost[s]);
		for (uint32_t i = w->up_at[s]; i < w->up_at[s + 1]; i++)
			if (w->fate[w->up[i]] == FATE_FREE)
				arc_add(f, s, w->up[i], WIDE);
	}
}

static bool levels_set(struct shed_work *w)
{
	struct shed_flow *f = w->flow;
	uint32_t source = (uint32_t)w->S, sink = source + 1, n = 0;

	for (uint32_t i = 0; i <= sink; i++)
		f->level[i] = SHED_NONE;
	f->level[source] = 0;
	f->path[n++] = source;
	for (uint32_t i = 0; i < n; i++)
		for (uint32_t a = f->head[f->path[i]]; a != SHED_NONE; a = f->next[a])
			if (f->room[a] > 0 && f->level[f->to[a]] == SHED_NONE) {
				f->level[f->to[a]] = f->level[f->path[i]] + 1;
				f->path[n++] = f->to[a];
			}
	return f->level[sink] != SHED_NONE;
}

/* Push along one path of rising levels; 0: none is left. */
static int64_t path_push(struct shed_work *w)
{
	struct shed_flow *f = w->flow;
	uint32_t source = (uint32_t)w->S, sink = source + 1, node = source, n = 0;
	int64_t least = WIDE;

	while (node != sink) {
		uint32_t a = f->at[node];

		if (a == SHED_NONE) {
			if (n == 0)
				return 0;
			/* a dead end: step back, and past the arc that led here */
			node = f->to[f->path[--n] ^ 1];
			f->at[node] = f->next[f->at[node]];
		} else if (f->room[a] > 0 && f->level[f->to[a]] == f->level[node] + 1) {
			f->path[n++] = a;
			node = f->to[a];
		} else {
			f->at[node] = f->next[a];
		}
	}
	for (uint32_t i = 0; i < n; i++)
		least = f->room[f->path[i]] < least ? f->room[f->path[i]] : least;
	for (uint32_t i = 0; i < n; i++) {
		f->room[f->path[i]] -= least;
		f->room[f->path[i] ^ 1] += least;
	}
	return least;
}

double closure_least(struct shed_work *w)
{
	struct shed_flow *f = w->flow;
	double sum = 0, widest = (double)(WIDE / 2 / (int64_t)(w->S + 1));
	bool any = false;

	for (size_t s = 0; s < w->S; s++) {
		w->z[s] = w->fate[s] == FATE_DOWN;
		if (w->fate[s] == FATE_DOWN)
			sum += w->s_down[s];
		if (w->fate[s] != FATE_FREE)
			continue;
		double cost = floor((w->s_down[s] - w->s_up[s]) * FINE);

		if (fabs(cost) > widest)
			return -INFINITY; /* multipliers gone astray: nothing is known */
		f->cost[s] = (int64_t)cost;
		any = any || f->cost[s] < 0;
	}
	if (!any)
		return sum;
	net_build(w);
	while (levels_set(w)) {
		for (size_t i = 0; i < w->S + 2; i++)
			f->at[i] = f->head[i];
		while (path_push(w) > 0)
			;
	}
	for (size_t s = 0; s < w->S; s++) {
		if (w->fate[s] != FATE_FREE || f->level[s] == SHED_NONE)
			continue;
		w->z[s] = 1;
		sum += (double)f->cost[s] / FINE;
	}
	return sum;
}
