/* src/plan/shed.c - the shed planner: build a plan, climb to a bound, mend the plans that
 * it shows, make the best better piece by piece, and branch until both meet or time is over. */
#include "plan/shed_mend.h"
#include "plan/shed_part.h"
#include <math.h>
#include <string.h>

enum {
	ROUNDS_MOST = 400, /* of one climb */
	LOOK_EVERY = 8,	   /* rounds between two plans built */
	MEND_EVERY = 16,   /* rounds between two of them mended */
	STALE_AFTER = 40,  /* rounds that must bring a bound nearer */
	SMALL_HOSTS = 300, /* so few are rather branched on than polished */
	POLISH_SMALL = 20, POLISH_FIRST = 300, POLISH_NODE = 200, POLISH_EVERY = 8,
};

struct solve {
	const struct shed_ask *ask;
	struct shed_work *w;
	struct shed_rows rows;
	struct shed_draft draft;
	struct shed_mend mend;
	struct shed_tree tree;
	struct shed_polish polish;
	struct shed_plan *plan;
};

static bool goes_on(void *user)
{
	struct solve *s = user;

	return s->ask->go_on(s->ask->user);
}

/* What the tree has found, told when it is better than before. */
static void plan_take(void *user, struct shed_tree *tree)
{
	struct solve *s = user;
	struct shed_plan *plan = s->plan;
	bool better = tree->cost < plan->cost || tree->bound > plan->bound;

	if (tree->cost < plan->cost) {
		memcpy(plan->state, tree->best, s->w->H);
		plan->cost = shed_count(s->w->p, plan->state, &s->draft.room, plan->down, &plan->feasible);
	}
	plan->bound = tree->bound;
	if (better && s->ask->better != NULL)
		s->ask->better(s->ask->user, plan);
}

static void bound_take(struct solve *s, double bound)
{
	int64_t whole = work_whole(s->w, bound);

	if (whole > s->tree.bound) {
		s->tree.bound = whole < s->tree.cost ? whole : s->tree.cost;
		plan_take(s, &s->tree);
	}
}

/* Before each node of the tree. */
static void polish(void *user)
{
	struct solve *s = user;
	const int most[2][2] = { { POLISH_NODE, POLISH_FIRST },
		{ s->tree.nodes % POLISH_EVERY == 0, POLISH_SMALL } };
	int tries = most[s->w->H <= SMALL_HOSTS][s->tree.nodes == 0];

	while (tries-- > 0 && s->tree.bound < s->tree.cost && goes_on(s))
		(void)polish_step(&s->polish);
}

/* A plan from what a bound shows (or nothing). */
static void look(struct solve *s, const uint8_t *z, const uint8_t *states, bool mend)
{
	if (!draft_build(&s->draft, z, states))
		return;
	tree_offer(&s->tree);
	if (mend) {
		mend_run(&s->mend);
		tree_offer(&s->tree);
	}
}

/* By how much of itself a bound must have risen to be climbed on: of many rows the bound
 * by whole rows comes nearer, and shows the better plans. */
static double rise_least(const struct solve *s, bool rows)
{
	return !rows && s->rows.whole_n > 0 && s->w->H > SMALL_HOSTS ? 1e-3 : 1e-4;
}

/* Rounds of one bound, and plans from what it shows; ends when it no longer rises. */
static void climb(struct solve *s, bool rows)
{
	const struct shed_climb *c = rows ? &s->rows.climb : &s->w->climb;
	double mark = -INFINITY;

	for (int i = 1; i <= ROUNDS_MOST && goes_on(s) && s->tree.bound < s->tree.cost; i++) {
		if (rows ? tree_climb_rows(&s->tree) : tree_climb(&s->tree))
			bound_take(s, c->best);
		if (i % LOOK_EVERY == 0)
			look(s, s->w->z, rows ? s->rows.x : NULL, i % MEND_EVERY == 0);
		if (i % STALE_AFTER == 0) {
			if (c->best - mark < rise_least(s, rows) * fabs(c->best))
				break;
			mark = c->best;
		}
	}
}

static int solve_new(struct solve *s, const struct shed_problem *problem, struct arena *arena,
    struct why *why)
{
	int bad = work_new(problem, arena, &s->w, why);

	if (bad == KS_OK)
		bad = rows_new(s->w, arena, &s->rows, why);
	if (bad == KS_OK)
		bad = draft_new(s->w, arena, &s->draft, why);
	if (bad == KS_OK)
		bad = mend_new(&s->draft, arena, &s->mend, why);
	if (bad == KS_OK)
		bad = tree_new(&s->rows, &s->draft, arena, &s->tree, why);
	if (bad == KS_OK)
		bad = polish_new(&s->tree, arena, &s->polish, why);
	if (bad != KS_OK)
		return bad;
	s->plan->state = arena_array(arena, s->w->H + 1, 1);
	s->plan->down = arena_array(arena, s->w->S + 1, 1);
	if (s->plan->state == NULL || s->plan->down == NULL)
		return fail(why, KS_FULL, "no memory for this plan");
	s->mend.go_on = goes_on;
	s->mend.user = s;
	s->tree.better = plan_take;
	s->tree.go_on = goes_on;
	s->tree.between = polish;
	s->tree.user = s;
	s->tree.join = join_new(&s->rows, arena);
	if (s->tree.join != NULL) {
		s->tree.join->go_on = goes_on;
		s->tree.join->user = s;
	}
	return KS_OK;
}

/* All the time there is goes here. */
static void solve_run(struct solve *s)
{
	climb(s, false);
	rows_take(&s->rows);
	if (s->rows.whole_n > 0)
		climb(s, true);
	if (s->tree.bound < s->tree.cost)
		tree_search(&s->tree, UINT64_MAX);
	plan_take(s, &s->tree);
}

int shed_solve(const struct shed_problem *problem, const struct shed_ask *ask,
    struct arena *arena, struct shed_plan *ret_plan, struct why *why)
{
	struct shed_plan plan = { .cost = INT64_MAX };
	struct solve s = { .ask = ask, .plan = &plan };
	int bad = solve_new(&s, problem, arena, why);

	if (bad != KS_OK)
		return bad;
	draft_clear(&s.draft);
	plan.before = shed_count(problem, s.draft.state, &s.draft.room, plan.down, &plan.feasible);
	look(&s, NULL, NULL, true);
	if (work_spread(s.w) && work_count(s.w))
		solve_run(&s);
	else
		plan.bound = INT64_MAX;
	if (plan.cost == INT64_MAX) {
		/* no plan holds all limits: what comes nearest is better than nothing */
		(void)draft_build(&s.draft, NULL, NULL);
		memcpy(plan.state, s.draft.state, s.w->H);
		(void)shed_count(problem, plan.state, &s.draft.room, plan.down, &plan.feasible);
	}
	*ret_plan = plan;
	return KS_OK;
}
