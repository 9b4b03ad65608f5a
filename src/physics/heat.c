/* src/physics/heat.c - when a room that lost its cooling passes a limit.  Two lumps (air
 * with chips, and the mass of racks and walls) after a loss at some minute o:
 *   T(s) = T0 + r * ((1 - p) tau (1 - e^(-s/tau)) + p s),  s = t - o
 * (Khankari, ASHRAE Trans. 117(1), 2011: the rate starts at r and falls to p r).  T0
 * and r are fitted for each o, tau and p of a grid; each fit is weighed by how well it
 * explains the minutes seen, and the weighed crossing times are the answer with its
 * interval. */
#include "physics/heat.h"
#include <math.h>
#include <stddef.h>

enum {
	WINDOW = 240,	  /* minutes fitted at most */
	LEAST = 15,	  /* fewer minutes say nothing */
	BINS = 240,	  /* of the crossing times, by logarithm */
	BEGUN_MINUTES = 30,
	APART = 4,	  /* so many minutes count as one: they lean on each other */
};
static const double HORIZON = 720.0, SHORTEST = 0.25;
static const double SIGMA_LEAST = 80.0, RISE_LEAST = 600.0, RISE_SLOW = 400.0,
	BEGUN_RISE = 1500.0;

static const uint16_t onsets[] = { 2, 3, 4, 5, 6, 8, 10, 12, 15, 18, 22, 27, 33, 40, 50, 62, 78, 98,
	122, 150, 180, 215 };
static const double taus[] = { 3, 5, 8, 11, 15, 19, 24, 30, 37, 45, 55, 70, 90, 120, 180, 300 };
static const double tau_prior[] = { 0.2, 0.3, 0.6, 0.9, 1, 1, 1, 1, 1, 0.9, 0.8, 0.6, 0.5, 0.3, 0.2,
	0.1 };
static const double tails[] = { 0, 0.02, 0.04, 0.07, 0.1, 0.14, 0.2, 0.28, 0.5, 1 };
static const double tail_prior[] = { 0.5, 1, 1.2, 1.2, 1.2, 1, 0.8, 0.6, 0.3, 0.1 };

enum { ONSETS = sizeof onsets / sizeof *onsets, TAUS = sizeof taus / sizeof *taus,
	TAILS = sizeof tails / sizeof *tails };

struct points {
	double y[WINDOW];  /* index is minutes ago, less the newest; NAN: none */
	double watt[WINDOW]; /* power over its present mean; 1 when not measured */
	double n_of[WINDOW + 1], y_of[WINDOW + 1], yy_of[WINDOW + 1]; /* sums from ago on */
	uint32_t n;	   /* minutes looked at */
	uint32_t age;	   /* how long ago the newest value is: all else counts from it */
	double newest;
	double sigma;
};

/* Sums over one fit.  u is what the fast lump has warmed, s the slow one, per unit of
 * rate: with constant power u = tau (1 - e^(-s/tau)) and s = minutes. */
struct sums {
	double n, y, yy, u, s, uu, us, ss, uy, sy;
	double u_now, s_now;
};

struct cast {
	double bin[BINS + 1]; /* the last one: never */
	double best;	      /* least misfit so far */
	double all;
};

static double seen(const struct heat_past *past, uint32_t ago)
{
	int32_t temp = heat_past_at(past, ago);

	return temp == HEAT_NONE ? (double)NAN : (double)temp;
}

/* The calm before: its mean, how much it moves by itself, and its highest. */
struct calm {
	double mean, sigma, top, step;
	uint32_t n;
};

static struct calm calm_of(const struct heat_past *past, uint32_t from)
{
	struct calm calm = { .top = -1e9, .step = 1e9 };
	double sum = 0, square = 0, last = (double)NAN;

	for (uint32_t ago = from; ago < past->n; ago++) {
		double y = seen(past, ago);

		if (isnan(y))
			continue;
		sum += y;
		square += y * y;
		calm.n++;
		calm.top = fmax(calm.top, y);
		if (!isnan(last) && fabs(y - last) > 1 && fabs(y - last) < calm.step)
			calm.step = fabs(y - last);
		last = y;
	}
	if (calm.n == 0)
		return calm;
	calm.mean = sum / calm.n;
	calm.sigma = sqrt(fmax(square / calm.n - calm.mean * calm.mean, 0));
	return calm;
}

/* Mean and spread of the minutes `from` to `to` ago. */
static double mean_of(const struct points *points, uint32_t from, uint32_t to)
{
	double sum = 0, n = 0;

	for (uint32_t ago = from; ago < to && ago < points->n; ago++)
		if (!isnan(points->y[ago])) {
			sum += points->y[ago];
			n++;
		}
	return n > 0 ? sum / n : (double)NAN;
}

static struct sums sums_of(const struct points *points, uint32_t onset, double tau)
{
	struct sums sums = { .n = points->n_of[onset], .y = points->y_of[onset],
		.yy = points->yy_of[onset] };
	double fade = exp(-1 / tau), u = 0, s = 0;

	for (uint32_t ago = onset; ago-- > 0;) {
		double y = points->y[ago];

		u = u * fade + points->watt[ago] * tau * (1 - fade);
		s += points->watt[ago];
		if (isnan(y))
			continue;
		sums.n++;
		sums.y += y;
		sums.yy += y * y;
		sums.u += u;
		sums.s += s;
		sums.uu += u * u;
		sums.us += u * s;
		sums.ss += s * s;
		sums.uy += u * y;
		sums.sy += s * y;
	}
	sums.u_now = u;
	sums.s_now = s;
	return sums;
}

struct guess {
	double tau, tail, prior;
	const struct sums *sums;
};

/* How far both lumps are warmed `minutes` from now, power staying as it is. */
static double warmed(const struct guess *guess, double minutes)
{
	double fade = exp(-minutes / guess->tau);
	double u = guess->sums->u_now * fade + guess->tau * (1 - fade);

	return (1 - guess->tail) * u + guess->tail * (guess->sums->s_now + minutes);
}

/* Minutes from now until base + rate * warmed passes the limit; HORIZON: never. */
static double crossing(const struct guess *guess, double need)
{
	double low = 0, high = HORIZON;

	if (warmed(guess, HORIZON) < need)
		return HORIZON;
	for (int i = 0; i < 20; i++) {
		double middle = (low + high) / 2;

		if (warmed(guess, middle) < need)
			low = middle;
		else
			high = middle;
	}
	return fmax((low + high) / 2, SHORTEST);
}

static void cast_add(struct cast *cast, double minutes, double weight)
{
	double at = log(minutes / SHORTEST) / log(HORIZON / SHORTEST) * BINS;
	int bin = minutes >= HORIZON ? BINS : (int)fmin(fmax(at, 0), BINS - 1);

	cast->bin[bin] += weight;
	cast->all += weight;
}

/* Weighs are kept relative to the best fit so far: nothing runs out of range. */
static double cast_weight(struct cast *cast, double misfit)
{
	if (misfit < cast->best) {
		double shrink = cast->all > 0 ? exp(misfit - cast->best) : 0;

		for (int i = 0; i <= BINS; i++)
			cast->bin[i] *= shrink;
		cast->all *= shrink;
		cast->best = misfit;
	}
	return exp(cast->best - misfit);
}

/* Least squares of T0 and r; the misfit in units of the noise. */
static bool solve(const struct points *points, const struct guess *guess, double *ret_rate,
    double *ret_base, double *ret_misfit)
{
	const struct sums *sums = guess->sums;
	double p = guess->tail, q = 1 - p;
	double g = q * sums->u + p * sums->s;
	double gg = q * q * sums->uu + 2 * p * q * sums->us + p * p * sums->ss;
	double gy = q * sums->uy + p * sums->sy;
	double spread = gg - g * g / sums->n;

	if (sums->n < 4 || spread < 1e-6)
		return false;
	double rate = (gy - g * sums->y / sums->n) / spread;
	double error = sums->yy - sums->y * sums->y / sums->n - rate * rate * spread;

	*ret_rate = rate;
	*ret_base = (sums->y - rate * g) / sums->n;
	*ret_misfit = fmax(error, 0) / (points->sigma * points->sigma) / (2 * APART) -
	    log(guess->prior);
	return true;
}

static void fit(struct cast *cast, const struct points *points, const struct guess *guess,
    double above)
{
	const struct sums *sums = guess->sums;
	double rate = 0, base = 0, misfit = 0;

	if (!solve(points, guess, &rate, &base, &misfit))
		return;
	double p = guess->tail, q = 1 - p, g = q * sums->u + p * sums->s;
	double spread = q * q * sums->uu + 2 * p * q * sums->us + p * p * sums->ss -
	    g * g / sums->n;
	double doubt = points->sigma * sqrt(APART / spread);
	double weight = cast_weight(cast, misfit);

	for (int i = -1; i <= 1; i++) {
		double r = rate + 1.5 * i * doubt;

		cast_add(cast, r <= 1 ? HORIZON : crossing(guess, (above - base) / r),
		    weight * (i == 0 ? 0.5 : 0.25));
	}
}

static double cast_at(const struct cast *cast, double part)
{
	double sum = 0, want = part * (cast->all - cast->bin[BINS]);

	for (int i = 0; i < BINS; i++) {
		if (cast->bin[i] > 0 && sum + cast->bin[i] >= want) {
			double at = (i + (want - sum) / cast->bin[i]) / BINS;

			return SHORTEST * exp(at * log(HORIZON / SHORTEST));
		}
		sum += cast->bin[i];
	}
	return HORIZON;
}

/* Power by the minute over its mean of the last ten; 1 where it was not measured. */
static void watts_of(const struct heat_past *past, struct points *points)
{
	double now = 0, n = 0;

	for (uint32_t ago = 0; ago < points->n; ago++) {
		int32_t watt = past->watt[(past->next + 2 * HEAT_MINUTES - 1 - ago - points->age) %
		    HEAT_MINUTES];

		points->watt[ago] = watt == HEAT_NONE || watt <= 0 ? (double)NAN : (double)watt;
		if (ago < 10 && !isnan(points->watt[ago])) {
			now += points->watt[ago];
			n++;
		}
	}
	for (uint32_t ago = 0; ago < points->n; ago++)
		points->watt[ago] = n > 0 && !isnan(points->watt[ago]) ?
		    fmin(fmax(points->watt[ago] * n / now, 0.1), 10) : 1;
}

static bool points_of(const struct heat_past *past, struct points *points)
{
	points->age = heat_past_newest(past);
	if (points->age > HEAT_STALE)
		return false;
	points->newest = seen(past, points->age);
	points->n = past->n - points->age < WINDOW ? past->n - points->age : WINDOW;
	points->n_of[points->n] = points->y_of[points->n] = points->yy_of[points->n] = 0;
	for (uint32_t ago = points->n; ago-- > 0;) {
		double y = seen(past, ago + points->age) - points->newest;
		bool there = !isnan(y);

		points->y[ago] = y;
		points->n_of[ago] = points->n_of[ago + 1] + there;
		points->y_of[ago] = points->y_of[ago + 1] + (there ? y : 0);
		points->yy_of[ago] = points->yy_of[ago + 1] + (there ? y * y : 0);
	}
	watts_of(past, points);
	return points->n_of[0] >= LEAST;
}

/* The best misfit of one onset. */
static double onset_misfit(const struct points *points, uint32_t onset)
{
	double best = 1e300;

	for (size_t t = 0; t < TAUS; t += 2) {
		struct sums sums = sums_of(points, onset, taus[t]);

		for (size_t p = 0; p < TAILS; p += 2) {
			double rate = 0, base = 0, misfit = 0;
			struct guess guess = { taus[t], tails[p], 1, &sums };

			if (solve(points, &guess, &rate, &base, &misfit) && misfit < best)
				best = misfit;
		}
	}
	return best;
}

/* Coarse first; then every minute between the neighbours of the best onset. */
static void onset_range(const struct points *points, uint32_t *ret_from, uint32_t *ret_to)
{
	double best = 1e301;

	*ret_from = *ret_to = onsets[0];
	for (size_t o = 0; o < ONSETS && onsets[o] + 3U < points->n; o++) {
		double misfit = onset_misfit(points, onsets[o]);

		if (misfit >= best)
			continue;
		best = misfit;
		*ret_from = o > 1 ? onsets[o - 2] : onsets[0];
		*ret_to = o + 1 < ONSETS ? onsets[o + 1] : onsets[o];
	}
	if (*ret_to + 3U >= points->n)
		*ret_to = points->n - 3;
}

static void cast_all(struct cast *cast, const struct points *points, double above)
{
	uint32_t from = 0, to = 0;

	onset_range(points, &from, &to);
	uint32_t step = (to - from) / 16 + 1;

	for (uint32_t onset = from; onset <= to; onset += step)
		for (size_t t = 0; t < TAUS; t++) {
			struct sums sums = sums_of(points, onset, taus[t]);

			for (size_t p = 0; p < TAILS; p++)
				fit(cast, points,
				    &(struct guess){ taus[t], tails[p],
					tau_prior[t] * tail_prior[p], &sums },
				    above);
		}
}

/* Measuring began within the rise: no calm is known.  Half an hour and a rise that no
 * quiet room makes must do. */
static bool rising_from_start(struct points *points, double lately)
{
	if (points->n < BEGUN_MINUTES)
		return false;
	points->sigma = SIGMA_LEAST;
	return lately > 0 && mean_of(points, 0, 3) > mean_of(points, points->n - 5, points->n) + BEGUN_RISE;
}

/* Is it warmer now than it ever was in the calm before, and still rising? */
static bool rising(const struct heat_past *past, struct points *points)
{
	double now = mean_of(points, 0, 3), before = mean_of(points, 5, 10);
	uint32_t from = 10;

	for (uint32_t ago = 5; ago < points->n && ago <= 130; ago += 5)
		if (mean_of(points, ago, ago + 5) < mean_of(points, ago + 5, ago + 10) + 20)
			break;
		else
			from = ago + 10;
	struct calm calm = calm_of(past, from + points->age);

	if (calm.n < 5)
		return rising_from_start(points, now - before);
	points->sigma = sqrt(fmax(calm.sigma * calm.sigma, SIGMA_LEAST * SIGMA_LEAST));
	double long_before = mean_of(points, 30, 45);

	return (now > before || now > long_before + RISE_SLOW) && now + points->newest > calm.top + RISE_LEAST;
}

/* From the last whole minute, not from the newest value. */
static double since_now(const struct cast *cast, const struct points *points, double part)
{
	return fmax(cast_at(cast, part) - points->age, SHORTEST);
}

struct heat_ahead heat_forecast(const struct heat_past *past, int64_t limit_milli)
{
	struct heat_ahead ahead = { 0 };
	struct points points = { 0 };
	struct cast cast = { .best = 1e300 };

	ahead.why = HEAT_FEW;
	if (!points_of(past, &points)) {
		if (points.age > HEAT_STALE && past->n > HEAT_STALE)
			ahead.why = HEAT_OLD;
		return ahead;
	}
	ahead.sure = true;
	ahead.why = HEAT_PASSED;
	if (points.newest >= (double)limit_milli)
		return ahead;
	ahead.why = HEAT_CALM;
	if (!rising(past, &points))
		return ahead;
	cast_all(&cast, &points, (double)limit_milli - points.newest);
	ahead.why = HEAT_FAR;
	if (cast.all <= 0 || cast.bin[BINS] > 0.75 * cast.all)
		return ahead;
	ahead.known = true;
	ahead.why = HEAT_KNOWN;
	ahead.low = since_now(&cast, &points, 0.1);
	ahead.mid = since_now(&cast, &points, 0.5);
	ahead.high = since_now(&cast, &points, 0.9);
	return ahead;
}
