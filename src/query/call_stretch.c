/* src/query/call_stretch.c - functions of a stretch of samples: sums, extremes, counts. */
#include "query/call_in.h"
#include <math.h>

static double average(const struct stretch *s)
{
	struct careful c = { .sum = 0 };

	for (size_t i = 0; i < s->n; i++) {
		double value = s->at[i].value, n = (double)(i + 1);

		if (isinf(c.sum) && ((isinf(value) && (c.sum > 0) == (value > 0)) || isfinite(value)))
			continue;
		careful_add(&c, value / n - c.sum / n);
	}
	return isinf(c.sum) ? c.sum : c.sum + c.lost;
}

static double sum(const struct stretch *s)
{
	struct careful c = { .sum = 0 };

	for (size_t i = 0; i < s->n; i++)
		careful_add(&c, s->at[i].value);
	return isinf(c.sum) ? c.sum : c.sum + c.lost;
}

static double extreme(const struct stretch *s, bool highest)
{
	double best = s->at[0].value;

	for (size_t i = 1; i < s->n; i++) {
		double value = s->at[i].value;

		if (isnan(best) || (highest ? value > best : value < best))
			best = value;
	}
	return best;
}

static double variance(const struct stretch *s)
{
	struct careful mean = { .sum = 0 }, squares = { .sum = 0 };

	for (size_t i = 0; i < s->n; i++) {
		double value = s->at[i].value, delta = value - (mean.sum + mean.lost);

		careful_add(&mean, delta / (double)(i + 1));
		careful_add(&squares, delta * (value - (mean.sum + mean.lost)));
	}
	return (squares.sum + squares.lost) / (double)s->n;
}

static double changes(const struct stretch *s, bool falls)
{
	size_t n = 0;

	for (size_t i = 1; i < s->n; i++) {
		double before = s->at[i - 1].value, value = s->at[i].value;

		n += falls ? value < before : value != before && !(isnan(value) && isnan(before));
	}
	return (double)n;
}

static int quantile(struct query *q, const struct stretch *s, double share, double *ret_value)
{
	int bad = KS_OK;

	q->sorted_n = 0;
	for (size_t i = 0; i < s->n && bad == KS_OK; i++)
		bad = sorted_add(q, (struct sorted){ .value = s->at[i].value });
	*ret_value = bad == KS_OK ? quantile_of(share, q->sorted, q->sorted_n) : 0;
	return bad;
}

/* false: the stretch gives no value. */
static bool value_of(const struct stretch *s, enum calls what, double *ret_value)
{
	switch (what) {
	case CALL_AVG_OVER:
		*ret_value = average(s);
		return true;
	case CALL_SUM_OVER:
		*ret_value = sum(s);
		return true;
	case CALL_MIN_OVER:
	case CALL_MAX_OVER:
		*ret_value = extreme(s, what == CALL_MAX_OVER);
		return true;
	case CALL_COUNT_OVER:
		*ret_value = (double)s->n;
		return true;
	case CALL_LAST_OVER:
		*ret_value = s->at[s->n - 1].value;
		return true;
	case CALL_PRESENT_OVER:
		*ret_value = 1;
		return true;
	case CALL_STDDEV_OVER:
		*ret_value = sqrt(variance(s));
		return true;
	case CALL_STDVAR_OVER:
		*ret_value = variance(s);
		return true;
	case CALL_CHANGES:
	case CALL_RESETS:
		*ret_value = changes(s, what == CALL_RESETS);
		return true;
	default:
		return call_trend(s, what, ret_value);
	}
}

/* Two series whose labels became the same are a mistake, wherever they are in time. */
static int named(struct query *q, struct node *node, const struct row *row, double value)
{
	uint32_t tags = row->tags, owner;
	int bad = node->function->what == CALL_LAST_OVER ? KS_OK : tags_bare(q, &node->key, tags, &tags);

	if (bad != KS_OK)
		return bad;
	owner = memo_find(&node->owner, tags);
	if (owner != 0 && owner != row->tags + 1)
		return fail(q->why, KS_MALFORMED, "vector cannot contain metrics with the same labelset");
	if (owner == 0 && memo_keep(&q->arena, &node->owner, tags, row->tags) != KS_OK)
		return eval_full(q);
	return out_add(q, node, tags, value);
}

static int smoothing_good(struct query *q, const struct stretch *s)
{
	if (!(s->first > 0 && s->first < 1))
		return fail(q->why, KS_MALFORMED, "invalid smoothing factor. Expected: 0 < sf < 1, got: %f",
		    s->first);
	if (!(s->second > 0 && s->second < 1))
		return fail(q->why, KS_MALFORMED, "invalid trend factor. Expected: 0 < tf < 1, got: %f",
		    s->second);
	return KS_OK;
}

static bool any(const struct node *rows)
{
	for (size_t i = 0; i < rows->rows.n; i++)
		if (rows->rows.at[i].high > rows->rows.at[i].low)
			return true;
	return false;
}

int call_stretch(struct query *q, struct node *node, int64_t t)
{
	enum calls what = (enum calls)node->function->what;
	size_t at = what == CALL_QUANTILE_OVER ? 1 : 0;
	struct node *of = node->args[at];
	struct stretch s = { .range_ms = of->range_ms, .now_ms = t };
	int bad = KS_OK;

	if (node->args_n > 1)
		s.first = out_scalar(node->args[1 - at]);
	if (node->args_n > 2)
		s.second = out_scalar(node->args[2]);
	eval_stretch(q, of, t, &s.end_ms);
	if (what == CALL_ABSENT_OVER)
		return any(of) ? KS_OK : call_absent(q, node);
	for (size_t i = 0; i < of->rows.n && bad == KS_OK; i++) {
		const struct row *row = &of->rows.at[i];
		double value;

		if (row->low == row->high)
			continue;
		s.at = row->at + row->low;
		s.n = row->high - row->low;
		if (what == CALL_HOLT_WINTERS)
			bad = smoothing_good(q, &s);
		if (bad == KS_OK && what == CALL_QUANTILE_OVER)
			bad = quantile(q, &s, s.first, &value);
		else if (bad == KS_OK && !value_of(&s, what, &value))
			continue;
		if (bad == KS_OK)
			bad = named(q, node, row, value);
	}
	return bad;
}
