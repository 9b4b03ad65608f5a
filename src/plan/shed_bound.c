/* src/plan/shed_bound.c - what no plan can undercut: the Lagrangian at given multipliers.
 *
 * Each service is solved in closed form: sort its hosts by what switching one off adds,
 * take the best as long as that pays; a host beyond what is needed costs a unit more,
 * and beyond what is left above `min` none may go.  Up or down is then settled for all
 * services at once by a minimum cut. */
#include "plan/shed_in.h"
#include <float.h>
#include <math.h>
#include <stdlib.h>

static double host_costs(struct shed_work *w)
{
	const struct shed_problem *p = w->p;
	double size = 0;

	for (size_t h = 0; h < w->H; h++) {
		const struct shed_host *host = &p->hosts[h];
		double capped = host->service == SHED_NONE ? 0
						       : (double)p->services[host->service].capped;
		double rx = (double)p->off, ry = capped;

		size += rx + ry;
		for (uint32_t u = host->use; u < host->use + host->uses_n; u++) {
			uint32_t r = p->uses[u].row;

			rx -= w->lam[r] * w->use_off[u] + w->mu[r];
			ry -= w->lam[r] * w->use_cap[u];
		}
		w->rx[h] = rx;
		w->ry[h] = host->can_cap ? ry : INFINITY;
		size += fabs(rx) + fabs(ry);
	}
	return size;
}

/* The best state short of off, of those not excluded. */
static uint8_t rest_state(const struct shed_work *w, size_t h)
{
	if (w->lo[h] == SHED_ON && (w->hi[h] == SHED_ON || w->ry[h] >= 0))
		return SHED_ON;
	return SHED_CAPPED;
}

static double state_cost(const struct shed_work *w, size_t h, uint8_t state)
{
	return state == SHED_OFF ? w->rx[h] : state == SHED_CAPPED ? w->ry[h] : 0;
}

static int less_first(const void *a, const void *b)
{
	const struct shed_pick *x = a, *y = b;

	if (x->d != y->d)
		return x->d < y->d ? -1 : 1;
	return (x->host > y->host) - (x->host < y->host);
}

/* The service up: of n picks take the best.  fixed hosts are off anyway. */
static double service_take(struct shed_work *w, size_t s, uint32_t n, uint32_t fixed)
{
	const struct shed_service *service = &w->p->services[s];
	/* fewer than min only when it is down, and then nobody asks */
	uint32_t live = service->live - fixed, k = 0;
	uint32_t room = live > service->min ? live - service->min : 0;
	uint32_t spare = live > service->need ? live - service->need : 0;
	double cost = live < service->need ? (double)service->unit * (service->need - live) : 0;

	qsort(w->picks, n, sizeof *w->picks, less_first);
	for (; k < n && k < room; k++) {
		double d = w->picks[k].d + (k < spare ? 0 : (double)service->unit);

		if (d >= 0)
			break;
		cost += d;
		w->taken_up[w->picks[k].host] = SHED_OFF;
	}
	w->edge_in[s] = k > 0 ? w->picks[k - 1].d : -INFINITY;
	w->edge_out[s] = k < n ? w->picks[k].d : INFINITY;
	return cost;
}

/* Both fates of a service. */
static void service_evaluate(struct shed_work *w, size_t s)
{
	const struct shed_service *service = &w->p->services[s];
	double up = 0, down = (double)service->value;
	uint32_t n = 0, fixed = 0;

	for (uint32_t h = w->first[s]; h < w->first[s + 1]; h++) {
		uint8_t rest = rest_state(w, h);
		double cost = state_cost(w, h, rest);

		w->taken_up[h] = rest;
		w->gain[h] = w->rx[h] - cost;
		if (w->lo[h] == SHED_OFF) {
			w->taken_up[h] = SHED_OFF;
			up += w->rx[h];
			down += w->rx[h];
			fixed++;
		} else if (w->hi[h] < SHED_OFF) {
			up += cost;
			down += cost;
		} else {
			up += cost;
			down += w->rx[h] < cost ? w->rx[h] : cost;
			w->picks[n++] = (struct shed_pick){ w->gain[h], h };
		}
	}
	w->s_up[s] = up + service_take(w, s, n, fixed);
	w->s_down[s] = down;
}

/* The states that belong to the fates chosen; hosts without service. */
static double states_set(struct shed_work *w)
{
	double sum = 0;

	for (size_t s = 0; s <= w->S; s++)
		for (uint32_t h = w->first[s]; h < w->first[s + 1]; h++) {
			uint8_t rest = rest_state(w, h);
			double gain = w->rx[h] - state_cost(w, h, rest);
			bool off = w->lo[h] == SHED_OFF || (w->hi[h] == SHED_OFF && gain < 0);

			if (s < w->S && !w->z[s])
				w->x[h] = w->taken_up[h];
			else
				w->x[h] = off ? SHED_OFF : rest;
			w->gain[h] = gain;
			if (s == w->S)
				sum += state_cost(w, h, w->x[h]);
		}
	return sum;
}

static void slopes_set(struct shed_work *w)
{
	const struct shed_problem *p = w->p;

	for (size_t r = 0; r < w->R; r++) {
		w->slope_lam[r] = 1;
		w->slope_mu[r] = w->count[r];
	}
	for (size_t h = 0; h < w->H; h++) {
		if (w->x[h] == SHED_ON)
			continue;
		for (uint32_t i = 0; i < p->hosts[h].uses_n; i++) {
			uint32_t u = p->hosts[h].use + i, r = p->uses[u].row;

			w->slope_lam[r] -= w->x[h] == SHED_OFF ? w->use_off[u] : w->use_cap[u];
			w->slope_mu[r] -= w->x[h] == SHED_OFF;
		}
	}
}

void work_evaluate(struct shed_work *w)
{
	double size = host_costs(w), sum = 0;

	for (size_t r = 0; r < w->R; r++) {
		double row = w->lam[r] + w->mu[r] * w->count[r];

		sum += row;
		size += row;
	}
	for (size_t s = 0; s < w->S; s++) {
		const struct shed_service *service = &w->p->services[s];

		service_evaluate(w, s);
		sum += w->fate[s] == FATE_DOWN ? 0 : w->s_up[s];
		size += (double)service->value + (double)service->unit * service->need;
	}
	sum += closure_least(w);
	sum += states_set(w);
	slopes_set(w);
	/* every one of fewer than 4 (U + H + S + R) sums rounds by at most half of
	 * DBL_EPSILON of what has been summed, which stays below size */
	w->bound = sum - (double)(4 * (w->U + w->H + w->S + w->R) + 64) * DBL_EPSILON * size;
}

int64_t work_whole(const struct shed_work *w, double bound)
{
	if (!(bound < 9e18))
		return INT64_MAX;
	if (bound <= 0)
		return 0;
	int64_t steps = (int64_t)ceil(bound / (double)w->grain * (1 - 2 * DBL_EPSILON));

	return steps * w->grain;
}
