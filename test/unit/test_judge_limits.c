/* test/unit/test_judge_limits.c - limits of single series, of pieces of the power path and
 * of states, each on both sides; and where a series belongs. */
#include "harness.h"
#include "court.h"
#include "judge/state.h"
#include <stdio.h>

#define ROOM "site s tz=UTC volt=200\nroom r1\nrack k1 room=r1\n"

static void say(struct court *court, uint32_t number, int64_t milli, int ticks)
{
	for (int i = 0; i < ticks; i++) {
		court_say(court, number, milli);
		court_tick(court);
	}
}

/* What a limit of each kind is called, and how far back inside ends it. */
static void each_kind_has_its_findings(void **state)
{
	(void)state;
	static const struct {
		const char *kind, *limits;
		enum measure measure;
		int64_t low, high, within;
		enum finding_code low_code, high_code;
	} rows[] = {
		{ "temperature", "low=10C limit=30C", MEASURE_TEMPERATURE, 10000, 30000, 1000,
			FINDING_COLD, FINDING_HOT },
		{ "humidity", "low=30% limit=70%", MEASURE_HUMIDITY, 30000, 70000, 3000, FINDING_DRY,
			FINDING_HUMID },
		{ "dew_point", "low=5C limit=15C", MEASURE_DEW_POINT, 5000, 15000, 1000, FINDING_LIMIT,
			FINDING_DEW },
		{ "charge", "low=50% limit=90%", MEASURE_CHARGE, 50000, 90000, 3000,
			FINDING_BATTERY_LOW, FINDING_LIMIT },
		{ "runtime", "low=10min limit=60min", MEASURE_RUNTIME, 10000, 60000, 6000,
			FINDING_BATTERY_LOW, FINDING_LIMIT },
		{ "load", "low=5% limit=60%", MEASURE_LOAD, 5000, 60000, 3000, FINDING_LIMIT,
			FINDING_OVERLOAD },
		{ "current", "low=1A limit=8A", MEASURE_CURRENT, 1000, 8000, 240, FINDING_LIMIT,
			FINDING_OVERLOAD },
		{ "power", "low=100W limit=900W", MEASURE_POWER, 100000, 900000, 27000, FINDING_LIMIT,
			FINDING_OVERLOAD },
		{ "apparent_power", "low=100VA limit=900VA", MEASURE_APPARENT_POWER, 100000, 900000,
			27000, FINDING_LIMIT, FINDING_OVERLOAD },
		{ "fan", "low=500rpm limit=9000rpm", MEASURE_FAN, 500000, 9000000, 270000,
			FINDING_LIMIT, FINDING_LIMIT },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char site[512];

		(void)snprintf(site, sizeof site, ROOM "sensor x via=snmp address=a read=1 kind=%s %s "
			"every=10s\n", rows[i].kind, rows[i].limits);
		struct court *court = court_new(site);

		court_series(court, 1, "x", rows[i].measure);
		say(court, 1, rows[i].high, 40);
		say(court, 1, rows[i].low, 40);
		assert_int_equal(court->records, 0);
		say(court, 1, rows[i].high + 1, 40);
		assert_int_equal(court_open(court, rows[i].high_code), 1);
		assert_int_equal(court_last(court, rows[i].high_code)->limit_milli, rows[i].high);
		assert_string_equal(court_last(court, rows[i].high_code)->place, "r1");
		say(court, 1, rows[i].high - rows[i].within + 1, 40);
		assert_int_equal(court_open(court, rows[i].high_code), 1);
		say(court, 1, rows[i].high - rows[i].within, 40);
		assert_int_equal(court_open(court, rows[i].high_code), 0);
		say(court, 1, rows[i].low - 1, 40);
		assert_int_equal(court_open(court, rows[i].low_code), 1);
		say(court, 1, (rows[i].low + rows[i].high) / 2, 40);
		assert_int_equal(court_open(court, rows[i].low_code), 0);
		assert_int_equal(court->records, 2);
		court_free(court);
	}
}

static void low_and_hard_limits(void **state)
{
	(void)state;
	struct court *court = court_new(ROOM "sensor x via=snmp address=a read=1 kind=voltage "
		"low-critical=180V low=190V every=10s\n"
		"sensor y via=snmp address=a read=1 kind=voltage critical=250V every=10s\n");

	court_series(court, 1, "x", MEASURE_VOLTAGE);
	court_series(court, 2, "y", MEASURE_VOLTAGE);
	say(court, 1, 189000, 20);
	assert_int_equal(court_last(court, FINDING_LIMIT)->severity, SEVERITY_WARNING);
	assert_int_equal(court_last(court, FINDING_LIMIT)->limit_milli, 190000);
	say(court, 1, 170000, 20);
	assert_int_equal(court_last(court, FINDING_LIMIT)->severity, SEVERITY_CRITICAL);
	assert_int_equal(court_last(court, FINDING_LIMIT)->limit_milli, 180000);
	assert_int_equal(court_count(court, FINDING_LIMIT), 1);
	int64_t first = court->now;

	say(court, 2, 251000, 20);
	assert_int_equal(court_count(court, FINDING_LIMIT), 2);
	assert_int_equal(court_last(court, FINDING_LIMIT)->since_ms, first);
	court_free(court);
}

static void gates_by_themselves(void **state)
{
	(void)state;
	struct limits limits = { 10000, INT64_MIN, INT64_MAX, 40000 };
	struct gates gates = { .value = 0 };

	assert_true(limits_any(&limits));
	assert_true(limits_any(&(struct limits){ INT64_MIN, 1, INT64_MAX, INT64_MAX }));
	assert_true(limits_any(&(struct limits){ INT64_MIN, INT64_MIN, INT64_MAX, 1 }));
	assert_false(limits_any(&(struct limits){ INT64_MIN, INT64_MIN, INT64_MAX, INT64_MAX }));
	for (int i = 0; i < 8; i++)
		gates_take(&gates, &limits, MEASURE_TEMPERATURE, 41000, i * 10 * SECOND);
	assert_int_equal(gates_level(&gates), 2);
	assert_int_equal(gates_since(&gates), 0);
	assert_int_equal(gates_limit(&gates, &limits), 40000);
	limits.high_critical = INT64_MAX; /* the site file lost it */
	gates_take(&gates, &limits, MEASURE_TEMPERATURE, 41000, 90 * SECOND);
	assert_int_equal(gates_level(&gates), 0);
	assert_int_equal(gates.high_ended, 90 * SECOND);
	for (int i = 10; i < 18; i++)
		gates_take(&gates, &limits, MEASURE_TEMPERATURE, 9000, i * 10 * SECOND);
	assert_int_equal(gates_level(&gates), -2);
	assert_int_equal(gates_limit(&gates, &limits), 10000);
	/* a critical limit passed before the warning, which is longer in coming */
	gates = (struct gates){ .side[SIDE_HIGH_WARNING] = { .on = true, .since = 20 },
		.side[SIDE_HIGH_CRITICAL] = { .on = true, .since = 10 } };
	assert_int_equal(gates_since(&gates), 10);
	gates.side[SIDE_HIGH_WARNING].since = 9;
	assert_int_equal(gates_since(&gates), 9);
	assert_int_equal(hysteresis_of(MEASURE_TEMPERATURE, -30000), 1000);
	assert_int_equal(hysteresis_of(MEASURE_POWER, -100000), 3000);
}

#define POWER ROOM "feed f\nups u from=f amps=10A rack=k1\npdu p from=u amps=10A rack=k1\n" \
	"pdu q from=u\n"                                                                    \
	"sensor pl via=snmp address=a on=p every=10s\nsensor ql via=snmp address=b on=q every=10s\n"

static void a_node_is_overloaded_at_its_derated_limit(void **state)
{
	(void)state;
	static const enum measure kinds[] = { MEASURE_LOAD, MEASURE_CURRENT, MEASURE_POWER,
		MEASURE_APPARENT_POWER };
	static const int64_t whole[] = { 100000, 10000, 2000000, 2000000 };

	for (size_t i = 0; i < 4; i++) {
		struct court *court = court_new(POWER);

		court_series_as(court, 1, "pl", kinds[i], "pl.x");
		court_series_as(court, 2, "ql", kinds[i], "ql.x");
		for (int j = 0; j < 20; j++) {
			court_say(court, 2, whole[i] * 3 / 4);
			say(court, 1, whole[i] / 10 * 8, 1);
		}
		assert_int_equal(court->records, 0);
		for (int j = 0; j < 20; j++) {
			court_say(court, 2, whole[i] * 3 / 4); /* no amps: no limit but load's */
			say(court, 1, whole[i] / 10 * 8 + 10, 1);
		}
		assert_int_equal(court->records, 1);
		assert_int_equal(court->record[0].code, FINDING_OVERLOAD);
		assert_int_equal(court->record[0].severity, SEVERITY_WARNING);
		assert_string_equal(court->record[0].subject, "p");
		assert_string_equal(court->record[0].place, "k1");
		for (int j = 0; j < 20; j++) {
			court_say(court, 2, whole[i] * 3 / 4);
			say(court, 1, whole[i] + 10, 1);
		}
		assert_int_equal(court->record[0].severity, SEVERITY_CRITICAL);
		for (int j = 0; j < 20; j++) {
			court_say(court, 2, whole[i] * 3 / 4);
			say(court, 1, whole[i] / 2, 1);
		}
		assert_int_not_equal(court->record[0].ended_ms, 0);
		assert_int_equal(court->records, 1);
		court_free(court);
	}
}

static void of_a_nodes_series_the_worst_speaks(void **state)
{
	(void)state;
	struct court *court = court_new(POWER);

	court_series_as(court, 1, "pl", MEASURE_LOAD, "pl.load");
	court_series_as(court, 2, "pl", MEASURE_CURRENT, "pl.amps");
	court_series_as(court, 3, "pl", MEASURE_POWER, "pl.watts");
	court_series_as(court, 4, "ql", MEASURE_LOAD, "ql.load");
	for (int i = 0; i < 40; i++) {
		court_say(court, 1, 70000);
		court_say(court, 2, i > 4 ? 8500 : 7000);
		court_say(court, 3, i > 2 ? 1700000 : 1000000); /* first over */
		say(court, 4, 90000, 1); /* q stands in no rack */
	}
	assert_int_equal(court_open(court, FINDING_OVERLOAD), 2);
	assert_string_equal(court->record[0].place, "");
	assert_int_equal(court_last(court, FINDING_OVERLOAD)->kind, MEASURE_POWER);
	for (int i = 0; i < 20; i++) {
		court_say(court, 1, 101000);
		court_say(court, 2, 8500);
		court_say(court, 3, 1700000);
		say(court, 4, 50000, 1);
	}
	assert_int_equal(court_last(court, FINDING_OVERLOAD)->kind, MEASURE_LOAD);
	assert_int_equal(court_last(court, FINDING_OVERLOAD)->severity, SEVERITY_CRITICAL);
	for (int i = 0; i < 20; i++) { /* each ends in its own time; the last one counts */
		court_say(court, 1, i > 2 ? 50000 : 101000);
		court_say(court, 2, 5000);
		say(court, 3, i > 1 ? 1000000 : 1700000, 1);
	}
	assert_int_equal(court_open(court, FINDING_OVERLOAD), 0);
	court_free(court);
}

static void an_own_limit_below_is_told_by_the_series(void **state)
{
	(void)state;
	struct court *court = court_new(POWER "sensor pw via=snmp address=c on=p kind=power read=1 "
		"low=100W limit=900W every=10s\n");

	court_series(court, 1, "pw", MEASURE_POWER);
	say(court, 1, 50000, 20);
	assert_int_equal(court_open(court, FINDING_LIMIT), 1);
	assert_string_equal(court_last(court, FINDING_LIMIT)->subject, "pw");
	say(court, 1, 950000, 20);
	assert_int_equal(court_open(court, FINDING_LIMIT), 0);
	assert_int_equal(court_open(court, FINDING_OVERLOAD), 1);
	assert_string_equal(court_last(court, FINDING_OVERLOAD)->subject, "p");
	court_free(court);
}

static void limits_of_a_line_are_its_temperature(void **state)
{
	(void)state;
	struct court *court = court_new(ROOM "sensor m via=snmp address=a at=r1 limit=26C every=10s\n"
		"sensor n via=snmp address=b at=r1 kind=humidity limit=60% every=10s\n"
		"sensor o via=snmp address=c read=1 limit=70 every=10s\n");

	court_series_as(court, 1, "m", MEASURE_TEMPERATURE, "m.t");
	court_series_as(court, 2, "m", MEASURE_VOLTAGE, "m.v");
	court_series_as(court, 3, "n", MEASURE_TEMPERATURE, "n.t");
	court_series_as(court, 4, "o", MEASURE_VALUE, "o.x");
	for (int i = 0; i < 40; i++) {
		court_say(court, 2, 230000);
		court_say(court, 3, 28000);
		court_say(court, 4, 71000);
		say(court, 1, 26500, 1);
	}
	assert_int_equal(court->records, 2);
	assert_int_equal(court_open(court, FINDING_HOT), 1);
	assert_string_equal(court_last(court, FINDING_HOT)->subject, "m.t");
	assert_string_equal(court_last(court, FINDING_HOT)->place, "r1");
	assert_string_equal(court_last(court, FINDING_LIMIT)->subject, "o.x");
	court_free(court);
}

static void words_that_mean_battery(void **state)
{
	(void)state;
	static const char *const yes[] = { "OB", "OB DISCHRG", "OL OB", "ALARM OB LB", "onBattery",
		"On Battery", "battery", "UPS on battery power and a word that goes on and on" };
	static const char *const no[] = { "OL", "OBSERVE", "OL OBX", "notOnBattery", "batteryLow",
		"normal", "", "O", "1 2", "a very long word that is cut before it says on battery" };

	for (size_t i = 0; i < sizeof yes / sizeof *yes; i++)
		assert_true(state_on_battery(yes[i]));
	for (size_t i = 0; i < sizeof no / sizeof *no; i++)
		assert_false(state_on_battery(no[i]));
}

static const struct finding *battery_of(const char *site, const char *line)
{
	static struct finding found;
	struct court *court = court_new(site);

	court_series_as(court, 1, line, MEASURE_STATE, "x.state");
	for (int i = 0; i < 3; i++) {
		court_state(court, 1, "OB", SEVERITY_WARNING);
		court_tick(court);
	}
	found = *court_last(court, FINDING_ON_BATTERY);
	assert_int_equal(court_count(court, FINDING_ON_BATTERY), 1);
	court_free(court);
	return &found;
}

static void which_ups_is_on_battery(void **state)
{
	(void)state;
	const struct finding *found = battery_of(ROOM "feed f\nups u from=f rack=k1\n"
		"sensor x via=nut address=127.0.0.1 on=u every=10s\n", "x");

	assert_string_equal(found->subject, "u");
	assert_string_equal(found->place, "r1");
	found = battery_of(ROOM "rack k2\nfeed f\nups u from=f rack=k2\npdu p from=u\n"
		"sensor x via=nut address=127.0.0.1 on=p every=10s\n", "x");
	assert_string_equal(found->subject, "u"); /* the only one there is */
	assert_string_equal(found->place, "");
	found = battery_of(ROOM "feed f\nups u from=f\n"
		"sensor x via=nut address=127.0.0.1 every=10s\n", "x");
	assert_string_equal(found->subject, "u");
	found = battery_of(ROOM "feed f\nups u from=f\nups v from=f\n"
		"sensor x via=nut address=127.0.0.1 every=10s\n", "x");
	assert_string_equal(found->subject, "x");
	assert_int_equal(found->subject_kind, SUBJECT_SENSOR);
}

static void two_lines_and_two_words_of_one_ups(void **state)
{
	(void)state;
	struct court *court = court_new(ROOM "feed f\nups u from=f\n"
		"sensor x via=nut address=127.0.0.1 on=u every=10s\n"
		"sensor y via=snmp address=a on=u every=10s\nhost h rack=k1 u=1 address=b every=10s\n");

	court_series_as(court, 1, "x", MEASURE_STATE, "x.state");
	court_series_as(court, 2, "x", MEASURE_STATE, "x.output");
	court_series_as(court, 3, "y", MEASURE_STATE, "y.state");
	court_series_as(court, 4, "h", MEASURE_STATE, "h.raid");
	int64_t first = court->now;

	for (int i = 0; i < 6; i++) {
		court_state(court, 1, "OB", SEVERITY_WARNING);
		court_state(court, 2, i > 1 ? "battery" : "normal", i > 1 ? SEVERITY_WARNING : SEVERITY_OK);
		court_state(court, 3, "onBattery", SEVERITY_CRITICAL);
		court_state(court, 4, "OB degraded", SEVERITY_CRITICAL); /* no UPS: its own state */
		court_tick(court);
	}
	assert_int_equal(court_count(court, FINDING_ON_BATTERY), 1);
	assert_int_equal(court_last(court, FINDING_ON_BATTERY)->since_ms, first);
	assert_int_equal(court_count(court, FINDING_STATE), 1);
	assert_string_equal(court_last(court, FINDING_STATE)->subject, "h.raid");
	court_bad(court, 4, QUALITY_ABSENT, DOUBT_SILENT); /* says nothing: the state stays */
	court_tick(court);
	assert_int_equal(court_open(court, FINDING_STATE), 1);
	court_state(court, 4, "fine", SEVERITY_OK);
	court_tick(court);
	assert_int_equal(court_open(court, FINDING_STATE), 0);
	court_free(court);
}

static void a_unit_of_an_unpowered_room_is_told_once(void **state)
{
	(void)state;
	struct court *court = court_new(ROOM "feed f\nups u from=f\ncooling ac room=r1 from=f\n"
		"cooling loose from=f\n"
		"sensor x via=nut address=127.0.0.1 on=u every=10s\n"
		"sensor y via=snmp address=a on=ac every=10s\nsensor z via=snmp address=b on=loose every=10s\n");

	court_series_as(court, 1, "x", MEASURE_STATE, "x.state");
	court_series_as(court, 2, "y", MEASURE_STATE, "y.state");
	court_series_as(court, 3, "z", MEASURE_STATE, "z.state");
	size_t changes = 0;

	for (int i = 0; i < 12; i++) {
		court_state(court, 1, "OB", SEVERITY_WARNING);
		court_state(court, 2, "fault", SEVERITY_CRITICAL);
		court_state(court, 3, "fault", SEVERITY_CRITICAL);
		court_tick(court);
		changes = i == 5 ? court->changes : changes;
	}
	assert_int_equal(court->changes, changes); /* nothing new, nothing told */
	assert_int_equal(court_open(court, FINDING_COOLING_OFF), 1);
	for (size_t i = 0; i < court->records; i++) {
		if (strcmp(court->record[i].subject, "y.state") == 0)
			assert_int_equal(court->record[i].cause,
			    court_last(court, FINDING_COOLING_OFF)->id);
		if (strcmp(court->record[i].subject, "z.state") == 0)
			assert_int_equal(court->record[i].cause, 0);
	}
	court_free(court);
}

static void batteries_and_plain_air_have_limits_of_their_own(void **state)
{
	(void)state;
	struct court *court = court_new("site s tz=UTC\nsensor x via=nut address=a every=10s\n"
		"sensor y via=w1 address=b place=inlet kind=temperature every=10s\n");

	court_series_as(court, 1, "x", MEASURE_RUNTIME, "x.runtime");
	court_series(court, 2, "y", MEASURE_TEMPERATURE);
	for (int i = 0; i < 20; i++) {
		court_say(court, 2, 27000);
		say(court, 1, 5000, 1);
	}
	assert_int_equal(court->records, 0);
	for (int i = 0; i < 20; i++) {
		court_say(court, 2, 27500);
		say(court, 1, 4900, 1);
	}
	assert_int_equal(court_open(court, FINDING_BATTERY_LOW), 1);
	assert_int_equal(court_last(court, FINDING_BATTERY_LOW)->severity, SEVERITY_WARNING);
	assert_int_equal(court_open(court, FINDING_HOT), 1); /* an inlet of no known room */
	for (int i = 0; i < 20; i++)
		say(court, 1, 2900, 1);
	assert_int_equal(court_last(court, FINDING_BATTERY_LOW)->severity, SEVERITY_CRITICAL);
	court_free(court);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_kind_has_its_findings),
		cmocka_unit_test(low_and_hard_limits),
		cmocka_unit_test(gates_by_themselves),
		cmocka_unit_test(a_node_is_overloaded_at_its_derated_limit),
		cmocka_unit_test(of_a_nodes_series_the_worst_speaks),
		cmocka_unit_test(an_own_limit_below_is_told_by_the_series),
		cmocka_unit_test(limits_of_a_line_are_its_temperature),
		cmocka_unit_test(words_that_mean_battery),
		cmocka_unit_test(which_ups_is_on_battery),
		cmocka_unit_test(two_lines_and_two_words_of_one_ups),
		cmocka_unit_test(a_unit_of_an_unpowered_room_is_told_once),
		cmocka_unit_test(batteries_and_plain_air_have_limits_of_their_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
