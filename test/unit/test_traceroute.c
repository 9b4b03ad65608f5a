/* test/unit/test_traceroute.c - rising TTLs and answering routers; and what only looks so. */
#include "harness.h"
#include "base/drop.h"
#include "wire/traceroute.h"
#include <stdlib.h>

static const int64_t second = 1000000000;
static uint64_t frame;

static struct address of(const char *text)
{
	return address_read(span_text(text));
}

static void probe(struct tracks *t, int64_t at, int ttl, uint8_t protocol, const char *to)
{
	struct said_hop hop = { .kind = HOP_PROBE, .prober = of("192.0.2.2"), .target = of(to),
		.protocol = protocol, .ttl = (uint8_t)ttl };

	if (strchr(to, ':') != NULL)
		hop.prober = of("2001:db8:1::2");
	tracks_take(t, at, ++frame, &hop);
}

static void answer(struct tracks *t, int64_t at, const char *router, const char *to, int kind)
{
	struct said_hop hop = { .kind = (uint8_t)kind, .prober = of("192.0.2.2"),
		.target = of(to), .router = of(router), .protocol = IP_UDP, .ttl = 1 };

	tracks_take(t, at, ++frame, &hop);
}

static size_t count(struct tracks *t, const struct traceroute **ret_list)
{
	size_t n = 0;
	uint64_t lost = 0;

	*ret_list = tracks_end(t, &n, &lost);
	assert_int_equal(lost, 0);
	return n;
}

static void every_method_is_found(void **state)
{
	KS_DROP(tracks) struct tracks *t = NULL;
	const struct traceroute *list = NULL;
	static const struct { uint8_t protocol; const char *to; int method; } kinds[] = {
		{ IP_UDP, "198.18.9.2", TRACE_UDP }, { IP_TCP, "198.18.9.2", TRACE_TCP },
		{ IP_ICMP, "198.18.9.2", TRACE_ICMP }, { IP_ICMP6, "2001:db8:4::2", TRACE_ICMP },
	};

	(void)state;
	assert_int_equal(tracks_new(&t), KS_OK);
	for (int k = 0; k < 4; k++)
		for (int ttl = 1; ttl <= 8; ttl++)
			for (int again = 0; again < 3; again++)
				probe(t, k * 1000 * second + ttl * second, ttl, kinds[k].protocol,
				    kinds[k].to);
	assert_int_equal(count(t, &list), 4);
	for (int k = 0; k < 4; k++) {
		assert_int_equal(list[k].method, kinds[k].method);
		assert_int_equal(list[k].hops, 8);
		assert_int_equal(list[k].first_ns, k * 1000 * second + second);
	}
}

static void once_a_day_is_many(void **state)
{
	KS_DROP(tracks) struct tracks *t = NULL;
	const struct traceroute *list = NULL;

	(void)state;
	assert_int_equal(tracks_new(&t), KS_OK);
	for (int day = 0; day < 9; day++)
		for (int ttl = 1; ttl <= 6; ttl++) {
			probe(t, day * 86400 * second + ttl, ttl, IP_UDP, "198.18.9.2");
			answer(t, day * 86400 * second + ttl, "198.51.100.2", "198.18.9.2",
			    ttl < 6 ? HOP_EXPIRED : HOP_REFUSED);
		}
	assert_int_equal(count(t, &list), 9);
	assert_int_equal(list[8].hops, 6);
	assert_int_equal(list[8].answered, 1);
	assert_false(list[8].reached); /* a router said no, not the target */
}

static void what_only_looks_so_is_none(void **state)
{
	KS_DROP(tracks) struct tracks *t = NULL;
	const struct traceroute *list = NULL;

	(void)state;
	assert_int_equal(tracks_new(&t), KS_OK);
	for (int i = 0; i < 50; i++) {
		probe(t, i * second, 1, IP_UDP, "239.255.255.250"); /* SSDP */
		probe(t, i * second, 1 + i % 2, IP_UDP, "198.18.9.2"); /* two TTLs */
		probe(t, i * second, 48 + (i * 7) % 9, IP_TCP, "198.18.9.3"); /* many ways in */
		probe(t, i * second, 64, IP_UDP, "198.18.9.4");
		probe(t, i * second, 64 - i, IP_UDP, "198.18.9.5"); /* falling */
	}
	assert_int_equal(count(t, &list), 0);
}

/* The probes went another way than the capture. */
static void answers_alone_suffice(void **state)
{
	KS_DROP(tracks) struct tracks *t = NULL, *u = NULL;
	const struct traceroute *list = NULL;

	(void)state;
	assert_int_equal(tracks_new(&t), KS_OK);
	assert_int_equal(tracks_new(&u), KS_OK);
	answer(t, second, "198.51.100.1", "198.18.9.2", HOP_EXPIRED);
	answer(t, 2 * second, "198.51.100.2", "198.18.9.2", HOP_EXPIRED);
	assert_int_equal(count(t, &list), 0);
	answer(u, 3 * second, "198.51.100.3", "198.18.9.2", HOP_EXPIRED);
	answer(u, 4 * second, "198.18.9.2", "198.18.9.2", HOP_REACHED);
	tracks_merge(t, u); /* heard by another worker */
	assert_int_equal(count(t, &list), 1);
	assert_int_equal(list[0].hops, 3);
	assert_true(list[0].reached);
	assert_false(list[0].probes_seen);
}

static void a_flood_stays_bounded(void **state)
{
	KS_DROP(tracks) struct tracks *t = NULL;
	const struct traceroute *list = NULL;

	(void)state;
	assert_int_equal(tracks_new(&t), KS_OK);
	for (uint32_t i = 0; i < 200000; i++) {
		uint8_t byte[4] = { 198, (uint8_t)(18 + (i >> 16)), (uint8_t)(i >> 8), (uint8_t)i };
		struct said_hop hop = { .kind = HOP_PROBE, .prober = of("192.0.2.2"),
			.protocol = IP_TCP, .target = address_of(span_of(byte, 4)) };

		for (hop.ttl = 1; hop.ttl <= 3; hop.ttl++)
			tracks_take(t, i, i, &hop);
	}
	size_t n = 0;
	uint64_t lost = 0;

	list = tracks_end(t, &n, &lost);
	assert_true(n > 0 && n + lost >= 200000);
	assert_int_equal(list[0].hops, 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_method_is_found),
		cmocka_unit_test(once_a_day_is_many),
		cmocka_unit_test(what_only_looks_so_is_none),
		cmocka_unit_test(answers_alone_suffice),
		cmocka_unit_test(a_flood_stays_bounded),
	};

	return cmocka_run_group_tests_name("traceroute", tests, NULL, NULL);
}
