/* src/query/eval_group.c - aggregations that need one number a group. */
#include "query/eval.h"
#include "base/more.h"
#include <math.h>

int group_key(struct query *q, struct node *node, uint32_t tags, uint32_t *ret_tags)
{
	return node->without ? tags_without(q, &node->key, tags, &node->labels, ret_tags) :
	    tags_with(q, &node->key, tags, &node->labels, ret_tags);
}

int bucket_of(struct query *q, struct node *node, uint32_t tags, struct bucket **ret_bucket)
{
	uint32_t at = marks_find(&node->marks, tags);

	if (at == UINT32_MAX) {
		struct bucket *buckets = array_more(q->buckets, q->buckets_n, &q->buckets_room, 64,
		    sizeof *buckets);

		if (buckets == NULL)
			return eval_full(q);
		q->buckets = buckets;
		at = (uint32_t)q->buckets_n++;
		q->buckets[at] = (struct bucket){ .tags = tags };
		if (marks_set(&q->arena, &node->marks, tags, at) != KS_OK)
			return eval_full(q);
	}
	*ret_bucket = &q->buckets[at];
	return KS_OK;
}

static bool same_sign_or_finite(double mean, double value)
{
	return isinf(mean) && ((isinf(value) && (mean > 0) == (value > 0)) || isfinite(value));
}

static void bucket_add(struct bucket *b, enum group group, double value)
{
	bool first = b->n++ == 0;
	double delta = value - b->mean;

	switch (group) {
	case GROUP_SUM:
		b->value = first ? value : b->value + value;
		break;
	case GROUP_AVG:
		if (first)
			b->mean = value;
		else if (!same_sign_or_finite(b->mean, value))
			b->mean += value / (double)b->n - b->mean / (double)b->n;
		break;
	case GROUP_MAX:
		if (first || b->value < value || isnan(b->value))
			b->value = value;
		break;
	case GROUP_MIN:
		if (first || b->value > value || isnan(b->value))
			b->value = value;
		break;
	case GROUP_STDDEV:
	case GROUP_STDVAR:
		if (first) {
			b->mean = value;
			break;
		}
		b->mean += delta / (double)b->n;
		b->value += delta * (value - b->mean);
		break;
	default:
		break;
	}
}

static double bucket_end(const struct bucket *b, enum group group)
{
	switch (group) {
	case GROUP_AVG:
		return b->mean;
	case GROUP_COUNT:
		return (double)b->n;
	case GROUP_GROUP:
		return 1;
	case GROUP_STDDEV:
		return sqrt(b->value / (double)b->n);
	case GROUP_STDVAR:
		return b->value / (double)b->n;
	default:
		return b->value;
	}
}

int eval_group(struct query *q, struct node *node, int64_t t)
{
	const struct values *in = &node->right->out;
	int bad = eval(q, node->right, t);

	if (bad == KS_OK && node->left != NULL)
		bad = eval(q, node->left, t);
	node->out.n = 0;
	q->buckets_n = 0;
	marks_begin(&node->marks);
	if (bad == KS_OK && node->group >= GROUP_TOPK)
		return group_listed(q, node, node->group == GROUP_COUNT_VALUES ? 0 : out_scalar(node->left));
	for (size_t i = 0; i < in->n && bad == KS_OK; i++) {
		struct bucket *bucket;
		uint32_t key;

		bad = group_key(q, node, in->at[i].tags, &key);
		if (bad == KS_OK)
			bad = bucket_of(q, node, key, &bucket);
		if (bad == KS_OK)
			bucket_add(bucket, node->group, in->at[i].value);
	}
	for (size_t i = 0; i < q->buckets_n && bad == KS_OK; i++)
		bad = out_add(q, node, q->buckets[i].tags, bucket_end(&q->buckets[i], node->group));
	return bad;
}
