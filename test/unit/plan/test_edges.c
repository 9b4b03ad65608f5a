/* test/unit/plan/test_edges.c - the odd ends of the model: ties, diamonds, nothing. */
#include "../harness.h"
#include "plan/capacity.h"
#include "plan/cascade.h"
#include "plan/fit.h"
#include "plan/pairs.h"
#include "plan/seen.h"
#include "plan_site.h"

static void places_what_has_no_room(void **state)
{
	struct grid_reading reading = { GRID_OF_HOST, 0, MEASURE_CURRENT, 2000, 0 };
	struct grid_ask ask = { GRID_SCALE, GRID_SCALE, &reading, 1 };
	struct bench *b = bench_new("site t volt=100\nrack r\nroom cold\nfeed A rack=r\nhost h rack=r w=1\nhost g cords=A w=5\n", &ask);

	(void)state;
	assert_int_equal(b->grid->nodes[0].room, GRID_NONE);
	assert_int_equal(b->grid->hosts[0].uva, 200000000); /* 2 A at the site's 100 V */
	loss_look(b->loss, b->flow);
	assert_int_equal(b->loss->hot_n, 0); /* no heat limit is said */
	bench_free(b);
}

/* d falls by itself and by what it needs, through both arms of a diamond. */
static void falls_once(void **state)
{
	struct bench *b = bench_new("site t volt=100\nfeed A\nfeed B\nservice a min=1\nservice b dep=a\nservice c dep=a\n"
	    "service d min=1 dep=b,c\nhost h cords=A w=1 svc=a\nhost i cords=A w=1 svc=d\nhost j cords=B w=1\n", &grid_as_is);
	bool off[3] = { true, false, true };

	(void)state;
	flow_lose(b->flow, node_of(b, "A"));
	loss_services(b->loss, b->flow, off); /* h is off, but dark already */
	assert_int_equal(b->loss->down_n, 4);
	assert_int_equal(b->loss->live[0], 0);
	bench_free(b);
}

/* Three that heat alike: one after another at one moment, in the order of the site. */
static void breaks_ties_by_the_site(void **state)
{
	struct bench *b = bench_new("site t volt=100\nfeed A amps=10\nfeed C amps=10\nfeed D amps=10\nfeed B amps=10\n"
	    "host h1 cords=A w=1200 pf=1\nhost h2 cords=C w=1200 pf=1\nhost h3 cords=D w=1200 pf=1\nhost h4 cords=B w=1 pf=1\n",
	    &grid_as_is);
	struct cascade *cascade = NULL;
	uint32_t lost = 3;

	(void)state;
	assert_int_equal(cascade_new(b->grid, &b->arena, &cascade, NULL), KS_OK);
	cascade_run(cascade, b->flow, &lost, 1, EDGE_LATEST);
	assert_int_equal(cascade->trips_n, 3);
	for (uint32_t i = 0; i < 3; i++)
		assert_int_equal(cascade->trips[i].node, i);
	bench_free(b);
}

/* Falling ratings on the way down: the first that are met are the worst, the last not kept. */
static void keeps_sixteen_reasons(void **state)
{
	static char text[8192];
	size_t n = (size_t)snprintf(text, sizeof text, "site t volt=100\nfeed A amps=1000\nbreaker b00 from=A amps=40\n");
	struct bench *b, *w;
	struct fit fit;

	(void)state;
	for (int i = 1; i < 20; i++)
		n += (size_t)snprintf(text + n, sizeof text - n, "breaker b%02d from=b%02d amps=%d\n", i, i - 1, 40 - i);
	n += (size_t)snprintf(text + n, sizeof text - n, "pdu p from=b19\nhost h cords=p w=1500 pf=1\n");
	b = bench_new(text, &grid_as_is);
	(void)snprintf(text + n, sizeof text - n, "host new cords=p w=3000 pf=1\n");
	w = bench_new(text, &grid_as_is);
	fit_try(b->flow, w->flow, &fit);
	assert_int_equal(fit.reasons_all, 20);
	assert_int_equal(fit.reasons_n, FIT_REASONS);
	assert_int_equal(fit.reasons[0].node, node_of(b, "b19"));
	assert_int_equal(fit.reasons[FIT_REASONS - 1].node, node_of(b, "b04"));
	bench_free(w);
	(void)snprintf(text + n, sizeof text - n, "host new cords=p w=0 pf=1\n");
	w = bench_new(text, &grid_as_is);
	fit_try(b->flow, w->flow, &fit); /* what draws nothing burdens nothing */
	assert_int_equal(fit.reasons_all, 0);
	assert_int_equal(fit.most_mw, INT64_MAX);
	bench_free(w);
	bench_free(b);
}

/* Two losses together overload a third more than each alone, and darken nobody; what hangs
 * on what is no pair, whichever of them the file names first. */
static void pairs_that_only_overload(void **state)
{
	struct bench *b = bench_new("site t volt=100\nbreaker A1 from=A amps=90\nfeed A amps=90\nfeed B amps=90\nfeed C amps=10\n"
	    "feed D amps=12\nbreaker sw from=A from2=B amps=90\nbreaker sx from=sw amps=90\nbreaker sy from=sw amps=90\npdu p from=B\nservice s\n"
	    "host h cords=A1,B,C w=1500 pf=1 svc=s\nhost i cords=p,A,D w=1800 pf=1 svc=s\nhost j cords=sx,C w=5 pf=1\n"
	    "service z\nhost k cords=C w=1 pf=1 svc=z\nsensor m via=command address=x on=p\n",
	    &grid_as_is);
	struct capacity *capacity = NULL;
	struct pairs pairs;
	bool seen = false;

	(void)state;
	assert_int_equal(pairs_run(b->flow, b->loss, 50, &b->arena, &pairs, NULL), KS_OK);
	for (uint32_t i = 0; i < pairs.worst_n; i++) {
		const struct pair *pair = &pairs.worst[i];

		assert_false(pair->a == node_of(b, "A1") && pair->b == node_of(b, "A"));
		seen |= pair->only_n == 0 && pair->over_n == 2;
		if (i > 0 && pairs.worst[i - 1].only_n == pair->only_n)
			assert_true(pairs.worst[i - 1].over_n >= pair->over_n);
	}
	assert_true(seen); /* A and B: C has 15 of 8 A, D 18 of 9.6 */
	assert_int_equal(capacity_of(b->grid, b->flow, &b->arena, &capacity, NULL), KS_OK);
	assert_int_equal(capacity->lonely_n, 0);
	struct series series = { .subject_kind = SUBJECT_SENSOR, .kind = MEASURE_POWER, .id = "m",
		.label = "Outlet 12345678 power" };
	struct reading reading = { .milli = 1, .time_ms = 1 };
	struct grid_reading placed;

	assert_false(seen_place(b->grid, &series, &reading, 1, &placed)); /* no strip has so many */
	bench_free(b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(places_what_has_no_room),
		cmocka_unit_test(falls_once),
		cmocka_unit_test(breaks_ties_by_the_site),
		cmocka_unit_test(keeps_sixteen_reasons),
		cmocka_unit_test(pairs_that_only_overload),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
