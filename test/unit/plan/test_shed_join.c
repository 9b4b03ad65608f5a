/* test/unit/plan/test_shed_join.c - joined menus against every plan there is: the least
 * cost is found when it may be as much, and nothing when it must be less. */
#include "../harness.h"
#include "shed_random.h"
#include "plan/shed_join.h"
#include <stdio.h>
#include <string.h>

enum { MEMORY = 512 << 20 };
static struct random_problem made;
static int left;

struct inside {
	struct arena arena;
	struct shed_work *w;
	struct shed_rows rows;
	struct shed_join *join;
};

static void inside_new(struct inside *in, size_t memory)
{
	memset(in, 0, sizeof *in);
	arena_init(&in->arena, memory);
	assert_int_equal(work_new(&made.problem, &in->arena, &in->w, NULL), KS_OK);
	assert_int_equal(rows_new(in->w, &in->arena, &in->rows, NULL), KS_OK);
	in->join = join_new(&in->rows, &in->arena);
	if (in->join != NULL) {
		in->join->go_on = counted;
		in->join->user = &left;
	}
	left = 1 << 30;
}

/* A few rounds of both bounds, as the planner does. */
static void climb_some(struct inside *in, int rounds)
{
	for (int i = 0; i < rounds; i++) {
		work_evaluate(in->w);
		(void)climb_step(&in->w->climb, in->w->bound, 1e6);
	}
	rows_take(&in->rows);
	for (int i = 0; i < rounds; i++) {
		rows_evaluate(&in->rows);
		(void)climb_step(&in->rows.climb, in->rows.bound, 1e6);
	}
}

/* A price for every row that blocks share: a worse bound, but one. */
static void pay_all_ways(struct inside *in)
{
	for (size_t r = 0; r < in->w->R; r++)
		if (in->join->way_of[r] < in->join->ways_n)
			in->rows.climb.best_at[r] = SHED_COST / 2.0;
}

/* Hosts and services of the random one; rows of three hosts, and two that cross them and
 * each other. */
static void crossed_make(uint64_t seed)
{
	int64_t all[5] = { 0 };

	do
		random_make(&made, seed++, 9, 4, 5);
	while (made.problem.hosts_n < 7);
	made.problem.uses_n = 0;
	for (uint32_t h = 0; h < made.problem.hosts_n; h++) {
		made.hosts[h].use = (uint32_t)made.problem.uses_n;
		for (uint32_t row = 0; row < 5; row++) {
			int64_t off = 1 + random_of(&made, 30);

			if ((row < 3 && row != h / 3) || (row == 3 && h > 5) || (row == 4 && h < 2))
				continue;
			made.uses[made.problem.uses_n++] = (struct shed_use){ row, off, random_of(&made, (uint32_t)off) };
			all[row] += off;
		}
		made.hosts[h].uses_n = (uint32_t)made.problem.uses_n - made.hosts[h].use;
	}
	made.problem.rows_n = 5;
	for (uint32_t row = 0; row < 5; row++)
		made.excess[row] = 1 + all[row] * (5 + random_of(&made, 50)) / 100;
	assert_int_equal(shed_check(&made.problem, NULL), KS_OK);
}

/* The one that is made. */
static int try_small(int rounds, bool pay)
{
	struct inside in;
	uint8_t states[16] = { 0 };
	int known = 0;
	int64_t best = brute_force(&made.problem);

	inside_new(&in, MEMORY);
	if (best < INT64_MAX && work_spread(in.w) && work_count(in.w)) {
		climb_some(&in, rounds);
		if (pay)
			pay_all_ways(&in);
		enum join_end end = join_search(in.join, best + 3 * in.w->grain, JOIN_LABELS, states);

		/* full: a service with others on it might fall */
		assert_true(end != JOIN_NONE);
		if (end == JOIN_FOUND)
			assert_true(plain_cost(&made.problem, states) == best);
		known = end == JOIN_FOUND;
		end = join_search(in.join, best - in.w->grain, JOIN_LABELS, states);
		assert_true(end != JOIN_FOUND);
		if (known)
			assert_int_equal(end, JOIN_NONE);
	}
	arena_done(&in.arena);
	return known;
}

static void the_least_is_found(void **state)
{
	(void)state;
	int known = 0;

	for (uint64_t seed = 1; seed <= 400; seed++) {
		random_make(&made, seed, 9, 4, 5);
		known += try_small(seed % 3 == 0 ? 0 : 20, false);
	}
	(void)printf("# %d of 400 settled by joining alone\n", known);
	assert_true(known > 200);
	known = 0;
	for (uint64_t seed = 1; seed <= 200; seed++) {
		crossed_make(seed);
		known += try_small(seed % 3 == 0 ? 0 : 20, seed % 2 == 0);
	}
	(void)printf("# %d of 200 crossed ones settled by joining alone\n", known);
	assert_true(known > 100);
}

/* Nothing is claimed when there are too many labels, or when time is over. */
static void full_is_said(void **state)
{
	(void)state;
	struct inside in;
	uint8_t states[R_HOSTS];
	int full = 0;

	for (uint64_t seed = 1; seed <= 40; seed++) {
		random_make(&made, seed, 60, 5, 6);
		inside_new(&in, MEMORY);
		if (in.join != NULL && work_spread(in.w) && work_count(in.w)) {
			climb_some(&in, 30);
			for (uint32_t labels = 1; labels < 2000; labels *= 3)
				full += join_search(in.join, 900 * SHED_COST, labels, states) == JOIN_FULL;
			left = 0;
			(void)join_search(in.join, 900 * SHED_COST, JOIN_LABELS, states);
		}
		arena_done(&in.arena);
	}
	assert_true(full > 40);
}

/* Wherever the labels end: in a menu, in joining a row's blocks, in joining all. */
static void full_is_said_anywhere(void **state)
{
	(void)state;
	struct inside in;
	uint8_t states[R_HOSTS];

	for (uint64_t seed = 1; seed <= 12; seed++) {
		random_make(&made, seed, 90, 9, 6);
		inside_new(&in, MEMORY);
		if (in.join != NULL && in.join->ways_n > 1 && work_spread(in.w) && work_count(in.w)) {
			climb_some(&in, 30);
			for (uint32_t labels = 16; labels < 60000; labels += labels / 5)
				(void)join_search(in.join, 900 * SHED_COST, labels, states);
		}
		arena_done(&in.arena);
	}
}

/* Two racks under two rows of the same hosts: one way when they give the same; more
 * services that bend than there are lanes; more hosts of one than a lane counts. */
static void entangled(uint32_t services, uint32_t hosts_n, int64_t capped)
{
	static struct shed_use uses[4 * R_HOSTS];
	static struct shed_host hosts[R_HOSTS];
	static struct shed_service list[R_SERVICES];
	static uint8_t states[R_HOSTS];
	int64_t excess[] = { 100, 100, 150, 150 };
	struct inside in;

	memset(list, 0, sizeof list);
	for (uint32_t h = 0; h < hosts_n; h++) {
		hosts[h] = (struct shed_host){ .service = h * services / hosts_n, .use = 3 * h, .uses_n = 3,
			.can_cap = true };
		list[hosts[h].service].live++;
		uses[3 * h] = (struct shed_use){ h % 2, 40 + h % 7, 20 };
		uses[3 * h + 1] = (struct shed_use){ 2, 40 + h % 7, 20 };
		uses[3 * h + 2] = (struct shed_use){ 3, 40 + h % 7 + capped, 20 + capped };
	}
	for (uint32_t s = 0; s < services; s++) {
		list[s].unit = 3 * SHED_COST;
		list[s].value = 100000LL * SHED_COST;
		list[s].need = list[s].live - 1;
		list[s].capped = 2000;
		list[s].name = "s";
	}
	made.problem = (struct shed_problem){ .excess = excess, .rows_n = 4, .hosts = hosts, .hosts_n = hosts_n,
		.uses = uses, .uses_n = 3 * hosts_n, .services = list, .services_n = services, .off = SHED_COST };
	inside_new(&in, MEMORY);
	assert_non_null(in.join);
	if (hosts_n < 100)
		assert_int_equal(in.join->ways_n, capped == 0 ? 1 : 2);
	assert_true(work_spread(in.w) && work_count(in.w));
	climb_some(&in, 20);
	enum join_end end = join_search(in.join, 900 * SHED_COST, JOIN_LABELS, states);

	if (services > JOIN_LANES || hosts_n > 255)
		assert_int_equal(end, JOIN_FULL);
	/* wherever the labels end */
	for (uint32_t labels = 8; labels < 4000; labels += 1 + labels / 10)
		(void)join_search(in.join, 900 * SHED_COST, labels, states);
	arena_done(&in.arena);
}

static void ways_and_lanes_have_their_limits(void **state)
{
	(void)state;
	entangled(2, 12, 0);
	entangled(2, 12, 5);
	entangled(JOIN_LANES + 1, 51, 0);
	entangled(1, 300, 0);
}

/* What is too large or too much entangled is left to branching. */
static void some_are_not_for_this(void **state)
{
	(void)state;
	struct inside in;

	for (uint64_t seed = 1; made.problem.hosts_n <= JOIN_HOSTS; seed++)
		random_make(&made, seed, 450, 3, 4);
	inside_new(&in, MEMORY);
	assert_null(in.join);
	arena_done(&in.arena);

	/* every host in eight rows that are not the same */
	struct shed_use uses[8 * 3];
	struct shed_host hosts[3];
	int64_t excess[8];

	for (uint32_t i = 0; i < 24; i++)
		uses[i] = (struct shed_use){ .row = i % 8, .off = 100 + i };
	for (uint32_t h = 0; h < 3; h++)
		hosts[h] = (struct shed_host){ .service = SHED_NONE, .use = 8 * h, .uses_n = 8 };
	for (uint32_t r = 0; r < 8; r++)
		excess[r] = 10;
	made.problem = (struct shed_problem){ .excess = excess, .rows_n = 8, .hosts = hosts,
		.hosts_n = 3, .uses = uses, .uses_n = 24, .off = SHED_COST };
	inside_new(&in, MEMORY);
	assert_null(in.join);
	arena_done(&in.arena);
}

static void without_memory_it_is_left(void **state)
{
	(void)state;
	struct inside in;
	int none = 0, some = 0;

	random_make(&made, 5, 40, 4, 5);
	for (size_t memory = 1 << 14; memory < 32 << 20; memory += memory / 8) {
		memset(&in, 0, sizeof in);
		arena_init(&in.arena, memory);
		if (work_new(&made.problem, &in.arena, &in.w, NULL) == KS_OK &&
		    rows_new(in.w, &in.arena, &in.rows, NULL) == KS_OK) {
			in.join = join_new(&in.rows, &in.arena);
			none += in.join == NULL;
			some += in.join != NULL;
		}
		arena_done(&in.arena);
	}
	assert_true(none > 3 && some > 3);
}

/* Labels that differ in one lane only, whichever, spread over the buckets: long chains of
 * strangers are what made large joins slow. */
static void every_lane_spreads_the_buckets(void **state)
{
	(void)state;
	struct inside in;

	random_make(&made, 1, 9, 4, 5);
	inside_new(&in, MEMORY);
	for (uint32_t lane = 0; lane < JOIN_LANES; lane++) {
		uint32_t used = 0;

		in.join->labels_max = in.join->labels_room;
		in.join->labels_n = in.join->stage = 0;
		join_stage(in.join);
		for (uint32_t n = 0; n < 100; n++) {
			struct join_label label = { .parent = SHED_NONE };

			label.off[lane] = (uint8_t)n;
			join_keep(in.join, &label);
		}
		assert_int_equal(in.join->labels_n, 100);
		for (uint32_t i = 0; i < in.join->buckets; i++)
			used += in.join->heads[i] != JOIN_NO_NEXT;
		assert_true(used > 60);
	}
	arena_done(&in.arena);
}

static void buckets_follow_the_labels_before(void **state)
{
	(void)state;
	struct inside in;
	uint32_t few;

	random_make(&made, 1, 9, 4, 5);
	inside_new(&in, MEMORY);
	in.join->labels_n = in.join->stage = 0;
	join_stage(in.join);
	few = in.join->buckets;
	in.join->labels_n = few;
	join_stage(in.join);
	assert_true(in.join->buckets > few && in.join->buckets < JOIN_BUCKETS);
	in.join->labels_n += JOIN_BUCKETS;
	join_stage(in.join);
	assert_int_equal(in.join->buckets, JOIN_BUCKETS);
	arena_done(&in.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_lane_spreads_the_buckets),
		cmocka_unit_test(buckets_follow_the_labels_before),
		cmocka_unit_test(the_least_is_found),
		cmocka_unit_test(full_is_said),
		cmocka_unit_test(full_is_said_anywhere),
		cmocka_unit_test(ways_and_lanes_have_their_limits),
		cmocka_unit_test(some_are_not_for_this),
		cmocka_unit_test(without_memory_it_is_left),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
