/* src/plan/paper.h - a plan as a text file: a person can read it, compare it line by line
 * and approve it; a machine can carry it out.  It is bound to the site file and to the
 * readings that it was made from, and refused when either has changed.
 *
 *   keisoku plan 1
 *   site ID hash=HEX readings=HEX        lose ID            scale feed=1 heat=0 caps=no
 *   cost 104 bound=104 before=0          down SERVICE
 *   wave 1 off from=0s to=180s hosts=2   cap HOST w=120 | cut HOST | off HOST | on HOST
 *   end lines=N
 *
 * One thing a line, blanks before it do not matter, `#` begins a comment. */
#ifndef KS_PLAN_PAPER_H
#define KS_PLAN_PAPER_H
#include "base/text.h"
#include "plan/flow.h"
#include "plan/order.h"

struct paper_step {
	const char *host;
	int64_t mw; /* WAVE_CAP: to this; else 0 */
};

struct paper_wave {
	enum wave_kind kind;
	int64_t from_ms, to_ms;
	uint32_t first, n; /* steps[first ...] */
};

struct paper {
	const char *site;
	uint64_t hash, readings; /* of the site file, of the readings */
	int64_t feed_scale, heat_scale; /* as in struct grid_ask */
	bool caps;
	int64_t cost, bound, before; /* as in struct shed_plan */
	const char **lost;	    uint32_t lost_n;
	const char **down;	    uint32_t down_n;
	struct paper_wave *waves;   uint32_t waves_n;
	struct paper_step *steps;   uint32_t steps_n;
};

void paper_write(struct text *text, const struct paper *paper);
/* Strings lie in the arena.  KS_MALFORMED: the sentence names the line. */
KS_MUST int paper_read(struct span bytes, struct arena *arena, struct paper *ret_paper,
    struct why *why);
/* Is it of this grid?  KS_REFUSED: the site or the readings have changed since, or it
 * names what is not there. */
KS_MUST int paper_fits(const struct paper *paper, const struct grid *grid, struct arena *arena,
    struct why *why);
/* Carried out on the loads of this (healthy) flow: the nodes and rooms that are then still
 * above their limits (nodes first, rooms as nodes_n + n).  Of a plan that fits but for its
 * readings; the flow is left as it was.  KS_FULL: no memory. */
KS_MUST int paper_over(const struct paper *paper, struct flow *flow, struct arena *arena,
    uint32_t **ret_over, uint32_t *ret_n);
/* The word of a wave in the file: "cap" "cut" "off" "on". */
const char *wave_word(enum wave_kind kind);
#endif
