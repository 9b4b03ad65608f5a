#include "judge/state.h"

/* A tick that comes later than this was no passing of time but a clock being set. */
static int64_t clock_patience(const struct steady *clock)
{
	return 2 * clock->step + 3 * SECOND;
}

/* Whoever ticks more slowly (a scene that runs fast) is believed after three ticks
 * of one length. */
static void clock_learn(struct steady *clock, int64_t delta)
{
	int64_t slack = clock->last_delta / 10 + SECOND;
	bool alike = delta > 0 && delta <= 2 * MINUTE && delta >= clock->last_delta - slack &&
	    delta <= clock->last_delta + slack;

	clock->alike = alike ? clock->alike + 1 : 0;
	clock->last_delta = delta;
	if (clock->alike >= 3)
		clock->step = delta;
}

void clock_tick(struct steady *clock, int64_t now_ms)
{
	if (!clock->started) {
		*clock = (struct steady){ .started = true, .wall = now_ms, .now = now_ms,
			.step = 10 * SECOND };
		return;
	}
	int64_t delta = now_ms - clock->wall;

	clock->wall = now_ms;
	clock->ticks++;
	clock_learn(clock, delta);
	if (delta >= 0 && delta <= clock_patience(clock)) {
		clock->now += delta;
		return;
	}
	clock->now += clock->step;
	clock->jumps++;
}

/* A reading's own time, in steady milliseconds.  One that lies far from the last tick
 * was stamped by a clock that has been set since: it is taken to be of now. */
int64_t clock_at(struct steady *clock, int64_t time_ms)
{
	if (!clock->started)
		clock_tick(clock, time_ms);
	int64_t off = time_ms - clock->wall;

	int64_t room = clock->step > 10 * SECOND ? clock->step : 10 * SECOND;

	if (off < -12 * room || off > 6 * room)
		return clock->now;
	return clock->now + off;
}

int64_t clock_wall(const struct steady *clock, int64_t steady_ms)
{
	return clock->wall - (clock->now - steady_ms);
}
