/* src/cli/audit_tick.h - rows that somebody reads while they come (audit --zeek, --eve): when the
 * engine is told how late it is.  The capture's clock goes on from its last frame as ours does.
 * Only where that frame was of just now (an interface, a dump that runs) does silence end
 * flows too: an old capture may come through a slow pipe. */
#ifndef KS_CLI_AUDIT_TICK_H
#define KS_CLI_AUDIT_TICK_H
#include "wire/ear.h"

struct tick {
	int64_t ticked_ms, heard_ms, heard_ns; /* heard_ns: time of the last frame; 0 none yet */
	bool heard, current;
};
static inline void tick_heard(struct tick *tick, int64_t frame_ns)
{
	tick->heard_ns = frame_ns > tick->heard_ns ? frame_ns : tick->heard_ns;
	tick->heard = true;
}
/* Tells the ear, when that was not a moment ago. */
void tick_look(struct tick *tick, struct ear *ear);
int64_t tick_now_ms(void); /* monotonic */
#endif
