/* test/unit/test_judge_air.c - what the sensors of a room say together, and which of them
 * can be believed: each rule on both sides. */
#include "harness.h"
#include "court.h"
#include "judge/state.h"
#include "physics/dew.h"
#include <stdio.h>
#include <stdlib.h>

#define ROOM "site s tz=UTC\nroom r1\nrack k room=r1\n"
#define T(id, more) "sensor " id " via=w1 address=a kind=temperature read=a every=10s " more "\n"
#define H(id, more) "sensor " id " via=w1 address=b kind=humidity read=b every=10s " more "\n"

static void own_limits_win(void **state)
{
	(void)state;
	struct court *court = court_new(ROOM T("a", "at=r1 limit=33C critical=36C")
		T("b", "at=r1 limit=32C critical=36C") T("c", "at=r1 limit=34C critical=36C")
		T("d", "at=k.1 limit=25C critical=30C") T("e", "at=k.2 low=5C"));
	static const char *const ids[] = { "a", "b", "c", "d", "e" };

	for (uint32_t i = 0; i < 5; i++)
		court_series(court, 1 + i, ids[i], MEASURE_TEMPERATURE);
	SAY(court, 30, 31000, 31000, 31000, 24000, 24000); /* over the room's limit, not theirs */
	assert_int_equal(court->records, 0);
	assert_int_equal(court->judge->rooms[0].air_limits.high_warning, 32000);
	assert_int_equal(court->judge->rooms[0].inlet_limits.high_critical, 30000);
	SAY(court, 20, 32500, 32500, 32500, 26000, 40000);
	assert_int_equal(court_open(court, FINDING_HOT), 2);
	court_free(court);
}

static void a_cold_room(void **state)
{
	(void)state;
	struct court *court = court_new("site s tz=UTC\nroom r1 low=15C low-critical=10C\n"
		T("t", "at=r1"));

	court_series(court, 1, "t", MEASURE_TEMPERATURE);
	SAY(court, 20, 15000);
	assert_int_equal(court->records, 0);
	SAY(court, 20, 14900);
	assert_int_equal(court_last(court, FINDING_COLD)->severity, SEVERITY_WARNING);
	SAY(court, 20, 13000);
	SAY(court, 20, 11500);
	SAY(court, 20, 9900);
	assert_int_equal(court_last(court, FINDING_COLD)->severity, SEVERITY_CRITICAL);
	assert_int_equal(court_count(court, FINDING_HOT), 0);
	SAY(court, 20, 11500);
	SAY(court, 20, 13000);
	SAY(court, 20, 14500);
	SAY(court, 20, 16000);
	assert_int_equal(court_open(court, FINDING_COLD), 0);
	court_free(court);
}

static void damp_air_has_three_limits(void **state)
{
	(void)state;
	struct court *court = court_new(ROOM H("h", "at=r1") "sensor d via=w1 address=c at=r1 "
		"kind=dew_point read=d every=10s\n");

	court_series(court, 1, "h", MEASURE_HUMIDITY);
	court_series(court, 2, "d", MEASURE_DEW_POINT);
	SAY(court, 40, 80000, 17000);
	SAY(court, 40, 20000, 17000);
	assert_int_equal(court->records, 0);
	SAY(court, 40, 80100, 17100); /* the measured dew point, not a reckoned one */
	assert_int_equal(court_open(court, FINDING_HUMID), 1);
	assert_int_equal(court_last(court, FINDING_DEW)->value_milli, 17100);
	assert_int_equal(court_last(court, FINDING_DEW)->cause, court_last(court, FINDING_HUMID)->id);
	SAY(court, 40, 19900, 10000);
	assert_int_equal(court_open(court, FINDING_HUMID) + court_open(court, FINDING_DEW), 0);
	assert_int_equal(court_open(court, FINDING_DRY), 1);
	SAY(court, 40, 50000, 10000);
	assert_int_equal(court_open(court, FINDING_DRY), 0);
	court_free(court);
}

static void dew_needs_a_temperature(void **state)
{
	(void)state;
	struct court *court = court_new(ROOM H("h", "at=r1") T("i", "at=k.3") H("o", "at=r1 limit=99%")
		"sensor m via=snmp address=d at=r1 every=10s\n");

	court_series(court, 1, "h", MEASURE_HUMIDITY);
	court_series(court, 3, "o", MEASURE_HUMIDITY);
	SAY(court, 40, 79000, NOT, 79000);
	assert_false(court->judge->rooms[0].dew_known);
	court_series(court, 2, "i", MEASURE_TEMPERATURE);
	SAY(court, 40, 79000, 24000, 79000); /* none of the room's: the hottest inlet's */
	assert_int_equal(court_open(court, FINDING_DEW), 1);
	assert_in_range(court_last(court, FINDING_DEW)->value_milli, 20000, 20400);
	/* a line with both goes by its own */
	court_series_as(court, 4, "m", MEASURE_TEMPERATURE, "m.t");
	court_series_as(court, 5, "m", MEASURE_HUMIDITY, "m.h");
	court_series_as(court, 6, "m", MEASURE_TEMPERATURE, "m.t2");
	for (int i = 0; i < 10; i++) {
		court_bad(court, 1, QUALITY_ABSENT, DOUBT_EMPTY);
		court_bad(court, 3, QUALITY_ABSENT, DOUBT_EMPTY);
		court_say(court, 2, 24000);
		court_say(court, 4, 10000);
		court_say(court, 6, 12000);
		court_say(court, 5, 50);
		court_tick(court);
	}
	assert_int_equal(court->judge->rooms[0].dew, dew_point_milli(10000, 100));
	court_free(court);
}

#define MANY 300
static struct court *crowd(void)
{
	static char site[MANY * 140 + 100];
	size_t n = (size_t)snprintf(site, sizeof site, "site s tz=UTC\nroom r1\n");
	char id[16];

	for (int i = 0; i < MANY; i++)
		n += (size_t)snprintf(site + n, sizeof site - n,
		    "sensor t%d via=w1 address=a at=r1 every=10s\n", i);
	struct court *court = court_new(site);

	for (uint32_t i = 0; i < MANY; i++) {
		char as[24];

		(void)snprintf(id, sizeof id, "t%u", (unsigned)i);
		(void)snprintf(as, sizeof as, "t%u.h", (unsigned)i);
		court_series_as(court, 1 + 2 * i, id, MEASURE_TEMPERATURE, id);
		court_series_as(court, 2 + 2 * i, id, MEASURE_HUMIDITY, as);
	}
	return court;
}

static void crowd_say(struct court *court, int64_t temp, int64_t humid, int ticks)
{
	for (int t = 0; t < ticks; t++) {
		for (uint32_t i = 0; i < MANY; i++) {
			court_say(court, 1 + 2 * i, temp);
			court_say(court, 2 + 2 * i, humid);
		}
		court_tick(court);
	}
}

static void a_crowded_room_is_judged_at_ticks(void **state)
{
	(void)state;
	struct court *court = court_new(ROOM H("h", "at=r1"));

	court_free(court);
	court = crowd();
	court_say(court, 2, 50000); /* one damp reading, no thermometer yet */
	for (uint32_t i = 1; i < MANY; i++)
		court_say(court, 2 + 2 * i, 50000);
	court_tick(court);
	assert_true(court->judge->rooms[0].humid_known);
	assert_false(court->judge->rooms[0].dew_known);
	crowd_say(court, 24000, 50000, 3);
	assert_int_equal(court->judge->rooms[0].dew, dew_point_milli(24000, 50000));
	crowd_say(court, 24000, 66000, 40);
	assert_int_equal(court_open(court, FINDING_DEW), 1);
	court_say(court, 1, 72000); /* Fahrenheit, by the median of all */
	assert_int_equal(court->doubt, DOUBT_UNIT);
	court_free(court);
}

static void heat_of_a_moved_series(void **state)
{
	(void)state;
	struct court *court = court_new(ROOM "room r2\n" T("i", "at=k.3") T("j", "at=k.5") T("t", "at=r1"));
	struct series series = { .number = 1, .subject_kind = SUBJECT_SENSOR, .place = PLACE_ROOM,
		.kind = MEASURE_TEMPERATURE, .id = "i" };

	court_series(court, 1, "i", MEASURE_TEMPERATURE);
	court_series(court, 2, "j", MEASURE_TEMPERATURE);
	court_series(court, 3, "t", MEASURE_TEMPERATURE);
	SAY(court, 20, 28000, 27500, 25000);
	assert_string_equal(court_last(court, FINDING_HOT)->subject, "i");
	assert_int_equal(court_last(court, FINDING_HOT)->count, 2);
	SAY(court, 2, 28000, 28900, 25000); /* hotter, but not clearly */
	assert_string_equal(court_last(court, FINDING_HOT)->subject, "i");
	SAY(court, 2, 28000, 29100, 25000);
	assert_string_equal(court_last(court, FINDING_HOT)->subject, "j");
	series.number = 2;
	(void)snprintf(series.id, sizeof series.id, "j");
	series.subject = 1;
	assert_int_equal(judge_series(court->judge, &series, NULL), KS_OK); /* it is no inlet */
	SAY(court, 3, 28100, 29000, 25000);
	assert_string_equal(court_last(court, FINDING_HOT)->subject, "i");
	assert_int_equal(court_count(court, FINDING_HOT), 1);
	court_free(court);
}

static void a_reload_keeps_the_heat_of_inlets(void **state)
{
	(void)state;
	struct court *court = court_new(ROOM T("i", "at=k.3"));
	struct judge *fresh = NULL;

	court_series(court, 1, "i", MEASURE_TEMPERATURE);
	SAY(court, 20, 29000);
	assert_int_equal(court_open(court, FINDING_HOT), 1);
	assert_int_equal(judge_new(court->site, &fresh, NULL), KS_OK);
	judge_inherit(fresh, court->judge);
	judge_free(court->judge);
	court->judge = fresh;
	for (int i = 0; i < 20; i++)
		court_tick(court); /* its series is announced late */
	assert_int_equal(court_open(court, FINDING_HOT), 1);
	book_find(&fresh->book, FINDING_HOT, "inlets of r1")->ended = fresh->clock.now;
	court_tick(court);
	assert_null(fresh->rooms[0].hot_inlet);
	court_free(court);
}

static void forecasts_of_inlets_alone_and_of_no_limit(void **state)
{
	(void)state;
	struct court *court = court_new(ROOM T("i", "at=k.3") "room r2\n" T("n", "at=r2 limit=60C")
		"feed f\nups u from=f\npdu p from=u\npdu p2 from=u\npdu p3 from=u\n"
		"sensor pw2 via=snmp address=a on=p2 at=r1 kind=power read=1 every=10s\n"
		"sensor pw3 via=snmp address=a on=p3 at=r1 kind=power read=1 every=10s\n"
		"sensor pw via=snmp address=a on=p at=r1 kind=power read=1 every=10s\n"
		"sensor uw via=snmp address=b on=u at=r1 kind=power read=1 every=10s\n"
		"sensor fw via=snmp address=b on=f at=r1 kind=power read=1 every=10s\n");

	court_series(court, 1, "i", MEASURE_TEMPERATURE);
	court_series(court, 2, "n", MEASURE_TEMPERATURE);
	court_series(court, 3, "pw", MEASURE_POWER);
	court_series(court, 4, "uw", MEASURE_POWER);
	court_series(court, 5, "fw", MEASURE_POWER);
	court_series_as(court, 6, "pw", MEASURE_POWER, "pw.phase");
	court_series(court, 7, "pw2", MEASURE_POWER);
	court_series(court, 8, "pw3", MEASURE_POWER);
	SAY(court, 120, 20000, 20000, NOT, 3000000, 9000000);
	assert_int_equal(court->judge->rooms[0].past.watt[court->judge->rooms[0].past.next - 1], 3000);
	SAY(court, 60, 20000, 20000, 2000000, 3000000, 9000000, 700000);
	assert_int_equal(court->judge->rooms[0].past.watt[court->judge->rooms[0].past.next - 1], 2000);
	SAY(court, 13, 20000, 20000, 900000000000, 3000000, 9000000, 700000, 900000000000, 900000000000);
	assert_int_equal(court->judge->rooms[0].past.watt[court->judge->rooms[0].past.next - 1],
	    HEAT_NONE); /* nobody's room draws 2.7 GW */
	for (int64_t i = 0; i < 90; i++)
		SAY(court, 1, 20000 + i * 60, 20000 + i * 60, 2000000, 3000000, 9000000, 700000, 1, 1);
	const struct finding *head = court_last(court, FINDING_HEADING);

	assert_non_null(head);
	assert_string_equal(head->subject, "r1");
	assert_in_range(head->value_milli, 20000, 26000);
	court_free(court);
}

/* The warning limit is near, the critical one out of sight. */
static void heading_for_a_warning_is_a_warning(void **state)
{
	(void)state;
	struct court *court = court_new("site s tz=UTC\nroom r1 critical=70C\n" T("t", "at=r1"));
	double left = 9500;

	court_series(court, 1, "t", MEASURE_TEMPERATURE);
	SAY(court, 360, 22000);
	for (int i = 0; i < 300; i++) {
		left *= 1 - 10.0 / 1800; /* half an hour's lump */
		SAY(court, 1, 31500 - (int64_t)left);
	}
	const struct finding *head = court_last(court, FINDING_HEADING);

	assert_int_equal(head->limit_milli, 30000);
	assert_int_equal(head->severity, SEVERITY_WARNING);
	assert_in_range(head->next.mid_s, 1, 1800);
	court_free(court);
}

/* What is told again: a limit that changed, or a time that moved. */
static void a_forecast_that_moves_is_told(void **state)
{
	(void)state;
	struct court *court = court_new(ROOM);
	struct forecast next = { .known = true, .at_ms = court->now, .limit_milli = 30000,
		.mid_s = 3600 };
	struct claim claims = { .code = FINDING_HEADING, .subject = "r1", .place = "", .next = &next };
	struct slot *slot = claim(court->judge, &claims);

	slot->until = INT64_MAX;
	court_fetch(court);
	next.mid_s += 900 + 60;
	(void)!claim(court->judge, &claims);
	assert_int_equal(judge_changes(court->judge, &(const struct finding *){ NULL }), 0);
	next.mid_s = 3600 - 60 * 13;
	(void)!claim(court->judge, &claims);
	assert_int_equal(judge_changes(court->judge, &(const struct finding *){ NULL }), 1);
	next.limit_milli = 35000;
	(void)!claim(court->judge, &claims);
	assert_int_equal(judge_changes(court->judge, &(const struct finding *){ NULL }), 1);
	next.known = false;
	(void)!claim(court->judge, &claims);
	assert_int_equal(judge_changes(court->judge, &(const struct finding *){ NULL }), 1);
	court_free(court);
}

static void the_hours_rise(void **state)
{
	(void)state;
	struct court *court = court_new("site s tz=UTC\nroom r1 rise=10K/h limit=90C critical=95C\n"
		T("t", "at=r1"));

	court_series(court, 1, "t", MEASURE_TEMPERATURE);
	SAY(court, 400, 20000);
	for (int64_t i = 0; i < 360; i++) /* 9.9 K in an hour, and 2.5 in each quarter */
		SAY(court, 1, 20000 + i * 9900 / 360);
	SAY(court, 30, 29900);
	assert_int_equal(court_count(court, FINDING_RISING), 0);
	SAY(court, 500, 29900);
	for (int64_t i = 0; i < 400; i++)
		SAY(court, 1, 29900 + i * 10200 / 360);
	assert_int_equal(court_open(court, FINDING_RISING), 1);
	/* slower, but not slow: it lasts */
	for (int64_t i = 0; i < 120; i++)
		SAY(court, 1, 41200 + i * 7000 / 360);
	assert_int_equal(court_open(court, FINDING_RISING), 1);
	SAY(court, 200, 43500);
	assert_int_equal(court_open(court, FINDING_RISING), 0);
	court_free(court);
}

/* ---- which sensors are believed ---- */

/* Others join a steady room, or leave it: its median moves, but nobody does. */
static void neighbours_that_come_and_go_make_nobody_stuck(void **state)
{
	(void)state;
	struct court *court = court_new(ROOM T("a", "at=r1") T("b", "at=r1") T("c", "at=k.1") T("d", "at=k.2"));

	court_series(court, 1, "a", MEASURE_TEMPERATURE);
	court_series(court, 2, "b", MEASURE_TEMPERATURE);
	court_series(court, 3, "c", MEASURE_TEMPERATURE);
	court_series(court, 4, "d", MEASURE_TEMPERATURE);
	SAY(court, 60, 29000, 29000, 22000, 22000);
	SAY(court, 1, NOT, 29000, NOT, 22000);
	SAY(court, 60, 29000, 29000);
	assert_int_equal(court_count(court, FINDING_STUCK), 0);
	for (int64_t i = 0; i < 60; i++) /* the same ones move: that is another thing */
		SAY(court, 1, 29000, 29000 - i * 50);
	assert_int_equal(court_open(court, FINDING_STUCK), 1);
	court_free(court);
}

static void scales_of_other_kinds(void **state)
{
	(void)state;
	static const struct {
		enum measure kind;
		int64_t before, after;
		enum doubt doubt;
	} rows[] = {
		{ MEASURE_VOLTAGE, 230000, 2300000, DOUBT_SCALE },
		{ MEASURE_VOLTAGE, 230000, 0, DOUBT_NONE },
		{ MEASURE_VOLTAGE, 230000, 240000, DOUBT_NONE },
		{ MEASURE_VOLTAGE, 230000, 2323000, DOUBT_SCALE },
		{ MEASURE_VOLTAGE, 230000, 2324000, DOUBT_NONE },
		{ MEASURE_VOLTAGE, 999, 9990, DOUBT_NONE },
		{ MEASURE_FREQUENCY, 50000, 5000000, DOUBT_SCALE },
		{ MEASURE_FREQUENCY, 1100000000000, 110000000000, DOUBT_NONE },
		{ MEASURE_FREQUENCY, 110000000000, 1100000000000, DOUBT_NONE },
		{ MEASURE_FREQUENCY, 50000, 500, DOUBT_SCALE },
		{ MEASURE_HUMIDITY, 40000, 4000, DOUBT_SCALE },
		{ MEASURE_POWER, 40000, 4000, DOUBT_NONE },
		{ MEASURE_HUMIDITY, 40000, 101000, DOUBT_OUT_OF_PHYSICS },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct court *court = court_new("site s tz=UTC\nsensor x via=snmp address=a every=10s\n");

		court_series(court, 1, "x", rows[i].kind);
		SAY(court, 3, rows[i].before);
		SAY(court, 1, rows[i].after);
		assert_int_equal(court->doubt, rows[i].doubt);
		court_free(court);
	}
}

static void air_that_no_room_has(void **state)
{
	(void)state;
	struct court *court = court_new(ROOM T("t", "at=r1") T("r", "at=r1 place=return")
		"sensor free via=w1 address=a place=inlet kind=temperature read=a\n");

	court_series(court, 1, "t", MEASURE_TEMPERATURE);
	court_series(court, 2, "r", MEASURE_TEMPERATURE);
	SAY(court, 1, -40000, 85000);
	assert_int_equal(court->doubt, DOUBT_NONE);
	SAY(court, 1, NOT, 85001);
	assert_int_equal(court->doubt, DOUBT_OUT_OF_ROOM);
	SAY(court, 1, -40001);
	assert_int_equal(court->doubt, DOUBT_OUT_OF_ROOM);
	court_free(court);
}

static void fahrenheit_has_edges(void **state)
{
	(void)state;
	static const int64_t rows[][3] = { { 59999, 15500, 0 }, { 60000, 15500, 1 },
		{ 80000, 26600, 1 }, { 80001, 26600, 0 }, { 61000, 14999, 0 }, { 78000, 27001, 0 },
		{ 72000, 25300, 0 }, { 72000, 25200, 1 } };

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct court *court = court_new(ROOM T("a", "at=r1") T("b", "at=r1"));

		court_series(court, 1, "a", MEASURE_TEMPERATURE);
		court_series(court, 2, "b", MEASURE_TEMPERATURE);
		SAY(court, 1, NOT, rows[i][1]);
		SAY(court, 1, rows[i][0]);
		assert_int_equal(court->doubt, rows[i][2] ? DOUBT_UNIT : DOUBT_NONE);
		court_free(court);
	}
	struct court *court = court_new(ROOM T("a", "at=r1")); /* nobody to compare with */

	court_series(court, 1, "a", MEASURE_TEMPERATURE);
	SAY(court, 1, 72000);
	assert_int_equal(court->doubt, DOUBT_NONE);
	court_free(court);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(own_limits_win),
		cmocka_unit_test(a_cold_room),
		cmocka_unit_test(damp_air_has_three_limits),
		cmocka_unit_test(dew_needs_a_temperature),
		cmocka_unit_test(a_crowded_room_is_judged_at_ticks),
		cmocka_unit_test(heat_of_a_moved_series),
		cmocka_unit_test(a_reload_keeps_the_heat_of_inlets),
		cmocka_unit_test(forecasts_of_inlets_alone_and_of_no_limit),
		cmocka_unit_test(heading_for_a_warning_is_a_warning),
		cmocka_unit_test(a_forecast_that_moves_is_told),
		cmocka_unit_test(the_hours_rise),
		cmocka_unit_test(neighbours_that_come_and_go_make_nobody_stuck),
		cmocka_unit_test(scales_of_other_kinds),
		cmocka_unit_test(air_that_no_room_has),
		cmocka_unit_test(fahrenheit_has_edges),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
