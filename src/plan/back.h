/* src/plan/back.h - how what was switched off comes back, once the loss is healed: what
 * others need first, and never more at once than the limits bear.
 *
 * A host that starts may draw its most; a breaker must bear all that start together on
 * top of what runs.  Outlets follow each other by stagger_s, longer than an inrush lasts
 * (20 to 40 ms), so that on one breaker only one inrush comes at a time; it must stay
 * below the breaker's magnetic edge.  inrush_a: 30 A a cord where the site says nothing,
 * what makers of server supplies commonly allow at 200 to 240 V. */
#ifndef KS_PLAN_BACK_H
#define KS_PLAN_BACK_H
#include "plan/flow.h"
#include "plan/order.h"

struct back_rules {
	uint32_t at_once;
	double stagger_s; /* between two outlets */
	double boot_s;	  /* until a started host draws what it usually does */
	double inrush_a;
};
/* 50 at once, 0.2 s, 120 s, 30 A */
extern const struct back_rules back_rules_usual;
/* The same with what the site's line says. */
struct back_rules back_rules_of(const struct site *site);

struct back {
	struct wave *waves; uint32_t waves_n; /* WAVE_ON */
	uint32_t *hosts;    uint32_t hosts_n; /* of the grid */
	uint32_t *waiting;  uint32_t waiting_n; /* for which there is no room as it is */
};

/* The healthy flow; left as it was.  off: grid indexes of hosts that are off.  Lies in
 * the arena. */
KS_MUST int back_new(struct flow *flow, const uint32_t *off, uint32_t off_n,
    const struct back_rules *rules, struct arena *arena, struct back **ret_back,
    struct why *why);
#endif
