/* src/wire/http2_stream.c - see http2_stream.h. */
#include "wire/http2_stream.h"
#include "base/drop.h"
#include "base/limits.h"

/* One exchange. */
struct stream {
	uint32_t id;
	uint64_t number, frame;
	bool asked, begun[2], ended[2];
	uint16_t host_n, uri_n;
	struct http_body bodies[2]; /* by side */
	uint8_t host[HTTP2_HOST], uri[HTTP2_URI];
};

void http2_head_begin(struct http2_head *head)
{
	head->bytes = 0;
	text_init(&head->method, 32);
	text_init(&head->path, LIMIT_HTTP_HEAD / 2);
	text_init(&head->authority, HTTP2_HOST);
	text_init(&head->status, 8);
	text_init(&head->lines, LIMIT_HTTP_HEAD);
}

void http2_head_done(struct http2_head *head)
{
	text_done(&head->method);
	text_done(&head->path);
	text_done(&head->authority);
	text_done(&head->status);
	text_done(&head->lines);
}

/* A line of a head must stay one: line ends inside of a value become blanks. */
static void add_line_part(struct text *text, struct span s)
{
	while (s.left > 0) {
		char c = (char)span_be(&s, 1);

		text_add_char(text, c == '\r' || c == '\n' || c == '\0' ? ' ' : c);
	}
}

void http2_head_field(void *context, struct span name, struct span value)
{
	struct http2_head *head = context;

	head->bytes += name.left + value.left;
	if (span_equal(name, ":method"))
		add_line_part(&head->method, value);
	else if (span_equal(name, ":path"))
		add_line_part(&head->path, value);
	else if (span_equal(name, ":authority"))
		add_line_part(&head->authority, value);
	else if (span_equal(name, ":status"))
		add_line_part(&head->status, value);
	else if (name.left > 0 && name.at[0] != ':') {
		add_line_part(&head->lines, name);
		text_add(&head->lines, ": ");
		add_line_part(&head->lines, value);
		text_add(&head->lines, "\r\n");
	}
}

static struct stream *stream_in(struct hold *slot)
{
	return slot->len > 0 ? (struct stream *)(void *)slot->at : NULL;
}

static struct stream *stream_of(struct http2_streams *streams, uint32_t id)
{
	for (size_t i = 0; i < HTTP2_STREAMS; i++) {
		struct stream *stream = stream_in(&streams->slots[i]);

		if (stream != NULL && stream->id == id)
			return stream;
	}
	return NULL;
}

static struct said_body about_of(const struct stream *stream)
{
	return (struct said_body){ .number = stream->number,
		.host = span_of(stream->host, stream->host_n),
		.uri = span_of(stream->uri, stream->uri_n) };
}

struct teller {
	struct talk *talk;
	enum said_side side;
};

static void tell_body(void *context, const struct said_body *body)
{
	const struct teller *teller = context;

	say_body(teller->talk, teller->side, body);
}

static void side_end(struct talk *talk, struct stream *stream, enum said_side side, bool complete)
{
	struct http_body *body = &stream->bodies[side];
	struct teller teller = { talk, side };
	struct body_sink sink = { tell_body, &teller };
	struct said_body about = about_of(stream);
	struct said_http_end end = { .response = side == SIDE_SERVER, .number = stream->number,
		.body_bytes = body->seen, .complete = complete };
	uint8_t magic[HTTP_MAGIC];

	if (!stream->begun[side] || stream->ended[side])
		return;
	stream->ended[side] = true;
	end.magic = http_body_end(body, talk, &about, &sink, magic);
	end.unread = body->unread && end.body_bytes > 0;
	say_http_end(talk, side, &end);
}

static void slot_free(struct talk *talk, struct hold *slot)
{
	struct stream *stream = stream_in(slot);

	if (stream == NULL)
		return;
	side_end(talk, stream, SIDE_CLIENT, false);
	side_end(talk, stream, SIDE_SERVER, false);
	talk_hold_free(talk, slot);
}

/* A slot for a new exchange: a free one, or that of the oldest. */
static struct stream *stream_new(struct talk *talk, struct http2_streams *streams, uint32_t id)
{
	static const uint8_t zeroes[sizeof(struct stream)];
	struct hold *best = &streams->slots[0];

	for (size_t i = 0; i < HTTP2_STREAMS && stream_in(best) != NULL; i++) {
		struct stream *stream = stream_in(&streams->slots[i]);

		if (stream == NULL || stream->number < stream_in(best)->number)
			best = &streams->slots[i];
	}
	slot_free(talk, best);
	if (talk_hold(talk, best, span_of(zeroes, sizeof zeroes), sizeof zeroes) != KS_OK)
		return NULL;
	struct stream *stream = stream_in(best);

	stream->id = id;
	stream->number = streams->asked++;
	return stream;
}

/* The same head as HTTP/1 would write. */
static void write_head(const struct http2_head *head, enum said_side side, struct text *to)
{
	if (side == SIDE_CLIENT)
		text_addf(to, "%s %s HTTP/1.1\r\nhost: %s\r\n",
		    head->method.len > 0 ? text_cstr(&head->method) : "GET",
		    head->path.len > 0 ? text_cstr(&head->path) : text_cstr(&head->authority),
		    text_cstr(&head->authority));
	else
		text_addf(to, "HTTP/1.1 %s \r\n", text_cstr(&head->status));
	text_add_span(to, text_span(&head->lines));
}

static uint16_t keep(uint8_t *to, size_t room, struct span from)
{
	size_t n = from.left < room ? from.left : room;

	if (n > 0)
		memcpy(to, from.at, n);
	return (uint16_t)n;
}

static void request_take(struct talk *talk, struct stream *stream, struct http_head *head)
{
	struct teller teller = { talk, SIDE_CLIENT };
	struct body_sink sink = { tell_body, &teller };
	struct said_credential credential;
	struct span name = head->said.host;
	KS_DROP(text) struct text room;

	stream->asked = true;
	stream->frame = talk->frame;
	stream->host_n = keep(stream->host, sizeof stream->host, head->said.host);
	stream->uri_n = keep(stream->uri, sizeof stream->uri, head->said.uri);
	if (name.left > 0 && *name.at != '[')
		talk_name(talk, span_until(&name, ':'));
	say_http(talk, SIDE_CLIENT, &head->said);
	struct said_body about = about_of(stream);

	if (talk_wants_bodies(talk))
		http_head_tell(head, &about, &sink);
	text_init(&room, LIMIT_BODY_KEY);
	if (head->said.authorization.left > 0 &&
	    http_authorization(head->said.authorization, &room, &credential)) {
		credential.host = about.host;
		credential.uri = about.uri;
		say_credential(talk, SIDE_CLIENT, &credential);
	}
}

void http2_streams_head(struct talk *talk, struct http2_streams *streams, enum said_side side,
    uint32_t id, const struct http2_head *from)
{
	struct stream *stream = stream_of(streams, id);
	KS_DROP(text) struct text lines;
	struct http_head head;

	text_init(&lines, 2 * LIMIT_HTTP_HEAD);
	if (stream == NULL && id % 2 == 1)
		stream = stream_new(talk, streams, id);
	if (stream == NULL || stream->begun[side])
		return; /* trailers, and what the server pushes unasked */
	write_head(from, side, &lines);
	if (!http_head_read(text_span(&lines), &head)) {
		say_odd(talk, side, ODD_MALFORMED, 1);
		return;
	}
	head.said.version = 20;
	head.said.number = stream->number;
	head.said.head_bytes = from->bytes;
	if (side == SIDE_CLIENT) {
		request_take(talk, stream, &head);
	} else {
		head.said.asked_frame = stream->frame;
		say_http(talk, side, &head.said);
		if (head.said.status < 200)
			return; /* the interim answers are no answers yet */
	}
	stream->begun[side] = true;
	http_body_begin(&stream->bodies[side], &head);
}

void http2_streams_data(struct talk *talk, struct http2_streams *streams, enum said_side side,
    uint32_t id, struct span bytes)
{
	struct stream *stream = stream_of(streams, id);

	if (stream != NULL && stream->begun[side] && !stream->ended[side])
		(void)http_body_take(&stream->bodies[side], talk, bytes);
}

void http2_streams_end(struct talk *talk, struct http2_streams *streams, enum said_side side,
    uint32_t id)
{
	struct stream *stream = stream_of(streams, id);

	if (stream == NULL)
		return;
	side_end(talk, stream, side, true);
	if (!stream->ended[SIDE_CLIENT] || !stream->ended[SIDE_SERVER])
		return;
	for (size_t i = 0; i < HTTP2_STREAMS; i++)
		if (stream_in(&streams->slots[i]) == stream)
			slot_free(talk, &streams->slots[i]);
}

void http2_streams_reset(struct talk *talk, struct http2_streams *streams, uint32_t id)
{
	for (size_t i = 0; i < HTTP2_STREAMS; i++) {
		struct stream *stream = stream_in(&streams->slots[i]);

		if (stream != NULL && stream->id == id)
			slot_free(talk, &streams->slots[i]);
	}
}

void http2_streams_over(struct talk *talk, struct http2_streams *streams)
{
	for (size_t i = 0; i < HTTP2_STREAMS; i++)
		slot_free(talk, &streams->slots[i]);
}
