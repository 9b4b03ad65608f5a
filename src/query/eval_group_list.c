/* src/query/eval_group_list.c - aggregations that need all values of a group: the highest,
 * the lowest, a quantile, how often each value is there. */
#include "query/eval.h"
#include "base/more.h"
#include <math.h>

int sorted_add(struct query *q, struct sorted sorted)
{
	struct sorted *at = array_more(q->sorted, q->sorted_n, &q->sorted_room, 256, sizeof *at);

	if (at == NULL)
		return eval_full(q);
	q->sorted = at;
	q->sorted[q->sorted_n++] = sorted;
	return KS_OK;
}

static int by_group(const struct sorted *a, const struct sorted *b)
{
	return (a->group > b->group) - (a->group < b->group);
}

static int by_place(const struct sorted *a, const struct sorted *b)
{
	return (a->at > b->at) - (a->at < b->at);
}

/* NaN goes last whichever way. */
static int highest_first(const void *a, const void *b)
{
	const struct sorted *left = a, *right = b;
	int order = by_group(left, right);

	if (order == 0 && isnan(left->value) != isnan(right->value))
		order = isnan(left->value) - isnan(right->value);
	if (order == 0 && left->value != right->value && !isnan(left->value))
		order = left->value > right->value ? -1 : 1;
	return order != 0 ? order : by_place(left, right);
}

static int lowest_first(const void *a, const void *b)
{
	const struct sorted *left = a, *right = b;
	int order = by_group(left, right);

	if (order == 0 && isnan(left->value) != isnan(right->value))
		order = isnan(left->value) - isnan(right->value);
	if (order == 0 && left->value != right->value && !isnan(left->value))
		order = left->value < right->value ? -1 : 1;
	return order != 0 ? order : by_place(left, right);
}

static int nan_first(const void *a, const void *b)
{
	const struct sorted *left = a, *right = b;
	int order = by_group(left, right);

	if (order == 0 && (isnan(left->value) || isnan(right->value)))
		return isnan(right->value) - isnan(left->value);
	return order != 0 ? order : (left->value > right->value) - (left->value < right->value);
}

double quantile_of(double share, struct sorted *values, size_t n)
{
	if (n == 0 || isnan(share))
		return NAN;
	if (share < 0 || share > 1)
		return share < 0 ? -INFINITY : INFINITY;
	qsort(values, n, sizeof *values, nan_first);
	double rank = share * (double)(n - 1), whole = floor(rank), weight = rank - whole;
	size_t low = (size_t)whole, high = low + 1 < n ? low + 1 : n - 1;

	return values[low].value * (1 - weight) + values[high].value * weight;
}

static int count_values(struct query *q, struct node *node)
{
	struct span at[LIMIT_LABELS + 1], label = node->left->string;
	const struct names names = { .at = at, .n = node->labels.n + !node->without };
	KS_DROP(text) struct text word;
	int bad = KS_OK;

	text_init(&word, 400);
	if (!label_name_good(label))
		return fail(q->why, KS_MALFORMED, "invalid label name \"%.*s\"",
		    label.left < 60 ? (int)label.left : 60, (const char *)label.at);
	for (size_t i = 0; i < node->labels.n; i++)
		at[i] = node->labels.at[i];
	at[node->labels.n] = label;
	for (size_t i = 0; i < node->right->out.n && bad == KS_OK; i++) {
		uint32_t tags = node->right->out.at[i].tags;
		struct bucket *bucket;

		text_clear(&word);
		number_add_plain(&word, node->right->out.at[i].value);
		bad = tags_set(q, tags, label, text_span(&word), &tags);
		if (bad == KS_OK)
			bad = node->without ? tags_without(q, NULL, tags, &names, &tags) :
			    tags_with(q, NULL, tags, &names, &tags);
		if (bad == KS_OK)
			bad = bucket_of(q, node, tags, &bucket);
		if (bad == KS_OK)
			bucket->n++;
	}
	for (size_t i = 0; i < q->buckets_n && bad == KS_OK; i++)
		bad = out_add(q, node, q->buckets[i].tags, (double)q->buckets[i].n);
	return bad;
}

static int list(struct query *q, struct node *node)
{
	const struct values *in = &node->right->out;
	int bad = KS_OK;

	q->sorted_n = 0;
	for (size_t i = 0; i < in->n && bad == KS_OK; i++) {
		struct bucket *bucket;
		uint32_t key;

		bad = group_key(q, node, in->at[i].tags, &key);
		if (bad == KS_OK)
			bad = bucket_of(q, node, key, &bucket);
		if (bad == KS_OK)
			bad = sorted_add(q, (struct sorted){ .tags = in->at[i].tags, .at = i,
			    .group = (uint32_t)(bucket - q->buckets), .value = in->at[i].value });
	}
	return bad;
}

static int quantiles(struct query *q, struct node *node, double share)
{
	int bad = KS_OK;

	qsort(q->sorted, q->sorted_n, sizeof *q->sorted, nan_first);
	for (size_t i = 0, n; i < q->sorted_n && bad == KS_OK; i += n) {
		for (n = 1; i + n < q->sorted_n && q->sorted[i + n].group == q->sorted[i].group;)
			n++;
		bad = out_add(q, node, q->buckets[q->sorted[i].group].tags,
		    quantile_of(share, q->sorted + i, n));
	}
	return bad;
}

int group_listed(struct query *q, struct node *node, double parameter)
{
	size_t taken = 0;
	int bad;

	if (node->group == GROUP_COUNT_VALUES)
		return count_values(q, node);
	if (node->group != GROUP_QUANTILE && !(parameter >= -9223372036854775808.0 &&
	    parameter <= 9223372036854775807.0))
		return node->right->out.n == 0 ? KS_OK :
		    fail(q->why, KS_MALFORMED, "Scalar value %g overflows int64", parameter);
	bad = list(q, node);
	if (bad != KS_OK || q->sorted_n == 0)
		return bad;
	if (node->group == GROUP_QUANTILE)
		return quantiles(q, node, parameter);
	qsort(q->sorted, q->sorted_n, sizeof *q->sorted,
	    node->group == GROUP_TOPK ? highest_first : lowest_first);
	for (size_t i = 0; i < q->sorted_n && bad == KS_OK; i++) {
		taken = i > 0 && q->sorted[i].group == q->sorted[i - 1].group ? taken + 1 : 0;
		if ((double)taken < trunc(parameter))
			bad = out_add(q, node, q->sorted[i].tags, q->sorted[i].value);
	}
	return bad;
}
