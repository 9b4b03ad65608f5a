/* src/query/call_histogram.c - a quantile out of counted buckets: label le is the upper end
 * of each, counts go up with it. */
#include "query/eval.h"
#include <math.h>
#include <stdlib.h>

/* Of what is sorted, value is the upper end; the count is the argument's value at .at. */
static int by_end(const void *a, const void *b)
{
	const struct sorted *left = a, *right = b;

	if (left->group != right->group)
		return left->group < right->group ? -1 : 1;
	return (left->value > right->value) - (left->value < right->value);
}

struct step {
	double end, count;
};

/* Equal ends are one; counts never fall. */
static size_t settle(struct step *steps, size_t n)
{
	size_t last = 0;

	for (size_t i = 1; i < n; i++) {
		if (steps[i].end == steps[last].end)
			steps[last].count += steps[i].count;
		else
			steps[++last] = steps[i];
	}
	double most = -INFINITY;

	for (size_t i = 0; i <= last; i++) {
		if (steps[i].count > most)
			most = steps[i].count;
		else if (steps[i].count < most)
			steps[i].count = most;
	}
	return last + 1;
}

static double quantile(double share, struct step *steps, size_t n)
{
	size_t b = 0;

	if (isnan(share))
		return NAN;
	if (share < 0 || share > 1)
		return share < 0 ? -INFINITY : INFINITY;
	if (!isinf(steps[n - 1].end) || steps[n - 1].end < 0)
		return NAN;
	n = settle(steps, n);
	if (n < 2 || steps[n - 1].count == 0)
		return NAN;
	double rank = share * steps[n - 1].count, from = 0, count;

	while (b < n - 1 && !(steps[b].count >= rank))
		b++;
	if (b == n - 1)
		return steps[n - 2].end;
	if (b == 0 && steps[0].end <= 0)
		return steps[0].end;
	count = steps[b].count;
	if (b > 0) {
		from = steps[b - 1].end;
		count -= steps[b - 1].count;
		rank -= steps[b - 1].count;
	}
	return from + (steps[b].end - from) * (rank / count);
}

/* The buckets of all groups, in order. */
static int buckets_sort(struct query *q, struct node *node, const struct values *in)
{
	struct span le = span_text("le");
	const struct names names = { .at = &le, .n = 1 };
	int bad = KS_OK;

	q->sorted_n = q->buckets_n = 0;
	marks_begin(&node->marks);
	for (size_t i = 0; i < in->n && bad == KS_OK; i++) {
		struct bucket *bucket;
		uint32_t key;
		double end;

		if (!number_parse(key_value(q->tags.of[in->at[i].tags], le), &end))
			continue;
		bad = tags_without(q, &node->key, in->at[i].tags, &names, &key);
		if (bad == KS_OK)
			bad = bucket_of(q, node, key, &bucket);
		if (bad == KS_OK)
			bad = sorted_add(q, (struct sorted){ .group = (uint32_t)(bucket - q->buckets),
			    .value = end, .at = i });
	}
	if (q->sorted_n > 1)
		qsort(q->sorted, q->sorted_n, sizeof *q->sorted, by_end);
	return bad;
}

int call_histogram(struct query *q, struct node *node)
{
	const struct values *in = &node->args[1]->out;
	double share = out_scalar(node->args[0]);
	int bad = buckets_sort(q, node, in);
	KS_DROP(heap) struct step *steps = malloc((q->sorted_n + 1) * sizeof *steps);

	if (bad == KS_OK && steps == NULL)
		return eval_full(q);
	for (size_t i = 0, n; i < q->sorted_n && bad == KS_OK; i += n) {
		for (n = 0; i + n < q->sorted_n && q->sorted[i + n].group == q->sorted[i].group; n++)
			steps[n] = (struct step){ q->sorted[i + n].value, in->at[q->sorted[i + n].at].value };
		bad = out_add(q, node, q->buckets[q->sorted[i].group].tags, quantile(share, steps, n));
	}
	return bad;
}
