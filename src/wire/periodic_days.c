/* src/wire/periodic_days.c - contacts at one time of day: every how many days, or on which
 * weekdays?  The simplest that leaves few out. */
#include "wire/periodic.h"
#include <math.h>

enum { APART_MOST = 31, TIMES_LEAST = 3, OFF_SHARE = 10, WEEKDAYS = 7, OUT_LEAST = 2 };
static const double weekdays_chance_max = 0.05, pattern_chance_ln = -8.1; /* 3e-4 */

struct counts {
	size_t came, expected, off; /* off: came on another day */
};

static struct counts counts_every(const struct due_days *d, size_t apart, size_t from)
{
	struct counts is = { 0 };

	for (size_t i = 0; i < d->n; i++) {
		bool on = i % apart == from;

		is.came += on && d->came[i];
		is.expected += on && (d->expected[i] || d->came[i]);
		is.off += !on && d->came[i];
	}
	return is;
}

static bool every_days(const struct due_days *d, struct periodic *p)
{
	for (size_t apart = APART_MOST; apart >= 2; apart--) {
		struct counts is = { 0 };

		for (size_t from = 0; apart % WEEKDAYS != 0 && from < apart; from++) {
			struct counts at = counts_every(d, apart, from);

			if (at.came > is.came)
				is = at;
		}
		double chance = d->chance_ln + log(APART_MOST - 1) -
		    (double)is.came * log((double)apart) + log((double)apart);

		if (is.came < TIMES_LEAST || is.came * 2 < is.expected ||
		    is.off * OFF_SHARE > is.came || chance > pattern_chance_ln)
			continue;
		p->period_ms *= (int64_t)apart;
		p->missed = (uint32_t)(is.expected - is.came);
		p->chance_log10 = chance / log(10);
		return true;
	}
	return false;
}

/* Days of the week that are used and such that are not: the ones left out must be more
 * than what is missed otherwise could explain. */
static bool on_weekdays(const struct due_days *d, struct periodic *p)
{
	struct counts of[WEEKDAYS] = { { 0 } }, in = { 0 }, out = { 0 };
	uint8_t used = 0;

	for (size_t i = 0; i < d->n; i++) {
		struct counts *day = &of[(d->weekday + i) % WEEKDAYS];

		day->came += d->came[i];
		day->expected += d->expected[i] || d->came[i];
	}
	for (unsigned w = 0; w < WEEKDAYS; w++) {
		bool on = of[w].came > 0 && of[w].came * 2 >= of[w].expected;
		struct counts *to = on ? &in : &out;

		if (on && of[w].came < 2)
			return false; /* one week and a bit tells nothing of weeks */
		used |= (uint8_t)(on << w);
		to->came += of[w].came;
		to->expected += of[w].expected;
	}
	double missing = (double)(in.expected - in.came + 1) / (double)(in.expected + 2);
	double chance = (double)out.expected * log(missing) + log(1 << WEEKDAYS);

	if (used == 0 || out.expected < OUT_LEAST || out.came * OFF_SHARE > in.came ||
	    chance > log(weekdays_chance_max))
		return false;
	p->kind = PERIODIC_WEEKLY;
	p->period_ms *= WEEKDAYS;
	p->weekdays = used;
	p->weekday = (uint8_t)__builtin_ctz(used);
	p->missed = (uint32_t)(in.expected - in.came);
	return true;
}

bool periodic_pattern(const struct due_days *days, struct periodic *ret_periodic)
{
	return every_days(days, ret_periodic) || on_weekdays(days, ret_periodic);
}
