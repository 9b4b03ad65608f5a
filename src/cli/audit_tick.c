/* src/cli/audit_tick.c - see audit_tick.h. */
#include "cli/audit_tick.h"
#include <stdlib.h>
#include <time.h>

enum { TICK_MS = 250, CURRENT_S = 60 };

int64_t tick_now_ms(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

void tick_look(struct tick *tick, struct ear *ear)
{
	int64_t now = tick_now_ms();
	struct timespec today;

	if (tick->heard) {
		(void)clock_gettime(CLOCK_REALTIME, &today);
		tick->current = llabs(today.tv_sec - tick->heard_ns / 1000000000) < CURRENT_S;
		tick->heard_ms = now;
		tick->heard = false;
	}
	if (tick->heard_ns == 0 || now - tick->ticked_ms < TICK_MS)
		return;
	tick->ticked_ms = now;
	ear_tick(ear, tick->heard_ns + (now - tick->heard_ms) * 1000000, tick->current);
}
