/* test/unit/plan/test_shed_mend.c - plans made better by chains of exchanges: small ones
 * by hand, each way a chain can end, and random ones, counted from the definition. */
#include "../harness.h"
#include "shed_random.h"
#include "plan/shed_mend.h"
#include <string.h>

enum { MEMORY = 64 << 20, LONG = 1 << 20 };
static struct random_problem made;
static int left;

struct mending {
	struct arena arena;
	struct shed_work *w;
	struct shed_draft draft;
	struct shed_mend mend;
};

static void mending_new(struct mending *m, int times)
{
	memset(m, 0, sizeof *m);
	arena_init(&m->arena, MEMORY);
	assert_int_equal(shed_check(&made.problem, NULL), KS_OK);
	assert_int_equal(work_new(&made.problem, &m->arena, &m->w, NULL), KS_OK);
	assert_int_equal(draft_new(m->w, &m->arena, &m->draft, NULL), KS_OK);
	assert_int_equal(mend_new(&m->draft, &m->arena, &m->mend, NULL), KS_OK);
	m->mend.go_on = counted;
	m->mend.user = &left;
	left = times;
}

/* Up to six hosts in up to two rows of 10; host i is of service i. */
static struct shed_use uses[12];
static struct shed_host hosts[6];
static struct shed_service services[6];
static int64_t excess[2];

static void by_hand(uint32_t n, uint32_t rows)
{
	memset(uses, 0, sizeof uses);
	made.problem = (struct shed_problem){ .excess = excess, .rows_n = rows, .hosts = hosts, .hosts_n = n,
		.uses = uses, .services = services, .services_n = n, .off = SHED_COST };
	excess[0] = excess[1] = 10;
	for (uint32_t i = 0; i < n; i++) {
		hosts[i] = (struct shed_host){ .service = i, .use = 2 * i, .uses_n = 1 };
		services[i] = (struct shed_service){ .name = "s", .live = 1, .capped = SHED_COST / 5 };
	}
	made.problem.uses_n = 2 * n;
}

/* Off, the host gives so much to row 0, and its service loses so many units of cost. */
static void host_of(uint32_t i, int64_t off, int64_t unit)
{
	uses[2 * i].off = off;
	services[i].need = unit > 0;
	services[i].unit = unit * SHED_COST;
	services[i].value = unit * SHED_COST;
}

static int64_t mended(uint8_t *state, int times)
{
	struct mending m;

	mending_new(&m, times);
	memcpy(m.draft.state, state, made.problem.hosts_n);
	mend_run(&m.mend);
	memcpy(state, m.draft.state, made.problem.hosts_n);
	assert_int_equal(m.draft.short_n, 0);
	arena_done(&m.arena);
	return plain_cost(&made.problem, state);
}

/* The dear one comes back, two cheap ones go for it. */
static void the_dear_is_exchanged_for_cheap_ones(void **state)
{
	(void)state;
	uint8_t plan[3] = { SHED_OFF };

	by_hand(3, 1);
	host_of(0, 10, 50);
	host_of(1, 5, 1);
	host_of(2, 5, 1);
	assert_true(mended(plan, LONG) == 4 * SHED_COST);
	assert_memory_equal(plan, ((uint8_t[]){ SHED_ON, SHED_OFF, SHED_OFF }), 3);
}

/* Nothing is cheaper, or nothing else gives enough, or there is no time: as it was. */
static void what_is_not_cheaper_stays_as_it_was(void **state)
{
	(void)state;
	uint8_t plan[3] = { SHED_OFF };

	by_hand(3, 1);
	host_of(0, 10, 3);
	host_of(1, 5, 1);
	host_of(2, 5, 1);
	assert_true(mended(plan, LONG) == 4 * SHED_COST && plan[0] == SHED_OFF);
	host_of(0, 10, 50);
	host_of(2, 4, 1);
	assert_true(mended(plan, LONG) == 51 * SHED_COST && plan[0] == SHED_OFF);
	host_of(2, 5, 1);
	assert_true(mended(plan, 0) == 51 * SHED_COST && plan[0] == SHED_OFF);
	assert_true(mended(plan, 1) == 51 * SHED_COST && plan[0] == SHED_OFF);
	/* below its minimum a service does not go for that */
	services[2].min = 1;
	assert_true(mended(plan, LONG) == 51 * SHED_COST && plan[0] == SHED_OFF);
	services[2].min = 0;
	assert_true(mended(plan, LONG) == 4 * SHED_COST && plan[0] == SHED_ON);
}

/* The small one is the cheaper for what it gives, and not needed beside the large one that
 * the rest takes: it comes back. */
static void what_is_not_needed_comes_back(void **state)
{
	(void)state;
	uint8_t plan[3] = { SHED_OFF };

	by_hand(3, 1);
	host_of(0, 10, 50);
	host_of(1, 6, 0);
	host_of(2, 10, 1);
	assert_true(mended(plan, LONG) == 2 * SHED_COST);
	assert_memory_equal(plan, ((uint8_t[]){ SHED_ON, SHED_ON, SHED_OFF }), 3);
}

/* Capping is a step of its own, there and back. */
static void capping_is_exchanged_too(void **state)
{
	(void)state;
	uint8_t plan[3] = { SHED_OFF };

	by_hand(3, 1);
	host_of(0, 10, 50);
	host_of(1, 8, 9);
	host_of(2, 8, 9);
	hosts[1].can_cap = hosts[2].can_cap = true;
	uses[2].capped = uses[4].capped = 5;
	assert_true(mended(plan, LONG) == 2 * SHED_COST / 5);
	assert_memory_equal(plan, ((uint8_t[]){ SHED_ON, SHED_CAPPED, SHED_CAPPED }), 3);
	/* both capped do not reach: one of them goes off then */
	uses[2].capped = uses[4].capped = 2;
	memcpy(plan, (uint8_t[]){ SHED_OFF, SHED_ON, SHED_ON }, 3);
	assert_true(mended(plan, LONG) == 10 * SHED_COST + SHED_COST / 5);
	/* off although capped is enough */
	uses[2].capped = uses[4].capped = 5;
	memcpy(plan, (uint8_t[]){ SHED_ON, SHED_OFF, SHED_CAPPED }, 3);
	assert_true(mended(plan, LONG) == 2 * SHED_COST / 5);
	/* what a capping gives may be nothing, and what an off host gives, too */
	uses[2].capped = uses[4].capped = 0;
	host_of(2, 0, 1);
	memcpy(plan, (uint8_t[]){ SHED_OFF, SHED_ON, SHED_ON }, 3);
	assert_true(mended(plan, LONG) == 51 * SHED_COST);
}

/* Two rows: the smaller one is relieved first, and a host that was off joins in again. */
static void every_row_of_the_host_holds_in_the_end(void **state)
{
	(void)state;
	uint8_t plan[4] = { SHED_OFF, SHED_ON, SHED_ON, SHED_ON };

	by_hand(4, 2);
	host_of(0, 10, 50);
	host_of(1, 10, 1);
	host_of(2, 4, 1);
	host_of(3, 4, 1);
	hosts[0].uses_n = hosts[1].uses_n = 2;
	uses[1] = (struct shed_use){ .row = 1, .off = 10 };
	uses[3] = (struct shed_use){ .row = 1, .off = 10 };
	assert_true(mended(plan, LONG) == 2 * SHED_COST && plan[1] == SHED_OFF);
	/* all of it at once, and then nothing for the second row */
	uses[3].off = 9;
	memcpy(plan, (uint8_t[]){ SHED_OFF, SHED_ON, SHED_ON, SHED_ON }, 4);
	assert_true(mended(plan, LONG) == 51 * SHED_COST && plan[0] == SHED_OFF);
}

/* Random ones: never dearer, every row holds, what is told is what they cost; and most
 * plans that are not the best yet become better. */
static void random_plans_only_become_cheaper(void **state)
{
	(void)state;
	int better = 0, tried = 0;

	for (uint64_t seed = 1; seed <= 120; seed++) {
		struct mending m;
		uint8_t plan[R_HOSTS];

		random_make(&made, seed, 200, 12, 8);
		mending_new(&m, LONG);
		if (work_spread(m.w) && work_count(m.w) && draft_build(&m.draft, NULL, NULL)) {
			int64_t before = plain_cost(&made.problem, m.draft.state);

			memcpy(plan, m.draft.state, made.problem.hosts_n);
			int64_t after = mended(plan, LONG);

			assert_true(before == INT64_MAX || after <= before);
			tried++;
			better += after < before;
			left = (int)(seed % 9);
			mend_run(&m.mend);
			assert_true(before == INT64_MAX || plain_cost(&made.problem, m.draft.state) <= before);
		}
		arena_done(&m.arena);
	}
	assert_true(tried > 50 && better > 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_dear_is_exchanged_for_cheap_ones),
		cmocka_unit_test(what_is_not_cheaper_stays_as_it_was),
		cmocka_unit_test(what_is_not_needed_comes_back),
		cmocka_unit_test(capping_is_exchanged_too),
		cmocka_unit_test(every_row_of_the_host_holds_in_the_end),
		cmocka_unit_test(random_plans_only_become_cheaper),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
