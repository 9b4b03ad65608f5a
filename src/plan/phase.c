#include "plan/phase.h"
#include "base/must.h"
#include <math.h>
#include <string.h>

/* Loads below a node by phase, VA; even: no phase said, or three-phase itself. */
struct loads {
	double delta[3], star[3], even;
};

enum { PHASE_ROUNDED = 1000 }; /* micro-VA that square roots may add */

static const char *const pairs[] = { "RS", "ST", "TR" }, *const lines[] = { "R", "S", "T" };

/* As a flow has it, or (flow NULL) the healthy grid. */
struct stand {
	const struct grid *grid;
	const struct flow *flow;
};

static int64_t stand_load(const struct stand *stand, uint32_t node)
{
	return stand->flow != NULL ? stand->flow->load_uva[node] : stand->grid->nodes[node].load_uva;
}

static uint32_t stand_up(const struct stand *stand, uint32_t node)
{
	return stand->flow != NULL ? flow_up(stand->flow, node) : stand->grid->nodes[node].up;
}

static void loads_add(struct loads *loads, const char *phase, double va)
{
	for (int i = 0; i < 3; i++) {
		loads->delta[i] += strcmp(phase, pairs[i]) == 0 ? va : 0;
		loads->star[i] += strcmp(phase, lines[i]) == 0 ? va : 0;
	}
}

/* What hangs on a node: the load of each child that says its phase, and so on below the
 * others. */
static void loads_of(const struct stand *stand, uint32_t node, struct loads *loads)
{
	const struct grid *grid = stand->grid;

	for (uint32_t k = 0; k < grid->nodes[node].kids_n; k++) {
		uint32_t kid = grid->kids[grid->nodes[node].kid + k];
		const char *phase = grid->site->nodes[kid].phase;

		if (stand_up(stand, kid) != node)
			continue;
		if (phase != NULL)
			loads_add(loads, phase, (double)stand_load(stand, kid) / 1e6);
		else
			loads_of(stand, kid, loads);
	}
}

/* All of a node's load by its kinds: what says no phase is even. */
static struct loads loads_by_kind(const struct stand *stand, uint32_t node)
{
	struct loads loads = { .even = 0 };
	double said = 0;

	loads_of(stand, node, &loads);
	for (int i = 0; i < 3; i++)
		said += loads.delta[i] + loads.star[i];
	loads.even = (double)stand_load(stand, node) / 1e6 - said;
	return loads;
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
	const struct stand stand = { flow->grid, flow };
	struct loads loads = loads_by_kind(&stand, node);

	for (int i = 0; i < 3; i++) {
		ret_va[i] = loads.delta[i];
		ret_va[3 + i] = loads.star[i];
	}
	ret_va[PHASE_EVEN] = loads.even;
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

static struct phase_lines lines_of(const struct stand *stand, uint32_t node)
{
	const struct grid_node *at = &stand->grid->nodes[node];
	struct loads loads = loads_by_kind(stand, node);
	struct phase_lines found;
	double volt = (double)at->line_volt_mv / 1000;

	found.known = loads.even < 0.001;
	found.may = (double)at->limit_uva / 1e6 / (sqrt(3) * volt);
	phase_currents(loads.delta, loads.star, loads.even, volt, found.amps);
	return found;
}

struct phase_lines phase_lines(const struct flow *flow, uint32_t node)
{
	const struct stand stand = { flow->grid, flow };

	must(flow->grid->nodes[node].phases == 3);
	return lines_of(&stand, node);
}

/* The even load whose three lines carry what the fullest of these does; never less than the
 * load itself, as no line of an even load carries more than another. */
static int64_t full_of(const struct stand *stand, uint32_t node, const struct phase_lines *now)
{
	double most = fmax(now->amps[0], fmax(now->amps[1], now->amps[2]));
	int64_t full = llround(most * sqrt(3) * (double)stand->grid->nodes[node].line_volt_mv * 1e3);
	int64_t load = stand_load(stand, node);

	return full - load > PHASE_ROUNDED ? full : load;
}

int64_t phase_full(const struct flow *flow, uint32_t node)
{
	const struct stand stand = { flow->grid, flow };

	if (!flow->grid->nodes[node].uneven)
		return flow->load_uva[node];
	struct phase_lines lines_now = lines_of(&stand, node);

	return full_of(&stand, node, &lines_now);
}

unsigned phase_fullest(const struct flow *flow, uint32_t node, struct phase_lines *ret_lines)
{
	const struct stand stand = { flow->grid, flow };
	unsigned most = 0;

	if (!flow->grid->nodes[node].uneven)
		return 3;
	*ret_lines = lines_of(&stand, node);
	for (unsigned i = 1; i < 3; i++)
		most = ret_lines->amps[i] > ret_lines->amps[most] ? i : most;
	return full_of(&stand, node, ret_lines) > flow->load_uva[node] ? most : 3;
}

void phase_fill(struct grid *grid)
{
	const struct stand stand = { grid, NULL };

	for (uint32_t i = 0; i < grid->nodes_n; i++)
		grid->nodes[i].uneven = false;
	/* who says a phase says it for all above; what is fed comes first */
	for (size_t i = grid->nodes_n; i-- > 0;) {
		uint32_t n = grid->order[i], ups[] = { grid->nodes[n].up, grid->nodes[n].up2 };

		for (int k = 0; k < 2; k++)
			if (ups[k] != GRID_NONE)
				grid->nodes[ups[k]].uneven |= grid->site->nodes[n].phase != NULL || grid->nodes[n].uneven;
	}
	for (uint32_t i = 0; i < grid->nodes_n; i++) {
		struct grid_node *node = &grid->nodes[i];

		node->uneven = node->uneven && node->phases == 3;
		node->full_uva = node->load_uva;
		if (node->uneven) {
			struct phase_lines now = lines_of(&stand, i);

			node->full_uva = full_of(&stand, i, &now);
		}
	}
}
