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

enum { SET_LEAST = 2 * SECOND };

void clock_steady(struct steady *clock, int64_t steady_ms)
{
	clock->measured = steady_ms;
	clock->measured_n = clock->measured_n < 2 ? (uint8_t)(clock->measured_n + 1) : 2;
}

/* How much time has truly passed: as the time of day says, as long as the clock that
 * nobody sets says about the same (so what was told to begin at some time stays there);
 * else the clock has been set, and the other one counts.  However late a tick comes. */
static bool clock_measure(struct steady *clock, int64_t delta)
{
	int64_t passed = clock->measured - clock->measured_was;
	bool known = clock->measured_n == 2 && passed >= 0;

	clock->measured_was = clock->measured;
	if (!known)
		return false;
	int64_t off = delta - passed;
	bool set = delta < 0 || off < -SET_LEAST || off > SET_LEAST;

	clock->now += set ? passed : delta;
	clock->jumps += set;
	return true;
}

void clock_tick(struct steady *clock, int64_t now_ms)
{
	if (!clock->started) {
		*clock = (struct steady){ .started = true, .wall = now_ms, .now = now_ms,
			.step = 10 * SECOND, .measured = clock->measured,
			.measured_was = clock->measured, .measured_n = clock->measured_n };
		return;
	}
	int64_t delta = now_ms - clock->wall;

	clock->wall = now_ms;
	clock->ticks++;
	clock_learn(clock, delta);
	if (clock_measure(clock, delta))
		return;
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
