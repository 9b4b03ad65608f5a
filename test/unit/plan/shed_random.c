#include "shed_random.h"
#include <string.h>

uint32_t random_of(struct random_problem *p, uint32_t n)
{
	uint64_t z = p->random += 0x9e3779b97f4a7c15;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
	return (uint32_t)((z ^ (z >> 31)) % n);
}

static void services_make(struct random_problem *p, uint32_t n)
{
	static const int64_t units[] = { 0, 1, 2, 5, 30 };

	for (uint32_t s = 0; s < n; s++) {
		struct shed_service *at = &p->services[s];
		int64_t rule;

		*at = (struct shed_service){ .name = "s", .unit = units[random_of(p, 5)] * SHED_COST,
			.capped = random_of(p, 4) * 2000, .dep = (uint32_t)p->problem.deps_n,
			.must = random_of(p, 8) == 0 };
		at->min = random_of(p, 4) == 0 ? random_of(p, 3) : 0;
		at->need = at->min + random_of(p, 4);
		rule = at->unit * (at->need - at->min);
		at->value = rule + (int64_t)random_of(p, 40) * SHED_COST;
		/* on services before it: no cycles */
		for (uint32_t d = 0; d < s; d++)
			if (random_of(p, 4) == 0 && p->problem.deps_n < R_DEPS) {
				p->deps[p->problem.deps_n++] = d;
				at->deps_n++;
			}
	}
}

static void hosts_make(struct random_problem *p, uint32_t n, uint32_t rows, uint32_t services)
{
	uint32_t racks = rows > 2 ? rows - 1 : rows; /* the last row holds all */
	bool caps = random_of(p, 2) == 0, ties = random_of(p, 3) == 0;

	for (uint32_t h = 0; h < n; h++) {
		struct shed_host *at = &p->hosts[h];
		int64_t watts = ties ? 50 + 50 * random_of(p, 4) : 50 + random_of(p, 300);
		uint32_t rack = random_of(p, racks);

		*at = (struct shed_host){ .service = SHED_NONE, .use = (uint32_t)p->problem.uses_n,
			.can_cap = caps && random_of(p, 3) == 0 };
		if (services > 0)
			at->service = h * (services + 1) / n;
		if (at->service >= services)
			at->service = SHED_NONE;
		else
			p->services[at->service].live++;
		p->uses[p->problem.uses_n++] = (struct shed_use){ rack, watts,
			at->can_cap ? watts / (2 + random_of(p, 2)) : 0 };
		if (rows > racks && random_of(p, 5) > 0) {
			p->uses[p->problem.uses_n] = p->uses[at->use];
			if (random_of(p, 9) == 0) /* a transfer switch: another share */
				p->uses[p->problem.uses_n].off += random_of(p, 60);
			p->uses[p->problem.uses_n++].row = rows - 1;
		}
		at->uses_n = (uint32_t)p->problem.uses_n - at->use;
	}
}

void random_make(struct random_problem *p, uint64_t seed, uint32_t hosts, uint32_t rows,
    uint32_t services)
{
	int64_t all[R_ROWS] = { 0 };

	memset(p, 0, sizeof *p);
	p->random = seed * 7919 + 1;
	hosts = 1 + random_of(p, hosts);
	rows = 1 + random_of(p, rows);
	services = random_of(p, services + 1);
	services_make(p, services);
	hosts_make(p, hosts, rows, services);
	for (size_t u = 0; u < p->problem.uses_n; u++)
		all[p->uses[u].row] += p->uses[u].off;
	/* now and then more than there is */
	for (uint32_t r = 0; r < rows; r++)
		p->excess[r] = 1 + all[r] * (5 + random_of(p, random_of(p, 10) == 0 ? 100 : 60)) / 100;
	for (uint32_t s = 0; s < services; s++)
		p->services[s].live += random_of(p, 5) == 0 ? random_of(p, 3) : 0;
	p->problem.excess = p->excess;
	p->problem.rows_n = rows;
	p->problem.hosts = p->hosts;
	p->problem.hosts_n = hosts;
	p->problem.uses = p->uses;
	p->problem.services = p->services;
	p->problem.services_n = services;
	p->problem.deps = p->deps;
	p->problem.off = SHED_COST;
}

int64_t plain_cost(const struct shed_problem *p, const uint8_t *state)
{
	int64_t rest[R_ROWS], cost = 0;
	uint32_t live[R_SERVICES];
	bool down[R_SERVICES];

	for (size_t r = 0; r < p->rows_n; r++)
		rest[r] = p->excess[r];
	for (size_t s = 0; s < p->services_n; s++)
		live[s] = p->services[s].live;
	for (size_t h = 0; h < p->hosts_n; h++) {
		uint32_t s = p->hosts[h].service;

		for (uint32_t i = 0; i < p->hosts[h].uses_n; i++) {
			const struct shed_use *use = &p->uses[p->hosts[h].use + i];

			rest[use->row] -= state[h] == SHED_OFF ? use->off : state[h] == SHED_CAPPED ? use->capped : 0;
		}
		if (state[h] == SHED_OFF)
			cost += p->off;
		if (state[h] == SHED_OFF && s != SHED_NONE)
			live[s]--;
		if (state[h] == SHED_CAPPED && s != SHED_NONE)
			cost += p->services[s].capped;
	}
	for (size_t r = 0; r < p->rows_n; r++)
		if (rest[r] > 0)
			return INT64_MAX;
	for (size_t s = 0; s < p->services_n; s++) { /* dependencies are on earlier ones */
		const struct shed_service *at = &p->services[s];

		down[s] = live[s] < at->min;
		for (uint32_t d = 0; d < at->deps_n; d++)
			down[s] = down[s] || down[p->deps[at->dep + d]];
		if (down[s] && at->must)
			return INT64_MAX;
		cost += down[s] ? at->value : live[s] < at->need ? at->unit * (at->need - live[s]) : 0;
	}
	return cost;
}

int64_t brute_force(const struct shed_problem *p)
{
	uint8_t state[16] = { 0 };
	int64_t best = INT64_MAX;
	size_t h;

	do {
		int64_t cost = plain_cost(p, state);

		best = cost < best ? cost : best;
		for (h = 0; h < p->hosts_n; h++) { /* count up */
			state[h] = (uint8_t)(state[h] + (p->hosts[h].can_cap ? 1 : 2));
			if (state[h] <= SHED_OFF)
				break;
			state[h] = SHED_ON;
		}
	} while (h < p->hosts_n);
	return best;
}

bool counted(void *user)
{
	int *left = user;

	return (*left)-- > 0;
}
