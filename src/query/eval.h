/* src/query/eval.h - the evaluator's own; for its files only. */
#ifndef KS_QUERY_EVAL_H
#define KS_QUERY_EVAL_H
#include "base/drop.h"
#include "base/limits.h"
#include "query/number.h"
#include "query/query.h"
#include "query/tree.h"

struct sorted { /* a value that is put in order */
	uint32_t group, tags;
	double value;
	size_t at;	/* where it stood */
};

struct bucket { /* of an aggregation */
	uint32_t tags;
	double value, mean;
	size_t n;
};

struct query {
	struct arena arena;
	struct query_ask ask;
	struct tree tree;
	struct tags tags;
	struct node *selects[LIMIT_QUERY_SELECTS];
	size_t selects_n;
	struct node *subs, **subs_end;	/* subqueries, the inner before the outer */
	struct node *phase;		/* the subquery that is filled; NULL: the expression itself */
	int64_t at_ms;			/* the next step */
	size_t steps_all;
	size_t samples;			/* kept */
	bool done;
	struct rowset result;
	struct sorted *sorted;
	size_t sorted_n, sorted_room;
	struct bucket *buckets;
	size_t buckets_n, buckets_room;
	struct text key;		/* labels being made */
	struct why *why;
};

/* The value of a node at a time, into node->out; scalars are one value without labels. */
KS_MUST int eval(struct query *q, struct node *node, int64_t t);
KS_MUST int out_add(struct query *q, struct node *node, uint32_t tags, double value);
double out_scalar(const struct node *node);
int eval_full(struct query *q);
/* Nothing twice in node->out. */
KS_MUST int eval_unique(struct query *q, struct node *node);

/* eval_select.c */
KS_MUST int eval_select(struct query *q, struct node *node, int64_t t);
/* What the node's rows look like in its stretch before t: low and high of each row;
 * *ret_end: the end of the stretch. */
void eval_stretch(struct query *q, struct node *node, int64_t t, int64_t *ret_end);
int64_t select_time(const struct node *node, int64_t t);
KS_MUST int eval_plan(struct query *q);
/* eval_labels.c: what a label set becomes */
KS_MUST int tags_without(struct query *q, struct memo *memo, uint32_t tags,
    const struct names *names, uint32_t *ret_tags);
KS_MUST int tags_with(struct query *q, struct memo *memo, uint32_t tags,
    const struct names *names, uint32_t *ret_tags);
/* Without its name. */
KS_MUST int tags_bare(struct query *q, struct memo *memo, uint32_t tags, uint32_t *ret_tags);
/* With one label set; an empty value takes it away. */
KS_MUST int tags_set(struct query *q, uint32_t tags, struct span name, struct span value,
    uint32_t *ret_tags);
/* As strcmp. */
static inline int span_order(struct span a, struct span b)
{
	size_t n = a.left < b.left ? a.left : b.left;
	int order = n > 0 ? memcmp(a.at, b.at, n) : 0;

	return order != 0 ? order : (a.left > b.left) - (a.left < b.left);
}
bool names_has(const struct names *names, struct span name);
/* eval_binary.c, eval_match.c */
KS_MUST int eval_binary(struct query *q, struct node *node, int64_t t);
KS_MUST int eval_match(struct query *q, struct node *node);
/* What comes out is no longer what its name says. */
bool op_renames(enum binary op);
bool binary_of(enum binary op, double left, double right, double *ret_value);
/* eval_group.c, eval_group_list.c */
KS_MUST int eval_group(struct query *q, struct node *node, int64_t t);
KS_MUST int group_listed(struct query *q, struct node *node, double parameter);
KS_MUST int group_key(struct query *q, struct node *node, uint32_t tags, uint32_t *ret_tags);
KS_MUST int bucket_of(struct query *q, struct node *node, uint32_t tags, struct bucket **ret_bucket);
KS_MUST int sorted_add(struct query *q, struct sorted sorted);
/* of sorted numbers, NaN first */
double quantile_of(double share, struct sorted *values, size_t n);
/* call.c and its neighbours */
KS_MUST int eval_call(struct query *q, struct node *node, int64_t t);
KS_MUST int call_stretch(struct query *q, struct node *node, int64_t t);
KS_MUST int call_absent(struct query *q, struct node *node);
KS_MUST int call_label(struct query *q, struct node *node);
KS_MUST int call_histogram(struct query *q, struct node *node);
KS_MUST int call_each(struct query *q, struct node *node, int64_t t);
KS_MUST int call_sort(struct query *q, struct node *node);

enum calls { CALL_NONE,
	/* of a stretch */
	CALL_AVG_OVER, CALL_SUM_OVER, CALL_MIN_OVER, CALL_MAX_OVER, CALL_COUNT_OVER, CALL_LAST_OVER,
	CALL_PRESENT_OVER, CALL_STDDEV_OVER, CALL_STDVAR_OVER, CALL_QUANTILE_OVER, CALL_CHANGES,
	CALL_RESETS, CALL_RATE, CALL_INCREASE, CALL_DELTA, CALL_IRATE, CALL_IDELTA, CALL_DERIV,
	CALL_PREDICT, CALL_HOLT_WINTERS, CALL_ABSENT_OVER, CALL_STRETCH_LAST = CALL_ABSENT_OVER,
	/* of each value */
	CALL_ABS, CALL_CEIL, CALL_FLOOR, CALL_EXP, CALL_LN, CALL_LOG2, CALL_LOG10, CALL_SQRT, CALL_SGN,
	CALL_SIN, CALL_COS, CALL_TAN, CALL_ASIN, CALL_ACOS, CALL_ATAN, CALL_SINH, CALL_COSH, CALL_TANH,
	CALL_ASINH, CALL_ACOSH, CALL_ATANH, CALL_DEG, CALL_RAD, CALL_ROUND, CALL_CLAMP, CALL_CLAMP_MIN,
	CALL_CLAMP_MAX, CALL_TIMESTAMP, CALL_MINUTE, CALL_HOUR, CALL_DAY_OF_WEEK, CALL_DAY_OF_MONTH,
	CALL_DAY_OF_YEAR, CALL_DAYS_IN_MONTH, CALL_MONTH, CALL_YEAR, CALL_EACH_LAST = CALL_YEAR,
	/* others */
	CALL_TIME, CALL_PI, CALL_SCALAR, CALL_VECTOR, CALL_ABSENT, CALL_SORT, CALL_SORT_DESC,
	CALL_LABEL_REPLACE, CALL_LABEL_JOIN, CALL_HISTOGRAM_QUANTILE };

/* Neumaier's sum: what was lost goes on beside it. */
struct careful {
	double sum, lost;
};
static inline void careful_add(struct careful *c, double value)
{
	double t = c->sum + value;

	c->lost += __builtin_fabs(c->sum) >= __builtin_fabs(value) ? (c->sum - t) + value :
	    (value - t) + c->sum;
	c->sum = t;
}
#endif
