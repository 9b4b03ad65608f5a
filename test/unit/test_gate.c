/* test/unit/test_gate.c - what no sensor can mean, on both sides of each bound. */
#include "harness.h"
#include "sense/gate.h"

static void one_byte_is_a_maximum_only_in_whole_units(void **state)
{
	(void)state;
	int64_t raw = 0;

	assert_int_equal(gate_raw(MEASURE_TEMPERATURE, 255, 1, 1, &raw), DOUBT_TYPE_MAX);
	assert_int_equal(gate_raw(MEASURE_TEMPERATURE, 255, 1, 10, &raw), DOUBT_NONE);
	assert_int_equal(raw, 255); /* 25.5 C on an ordinary day */
	assert_int_equal(gate_raw(MEASURE_HUMIDITY, 255, 1, 10, &raw), DOUBT_NONE);
	assert_int_equal(gate_raw(MEASURE_VOLTAGE, 255, 1, 1, &raw), DOUBT_NONE);
}

static void wide_maxima_and_lost_signs(void **state)
{
	(void)state;
	int64_t raw = 0;

	assert_int_equal(gate_raw(MEASURE_RUNTIME, 65535, 1, 1, &raw), DOUBT_TYPE_MAX);
	assert_int_equal(gate_raw(MEASURE_TEMPERATURE, INT32_MAX, 1, 10, &raw), DOUBT_TYPE_MAX);
	assert_int_equal(gate_raw(MEASURE_TEMPERATURE, 65526, 1, 1, &raw), DOUBT_SIGN);
	assert_int_equal(raw, -10);
	assert_int_equal(gate_raw(MEASURE_STATE, INT32_MAX, 1, 1, &raw), DOUBT_NONE);
}

static void air_is_gated_at_its_bounds(void **state)
{
	(void)state;
	struct offer offer = { .kind = MEASURE_TEMPERATURE, .place = PLACE_ROOM,
		.milli = GATE_AIR_HIGH };

	offer_gate(&offer);
	assert_int_equal(offer.quality, QUALITY_OK);
	offer.milli = GATE_AIR_HIGH + 1000;
	offer_gate(&offer);
	assert_int_equal(offer.quality, QUALITY_UNTRUSTED);
	assert_int_equal(offer.doubt, DOUBT_OUT_OF_ROOM);
	assert_int_equal(celsius_of(68300), 20167);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_byte_is_a_maximum_only_in_whole_units),
		cmocka_unit_test(wide_maxima_and_lost_signs),
		cmocka_unit_test(air_is_gated_at_its_bounds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
