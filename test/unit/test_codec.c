/* The chunk codec, the roll-up blob and the labels: what goes in comes out, bit for
 * bit, and what is not ours is refused. */
#include "harness.h"
#include "base/hash.h"
#include "store/codec.h"
#include "store/labels.h"
#include "store/rollup.h"
#include "base/varint.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static uint64_t seed = 42;

static uint64_t next(void)
{
	uint64_t z = seed += 0x9e3779b97f4a7c15U;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9U;
	z = (z ^ z >> 27) * 0x94d049bb133111ebU;
	return z ^ z >> 31;
}

static double of_bits(uint64_t bits)
{
	double value;

	memcpy(&value, &bits, sizeof value);
	return value;
}

static uint64_t bits_of_double(double value)
{
	uint64_t bits;

	memcpy(&bits, &value, sizeof bits);
	return bits;
}

/* Packs, unpacks, compares; returns the chunk's length. */
static size_t round_trip(const struct points *in, int64_t base)
{
	struct points out = { .n = 0 };
	struct blob blob = { .len = 0 };
	struct why why = { .fmt = NULL };

	assert_int_equal(chunk_pack(in, base, &blob), KS_OK);
	assert_int_equal(chunk_count(blob_span(&blob)), in->n);
	assert_int_equal(chunk_points(blob_span(&blob), base, &out, &why), KS_OK);
	assert_int_equal(out.n, in->n);
	for (size_t i = 0; i < in->n; i++) {
		assert_true(out.at[i].time_ms == in->at[i].time_ms);
		assert_true(bits_of_double(out.at[i].value) == bits_of_double(in->at[i].value));
	}
	size_t len = blob.len;

	drop_blob(&blob);
	points_done(&out);
	return len;
}

static void add(struct points *points, int64_t time_ms, double value)
{
	assert_int_equal(points_add(points, (struct point){ time_ms, value }), KS_OK);
}

static void keeps_any_bits(void **state)
{
	(void)state;
	for (int round = 0; round < 400; round++) {
		struct points in = { .n = 0 };
		int64_t time = (int64_t)(next() % 100000);
		size_t n = next() % 200 + 1, kind = next() % 6;

		for (size_t i = 0; i < n; i++) {
			uint64_t r = next();
			double value = kind == 0 ? of_bits(r)
			    : kind == 1		 ? (double)(int64_t)(r % 1000) / 10
			    : kind == 2		 ? (double)(r % 3) * 60
			    : kind == 3		 ? (double)(r >> 12) / 10000
			    : kind == 4		 ? (r % 9 == 0 ? NAN : (double)(r % 100) / 100)
						 : (double)i * 1e6 - 5e8;

			add(&in, time, value);
			time += kind == 1 ? (int64_t)(r >> 40) % 50 + 1 : r % 50 == 0 ? 70000 : 10000;
		}
		(void)round_trip(&in, 12345);
		points_done(&in);
	}
}

static void keeps_the_odd_ones(void **state)
{
	const double odd[] = { 0.0, -0.0, INFINITY, -INFINITY, NAN, 1e300, 5e-324, 0.1, -0.1,
		1e15, 9007199254740993.0, 1.0 / 3, 23.5, 1125899906842624.0, -1125899906842623.0 };
	struct points in = { .n = 0 };

	(void)state;
	add(&in, -5, of_bits(0x7ff0000000000002U)); /* a staleness mark, alone */
	(void)round_trip(&in, 0);
	for (size_t i = 0; i < sizeof odd / sizeof *odd; i++)
		add(&in, (int64_t)i * 1000, odd[i]);
	(void)round_trip(&in, 0);
	for (size_t i = 0; i < 100; i++) /* few among many: stand apart */
		add(&in, 100000 + (int64_t)i * 1000, i % 20 == 7 ? odd[i % 5] : 20.5);
	(void)round_trip(&in, 99);
	points_done(&in);
	add(&in, INT64_MIN, 1);
	add(&in, 0, 2);
	add(&in, INT64_MAX, 3);
	(void)round_trip(&in, INT64_MAX);
	points_done(&in);
}

static void is_small_on_room_readings(void **state)
{
	struct points temperature = { .n = 0 }, door = { .n = 0 }, noise = { .n = 0 };
	int64_t tenths = 234;

	(void)state;
	for (int64_t i = 0; i < 2880; i++) {
		tenths += (int64_t)(next() % 10 == 0) - (int64_t)(next() % 10 == 0);
		add(&temperature, i * 30000, (double)tenths / 10);
		add(&door, i * 30000, i > 2000);
		add(&noise, i * 30000, (double)(next() >> 11) / 1e10 + 0.1);
	}
	assert_true(round_trip(&temperature, 0) < 2880 / 2);
	assert_true(round_trip(&door, 0) < 80);
	assert_true(round_trip(&noise, 0) < 2880 * 8 + 100);
	points_done(&temperature);
	points_done(&door);
	points_done(&noise);
}

static void raw_ones_go_through_zlib(void **state)
{
	struct points in = { .n = 0 };

	(void)state;
	for (int64_t i = 0; i < 640; i++)
		add(&in, i * 1000, 1.0 / (double)(3 + i % 4));
	assert_true(round_trip(&in, 0) < 640 * 2);
	points_done(&in);
}

static void refuses_damage(void **state)
{
	struct points in = { .n = 0 }, out = { .n = 0 };
	struct blob blob = { .len = 0 };
	struct why why = { .fmt = NULL };

	(void)state;
	for (int64_t i = 0; i < 100; i++)
		add(&in, i * 1000, (double)i / 10);
	assert_int_equal(chunk_pack(&in, 0, &blob), KS_OK);
	for (size_t n = 0; n < blob.len; n++) {
		uint8_t *part = malloc(n + 1);

		assert_non_null(part);
		memcpy(part, blob.at, n);
		assert_int_not_equal(chunk_points(span_of(part, n), 0, &out, &why), KS_OK);
		assert_int_equal(out.n, 0);
		assert_non_null(why.fmt);
		free(part);
	}
	for (size_t bit = 0; bit < blob.len * 8; bit++) {
		blob.at[bit / 8] ^= (uint8_t)(1U << bit % 8);
		assert_int_not_equal(chunk_points(blob_span(&blob), 0, &out, &why), KS_OK);
		blob.at[bit / 8] ^= (uint8_t)(1U << bit % 8);
	}
	drop_blob(&blob);
	points_done(&in);
	points_done(&out);
}

/* With a right checksum but senseless bits: the parser itself must stand. */
static void refuses_senseless_bits(void **state)
{
	(void)state;
	for (int round = 0; round < 20000; round++) {
		uint8_t bytes[64];
		size_t n = next() % 40 + 6;
		struct points out = { .n = 0 };

		for (size_t i = 0; i < n; i++)
			bytes[i] = (uint8_t)next();
		bytes[0] = round % 4 == 0 ? CHUNK_ZLIB : CHUNK_PLAIN;
		bytes[1] = (uint8_t)(next() % 100 + 1);
		uint32_t crc = htole32(crc32c(0, span_of(bytes, n)));

		memcpy(bytes + n, &crc, 4);
		if (chunk_points(span_of(bytes, n + 4), 0, &out, NULL) != KS_OK)
			assert_int_equal(out.n, 0);
		points_done(&out);
	}
}

static void settles(void **state)
{
	struct points in = { .n = 0 };

	(void)state;
	for (int64_t i = 0; i < 1000; i++)
		add(&in, (i * 7919) % 500, (double)i);
	points_settle(&in);
	assert_int_equal(in.n, 500);
	for (size_t i = 0; i < in.n; i++) {
		assert_int_equal(in.at[i].time_ms, i);
		/* of the two of a time the later one: i and i + 500 agree mod 500 */
		assert_true(in.at[i].value >= 500);
	}
	points_done(&in);
}

static void hours_come_back(void **state)
{
	(void)state;
	for (int round = 0; round < 300; round++) {
		struct points in = { .n = 0 };
		struct hours hours, again;
		struct blob blob;
		int64_t day = (int64_t)(next() % 20000) * DAY_MS;
		uint64_t kind = next() % 4;

		for (int64_t t = (int64_t)(next() % HOUR_MS); t < DAY_MS; t += 60000) {
			double v = (double)(next() % 5000) / 10;

			if (t / HOUR_MS % 5 == 3)
				continue; /* nothing in those hours */
			add(&in, day + t, kind == 0 ? of_bits(next()) : kind == 1 ? v / 3 : v);
		}
		hours_of(&in, day, &hours);
		assert_int_equal(hours_pack(&hours, day, &blob), KS_OK);
		assert_int_equal(hours_unpack(blob_span(&blob), day, &again, NULL), KS_OK);
		assert_int_equal(hours.n, again.n);
		assert_true(hours.n >= 18);
		for (size_t i = 0; i < hours.n; i++) {
			assert_true(hours.at[i].hour_ms == again.at[i].hour_ms);
			assert_int_equal(hours.at[i].n, again.at[i].n);
			assert_memory_equal(&hours.at[i].max, &again.at[i].max, 3 * sizeof(double));
		}
		for (size_t n = 0; n < blob.len; n++)
			assert_int_not_equal(
			    hours_unpack(span_of(blob.at, n), day, &again, NULL), KS_OK);
		drop_blob(&blob);
		points_done(&in);
	}
}

static void hours_are_right(void **state)
{
	struct points in = { .n = 0 };
	struct hours hours;

	(void)state;
	add(&in, -1, 99);
	for (int64_t i = 0; i < 10; i++)
		add(&in, 2 * HOUR_MS + i, i == 4 ? NAN : 0.1 * (double)(i + 1));
	add(&in, 5 * HOUR_MS, NAN);
	add(&in, DAY_MS, 99);
	hours_of(&in, 0, &hours);
	assert_int_equal(hours.n, 1);
	assert_int_equal(hours.at[0].hour_ms, 2 * HOUR_MS);
	assert_int_equal(hours.at[0].n, 9);
	assert_true(hours.at[0].max == 1.0 && hours.at[0].min == 0.1);
	assert_true(hours.at[0].sum > 4.99 && hours.at[0].sum < 5.01);
	points_done(&in);
}

static void labels_have_one_spelling(void **state)
{
	struct labels labels;
	uint32_t number = 0, again = 0;
	struct why why;
	const char *bad[] = { "", "a", "a\xff", "a\xff" "b", "\xff" "b\xff", "b\xff" "1\xff" "a\xff" "1\xff",
		"a\xff" "1\xff" "a\xff" "2\xff", "a\xff" "1\xff" "b\xff" };

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_int_not_equal(labels_check(span_text(bad[i]), &why), KS_OK);
	assert_int_equal(labels_check(span_text("a\xff\xff"), &why), KS_OK);
	labels_init(&labels, 7);
	assert_int_equal(labels_find(&labels, span_text("x")), 0);
	for (unsigned i = 1; i <= 3000; i++) {
		char text[32];

		(void)snprintf(text, sizeof text, "n\xff%u\xff", i);
		assert_int_equal(labels_add(&labels, 0, span_text(text), &number, &why), KS_OK);
		assert_int_equal(number, i);
		assert_int_equal(labels_add(&labels, 0, span_text(text), &again, &why), KS_OK);
		assert_int_equal(again, i);
	}
	assert_true(span_equal(labels_of(&labels, 1234), "n\xff" "1234\xff"));
	assert_int_equal(labels_of(&labels, 3001).left, 0);
	assert_int_equal(labels_of(&labels, 0).left, 0);
	assert_int_equal(labels_add(&labels, 5, span_text("other"), &number, &why), KS_MALFORMED);
	assert_int_equal(labels_add(&labels, 9000, span_text("n\xff" "1\xff"), &number, &why),
	    KS_MALFORMED);
	assert_int_equal(labels_add(&labels, LIMIT_SERIES + 1, span_text("y"), &number, &why),
	    KS_FULL);
	labels_done(&labels);
}

static void varints_come_back(void **state)
{
	uint8_t bytes[VARINT_MOST];

	(void)state;
	for (unsigned bit = 0; bit < 64; bit++)
		for (uint64_t d = 0; d < 3; d++) {
			uint64_t n = (1ULL << bit) + d - 1;
			uint8_t *end = varint_put(bytes, n);
			struct span s = span_of(bytes, (size_t)(end - bytes));

			assert_true(varint_cut(&s) == n && s.left == 0 && !s.broken);
			s = span_of(bytes, (size_t)(end - bytes) - 1);
			assert_true(varint_cut(&s) == 0 && s.broken);
			assert_true(zagzig(zigzag((int64_t)n)) == (int64_t)n);
		}
	struct span long_one = span_of("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02", 10);

	assert_true(varint_cut(&long_one) == 0 && long_one.broken);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keeps_any_bits),
		cmocka_unit_test(keeps_the_odd_ones),
		cmocka_unit_test(is_small_on_room_readings),
		cmocka_unit_test(raw_ones_go_through_zlib),
		cmocka_unit_test(refuses_damage),
		cmocka_unit_test(refuses_senseless_bits),
		cmocka_unit_test(settles),
		cmocka_unit_test(hours_come_back),
		cmocka_unit_test(hours_are_right),
		cmocka_unit_test(labels_have_one_spelling),
		cmocka_unit_test(varints_come_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
