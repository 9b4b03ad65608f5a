/* src/wire/periodic.h - does a device return to somewhere by the clock?  Contact times in,
 * period, jitter and misses out; pure.
 *
 * Method (named after what it is held against):
 *  - bursts are one contact: what follows within `merge` of a contact's start belongs to it,
 *    for several set lengths; and where the gaps themselves fall into short and long ones with
 *    a wide empty stretch between, what follows by a short gap belongs to the same burst;
 *  - daily and weekly: time of day (or week) in the site's own clock, in UTC, and in clocks
 *    with the summer time of other parts of the world; how likely is it that somebody who
 *    comes at any time of a forenoon comes within so short a stretch of it (scan statistic;
 *    three days are the least);
 *  - of days at one time, which ones: every second to thirty-first, or certain weekdays;
 *  - any other period: the share of gaps that lie within a window about 1, 2, 3 or 4 periods.
 *    Chance is any traffic whose gaps are the rarer the longer they are: Poisson traffic,
 *    bursts of people, and every mixture of them.  For such a density no window [a, b] holds
 *    more than (b - a) / b of the gaps (Grenander's bound); Chernoff's bound of the binomial
 *    tail, times the number of windows tried, is what `chance_log10` says;
 *  - a length of which most times are missed is no period, however exactly it comes back
 *    within bursts: two thirds missed are the most, pauses of a relation that has hours of
 *    its own left out;
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
	/* from its first word to its last in each unbroken row of such hours, ascending; none:
	 * whole hours */
	const struct stretch *runs;
	size_t runs_n;
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

/* Whose clock a daily contact keeps. */
enum periodic_clock { CLOCK_SITE, CLOCK_UTC, CLOCK_EUROPE, CLOCK_NORTH_AMERICA,
	CLOCK_AUSTRALIA, CLOCK_NEW_ZEALAND, PERIODIC_CLOCKS };

struct periodic {
	uint8_t kind; /* enum periodic_kind */
	int64_t period_ms; /* daily: a day, or several */
	int64_t jitter_ms;     /* median absolute deviation of the gaps from the period */
	uint32_t contacts;     /* bursts merged */
	uint32_t missed;       /* expected while awake and not away, and not come */
	int64_t first_ms, last_ms;
	int32_t of_day_s;      /* daily, weekly: seconds after local midnight, as of late */
	uint8_t weekday;       /* weekly: 0 is Monday */
	uint8_t weekdays;      /* weekly: on which it comes, bit 0 is Monday */
	uint8_t clock;	       /* enum periodic_clock, where a change of clocks told */
	int64_t shift_ms;      /* that clock's last change between the contacts; 0: none */
	int32_t before_s;      /* of_day_s before it */
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
	double tries;	/* ways of merging that were looked at */
	double *ms; /* between contacts, in order; those across absence left out */
	double *sorted;
	size_t n;
};
bool stretch_crosses(const struct contacts *contacts, int64_t from_ms, int64_t to_ms);
bool periodic_expected(const struct contacts *contacts, int64_t ms);
double chance_binomial(size_t n, size_t k, double q); /* ln, an upper bound */
bool periodic_window(const struct gaps *gaps, struct periodic *ret_periodic,
    double *ret_width);
bool periodic_dispersed(const struct gaps *gaps, struct periodic *ret_periodic,
    double *ret_width);
bool periodic_calendar(const struct contacts *contacts, const struct gaps *gaps,
    uint8_t kind, struct arena *arena, struct periodic *ret_periodic);
int periodic_by_size(const void *a, const void *b);
/* Summer time where that clock is kept: seconds at an instant, and its last change within
 * (from_ms, to_ms], 0: none.  CLOCK_EUROPE and after. */
int32_t clock_summer(uint8_t clock, int64_t ms);
int64_t clock_changed(uint8_t clock, int64_t from_ms, int64_t to_ms);

/* Days from the first contact's to the last's: was one expected, did one come? */
struct due_days {
	const uint8_t *came, *expected; /* 0 or 1 */
	size_t n;
	uint8_t weekday; /* of the first */
	size_t contacts;
	double chance_ln; /* that they come at one time of day */
};
/* Every how many days, or on which weekdays; false: each day.  Sets period_ms or kind,
 * weekday and weekdays, missed, chance_log10. */
bool periodic_pattern(const struct due_days *days, struct periodic *ret_periodic);
#endif
