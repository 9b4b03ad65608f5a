#include "../harness.h"
#include "base/drop.h"
#include "plan/cascade.h"
#include "plan/phase.h"
#include "plan_site.h"
#include <math.h>

static struct node line(const char *curve, int64_t amps)
{
	return (struct node){ .kind = NODE_BREAKER, .curve = curve, .milli_amp = amps * 1000,
		.milli_volt = 200000, .phases = 1, .derate_milli = 800, .tms_milli = 1000 };
}

static double seconds(const char *curve, int64_t amps, enum edge edge, double r)
{
	struct node node = line(curve, amps);
	struct curve made = curve_of(&node, edge);

	return curve_seconds(&made, r);
}

static bool near(double a, double b)
{
	return fabs(a - b) <= 1e-6 * fabs(b);
}

/* Every point of every standard, and both sides of where it holds and snaps. */
static void goes_through_the_points(void **state)
{
	const struct {
		const char *word;
		int64_t amps;
		enum edge edge;
		double r, s;
	} points[] = {
		{ "B", 16, EDGE_EARLIEST, 1.13, 3600 }, { "C", 63, EDGE_EARLIEST, 2.55, 1 },
		{ "C", 64, EDGE_EARLIEST, 1.13, 7200 }, { "D", 64, EDGE_EARLIEST, 2.55, 1 },
		{ "B", 16, EDGE_EARLIEST, 3, 0.02 }, { "C", 16, EDGE_EARLIEST, 5, 0.02 },
		{ "D", 16, EDGE_EARLIEST, 10, 0.02 }, { "C", 16, EDGE_LATEST, 1.45, 3600 },
		{ "C", 32, EDGE_LATEST, 2.55, 60 }, { "C", 33, EDGE_LATEST, 2.55, 120 },
		{ "C", 63, EDGE_LATEST, 1.45, 3600 }, { "C", 64, EDGE_LATEST, 1.45, 7200 },
		{ "B", 16, EDGE_LATEST, 5, 0.1 }, { "C", 16, EDGE_LATEST, 10, 0.1 },
		{ "D", 16, EDGE_LATEST, 20, 0.1 }, { "K", 63, EDGE_EARLIEST, 6, 2 },
		{ "K", 64, EDGE_LATEST, 1.2, 7200 }, { "K", 10, EDGE_LATEST, 1.5, 120 },
		{ "Z", 10, EDGE_EARLIEST, 2, 0.02 }, { "Z", 64, EDGE_LATEST, 1.2, 7200 },
		{ "MCCB", 30, EDGE_LATEST, 1.25, 3600 }, { "MCCB", 30, EDGE_LATEST, 2, 120 },
		{ "MCCB", 50, EDGE_LATEST, 2, 240 }, { "JIS", 51, EDGE_LATEST, 1.25, 7200 },
		{ "JIS", 100, EDGE_LATEST, 2, 360 }, { "MCCB", 225, EDGE_LATEST, 2, 480 },
		{ "MCCB", 2000, EDGE_LATEST, 2, 1320 }, { "MCCB", 2001, EDGE_LATEST, 2, 1440 },
		{ "MCCB", 30, EDGE_EARLIEST, 2, 15 }, { "MCCB", 30, EDGE_EARLIEST, 4, 0.02 },
		{ "MCCB", 30, EDGE_LATEST, 10, 0.02 }, { "UL489", 30, EDGE_LATEST, 1.35, 3600 },
		{ "UL489", 150, EDGE_LATEST, 2, 480 }, { "UL489", 2001, EDGE_LATEST, 2, 1560 },
		{ "fuse", 63, EDGE_EARLIEST, 2.5, 10 }, { "fuse", 63, EDGE_LATEST, 5.1, 5 },
		{ "fuse", 63, EDGE_LATEST, 13, 0.1 }, { "UPS", 63, EDGE_EARLIEST, 1.25, 30 },
		{ "UPS", 63, EDGE_LATEST, 1.5, 60 }, { "UPS", 63, EDGE_LATEST, 2, 0.5 },
		{ "IEC60255-SI", 400, EDGE_EARLIEST, 2, 0.9 * 0.14 / (pow(2, 0.02) - 1) },
		{ "IEC60255-VI", 400, EDGE_LATEST, 2, 1.1 * 13.5 },
		{ "IEC60255-EI", 400, EDGE_LATEST, 3, 11 }, { "IEC60255-LI", 400, EDGE_LATEST, 2, 132 },
		{ "IEC60255-EI", 400, EDGE_LATEST, 40, 1.1 * 80 / 399 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof points / sizeof points[0]; i++)
		if (!near(seconds(points[i].word, points[i].amps, points[i].edge, points[i].r), points[i].s))
			fail_msg("%s %d A: %g s at %g, not %g", points[i].word, (int)points[i].amps,
			    seconds(points[i].word, points[i].amps, points[i].edge, points[i].r),
			    points[i].r, points[i].s);
	assert_true(isinf(seconds("C", 16, EDGE_EARLIEST, 1.05)));
	assert_true(isfinite(seconds("C", 16, EDGE_EARLIEST, 1.0501)));
	assert_true(isinf(seconds("C", 16, EDGE_LATEST, 1.13)));
	assert_true(isfinite(seconds("C", 16, EDGE_LATEST, 1.1301)));
	assert_true(near(seconds("MCCB", 20, EDGE_LATEST, 1.28), 2 * 60 * pow(3 / 0.6384, log(30) / log(3 / 0.5625))));
}

static void earliest_is_never_later(void **state)
{
	static const char *const words[] = { "B", "C", "D", "K", "Z", "MCCB", "JIS", "UL489", "fuse", "UPS",
		"IEC60255-SI", "IEC60255-VI", "IEC60255-EI", "IEC60255-LI" };
	static const int64_t amps[] = { 10, 32, 40, 63, 100, 400, 4000 };

	(void)state;
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		for (size_t a = 0; a < sizeof amps / sizeof amps[0]; a++)
			for (double r = 1.001, before = INFINITY; r < 30; r *= 1.02) {
				double first = seconds(words[i], amps[a], EDGE_EARLIEST, r);
				double last = seconds(words[i], amps[a], EDGE_LATEST, r);

				if (!(first <= last && first <= before && first > 0))
					fail_msg("%s %d A at %g: %g .. %g s", words[i], (int)amps[a], r, first, last);
				before = first;
			}
}

static void takes_what_the_file_says(void **state)
{
	struct node leg = line(NULL, 100), ups = line(NULL, 100), none = line("C", 0);
	bool assumed;

	(void)state;
	assert_string_equal(curve_word(&leg, &assumed), "MCCB");
	assert_true(assumed);
	leg.kind = NODE_LEG;
	assert_null(curve_word(&leg, &assumed));
	assert_int_equal(curve_of(&leg, EDGE_LATEST).points, 0);
	leg.kind = NODE_PDU;
	assert_null(curve_word(&leg, &assumed));
	leg.curve = "fuse";
	assert_string_equal(curve_word(&leg, &assumed), "fuse");
	assert_false(assumed);
	ups.kind = NODE_UPS;
	assert_string_equal(curve_word(&ups, &assumed), "UPS");
	assert_int_equal(curve_of(&none, EDGE_LATEST).points, 0);
}

static void loses_rating_when_hot(void **state)
{
	struct node c = line("C", 20), mccb = line(NULL, 20), relay = line("IEC60255-SI", 20), leg = line(NULL, 20);

	(void)state;
	leg.kind = NODE_LEG;
	leg.ambient_milli = c.ambient_milli = mccb.ambient_milli = relay.ambient_milli = 40000;
	assert_int_equal(curve_derate(&c), 925000);
	assert_int_equal(curve_derate(&mccb), 1000000);
	mccb.ambient_milli = 40001;
	assert_int_equal(curve_derate(&mccb), 999992);
	mccb.ambient_milli = 50000;
	assert_int_equal(curve_derate(&mccb), 925000);
	assert_int_equal(curve_derate(&relay), 1000000);
	assert_int_equal(curve_derate(&leg), 1000000);
	c.ambient_milli = 300000;
	assert_int_equal(curve_derate(&c), 100000);
}

/* Two feeds, each with one breaker; B1 stands at 144 % of its rating when A is lost. */
#define TWO                                                                             \
	"site t volt=200\nfeed A amps=100 volt=200\nbreaker A1 from=A amps=20 curve=C\nfeed B amps=100\n" \
	"breaker B1 from=B amps=20 curve=C\nservice web need=3 min=3\n"                            \
	"host h1 cords=A1.1,B1.1 w=2880 pf=1 svc=web\nhost h2 cords=A1.2,B1.2 w=2880 pf=1 svc=web\n" \
	"host h3 cords=A1.3 w=100 pf=1 svc=web\n"

static void one_after_the_other(void **state)
{
	struct bench *b = bench_new(TWO, &grid_as_is);
	struct cascade *cascade = NULL;
	uint32_t lost = node_of(b, "A"), node;

	(void)state;
	assert_int_equal(cascade_new(b->grid, &b->arena, &cascade, NULL), KS_OK);
	flow_mark(b->flow);
	cascade_run(cascade, b->flow, &lost, 1, EDGE_LATEST);
	assert_int_equal(cascade->trips_n, 1);
	assert_int_equal(cascade->trips[0].node, node_of(b, "B1"));
	assert_true(near(cascade->trips[0].load, 1.44));
	assert_true(near(cascade->trips[0].at_s, seconds("C", 20, EDGE_LATEST, 1.44)));
	assert_int_equal(b->flow->dark_n, 3);
	assert_true(flow_recount(b->flow));
	flow_undo(b->flow);
	cascade_run(cascade, b->flow, &lost, 1, EDGE_EARLIEST);
	assert_true(near(cascade->trips[0].at_s, seconds("C", 20, EDGE_EARLIEST, 1.44) *
		(log((2.25 - 0.72 * 0.72 / 1.05 / 1.05) / 1.25) / log(1.8))));
	flow_reset(b->flow);
	assert_true(isinf(cascade_first(cascade, b->flow, EDGE_EARLIEST, &node)));
	assert_int_equal(node, GRID_NONE);
	flow_lose(b->flow, lost);
	assert_true(near(cascade_first(cascade, b->flow, EDGE_LATEST, &node), seconds("C", 20, EDGE_LATEST, 1.44)));
	assert_int_equal(node, node_of(b, "B1"));
	flow_lose(b->flow, node_of(b, "B1"));
	assert_true(isinf(cascade_node(cascade, b->flow, node_of(b, "B1"), EDGE_EARLIEST)));
	bench_free(b);
}

/* A panel that feeds two pairs of lines and not the third: the line in both carries
 * sqrt 3 times what either pair does, 21 % more than the sum shared by three would say.  It opens
 * by that line, and was near its limit by it before. */
static void the_fullest_line_opens(void **state)
{
	struct bench *b = bench_new("site t volt=200\nfeed A amps=1000 phases=3\nfeed B amps=1000 phases=3\n"
		"panel P from=B phases=3 amps=30 curve=MCCB derate=0.8\nleg RS from=P phase=RS amps=60\n"
		"leg TR from=P phase=TR amps=60\nhost h1 cords=A.1,RS.1 w=4400 pf=1\nhost h2 cords=A.2,TR.1 w=4400 pf=1\n",
	    &grid_as_is);
	struct cascade *cascade = NULL;
	uint32_t lost = node_of(b, "A"), panel = node_of(b, "P");
	double amps = 22 * sqrt(3), share = amps / 30;
	struct phase_lines lines;

	(void)state;
	assert_int_equal(cascade_new(b->grid, &b->arena, &cascade, NULL), KS_OK);
	assert_true(b->grid->nodes[panel].uneven && !b->grid->nodes[node_of(b, "RS")].uneven);
	assert_true(near((double)b->grid->nodes[panel].full_uva, 3 * 200 * 11 * 1e6));
	assert_int_equal(b->grid->nodes[panel].load_uva, 4400 * 1000000LL);
	flow_mark(b->flow);
	flow_lose(b->flow, lost);
	assert_true(b->flow->load_uva[panel] < b->grid->nodes[panel].rated_uva);
	assert_int_equal(phase_fullest(b->flow, panel, &lines), 0);
	assert_true(near(lines.amps[0], amps));
	loss_look(b->loss, b->flow);
	assert_true(b->loss->over_n == 1 && b->loss->over[0] == panel);
	flow_undo(b->flow);
	flow_mark(b->flow);
	cascade_run(cascade, b->flow, &lost, 1, EDGE_LATEST);
	assert_true(cascade->trips_n == 1 && cascade->trips[0].node == panel && near(cascade->trips[0].load, share));
	assert_true(near(cascade->trips[0].at_s, seconds("MCCB", 30, EDGE_LATEST, share)));
	flow_undo(b->flow);
	flow_lose(b->flow, node_of(b, "TR"));
	loss_look(b->loss, b->flow);
	assert_int_equal(b->loss->over_n, 0);
	bench_free(b);
}

/* A lost: b1 is far over and opens; that relieves m, which had begun to heat, and heats
 * c1 further: heat is kept, and given off. */
#define CHAIN                                                                           \
	"site t volt=100\nfeed A amps=1000\nfeed B amps=1000\nfeed C amps=1000\nbreaker m from=B amps=66 curve=C\n" \
	"breaker b1 from=m amps=20 curve=C\nbreaker b2 from=m amps=60 curve=C\nbreaker c1 from=C amps=35 curve=C\n" \
	"host x cords=A.1,b1.1,c1.1 w=9000 pf=1\nhost y cords=b2.1 w=3000 pf=1\n"

static void keeps_and_gives_off_heat(void **state)
{
	struct bench *b = bench_new(CHAIN, &grid_as_is);
	struct cascade *cascade = NULL;
	uint32_t lost = node_of(b, "A");
	double heated;

	(void)state;
	assert_int_equal(cascade_new(b->grid, &b->arena, &cascade, NULL), KS_OK);
	for (int edge = 0; edge < EDGES; edge++) {
		cascade_run(cascade, b->flow, &lost, 1, (enum edge)edge);
		assert_int_equal(cascade->trips_n, 2);
		assert_int_equal(cascade->trips[0].node, node_of(b, "b1"));
		assert_int_equal(cascade->trips[1].node, node_of(b, "c1"));
		assert_true(near(cascade->trips[1].load, 90 / 35.0));
		flow_reset(b->flow);
	}
	/* by the latest edges, from cold: 45 A until b1 opens, then 90 A */
	heated = cascade->trips[0].at_s / seconds("C", 35, EDGE_LATEST, 45 / 35.0);
	assert_true(heated > 0 && near(cascade->trips[1].at_s - cascade->trips[0].at_s,
	    (1 - heated) * seconds("C", 35, EDGE_LATEST, 90 / 35.0)));
	bench_free(b);
}

/* Over before anything was lost: it is on its way already. */
static void counts_what_heats_already(void **state)
{
	struct bench *b = bench_new("site t volt=100\nfeed A amps=10\nfeed C amps=10\nfeed B amps=10\nhost h1 cords=A w=1200 pf=1\n"
	    "host h2 cords=C w=1200 pf=1\nhost h3 cords=B w=100 pf=1\n", &grid_as_is);
	struct cascade *cascade = NULL;
	uint32_t lost = node_of(b, "B"), node;

	(void)state;
	assert_int_equal(cascade_new(b->grid, &b->arena, &cascade, NULL), KS_OK);
	assert_true(isfinite(cascade_first(cascade, b->flow, EDGE_EARLIEST, &node)));
	assert_int_equal(node, node_of(b, "A"));
	cascade_run(cascade, b->flow, &lost, 1, EDGE_LATEST);
	assert_int_equal(cascade->trips_n, 2); /* at one moment: in the order of the site */
	assert_int_equal(cascade->trips[0].node, node_of(b, "A"));
	assert_int_equal(b->flow->dark_n, 3);
	flow_reset(b->flow);
	cascade_run(cascade, b->flow, &node, 1, EDGE_LATEST); /* what heats is itself lost */
	assert_int_equal(cascade->trips_n, 1);
	bench_free(b);
}

static void says_when_memory_is_short(void **state)
{
	struct bench *b = bench_new(TWO, &grid_as_is);
	struct cascade *cascade = NULL;
	struct why why;

	(void)state;
	for (size_t max = 0; cascade == NULL; max += 16) {
		KS_DROP(arena) struct arena arena;

		arena_init(&arena, max);
		if (cascade_new(b->grid, &arena, &cascade, &why) != KS_OK)
			assert_null(cascade);
	}
	bench_free(b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(goes_through_the_points),
		cmocka_unit_test(earliest_is_never_later),
		cmocka_unit_test(takes_what_the_file_says),
		cmocka_unit_test(loses_rating_when_hot),
		cmocka_unit_test(one_after_the_other),
		cmocka_unit_test(the_fullest_line_opens),
		cmocka_unit_test(keeps_and_gives_off_heat),
		cmocka_unit_test(counts_what_heats_already),
		cmocka_unit_test(says_when_memory_is_short),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
