/* src/sense/transport_stream.c - TCP, ask and answer (NUT's upsd, owserver).  The
 * connection stays open for one poll.  The time-out counts for the whole reply, so
 * that a device dripping a byte a second can not hold a place for long. */
#include "sense/transport.h"
#include "sense/transport_address.h"
#include "base/text.h"
#include <stdlib.h>

struct channel_of_stream {
	struct channel channel;
	const struct channel_about *about;
	struct lookup lookup;
	uv_tcp_t *tcp; /* NULL: not connected; owns itself once closed */
	bool connected;
	const struct ask *ask;
	struct text reply;
	char room[4096];
};

static void free_stream(void *user)
{
	struct channel_of_stream *stream = user;

	text_done(&stream->reply);
	free(stream);
}

static void hang_up(struct channel_of_stream *stream)
{
	if (stream->tcp == NULL)
		return;
	stream->tcp->data = NULL;
	uv_close((uv_handle_t *)stream->tcp, (uv_close_cb)free);
	stream->tcp = NULL;
	stream->connected = false;
}

static void finish(struct channel_of_stream *stream, int code, struct span reply,
    const struct why *why)
{
	struct text text = stream->reply;

	stream->ask = NULL;
	stream->reply = (struct text){ 0 };
	stream->channel.deadline = UINT64_MAX;
	if (code != KS_OK)
		hang_up(stream);
	stream->channel.answer(stream->channel.user, code, reply, why);
	text_done(&text);
}

static void failed(struct channel_of_stream *stream, int code, const char *what)
{
	struct why why = { 0 };

	(void)fail(&why, code, "%s: %s", stream->about->name, what);
	finish(stream, code, (struct span){ 0 }, &why);
}

static int code_of(int status)
{
	return status == UV_ECONNREFUSED || status == UV_ETIMEDOUT || status == UV_EHOSTUNREACH ||
		status == UV_ENETUNREACH ? KS_LATE : KS_IO;
}

static void give_room(uv_handle_t *handle, size_t wanted, uv_buf_t *ret_buffer)
{
	struct channel_of_stream *stream = handle->data;

	(void)wanted;
	*ret_buffer = stream != NULL ? uv_buf_init(stream->room, sizeof stream->room) :
				       uv_buf_init(NULL, 0);
}

static void received(uv_stream_t *tcp, ssize_t n, const uv_buf_t *buffer)
{
	struct channel_of_stream *stream = tcp->data;
	size_t max, whole;

	if (stream == NULL || n == 0)
		return;
	if (stream->ask == NULL) { /* closed by the other side between two asks */
		hang_up(stream);
		return;
	}
	if (n < 0) {
		failed(stream, KS_TRUNCATED, n == UV_EOF ? "the connection was closed before the answer" :
							   uv_strerror((int)n));
		return;
	}
	max = stream->reply.max;
	text_add_span(&stream->reply, span_of(buffer->base, (size_t)n));
	whole = stream->ask->whole != NULL ? stream->ask->whole(text_span(&stream->reply)) :
					     stream->reply.len;
	if (stream->reply.full || whole > max)
		failed(stream, KS_FULL, "the answer is longer than allowed");
	else if (whole > 0 && whole <= stream->reply.len)
		finish(stream, KS_OK, span_of(stream->reply.at, whole), NULL);
}

static void written(uv_write_t *request, int status)
{
	(void)status; /* a failed write is a failed read soon */
	free(request);
}

static int send_ask(struct channel_of_stream *stream, struct why *why)
{
	struct {
		uv_write_t request;
		uint8_t bytes[];
	} *out;
	size_t n = stream->ask->send_n;
	uv_buf_t buffer;
	int bad;

	if (n == 0) /* some servers speak first */
		return KS_OK;
	out = malloc(sizeof *out + n);
	if (out == NULL)
		return fail(why, KS_FULL, "%s: out of memory", stream->about->name);
	memcpy(out->bytes, stream->ask->send, n);
	buffer = uv_buf_init((char *)out->bytes, (unsigned)n);
	bad = uv_write(&out->request, (uv_stream_t *)stream->tcp, &buffer, 1, written);
	if (bad != 0) {
		free(out);
		return fail(why, KS_IO, "%s: %s", stream->about->name, uv_strerror(bad));
	}
	return KS_OK;
}

static void connected(uv_connect_t *request, int status)
{
	struct channel_of_stream *stream = request->handle->data;
	struct why why = { 0 };
	int code = KS_OK;

	free(request);
	if (stream == NULL || stream->ask == NULL)
		return;
	if (status < 0) {
		failed(stream, code_of(status), uv_strerror(status));
		return;
	}
	stream->connected = true;
	if (uv_read_start((uv_stream_t *)stream->tcp, give_room, received) != 0)
		code = KS_IO;
	if (code == KS_OK)
		code = send_ask(stream, &why);
	if (code != KS_OK)
		finish(stream, code, (struct span){ 0 }, &why);
}

static int dial(struct channel_of_stream *stream, const struct sockaddr_storage *address,
    struct why *why)
{
	uv_connect_t *request = malloc(sizeof *request);
	int bad = UV_ENOMEM;

	stream->tcp = malloc(sizeof *stream->tcp);
	if (request == NULL || stream->tcp == NULL ||
	    (bad = uv_tcp_init(stream->channel.hub->loop, stream->tcp)) != 0) {
		free(stream->tcp);
		stream->tcp = NULL;
	} else {
		stream->tcp->data = stream;
		bad = uv_tcp_connect(request, stream->tcp,
		    (const struct sockaddr *)(const void *)address, connected);
	}
	if (bad == 0)
		return KS_OK;
	free(request);
	hang_up(stream);
	return fail(why, code_of(bad), "%s: %s", stream->about->name, uv_strerror(bad));
}

static void found(void *user, int code, const struct sockaddr_storage *address)
{
	struct channel_of_stream *stream = user;
	struct why why = { 0 };

	if (stream->ask == NULL)
		return;
	if (code != KS_OK) {
		failed(stream, KS_ABSENT, "the name is not known");
		return;
	}
	code = dial(stream, address, &why);
	if (code != KS_OK)
		finish(stream, code, (struct span){ 0 }, &why);
}

static int stream_open(struct hub *hub, const struct channel_about *about,
    struct channel **ret_channel, struct why *why)
{
	struct channel_of_stream *stream = calloc(1, sizeof *stream);

	if (stream == NULL)
		return fail(why, KS_FULL, "%s: out of memory", about->name);
	stream->channel = (struct channel){ .kind = &channel_stream, .hub = hub,
		.deadline = UINT64_MAX };
	stream->about = about;
	*ret_channel = &stream->channel;
	return KS_OK;
}

static int call_up(struct channel_of_stream *stream, struct why *why)
{
	struct sockaddr_storage address;
	char host[HOST_ROOM];
	uint16_t port = 0;
	int code = address_split(span_text(stream->about->address), stream->about->port, host,
	    &port, why);

	if (code != KS_OK)
		return code;
	if (address_number(host, port, &address))
		return dial(stream, &address, why);
	if (stream->lookup.busy) /* the last one has not come back yet */
		return fail(why, KS_LATE, "%s: the name is still being looked up", stream->about->name);
	stream->lookup.port = port;
	stream->lookup.user = stream;
	stream->lookup.found = found;
	return lookup_start(&stream->lookup, stream->channel.hub->loop, host, why);
}

static int stream_ask(struct channel *channel, const struct ask *ask, struct why *why)
{
	struct channel_of_stream *stream = (struct channel_of_stream *)channel;
	uint32_t max = ask->reply_max > 0 ? ask->reply_max : 65536;
	int code;

	stream->ask = ask;
	text_init(&stream->reply, max < LIMIT_REPLY_BYTES ? max : LIMIT_REPLY_BYTES);
	channel->deadline = uv_now(channel->hub->loop) + STREAM_WAIT_MS;
	code = stream->connected ? send_ask(stream, why) : call_up(stream, why);
	if (code != KS_OK) {
		stream->ask = NULL;
		channel->deadline = UINT64_MAX;
	}
	return code;
}

static void stream_tick(struct channel *channel, uint64_t now)
{
	struct channel_of_stream *stream = (struct channel_of_stream *)channel;

	(void)now;
	channel->deadline = UINT64_MAX;
	if (stream->ask != NULL)
		failed(stream, KS_LATE, "no answer in time");
}

static void stream_rest(struct channel *channel, bool healthy)
{
	(void)healthy;
	hang_up((struct channel_of_stream *)channel);
}

static void stream_close(struct channel *channel)
{
	struct channel_of_stream *stream = (struct channel_of_stream *)channel;

	hang_up(stream);
	stream->ask = NULL;
	if (!lookup_cancel(&stream->lookup, free_stream))
		free_stream(stream);
}

const struct channel_kind channel_stream = {
	.open = stream_open, .ask = stream_ask, .tick = stream_tick, .rest = stream_rest,
	.close = stream_close,
};
