/* src/plan/shed_join.c - see the header. */
#include "plan/shed_join.h"
#include "base/must.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { CHUNK = 16, LABELS_PAIR = 32, LOOK = 64, CHEAPER = 4, NO_NEXT = JOIN_NO_NEXT };
/* buckets of a stage; a stage is thought to hold up to so many times the labels before it */
enum { BUCKETS_LEAST = 1 << 10, GROWS = 16 };

/* The same hosts giving the same: one way. */
static bool same_way(const struct shed_work *w, uint32_t r, uint32_t q)
{
	uint32_t n = w->row_at[r + 1] - w->row_at[r];

	if (w->row_at[q + 1] - w->row_at[q] != n)
		return false;
	for (uint32_t i = 0; i < n; i++) {
		const struct row_entry *a = &w->rows[w->row_at[r] + i], *b = &w->rows[w->row_at[q] + i];

		if (a->host != b->host || a->capped != b->capped || a->extra != b->extra)
			return false;
	}
	return true;
}

/* The rows that are not solved whole, each to its way; false: too many. */
static bool ways_lay(struct shed_join *j)
{
	const struct shed_work *w = j->rows->w;

	for (size_t r = 0; r < w->R; r++)
		j->way_of[r] = SHED_NONE;
	for (size_t i = 0; i < j->rows->whole_n; i++)
		j->way_of[j->rows->whole[i]] = JOIN_WAYS - 1;
	for (uint32_t r = 0; r < w->R; r++) {
		for (uint32_t q = 0; q < r && j->way_of[r] == SHED_NONE; q++)
			if (j->way_of[q] < JOIN_WAYS - 1 && same_way(w, r, q))
				j->way_of[r] = j->way_of[q];
		if (j->way_of[r] == SHED_NONE && j->ways_n == JOIN_WAYS - 1)
			return false;
		if (j->way_of[r] == SHED_NONE) {
			j->way_hosts[j->ways_n] = w->row_at[r + 1] - w->row_at[r];
			j->way_of[r] = j->ways_n++;
		}
		if (j->way_of[r] < JOIN_WAYS - 1 && w->p->excess[r] > j->need[j->way_of[r]])
			j->need[j->way_of[r]] = w->p->excess[r];
	}
	return true;
}

/* Ways by the number of their hosts; which of them each block is in. */
static void ways_order(struct shed_join *j)
{
	const struct shed_work *w = j->rows->w;

	for (uint32_t k = 0; k < j->ways_n; k++) {
		uint32_t at = k;

		for (; at > 0 && j->way_hosts[j->way_order[at - 1]] > j->way_hosts[k]; at--)
			j->way_order[at] = j->way_order[at - 1];
		j->way_order[at] = k;
	}
	for (struct join_block *b = j->blocks; b < j->blocks + j->blocks_n; b++)
		for (uint32_t i = b->first; i < b->first + b->n; i++) {
			const struct shed_host *host = &w->p->hosts[j->hosts[i]];

			for (uint32_t u = host->use; u < host->use + host->uses_n; u++)
				if (j->way_of[w->p->uses[u].row] < j->ways_n)
					b->ways_leaf |= 1u << j->way_of[w->p->uses[u].row];
		}
}

static void blocks_lay(struct shed_join *j)
{
	const struct shed_work *w = j->rows->w;
	uint32_t n = 0;

	for (size_t i = 0; i < j->rows->whole_n; i++) {
		uint32_t r = j->rows->whole[i];

		j->blocks[j->blocks_n++] = (struct join_block){ .first = n,
			.n = w->row_at[r + 1] - w->row_at[r], .row = r };
		for (uint32_t k = w->row_at[r]; k < w->row_at[r + 1]; k++)
			j->hosts[n++] = w->rows[k].host;
	}
	for (size_t i = 0; i < j->rows->loose_n; i++) {
		if (i % CHUNK == 0)
			j->blocks[j->blocks_n++] = (struct join_block){ .first = n, .row = SHED_NONE };
		j->blocks[j->blocks_n - 1].n++;
		j->hosts[n++] = j->rows->loose[i];
	}
	ways_order(j);
}

struct shed_join *join_new(struct shed_rows *rows, struct arena *arena)
{
	const struct shed_work *w = rows->w;
	struct shed_join *j = arena_take(arena, sizeof *j);
	/* a few hosts have few plans */
	size_t labels = w->H * w->H * LABELS_PAIR;

	if (j == NULL || w->H > JOIN_HOSTS)
		return NULL;
	labels = labels < JOIN_LABELS ? labels : JOIN_LABELS;
	struct { void *at; size_t n, size; } rooms[] = {
		{ &j->blocks, w->H + w->R, sizeof *j->blocks }, { &j->hosts, w->H, sizeof(uint32_t) },
		{ &j->way_of, w->R, sizeof(uint32_t) }, { &j->lane_of, w->S, sizeof(uint32_t) },
		{ &j->prices, w->R, sizeof *j->prices },
		{ &j->off, w->H, sizeof(int64_t) }, { &j->capped, w->H, sizeof(int64_t) },
		{ &j->red_off, w->H, sizeof(double) }, { &j->red_capped, w->H, sizeof(double) },
		{ &j->suffix, (w->H + 1) * (JOIN_STEPS + 1), sizeof(double) },
		{ &j->heads, JOIN_BUCKETS, sizeof(uint32_t) }, { &j->menus, labels, sizeof(uint32_t) },
		{ &j->labels, labels, sizeof *j->labels },
	};

	for (size_t i = 0; i < sizeof rooms / sizeof rooms[0]; i++) {
		*(void **)rooms[i].at = arena_array(arena, rooms[i].n + 1, rooms[i].size);
		if (*(void **)rooms[i].at == NULL)
			return NULL;
	}
	j->labels_room = (uint32_t)labels;
	j->rows = rows;
	if (!ways_lay(j))
		return NULL;
	blocks_lay(j);
	return j;
}

void join_stage(struct shed_join *j)
{
	uint32_t before = j->labels_n - j->stage;

	/* so many that few labels share one, and no more: all are emptied each time */
	j->buckets = BUCKETS_LEAST;
	while (j->buckets < JOIN_BUCKETS && j->buckets / GROWS < before)
		j->buckets *= 2;
	j->stage = j->labels_n;
	for (uint32_t i = 0; i < j->buckets; i++)
		j->heads[i] = NO_NEXT;
}

static bool beats(const struct shed_join *j, const struct join_label *a, const struct join_label *b)
{
	for (uint32_t k = 0; k < JOIN_WAYS; k++)
		if (a->relief[k] < b->relief[k] && a->relief[k] < j->need[k])
			return false;
	return a->cost <= b->cost;
}

/* The first label of the bucket with the same hosts off at the same cost, or SHED_NONE. */
static uint32_t *bucket(struct shed_join *j, const struct join_label *l, int64_t cost)
{
	uint64_t hash = (l->both[0] * 0x9e3779b97f4a7c15) ^ (l->both[1] * 0xbf58476d1ce4e5b9) ^
	    ((uint64_t)cost * 0x94d049bb133111eb);

	/* every lane must reach the bits that count */
	hash = (hash ^ (hash >> 32)) * 0x9e3779b97f4a7c15;
	return &j->heads[(hash >> 32) & (j->buckets - 1)];
}

static bool alike(const struct join_label *a, const struct join_label *b)
{
	return (a->both[0] == b->both[0]) & (a->both[1] == b->both[1]);
}

/* Is a label in the stage as good, at the same cost or a little less? */
static bool beaten(struct shed_join *j, const struct join_label *l)
{
	for (int i = 0; i < CHEAPER; i++) {
		int64_t cost = l->cost - i * j->rows->w->grain;

		for (uint32_t at = *bucket(j, l, cost); at != NO_NEXT; at = j->labels[at].next)
			if (alike(&j->labels[at], l) && beats(j, &j->labels[at], l))
				return true;
	}
	return false;
}

void join_keep(struct shed_join *j, const struct join_label *l)
{
	uint32_t *head = bucket(j, l, l->cost);

	if (++j->turn % (LOOK * LOOK) == 0 && !j->go_on(j->user))
		j->full = true;
	if (beaten(j, l))
		return;
	for (uint32_t at = *head; at != NO_NEXT; at = j->labels[at].next)
		if (alike(&j->labels[at], l) && beats(j, l, &j->labels[at]))
			j->labels[at].cost = INT64_MAX;
	if (j->labels_n == j->labels_max) {
		j->full = true;
		return;
	}
	j->labels[j->labels_n] = *l;
	j->labels[j->labels_n].next = *head & NO_NEXT;
	*head = j->labels_n++;
}

static int64_t lane_cost(const struct join_lane *lane, uint32_t n)
{
	return lane->unit * (lane->short_n + (n > lane->spare ? n - lane->spare : 0));
}

double join_lane_least(const struct join_lane *lane, uint32_t n, uint32_t more)
{
	uint32_t most = n + more;

	if (n > lane->room)
		return INFINITY;
	/* it bends upwards: the nearest to where it is least */
	n = n > lane->best ? n : most < lane->best ? most : lane->best;
	return (double)lane_cost(lane, n) - lane->pi * n;
}

/* What the rows of these ways add. */
static double ways_least(const struct shed_join *j, const struct join_label *l, uint32_t ways)
{
	double sum = 0;

	for (const struct join_price *at = j->prices; at < j->prices + j->prices_n; at++) {
		double paid = at->each * (double)l->relief[at->way];

		if (ways >> at->way & 1)
			sum += paid > at->lam ? paid : at->lam;
	}
	return sum;
}

double join_least(const struct shed_join *j, const struct join_label *l)
{
	double sum = j->base + l->red + j->rest.least;

	for (uint32_t k = 0; k < j->lanes_n; k++)
		sum += join_lane_least(&j->lane[k], l->off[k], j->rest.most[k]);
	return sum + ways_least(j, l, ~j->closed);
}

double join_margin(const struct shed_join *j)
{
	/* as in shed_tree.c, for the rounding of these few sums */
	return 1e-9 * fabs((double)j->most) + 1;
}

static bool reaches(const struct shed_join *j, const struct join_label *l)
{
	for (uint32_t k = 0; k < j->ways_n; k++)
		if (!(j->closed >> k & 1) && l->relief[k] + j->rest.reach[k] < j->need[k])
			return false;
	return true;
}

/* What the blocks that are not in the labels are good for. */
static void rest_set(struct shed_join *j)
{
	memset(&j->rest, 0, sizeof j->rest);
	for (const struct join_block *b = j->blocks; b < j->blocks + j->blocks_n; b++) {
		if (b->gone | b->in)
			continue;
		j->rest.least += b->least;
		for (uint32_t k = 0; k < j->lanes_n; k++)
			j->rest.most[k] += b->most[k];
		for (uint32_t k = 0; k < j->ways_n; k++)
			j->rest.reach[k] += b->reach[k];
	}
}

static int menu_order(const void *a, const void *b, void *user)
{
	const struct join_label *x = (const struct join_label *)user + *(const uint32_t *)a,
				*y = (const struct join_label *)user + *(const uint32_t *)b;

	if (x->red != y->red)
		return x->red < y->red ? -1 : 1;
	return (x > y) - (x < y);
}

bool join_serve(struct shed_join *j, struct join_block *b, uint32_t closing)
{
	b->menu = j->menus_n;
	memset(b->most, 0, sizeof b->most);
	memset(b->reach, 0, sizeof b->reach);
	for (uint32_t n = j->stage; n < j->labels_n; n++) {
		struct join_label *l = &j->labels[n];
		bool good = l->cost != INT64_MAX;

		for (uint32_t k = 0; k < JOIN_WAYS; k++)
			good = good && (!(closing >> k & 1) || l->relief[k] >= j->need[k]);
		if (!good)
			continue;
		l->red += ways_least(j, l, closing);
		for (uint32_t k = 0; k < j->lanes_n; k++)
			b->most[k] = l->off[k] > b->most[k] ? l->off[k] : b->most[k];
		for (uint32_t k = 0; k < JOIN_WAYS; k++) {
			l->relief[k] = closing >> k & 1 ? 0 : l->relief[k];
			b->reach[k] = l->relief[k] > b->reach[k] ? l->relief[k] : b->reach[k];
		}
		j->menus[j->menus_n++] = n;
	}
	b->menu_n = j->menus_n - b->menu;
	qsort_r(j->menus + b->menu, b->menu_n, sizeof *j->menus, menu_order, j->labels);
	b->least = b->menu_n > 0 ? j->labels[j->menus[b->menu]].red : INFINITY;
	return b->menu_n > 0;
}

/* All blocks are in: its cost. */
static void whole_take(struct shed_join *j, const struct join_label *l)
{
	int64_t cost = l->cost + j->constant;

	for (uint32_t k = 0; k < j->lanes_n; k++)
		cost += lane_cost(&j->lane[k], l->off[k]);
	if (cost > j->most || j->labels_n == j->labels_max) {
		j->full |= cost <= j->most;
		return;
	}
	j->best = j->labels_n;
	j->labels[j->labels_n++] = *l;
	j->most = cost - j->rows->w->grain;
}

/* What a label costs at least without the block that it is joined with, lane by lane. */
struct base {
	double sum, lane[JOIN_LANES];
};

static void base_set(const struct shed_join *j, const struct join_label *l, struct base *ret_base)
{
	ret_base->sum = j->base + l->red + j->rest.least;
	for (uint32_t k = 0; k < j->lanes_n; k++) {
		ret_base->lane[k] = join_lane_least(&j->lane[k], l->off[k], j->rest.most[k]);
		ret_base->sum += ret_base->lane[k];
	}
}

/* join_least() of both together; most choices are too dear, and change few lanes. */
static double pair_least(const struct shed_join *j, const struct base *base,
    const struct join_label *l, const struct join_label *dish)
{
	double sum = base->sum + dish->red;

	for (uint32_t k = 0; k < j->lanes_n; k++)
		if (dish->off[k] > 0)
			sum += join_lane_least(&j->lane[k], (uint32_t)l->off[k] + dish->off[k],
			    j->rest.most[k]) - base->lane[k];
	for (const struct join_price *at = j->prices; at < j->prices + j->prices_n; at++) {
		double paid = at->each * (double)(l->relief[at->way] + dish->relief[at->way]);

		if (!(j->closed >> at->way & 1))
			sum += paid > at->lam ? paid : at->lam;
	}
	return sum;
}

static void pair_join(struct shed_join *j, uint32_t n, uint32_t choice, bool last)
{
	const struct join_label *dish = &j->labels[choice];
	struct join_label l = j->labels[n];

	l.red += dish->red;
	l.cost += dish->cost;
	l.both[0] += dish->both[0];
	l.both[1] += dish->both[1];
	for (uint32_t k = 0; k < j->ways_n; k++)
		l.relief[k] += dish->relief[k];
	if (!reaches(j, &l))
		return;
	l.parent = n;
	l.choice = choice;
	l.joined = 1;
	if (last)
		whole_take(j, &l);
	else
		join_keep(j, &l);
}

/* Every label with every choice of the block that may still pay. */
static void block_join(struct shed_join *j, struct join_block *b, bool last)
{
	uint32_t from = j->stage, to = j->labels_n;
	struct join_rest before = j->rest;

	b->in = true;
	rest_set(j);
	join_stage(j);
	struct join_rest after = j->rest;

	for (uint32_t n = from; n < to && !j->full; n++) {
		if (j->labels[n].cost == INT64_MAX)
			continue;
		if (n % LOOK == 0 && !j->go_on(j->user))
			j->full = true;
		j->rest = before;
		double rest = join_least(j, &j->labels[n]) - b->least;
		struct base base;

		j->rest = after;
		base_set(j, &j->labels[n], &base);
		for (uint32_t i = 0; i < b->menu_n && !j->full; i++) {
			uint32_t choice = j->menus[b->menu + i];

			if (rest + j->labels[choice].red > (double)j->most + join_margin(j))
				break;
			if (pair_least(j, &base, &j->labels[n], &j->labels[choice]) <=
			    (double)j->most + join_margin(j))
				pair_join(j, n, choice, last);
		}
	}
}

static bool takes_part(const struct join_block *b, uint32_t ways, bool last)
{
	return !b->gone && (last || (b->ways & ways) != 0);
}

/* The blocks of these ways become one; false: no plan, or too much. */
static bool blocks_merge(struct shed_join *j, uint32_t ways, bool last)
{
	struct join_label none = { .parent = SHED_NONE };
	struct join_block *first = NULL, *end = j->blocks + j->blocks_n;
	uint32_t left = 0;

	for (struct join_block *b = j->blocks; b < end; b++)
		left += takes_part(b, ways, last);
	rest_set(j);
	join_stage(j);
	join_keep(j, &none);
	for (struct join_block *b = j->blocks; b < end && !j->full; b++) {
		if (!takes_part(b, ways, last))
			continue;
		block_join(j, b, last & (--left == 0));
		if (first == NULL) {
			first = b;
		} else {
			first->ways |= b->ways;
			b->gone = true;
		}
	}
	if (last)
		return !j->full;
	must(first != NULL); /* a row without hosts could not be relieved */
	first->in = false;
	bool good = !j->full && join_serve(j, first, ways);

	j->closed |= ways;
	return good;
}

static void states_trace(const struct shed_join *j, uint32_t label, uint8_t *state)
{
	const struct join_label *l = &j->labels[label];

	for (; l->parent != SHED_NONE; l = &j->labels[l->parent])
		if (l->joined)
			states_trace(j, l->choice, state);
		else
			state[l->choice / 4] = l->choice % 4;
}

enum join_end join_search(struct shed_join *j, int64_t most, uint32_t labels, uint8_t *state)
{
	must(labels > 0);
	j->labels_max = labels < j->labels_room ? labels : j->labels_room;
	j->labels_n = j->menus_n = j->stage = 0;
	j->most = most;
	j->best = SHED_NONE;
	j->full = false;
	j->closed = 0;
	if (!join_costs(j))
		return JOIN_FULL;
	bool good = join_menus(j);

	for (uint32_t k = 0; k < j->ways_n && good; k++)
		good = blocks_merge(j, 1u << j->way_order[k], k + 1 == j->ways_n);
	if (good && j->ways_n == 0)
		(void)blocks_merge(j, 0, true);
	if (j->best != SHED_NONE)
		states_trace(j, j->best, state);
	if (j->full)
		return JOIN_FULL;
	return j->best != SHED_NONE ? JOIN_FOUND : JOIN_NONE;
}
