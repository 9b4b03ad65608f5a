/* A capture that grows: whole records as soon as they are there, another writer in the
 * middle, rubbish said once; and filters of an interface. */
#include "harness.h"
#include "wire/follow.h"
#include "wire/ring.h"
#include <string.h>

static struct why why;

static size_t u32(uint8_t *to, uint32_t value, bool big)
{
	for (int i = 0; i < 4; i++)
		to[i] = (uint8_t)(value >> (big ? 24 - 8 * i : 8 * i));
	return 4;
}

static size_t head(uint8_t *to, uint32_t magic, uint32_t link, bool big)
{
	size_t n = u32(to, magic, big);

	memset(to + n, 0, 16);
	return n + 16 + u32(to + n + 16, link, big);
}

static size_t record(uint8_t *to, uint32_t s, uint32_t part, const char *bytes, bool big)
{
	size_t n = u32(to, s, big), len = strlen(bytes);

	n += u32(to + n, part, big);
	n += u32(to + n, (uint32_t)len, big);
	n += u32(to + n, (uint32_t)len + 2, big);
	memcpy(to + n, bytes, len);
	return n + len;
}

static void give(struct follow *follow, const uint8_t *bytes, size_t n)
{
	uint8_t *at;

	assert_true(follow_place(follow, &at) >= n);
	memcpy(at, bytes, n);
	follow_got(follow, n);
}

static void comes_byte_by_byte(void **state)
{
	uint8_t bytes[200];
	size_t n = head(bytes, 0xa1b2c3d4, 1, false), first;
	struct follow follow;
	struct frame frame;

	(void)state;
	n += record(bytes + n, 1795410000, 7, "hello", false);
	first = n;
	n += record(bytes + n, 1795410001, 8, "there", false);
	assert_int_equal(follow_init(&follow, &why), KS_OK);
	for (size_t i = 0; i < n; i++) {
		int code;

		give(&follow, &bytes[i], 1);
		code = follow_next(&follow, &frame, &why);
		assert_int_equal(code, i + 1 == first || i + 1 == n ? KS_OK : KS_LATE);
		if (i + 1 != first)
			continue;
		assert_int_equal(frame.bytes.left, 5);
		assert_int_equal(frame.length, 7);
		assert_int_equal(frame.link, 1);
		assert_true(frame.time_ns == 1795410000000007000);
	}
	assert_int_equal(follow.frames, 2);
	follow_done(&follow);
}

static void another_writer_begins_anew(void **state)
{
	uint8_t bytes[200];
	size_t n = head(bytes, 0xa1b2c3d4, 1, false);
	struct follow follow;
	struct frame frame;

	(void)state;
	n += record(bytes + n, 1795410000, 7, "one", false);
	n += head(bytes + n, 0xa1b23c4d, 101, true);
	n += record(bytes + n, 1795410000, 9, "two", true);
	assert_int_equal(follow_init(&follow, &why), KS_OK);
	give(&follow, bytes, n);
	assert_int_equal(follow_next(&follow, &frame, &why), KS_OK);
	assert_int_equal(follow_next(&follow, &frame, &why), KS_OK);
	assert_int_equal(frame.link, 101);
	assert_true(frame.time_ns == 1795410000000000009);
	assert_int_equal(follow_next(&follow, &frame, &why), KS_LATE);
	follow_done(&follow);
}

static void rubbish_is_said_once(void **state)
{
	uint8_t bytes[200];
	size_t n = head(bytes, 0xa1b2c3d4, 1, false);
	struct follow follow;
	struct frame frame;

	(void)state;
	assert_int_equal(follow_init(&follow, &why), KS_OK);
	give(&follow, (const uint8_t *)"this is no capture, is it?", 26);
	assert_int_equal(follow_next(&follow, &frame, &why), KS_MALFORMED);
	assert_int_equal(follow_next(&follow, &frame, &why), KS_ABSENT);
	follow_done(&follow);
	n += u32(bytes + n, 1, false);
	n += u32(bytes + n, 1, false);
	n += u32(bytes + n, 1 << 20, false); /* longer than any frame */
	n += u32(bytes + n, 1 << 20, false);
	assert_int_equal(follow_init(&follow, &why), KS_OK);
	give(&follow, bytes, n);
	assert_int_equal(follow_next(&follow, &frame, &why), KS_MALFORMED);
	follow_done(&follow);
}

static void filters_are_tcpdumps(void **state)
{
	(void)state;
	assert_int_equal(ring_filter_good("not port 22", &why), KS_OK);
	assert_int_equal(ring_filter_good("host 192.0.2.1 and tcp", &why), KS_OK);
	assert_int_equal(ring_filter_good("not prot 22", &why), KS_MALFORMED);
	assert_non_null(strstr(why.text, "not prot 22"));
}

static void no_such_interface(void **state)
{
	unsigned index = 0;
	int fd = -1, code = ring_open("keisoku-none", NULL, &fd, &index, &why);

	(void)state;
	/* who has no right to capture is told that instead */
	assert_true(code == KS_ABSENT || code == KS_REFUSED);
	assert_int_equal(fd, -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(comes_byte_by_byte),
		cmocka_unit_test(another_writer_begins_anew),
		cmocka_unit_test(rubbish_is_said_once),
		cmocka_unit_test(filters_are_tcpdumps),
		cmocka_unit_test(no_such_interface),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
