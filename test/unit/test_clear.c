/* test/unit/test_clear.c - readable, coded, or random: 150 samples of each kind; and the
 * file of accepted findings. */
#include "harness.h"
#include "wire/accept.h"
#include "wire/clear.h"
#include <stdio.h>
#include <stdlib.h>
#include <zlib.h>

static uint64_t state_of = 88172645463325252u;

static uint8_t byte(void)
{
	state_of ^= state_of << 13;
	state_of ^= state_of >> 7;
	state_of ^= state_of << 17;
	return (uint8_t)(state_of >> 32);
}

static void text_fill(uint8_t *room, size_t n)
{
	static const char *const words[] = { "temperature ", "the ", "room ", "is ", "of ", "server ",
		"{\"id\": ", "17, ", "and ", "panel ", "load\n", "x=", "12.5 ", "\xe3\x81\x82" };

	for (size_t i = 0; i < n;) {
		const char *word = words[byte() % 14];

		for (; *word != '\0' && i < n; word++)
			room[i++] = (uint8_t)*word;
	}
}

static void verdicts(void **state)
{
	uint8_t room[512], packed[2048], text[4096];

	(void)state;
	for (int sample = 0; sample < 150; sample++)
		for (size_t size = 64; size <= 512; size *= 2) {
			size_t n = size;

			text_fill(room, n);
			while ((room[n - 1] & 0xc0) == 0x80 || room[n - 1] == 0xe3)
				n--; /* a whole last character */
			assert_int_equal(clear_judge(span_of(room, n)).verdict, CLEAR_READABLE);
			for (size_t i = 0; i < n; i++)
				room[i] ^= 0xa7;
			assert_int_equal(clear_judge(span_of(room, n)).verdict, CLEAR_CODED);
			for (size_t i = 0; i < n; i++)
				room[i] = byte();
			room[0] = 0x91; /* no known beginning */
			assert_int_equal(clear_judge(span_of(room, n)).verdict, CLEAR_RANDOM);
		}
	/* packed bytes without their head cannot be told from encrypted ones */
	text_fill(text, sizeof text);
	uLongf n = sizeof packed;

	assert_int_equal(compress2(packed, &n, text, sizeof text, 9), Z_OK);
	assert_string_equal(clear_judge(span_of(packed, n)).how, "zlib");
	assert_int_equal(clear_judge(span_of(packed + 20, 512)).verdict, CLEAR_RANDOM);
	assert_int_equal(clear_judge(span_of("short", 5)).verdict, CLEAR_TOO_LITTLE);
	assert_string_equal(clear_judge(span_text("QWxhZGRpbjpvcGVuIHNlc2FtZQ==")).how, "base64");
	struct span both[2] = { span_of(packed + 20, 512), span_text("hello, this can be read") };

	assert_int_equal(clear_judge_both(both).verdict, CLEAR_READABLE);
	both[1].left = 3;
	assert_int_equal(clear_judge_both(both).verdict, CLEAR_RANDOM);
	assert_true(port_is_secret(443) && !port_is_secret(80));
	assert_string_equal(clear_word(CLEAR_CODED), "coded");
}

static void accepted_findings(void **state)
{
	static const char file[] = "# known\n\naccept 192.0.2.7 *.vendor.example KS-WIRE-003 "
		"reason=\"too old to change\" owner=yamada until=2027-03-31\n"
		"accept printer* * KS-WIRE-* reason=r owner=o\n";
	struct arena arena;
	struct accepts accepts;
	struct why why;
	bool expired = true;
	struct accept_key key = { "192.0.2.7", "02:00:00:00:00:07", "box", "mdm.Vendor.example",
		"203.0.113.9", "KS-WIRE-003" };
	int32_t last = 20908; /* 2027-03-31 */

	(void)state;
	arena_init(&arena, 1 << 20);
	assert_int_equal(accepts_read(span_text(file), "known", &arena, &accepts, &why), KS_OK);
	assert_int_equal(accepts.n, 2);
	const struct accept *a = accept_find(&accepts, &key, last, &expired);

	assert_non_null(a);
	assert_string_equal(a->reason, "too old to change");
	assert_string_equal(a->owner, "yamada");
	assert_int_equal(a->line, 3);
	assert_false(expired);
	assert_null(accept_find(&accepts, &key, last + 1, &expired));
	assert_true(expired);
	key.to = "vendor.example";
	assert_null(accept_find(&accepts, &key, last, &expired));
	assert_false(expired);
	key.name = "Printer-3";
	assert_non_null(accept_find(&accepts, &key, last + 9999, NULL));
	arena_done(&arena);
}

static void mistakes_are_said_with_their_place(void **state)
{
	static const struct { const char *file, *says; } wrong[] = {
		{ "accept a b\n", "known, line 1: device" },
		{ "\nallow a b c\n", "known, line 2, column 1" },
		{ "accept a b * reason=x\n", "known, line 1: say why and who" },
		{ "accept a b * reason=x owner=y until=2027-02-29\n", "known, line 1, column 31: until" },
		{ "accept a b * reason=x owner=y until=soon\n", "until is a day" },
		{ "accept a b * why=x\n", "known, line 1, column 14: why is unknown" },
		{ "accept a b KS-WIRE-099 reason=x owner=y\n", "known, line 1, column 12: no finding of the wire is called KS-WIRE-099" },
		{ "accept a b KS-HEAT-001 reason=x owner=y\n", "known, line 1, column 12: no finding" },
		{ "accept a b \"KS-WIR-*\" reason=x owner=y\n", "known, line 1, column 13: no finding" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		struct arena arena;
		struct accepts accepts = { .n = 7 };
		struct why why;

		arena_init(&arena, 1 << 20);
		assert_int_equal(accepts_read(span_text(wrong[i].file), "known", &arena, &accepts, &why), KS_MALFORMED);
		if (strncmp(why.text, wrong[i].says, strlen(wrong[i].says)) != 0 &&
		    strstr(why.text, wrong[i].says) == NULL)
			fail_msg("%s: %s", wrong[i].file, why.text);
		assert_int_equal(accepts.n, 7);
		arena_done(&arena);
	}
}

static void patterns(void **state)
{
	(void)state;
	assert_true(pattern_fits("*", "") && pattern_fits("a*c", "abbc") && pattern_fits("*.x", "A.X"));
	assert_true(pattern_fits("", "") && pattern_fits("a*b*c", "a1b2b3c"));
	assert_false(pattern_fits("a*c", "abb") || pattern_fits("", "a") || pattern_fits("a", "") ||
	    pattern_fits("*.x", "x"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(verdicts),
		cmocka_unit_test(accepted_findings),
		cmocka_unit_test(mistakes_are_said_with_their_place),
		cmocka_unit_test(patterns),
	};

	return cmocka_run_group_tests_name("clear", tests, NULL, NULL);
}
