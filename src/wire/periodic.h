/* src/wire/periodic.h - does a device return to somewhere by the clock?  Contact times in,
 * period, jitter and misses out; pure.
 *
 * Method (named after what it is held against):
 *  - bursts are one contact: what follows within `merge` of a contact's start belongs to it;
 *  - daily and weekly: time of day (or week) in the site's own clock; how likely is it that
 *    chance puts one contact a day into so short a stretch of the hours in which the device
 *    was awake (scan statistic; three days are the least);
 *  - any other period: the share of gaps that lie within a window about 1, 2, 3 or 4 periods.
 *    Chance is any traffic whose gaps are the rarer the longer they are: Poisson traffic,
 *    bursts of people, and every mixture of them.  For such a density no window [a, b] holds
 *    more than (b - a) / b of the gaps (Grenander's bound); Chernoff's bound of the binomial
 *    tail, times the number of windows tried, is what `chance_log10` says;
 *  - timers with a jitter of nearly the whole period: dispersion of the gaps against that of
 *    an exponential law.
 * Two contacts are never periodic.  Milliseconds since 1970 UTC unless a name says else. */
#ifndef KS_WIRE_PERIODIC_H
#define KS_WIRE_PERIODIC_H
#include "base/arena.h"
#include "base/why.h"
#include "base/zone.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct stretch {
	int64_t from_ms, to_ms; /* to_ms is outside */
};

/* In which hours of UTC (ms / 3,600,000) was the device heard at all?  Bit h % 8 of
 * bits[h / 8] is hour first + h.  No bits: always. */
struct awake {
	int64_t first;
	const uint8_t *bits;
	size_t hours;
};
bool awake_at(const struct awake *awake, int64_t ms);

struct contacts {
	const int64_t *at_ms; /* ascending; answered contacts of one relation */
	size_t n;
	struct awake awake;	    /* of the device */
	const struct stretch *away; /* nothing is expected: capture gaps, silent days */
	size_t away_n;
	const struct zone *zone; /* of the site; NULL is UTC */
};

enum periodic_kind { PERIODIC_TIMER, PERIODIC_DAILY, PERIODIC_WEEKLY };

struct periodic {
	uint8_t kind; /* enum periodic_kind */
	int64_t period_ms;
	int64_t jitter_ms;     /* median absolute deviation of the gaps from the period */
	uint32_t contacts;     /* bursts merged */
	uint32_t missed;       /* expected while awake and not away, and not come */
	int64_t first_ms, last_ms;
	int32_t of_day_s;      /* daily, weekly: seconds after local midnight */
	uint8_t weekday;       /* weekly: 0 is Monday */
	bool utc_clock;	       /* daily, weekly: keeps UTC through a clock change */
	double chance_log10;   /* log10 of the chance of as much order in disorder */
};

/* KS_OK: *ret says how; KS_ABSENT: not periodic; KS_FULL: the arena is. */
KS_MUST int periodic_find(const struct contacts *contacts, struct arena *arena,
    struct periodic *ret_periodic);

/* For periodic*.c alone. */
struct gaps {
	const int64_t *start; /* of each contact, bursts merged */
	size_t contacts;
	int64_t merge_ms;
	double *ms; /* between contacts, in order; those across absence left out */
	double *sorted;
	size_t n;
};
bool stretch_crosses(const struct contacts *contacts, int64_t from_ms, int64_t to_ms);
bool periodic_expected(const struct contacts *contacts, int64_t ms);
double chance_binomial(size_t n, size_t k, double q); /* ln, an upper bound */
bool periodic_window(const struct gaps *gaps, double tries, struct periodic *ret_periodic,
    double *ret_width);
bool periodic_dispersed(const struct gaps *gaps, double tries,
    struct periodic *ret_periodic, double *ret_width);
bool periodic_calendar(const struct contacts *contacts, const struct gaps *gaps,
    uint8_t kind, struct arena *arena, struct periodic *ret_periodic);
int periodic_by_size(const void *a, const void *b);
#endif
