/* src/plan/shed_check.c - is it a problem, and what does a plan cost: counted in whole
 * numbers, by nothing but the definition in shed.h. */
#include "plan/shed.h"

/* all costs together stay exact in a double, with room */
static const int64_t COSTS_MOST = (int64_t)1 << 50;

static int services_check(const struct shed_problem *p, struct why *why)
{
	int64_t left = COSTS_MOST;

	for (uint32_t s = 0; s < p->services_n; s++) {
		const struct shed_service *at = &p->services[s];
		int64_t hosts = (int64_t)at->need + (int64_t)p->hosts_n + 1, beyond;

		if (at->value < 0 || at->unit < 0 || at->capped < 0 || at->value > left ||
		    at->unit > left / hosts || at->capped > left / hosts)
			return fail(why, KS_MALFORMED, "service %s: value, unit or cap is too large (all of them together: at most %lld)",
			    at->name, (long long)(COSTS_MOST / SHED_COST));
		left -= at->value;
		beyond = at->need > at->min ? at->need - at->min : 0;
		if (at->value < at->unit * beyond)
			return fail(why, KS_MALFORMED, "service %s: value %lld is less than unit %lld "
			    "x (need %u - min %u): to be down would cost less than to be short of hosts",
			    at->name, (long long)(at->value / SHED_COST), (long long)(at->unit / SHED_COST),
			    at->need, at->min);
	}
	return KS_OK;
}

int shed_check(const struct shed_problem *p, struct why *why)
{
	int bad = services_check(p, why);

	if (bad != KS_OK)
		return bad;
	if (p->off < 1 || p->off > COSTS_MOST / (int64_t)(p->hosts_n + 1))
		return fail(why, KS_MALFORMED, "the cost of a host is out of range");
	for (size_t r = 0; r < p->rows_n; r++)
		if (p->excess[r] < 1 || p->excess[r] > INT64_MAX / 4)
			return fail(why, KS_MALFORMED, "an excess is out of range");
	for (size_t h = 0; h < p->hosts_n; h++) {
		const struct shed_host *host = &p->hosts[h];

		if (h > 0 && host->service < p->hosts[h - 1].service)
			return fail(why, KS_MALFORMED, "hosts are not in the order of their services");
		for (uint32_t u = host->use; u < host->use + host->uses_n; u++)
			if (p->uses[u].capped < 0 || p->uses[u].off < p->uses[u].capped ||
			    p->uses[u].off > INT64_MAX / 4 / (int64_t)(p->hosts_n + 1))
				return fail(why, KS_MALFORMED, "a relief is out of range");
	}
	return KS_OK;
}

/* Down: below its minimum, or standing on what is down; dependencies have no cycles, so
 * going round until nothing changes ends. */
static void falls_spread(const struct shed_problem *p, uint8_t *down)
{
	for (bool again = true; again;) {
		again = false;
		for (size_t s = 0; s < p->services_n; s++)
			for (uint32_t d = 0; !down[s] && d < p->services[s].deps_n; d++)
				if (down[p->deps[p->services[s].dep + d]]) {
					down[s] = 1;
					again = true;
				}
	}
}

static int64_t services_count(const struct shed_problem *p, const uint32_t *live, uint8_t *down,
    bool *ret_good)
{
	int64_t cost = 0;

	*ret_good = true;
	for (size_t s = 0; s < p->services_n; s++)
		down[s] = live[s] < p->services[s].min;
	falls_spread(p, down);
	for (size_t s = 0; s < p->services_n; s++) {
		const struct shed_service *at = &p->services[s];

		if (down[s])
			cost += at->value;
		else if (live[s] < at->need)
			cost += at->unit * (at->need - live[s]);
		if (down[s] && at->must)
			*ret_good = false;
	}
	return cost;
}

int64_t shed_count(const struct shed_problem *p, const uint8_t *state,
    const struct shed_room *room, uint8_t *down, bool *ret_feasible)
{
	int64_t cost = 0;
	bool good;

	for (size_t r = 0; r < p->rows_n; r++)
		room->rest[r] = p->excess[r];
	for (size_t s = 0; s < p->services_n; s++)
		room->live[s] = p->services[s].live;
	for (size_t h = 0; h < p->hosts_n; h++) {
		const struct shed_host *host = &p->hosts[h];
		bool off = state[h] == SHED_OFF, mine = host->service != SHED_NONE;

		if (state[h] == SHED_ON)
			continue;
		for (uint32_t u = host->use; u < host->use + host->uses_n; u++)
			room->rest[p->uses[u].row] -= off ? p->uses[u].off : p->uses[u].capped;
		if (off)
			cost += p->off;
		else if (mine)
			cost += p->services[host->service].capped;
		if (off && mine)
			room->live[host->service]--;
	}
	cost += services_count(p, room->live, down, &good);
	for (size_t r = 0; r < p->rows_n; r++)
		good = good && room->rest[r] <= 0;
	*ret_feasible = good;
	return cost;
}

static int64_t gap_of(int64_t cost, int64_t bound, int64_t of)
{
	if (cost <= bound)
		return 0;
	if (cost == INT64_MAX || of <= 0)
		return 1000000;
	double part = (double)(cost - bound) / (double)of * 1e6;

	return part >= 1e6 ? 1000000 : (int64_t)part + 1;
}

int64_t shed_gap(const struct shed_plan *plan)
{
	return gap_of(plan->cost, plan->bound, plan->cost);
}

int64_t shed_gap_avoidable(const struct shed_plan *plan)
{
	return gap_of(plan->cost, plan->bound, plan->cost - plan->before);
}
