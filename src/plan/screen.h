/* src/plan/screen.h - every single loss tried, and the two worst answers kept: which loss
 * stops most, and which makes others open, soonest.  For the daemon's findings. */
#ifndef KS_PLAN_SCREEN_H
#define KS_PLAN_SCREEN_H
#include "plan/cascade.h"
#include "plan/loss.h"

struct screen {
	uint32_t losses_n;     /* tried */
	uint32_t tops_n;       /* pieces of the power path that nothing feeds */
	/* the loss that stops services worth most; GRID_NONE: none does */
	uint32_t stops;
	uint32_t stops_n;      /* losses that stop any service */
	uint32_t stops_dark_n; /* hosts it darkens */
	uint32_t service;      /* the first service of the site that it stops by itself */
	uint32_t down_n;       /* services that are down then */
	bool must;	       /* one that may never go down is among them */
	/* the loss after which something opens soonest by the earliest edges; GRID_NONE */
	uint32_t trips;
	uint32_t trips_n;      /* losses after which something opens */
	uint32_t opens;	       /* what opens first */
	double earliest_s, latest_s; /* of it; latest INFINITY: it need never */
	uint32_t trips_dark_n; /* hosts dark in the end, by the earliest edges */
	/* thousandths of a percent of their rating while all is well; 0: they have none */
	int64_t trips_load, opens_load;
	bool either;	       /* losing what opens makes the other open too */
};

/* The flow must be as the healthy grid, and is so again afterwards. */
void screen_run(struct flow *flow, struct loss *loss, struct cascade *cascade, struct screen *ret_screen);
#endif
