/* test/unit/test_hpack.c - the examples of RFC 7541, appendix C; and what breaks. */
#include "harness.h"
#include "hex.h"
#include "wire/hpack.h"

static uint8_t table[4096];

static void add_field(void *context, struct span name, struct span value)
{
	text_addf(context, "%.*s=%.*s;", (int)name.left, (const char *)name.at, (int)value.left,
	    (const char *)value.at);
}

static int unpack(struct hpack *hpack, const char *hex, struct text *fields)
{
	struct span block = hex_bytes(hex);
	struct hpack_sink sink = { add_field, fields };
	struct text room;

	text_init(&room, 4096);
	text_clear(fields);
	int code = hpack_block(hpack, block, &room, &sink);

	text_done(&room);
	hex_free(block);
	return code;
}

static void requests_with_huffman(void **state)
{
	struct hpack hpack = { .room = table, .room_size = sizeof table, .max = 4096 };
	struct text fields;

	(void)state;
	text_init(&fields, 4096);
	assert_int_equal(unpack(&hpack, "8286 8441 8cf1 e3c2 e5f2 3a6b a0ab 90f4 ff", &fields), KS_OK);
	assert_string_equal(text_cstr(&fields),
	    ":method=GET;:scheme=http;:path=/;:authority=www.example.com;");
	assert_int_equal(unpack(&hpack, "8286 84be 5886 a8eb 1064 9cbf", &fields), KS_OK);
	assert_string_equal(text_cstr(&fields), ":method=GET;:scheme=http;:path=/;"
	    ":authority=www.example.com;cache-control=no-cache;");
	assert_int_equal(unpack(&hpack,
	    "8287 85bf 4088 25a8 49e9 5ba9 7d7f 8925 a849 e95b b8e8 b4bf", &fields), KS_OK);
	assert_string_equal(text_cstr(&fields), ":method=GET;:scheme=https;:path=/index.html;"
	    ":authority=www.example.com;custom-key=custom-value;");
	assert_int_equal(hpack.entries, 3);
	assert_int_equal(hpack.size, 164);
	text_done(&fields);
}

static void responses_that_evict(void **state)
{
	struct hpack hpack = { .room = table, .room_size = 256, .max = 256 };
	struct text fields;

	(void)state;
	text_init(&fields, 4096);
	assert_int_equal(unpack(&hpack, "4882 6402 5885 aec3 771a 4b61 96d0 7abe 9410 54d4 44a8 2005"
	    "9504 0b81 66e0 82a6 2d1b ff6e 919d 29ad 1718 63c7 8f0b 97c8 e9ae 82ae 43d3", &fields), KS_OK);
	assert_int_equal(hpack.size, 222);
	assert_int_equal(unpack(&hpack, "4883 640e ffc1 c0bf", &fields), KS_OK);
	assert_string_equal(text_cstr(&fields), ":status=307;cache-control=private;"
	    "date=Mon, 21 Oct 2013 20:13:21 GMT;location=https://www.example.com;");
	assert_int_equal(unpack(&hpack, "88c1 6196 d07a be94 1054 d444 a820 0595 040b 8166 e084 a62d"
	    "1bff c05a 839b d9ab 77ad 94e7 821d d7f2 e6c7 b335 dfdf cd5b 3960 d5af 2708 7f36 72c1 ab27"
	    "0fb5 291f 9587 3160 65c0 03ed 4ee5 b106 3d50 07", &fields), KS_OK);
	assert_string_equal(text_cstr(&fields), ":status=200;cache-control=private;"
	    "date=Mon, 21 Oct 2013 20:13:22 GMT;location=https://www.example.com;content-encoding=gzip;"
	    "set-cookie=foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1;");
	assert_int_equal(hpack.size, 215);
	assert_int_equal(hpack.entries, 3);
	text_done(&fields);
}

static void what_is_out_of_step_is_refused(void **state)
{
	static const char *const bad[] = { "80", "be", "ff80", "4005", "3fe2ffff7f", "418cf1e3", "41ff",
		"ffffffffffffffffff" };
	struct text fields;

	(void)state;
	text_init(&fields, 4096);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct hpack hpack = { .room = table, .room_size = sizeof table, .max = 4096 };

		assert_int_equal(unpack(&hpack, bad[i], &fields), KS_MALFORMED);
	}
	text_done(&fields);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(requests_with_huffman),
		cmocka_unit_test(responses_that_evict),
		cmocka_unit_test(what_is_out_of_step_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
