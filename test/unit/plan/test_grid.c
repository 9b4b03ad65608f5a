#include "../harness.h"
#include "base/drop.h"
#include "plan_site.h"
#include <math.h>
#include <stdlib.h>

#define PAIR                                                                            \
	"site t volt=200\nroom hall heat=2kW\nrack r1 room=hall\n"                      \
	"feed A phases=3 amps=20\nups Au from=A amps=20\nbreaker A1 from=Au amps=10\n"  \
	"pdu pa from=A1 rack=r1\nfeed B amps=20\nbreaker B1 from=B amps=10 derate=0.5\n"    \
	"pdu pb from=B1\n"                                                              \
	"service db min=2 need=2 value=9\nservice app min=1 dep=db\nservice web min=1 dep=app\n" \
	"service batch\n"                                                               \
	"host d1 cords=pa.1,pb.1 w=380 pf=0.95 svc=db rack=r1\n"                            \
	"host d2 cords=pa.2 w=100 pf=1 svc=db\nhost a1 cords=pb.2 w=100 wmax=150 pf=1 svc=app\n" \
	"host w1 w=50 svc=web rack=r1 declared=yes\nhost x1 cords=pb.3,pb.4 svc=batch\n"

static int64_t va(int64_t volt_amps)
{
	return volt_amps * 1000000;
}

static bool about(int64_t uva, double volt_amps)
{
	return fabs((double)uva - volt_amps * 1e6) < 10000;
}

static void builds_from_the_site(void **state)
{
	struct bench *b = bench_new(PAIR, &grid_as_is);
	const struct grid_node *a = &b->grid->nodes[node_of(b, "A")];
	const struct grid_node *b1 = &b->grid->nodes[node_of(b, "B1")];
	const struct grid_host *d1 = &b->grid->hosts[host_of(b, "d1")];

	(void)state;
	assert_int_equal(a->rated_uva, 6928203232);	/* 200 V x 20 A x sqrt 3 */
	assert_int_equal(a->limit_uva, 5542562586);
	assert_int_equal(b1->limit_uva, va(1000));
	assert_int_equal(b->grid->nodes[node_of(b, "pa")].limit_uva, 0);
	assert_int_equal(b->grid->nodes[node_of(b, "pa")].room, 0);
	assert_int_equal(b1->room, GRID_NONE);
	assert_int_equal(d1->uva, va(400));
	assert_int_equal(d1->said, GRID_FILE);
	assert_int_equal(b->grid->hosts[host_of(b, "w1")].said, GRID_DECLARED);
	assert_int_equal(b->grid->hosts[host_of(b, "x1")].said, GRID_UNSAID);
	assert_int_equal(b->grid->hosts[host_of(b, "a1")].max_mw, 150000);
	assert_int_equal(a->load_uva, va(300));
	assert_int_equal(b1->load_uva, va(300));
	assert_int_equal(b->grid->rooms[0].load_mw, 430000);
	assert_int_equal(b->grid->rooms[0].limit_mw, 2000000);
	assert_int_equal(b->grid->services[service_of(b, "db")].members_n, 2);
	assert_int_equal(b->grid->switches_n, 0);
	assert_int_equal(b->grid->readings, 0);
	assert_true(flow_recount(b->flow));
	bench_free(b);
}

static void scales_what_is_asked(void **state)
{
	struct grid_ask ask = { .feed_scale = 500000, .heat_scale = 0 };
	struct bench *b = bench_new(PAIR, &ask);

	(void)state;
	assert_int_equal(b->grid->nodes[node_of(b, "Au")].limit_uva, va(1600));
	assert_int_equal(b->grid->nodes[node_of(b, "B")].limit_uva, va(1600));
	assert_int_equal(b->grid->nodes[node_of(b, "A1")].limit_uva, va(1600));
	assert_int_equal(b->grid->rooms[0].limit_mw, 0);
	bench_free(b);
}

static void moves_load_to_what_is_left(void **state)
{
	struct bench *b = bench_new(PAIR, &grid_as_is);
	uint32_t pb = node_of(b, "pb"), d1 = host_of(b, "d1");

	(void)state;
	assert_int_equal(flow_cord(b->flow, b->grid->hosts[d1].cord), va(200));
	flow_lose(b->flow, node_of(b, "A1"));
	assert_int_equal(b->flow->load_uva[pb], va(500));
	assert_int_equal(flow_cord(b->flow, b->grid->hosts[d1].cord), 0);
	assert_int_equal(flow_cord(b->flow, b->grid->hosts[d1].cord + 1), va(400));
	assert_int_equal(b->flow->load_uva[node_of(b, "A")], 0);
	assert_int_equal(b->flow->dark_n, 1);
	assert_int_equal(b->flow->dark[0], host_of(b, "d2"));
	assert_false(flow_lit(b->flow, host_of(b, "d2")));
	assert_true(flow_lit(b->flow, d1));
	assert_true(flow_lit(b->flow, host_of(b, "w1")));
	assert_int_equal(flow_up(b->flow, pb), node_of(b, "B1"));
	assert_int_equal(flow_up(b->flow, node_of(b, "A1")), GRID_NONE);
	flow_lose(b->flow, node_of(b, "pa")); /* dark already */
	assert_int_equal(b->flow->dark_n, 1);
	flow_lose(b->flow, node_of(b, "B"));
	assert_int_equal(b->flow->dark_n, 4);
	assert_int_equal(b->flow->room_mw[0], 50000);
	assert_true(flow_recount(b->flow));
	flow_reset(b->flow);
	assert_int_equal(b->flow->load_uva[pb], va(300));
	assert_int_equal(b->flow->touched_n, 0);
	assert_int_equal(b->flow->dark_n, 0);
	assert_true(flow_recount(b->flow));
	bench_free(b);
}

static void draws_less_and_takes_it_back(void **state)
{
	struct bench *b = bench_new(PAIR, &grid_as_is);
	uint32_t d1 = host_of(b, "d1"), w1 = host_of(b, "w1"), b1 = node_of(b, "B1");

	(void)state;
	flow_mark(b->flow);
	flow_draw(b->flow, d1, va(100), 95000);
	flow_draw(b->flow, w1, 0, 0);
	assert_int_equal(b->flow->load_uva[b1], va(150));
	assert_int_equal(b->flow->room_mw[0], 95000);
	flow_mark(b->flow);
	flow_lose(b->flow, b1);
	flow_draw(b->flow, d1, va(120), 110000);
	flow_draw(b->flow, host_of(b, "a1"), 0, 0); /* dark: warms nothing */
	assert_int_equal(b->flow->load_uva[node_of(b, "A")], va(220));
	assert_true(flow_recount(b->flow));
	flow_undo(b->flow);
	assert_int_equal(b->flow->load_uva[b1], va(150));
	assert_int_equal(b->flow->uva[d1], va(100));
	assert_true(flow_recount(b->flow));
	flow_undo(b->flow);
	assert_int_equal(b->flow->load_uva[b1], va(300));
	assert_int_equal(b->flow->mw[w1], 50000);
	assert_true(flow_recount(b->flow));
	bench_free(b);
}

static void says_who_is_over_and_what_stops(void **state)
{
	struct bench *b = bench_new(PAIR "host big cords=pa.9,pb.9 w=1400 pf=1 rack=r1\n",
	    &grid_as_is);
	bool off[6] = { [2] = true };

	(void)state;
	loss_look(b->loss, b->flow); /* B1: 200 + 100 + 700 = its limit, and no more */
	assert_int_equal(b->loss->over_n, 0);
	assert_int_equal(b->loss->hot_n, 0);
	loss_services(b->loss, b->flow, NULL);
	assert_int_equal(b->loss->down_n, 0);
	flow_draw(b->flow, host_of(b, "a1"), va(100) + 1, 100000);
	flow_draw(b->flow, host_of(b, "w1"), 0, 220001);
	loss_look(b->loss, b->flow);
	assert_int_equal(b->loss->over_n, 1);
	assert_int_equal(b->loss->over[0], node_of(b, "B1"));
	assert_int_equal(b->loss->hot_n, 1);
	flow_reset(b->flow);
	flow_draw(b->flow, host_of(b, "w1"), 0, 220000);
	loss_look(b->loss, b->flow);
	assert_int_equal(b->loss->hot_n, 0);
	flow_lose(b->flow, node_of(b, "Au"));
	loss_services(b->loss, b->flow, NULL);
	assert_int_equal(b->loss->down_n, 3); /* db below 2, app needs it, web needs app */
	assert_int_equal(b->loss->down[0], service_of(b, "db"));
	assert_int_equal(b->loss->live[service_of(b, "db")], 1);
	flow_reset(b->flow);
	loss_services(b->loss, b->flow, off);
	assert_int_equal(b->loss->down_n, 2); /* a1 off: app and web */
	flow_lose(b->flow, node_of(b, "pb"));
	loss_services(b->loss, b->flow, off);
	assert_int_equal(b->loss->live[service_of(b, "app")], 0); /* dark and off counts once */
	bench_free(b);
}

static void counts_what_was_over_before(void **state)
{
	struct bench *b = bench_new("site t volt=100\nfeed A amps=10\nfeed B amps=1\nfeed C amps=1\n"
	    "host h1 cords=A.1 w=801 pf=1\nhost h2 cords=B.1,C.1 w=160 pf=1\n", &grid_as_is);

	(void)state;
	loss_look(b->loss, b->flow);
	assert_int_equal(b->loss->over_n, 1);
	flow_lose(b->flow, node_of(b, "C"));
	loss_look(b->loss, b->flow);
	assert_int_equal(b->loss->over_n, 2);
	flow_lose(b->flow, node_of(b, "A"));
	loss_look(b->loss, b->flow);
	assert_int_equal(b->loss->over_n, 1);
	assert_int_equal(b->loss->over[0], node_of(b, "B"));
	bench_free(b);
}

#define SWITCHED                                                                        \
	"site t volt=200\nfeed A amps=20\nfeed B amps=20\npanel Ap from=A\npanel Bp from=B\n" \
	"pdu s1 from=Ap from2=Bp\npdu s2 from=Bp from2=Ap\npdu s3 from=s1 from2=s2\n"   \
	"host h1 cords=s1.1 w=100 pf=1\nhost h2 cords=s2.1 w=200 pf=1\n"                \
	"host h3 cords=s3.1,Ap w=400 pf=1\n"

static void turns_transfer_switches(void **state)
{
	struct bench *b = bench_new(SWITCHED, &grid_as_is);
	uint32_t ap = node_of(b, "Ap"), bp = node_of(b, "Bp"), s1 = node_of(b, "s1");

	(void)state;
	assert_int_equal(b->grid->switches_n, 3);
	assert_int_equal(b->flow->load_uva[ap], va(500));
	assert_int_equal(b->flow->load_uva[bp], va(200));
	flow_mark(b->flow);
	flow_lose(b->flow, node_of(b, "A"));
	assert_int_equal(b->flow->load_uva[bp], va(700));
	assert_int_equal(b->flow->load_uva[s1], va(500));
	assert_int_equal(b->flow->side[s1], 1);
	assert_int_equal(b->flow->dark_n, 0);
	assert_true(flow_recount(b->flow));
	flow_lose(b->flow, s1); /* s3 hangs on it: turns to s2, on the same panel */
	assert_int_equal(b->flow->load_uva[bp], va(600));
	assert_int_equal(b->flow->dark_n, 1);
	assert_true(flow_recount(b->flow));
	flow_lose(b->flow, bp);
	assert_int_equal(b->flow->dark_n, 3);
	assert_true(flow_recount(b->flow));
	flow_undo(b->flow);
	assert_int_equal(b->flow->side[s1], 0);
	assert_true(flow_recount(b->flow));
	flow_lose(b->flow, bp);
	flow_lose(b->flow, node_of(b, "B"));
	assert_int_equal(b->flow->load_uva[ap], va(700));
	flow_lose(b->flow, ap);
	assert_int_equal(b->flow->dark_n, 3);
	assert_true(flow_recount(b->flow));
	bench_free(b);
}

static void shares_as_measured(void **state)
{
	struct grid_reading readings[] = {
		{ GRID_OF_CORD, 0, MEASURE_APPARENT_POWER, 270000, 3000 },
		{ GRID_OF_CORD, 1, MEASURE_CURRENT, 150, 9000 },	/* x 200 V = 30 VA */
		{ GRID_OF_CORD, 2, MEASURE_POWER, 0, 0 },		/* d2 is off */
		{ GRID_OF_CORD, 3, MEASURE_POWER, 120000, 0 },
		{ GRID_OF_CORD, 4, MEASURE_POWER, 80000, 0 },		/* x1: one of two */
		{ GRID_OF_HOST, 2, MEASURE_CURRENT, 500, 1000 },	/* a1 itself: 100 VA */
	};
	struct grid_ask ask = { GRID_SCALE, GRID_SCALE, readings, 6 };
	struct bench *b = bench_new(PAIR, &ask);
	const struct grid_host *d1 = &b->grid->hosts[host_of(b, "d1")];
	const struct grid_host *a1 = &b->grid->hosts[host_of(b, "a1")];

	(void)state;
	assert_int_equal(d1->uva, va(300));
	assert_int_equal(d1->mw, 285000);
	assert_int_equal(d1->age_ms, 9000);
	assert_int_equal(d1->said, GRID_MEASURED);
	assert_true(d1->shares_seen);
	assert_int_equal(flow_cord(b->flow, d1->cord), va(270));
	assert_int_equal(flow_cord(b->flow, d1->cord + 1), va(30));
	assert_int_equal(b->grid->hosts[host_of(b, "d2")].uva, 0);
	assert_false(b->grid->hosts[host_of(b, "d2")].shares_seen);
	assert_int_equal(b->grid->hosts[host_of(b, "x1")].said, GRID_UNSAID);
	assert_int_equal(a1->uva, va(100));
	assert_int_equal(a1->age_ms, 1000);
	assert_true(b->grid->readings != 0);
	assert_true(flow_recount(b->flow));
	flow_lose(b->flow, node_of(b, "pb"));
	assert_int_equal(flow_cord(b->flow, d1->cord), va(300));
	assert_true(flow_recount(b->flow));
	bench_free(b);
}

static void stands_by(void **state)
{
	struct grid_reading readings[] = {
		{ GRID_OF_CORD, 0, MEASURE_POWER, 380000, 0 }, { GRID_OF_CORD, 1, MEASURE_POWER, 0, 0 },
	};
	struct grid_ask ask = { GRID_SCALE, GRID_SCALE, readings, 2 };
	struct bench *b = bench_new(PAIR, &ask);

	(void)state;
	assert_true(flow_cord(b->flow, 1) < va(1));
	flow_lose(b->flow, node_of(b, "pa"));
	assert_int_equal(flow_cord(b->flow, 1), va(400));
	bench_free(b);
}

static void believes_meters_on_the_way(void **state)
{
	struct grid_reading readings[] = {
		{ GRID_OF_NODE, 0, MEASURE_CURRENT, 4000, 2000 },	/* A, three phases */
		{ GRID_OF_NODE, 1, MEASURE_LOAD, 50000, 1000 },		/* Au: 50 % of 4 kVA */
		{ GRID_OF_NODE, 1, MEASURE_POWER, 900000, 500 },	/* sees less */
		{ GRID_OF_NODE, 5, MEASURE_APPARENT_POWER, 250000, 0 },	/* B1: less than the hosts */
		{ GRID_OF_NODE, 3, MEASURE_CURRENT, 1000, 0 },		/* pa: 200 VA */
	};
	struct grid_ask ask = { GRID_SCALE, GRID_SCALE, readings, 5 };
	struct bench *b = bench_new(PAIR, &ask);
	const struct grid_node *nodes = b->grid->nodes;

	(void)state;
	assert_int_equal(nodes[0].seen_uva, 1385640646);
	assert_int_equal(nodes[1].seen_uva, va(2000));
	assert_int_equal(nodes[1].age_ms, 1000);
	assert_true(about(nodes[1].extra_uva, 1800)); /* no host below it that pa does not see */
	assert_int_equal(nodes[1].load_uva, va(2000));
	assert_int_equal(nodes[0].load_uva, va(2000));
	assert_int_equal(nodes[0].extra_uva, 0);
	/* pa: 200 of 300; B1: 250 of 600, where x1 of which nothing is written counts as 300 */
	assert_true(about(nodes[3].load_uva, 200) && about(nodes[5].load_uva, 250));
	assert_true(about(b->grid->hosts[host_of(b, "d1")].uva, 200 * 2 / 3.0 + 200 * 5 / 12.0));
	assert_true(about(b->grid->hosts[host_of(b, "d2")].uva, 100 * 2 / 3.0));
	assert_true(about(b->grid->hosts[host_of(b, "x1")].uva, 300 * 5 / 12.0));
	assert_true(flow_recount(b->flow));
	flow_lose(b->flow, 1);
	assert_int_equal(b->flow->load_uva[0], 0);
	assert_true(flow_recount(b->flow));
	bench_free(b);
}

#define METERED                                                                           \
	"site t volt=200\nfeed A\nfeed B\nbreaker A1 from=A amps=30\nbreaker B1 from=B amps=30\n" \
	"host h1 cords=A1,B1 w=1000 pf=0.9\nhost h2 cords=A1,B1 w=1000 pf=0.9\n"

/* What moves when a side is lost is what is measured on it, in VA. */
static void moves_what_meters_saw(void **state)
{
	struct grid_reading readings[] = {
		{ GRID_OF_NODE, 2, MEASURE_POWER, 2700000, 0 }, { GRID_OF_NODE, 3, MEASURE_POWER, 1800000, 0 },
		{ GRID_OF_NODE, 3, MEASURE_POWER, 900000, 0 },
	};
	struct grid_ask ask = { GRID_SCALE, GRID_SCALE, readings, 3 };
	struct bench *b = bench_new(METERED, &ask);
	const struct grid_host *host = &b->grid->hosts[0];

	(void)state;
	assert_true(about(b->grid->nodes[2].load_uva, 3000) && about(b->grid->nodes[3].load_uva, 2000));
	assert_true(b->grid->nodes[2].extra_uva < 10 && !host->even && host->said == GRID_METERED);
	assert_true(about(flow_cord(b->flow, host->cord), 1500) && about(flow_cord(b->flow, host->cord + 1), 1000));
	assert_true(about(host->max_uva, 2500) && labs((long)host->mw - 2250000) < 10);
	flow_lose(b->flow, 0);
	assert_true(about(b->flow->load_uva[3], 5000));
	assert_true(flow_recount(b->flow));
	bench_free(b);
	readings[1].kind = MEASURE_APPARENT_POWER; /* beside it no watts are needed */
	b = bench_new(METERED, &ask);
	assert_true(about(b->grid->nodes[3].load_uva, 1800));
	bench_free(b);
	readings[1].milli = 0; /* all on one side */
	ask.readings_n = 2;
	b = bench_new(METERED, &ask);
	assert_true(about(b->grid->hosts[0].uva, 1500) && b->grid->nodes[3].load_uva < va(1));
	flow_lose(b->flow, 0);
	assert_true(about(b->flow->load_uva[3], 3000));
	bench_free(b);
}

/* One side metered: more than is written is believed of both, less of none. */
static void believes_half_a_meter_upwards(void **state)
{
	struct grid_reading reading = { GRID_OF_NODE, 2, MEASURE_APPARENT_POWER, 2000000, 0 };
	struct grid_ask ask = { GRID_SCALE, GRID_SCALE, &reading, 1 };
	struct bench *b = bench_new(METERED, &ask);
	double written = 2000 / 0.9;

	(void)state;
	assert_true(about(b->grid->nodes[2].load_uva, 2000) && about(b->grid->nodes[3].load_uva, 2000));
	assert_true(b->grid->hosts[0].even);
	bench_free(b);
	reading.milli = 100000;
	b = bench_new(METERED, &ask);
	assert_true(about(b->grid->nodes[2].load_uva, written / 2) && about(b->grid->nodes[3].load_uva, written / 2));
	bench_free(b);
}

/* Of who says nothing a meter on one side is believed downwards too. */
static void meters_of_who_says_nothing(void **state)
{
	struct grid_reading readings[] = {
		{ GRID_OF_NODE, 2, MEASURE_APPARENT_POWER, 100000, 0 }, { GRID_OF_NODE, 3, MEASURE_APPARENT_POWER, 50000, 0 },
	};
	struct grid_ask ask = { GRID_SCALE, GRID_SCALE, readings, 1 };
	struct bench *b = bench_new("site t volt=200\nfeed A\nfeed B\nbreaker A1 from=A amps=30\n"
	    "breaker B1 from=B amps=30\nhost h cords=A1,B1\n", &ask);

	(void)state;
	assert_true(about(b->grid->nodes[2].load_uva, 100) && about(b->grid->nodes[3].load_uva, 100));
	assert_int_equal(b->grid->hosts[0].said, GRID_METERED);
	bench_free(b);
}

/* So little for so many that nothing is left for one: its cords keep their shares. */
static void meters_of_next_to_nothing(void **state)
{
	enum { HOSTS = 3000, LINE = 40 };
	struct grid_reading readings[] = {
		{ GRID_OF_NODE, 2, MEASURE_APPARENT_POWER, 1, 0 }, { GRID_OF_NODE, 3, MEASURE_APPARENT_POWER, 0, 0 },
	};
	struct grid_ask ask = { GRID_SCALE, GRID_SCALE, readings, 2 };
	char *text = malloc(HOSTS * LINE + 200);
	int n;

	(void)state;
	assert_non_null(text);
	n = snprintf(text, 200, "site t volt=200\nfeed A\nfeed B\nbreaker A1 from=A amps=30\nbreaker B1 from=B amps=30\n");
	for (int i = 0; i < HOSTS; i++)
		n += snprintf(text + n, LINE, "host h%d cords=A1,B1 w=100\n", i);
	struct bench *b = bench_new(text, &ask);

	assert_int_equal(b->grid->hosts[7].uva, 0);
	assert_int_equal(b->grid->hosts[7].said, GRID_METERED);
	assert_true(b->grid->cords[b->grid->hosts[7].cord].weight > 0);
	assert_true(flow_recount(b->flow));
	bench_free(b);
	free(text);
}

/* No server draws ten times what is written of it, none more than its nameplate or wmax=: what
 * a meter sees beyond hangs there itself, and goes with it. */
static void takes_what_is_too_much_for_another_load(void **state)
{
	static const struct {
		const char *site;
		double moves;
	} rows[] = {
		{ "host h cords=A1,B1 w=100 pf=1\n", 4 * 100 }, { "host h cords=A1,B1 w=100 pf=1 declared=yes\n", 100 },
		{ "host h cords=A1,B1 w=100 wmax=250 pf=1\n", 250 }, { "host h cords=A1,B1 pf=1\n", 4 * 300 },
		{ "host h cords=A1 w=100 pf=1\nhost i w=5\n", 0 },
	};
	struct grid_reading readings[] = {
		{ GRID_OF_NODE, 2, MEASURE_APPARENT_POWER, 5000000, 0 }, { GRID_OF_NODE, 3, MEASURE_POWER, 5000000, 0 },
	};
	struct grid_ask ask = { GRID_SCALE, GRID_SCALE, readings, 2 };

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char text[600];

		(void)snprintf(text, sizeof text, "site t volt=200\nfeed A\nfeed B\nbreaker A1 from=A amps=30\n"
		    "breaker B1 from=B amps=30\n%s", rows[i].site);
		struct bench *b = bench_new(text, &ask);
		int64_t before = b->flow->load_uva[3];

		assert_true(about(b->grid->nodes[2].load_uva, 5000));
		flow_lose(b->flow, 0);
		assert_true(about(b->flow->load_uva[3] - before, rows[i].moves / 2));
		assert_true(flow_recount(b->flow));
		bench_free(b);
	}
}

static void refuses_readings_of_nothing(void **state)
{
	static const struct grid_reading bad[] = {
		{ GRID_OF_NODE, 7, MEASURE_POWER, 1, 0 }, { GRID_OF_HOST, 5, MEASURE_POWER, 1, 0 },
		{ GRID_OF_CORD, 6, MEASURE_POWER, 1, 0 }, { GRID_OF_NODE, 0, MEASURE_POWER, -1, 0 },
		{ GRID_OF_HOST, 0, MEASURE_LOAD, 1, 0 }, { GRID_OF_NODE, 0, MEASURE_FAN, 1, 0 },
	};
	struct bench *b = bench_new(PAIR, &grid_as_is);

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		struct grid_ask ask = { GRID_SCALE, GRID_SCALE, &bad[i], 1 };
		struct grid *grid = NULL;
		struct why why;

		assert_int_equal(grid_new(b->site, &ask, &b->arena, &grid, &why), KS_MALFORMED);
		assert_null(grid);
	}
	bench_free(b);
}

/* Every arena too small by a little: refused, nothing written. */
static void says_when_memory_is_short(void **state)
{
	static const struct grid_reading meters[] = { { GRID_OF_NODE, 2, MEASURE_POWER, 2700000, 0 },
		{ GRID_OF_NODE, 3, MEASURE_APPARENT_POWER, 1800000, 0 } };
	const struct grid_ask asks[] = { grid_as_is, { GRID_SCALE, GRID_SCALE, meters, 2 } };
	static const char *const sites[] = { PAIR, METERED };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct bench *b = bench_new(sites[i], &asks[i]);
		bool whole = false;

		for (size_t max = 0; !whole; max += 16) {
			KS_DROP(arena) struct arena arena;
			struct grid *grid = NULL;
			struct flow *flow = NULL;
			struct loss *loss = NULL;
			struct why why;

			arena_init(&arena, max);
			if (grid_new(b->site, &asks[i], &arena, &grid, &why) != KS_OK)
				assert_null(grid);
			else if (flow_new(grid, &arena, &flow, &why) != KS_OK)
				assert_null(flow);
			else if (loss_new(grid, &arena, &loss, &why) != KS_OK)
				assert_null(loss);
			else
				whole = true;
		}
		bench_free(b);
	}
}

static uint64_t seed;

static uint32_t any(uint32_t n)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(seed >> 33) % n;
}

/* A forest with transfer switches, hosts on any of it. */
static size_t random_site(char *text, size_t max, uint32_t nodes, uint32_t hosts)
{
	size_t n = (size_t)snprintf(text, max, "site t volt=100\nroom a heat=1kW\nrack ra room=a\n");

	for (uint32_t i = 0; i < nodes; i++) {
		uint32_t up = i > 0 ? any(i) : 0, up2 = i > 0 ? any(i) : 0;
		bool two = i > 1 && up != up2 && any(4) == 0, top = i < 2 || any(9) == 0;

		n += (size_t)snprintf(text + n, max - n, "panel n%u amps=%u", i, 1 + any(30));
		if (!top)
			n += (size_t)snprintf(text + n, max - n, " from=n%u", up);
		if (!top && two)
			n += (size_t)snprintf(text + n, max - n, " from2=n%u", up2);
		n += (size_t)snprintf(text + n, max - n, "\n");
	}
	for (uint32_t i = 0; i < hosts; i++) {
		n += (size_t)snprintf(text + n, max - n, "host h%u w=%u%s", i, any(900),
		    any(2) ? " rack=ra" : "");
		for (uint32_t k = any(4), c = 0; c < k; c++)
			n += (size_t)snprintf(text + n, max - n, "%sn%u", c == 0 ? " cords=" : ",",
			    any(nodes));
		n += (size_t)snprintf(text + n, max - n, "\n");
	}
	return n;
}

static void one_random_site(void)
{
	static char text[65536];
	struct grid_reading readings[12];
	struct grid_ask ask = { GRID_SCALE, GRID_SCALE, readings, 0 };

	(void)random_site(text, sizeof text, 3 + any(20), 1 + any(30));
	struct bench *b = bench_new(text, &ask);
	size_t cords = b->grid->cords_n, nodes = b->grid->nodes_n, hosts = b->grid->hosts_n;

	bench_free(b);
	for (; ask.readings_n < 12 && cords > 0; ask.readings_n++)
		readings[ask.readings_n] = any(3) == 0 ?
		    (struct grid_reading){ GRID_OF_NODE, any((uint32_t)nodes), MEASURE_POWER, any(900000), 0 } :
		    (struct grid_reading){ GRID_OF_CORD, any((uint32_t)cords), MEASURE_POWER, any(90000), 0 };
	b = bench_new(text, &ask);
	assert_true(flow_recount(b->flow));
	for (int step = 0, marks = 0; step < 40; step++) {
		uint32_t what = any(6);

		if (what == 0 && marks < FLOW_MARKS && ++marks)
			flow_mark(b->flow);
		else if (what == 1 && marks > 0 && marks--)
			flow_undo(b->flow);
		else if (what < 4)
			flow_lose(b->flow, any((uint32_t)nodes));
		else
			flow_draw(b->flow, any((uint32_t)hosts), va(any(500)), any(500000));
		assert_true(flow_recount(b->flow));
	}
	flow_reset(b->flow);
	for (size_t i = 0; i < nodes; i++)
		assert_int_equal(b->flow->load_uva[i], b->grid->nodes[i].load_uva);
	bench_free(b);
}

static void changes_equal_a_recount(void **state)
{
	(void)state;
	for (seed = 1; seed <= 300; seed++) {
		uint64_t keep = seed;

		one_random_site();
		seed = keep;
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(builds_from_the_site),
		cmocka_unit_test(scales_what_is_asked),
		cmocka_unit_test(moves_load_to_what_is_left),
		cmocka_unit_test(draws_less_and_takes_it_back),
		cmocka_unit_test(says_who_is_over_and_what_stops),
		cmocka_unit_test(counts_what_was_over_before),
		cmocka_unit_test(turns_transfer_switches),
		cmocka_unit_test(shares_as_measured),
		cmocka_unit_test(stands_by),
		cmocka_unit_test(believes_meters_on_the_way),
		cmocka_unit_test(moves_what_meters_saw),
		cmocka_unit_test(believes_half_a_meter_upwards),
		cmocka_unit_test(meters_of_who_says_nothing),
		cmocka_unit_test(meters_of_next_to_nothing),
		cmocka_unit_test(takes_what_is_too_much_for_another_load),
		cmocka_unit_test(refuses_readings_of_nothing),
		cmocka_unit_test(says_when_memory_is_short),
		cmocka_unit_test(changes_equal_a_recount),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
