/* test/unit/test_agent.c - SNMP against an agent that is small, old, broken or hostile: it
 * answers less than was asked, in halves, something else, the same again, or nothing.  Every
 * OID of a GET comes back once, a walk ends, and a device can not keep the poller busy. */
#include "harness.h"
#include "sense/snmp/varbind.h"
#include "sense/transport.h"
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { GET = 0xa0, GETNEXT = 0xa1, RESPONSE = 0xa2, GETBULK = 0xa5, OIDS = 64 };
enum { TOO_BIG = 1, NO_SUCH_NAME = 2, GEN_ERR = 5, NO_ACCESS = 6, UNAVAILABLE = 13, NOT_AUTHORIZED = 16 };
/* 1.3.6.1.4.1.8072.9 and one child more */
static const uint8_t root[] = { 0x2b, 6, 1, 4, 1, 0xbf, 0x08, 9 };

static uv_loop_t loop;
static struct hub hub;

static struct {
	uv_udp_t udp;
	uint16_t port;
	unsigned most;	   /* variables it can put into one answer */
	int status, index; /* always this error; 0: none */
	uint8_t missing;   /* the child that it has not */
	uint8_t children;  /* of a walk */
	bool stuck, leaves, empty, other, silent;
	uint8_t type, value[16];
	size_t value_n;
	unsigned asks;
	char room[4096];
} agent;

/* -- BER, as much as is needed ---------------------------------------------------------------- */

struct bytes {
	uint8_t at[8192];
	size_t n;
};

static void tlv(struct bytes *to, uint8_t tag, const void *at, size_t n)
{
	const uint8_t head[] = { tag, 0x82, (uint8_t)(n >> 8), (uint8_t)n };

	assert_true(to->n + n + sizeof head <= sizeof to->at);
	memcpy(to->at + to->n, head, sizeof head);
	if (n > 0)
		memcpy(to->at + to->n + sizeof head, at, n);
	to->n += sizeof head + n;
}

static void tlv_number(struct bytes *to, int number)
{
	const uint8_t be[] = { (uint8_t)(number >> 24), (uint8_t)(number >> 16), (uint8_t)(number >> 8),
		(uint8_t)number };

	tlv(to, 2, be, sizeof be);
}

static struct span cut(struct span *from, uint8_t *ret_tag)
{
	*ret_tag = (uint8_t)span_be(from, 1);
	size_t n = span_be(from, 1);

	if (n > 0x80)
		n = span_be(from, n & 0x7f);
	struct span value = span_cut(from, n);

	assert_false(value.broken);
	return value;
}

static int number_of(struct span value)
{
	uint32_t number = 0;

	for (size_t i = 0; i < value.left; i++)
		number = number << 8 | value.at[i];
	return (int)number;
}

/* -- the agent -------------------------------------------------------------------------------- */

struct asked {
	int version, number, repeat;
	uint8_t pdu;
	struct span community, oids[OIDS];
	size_t n;
};

static struct asked asked_of(struct span packet)
{
	struct asked asked = { .n = 0 };
	uint8_t tag;
	struct span all = cut(&packet, &tag);

	asked.version = number_of(cut(&all, &tag));
	asked.community = cut(&all, &tag);
	struct span pdu = cut(&all, &asked.pdu);

	asked.number = number_of(cut(&pdu, &tag));
	(void)cut(&pdu, &tag);
	asked.repeat = number_of(cut(&pdu, &tag));
	for (struct span list = cut(&pdu, &tag); list.left > 0 && asked.n < OIDS;) {
		struct span one = cut(&list, &tag);

		asked.oids[asked.n++] = cut(&one, &tag);
	}
	return asked;
}

static uint8_t child_of(struct span oid)
{
	return oid.left > sizeof root ? oid.at[sizeof root] : 0;
}

static void variable(struct bytes *list, struct span oid, uint8_t type, const void *value, size_t n)
{
	static struct bytes one;

	one.n = 0;
	tlv(&one, 6, oid.at, oid.left);
	tlv(&one, type, value, n);
	tlv(list, 0x30, one.at, one.n);
}

static void walk_answer(struct bytes *list, const struct asked *asked)
{
	uint8_t at = child_of(asked->oids[0]), oid[sizeof root + 1];
	int times = asked->pdu == GETBULK ? asked->repeat : 1;

	memcpy(oid, root, sizeof root);
	for (int i = 0; i < times && !agent.empty; i++) {
		at = (uint8_t)(agent.stuck && at > 2 ? at : at + 1);
		oid[sizeof root] = at;
		oid[sizeof root - 1] = (uint8_t)(agent.leaves && at > agent.children ? 10 : 9);
		variable(list, span_of(oid, sizeof oid), at > agent.children && !agent.leaves ? 0x82 : agent.type,
		    agent.value, at > agent.children && !agent.leaves ? 0 : agent.value_n);
		if (at > agent.children)
			break;
	}
}

/* The answer's list; errors are told in status and index. */
static void answer_make(struct bytes *list, const struct asked *asked, int *ret_status, int *ret_index)
{
	*ret_status = agent.status;
	*ret_index = agent.index;
	if (agent.status == 0 && asked->n > agent.most)
		*ret_status = TOO_BIG;
	for (size_t i = 0; i < asked->n && *ret_status == 0 && asked->pdu == GET && asked->version == 0; i++)
		if (child_of(asked->oids[i]) == agent.missing) {
			*ret_status = NO_SUCH_NAME;
			*ret_index = (int)i + 1;
		}
	if (*ret_status == 0 && asked->pdu != GET) {
		if (asked->version == 0 && child_of(asked->oids[0]) >= agent.children)
			*ret_status = NO_SUCH_NAME;
		else
			walk_answer(list, asked);
		return;
	}
	for (size_t i = 0; i < asked->n; i++) {
		bool there = *ret_status == 0 && child_of(asked->oids[i]) != agent.missing;
		struct span oid = agent.other ? span_of(root, sizeof root) : asked->oids[i];

		variable(list, oid, there ? agent.type : *ret_status != 0 ? 5 : 0x81, agent.value,
		    there ? agent.value_n : 0);
	}
}

static void sent(uv_udp_send_t *request, int status)
{
	(void)status;
	free(request);
}

static void agent_room(uv_handle_t *handle, size_t wanted, uv_buf_t *ret)
{
	(void)handle, (void)wanted;
	*ret = uv_buf_init(agent.room, sizeof agent.room);
}

static void agent_heard(uv_udp_t *udp, ssize_t n, const uv_buf_t *buffer, const struct sockaddr *from,
    unsigned flags)
{
	static struct bytes list, pdu, all, out;
	int status, index;

	(void)flags;
	if (n <= 0 || from == NULL)
		return;
	agent.asks++;
	assert_true(agent.asks < 400); /* a device that can be asked for ever */
	if (agent.silent)
		return;
	struct asked asked = asked_of(span_of(buffer->base, (size_t)n));

	list.n = pdu.n = all.n = out.n = 0;
	answer_make(&list, &asked, &status, &index);
	tlv_number(&pdu, asked.number);
	tlv_number(&pdu, status);
	tlv_number(&pdu, index);
	tlv(&pdu, 0x30, list.at, list.n);
	tlv_number(&all, asked.version);
	tlv(&all, 4, asked.community.at, asked.community.left);
	tlv(&all, RESPONSE, pdu.at, pdu.n);
	tlv(&out, 0x30, all.at, all.n);
	uv_udp_send_t *request = malloc(sizeof *request);
	uv_buf_t reply = uv_buf_init((char *)out.at, (unsigned)out.n);

	assert_int_equal(uv_udp_send(request, udp, &reply, 1, from, sent), 0);
}

/* -- asking it -------------------------------------------------------------------------------- */

static struct {
	bool there;
	int code;
	char why[WHY_TEXT];
	struct varbind vars[300];
	uint8_t bytes[65536];
	size_t n;
} got;

static void answered(void *user, int code, struct span reply, const struct why *why)
{
	(void)user;
	assert_false(got.there);
	got.there = true;
	got.code = code;
	(void)snprintf(got.why, sizeof got.why, "%s", code != KS_OK && why != NULL ? why->text : "");
	if (code != KS_OK)
		return;
	assert_true(reply.left <= sizeof got.bytes);
	if (reply.left > 0)
		memcpy(got.bytes, reply.at, reply.left);
	for (struct span rest = span_of(got.bytes, reply.left); rest.left > 0; got.n++) {
		assert_true(got.n < 300);
		assert_int_equal(varbind_cut(&rest, &got.vars[got.n]), KS_OK);
	}
}

static struct channel *channel;
static struct channel_about about;

static void beat(uv_timer_t *timer)
{
	if (uv_now(timer->loop) >= channel->deadline)
		channel->kind->tick(channel, uv_now(timer->loop));
}

/* Children 1 to n of the root by GET, or all of it by WALK (n 0). */
static int question(const char *secret, unsigned n)
{
	static char address[40];
	struct ask ask = { .what = n > 0 ? ASK_GET : ASK_WALK };
	struct oid oid = { .n = 8, .id = { 1, 3, 6, 1, 4, 1, 8072, 9 } };
	uint8_t packed[40];
	struct why why = { .text = "" };
	uv_timer_t timer;

	(void)snprintf(address, sizeof address, "127.0.0.1:%u", agent.port);
	about = (struct channel_about){ .name = "it", .address = address, .port = 161, .secret = span_text(secret) };
	if (channel_snmp.open(&hub, &about, &channel, &why) != KS_OK)
		fail_msg("%s", why.text);
	channel->answer = answered;
	for (unsigned i = 1; i <= n || i == 1; i++) {
		oid.id[8] = i;
		oid.n = n > 0 ? 9 : 8;
		assert_true(ask_oid(span_of(packed, oid_pack(&oid, packed, sizeof packed)), ask.send,
		    sizeof ask.send, &ask.send_n));
	}
	memset(&got, 0, sizeof got);
	agent.asks = 0;
	assert_int_equal(uv_timer_init(&loop, &timer), 0);
	assert_int_equal(uv_timer_start(&timer, beat, 20, 20), 0);
	got.code = channel->kind->ask(channel, &ask, &why);
	(void)snprintf(got.why, sizeof got.why, "%s", why.text);
	while (got.code == KS_OK && !got.there)
		(void)uv_run(&loop, UV_RUN_ONCE);
	channel->kind->rest(channel, got.code == KS_OK);
	channel->kind->close(channel);
	uv_close((uv_handle_t *)&timer, NULL);
	for (int i = 0; i < 5; i++)
		(void)uv_run(&loop, UV_RUN_NOWAIT);
	return got.code;
}

static void agent_is_well(void)
{
	static const uint8_t seven[] = { 0, 0, 0, 7 };

	agent.most = 1000;
	agent.status = agent.index = agent.missing = 0;
	agent.children = 60;
	agent.stuck = agent.leaves = agent.empty = agent.other = agent.silent = false;
	agent.type = VAR_INTEGER;
	memcpy(agent.value, seven, agent.value_n = sizeof seven);
}

static int begin(void **state)
{
	struct sockaddr_in here;
	int n = sizeof here;
	const struct poll_options options = { .factor = 1, .seed = 3 };

	(void)state;
	if (uv_loop_init(&loop) != 0 || uv_udp_init(&loop, &agent.udp) != 0 ||
	    uv_ip4_addr("127.0.0.1", 0, &here) != 0 ||
	    uv_udp_bind(&agent.udp, (const struct sockaddr *)&here, 0) != 0 ||
	    uv_udp_getsockname(&agent.udp, (struct sockaddr *)&here, &n) != 0 ||
	    uv_udp_recv_start(&agent.udp, agent_room, agent_heard) != 0)
		return -1;
	agent.port = ntohs(here.sin_port);
	agent_is_well();
	hub_init(&hub, &loop, &options);
	return 0;
}

static int end(void **state)
{
	(void)state;
	hub_done(&hub);
	uv_close((uv_handle_t *)&agent.udp, NULL);
	(void)uv_run(&loop, UV_RUN_DEFAULT);
	return uv_loop_close(&loop);
}

#define EACH(rows) for (size_t i = 0; i < sizeof(rows) / sizeof *(rows); i++)
#define V1 "version=1\ncommunity=x\n"
#define V2 "x"

static void every_oid_comes_back_once(void **state)
{
	static const struct {
		const char *secret;
		unsigned oids, most, asks; /* asks: that it takes; 0: not said */
		uint8_t missing;
	} rows[] = {
		{ V2, 1, 1000, 1, 0 }, { V2, 40, 1000, 2, 0 }, /* 32 at once */
		/* by halves: too big three times, then ten times four */
		{ V2, 40, 7, 13, 0 }, { V2, 5, 1, 10, 0 }, { V1, 40, 3, 24, 0 },
		{ V2, 10, 1000, 1, 4 }, { V1, 10, 1000, 2, 4 }, { V1, 40, 1000, 0, 40 }, { V1, 1, 1000, 1, 1 },
		{ V1, 6, 2, 0, 3 },
	};

	(void)state;
	EACH(rows) {
		agent_is_well();
		agent.most = rows[i].most;
		agent.missing = rows[i].missing;
		if (question(rows[i].secret, rows[i].oids) != KS_OK)
			fail_msg("%zu: %s", i, got.why);
		assert_int_equal(got.n, rows[i].oids);
		if (rows[i].asks > 0)
			assert_int_equal(agent.asks, rows[i].asks);
		for (unsigned k = 0; k < rows[i].oids; k++) {
			struct oid oid;

			assert_true(oid_unpack(got.vars[k].oid, &oid));
			assert_int_equal(oid.id[8], k + 1);
			if (k + 1 == rows[i].missing)
				assert_int_equal(got.vars[k].type, VAR_NO_INSTANCE);
			else
				assert_int_equal(got.vars[k].number, 7);
		}
	}
}

static void errors_are_answers(void **state)
{
	static const struct {
		int status, index;
		unsigned oids; /* 0: a walk */
		int code;
		size_t there;
		const char *says;
	} rows[] = {
		{ NOT_AUTHORIZED, 0, 3, KS_REFUSED, 0, "it: " }, { NO_ACCESS, 1, 3, KS_REFUSED, 0, "it: " },
		{ 3, 1, 3, KS_MALFORMED, 0, "it: " }, { 3, 0, 0, KS_MALFORMED, 0, "it: " },
		/* none of them, one by one; a walk has an end there */
		{ GEN_ERR, 1, 3, KS_OK, 3, "" }, { TOO_BIG, 0, 3, KS_OK, 3, "" }, { UNAVAILABLE, 0, 3, KS_OK, 3, "" },
		{ GEN_ERR, 0, 0, KS_OK, 0, "" }, { NO_SUCH_NAME, 1, 0, KS_OK, 0, "" },
		{ NO_SUCH_NAME, 1, 3, KS_OK, 3, "" }, { NO_SUCH_NAME, 0, 3, KS_OK, 3, "" },
		/* none that was asked: it must not be asked the same for ever */
		{ NO_SUCH_NAME, 99, 3, KS_OK, 3, "" }, { NO_SUCH_NAME, 99, 40, KS_OK, 40, "" },
	};

	(void)state;
	EACH(rows)
		for (unsigned version = 1; version <= 2; version++) {
			agent_is_well();
			agent.status = rows[i].status;
			agent.index = rows[i].index;
			if (question(version == 1 ? V1 : V2, rows[i].oids) != rows[i].code ||
			    strstr(got.why, rows[i].says) == NULL)
				fail_msg("%zu: %d %s", i, got.code, got.why);
			assert_int_equal(got.n, rows[i].there);
			for (size_t k = 0; k < got.n; k++)
				assert_int_equal(got.vars[k].type, VAR_NO_INSTANCE);
		}
}

static void a_walk_ends(void **state)
{
	static const struct {
		const char *secret;
		uint8_t children;
		bool stuck, leaves, empty;
		unsigned most;
		size_t there;
	} rows[] = {
		{ V2, 60, false, false, false, 1000, 60 }, { V1, 60, false, false, false, 1000, 60 },
		{ V2, 0, false, false, false, 1000, 0 }, { V1, 0, false, false, false, 1000, 0 },
		{ V2, 5, false, true, false, 1000, 5 }, { V2, 60, true, false, false, 1000, 3 },
		{ V1, 60, true, false, false, 1000, 3 }, { V2, 60, false, false, true, 1000, 0 },
		{ V2, 60, false, false, false, 0, 0 }, /* always too big */
	};

	(void)state;
	EACH(rows) {
		agent_is_well();
		agent.children = rows[i].children;
		agent.stuck = rows[i].stuck;
		agent.leaves = rows[i].leaves;
		agent.empty = rows[i].empty;
		agent.most = rows[i].most;
		if (question(rows[i].secret, 0) != KS_OK)
			fail_msg("%zu: %s", i, got.why);
		assert_int_equal(got.n, rows[i].there);
	}
}

static void values_of_every_type(void **state)
{
	static const struct {
		uint8_t type, value[16];
		size_t n;
		enum var_type var;
		int64_t number;
		uint8_t bytes[16];
		size_t bytes_n;
	} rows[] = {
		{ 0x02, { 0xff }, 1, VAR_INTEGER, -1, { 0 }, 0 },
		{ 0x41, { 0, 0xff, 0xff, 0xff, 0xff }, 5, VAR_COUNTER, 4294967295, { 0 }, 0 },
		{ 0x42, { 0x7f }, 1, VAR_GAUGE, 127, { 0 }, 0 }, { 0x43, { 1, 0 }, 2, VAR_TICKS, 256, { 0 }, 0 },
		{ 0x46, { 1, 0, 0, 0, 0, 0, 0, 2 }, 8, VAR_COUNTER64, 0x0100000000000002, { 0 }, 0 },
		{ 0x04, "temp", 4, VAR_OCTETS, 0, "temp", 4 }, { 0x04, "", 0, VAR_OCTETS, 0, "", 0 },
		{ 0x40, { 192, 0, 2, 1 }, 4, VAR_ADDRESS, 0, { 192, 0, 2, 1 }, 4 },
		{ 0x06, { 0x2b, 6, 1 }, 3, VAR_OID, 0, { 1, 3, 6, 1 }, 4 }, { 0x05, "", 0, VAR_NULL, 0, "", 0 },
		/* a float inside of an opaque: 23.5 */
		{ 0x44, { 0x9f, 0x78, 4, 0x41, 0xbc, 0, 0 }, 7, VAR_OPAQUE, 0, { 0x9f, 0x78, 4, 0x41, 0xbc, 0, 0 }, 7 },
		{ 0x44, { 0x9f, 0x79, 8, 0x40, 0x37, 0x80, 0, 0, 0, 0, 0 }, 11, VAR_OPAQUE, 0,
		    { 0x9f, 0x79, 8, 0x40, 0x37, 0x80, 0, 0, 0, 0, 0 }, 11 },
		{ 0x80, "", 0, VAR_NO_OBJECT, 0, "", 0 },
	};

	(void)state;
	EACH(rows) {
		agent_is_well();
		agent.type = rows[i].type;
		memcpy(agent.value, rows[i].value, agent.value_n = rows[i].n);
		if (question(V2, 1) != KS_OK)
			fail_msg("%02x: %s", rows[i].type, got.why);
		assert_int_equal(got.n, 1);
		assert_int_equal(got.vars[0].type, rows[i].var);
		assert_int_equal(got.vars[0].number, rows[i].number);
		assert_int_equal(got.vars[0].value.left, rows[i].bytes_n);
		if (rows[i].bytes_n > 0)
			assert_memory_equal(got.vars[0].value.at, rows[i].bytes, rows[i].bytes_n);
	}
}

static void what_is_no_answer(void **state)
{
	(void)state;
	agent_is_well();
	agent.other = true;
	assert_int_equal(question(V2, 2), KS_MALFORMED);
	assert_string_equal(got.why, "it: the device answered something else than asked");
	agent_is_well();
	agent.silent = true;
	assert_int_equal(question(V2, 2), KS_LATE);
	assert_int_equal(agent.asks, SNMP_TRIES);
}

/* Secrets that can not be meant. */
static void secrets(void **state)
{
	static char far[400];
	static const struct {
		const char *secret;
		int code;
		const char *says;
	} rows[] = {
		{ "", KS_OK, "" }, { "version=2c\ncommunity=a\n", KS_OK, "" },
		{ "version=3\n", KS_MALFORMED, "SNMP version 3 needs user=" },
		{ "user=a\nauthpass=short\n", KS_MALFORMED, "secret file" },
		{ "user=a\nauth=ROT13\nauthpass=long-enough\n", KS_MALFORMED, "auth= is none of" },
		{ "user=a\nauthpass=long-enough\nprivpass=short\n", KS_MALFORMED, "secret file" },
		{ "user=a\nauthpass=long-enough\npriv=ROT13\nprivpass=long-enough\n", KS_MALFORMED, "priv= is neither" },
		{ "user=a\n", KS_OK, "" }, { "user=a\nauth=MD5\nauthpass=long-enough\n", KS_OK, "" },
		{ "user=a\nauth=SHA-512\nauthpass=long-enough\npriv=DES\nprivpass=long-enough\n", KS_OK, "" },
		{ "user=a\nauth=SHA\nauthpass=long-enough\npriv=AES-128\nprivpass=long-enough\n", KS_OK, "" },
		{ "user=a\nauth=SHA\nauthpass=long-enough\npriv=AES\nprivpass=long-enough\n", KS_OK, "" },
		{ far, KS_FULL, "" }, { "shoe=a\nuser=b\n", KS_MALFORMED, "" },
	};

	(void)state;
	memset(far, 'x', sizeof far - 1);
	EACH(rows) {
		struct channel *one = NULL;
		struct why why = { .text = "" };

		about = (struct channel_about){ .name = "it", .address = "127.0.0.1", .port = 161,
			.secret = span_text(rows[i].secret) };
		int code = channel_snmp.open(&hub, &about, &one, &why);

		if (code != rows[i].code || strstr(why.text, rows[i].says) == NULL)
			fail_msg("%s: %d %s", rows[i].secret, code, why.text);
		if (one != NULL)
			one->kind->close(one);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_oid_comes_back_once),
		cmocka_unit_test(errors_are_answers),
		cmocka_unit_test(a_walk_ends),
		cmocka_unit_test(values_of_every_type),
		cmocka_unit_test(what_is_no_answer),
		cmocka_unit_test(secrets),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
