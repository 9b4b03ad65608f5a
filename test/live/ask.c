/* test/live/ask.c - one question over one transport, for tests against real peers.
 * usage: ask file|snmp|http|stream|command ADDRESS SECRET WHAT WORD
 * WHAT: get walk (SNMP, WORD is an OID or several with blanks) bytes list link line
 * (STREAM: sends WORD, reads one line).  Prints the reply; exit 1 with the reason. */
#include "sense/snmp/varbind.h"
#include "sense/transport.h"
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static uv_loop_t loop;
static struct channel *channel;
static struct ask ask;
static int result = 2;

static void print_variables(struct span reply)
{
	struct varbind var;

	while (varbind_cut(&reply, &var) == KS_OK) {
		struct oid oid;
		char text[OID_TEXT];

		if (!oid_unpack(var.oid, &oid))
			continue;
		oid_write(&oid, text, sizeof text);
		printf("%s %#x ", text, var.type);
		if (var.value.left > 0)
			printf("\"%.*s\"\n", (int)var.value.left, (const char *)var.value.at);
		else
			printf("%lld\n", (long long)var.number);
	}
}

static void answered(void *user, int code, struct span reply, const struct why *why)
{
	(void)user;
	result = code == KS_OK ? 0 : 1;
	if (code != KS_OK)
		printf("%d %s\n", code, why != NULL ? why->text : "");
	else if (ask.what == ASK_GET || ask.what == ASK_WALK)
		print_variables(reply);
	else
		printf("%.*s\n", (int)reply.left, reply.left > 0 ? (const char *)reply.at : "");
	uv_stop(&loop);
}

static size_t one_line(struct span so_far)
{
	const uint8_t *end = so_far.left > 0 ? memchr(so_far.at, '\n', so_far.left) : NULL;

	return end != NULL ? (size_t)(end - so_far.at) + 1 : 0;
}

static void fill(const char *what, const char *word)
{
	struct span words = span_text(word);

	ask.reply_max = LIMIT_REPLY_BYTES;
	ask.what = strcmp(what, "get") == 0 ? ASK_GET : strcmp(what, "walk") == 0 ? ASK_WALK :
	    strcmp(what, "list") == 0 ? ASK_LIST : strcmp(what, "link") == 0 ? ASK_LINK : ASK_BYTES;
	if (strcmp(what, "line") == 0) {
		ask.send_n = (uint16_t)snprintf((char *)ask.send, sizeof ask.send, "%s\n", word);
		ask.whole = one_line;
	}
	(void)snprintf(ask.target, sizeof ask.target, "%s", word);
	while ((ask.what == ASK_GET || ask.what == ASK_WALK) && words.left > 0) {
		struct oid oid;
		uint8_t packed[OID_BYTES];

		if (oid_read(span_until(&words, ' '), &oid))
			(void)ask_oid(span_of(packed, oid_pack(&oid, packed, sizeof packed)),
			    ask.send, sizeof ask.send, &ask.send_n);
	}
}

static void tick(uv_timer_t *timer)
{
	if (uv_now(timer->loop) >= channel->deadline)
		channel->kind->tick(channel, uv_now(timer->loop));
}

int main(int argc, char **argv)
{
	static const char *const names[] = { "file", "snmp", "http", "stream", "modbus", "command" };
	struct poll_options options = { .factor = 1, .root = getenv("KS_ROOT") };
	struct channel_about about = { .name = "it" };
	struct why why = { 0 };
	struct hub hub;
	uv_timer_t timer;

	if (argc < 6)
		return 2;
	about.address = argv[2];
	about.secret = span_text(argv[3]);
	(void)uv_loop_init(&loop);
	hub_init(&hub, &loop, &options);
	for (int i = 0; i < TRANSPORTS; i++)
		if (strcmp(argv[1], names[i]) == 0 &&
		    channel_kinds[i]->open(&hub, &about, &channel, &why) != KS_OK)
			printf("%s\n", why.text);
	if (channel == NULL)
		return 1;
	channel->answer = answered;
	(void)uv_timer_init(&loop, &timer);
	(void)uv_timer_start(&timer, tick, 20, 20);
	for (int i = 5; i < argc; i++) { /* several words: several questions, one session */
		ask = (struct ask){ 0 };
		fill(argv[4], argv[i]);
		result = 2;
		if (channel->kind->ask(channel, &ask, &why) == KS_OK)
			(void)uv_run(&loop, UV_RUN_DEFAULT);
		else
			printf("%s\n", why.text);
		channel->kind->rest(channel, result == 0);
	}
	channel->kind->close(channel);
	uv_close((uv_handle_t *)&timer, NULL);
	hub_done(&hub);
	(void)uv_run(&loop, UV_RUN_DEFAULT);
	if (uv_loop_close(&loop) != 0)
		printf("handles are left open\n");
	return result;
}
