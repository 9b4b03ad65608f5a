/* src/wire/http.c - the tongue: which bytes are head and which body, whose answer is
 * whose.  Bodies worth reading are kept whole up to a limit and told leaf by leaf at their
 * end; of others the first bytes are kept and the rest is skipped. */
#include "wire/http.h"
#include "base/drop.h"
#include "base/limits.h"
#include "base/text.h"
#include "wire/body.h"
#include "wire/clear.h"
#include "wire/http_body.h"

enum http_at { AT_START, AT_LENGTH, AT_CLOSE, AT_CHUNK, AT_CHUNK_DATA, AT_CHUNK_END,
	AT_TRAILER, AT_SKIPPED, AT_LOST, AT_NO_MORE };
enum { PENDING = 16, HOST_MAX = 255, URI_MAX = 1024, CHUNK_LINE = 64 };

struct asked {
	uint64_t number, frame;
	bool head, connect; /* methods whose answers have no body */
};

struct way { /* one direction */
	uint8_t at;	    /* enum http_at */
	bool response;
	uint64_t left;	    /* of the body or chunk */
	uint64_t number;
	struct hold head;
	struct http_body body;
	uint8_t line_n;
	char line[CHUNK_LINE];
};

struct http {
	struct way way[2];
	struct asked pending[PENDING]; /* a ring: asked, not yet answered */
	uint64_t asked_n, answered_n;
	uint16_t host_n, uri_n; /* of the latest request */
	char host[HOST_MAX + 1], uri[URI_MAX + 1];
	bool oldest;   /* asked in HTTP/0.9: what comes back has no head */
	bool switched; /* 101, or CONNECT granted: what follows is something else */
};

static struct said_body about_of(const struct http *http, const struct way *way)
{
	struct said_body about = { .number = way->number,
		.host = span_of(http->host, http->host_n),
		.uri = span_of(http->uri, http->uri_n) };

	return about;
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

static void message_end(struct talk *talk, enum said_side side, bool complete)
{
	struct http *http = talk->state;
	struct way *way = &http->way[side];
	struct teller teller = { talk, side };
	struct body_sink sink = { tell_body, &teller };
	struct said_body about = about_of(http, way);
	struct said_http_end end = { .response = way->response, .number = way->number,
		.body_bytes = way->body.seen, .complete = complete };
	uint8_t magic[HTTP_MAGIC];

	end.magic = http_body_end(&way->body, talk, &about, &sink, magic);
	end.unread = way->body.unread && end.body_bytes > 0;
	say_http_end(talk, side, &end);
	way->at = AT_START;
	way->left = 0;
}

static void keep_text(struct span s, char *to, uint16_t *ret_n, size_t max)
{
	size_t n = s.left < max ? s.left : max;

	if (n > 0)
		memcpy(to, s.at, n);
	*ret_n = (uint16_t)n;
}

static void request_take(struct talk *talk, enum said_side side, struct http_head *head)
{
	struct http *http = talk->state;
	struct way *way = &http->way[side];
	struct asked *asked = &http->pending[http->asked_n % PENDING];
	struct said_http *said = &head->said;
	struct teller teller = { talk, side };
	struct body_sink sink = { tell_body, &teller };
	struct said_credential credential;
	struct span name = said->host;
	KS_DROP(text) struct text room;

	said->number = way->number = http->asked_n;
	*asked = (struct asked){ .number = http->asked_n++, .frame = talk->frame,
		.head = span_equal(said->method, "HEAD"),
		.connect = span_equal(said->method, "CONNECT") };
	keep_text(said->host, http->host, &http->host_n, HOST_MAX);
	keep_text(said->uri, http->uri, &http->uri_n, URI_MAX);
	if (name.left > 0 && *name.at != '[')
		talk_name(talk, span_until(&name, ':'));
	say_http(talk, side, said);
	if (asked->number == 0 && port_is_secret(talk->flow->server_port) &&
	    !talk->flow->decrypted)
		say_odd(talk, side, ODD_CLEAR_ON_SECRET_PORT, 1);
	struct said_body about = about_of(http, way);

	if (talk_wants_bodies(talk))
		http_head_tell(head, &about, &sink);
	text_init(&room, LIMIT_BODY_KEY);
	if (said->authorization.left > 0 &&
	    http_authorization(said->authorization, &room, &credential)) {
		if (said->cut && credential.secret.left == 0)
			credential.user = credential.secret; /* it may go on */
		credential.host = about.host;
		credential.uri = about.uri;
		say_credential(talk, side, &credential);
	}
}

/* Which request it answers; whether a body follows. */
static bool response_take(struct talk *talk, enum said_side side, struct http_head *head)
{
	struct http *http = talk->state;
	struct way *way = &http->way[side];
	struct said_http *said = &head->said;
	struct asked asked = { .number = http->answered_n };

	if (http->answered_n < http->asked_n) {
		if (http->asked_n - http->answered_n > PENDING)
			http->answered_n = http->asked_n - PENDING;
		asked = http->pending[http->answered_n % PENDING];
	}
	said->number = way->number = asked.number;
	said->asked_frame = asked.frame;
	say_http(talk, side, said);
	if (said->status >= 100 && said->status < 200) {
		http->switched = said->status == 101;
		return false;
	}
	http->answered_n++;
	if (http->answered_n > http->asked_n)
		http->asked_n = http->answered_n;
	http->switched = asked.connect && said->status >= 200 && said->status < 300;
	return !asked.head && !http->switched && said->status != 204 && said->status != 304;
}

static void head_take(struct talk *talk, enum said_side side, struct span bytes)
{
	struct http *http = talk->state;
	struct way *way = &http->way[side];
	struct http_head head;
	bool body = true;

	if (!http_head_read(bytes, &head)) {
		say_odd(talk, side, ODD_MALFORMED, 1);
		way->at = AT_LOST;
		return;
	}
	head.said.head_bytes = bytes.left;
	way->response = head.said.response;
	if (way->response)
		body = response_take(talk, side, &head);
	else
		request_take(talk, side, &head);
	/* the interim answers 1xx are no answers yet */
	if (way->response && head.said.status < 200 && !http->switched)
		return;
	http_body_begin(&way->body, &head);
	if (!body)
		way->at = AT_START;
	else if (head.chunked)
		way->at = AT_CHUNK;
	else if (head.said.content_length > 0)
		way->at = AT_LENGTH;
	else if (way->response && head.said.content_length < 0)
		way->at = AT_CLOSE;
	else
		body = false;
	way->left = head.said.content_length > 0 ? (uint64_t)head.said.content_length : 0;
	way->line_n = 0;
	if (!body)
		message_end(talk, side, true);
}

/* A head whose end is not here: what is here is told.  Where its message ends, and so where
 * the next begins, nobody knows. */
static void head_cut(struct talk *talk, enum said_side side)
{
	struct http *http = talk->state;
	struct way *way = &http->way[side];
	struct http_head head;

	if (way->head.len > 0 && http_head_read_cut(hold_span(&way->head), &head)) {
		head.said.head_bytes = way->head.len;
		way->response = head.said.response;
		if (way->response)
			(void)response_take(talk, side, &head);
		else
			request_take(talk, side, &head);
		http->switched = false;
	}
	talk_hold_free(talk, &way->head);
	way->at = AT_LOST;
}

static void way_lost(struct talk *talk, enum said_side side, enum odd_kind kind)
{
	struct http *http = talk->state;

	talk_hold_free(talk, &http->way[side].head);
	say_odd(talk, side, kind, 1);
	http->way[side].at = AT_LOST;
}

/* One line asks, and all that comes back is the content. */
static bool oldest_take(struct talk *talk, enum said_side side, struct span *bytes)
{
	struct http *http = talk->state;
	struct way *way = &http->way[side];
	struct http_head none = { .said = { .content_length = -1 } };

	if (http->oldest) {
		way->response = true;
		way->number = 0;
		http_body_begin(&way->body, &none);
		way->at = AT_CLOSE;
		return true;
	}
	if (http->asked_n > 0 || !http_is_oldest(*bytes))
		return false;
	head_take(talk, side, span_cut(bytes, bytes->left));
	http->oldest = true;
	way->at = AT_NO_MORE;
	return true;
}

static void start_take(struct talk *talk, enum said_side side, struct span *bytes)
{
	struct http *http = talk->state;
	struct way *way = &http->way[side];
	size_t before = way->head.len, n = 0;

	if (before == 0) {
		while (bytes->left > 0 && (*bytes->at == '\r' || *bytes->at == '\n'))
			(void)span_cut(bytes, 1);
		if (bytes->left == 0)
			return;
		if (oldest_take(talk, side, bytes))
			return;
		n = http_head_length(*bytes, 0);
		if (n > 0) {
			head_take(talk, side, span_cut(bytes, n));
			return;
		}
		if (http_starts_request(*bytes) == GUESS_NO &&
		    http_starts_response(*bytes) == GUESS_NO) {
			way_lost(talk, side, ODD_MALFORMED);
			return;
		}
	}
	if (talk_hold(talk, &way->head, *bytes, LIMIT_HTTP_HEAD) != KS_OK) {
		say_odd(talk, side, ODD_FULL, 1);
		head_cut(talk, side);
		(void)span_cut(bytes, bytes->left); /* or, without memory, they would be tried for ever */
		return;
	}
	n = http_head_length(hold_span(&way->head), before > 3 ? before - 3 : 0);
	if (n == 0) {
		(void)span_cut(bytes, bytes->left);
		return;
	}
	(void)span_cut(bytes, n - before);
	head_take(talk, side, span_of(way->head.at, n));
	talk_hold_free(talk, &way->head);
}

static void data_take(struct talk *talk, enum said_side side, struct span *bytes)
{
	struct http *http = talk->state;
	struct way *way = &http->way[side];
	size_t n = way->at == AT_CLOSE || way->left > bytes->left ? bytes->left : (size_t)way->left;
	bool wanted = http_body_take(&way->body, talk, span_cut(bytes, n));

	if (way->at == AT_CLOSE) {
		if (!wanted)
			talk_rest(talk, side);
		return;
	}
	way->left -= n;
	if (way->left == 0) {
		if (way->at == AT_LENGTH)
			message_end(talk, side, true);
		else
			way->at = AT_CHUNK_END;
	} else if (!wanted && way->at == AT_LENGTH) {
		talk_skip(talk, side, way->left);
		way->at = AT_SKIPPED;
	}
}

/* "1a3f;extension" */
static bool chunk_size(const struct way *way, uint64_t *ret_size)
{
	uint64_t size = 0;
	size_t i = 0;

	for (; i < way->line_n; i++) {
		uint8_t c = (uint8_t)(way->line[i] | 0x20);
		int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : 16;

		if (digit > 15 || size >> 52 != 0)
			break;
		size = size << 4 | (uint64_t)digit;
	}
	*ret_size = size;
	return i > 0;
}

/* The lines between chunks: sizes, ends, trailers. */
static void line_take(struct talk *talk, enum said_side side, struct span *bytes)
{
	struct http *http = talk->state;
	struct way *way = &http->way[side];

	while (bytes->left > 0) {
		uint8_t c = (uint8_t)span_be(bytes, 1);

		if (c != '\n') {
			if (way->line_n < CHUNK_LINE && c != '\r')
				way->line[way->line_n++] = (char)c;
			continue;
		}
		size_t n = way->line_n;

		if (way->at == AT_TRAILER && n == 0) {
			message_end(talk, side, true);
		} else if (way->at == AT_CHUNK_END) {
			way->at = AT_CHUNK;
		} else if (way->at == AT_CHUNK) {
			if (!chunk_size(way, &way->left)) {
				message_end(talk, side, false);
				way_lost(talk, side, ODD_MALFORMED);
			} else {
				way->at = way->left > 0 ? AT_CHUNK_DATA : AT_TRAILER;
			}
		}
		way->line_n = 0;
		return;
	}
}

static void http_take(struct talk *talk, enum said_side side, struct span bytes)
{
	struct http *http = talk->state;
	struct way *way = &http->way[side];

	while (bytes.left > 0 && way->at != AT_NO_MORE) {
		switch (way->at) {
		case AT_LENGTH:
		case AT_CLOSE:
		case AT_CHUNK_DATA:
			data_take(talk, side, &bytes);
			break;
		case AT_CHUNK:
		case AT_CHUNK_END:
		case AT_TRAILER:
			line_take(talk, side, &bytes);
			break;
		case AT_LOST: /* until a head begins with a segment */
			if (!http_head_begins(bytes))
				return;
			way->at = AT_START;
			break;
		case AT_SKIPPED:
			http_body_skipped(&way->body, way->left);
			message_end(talk, side, true);
			break;
		default:
			start_take(talk, side, &bytes);
		}
		if (http->switched) {
			http->switched = false;
			way->at = AT_NO_MORE;
			talk_switch(talk, side, bytes);
			return;
		}
	}
}

static void http_gap(struct talk *talk, enum said_side side, uint64_t n)
{
	struct http *http = talk->state;
	struct way *way = &http->way[side];

	if (way->at == AT_CLOSE || (way->at == AT_CHUNK_DATA && n < way->left) ||
	    (way->at == AT_LENGTH && n < way->left)) {
		way->left -= way->at == AT_CLOSE ? 0 : n;
		http_body_gap(&way->body, talk, n);
		return;
	}
	if (way->at == AT_LENGTH || way->at == AT_CHUNK_DATA || way->at == AT_CHUNK) {
		bool exact = way->at == AT_LENGTH && n == way->left;

		http_body_gap(&way->body, talk, n < way->left ? n : way->left);
		message_end(talk, side, false);
		if (exact)
			return;
	}
	if (way->at == AT_START) {
		head_cut(talk, side);
		return;
	}
	talk_hold_free(talk, &way->head);
	way->at = AT_LOST;
}

static void http_half(struct talk *talk, enum said_side side)
{
	struct http *http = talk->state;
	struct way *way = &http->way[side];

	if (way->at == AT_SKIPPED)
		http_body_skipped(&way->body, way->left - talk->skip[side]);
	if (way->at == AT_START && way->head.len > 0)
		head_cut(talk, side);
	if (way->at != AT_START && way->at != AT_LOST && way->at != AT_NO_MORE)
		message_end(talk, side, way->at == AT_CLOSE ||
		    (way->at == AT_SKIPPED && talk->skip[side] == 0));
}

static void http_end(struct talk *talk)
{
	struct http *http = talk->state;

	for (int side = 0; side < 2; side++) {
		http_half(talk, (enum said_side)side);
		talk_hold_free(talk, &http->way[side].head);
		talk_hold_free(talk, &http->way[side].body.bytes);
	}
}

const struct tongue tongue_http = {
	.name = "http", .over = OVER_TCP, .state_size = sizeof(struct http),
	.guess = http_guess, .guess_cut = http_guess_cut, .take = http_take, .gap = http_gap, .half = http_half,
	.end = http_end,
};
_Static_assert(sizeof(struct http) <= LIMIT_TALK_STATE, "one conversation's state");
