/* src/sense/snmp/plan.h - what one device has, worked out once from a walk and the rows
 * of its families: which variables to ask from now on, and how they become readings.
 * Kept as long as the device is known, so it is small: no walk is kept. */
#ifndef KS_SENSE_SNMP_PLAN_H
#define KS_SENSE_SNMP_PLAN_H
#include "sense/driver.h"
#include "sense/snmp/refer.h"
#include "sense/snmp/vars.h"

/* A variable that is asked each poll, with what it said last. */
struct live {
	uint32_t oid_at; /* packed, in the pool */
	uint8_t oid_n;
	bool wanted;	 /* this time */
	struct varbind var;
};

enum term_role { TERM_FIT, TERM_FAULT, TERM_FAHRENHEIT, TERM_KELVIN };
struct live_term {
	enum term_role role;
	int32_t live; /* -1: the device has no such variable */
	struct term term;
};

struct point {
	const struct snmp_row *row;
	uint32_t value; /* index of live */
	int32_t digits, divide, scale; /* indices of live, or -1 */
	uint32_t terms_at, terms_n;
	uint32_t id_at, label_at; /* in the pool, zero-ended */
	uint64_t id_hash;
	int64_t first; /* its number at discovery */
	struct limits_offered limits;
};

struct plan {
	struct live *live;
	struct point *points;
	struct live_term *terms;
	uint32_t live_n, live_room, points_n, points_room, terms_n, terms_room;
	struct text pool;
	bool full; /* a limit was hit, or memory ran out */
};

void plan_init(struct plan *plan);
void plan_done(struct plan *plan);
/* Adds what the rows of family find in the walk.  live_of has room for vars->n. */
struct plan_from {
	const struct vars *vars;
	int32_t *live_of; /* per variable: its index of live, or -1 (the caller's fill) */
};
/* How many points were added. */
uint32_t plan_add(struct plan *plan, const struct snmp_family *family,
    const struct plan_from *from);

static inline struct span live_oid(const struct plan *plan, const struct live *live)
{
	return span_of(plan->pool.at + live->oid_at, live->oid_n);
}
static inline const char *plan_text(const struct plan *plan, uint32_t at)
{
	return plan->pool.at + at;
}


/* The reading of one point, from what its variables said. */
void point_offer(const struct plan *plan, const struct point *point,
    struct offer *ret_offer);
#endif
