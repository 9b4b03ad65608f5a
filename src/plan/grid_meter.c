/* src/plan/grid_meter.c - what a meter on the way says of the hosts behind it that nobody
 * measures: their watts of the site file are shares of what it reads.  So power that would
 * move when a side is lost moves as it is measured, not as it was once written down. */
#include "base/number.h"
#include "plan/inside.h"
#include <math.h>

enum { PF_USUAL = 950, /* thousandths, as pf= of a host that says none */
	UNSAID_VA = 300, /* weight of a host of which no watts are known */
	TIMES_MOST = 4 };  /* a server draws at most so many times what is written of it */

struct meters {
	struct grid *grid;
	uint32_t *of;	 /* of each node: the nearest meter, itself first; GRID_NONE */
	int64_t *known;	 /* of each meter: what measured hosts and meters below it draw */
	int64_t *free;	 /* what is written of the others */
	double *factor;	 /* how much more, or less, those draw */
	int64_t *cord;	 /* what each cord carries then */
};

static int64_t cord_share(const struct grid *grid, const struct grid_host *host, uint32_t cord, int64_t uva)
{
	uint32_t live = host->even ? host->cords_n : 0;

	for (uint32_t k = 0; !host->even && k < host->cords_n; k++)
		live += grid->cords[host->cord + k].weight;
	return grid_share(host, &grid->cords[cord], uva, live);
}

uint32_t *grid_pf(const struct grid *grid, struct arena *arena)
{
	size_t n = grid->nodes_n + 1;
	int64_t *mw = arena_array(arena, n, sizeof *mw), *uva = arena_array(arena, n, sizeof *uva);
	uint32_t *pf = arena_array(arena, n, sizeof *pf);

	if (mw == NULL || uva == NULL || pf == NULL)
		return NULL;
	for (uint32_t k = 0; k < grid->cords_n; k++) {
		const struct grid_host *host = &grid->hosts[grid->cords[k].host];

		mw[grid->cords[k].node] += cord_share(grid, host, k, host->mw);
		uva[grid->cords[k].node] += cord_share(grid, host, k, host->uva);
	}
	for (size_t i = grid->nodes_n; i-- > 0;) {
		uint32_t at = grid->order[i], up = grid->nodes[at].up;

		pf[at] = uva[at] > 0 ? (uint32_t)number_scale(mw[at], 1000000, uva[at]) : PF_USUAL;
		if (up != GRID_NONE) {
			mw[up] += mw[at];
			uva[up] += uva[at];
		}
	}
	return pf;
}

static int64_t written_uva(const struct grid_host *host)
{
	return host->said == GRID_UNSAID ? UNSAID_VA * 1000000LL : host->uva;
}

/* Nothing to do: false. */
static bool meters_find(struct meters *m)
{
	const struct grid *grid = m->grid;
	bool any = false;

	for (size_t i = 0; i < grid->nodes_n; i++) {
		uint32_t n = grid->order[i], up = grid->nodes[n].up;

		m->of[n] = grid->nodes[n].seen_uva >= 0 ? n : up != GRID_NONE ? m->of[up] : GRID_NONE;
		any |= m->of[n] == n;
	}
	return any;
}

static void meters_sum(struct meters *m)
{
	const struct grid *grid = m->grid;

	for (uint32_t k = 0; k < grid->cords_n; k++) {
		const struct grid_host *host = &grid->hosts[grid->cords[k].host];
		uint32_t meter = m->of[grid->cords[k].node];

		if (meter == GRID_NONE)
			continue;
		if (host->said == GRID_MEASURED)
			m->known[meter] += cord_share(grid, host, k, host->uva);
		else
			m->free[meter] += cord_share(grid, host, k, written_uva(host));
	}
	for (size_t i = grid->nodes_n; i-- > 0;) {
		uint32_t n = grid->order[i];
		const struct grid_node *node = &grid->nodes[n];

		if (m->of[n] != n)
			continue;
		int64_t left = node->seen_uva > m->known[n] ? node->seen_uva - m->known[n] : 0;

		m->factor[n] = m->free[n] > 0 ? (double)left / (double)m->free[n] : 1;
		if (node->up != GRID_NONE && m->of[node->up] != GRID_NONE)
			m->known[m->of[node->up]] += m->known[n] + left;
	}
}

/* Less than is written only where every cord is metered: the other side may carry it. */
static void host_scale(const struct meters *m, struct grid_host *host, const struct host *line)
{
	struct grid *grid = m->grid;
	int64_t was = written_uva(host), now = 0;
	/* a nameplate is never passed, and no wmax= */
	double most = host->said == GRID_DECLARED ? 1 :
	    line->mw_max > line->mw		  ? (double)line->mw_max / (double)line->mw : TIMES_MOST;
	double sum = 0, metered = 0;
	int64_t age_ms = 0;

	for (uint32_t k = host->cord; k < host->cord + host->cords_n; k++) {
		uint32_t meter = m->of[grid->cords[k].node];

		if (meter == GRID_NONE)
			continue;
		sum += m->factor[meter];
		metered++;
		age_ms = grid->nodes[meter].age_ms > age_ms ? grid->nodes[meter].age_ms : age_ms;
	}
	if (metered == 0)
		return;
	bool all = metered >= (double)host->cords_n || host->said == GRID_UNSAID;
	bool even = host->even;

	for (uint32_t k = host->cord; k < host->cord + host->cords_n; k++) {
		uint32_t meter = m->of[grid->cords[k].node];
		double factor = fmin(most, meter != GRID_NONE ? m->factor[meter] : sum / metered);
		int64_t uva = llround((double)cord_share(grid, host, k, was) * (all ? factor : fmax(1, factor)));

		even &= factor == fmin(most, sum / metered);
		now += uva;
		m->cord[k] = uva;
	}
	for (uint32_t k = host->cord; !even && now > 0 && k < host->cord + host->cords_n; k++) {
		int64_t weight = number_scale(m->cord[k], GRID_WHOLE, now);

		grid->cords[k].weight = weight > 0 ? (uint32_t)weight : 1;
	}
	host->said = GRID_METERED;
	host->age_ms = age_ms;
	host->even = even;
	host->uva = now;
	host->mw = number_scale(now, line->pf_milli, 1000000);
	host->max_uva = host->max_uva > now ? host->max_uva : now;
	host->max_mw = host->max_mw > host->mw ? host->max_mw : host->mw;
}

int grid_meters(struct grid *grid, struct arena *arena, struct why *why)
{
	size_t n = grid->nodes_n + 1;
	struct meters m = { .grid = grid, .of = arena_array(arena, n, sizeof *m.of),
		.known = arena_array(arena, n, sizeof *m.known), .free = arena_array(arena, n, sizeof *m.free),
		.factor = arena_array(arena, n, sizeof *m.factor),
		.cord = arena_array(arena, grid->cords_n + 1, sizeof *m.cord) };

	if (m.of == NULL || m.known == NULL || m.free == NULL || m.factor == NULL || m.cord == NULL)
		return fail(why, KS_FULL, "no memory for the electrical model of %s", grid->site->id);
	if (!meters_find(&m))
		return KS_OK;
	meters_sum(&m);
	for (size_t i = 0; i < grid->hosts_n; i++)
		if (grid->hosts[i].said != GRID_MEASURED && grid->hosts[i].cords_n > 0)
			host_scale(&m, &grid->hosts[i], &grid->site->hosts[i]);
	return KS_OK;
}
