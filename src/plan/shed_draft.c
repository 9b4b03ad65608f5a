/* src/plan/shed_draft.c - a plan in the making, kept exact change by change. */
#include "plan/shed_pick.h"
#include <string.h>

int draft_new(struct shed_work *w, struct arena *arena, struct shed_draft *ret_draft,
    struct why *why)
{
	struct shed_draft d = { .w = w };
	struct { void *at; size_t n, size; } rooms[] = {
		{ &d.state, w->H, 1 }, { &d.down, w->S, 1 }, { &d.count_down, w->S, 1 },
		{ &d.live, w->S, sizeof(uint32_t) }, { &d.room.live, w->S, sizeof(uint32_t) },
		{ &d.rest, w->R, sizeof(int64_t) }, { &d.room.rest, w->R, sizeof(int64_t) },
		{ &d.mark, w->S, sizeof(uint32_t) }, { &d.list, w->S, sizeof(uint32_t) },
		{ &d.heap, w->H, sizeof(struct shed_move) }, { &d.ratios, w->S, sizeof(double) },
	};

	for (size_t i = 0; i < sizeof rooms / sizeof rooms[0]; i++) {
		void *at = arena_array(arena, rooms[i].n + 1, rooms[i].size);

		if (at == NULL)
			return fail(why, KS_FULL, "no memory for this plan");
		*(void **)rooms[i].at = at;
	}
	*ret_draft = d;
	return KS_OK;
}

static int64_t gives(const struct shed_use *use, enum shed_state state)
{
	return state == SHED_OFF ? use->off : state == SHED_CAPPED ? use->capped : 0;
}

void draft_clear(struct shed_draft *d)
{
	struct shed_work *w = d->w;

	memset(d->state, SHED_ON, w->H);
	for (size_t s = 0; s < w->S; s++) {
		d->live[s] = w->p->services[s].live;
		d->down[s] = w->fate[s] == FATE_DOWN;
	}
	d->short_n = (uint32_t)w->R;
	memcpy(d->rest, w->p->excess, w->R * sizeof *d->rest);
	for (uint32_t h = 0; h < w->H; h++)
		if (w->lo[h] != SHED_ON)
			draft_set(d, h, w->lo[h]);
}

void draft_set(struct shed_draft *d, uint32_t host, enum shed_state state)
{
	const struct shed_problem *p = d->w->p;
	const struct shed_host *at = &p->hosts[host];
	enum shed_state was = d->state[host];

	for (uint32_t u = at->use; u < at->use + at->uses_n; u++) {
		int64_t *rest = &d->rest[p->uses[u].row], before = *rest;

		*rest += gives(&p->uses[u], was) - gives(&p->uses[u], state);
		d->short_n += (uint32_t)((*rest > 0) - (before > 0));
	}
	if (at->service != SHED_NONE)
		d->live[at->service] += (uint32_t)((was == SHED_OFF) - (state == SHED_OFF));
	d->state[host] = (uint8_t)state;
}

bool draft_holds(const struct shed_draft *d, uint32_t host, enum shed_state state)
{
	const struct shed_problem *p = d->w->p;
	const struct shed_host *at = &p->hosts[host];
	enum shed_state was = d->state[host];

	for (uint32_t u = at->use; u < at->use + at->uses_n; u++)
		if (d->rest[p->uses[u].row] + gives(&p->uses[u], was) - gives(&p->uses[u], state) > 0)
			return false;
	return true;
}

int64_t draft_price(const struct shed_draft *d, uint32_t host, enum shed_state state)
{
	const struct shed_work *w = d->w;
	uint32_t s = w->p->hosts[host].service;
	enum shed_state was = d->state[host];
	int64_t price = (state == SHED_OFF ? w->p->off : 0) - (was == SHED_OFF ? w->p->off : 0);

	if ((state < w->lo[host]) | (state > w->hi[host]) ||
	    (state == SHED_CAPPED && !w->p->hosts[host].can_cap))
		return INT64_MAX;
	if (s == SHED_NONE)
		return price;
	const struct shed_service *service = &w->p->services[s];

	price += (state == SHED_CAPPED ? service->capped : 0) - (was == SHED_CAPPED ? service->capped : 0);
	if (d->down[s] || (state == SHED_OFF) == (was == SHED_OFF))
		return price;
	if (state == SHED_OFF)
		return d->live[s] <= service->min ? INT64_MAX
		    : price + (d->live[s] <= service->need ? service->unit : 0);
	return price - (d->live[s] < service->need ? service->unit : 0);
}

void draft_load(struct shed_draft *d, const uint8_t *state)
{
	bool feasible;

	(void)shed_count(d->w->p, state, &d->room, d->down, &feasible);
	memcpy(d->live, d->room.live, d->w->S * sizeof *d->live);
	memcpy(d->rest, d->room.rest, d->w->R * sizeof *d->rest);
	memcpy(d->state, state, d->w->H);
	d->short_n = 0;
	for (size_t r = 0; r < d->w->R; r++)
		d->short_n += d->rest[r] > 0;
}
