/* src/wire/periodic_calendar.c - once a day, once a week: the time of day (of week) that
 * comes back, by the site's clock, by UTC, or by a clock with summer time elsewhere. */
#include "wire/periodic.h"
#include <math.h>
#include <stdlib.h>

enum { DAY_S = 86400, WEEK_S = 7 * DAY_S, TIMES_LEAST = 3, CLEARER_S = 9000, HOUR_S = 3600 };
/* A person comes at any time of a forenoon: that much of each day is chance. */
enum { FREE_S = 3 * 3600 };
/* The stretch of a day (of a week) that may hold the contacts: wider is no schedule. */
enum { DAILY_WIDTH_S = 7200, WEEKLY_WIDTH_S = 4 * 3600 };
static const double calendar_chance_max = 3e-4;

struct fold {
	double *of_s; /* contacts within the cycle, sorted */
	size_t n, cycles;
	double cycle_s, width_s, start_s; /* the shortest stretch that holds all but one in five */
	double usual_s; /* the median of those it holds */
	size_t held;
	double off_s; /* of all contacts from the middle, an hour each at most */
	uint8_t clock;
};

static int64_t local_s(const struct zone *zone, int64_t ms)
{
	return ms / 1000 + (zone != NULL ? zone_offset(zone, ms) : 0);
}

/* Seconds by that clock; of clocks with summer time elsewhere only that part is known. */
static int64_t clock_s(const struct contacts *c, uint8_t clock, int64_t ms)
{
	if (clock == CLOCK_SITE)
		return local_s(c->zone, ms);
	return ms / 1000 + (clock == CLOCK_UTC ? 0 : clock_summer(clock, ms));
}

/* Seconds into the cycle; a week begins on Monday (1970-01-05). */
static int64_t into_cycle(int64_t s, int64_t cycle_s, int64_t *ret_cycle)
{
	int64_t from = cycle_s == WEEK_S ? s - 4 * DAY_S : s;
	int64_t cycle = from / cycle_s - (from % cycle_s < 0);

	*ret_cycle = cycle;
	return from - cycle * cycle_s;
}

/* The shortest stretch of the circle that holds `held` of the contacts. */
static void fold_stretch(struct fold *fold)
{
	fold->width_s = fold->cycle_s;
	for (size_t i = 0; i < fold->n; i++) {
		size_t j = i + fold->held - 1;
		double end = j < fold->n ? fold->of_s[j] : fold->of_s[j - fold->n] + fold->cycle_s;

		if (end - fold->of_s[i] < fold->width_s) {
			fold->width_s = end - fold->of_s[i];
			fold->start_s = fold->of_s[i];
			fold->usual_s = fold->of_s[(i + (fold->held - 1) / 2) % fold->n];
		}
	}
}

static double off_middle(const struct fold *fold)
{
	double middle = fold->start_s + fold->width_s / 2, sum = 0;

	for (size_t i = 0; i < fold->n; i++) {
		double off = fabs(remainder(fold->of_s[i] - middle, fold->cycle_s));

		sum += off < HOUR_S ? off : HOUR_S;
	}
	return sum;
}

/* The cycle whose contact this is.  It begins half a cycle before the contact is due: what
 * comes about midnight is of one day, on whichever side of it. */
static int64_t cycle_of(const struct contacts *c, const struct fold *fold, int64_t ms)
{
	int64_t cycle_s = (int64_t)fold->cycle_s, cycle = 0;

	(void)into_cycle(clock_s(c, fold->clock, ms) - (int64_t)fold->usual_s + cycle_s / 2, cycle_s, &cycle);
	return cycle;
}

/* Into of_s, which holds as many as there are contacts. */
static struct fold fold_make(const struct contacts *c, const struct gaps *gaps, uint8_t clock,
    int64_t cycle_s, double *of_s)
{
	struct fold fold = { .of_s = of_s, .cycle_s = (double)cycle_s, .clock = clock };
	int64_t last = INT64_MIN;

	for (size_t i = 0; i < gaps->contacts; i++) {
		int64_t cycle = 0;

		fold.of_s[fold.n++] =
		    (double)into_cycle(clock_s(c, clock, gaps->start[i]), cycle_s, &cycle);
	}
	qsort(fold.of_s, fold.n, sizeof *fold.of_s, periodic_by_size);
	fold.held = fold.n - fold.n / 5;
	fold_stretch(&fold);
	fold.off_s = off_middle(&fold);
	for (size_t i = 0; i < gaps->contacts; i++) {
		int64_t cycle = cycle_of(c, &fold, gaps->start[i]);

		fold.cycles += cycle != last;
		last = cycle;
	}
	return fold;
}

/* ln of the chance that `held` of n random times share a stretch this short. */
static double fold_chance(const struct fold *fold, double free_s)
{
	double width = fold->width_s > 60 ? fold->width_s : 60;
	double ways = lgamma((double)fold->n + 1) - lgamma((double)fold->held) -
	    lgamma((double)(fold->n - fold->held) + 1);

	if (width >= free_s)
		return 0;
	return ways + (double)(fold->held - 1) * log(width / free_s);
}

/* The instant of one cycle at which a contact is due. */
static int64_t due_ms(const struct contacts *c, const struct fold *fold, int64_t cycle)
{
	int64_t local = cycle * (int64_t)fold->cycle_s + (int64_t)fold->usual_s +
	    (fold->cycle_s == WEEK_S ? 4 * DAY_S : 0);

	if (fold->clock == CLOCK_SITE)
		return (local - (c->zone != NULL ? zone_offset(c->zone, local * 1000) : 0)) * 1000;
	return (local - (fold->clock == CLOCK_UTC ? 0 : clock_summer(fold->clock, local * 1000))) * 1000;
}

/* Of each cycle between the first and the last contact: was one expected, did one come? */
static int cycles_count(const struct contacts *c, const struct gaps *gaps,
    const struct fold *fold, struct arena *arena, struct periodic *p)
{
	int64_t cycle_s = (int64_t)fold->cycle_s, first = cycle_of(c, fold, gaps->start[0]);
	int64_t last = cycle_of(c, fold, gaps->start[gaps->contacts - 1]);
	size_t next = 0;

	size_t n = (size_t)(last - first + 1);
	uint8_t *came = arena_array(arena, n, 1), *expected = arena_array(arena, n, 1);

	if (came == NULL || expected == NULL)
		return KS_FULL;
	for (size_t i = 0; i < n; i++) {
		int64_t due = due_ms(c, fold, first + (int64_t)i);

		while (next < gaps->contacts && gaps->start[next] < due - cycle_s * 500)
			next++;
		came[i] = next < gaps->contacts && gaps->start[next] < due + cycle_s * 500;
		expected[i] = periodic_expected(c, due);
		p->missed += !came[i] && expected[i];
	}
	struct due_days days = { .came = came, .expected = expected, .n = n,
		.contacts = gaps->contacts, .chance_ln = p->chance_log10 * log(10),
		.weekday = days_split(local_s(c->zone, due_ms(c, fold, first)) / DAY_S).weekday };

	if (p->missed < 2 || cycle_s == WEEK_S || !periodic_pattern(&days, p))
		return p->missed > p->contacts ? KS_ABSENT : KS_OK;
	return KS_OK;
}

/* When the one of then was due by the site's clock, to the minute, which is all that is said. */
static int64_t due_local(const struct contacts *c, const struct fold *fold, int64_t ms)
{
	int64_t local = local_s(c->zone, due_ms(c, fold, cycle_of(c, fold, ms))) + 30;

	return local - (local % 60 + 60) % 60;
}

static int32_t of_day(const struct contacts *c, const struct fold *fold, int64_t ms)
{
	int64_t cycle = 0;

	return (int32_t)into_cycle(due_local(c, fold, ms), DAY_S, &cycle);
}

/* When in the site's time, and since when if that clock was changed. */
static void times_say(const struct contacts *c, const struct gaps *gaps,
    const struct fold *fold, struct periodic *p)
{
	int64_t first = gaps->start[0], last = gaps->start[gaps->contacts - 1];

	p->clock = fold->clock;
	p->of_day_s = of_day(c, fold, last);
	for (size_t i = 1; fold->clock == CLOCK_UTC && i < gaps->contacts; i++)
		if (c->zone != NULL && zone_offset(c->zone, gaps->start[i]) !=
		    zone_offset(c->zone, gaps->start[i - 1]))
			p->shift_ms = gaps->start[i]; /* the site's own clock was changed */
	if (fold->clock > CLOCK_UTC)
		p->shift_ms = clock_changed(fold->clock, first, last);
	p->before_s = p->shift_ms != 0 ? of_day(c, fold, first) : p->of_day_s;
	if (fold->cycle_s == WEEK_S) {
		int64_t cycle = 0, at = into_cycle(due_local(c, fold, last), WEEK_S, &cycle);

		p->weekday = (uint8_t)(at / DAY_S);
		p->weekdays = (uint8_t)(1u << p->weekday);
	}
}

static int64_t jitter_of(const struct contacts *c, const struct gaps *gaps,
    const struct fold *fold, struct arena *arena)
{
	double *off = arena_array(arena, gaps->contacts, sizeof *off);
	size_t n = 0;

	for (size_t i = 0; off != NULL && i + 1 < gaps->contacts; i++) {
		/* by that clock: a day on which it was changed is no hour longer */
		double gap = (double)(clock_s(c, fold->clock, gaps->start[i + 1]) -
		    clock_s(c, fold->clock, gaps->start[i])) * 1000 +
		    (double)(gaps->start[i + 1] % 1000 - gaps->start[i] % 1000);
		double cycles = round(gap / 1000 / fold->cycle_s);

		off[n++] = fabs(gap - cycles * fold->cycle_s * 1000);
	}
	if (n == 0)
		return 0;
	qsort(off, n, sizeof *off, periodic_by_size);
	return llround(off[n / 2]);
}

/* The clock by which they come most closely; another than the site's only when it is
 * clearer by far: three contacts after a change of clocks. */
static struct fold fold_best(const struct contacts *c, const struct gaps *gaps, int64_t cycle_s,
    double *of_s)
{
	struct fold best = fold_make(c, gaps, CLOCK_SITE, cycle_s, of_s);
	double site_off = best.off_s;

	for (uint8_t clock = CLOCK_UTC; clock < PERIODIC_CLOCKS; clock++) {
		struct fold fold = fold_make(c, gaps, clock, cycle_s, of_s);

		if (fold.off_s + CLEARER_S < site_off && fold.off_s * 2 < site_off &&
		    fold.off_s < best.off_s)
			best = fold;
	}
	return best;
}

bool periodic_calendar(const struct contacts *contacts, const struct gaps *gaps,
    uint8_t kind, struct arena *arena, struct periodic *ret_periodic)
{
	int64_t cycle_s = kind == PERIODIC_WEEKLY ? WEEK_S : DAY_S;
	double widest = kind == PERIODIC_WEEKLY ? WEEKLY_WIDTH_S : DAILY_WIDTH_S;
	double *of_s = arena_array(arena, gaps->contacts, sizeof *of_s);

	if (of_s == NULL)
		return false;
	struct fold fold = fold_best(contacts, gaps, cycle_s, of_s);
	double chance = fold_chance(&fold, (double)(FREE_S * (cycle_s / DAY_S)));

	/* one a cycle: more is something else, also when it comes at one hour only */
	if (fold.cycles < TIMES_LEAST || fold.n * 4 > fold.cycles * 5 || fold.width_s > widest)
		return false;
	if (fold.clock > CLOCK_UTC)
		chance += log(PERIODIC_CLOCKS);
	if (chance > log(calendar_chance_max))
		return false;
	struct periodic p = { .kind = kind, .period_ms = cycle_s * 1000,
		.contacts = (uint32_t)gaps->contacts, .first_ms = gaps->start[0],
		.last_ms = gaps->start[gaps->contacts - 1], .chance_log10 = chance / log(10) };

	times_say(contacts, gaps, &fold, &p);
	if (cycles_count(contacts, gaps, &fold, arena, &p) != KS_OK)
		return false;
	p.jitter_ms = jitter_of(contacts, gaps, &fold, arena);
	*ret_periodic = p;
	return true;
}
