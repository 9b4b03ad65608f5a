/* test/unit/test_make.c - made-up events into an audit: who is a device, what is one
 * destination, what is found.  Whole captures: test/wire. */
#include "base/drop.h"
#include "harness.h"
#include "site/wire.h"
#include "wire/make_in.h"
#include "wire/owner.h"
#include "x509/x509.h"

static const int64_t S = 1000000000;
static uint64_t next_flow;

struct bed {
	struct gather *g;
	struct arena arena;
	struct audit *audit;
	struct make_known known[4];
	size_t known_n;
};

static int bed_make(void **state)
{
	static struct bed bed;

	bed = (struct bed){ .g = NULL };
	next_flow = 1;
	arena_init(&bed.arena, 1 << 24);
	*state = &bed;
	return gather_new(9, &bed.g, NULL);
}

static int bed_end(void **state)
{
	struct bed *bed = *state;

	gather_free(bed->g);
	arena_done(&bed->arena);
	return 0;
}

struct talk_of {
	const char *client, *server;
	uint16_t port;
	const char *name;	     /* NULL: none */
	const char *macs[2];	     /* NULL: none */
	uint8_t protocol;	     /* 0: TCP */
	bool silent;
	int64_t at_s;
};

static struct mac mac_of(const char *text)
{
	struct mac mac = { { 0 } };
	unsigned b[6] = { 0 };

	if (text != NULL)
		(void)sscanf(text, "%2x:%2x:%2x:%2x:%2x:%2x", &b[0], &b[1], &b[2], &b[3], &b[4], &b[5]);
	for (int i = 0; i < 6; i++)
		mac.byte[i] = (uint8_t)b[i];
	return mac;
}

static void talks(struct bed *bed, const struct talk_of *t)
{
	struct flow_view flow = { .id = 2 * next_flow++, .client = address_read(span_text(t->client)),
		.server = address_read(span_text(t->server)), .server_port = t->port,
		.client_port = 50000, .ether_type = 0x0800, .opened = true, .answered = !t->silent,
		.protocol = t->protocol != 0 ? t->protocol : IP_TCP, .tongue = "",
		.client_mac = mac_of(t->macs[0]), .server_mac = mac_of(t->macs[1]) };
	struct said_head head = { .time_ns = t->at_s * S, .frame = flow.id / 2, .flow = &flow };
	struct said_slice slice = { .first_ns = t->at_s * S, .last_ns = t->at_s * S + S,
		.first_frame = flow.id / 2, .frames = { 2, t->silent ? 0 : 2 },
		.bytes = { 100, t->silent ? 0 : 300 }, .began = BEGAN_NEW, .ended = ENDED_IDLE };

	if (t->name != NULL)
		flow.name = span_text(t->name);
	gather_slice(bed->g, &head, &slice);
}

static void make_all(struct bed *bed)
{
	struct make_plan plan = { .known = bed->known, .known_n = bed->known_n };

	assert_int_equal(audit_make(&plan, bed->g, &bed->arena, &bed->audit, NULL), KS_OK);
}

static const struct audit_device *device(const struct bed *bed, const char *address)
{
	for (size_t i = 0; i < bed->audit->devices_n; i++)
		if (strcmp(bed->audit->devices[i].address, address) == 0)
			return &bed->audit->devices[i];
	return NULL;
}

/* Addresses of the house that spoke; not who was only called, not the world. */
static void devices_are_of_the_house(void **state)
{
	struct bed *bed = *state;

	talks(bed, &(struct talk_of){ .client = "192.168.1.5", .server = "203.0.113.1", .port = 443 });
	talks(bed, &(struct talk_of){ .client = "192.168.1.5", .server = "192.168.1.99", .port = 80,
	    .silent = true });
	talks(bed, &(struct talk_of){ .client = "203.0.113.8", .server = "192.168.1.6", .port = 22 });
	make_all(bed);
	assert_int_equal(bed->audit->devices_n, 2);
	assert_non_null(device(bed, "192.168.1.5"));
	assert_non_null(device(bed, "192.168.1.6"));
	assert_string_equal(bed->audit->devices[0].address, "192.168.1.5"); /* it began something */
	assert_int_equal(device(bed, "192.168.1.5")->bytes_out, 200);
	assert_int_equal(device(bed, "192.168.1.6")->bytes_in, 100);
}

/* One network card with an IPv4 and two IPv6 addresses is one device; what comes through
 * the router's card is not the router. */
static void a_card_is_a_device(void **state)
{
	static const char own[] = "3c:52:82:00:00:05", router[] = "00:0c:29:00:00:01";
	struct bed *bed = *state;

	talks(bed, &(struct talk_of){ .client = "192.168.1.5", .server = "203.0.113.1", .port = 443,
	    .macs = { own, router } });
	talks(bed, &(struct talk_of){ .client = "2001:db8:5::5", .server = "2001:db8:9::1",
	    .port = 443, .macs = { own, router } });
	talks(bed, &(struct talk_of){ .client = "fe80::5", .server = "fe80::1", .port = 53,
	    .macs = { own, router } });
	make_all(bed);
	const struct audit_device *d = device(bed, "192.168.1.5");

	assert_non_null(d);
	assert_int_equal(d->addresses_n, 3);
	assert_string_equal(d->mac, own);
	assert_int_equal(d->bytes_out, 300);
	assert_int_equal(bed->audit->devices_n, 2); /* it, and fe80::1 */
}

static void asked_for_alone(void **state)
{
	struct bed *bed = *state;

	talks(bed, &(struct talk_of){ .client = "192.168.1.5", .server = "203.0.113.1", .port = 443 });
	talks(bed, &(struct talk_of){ .client = "192.168.1.6", .server = "203.0.113.1", .port = 443 });
	bed->known[0] = (struct make_known){ .address = address_read(span_text("192.168.1.6")),
		.name = "printer", .asked_for = true };
	bed->known_n = 1;
	make_all(bed);
	assert_int_equal(bed->audit->devices_n, 1);
	assert_string_equal(bed->audit->devices[0].name, "printer");
	assert_string_equal(bed->audit->devices[0].name_from, "site");
	assert_int_equal(bed->audit->destinations_n, 1);
}

/* A capture of the world alone: who talks most is the device. */
static void else_who_talks_most(void **state)
{
	struct bed *bed = *state;

	for (int i = 0; i < 3; i++)
		talks(bed, &(struct talk_of){ .client = "198.51.100.9", .server = "203.0.113.1",
		    .port = 443, .at_s = i });
	talks(bed, &(struct talk_of){ .client = "203.0.113.1", .server = "198.51.100.77", .port = 25 });
	make_all(bed);
	assert_int_equal(bed->audit->devices_n, 1);
	assert_string_equal(bed->audit->devices[0].address, "198.51.100.9");
}

static void destinations_are_by_name(void **state)
{
	struct bed *bed = *state;

	talks(bed, &(struct talk_of){ .client = "192.168.1.5", .server = "203.0.113.1", .port = 443,
	    .name = "www.shop.co.jp" });
	talks(bed, &(struct talk_of){ .client = "192.168.1.5", .server = "203.0.113.2", .port = 443,
	    .name = "www.shop.co.jp" });
	talks(bed, &(struct talk_of){ .client = "192.168.1.5", .server = "203.0.113.2", .port = 443,
	    .name = "203.0.113.2" });
	for (uint16_t port = 1; port <= 20; port++)
		talks(bed, &(struct talk_of){ .client = "192.168.1.5", .server = "203.0.113.9",
		    .port = port, .silent = true });
	make_all(bed);
	assert_int_equal(bed->audit->destinations_n, 3);
	for (size_t i = 0; i < 3; i++) {
		const struct audit_destination *d = &bed->audit->destinations[i];

		if (strcmp(d->name, "www.shop.co.jp") == 0) {
			assert_string_equal(d->domain, "shop.co.jp");
			assert_int_equal(d->addresses_n, 2);
			assert_int_equal(d->flows, 2);
		} else if (d->flows == 20) { /* many ports without an answer are one row */
			assert_int_equal(d->port, 0);
			assert_int_equal(d->unanswered, 20);
		} else {
			assert_string_equal(d->name, ""); /* an address is no name */
		}
	}
}

static bool has_finding(const struct bed *bed, enum finding_code code)
{
	for (size_t i = 0; i < bed->audit->findings_n; i++)
		if (bed->audit->findings[i].base.code == code)
			return true;
	return false;
}

static void scans_are_found_at_fifty(void **state)
{
	struct bed *bed = *state;

	for (uint16_t port = 1; port < 50; port++)
		talks(bed, &(struct talk_of){ .client = "192.168.1.5", .server = "203.0.113.9",
		    .port = port, .silent = true });
	make_all(bed);
	assert_false(has_finding(bed, FINDING_WIRE_SCAN));
	talks(bed, &(struct talk_of){ .client = "192.168.1.5", .server = "203.0.113.9", .port = 50,
	    .silent = true });
	make_all(bed);
	assert_true(has_finding(bed, FINDING_WIRE_SCAN));
}

/* Which line of an accept file accepts nothing, and why, as of a day. */
static void lines_that_accept_nothing_are_told(void **state)
{
	static const char file[] = "accept 192.168.1.5 * KS-WIRE-02* reason=r owner=o\n"
		"accept 192.168.1.77 * * reason=r owner=o\n"
		"accept 192.168.1.5 * KS-WIRE-003 reason=r owner=o\n"
		"accept 192.168.1.5 * KS-WIRE-022 reason=r owner=o until=2026-01-01\n"
		"accept 192.168.1.77 * * reason=gone owner=o until=2026-01-01\n"
		"accept * * KS-* reason=r owner=o until=2026-01-02\n";
	static const struct { uint32_t line; uint8_t why; } told[] = { { 2, STALE_DEVICE },
		{ 3, STALE_FINDING }, { 4, STALE_OPEN }, { 5, STALE_ENDED } };
	struct bed *bed = *state;
	struct accepts accepts;
	struct make_plan plan = { .accepts = &accepts, .today = 20455 }; /* 2026-01-02 */

	for (uint16_t port = 1; port <= 50; port++)
		talks(bed, &(struct talk_of){ .client = "192.168.1.5", .server = "203.0.113.9",
		    .port = port, .silent = true });
	assert_int_equal(accepts_read(span_text(file), "f", &bed->arena, &accepts, NULL), KS_OK);
	assert_int_equal(audit_make(&plan, bed->g, &bed->arena, &bed->audit, NULL), KS_OK);
	assert_int_equal(bed->audit->stale_n, 4);
	for (size_t i = 0; i < 4; i++) {
		assert_int_equal(bed->audit->stale[i].line, told[i].line);
		assert_int_equal(bed->audit->stale[i].why, told[i].why);
	}
	assert_string_equal(bed->audit->stale[3].is.reason, "gone");
	assert_true(has_finding(bed, FINDING_WIRE_SCAN));
	for (size_t i = 0; i < bed->audit->findings_n; i++)
		assert_non_null(bed->audit->findings[i].accepted);
	plan.accepts = NULL;
	assert_int_equal(audit_make(&plan, bed->g, &bed->arena, &bed->audit, NULL), KS_OK);
	assert_int_equal(bed->audit->stale_n, 0);
}

/* With one device asked for, lines of others are not told: they may have their use. */
static void lines_of_others_are_not_stale(void **state)
{
	static const char file[] = "accept 192.168.1.77 * * reason=r owner=o\n"
		"accept 192.168.1.5 * KS-WIRE-003 reason=r owner=o\n";
	struct bed *bed = *state;
	struct accepts accepts;
	struct make_plan plan = { .accepts = &accepts, .today = 20455, .known = bed->known, .known_n = 1 };

	bed->known[0] = (struct make_known){ .address = address_read(span_text("192.168.1.5")),
		.name = "box", .asked_for = true };
	talks(bed, &(struct talk_of){ .client = "192.168.1.5", .server = "203.0.113.9", .port = 80 });
	assert_int_equal(accepts_read(span_text(file), "f", &bed->arena, &accepts, NULL), KS_OK);
	assert_int_equal(audit_make(&plan, bed->g, &bed->arena, &bed->audit, NULL), KS_OK);
	assert_int_equal(bed->audit->stale_n, 1);
	assert_int_equal(bed->audit->stale[0].line, 2);
}

/* A list whose only entry, x.example, holds from 400 s to 1000 s. */
static bool find_in_between(void *context, const struct make_indicator *what,
    struct audit_listed *ret_listed)
{
	(void)context;
	if (what->name == NULL || strcmp(what->name, "x.example") != 0 || what->last_ns < 400 * S ||
	    what->first_ns >= 1000 * S)
		return false;
	*ret_listed = (struct audit_listed){ .indicator = what->name, .list = "l", .entry = "x.example",
		.date = "2026-01-02", .category = "", .from_ns = 400 * S, .until_ns = 1000 * S };
	return true;
}

/* Only contacts while the entry holds count, not those before and after it. */
static void entries_hold_when_they_are_met(void **state)
{
	static const struct { int64_t at_s[3]; uint64_t count; int64_t first_s, last_s; } all[] = {
		{ { 100, 200, 300 }, 0, 0, 0 }, { { 100, 1000, 1200 }, 0, 0, 0 },
		{ { 100, 450, 1200 }, 1, 450, 450 }, { { 400, 500, 900 }, 3, 400, 901 } };

	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		void *place = NULL;

		assert_int_equal(bed_make(&place), 0);
		struct bed *bed = place;
		struct make_lists lists = { .find = find_in_between };
		struct make_plan plan = { .lists = &lists };

		for (size_t k = 0; k < 3; k++)
			talks(bed, &(struct talk_of){ .client = "192.168.1.5", .server = "203.0.113.9",
			    .port = 443, .name = "x.example", .at_s = all[i].at_s[k] });
		assert_int_equal(audit_make(&plan, bed->g, &bed->arena, &bed->audit, NULL), KS_OK);
		assert_int_equal(bed->audit->listed_n, all[i].count > 0);
		if (all[i].count > 0) {
			assert_int_equal(bed->audit->listed[0].count, all[i].count);
			assert_int_equal(bed->audit->listed[0].first_ns, all[i].first_s * S);
			assert_int_equal(bed->audit->listed[0].last_ns, all[i].last_s * S);
			assert_string_equal(bed->audit->listed[0].date, "2026-01-02");
		}
		assert_int_equal(bed_end(&place), 0);
	}
	(void)state;
}

static void domains_are_registered_ones(void **state)
{
	(void)state;
	assert_string_equal(domain_of("a.b.example.com"), "example.com");
	assert_string_equal(domain_of("www.city.kobe.jp"), "city.kobe.jp");
	assert_string_equal(domain_of("localhost"), "localhost");
	assert_string_equal(domain_of(""), "");
}

static void owners_of_cards(void **state)
{
	struct mac made_up = mac_of("02:00:00:00:00:01"), known = mac_of("00:00:0c:12:34:56");
	(void)state;

	assert_string_equal(mac_owner(&made_up), "");
	if (mac_owner_rows_n == 0)
		skip(); /* built without ieee-data */
	assert_memory_equal(mac_owner(&known), "Cisco", 5);
}

static void small_room_is_no_half_audit(void **state)
{
	struct bed *bed = *state;
	struct make_plan plan = { .known_n = 0 };

	talks(bed, &(struct talk_of){ .client = "192.168.1.5", .server = "203.0.113.1", .port = 443 });
	arena_done(&bed->arena);
	arena_init(&bed->arena, 4096);
	bed->audit = NULL;
	assert_int_equal(audit_make(&plan, bed->g, &bed->arena, &bed->audit, NULL), KS_FULL);
	assert_null(bed->audit);
}

/* Secrets that are of no use are said by what they would open. */
static void secrets_without_use_are_said_apart(void **state)
{
	static const unsigned kinds[] = { UNSEEN_SHUT, UNSEEN_SHUT_DTLS, UNSEEN_SHUT_QUIC };
	struct bed *bed = *state;

	for (unsigned i = 0; i < 3; i++) {
		struct flow_view flow = { .id = 1000 + 2 * i, .client = address_read(span_text("192.168.1.5")),
			.server = address_read(span_text("203.0.113.1")), .server_port = 443, .tongue = "tls" };
		struct said_head head = { .time_ns = 5 * S, .frame = 500 + i, .flow = &flow };
		struct said_tls tls = { .when = TLS_SETTLED, .ja3 = "", .ja4 = "", .keys_unused = true,
			.datagram = i == 1, .quic = i == 2, .version = 0x0303 };

		for (unsigned k = 0; k <= i; k++, flow.id += 100)
			gather_tls(bed->g, &head, &tls);
	}
	talks(bed, &(struct talk_of){ .client = "192.168.1.5", .server = "203.0.113.1", .port = 443 });
	make_all(bed);
	for (unsigned i = 0; i < 3; i++) {
		uint64_t count = 0;

		for (size_t k = 0; k < bed->audit->unseen_n; k++)
			if (bed->audit->unseen[k].which == kinds[i])
				count = bed->audit->unseen[k].count;
		assert_int_equal(count, i + 1);
	}
}

int main(void)
{
#define BED(test) cmocka_unit_test_setup_teardown(test, bed_make, bed_end)
	const struct CMUnitTest tests[] = { BED(devices_are_of_the_house), BED(a_card_is_a_device),
		BED(asked_for_alone), BED(else_who_talks_most), BED(destinations_are_by_name),
		BED(scans_are_found_at_fifty), BED(lines_that_accept_nothing_are_told),
		BED(lines_of_others_are_not_stale), cmocka_unit_test(entries_hold_when_they_are_met), BED(small_room_is_no_half_audit),
		BED(secrets_without_use_are_said_apart),
		cmocka_unit_test(domains_are_registered_ones), cmocka_unit_test(owners_of_cards) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
