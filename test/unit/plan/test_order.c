/* test/unit/plan/test_order.c - waves: limits on how many, who goes before whom, no
 * service that stays below its minimum on the way, and honest times. */
#include "../harness.h"
#include "shed_random.h"
#include "plan/order.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MEMORY = 64 << 20 };
static struct random_problem made;
static int32_t stops[R_SERVICES];

/* opens after so many seconds at its load, later the more is relieved, never when held */
static double seconds(void *user, uint32_t row, int64_t relief)
{
	const struct random_problem *p = user;

	if (relief >= p->excess[row] || row % 3 == 2)
		return INFINITY;
	return 300.0 * (double)p->excess[row] / (double)(p->excess[row] - relief);
}

struct tried {
	struct arena arena;
	struct shed_plan plan;
	struct order_rules rules;
	struct order_ask ask;
	struct order *order;
};

static void try_make(struct tried *t, uint64_t seed, bool fast)
{
	int left = 60;

	memset(t, 0, sizeof *t);
	random_make(&made, seed, 300, 12, R_SERVICES);
	for (uint32_t s = 0; s < R_SERVICES; s++)
		stops[s] = (int32_t)random_of(&made, 5);
	arena_init(&t->arena, MEMORY);
	assert_int_equal(shed_solve(&made.problem, &(struct shed_ask){ .go_on = counted,
	    .user = &left }, &t->arena, &t->plan, NULL), KS_OK);
	t->rules = order_rules_usual;
	t->rules.at_once = 1 + random_of(&made, 20);
	t->rules.of_one = 1 + random_of(&made, 4);
	t->ask = (struct order_ask){ .problem = &made.problem, .plan = &t->plan, .stop = stops,
		.seconds = seconds, .user = &made, .rules = &t->rules, .fast = fast };
	assert_int_equal(order_new(&t->ask, &t->arena, &t->order, NULL), KS_OK);
}

/* The walk of the test itself: live counts after every wave. */
static void walk(const struct tried *t)
{
	const struct shed_problem *p = &made.problem;
	uint32_t live[R_SERVICES], n = 0;
	double now = 0;

	for (size_t s = 0; s < p->services_n; s++)
		live[s] = p->services[s].live;
	for (uint32_t w = 0; w < t->order->waves_n; w++) {
		const struct wave *wave = &t->order->waves[w];

		assert_true(wave->start_s == now && wave->end_s > now && wave->first == n && wave->n > 0);
		now = wave->end_s;
		n += wave->n;
		for (uint32_t i = wave->first; i < n; i++) {
			uint32_t h = t->order->hosts[i], s = p->hosts[h].service;

			assert_int_equal(t->plan.state[h], wave->kind == WAVE_CAP ? SHED_CAPPED : SHED_OFF);
			if (wave->kind != WAVE_CAP && s != SHED_NONE)
				live[s]--;
		}
		for (size_t s = 0; s < p->services_n; s++)
			if (!t->plan.down[s])
				assert_true(live[s] >= p->services[s].min);
	}
	for (size_t h = 0; h < p->hosts_n; h++)
		n -= t->plan.state[h] != SHED_ON;
	assert_int_equal(n, 0);
}

static void waves_keep_every_rule(void **state)
{
	(void)state;
	uint32_t late = 0, cut = 0;

	for (uint64_t seed = 1; seed <= 40; seed++) {
		struct tried t;
		struct why why = { .fmt = NULL };

		try_make(&t, seed, seed % 2 == 0);
		walk(&t);
		if (order_check(&t.ask, t.order, &t.arena, &why) != KS_OK)
			fail_msg("seed %llu: %s", (unsigned long long)seed, why.text);
		late += t.order->late_n;
		for (uint32_t w = 0; w < t.order->waves_n; w++)
			cut += t.order->waves[w].kind == WAVE_CUT;
		for (size_t r = 0; r < made.problem.rows_n; r++) {
			assert_true(t.order->trip_s[r] >= t.order->deadline_s[r] || r % 3 == 2);
			assert_true(!t.plan.feasible || !isinf(t.order->held_s[r]));
		}
		arena_done(&t.arena);
	}
	assert_true(late > 0 && cut > 0); /* both sides were seen */
}

/* A web service stands on a database; both fall; the web stops first, though its stop
 * class is the later one. */
static void what_stands_on_it_stops_first(void **state)
{
	(void)state;
	struct shed_use uses[4] = { { .off = 10 }, { .off = 10 }, { .off = 10 }, { .off = 10 } };
	struct shed_host hosts[4] = { { .service = 0, .use = 0, .uses_n = 1 },
		{ .service = 0, .use = 1, .uses_n = 1 }, { .service = 1, .use = 2, .uses_n = 1 },
		{ .service = SHED_NONE, .use = 3, .uses_n = 1 } };
	uint32_t deps[] = { 0 };
	struct shed_service services[2] = { { .name = "db", .live = 2, .min = 2, .need = 2 },
		{ .name = "web", .live = 1, .need = 1, .deps_n = 1 } };
	int64_t excess = 35;
	uint8_t off[4] = { SHED_OFF, SHED_OFF, SHED_OFF, SHED_OFF }, down[2] = { 1, 1 };
	int32_t stop[2] = { 1, 9 };
	struct shed_problem p = { .excess = &excess, .rows_n = 1, .hosts = hosts, .hosts_n = 4,
		.uses = uses, .uses_n = 4, .services = services, .services_n = 2, .deps = deps,
		.deps_n = 1, .off = SHED_COST };
	struct shed_plan plan = { .state = off, .down = down };
	struct order_rules rules = order_rules_usual;
	struct random_problem user = { .excess = { 35 } };
	struct order_ask ask = { .problem = &p, .plan = &plan, .stop = stop, .seconds = seconds,
		.user = &user, .rules = &rules };
	struct order *order;
	struct arena arena;
	struct why why;

	arena_init(&arena, MEMORY);
	assert_int_equal(order_new(&ask, &arena, &order, NULL), KS_OK);
	assert_int_equal(order->waves_n, 2);
	assert_int_equal(order->waves[0].n, 2); /* the web and the host of no service */
	assert_int_equal(order->hosts[0] + order->hosts[1], 2 + 3);
	assert_true(order->held_s[0] == 360 && isinf(order->trip_s[0]));
	assert_int_equal(order_check(&ask, order, &arena, &why), KS_OK);

	/* each rule broken, and found */
	uint32_t hosts_good[4];

	memcpy(hosts_good, order->hosts, sizeof hosts_good);
	memcpy(order->hosts, (uint32_t[]){ 0, 1, 2, 3 }, sizeof hosts_good);
	assert_int_equal(order_check(&ask, order, &arena, &why), KS_REFUSED);
	assert_string_equal(why.text, "wave 1 stops what others still stand on");
	memcpy(order->hosts, hosts_good, sizeof hosts_good);
	rules.at_once = 1;
	assert_int_equal(order_check(&ask, order, &arena, &why), KS_REFUSED);
	assert_string_equal(why.text, "wave 1 has too many hosts");
	rules.at_once = 2;
	assert_int_equal(order_check(&ask, order, &arena, &why), KS_OK);
	order->waves_n = 1;
	assert_int_equal(order_check(&ask, order, &arena, &why), KS_REFUSED);
	assert_string_equal(why.text, "a host of the plan is in no wave");
	order->waves_n = 2;
	order->hosts[1] = order->hosts[0];
	assert_int_equal(order_check(&ask, order, &arena, &why), KS_REFUSED);
	assert_string_equal(why.text, "wave 1 has a host that does not belong there");
	memcpy(order->hosts, hosts_good, sizeof hosts_good);
	order->waves[0].kind = WAVE_CAP;
	assert_int_equal(order_check(&ask, order, &arena, &why), KS_REFUSED);
	order->waves[0].kind = WAVE_OFF;
	down[0] = down[1] = 0;
	services[1].deps_n = 0;
	assert_int_equal(order_check(&ask, order, &arena, &why), KS_REFUSED); /* nobody stands on db now */
	assert_string_equal(why.text, "wave 1 stops a service of a higher class before one of a lower");
	order->by_class = false;
	assert_int_equal(order_check(&ask, order, &arena, &why), KS_REFUSED);
	assert_string_equal(why.text, "wave 2 takes service db below its minimum");
	services[0].min = 0;
	rules.of_one = 1;
	assert_int_equal(order_check(&ask, order, &arena, &why), KS_REFUSED);
	assert_string_equal(why.text, "wave 2 stops too many of service db");
	rules.of_one = 2;
	assert_int_equal(order_check(&ask, order, &arena, &why), KS_OK);
	arena_done(&arena);
}

static double opens_after(void *user, uint32_t row, int64_t relief)
{
	const double *after = user;

	return relief >= 10 ? INFINITY : after[row];
}

/* Classes decide who waits, a wave a class, even where another order would relieve more at once;
 * but not when by them more limits would open. */
static void lower_classes_stop_first(void **state)
{
	(void)state;
	int64_t excess[2] = { 10, 10 };
	struct shed_use uses[3] = { { .row = 0, .off = 10 }, { .row = 1, .off = 10 }, { .row = 1, .off = 5 } };
	/* the name server first, then a batch host, then one of no service */
	struct shed_host hosts[3] = { { .uses_n = 1, .service = 0 }, { .use = 1, .uses_n = 1, .service = 1 },
		{ .use = 2, .uses_n = 1, .service = SHED_NONE } };
	struct shed_service services[2] = { { .name = "dns", .live = 1 }, { .name = "batch", .live = 1 } };
	uint8_t off[3] = { SHED_OFF, SHED_OFF, SHED_OFF }, down[2] = { 1, 1 };
	int32_t stop[2] = { 9, 1 };
	struct shed_problem p = { .excess = excess, .rows_n = 2, .hosts = hosts, .hosts_n = 3, .uses = uses,
		.uses_n = 3, .services = services, .services_n = 2, .off = SHED_COST };
	struct shed_plan plan = { .state = off, .down = down };
	double after[2] = { 400, 1000 };
	struct order_ask ask = { .problem = &p, .plan = &plan, .stop = stop, .seconds = opens_after, .user = after,
		.rules = &order_rules_usual };
	struct order *order;
	struct arena arena;

	arena_init(&arena, MEMORY);
	assert_int_equal(order_new(&ask, &arena, &order, NULL), KS_OK);
	assert_true(order->by_class && order->waves_n == 2 && order->late_n == 0);
	assert_true(order->waves[0].n == 2 && order->hosts[2] == 0);
	assert_int_equal(order_check(&ask, order, &arena, NULL), KS_OK);
	after[0] = 300; /* the name server's limit opens before a second wave has ended */
	assert_int_equal(order_new(&ask, &arena, &order, NULL), KS_OK);
	assert_true(!order->by_class && order->late_n == 0 && order->hosts[0] == 0);
	assert_int_equal(order_check(&ask, order, &arena, NULL), KS_OK);
	after[0] = 100; /* late in any order: then by class */
	assert_int_equal(order_new(&ask, &arena, &order, NULL), KS_OK);
	assert_true(order->by_class && order->late_n == 1 && order->hosts[2] == 0);
	arena_done(&arena);
}

/* Clean stops of 180 s against a limit that opens after 300 s: the second wave is late,
 * cutting the outlets is not. */
static void what_comes_too_late_is_said(void **state)
{
	(void)state;
	struct shed_use uses[4] = { { .off = 10 }, { .off = 10 }, { .off = 10 }, { .off = 10 } };
	struct shed_host hosts[4] = { { .uses_n = 1 }, { .use = 1, .uses_n = 1 },
		{ .use = 2, .uses_n = 1 }, { .use = 3, .uses_n = 1 } };
	struct shed_service service = { .name = "dev", .live = 4 };
	int64_t excess = 40;
	uint8_t off[4] = { SHED_OFF, SHED_OFF, SHED_OFF, SHED_OFF }, down = 0;
	int32_t stop = 1;
	struct shed_problem p = { .excess = &excess, .rows_n = 1, .hosts = hosts, .hosts_n = 4,
		.uses = uses, .uses_n = 4, .services = &service, .services_n = 1, .off = SHED_COST };
	struct shed_plan plan = { .state = off, .down = &down };
	struct order_rules rules = order_rules_usual;
	struct random_problem user = { .excess = { 40 } };
	struct order_ask ask = { .problem = &p, .plan = &plan, .stop = &stop, .seconds = seconds,
		.user = &user, .rules = &rules };
	struct order *order;
	struct arena arena;

	arena_init(&arena, MEMORY);
	rules.of_one = 1;
	assert_int_equal(order_new(&ask, &arena, &order, NULL), KS_OK);
	assert_int_equal(order->waves_n, 4);
	assert_true(order->deadline_s[0] == 300 && order->late_n == 1);
	/* 180 of 300 s used up at full load, then 400 s would be left at three quarters:
	 * 160 of them */
	assert_true(fabs(order->trip_s[0] - 340) < 1e-6);
	assert_true(order->held_s[0] == 720);
	ask.fast = true;
	assert_int_equal(order_new(&ask, &arena, &order, NULL), KS_OK);
	assert_int_equal(order->waves_n, 1);
	assert_int_equal(order->waves[0].kind, WAVE_CUT);
	assert_true(order->late_n == 0 && order->held_s[0] == 10);
	stop = 2; /* a class that may not be cut */
	assert_int_equal(order_new(&ask, &arena, &order, NULL), KS_OK);
	assert_int_equal(order->waves[0].kind, WAVE_OFF);
	stop = 1;
	service.must = true;
	assert_int_equal(order_new(&ask, &arena, &order, NULL), KS_OK);
	assert_int_equal(order->waves[0].kind, WAVE_OFF);
	arena_done(&arena);
}

static void without_memory_it_says_so(void **state)
{
	(void)state;
	struct tried t;
	int code = KS_FULL;

	try_make(&t, 3, true);
	for (size_t max = 0; code == KS_FULL; max += 16) {
		struct arena arena;
		struct order *order;
		struct why why;

		arena_init(&arena, max);
		code = order_new(&t.ask, &arena, &order, &why);
		if (code == KS_OK)
			code = order_check(&t.ask, order, &arena, &why);
		if (code != KS_OK)
			assert_string_equal(why.text, "no memory for this plan");
		arena_done(&arena);
	}
	assert_int_equal(code, KS_OK);
	arena_done(&t.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(waves_keep_every_rule),
		cmocka_unit_test(what_stands_on_it_stops_first),
		cmocka_unit_test(lower_classes_stop_first),
		cmocka_unit_test(what_comes_too_late_is_said),
		cmocka_unit_test(without_memory_it_says_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
