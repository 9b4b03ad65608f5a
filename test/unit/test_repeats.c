/* test/unit/test_repeats.c - a word without a name, day after day to the same host, is a
 * device's mark; a word of the program, of every device, is none. */
#include "harness.h"
#include "base/drop.h"
#include "base/limits.h"
#include "wire/repeats.h"
#include <stdio.h>
#include <stdlib.h>

static const int64_t day_ns = 86400LL * 1000000000;
static uint64_t frame;

static void say(struct repeats *r, int day, const char *device, const char *host,
    const char *value)
{
	struct flow_view flow = { .id = 2, .client = address_read(span_text(device)),
		.server = address_read(span_text("203.0.113.1")) };
	struct said_head head = { .time_ns = day * day_ns + 5, .frame = ++frame, .flow = &flow };
	struct said_body leaf = { .host = span_text(host), .key = span_text("k"),
		.bytes = span_text(value), .last = true };

	repeats_take(r, &head, &leaf);
}

static void marks_are_found(void **state)
{
	KS_DROP(repeats) struct repeats *r = NULL, *other = NULL;
	size_t n = 0;
	uint64_t lost = 0;

	(void)state;
	assert_int_equal(repeats_new(9, &r), KS_OK);
	assert_int_equal(repeats_new(9, &other), KS_OK);
	for (int day = 0; day < 6; day++) {
		say(r, day, "192.0.2.1", "a.example", "X7-4f9c21ab"); /* the mark */
		say(r, day, "192.0.2.1", "a.example", "v2.build1234"); /* a dot: a version */
		say(r, day, "192.0.2.1", "a.example", "1776639833860"); /* a number */
		say(r, day, "192.0.2.1", "a.example", "hello-to-you"); /* no digit */
		say(r, day, "192.0.2.1", "a.example", "aa1bb2aa1bb2"); /* no variety */
		say(r, day, "192.0.2.1", "b.example", "APIKEY-9c21ab77"); /* of the program */
		say(other, day, "192.0.2.2", "b.example", "APIKEY-9c21ab77");
		if (day < 2)
			say(r, day, "192.0.2.1", "a.example", "only2days-77ab");
		if (day % 2 == 0) /* half of the days: a value that happens to come again */
			say(r, day, "192.0.2.1", "c.example", "halfdays-77ab1");
		say(r, day, "192.0.2.1", "c.example", "");
	}
	repeats_merge(r, other);
	const struct repeated *list = repeats_end(r, &n, &lost);

	assert_int_equal(n, 1);
	assert_int_equal(lost, 0);
	assert_string_equal(list[0].masked, "X7*******ab");
	assert_string_equal(list[0].host, "a.example");
	assert_string_equal(list[0].key, "k");
	assert_int_equal(list[0].days, 6);
	assert_int_equal(list[0].of_days, 6);
	assert_int_equal(list[0].count, 6);
	assert_int_equal(list[0].frame, 1);
}

static void memory_is_bounded(void **state)
{
	KS_DROP(repeats) struct repeats *r = NULL;
	size_t n = 0;
	uint64_t lost = 0;
	char value[64];

	(void)state;
	assert_int_equal(repeats_new(9, &r), KS_OK);
	for (int i = 0; i < 3 * LIMIT_REPEATS; i++) {
		(void)snprintf(value, sizeof value, "val-%08x-qz", (unsigned)i * 2654435761u);
		say(r, 1, "192.0.2.1", "a.example", value);
	}
	(void)repeats_end(r, &n, &lost);
	assert_int_equal(n, 0);
	assert_true(lost > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(marks_are_found),
		cmocka_unit_test(memory_is_bounded),
	};

	return cmocka_run_group_tests_name("repeats", tests, NULL, NULL);
}
