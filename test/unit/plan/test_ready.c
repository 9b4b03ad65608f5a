/* test/unit/plan/test_ready.c - the shelf of plans: every single loss, the heaviest first,
 * as remedy_new() answers each. */
#include "../harness.h"
#include "plan_site.h"
#include "plan/ready.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char site_text[] =
    "site t volt=200\n"
    "room hall heat_kw=100\n"
    "rack r1 room=hall units=42\n"
    "feed A volt=200 phases=3 amps=400 derate=0.8\n"
    "breaker A1 from=A volt=200 amps=20 curve=C derate=0.8\n"
    "pdu pa from=A1 rack=r1\n"
    "feed B volt=200 phases=3 amps=400 derate=0.8\n"
    "breaker B1 from=B volt=200 amps=12 curve=C derate=0.8\n"
    "pdu pb from=B1 rack=r1\n"
    "service web value=500 unit=20 need=3 min=1 stop=3\n"
    "service dev value=50 unit=2 need=2 min=0 stop=0 cap=1\n"
    "service lone value=9 need=1 min=1 must=1\n"
    "host web1 rack=r1 u=3 cords=pa.3,pb.3 w=1100 pf=1 svc=web\n"
    "host web2 rack=r1 u=4 cords=pa.4,pb.4 w=1100 pf=1 svc=web\n"
    "host web3 rack=r1 u=5 cords=pa.5,pb.5 w=1100 pf=1 svc=web\n"
    "host dev1 rack=r1 u=7 cords=pa.7,pb.7 w=300 pf=1 cap=200 svc=dev\n"
    "host dev2 rack=r1 u=8 cords=pa.8,pb.8 w=300 pf=1 cap=200 svc=dev\n"
    "host lone1 rack=r1 u=9 cords=pb.9 w=10 pf=1 svc=lone\n";

static bool forever(void *user)
{
	(void)user;
	return true;
}

static void every_loss_is_planned(void **state)
{
	(void)state;
	struct bench *bench = bench_new(site_text, &grid_as_is);
	const struct shed_ask ask = { .go_on = forever };
	struct ready *ready = NULL;
	uint32_t a = node_of(bench, "A"), b = node_of(bench, "B"), steps = 0;

	assert_int_equal(ready_new(bench->grid, &bench->arena, &ready, NULL), KS_OK);
	assert_null(ready_find(ready, a));
	while (ready_step(ready, &ask, NULL) == KS_OK)
		steps++;
	assert_int_equal(steps, 8); /* two feeds, two breakers; a strip is its breaker; two steps each */
	assert_int_equal(ready->order[0], b); /* it carries a host more */
	const struct ready_plan *plan = ready_find(ready, a);

	/* all on B1: 3,910 VA of 1,920, far above its rating */
	assert_true(plan->feasible && plan->broken_n == 1 && plan->dark_n == 0);
	assert_true(plan->opens_s < INFINITY && plan->done_s > 0);
	assert_true(plan->off_n >= 1 && plan->cost >= plan->bound && plan->cost > plan->before);
	assert_false(plan->in_time);
	assert_true(plan->off_n + plan->capped_n <= 5);
	plan = ready_find(ready, b);
	assert_true(plan->must_lost && plan->dark_n == 1 && plan->down_n >= 1);
	assert_true(plan->feasible && plan->capped_n + plan->off_n > 0);
	assert_null(ready_find(ready, node_of(bench, "pa")));
	assert_int_equal(ready_step(ready, &ask, NULL), KS_ABSENT);
	bench_free(bench);
}

static void without_memory_it_says_so(void **state)
{
	(void)state;
	struct bench *bench = bench_new(site_text, &grid_as_is);
	const struct shed_ask ask = { .go_on = forever };
	struct ready *ready = NULL;
	int code = KS_FULL;

	for (size_t max = 0; code == KS_FULL; max += 16) {
		struct arena arena;
		struct why why;

		arena_init(&arena, max);
		code = ready_new(bench->grid, &arena, &ready, &why);
		for (int step = 0; step < 2 && code == KS_OK; step++)
			code = ready_step(ready, &ask, &why);
		if (ready != NULL)
			ready_done(ready);
		ready = NULL;
		arena_done(&arena);
	}
	assert_int_equal(code, KS_OK);
	assert_int_equal(ready_new(bench->grid, &bench->arena, &ready, NULL), KS_OK);
	ready->memory = 1000;
	assert_int_equal(ready_step(ready, &ask, NULL), KS_FULL);
	assert_null(ready_find(ready, ready->order[0]));
	/* with more each time: enough to shed, not yet to order, then for both */
	for (bool both = false; !both;) {
		ready->next = 0;
		ready->memory += 256;
		both = ready_step(ready, &ask, NULL) == KS_OK && ready_step(ready, &ask, NULL) == KS_OK;
	}
	assert_non_null(ready_find(ready, ready->order[0]));
	bench_free(bench);
}

/* Loads alike: the site's order.  Nothing to shed: an empty plan. */
static void a_loss_that_breaks_nothing(void **state)
{
	(void)state;
	struct bench *bench = bench_new("site t volt=200\nfeed A volt=200 amps=50\nfeed B volt=200 amps=80\n"
	    "pdu pa from=A\npdu pb from=B\nhost h cords=pa.1,pb.1 w=100 pf=1\n", &grid_as_is);
	const struct shed_ask ask = { .go_on = forever };
	struct ready *ready = NULL;

	assert_int_equal(ready_new(bench->grid, &bench->arena, &ready, NULL), KS_OK);
	assert_int_equal(ready->order[0], node_of(bench, "A"));
	/* the first step sheds, and may be all there is time for; the second orders */
	assert_int_equal(ready_step(ready, &ask, NULL), KS_OK);
	assert_null(ready_find(ready, ready->order[0]));
	ready_done(ready);
	ready_done(NULL);
	assert_int_equal(ready_step(ready, &ask, NULL), KS_OK);
	assert_int_equal(ready_step(ready, &ask, NULL), KS_OK);
	const struct ready_plan *plan = ready_find(ready, node_of(bench, "A"));

	assert_true(plan->feasible && plan->in_time && plan->off_n == 0 && plan->done_s == 0);
	assert_true(isinf(plan->opens_s));
	bench_free(bench);
}

/* Caps alone are enough; and what may not be cut at its outlet comes too late. */
static void caps_alone_and_too_late(void **state)
{
	(void)state;
	struct bench *bench = bench_new("site t volt=200\n"
	    "feed A volt=200 amps=90\nfeed B volt=200 amps=80\n"
	    "breaker A1 from=A volt=200 amps=11 curve=C derate=0.8\n"
	    "breaker B1 from=B volt=200 amps=20 curve=C derate=0.8\n"
	    "breaker A2 from=A volt=200 amps=40 curve=C derate=0.8\n"
	    "breaker B2 from=B volt=200 amps=25 curve=C derate=0.8\n"
	    "pdu pa from=A1\npdu pb from=B1\npdu qa from=A2\npdu qb from=B2\n"
	    "service dev value=50 unit=2 need=2 min=0 stop=0 cap=1\n"
	    "service db value=900 unit=200 need=4 min=2 stop=7\n"
	    "host d1 cords=pa.1,pb.1 w=1700 pf=1 cap=1000 svc=dev\n"
	    "host d2 cords=pa.2,pb.2 w=1700 pf=1 svc=dev\n"
	    "host b1 cords=qa.1,qb.1 w=2500 pf=1 svc=db\nhost b2 cords=qa.2,qb.2 w=2500 pf=1 svc=db\n"
	    "host b3 cords=qa.3,qb.3 w=2500 pf=1 svc=db\nhost b4 cords=qa.4 w=2500 pf=1 svc=db\n",
	    &grid_as_is);
	const struct shed_ask ask = { .go_on = forever };
	struct ready *ready = NULL;

	assert_int_equal(ready_new(bench->grid, &bench->arena, &ready, NULL), KS_OK);
	assert_int_equal(ready->order[0], node_of(bench, "A"));
	while (ready_step(ready, &ask, NULL) == KS_OK)
		;
	const struct ready_plan *plan = ready_find(ready, node_of(bench, "A1"));

	assert_true(plan->feasible && plan->off_n == 0 && plan->capped_n == 1);
	assert_int_equal(plan->hosts[0], host_of(bench, "d1"));
	plan = ready_find(ready, node_of(bench, "B1")); /* a developer's outlet may be cut */
	assert_true(plan->off_n == 1 && !plan->in_time && plan->fast_in_time);
	plan = ready_find(ready, node_of(bench, "A2"));
	assert_true(!plan->in_time && !plan->fast_in_time && plan->off_n > 0);
	bench_free(bench);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_loss_is_planned),
		cmocka_unit_test(without_memory_it_says_so),
		cmocka_unit_test(a_loss_that_breaks_nothing),
		cmocka_unit_test(caps_alone_and_too_late),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
