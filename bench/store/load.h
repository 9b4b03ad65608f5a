/* bench/store/load.h - the made loads A and B: readings of a server room, the same on
 * every machine.  Each series draws from a SplitMix64 of its own, so time order and
 * series order give the same data.
 * Kinds by id % 20: 50 % temperatures (tenths, a daily sine, a slow walk), 20 % powers
 * (tenths, AR(1)), 10 % fans (multiples of 60), 10 % octet counters (log-normal steps),
 * 5 % doors, 5 % CPU shares.  Gaps of 1..60 ticks begin with p = 0.0005. */
#ifndef KS_BENCH_LOAD_H
#define KS_BENCH_LOAD_H
#include <stdbool.h>
#include <stdint.h>

struct load_series {
	uint64_t seed;
	int64_t phase_ms, octets, fan;
	double walk, base, ar, swing;
	uint32_t id, gap;
	bool door;
};

void load_init(struct load_series *series, uint32_t id, int64_t period_ms);
/* One tick later: false in a gap. */
bool load_next(struct load_series *series, int64_t time_ms, double *ret_value);
/* "name\0value\0..." pairs: __name__, host, rack, room, sensor, site; sorted. */
enum { LOAD_LABELS = 6 };
void load_labels(uint32_t id, char (*ret_pairs)[2][32]);
#endif
