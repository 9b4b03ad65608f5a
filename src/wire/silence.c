/* src/wire/silence.c - counts of days, what was to be expected of each, holidays. */
#include "wire/silence.h"
#include "base/limits.h"
#include "site/calendar.h"
#include <math.h>

enum { HOUR_MS = 3600000, DAY_MS = 86400000, ACTIVE_LEAST = 4, AWAKE_HOURS_LEAST = 3,
	CALENDAR_DAYS_LEAST = 21, HABIT_LEAST = 2, OUTAGE_LEAST_MS = 8 * HOUR_MS };
static const double silent_chance_ln = -13.8155; /* 1e-6 */
static const double calendar_chance_max = 0.01;
static const char *const countries[SILENCE_CALENDARS] = { "JP", "CN", "KR", "TW", "US", "IN" };

struct days {
	const struct contacts *contacts;
	int32_t first; /* day of the first contact */
	size_t n;
	uint32_t *count;
	double profile[24]; /* share of contacts by local hour */
	double mean, size;  /* of active days; size of the negative binomial, 0: Poisson */
	bool habit[7];	    /* weekday never used */
};

static int64_t day_start(const struct zone *zone, int32_t day)
{
	struct civil civil = days_split(day);

	return zone_join(zone, &civil);
}

static int32_t day_of(const struct zone *zone, int64_t ms)
{
	struct civil c = zone_split(zone, ms);

	return (int32_t)days_of(c.year, c.month, c.day);
}

/* Hours of a local day in which the device was heard, as bits. */
static uint32_t day_heard(const struct days *days, int64_t start)
{
	uint32_t bits = 0;

	for (int h = 0; h < 24; h++)
		if (awake_at(&days->contacts->awake, start + h * (int64_t)HOUR_MS))
			bits |= 1u << h;
	return bits;
}

/* Nobody was heard for so long that the capture stood still; shorter pauses are those of
 * a device that is alone in its capture and quiet. */
static bool was_outage(const struct contacts *c, int64_t ms)
{
	for (size_t i = 0; i < c->away_n; i++)
		if (c->away[i].to_ms - c->away[i].from_ms > OUTAGE_LEAST_MS &&
		    ms >= c->away[i].from_ms && ms < c->away[i].to_ms)
			return true;
	return false;
}

/* Share of the day's contacts to be expected from the device's first word of that day to
 * its last: between two words it is awake. */
static double share_awake(const struct days *days, int32_t day)
{
	int64_t start = day_start(days->contacts->zone, day);
	uint32_t bits = day_heard(days, start);
	double share = 0;

	if (__builtin_popcount(bits) < AWAKE_HOURS_LEAST)
		return 0;
	for (int h = __builtin_ctz(bits); h <= 31 - __builtin_clz(bits); h++)
		if (!was_outage(days->contacts, start + h * (int64_t)HOUR_MS))
			share += days->profile[h];
	return share;
}

static int days_count(struct days *days, struct arena *arena)
{
	const struct contacts *c = days->contacts;
	int64_t last = day_of(c->zone, c->at_ms[c->n - 1]);

	days->first = day_of(c->zone, c->at_ms[0]);
	days->n = (size_t)(last - days->first + 1);
	if (days->n > LIMIT_CAPTURE_DAYS)
		return KS_FULL;
	days->count = arena_array(arena, days->n, sizeof *days->count);
	if (days->count == NULL)
		return KS_FULL;
	for (size_t i = 0; i < c->n; i++) {
		struct civil civil = zone_split(c->zone, c->at_ms[i]);

		days->count[days_of(civil.year, civil.month, civil.day) - days->first]++;
		days->profile[civil.hour] += 1 / (double)c->n;
	}
	return KS_OK;
}

/* Mean and spread of the days with contacts, the first and last left out: they are cut. */
static bool days_measure(struct days *days)
{
	double sum = 0, squares = 0, n = 0;

	for (size_t i = 1; i + 1 < days->n; i++) {
		double count = days->count[i];

		if (count < 1)
			continue;
		sum += count;
		squares += count * count;
		n++;
	}
	if (n < ACTIVE_LEAST)
		return false;
	days->mean = sum / n;
	double spread = squares / n - days->mean * days->mean;

	if (spread > 1.5 * days->mean)
		days->size = days->mean * days->mean / (spread - days->mean);
	return true;
}

static unsigned weekday_of(int32_t day)
{
	return (unsigned)(((int64_t)day + 3) % 7); /* 1970-01-01 was a Thursday; 0 is Monday */
}

static void habits_learn(struct days *days)
{
	unsigned seen[7] = { 0 }, used[7] = { 0 };

	for (size_t i = 0; i < days->n; i++) {
		int32_t day = days->first + (int32_t)i;
		unsigned w = weekday_of(day);

		if (days->count[i] > 0)
			used[w]++;
		if (days->count[i] > 0 || share_awake(days, day) > 0)
			seen[w]++;
	}
	for (int w = 0; w < 7; w++)
		days->habit[w] = seen[w] >= HABIT_LEAST && used[w] == 0;
}

/* ln of the chance of no contact where `expected` are the mean. */
static double none_chance(const struct days *days, double expected)
{
	if (days->size > 0)
		return -days->size * log(1 + expected / days->size);
	return -expected;
}

/* What is taken for a country's days off: its holidays, with days on which only offices of the
 * state are closed or without, with weekends that hang on them or without. */
struct off_days {
	const char *country;
	bool offices, weekends;
};
enum { OFF_DAYS_WAYS = 4 };

/* Offices of the state are closed from 29 December to 3 January (Japan, Act 91 of 1988);
 * companies mostly as well. */
static bool is_closed(const char *country, const struct civil *c)
{
	return strcmp(country, "JP") == 0 && ((c->month == 12 && c->day >= 29) ||
		(c->month == 1 && c->day <= 3));
}

static bool is_holiday(const struct off_days *off, int64_t day)
{
	struct civil c = days_split(day);

	return holiday_name(off->country, c.year, c.month, c.day) != NULL ||
	    (off->offices && holiday_offices(off->country, day));
}

/* A holiday, or a weekend that hangs on one and is not worked in exchange. */
static bool is_off(const struct off_days *off, int64_t day)
{
	struct civil c = days_split(day);
	unsigned weekday = weekday_of((int32_t)day);

	if (is_holiday(off, day) || is_closed(off->country, &c))
		return true;
	if (!off->weekends || weekday < 5 || weekend_worked(off->country, day))
		return false;
	return weekday == 5 ? is_holiday(off, day - 1) || is_holiday(off, day + 2)
			    : is_holiday(off, day + 1) || is_holiday(off, day - 2);
}

static double choose_ln(double n, double k)
{
	return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1);
}

/* Chance that of n days drawn from `all`, `hits` or more are among `off`. */
static double hits_chance(size_t all, size_t off, size_t n, size_t hits)
{
	double sum = 0;

	for (size_t k = hits; k <= n && k <= off; k++)
		if (n - k <= all - off)
			sum += exp(choose_ln((double)off, (double)k) +
			    choose_ln((double)(all - off), (double)(n - k)) -
			    choose_ln((double)all, (double)n));
	return sum;
}

/* How well do such days explain the silent ones, and how few others are there? */
static double off_chance(const struct days *days, const struct silence *silence,
    const struct off_days *which, size_t *ret_hits)
{
	size_t off = 0, hits = 0, at = 0;

	for (size_t i = 0; i < days->n; i++) {
		int32_t day = days->first + (int32_t)i;
		bool holiday = is_off(which, day);

		off += holiday;
		for (; at < silence->n && silence->days[at] <= day; at++)
			hits += holiday;
	}
	*ret_hits = hits;
	return hits_chance(days->n, off, silence->n, hits);
}

static bool has_offices(const struct days *days, const char *country)
{
	for (size_t i = 0; i < days->n; i++)
		if (holiday_offices(country, days->first + (int64_t)i))
			return true;
	return false;
}

/* The way that explains most counts, and that several were tried. */
static double calendar_chance(const struct days *days, const struct silence *silence,
    const char *country, size_t *ret_hits)
{
	unsigned ways = has_offices(days, country) ? OFF_DAYS_WAYS : OFF_DAYS_WAYS / 2;
	double best = INFINITY;

	for (unsigned way = 0; way < ways; way++) {
		struct off_days which = { country, way >= OFF_DAYS_WAYS / 2, way % 2 == 0 };
		size_t hits = 0;
		double chance = off_chance(days, silence, &which, &hits);

		if (chance >= best)
			continue;
		best = chance;
		*ret_hits = hits;
	}
	return best * ways;
}

static void calendars_name(const struct days *days, struct silence *silence)
{
	double chances[SILENCE_CALENDARS];

	for (size_t c = 0; c < SILENCE_CALENDARS; c++) {
		size_t hits = 0;
		double chance = calendar_chance(days, silence, countries[c], &hits);

		if (hits < 2 || hits * 2 < silence->n || chance > calendar_chance_max)
			continue;
		size_t place = silence->calendars_n++;

		for (; place > 0 && chances[place - 1] > chance; place--) {
			chances[place] = chances[place - 1];
			silence->calendars[place] = silence->calendars[place - 1];
		}
		chances[place] = chance;
		silence->calendars[place] = countries[c];
	}
}

int silence_find(const struct contacts *contacts, int64_t first_ms, int64_t last_ms,
    struct arena *arena, struct silence *ret_silence)
{
	struct days days = { .contacts = contacts };
	struct silence silence = { .n = 0 };
	double worst = -INFINITY;

	if (contacts->n == 0) {
		*ret_silence = silence;
		return KS_OK;
	}
	if (days_count(&days, arena) != KS_OK)
		return KS_FULL;
	silence.days = arena_array(arena, days.n, sizeof *silence.days);
	if (silence.days == NULL)
		return KS_FULL;
	if (!days_measure(&days)) {
		*ret_silence = silence;
		return KS_OK;
	}
	habits_learn(&days);
	for (size_t i = 1; i + 1 < days.n; i++) {
		int32_t day = days.first + (int32_t)i;
		double chance = 0;

		if (days.count[i] > 0 || days.habit[weekday_of(day)])
			continue;
		chance = none_chance(&days, days.mean * share_awake(&days, day));
		if (chance >= silent_chance_ln)
			continue;
		silence.days[silence.n++] = day;
		worst = chance > worst ? chance : worst;
	}
	silence.chance_log10 = silence.n > 0 ? worst / log(10) : 0;
	if (last_ms - first_ms >= CALENDAR_DAYS_LEAST * (int64_t)DAY_MS && silence.n >= 2)
		calendars_name(&days, &silence);
	*ret_silence = silence;
	return KS_OK;
}

struct stretch *silence_stretches(const struct silence *silence, const struct zone *zone,
    struct arena *arena)
{
	struct stretch *list = arena_array(arena, silence->n + 1, sizeof *list);

	for (size_t i = 0; list != NULL && i < silence->n; i++)
		list[i] = (struct stretch){ day_start(zone, silence->days[i]),
			day_start(zone, silence->days[i] + 1) };
	return list;
}
