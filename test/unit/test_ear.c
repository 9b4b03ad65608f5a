/* test/unit/test_ear.c - the engine on made frames: streams put in order whatever the
 * order of arrival, holes declared, copies that differ told, ports used again, slices at
 * hours and pauses, streams that carry and that are quoted; the same with threads. */
#include "harness.h"
#include "wire/capture.h"
#include "wire/ear.h"
#include "base/text.h"
#include <stdio.h>
#include <stdlib.h>

struct heard {
	struct text text; /* a line for each event but slices */
	uint64_t frames, bytes;
	unsigned slices, began[3], ended[5];
	struct said_slice last;
	uint32_t handshake_us;
};

static void hear_slice(void *context, const struct said_head *head, const struct said_slice *slice)
{
	struct heard *heard = context;

	heard->slices++;
	heard->began[slice->began]++;
	heard->ended[slice->ended]++;
	heard->frames += slice->frames[0] + slice->frames[1];
	heard->bytes += slice->bytes[0] + slice->bytes[1];
	heard->last = *slice;
	if (head->flow->handshake_us > 0)
		heard->handshake_us = head->flow->handshake_us;
}
static void hear_odd(void *context, const struct said_head *head, const struct said_odd *odd)
{
	static const char *const names[] = { "gap", "overlap", "fragment", "lost", "malformed",
		"full", "twice", "clear" };

	text_addf(&((struct heard *)context)->text, "%s %llu side %d\n", names[odd->kind],
	    (unsigned long long)odd->count, head->side);
}
static void hear_http(void *context, const struct said_head *head, const struct said_http *http)
{
	struct text *text = &((struct heard *)context)->text;

	text_addf(text, "%s ", head->side == SIDE_CLIENT ? "ask" : "answer");
	text_add_span(text, http->response ? http->reason : http->uri);
	text_add(text, "\n");
}
static void hear_http_end(void *context, const struct said_head *head,
    const struct said_http_end *end)
{
	(void)head;
	if (end->response)
		text_addf(&((struct heard *)context)->text, "body %llu %s\n",
		    (unsigned long long)end->body_bytes, end->complete ? "whole" : "part");
}
static void hear_hop(void *context, const struct said_head *head, const struct said_hop *hop)
{
	(void)head;
	text_addf(&((struct heard *)context)->text, "hop %d ttl %d\n", hop->kind, hop->ttl);
}
static void hear_unknown(void *context, const struct said_head *head,
    const struct said_unknown *unknown)
{
	struct text *text = &((struct heard *)context)->text;

	text_add(text, "unknown ");
	text_add_span(text, unknown->first[head->side]);
	text_add(text, "\n");
}

struct stage {
	struct heard heard;
	struct listener listener;
	struct ear *ear;
	struct frame frame;
	uint8_t bytes[4096];
};

static void stage_begin(struct stage *stage)
{
	memset(stage, 0, sizeof *stage);
	text_init(&stage->heard.text, 1 << 16);
	stage->listener = (struct listener){ .context = &stage->heard, .slice = hear_slice,
		.odd = hear_odd, .http = hear_http, .http_end = hear_http_end, .hop = hear_hop,
		.unknown = hear_unknown };
	assert_int_equal(ear_new(&(struct ear_plan){ .seed = 3, .listeners = &stage->listener },
			     &stage->ear, NULL), KS_OK);
	stage->frame = (struct frame){ .link = 101, .time_ns = (int64_t)1800000000 * 1000000000 };
}

static struct ear_counts stage_end(struct stage *stage)
{
	struct ear_counts counts;

	ear_end(stage->ear);
	counts = ear_counts(stage->ear);
	ear_free(stage->ear);
	return counts;
}

static void put(uint8_t *at, uint32_t value, int width)
{
	while (width-- > 0)
		*at++ = (uint8_t)(value >> 8 * width);
}

/* An IPv4 packet between 192.0.2.1 (side 0) and 198.51.100.9, after `wait_ms`. */
static void stage_ip(struct stage *stage, int side, uint8_t protocol, uint8_t ttl,
    const void *payload, size_t n, int64_t wait_ms)
{
	uint8_t *p = stage->bytes;
	static const uint8_t hosts[2][4] = { { 192, 0, 2, 1 }, { 198, 51, 100, 9 } };

	memset(p, 0, 20);
	p[0] = 0x45;
	put(p + 2, (uint32_t)(20 + n), 2);
	p[8] = ttl;
	p[9] = protocol;
	memcpy(p + 12, hosts[side], 4);
	memcpy(p + 16, hosts[!side], 4);
	memcpy(p + 20, payload, n);
	stage->frame.bytes = span_of(p, 20 + n);
	stage->frame.length = (uint32_t)(20 + n);
	stage->frame.number++;
	stage->frame.time_ns += wait_ms * 1000000;
	ear_take(stage->ear, &stage->frame);
}

static void stage_tcp(struct stage *stage, int side, uint8_t flags, uint32_t seq, uint32_t ack,
    const char *text)
{
	uint8_t segment[2048] = { 0 };

	put(segment, side == 0 ? 40000 : 80, 2);
	put(segment + 2, side == 0 ? 80 : 40000, 2);
	put(segment + 4, seq, 4);
	put(segment + 8, ack, 4);
	segment[12] = 0x50;
	segment[13] = flags;
	put(segment + 14, 65535, 2);
	memcpy(segment + 20, text, strlen(text));
	stage_ip(stage, side, 6, 64, segment, 20 + strlen(text), 10);
}

static void stage_open(struct stage *stage)
{
	stage_tcp(stage, 0, 2, 99, 0, "");
	stage_tcp(stage, 1, 18, 499, 100, "");
	stage_tcp(stage, 0, 16, 100, 500, "");
}

static const char *const ask = "GET /a HTTP/1.1\r\nHost: h\r\n\r\n"; /* 28 bytes */
static const char *const answer = "HTTP/1.1 200 Fine\r\nContent-Length: 6\r\n\r\nabcdef"; /* 46 */

static void a_conversation_is_heard(void **state)
{
	struct stage s;

	(void)state;
	stage_begin(&s);
	stage_open(&s);
	stage_tcp(&s, 0, 24, 100, 500, ask);
	stage_tcp(&s, 1, 24, 500, 128, answer);
	stage_tcp(&s, 0, 17, 128, 546, "");
	stage_tcp(&s, 1, 17, 546, 129, "");
	struct ear_counts counts = stage_end(&s);

	assert_string_equal(text_cstr(&s.heard.text), "ask /a\nanswer Fine\nbody 6 whole\n");
	assert_int_equal(counts.tcp, 1);
	assert_int_equal(counts.hosts, 2);
	assert_int_equal(counts.frames, 7);
	assert_int_equal(s.heard.frames, 7);
	assert_int_equal(s.heard.bytes, counts.frame_bytes);
	assert_int_equal(s.heard.slices, 1);
	assert_int_equal(s.heard.handshake_us, 20000);
	text_done(&s.heard.text);
}

/* Every cut of the answer into three pieces, in every order of arrival, says the same. */
static void any_order_of_arrival_is_the_same(void **state)
{
	static const int orders[6][3] = { { 0, 1, 2 }, { 0, 2, 1 }, { 1, 0, 2 }, { 1, 2, 0 },
		{ 2, 0, 1 }, { 2, 1, 0 } };

	(void)state;
	for (size_t first = 1; first < 44; first += 6)
		for (int o = 0; o < 6; o++) {
			struct stage s;
			size_t cuts[4] = { 0, first, first + 1, strlen(answer) };

			stage_begin(&s);
			stage_open(&s);
			stage_tcp(&s, 0, 24, 100, 500, ask);
			for (int i = 0; i < 3; i++) {
				char part[64] = { 0 };
				size_t from = cuts[orders[o][i]], to = cuts[orders[o][i] + 1];

				memcpy(part, answer + from, to - from);
				stage_tcp(&s, 1, 24, 500 + (uint32_t)from, 128, part);
			}
			(void)stage_end(&s);
			assert_string_equal(text_cstr(&s.heard.text),
			    "ask /a\nanswer Fine\nbody 6 whole\n");
			text_done(&s.heard.text);
		}
}

static void a_hole_is_declared_once_acknowledged(void **state)
{
	struct stage s;

	(void)state;
	stage_begin(&s);
	stage_open(&s);
	stage_tcp(&s, 0, 24, 100, 500, ask);
	stage_tcp(&s, 1, 24, 500, 128, "HTTP/1.1 200 Fine\r\nContent-Length: 60\r\n\r\n");
	stage_tcp(&s, 1, 24, 551, 128, "later"); /* ten bytes never come */
	for (int i = 0; i < 6; i++)
		stage_tcp(&s, 0, 16, 128, 556, "");
	struct ear_counts counts = stage_end(&s);

	assert_non_null(strstr(text_cstr(&s.heard.text), "gap 10 side 1\n"));
	assert_int_equal(counts.gap_bytes, 10);
	assert_int_equal(s.heard.last.missing[1], 10);
	text_done(&s.heard.text);
}

static void copies_that_differ_are_told(void **state)
{
	struct stage s;

	(void)state;
	stage_begin(&s);
	stage_open(&s);
	stage_tcp(&s, 0, 24, 100, 500, ask);
	stage_tcp(&s, 0, 24, 100, 500, ask); /* the same again is no matter */
	stage_tcp(&s, 0, 24, 100, 500, "GET /b HTTP/1.1\r\nHost: h\r\n\r\n");
	stage_tcp(&s, 1, 24, 510, 128, "xxxx"); /* and while it waits */
	stage_tcp(&s, 1, 24, 508, 128, "yyyyyyyy");
	struct ear_counts counts = stage_end(&s);
	const char *text = text_cstr(&s.heard.text);

	assert_non_null(strstr(text, "overlap 28 side 0\n"));
	assert_non_null(strstr(text, "overlap 8 side 1\n"));
	assert_null(strstr(text, "ask /b")); /* the first copy wins */
	assert_int_equal(counts.overlaps, 2);
	assert_int_equal(s.heard.last.retransmits[0], 2);
	text_done(&s.heard.text);
}

static void ports_used_again_are_a_new_stream(void **state)
{
	struct stage s;

	(void)state;
	stage_begin(&s);
	stage_open(&s);
	stage_tcp(&s, 0, 2, 99, 0, ""); /* the same SYN again is not */
	stage_tcp(&s, 0, 2, 7000, 0, "");
	struct ear_counts counts = stage_end(&s);

	assert_int_equal(counts.tcp, 2);
	assert_int_equal(s.heard.slices, 2);
	assert_int_equal(s.heard.began[BEGAN_NEW], 2);
	text_done(&s.heard.text);
}

static void stage_udp(struct stage *stage, int side, const char *text, int64_t wait_ms)
{
	uint8_t datagram[256] = { 0 };

	put(datagram, side == 0 ? 50000 : 9999, 2);
	put(datagram + 2, side == 0 ? 9999 : 50000, 2);
	put(datagram + 4, (uint32_t)(8 + strlen(text)), 2);
	memcpy(datagram + 8, text, strlen(text));
	stage_ip(stage, side, 17, 64, datagram, 8 + strlen(text), wait_ms);
}

static void pauses_and_hours_cut_slices(void **state)
{
	struct stage s;

	(void)state;
	stage_begin(&s); /* 1800000000 is a full hour */
	stage_udp(&s, 0, "hello there", 1000);
	stage_udp(&s, 1, "hello too", 1000);
	stage_udp(&s, 0, "and again", 61000);     /* a pause */
	for (int i = 0; i < 70; i++)
		stage_udp(&s, 0, "on and on", 55000); /* an hour and more, no pause */
	stage_udp(&s, 0, "long after", 700000);   /* expired meanwhile */
	struct ear_counts counts = stage_end(&s);

	assert_int_equal(counts.udp, 1); /* no time-out makes another stream */
	assert_int_equal(s.heard.slices, 4);
	assert_int_equal(s.heard.began[BEGAN_NEW], 1);
	assert_int_equal(s.heard.began[BEGAN_AGAIN], 2);
	assert_int_equal(s.heard.began[BEGAN_GOES_ON], 1);
	assert_int_equal(s.heard.ended[ENDED_IDLE], 1);
	assert_int_equal(s.heard.ended[ENDED_CAPTURE], 1);
	assert_int_equal(s.heard.frames, 74);
	assert_string_equal(text_cstr(&s.heard.text),
	    "unknown hello there\nunknown hello too\nunknown long after\n");
	text_done(&s.heard.text);
}

/* Meanwhile and at the end the counts are the same; between two moments only what came. */
static void counts_of_now_have_fragments_too(void **state)
{
	uint64_t flows, memory;
	struct stage s;

	(void)state;
	stage_begin(&s);
	stage_udp(&s, 0, "hello there", 100);
	ear_flush(s.ear);
	struct ear_counts before = ear_counts_now(s.ear, &flows, &memory);

	assert_int_equal(before.frames, 1);
	assert_int_equal(before.fragments, 0);
	assert_int_equal(flows, 1);
	s.bytes[6] = 0x20; /* the first piece of something */
	s.frame.number++;
	ear_take(s.ear, &s.frame);
	ear_flush(s.ear);
	struct ear_counts now = ear_counts_now(s.ear, &flows, &memory);
	struct ear_counts since = ear_counts_since(&now, &before);

	assert_int_equal(now.fragments, 1);
	assert_int_equal(since.fragments, 1);
	assert_int_equal(since.frames, 1);
	assert_int_equal(since.frame_bytes, now.frame_bytes - before.frame_bytes);
	assert_int_equal(since.udp, 0);
	assert_int_equal(since.first_ns, now.first_ns);
	assert_int_equal(stage_end(&s).fragments, 1);
	text_done(&s.heard.text);
}

struct flows {
	struct said_flow list[8];
	uint64_t id[8];
	uint16_t client_port[8];
	bool opened[8];
	size_t n;
};

static void hear_flow(void *context, const struct said_head *head, const struct said_flow *flow)
{
	struct flows *flows = context;

	assert_true(flows->n < 8);
	flows->list[flows->n] = *flow;
	flows->opened[flows->n] = head->flow->opened;
	flows->client_port[flows->n] = head->flow->client_port;
	flows->id[flows->n++] = head->flow->id;
}

static void stage_flows(struct stage *stage, struct flows *flows)
{
	stage_begin(stage);
	ear_free(stage->ear);
	stage->listener = (struct listener){ .context = flows, .flow = hear_flow };
	*flows = (struct flows){ .n = 0 };
	assert_int_equal(ear_new(&(struct ear_plan){ .seed = 3, .listeners = &stage->listener },
			     &stage->ear, NULL), KS_OK);
}

/* However long it lived, over pauses, hours and reports, it is told once, when it ends. */
static void a_flow_is_told_whole_when_it_ends(void **state)
{
	struct flows flows;
	struct stage s;

	(void)state;
	stage_flows(&s, &flows);
	int64_t begin = s.frame.time_ns + 10000000;

	stage_open(&s);
	stage_tcp(&s, 0, 24, 100, 500, ask);
	s.frame.time_ns += (int64_t)100000000000; /* a pause */
	stage_tcp(&s, 1, 24, 500, 128, answer);
	ear_report(s.ear, s.frame.time_ns, 0);
	assert_int_equal(flows.n, 0);
	stage_tcp(&s, 1, 24, 500, 128, answer); /* sent again */
	stage_tcp(&s, 0, 17, 128, 546, "");
	stage_tcp(&s, 1, 17, 546, 129, "");
	stage_udp(&s, 0, "hello", 700000); /* meanwhile the other one has expired */
	assert_int_equal(flows.n, 1);
	const struct said_flow *f = &flows.list[0];

	assert_string_equal(f->history, "ShADdtFf");
	assert_int_equal(f->frames[0], 4);
	assert_int_equal(f->frames[1], 4);
	assert_int_equal(f->payload[0], 28);
	assert_int_equal(f->payload[1], 92);
	assert_int_equal(f->retransmits[1], 1);
	assert_int_equal(f->bytes[0], 4 * 40 + 28);
	assert_int_equal(f->first_ns, begin);
	assert_int_equal(f->last_ns - f->first_ns, (int64_t)100070000000);
	assert_int_equal(f->ended, ENDED_CLOSED);
	assert_true(flows.opened[0]);
	assert_int_equal(flows.id[0], 2);
	(void)stage_end(&s);
	assert_int_equal(flows.n, 2);
	assert_string_equal(flows.list[1].history, "D");
	assert_int_equal(flows.list[1].ended, ENDED_CAPTURE);
	text_done(&s.heard.text);
}

/* A diary is used again by the next flow, and begins empty. */
static void ports_used_again_are_another_flow(void **state)
{
	struct flows flows;
	struct stage s;

	(void)state;
	stage_flows(&s, &flows);
	stage_open(&s);
	stage_tcp(&s, 1, 4, 500, 0, "");
	stage_tcp(&s, 0, 2, 7000, 0, "");
	stage_tcp(&s, 1, 20, 0, 7001, "");
	(void)stage_end(&s);
	assert_int_equal(flows.n, 2);
	assert_string_equal(flows.list[0].history, "ShAr");
	assert_string_equal(flows.list[1].history, "Sr");
	assert_int_equal(flows.list[1].frames[0], 1);
	assert_int_equal(flows.list[1].frames[1], 1);
	text_done(&s.heard.text);
}

/* Without the SYN the first to speak is taken for the client, until its hello shows a server:
 * counts, histories and the order of both streams change places; pieces may come twice and
 * before their turn. */
static void a_server_that_spoke_first_is_turned(void **state)
{
	static const char hello[] = "\x16\x03\x03\x00\x2c\x02\x00\x00\x28\x03\x03" /* 44 of a ServerHello */
	    "ssssssssssssssssssssssssssssssss\x00\xc0\x2f\x00\x00\x00";
	enum { HELLO = 49, PART = 20, SEALED = 25 };
	static const char sealed[] = "\x16\x03\x03\x00\x14" "cccccccccccccccccccc";
	static const struct { int side; uint32_t seq; const char *bytes; size_t n; } orders[2][7] = {
		{ { 1, 500, hello, PART }, { 1, 500 + PART, hello + PART, HELLO - PART }, { 0, 100, sealed, SEALED },
		    { 1, 500 + HELLO, sealed, SEALED }, { 0, 100 + SEALED, sealed, SEALED } },
		{ { 1, 500, hello, PART }, { 1, 500, hello, PART }, { 0, 100 + SEALED, sealed, SEALED },
		    { 1, 500 + PART, hello + PART, HELLO - PART }, { 0, 100, sealed, SEALED },
		    { 0, 100, sealed, SEALED }, { 1, 500 + HELLO, sealed, SEALED } } };

	(void)state;
	for (int o = 0; o < 2; o++) {
		struct flows flows;
		struct stage s;
		uint8_t segment[2048];

		stage_flows(&s, &flows);
		for (int i = 0; i < 7 && orders[o][i].n > 0; i++) {
			int side = orders[o][i].side;

			memset(segment, 0, 20);
			put(segment, side == 0 ? 40000 : 8443, 2);
			put(segment + 2, side == 0 ? 8443 : 40000, 2);
			put(segment + 4, orders[o][i].seq, 4);
			put(segment + 8, side == 0 ? 500 : 100, 4);
			segment[12] = 0x50;
			segment[13] = 24;
			put(segment + 14, 65535, 2);
			memcpy(segment + 20, orders[o][i].bytes, orders[o][i].n);
			stage_ip(&s, side, 6, 64, segment, 20 + orders[o][i].n, 10);
		}
		(void)stage_end(&s);
		const struct said_flow *f = &flows.list[0];

		assert_int_equal(flows.n, 1);
		assert_int_equal(flows.client_port[0], 40000);
		assert_int_equal(f->frames[SIDE_CLIENT], o == 0 ? 2 : 3);
		assert_int_equal(f->frames[SIDE_SERVER], o == 0 ? 3 : 4);
		assert_int_equal(f->payload[SIDE_CLIENT], SEALED * (o == 0 ? 2 : 3));
		assert_int_equal(f->payload[SIDE_SERVER], HELLO + SEALED + (o == 0 ? 0 : PART));
		assert_int_equal(f->missing[0] + f->missing[1], 0);
		assert_int_equal(f->retransmits[SIDE_CLIENT], o == 0 ? 0 : 2);
		assert_int_equal(f->retransmits[SIDE_SERVER], o == 0 ? 0 : 1);
		assert_string_equal(f->history, o == 0 ? "dD" : "dtDT");
		text_done(&s.heard.text);
	}
}

/* Live, a flow is told when it was closed a moment ago, once, and what comes late tells it no
 * second time; what is silent ends by the clock alone when that is wanted. */
static void a_tick_tells_what_is_over(void **state)
{
	struct flows flows;
	struct stage s;

	(void)state;
	stage_flows(&s, &flows);
	stage_udp(&s, 0, "hello", 10);
	stage_open(&s);
	stage_tcp(&s, 0, 24, 100, 500, ask);
	stage_tcp(&s, 0, 17, 128, 500, "");
	ear_tick(s.ear, s.frame.time_ns + 900000000, false); /* the other side is open still */
	assert_int_equal(flows.n, 0);
	stage_tcp(&s, 1, 17, 500, 129, "");
	ear_tick(s.ear, s.frame.time_ns + 100000000, false);
	assert_int_equal(flows.n, 0);
	ear_tick(s.ear, s.frame.time_ns + 900000000, false);
	assert_int_equal(flows.n, 1);
	assert_string_equal(flows.list[0].history, "ShADFf");
	assert_int_equal(flows.list[0].ended, ENDED_CLOSED);
	assert_int_equal(flows.list[0].frames[0], 4);
	stage_tcp(&s, 0, 16, 129, 501, "");
	stage_tcp(&s, 1, 17, 500, 129, "");
	ear_tick(s.ear, s.frame.time_ns + 900000000, false);
	ear_tick(s.ear, s.frame.time_ns + (int64_t)700 * 1000000000, false);
	assert_int_equal(flows.n, 1);
	ear_tick(s.ear, s.frame.time_ns + (int64_t)700 * 1000000000, true);
	assert_int_equal(flows.n, 2);
	assert_int_equal(flows.list[1].ended, ENDED_IDLE);
	struct ear_counts counts = stage_end(&s);

	assert_int_equal(flows.n, 2);
	assert_int_equal(counts.tcp, 1);
	text_done(&s.heard.text);
}

/* Also of a flow that began in the very second of the report. */
static void a_report_tells_all_that_was_heard(void **state)
{
	struct stage s;

	(void)state;
	stage_begin(&s);
	stage_udp(&s, 0, "hello there", 1300);
	stage_udp(&s, 1, "hello too", 200);
	ear_report(s.ear, s.frame.time_ns, 0);
	assert_int_equal(s.heard.slices, 1);
	assert_int_equal(s.heard.began[BEGAN_NEW], 1);
	assert_int_equal(s.heard.frames, 2);
	ear_report(s.ear, s.frame.time_ns, 0); /* nothing new */
	assert_int_equal(s.heard.slices, 1);
	stage_udp(&s, 0, "hello again", 300);
	ear_report(s.ear, s.frame.time_ns, (int64_t)10000000000); /* too young for this one */
	assert_int_equal(s.heard.slices, 1);
	(void)stage_end(&s);
	assert_int_equal(s.heard.slices, 2);
	assert_int_equal(s.heard.began[BEGAN_GOES_ON], 1);
	assert_int_equal(s.heard.frames, 3);
	text_done(&s.heard.text);
}

static void a_quoted_stream_counts_and_a_small_ttl_is_told(void **state)
{
	struct stage s;
	uint8_t icmp[64] = { 11, 0 };

	(void)state;
	stage_begin(&s);
	stage_ip(&s, 0, 17, 3, "\xc3\x50\x82\x9a\0\x0c\0\0probe", 12, 1);
	icmp[8] = 0x45; /* quotes another one, which was not captured */
	put(icmp + 10, 32, 2);
	icmp[16] = 1;
	icmp[17] = 17;
	memcpy(icmp + 20, "\xc0\0\x02\x01\xc6\x33\x64\x09\xc3\x51\x82\x9b\0\x0c\0\0", 16);
	stage_ip(&s, 1, 1, 60, icmp, 36, 1);
	struct ear_counts counts = stage_end(&s);

	assert_int_equal(counts.udp, 2);
	assert_int_equal(counts.other, 1);
	assert_int_equal(counts.frames, 2);
	assert_int_equal(s.heard.frames, 2);
	assert_non_null(strstr(text_cstr(&s.heard.text), "hop 0 ttl 3\n"));
	assert_non_null(strstr(text_cstr(&s.heard.text), "hop 1 ttl 1\n"));
	text_done(&s.heard.text);
}

static void a_full_table_evicts_and_counts(void **state)
{
	struct heard heard = { .frames = 0 };
	struct listener listener = { .context = &heard, .slice = hear_slice };
	struct ear_plan plan = { .seed = 5, .listeners = &listener, .memory = 512 * 1024 };
	struct ear *ear = NULL;
	uint8_t p[28] = { 0x45, 0, 0, 28, 0, 0, 0, 0, 64, 17, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2 };
	struct frame frame = { .link = 101, .time_ns = 1000000000, .bytes = span_of(p, sizeof p),
		.length = sizeof p };

	(void)state;
	assert_int_equal(ear_new(&plan, &ear, NULL), KS_OK);
	p[25] = 8;
	for (uint32_t i = 0; i < 20000; i++) {
		put(p + 20, 1000 + i % 60000, 2);
		p[15] = (uint8_t)(1 + i / 10000);
		frame.number++;
		ear_take(ear, &frame);
	}
	ear_end(ear);
	struct ear_counts counts = ear_counts(ear);

	assert_int_equal(counts.udp, 20000);
	assert_true(counts.evicted > 10000 && counts.evicted < 20000);
	assert_int_equal(heard.frames, 20000);
	assert_int_equal(heard.ended[ENDED_EVICTED], counts.evicted);
	ear_free(ear);
}

/* 802.11: two frames of Ethernet in one (A-MSDU), from two stations to one. */
/* Of many blocks of flows each is told once, while those before it are given back. */
static void many_flows_are_told_at_the_end(void **state)
{
	enum { MANY = 5000 };
	struct stage stage;
	uint8_t datagram[12] = { 0, 0, 0, 9, 0, 12 };

	(void)state;
	stage_begin(&stage);
	for (uint32_t i = 0; i < MANY; i++) {
		put(datagram, 10000 + i, 2);
		put(datagram + 8, i, 4);
		stage_ip(&stage, 0, 17, 64, datagram, sizeof datagram, 1);
	}
	struct ear_counts counts = stage_end(&stage);

	assert_int_equal(counts.udp, MANY);
	assert_int_equal(counts.evicted, 0);
	assert_int_equal(stage.heard.slices, MANY);
	assert_int_equal(stage.heard.frames, MANY);
	assert_int_equal(stage.heard.ended[ENDED_CAPTURE], MANY);
	text_done(&stage.heard.text);
}

static void several_frames_in_one_are_split(void **state)
{
	static const uint8_t head[] = { 0x88, 0x01, 0, 0, 2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 2, 0, 0, 0,
		0, 3, 0, 0, 0x80, 0 };
	struct stage stage;
	uint8_t *at = stage.bytes;

	(void)state;
	stage_begin(&stage);
	memcpy(at, head, sizeof head);
	at += sizeof head;
	for (uint8_t i = 0; i < 2; i++) {
		const uint8_t one[] = { 2, 0, 0, 0, 0, 9, 2, 0, 0, 0, 0, 4 + i, 0, 39, 0xaa, 0xaa, 3, 0, 0, 0,
			8, 0, 0x45, 0, 0, 31, 0, 0, 0, 0, 64, 17, 0, 0, 10, 0, 0, 5 + i, 10, 0, 0, 9, 0x20, 0,
			0x30, 0, 0, 11, 0, 0, 'a', 'b', '0' + i };

		memcpy(at, one, sizeof one);
		at += sizeof one;
		for (; i == 0 && (at - stage.bytes - (ptrdiff_t)sizeof head) % 4 != 0; at++)
			*at = 0;
	}
	stage.frame.link = 105;
	stage.frame.number = 1;
	stage.frame.length = (uint32_t)(at - stage.bytes);
	stage.frame.bytes = span_of(stage.bytes, stage.frame.length);
	ear_take(stage.ear, &stage.frame);
	ear_end(stage.ear);
	struct ear_counts counts = ear_counts(stage.ear);

	assert_int_equal(counts.frames, 1);
	assert_int_equal(counts.udp, 2);
	assert_int_equal(counts.frame_bytes, stage.frame.length);
	assert_int_equal(stage.heard.bytes, stage.frame.length);
	assert_string_equal(text_cstr(&stage.heard.text), "unknown ab0\nunknown ab1\n");
	ear_free(stage.ear);
	text_done(&stage.heard.text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_conversation_is_heard),
		cmocka_unit_test(any_order_of_arrival_is_the_same),
		cmocka_unit_test(a_hole_is_declared_once_acknowledged),
		cmocka_unit_test(copies_that_differ_are_told),
		cmocka_unit_test(ports_used_again_are_a_new_stream),
		cmocka_unit_test(pauses_and_hours_cut_slices),
		cmocka_unit_test(a_report_tells_all_that_was_heard),
		cmocka_unit_test(a_flow_is_told_whole_when_it_ends),
		cmocka_unit_test(counts_of_now_have_fragments_too),
		cmocka_unit_test(ports_used_again_are_another_flow),
		cmocka_unit_test(a_quoted_stream_counts_and_a_small_ttl_is_told),
		cmocka_unit_test(several_frames_in_one_are_split),
		cmocka_unit_test(many_flows_are_told_at_the_end),
		cmocka_unit_test(a_full_table_evicts_and_counts),
		cmocka_unit_test(a_server_that_spoke_first_is_turned),
		cmocka_unit_test(a_tick_tells_what_is_over),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
