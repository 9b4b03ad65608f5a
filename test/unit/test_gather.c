/* test/unit/test_gather.c - made-up events: what is summed, kept, merged, masked, lost. */
#include "base/drop.h"
#include "harness.h"
#include "wire/gather_in.h"

static const int64_t S = 1000000000;

static struct flow_view flow_of(uint64_t id, const char *client, const char *server, uint16_t port)
{
	return (struct flow_view){ .id = id, .client = address_read(span_text(client)),
		.server = address_read(span_text(server)), .client_port = 40000,
		.server_port = port, .ether_type = 0x0800, .protocol = IP_TCP, .opened = true,
		.answered = true, .tongue = "" };
}

static struct said_head head_of(const struct flow_view *flow, int64_t at_s, uint64_t frame)
{
	return (struct said_head){ .time_ns = at_s * S, .frame = frame, .flow = flow };
}

static void slice_say(struct gather *g, const struct flow_view *flow, int64_t at_s, uint64_t out,
    uint64_t in)
{
	struct said_head head = head_of(flow, at_s, flow->id / 2);
	struct said_slice slice = { .first_ns = at_s * S, .last_ns = (at_s + 2) * S,
		.first_frame = flow->id / 2, .frames = { 1, 1 }, .bytes = { out, in },
		.payload = { out, in }, .began = BEGAN_NEW, .ended = ENDED_CLOSED };

	gather_listener(g).slice(g, &head, &slice);
}

static const struct relation_row *relation(const struct gather *g, uint32_t i)
{
	return rows_row(&g->relations, i);
}

static void sums_flows(void **state)
{
	KS_DROP(gather) struct gather *g = NULL;
	struct flow_view one = flow_of(2, "192.168.1.5", "203.0.113.1", 443);
	struct flow_view two = flow_of(4, "192.168.1.5", "203.0.113.1", 443);
	(void)state;

	assert_int_equal(gather_new(7, &g, NULL), KS_OK);
	one.name = two.name = span_text("MDM.Vendor.example.");
	two.answered = false;
	one.handshake_us = 800;
	slice_say(g, &one, 100, 1000, 70000);
	slice_say(g, &two, 3700, 60, 0);
	assert_int_equal(g->relations.n, 1);
	assert_string_equal(name_at(&g->names, relation(g, 0)->key.name), "mdm.vendor.example");
	assert_int_equal(relation(g, 0)->bytes[SIDE_CLIENT], 1060);
	assert_int_equal(relation(g, 0)->bytes[SIDE_SERVER], 70000);
	assert_int_equal(relation(g, 0)->flows, 2);
	assert_int_equal(relation(g, 0)->unanswered, 1);
	assert_int_equal(g->entries.n, 2);
	assert_int_equal(g->round_trips.n, 1);
	assert_int_equal(g->rates.n, 1);
	assert_int_equal(((struct sample_row *)rows_row(&g->rates, 0))->value, 35000);
}

/* Whatever the order and width, no byte is lost or made. */
static void time_keeps_every_byte(void **state)
{
	static struct timeline time, other;
	uint64_t out = 0, in = 0, want = 0;
	(void)state;

	time = other = (struct timeline){ .n = 0 };
	for (int64_t i = 0; i < 3000; i++) {
		int64_t at = (i * 7919) % 500000 * S * (i % 3 == 0 ? 1 : 13);

		timeline_add(i % 2 ? &time : &other, (int64_t[]){ at, at + i * S }, (uint64_t)i, 3);
		want += (uint64_t)i;
	}
	timeline_merge(&time, &other);
	for (uint32_t i = 0; i < time.n; i++) {
		out += time.out[i];
		in += time.in[i];
	}
	assert_int_equal(out, want);
	assert_int_equal(in, 9000);
	assert_true(time.n <= TIME_COLUMNS && time.width_ns == 21600 * S);
	/* times of strangers: none may overflow */
	timeline_add(&time, (int64_t[]){ INT64_MIN, INT64_MAX }, 5, 5);
	assert_true(time.n <= TIME_COLUMNS);
}

/* In the direction of the house, whoever began. */
static void time_knows_out_from_in(void **state)
{
	KS_DROP(gather) struct gather *g = NULL;
	struct flow_view outward = flow_of(2, "192.168.1.5", "203.0.113.1", 443);
	struct flow_view inward = flow_of(4, "203.0.113.9", "192.168.1.5", 22);
	(void)state;

	assert_int_equal(gather_new(7, &g, NULL), KS_OK);
	slice_say(g, &outward, 1000, 10, 200);
	slice_say(g, &inward, 1000, 3000, 40000);
	assert_int_equal(g->time.n, 3);
	assert_int_equal(g->time.out[0] + g->time.out[1] + g->time.out[2], 40010);
	assert_int_equal(g->time.in[0] + g->time.in[1] + g->time.in[2], 3200);
}

static void request_say(struct gather *g, const struct flow_view *flow, uint64_t number,
    uint64_t frame)
{
	struct said_head head = head_of(flow, 50, frame);
	struct said_http http = { .version = 11, .number = number, .method = span_text("POST"),
		.uri = span_text("/v1?sn=1"), .host = span_text("telemetry.vendor.example") };
	struct said_http_end end = { .number = number, .body_bytes = 333, .complete = true };
	struct listener ears = gather_listener(g);

	ears.http(g, &head, &http);
	ears.http_end(g, &head, &end);
	head.side = SIDE_SERVER;
	http.response = true;
	http.status = 100;
	ears.http(g, &head, &http);
	http.status = 204;
	ears.http(g, &head, &http);
}

static void joins_question_and_answer(void **state)
{
	KS_DROP(gather) struct gather *g = NULL;
	struct flow_view flow = flow_of(2, "192.168.1.5", "203.0.113.1", 80);
	(void)state;

	assert_int_equal(gather_new(7, &g, NULL), KS_OK);
	request_say(g, &flow, 0, 10);
	request_say(g, &flow, 1, 20);
	assert_int_equal(g->http.n, 2);
	assert_int_equal(g->http_requests, 2);
	const struct http_row *row = rows_row(&g->http, 1);

	assert_int_equal(row->status, 204);
	assert_int_equal(row->request_bytes, 333);
	assert_string_equal(name_at(&g->names, row->uri), "/v1?sn=1");
}

static void tls_say(struct gather *g, const struct flow_view *flow, uint64_t frame)
{
	struct said_head head = head_of(flow, 60, frame);
	struct said_tls tls = { .when = TLS_HELLO, .sni = span_text("good.example"), .ja3 = "j3",
		.ja4 = "j4", .client_version = 0x0303 };
	struct listener ears = gather_listener(g);

	ears.tls(g, &head, &tls);
	head.side = SIDE_SERVER;
	tls.when = TLS_CHAIN;
	tls.certificate[0] = span_text("leaf");
	tls.certificate[1] = span_text("issuer");
	tls.certificates = 2;
	tls.certificate_visible = true;
	ears.tls(g, &head, &tls);
	tls.when = TLS_SETTLED;
	tls.version = 0x0303;
	tls.refused = REFUSED_YES;
	tls.alert_code = 48;
	ears.tls(g, &head, &tls);
}

static void keeps_certificates_once(void **state)
{
	KS_DROP(gather) struct gather *g = NULL;
	struct flow_view one = flow_of(2, "192.168.1.5", "203.0.113.1", 443);
	struct flow_view two = flow_of(4, "192.168.1.5", "203.0.113.1", 443);
	struct span der[GATHER_CHAIN];
	(void)state;

	assert_int_equal(gather_new(7, &g, NULL), KS_OK);
	tls_say(g, &one, 10);
	tls_say(g, &two, 20);
	tls_say(g, &two, 30); /* a second handshake in the same stream */
	assert_int_equal(g->tls.n, 3);
	assert_int_equal(g->tls_sessions, 3);
	assert_int_equal(g->certificates.n, 2);
	assert_int_equal(g->chains.n, 1);
	const struct tls_row *row = rows_row(&g->tls, 2);

	assert_int_equal(row->refused, REFUSED_YES);
	assert_int_equal(row->alert, 48);
	assert_int_equal(gather_chain(g, row->chain - 1, der), 2);
	assert_true(span_equal(der[1], "issuer"));
	assert_int_equal(((struct certificate_row *)rows_row(&g->certificates, 0))->seen, 3);
}

static void masks_what_is_secret(void **state)
{
	static const struct {
		const char *plain, *masked;
	} cases[] = { { "4132479807365555", "41************55" }, { "taro7@mail.example",
		"ta**************le" }, { "secret", "s****t" }, { "abc", "***" },
		{ "山田太郎商事株式会社", "山田******会社" }, { "", "" } };
	KS_DROP(gather) struct gather *g = NULL;
	(void)state;

	assert_int_equal(gather_new(7, &g, NULL), KS_OK);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_string_equal(name_at(&g->names, gather_masked(g, span_text(cases[i].plain))),
		    cases[i].masked);
	struct flow_view flow = flow_of(2, "192.168.1.5", "203.0.113.1", 21);
	struct said_head head = head_of(&flow, 1, 1);
	struct said_credential credential = { .how = "ftp", .user = span_text("administrator"),
		.secret = span_text("hunter2hunter2") };

	gather_listener(g).credential(g, &head, &credential);
	assert_int_equal(g->personal.n, 1);
	for (size_t at = 0; at + 7 <= g->names.used; at++)
		assert_false(memcmp(g->names.pool + at, "hunter2", 7) == 0);
}

/* Flows of one capture, spread over one gather or over three and merged: the same. */
/* Said to several: told of the first who heard it, whichever gather heard it, in any order. */
static void a_banner_is_of_who_heard_it_first(void **state)
{
	(void)state;
	for (int order = 0; order < 2; order++)
		for (int apart = 0; apart < 2; apart++) {
			struct gather *g[2] = { NULL, NULL };
			struct flow_view flows[] = { flow_of(8, "192.168.1.5", "203.0.113.1", 22),
				flow_of(4, "192.168.1.6", "203.0.113.1", 22) };
			const struct said_banner banner = { .service = "ssh", .text = span_text("SSH-2.0-x") };

			assert_int_equal(gather_new(7, &g[0], NULL), KS_OK);
			assert_int_equal(gather_new(7, &g[1], NULL), KS_OK);
			for (int i = 0; i < 2; i++) {
				struct said_head head = head_of(&flows[i ^ order], 5, (i ^ order) == 0 ? 40 : 9);

				head.side = SIDE_SERVER;
				gather_banner(g[apart ? i : 0], &head, &banner);
			}
			assert_int_equal(gather_merge(g[0], g[1], NULL), KS_OK);
			assert_int_equal(g[0]->banners.n, 1);
			const struct banner_row *row = rows_row(&g[0]->banners, 0);
			const struct host_row *client = rows_row(&g[0]->hosts, row->client);

			assert_int_equal(row->frame, 9);
			assert_memory_equal(&client->address, &flows[1].client, sizeof client->address);
			gather_free(g[0]);
			gather_free(g[1]);
		}
}

static void does_not_depend_on_threads(void **state)
{
	KS_DROP(gather) struct gather *all = NULL;
	struct gather *part[3];
	(void)state;

	assert_int_equal(gather_new(7, &all, NULL), KS_OK);
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(gather_new(7, &part[i], NULL), KS_OK);
	for (uint64_t i = 0; i < 90; i++) {
		char server[32];
		snprintf(server, sizeof server, "203.0.113.%u", (unsigned)(i % 7));
		struct flow_view flow = flow_of(2 * i + 2, "192.168.1.5", server, 443);

		for (int both = 0; both < 2; both++) {
			struct gather *g = both ? all : part[i * 5 % 3];

			slice_say(g, &flow, (int64_t)i * 100, i, 2 * i);
			tls_say(g, &flow, i);
			request_say(g, &flow, 0, i);
		}
	}
	for (size_t i = 1; i < 3; i++) {
		assert_int_equal(gather_merge(part[0], part[i], NULL), KS_OK);
		gather_free(part[i]);
	}
	assert_int_equal(part[0]->relations.n, all->relations.n);
	assert_int_equal(part[0]->entries.n, all->entries.n);
	assert_int_equal(part[0]->tls.n, all->tls.n);
	assert_int_equal(part[0]->http.n, all->http.n);
	assert_int_equal(part[0]->certificates.n, 2);
	for (uint32_t i = 0; i < all->relations.n; i++) {
		const struct relation_row *want = relation(all, i);
		char server[ADDRESS_TEXT];
		const struct host_row *host = rows_row(&all->hosts, want->key.server);
		struct relation_key key = want->key;

		(void)address_show(&host->address, server);
		key.client = gather_host(part[0], &((struct host_row *)rows_row(&all->hosts,
		    want->key.client))->address);
		key.server = gather_host(part[0], &host->address);
		const struct relation_row *got = rows_find(&part[0]->relations, &key);

		assert_non_null(got);
		assert_int_equal(got->bytes[1], want->bytes[1]);
		assert_int_equal(got->flows, want->flows);
		assert_int_equal(got->first_frame, want->first_frame);
	}
	assert_int_equal(((struct certificate_row *)rows_row(&part[0]->certificates, 1))->seen, 90);
	gather_free(part[0]);
}

/* Past the maximum nothing is added, and it is counted. */
static void counts_what_is_lost(void **state)
{
	struct rows rows;
	(void)state;

	rows_init(&rows, 16, 8, 100, 3);
	for (uint64_t key = 0; key < 150; key++) {
		bool is_new = false;
		void *row = rows_put(&rows, &key, &is_new);

		assert_int_equal(row != NULL, key < 100);
		assert_true(is_new);
	}
	assert_int_equal(rows.n, 100);
	assert_int_equal(rows.lost, 50);
	for (uint64_t key = 0; key < 150; key++)
		assert_int_equal(rows_find(&rows, &key) != NULL, key < 100);
	rows_end(&rows);

	struct names names;

	names_init(&names, 64, 3);
	assert_int_equal(name_put(&names, span_text("")), 0);
	assert_int_equal(name_put(&names, span_text("eins")), name_put(&names, span_text("eins")));
	assert_string_equal(name_at(&names, name_put(&names, span_of("a\0b", 3))), "a?b");
	names_done(&names);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sums_flows),
		cmocka_unit_test(time_keeps_every_byte),
		cmocka_unit_test(time_knows_out_from_in),
		cmocka_unit_test(joins_question_and_answer),
		cmocka_unit_test(keeps_certificates_once),
		cmocka_unit_test(masks_what_is_secret),
		cmocka_unit_test(a_banner_is_of_who_heard_it_first),
		cmocka_unit_test(does_not_depend_on_threads),
		cmocka_unit_test(counts_what_is_lost),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
