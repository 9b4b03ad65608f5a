/* src/plan/shed_part.c - see the header. */
#include "base/must.h"
#include "plan/shed_part.h"
#include <string.h>

enum { PART_HOSTS = 64, PART_NODES = 24, PART_MEMORY = 16 << 20 };

int polish_new(struct shed_tree *tree, struct arena *arena, struct shed_polish *ret_polish,
    struct why *why)
{
	const struct shed_work *w = tree->w;
	struct shed_polish p = { .tree = tree, .hold_cost = INT64_MAX, .random = 1,
		.memory = PART_MEMORY,
		.row_of = arena_array(arena, w->H + 1, sizeof(uint32_t)),
		.chosen = arena_array(arena, w->H + 1, sizeof(uint32_t)),
		.is_chosen = arena_array(arena, w->H + 1, 1),
		.row_new = arena_array(arena, w->R + 1, sizeof(uint32_t)) };

	if (p.row_of == NULL || p.chosen == NULL || p.is_chosen == NULL || p.row_new == NULL)
		return fail(why, KS_FULL, "no memory for this plan");
	for (size_t i = 0; i < tree->rows->whole_n; i++) {
		uint32_t r = tree->rows->whole[i];

		for (uint32_t j = w->row_at[r]; j < w->row_at[r + 1]; j++)
			p.row_of[w->rows[j].host] = r + 1;
	}
	int bad = draft_new(tree->w, arena, &p.hold, why);

	if (bad == KS_OK)
		*ret_polish = p;
	return bad;
}

/* splitmix64 */
static uint32_t random_below(struct shed_polish *p, size_t n)
{
	uint64_t z = p->random += 0x9e3779b97f4a7c15;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
	return (uint32_t)((z ^ (z >> 31)) % n);
}

static void choose(struct shed_polish *p, uint32_t host)
{
	p->chosen_n += !p->is_chosen[host];
	p->is_chosen[host] = 1;
}

static void choose_row(struct shed_polish *p, uint32_t r)
{
	const struct shed_work *w = p->tree->w;

	for (uint32_t j = w->row_at[r]; j < w->row_at[r + 1] && p->chosen_n < PART_HOSTS; j++)
		choose(p, w->rows[j].host);
}

/* Whole rows at random; or hosts of a row and of one service, at random, those rather
 * that the multipliers are not sure of. */
static void piece_choose(struct shed_polish *p)
{
	const struct shed_work *w = p->tree->w;
	const struct shed_rows *rows = p->tree->rows;
	uint32_t how = p->turn++ % 3, n = 0;

	memset(p->is_chosen, 0, w->H);
	p->chosen_n = 0;
	if (how > 0 && rows->whole_n > 0)
		for (uint32_t i = 0; i < how + 1; i++)
			choose_row(p, rows->whole[random_below(p, rows->whole_n)]);
	uint32_t r = random_below(p, w->R), from = w->row_at[r], many = w->row_at[r + 1] - from;

	must(many > 0); /* else it could not be relieved, and there is no plan */
	for (uint32_t tries = 0; tries < 4 * PART_HOSTS && p->chosen_n < PART_HOSTS; tries++) {
		uint32_t h = w->rows[from + random_below(p, many)].host;
		double often = p->tree->often_x[h];

		if ((often > 0.02 && often < 0.98) || random_below(p, 4) == 0)
			choose(p, h);
	}
	for (uint32_t h = 0; h < w->H; h++)
		if (p->is_chosen[h])
			p->chosen[n++] = h;
	p->chosen_n = n;
}

struct part {
	struct shed_problem problem;
	int64_t *excess;
	struct shed_host *hosts;
	struct shed_use *uses;
	struct shed_service *services;
	uint32_t *from, *row_from; /* hosts and rows of the whole */
	uint8_t *state;
};

static bool part_rooms(struct shed_polish *p, struct arena *arena, struct part *ret_part)
{
	const struct shed_work *w = p->tree->w;
	size_t uses = 0, n = p->chosen_n;

	for (size_t i = 0; i < n; i++)
		uses += w->p->hosts[p->chosen[i]].uses_n;
	/* rows: those of the uses */
	*ret_part = (struct part){ .excess = arena_array(arena, uses + 1, sizeof(int64_t)),
		.hosts = arena_array(arena, n + 1, sizeof(struct shed_host)),
		.uses = arena_array(arena, uses + 1, sizeof(struct shed_use)),
		.services = arena_array(arena, n + 1, sizeof(struct shed_service)),
		.from = arena_array(arena, n + 1, sizeof(uint32_t)),
		.row_from = arena_array(arena, uses + 1, sizeof(uint32_t)),
		.state = arena_array(arena, n + 1, 1) };
	return ret_part->excess != NULL && ret_part->hosts != NULL && ret_part->uses != NULL &&
	    ret_part->services != NULL && ret_part->from != NULL && ret_part->row_from != NULL &&
	    ret_part->state != NULL;
}

static const uint32_t UNSEEN = UINT32_MAX, NEVER = UINT32_MAX - 1;

/* The row's number in the part, when what stays does not hold it already. */
static uint32_t part_row(struct shed_polish *p, struct part *part, uint32_t r)
{
	if (p->row_new[r] == UNSEEN && p->hold.rest[r] <= 0)
		p->row_new[r] = NEVER;
	if (p->row_new[r] == UNSEEN) {
		p->row_new[r] = (uint32_t)part->problem.rows_n++;
		part->excess[p->row_new[r]] = p->hold.rest[r];
		part->row_from[p->row_new[r]] = r;
	}
	return p->row_new[r];
}

/* A service in the part stays as it is: up, and then it must, or down for good. */
static uint32_t part_service(struct shed_polish *p, struct part *part, uint32_t s)
{
	const struct shed_service *from = &p->tree->w->p->services[s];
	struct shed_service *to = &part->services[part->problem.services_n];

	*to = (struct shed_service){ .capped = from->capped, .live = p->hold.live[s] };
	if (!p->hold.down[s]) {
		to->unit = from->unit;
		to->value = from->unit * (from->need > from->min ? from->need - from->min : 0);
		to->need = from->need;
		to->min = from->min;
		to->must = true;
	}
	return (uint32_t)part->problem.services_n++;
}

/* The chosen hosts as they would be on, and what is then missing. */
static void part_fill(struct shed_polish *p, struct part *part, const uint8_t *state)
{
	const struct shed_work *w = p->tree->w;
	uint32_t last = SHED_NONE, service = SHED_NONE;

	for (size_t r = 0; r < w->R; r++)
		p->row_new[r] = UNSEEN;
	for (uint32_t i = 0; i < p->chosen_n; i++)
		draft_set(&p->hold, p->chosen[i], SHED_ON);
	for (uint32_t i = 0; i < p->chosen_n; i++) {
		const struct shed_host *from = &w->p->hosts[p->chosen[i]];
		struct shed_host host = { .service = SHED_NONE, .can_cap = from->can_cap,
			.use = (uint32_t)part->problem.uses_n };

		for (uint32_t u = from->use; u < from->use + from->uses_n; u++) {
			uint32_t r = part_row(p, part, w->p->uses[u].row);

			if (r != NEVER)
				part->uses[part->problem.uses_n++] =
				    (struct shed_use){ r, w->p->uses[u].off, w->p->uses[u].capped };
		}
		if (from->service != SHED_NONE && from->service != last)
			service = part_service(p, part, last = from->service);
		if (from->service != SHED_NONE)
			host.service = service;
		host.uses_n = (uint32_t)part->problem.uses_n - host.use;
		part->from[part->problem.hosts_n] = p->chosen[i];
		part->state[part->problem.hosts_n] = state[p->chosen[i]];
		part->hosts[part->problem.hosts_n++] = host;
	}
	part->problem.excess = part->excess;
	part->problem.hosts = part->hosts;
	part->problem.uses = part->uses;
	part->problem.services = part->services;
	part->problem.off = w->p->off;
}

/* The multipliers of the whole, for what is still missing. */
static void part_multipliers(const struct shed_polish *p, const struct part *part,
    struct shed_work *small)
{
	const struct shed_work *w = p->tree->w;

	for (size_t r = 0; r < small->R; r++) {
		uint32_t from = part->row_from[r];

		small->climb.best_at[r] = w->climb.best_at[from] * (double)part->excess[r] /
		    (double)w->p->excess[from];
		small->climb.best_at[small->R + r] = w->climb.best_at[w->R + from];
	}
}

/* Its best states into part->state; false: they are the best already, as far as known. */
static bool part_solve(struct shed_polish *p, struct part *part, struct arena *arena)
{
	struct shed_work *w;
	struct shed_rows rows;
	struct shed_draft draft;
	struct shed_tree tree;
	bool feasible;

	if (work_new(&part->problem, arena, &w, NULL) != KS_OK ||
	    rows_new(w, arena, &rows, NULL) != KS_OK || draft_new(w, arena, &draft, NULL) != KS_OK ||
	    tree_new(&rows, &draft, arena, &tree, NULL) != KS_OK)
		return false;
	part_multipliers(p, part, w);
	tree.go_on = p->tree->go_on;
	tree.user = p->tree->user;
	tree.rounds_top = 40;
	memcpy(tree.best, part->state, w->H);
	tree.cost = shed_count(&part->problem, tree.best, &draft.room, draft.count_down, &feasible);
	must(feasible);
	int64_t before = tree.cost;

	tree_search(&tree, PART_NODES);
	memcpy(part->state, tree.best, w->H);
	return tree.cost < before;
}

bool polish_step(struct shed_polish *p)
{
	struct shed_tree *t = p->tree;
	struct arena arena;
	struct part part;
	bool better = false;

	if (t->cost == INT64_MAX)
		return false;
	if (t->cost != p->hold_cost)
		draft_load(&p->hold, t->best);
	piece_choose(p);
	arena_init(&arena, p->memory);
	if (part_rooms(p, &arena, &part)) {
		part_fill(p, &part, t->best);
		better = part_solve(p, &part, &arena);
		for (uint32_t i = 0; i < part.problem.hosts_n; i++)
			draft_set(&p->hold, part.from[i], part.state[i]);
	}
	arena_done(&arena);
	p->hold_cost = t->cost;
	if (better) {
		memcpy(t->draft->state, p->hold.state, t->w->H);
		tree_offer(t);
		p->hold_cost = INT64_MAX;
	}
	return better;
}
