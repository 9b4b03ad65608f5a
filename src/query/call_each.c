/* src/query/call_each.c - functions of each value by itself. */
#include "query/eval.h"
#include "base/zone.h"
#include <math.h>

/* NaN of either is NaN, which fmin and fmax would lose; -0 is below 0. */
static double lower(double a, double b)
{
	if (a == 0 && b == 0)
		return signbit(a) ? a : b;
	return isnan(a) || isnan(b) ? NAN : a < b ? a : b;
}

static double higher(double a, double b)
{
	if (a == 0 && b == 0)
		return signbit(a) ? b : a;
	return isnan(a) || isnan(b) ? NAN : a > b ? a : b;
}

typedef double math_fn(double);
static math_fn *const maths[] = { [CALL_ABS] = fabs, [CALL_CEIL] = ceil, [CALL_FLOOR] = floor,
	[CALL_EXP] = exp, [CALL_LN] = log, [CALL_LOG2] = log2, [CALL_LOG10] = log10, [CALL_SQRT] = sqrt,
	[CALL_SIN] = sin, [CALL_COS] = cos, [CALL_TAN] = tan, [CALL_ASIN] = asin, [CALL_ACOS] = acos,
	[CALL_ATAN] = atan, [CALL_SINH] = sinh, [CALL_COSH] = cosh, [CALL_TANH] = tanh,
	[CALL_ASINH] = asinh, [CALL_ACOSH] = acosh, [CALL_ATANH] = atanh };

static double date_part(enum calls what, double seconds)
{
	if (!(fabs(seconds) < 9e12))
		return NAN;
	struct civil civil = zone_split(NULL, (int64_t)seconds * 1000);

	switch (what) {
	case CALL_MINUTE:
		return civil.minute;
	case CALL_HOUR:
		return civil.hour;
	case CALL_DAY_OF_WEEK: /* Sunday is 0 */
		return (civil.weekday + 1) % 7;
	case CALL_DAY_OF_MONTH:
		return civil.day;
	case CALL_DAY_OF_YEAR:
		return (double)(days_of(civil.year, civil.month, civil.day) - days_of(civil.year, 1, 1) + 1);
	case CALL_DAYS_IN_MONTH:
		return days_in_month(civil.year, civil.month);
	case CALL_MONTH:
		return civil.month;
	default:
		return civil.year;
	}
}

static double rounded(double value, double to)
{
	double inverse = 1 / to;

	return floor(value * inverse + 0.5) / inverse;
}

struct extra {
	double first, second;
};

static double each(enum calls what, const struct value *v, struct extra extra)
{
	switch (what) {
	case CALL_SGN:
		return v->value < 0 ? -1 : v->value > 0 ? 1 : v->value;
	case CALL_DEG:
		return v->value * 180 / M_PI;
	case CALL_RAD:
		return v->value * M_PI / 180;
	case CALL_ROUND:
		return rounded(v->value, extra.first);
	case CALL_CLAMP:
		return higher(extra.first, lower(extra.second, v->value));
	case CALL_CLAMP_MIN:
		return higher(extra.first, v->value);
	case CALL_CLAMP_MAX:
		return lower(extra.first, v->value);
	case CALL_TIMESTAMP:
		return (double)v->time_ms / 1000;
	default:
		return what < CALL_ROUND ? maths[what](v->value) : date_part(what, v->value);
	}
}

int call_each(struct query *q, struct node *node, int64_t t)
{
	enum calls what = (enum calls)node->function->what;
	struct extra extra = { .first = node->args_n > 1 ? out_scalar(node->args[1]) : 1,
		.second = node->args_n > 2 ? out_scalar(node->args[2]) : 0 };
	int bad = KS_OK;

	if (node->args_n == 0)
		return out_add(q, node, 0, each(what, &(struct value){ .value = floor((double)t / 1000) }, extra));
	if (what == CALL_CLAMP && extra.second < extra.first)
		return KS_OK;
	bool sampled = what == CALL_TIMESTAMP && node->args[0]->kind == NODE_SELECT;

	for (size_t i = 0; i < node->args[0]->out.n && bad == KS_OK; i++) {
		struct value v = node->args[0]->out.at[i];
		uint32_t tags;

		if (!sampled)
			v.time_ms = t;
		bad = tags_bare(q, &node->key, v.tags, &tags);
		if (bad == KS_OK)
			bad = out_add(q, node, tags, each(what, &v, extra));
	}
	return bad == KS_OK ? eval_unique(q, node) : bad;
}
