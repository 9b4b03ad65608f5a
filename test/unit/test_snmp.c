#include "harness.h"
#include "sense/snmp/varbind.h"
#include <stdio.h>
#include <stdlib.h>

static struct oid oid_of(const char *text)
{
	struct oid oid;

	assert_true(oid_read(span_text(text), &oid));
	return oid;
}

static void oid_text_goes_and_comes_back(void **state)
{
	static const char *const good[] = { ".1.3.6.1.2.1.1.3.0", ".0", ".4294967295.240.241",
		".2288.2289.67823.67824.16777215.16777216" };
	static const char *const bad[] = { "", ".", "1.", "1..3", "a", "1.4294967296", "1.-3",
		"1.3.6.1.", "12345678901" };
	char text[OID_TEXT];

	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		struct oid oid = oid_of(good[i]), back;
		uint8_t bytes[OID_BYTES];
		size_t n = oid_pack(&oid, bytes, sizeof bytes);

		assert_true(oid_unpack(span_of(bytes, n), &back));
		oid_write(&back, text, sizeof text);
		assert_string_equal(text, good[i]);
		assert_false(oid_unpack(span_of(bytes, 0), &back));
	}
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct oid oid;

		assert_false(oid_read(span_text(bad[i]), &oid));
	}
}

/* The walk's cache is searched by bytes: their order must be the order of OIDs. */
static void packed_order_is_oid_order(void **state)
{
	static const uint32_t ids[] = { 0, 1, 240, 241, 496, 497, 2288, 2289, 2290, 65535,
		65536, 16777215, 16777216, 4294967295U };
	uint8_t last[8], now[8];
	size_t last_n = 0;

	(void)state;
	for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
		struct oid oid = { .n = 1, .id = { ids[i] } }, back;
		size_t n = oid_pack(&oid, now, sizeof now);

		assert_true(oid_unpack(span_of(now, n), &back));
		assert_int_equal(back.id[0], ids[i]);
		if (i > 0)
			assert_true(memcmp(last, now, last_n < n ? last_n : n) < 0);
		memcpy(last, now, n);
		last_n = n;
	}
}

static void reply_goes_and_comes_back_and_no_prefix_does(void **state)
{
	struct oid oid = oid_of("1.3.6.1.4.1.318.1.1.1.2.2.1.0");
	uint8_t packed[OID_BYTES];
	struct span name = span_of(packed, oid_pack(&oid, packed, sizeof packed));
	const struct varbind in[] = {
		{ .oid = name, .type = VAR_INTEGER, .number = -999 },
		{ .oid = name, .type = VAR_OCTETS, .value = span_text("23.1 C") },
		{ .oid = name, .type = VAR_NO_INSTANCE },
		{ .oid = name, .type = VAR_GAUGE, .number = 4294967295LL },
	};
	struct text reply;
	struct varbind out;

	(void)state;
	text_init(&reply, 4096);
	for (size_t i = 0; i < 4; i++)
		varbind_add(&reply, &in[i]);
	assert_false(reply.full);
	struct span rest = text_span(&reply);

	for (size_t i = 0; i < 4; i++) {
		assert_int_equal(varbind_cut(&rest, &out), KS_OK);
		assert_int_equal(out.type, in[i].type);
		assert_int_equal(out.number, in[i].number);
		assert_int_equal(out.value.left, in[i].value.left);
		assert_memory_equal(out.oid.at, packed, name.left);
	}
	assert_int_equal(varbind_cut(&rest, &out), KS_ABSENT);
	size_t first = 2 + name.left + 2 + 8;

	for (size_t n = 1; n < first; n++) {
		uint8_t *part = malloc(n);

		memcpy(part, reply.at, n);
		rest = span_of(part, n);
		assert_int_equal(varbind_cut(&rest, &out), KS_TRUNCATED);
		free(part);
	}
	text_done(&reply);
}

static void ask_holds_what_fits(void **state)
{
	struct oid oid = oid_of("1.3.6.1.2.1.1.3.0");
	uint8_t packed[OID_BYTES], send[32];
	struct span name = span_of(packed, oid_pack(&oid, packed, sizeof packed)), cut;
	uint16_t send_n = 0;
	int held = 0, read = 0;

	(void)state;
	while (ask_oid(name, send, sizeof send, &send_n))
		held++;
	assert_int_equal(held, 3);
	struct span rest = span_of(send, send_n);

	while (ask_oid_cut(&rest, &cut)) {
		assert_int_equal(cut.left, name.left);
		read++;
	}
	assert_int_equal(read, held);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(oid_text_goes_and_comes_back),
		cmocka_unit_test(packed_order_is_oid_order),
		cmocka_unit_test(reply_goes_and_comes_back_and_no_prefix_does),
		cmocka_unit_test(ask_holds_what_fits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
