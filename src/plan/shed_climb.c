/* src/plan/shed_climb.c - see the header. */
#include "plan/shed_climb.h"
#include <math.h>
#include <string.h>

enum { STALL = 10 };

int climb_new(size_t n, struct arena *arena, struct shed_climb *ret_climb, struct why *why)
{
	struct shed_climb c = { .n = n, .best = -INFINITY, .pace = 1 };
	double **rooms[] = { &c.at, &c.slope, &c.scale, &c.best_at, &c.way };

	for (size_t i = 0; i < sizeof rooms / sizeof rooms[0]; i++) {
		*rooms[i] = arena_array(arena, n + 1, sizeof(double));
		if (*rooms[i] == NULL)
			return fail(why, KS_FULL, "no memory for this plan");
	}
	for (size_t i = 0; i < n; i++)
		c.scale[i] = 1;
	*ret_climb = c;
	return KS_OK;
}

static void restart(struct shed_climb *c)
{
	memcpy(c->at, c->best_at, c->n * sizeof(double));
	memset(c->way, 0, c->n * sizeof(double));
	c->stalled = 0;
}

void climb_start(struct shed_climb *c, double pace)
{
	restart(c);
	c->best = -INFINITY;
	c->pace = pace;
}

/* Deflected: never more than square to the way before. */
static double direction_set(struct shed_climb *c)
{
	double with = 0, size = 0, deflect = 0;

	for (size_t i = 0; i < c->n; i++) {
		with += c->slope[i] / c->scale[i] * c->way[i];
		size += c->way[i] * c->way[i];
	}
	if (with < 0)
		deflect = -1.5 * with / size;
	size = 0;
	for (size_t i = 0; i < c->n; i++) {
		c->way[i] = c->slope[i] / c->scale[i] + deflect * c->way[i];
		/* nothing goes below zero */
		if (c->at[i] <= 0 && c->way[i] < 0)
			c->way[i] = 0;
		size += c->way[i] * c->way[i];
	}
	return size;
}

bool climb_step(struct shed_climb *c, double bound, double target)
{
	bool better = bound > c->best;

	if (bound == -INFINITY) {
		/* too far: nothing is known there, and no step leads on */
		c->pace /= 2;
		restart(c);
		return false;
	}
	if (better) {
		c->best = bound;
		c->stalled = 0;
		memcpy(c->best_at, c->at, c->n * sizeof(double));
	} else if (++c->stalled > STALL) {
		c->pace /= 2;
		restart(c);
		return false;
	}
	double size = direction_set(c);
	double step = size > 0 ? c->pace * fmax(target - bound, fabs(target) * 1e-6) / size : 0;

	for (size_t i = 0; i < c->n; i++)
		c->at[i] = fmax(0, c->at[i] + step * c->way[i] / c->scale[i]);
	return better;
}
