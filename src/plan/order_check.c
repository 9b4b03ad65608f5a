/* src/plan/order_check.c - an order walked anew, step by step, sharing no code with the
 * one that made it. */
#include "plan/order.h"

struct walk {
	const struct order_ask *ask;
	uint32_t *live;	 /* of each service */
	uint32_t *going; /* hosts of each service that are still to stop */
	uint32_t *now;	 /* of each service, in this wave */
	uint8_t *under;	 /* of each service: see under_set() */
	uint8_t *seen;	 /* of each host */
};

/* On which services a fallen one stands, near or far, that still has hosts to stop. */
static void under_set(struct walk *w)
{
	const struct shed_problem *p = w->ask->problem;

	for (size_t s = 0; s < p->services_n; s++)
		w->under[s] = 0;
	for (bool again = true; again;) {
		again = false;
		for (size_t t = 0; t < p->services_n; t++)
			for (uint32_t d = 0; d < p->services[t].deps_n; d++) {
				uint8_t *under = &w->under[p->deps[p->services[t].dep + d]], was = *under;

				*under |= w->ask->plan->down[t] & ((w->going[t] > 0) | w->under[t]);
				again |= *under != was;
			}
	}
}

/* Of what is still to stop and nothing stands on. */
static int32_t lowest_class(const struct walk *w)
{
	int32_t lowest = INT32_MAX;

	for (size_t s = 0; s < w->ask->problem->services_n; s++)
		if (w->going[s] > 0 && !w->under[s] && w->ask->stop[s] < lowest)
			lowest = w->ask->stop[s];
	return lowest;
}

static int wave_check(struct walk *w, const struct order *o, uint32_t n, struct why *why)
{
	const struct shed_problem *p = w->ask->problem;
	const struct wave *wave = &o->waves[n];

	under_set(w);
	for (uint32_t s = 0; s < p->services_n; s++)
		w->now[s] = 0;
	int32_t lower = o->by_class && wave->kind == WAVE_OFF ? lowest_class(w) : INT32_MAX;
	if (wave->kind == WAVE_OFF && wave->n > w->ask->rules->at_once)
		return fail(why, KS_REFUSED, "wave %u has too many hosts", n + 1);
	for (uint32_t i = wave->first; i < wave->first + wave->n; i++) {
		uint32_t h = o->hosts[i], s = p->hosts[h].service;
		bool off = wave->kind != WAVE_CAP;

		if (w->seen[h]++ || w->ask->plan->state[h] != (off ? SHED_OFF : SHED_CAPPED))
			return fail(why, KS_REFUSED, "wave %u has a host that does not belong there", n + 1);
		if (s == SHED_NONE || !off)
			continue;
		if (w->ask->stop[s] > lower)
			return fail(why, KS_REFUSED, "wave %u stops a service of a higher class before one of a lower", n + 1);
		w->now[s]++;
		w->live[s]--;
		if (w->ask->plan->down[s]) {
			if (wave->kind == WAVE_OFF && w->under[s])
				return fail(why, KS_REFUSED, "wave %u stops what others still stand on", n + 1);
		} else if (w->live[s] < p->services[s].min) {
			return fail(why, KS_REFUSED, "wave %u takes service %s below its minimum", n + 1,
			    p->services[s].name);
		} else if (wave->kind == WAVE_OFF && w->now[s] > w->ask->rules->of_one) {
			return fail(why, KS_REFUSED, "wave %u stops too many of service %s", n + 1,
			    p->services[s].name);
		}
	}
	for (uint32_t s = 0; s < p->services_n; s++)
		w->going[s] -= w->now[s];
	return KS_OK;
}

int order_check(const struct order_ask *ask, const struct order *order, struct arena *arena,
    struct why *why)
{
	const struct shed_problem *p = ask->problem;
	size_t S = p->services_n + 1;
	struct walk w = { .ask = ask, .live = arena_array(arena, S, sizeof *w.live),
		.going = arena_array(arena, S, sizeof *w.going),
		.now = arena_array(arena, S, sizeof *w.now), .under = arena_array(arena, S, 1),
		.seen = arena_array(arena, p->hosts_n + 1, 1) };

	if (w.live == NULL || w.going == NULL || w.now == NULL || w.under == NULL ||
	    w.seen == NULL)
		return fail(why, KS_FULL, "no memory for this plan");
	for (size_t s = 0; s < p->services_n; s++)
		w.live[s] = p->services[s].live;
	for (size_t h = 0; h < p->hosts_n; h++)
		if (ask->plan->state[h] == SHED_OFF && p->hosts[h].service != SHED_NONE)
			w.going[p->hosts[h].service]++;
	for (uint32_t n = 0; n < order->waves_n; n++) {
		int bad = wave_check(&w, order, n, why);

		if (bad != KS_OK)
			return bad;
	}
	for (size_t h = 0; h < p->hosts_n; h++)
		if (w.seen[h] != (ask->plan->state[h] != SHED_ON))
			return fail(why, KS_REFUSED, "a host of the plan is in no wave");
	return KS_OK;
}
