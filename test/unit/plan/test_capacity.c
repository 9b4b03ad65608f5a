#include "../harness.h"
#include "base/drop.h"
#include "physics/room.h"
#include "plan/capacity.h"
#include "plan/cooling.h"
#include "plan/fit.h"
#include "plan/pairs.h"
#include "plan/phase.h"
#include "plan_site.h"
#include <math.h>
#include <stdlib.h>

#define ROOMY                                                                           \
	"site t volt=200\nroom hall heat=1kW\ncooling ac room=hall capacity=3kW\ncooling out capacity=1kW\n" \
	"rack r1 room=hall units=10\nrack r2 units=3\n"                                     \
	"feed A amps=10\nbreaker A1 from=A amps=5\nfeed B amps=10\nfeed C\n"                \
	"service db need=1\n"                                                             \
	"host h1 rack=r1 u=3 h=2U cords=A1.1,B.1 w=400 pf=1 svc=db\nhost h2 rack=r1 u=9 cords=A1.2 w=100 pf=1 svc=db\n" \
	"host h3 rack=r2 u=1 h=3U w=50 pf=1\nhost h4 cords=C.1 w=1 pf=1 svc=db rack=r1\nhost h5 cords=B.7,B.8 w=100 pf=1\n"

static int64_t va(int64_t volt_amps)
{
	return volt_amps * 1000000;
}

static void counts_what_is_left(void **state)
{
	struct bench *b = bench_new(ROOMY, &grid_as_is);
	struct capacity *c = NULL;
	uint32_t a = node_of(b, "A"), a1 = node_of(b, "A1"), feed_b = node_of(b, "B");

	(void)state;
	assert_int_equal(capacity_of(b->grid, b->flow, &b->arena, &c, NULL), KS_OK);
	assert_int_equal(c->racks[0].units, 10);
	assert_int_equal(c->racks[0].free_u, 7);
	assert_int_equal(c->racks[0].block_u, 5);
	assert_int_equal(c->racks[0].block_n, 4);
	assert_int_equal(c->racks[0].hosts_n, 3);
	assert_int_equal(c->racks[0].mw, 501000);
	assert_int_equal(c->racks[1].free_u, 0);
	assert_int_equal(c->racks[1].block_n, 0);
	assert_int_equal(c->rooms[0].racks_n, 1);
	assert_int_equal(c->rooms[0].units_n, 3);
	assert_int_equal(c->rooms[0].cooling_mw, 3000000);
	assert_int_equal(c->nodes[a1].cords_n, 2);
	assert_true(c->nodes[a].backs && c->nodes[feed_b].backs);
	assert_false(c->nodes[node_of(b, "C")].backs);
	assert_int_equal(c->nodes[a1].worst_uva, va(500));
	assert_int_equal(c->nodes[a1].worst_by, feed_b);
	assert_int_equal(c->nodes[a1].short_uva, 0);
	assert_int_equal(c->nodes[a1].half_short_uva, 0); /* 300 of half of 800 */
	assert_int_equal(c->lonely_n, 2);
	assert_int_equal(c->lonely[0], host_of(b, "h2"));
	assert_int_equal(capacity_place(b->site, &b->site->racks[0], 2), 1);
	assert_int_equal(capacity_place(b->site, &b->site->racks[0], 3), 5);
	assert_int_equal(capacity_place(b->site, &b->site->racks[0], 5), 0);
	assert_int_equal(capacity_place(b->site, &b->site->racks[1], 1), 0);
	assert_true(flow_recount(b->flow));
	bench_free(b);
}

static void says_how_much_is_missing(void **state)
{
	struct bench *b = bench_new("site t volt=100\nfeed A amps=10\nfeed B amps=10\nhost h1 cords=A,B w=802 pf=1\n",
	    &grid_as_is);
	struct capacity *c = NULL;

	(void)state;
	assert_int_equal(capacity_of(b->grid, b->flow, &b->arena, &c, NULL), KS_OK);
	assert_int_equal(c->nodes[0].half_short_uva, va(1)); /* 401 of half of 800 */
	assert_int_equal(c->nodes[0].short_uva, va(2));
	assert_int_equal(c->nodes[0].worst_by, 1);
	bench_free(b);
}

static void sees_when_it_is_full(void **state)
{
	int64_t days[40];
	struct trend trend;

	(void)state;
	for (int i = 0; i < 40; i++)
		days[i] = 1000 * i + (i % 2 == 0 ? 10 : -10);
	days[7] = days[8] = INT64_MIN;
	trend = trend_until(days, 40, 39000 + 30440);
	assert_true(trend.known);
	assert_int_equal(trend.days, 38);
	assert_true(fabs(trend.months - 1) < 0.01 && fabs(trend.per_month - 30440) < 100);
	trend = trend_until(days, 40, 30000);
	assert_true(trend.known && trend.months < 1e-9);
	trend = trend_until(days, 13, 1000000);
	assert_false(trend.known);
	for (int i = 0; i < 40; i++)
		days[i] = 5000 - i;
	trend = trend_until(days, 40, 1000000);
	assert_false(trend.known);
	assert_true(trend.per_month < 0);
	assert_int_equal(trend_until(days, 14, 1).days, 14);
}

static void fits_or_says_why_not(void **state)
{
	static const char *const with[] = { ROOMY "host new rack=r1 u=1 cords=A1.3,B.3 w=300 pf=1\n",
		ROOMY "host new rack=r1 u=1 cords=A1.3,B.3 w=301 pf=1\n",
		ROOMY "host new rack=r1 u=1 cords=A1.3 w=500 pf=1\n",
		ROOMY "host new cords=C w=500 pf=1\n", ROOMY "host new cords=B w=1001 pf=1\n" };
	struct bench *b = bench_new(ROOMY, &grid_as_is), *w;
	struct fit fit;

	(void)state;
	w = bench_new(with[0], &grid_as_is); /* A1 carries 300 + 200 when B is lost: 800 in all */
	fit_try(b->flow, w->flow, &fit);
	assert_int_equal(fit.reasons_all, 0);
	assert_int_equal(fit.most_mw, 300000);
	bench_free(w);
	w = bench_new(with[1], &grid_as_is);
	fit_try(b->flow, w->flow, &fit);
	assert_int_equal(fit.reasons_all, 1);
	assert_int_equal(fit.reasons[0].node, node_of(b, "A1"));
	assert_int_equal(fit.reasons[0].by, node_of(b, "B"));
	assert_int_equal(fit.reasons[0].load, va(801));
	assert_int_equal(fit.most_mw, 300000);
	bench_free(w);
	w = bench_new(with[2], &grid_as_is); /* the room: 501 + 500 of 1,000 W; A1 at worst 1,000 of 800 VA */
	fit_try(b->flow, w->flow, &fit);
	assert_int_equal(fit.reasons_all, 2);
	assert_int_equal(fit.reasons[0].node, node_of(b, "A1"));
	assert_int_equal(fit.reasons[1].node, GRID_NONE);
	assert_int_equal(fit.reasons[1].load, 1001000);
	bench_free(w);
	w = bench_new(with[3], &grid_as_is);
	fit_try(b->flow, w->flow, &fit);
	assert_int_equal(fit.most_mw, INT64_MAX);
	bench_free(w);
	w = bench_new(with[4], &grid_as_is);
	fit_try(b->flow, w->flow, &fit);
	assert_int_equal(fit.reasons_all, 0);
	bench_free(w);
	bench_free(b);
}

/* Many limits are broken: the worst are kept, in their order. */
static void keeps_the_worst_reasons(void **state)
{
	static char text[8192];
	struct bench *b, *w;
	struct fit fit;
	size_t n = (size_t)snprintf(text, sizeof text, "site t volt=100\nfeed A amps=1000\n");

	(void)state;
	for (int i = 0; i < 20; i++)
		n += (size_t)snprintf(text + n, sizeof text - n, "breaker b%d from=%s%d amps=%d\n", i, i > 0 ? "b" : "",
		    i > 0 ? i - 1 : 0, 1 + i);
	char *first = strstr(text, "from=0");

	memcpy(first, "from=A", 6);
	n += (size_t)snprintf(text + n, sizeof text - n, "host h0 cords=b19 w=1500 pf=1\n");
	b = bench_new(text, &grid_as_is);
	(void)snprintf(text + n, sizeof text - n, "host new cords=b19 w=1000 pf=1\n");
	w = bench_new(text, &grid_as_is);
	fit_try(b->flow, w->flow, &fit);
	assert_int_equal(fit.reasons_all, 20);
	assert_int_equal(fit.reasons_n, FIT_REASONS);
	assert_int_equal(fit.reasons[0].node, node_of(b, "b0"));
	assert_int_equal(fit.reasons[FIT_REASONS - 1].node, node_of(b, "b15"));
	assert_int_equal(fit.most_mw, 0);
	bench_free(w);
	bench_free(b);
}

static bool near(double a, double b)
{
	return fabs(a - b) <= 1e-9 + 1e-9 * fabs(b);
}

static void adds_currents_as_vectors(void **state)
{
	double amps[3];

	(void)state;
	/* I_R^2 = I_RS^2 + I_TR^2 + I_RS I_TR: 10 and 0: 10; 10 and 10: 10 sqrt 3 */
	phase_currents((double[]){ 2000, 0, 0 }, (double[]){ 0, 0, 0 }, 0, 200, amps);
	assert_true(near(amps[0], 10) && near(amps[1], 10) && near(amps[2], 0));
	phase_currents((double[]){ 2000, 2000, 2000 }, (double[]){ 0, 0, 0 }, 0, 200, amps);
	assert_true(near(amps[0], 10 * sqrt(3)) && near(amps[1], amps[0]) && near(amps[2], amps[0]));
	phase_currents((double[]){ 6000, 0, 2000 }, (double[]){ 0, 0, 0 }, 0, 200, amps);
	assert_true(near(amps[0], sqrt(900 + 100 + 300)) && near(amps[1], 30) && near(amps[2], 10));
	phase_currents((double[]){ 0, 0, 0 }, (double[]){ 2300, 0, 0 }, 6000, 230 * sqrt(3), amps);
	assert_true(near(amps[0], 10 + 6000 / (3 * 230.0)) && near(amps[1], 6000 / (3 * 230.0)));
}

static void follows_phases_down_the_tree(void **state)
{
	struct bench *b = bench_new("site t volt=200\nfeed A phases=3 amps=50\npanel P from=A phases=3 amps=40\n"
	    "leg RS from=P amps=30 phase=RS\nleg TR from=P amps=30 phase=TR\nleg N from=P phase=S volt=115\n"
	    "feed Q phases=3\npdu sw from=RS from2=TR\nhost h1 cords=RS.1 w=6000 pf=1\nhost h2 cords=TR.1 w=2000 pf=1\n"
	    "host h3 cords=P.1 w=346.410161514 pf=1\n", &grid_as_is);
	struct phase_lines lines = phase_lines(b->flow, node_of(b, "A"));

	(void)state;
	assert_false(lines.known);
	assert_true(fabs(lines.amps[0] - (1 * cos(atan(10 / (20 * sqrt(3)))) + sqrt(1300))) < 0.01);
	assert_true(near(lines.may, 40));
	flow_draw(b->flow, host_of(b, "h3"), 0, 0);
	lines = phase_lines(b->flow, node_of(b, "P"));
	assert_true(lines.known);
	assert_true(near(lines.amps[0], sqrt(1300)) && near(lines.amps[1], 30));
	flow_lose(b->flow, node_of(b, "TR"));
	lines = phase_lines(b->flow, node_of(b, "A"));
	assert_true(near(lines.amps[0], 30) && near(lines.amps[2], 0));
	assert_true(near(phase_lines(b->flow, node_of(b, "Q")).may, 0));
	bench_free(b);
}

static void tries_all_pairs(void **state)
{
	/* each alone darkens nobody; A1 and B1 together darken h1, overload nothing */
	struct bench *b = bench_new("site t volt=100\nfeed A amps=100\nfeed B amps=100\nbreaker A1 from=A amps=20\n"
	    "breaker B1 from=B amps=20\nbreaker C1 amps=10\nbreaker sw from=A from2=B\n"
	    "host h1 cords=A1,B1 w=600 pf=1\nhost h2 cords=A1,B1,C1 w=900 pf=1\nhost h3 cords=sw w=10 pf=1\n", &grid_as_is);
	struct pairs pairs;
	bool seen[6] = { false };

	(void)state;
	assert_int_equal(pairs_run(b->flow, b->loss, 100, &b->arena, &pairs, NULL), KS_OK);
	assert_int_equal(pairs.tried, 13); /* 15 less A with A1, B with B1 */
	assert_true(pairs.worse == pairs.worst_n && pairs.worse >= 4);
	for (uint32_t i = 0; i < pairs.worst_n; i++) {
		const struct pair *pair = &pairs.worst[i];

		if (pair->a == node_of(b, "A1") && pair->b == node_of(b, "B1")) {
			seen[0] = true;
			assert_int_equal(pair->only_n, 1);
			assert_int_equal(pair->dark_n, 1);
			assert_int_equal(pair->over_n, 1); /* C1: 9 of 8 A */
		}
		if (i > 0)
			assert_true(pairs.worst[i - 1].only_n > pair->only_n ||
			    (pairs.worst[i - 1].only_n == pair->only_n && pairs.worst[i - 1].over_n >= pair->over_n));
	}
	assert_true(seen[0]);
	struct pairs two;

	assert_int_equal(pairs_run(b->flow, b->loss, 2, &b->arena, &two, NULL), KS_OK);
	assert_int_equal(two.worst_n, 2);
	assert_int_equal(two.worse, pairs.worse);
	for (int i = 0; i < 2; i++)
		assert_true(two.worst[i].a == pairs.worst[i].a && two.worst[i].b == pairs.worst[i].b);
	assert_true(flow_recount(b->flow));
	bench_free(b);
}

/* A heap that is too small keeps the same as one that is large enough. */
static void keeps_the_worst_pairs(void **state)
{
	static char text[16384];
	struct bench *b;
	struct pairs all, few;
	size_t n = (size_t)snprintf(text, sizeof text, "site t volt=100\n");

	(void)state;
	for (int i = 0; i < 24; i++)
		n += (size_t)snprintf(text + n, sizeof text - n, "feed f%d amps=%d\n", i, 1 + i % 7);
	for (int i = 0; i < 60; i++)
		n += (size_t)snprintf(text + n, sizeof text - n, "host h%d cords=f%d,f%d w=%d\n", i, i * 7 % 24,
		    (i * 11 + 5) % 24, 10 + i);
	b = bench_new(text, &grid_as_is);
	assert_int_equal(pairs_run(b->flow, b->loss, 400, &b->arena, &all, NULL), KS_OK);
	for (uint32_t most = 1; most < all.worst_n; most += 3) {
		assert_int_equal(pairs_run(b->flow, b->loss, most, &b->arena, &few, NULL), KS_OK);
		assert_int_equal(few.worst_n, most);
		for (uint32_t i = 0; i < most; i++)
			assert_true(few.worst[i].a == all.worst[i].a && few.worst[i].b == all.worst[i].b);
	}
	bench_free(b);
}

static void says_when_memory_is_short(void **state)
{
	struct bench *b = bench_new(ROOMY, &grid_as_is);
	struct capacity *capacity = NULL;
	struct pairs pairs = { .worst = NULL };
	struct why why;

	(void)state;
	for (size_t max = 0; capacity == NULL; max += 16) {
		KS_DROP(arena) struct arena arena;

		arena_init(&arena, max);
		if (capacity_of(b->grid, b->flow, &arena, &capacity, &why) != KS_OK)
			assert_null(capacity);
	}
	for (size_t max = 0; pairs.worst == NULL; max += 16) {
		KS_DROP(arena) struct arena arena;

		arena_init(&arena, max);
		if (pairs_run(b->flow, b->loss, 4, &arena, &pairs, &why) != KS_OK)
			assert_null(pairs.worst);
	}
	bench_free(b);
}

static void warms_without_cooling(void **state)
{
	struct room_stop stop = { .heat_mw = 10000000, .volume_ml = 100000000, .units = 40, .from_milli = 25000 };
	double s[3] = { -1, -1, -1 };

	(void)state;
	assert_true(room_until(&stop, 35000, &s[0], &s[1], &s[2]));
	assert_true(near(s[0], 10 / 10000.0 * (1206 * 100.0 + 30000)));
	assert_true(s[0] < s[1] && s[1] < s[2]);
	stop.cooling_mw = stop.heat_mw;
	assert_false(room_until(&stop, 35000, &s[0], &s[1], &s[2]));
	stop.from_milli = 35000; /* it is there already */
	assert_true(room_until(&stop, 35000, &s[0], &s[1], &s[2]));
	assert_true(near(s[2], 0));
	stop = (struct room_stop){ .heat_mw = 1000000, .from_milli = 25000 };
	assert_true(room_until(&stop, 35000, &s[0], &s[1], &s[2]));
	assert_true(near(s[0], 1206 * 18 / 100.0));
	stop.racks = 2;
	assert_true(room_until(&stop, 35000, &s[0], &s[1], &s[2]));
	assert_true(near(s[0], 1206 * 36 / 100.0));
}

static void warms_by_what_is_lit(void **state)
{
	struct bench *b = bench_new(ROOMY, &grid_as_is);
	struct cooling_until until = cooling_lost(b->flow, 0, 35000);

	(void)state;
	/* 501 W, one rack, 3 U filled */
	assert_true(until.comes && near(until.soonest_s, 10 / 0.501 * (1206 * 18 + 750 * 4) / 1000));
	flow_draw(b->flow, host_of(b, "h1"), 0, 0);
	assert_true(cooling_lost(b->flow, 0, 35000).soonest_s > until.soonest_s);
	flow_lose(b->flow, node_of(b, "A1"));
	flow_lose(b->flow, node_of(b, "C"));
	assert_false(cooling_lost(b->flow, 0, 35000).comes);
	bench_free(b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counts_what_is_left),
		cmocka_unit_test(says_how_much_is_missing),
		cmocka_unit_test(sees_when_it_is_full),
		cmocka_unit_test(fits_or_says_why_not),
		cmocka_unit_test(keeps_the_worst_reasons),
		cmocka_unit_test(adds_currents_as_vectors),
		cmocka_unit_test(follows_phases_down_the_tree),
		cmocka_unit_test(tries_all_pairs),
		cmocka_unit_test(keeps_the_worst_pairs),
		cmocka_unit_test(says_when_memory_is_short),
		cmocka_unit_test(warms_without_cooling),
		cmocka_unit_test(warms_by_what_is_lit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
