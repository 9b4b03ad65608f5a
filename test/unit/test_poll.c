/* test/unit/test_poll.c - the poller over a transport that is played: a thousand
 * devices, some of them dead, on a real loop. */
#include "harness.h"
#include "sense/poll.h"
#include "sense/poll_ping.h"
#include "sense/poll_talk.h"
#include "sense/snmp/varbind.h"
#include "sense/transport.h"
#include "sense/transport_address.h"
#include "sense/transport_secret.h"
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* A device of the fake transport answers after a few milliseconds, or never. */
struct fake {
	struct channel channel;
	const struct ask *ask;
	bool dead;
	unsigned deaf; /* asks that it will not hear */
	uint64_t lost_at;
	uv_timer_t *timer;
};

static unsigned asked, flying, most_flying;

static void fake_answer(uv_timer_t *timer)
{
	struct fake *fake = timer->data;
	struct text reply;
	struct span send, packed;

	text_init(&reply, 1000);
	send = span_of(fake->ask->send, fake->ask->send_n);
	assert_true(ask_oid_cut(&send, &packed));
	varbind_add(&reply, &(struct varbind){ .oid = packed, .type = VAR_TICKS, .number = 4200 });
	fake->ask = NULL;
	flying--;
	fake->channel.deadline = UINT64_MAX;
	fake->channel.answer(fake->channel.user, KS_OK, text_span(&reply), NULL);
	text_done(&reply);
}

static int fake_open(struct hub *hub, const struct channel_about *about,
    struct channel **ret_channel, struct why *why)
{
	struct fake *fake = calloc(1, sizeof *fake);

	(void)why;
	fake->channel = (struct channel){ .hub = hub, .clear = true, .deadline = UINT64_MAX };
	fake->dead = strstr(about->name, "dead") != NULL;
	fake->timer = calloc(1, sizeof *fake->timer);
	(void)uv_timer_init(hub->loop, fake->timer);
	fake->timer->data = fake;
	extern const struct channel_kind fake_kind;
	fake->channel.kind = &fake_kind;
	*ret_channel = &fake->channel;
	return KS_OK;
}

static int fake_ask(struct channel *channel, const struct ask *ask, struct why *why)
{
	struct fake *fake = (struct fake *)channel;

	(void)why;
	assert_null(fake->ask);
	asked++;
	if (++flying > most_flying)
		most_flying = flying;
	fake->ask = ask;
	if (fake->dead || fake->deaf > 0)
		channel->deadline = uv_now(channel->hub->loop) + 200;
	else
		(void)uv_timer_start(fake->timer, fake_answer, 5, 0);
	return KS_OK;
}

static void fake_tick(struct channel *channel, uint64_t now)
{
	struct fake *fake = (struct fake *)channel;
	struct why why = { 0 };

	(void)now;
	flying--;
	fake->ask = NULL;
	fake->deaf -= fake->deaf > 0;
	channel->deadline = UINT64_MAX;
	(void)fail(&why, KS_LATE, "nobody");
	channel->answer(channel->user, KS_LATE, (struct span){ 0 }, &why);
}

static void fake_rest(struct channel *channel, bool healthy)
{
	(void)channel;
	(void)healthy;
}

static void fake_close(struct channel *channel)
{
	struct fake *fake = (struct fake *)channel;

	uv_close((uv_handle_t *)fake->timer, (uv_close_cb)free);
	free(fake);
}

const struct channel_kind fake_kind = { .open = fake_open, .ask = fake_ask,
	.tick = fake_tick, .rest = fake_rest, .close = fake_close };
static const struct channel_kind *const fake_kinds[TRANSPORTS] = { [VIA_SNMP] = &fake_kind };

/* What came of each host. */
enum { HOSTS = 1000, PERIOD_MS = 1000 };
struct seen {
	uint64_t last, longest, shortest, n;
	unsigned down, up, absent;
};
static struct seen seen[HOSTS];
static struct series series_of[4 * HOSTS];
static uint32_t series_n;
static uv_loop_t loop;
static unsigned batches, biggest;

static int64_t fixed_now(void *user)
{
	(void)user;
	return 1786479000000;
}

static void take_series(void *user, const struct series *series)
{
	(void)user;
	assert_true(series_n < 4 * HOSTS);
	assert_int_equal(series->number, series_n); /* numbered from 0, each announced once */
	series_of[series_n++] = *series;
}

static void take_readings(void *user, const struct reading *readings, size_t n)
{
	(void)user;
	batches++;
	biggest = n > biggest ? (unsigned)n : biggest;
	assert_in_range(n, 1, POLL_BATCH);
	for (size_t i = 0; i < n; i++) {
		assert_true(readings[i].series < series_n);
		const struct series *series = &series_of[readings[i].series];
		struct seen *s = &seen[series->subject];
		uint64_t now = uv_now(&loop);

		assert_int_equal(readings[i].time_ms, 1786479000000);
		if (series->kind == MEASURE_UPTIME) {
			if (readings[i].quality == QUALITY_ABSENT)
				s->absent++;
			else
				assert_int_equal(readings[i].milli, 42000);
			continue;
		}
		assert_int_equal(series->kind, MEASURE_REACH);
		assert_true(series->clear); /* as the channel says */
		if (readings[i].milli == 0) {
			s->down++;
			continue;
		}
		if (s->up++ > 1) { /* the first gap only finds the even place */
			uint64_t gap = now - s->last;

			s->longest = gap > s->longest ? gap : s->longest;
			s->shortest = gap < s->shortest || s->n == 0 ? gap : s->shortest;
			s->n++;
		}
		s->last = now;
	}
}

static void stop_loop(uv_timer_t *timer)
{
	uv_stop(timer->loop);
}

/* How long others kept the processor from us: what may be missing is not ours. */
static uint64_t beat_at, stall;

static void beat(uv_timer_t *timer)
{
	uint64_t now = uv_hrtime() / 1000000;

	(void)timer;
	if (beat_at != 0 && now - beat_at > stall + 20)
		stall = now - beat_at - 20;
	beat_at = now;
}

static void run_for(uint64_t ms)
{
	uv_timer_t timer, heart;

	beat_at = 0;
	(void)uv_timer_init(&loop, &heart);
	(void)uv_timer_start(&heart, beat, 20, 20);
	(void)uv_timer_init(&loop, &timer);
	(void)uv_timer_start(&timer, stop_loop, ms, 0);
	(void)uv_run(&loop, UV_RUN_DEFAULT);
	uv_close((uv_handle_t *)&timer, NULL);
	uv_close((uv_handle_t *)&heart, NULL);
	(void)uv_run(&loop, UV_RUN_NOWAIT);
}

static void one_percent_dead_delays_nobody(void **state)
{
	static struct host hosts[HOSTS];
	static char names[HOSTS][16], addresses[HOSTS][24];
	struct site site = { .id = "s", .hosts = hosts, .hosts_n = HOSTS };
	struct poll_options options = { .now_ms = fixed_now, .series = take_series,
		.readings = take_readings, .kinds = fake_kinds, .factor = 1 };
	struct poller *poller = NULL;
	struct mallinfo2 before, after;

	(void)state;
	(void)uv_loop_init(&loop);
	for (unsigned i = 0; i < HOSTS; i++) {
		(void)snprintf(names[i], sizeof names[i], i % 100 == 7 ? "dead%u" : "h%u", i);
		(void)snprintf(addresses[i], sizeof addresses[i], "127.1.%u.%u", i / 250, i % 250);
		hosts[i] = (struct host){ .id = names[i], .name = names[i],
			.address = addresses[i], .check = "snmp", .every_ms = PERIOD_MS };
	}
	assert_int_equal(poller_new(&loop, &site, &options, NULL, &poller, NULL), KS_OK);
	run_for(3000);
	before = mallinfo2();
	run_for(4000);
	after = mallinfo2();
	struct poll_counts counts = poller_counts(poller);

	assert_int_equal(counts.devices, HOSTS);
	assert_int_equal(counts.dead, HOSTS / 100);
	assert_in_range(most_flying, 1, LIMIT_POLL_FLIGHT);
	assert_true(biggest > 1); /* readings are handed on in batches */
	/* memory is flat: four more rounds of all devices cost nothing (a sanitizer's
	 * allocator answers 0 here, its leak check sees to the rest) */
	assert_true(after.uordblks < before.uordblks + 64 * 1024);
	unsigned off = 0;

	for (unsigned i = 0; i < HOSTS; i++) {
		if (i % 100 == 7) {
			assert_int_equal(seen[i].up, 0);
			assert_in_range(seen[i].down, 1, 4); /* said, and less and less often */
			continue;
		}
		assert_int_equal(seen[i].down, 0);
		assert_true(seen[i].n >= 3);
		off += seen[i].longest > PERIOD_MS * 6 / 5 + stall ||
		    seen[i].shortest + stall < PERIOD_MS * 4 / 5;
	}
	assert_int_equal(off, 0);
	poller_free(poller);
	(void)uv_run(&loop, UV_RUN_DEFAULT);
	assert_int_equal(uv_loop_close(&loop), 0);
}

static void starts_are_spread_evenly(void **state)
{
	(void)state; /* of the run above: starts are gathered for a tenth of the period */
	assert_in_range(most_flying, 1, HOSTS / 10 + HOSTS / 50 + stall * HOSTS / PERIOD_MS);
}

/* Real sockets on loopback: a port that listens, one that refuses, echo with and
 * without a socket for it. */
enum { REACH_HOSTS = 4 };
static struct reading reach_of[REACH_HOSTS];
static unsigned reach_n[REACH_HOSTS], troubles_n;
static uint32_t subject_of[64];

static void note_series(void *user, const struct series *series)
{
	(void)user;
	assert_int_equal(series->kind, MEASURE_REACH);
	assert_false(series->clear);
	subject_of[series->number % 64] = series->subject;
}

static void note_readings(void *user, const struct reading *readings, size_t n)
{
	(void)user;
	for (size_t i = 0; i < n; i++) {
		uint32_t subject = subject_of[readings[i].series % 64];

		reach_of[subject] = readings[i];
		reach_n[subject]++;
	}
}

static void note_trouble(void *user, const char *id, const struct why *why)
{
	(void)user;
	(void)id;
	troubles_n += why != NULL;
}

static void greet(uv_stream_t *server, int status)
{
	uv_tcp_t *peer = malloc(sizeof *peer);

	assert_int_equal(status, 0);
	(void)uv_tcp_init(server->loop, peer);
	assert_int_equal(uv_accept(server, (uv_stream_t *)peer), 0);
	uv_close((uv_handle_t *)peer, (uv_close_cb)free);
}

static uint16_t listen_somewhere(uv_tcp_t *server)
{
	struct sockaddr_in here;
	struct sockaddr_storage bound;
	int n = sizeof bound;

	(void)uv_ip4_addr("127.0.0.1", 0, &here);
	(void)uv_tcp_init(&loop, server);
	assert_int_equal(uv_tcp_bind(server, (struct sockaddr *)&here, 0), 0);
	assert_int_equal(uv_listen((uv_stream_t *)server, 8, greet), 0);
	assert_int_equal(uv_tcp_getsockname(server, (struct sockaddr *)&bound, &n), 0);
	return ntohs(((struct sockaddr_in *)(void *)&bound)->sin_port);
}

static void reach_by_tcp_and_by_echo(void **state)
{
	char open_port[16], shut_port[16];
	uv_tcp_t server, shut;
	struct host hosts[REACH_HOSTS] = {
		{ .id = "up", .address = "127.0.0.1", .check = open_port, .every_ms = 2000 },
		{ .id = "refused", .address = "127.0.0.1", .check = shut_port, .every_ms = 2000 },
		{ .id = "ping4", .address = "127.0.0.1", .check = "ping", .every_ms = 2000 },
		{ .id = "ping6", .address = "::1", .every_ms = 2000 },
	};
	struct site site = { .id = "s", .hosts = hosts, .hosts_n = REACH_HOSTS };
	struct poll_options options = { .now_ms = fixed_now, .series = note_series,
		.readings = note_readings, .trouble = note_trouble, .factor = 10, .seed = 77,
		.icmp6 = -1, .icmp_why = "the test gave none" };
	struct poller *poller = NULL, *again = NULL;

	(void)state;
	(void)uv_loop_init(&loop);
	(void)snprintf(open_port, sizeof open_port, "tcp:%u", listen_somewhere(&server));
	(void)snprintf(shut_port, sizeof shut_port, "tcp:%u", listen_somewhere(&shut));
	uv_close((uv_handle_t *)&shut, NULL);
	options.icmp4 = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, IPPROTO_ICMP);
	if (options.icmp4 < 0)
		options.icmp4 = socket(AF_INET, SOCK_RAW | SOCK_NONBLOCK, IPPROTO_ICMP);
	assert_int_equal(poller_new(&loop, &site, &options, NULL, &poller, NULL), KS_OK);
	run_for(700);
	for (unsigned i = 0; i < REACH_HOSTS; i++)
		assert_true(reach_n[i] >= 1);
	assert_int_equal(reach_of[0].milli, 1000);
	assert_int_equal(reach_of[0].quality, QUALITY_OK);
	assert_int_equal(reach_of[1].milli, 0); /* a definite no */
	assert_int_equal(reach_of[1].doubt, DOUBT_CLOSED);
	if (options.icmp4 > 0)
		assert_int_equal(reach_of[2].milli, 1000);
	assert_int_equal(reach_of[3].quality, QUALITY_ABSENT); /* not "down" */
	assert_true(troubles_n >= 2);
	/* a reload goes on counting series */
	assert_int_equal(poller_new(&loop, &site, &options, poller, &again, NULL), KS_OK);
	memset(reach_n, 0, sizeof reach_n);
	run_for(700);
	assert_true(reach_n[0] >= 1);
	assert_int_equal(reach_of[0].milli, 1000);
	assert_true(reach_of[0].series >= REACH_HOSTS);
	poller_free(again);
	uv_close((uv_handle_t *)&server, NULL);
	(void)uv_run(&loop, UV_RUN_DEFAULT);
	assert_int_equal(uv_loop_close(&loop), 0);
	if (options.icmp4 > 0)
		(void)close(options.icmp4);
}

static void addresses_in_all_their_forms(void **state)
{
	static const struct {
		const char *text, *host;
		uint16_t port;
	} rows[] = { { "10.0.0.1", "10.0.0.1", 7 }, { "10.0.0.1:161", "10.0.0.1", 161 },
		{ "[fe80::1]:99", "fe80::1", 99 }, { "fe80::1", "fe80::1", 7 },
		{ "https://bmc.example:8443/redfish/v1", "bmc.example", 8443 },
		{ "ups@nas:3493", "nas", 3493 }, { "host:0", NULL, 0 }, { "host:65536", NULL, 0 },
		{ "", NULL, 0 }, { "[]:1", NULL, 0 } };

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char host[HOST_ROOM];
		uint16_t port = 0;
		int code = address_split(span_text(rows[i].text), 7, host, &port, NULL);

		assert_int_equal(code, rows[i].host != NULL ? KS_OK : KS_MALFORMED);
		if (code == KS_OK) {
			assert_string_equal(host, rows[i].host);
			assert_int_equal(port, rows[i].port);
		}
	}
}

static void secrets_as_people_write_them(void **state)
{
	struct secret secret = { 0 };
	struct why why = { 0 };

	(void)state;
	assert_int_equal(secret_read(span_text("  public\n"), &secret, NULL), KS_OK);
	assert_true(span_equal(secret.alone, "public"));
	assert_int_equal(secret_read(span_text("pa=ss=word"), &secret, NULL), KS_OK);
	assert_true(span_equal(secret.alone, "pa=ss=word"));
	assert_int_equal(secret_read(span_text("# v3\nuser=watch auth=SHA-256\n"
					       "authpass=\"two words\" priv=AES privpass=x#y\n"),
			     &secret, NULL), KS_OK);
	assert_true(span_equal(secret.user, "watch"));
	assert_true(span_equal(secret.authpass, "two words"));
	assert_true(span_equal(secret.privpass, "x#y"));
	assert_int_equal(secret.alone.left, 0);
	assert_int_equal(secret_read(span_text("user=a\nsesame\n"), &secret, &why), KS_MALFORMED);
	assert_null(strstr(why.text, "sesame")); /* never the content */
	assert_int_equal(secret_read(span_text("one\ntwo\n"), &secret, NULL), KS_MALFORMED);
}

static void only_our_own_echo_counts(void **state)
{
	uint8_t packet[PING_BYTES + 20] = { 0x45 };
	uint32_t who = 0, number = 0, sum = 0;

	(void)state;
	ping_write(false, 12, 345, 99, packet + 20);
	for (unsigned i = 20; i < sizeof packet; i += 2)
		sum += (uint32_t)packet[i] << 8 | packet[i + 1];
	assert_int_equal(((sum >> 16) + sum) & 0xffff, 0xffff); /* RFC 1071 */
	assert_false(ping_read(span_of(packet + 20, PING_BYTES), false, false, 99, &who, &number));
	packet[20] = 0; /* a reply now */
	assert_true(ping_read(span_of(packet + 20, PING_BYTES), false, false, 99, &who, &number));
	assert_int_equal(who, 12);
	assert_int_equal(number, 345);
	assert_true(ping_read(span_of(packet, sizeof packet), false, true, 99, &who, &number));
	assert_false(ping_read(span_of(packet, sizeof packet), false, true, 98, &who, &number));
	packet[20 + 15] ^= 1;
	assert_false(ping_read(span_of(packet, sizeof packet), false, true, 99, &who, &number));
	for (size_t n = 0; n < PING_BYTES; n++)
		assert_false(ping_read(span_of(packet + 20, n), false, false, 99, &who, &number));
}

/* A driver of one ask that may fail; `heard` says whether its reply came. */
static bool heard;
static int one_ask(struct talk *talk, struct ask *ret_ask, struct why *why)
{
	(void)why;
	if (talk->turn > 0)
		return KS_OK;
	uint8_t oid[4] = { 1 };

	ret_ask->what = ASK_GET;
	ret_ask->may_fail = true;
	return ask_oid(span_of(oid, sizeof oid), ret_ask->send, sizeof ret_ask->send,
	    &ret_ask->send_n) ? KS_OK : KS_FULL;
}

static int one_read(struct talk *talk, struct span reply, struct why *why)
{
	(void)talk;
	(void)why;
	heard = !reply.broken;
	return KS_OK;
}

static void one_done(struct talker *talker, int code, const struct why *why)
{
	(void)why;
	assert_int_equal(code, KS_OK);
	*(bool *)talker->user = true;
}

static void talk_to_deaf(unsigned deaf)
{
	static const struct driver driver = { .name = "one", .via = VIA_SNMP, .ask = one_ask,
		.read = one_read };
	struct hub hub = { .loop = &loop, .factor = 1 };
	struct channel_about about = { .name = "busy" };
	struct probe probe = { .name = "busy", .address = "127.0.0.1" };
	struct talker *talker = calloc(1, sizeof *talker);
	struct channel *channel = NULL;
	bool over = false;

	(void)uv_loop_init(&loop);
	assert_int_equal(fake_open(&hub, &about, &channel, NULL), KS_OK);
	((struct fake *)channel)->deaf = deaf;
	talker->user = &over;
	talker->done = one_done;
	heard = false;
	talker_start(talker, &driver, channel, &probe, NULL);
	while (!over) {
		(void)uv_run(&loop, UV_RUN_NOWAIT);
		if (channel->deadline <= uv_now(&loop))
			fake_tick(channel, uv_now(&loop));
	}
	fake_close(channel);
	(void)uv_run(&loop, UV_RUN_DEFAULT);
	(void)uv_loop_close(&loop);
	free(talker);
}

static void a_lost_ask_is_made_twice(void **state)
{
	(void)state;
	talk_to_deaf(1);
	assert_true(heard); /* one loss is no answer */
	talk_to_deaf(2);
	assert_false(heard); /* two are the device's way of saying no */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_lost_ask_is_made_twice),
		cmocka_unit_test(one_percent_dead_delays_nobody),
		cmocka_unit_test(starts_are_spread_evenly),
		cmocka_unit_test(reach_by_tcp_and_by_echo),
		cmocka_unit_test(addresses_in_all_their_forms),
		cmocka_unit_test(secrets_as_people_write_them),
		cmocka_unit_test(only_our_own_echo_counts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
