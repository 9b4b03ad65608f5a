/* src/wire/http2.c - frames, streams; a header block becomes a head as of HTTP/1, so that
 * both are read by the same rules. */
#include "wire/http2.h"
#include "base/drop.h"
#include "base/limits.h"
#include "wire/hpack.h"
#include "wire/http2_stream.h"

enum { HEAD = 9, PREFACE = 24, TABLE_MOST = 65536 };
enum { FRAME_DATA, FRAME_HEADERS, FRAME_PRIORITY, FRAME_RESET, FRAME_SETTINGS, FRAME_PROMISE,
	FRAME_PING, FRAME_AWAY, FRAME_WINDOW, FRAME_CONTINUES };
enum { FLAG_END_STREAM = 1, FLAG_END_HEADERS = 4, FLAG_PADDED = 8, FLAG_PRIORITY = 32 };

struct frame_head {
	uint32_t length, stream;
	uint8_t type, flags;
};

/* What one side sends. */
struct way {
	struct hold frame;	/* a frame that is not whole yet */
	struct hold block;	/* header block in parts */
	struct hold table;	/* memory of hpack */
	struct hpack hpack;
	struct frame_head data; /* the DATA frame that is coming in */
	uint32_t data_left, pad;
	uint32_t block_stream;
	bool block_ends, lost, begun;
};

struct http2 {
	struct way ways[2];
	struct http2_streams streams;
};

static const char preface[] = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

static enum guess http2_guess(const struct flow_view *flow, const struct span first[2])
{
	struct span s = first[SIDE_CLIENT];
	size_t n = s.left < PREFACE ? s.left : PREFACE;

	(void)flow;
	if (n == 0)
		return first[SIDE_SERVER].left > 0 ? GUESS_NO : GUESS_MAYBE;
	if (memcmp(s.at, preface, n) != 0)
		return GUESS_NO;
	return n >= 16 ? GUESS_YES : GUESS_MAYBE;
}

static void lose(struct talk *talk, struct http2 *http2, enum said_side side, enum odd_kind kind)
{
	struct way *way = &http2->ways[side];

	say_odd(talk, side, kind, 1);
	way->lost = true;
	talk_hold_free(talk, &way->frame);
	talk_hold_free(talk, &way->block);
}

/* A frame of header fields without padding and priority. */
static struct span fields_of(const struct frame_head *head, struct span body)
{
	size_t pad = 0;

	if (head->type == FRAME_CONTINUES)
		return body;
	if ((head->flags & FLAG_PADDED) != 0)
		pad = (size_t)span_be(&body, 1);
	if (head->type == FRAME_PROMISE)
		(void)span_be(&body, 4);
	else if ((head->flags & FLAG_PRIORITY) != 0)
		(void)span_be(&body, 5);
	return span_cut(&body, body.left >= pad ? body.left - pad : SIZE_MAX);
}

static void block_done(struct talk *talk, struct http2 *http2, enum said_side side)
{
	struct way *way = &http2->ways[side];
	struct http2_head head;
	KS_DROP(text) struct text room;

	http2_head_begin(&head);
	text_init(&room, LIMIT_HTTP_HEAD);
	struct hpack_sink sink = { http2_head_field, &head };

	if (hpack_block(&way->hpack, hold_span(&way->block), &room, &sink) != KS_OK)
		lose(talk, http2, side, ODD_MALFORMED);
	else
		http2_streams_head(talk, &http2->streams, side, way->block_stream, &head);
	http2_head_done(&head);
	if (!way->lost && way->block_ends)
		http2_streams_end(talk, &http2->streams, side, way->block_stream);
	talk_hold_free(talk, &way->block);
}

static void headers_take(struct talk *talk, struct http2 *http2, enum said_side side,
    const struct frame_head *head, struct span body)
{
	struct way *way = &http2->ways[side];
	struct span fields = fields_of(head, body);

	if (head->type != FRAME_CONTINUES) {
		talk_hold_free(talk, &way->block);
		way->block_stream = head->stream;
		way->block_ends = head->type == FRAME_HEADERS && (head->flags & FLAG_END_STREAM) != 0;
	}
	if (fields.broken || talk_hold(talk, &way->block, fields, LIMIT_HTTP_HEAD) != KS_OK) {
		lose(talk, http2, side, fields.broken ? ODD_MALFORMED : ODD_FULL);
		return;
	}
	if ((head->flags & FLAG_END_HEADERS) != 0)
		block_done(talk, http2, side);
}

/* Memory for a table that the other side's encoder may use. */
static bool table_room(struct talk *talk, struct way *way, size_t size)
{
	static const uint8_t zeroes[1024];

	while (way->table.len < size)
		if (talk_hold(talk, &way->table, span_of(zeroes, sizeof zeroes), TABLE_MOST) != KS_OK)
			return false;
	way->hpack.room = way->table.at;
	way->hpack.room_size = size > way->hpack.room_size ? size : way->hpack.room_size;
	return true;
}

/* What a side sets is how large a table the other may use. */
static void settings_take(struct talk *talk, struct http2 *http2, enum said_side side,
    const struct frame_head *head, struct span body)
{
	struct way *other = &http2->ways[1 - side];

	while ((head->flags & 1) == 0 && body.left >= 6) {
		uint32_t key = (uint32_t)span_be(&body, 2), value = (uint32_t)span_be(&body, 4);

		if (key == 1 && value > HPACK_TABLE)
			(void)table_room(talk, other, value < TABLE_MOST ? value : TABLE_MOST);
	}
}

static void frame_take(struct talk *talk, struct http2 *http2, enum said_side side,
    const struct frame_head *head, struct span body)
{
	switch (head->type) {
	case FRAME_HEADERS:
	case FRAME_PROMISE:
	case FRAME_CONTINUES:
		headers_take(talk, http2, side, head, body);
		break;
	case FRAME_SETTINGS:
		settings_take(talk, http2, side, head, body);
		break;
	case FRAME_RESET:
		http2_streams_reset(talk, &http2->streams, head->stream);
		break;
	default:
		break;
	}
}

static struct frame_head head_read(struct span s)
{
	struct frame_head head = { .length = (uint32_t)span_be(&s, 3) };

	head.type = (uint8_t)span_be(&s, 1);
	head.flags = (uint8_t)span_be(&s, 1);
	head.stream = (uint32_t)span_be(&s, 4) & 0x7fffffff;
	return head;
}

/* Content is passed on as it comes; padding is dropped. */
static void data_take(struct talk *talk, struct http2 *http2, enum said_side side,
    struct span *bytes)
{
	struct way *way = &http2->ways[side];
	size_t n = way->data_left < bytes->left ? way->data_left : bytes->left;
	struct span part = span_cut(bytes, n);

	if (way->data_left - n < way->pad) { /* the padding has begun */
		size_t past = way->pad - (way->data_left - n);

		part = span_cut(&part, part.left > past ? part.left - past : 0);
	}
	way->data_left -= (uint32_t)n;
	if (part.left > 0)
		http2_streams_data(talk, &http2->streams, side, way->data.stream, part);
	if (way->data_left == 0 && (way->data.flags & FLAG_END_STREAM) != 0)
		http2_streams_end(talk, &http2->streams, side, way->data.stream);
}

/* How much of a frame must be together before it can be taken: all of it, of DATA only
 * its head (and the length of its padding). */
static size_t frame_want(const struct frame_head *head)
{
	if (head->type != FRAME_DATA)
		return (size_t)HEAD + head->length;
	return (head->flags & FLAG_PADDED) != 0 && head->length > 0 ? HEAD + 1 : HEAD;
}

static void frame_whole(struct talk *talk, struct http2 *http2, enum said_side side,
    const struct frame_head *head, struct span whole)
{
	struct way *way = &http2->ways[side];

	(void)span_cut(&whole, HEAD);
	if (head->type != FRAME_DATA) {
		frame_take(talk, http2, side, head, whole);
		return;
	}
	way->data = *head;
	way->data_left = head->length - (uint32_t)whole.left;
	way->pad = whole.left > 0 ? whole.at[0] : 0;
	if (way->data_left == 0 && (head->flags & FLAG_END_STREAM) != 0)
		http2_streams_end(talk, &http2->streams, side, head->stream);
}

/* One frame's beginning, or all of it; false when more bytes are needed. */
static bool frame_cut(struct talk *talk, struct http2 *http2, enum said_side side,
    struct span *bytes)
{
	struct way *way = &http2->ways[side];
	struct hold *hold = &way->frame;
	size_t want = HEAD;

	for (;;) {
		struct span have = hold->len > 0 ? hold_span(hold) : *bytes;

		if (have.left >= HEAD) {
			struct frame_head head = head_read(have);

			want = frame_want(&head);
			if (want > LIMIT_HTTP2_FRAME) {
				lose(talk, http2, side, ODD_FULL);
				return false;
			}
			if (have.left >= want) {
				have.left = want;
				if (hold->len == 0)
					(void)span_cut(bytes, want);
				frame_whole(talk, http2, side, &head, have);
				talk_hold_free(talk, hold);
				return !way->lost;
			}
		}
		size_t get = want - hold->len < bytes->left ? want - hold->len : bytes->left;

		if (get == 0)
			return false;
		if (talk_hold(talk, hold, span_cut(bytes, get), LIMIT_HTTP2_FRAME) != KS_OK) {
			lose(talk, http2, side, ODD_FULL);
			return false;
		}
	}
}

static void http2_take(struct talk *talk, enum said_side side, struct span bytes)
{
	struct http2 *http2 = talk->state;
	struct way *way = &http2->ways[side];

	if (!way->begun) {
		way->begun = true;
		way->hpack.max = HPACK_TABLE;
		way->data_left = side == SIDE_CLIENT ? PREFACE : 0; /* passed over like content */
		if (way->table.len == 0 && !table_room(talk, way, HPACK_TABLE))
			way->lost = true;
	}
	while (bytes.left > 0 && !way->lost) {
		if (way->data_left > 0)
			data_take(talk, http2, side, &bytes);
		else if (!frame_cut(talk, http2, side, &bytes))
			break;
	}
}

static void http2_gap(struct talk *talk, enum said_side side, uint64_t n)
{
	struct http2 *http2 = talk->state;

	(void)n;
	lose(talk, http2, side, ODD_GAP);
}

static void http2_end(struct talk *talk)
{
	struct http2 *http2 = talk->state;

	http2_streams_over(talk, &http2->streams);
	for (int side = 0; side < 2; side++) {
		talk_hold_free(talk, &http2->ways[side].frame);
		talk_hold_free(talk, &http2->ways[side].block);
		talk_hold_free(talk, &http2->ways[side].table);
	}
}

const struct tongue tongue_http2 = {
	.name = "http2", .over = OVER_TCP, .state_size = sizeof(struct http2),
	.guess = http2_guess, .take = http2_take, .gap = http2_gap, .end = http2_end,
};
