#include "plan/loss.h"
#include "plan/phase.h"
#include <stdlib.h>

struct loss_inside {
	uint32_t *ill;	     /* nodes above their limit already when healthy */
	uint32_t ill_n;
	uint32_t *users;     /* services that need one, from first[it] to first[it + 1] */
	uint32_t *first;
	uint32_t *stack;
	bool *fallen;
};

static int by_number(const void *left, const void *right)
{
	uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;

	return a < b ? -1 : a > b;
}

/* Who needs whom, the other way round. */
static void users_fill(struct loss_inside *in, const struct grid *grid, uint32_t *fill)
{
	for (size_t i = 0; i < grid->services_n; i++)
		for (uint32_t k = 0; k < grid->services[i].deps_n; k++)
			in->first[grid->deps[grid->services[i].dep + k] + 1]++;
	for (size_t i = 0; i < grid->services_n; i++) {
		in->first[i + 1] += in->first[i];
		fill[i] = in->first[i];
	}
	for (uint32_t i = 0; i < grid->services_n; i++)
		for (uint32_t k = 0; k < grid->services[i].deps_n; k++)
			in->users[fill[grid->deps[grid->services[i].dep + k]]++] = i;
}

static bool node_ill(const struct grid_node *node)
{
	return node->limit_uva > 0 && node->full_uva > node->limit_uva;
}

int loss_new(const struct grid *grid, struct arena *arena, struct loss **ret_loss, struct why *why)
{
	struct loss *loss = arena_take(arena, sizeof *loss);
	struct loss_inside *in = arena_take(arena, sizeof *in);
	size_t services = grid->services_n, deps = 0;

	for (size_t i = 0; i < services; i++)
		deps += grid->services[i].deps_n;
	if (loss == NULL || in == NULL ||
	    (loss->over = arena_array(arena, grid->nodes_n + 1, sizeof *loss->over)) == NULL ||
	    (loss->hot = arena_array(arena, grid->rooms_n + 1, sizeof *loss->hot)) == NULL ||
	    (loss->down = arena_array(arena, services + 1, sizeof *loss->down)) == NULL ||
	    (loss->live = arena_array(arena, services + 1, sizeof *loss->live)) == NULL ||
	    (in->ill = arena_array(arena, grid->nodes_n + 1, sizeof *in->ill)) == NULL ||
	    (in->users = arena_array(arena, deps + 1, sizeof *in->users)) == NULL ||
	    (in->first = arena_array(arena, services + 2, sizeof *in->first)) == NULL ||
	    (in->stack = arena_array(arena, services + 1, sizeof *in->stack)) == NULL ||
	    (in->fallen = arena_array(arena, services + 1, sizeof *in->fallen)) == NULL)
		return fail(why, KS_FULL, "no memory for the electrical model of %s", grid->site->id);
	for (uint32_t i = 0; i < grid->nodes_n; i++)
		if (node_ill(&grid->nodes[i]))
			in->ill[in->ill_n++] = i;
	users_fill(in, grid, in->stack);
	loss->inside = in;

	*ret_loss = loss;
	return KS_OK;
}

void loss_look(struct loss *loss, const struct flow *flow)
{
	const struct loss_inside *in = loss->inside;

	loss->over_n = loss->hot_n = 0;
	for (uint32_t i = 0; i < flow->touched_n; i++)
		if (phase_over(flow, flow->touched[i]) && !node_ill(&flow->grid->nodes[flow->touched[i]]))
			loss->over[loss->over_n++] = flow->touched[i];
	for (uint32_t i = 0; i < in->ill_n; i++)
		if (phase_over(flow, in->ill[i]))
			loss->over[loss->over_n++] = in->ill[i];
	qsort(loss->over, loss->over_n, sizeof *loss->over, by_number);
	for (uint32_t i = 0; i < flow->grid->rooms_n; i++)
		if (flow->grid->rooms[i].limit_mw > 0 &&
		    flow->room_mw[i] > flow->grid->rooms[i].limit_mw)
			loss->hot[loss->hot_n++] = i;
}

/* The service falls, and with it who needs it. */
static void service_falls(struct loss_inside *in, uint32_t at)
{
	uint32_t depth = 0;

	if (in->fallen[at])
		return;
	in->fallen[at] = true;
	in->stack[depth++] = at;
	while (depth > 0) {
		uint32_t top = in->stack[--depth];

		for (uint32_t k = in->first[top]; k < in->first[top + 1]; k++)
			if (!in->fallen[in->users[k]]) {
				in->fallen[in->users[k]] = true;
				in->stack[depth++] = in->users[k];
			}
	}
}

void loss_services(struct loss *loss, const struct flow *flow, const bool *off)
{
	const struct grid *grid = flow->grid;
	struct loss_inside *in = loss->inside;

	for (uint32_t i = 0; i < grid->services_n; i++) {
		in->fallen[i] = false;
		loss->live[i] = grid->services[i].members_n;
	}
	for (uint32_t i = 0; i < flow->dark_n; i++)
		if (grid->hosts[flow->dark[i]].service != GRID_NONE)
			loss->live[grid->hosts[flow->dark[i]].service]--;
	for (uint32_t i = 0; off != NULL && i < grid->hosts_n; i++)
		if (off[i] && grid->hosts[i].service != GRID_NONE && flow_lit(flow, i))
			loss->live[grid->hosts[i].service]--;
	for (uint32_t i = 0; i < grid->services_n; i++)
		if (loss->live[i] < grid->services[i].min)
			service_falls(in, i);
	loss->down_n = 0;
	for (uint32_t i = 0; i < grid->services_n; i++)
		if (in->fallen[i])
			loss->down[loss->down_n++] = i;
}
