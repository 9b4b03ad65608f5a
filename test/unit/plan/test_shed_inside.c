/* test/unit/plan/test_shed_inside.c - corners of the shed planner that whole problems
 * seldom reach. */
#include "../harness.h"
#include "shed_random.h"
#include "plan/shed_part.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MEMORY = 64 << 20 };
static struct random_problem made;
static int left;

struct inside {
	struct arena arena;
	struct shed_work *w;
	struct shed_rows rows;
	struct shed_draft draft;
	struct shed_tree tree;
	struct shed_polish polish;
};

static void inside_new(struct inside *in)
{
	memset(in, 0, sizeof *in);
	arena_init(&in->arena, MEMORY);
	assert_int_equal(work_new(&made.problem, &in->arena, &in->w, NULL), KS_OK);
	assert_int_equal(rows_new(in->w, &in->arena, &in->rows, NULL), KS_OK);
	assert_int_equal(draft_new(in->w, &in->arena, &in->draft, NULL), KS_OK);
	assert_int_equal(tree_new(&in->rows, &in->draft, &in->arena, &in->tree, NULL), KS_OK);
	assert_int_equal(polish_new(&in->tree, &in->arena, &in->polish, NULL), KS_OK);
	in->tree.go_on = counted;
	in->tree.user = &left;
}

/* One row of more hosts than are solved whole, and no other. */
static void one_row_of_many_hosts(void **state)
{
	(void)state;
	struct arena arena;
	struct shed_plan plan;

	for (uint64_t seed = 1; seed <= 12; seed++) {
		random_make(&made, seed, 420, 1, 4);
		if (made.problem.hosts_n < 100)
			continue;
		left = 500;
		arena_init(&arena, MEMORY);
		assert_int_equal(shed_solve(&made.problem, &(struct shed_ask){ .go_on = counted,
		    .user = &left }, &arena, &plan, NULL), KS_OK);
		assert_true(!plan.feasible || plain_cost(&made.problem, plan.state) == plan.cost);
		assert_true(plan.bound <= plan.cost);
		arena_done(&arena);
	}
}

/* The same, branched on: there is no second bound. */
static void a_tree_without_whole_rows(void **state)
{
	(void)state;
	struct inside in;

	for (uint64_t seed = 1; seed <= 25; seed++) {
		random_make(&made, seed, 420, 1, 4);
		inside_new(&in);
		left = 2000;
		if (made.problem.hosts_n > 96 && work_spread(in.w) && work_count(in.w)) {
			if (draft_build(&in.draft, NULL, NULL))
				tree_offer(&in.tree);
			tree_search(&in.tree, 4);
			assert_true(in.tree.bound <= in.tree.cost);
		}
		arena_done(&in.arena);
	}
}

/* Multipliers far beyond any sense give no bound, not a wrong one. */
static void astray_nothing_is_claimed(void **state)
{
	(void)state;
	struct inside in;

	do
		random_make(&made, made.random, 60, 3, 4);
	while (made.problem.services_n < 3 || made.problem.hosts_n < 40);
	inside_new(&in);
	assert_true(work_spread(in.w) && work_count(in.w));
	work_evaluate(in.w);
	assert_true(in.w->bound > -INFINITY);
	for (size_t r = 0; r < in.w->R; r++)
		in.w->lam[r] = 1e16;
	work_evaluate(in.w);
	assert_true(in.w->bound < 0);
	assert_int_equal(work_whole(in.w, in.w->bound), 0);
	assert_true(work_whole(in.w, INFINITY) == INT64_MAX);
	arena_done(&in.arena);
}

/* From where nothing is known there is no step; the climb goes back to its best. */
static void a_climb_that_went_astray_goes_back(void **state)
{
	(void)state;
	struct shed_climb c;
	struct arena arena;

	arena_init(&arena, MEMORY);
	assert_int_equal(climb_new(2, &arena, &c, NULL), KS_OK);
	c.slope[0] = 1;
	assert_true(climb_step(&c, 10, 20));
	assert_true(c.at[0] > 0 && c.at[1] == 0);
	assert_false(climb_step(&c, -INFINITY, 20));
	assert_true(c.at[0] == 0 && c.best == 10 && c.pace == 0.5);
	assert_false(climb_step(&c, 10, 20));
	assert_true(c.at[0] > 0 && c.at[0] < 1e3);
	arena_done(&arena);
}

/* Seeds at which the steps once grew beyond all numbers. */
static void steps_stay_within_numbers(void **state)
{
	(void)state;
	const uint64_t seeds[] = { 2110, 7834 };

	for (size_t i = 0; i < sizeof seeds / sizeof seeds[0]; i++) {
		struct shed_plan plan;
		struct arena arena;

		random_make(&made, seeds[i], 9, 4, 5);
		left = 1 << 20;
		arena_init(&arena, MEMORY);
		assert_int_equal(shed_solve(&made.problem, &(struct shed_ask){ .go_on = counted,
		    .user = &left }, &arena, &plan, NULL), KS_OK);
		assert_true(plan.cost == brute_force(&made.problem) && plan.bound == plan.cost);
		arena_done(&arena);
	}
}

/* Without a plan there is nothing to polish; with one, a piece without memory leaves it
 * as it is. */
static void polishing_never_harms(void **state)
{
	(void)state;
	struct inside in;
	int better = 0;

	random_make(&made, 44, 200, 12, 8);
	inside_new(&in);
	assert_false(polish_step(&in.polish));
	assert_true(draft_build(&in.draft, NULL, NULL));
	tree_offer(&in.tree);
	assert_true(in.tree.cost < INT64_MAX);
	int64_t cost = in.tree.cost;

	for (size_t memory = 0; memory < 400000; memory += 32) {
		left = 1 << 20;
		in.polish.memory = memory;
		better += polish_step(&in.polish);
		assert_true(in.tree.cost <= cost);
		assert_true(plain_cost(&made.problem, in.tree.best) == in.tree.cost);
		cost = in.tree.cost;
	}
	assert_true(better > 0);
	arena_done(&in.arena);
}

static bool forever(void *user)
{
	(void)user;
	return true;
}

/* From a plan that is far from the best (all off), and nothing mended: the tree alone finds
 * the least cost there is. */
static void the_tree_alone_finds_the_best(void **state)
{
	(void)state;
	struct inside in;
	int searched = 0;

	for (uint64_t seed = 1; seed <= 150; seed++) {
		random_make(&made, seed, 9, 4, 5);
		inside_new(&in);
		in.tree.go_on = forever;
		in.tree.join = join_new(&in.rows, &in.arena);
		assert_non_null(in.tree.join);
		in.tree.join->go_on = forever;
		if (work_spread(in.w) && work_count(in.w)) {
			memset(in.draft.state, SHED_OFF, made.problem.hosts_n);
			tree_offer(&in.tree);
			tree_search(&in.tree, UINT64_MAX);
			assert_true(in.tree.cost == brute_force(&made.problem) && in.tree.bound == in.tree.cost);
			searched++;
		}
		arena_done(&in.arena);
	}
	assert_true(searched > 50);
}

/* Where climbing and mending leave a gap, a piece solved exactly may close it. */
static void pieces_may_close_the_gap(void **state)
{
	(void)state;
	const uint64_t seeds[] = { 35, 36, 102, 119, 126 };

	for (size_t i = 0; i < sizeof seeds / sizeof seeds[0]; i++) {
		struct shed_plan plan;
		struct arena arena;

		random_make(&made, seeds[i], 100, 12, 8);
		left = 2000;
		arena_init(&arena, MEMORY);
		assert_int_equal(shed_solve(&made.problem, &(struct shed_ask){ .go_on = counted,
		    .user = &left }, &arena, &plan, NULL), KS_OK);
		assert_true(plan.cost == plan.bound && plain_cost(&made.problem, plan.state) == plan.cost);
		arena_done(&arena);
	}
}

/* What is fixed has to agree: up and down along a dependency, too many off for a must. */
static void fates_that_contradict_are_seen(void **state)
{
	(void)state;
	struct shed_use uses[2] = { { .off = 10 }, { .off = 10 } };
	struct shed_host hosts[2] = { { .service = 0, .uses_n = 1 }, { .service = 1, .use = 1, .uses_n = 1 } };
	uint32_t deps[] = { 0 };
	struct shed_service services[2] = { { .name = "db", .live = 1, .min = 1, .need = 1 },
		{ .name = "web", .live = 1, .need = 1, .deps_n = 1, .must = true } };
	int64_t excess = 10;
	struct inside in;

	made.problem = (struct shed_problem){ .excess = &excess, .rows_n = 1, .hosts = hosts,
		.hosts_n = 2, .uses = uses, .uses_n = 2, .services = services, .services_n = 2,
		.deps = deps, .deps_n = 1, .off = SHED_COST };
	inside_new(&in);
	assert_true(work_spread(in.w));
	assert_int_equal(in.w->fate[0], FATE_UP);
	in.w->lo[0] = SHED_OFF;
	assert_false(work_spread(in.w));
	in.w->lo[0] = SHED_ON;
	in.w->fate[0] = FATE_DOWN;
	assert_false(work_spread(in.w));

	/* the database's fall pays at this price; that what stands on it is down anyway */
	in.w->fate[0] = FATE_FREE;
	in.w->fate[1] = FATE_DOWN;
	in.w->lam[0] = 1e6;
	work_evaluate(in.w);
	assert_int_equal(in.w->z[0], 1);
	assert_int_equal(in.w->z[1], 1);
	arena_done(&in.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_row_of_many_hosts),
		cmocka_unit_test(a_tree_without_whole_rows),
		cmocka_unit_test(astray_nothing_is_claimed),
		cmocka_unit_test(a_climb_that_went_astray_goes_back),
		cmocka_unit_test(steps_stay_within_numbers),
		cmocka_unit_test(polishing_never_harms),
		cmocka_unit_test(the_tree_alone_finds_the_best),
		cmocka_unit_test(pieces_may_close_the_gap),
		cmocka_unit_test(fates_that_contradict_are_seen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
