/* test/unit/test_base.c - the types that everything else leans on. */
#include "harness.h"
#include "base/arena.h"
#include "base/hash.h"
#include "base/number.h"
#include "base/text.h"
#include "base/drop.h"
#include "base/why.h"

static void span_breaks_and_stays_broken(void **state)
{
	(void)state;
	struct span s = span_of("\x01\x02\x03", 3);

	assert_int_equal(span_be(&s, 2), 0x0102);
	assert_int_equal(span_be(&s, 2), 0);
	assert_true(s.broken);
	assert_int_equal(span_be(&s, 1), 0);
	assert_int_equal(span_le(&(struct span){ .at = (const uint8_t *)"\x01\x02", .left = 2 }, 2),
	    0x0201);
}

static void text_never_passes_its_maximum(void **state)
{
	(void)state;
	KS_DROP(text) struct text text;

	text_init(&text, 5);
	text_add(&text, "abc");
	text_addf(&text, "%d", 12345);
	assert_true(text.full);
	text_add(&text, "d");
	assert_string_equal(text_cstr(&text), "abc");
}

static void text_writes_numbers_times_and_json(void **state)
{
	(void)state;
	KS_DROP(text) struct text text;

	text_init(&text, 1000);
	text_add_milli(&text, 24500);
	text_add_char(&text, ' ');
	text_add_milli(&text, -300);
	text_add_char(&text, ' ');
	text_add_milli(&text, INT64_MIN);
	assert_string_equal(text_cstr(&text), "24.5 -0.3 -9223372036854775.808");
	text_clear(&text);
	text_add_time(&text, 1786479000123);
	assert_string_equal(text_cstr(&text), "2026-08-11T20:10:00.123Z");
	text_clear(&text);
	text_add_json(&text, span_text("a\"\n\xff温\x7f"));
	assert_string_equal(text_cstr(&text), "a\\\"\\u000a\\ufffd温\\u007f");
}

static void number_reads_what_devices_write(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		int code;
		int64_t milli;
	} rows[] = { { "23.5", 0, 23500 }, { "-0.0004", 0, 0 }, { "-0.0005", 0, -1 },
		{ "1e3", 0, 1000000 }, { "2.5e-1", 0, 250 }, { "+7", 0, 7000 }, { ".5", 0, 500 },
		{ "", KS_MALFORMED, 0 }, { "-", KS_MALFORMED, 0 }, { "1x", KS_MALFORMED, 0 },
		{ "9223372036854775.807", 0, INT64_MAX },
		{ "9223372036854775.808", KS_MALFORMED, 0 }, { "0e99", 0, 0 },
		{ "1e30", KS_MALFORMED, 0 },
		{ "0.00000000000000000000000000000000000000000000000000001", 0, 0 } };

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		int64_t milli = 7;

		assert_int_equal(number_read(span_text(rows[i].text), 3, &milli), rows[i].code);
		assert_int_equal(milli, rows[i].code == 0 ? rows[i].milli : 7);
	}
	assert_int_equal(number_scale(683 - 320, 10000, 18), 201667);
	assert_int_equal(number_scale(INT64_MAX, 2, 1), INT64_MAX);
	assert_int_equal(number_scale(-5, 1, 2), -3);
}

static void failing_keeps_the_words(void **state)
{
	(void)state;
	struct why why = { 0 };

	assert_int_equal(fail(&why, KS_IO, "%s: %.*s at %zu (%d %%) %.1f", "x", 2, "abc",
			     (size_t)7, -3, 2.55), KS_IO);
	assert_string_equal(why.text, "x: ab at 7 (-3 %) 2.5");
	assert_string_equal(why.fmt, "%s: %.*s at %zu (%d %%) %.1f");
	assert_string_equal(why.pool + why.args[1].string_at, "ab");
	assert_int_equal(why.args[2].number, 7);
	assert_int_equal(why.args[3].number, -3);
	assert_int_equal(fail(NULL, KS_FULL, "nobody asks"), KS_FULL);
}

static void arena_gives_zeroes_and_keeps_its_maximum(void **state)
{
	(void)state;
	KS_DROP(arena) struct arena arena;

	arena_init(&arena, 200000);
	char *a = arena_take(&arena, 3);
	char *big = arena_take(&arena, 150000);

	assert_non_null(a);
	assert_int_equal(a[2], 0);
	assert_non_null(big);
	assert_null(arena_take(&arena, 100000));
	assert_null(arena_array(&arena, SIZE_MAX / 2, 4));
	assert_string_equal(arena_text(&arena, span_text("温度")), "温度");
}

static void crc_is_castagnoli(void **state)
{
	(void)state;
	assert_int_equal(crc32c(0, span_text("123456789")), 0xe3069283);
	assert_int_equal(crc32c(crc32c(0, span_text("1234")), span_text("56789")), 0xe3069283);
	assert_int_not_equal(hash_of(span_text("a"), 1), hash_of(span_text("a"), 2));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(span_breaks_and_stays_broken),
		cmocka_unit_test(text_never_passes_its_maximum),
		cmocka_unit_test(text_writes_numbers_times_and_json),
		cmocka_unit_test(number_reads_what_devices_write),
		cmocka_unit_test(failing_keeps_the_words),
		cmocka_unit_test(arena_gives_zeroes_and_keeps_its_maximum),
		cmocka_unit_test(crc_is_castagnoli),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
