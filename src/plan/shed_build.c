/* src/plan/shed_build.c - a feasible plan: the cheapest useful relief first (a heap that
 * looks again only at its top, since prices rise and usefulness falls), services given
 * up when nothing else is left, and what was not needed taken back. */
#include "plan/shed_pick.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

static double weight(const struct shed_work *w, uint32_t r)
{
	double most = w->lam[r] + w->mu[r] * w->count[r];

	return most > w->faint ? most : w->faint;
}

/* What of a change would still help, in the multipliers' money. */
static double useful(const struct shed_draft *d, uint32_t host, enum shed_state state)
{
	const struct shed_problem *p = d->w->p;
	const struct shed_host *at = &p->hosts[host];
	double sum = 0;

	for (uint32_t u = at->use; u < at->use + at->uses_n; u++) {
		uint32_t r = p->uses[u].row;
		int64_t gain = state == SHED_OFF ? p->uses[u].off : p->uses[u].capped;

		if (d->state[host] == SHED_CAPPED)
			gain -= p->uses[u].capped;
		if (d->rest[r] < gain)
			gain = d->rest[r];
		if (gain > 0)
			sum += weight(d->w, r) * (double)gain / (double)p->excess[r];
	}
	return sum;
}

/* The better of capping and switching off; infinite when neither can be or helps. */
static double best_move(const struct shed_draft *d, uint32_t host, enum shed_state *ret_state)
{
	double best = INFINITY;

	for (enum shed_state to = d->state[host] + 1; to <= SHED_OFF; to++) {
		int64_t price = draft_price(d, host, to);
		double use = price == INT64_MAX ? 0 : useful(d, host, to);

		if (use > 0 && (double)price / use < best) {
			best = (double)price / use;
			*ret_state = to;
		}
	}
	return best;
}

static void sift_down(struct shed_draft *d, size_t i)
{
	struct shed_move move = d->heap[i];

	for (size_t kid; (kid = 2 * i + 1) < d->heap_n; i = kid) {
		if (kid + 1 < d->heap_n && d->heap[kid + 1].ratio < d->heap[kid].ratio)
			kid++;
		if (d->heap[kid].ratio >= move.ratio)
			break;
		d->heap[i] = d->heap[kid];
	}
	d->heap[i] = move;
}

static void heap_fill(struct shed_draft *d)
{
	d->heap_n = 0;
	for (uint32_t h = 0; h < d->w->H; h++) {
		enum shed_state to;
		double ratio = best_move(d, h, &to);

		if (ratio < INFINITY)
			d->heap[d->heap_n++] = (struct shed_move){ ratio, h };
	}
	for (size_t i = d->heap_n / 2; i-- > 0;)
		sift_down(d, i);
}

static void heap_run(struct shed_draft *d)
{
	while (d->short_n > 0 && d->heap_n > 0) {
		enum shed_state to = SHED_ON;
		uint32_t h = d->heap[0].at;
		double ratio = best_move(d, h, &to), next = INFINITY;

		for (size_t kid = 1; kid < 3 && kid < d->heap_n; kid++)
			next = d->heap[kid].ratio < next ? d->heap[kid].ratio : next;
		if (ratio <= next && ratio < INFINITY) {
			draft_set(d, h, to);
			ratio = best_move(d, h, &to);
		}
		if (ratio < INFINITY)
			d->heap[0].ratio = ratio;
		else
			d->heap[0] = d->heap[--d->heap_n];
		if (d->heap_n > 0)
			sift_down(d, 0);
	}
}

/* The services that fall with s, in d->list; 0 when one of them must not. */
static uint32_t fall_set(struct shed_draft *d, uint32_t s)
{
	const struct shed_work *w = d->w;
	uint32_t n = 0;

	d->turn++;
	d->mark[s] = d->turn;
	d->list[n++] = s;
	for (uint32_t i = 0; i < n; i++) {
		uint32_t at = d->list[i];

		if (w->fate[at] == FATE_UP)
			return 0;
		for (uint32_t j = w->up_at[at]; j < w->up_at[at + 1]; j++)
			if (d->mark[w->up[j]] != d->turn && !d->down[w->up[j]]) {
				d->mark[w->up[j]] = d->turn;
				d->list[n++] = w->up[j];
			}
	}
	return n;
}

/* What the fall of s costs for what its hosts could then give. */
static double fall_ratio(struct shed_draft *d, uint32_t s)
{
	const struct shed_work *w = d->w;
	uint32_t n = d->down[s] ? 0 : fall_set(d, s);
	double cost = 0, use = 0;

	for (uint32_t i = 0; i < n; i++) {
		const struct shed_service *service = &w->p->services[d->list[i]];
		uint32_t live = d->live[d->list[i]];

		cost += (double)service->value;
		if (live < service->need)
			cost -= (double)service->unit * (service->need - live);
		for (uint32_t h = w->first[d->list[i]]; h < w->first[d->list[i] + 1]; h++) {
			double gain = ((w->hi[h] < SHED_OFF) | (d->state[h] == SHED_OFF)) ? 0
										    : useful(d, h, SHED_OFF);

			use += gain;
			cost += gain > 0 ? (double)w->p->off : 0;
		}
	}
	/* more than all that is missing helps nobody */
	double missing = 0;

	for (uint32_t r = 0; r < w->R; r++)
		if (d->rest[r] > 0)
			missing += weight(w, r) * (double)d->rest[r] / (double)w->p->excess[r];
	return use > 0 ? cost / (use < missing ? use : missing) : INFINITY;
}

/* Give up the closed set that is cheapest for its use; false: none is left. */
static bool fall(struct shed_draft *d, double *ratios)
{
	struct shed_work *w = d->w;
	uint32_t best = SHED_NONE;

	for (;;) {
		double second = INFINITY;

		best = SHED_NONE;
		for (uint32_t s = 0; s < w->S; s++) {
			if (best == SHED_NONE || ratios[s] < ratios[best]) {
				second = best == SHED_NONE ? INFINITY : ratios[best];
				best = s;
			} else if (ratios[s] < second) {
				second = ratios[s];
			}
		}
		if (best == SHED_NONE || ratios[best] == INFINITY)
			return false;
		ratios[best] = fall_ratio(d, best);
		if ((ratios[best] < INFINITY) & (ratios[best] <= second))
			break;
	}
	uint32_t n = fall_set(d, best);

	for (uint32_t i = 0; i < n; i++)
		d->down[d->list[i]] = 1;
	ratios[best] = INFINITY;
	return true;
}

struct saving {
	int64_t price;
	uint32_t host;
};

static int dearest_first(const void *a, const void *b)
{
	const struct saving *x = a, *y = b;

	if (x->price != y->price)
		return x->price < y->price ? -1 : 1;
	return (x->host > y->host) - (x->host < y->host);
}

void draft_trim(struct shed_draft *d)
{
	struct saving *list = (struct saving *)(void *)d->heap; /* same size, idle now */
	uint32_t n = 0;

	for (uint32_t h = 0; h < d->w->H; h++)
		if (d->state[h] > d->w->lo[h])
			list[n++] = (struct saving){ draft_price(d, h, d->w->lo[h]), h };
	qsort(list, n, sizeof *list, dearest_first);
	for (uint32_t i = 0; i < n; i++)
		for (enum shed_state to = d->w->lo[list[i].host]; to < d->state[list[i].host]; to++) {
			int64_t price = draft_price(d, list[i].host, to);

			if (price < 0 && draft_holds(d, list[i].host, to))
				draft_set(d, list[i].host, to);
		}
}

bool draft_build(struct shed_draft *d, const uint8_t *z, const uint8_t *seed)
{
	struct shed_work *w = d->w;
	bool asked = false;

	w->faint = 0;
	for (uint32_t r = 0; r < w->R; r++)
		w->faint = fmax(w->faint, 1e-3 * (w->lam[r] + w->mu[r] * w->count[r]));
	w->faint = w->faint > 0 ? w->faint : 1;
	draft_clear(d);
	if (z != NULL)
		memcpy(d->down, z, w->S);
	for (uint32_t h = 0; seed != NULL && h < w->H; h++)
		if (seed[h] > d->state[h] && draft_price(d, h, seed[h]) != INT64_MAX)
			draft_set(d, h, seed[h]);
	heap_fill(d);
	heap_run(d);
	while (d->short_n > 0) {
		for (uint32_t s = 0; !asked && s < w->S; s++)
			d->ratios[s] = fall_ratio(d, s);
		asked = true;
		if (!fall(d, d->ratios))
			return false;
		heap_fill(d);
		heap_run(d);
	}
	draft_trim(d);
	return true;
}
