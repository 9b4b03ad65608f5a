/* test/unit/test_base.c - the types that everything else leans on. */
#include "harness.h"
#include "base/arena.h"
#include "base/hash.h"
#include "base/log.h"
#include "base/number.h"
#include "base/text.h"
#include "base/drop.h"
#include "base/more.h"
#include "base/why.h"
#include <unistd.h>

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

/* Every single wrong byte is known as one, in the data or in the sum; many are not. */
static void one_byte_is_told_from_many(void **state)
{
	uint8_t good[300], other[300];
	size_t behind;

	(void)state;
	for (size_t i = 0; i < sizeof good; i++)
		good[i] = (uint8_t)(i * 7);
	uint32_t want = crc32c(5, span_of(good, sizeof good));

	assert_false(crc32c_one_byte(want, want, sizeof good, &behind));
	for (unsigned shift = 0; shift < 32; shift++)
		assert_true(crc32c_one_byte(want, want ^ 1U << shift, sizeof good, &behind));
	for (size_t i = 0; i < sizeof good; i++) {
		memcpy(other, good, sizeof good);
		other[i] ^= (uint8_t)(1 + i % 255);
		uint32_t have = crc32c(5, span_of(other, sizeof other));

		assert_true(crc32c_one_byte(have, want, sizeof good, &behind));
		assert_int_equal(behind, sizeof good - 1 - i);
		other[(i + 150) % sizeof good] ^= 0x41;
		have = crc32c(5, span_of(other, sizeof other));
		assert_false(crc32c_one_byte(have, want, sizeof good, &behind));
	}
	good[0] ^= 1;
	uint32_t first = crc32c(5, span_of(good, sizeof good));

	assert_false(crc32c_one_byte(first, want, sizeof good - 1, &behind)); /* out of reach */
}

static void spans_cut_lines_and_blanks(void **state)
{
	(void)state;
	struct span s = span_text("one\ntwo");

	assert_true(span_equal(span_until(&s, '\n'), "one"));
	assert_true(span_equal(span_until(&s, '\n'), "two"));
	assert_true(span_equal(span_until(&s, '\n'), ""));
	assert_false(s.broken);
	assert_true(span_equal(span_trim(span_text(" \t x y \r\n")), "x y"));
	assert_true(span_equal(span_trim(span_text(" \f ")), ""));
	assert_false(span_equal(span_text("ab"), "ac"));
	(void)span_cut(&s, 1);
	assert_true(s.broken);
	assert_int_equal(span_le(&s, 4), 0);
}

static void text_survives_bad_utf8(void **state)
{
	(void)state;
	static const char *const bad[] = { "\xc0\x80", "\xe0\x80\x80", "\xed\xa0\x80",
		"\xf0\x80\x80\x80", "\xf4\x90\x80\x80", "\xf5", "\xe6\xb8" };
	KS_DROP(text) struct text text;

	text_init(&text, 100);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		text_clear(&text);
		text_add_json(&text, span_text(bad[i]));
		assert_memory_equal(text_cstr(&text), "\\ufffd", 6);
	}
	text_clear(&text);
	text_add_json(&text, span_text("\xf0\x9f\x94\xa5 \xed\x9f\xbf \\ \xc3\xa9"));
	assert_string_equal(text_cstr(&text),
	    "\xf0\x9f\x94\xa5 \xed\x9f\xbf \\\\ \xc3\xa9");
}

static void text_writes_any_time(void **state)
{
	(void)state;
	KS_DROP(text) struct text text;

	text_init(&text, 100);
	text_add_time(&text, INT64_MAX);
	text_add(&text, " ");
	text_add_time(&text, -1);
	assert_string_equal(text_cstr(&text), "292278994-08-17T07:12:55.807Z 1969-12-31T23:59:59.999Z");
	text_clear(&text);
	text_add_time(&text, INT64_MIN);
	text_add_span(&text, span_of("", 0));
	assert_string_equal(text_cstr(&text), "-292275055-05-16T16:47:04.192Z");
	text_done(NULL);
	arena_done(NULL);
}

static void why_keeps_every_width(void **state)
{
	(void)state;
	struct why why = { 0 };

	(void)fail(&why, KS_IO, "%ld %lu %lld %llu %jd %x %c", -1L, 2UL, -3LL, 4ULL,
	    (intmax_t)-5, 6U, 'z');
	static const int64_t numbers[] = { -1, 2, -3, 4, -5, 6 };

	for (size_t i = 0; i < 6; i++)
		assert_int_equal(why.args[i].number, numbers[i]);
	assert_string_equal(why.text, "-1 2 -3 4 -5 6 z"); /* a seventh is said, not kept */
	char longer[2 * WHY_TEXT];

	memset(longer, 'a', sizeof longer - 1);
	longer[sizeof longer - 1] = '\0';
	(void)fail(&why, KS_IO, "%s %s", longer, "tail");
	assert_int_equal(strlen(why.text), WHY_TEXT - 1);
	assert_int_equal(strlen(why.pool + why.args[0].string_at), WHY_POOL - 1);
	assert_string_equal(why.pool + why.args[1].string_at, "");
	(void)fail(&why, KS_IO, "100 %% of %e %g", 1.5, 2.5);
	assert_true(why.args[1].real > 2.4 && why.args[1].real < 2.6);
}

static void log_lines_are_one_line(void **state)
{
	(void)state;
	int pipe_fds[2];
	int keep = dup(STDERR_FILENO);
	char line[4096] = "";

	assert_int_equal(pipe(pipe_fds), 0);
	assert_true(dup2(pipe_fds[1], STDERR_FILENO) >= 0);
	log_role("core");
	log_line(0, "KS-TEST-001", "word=%s", "a\nb\x1b[2J");
	assert_true(dup2(keep, STDERR_FILENO) >= 0);
	ssize_t n = read(pipe_fds[0], line, sizeof line - 1);

	assert_true(n > 0);
	assert_string_equal(line,
	    "time=1970-01-01T00:00:00.000Z id=KS-TEST-001 role=core word=a b [2J\n");
	(void)close(pipe_fds[0]);
	(void)close(pipe_fds[1]);
	(void)close(keep);
}

static void arrays_double(void **state)
{
	struct arena arena;
	uint32_t *heap = NULL, *held = NULL;
	size_t heap_room = 0, held_room = 0;

	(void)state;
	arena_init(&arena, 3000);
	for (uint32_t n = 0; n < 300; n++) {
		heap = array_more(heap, n, &heap_room, 4, sizeof *heap);
		uint32_t *more = arena_more(&arena, held, n, &held_room, 4, sizeof *held);

		assert_non_null(heap);
		assert_true(heap_room == 4 || heap_room / 2 <= n);
		heap[n] = n;
		if (more == NULL) {
			assert_int_equal(n, held_room); /* as it was: the arena is full */
			break;
		}
		held = more;
		held[n] = n;
	}
	assert_in_range(held_room, 4, 256);
	for (uint32_t n = 0; n < held_room; n++)
		assert_true(heap[n] == n && held[n] == n);
	free(heap);
	arena_done(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(arrays_double),
		cmocka_unit_test(span_breaks_and_stays_broken),
		cmocka_unit_test(text_never_passes_its_maximum),
		cmocka_unit_test(text_writes_numbers_times_and_json),
		cmocka_unit_test(number_reads_what_devices_write),
		cmocka_unit_test(failing_keeps_the_words),
		cmocka_unit_test(arena_gives_zeroes_and_keeps_its_maximum),
		cmocka_unit_test(crc_is_castagnoli),
		cmocka_unit_test(one_byte_is_told_from_many),
		cmocka_unit_test(spans_cut_lines_and_blanks),
		cmocka_unit_test(text_survives_bad_utf8),
		cmocka_unit_test(text_writes_any_time),
		cmocka_unit_test(why_keeps_every_width),
		cmocka_unit_test(log_lines_are_one_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
