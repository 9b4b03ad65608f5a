/* src/plan/shed_rows.h - a second bound, for many small rows at once: rows that share no
 * host are each solved whole, by dynamic programme, and what ties them together (the
 * larger rows, how many hosts of a service are off) has multipliers.  Since a service
 * alone has the integrality property, these bound as well as a price for each host
 * would (Geoffrion 1974; Guignard, Kim 1987), and there are far fewer. */
#ifndef KS_PLAN_SHED_ROWS_H
#define KS_PLAN_SHED_ROWS_H
#include "plan/shed_in.h"

struct shed_rows {
	struct shed_work *w;
	struct shed_climb climb; /* of 2 R + S: lam, mu (0 for rows solved whole), pi */
	double *lam, *mu, *pi;
	uint32_t *whole;	 /* rows that are solved whole */
	size_t whole_n;
	uint32_t *steps;	 /* of each: its excess is cut into so many */
	uint32_t *loose;	 /* hosts in no such row */
	size_t loose_n;
	double *off, *capped;	 /* of each host: its cost in the Lagrangian */
	float *table, *back;	 /* of one row: (hosts + 1) x (steps + 1) */
	uint8_t *x;		 /* states in the Lagrangian's solution */
	uint32_t *chosen;	 /* of each service: how many off its own part wants */
	double bound;
};

/* whole_n 0: there are no such rows, and this bound says nothing new. */
KS_MUST int rows_new(struct shed_work *w, struct arena *arena, struct shed_rows *ret_rows,
    struct why *why);
/* Multipliers that say what the work's evaluation says. */
void rows_take(struct shed_rows *rows);
/* The bound at the multipliers and what is fixed. */
void rows_evaluate(struct shed_rows *rows);
/* After an evaluation: told of each host and state by how much the bound rises if the
 * host has that state; it may narrow states. */
void rows_each(struct shed_rows *rows,
    void (*tell)(void *user, uint32_t host, uint8_t state, double rise), void *user);
#endif
