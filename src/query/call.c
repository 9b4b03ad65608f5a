/* src/query/call.c - the table of functions, and those that are no more than a line. */
#include "query/eval.h"
#include <math.h>

#define S TYPE_SCALAR
#define V TYPE_VECTOR
#define M TYPE_MATRIX
#define T TYPE_STRING
static const struct function functions[] = {
	{ "abs", V, { V }, 1, 0, CALL_ABS }, { "absent", V, { V }, 1, 0, CALL_ABSENT },
	{ "absent_over_time", V, { M }, 1, 0, CALL_ABSENT_OVER }, { "acos", V, { V }, 1, 0, CALL_ACOS },
	{ "acosh", V, { V }, 1, 0, CALL_ACOSH }, { "asin", V, { V }, 1, 0, CALL_ASIN },
	{ "asinh", V, { V }, 1, 0, CALL_ASINH }, { "atan", V, { V }, 1, 0, CALL_ATAN },
	{ "atanh", V, { V }, 1, 0, CALL_ATANH }, { "avg_over_time", V, { M }, 1, 0, CALL_AVG_OVER },
	{ "ceil", V, { V }, 1, 0, CALL_CEIL }, { "changes", V, { M }, 1, 0, CALL_CHANGES },
	{ "clamp", V, { V, S, S }, 3, 0, CALL_CLAMP }, { "clamp_max", V, { V, S }, 2, 0, CALL_CLAMP_MAX },
	{ "clamp_min", V, { V, S }, 2, 0, CALL_CLAMP_MIN }, { "cos", V, { V }, 1, 0, CALL_COS },
	{ "cosh", V, { V }, 1, 0, CALL_COSH }, { "count_over_time", V, { M }, 1, 0, CALL_COUNT_OVER },
	{ "day_of_month", V, { V }, 0, 1, CALL_DAY_OF_MONTH },
	{ "day_of_week", V, { V }, 0, 1, CALL_DAY_OF_WEEK },
	{ "day_of_year", V, { V }, 0, 1, CALL_DAY_OF_YEAR },
	{ "days_in_month", V, { V }, 0, 1, CALL_DAYS_IN_MONTH }, { "deg", V, { V }, 1, 0, CALL_DEG },
	{ "delta", V, { M }, 1, 0, CALL_DELTA }, { "deriv", V, { M }, 1, 0, CALL_DERIV },
	{ "exp", V, { V }, 1, 0, CALL_EXP }, { "floor", V, { V }, 1, 0, CALL_FLOOR },
	{ "histogram_quantile", V, { S, V }, 2, 0, CALL_HISTOGRAM_QUANTILE },
	{ "holt_winters", V, { M, S, S }, 3, 0, CALL_HOLT_WINTERS }, { "hour", V, { V }, 0, 1, CALL_HOUR },
	{ "idelta", V, { M }, 1, 0, CALL_IDELTA }, { "increase", V, { M }, 1, 0, CALL_INCREASE },
	{ "irate", V, { M }, 1, 0, CALL_IRATE },
	{ "label_join", V, { V, T, T, T }, 3, -1, CALL_LABEL_JOIN },
	{ "label_replace", V, { V, T, T, T }, 5, 0, CALL_LABEL_REPLACE },
	{ "last_over_time", V, { M }, 1, 0, CALL_LAST_OVER }, { "ln", V, { V }, 1, 0, CALL_LN },
	{ "log10", V, { V }, 1, 0, CALL_LOG10 }, { "log2", V, { V }, 1, 0, CALL_LOG2 },
	{ "max_over_time", V, { M }, 1, 0, CALL_MAX_OVER },
	{ "min_over_time", V, { M }, 1, 0, CALL_MIN_OVER }, { "minute", V, { V }, 0, 1, CALL_MINUTE },
	{ "month", V, { V }, 0, 1, CALL_MONTH }, { "pi", S, { S }, 0, 0, CALL_PI },
	{ "predict_linear", V, { M, S }, 2, 0, CALL_PREDICT },
	{ "present_over_time", V, { M }, 1, 0, CALL_PRESENT_OVER },
	{ "quantile_over_time", V, { S, M }, 2, 0, CALL_QUANTILE_OVER }, { "rad", V, { V }, 1, 0, CALL_RAD },
	{ "rate", V, { M }, 1, 0, CALL_RATE }, { "resets", V, { M }, 1, 0, CALL_RESETS },
	{ "round", V, { V, S }, 1, 1, CALL_ROUND }, { "scalar", S, { V }, 1, 0, CALL_SCALAR },
	{ "sgn", V, { V }, 1, 0, CALL_SGN }, { "sin", V, { V }, 1, 0, CALL_SIN },
	{ "sinh", V, { V }, 1, 0, CALL_SINH }, { "sort", V, { V }, 1, 0, CALL_SORT },
	{ "sort_desc", V, { V }, 1, 0, CALL_SORT_DESC }, { "sqrt", V, { V }, 1, 0, CALL_SQRT },
	{ "stddev_over_time", V, { M }, 1, 0, CALL_STDDEV_OVER },
	{ "stdvar_over_time", V, { M }, 1, 0, CALL_STDVAR_OVER },
	{ "sum_over_time", V, { M }, 1, 0, CALL_SUM_OVER }, { "tan", V, { V }, 1, 0, CALL_TAN },
	{ "tanh", V, { V }, 1, 0, CALL_TANH }, { "time", S, { S }, 0, 0, CALL_TIME },
	{ "timestamp", V, { V }, 1, 0, CALL_TIMESTAMP }, { "vector", V, { S }, 1, 0, CALL_VECTOR },
	{ "year", V, { V }, 0, 1, CALL_YEAR },
};
#undef S
#undef V
#undef M
#undef T

const struct function *function_find(struct span name)
{
	for (size_t i = 0; i < sizeof functions / sizeof *functions; i++)
		if (span_equal(name, functions[i].name))
			return &functions[i];
	return NULL;
}

/* NaN goes last either way. */
static int rising(const void *a, const void *b)
{
	const struct sorted *left = a, *right = b;

	if (isnan(left->value) || isnan(right->value))
		return isnan(left->value) != isnan(right->value) ? isnan(left->value) - isnan(right->value) :
		    (left->at > right->at) - (left->at < right->at);
	if (left->value != right->value)
		return left->value < right->value ? -1 : 1;
	return (left->at > right->at) - (left->at < right->at);
}

static int falling(const void *a, const void *b)
{
	const struct sorted *left = a, *right = b;

	if (isnan(left->value) || isnan(right->value) || left->value == right->value)
		return rising(a, b);
	return left->value > right->value ? -1 : 1;
}

int call_sort(struct query *q, struct node *node)
{
	const struct values *in = &node->args[0]->out;
	int bad = KS_OK;

	q->sorted_n = 0;
	for (size_t i = 0; i < in->n && bad == KS_OK; i++)
		bad = sorted_add(q, (struct sorted){ .tags = in->at[i].tags, .value = in->at[i].value,
		    .at = i });
	if (bad == KS_OK && q->sorted_n > 1)
		qsort(q->sorted, q->sorted_n, sizeof *q->sorted,
		    node->function->what == CALL_SORT ? rising : falling);
	for (size_t i = 0; i < q->sorted_n && bad == KS_OK; i++)
		bad = out_add(q, node, q->sorted[i].tags, q->sorted[i].value);
	return bad;
}

static int evaluate_args(struct query *q, struct node *node, int64_t t)
{
	int bad = KS_OK;

	for (size_t i = 0; i < node->args_n && bad == KS_OK; i++)
		if (node->args[i]->type == TYPE_SCALAR || node->args[i]->type == TYPE_VECTOR)
			bad = eval(q, node->args[i], t);
	return bad;
}

int eval_call(struct query *q, struct node *node, int64_t t)
{
	const struct values *in = node->args_n > 0 ? &node->args[0]->out : NULL;
	int bad = evaluate_args(q, node, t);

	node->out.n = 0;
	if (bad != KS_OK)
		return bad;
	if (node->function->what <= CALL_STRETCH_LAST)
		return call_stretch(q, node, t);
	if (node->function->what <= CALL_EACH_LAST)
		return call_each(q, node, t);
	switch (node->function->what) {
	case CALL_TIME:
		return out_add(q, node, 0, (double)t / 1000);
	case CALL_PI:
		return out_add(q, node, 0, M_PI);
	case CALL_SCALAR:
		return out_add(q, node, 0, in->n == 1 ? in->at[0].value : NAN);
	case CALL_VECTOR:
		return out_add(q, node, 0, out_scalar(node->args[0]));
	case CALL_ABSENT:
		return in->n == 0 ? call_absent(q, node) : KS_OK;
	case CALL_SORT:
	case CALL_SORT_DESC:
		return call_sort(q, node);
	case CALL_HISTOGRAM_QUANTILE:
		return call_histogram(q, node);
	default:
		return call_label(q, node);
	}
}
