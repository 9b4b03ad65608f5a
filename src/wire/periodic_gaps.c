/* src/wire/periodic_gaps.c - timers: are there more gaps about one length than chance
 * would put there? */
#include "wire/periodic.h"
#include <math.h>
#include <stdlib.h>

/* Widths of the window on each side of the period, as a share of it; narrow ones also look
 * at 2, 3 and 4 periods (contacts that were missed). */
static const double widths[] = { 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.15, 0.25, 0.35, 0.5 };
enum {
	WIDTHS = sizeof widths / sizeof *widths,
	MULTIPLES = 4,
	DIVISORS = 3,	  /* a gap may itself be 2 or 3 periods */
	CANDIDATES = 512, /* gaps that are tried as the period */
	DISPERSED_LEAST = 100,
	PAUSE = 6,	   /* periods */
	GOES_ON_LEAST = 100, /* contacts between pauses */
};
/* A finding is claimed at this chance, when at least half the gaps fit and, for wide
 * windows, when the fitting ones fill most of the time: the clicks of a person come in
 * similar gaps too, but for minutes only. */
static const double chance_ln_max = -16.1, share_least = 0.5, time_least = 0.6,
		    multiple_width = 0.15, wide = 0.05, dispersion_max = 0.75,
		    dispersed_width = 0.9, wide_jitter = 0.35, longest_of_one = 2.2;

/* Periods people set; a measured one that may be one of these is said as such. */
static const int64_t round_s[] = { 1, 2, 5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 240, 300,
	360, 420, 480, 540, 600, 720, 900, 1200, 1500, 1800, 2400, 2700, 3600, 5400, 7200,
	10800, 14400, 18000, 21600, 28800, 36000, 43200, 64800, 86400, 172800, 259200, 345600, 604800 };

struct window {
	double period, width, chance_ln;
	size_t fits;
};

static size_t below(const struct gaps *g, double limit)
{
	size_t low = 0, high = g->n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (g->sorted[mid] < limit)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static size_t fits_count(const struct gaps *g, double period, double width)
{
	size_t multiples = width <= multiple_width ? MULTIPLES : 1, n = 0;

	for (size_t m = 1; m <= multiples; m++)
		n += below(g, ((double)m + width) * period * (1 + 1e-9)) -
		    below(g, ((double)m - width) * period);
	return n;
}

/* The most that a density falling beyond the dead time `merge` can put into the windows:
 * an even one that ends with the j-th of them. */
static double window_share(const struct gaps *g, double period, double width)
{
	size_t multiples = width <= multiple_width ? MULTIPLES : 1;
	double dead = (double)g->merge_ms / period, most = 0;

	for (size_t j = 1; j <= multiples; j++) {
		double share = (double)j * 2 * width / ((double)j + width - dead);

		most = share > most ? share : most;
	}
	return most < 1 ? most : 1;
}

static bool gap_fits(double gap, double period, double width)
{
	double n = width <= multiple_width ? round(gap / period) : 1;

	return n >= 1 && n <= MULTIPLES && fabs(gap - n * period) <= width * period * (1 + 1e-9);
}

static void window_try(const struct gaps *g, double period, double tries, struct window *best)
{
	if (period < (double)(5 * g->merge_ms))
		return;
	for (size_t w = 0; w < WIDTHS; w++) {
		size_t k = fits_count(g, period, widths[w]);
		double chance = 0;

		if (k < 2 || (double)k < share_least * (double)g->n)
			continue;
		chance = chance_binomial(g->n - 1, k - 1, window_share(g, period, widths[w])) +
		    log(tries);
		if (chance < best->chance_ln)
			*best = (struct window){ period, widths[w], chance, k };
	}
}

/* How many periods this gap is, for the mean: a missed contact makes it two; 0: not one
 * to be counted.  With a jitter of half a period and more only single ones can be told. */
static double gap_periods(double gap, double period, double width)
{
	double n = width < 0.5 ? round(gap / period) : 1;
	double reach = width < 0.4 ? width + 0.1 : width;

	return n >= 1 && n <= MULTIPLES && fabs(gap - n * period) <= reach * period ? n : 0;
}

/* The round number that the mean may be, within three standard errors. */
static double period_round(double mean, double error)
{
	double off = 3 * error > 0.001 * mean ? 3 * error : 0.001 * mean, settled = mean;

	for (size_t i = 0; i < sizeof round_s / sizeof *round_s; i++) {
		double to = fabs((double)round_s[i] * 1000 - mean);

		if (to <= off && to <= 0.03 * mean) {
			off = to;
			settled = (double)round_s[i] * 1000;
		}
	}
	return settled;
}

static double period_settle(const struct gaps *g, double period, double width)
{
	double mean = period, error = 0;

	for (int turn = 0; turn < 5; turn++) {
		double sum = 0, squares = 0, periods = 0;

		for (size_t i = 0; i < g->n; i++) {
			double n = gap_periods(g->ms[i], mean, width);

			sum += n > 0 ? g->ms[i] : 0;
			squares += n > 0 ? (g->ms[i] - n * mean) * (g->ms[i] - n * mean) : 0;
			periods += n;
		}
		if (periods < 2)
			return mean;
		mean = sum / periods;
		error = sqrt(squares) / periods;
	}
	return period_round(mean, error);
}

/* A jitter of a third and more is believed of what goes on for long: contacts between
 * two pauses, on average.  People click in similar gaps too, a few dozen times. */
static bool goes_on(const struct gaps *g, double period, double width)
{
	double pauses = 1;

	for (size_t i = 0; i < g->n; i++)
		pauses += g->ms[i] > PAUSE * period;
	return width < wide_jitter || (double)g->n / pauses >= GOES_ON_LEAST;
}

/* Share of the time that the fitting gaps fill; gaps over an hour that are many periods
 * long are taken as off duty. */
static double time_filled(const struct gaps *g, double period, double width)
{
	double fit = 0, all = 0;

	for (size_t i = 0; i < g->n; i++) {
		if (g->ms[i] > 3600000 && g->ms[i] > 6 * period)
			continue;
		all += g->ms[i];
		if (gap_fits(g->ms[i], period, width) ||
		    gap_fits(g->ms[i], 2 * period, width / 2))
			fit += g->ms[i];
	}
	return all > 0 ? fit / all : 0;
}

bool periodic_window(const struct gaps *gaps, struct periodic *ret_periodic, double *ret_width)
{
	struct window best = { .chance_ln = 0 };
	size_t step = gaps->n / CANDIDATES + 1;
	double in_all = gaps->tries * WIDTHS * DIVISORS * (double)gaps->n;

	for (size_t i = 0; i < gaps->n; i += step)
		for (int d = 1; d <= DIVISORS && (i == 0 || gaps->sorted[i] > gaps->sorted[i - step]); d++)
			window_try(gaps, gaps->sorted[i] / d, in_all, &best);
	if (best.chance_ln > chance_ln_max)
		return false;
	best.period = period_settle(gaps, best.period, best.width);
	if (best.width > wide && time_filled(gaps, best.period, best.width) < time_least)
		return false;
	if (!goes_on(gaps, best.period, best.width))
		return false;
	ret_periodic->period_ms = llround(best.period);
	ret_periodic->chance_log10 = best.chance_ln / log(10);
	*ret_width = best.width;
	return true;
}

/* With a jitter of a whole period the mean of all but the longest gaps, which are those
 * of missed contacts, is the best that can be said. */
static double mean_within(const struct gaps *g, double longest)
{
	size_t n = below(g, longest);
	double sum = 0, squares = 0;

	for (size_t i = 0; i < n; i++) {
		sum += g->sorted[i];
		squares += g->sorted[i] * g->sorted[i];
	}
	double mean = sum / (double)n;

	return period_round(mean, sqrt((squares / (double)n - mean * mean) / (double)n));
}

/* Gaps of an exponential law have a standard deviation of one mean, give or take
 * 1 / sqrt(n); bursts have more.  Much less is a timer, however large its jitter. */
bool periodic_dispersed(const struct gaps *gaps, struct periodic *ret_periodic,
    double *ret_width)
{
	double median = gaps->n > 0 ? gaps->sorted[gaps->n / 2] : 0, sum = 0, squares = 0, n = 0;

	for (size_t i = 0; i < gaps->n; i++) {
		if (gaps->ms[i] > 3600000 && gaps->ms[i] > 6 * median)
			continue;
		sum += gaps->ms[i];
		squares += gaps->ms[i] * gaps->ms[i];
		n++;
	}
	if (n < DISPERSED_LEAST)
		return false;
	double mean = sum / n, spread = sqrt(squares / n - mean * mean) / mean;
	double chance = log(gaps->tries) - n * (1 - spread) * (1 - spread) / 2;

	if (spread > dispersion_max || chance > chance_ln_max ||
	    time_filled(gaps, mean, dispersed_width) < time_least ||
	    !goes_on(gaps, mean, dispersed_width))
		return false;
	ret_periodic->period_ms = llround(mean_within(gaps, longest_of_one * median));
	ret_periodic->chance_log10 = chance / log(10);
	*ret_width = dispersed_width;
	return true;
}
