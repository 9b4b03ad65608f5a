/* src/plan/shed_menu.c - the menus of a join: blocks of hosts, what each may do.
 *
 * With lambda of the rows that blocks share and pi of the services, every plan costs
 *   sum red_h + sum_lanes (C_s(k) - pi_s k) + sum_rows lambda_r relief_r / excess_r,
 * each part of which has a least of its own. */
#include "plan/shed_join.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { STEPS = JOIN_STEPS };

static bool own_open(const struct join_block *b)
{
	return b->row != SHED_NONE;
}

/* What the host adds to the ways in a state. */
static void relief_add(const struct shed_join *j, const struct join_block *b,
    struct join_label *l, uint32_t h, uint8_t state)
{
	const struct shed_problem *p = j->rows->w->p;
	uint32_t seen = 0;

	for (uint32_t u = p->hosts[h].use; u < p->hosts[h].use + p->hosts[h].uses_n; u++) {
		uint32_t r = p->uses[u].row, way = r == b->row ? JOIN_WAYS - 1 : j->way_of[r];

		if (seen >> way & 1)
			continue; /* rows that are one way say the same */
		seen |= 1u << way;
		l->relief[way] += state == SHED_OFF ? p->uses[u].off
		    : state == SHED_CAPPED	    ? p->uses[u].capped : 0;
	}
}

/* How much less everything costs at least when this service, and what else pays, falls. */
static void fall_note(struct shed_join *j, uint32_t s, double up, uint32_t hosts)
{
	const struct shed_service *at = &j->rows->w->p->services[s];
	double fall = (double)at->value + up;

	if (j->lane_of[s] != SHED_NONE)
		fall -= j->lane[j->lane_of[s]].pi * hosts + join_lane_least(&j->lane[j->lane_of[s]], 0, UINT8_MAX);
	j->falls += fmin(0, fall);
	/* else it falls only with what it needs */
	if (hosts + at->min > at->live)
		j->fall = fmin(j->fall, fmax(0, fall));
}

/* A service's cost is one line over what may still happen, or it is a lane. */
static bool service_cost(struct shed_join *j, uint32_t s)
{
	struct shed_work *w = j->rows->w;
	const struct shed_service *at = &w->p->services[s];
	uint32_t fixed = 0, open = 0;

	for (uint32_t h = w->first[s]; h < w->first[s + 1]; h++) {
		fixed += w->lo[h] == SHED_OFF;
		open += w->lo[h] < SHED_OFF && w->hi[h] == SHED_OFF;
	}
	uint32_t spare = at->live > at->need ? at->live - at->need : 0;
	uint32_t room = at->live > at->min ? at->live - at->min : 0;
	int64_t slope = 0, short_n = (int64_t)at->need + fixed - at->live;
	int64_t before = j->constant;

	j->lane_of[s] = SHED_NONE;
	if (w->fate[s] == FATE_DOWN) {
		j->constant += at->value;
	} else if (fixed + open <= room && (fixed + open <= spare || fixed >= spare)) {
		slope = fixed >= spare ? at->unit : 0;
		j->constant += at->unit * (short_n > 0 ? short_n : 0) - slope * fixed;
	} else if (j->lanes_n == JOIN_LANES || fixed + open > UINT8_MAX) {
		return false;
	} else {
		double pi = j->rows->climb.best_at[2 * w->R + s];
		/* the number of hosts off that it likes best; its cost bends at spare */
		uint32_t best = pi >= (double)at->unit ? room : pi > 0 ? spare : 0;

		j->lane_of[s] = j->lanes_n;
		j->lane[j->lanes_n++] = (struct join_lane){ at->unit, at->need > at->live ?
		    at->need - at->live : 0, spare, room, best < room ? best : room, pi };
	}
	if (w->fate[s] == FATE_FREE)
		fall_note(j, s, (double)(before - j->constant - slope * (fixed + open)), fixed + open);
	for (uint32_t h = w->first[s]; h < w->first[s + 1]; h++) {
		j->off[h] = w->p->off + slope;
		j->capped[h] = at->capped;
		j->red_off[h] = (double)j->off[h] + (j->lane_of[s] != SHED_NONE ? j->lane[j->lane_of[s]].pi : 0);
	}
	return true;
}

bool join_costs(struct shed_join *j)
{
	struct shed_work *w = j->rows->w;
	const double *lam = j->rows->climb.best_at, *mu = lam + w->R;

	j->lanes_n = 0;
	j->constant = 0;
	j->falls = 0;
	j->fall = INFINITY;
	for (uint32_t s = 0; s < w->S; s++)
		if (!service_cost(j, s))
			return false;
	for (uint32_t h = w->first[w->S]; h < w->H; h++) {
		j->off[h] = w->p->off;
		j->red_off[h] = (double)w->p->off;
		j->capped[h] = 0;
	}
	j->base = (double)j->constant;
	j->prices_n = 0;
	for (size_t r = 0; r < w->R; r++) {
		j->base += mu[r] * w->count[r];
		if (lam[r] > 0)
			j->prices[j->prices_n++] = (struct join_price){ lam[r],
				lam[r] / (double)w->p->excess[r], j->way_of[r] };
	}
	for (uint32_t h = 0; h < w->H; h++) {
		j->red_capped[h] = (double)j->capped[h];
		for (uint32_t u = w->p->hosts[h].use; u < w->p->hosts[h].use + w->p->hosts[h].uses_n; u++) {
			uint32_t r = w->p->uses[u].row;

			j->red_off[h] -= lam[r] * w->use_off[u] + mu[r];
			j->red_capped[h] -= lam[r] * w->use_cap[u];
		}
	}
	return true;
}

static double red_of(const struct shed_join *j, uint32_t h, uint8_t state)
{
	return state == SHED_OFF ? j->red_off[h] : state == SHED_CAPPED ? j->red_capped[h] : 0;
}

static bool may(const struct shed_work *w, uint32_t h, uint8_t state)
{
	return state >= w->lo[h] && state <= w->hi[h] && (state != SHED_CAPPED || w->p->hosts[h].can_cap);
}

/* What a state gives the block's own row, of STEPS. */
static double own_share(const struct shed_join *j, const struct join_block *b, uint32_t h, uint8_t state)
{
	const struct shed_work *w = j->rows->w;

	for (uint32_t u = w->p->hosts[h].use; u < w->p->hosts[h].use + w->p->hosts[h].uses_n; u++)
		if (w->p->uses[u].row == b->row)
			return state == SHED_OFF ? w->use_off[u] : state == SHED_CAPPED ? w->use_cap[u] : 0;
	return 0;
}

/* suffix[i][k]: the least of hosts i ... that gives k steps, reliefs rounded up. */
static void suffix_set(struct shed_join *j, const struct join_block *b)
{
	const struct shed_work *w = j->rows->w;
	double *next = j->suffix + (size_t)b->n * (STEPS + 1);

	next[0] = 0;
	for (int k = 1; k <= STEPS; k++)
		next[k] = own_open(b) ? INFINITY : 0;
	for (uint32_t i = b->n; i-- > 0; next -= STEPS + 1) {
		double *row = next - (STEPS + 1);
		uint32_t h = j->hosts[b->first + i];

		for (int k = 0; k <= STEPS; k++)
			row[k] = INFINITY;
		for (uint8_t state = SHED_ON; state <= SHED_OFF; state++) {
			int gain = (int)fmin(STEPS, ceil(own_share(j, b, h, state) * STEPS));

			for (int k = 0; may(w, h, state) && k <= STEPS; k++)
				row[k] = fmin(row[k], red_of(j, h, state) + next[k > gain ? k - gain : 0]);
		}
	}
}

/* How much of the own row is missing, in steps rounded down. */
static uint32_t own_rest(const struct shed_join *j, const struct join_block *b, const struct join_label *l)
{
	if (!own_open(b))
		return 0;
	int64_t excess = j->rows->w->p->excess[b->row], rest = excess - l->relief[JOIN_WAYS - 1];

	return rest <= 0 ? 0 : (uint32_t)floor((double)rest / (double)excess * STEPS);
}

/* The choices for one more host. */
static void host_choose(struct shed_join *j, const struct join_block *b, uint32_t i, double most)
{
	const struct shed_work *w = j->rows->w;
	uint32_t h = j->hosts[b->first + i], from = j->stage, to = j->labels_n;
	uint32_t s = w->p->hosts[h].service;
	const double *rest = j->suffix + (size_t)(i + 1) * (STEPS + 1);

	join_stage(j);
	for (uint32_t n = from; n < to; n++)
		for (uint8_t state = SHED_ON; state <= SHED_OFF && j->labels[n].cost != INT64_MAX; state++) {
			struct join_label l = j->labels[n];

			if (!may(w, h, state))
				continue;
			l.red += red_of(j, h, state);
			relief_add(j, b, &l, h, state);
			if (l.red + rest[own_rest(j, b, &l)] > most)
				continue;
			l.cost += state == SHED_OFF ? j->off[h] : state == SHED_CAPPED ? j->capped[h] : 0;
			if (state == SHED_OFF && s != SHED_NONE && j->lane_of[s] != SHED_NONE)
				l.off[j->lane_of[s]]++;
			l.parent = n;
			l.choice = h * 4 + state;
			join_keep(j, &l);
		}
}

/* Everything within `slack` of the block's least. */
static bool menu_make(struct shed_join *j, struct join_block *b, double slack)
{
	struct join_label start = { .parent = SHED_NONE };

	j->need[JOIN_WAYS - 1] = own_open(b) ? j->rows->w->p->excess[b->row] : 0;
	suffix_set(j, b);
	join_stage(j);
	join_keep(j, &start);
	for (uint32_t i = 0; i < b->n; i++)
		host_choose(j, b, i, j->suffix[own_open(b) ? STEPS : 0] + slack);
	return join_serve(j, b, 1u << (JOIN_WAYS - 1));
}

bool join_menus(struct shed_join *j)
{
	struct join_label none = { .parent = SHED_NONE };
	struct join_block *end = j->blocks + j->blocks_n;

	/* first what all of them cost at least */
	memset(&j->rest, 0, sizeof j->rest);
	memset(j->rest.most, UINT8_MAX, sizeof j->rest.most);
	for (struct join_block *b = j->blocks; b < end; b++) {
		b->gone = b->in = false;
		b->ways = b->ways_leaf;
		suffix_set(j, b);
		b->least = j->suffix[own_open(b) ? STEPS : 0];
		j->rest.least += b->least;
	}
	double slack = (double)j->most - join_least(j, &none) + join_margin(j);

	if (j->fall + j->falls <= slack)
		j->full = true; /* a service may fall: not for here */
	for (struct join_block *b = j->blocks; slack >= 0 && b < end && !j->full; b++) {
		double least = b->least;

		if (!menu_make(j, b, slack))
			return false;
		slack -= b->least - least;
	}
	return slack >= 0 && !j->full;
}
