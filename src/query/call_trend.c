/* src/query/call_trend.c - rates of counters, slopes, smoothing. */
#include "query/call_in.h"
#include <math.h>

/* How much more there was, taken on to the ends of the stretch as Prometheus does. */
static double extrapolated(const struct stretch *s, bool counter, bool rate)
{
	const struct moment *first = &s->at[0], *last = &s->at[s->n - 1];
	double more = last->value - first->value;
	double sampled = (double)(last->time_ms - first->time_ms) / 1000;
	double before = (double)(first->time_ms - (s->end_ms - s->range_ms)) / 1000;
	double after = (double)(s->end_ms - last->time_ms) / 1000;
	double gap = sampled / (double)(s->n - 1), reach = gap * 1.1, length = sampled;

	for (size_t i = 1; counter && i < s->n; i++)
		if (s->at[i].value < s->at[i - 1].value)
			more += s->at[i - 1].value;
	if (counter && more > 0 && first->value >= 0) {
		double to_zero = sampled * (first->value / more);

		before = to_zero < before ? to_zero : before; /* a counter begins at zero */
	}
	length += before < reach ? before : gap / 2;
	length += after < reach ? after : gap / 2;
	double factor = length / sampled;

	if (rate)
		factor /= (double)s->range_ms / 1000;
	return more * factor;
}

static double instant(const struct stretch *s, bool rate)
{
	const struct moment *before = &s->at[s->n - 2], *last = &s->at[s->n - 1];
	double more = rate && last->value < before->value ? last->value : last->value - before->value;

	return rate ? more / ((double)(last->time_ms - before->time_ms) / 1000) : more;
}

struct line {
	double slope, at; /* at: its height at the time asked about */
};

static struct line line_of(const struct stretch *s, int64_t zero_ms)
{
	struct careful x = { .sum = 0 }, y = { .sum = 0 }, xy = { .sum = 0 }, xx = { .sum = 0 };
	double n = (double)s->n;
	bool same = true;

	for (size_t i = 0; i < s->n; i++) {
		double value = s->at[i].value, time = (double)(s->at[i].time_ms - zero_ms) / 1000;

		same = same && value == s->at[0].value;
		careful_add(&x, time);
		careful_add(&y, value);
		careful_add(&xy, time * value);
		careful_add(&xx, time * time);
	}
	if (same || (s->n == 1))
		return isinf(s->at[0].value) ? (struct line){ NAN, NAN } :
		    (struct line){ 0, s->at[0].value };
	double sx = x.sum + x.lost, sy = y.sum + y.lost;
	double covariance = xy.sum + xy.lost - sx * sy / n, spread = xx.sum + xx.lost - sx * sx / n;
	double slope = covariance / spread;

	return (struct line){ slope, sy / n - slope * sx / n };
}

static double smoothed(const struct stretch *s, double level_share, double trend_share)
{
	double before = 0, level = s->at[0].value, trend = s->at[1].value - s->at[0].value;

	for (size_t i = 1; i < s->n; i++) {
		if (i > 1)
			trend = trend_share * (level - before) + (1 - trend_share) * trend;
		double next = level_share * s->at[i].value + (1 - level_share) * (level + trend);

		before = level;
		level = next;
	}
	return level;
}

bool call_trend(const struct stretch *s, enum calls what, double *ret_value)
{
	struct line line;

	if (s->n < 2)
		return false;
	switch (what) {
	case CALL_RATE:
	case CALL_INCREASE:
	case CALL_DELTA:
		*ret_value = extrapolated(s, what != CALL_DELTA, what == CALL_RATE);
		return true;
	case CALL_IRATE:
	case CALL_IDELTA:
		*ret_value = instant(s, what == CALL_IRATE);
		return true;
	case CALL_HOLT_WINTERS:
		*ret_value = smoothed(s, s->first, s->second);
		return true;
	default:
		line = line_of(s, what == CALL_DERIV ? s->at[0].time_ms : s->now_ms);
		*ret_value = what == CALL_DERIV ? line.slope : line.slope * s->first + line.at;
		return true;
	}
}
