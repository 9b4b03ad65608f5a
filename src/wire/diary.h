/* src/wire/diary.h - the whole life of a flow, kept only where somebody wants to hear of
 * flows one by one (listener.flow): sums over its slices, and the letters of its history as
 * Zeek writes them.  A flow has the number of its diary; without a listener there are none. */
#ifndef KS_WIRE_DIARY_H
#define KS_WIRE_DIARY_H
#include "wire/flow.h"
#include "wire/said.h"

struct diary {
	struct said_flow is;
	uint32_t next; /* of those that are free, and one */
	uint8_t letters;
};

#define DIARY_TOLD UINT32_MAX /* in place of a number: there will be none any more */

struct diaries {
	bool on;
	struct diary *at;
	size_t n, room;
	uint32_t free; /* and one; 0: none */
};

void diaries_done(struct diaries *diaries);
/* A flow begins.  Without memory it has none, and is told by its last slice alone. */
void diary_open(struct diaries *diaries, struct flow *flow);
/* Before the packet is counted in the flow. */
void diary_note(struct diaries *diaries, const struct flow *flow, const struct packet *packet,
    enum said_side side);
/* Its sides change places. */
void diary_turn(struct diaries *diaries, const struct flow *flow);
/* A slice of the flow ends: its counters go into the sums. */
void diary_add(struct diaries *diaries, const struct flow *flow);
/* The flow ends, after its last slice; the diary is free again. */
struct said_flow diary_close(struct diaries *diaries, struct flow *flow, enum slice_ended ended);
/* The same while the flow's record lives on: what comes late is in no diary. */
struct said_flow diary_early(struct diaries *diaries, struct flow *flow, enum slice_ended ended);
static inline bool diary_is_told(const struct flow *flow)
{
	return flow->diary == DIARY_TOLD;
}
#endif
