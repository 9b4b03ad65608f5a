/* src/wire/diary.c - see diary.h.  Letters: Zeek's script reference, Conn::Info, history;
 * of each side each letter once, when it is met first. */
#include "wire/diary.h"
#include "base/more.h"
#include <stdlib.h>

enum { DIARIES_FIRST = 1024 };

void diaries_done(struct diaries *diaries)
{
	free(diaries->at);
	*diaries = (struct diaries){ .at = NULL };
}

static struct diary *diary_of(const struct diaries *diaries, const struct flow *flow)
{
	return flow->diary == 0 || flow->diary == DIARY_TOLD ? NULL : &diaries->at[flow->diary - 1];
}

void diary_open(struct diaries *d, struct flow *flow)
{
	uint32_t number = d->free;

	if (number == 0) {
		struct diary *at = array_more(d->at, d->n, &d->room, DIARIES_FIRST, sizeof *at);

		if (at == NULL)
			return;
		d->at = at;
		number = (uint32_t)++d->n;
	} else {
		d->free = d->at[number - 1].next;
	}
	d->at[number - 1] = (struct diary){ .is.first_ns = flow->slice_ns };
	flow->diary = number;
}

static void letter(struct diary *diary, enum said_side side, enum said_seen what, char word)
{
	if (diary->is.seen[side] & what)
		return;
	diary->is.seen[side] |= (uint16_t)what;
	if (diary->letters + 1u < sizeof diary->is.history)
		diary->is.history[diary->letters++] =
		    side == SIDE_CLIENT ? (char)(word - 'a' + 'A') : word;
}

static void tcp_note(struct diary *diary, const struct flow *flow, const struct packet *packet,
    enum said_side side)
{
	unsigned flags = packet->tcp_flags;
	uint32_t end = packet->tcp_seq + packet->payload_length;

	if (flags & TCP_SYN)
		letter(diary, side, flags & TCP_ACK ? SEEN_SYN_ACK : SEEN_SYN, flags & TCP_ACK ? 'h' : 's');
	else if (packet->payload_length == 0 && (flags & (TCP_ACK | TCP_FIN | TCP_RST)) == TCP_ACK)
		letter(diary, side, SEEN_ACK, 'a');
	if (packet->payload_length > 0)
		letter(diary, side, SEEN_DATA, 'd');
	if (packet->payload_length > 1 && flow->flags & (FLOW_BASE << side) &&
	    (int32_t)(end - flow->next_seq[side]) <= 0)
		letter(diary, side, SEEN_AGAIN, 't');
	if (packet->tcp_window == 0 && (flags & (TCP_ACK | TCP_RST)) == TCP_ACK)
		letter(diary, side, SEEN_SHUT, 'w');
	if (flags & TCP_FIN)
		letter(diary, side, SEEN_FIN, 'f');
	if (flags & TCP_RST)
		letter(diary, side, SEEN_RESET, 'r');
}

void diary_note(struct diaries *diaries, const struct flow *flow, const struct packet *packet,
    enum said_side side)
{
	struct diary *diary = diary_of(diaries, flow);

	if (diary == NULL || packet->flags & PACKET_SHADOW)
		return;
	if (packet->protocol == IP_TCP)
		tcp_note(diary, flow, packet, side);
	else if (packet->payload_length > 0)
		letter(diary, side, SEEN_DATA, 'd');
}

void diary_add(struct diaries *diaries, const struct flow *flow)
{
	struct diary *diary = diary_of(diaries, flow);

	for (int side = 0; diary != NULL && side < 2; side++) {
		diary->is.frames[side] += flow->frames[side];
		diary->is.bytes[side] += flow->bytes[side];
		diary->is.payload[side] += flow->payload[side];
		diary->is.retransmits[side] += flow->retransmits[side];
		diary->is.missing[side] += flow->missing[side];
		if (flow->missing[side] > 0)
			letter(diary, (enum said_side)side, SEEN_GAP, 'g');
	}
}

struct said_flow diary_close(struct diaries *diaries, struct flow *flow, enum slice_ended ended)
{
	struct diary alone = { .is.first_ns = flow->slice_ns }, *diary = diary_of(diaries, flow);
	struct said_flow is = diary != NULL ? diary->is : alone.is;

	for (int side = 0; diary == NULL && side < 2; side++) {
		is.frames[side] = flow->frames[side];
		is.bytes[side] = flow->bytes[side];
		is.payload[side] = flow->payload[side];
	}
	if (diary != NULL) {
		diary->next = diaries->free;
		diaries->free = flow->diary;
		flow->diary = 0;
	}
	is.last_ns = flow->last_ns;
	is.ended = (uint8_t)ended;
	return is;
}

struct said_flow diary_early(struct diaries *diaries, struct flow *flow, enum slice_ended ended)
{
	diary_add(diaries, flow);
	struct said_flow is = diary_close(diaries, flow, ended);

	flow->diary = DIARY_TOLD;
	return is;
}
