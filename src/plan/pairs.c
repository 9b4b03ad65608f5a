#include "plan/pairs.h"
#include "plan/phase.h"
#include <stdlib.h>

/* One run over all pairs. */
struct run {
	struct flow *flow;
	uint32_t *singles;	/* nodes that count as losses */
	uint32_t singles_n;
	uint32_t *dark;		/* of each single: hosts dark by it alone */
	uint8_t *over;		/* bit [single][node]: above its limit by that loss alone */
	size_t row;		/* bytes of one single */
	struct pairs *pairs;
	uint32_t most;
};

static bool over_by(const struct run *run, uint32_t single, uint32_t node)
{
	return (run->over[single * run->row + node / 8] >> (node % 8) & 1) != 0;
}

/* Is x worse than y? */
static int worse(const void *left, const void *right)
{
	const struct pair *x = left, *y = right;

	if (x->only_n != y->only_n)
		return x->only_n > y->only_n ? -1 : 1;
	if (x->over_n != y->over_n)
		return x->over_n > y->over_n ? -1 : 1;
	if (x->a != y->a)
		return x->a < y->a ? -1 : 1;
	return x->b < y->b ? -1 : 1;
}

/* The list is a heap with the least bad on top, until it is sorted at the end. */
static void sift_down(struct pair *heap, uint32_t n, uint32_t at)
{
	for (uint32_t kid; (kid = 2 * at + 1) < n; at = kid) {
		if (kid + 1 < n && worse(&heap[kid], &heap[kid + 1]) < 0)
			kid++;
		if (worse(&heap[at], &heap[kid]) > 0)
			return;
		struct pair keep = heap[at];

		heap[at] = heap[kid];
		heap[kid] = keep;
	}
}

static void pair_keep(struct run *run, const struct pair *pair)
{
	struct pairs *pairs = run->pairs;
	uint32_t at = pairs->worst_n;

	pairs->worse++;
	if (at == run->most) {
		if (worse(pair, &pairs->worst[0]) > 0)
			return;
		pairs->worst[0] = *pair;
		sift_down(pairs->worst, at, 0);
		return;
	}
	pairs->worst_n++;
	for (; at > 0 && worse(pair, &pairs->worst[(at - 1) / 2]) > 0; at = (at - 1) / 2)
		pairs->worst[at] = pairs->worst[(at - 1) / 2];
	pairs->worst[at] = *pair;
}

static void one_pair(struct run *run, uint32_t a, uint32_t b)
{
	struct flow *flow = run->flow;
	struct pair pair = { .a = run->singles[a], .b = run->singles[b] };

	flow_mark(flow);
	flow_lose(flow, pair.b);
	pair.dark_n = flow->dark_n;
	if (pair.dark_n > run->dark[a] + run->dark[b])
		pair.only_n = pair.dark_n - run->dark[a] - run->dark[b];
	for (uint32_t i = 0; i < flow->changed_n; i++) {
		uint32_t node = flow->changed[i];

		pair.over_n += phase_over(flow, node) && !over_by(run, a, node) && !over_by(run, b, node);
	}
	flow_undo(flow);
	run->pairs->tried++;
	if (pair.only_n > 0 || pair.over_n > 0)
		pair_keep(run, &pair);
}

/* Does the one hang on the other, so that with a its b is dark, too?  And the other way
 * round: with b lost a would be. */
static void pairs_of(struct run *run, uint32_t a)
{
	const struct grid *grid = run->flow->grid;

	flow_mark(run->flow);
	flow_lose(run->flow, run->singles[a]);
	for (uint32_t b = a + 1; b < run->singles_n; b++) {
		uint32_t up = run->singles[a];

		if (run->flow->node[run->singles[b]] != FLOW_LIVE)
			continue;
		while (up != GRID_NONE && up != run->singles[b])
			up = grid->nodes[up].up2 == GRID_NONE ? grid->nodes[up].up : GRID_NONE;
		if (up == GRID_NONE)
			one_pair(run, a, b);
	}
	flow_undo(run->flow);
}

static void singles_try(struct run *run, struct loss *loss)
{
	for (uint32_t i = 0; i < run->singles_n; i++) {
		flow_mark(run->flow);
		flow_lose(run->flow, run->singles[i]);
		loss_look(loss, run->flow);
		run->dark[i] = run->flow->dark_n;
		for (uint32_t k = 0; k < loss->over_n; k++)
			run->over[i * run->row + loss->over[k] / 8] |= (uint8_t)(1u << (loss->over[k] % 8));
		flow_undo(run->flow);
	}
}

int pairs_run(struct flow *flow, struct loss *loss, uint32_t most, struct arena *arena,
    struct pairs *ret_pairs, struct why *why)
{
	const struct grid *grid = flow->grid;
	struct pairs pairs = { .tried = 0 };
	struct run run = { .flow = flow, .row = grid->nodes_n / 8 + 1, .pairs = &pairs, .most = most };

	if ((run.singles = arena_array(arena, grid->nodes_n + 1, sizeof *run.singles)) != NULL)
		for (uint32_t i = 0; i < grid->nodes_n; i++)
			if (loss_counts(grid, i))
				run.singles[run.singles_n++] = i;
	if (run.singles == NULL ||
	    (run.dark = arena_array(arena, run.singles_n + 1, sizeof *run.dark)) == NULL ||
	    (run.over = arena_array(arena, run.singles_n + 1, run.row)) == NULL ||
	    (pairs.worst = arena_array(arena, most + 1, sizeof *pairs.worst)) == NULL)
		return fail(why, KS_FULL, "no memory for the electrical model of %s", grid->site->id);
	singles_try(&run, loss);
	for (uint32_t a = 0; a < run.singles_n; a++)
		pairs_of(&run, a);
	qsort(pairs.worst, pairs.worst_n, sizeof *pairs.worst, worse);

	*ret_pairs = pairs;
	return KS_OK;
}
