/* src/role/clock.h - the one clock of the role main loops.  Durations come from the
 * monotonic clock, records carry UTC milliseconds; below the main loop both are
 * arguments.  Accelerated (demo, tests): shows START when made and runs FACTOR times
 * as fast; all roles are told the same zero, so they agree. */
#ifndef KS_ROLE_CLOCK_H
#define KS_ROLE_CLOCK_H
#include "base/span.h"
#include "base/why.h"

struct clock {
	uint32_t factor;  /* 0: the real clock */
	int64_t start_ms; /* UTC shown at zero_ms */
	int64_t zero_ms;  /* CLOCK_MONOTONIC */
};

int64_t clock_mono_ms(void);
int64_t clock_boot_ms(void); /* goes on while the machine sleeps; nobody sets it */
int64_t clock_now_ms(const struct clock *clock); /* UTC */
/* A time that nobody sets, for how long something lasted; now_ms: clock_now_ms()'s. */
int64_t clock_steady_ms(const struct clock *clock, int64_t now_ms);
/* How long `ms` of this clock last in real milliseconds, at least 1. */
uint64_t clock_real_ms(const struct clock *clock, int64_t ms);
/* "2026-07-20T06:00:00Z,600": START (RFC 3339 UTC, to seconds), FACTOR 1 .. 100000. */
KS_MUST int clock_read(struct span word, struct clock *ret_clock, struct why *why);
#endif
