/* test/unit/test_keylog.c - key logs as programs write them, and as editors break them. */
#include "harness.h"
#include "wire/keylog.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RANDOM_A "00112233445566778899aabbccddeeff00112233445566778899AABBCCDDEEFF"
#define RANDOM_B "ff112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
#define SECRET "0f0e0d0c0b0a090807060504030201000f0e0d0c0b0a09080706050403020100"

static void random_bytes(const char *hex, uint8_t to[KEYLOG_RANDOM])
{
	for (size_t i = 0; i < KEYLOG_RANDOM; i++) {
		unsigned byte = 0;

		assert_int_equal(sscanf(hex + 2 * i, "%2x", &byte), 1);
		to[i] = (uint8_t)byte;
	}
}

static void finds_by_random_and_label(void **state)
{
	static const char text[] = "# a comment\r\n\r\n"
	    "CLIENT_RANDOM " RANDOM_A " " SECRET "\r\n"
	    "SERVER_TRAFFIC_SECRET_0 " RANDOM_B " " SECRET "\n"
	    "EXPORTER_SECRET " RANDOM_B " " SECRET "\n"
	    "CLIENT_TRAFFIC_SECRET_0 " RANDOM_B " 00";
	struct keylog *keylog = NULL;
	struct span secret;
	uint8_t a[KEYLOG_RANDOM], b[KEYLOG_RANDOM];
	size_t added = 0;

	(void)state;
	random_bytes(RANDOM_A, a);
	random_bytes(RANDOM_B, b);
	assert_int_equal(keylog_new(&keylog, NULL), KS_OK);
	assert_int_equal(keylog_add(keylog, span_text(text), &added, NULL), KS_OK);
	assert_int_equal(added, 2);
	assert_true(keylog_find(keylog, KEY_MASTER, span_of(a, sizeof a), &secret));
	assert_int_equal(secret.left, 32);
	assert_int_equal(secret.at[0], 0x0f);
	assert_false(keylog_find(keylog, KEY_MASTER, span_of(b, sizeof b), &secret));
	assert_true(keylog_find(keylog, KEY_SERVER_TRAFFIC, span_of(b, sizeof b), &secret));
	assert_false(keylog_find(keylog, KEY_CLIENT_TRAFFIC, span_of(b, sizeof b), &secret));
	assert_false(keylog_find(NULL, KEY_MASTER, span_of(a, sizeof a), &secret));
	keylog_free(keylog);
}

static void holds_thousands(void **state)
{
	struct keylog *keylog = NULL;
	struct span secret;
	uint8_t random[KEYLOG_RANDOM] = { 0 };
	char line[256];

	(void)state;
	assert_int_equal(keylog_new(&keylog, NULL), KS_OK);
	for (unsigned i = 0; i < 5000; i++) {
		(void)snprintf(line, sizeof line, "CLIENT_RANDOM %056d%08x " SECRET, 0, i);
		assert_int_equal(keylog_add(keylog, span_text(line), NULL, NULL), KS_OK);
	}
	assert_int_equal(keylog_count(keylog), 5000);
	for (unsigned i = 0; i < 5000; i++) {
		random[30] = (uint8_t)(i >> 8);
		random[31] = (uint8_t)i;
		assert_true(keylog_find(keylog, KEY_MASTER, span_of(random, sizeof random), &secret));
	}
	keylog_free(keylog);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_by_random_and_label),
		cmocka_unit_test(holds_thousands),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
