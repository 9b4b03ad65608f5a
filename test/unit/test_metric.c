/* test/unit/test_metric.c - a series' one name: in /metrics, in the store, and what a store
 * from before calls it. */
#include "harness.h"
#include "site/metric.h"
#include <math.h>
#include <stdio.h>

static char shown[2048];

/* 0xff as | */
static const char *key_shown(const struct text *key)
{
	(void)snprintf(shown, sizeof shown, "%s", text_cstr(key));
	for (char *c = shown; *c != '\0'; c++)
		*c = *c == (char)0xff ? '|' : *c;
	return shown;
}

static void every_kind_has_a_name_that_is_found(void **state)
{
	enum measure found;

	(void)state;
	for (unsigned kind = 0; kind < MEASURES; kind++) {
		assert_true(metric_find(span_text(metric_name(kind)), &found));
		assert_int_equal(found, kind);
		assert_true(metric_help(kind)[0] != '\0');
		for (int64_t milli = -4000; milli <= 4000; milli += 7)
			assert_int_equal(metric_milli(kind, metric_value(kind, milli)), milli);
	}
	assert_false(metric_find(span_text("keisoku_temperature"), &found));
	/* what has few digits keeps few: the store packs decimals */
	assert_true(metric_value(MEASURE_HUMIDITY, 45500) == 0.455);
	assert_true(metric_value(MEASURE_RUNTIME, 12500) == 750);
	assert_true(metric_value(MEASURE_ENERGY, 1000000000000000) == 3.6e18);
	assert_true(metric_value(MEASURE_FLOW, 60000000) == 1);
}

static struct room room = { .id = "r1" }, other = { .id = "r2" };
static struct rack rack = { .id = "k1", .room = &room };
static struct sensor sensors[] = { { .id = "a", .room = &other }, { .id = "b", .rack = &rack },
	{ .id = "c" } };
static struct host hosts[] = { { .id = "h", .rack = &rack }, { .id = "i" } };
static struct device devices[] = { { .id = "d", .room = &other, .rack = &rack } };
static const struct site site = { .id = "s", .sensors = sensors, .sensors_n = 3, .hosts = hosts,
	.hosts_n = 2, .devices = devices, .devices_n = 1 };

static const char *key_of(const struct site *of, enum subject what, uint32_t subject,
    const char *id, const char *label)
{
	struct series series = { .subject_kind = (uint8_t)what, .subject = subject,
		.kind = MEASURE_TEMPERATURE, .place = label[0] != '\0' ? PLACE_INLET : PLACE_NONE };
	static struct text key;

	(void)snprintf(series.id, sizeof series.id, "%s", id);
	(void)snprintf(series.label, sizeof series.label, "%s", label);
	text_init(&key, 2000);
	metric_key(&key, of, &series);
	(void)key_shown(&key);
	text_done(&key);
	return shown;
}

static void keys_are_sorted_and_say_where(void **state)
{
	(void)state;
	assert_string_equal(key_of(&site, SUBJECT_SENSOR, 0, "a", ""),
	    "__name__|keisoku_temperature_celsius|room|r2|sensor|a|");
	assert_string_equal(key_of(&site, SUBJECT_SENSOR, 1, "b:ups.temperature", "Inlet \xff""1"),
	    "__name__|keisoku_temperature_celsius|label|Inlet 1|place|inlet|rack|k1|"
	    "reading|ups.temperature|room|r1|sensor|b|");
	assert_string_equal(key_of(&site, SUBJECT_SENSOR, 2, "c", ""),
	    "__name__|keisoku_temperature_celsius|sensor|c|");
	assert_string_equal(key_of(&site, SUBJECT_HOST, 0, "h:reach", ""),
	    "__name__|keisoku_temperature_celsius|host|h|rack|k1|reading|reach|room|r1|");
	assert_string_equal(key_of(&site, SUBJECT_HOST, 1, "i", ""),
	    "__name__|keisoku_temperature_celsius|host|i|");
	assert_string_equal(key_of(&site, SUBJECT_DEVICE, 0, "d", ""),
	    "__name__|keisoku_temperature_celsius|device|d|rack|k1|room|r2|");
	/* a subject the site no longer has, and no site */
	assert_string_equal(key_of(&site, SUBJECT_SENSOR, 3, "a", ""),
	    "__name__|keisoku_temperature_celsius|sensor|a|");
	assert_string_equal(key_of(&site, SUBJECT_HOST, 2, "h", ""),
	    "__name__|keisoku_temperature_celsius|host|h|");
	assert_string_equal(key_of(&site, SUBJECT_DEVICE, 1, "d", ""),
	    "__name__|keisoku_temperature_celsius|device|d|");
	assert_string_equal(key_of(&site, SUBJECT_ROOM, 0, "r", ""),
	    "__name__|keisoku_temperature_celsius|sensor|r|");
	assert_string_equal(key_of(NULL, SUBJECT_HOST, 0, "h", ""),
	    "__name__|keisoku_temperature_celsius|host|h|");
}

/* The key with | for 0xff is renamed to that; NULL: it stays. */
static void renamed(const char *before, const char *after, enum measure kind)
{
	char bytes[300];
	struct text key;
	enum measure found = MEASURES;

	(void)snprintf(bytes, sizeof bytes, "%s", before);
	for (char *c = bytes; *c != '\0'; c++)
		*c = *c == '|' ? (char)0xff : *c;
	text_init(&key, 2000);
	assert_int_equal(metric_renamed(span_text(bytes), &key, &found), after != NULL);
	if (after != NULL) {
		assert_string_equal(key_shown(&key), after);
		assert_int_equal(found, kind);
		/* and then it is of today */
		struct text again;

		text_init(&again, 2000);
		assert_false(metric_renamed(text_span(&key), &again, &found));
		text_done(&again);
	}
	text_done(&key);
}

static void an_older_store_speaks_as_today(void **state)
{
	(void)state;
	renamed("__name__|keisoku_humidity|place|inlet|room|r1|sensor|a|",
	    "__name__|keisoku_humidity_ratio|place|inlet|room|r1|sensor|a|", MEASURE_HUMIDITY);
	renamed("__name__|keisoku_reach|host|h:reach|",
	    "__name__|keisoku_reach|host|h|reading|reach|", MEASURE_REACH);
	renamed("__name__|keisoku_uptime|device|d:uptime|",
	    "__name__|keisoku_uptime_seconds|device|d|reading|uptime|", MEASURE_UPTIME);
	renamed("__name__|keisoku_percent|sensor|a|", "__name__|keisoku_share_ratio|sensor|a|",
	    MEASURE_PERCENT);
	renamed("__name__|keisoku_state|sensor|a|", NULL, MEASURE_STATE);
	renamed("__name__|keisoku_humidity|", NULL, MEASURE_HUMIDITY);
	renamed("__name__|keisoku_nothing|sensor|a|", NULL, MEASURE_VALUE);
	renamed("__name__|keisoku|sensor|a|", NULL, MEASURE_VALUE);
	renamed("__name__|something_humidity|sensor|a|", NULL, MEASURE_VALUE);
	renamed("__name__|keisoku_humidity|keisoku_source|remote_write|sensor|a|", NULL,
	    MEASURE_VALUE);
	renamed("__name__|keisoku_humidity|reading|x|sensor|a|", NULL, MEASURE_VALUE);
	renamed("", NULL, MEASURE_VALUE);
	/* no more labels than there is room for, whoever wrote them */
	renamed("__name__|keisoku_humidity|device|a|device|b|device|c|device|d|device|e|device|f|"
	    "device|g|device|h|device|i|place|p|place|q|room|r|room|s|", NULL, MEASURE_VALUE);
	assert_true(metric_older(MEASURE_HUMIDITY, 45.5) == 0.455);
	assert_true(metric_older(MEASURE_RUNTIME, 12.5) == 750);
	assert_true(metric_older(MEASURE_RUNTIME, 5e15) == 5e15);
	assert_true(isnan(metric_older(MEASURE_RUNTIME, NAN)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_kind_has_a_name_that_is_found),
		cmocka_unit_test(keys_are_sorted_and_say_where),
		cmocka_unit_test(an_older_store_speaks_as_today),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
