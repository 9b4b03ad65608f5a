/* src/wire/periodic.c - bursts, gaps, the best of the tests, and what was missed. */
#include "wire/periodic.h"
#include <math.h>
#include <stdlib.h>

enum { HOUR_MS = 3600000, CONTACTS_LEAST = 3, LONG_GAP = 6 };

/* A burst is at most this long, and a tenth of the median gap. */
static const int64_t merges_ms[] = { 50, 2000, 10000, 60000, 300000, 1800000 };
enum { MERGES = sizeof merges_ms / sizeof *merges_ms, MERGE_SHARE = 10 };

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

bool periodic_expected(const struct contacts *contacts, int64_t ms)
{
	return awake_at(&contacts->awake, ms) && !stretch_holds(contacts, ms);
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

static size_t bursts_merge(const struct contacts *c, int64_t merge_ms, int64_t *starts)
{
	size_t n = 0;

	for (size_t i = 0; i < c->n; i++)
		if (n == 0 || c->at_ms[i] - starts[n - 1] > merge_ms)
			starts[n++] = c->at_ms[i];
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
static int gaps_make(const struct contacts *c, int64_t merge_ms, struct arena *arena,
    struct gaps *ret_gaps)
{
	int64_t *starts = arena_array(arena, c->n, sizeof *starts);
	struct gaps gaps = { .start = starts, .merge_ms = merge_ms,
		.ms = arena_array(arena, c->n, sizeof *gaps.ms),
		.sorted = arena_array(arena, c->n, sizeof *gaps.sorted) };

	if (starts == NULL || gaps.ms == NULL || gaps.sorted == NULL)
		return KS_FULL;
	gaps.contacts = bursts_merge(c, merge_ms, starts);
	if (gaps.contacts < CONTACTS_LEAST)
		return KS_ABSENT;
	gaps_fill(c, &gaps);
	if (gaps.n < CONTACTS_LEAST - 1 ||
	    gaps.sorted[gaps.n / 2] < (double)(MERGE_SHARE * merge_ms))
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

static void missed_count(const struct contacts *c, const struct gaps *gaps, double width,
    struct periodic *p)
{
	double period = (double)p->period_ms;

	for (size_t i = 0; i + 1 < gaps->contacts; i++) {
		double gap = (double)(gaps->start[i + 1] - gaps->start[i]);
		double n = periods_in(gap, period, width), step = gap / n;

		/* across an absence the timer may have begun anew: from the period then */
		if (stretch_crosses(c, gaps->start[i], gaps->start[i + 1]))
			step = period;
		for (double k = 1; k < n; k++)
			if (periodic_expected(c, gaps->start[i] + (int64_t)(k * step)))
				p->missed++;
	}
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

static int timer_find(const struct contacts *c, struct arena *arena, struct periodic *best)
{
	struct gaps best_gaps = { .n = 0 };
	double best_width = 0;

	for (size_t i = 0; i < MERGES; i++) {
		struct periodic p = { .kind = PERIODIC_TIMER };
		struct gaps gaps;
		double width = 0;
		int code = gaps_make(c, merges_ms[i], arena, &gaps);

		if (code == KS_FULL)
			return code;
		if (code != KS_OK || (!periodic_window(&gaps, MERGES, &p, &width) &&
				      !periodic_dispersed(&gaps, MERGES, &p, &width)))
			continue;
		if (best_gaps.n > 0 && p.chance_log10 >= best->chance_log10)
			continue;
		best_gaps = gaps;
		best_width = width;
		*best = p;
	}
	if (best_gaps.n == 0)
		return KS_ABSENT;
	best->contacts = (uint32_t)best_gaps.contacts;
	best->first_ms = best_gaps.start[0];
	best->last_ms = best_gaps.start[best_gaps.contacts - 1];
	missed_count(c, &best_gaps, best_width, best);
	return jitter_measure(&best_gaps, best_width, arena, best);
}

int periodic_find(const struct contacts *contacts, struct arena *arena,
    struct periodic *ret_periodic)
{
	struct periodic p = { .contacts = 0 };
	struct gaps gaps;
	int code = KS_ABSENT;

	if (contacts->n < CONTACTS_LEAST)
		return KS_ABSENT;
	/* the calendar first: what comes once a day is said so, not as 86,400 s */
	code = gaps_make(contacts, merges_ms[MERGES - 1], arena, &gaps);
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
