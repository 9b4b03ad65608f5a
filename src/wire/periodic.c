/* src/wire/periodic.c - bursts, gaps, the best of the tests, and what was missed. */
#include "wire/periodic.h"
#include <math.h>
#include <stdlib.h>

enum { HOUR_MS = 3600000, CONTACTS_LEAST = 3, LONG_GAP = 6 };

/* A burst is at most this long, and a tenth of the median gap. */
static const int64_t merges_ms[] = { 50, 2000, 10000, 60000, 300000, 1800000 };
enum { MERGES = sizeof merges_ms / sizeof *merges_ms, MERGE_SHARE = 10 };
/* Where no gap is between one length and ten times that, bursts may end: the widest few.
 * Nights end no burst: like a set merge it is half an hour at most. */
enum { SPLITS = 3, SPLIT_RATIO = 10, BURST_SHARE = 5 };
/* At most so many missed for each that came; with hours of its own a relation comes at
 * least so often between two pauses, and at one in so many of all its times. */
enum { MISSED_MOST = 2, RUN_LEAST = 8, DUTY_LEAST = 25, PAUSE_PERIODS = 6, SLOTS_MOST = 1000 };

bool awake_at(const struct awake *awake, int64_t ms)
{
	int64_t hour = ms / HOUR_MS - awake->first;

	if (awake->bits == NULL)
		return true;
	return hour >= 0 && (size_t)hour < awake->hours &&
	    (awake->bits[hour / 8] >> (hour % 8) & 1) != 0;
}

int periodic_by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static bool stretch_holds(const struct contacts *c, int64_t ms)
{
	for (size_t i = 0; i < c->away_n; i++)
		if (ms >= c->away[i].from_ms && ms < c->away[i].to_ms)
			return true;
	return false;
}

/* Between its first and its last word of that time. */
static bool awake_in_run(const struct awake *awake, int64_t ms)
{
	size_t low = 0, high = awake->runs_n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (awake->runs[mid].to_ms < ms)
			low = mid + 1;
		else
			high = mid;
	}
	return awake->runs_n == 0 || (low < awake->runs_n && awake->runs[low].from_ms <= ms);
}

bool periodic_expected(const struct contacts *contacts, int64_t ms)
{
	return awake_at(&contacts->awake, ms) && awake_in_run(&contacts->awake, ms) &&
	    !stretch_holds(contacts, ms);
}

/* Is there any time between the two at which nothing was to be expected? */
bool stretch_crosses(const struct contacts *contacts, int64_t from_ms, int64_t to_ms)
{
	for (size_t i = 0; i < contacts->away_n; i++)
		if (contacts->away[i].from_ms < to_ms && contacts->away[i].to_ms > from_ms)
			return true;
	for (int64_t at = from_ms; at < to_ms; at += HOUR_MS)
		if (!awake_at(&contacts->awake, at))
			return true;
	return false;
}

/* ln of P(at least k of n), each with chance q: exp(-n KL(k/n, q)) bounds it. */
double chance_binomial(size_t n, size_t k, double q)
{
	double share = n > 0 ? (double)k / (double)n : 0, rest = 1 - share;
	double sum = 0;

	if (share <= q)
		return 0;
	sum = share * log(share / q);
	if (rest > 0)
		sum += rest * log(rest / (1 - q));
	return -(double)n * sum;
}

/* How contacts are merged: what is within `ms` of a burst's start, or of its last word. */
struct merge {
	int64_t ms;
	bool chain;
	double tries;
};

/* ret_long_ms: how long they are together, from their first to their last word. */
static size_t bursts_merge(const struct contacts *c, const struct merge *merge, int64_t *starts,
    int64_t *ret_long_ms)
{
	int64_t from = 0, together = 0;
	size_t n = 0;

	for (size_t i = 0; i < c->n; i++) {
		bool own = n == 0 || c->at_ms[i] - from > merge->ms;

		if (own)
			starts[n++] = c->at_ms[i];
		else
			together += c->at_ms[i] - c->at_ms[i - 1];
		if (own || merge->chain)
			from = c->at_ms[i];
	}
	*ret_long_ms = together;
	return n;
}

/* Gaps between contacts; long ones across sleep or silence say nothing of a timer.  Only
 * long ones: leaving out every gap with a quiet hour in it would make order of chance. */
static void gaps_fill(const struct contacts *c, struct gaps *gaps)
{
	size_t n = gaps->contacts - 1, kept = 0;

	for (size_t i = 0; i < n; i++)
		gaps->sorted[i] = (double)(gaps->start[i + 1] - gaps->start[i]);
	qsort(gaps->sorted, n, sizeof *gaps->sorted, periodic_by_size);
	double longest = LONG_GAP * gaps->sorted[n / 2];

	for (size_t i = 0; i < n; i++) {
		int64_t from = gaps->start[i], to = gaps->start[i + 1];

		if ((double)(to - from) > longest && stretch_crosses(c, from, to))
			continue;
		gaps->ms[kept] = gaps->sorted[kept] = (double)(to - from);
		kept++;
	}
	gaps->n = kept;
	qsort(gaps->sorted, kept, sizeof *gaps->sorted, periodic_by_size);
}

/* KS_ABSENT: too few contacts, or bursts as long as the gaps between them. */
static int gaps_make(const struct contacts *c, const struct merge *merge, struct arena *arena,
    struct gaps *ret_gaps)
{
	int64_t *starts = arena_array(arena, c->n, sizeof *starts), together_ms = 0;
	struct gaps gaps = { .start = starts, .merge_ms = merge->ms, .tries = merge->tries,
		.ms = arena_array(arena, c->n, sizeof *gaps.ms),
		.sorted = arena_array(arena, c->n, sizeof *gaps.sorted) };

	if (starts == NULL || gaps.ms == NULL || gaps.sorted == NULL)
		return KS_FULL;
	gaps.contacts = bursts_merge(c, merge, starts, &together_ms);
	if (gaps.contacts < CONTACTS_LEAST)
		return KS_ABSENT;
	gaps_fill(c, &gaps);
	double median = gaps.n > 0 ? gaps.sorted[gaps.n / 2] : 0;

	/* a day in the office is no burst, though the night ends it */
	if (gaps.n < CONTACTS_LEAST - 1 || median < (double)(MERGE_SHARE * merge->ms) ||
	    (merge->chain && median * (double)gaps.contacts < (double)(BURST_SHARE * together_ms)))
		return KS_ABSENT;
	*ret_gaps = gaps;
	return KS_OK;
}

/* How many periods a gap is, when the timer may be late by `width` of one. */
static double periods_in(double gap, double period, double width)
{
	double n = round((gap - width * period) / period);

	return n < 1 ? 1 : n;
}

static bool is_pause(double gap, double period)
{
	return gap > HOUR_MS && gap > PAUSE_PERIODS * period;
}

/* Of all periods between the contacts: at how many was one expected and none came?  Pauses
 * of a relation with hours of its own are left out. */
static uint32_t missed_count(const struct contacts *c, const struct gaps *gaps, double width,
    double period, bool own_hours)
{
	uint32_t missed = 0;

	for (size_t i = 0; i + 1 < gaps->contacts; i++) {
		double gap = (double)(gaps->start[i + 1] - gaps->start[i]);
		double n = periods_in(gap, period, width), step = gap / n;

		if (own_hours && is_pause(gap, period))
			continue;
		/* across an absence the timer may have begun anew: from the period then */
		if (n > 1 && stretch_crosses(c, gaps->start[i], gaps->start[i + 1]))
			step = period;
		for (double k = 1; k < n; k++)
			missed += periodic_expected(c, gaps->start[i] + (int64_t)(k * step));
	}
	return missed;
}

/* Are the contacts what the period says, or is it only the beat within bursts? */
static bool period_kept(const struct contacts *c, const struct gaps *gaps, double width,
    struct periodic *p)
{
	double period = (double)p->period_ms, n = (double)gaps->contacts, runs = 1;
	double span = (double)(gaps->start[gaps->contacts - 1] - gaps->start[0]);

	if (span > SLOTS_MOST * n * period)
		return false;
	p->missed = missed_count(c, gaps, width, period, false);
	if (p->missed <= MISSED_MOST * n)
		return true;
	for (size_t i = 0; i + 1 < gaps->contacts; i++)
		runs += is_pause((double)(gaps->start[i + 1] - gaps->start[i]), period);
	if (n < RUN_LEAST * runs || n * DUTY_LEAST < n + p->missed)
		return false;
	p->missed = missed_count(c, gaps, width, period, true);
	return p->missed <= MISSED_MOST * n;
}

static int jitter_measure(const struct gaps *gaps, double width, struct arena *arena,
    struct periodic *p)
{
	double *off = arena_array(arena, gaps->n, sizeof *off), period = (double)p->period_ms;
	size_t n = 0;

	if (off == NULL)
		return KS_FULL;
	for (size_t i = 0; i < gaps->n; i++) {
		double away = fabs(gaps->ms[i] - period * periods_in(gaps->ms[i], period, width));

		if (away <= (width > 0.5 ? width : 0.5) * period)
			off[n++] = away;
	}
	qsort(off, n, sizeof *off, periodic_by_size);
	p->jitter_ms = n > 0 ? llround(off[n / 2]) : 0;
	return KS_OK;
}

/* The widest empty stretches among the gaps; with at least two longer ones. */
static int splits_find(const struct contacts *c, struct arena *arena, struct merge ret[SPLITS],
    size_t *ret_n)
{
	double *gap = arena_array(arena, c->n, sizeof *gap), ratio[SPLITS];
	size_t n = 0;

	if (gap == NULL)
		return KS_FULL;
	for (size_t i = 0; i + 1 < c->n; i++)
		gap[i] = (double)(c->at_ms[i + 1] - c->at_ms[i]) + 1;
	qsort(gap, c->n - 1, sizeof *gap, periodic_by_size);
	for (size_t i = 0; i + 3 < c->n && gap[i] <= (double)merges_ms[MERGES - 1]; i++) {
		double wide = gap[i + 1] / gap[i];
		size_t at = n;

		while (at > 0 && ratio[at - 1] < wide)
			at--;
		if (wide < SPLIT_RATIO || at == SPLITS)
			continue;
		n += n < SPLITS;
		for (size_t k = n - 1; k > at; k--) {
			ratio[k] = ratio[k - 1];
			ret[k] = ret[k - 1];
		}
		ratio[at] = wide;
		/* any gap might have been the one */
		ret[at] = (struct merge){ llround(gap[i]), true, (MERGES + SPLITS) * (double)c->n };
	}
	*ret_n = n;
	return KS_OK;
}

struct timer {
	struct periodic is;
	struct gaps gaps;
	double width;
};

/* KS_OK and better than the best so far: it is the best from now on. */
static int timer_try(const struct contacts *c, const struct merge *merge, struct arena *arena,
    struct timer *best)
{
	struct timer timer = { .is = { .kind = PERIODIC_TIMER } };
	int code = gaps_make(c, merge, arena, &timer.gaps);

	if (code != KS_OK)
		return code;
	if (!periodic_window(&timer.gaps, &timer.is, &timer.width) &&
	    !periodic_dispersed(&timer.gaps, &timer.is, &timer.width))
		return KS_ABSENT;
	if ((best->gaps.n > 0 && timer.is.chance_log10 >= best->is.chance_log10) ||
	    !period_kept(c, &timer.gaps, timer.width, &timer.is))
		return KS_ABSENT;
	*best = timer;
	return KS_OK;
}

static int timer_find(const struct contacts *c, struct arena *arena, struct periodic *ret)
{
	struct merge merges[MERGES + SPLITS];
	struct timer best = { .width = 0 };
	size_t splits = 0;
	int code = splits_find(c, arena, merges + MERGES, &splits);

	for (size_t i = 0; i < MERGES; i++)
		merges[i] = (struct merge){ merges_ms[i], false, MERGES + SPLITS };
	for (size_t i = 0; code != KS_FULL && i < MERGES + splits; i++)
		code = timer_try(c, &merges[i], arena, &best);
	if (code == KS_FULL)
		return code;
	if (best.gaps.n == 0)
		return KS_ABSENT;
	best.is.contacts = (uint32_t)best.gaps.contacts;
	best.is.first_ms = best.gaps.start[0];
	best.is.last_ms = best.gaps.start[best.gaps.contacts - 1];
	*ret = best.is;
	return jitter_measure(&best.gaps, best.width, arena, ret);
}

int periodic_find(const struct contacts *contacts, struct arena *arena,
    struct periodic *ret_periodic)
{
	struct periodic p = { .contacts = 0 };
	struct gaps gaps;
	const struct merge day = { merges_ms[MERGES - 1], false, 1 };
	int code = KS_ABSENT;

	if (contacts->n < CONTACTS_LEAST)
		return KS_ABSENT;
	/* the calendar first: what comes once a day is said so, not as 86,400 s */
	code = gaps_make(contacts, &day, arena, &gaps);
	if (code == KS_FULL)
		return code;
	if (code == KS_OK && (periodic_calendar(contacts, &gaps, PERIODIC_WEEKLY, arena, &p) ||
				 periodic_calendar(contacts, &gaps, PERIODIC_DAILY, arena, &p))) {
		*ret_periodic = p;
		return KS_OK;
	}
	code = timer_find(contacts, arena, &p);
	if (code == KS_OK)
		*ret_periodic = p;
	return code;
}
