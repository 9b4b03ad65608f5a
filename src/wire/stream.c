/* TCP put in order (RFC 9293), in bounded memory.  In-order bytes go to the talk
 * straight from the frame; only what comes before its turn is copied.  A hole is given
 * up, and declared, when the other side has acknowledged what lies in it and still it
 * does not come, when too much waits behind it, or too long.  The first copy of a byte
 * wins; copies that differ are counted and told. */
#include "base/hash.h"
#include "base/limits.h"
#include "wire/worker.h"
#include <stdlib.h>

enum { PATIENT_PACKETS = 4, WILD_SEGMENTS = 3 };

static int32_t seq_diff(uint32_t a, uint32_t b)
{
	return (int32_t)(a - b);
}

/* -- telling what is wrong --------------------------------------------------------------------- */

static void stream_odd(struct ear_worker *worker, struct cold *cold, enum said_side side,
    enum odd_kind kind, uint64_t count)
{
	if (kind == ODD_OVERLAP)
		worker->counts.overlaps++;
	say_odd(&cold->talk, side, kind, count);
}

static void half_gap(struct ear_worker *worker, struct flow *flow, enum said_side side,
    uint32_t n)
{
	struct cold *cold = flow->cold;

	cold->half[side].next += n;
	worker->counts.gap_bytes += n;
	flow->missing[side] = n > UINT32_MAX - flow->missing[side] ? UINT32_MAX
								  : flow->missing[side] + n;
	talk_gap(&cold->talk, side, n);
}

/* -- handing on ---------------------------------------------------------------------------------- */

/* Of all bytes of a short segment, of both ends of a long one: whoever sends other bytes
 * changes what a message begins or ends with, and the whole would cost too much. */
static uint64_t bytes_sum(struct span bytes)
{
	enum { END = 128 };

	if (bytes.left <= 2 * END)
		return hash_of(bytes, 0);
	return hash_of(span_of(bytes.at + bytes.left - END, END),
	    hash_of(span_of(bytes.at, END), bytes.left));
}

static void half_remember(struct half *half, uint32_t seq, struct span bytes)
{
	half->handed[half->handed_at++ % HANDED] = (struct handed){ .seq = seq,
		.length = (uint32_t)bytes.left, .sum = bytes_sum(bytes) };
}

/* length bytes as sent, of which `bytes` were captured, beginning at half->next. */
static void half_hand(struct ear_worker *worker, struct flow *flow, enum said_side side,
    struct span bytes, uint32_t length)
{
	struct cold *cold = flow->cold;
	struct half *half = &cold->half[side];

	if (cold->talk.skip[side] < length) /* what is passed over is not remembered */
		half_remember(half, half->next, bytes);
	half->next += (uint32_t)bytes.left;
	if (bytes.left > 0)
		talk_take(&cold->talk, side, bytes);
	if (bytes.left < length)
		half_gap(worker, flow, side, length - (uint32_t)bytes.left);
}

static void segment_free(struct ear_worker *worker, struct half *half,
    struct segment *segment)
{
	worker->held -= sizeof *segment + segment->here;
	half->queued -= segment->here;
	half->queue_count--;
	free(segment);
}

/* Everything that has come into its turn. */
static void half_drain(struct ear_worker *worker, struct flow *flow, enum said_side side)
{
	struct half *half = &flow->cold->half[side];

	while (half->queue != NULL && seq_diff(half->queue->seq, half->next) <= 0) {
		struct segment *segment = half->queue;
		uint32_t old = half->next - segment->seq;

		half->queue = segment->next;
		if (old < segment->length)
			half_hand(worker, flow, side,
			    old < segment->here ? span_of(segment->bytes + old, segment->here - old)
						: span_of(NULL, 0),
			    segment->length - old);
		segment_free(worker, half, segment);
	}
	half->hole_packets = 0;
}

/* -- before its turn -------------------------------------------------------------------------------- */

static bool bytes_differ(const struct segment *old, uint32_t seq, struct span bytes)
{
	int32_t shift = seq_diff(seq, old->seq);
	uint32_t from = shift > 0 ? (uint32_t)shift : 0, to = old->here;
	uint32_t mine = shift > 0 ? 0 : (uint32_t)-shift;

	if (from >= to || mine >= bytes.left)
		return false;
	size_t n = to - from < bytes.left - mine ? to - from : bytes.left - mine;

	return memcmp(old->bytes + from, bytes.at + mine, n) != 0;
}

static bool queue_insert(struct ear_worker *worker, struct half *half,
    struct segment **link, uint32_t seq, struct span bytes, uint32_t length)
{
	struct segment *segment;

	if (worker->held + sizeof *segment + bytes.left > worker->held_most)
		return false;
	segment = malloc(sizeof *segment + bytes.left);
	if (segment == NULL)
		return false;
	*segment = (struct segment){ .next = *link, .seq = seq, .length = length,
		.here = (uint32_t)bytes.left };
	if (bytes.left > 0)
		memcpy(segment->bytes, bytes.at, bytes.left);
	*link = segment;
	worker->held += sizeof *segment + bytes.left;
	half->queued += segment->here;
	half->queue_count++;
	return true;
}

static void bytes_pass(struct span *bytes, uint32_t n)
{
	if (bytes->left > n)
		(void)span_cut(bytes, n);
	else
		*bytes = span_of(NULL, 0);
}

/* Keep a copy of those bytes that no waiting segment has.  False without memory. */
static bool half_queue(struct ear_worker *worker, struct half *half, uint32_t seq,
    struct span bytes, uint32_t length, bool *ret_differs)
{
	struct segment **link = &half->queue;

	while (length > 0) {
		struct segment *old = *link;

		if (old != NULL && seq_diff(old->seq + old->length, seq) <= 0) {
			link = &old->next;
			continue;
		}
		uint32_t room = old != NULL && seq_diff(old->seq, seq) > 0 ? old->seq - seq : 0;
		uint32_t part = old == NULL || room > length ? length : room;

		if (part > 0) {
			struct span mine = bytes;

			mine.left = mine.left < part ? mine.left : part;
			if (!queue_insert(worker, half, link, seq, mine, part))
				return false;
			link = &(*link)->next;
		}
		if (old == NULL || part == length)
			return true;
		*ret_differs |= bytes_differ(old, seq + part, /* the overlap is the old one's */
		    span_of(bytes.left > part ? bytes.at + part : NULL,
			bytes.left > part ? bytes.left - part : 0));
		uint32_t past = old->seq + old->length - seq;

		if (past >= length)
			return true;
		bytes_pass(&bytes, past);
		seq += past;
		length -= past;
	}
	return true;
}

/* Over the hole to what waits first. */
static void half_leap(struct ear_worker *worker, struct flow *flow, enum said_side side)
{
	struct half *half = &flow->cold->half[side];
	int32_t n = half->queue != NULL ? seq_diff(half->queue->seq, half->next) : 0;

	if (n > 0)
		half_gap(worker, flow, side, (uint32_t)n);
	half_drain(worker, flow, side);
}

/* Is the hole in front of what waits there to stay? */
static bool hole_is_lost(const struct ear_worker *worker, const struct half *half)
{
	if (half->queue == NULL)
		return false;
	if (half->queued > LIMIT_STREAM_QUEUE || half->queue_count > LIMIT_STREAM_SEGMENTS ||
	    worker->held + worker->held_most / 16 > worker->held_most)
		return true;
	if (worker->time_ns - half->hole_ns > (int64_t)LIMIT_STREAM_WAIT_S * 1000000000)
		return true;
	return half->acked_known && seq_diff(half->acked, half->queue->seq) >= 0 &&
	    half->hole_packets >= PATIENT_PACKETS;
}

/* Bytes that begin where they are wanted: what waits already stays as it is. */
static bool half_in_turn(struct ear_worker *worker, struct flow *flow, enum said_side side,
    struct span bytes, uint32_t length)
{
	struct half *half = &flow->cold->half[side];
	bool differs = false;

	for (;;) {
		uint32_t room = half->queue != NULL ? half->queue->seq - half->next : length;
		uint32_t part = room < length ? room : length, was;
		struct span mine = bytes;

		mine.left = mine.left < part ? mine.left : part;
		if (part > 0)
			half_hand(worker, flow, side, mine, part);
		length -= part;
		bytes_pass(&bytes, part);
		for (struct segment *old = half->queue; length > 0 && old != NULL; old = old->next)
			differs |= bytes_differ(old, half->next, bytes);
		was = half->next;
		half_drain(worker, flow, side);
		if (half->next - was >= length)
			return differs;
		bytes_pass(&bytes, half->next - was);
		length -= half->next - was;
	}
}

/* -- a segment ------------------------------------------------------------------------------------------ */

/* All of it was there before: does it say the same? */
static bool half_contradicts(const struct half *half, uint32_t seq, struct span bytes)
{
	for (int i = 0; i < HANDED; i++) {
		const struct handed *old = &half->handed[i];

		if (old->seq == seq && old->length == bytes.left && bytes.left > 1)
			return old->sum != bytes_sum(bytes);
	}
	return false;
}

/* Far outside of any window: rubbish, or so much was lost that counting starts anew. */
static bool half_is_wild(struct half *half, uint32_t seq, uint32_t length)
{
	int32_t ahead = seq_diff(seq, half->next);

	if (ahead < LIMIT_STREAM_AHEAD && ahead > -LIMIT_STREAM_AHEAD) {
		half->wild = 0;
		return false;
	}
	half->wild = half->wild > 0 && half->wild_next == seq ? (uint8_t)(half->wild + 1) : 1;
	half->wild_next = seq + length;
	return half->wild < WILD_SEGMENTS;
}

static void half_take(struct ear_worker *worker, struct flow *flow, enum said_side side,
    uint32_t seq, struct span bytes, uint32_t length)
{
	struct cold *cold = flow->cold;
	struct half *half = &cold->half[side];
	int32_t ahead;
	bool differs = false;

	if (half_is_wild(half, seq, length))
		return;
	ahead = seq_diff(seq, half->next);
	if (ahead < -LIMIT_STREAM_AHEAD || ahead >= LIMIT_STREAM_AHEAD) {
		half_gap(worker, flow, side, 0); /* by how much nobody knows */
		half->next = seq;
		ahead = 0;
	}
	if (ahead < 0 && (uint32_t)-ahead >= length) {
		if (half_contradicts(half, seq, bytes))
			stream_odd(worker, cold, side, ODD_OVERLAP, length);
		return;
	}
	if (ahead < 0) {
		uint32_t old = (uint32_t)-ahead;

		length -= old;
		bytes_pass(&bytes, old);
		ahead = 0;
	}
	if (ahead > 0) {
		if (half->queue == NULL) {
			half->hole_ns = worker->time_ns;
			half->hole_packets = 0;
		}
		if (!half_queue(worker, half, half->next + (uint32_t)ahead, bytes, length, &differs))
			half_leap(worker, flow, side);
	} else {
		differs = half_in_turn(worker, flow, side, bytes, length);
	}
	if (differs)
		stream_odd(worker, cold, side, ODD_OVERLAP, length);
}

/* -- beginnings and ends ------------------------------------------------------------------------------------ */

static bool half_done(const struct half *half)
{
	return half->fin_known && half->known && seq_diff(half->next, half->fin) >= 0;
}

static void stream_finish(struct ear_worker *worker, struct flow *flow)
{
	struct cold *cold = flow->cold;

	flow->cold = NULL;
	flow->flags |= FLOW_DEAF;
	talk_end(&cold->talk);
	for (int side = 0; side < 2; side++)
		while (cold->half[side].queue != NULL) {
			struct segment *segment = cold->half[side].queue;

			cold->half[side].queue = segment->next;
			segment_free(worker, &cold->half[side], segment);
		}
	worker->held -= sizeof *cold;
	free(cold);
}

static void half_over(struct cold *cold, enum said_side side)
{
	struct half *half = &cold->half[side];

	if (half->over || !half_done(half))
		return;
	half->over = true;
	talk_half(&cold->talk, side);
}

/* What was acknowledged but never came. */
static void half_tail(struct ear_worker *worker, struct flow *flow, enum said_side side)
{
	const struct half *half = &flow->cold->half[side];
	uint32_t end = half->fin_known ? half->fin : half->acked;
	int32_t n = seq_diff(end, half->next);

	/* one byte may be a FIN that was not captured */
	if (half->known && half->acked_known && n > 1 && n < LIMIT_STREAM_AHEAD &&
	    seq_diff(half->acked, end) >= 0)
		half_gap(worker, flow, side, (uint32_t)n);
}

void stream_end(struct ear_worker *worker, struct flow *flow)
{
	for (int side = 0; side < 2 && flow->cold != NULL; side++) {
		struct half *half = &flow->cold->half[side];

		(void)worker_view(worker, flow);
		while (half->queue != NULL)
			half_leap(worker, flow, (enum said_side)side);
		half_tail(worker, flow, (enum said_side)side);
	}
	if (flow->cold != NULL)
		stream_finish(worker, flow);
}

/* Where each direction stands, from the first packet that tells. */
static void half_begin(struct half *half, const struct flow *flow, enum said_side side)
{
	if (half->known || (flow->flags & (FLOW_BASE << side)) == 0)
		return;
	half->known = true;
	half->next = flow->base_seq[side] + 1;
}

static bool side_unwanted(const struct talk *talk, enum said_side side)
{
	return talk->unwanted >> (talk->turned ? !side : side) & 1;
}

/* Nobody listens any more. */
static bool talk_is_idle(const struct talk *talk)
{
	return talk->tongue == NULL && !talk->fresh && talk->guessing == NULL;
}

static void stream_payload(struct ear_worker *worker, struct flow *flow,
    const struct packet *packet, enum said_side side)
{
	struct cold *cold = flow->cold;
	struct half *half = &cold->half[side];
	uint32_t seq = packet->tcp_seq + ((packet->tcp_flags & TCP_SYN) != 0);

	if (side_unwanted(&cold->talk, side)) {
		uint32_t end = seq + packet->payload_length;

		while (half->queue != NULL) {
			struct segment *segment = half->queue;

			half->queue = segment->next;
			segment_free(worker, half, segment);
		}
		if (seq_diff(end, half->next) > 0)
			half->next = end;
		return;
	}
	half_take(worker, flow, side, seq, packet->payload, packet->payload_length);
}

void stream_take(struct ear_worker *worker, struct flow *flow, const struct packet *packet,
    enum said_side side)
{
	enum said_side other = side == SIDE_CLIENT ? SIDE_SERVER : SIDE_CLIENT;

	if (flow->cold == NULL) {
		if (cold_new(worker, flow) == NULL)
			return;
		talk_begin(worker, &flow->cold->talk);
	}
	struct half *mine = &flow->cold->half[side], *others = &flow->cold->half[other];

	(void)worker_view(worker, flow);
	half_begin(mine, flow, side);
	half_begin(others, flow, other);
	if (packet->tcp_flags & TCP_ACK &&
	    (!others->acked_known || seq_diff(packet->tcp_ack, others->acked) > 0)) {
		others->acked = packet->tcp_ack;
		others->acked_known = true;
	}
	if (packet->tcp_flags & TCP_FIN && !mine->fin_known) {
		mine->fin = packet->tcp_seq + packet->payload_length;
		mine->fin_known = true;
	}
	if (packet->payload_length > 0)
		stream_payload(worker, flow, packet, side);
	for (int i = 0; i < 2; i++) {
		struct half *half = &flow->cold->half[i];

		if (half->queue != NULL && half->hole_packets < UINT8_MAX)
			half->hole_packets++;
		if (hole_is_lost(worker, half))
			half_leap(worker, flow, (enum said_side)i);
		half_over(flow->cold, (enum said_side)i);
	}
	if ((mine->over && others->over) || talk_is_idle(&flow->cold->talk) ||
	    (packet->tcp_flags & TCP_RST && (!mine->known || packet->tcp_seq == mine->next)))
		stream_end(worker, flow);
}
