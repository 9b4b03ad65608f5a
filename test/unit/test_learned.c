/* test/unit/test_learned.c - many hours, learned from one after another: what comes back by
 * the clock is found over weeks, also when the one who listens is begun anew in the middle;
 * what is told twice counts once; it is of one size whatever comes; damaged bytes are
 * refused. */
#include "base/drop.h"
#include "base/limits.h"
#include "harness.h"
#include "wire/gather_in.h"
#include "wire/learned.h"
#include <stdio.h>
#include <stdlib.h>

static const int64_t BEGIN = 1780272000000; /* 2026-06-01 00:00 UTC, a Monday */
enum { HOUR = 3600000, DAY = 24 * HOUR };
static struct why why;
static uint64_t next_flow = 1;

struct met {
	const char *server;
	const char *name;
	uint16_t port;
	int64_t ms;
};

static void meet(struct gather *g, const struct met *m)
{
	struct flow_view flow = { .id = 2 * next_flow++, .client = address_read(span_text("192.168.7.20")),
		.server = address_read(span_text(m->server)), .server_port = m->port,
		.client_port = 50000, .ether_type = 0x0800, .opened = true, .answered = true,
		.protocol = IP_TCP, .tongue = "tls", .encrypted = true,
		.client_mac = { { 2, 0, 0, 0, 0, 1 } }, .server_mac = { { 2, 0, 0, 0, 0, 0xfe } } };
	struct said_head head = { .time_ns = m->ms * 1000000, .frame = flow.id / 2, .flow = &flow };
	struct said_slice slice = { .first_ns = m->ms * 1000000, .last_ns = (m->ms + 300) * 1000000,
		.first_frame = flow.id / 2, .frames = { 4, 4 }, .bytes = { 400, 900 },
		.payload = { 100, 600 }, .began = BEGAN_NEW, .ended = ENDED_CLOSED };

	flow.name = span_text(m->name);
	gather_slice(g, &head, &slice);
}

static void trace(struct gather *g, int64_t ms)
{
	struct flow_view flow = { .id = 2, .tongue = "" };

	for (uint8_t ttl = 1; ttl <= 6; ttl++) {
		struct said_head head = { .time_ns = (ms + ttl * 50) * 1000000, .frame = ttl,
			.flow = &flow };
		struct said_hop hop = { .kind = HOP_PROBE, .protocol = IP_UDP, .ttl = ttl,
			.prober = address_read(span_text("192.168.7.20")),
			.target = address_read(span_text("203.0.113.77")) };

		gather_hop(g, &head, &hop);
	}
}

/* Without order, and the same in each run. */
static int64_t anywhen(int64_t h, int64_t k)
{
	uint64_t x = (uint64_t)(h * 1000 + k) * 0x9e3779b97f4a7c15;

	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9;
	x = (x ^ x >> 27) * 0x94d049bb133111eb;
	return (int64_t)((x ^ x >> 31) % HOUR);
}

/* What is said in one hour: a check-in every hour, an upload a day at 03:12, one a week on
 * Monday, a traceroute a day, a chat without order in the office's hours, a stranger. */
static struct gather *hour_of(int64_t h)
{
	struct gather *g = NULL;
	int64_t at = BEGIN + h * HOUR, jitter = (h * 7919) % 21000 - 10500;
	char stranger[32];

	assert_int_equal(gather_new_small(7, 4, &g, &why), KS_OK);
	meet(g, &(struct met){ "203.0.113.9", "mdm.vendor.example", 443, at + 1800000 + jitter });
	if (h % 24 == 3)
		meet(g, &(struct met){ "203.0.113.10", "daily.vendor.example", 443, at + 720000 + jitter });
	if (h % 24 == 4)
		trace(g, at + 1860000 + jitter);
	if (h % 168 == 5)
		meet(g, &(struct met){ "203.0.113.11", "weekly.vendor.example", 443, at + 600000 + jitter });
	for (int64_t k = 0; k < 40 && h % 24 >= 9 && h % 24 < 18; k++)
		meet(g, &(struct met){ "203.0.113.12", "chat.example", 443,
		    at + anywhen(h, k) });
	(void)snprintf(stranger, sizeof stranger, "198.51.%d.%d", (int)(h / 250), (int)(h % 250));
	meet(g, &(struct met){ stranger, "", 80, at + 60000 });
	return g;
}

static void hear(struct learned *l, int64_t from_h, int64_t to_h)
{
	for (int64_t h = from_h; h < to_h; h++) {
		KS_DROP(gather) struct gather *g = hour_of(h);

		assert_int_equal(learned_hour(l, g, BEGIN + h * HOUR, BEGIN + (h + 1) * HOUR, &why), KS_OK);
	}
}

/* Killed and begun anew: with other random numbers. */
static struct learned *reborn(struct learned *l, uint64_t seed)
{
	KS_DROP(text) struct text bytes;
	struct learned *next = NULL;

	text_init(&bytes, LIMIT_WIRE_LEARNED);
	assert_int_equal(learned_pack(l, &bytes, &why), KS_OK);
	learned_free(l);
	struct span left = text_span(&bytes);

	assert_int_equal(learned_unpack(&left, seed, &next, &why), KS_OK);
	assert_int_equal(left.left, 0);
	return next;
}

static const struct audit *audit_of(const struct learned *l, struct arena *arena)
{
	struct make_plan plan = { .counts = { .frames = 1 } };
	struct audit *audit = NULL;

	learned_plan(l, &plan);
	assert_int_equal(audit_make(&plan, learned_gather(l), arena, &audit, &why), KS_OK);
	return audit;
}

static const struct audit_periodic *periodic_to(const struct audit *audit, const char *name)
{
	for (size_t i = 0; i < audit->periodic_n; i++)
		if (strcmp(audit->periodic[i].to, name) == 0)
			return &audit->periodic[i];
	return NULL;
}

static void periods_are_whole(const struct audit *audit, uint32_t days, uint32_t missed)
{
	const struct audit_periodic *hourly = periodic_to(audit, "mdm.vendor.example");
	const struct audit_periodic *daily = periodic_to(audit, "daily.vendor.example");
	const struct audit_periodic *weekly = periodic_to(audit, "weekly.vendor.example");
	const struct audit_periodic *traced = periodic_to(audit, "203.0.113.77");

	assert_non_null(hourly);
	assert_int_equal(hourly->contacts, days * 24 - missed);
	assert_int_equal(hourly->missed, 0);
	assert_true(llabs(hourly->period_ms - HOUR) < 2000);
	assert_non_null(daily);
	assert_string_equal(daily->kind, "daily");
	assert_int_equal(daily->contacts, days);
	assert_int_equal(daily->missed, 0);
	assert_non_null(traced);
	assert_string_equal(traced->what, "traceroute");
	assert_int_equal(traced->contacts, days);
	assert_non_null(weekly);
	assert_string_equal(weekly->kind, "weekly");
	assert_int_equal(weekly->contacts, (days + 6) / 7);
	assert_null(periodic_to(audit, "chat.example"));
	assert_int_equal(audit->periodic_n, 4);
}

static void weeks_are_learned_over_restarts(void **state)
{
	struct learned *l = NULL;
	struct arena arena;
	(void)state;

	assert_int_equal(learned_new(7, &l, &why), KS_OK);
	hear(l, 0, 100);
	l = reborn(l, 8);
	hear(l, 100, 333);
	l = reborn(l, 9);
	hear(l, 333, 22 * 24);
	arena_init(&arena, 64 << 20);
	periods_are_whole(audit_of(l, &arena), 22, 0);
	arena_done(&arena);
	assert_int_equal(learned_forgotten(l), 0);
	learned_free(l);
}

/* As a recording is, that the next one reads again from its beginning. */
static void told_twice_counts_once(void **state)
{
	struct learned *l = NULL;
	struct arena arena;
	(void)state;

	assert_int_equal(learned_new(7, &l, &why), KS_OK);
	hear(l, 0, 18 * 24);
	uint32_t entries = learned_gather(l)->entries.n;

	l = reborn(l, 8);
	hear(l, 0, 18 * 24);
	assert_int_equal(learned_gather(l)->entries.n, entries);
	hear(l, 18 * 24, 22 * 24);
	arena_init(&arena, 64 << 20);
	periods_are_whole(audit_of(l, &arena), 22, 0);
	arena_done(&arena);
	learned_free(l);
}

/* Nobody listened for five hours: what came then was not missed. */
static void what_nobody_heard_is_not_missed(void **state)
{
	struct learned *l = NULL;
	struct arena arena;
	(void)state;

	assert_int_equal(learned_new(7, &l, &why), KS_OK);
	hear(l, 0, 250);
	l = reborn(l, 8);
	hear(l, 255, 22 * 24);
	arena_init(&arena, 64 << 20);
	const struct audit *audit = audit_of(l, &arena);

	periods_are_whole(audit, 22, 5);
	assert_int_equal(audit->capture.gaps_n, 1);
	assert_int_equal(audit->capture.gaps[0].from_ns / 1000000, BEGIN + 250 * (int64_t)HOUR);
	assert_int_equal(audit->capture.gaps[0].to_ns / 1000000, BEGIN + 255 * (int64_t)HOUR);
	arena_done(&arena);
	learned_free(l);
}

/* Listening for months: the newest weeks are there, and no more of them. */
static void what_is_old_goes(void **state)
{
	struct learned *l = NULL;
	struct arena arena;
	(void)state;

	assert_int_equal(learned_new(7, &l, &why), KS_OK);
	hear(l, 0, 70 * 24);
	arena_init(&arena, 64 << 20);
	const struct audit *audit = audit_of(l, &arena);

	assert_int_equal(audit->capture.first_ns / 1000000,
	    BEGIN + (70 - LIMIT_WIRE_LEARN_DAYS) * (int64_t)DAY);
	assert_int_equal(periodic_to(audit, "daily.vendor.example")->contacts, LIMIT_WIRE_LEARN_DAYS);
	/* met once: those of the last eight days, and of the hour that is learned */
	assert_in_range(learned_gather(l)->relations.n, 8 * 24 + 4, 8 * 24 + 6);
	for (uint32_t i = 0; i < learned_gather(l)->entries.n; i++) {
		const struct entry_row *e = rows_row(&learned_gather(l)->entries, i);

		assert_true(e->first_ns / 1000000 >= BEGIN + (70 - LIMIT_WIRE_LEARN_DAYS) * (int64_t)DAY);
	}
	arena_done(&arena);
	learned_free(l);
}

/* A pair that talks without end: the newest one by one, the rest by the hour. */
static void a_talker_leaves_room_for_others(void **state)
{
	KS_DROP(learned) struct learned *l = NULL;
	uint32_t whole = 0, thinned = 0;
	(void)state;

	assert_int_equal(learned_new(7, &l, &why), KS_OK);
	for (int64_t h = 0; h < 48; h++) {
		KS_DROP(gather) struct gather *g = NULL;

		assert_int_equal(gather_new_small(7, 4, &g, &why), KS_OK);
		for (int64_t k = 0; k < 360; k++)
			meet(g, &(struct met){ "203.0.113.12", "chat.example", 443,
			    BEGIN + h * HOUR + k * 10000 });
		assert_int_equal(learned_hour(l, g, BEGIN + h * HOUR, BEGIN + (h + 1) * HOUR, &why), KS_OK);
	}
	for (uint32_t i = 0; i < learned_gather(l)->entries.n; i++) {
		const struct entry_row *e = rows_row(&learned_gather(l)->entries, i);

		whole += !e->thinned;
		thinned += e->thinned;
	}
	assert_int_equal(whole, LIMIT_WIRE_LEARN_EACH);
	assert_in_range(thinned, 45, 46); /* 48 hours, of which the last 2.8 are whole */
	struct arena arena;

	arena_init(&arena, 64 << 20);
	const struct audit_periodic *p = periodic_to(audit_of(l, &arena), "chat.example");

	assert_non_null(p);
	assert_int_equal(p->period_ms, 10000);
	assert_int_equal(p->contacts, LIMIT_WIRE_LEARN_EACH);
	arena_done(&arena);
}

/* More strangers than there is room for: who comes back stays known, and it is counted. */
static void a_flood_forgets_strangers_first(void **state)
{
	struct learned *l = NULL;
	struct arena arena;
	(void)state;

	assert_int_equal(learned_new(7, &l, &why), KS_OK);
	hear(l, 0, 20 * 24);
	for (int64_t h = 20 * 24; h < 20 * 24 + 2; h++) {
		KS_DROP(gather) struct gather *g = hour_of(h);

		for (uint32_t i = 0; i < 60000; i++) {
			char stranger[32];

			(void)snprintf(stranger, sizeof stranger, "100.%d.%d.%d", (int)(h - 400), (int)(i / 250),
			    (int)(i % 250));
			meet(g, &(struct met){ stranger, "", 53, BEGIN + h * HOUR + i });
		}
		assert_int_equal(learned_hour(l, g, BEGIN + h * HOUR, BEGIN + (h + 1) * HOUR, &why), KS_OK);
	}
	assert_true(learned_forgotten(l) > 0);
	l = reborn(l, 8);
	hear(l, 20 * 24 + 2, 22 * 24);
	arena_init(&arena, 256 << 20);
	periods_are_whole(audit_of(l, &arena), 22, 0);
	arena_done(&arena);
	learned_free(l);
}

static void fits_into_what_there_is(void **state)
{
	KS_DROP(learned) struct learned *l = NULL;
	struct text bytes;
	(void)state;

	assert_int_equal(learned_new(7, &l, &why), KS_OK);
	hear(l, 0, 10 * 24);
	text_init(&bytes, 1500);
	assert_int_equal(learned_pack(l, &bytes, &why), KS_OK);
	assert_true(bytes.len <= 1500 && bytes.len > 100);
	assert_true(learned_forgotten(l) > 0);
	text_done(&bytes);
	text_init(&bytes, 20);
	assert_int_equal(learned_pack(l, &bytes, &why), KS_FULL);
	text_done(&bytes);
}

static void no_prefix_and_no_turned_bit_is_one(void **state)
{
	KS_DROP(learned) struct learned *l = NULL;
	struct learned *got = NULL;
	struct text bytes;
	(void)state;

	assert_int_equal(learned_new(7, &l, &why), KS_OK);
	hear(l, 0, 30);
	text_init(&bytes, LIMIT_WIRE_LEARNED);
	assert_int_equal(learned_pack(l, &bytes, &why), KS_OK);
	for (size_t n = 0; n < bytes.len; n += n < 100 ? 1 : 17) {
		char *part = malloc(n + 1);
		struct span left;

		assert_non_null(part);
		memcpy(part, bytes.at, n);
		left = span_of(part, n);
		assert_int_equal(learned_unpack(&left, 1, &got, &why), KS_MALFORMED);
		assert_int_equal(left.left, n);
		free(part);
	}
	for (size_t i = 0; i < bytes.len; i += 7) {
		struct span left = text_span(&bytes);

		bytes.at[i] = (char)(bytes.at[i] ^ 0x10);
		assert_int_equal(learned_unpack(&left, 1, &got, &why), KS_MALFORMED);
		bytes.at[i] = (char)(bytes.at[i] ^ 0x10);
	}
	assert_null(got);
	text_done(&bytes);
}

/* The whole and the hours that are not in it, behind each other as core gives them back. */
static void packs_follow_each_other(void **state)
{
	struct learned *whole = NULL, *hour = NULL, *all = NULL;
	struct text one, two, bytes;
	struct arena arena;
	(void)state;

	assert_int_equal(learned_new(7, &whole, &why), KS_OK);
	assert_int_equal(learned_new(7, &hour, &why), KS_OK);
	hear(whole, 0, 21 * 24);
	hear(hour, 21 * 24, 22 * 24);
	text_init(&one, LIMIT_WIRE_LEARNED);
	text_init(&two, LIMIT_WIRE_LEARNED);
	text_init(&bytes, LIMIT_WIRE_LEARNED);
	assert_int_equal(learned_pack(whole, &one, &why), KS_OK);
	assert_int_equal(learned_pack(hour, &two, &why), KS_OK);
	learned_free(whole);
	learned_free(hour);
	text_add_span(&bytes, text_span(&one));
	text_add_span(&bytes, text_span(&two));
	struct span left = text_span(&bytes);

	assert_int_equal(learned_unpack(&left, 3, &all, &why), KS_OK);
	assert_int_equal(learned_unpack(&left, 3, &hour, &why), KS_OK);
	assert_int_equal(left.left, 0);
	assert_int_equal(learned_join(all, hour, &why), KS_OK);
	arena_init(&arena, 64 << 20);
	periods_are_whole(audit_of(all, &arena), 22, 0);
	arena_done(&arena);
	learned_free(all);
	learned_free(hour);
	text_done(&one);
	text_done(&two);
	text_done(&bytes);
}

/* Names of devices and of addresses stay with them. */
static void who_is_called_what_stays(void **state)
{
	struct learned *l = NULL;
	KS_DROP(gather) struct gather *g = hour_of(0);
	struct flow_view flow = { .id = 2, .tongue = "" };
	struct said_head head = { .time_ns = BEGIN * 1000000, .frame = 1, .flow = &flow };
	struct said_name name = { .how = NAME_DHCP, .address = address_read(span_text("192.168.7.20")),
		.mac = { { 2, 0, 0, 0, 0, 1 } }, .name = span_text("keiri-pc-07") };
	struct arena arena;
	(void)state;

	gather_name(g, &head, &name);
	assert_int_equal(learned_new(7, &l, &why), KS_OK);
	assert_int_equal(learned_hour(l, g, BEGIN, BEGIN + HOUR, &why), KS_OK);
	l = reborn(l, 8);
	arena_init(&arena, 64 << 20);
	const struct audit *audit = audit_of(l, &arena);

	assert_int_equal(audit->devices_n, 1);
	assert_string_equal(audit->devices[0].name, "keiri-pc-07");
	assert_string_equal(audit->devices[0].mac, "02:00:00:00:00:01");
	assert_string_equal(audit->destinations[0].protocol, "tls");
	arena_done(&arena);
	learned_free(l);
}

/* A capture of another planet's clock. */
static void an_hour_beyond_any_clock_is_refused(void **state)
{
	KS_DROP(learned) struct learned *l = NULL;
	KS_DROP(gather) struct gather *g = hour_of(0);
	(void)state;

	assert_int_equal(learned_new(7, &l, &why), KS_OK);
	assert_int_equal(learned_hour(l, g, INT64_MAX / 2, INT64_MAX / 2, &why), KS_MALFORMED);
	assert_int_equal(learned_gather(l)->entries.n, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(weeks_are_learned_over_restarts),
		cmocka_unit_test(told_twice_counts_once),
		cmocka_unit_test(what_nobody_heard_is_not_missed),
		cmocka_unit_test(what_is_old_goes),
		cmocka_unit_test(a_talker_leaves_room_for_others),
		cmocka_unit_test(a_flood_forgets_strangers_first),
		cmocka_unit_test(fits_into_what_there_is),
		cmocka_unit_test(no_prefix_and_no_turned_bit_is_one),
		cmocka_unit_test(packs_follow_each_other),
		cmocka_unit_test(who_is_called_what_stays),
		cmocka_unit_test(an_hour_beyond_any_clock_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
