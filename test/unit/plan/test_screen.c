#include "../harness.h"
#include "plan/screen.h"
#include "plan/seen.h"
#include "plan_site.h"
#include <math.h>

#define SITE                                                                            \
	"site t volt=200\nfeed A amps=100\nfeed B amps=100\nbreaker A1 from=A amps=20 curve=C\n" \
	"breaker A2 from=A amps=20\nbreaker B1 from=B amps=20 curve=C\npdu pa from=A2 outlets=8\n" \
	"service db need=2 min=2 value=100 must=yes\nservice web value=10 min=1 dep=db\nservice dev value=50 min=1\n" \
	"host d1 cords=A1.1,B1.1 w=1200 pf=1 svc=db\nhost d2 cords=A2 w=100 pf=1 svc=db\n"      \
	"host w1 cords=A1.2,B1.2 w=100 pf=1 svc=web\nhost v1 cords=B1.3 w=100 pf=1 svc=dev\n"   \
	"host v2 cords=pa.3 w=10 pf=1\n"                                                \
	"sensor hm via=command address=x on=d1\nsensor pm via=command address=x on=pa\n"   \
	"sensor free via=command address=x\n"

static void run(const char *text, struct screen *screen)
{
	struct bench *b = bench_new(text, &grid_as_is);
	struct cascade *cascade = NULL;

	assert_int_equal(cascade_new(b->grid, &b->arena, &cascade, NULL), KS_OK);
	screen_run(b->flow, b->loss, cascade, screen);
	assert_true(flow_recount(b->flow));
	bench_free(b);
}

static void finds_what_stops_most(void **state)
{
	struct bench *b = bench_new(SITE, &grid_as_is);
	struct screen s;

	(void)state;
	run(SITE, &s);
	assert_int_equal(s.losses_n, 5);
	assert_int_equal(s.tops_n, 2);
	assert_int_equal(s.stops_n, 4); /* A and A2 stop db, B and B1 dev */
	assert_int_equal(s.stops, node_of(b, "A"));
	assert_int_equal(s.stops_dark_n, 2);
	assert_int_equal(s.service, service_of(b, "db"));
	assert_int_equal(s.down_n, 2);
	assert_true(s.must);
	assert_int_equal(s.trips, GRID_NONE);
	assert_int_equal(s.trips_n, 0);
	bench_free(b);
}

static void finds_what_opens_soonest(void **state)
{
	struct screen s;

	(void)state;
	run("site t volt=200\nfeed A amps=100\nfeed B amps=100\nfeed C amps=100\nbreaker A1 from=A amps=20 curve=C\n"
	    "breaker B1 from=B amps=20 curve=C\nbreaker C1 from=C amps=40 curve=C\nhost h1 cords=A1,B1 w=5000 pf=1\n"
	    "host h2 cords=A1,C1 w=2000 pf=1\n", &s);
	assert_int_equal(s.stops, GRID_NONE);
	assert_int_equal(s.tops_n, 3);
	assert_true(s.trips_n >= 4);
	assert_int_equal(s.trips, 4); /* B1 lost, or B: A1 has 25 + 5 of 20 A; B1 is enough */
	assert_int_equal(s.opens, 3);
	assert_true(s.either); /* 25 A are too much for either */
	assert_int_equal(s.trips_load, 62500);
	assert_int_equal(s.opens_load, 87500);
	assert_true(s.earliest_s > 0 && isfinite(s.latest_s) && s.latest_s > s.earliest_s);
	assert_true(s.trips_dark_n > 0);
}

/* One way only: the larger bears what the smaller does not; a PDU has no rating to tell. */
static void says_when_it_is_one_way_only(void **state)
{
	struct screen s;

	(void)state;
	run("site t volt=200\nfeed A amps=100\nfeed B amps=100\nbreaker A1 from=A amps=20 curve=C\n"
	    "breaker B1 from=B amps=50 curve=C\nhost h1 cords=A1,B1 w=5000 pf=1\n", &s);
	assert_int_equal(s.trips, 3);
	assert_int_equal(s.opens, 2);
	assert_false(s.either);
	run("site t volt=200\nfeed A\nfeed B amps=100\nbreaker B1 from=B amps=20 curve=C\n"
	    "host h1 cords=A,B1 w=5000 pf=1\n", &s);
	assert_int_equal(s.trips, 0);
	assert_int_equal(s.trips_load, 0);
	assert_int_equal(s.opens_load, 62500);
}

/* Two racks alike: the first is told, its deepest loss; the other opens no sooner. */
static void of_two_alike_the_first_is_told(void **state)
{
	struct screen s;

	(void)state;
	run("site t volt=200\nfeed A amps=100\nfeed B amps=100\nbreaker A1 from=A amps=20 curve=C\n"
	    "breaker B1 from=B amps=20 curve=C\nbreaker A2 from=A amps=20 curve=C\nbreaker B2 from=B amps=20 curve=C\n"
	    "host h1 cords=A1,B1 w=5000 pf=1\nhost h2 cords=A2,B2 w=5000 pf=1\n", &s);
	assert_int_equal(s.trips, 2);
	assert_int_equal(s.opens, 3);
	assert_true(s.either && s.trips_n == 6);
}

/* What is down before anything is lost is no loss's doing; one without services neither. */
static void blames_no_loss_for_what_is_down(void **state)
{
	struct screen s;

	(void)state;
	run("site t\nfeed A amps=50\nfeed B amps=50\nservice s need=5 min=5 value=1\nhost h1 cords=A w=1 svc=s\n"
	    "host h2 cords=B w=1\n", &s);
	assert_int_equal(s.stops, GRID_NONE);
	run("site t\nfeed A amps=50\nfeed B amps=50\nservice s min=1\nservice q min=1\nhost h1 cords=A w=1 svc=s\n"
	    "host h2 cords=B w=1 svc=q\nhost h3 cords=B w=1\n", &s);
	assert_int_equal(s.stops, 1); /* of equal value, the one with more hosts */
	assert_false(s.must);
}

static bool place(const struct bench *b, const char *sensor, const char *label, enum measure kind, int64_t milli,
    struct grid_reading *ret)
{
	struct series series = { .subject_kind = SUBJECT_SENSOR, .kind = (uint8_t)kind };
	struct reading reading = { .milli = milli, .time_ms = 100000 };

	for (uint32_t i = 0; i < b->site->sensors_n; i++)
		series.subject = strcmp(b->site->sensors[i].id, sensor) == 0 ? i : series.subject;
	(void)snprintf(series.id, sizeof series.id, "%s", label[0] == '=' ? sensor : "x:y");
	(void)snprintf(series.label, sizeof series.label, "%s", label[0] == '=' ? label + 1 : label);
	return seen_place(b->grid, &series, &reading, 103000, ret);
}

static void knows_what_was_measured(void **state)
{
	struct bench *b = bench_new(SITE, &grid_as_is);
	struct grid_reading r;

	(void)state;
	assert_true(place(b, "hm", "Power", MEASURE_POWER, 1000, &r));
	assert_int_equal(r.of, GRID_OF_HOST);
	assert_int_equal(r.at, host_of(b, "d1"));
	assert_int_equal(r.age_ms, 3000);
	assert_true(place(b, "hm", "=PSU 1", MEASURE_POWER, 1000, &r));
	assert_false(place(b, "hm", "PSU 1", MEASURE_POWER, 1000, &r));
	assert_false(place(b, "hm", "Power Supply 1", MEASURE_POWER, 1000, &r));
	assert_false(place(b, "hm", "Input", MEASURE_CURRENT, 1000, &r));
	assert_false(place(b, "hm", "CPU 1", MEASURE_POWER, 1000, &r));
	assert_false(place(b, "hm", "Memory", MEASURE_POWER, 1000, &r));
	assert_false(place(b, "hm", "Outlet 1", MEASURE_POWER, 1000, &r));
	assert_false(place(b, "hm", "Load", MEASURE_LOAD, 1000, &r));
	assert_false(place(b, "hm", "Peak power", MEASURE_POWER, 1000, &r));
	assert_false(place(b, "hm", "Power", MEASURE_FAN, 1000, &r));
	assert_false(place(b, "hm", "Power", MEASURE_POWER, -1, &r));
	assert_true(place(b, "pm", "Load", MEASURE_LOAD, 1000, &r));
	assert_int_equal(r.of, GRID_OF_NODE);
	assert_int_equal(r.at, node_of(b, "pa"));
	assert_true(place(b, "pm", "Inlet", MEASURE_APPARENT_POWER, 1000, &r));
	assert_true(place(b, "pm", "Outlet 3 power", MEASURE_POWER, 1000, &r));
	assert_int_equal(r.of, GRID_OF_CORD);
	assert_int_equal(b->grid->cords[r.at].host, host_of(b, "v2"));
	assert_false(place(b, "pm", "Outlet 4 power", MEASURE_POWER, 1000, &r));
	assert_false(place(b, "pm", "Outlet 3 load", MEASURE_LOAD, 1000, &r));
	assert_false(place(b, "pm", "Outlet", MEASURE_POWER, 1000, &r));
	assert_false(place(b, "free", "Power", MEASURE_POWER, 1000, &r));
	bench_free(b);
}

/* The air of a room: by what stands in it, the warmest counts; plans do not bind to it. */
static void knows_how_warm_a_room_is(void **state)
{
	struct bench *b = bench_new("site t\nroom r1\nroom r2\nfeed A\nhost h cords=A w=100\n"
	    "sensor i1 via=command address=x kind=temperature at=r1 place=inlet\n"
	    "sensor o1 via=command address=x kind=temperature at=r1 place=outlet\n"
	    "sensor free via=command address=x kind=temperature place=room\n", &grid_as_is);
	struct series series = { .subject_kind = SUBJECT_SENSOR, .kind = MEASURE_TEMPERATURE, .place = PLACE_INLET, .id = "i1" };
	struct reading reading = { .milli = -1500, .time_ms = 1000 };
	struct grid_reading r[3];
	struct grid_ask ask = grid_as_is;
	struct grid *grid = NULL;

	(void)state;
	assert_true(seen_place(b->grid, &series, &reading, 1000, &r[0]));
	assert_true(r[0].of == GRID_OF_ROOM && r[0].at == 0 && r[0].milli == -1500);
	series.place = PLACE_ROOM;
	reading.milli = 28000;
	assert_true(seen_place(b->grid, &series, &reading, 1000, &r[1]));
	series.place = PLACE_OUTLET;
	assert_false(seen_place(b->grid, &series, &reading, 1000, &r[2]));
	series.place = PLACE_INLET;
	series.subject = 2;
	assert_false(seen_place(b->grid, &series, &reading, 1000, &r[2]));
	assert_false(b->grid->rooms[0].measured);
	assert_int_equal(b->grid->rooms[0].from_milli, GRID_FROM_MILLI);
	r[2] = (struct grid_reading){ .of = GRID_OF_ROOM, .kind = MEASURE_TEMPERATURE, .milli = 27000 };
	ask.readings = r;
	ask.readings_n = 1;
	assert_int_equal(grid_new(b->site, &ask, &b->arena, &grid, NULL), KS_OK);
	assert_int_equal(grid->rooms[0].from_milli, -1500);
	ask.readings_n = 3;
	assert_int_equal(grid_new(b->site, &ask, &b->arena, &grid, NULL), KS_OK);
	assert_true(grid->rooms[0].measured && grid->rooms[0].from_milli == 28000 && !grid->rooms[1].measured);
	assert_int_equal(grid->readings, 0);
	r[2].at = 2;
	assert_int_equal(grid_new(b->site, &ask, &b->arena, &grid, NULL), KS_MALFORMED);
	r[2] = (struct grid_reading){ .of = GRID_OF_ROOM, .kind = MEASURE_POWER, .milli = 27000 };
	assert_int_equal(grid_new(b->site, &ask, &b->arena, &grid, NULL), KS_MALFORMED);
	bench_free(b);
}

static void passes_over_what_says_nothing_of_now(void **state)
{
	struct bench *b = bench_new(SITE, &grid_as_is);
	struct series series = { .subject_kind = SUBJECT_SENSOR, .kind = MEASURE_POWER, .id = "hm" };
	struct reading reading = { .milli = 5000, .time_ms = 1000000 };
	struct grid_reading r;

	(void)state;
	assert_true(seen_place(b->grid, &series, &reading, 1000000 + SEEN_OLDEST_MS, &r));
	assert_false(seen_place(b->grid, &series, &reading, 1000001 + SEEN_OLDEST_MS, &r));
	assert_true(seen_place(b->grid, &series, &reading, 999000, &r)); /* a clock that jumped */
	assert_int_equal(r.age_ms, 0);
	reading.quality = QUALITY_STUCK;
	assert_false(seen_place(b->grid, &series, &reading, 1000000, &r));
	reading.quality = QUALITY_OK;
	series.subject_kind = SUBJECT_HOST;
	assert_false(seen_place(b->grid, &series, &reading, 1000000, &r));
	series.subject_kind = SUBJECT_SENSOR;
	series.subject = 99;
	assert_false(seen_place(b->grid, &series, &reading, 1000000, &r));
	bench_free(b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_what_stops_most),
		cmocka_unit_test(finds_what_opens_soonest),
		cmocka_unit_test(says_when_it_is_one_way_only),
		cmocka_unit_test(of_two_alike_the_first_is_told),
		cmocka_unit_test(blames_no_loss_for_what_is_down),
		cmocka_unit_test(knows_what_was_measured),
		cmocka_unit_test(knows_how_warm_a_room_is),
		cmocka_unit_test(passes_over_what_says_nothing_of_now),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
