/* src/plan/shed_rows.c - see the header.
 *
 * A row's programme: table[i][j] = least cost of the first i hosts that gives at least j
 * of `steps` parts of the excess, reliefs rounded up (so that nothing feasible is lost). */
#include "plan/shed_rows.h"
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* a host of middling size is PARTS steps */
enum { PARTS = 64, STEPS_LEAST = 128, STEPS_MOST = 2048, HOSTS_MOST = 96 };

struct by_size {
	uint32_t hosts, row;
};

static int fewest_first(const void *a, const void *b)
{
	const struct by_size *x = a, *y = b;

	if (x->hosts != y->hosts)
		return x->hosts < y->hosts ? -1 : 1;
	return (x->row > y->row) - (x->row < y->row);
}

/* The smallest rows that share no host. */
static void whole_choose(struct shed_rows *rows, struct by_size *sizes)
{
	const struct shed_work *w = rows->w;
	uint8_t *taken = rows->x; /* idle now */

	for (uint32_t r = 0; r < w->R; r++)
		sizes[r] = (struct by_size){ w->row_at[r + 1] - w->row_at[r], r };
	qsort(sizes, w->R, sizeof *sizes, fewest_first);
	for (size_t i = 0; i < w->R && sizes[i].hosts <= HOSTS_MOST; i++) {
		uint32_t r = sizes[i].row;
		bool is_free = true;

		for (uint32_t j = w->row_at[r]; j < w->row_at[r + 1]; j++)
			is_free = is_free && !taken[w->rows[j].host];
		if (!is_free)
			continue;
		for (uint32_t j = w->row_at[r]; j < w->row_at[r + 1]; j++)
			taken[w->rows[j].host] = 1;
		rows->whole[rows->whole_n++] = r;
	}
	for (uint32_t h = 0; h < w->H; h++)
		if (!taken[h])
			rows->loose[rows->loose_n++] = h;
}

/* How fine each row is cut, and room for the largest table; 0: none is whole. */
static size_t steps_set(struct shed_rows *rows)
{
	const struct shed_work *w = rows->w;
	size_t most = 0;

	for (size_t i = 0; i < rows->whole_n; i++) {
		uint32_t r = rows->whole[i], n = w->row_at[r + 1] - w->row_at[r];
		double all = 0;

		for (uint32_t j = w->row_at[r]; j < w->row_at[r + 1]; j++)
			all += w->use_off[w->rows[j].use];
		double steps = all > 0 ? PARTS * n / all : 0;

		rows->steps[i] = steps < STEPS_LEAST ? STEPS_LEAST
		    : steps < STEPS_MOST	     ? (uint32_t)steps : STEPS_MOST;
		size_t room = (n + 2) * (size_t)(rows->steps[i] + 1);

		most = room > most ? room : most;
	}
	return most;
}

int rows_new(struct shed_work *w, struct arena *arena, struct shed_rows *ret_rows,
    struct why *why)
{
	struct shed_rows rows = { .w = w };
	struct by_size *sizes = NULL;
	struct { void *at; size_t n, size; } rooms[] = {
		{ &sizes, w->R, sizeof *sizes }, { &rows.whole, w->R, sizeof(uint32_t) },
		{ &rows.steps, w->R, sizeof(uint32_t) }, { &rows.loose, w->H, sizeof(uint32_t) },
		{ &rows.off, w->H, sizeof(double) }, { &rows.capped, w->H, sizeof(double) },
		{ &rows.x, w->H, 1 }, { &rows.chosen, w->S, sizeof(uint32_t) },
	};

	for (size_t i = 0; i < sizeof rooms / sizeof rooms[0]; i++) {
		*(void **)rooms[i].at = arena_array(arena, rooms[i].n + 1, rooms[i].size);
		if (*(void **)rooms[i].at == NULL)
			return fail(why, KS_FULL, "no memory for this plan");
	}
	int bad = climb_new(2 * w->R + w->S, arena, &rows.climb, why);

	whole_choose(&rows, sizes);
	rows.table = arena_array(arena, steps_set(&rows) + 1, sizeof(float));
	rows.back = arena_array(arena, 2 * (STEPS_MOST + 1), sizeof(float));
	if (bad == KS_OK && (rows.table == NULL || rows.back == NULL))
		bad = fail(why, KS_FULL, "no memory for this plan");
	if (bad != KS_OK)
		return bad;
	rows.lam = rows.climb.at;
	rows.mu = rows.climb.at + w->R;
	rows.pi = rows.climb.at + 2 * w->R;
	memcpy(rows.climb.scale, w->climb.scale, 2 * w->R * sizeof(double));
	for (size_t s = 0; s < w->S; s++)
		rows.climb.scale[2 * w->R + s] = sqrt(w->first[s + 1] - w->first[s] + 1);
	*ret_rows = rows;
	return KS_OK;
}

void rows_take(struct shed_rows *rows)
{
	const struct shed_work *w = rows->w;

	memcpy(rows->lam, w->climb.best_at, 2 * w->R * sizeof(double));
	for (size_t i = 0; i < rows->whole_n; i++)
		rows->lam[rows->whole[i]] = rows->mu[rows->whole[i]] = 0;
	/* what one more host off would have to gain */
	for (size_t s = 0; s < w->S; s++)
		rows->pi[s] = fmin((double)w->p->services[s].unit,
		    fmax(0, isinf(w->edge_out[s]) ? 0 : -w->edge_out[s]));
	memcpy(rows->climb.best_at, rows->climb.at, rows->climb.n * sizeof(double));
}

static double costs_set(struct shed_rows *rows)
{
	const struct shed_work *w = rows->w;
	double size = 0;

	for (size_t h = 0; h < w->H; h++) {
		const struct shed_host *host = &w->p->hosts[h];
		double off = (double)w->p->off, capped = 0;

		if (host->service != SHED_NONE) {
			off += rows->pi[host->service];
			capped = (double)w->p->services[host->service].capped;
		}
		size += 2 * (off + capped);
		for (uint32_t u = host->use; u < host->use + host->uses_n; u++) {
			uint32_t r = w->p->uses[u].row;

			off -= rows->lam[r] * w->use_off[u] + rows->mu[r];
			capped -= rows->lam[r] * w->use_cap[u];
		}
		rows->off[h] = off;
		rows->capped[h] = host->can_cap ? capped : INFINITY;
		size += fabs(off) + fabs(capped);
	}
	return size;
}

/* Rounded up: nothing that is feasible is lost. */
static uint32_t parts(double share, uint32_t steps)
{
	double n = ceil(share * steps);

	return n < steps ? (uint32_t)n : steps;
}

/* to[j] = min(to[j], from[j - gain] + cost): one host in one state. */
static void layer(float *restrict to, const float *restrict from, uint32_t n, float cost)
{
	for (uint32_t j = 0; j < n; j++)
		to[j] = from[j] + cost < to[j] ? from[j] + cost : to[j];
}

struct states { /* of one host in one row */
	float cost[3];
	uint32_t gain[3];
	bool may[3];
};

static struct states states_of(const struct shed_rows *rows, size_t i, uint32_t j)
{
	const struct shed_work *w = rows->w;
	const struct row_entry *entry = &w->rows[w->row_at[rows->whole[i]] + j];
	uint32_t h = entry->host;
	struct states at = { .cost = { 0, (float)rows->capped[h], (float)rows->off[h] },
		.gain = { 0, parts(w->use_cap[entry->use], rows->steps[i]),
		    parts(w->use_off[entry->use], rows->steps[i]) } };

	for (int state = SHED_ON; state <= SHED_OFF; state++)
		at.may[state] = state >= w->lo[h] && state <= w->hi[h] &&
		    (state != SHED_CAPPED || w->p->hosts[h].can_cap);
	return at;
}

/* One more host, from one layer to the next. */
static void host_add(float *to, const float *from, uint32_t steps, const struct states *at)
{
	for (uint32_t j = 0; j <= steps; j++)
		to[j] = at->may[SHED_ON] ? from[j] : INFINITY;
	for (int state = SHED_CAPPED; state <= SHED_OFF; state++) {
		uint32_t gain = at->gain[state];
		float least = from[0] + at->cost[state];

		if (!at->may[state])
			continue;
		for (uint32_t j = 0; j < gain; j++)
			to[j] = least < to[j] ? least : to[j];
		layer(to + gain, from, steps + 1 - gain, at->cost[state]);
	}
}

static void table_start(float *table, uint32_t steps)
{
	table[0] = 0;
	for (uint32_t j = 1; j <= steps; j++)
		table[j] = INFINITY;
}

/* The states that gave the least. */
static void row_trace(struct shed_rows *rows, size_t i, uint32_t n)
{
	const struct shed_work *w = rows->w;
	uint32_t wide = rows->steps[i] + 1, rest = wide - 1;

	while (n-- > 0) {
		struct states at = states_of(rows, i, n);
		const float *from = rows->table + n * wide, *to = from + wide;
		uint8_t chosen = SHED_ON;

		for (uint8_t state = SHED_OFF; state >= SHED_CAPPED && !(at.may[SHED_ON] && from[rest] <= to[rest]); state--)
			if (at.may[state] && from[rest > at.gain[state] ? rest - at.gain[state] : 0] + at.cost[state] <= to[rest])
				chosen = state;
		rows->x[w->rows[w->row_at[rows->whole[i]] + n].host] = chosen;
		rest = rest > at.gain[chosen] ? rest - at.gain[chosen] : 0;
	}
}

/* The least cost of a row; what rounding may hide of it. */
static double row_solve(struct shed_rows *rows, size_t i, double *ret_margin)
{
	const struct shed_work *w = rows->w;
	uint32_t r = rows->whole[i], n = w->row_at[r + 1] - w->row_at[r];
	uint32_t wide = rows->steps[i] + 1;
	double size = 0;

	table_start(rows->table, wide - 1);
	for (uint32_t j = 0; j < n; j++) {
		struct states at = states_of(rows, i, j);

		host_add(rows->table + (j + 1) * wide, rows->table + j * wide, wide - 1, &at);
		size += fabs((double)at.cost[SHED_OFF]) +
		    (at.may[SHED_CAPPED] ? fabs((double)at.cost[SHED_CAPPED]) : 0);
	}
	row_trace(rows, i, n);
	*ret_margin = (n + 2) * (double)FLT_EPSILON * size;
	return (double)rows->table[n * wide + wide - 1];
}

/* How many of its hosts a service itself wants off, between what is fixed and what may
 * be, paid pi for each. */
static void service_choose(struct shed_rows *rows, uint32_t s)
{
	struct shed_work *w = rows->w;
	const struct shed_service *at = &w->p->services[s];
	uint32_t least = 0, most = 0;

	for (uint32_t h = w->first[s]; h < w->first[s + 1]; h++) {
		least += w->lo[h] == SHED_OFF;
		most += w->hi[h] == SHED_OFF;
	}
	w->s_down[s] = (double)at->value - rows->pi[s] * most;
	uint32_t room = at->live > at->min ? at->live - at->min : 0;
	uint32_t spare = at->live > at->need ? at->live - at->need : 0;
	uint32_t top = most < room ? most : room;
	uint32_t want = rows->pi[s] >= (double)at->unit ? top : spare < top ? spare : top;

	want = want > least ? want : least;
	rows->chosen[s] = want;
	w->s_up[s] = -rows->pi[s] * want;
	if (at->live < at->need + want)
		w->s_up[s] += (double)at->unit * (at->need + want - at->live);
	rows->climb.slope[2 * w->R + s] = -(double)want;
}

static double services_solve(struct shed_rows *rows, double *size)
{
	struct shed_work *w = rows->w;
	double sum = 0;

	for (uint32_t s = 0; s < w->S; s++) {
		const struct shed_service *at = &w->p->services[s];

		service_choose(rows, s);
		sum += w->fate[s] == FATE_DOWN ? 0 : w->s_up[s];
		*size += 2 * (double)at->value + (double)at->unit * (at->need + at->live) +
		    2 * rows->pi[s] * (w->first[s + 1] - w->first[s]);
	}
	sum += closure_least(w);
	for (uint32_t s = 0; s < w->S; s++)
		if (w->z[s]) { /* down: all that may go off */
			rows->climb.slope[2 * w->R + s] = 0;
			for (uint32_t h = w->first[s]; h < w->first[s + 1]; h++)
				rows->climb.slope[2 * w->R + s] -= w->hi[h] == SHED_OFF;
		}
	return sum;
}

static void slopes_set(struct shed_rows *rows)
{
	const struct shed_work *w = rows->w;
	double *slope = rows->climb.slope;

	for (size_t h = 0; h < w->H; h++) {
		const struct shed_host *host = &w->p->hosts[h];
		bool off = rows->x[h] == SHED_OFF;

		if (rows->x[h] == SHED_ON)
			continue;
		if (off && host->service != SHED_NONE)
			slope[2 * w->R + host->service] += 1;
		for (uint32_t u = host->use; u < host->use + host->uses_n; u++) {
			uint32_t r = w->p->uses[u].row;

			slope[r] -= off ? w->use_off[u] : w->use_cap[u];
			slope[w->R + r] -= off;
		}
	}
	for (size_t i = 0; i < rows->whole_n; i++)
		slope[rows->whole[i]] = slope[w->R + rows->whole[i]] = 0;
}

/* A host in no row of its own. */
static double loose_solve(struct shed_rows *rows, uint32_t h)
{
	const struct shed_work *w = rows->w;
	double cost[3] = { 0, rows->capped[h], rows->off[h] }, least = INFINITY;

	for (uint8_t state = w->lo[h]; state <= w->hi[h]; state++)
		if (cost[state] < least) {
			least = cost[state];
			rows->x[h] = state;
		}
	return least;
}

void rows_evaluate(struct shed_rows *rows)
{
	struct shed_work *w = rows->w;
	double size = costs_set(rows), sum = 0;

	for (size_t r = 0; r < w->R; r++) {
		rows->climb.slope[r] = 1;
		rows->climb.slope[w->R + r] = w->count[r];
		sum += rows->lam[r] + rows->mu[r] * w->count[r];
		size += rows->lam[r] + rows->mu[r] * w->count[r];
	}
	for (size_t i = 0; i < rows->whole_n; i++) {
		double margin;

		sum += row_solve(rows, i, &margin);
		sum -= margin;
	}
	for (size_t i = 0; i < rows->loose_n; i++)
		sum += loose_solve(rows, rows->loose[i]);
	sum += services_solve(rows, &size);
	slopes_set(rows);
	/* as in work_evaluate() */
	rows->bound = sum - (double)(4 * (w->U + w->H + w->S + w->R) + 64) * DBL_EPSILON * size;
}

/* What each state of each host of a row would cost at least. */
static void row_each(struct shed_rows *rows, size_t i,
    void (*tell)(void *user, uint32_t host, uint8_t state, double rise), void *user)
{
	const struct shed_work *w = rows->w;
	uint32_t first = w->row_at[rows->whole[i]], wide = rows->steps[i] + 1;
	double margin, least = row_solve(rows, i, &margin);
	float *now = rows->back, *next = rows->back + wide;

	table_start(now, wide - 1);
	for (uint32_t n = w->row_at[rows->whole[i] + 1] - first; n-- > 0;) {
		struct states at = states_of(rows, i, n);
		const float *from = rows->table + n * wide;

		host_add(next, now, wide - 1, &at);
		for (uint8_t state = SHED_ON; state <= SHED_OFF; state++) {
			float best = INFINITY;
			uint32_t rest = wide - 1 - at.gain[state];

			if (!at.may[state])
				continue;
			for (uint32_t j = 0; j < wide; j++) {
				uint32_t back = j < rest ? rest - j : 0;

				best = from[j] + now[back] < best ? from[j] + now[back] : best;
			}
			tell(user, w->rows[first + n].host, state,
			    (double)best + (double)at.cost[state] - least - margin);
		}
		float *swap = now;

		now = next;
		next = swap;
	}
}

void rows_each(struct shed_rows *rows,
    void (*tell)(void *user, uint32_t host, uint8_t state, double rise), void *user)
{
	for (size_t i = 0; i < rows->whole_n; i++)
		row_each(rows, i, tell, user);
}
