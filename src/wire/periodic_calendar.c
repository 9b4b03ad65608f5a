/* src/wire/periodic_calendar.c - once a day, once a week: the time of day (of week) that
 * comes back, by the site's clock or by UTC. */
#include "wire/periodic.h"
#include <math.h>
#include <stdlib.h>

enum { DAY_S = 86400, WEEK_S = 7 * DAY_S, TIMES_LEAST = 3, AWAKE_LEAST_S = 6 * 3600 };
/* The stretch of a day (of a week) that may hold the contacts: wider is no schedule. */
enum { DAILY_WIDTH_S = 7200, WEEKLY_WIDTH_S = 4 * 3600 };
static const double calendar_chance_max = 3e-4;

struct fold {
	double *of_s; /* contacts within the cycle, sorted */
	size_t n, cycles;
	double cycle_s, width_s, start_s; /* the shortest stretch that holds all but one in five */
	size_t held;
};

static int64_t local_s(const struct zone *zone, int64_t ms)
{
	return ms / 1000 + (zone != NULL ? zone_offset(zone, ms) : 0);
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
		}
	}
}

static int fold_make(const struct gaps *gaps, const struct zone *zone, int64_t cycle_s,
    struct arena *arena, struct fold *ret_fold)
{
	struct fold fold = { .of_s = arena_array(arena, gaps->contacts, sizeof *fold.of_s),
		.cycle_s = (double)cycle_s };
	int64_t last = INT64_MIN;

	if (fold.of_s == NULL)
		return KS_FULL;
	for (size_t i = 0; i < gaps->contacts; i++) {
		int64_t cycle = 0;

		fold.of_s[fold.n++] =
		    (double)into_cycle(local_s(zone, gaps->start[i]), cycle_s, &cycle);
		fold.cycles += cycle != last;
		last = cycle;
	}
	qsort(fold.of_s, fold.n, sizeof *fold.of_s, periodic_by_size);
	fold.held = fold.n - fold.n / 5;
	fold_stretch(&fold);
	*ret_fold = fold;
	return KS_OK;
}

/* Seconds of a cycle in which the device is awake, on average over the contacts' span. */
static double awake_s(const struct contacts *c, const struct gaps *gaps, double cycle_s)
{
	int64_t from = gaps->start[0], to = gaps->start[gaps->contacts - 1];
	double awake = 0, all = 0, mean = 0;

	for (int64_t at = from; at <= to; at += 3600000) {
		awake += awake_at(&c->awake, at);
		all++;
	}
	mean = cycle_s * awake / all;
	return mean > AWAKE_LEAST_S ? mean : AWAKE_LEAST_S;
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

/* Of each cycle between the first and the last contact: was one expected, did one come? */
static void cycles_count(const struct contacts *c, const struct gaps *gaps,
    const struct zone *zone, const struct fold *fold, struct periodic *p)
{
	int64_t cycle_s = (int64_t)fold->cycle_s, first = 0, last = 0;
	int64_t middle = (int64_t)(fold->start_s + fold->width_s / 2) % cycle_s;
	int64_t begin = into_cycle(local_s(zone, gaps->start[0]), cycle_s, &first);
	size_t next = 0;

	(void)begin;
	(void)into_cycle(local_s(zone, gaps->start[gaps->contacts - 1]), cycle_s, &last);
	for (int64_t cycle = first; cycle <= last; cycle++) {
		int64_t local = cycle * cycle_s + middle + (cycle_s == WEEK_S ? 4 * DAY_S : 0);
		int64_t due = (local - (zone != NULL ? zone_offset(zone, local * 1000) : 0)) * 1000;

		while (next < gaps->contacts && gaps->start[next] < due - cycle_s * 500)
			next++;
		bool came = next < gaps->contacts && gaps->start[next] < due + cycle_s * 500;

		if (!came && periodic_expected(c, due))
			p->missed++;
	}
	p->of_day_s = (int32_t)(middle % DAY_S);
	p->weekday = (uint8_t)(cycle_s == WEEK_S ? middle / DAY_S : 0);
}

static int64_t jitter_of(const struct gaps *gaps, const struct fold *fold, struct arena *arena)
{
	double *off = arena_array(arena, gaps->contacts, sizeof *off);
	size_t n = 0;

	for (size_t i = 0; off != NULL && i + 1 < gaps->contacts; i++) {
		double gap = (double)(gaps->start[i + 1] - gaps->start[i]);
		double cycles = round(gap / 1000 / fold->cycle_s);

		off[n++] = fabs(gap - cycles * fold->cycle_s * 1000);
	}
	if (n == 0)
		return 0;
	qsort(off, n, sizeof *off, periodic_by_size);
	return llround(off[n / 2]);
}

bool periodic_calendar(const struct contacts *contacts, const struct gaps *gaps,
    uint8_t kind, struct arena *arena, struct periodic *ret_periodic)
{
	int64_t cycle_s = kind == PERIODIC_WEEKLY ? WEEK_S : DAY_S;
	double widest = kind == PERIODIC_WEEKLY ? WEEKLY_WIDTH_S : DAILY_WIDTH_S;
	struct fold local, utc;
	const struct zone *zone = contacts->zone;

	if (fold_make(gaps, zone, cycle_s, arena, &local) != KS_OK ||
	    fold_make(gaps, NULL, cycle_s, arena, &utc) != KS_OK)
		return false;
	/* who keeps UTC is found by the clock change alone: the scatter of local time */
	bool by_utc = utc.width_s + 600 < local.width_s;
	const struct fold *fold = by_utc ? &utc : &local;
	double chance = fold_chance(fold, awake_s(contacts, gaps, fold->cycle_s));

	/* one a cycle: more is something else, also when it comes at one hour only */
	if (fold->cycles < TIMES_LEAST || fold->n * 4 > fold->cycles * 5 ||
	    fold->width_s > widest || chance > log(calendar_chance_max))
		return false;
	struct periodic p = { .kind = kind, .period_ms = cycle_s * 1000,
		.contacts = (uint32_t)gaps->contacts, .first_ms = gaps->start[0],
		.last_ms = gaps->start[gaps->contacts - 1], .utc_clock = by_utc,
		.chance_log10 = chance / log(10) };

	cycles_count(contacts, gaps, by_utc ? NULL : zone, fold, &p);
	p.jitter_ms = jitter_of(gaps, fold, arena);
	*ret_periodic = p;
	return true;
}
