/* src/plan/back.c - see the header. */
#include "plan/back.h"
#include "plan/curve.h"
#include "plan/phase.h"
#include <stdlib.h>

const struct back_rules back_rules_usual = { .at_once = 50, .stagger_s = 0.2, .boot_s = 120,
	.inrush_a = 30 };

struct back_rules back_rules_of(const struct site *site)
{
	struct back_rules rules = back_rules_usual;

	rules.at_once = site->waves.at_once;
	rules.boot_s = (double)site->waves.boot_ms / 1000;
	rules.inrush_a = (double)site->waves.inrush_ma / 1000;
	return rules;
}

struct coming {
	int32_t stop;
	uint32_t host;
};

struct making {
	struct flow *flow;
	const struct grid *grid;
	const struct back_rules *rules;
	struct back *back;
	uint32_t *left;	   /* of each service: hosts that are still off */
	struct coming *coming;
	uint8_t *done;	   /* of coming */
};

/* What stops last comes first. */
static int last_first(const void *a, const void *b)
{
	const struct coming *x = a, *y = b;

	if (x->stop != y->stop)
		return x->stop > y->stop ? -1 : 1;
	return (x->host > y->host) - (x->host < y->host);
}

/* Everything that its service needs is on. */
static bool may_start(const struct making *m, uint32_t h)
{
	uint32_t s = m->grid->hosts[h].service;

	if (s == GRID_NONE)
		return true;
	for (uint32_t d = 0; d < m->grid->services[s].deps_n; d++)
		if (m->left[m->grid->deps[m->grid->services[s].dep + d]] > 0)
			return false;
	return true;
}

/* With the host at its most: do all limits on its way hold, and its inrush no magnet? */
static bool bears(const struct making *m, uint32_t h)
{
	const struct grid_host *host = &m->grid->hosts[h];

	for (uint32_t c = host->cord; c < host->cord + host->cords_n; c++)
		for (uint32_t n = m->grid->cords[c].node; n != GRID_NONE; n = flow_up(m->flow, n)) {
			const struct node *line = &m->grid->site->nodes[n];
			struct curve curve = curve_of(line, EDGE_EARLIEST);
			double rated = (double)m->grid->nodes[n].rated_uva;
			double peak = (double)phase_full(m->flow, n) +
			    m->rules->inrush_a * (double)line->milli_volt * 1e3;

			if (phase_over(m->flow, n) ||
			    (line->kind == NODE_BREAKER && rated > 0 && peak > curve.snap * rated))
				return false;
		}
	return host->room == GRID_NONE || m->grid->rooms[host->room].limit_mw <= 0 ||
	    m->flow->room_mw[host->room] <= m->grid->rooms[host->room].limit_mw;
}

static bool wave_make(struct making *m, uint32_t n, double *now_s)
{
	struct back *b = m->back;
	uint32_t first = b->hosts_n;

	for (uint32_t i = 0; i < n && b->hosts_n - first < m->rules->at_once; i++) {
		uint32_t h = m->coming[i].host;
		const struct grid_host *host = &m->grid->hosts[h];

		if (m->done[i] || !may_start(m, h))
			continue;
		flow_draw(m->flow, h, host->max_uva, host->max_mw);
		if (!bears(m, h)) {
			flow_draw(m->flow, h, 0, 0);
			continue;
		}
		m->done[i] = 1;
		b->hosts[b->hosts_n++] = h;
	}
	if (b->hosts_n == first)
		return false;
	for (uint32_t i = first; i < b->hosts_n; i++) {
		const struct grid_host *host = &m->grid->hosts[b->hosts[i]];

		flow_draw(m->flow, b->hosts[i], host->uva, host->mw);
		if (host->service != GRID_NONE)
			m->left[host->service]--;
	}
	double seconds = (b->hosts_n - first) * m->rules->stagger_s + m->rules->boot_s;

	b->waves[b->waves_n++] = (struct wave){ WAVE_ON, *now_s, *now_s + seconds, first,
		b->hosts_n - first };
	*now_s += seconds;
	return true;
}

static int making_new(struct making *m, uint32_t off_n, struct arena *arena, struct why *why)
{
	m->back = arena_take(arena, sizeof *m->back);
	m->left = arena_array(arena, m->grid->services_n + 1, sizeof *m->left);
	m->coming = arena_array(arena, off_n + 1, sizeof *m->coming);
	m->done = arena_array(arena, off_n + 1, 1);
	if (m->back == NULL || m->left == NULL || m->coming == NULL || m->done == NULL)
		return fail(why, KS_FULL, "no memory for this plan");
	m->back->waves = arena_array(arena, off_n + 1, sizeof(struct wave));
	m->back->hosts = arena_array(arena, off_n + 1, sizeof(uint32_t));
	m->back->waiting = arena_array(arena, off_n + 1, sizeof(uint32_t));
	if (m->back->waves == NULL || m->back->hosts == NULL || m->back->waiting == NULL)
		return fail(why, KS_FULL, "no memory for this plan");
	return KS_OK;
}

int back_new(struct flow *flow, const uint32_t *off, uint32_t off_n,
    const struct back_rules *rules, struct arena *arena, struct back **ret_back,
    struct why *why)
{
	struct making m = { .flow = flow, .grid = flow->grid, .rules = rules };
	int bad = making_new(&m, off_n, arena, why);
	double now_s = 0;

	if (bad != KS_OK)
		return bad;
	flow_mark(flow);
	for (uint32_t i = 0; i < off_n; i++) {
		uint32_t s = m.grid->hosts[off[i]].service;

		m.coming[i] = (struct coming){ INT32_MIN, off[i] };
		if (s != GRID_NONE) {
			m.coming[i].stop = m.grid->services[s].stop;
			m.left[s]++;
		}
		flow_draw(flow, off[i], 0, 0);
	}
	qsort(m.coming, off_n, sizeof *m.coming, last_first);
	while (wave_make(&m, off_n, &now_s))
		;
	for (uint32_t i = 0; i < off_n; i++)
		if (!m.done[i])
			m.back->waiting[m.back->waiting_n++] = m.coming[i].host;
	flow_undo(flow);
	*ret_back = m.back;
	return KS_OK;
}
