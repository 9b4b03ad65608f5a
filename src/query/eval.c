/* src/query/eval.c - one node at one time. */
#include "query/eval.h"
#include <math.h>

int eval_full(struct query *q)
{
	return fail(q->why, KS_FULL, "query processing would need more than %ld bytes of memory or %ld "
	    "sets of labels", (long)LIMIT_QUERY_BYTES, (long)LIMIT_QUERY_TAGS);
}

int out_add(struct query *q, struct node *node, uint32_t tags, double value)
{
	const struct value v = { .tags = tags, .value = value };

	return values_add(&q->arena, &node->out, v) == KS_OK ? KS_OK : eval_full(q);
}

double out_scalar(const struct node *node)
{
	return node->out.n > 0 ? node->out.at[0].value : NAN;
}

int eval_unique(struct query *q, struct node *node)
{
	marks_begin(&node->seen);
	for (size_t i = 0; i < node->out.n; i++) {
		uint32_t tags = node->out.at[i].tags;

		if (marks_find(&node->seen, tags) != UINT32_MAX)
			return fail(q->why, KS_MALFORMED,
			    "vector cannot contain metrics with the same labelset");
		if (marks_set(&q->arena, &node->seen, tags, 0) != KS_OK)
			return eval_full(q);
	}
	return KS_OK;
}

static int eval_negate(struct query *q, struct node *node, int64_t t)
{
	int bad = eval(q, node->left, t);

	node->out.n = 0;
	for (size_t i = 0; i < node->left->out.n && bad == KS_OK; i++) {
		struct value v = node->left->out.at[i];

		if (node->number < 0 && node->type == TYPE_VECTOR)
			bad = tags_bare(q, &node->key, v.tags, &v.tags);
		if (bad == KS_OK)
			bad = out_add(q, node, v.tags, node->number < 0 ? -v.value : v.value);
	}
	return bad == KS_OK ? eval_unique(q, node) : bad;
}

int eval(struct query *q, struct node *node, int64_t t)
{
	switch (node->kind) {
	case NODE_NUMBER:
		node->out.n = 0;
		return out_add(q, node, 0, node->number);
	case NODE_SELECT:
		return node->range_ms > 0 ? KS_OK : eval_select(q, node, t);
	case NODE_NEGATE:
		return eval_negate(q, node, t);
	case NODE_BINARY:
		return eval_binary(q, node, t);
	case NODE_GROUP:
		return eval_group(q, node, t);
	case NODE_CALL:
		return eval_call(q, node, t);
	default: /* strings, and subqueries, which are filled before */
		return KS_OK;
	}
}
