#include "plan/phase.h"
#include "base/must.h"
#include <math.h>
#include <string.h>

/* Loads below a node by phase, VA; even: no phase said, or three-phase itself. */
struct loads {
	double delta[3], star[3], even;
};

static const char *const pairs[] = { "RS", "ST", "TR" }, *const lines[] = { "R", "S", "T" };

static void loads_add(struct loads *loads, const char *phase, double va)
{
	for (int i = 0; i < 3; i++) {
		loads->delta[i] += strcmp(phase, pairs[i]) == 0 ? va : 0;
		loads->star[i] += strcmp(phase, lines[i]) == 0 ? va : 0;
	}
}

/* What hangs on a node: the load of each child that says its phase, and so on below the
 * others. */
static void loads_of(const struct flow *flow, uint32_t node, struct loads *loads)
{
	const struct grid *grid = flow->grid;

	for (uint32_t k = 0; k < grid->nodes[node].kids_n; k++) {
		uint32_t kid = grid->kids[grid->nodes[node].kid + k];
		const char *phase = grid->site->nodes[kid].phase;

		if (flow_up(flow, kid) != node)
			continue;
		if (phase != NULL)
			loads_add(loads, phase, (double)flow->load_uva[kid] / 1e6);
		else
			loads_of(flow, kid, loads);
	}
}

void phase_currents(const double delta[3], const double star[3], double even, double volt,
    double ret_amps[3])
{
	for (int i = 0; i < 3; i++) {
		/* RS and TR meet in R: this branch and the one before it in the circle */
		double a = delta[i] / volt, b = delta[(i + 2) % 3] / volt;
		double own = star[i] * sqrt(3) / volt + even / (sqrt(3) * volt);
		/* along the line, and across it */
		double along = own + (a + b) * sqrt(3) / 2, across = (a - b) / 2;

		ret_amps[i] = sqrt(along * along + across * across);
	}
}

unsigned phase_kind(const char *phase)
{
	unsigned i = 0;

	while (strcmp(phase, pairs[i]) != 0 && strcmp(phase, lines[i]) != 0)
		must(++i < 3); /* the site's reader knows no other */
	return strcmp(phase, pairs[i]) == 0 ? i : 3 + i;
}

void phase_loads(const struct flow *flow, uint32_t node, double ret_va[PHASE_KINDS])
{
	struct loads loads = { .even = 0 };
	double said = 0;

	loads_of(flow, node, &loads);
	for (int i = 0; i < 3; i++) {
		ret_va[i] = loads.delta[i];
		ret_va[3 + i] = loads.star[i];
		said += loads.delta[i] + loads.star[i];
	}
	ret_va[PHASE_EVEN] = (double)flow->load_uva[node] / 1e6 - said;
}

double phase_part(unsigned line, unsigned way, unsigned kind)
{
	static const double degree = 0.017453292519943295;
	double along = cos(((double)way - 3) * 10 * degree), across = sin(((double)way - 3) * 10 * degree);

	if (kind == PHASE_EVEN)
		return along;
	if (kind >= 3)
		return kind - 3 == line ? 3 * along : 0;
	if (kind == line)
		return 1.5 * along + sqrt(3) / 2 * across;
	return kind == (line + 2) % 3 ? 1.5 * along - sqrt(3) / 2 * across : 0;
}

struct phase_lines phase_lines(const struct flow *flow, uint32_t node)
{
	const struct grid_node *at = &flow->grid->nodes[node];
	struct loads loads = { .even = 0 };
	struct phase_lines found;
	double volt = (double)at->line_volt_mv / 1000, said = 0;

	must(at->phases == 3);
	loads_of(flow, node, &loads);
	for (int i = 0; i < 3; i++)
		said += loads.delta[i] + loads.star[i];
	loads.even = (double)flow->load_uva[node] / 1e6 - said;
	found.known = loads.even < 0.001;
	found.may = (double)at->limit_uva / 1e6 / (sqrt(3) * volt);
	phase_currents(loads.delta, loads.star, loads.even, volt, found.amps);
	return found;
}

unsigned phase_over(const struct flow *flow, uint32_t node, struct phase_lines *ret_lines)
{
	const struct grid_node *at = &flow->grid->nodes[node];
	double va[PHASE_KINDS];
	unsigned most = 0;

	if (at->phases != 3 || at->limit_uva <= 0 || flow->load_uva[node] <= 0)
		return 3;
	phase_loads(flow, node, va);
	*ret_lines = phase_lines(flow, node);
	for (unsigned i = 1; i < 3; i++)
		most = ret_lines->amps[i] > ret_lines->amps[most] ? i : most;
	return va[PHASE_EVEN] * 1e6 + 1 > (double)flow->load_uva[node] || ret_lines->amps[most] <= ret_lines->may ? 3 : most;
}
