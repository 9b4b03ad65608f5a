/* test/unit/stage.h - a tongue alone on the stage: bytes of both sides go in, split as
 * wished, and what it says is written down, one event a line.  Plays the engine's part of
 * wire/talk.h. */
#ifndef KS_TEST_STAGE_H
#define KS_TEST_STAGE_H
#include "base/text.h"
#include "wire/talk.h"

struct stage {
	struct talk talk;
	struct flow_view flow;
	const struct tongue *first;
	struct text said;
	size_t held;	  /* bytes in all holds */
	bool rest[2];
	_Alignas(16) uint8_t state[8192];
};

void stage_begin(struct stage *stage, const struct tongue *tongue);
void stage_take(struct stage *stage, enum said_side side, const void *bytes, size_t n,
    size_t step);
void stage_gap(struct stage *stage, enum said_side side, uint64_t n);
/* Ends the talk; what was said, borrowed until stage_done. */
const char *stage_end(struct stage *stage);
void stage_done(struct stage *stage);
#endif
