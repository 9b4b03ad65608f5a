/* src/plan/order.h - in which order a shed plan is carried out, and whether it is done
 * in time.
 *
 * Waves: first all caps (seconds), then, only if asked for, outlets cut of classes that
 * bear it, then clean stops.  What falls goes from the top: a service's hosts stop only
 * when those of the fallen services that stand on it have stopped.  The most urgent
 * limit first (earliest due date, Jackson 1955), lower stop classes before higher.
 *
 * A relief counts only when it is measured, at the end of its wave.  Until then a limit
 * goes on heating: each moment at a load that would open it after T seconds uses up
 * 1 / T a second of what it bears.  Seconds from the loss. */
#ifndef KS_PLAN_ORDER_H
#define KS_PLAN_ORDER_H
#include "plan/shed.h"
#include "site/model.h"

struct order_rules {
	uint32_t at_once;	       /* hosts in one wave */
	uint32_t of_one;	       /* of them, of one service that stays up */
	double drain_s, stop_s, check_s; /* a clean wave takes all three */
	double cap_s, cut_s;	       /* a wave of caps, of outlets cut */
	int32_t cut_stop;	       /* stop classes up to here may be cut */
};
/* 50 at once, 10 of one service; 60 s drain, 90 s stop, 30 s check; 10 s to cap or cut;
 * classes 0 and 1 (development, batch) may be cut. */
extern const struct order_rules order_rules_usual;
/* The same with what the site's line says. */
struct order_rules order_rules_of(const struct site *site);

struct order_ask {
	const struct shed_problem *problem;
	const struct shed_plan *plan;
	const int32_t *stop; /* class of each service: higher stops later */
	/* When a row opens at its load less that relief; INFINITY: never. */
	double (*seconds)(void *user, uint32_t row, int64_t relief);
	void *user;
	const struct order_rules *rules;
	bool fast;	     /* cut outlets where the rules allow it */
};

enum wave_kind { WAVE_CAP, WAVE_CUT, WAVE_OFF, WAVE_ON, WAVE_KINDS };
struct wave {
	enum wave_kind kind;
	double start_s, end_s;
	uint32_t first, n; /* hosts[first ...] of the order */
};

struct order {
	struct wave *waves;  uint32_t waves_n;
	uint32_t *hosts;     uint32_t hosts_n; /* indexes of the problem's hosts */
	double *deadline_s;  /* of each row: when it opens if nothing is done */
	double *held_s;	     /* when its limit holds; INFINITY: the plan does not hold it */
	double *trip_s;	     /* when it opens in spite of all; INFINITY: it does not */
	uint32_t late_n;     /* rows that open */
	/* No host stops before one of a lower class, but where the lower is stood on by what still
	 * runs; false: by its classes more rows would open, so the most urgent go first. */
	bool by_class;
};

/* Lies in the arena. */
KS_MUST int order_new(const struct order_ask *ask, struct arena *arena, struct order **ret_order,
    struct why *why);

/* Walks the waves anew and holds each to the rules: who is in it, how many, who had to
 * go before, that no service that stays is ever below its minimum.  KS_REFUSED and
 * which rule is broken. */
KS_MUST int order_check(const struct order_ask *ask, const struct order *order,
    struct arena *arena, struct why *why);
#endif
