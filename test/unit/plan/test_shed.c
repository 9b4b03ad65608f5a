/* test/unit/plan/test_shed.c - the shed planner against every plan there is: on random
 * small problems its cost is the least, and its bound is its cost.
 * usage: test_shed [PROBLEMS [FIRST-SEED]]   (10,000 by hand) */
#include "../harness.h"
#include "shed_random.h"
#include "plan/shed_in.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MEMORY = 64 << 20 };
static uint64_t problems = 300, first = 1;
static struct random_problem made;

static bool forever(void *user)
{
	(void)user;
	return true;
}

static bool never(void *user)
{
	(void)user;
	return false;
}

static void plan_checked(const struct shed_problem *p, const struct shed_plan *plan)
{
	if (plan->cost == INT64_MAX) {
		assert_false(plan->feasible);
		return;
	}
	assert_true(plan->feasible);
	assert_true(plain_cost(p, plan->state) == plan->cost);
	assert_true(plan->bound <= plan->cost);
	assert_true(plan->before >= 0);
}

static void small_ones_are_solved_exactly(void **state)
{
	(void)state;
	for (uint64_t seed = first; seed < first + problems; seed++) {
		struct arena arena;
		struct shed_plan plan;

		random_make(&made, seed, 9, 4, 5);
		assert_int_equal(shed_check(&made.problem, NULL), KS_OK);
		int64_t best = brute_force(&made.problem);

		arena_init(&arena, MEMORY);
		assert_int_equal(shed_solve(&made.problem,
		    &(struct shed_ask){ .go_on = forever }, &arena, &plan, NULL), KS_OK);
		plan_checked(&made.problem, &plan);
		if (plan.cost != best || plan.bound != best)
			fail_msg("seed %llu: cost %lld, bound %lld, best %lld", (unsigned long long)seed,
			    (long long)plan.cost, (long long)plan.bound, (long long)best);
		arena_done(&arena);
	}
}

/* Stopped at any moment: what there is holds, and the bound is still one. */
static void interrupted_it_keeps_its_best(void **state)
{
	(void)state;
	for (int stop = 0; stop < 60; stop++) {
		struct arena arena;
		struct shed_plan plan;
		int left = stop;

		random_make(&made, 11 + (uint64_t)stop % 20, 9, 4, 5);
		int64_t best = brute_force(&made.problem);

		arena_init(&arena, MEMORY);
		assert_int_equal(shed_solve(&made.problem, &(struct shed_ask){ .go_on = counted,
		    .user = &left }, &arena, &plan, NULL), KS_OK);
		plan_checked(&made.problem, &plan);
		assert_true(plan.cost >= best && plan.bound <= best);
		arena_done(&arena);
	}
}

/* Some dozens of hosts, branched on for a while: costs only fall, bounds only rise, and
 * the plan counted by the definition is what it says. */
static void middling_ones_hold(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= 150; seed++) {
		struct arena arena;
		struct shed_plan plan;
		int left = 900;

		random_make(&made, seed, 45, 7, 7);
		arena_init(&arena, MEMORY);
		assert_int_equal(shed_solve(&made.problem, &(struct shed_ask){ .go_on = counted,
		    .user = &left }, &arena, &plan, NULL), KS_OK);
		plan_checked(&made.problem, &plan);
		arena_done(&arena);
	}
}

static void told(void *user, const struct shed_plan *plan)
{
	struct shed_plan *last = user;

	assert_true(plan->cost <= last->cost && plan->bound >= last->bound);
	*last = *plan;
}

/* Hundreds of hosts in dozens of rows: the bound stays below the cost, each tells only
 * of getting better, and the same work gives the same plan. */
static void larger_ones_hold(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= 6; seed++) {
		struct shed_plan plans[2];
		struct arena arenas[2];

		for (int i = 0; i < 2; i++) {
			int left = 400;

			random_make(&made, seed + 40, R_HOSTS, R_ROWS, R_SERVICES);
			arena_init(&arenas[i], MEMORY);
			assert_int_equal(shed_solve(&made.problem, &(struct shed_ask){ .go_on = counted,
			    .user = &left }, &arenas[i], &plans[i], NULL), KS_OK);
			plan_checked(&made.problem, &plans[i]);
		}
		assert_true(plans[0].cost == plans[1].cost && plans[0].bound == plans[1].bound);
		assert_memory_equal(plans[0].state, plans[1].state, made.problem.hosts_n);
		arena_done(&arenas[0]);
		arena_done(&arenas[1]);
	}
}

/* The first that has a plan. */
static void solvable_make(void)
{
	uint64_t seed = 1;

	do
		random_make(&made, seed++, 9, 4, 5);
	while (brute_force(&made.problem) == INT64_MAX);
}

static void it_tells_only_of_better(void **state)
{
	(void)state;
	struct shed_plan last = { .cost = INT64_MAX }, plan;
	struct arena arena;

	solvable_make();
	arena_init(&arena, MEMORY);
	assert_int_equal(shed_solve(&made.problem, &(struct shed_ask){ .go_on = forever,
	    .better = told, .user = &last }, &arena, &plan, NULL), KS_OK);
	assert_true(last.cost == plan.cost && last.bound == plan.bound);
	arena_done(&arena);
}

/* Not asked to go on at all: a plan is there nevertheless. */
static void the_first_plan_costs_no_time(void **state)
{
	(void)state;
	struct shed_plan plan;
	struct arena arena;

	solvable_make();
	arena_init(&arena, MEMORY);
	assert_int_equal(shed_solve(&made.problem, &(struct shed_ask){ .go_on = never },
	    &arena, &plan, NULL), KS_OK);
	plan_checked(&made.problem, &plan);
	assert_true(plan.cost < INT64_MAX);
	arena_done(&arena);
}

/* Every allocation fails once. */
static void without_memory_it_says_so(void **state)
{
	(void)state;
	struct shed_plan plan;
	struct arena arena;
	struct why why;
	int code = KS_FULL;

	random_make(&made, 43, 40, 5, 5);
	for (size_t max = 0; code == KS_FULL; max += 16) {
		int left = 20;

		assert_true(max < MEMORY);
		arena_init(&arena, max);
		code = shed_solve(&made.problem, &(struct shed_ask){ .go_on = counted, .user = &left },
		    &arena, &plan, &why);
		if (code != KS_OK)
			assert_string_equal(why.text, "no memory for this plan");
		arena_done(&arena);
	}
	assert_int_equal(code, KS_OK);
}

static void wrong_problems_are_refused(void **state)
{
	(void)state;
	struct why why;
	struct shed_service service = { .name = "web", .value = 9 * SHED_COST,
		.unit = 5 * SHED_COST, .need = 4, .min = 2, .live = 4 };
	struct shed_use use = { .off = 100, .capped = 40 };
	struct shed_host hosts[] = { { .service = 0, .uses_n = 1 }, { .service = 0, .uses_n = 1 } };
	int64_t excess = 50;
	struct shed_problem good = { .excess = &excess, .rows_n = 1, .hosts = hosts, .hosts_n = 2,
		.uses = &use, .uses_n = 1, .services = &service, .services_n = 1, .off = SHED_COST };

	assert_int_equal(shed_check(&good, &why), KS_MALFORMED);
	assert_string_equal(why.text, "service web: value 9 is less than unit 5 x (need 4 - min 2): "
	    "to be down would cost less than to be short of hosts");
	service.value = 10 * SHED_COST; /* the other side of it */
	assert_int_equal(shed_check(&good, &why), KS_OK);
	service.min = 5; /* more than need: nothing to be short of */
	service.value = 0;
	assert_int_equal(shed_check(&good, &why), KS_OK);
	for (int i = 0; i < 6; i++) {
		struct shed_service wrong = service;

		wrong.value = i == 0 ? -1 : i == 1 ? INT64_MAX : 0;
		wrong.unit = i == 2 ? -1 : i == 3 ? INT64_MAX / 2 : 0;
		wrong.capped = i == 4 ? -1 : i == 5 ? INT64_MAX / 2 : 0;
		good.services = &wrong;
		assert_int_equal(shed_check(&good, &why), KS_MALFORMED);
		good.services = &service;
	}
	good.off = 0;
	assert_int_equal(shed_check(&good, &why), KS_MALFORMED);
	good.off = INT64_MAX;
	assert_int_equal(shed_check(&good, &why), KS_MALFORMED);
	good.off = SHED_COST;
	excess = 0;
	assert_int_equal(shed_check(&good, &why), KS_MALFORMED);
	excess = INT64_MAX;
	assert_int_equal(shed_check(&good, &why), KS_MALFORMED);
	excess = 50;
	hosts[1].service = SHED_NONE;
	assert_int_equal(shed_check(&good, &why), KS_OK);
	hosts[0].service = SHED_NONE;
	hosts[1].service = 0;
	assert_int_equal(shed_check(&good, &why), KS_MALFORMED);
	hosts[0].service = 0;
	for (int i = 0; i < 3; i++) {
		use = (struct shed_use){ .off = i == 0 ? 39 : i == 1 ? INT64_MAX : 100, .capped = i == 2 ? -1 : 40 };
		assert_int_equal(shed_check(&good, &why), KS_MALFORMED);
	}
}

static void the_gap_is_rounded_up(void **state)
{
	(void)state;
	struct shed_plan plan = { .cost = 1000, .bound = 999, .before = 990 };

	assert_int_equal(shed_gap(&plan), 1001); /* of a million */
	assert_int_equal(shed_gap_avoidable(&plan), 100001);
	plan.bound = 1000;
	assert_int_equal(shed_gap(&plan), 0);
	plan.cost = INT64_MAX;
	assert_int_equal(shed_gap(&plan), 1000000);
	plan = (struct shed_plan){ .cost = 1000, .bound = -5, .before = 1000 };
	assert_int_equal(shed_gap(&plan), 1000000);
	assert_int_equal(shed_gap_avoidable(&plan), 1000000);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(small_ones_are_solved_exactly),
		cmocka_unit_test(interrupted_it_keeps_its_best),
		cmocka_unit_test(middling_ones_hold),
		cmocka_unit_test(larger_ones_hold),
		cmocka_unit_test(it_tells_only_of_better),
		cmocka_unit_test(the_first_plan_costs_no_time),
		cmocka_unit_test(without_memory_it_says_so),
		cmocka_unit_test(wrong_problems_are_refused),
		cmocka_unit_test(the_gap_is_rounded_up),
	};

	if (argc > 1)
		problems = strtoull(argv[1], NULL, 10);
	if (argc > 2)
		first = strtoull(argv[2], NULL, 10);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
