/* src/wire/turn.c - the sides of a flow were taken for each other, as its tongue found out
 * (talk_turn): what was counted, seen and put in order by side until then changes places. */
#include "wire/worker.h"
#include <ctype.h>

#define SWAP(pair)                                                                     \
	do {                                                                           \
		__typeof__((pair)[0]) kept = (pair)[0];                                \
									       \
		(pair)[0] = (pair)[1];                                                 \
		(pair)[1] = kept;                                                      \
	} while (0)

/* Flags that stand for a side have the other's beside them. */
static void flags_turn(struct flow *flow)
{
	static const uint16_t ofs[] = { FLOW_SPOKE, FLOW_BASE, FLOW_FIN, FLOW_TOLD };
	unsigned flags = flow->flags, was = flags;

	for (size_t i = 0; i < sizeof ofs / sizeof *ofs; i++) {
		unsigned both = ofs[i] | (unsigned)ofs[i] << SIDE_SERVER;

		flags &= ~both;
		flags |= (was & ofs[i]) << 1 | (was & both & ~(unsigned)ofs[i]) >> 1;
	}
	if (flags & (FLOW_RESET | FLOW_FIN | FLOW_FIN << SIDE_SERVER))
		flags ^= FLOW_CLOSED_BY;
	flow->flags = (uint16_t)flags;
}

static void counts_turn(struct flow *flow)
{
	SWAP(flow->frames);
	SWAP(flow->bytes);
	SWAP(flow->payload);
	SWAP(flow->base_seq);
	SWAP(flow->next_seq);
	SWAP(flow->retransmits);
	SWAP(flow->ttl);
	SWAP(flow->mac);
	SWAP(flow->missing);
}

void diary_turn(struct diaries *diaries, const struct flow *flow)
{
	if (flow->diary == 0 || diary_is_told(flow))
		return;
	struct said_flow *is = &diaries->at[flow->diary - 1].is;

	SWAP(is->frames);
	SWAP(is->bytes);
	SWAP(is->payload);
	SWAP(is->missing);
	SWAP(is->retransmits);
	SWAP(is->seen);
	for (char *at = is->history; *at != '\0'; at++)
		*at = (char)(isupper((unsigned char)*at) ? tolower((unsigned char)*at)
							  : toupper((unsigned char)*at));
}

void flow_turn(struct ear_worker *worker, struct flow *flow)
{
	if (!worker->turn)
		return;
	worker->turn = false;
	worker->view_of = NULL;
	flags_turn(flow);
	counts_turn(flow);
	diary_turn(&worker->diaries, flow);
	if (flow->cold == NULL)
		return;
	SWAP(flow->cold->half);
	flow->cold->talk.turned = false;
}
