/* src/plan/shed_work.c - the shed problem laid out for arithmetic. */
#include "base/must.h"
#include "plan/shed_in.h"
#include <float.h>
#include <math.h>
#include <stdlib.h>

/* What divides every cost: Euclid over all of them. */
static int64_t divisor(int64_t a, int64_t b)
{
	while (b != 0) {
		int64_t rest = a % b;

		a = b;
		b = rest;
	}
	return a;
}

static int64_t grain_of(const struct shed_problem *p)
{
	int64_t grain = p->off;

	for (size_t s = 0; s < p->services_n; s++) {
		grain = divisor(grain, p->services[s].value);
		grain = divisor(grain, p->services[s].unit);
	}
	for (size_t h = 0; h < p->hosts_n; h++)
		if (p->hosts[h].can_cap && p->hosts[h].service != SHED_NONE)
			grain = divisor(grain, p->services[p->hosts[h].service].capped);
	return grain;
}

static int work_rooms(struct shed_work *w, struct why *why)
{
	struct { void *at; size_t n, size; } rooms[] = {
		{ &w->use_off, w->U, sizeof(double) }, { &w->use_cap, w->U, sizeof(double) },
		{ &w->first, w->S + 2, sizeof(uint32_t) },
		{ &w->up_at, w->S + 1, sizeof(uint32_t) },
		{ &w->up, w->p->deps_n + 1, sizeof(uint32_t) },
		{ &w->count, w->R, sizeof(uint32_t) },
		{ &w->bigger, w->H, sizeof(uint32_t) }, { &w->smaller, w->H, sizeof(uint32_t) },
		{ &w->row_at, w->R + 1, sizeof(uint32_t) },
		{ &w->rows, w->U, sizeof(struct row_entry) },
		{ &w->lo, w->H, 1 }, { &w->hi, w->H, 1 }, { &w->fate, w->S, 1 },
		{ &w->rx, w->H, sizeof(double) }, { &w->ry, w->H, sizeof(double) },
		{ &w->s_up, w->S, sizeof(double) }, { &w->s_down, w->S, sizeof(double) },
		{ &w->edge_in, w->S, sizeof(double) }, { &w->edge_out, w->S, sizeof(double) },
		{ &w->taken_up, w->H, 1 }, { &w->x, w->H, 1 }, { &w->z, w->S, 1 },
		{ &w->queue, w->S + 1, sizeof(uint32_t) },
		{ &w->picks, w->H, sizeof(struct shed_pick) },
		{ &w->gain, w->H, sizeof(double) },
	};

	for (size_t i = 0; i < sizeof rooms / sizeof rooms[0]; i++) {
		void *at = arena_array(w->arena, rooms[i].n + 1, rooms[i].size);

		if (at == NULL)
			return fail(why, KS_FULL, "no memory for this plan");
		*(void **)rooms[i].at = at;
	}
	int bad = climb_new(2 * w->R, w->arena, &w->climb, why);

	if (bad != KS_OK)
		return bad;
	w->lam = w->climb.at;
	w->mu = w->climb.at + w->R;
	w->slope_lam = w->climb.slope;
	w->slope_mu = w->climb.slope + w->R;
	return closure_new(w, why);
}

/* Hosts of each service lie together; who depends on whom, turned round. */
static void services_lay(struct shed_work *w)
{
	const struct shed_problem *p = w->p;

	for (size_t h = 0; h < w->H; h++) {
		size_t s = p->hosts[h].service == SHED_NONE ? w->S : p->hosts[h].service;

		w->first[s + 1]++;
	}
	for (size_t s = 0; s <= w->S; s++)
		w->first[s + 1] += w->first[s];
	for (size_t d = 0; d < p->deps_n; d++)
		w->up_at[p->deps[d] + 1]++;
	for (size_t s = 0; s < w->S; s++)
		w->up_at[s + 1] += w->up_at[s];
	for (size_t s = 0; s < w->S; s++)
		for (uint32_t d = 0; d < p->services[s].deps_n; d++) {
			uint32_t needs = p->deps[p->services[s].dep + d];

			/* queue counts how many are placed */
			w->up[w->up_at[needs] + w->queue[needs]++] = (uint32_t)s;
		}
}

/* In each row: who gives most beyond its capping, first. */
static int more_first(const void *a, const void *b)
{
	const struct row_entry *x = a, *y = b;

	if (x->extra != y->extra)
		return x->extra > y->extra ? -1 : 1;
	return (x->host > y->host) - (x->host < y->host);
}

static void rows_lay(struct shed_work *w)
{
	const struct shed_problem *p = w->p;

	for (size_t u = 0; u < w->U; u++) {
		double excess = (double)p->excess[p->uses[u].row];

		w->use_off[u] = (double)p->uses[u].off / excess;
		w->use_cap[u] = (double)p->uses[u].capped / excess;
		w->row_at[p->uses[u].row + 1]++;
	}
	for (size_t r = 0; r < w->R; r++)
		w->row_at[r + 1] += w->row_at[r];
	for (size_t h = 0; h < w->H; h++)
		for (uint32_t i = 0; i < p->hosts[h].uses_n; i++) {
			uint32_t u = p->hosts[h].use + i, r = p->uses[u].row;
			/* count: how many are placed, for now */
			struct row_entry *at = &w->rows[w->row_at[r] + w->count[r]++];

			at->host = (uint32_t)h;
			at->use = u;
			at->capped = p->hosts[h].can_cap ? p->uses[u].capped : 0;
			at->extra = p->uses[u].off - at->capped;
		}
	for (size_t r = 0; r < w->R; r++) {
		double all = DBL_EPSILON, root = sqrt(w->row_at[r + 1] - w->row_at[r] + 1);

		/* a row of many hosts moves more of them for the same price of each: measure
		 * in price of a host x root of their number */
		for (uint32_t i = w->row_at[r]; i < w->row_at[r + 1]; i++)
			all += w->use_off[w->rows[i].use];
		w->climb.scale[r] = all / root;
		w->climb.scale[w->R + r] = root;
		qsort(w->rows + w->row_at[r], w->row_at[r + 1] - w->row_at[r], sizeof *w->rows, more_first);
	}
}

bool work_count(struct shed_work *w)
{
	const struct shed_problem *p = w->p;

	for (size_t r = 0; r < w->R; r++) {
		int64_t rest = p->excess[r];
		uint32_t n = 0;

		for (uint32_t i = w->row_at[r]; i < w->row_at[r + 1]; i++) {
			const struct row_entry *at = &w->rows[i];

			if (w->lo[at->host] == SHED_OFF) {
				rest -= at->capped + at->extra;
				n++;
			} else if (w->hi[at->host] > SHED_ON) {
				rest -= at->capped;
			}
		}
		for (uint32_t i = w->row_at[r]; rest > 0 && i < w->row_at[r + 1]; i++) {
			const struct row_entry *at = &w->rows[i];

			if (w->lo[at->host] == SHED_OFF || w->hi[at->host] < SHED_OFF)
				continue;
			rest -= at->extra;
			n++;
		}
		if (rest > 0)
			return false;
		w->count[r] = n;
	}
	return true;
}

/* Is g never a worse choice than h: the same rows, at least as much in each way? */
static bool no_less(const struct shed_problem *p, uint32_t g, uint32_t h)
{
	const struct shed_host *a = &p->hosts[g], *b = &p->hosts[h];

	if (a->uses_n != b->uses_n || a->can_cap != b->can_cap)
		return false;
	for (uint32_t i = 0; i < a->uses_n; i++) {
		const struct shed_use *x = &p->uses[a->use + i], *y = &p->uses[b->use + i];

		if (x->row != y->row || x->off < y->off)
			return false;
		if (a->can_cap && (x->capped < y->capped || x->off - x->capped < y->off - y->capped))
			return false;
	}
	return true;
}

static int alike_order(const void *a, const void *b, void *user)
{
	const struct shed_problem *p = user;
	uint32_t g = *(const uint32_t *)a, h = *(const uint32_t *)b;
	const struct shed_host *x = &p->hosts[g], *y = &p->hosts[h];

	if (x->uses_n != y->uses_n)
		return x->uses_n < y->uses_n ? -1 : 1;
	if (x->can_cap != y->can_cap)
		return x->can_cap ? -1 : 1;
	for (uint32_t i = 0; i < x->uses_n; i++)
		if (p->uses[x->use + i].row != p->uses[y->use + i].row)
			return p->uses[x->use + i].row < p->uses[y->use + i].row ? -1 : 1;
	for (uint32_t i = 0; i < x->uses_n; i++)
		if (p->uses[x->use + i].off != p->uses[y->use + i].off)
			return p->uses[x->use + i].off > p->uses[y->use + i].off ? -1 : 1;
	return (g > h) - (g < h);
}

/* Hosts of one service and the same rows: some best plan takes the bigger first. */
static void chains_lay(struct shed_work *w, uint32_t *order)
{
	for (size_t h = 0; h < w->H; h++) {
		order[h] = (uint32_t)h;
		w->bigger[h] = w->smaller[h] = SHED_NONE;
	}
	for (size_t s = 0; s <= w->S; s++) {
		uint32_t n = w->first[s + 1] - w->first[s], *list = order + w->first[s];

		qsort_r(list, n, sizeof *list, alike_order, (void *)(uintptr_t)w->p);
		for (uint32_t i = 1; i < n; i++)
			if (no_less(w->p, list[i - 1], list[i])) {
				w->smaller[list[i - 1]] = list[i];
				w->bigger[list[i]] = list[i - 1];
			}
	}
}

bool work_spread(struct shed_work *w)
{
	const struct shed_problem *p = w->p;
	uint32_t n = 0;

	for (uint32_t s = 0; s < w->S; s++) {
		uint32_t off = 0;

		for (uint32_t h = w->first[s]; h < w->first[s + 1]; h++)
			off += w->lo[h] == SHED_OFF;
		if (p->services[s].live < p->services[s].min + off) {
			if (w->fate[s] == FATE_UP)
				return false;
			w->fate[s] = FATE_DOWN;
		}
		if (w->fate[s] != FATE_FREE)
			w->queue[n++] = s;
	}
	/* what is down pulls down what stands on it; what is up holds up what it needs */
	for (uint32_t i = 0; i < n; i++) {
		uint32_t s = w->queue[i];
		bool down = w->fate[s] == FATE_DOWN;
		const uint32_t *next = down ? w->up + w->up_at[s] : p->deps + p->services[s].dep;
		uint32_t next_n = down ? w->up_at[s + 1] - w->up_at[s] : p->services[s].deps_n;

		for (uint32_t j = 0; j < next_n; j++) {
			if (w->fate[next[j]] == FATE_FREE) {
				w->fate[next[j]] = w->fate[s];
				w->queue[n++] = next[j];
			} else if (w->fate[next[j]] != w->fate[s]) {
				return false;
			}
		}
	}
	return true;
}

int work_new(const struct shed_problem *p, struct arena *arena, struct shed_work **ret_work,
    struct why *why)
{
	struct shed_work *w = arena_take(arena, sizeof *w);
	uint32_t *order = arena_array(arena, p->hosts_n + 1, sizeof *order);

	if (w == NULL || order == NULL)
		return fail(why, KS_FULL, "no memory for this plan");
	*w = (struct shed_work){ .p = p, .arena = arena, .H = p->hosts_n, .R = p->rows_n,
		.S = p->services_n, .U = p->uses_n, .grain = grain_of(p) };
	int bad = work_rooms(w, why);

	if (bad != KS_OK)
		return bad;
	must(w->grain > 0);
	services_lay(w);
	rows_lay(w);
	chains_lay(w, order);
	for (size_t h = 0; h < w->H; h++)
		w->hi[h] = SHED_OFF;
	for (size_t s = 0; s < w->S; s++)
		w->fate[s] = p->services[s].must ? FATE_UP : FATE_FREE;
	*ret_work = w;
	return KS_OK;
}
