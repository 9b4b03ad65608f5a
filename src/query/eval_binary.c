/* src/query/eval_binary.c - operators: numbers with numbers, values with a number, sets. */
#include "query/eval.h"
#include <math.h>

static double arithmetic(enum binary op, double left, double right)
{
	switch (op) {
	case BINARY_ADD:
		return left + right;
	case BINARY_SUB:
		return left - right;
	case BINARY_MUL:
		return left * right;
	case BINARY_DIV:
		return left / right;
	case BINARY_MOD:
		return fmod(left, right);
	case BINARY_POW:
		return pow(left, right);
	default:
		return atan2(left, right);
	}
}

/* atan2 keeps the name, as it does in Prometheus 2.42. */
bool op_renames(enum binary op)
{
	return op >= BINARY_ADD && op != BINARY_ATAN2;
}

/* A comparison keeps the left value, or not. */
bool binary_of(enum binary op, double left, double right, double *ret_value)
{
	*ret_value = left;
	switch (op) {
	case BINARY_EQ:
		return left == right;
	case BINARY_NE:
		return left != right;
	case BINARY_LE:
		return left <= right;
	case BINARY_LT:
		return left < right;
	case BINARY_GE:
		return left >= right;
	case BINARY_GT:
		return left > right;
	default:
		*ret_value = arithmetic(op, left, right);
		return true;
	}
}

static int with_number(struct query *q, struct node *node)
{
	bool right = node->right->type == TYPE_SCALAR;
	const struct values *in = right ? &node->left->out : &node->right->out;
	double number = out_scalar(right ? node->right : node->left);
	bool bare = node->as_number || op_renames(node->op);
	int bad = KS_OK;

	for (size_t i = 0; i < in->n && bad == KS_OK; i++) {
		double has = in->at[i].value, value;
		bool keep = binary_of(node->op, right ? has : number, right ? number : has, &value);
		uint32_t tags = in->at[i].tags;

		if (node->as_number)
			value = keep ? 1 : 0;
		else if (node->op < BINARY_ADD)
			value = has; /* not the number, on whichever side it stands */
		if (!keep && !node->as_number)
			continue;
		if (bare)
			bad = tags_bare(q, &node->key, tags, &tags);
		if (bad == KS_OK)
			bad = out_add(q, node, tags, value);
	}
	return bad == KS_OK ? eval_unique(q, node) : bad;
}

/* What a value is matched by. */
static int match_key(struct query *q, struct node *node, bool right, uint32_t tags,
    uint32_t *ret_key)
{
	struct memo *memo = right ? &node->key_right : &node->key;

	return node->matching.on ? tags_with(q, memo, tags, &node->matching.labels, ret_key) :
	    tags_without(q, memo, tags, &node->matching.labels, ret_key);
}

static int keys_mark(struct query *q, struct node *node, bool right)
{
	const struct values *in = right ? &node->right->out : &node->left->out;
	int bad = KS_OK;

	marks_begin(&node->marks);
	for (size_t i = 0; i < in->n && bad == KS_OK; i++) {
		uint32_t key;

		bad = match_key(q, node, right, in->at[i].tags, &key);
		if (bad == KS_OK && marks_set(&q->arena, &node->marks, key, (uint32_t)i) != KS_OK)
			bad = eval_full(q);
	}
	return bad;
}

/* Those of one side whose key the other has, or has not. */
static int set_take(struct query *q, struct node *node, bool right, bool had)
{
	const struct values *in = right ? &node->right->out : &node->left->out;
	int bad = KS_OK;

	for (size_t i = 0; i < in->n && bad == KS_OK; i++) {
		uint32_t key;

		bad = match_key(q, node, right, in->at[i].tags, &key);
		if (bad == KS_OK && (marks_find(&node->marks, key) != UINT32_MAX) == had)
			bad = out_add(q, node, in->at[i].tags, in->at[i].value);
	}
	return bad;
}

static int eval_set(struct query *q, struct node *node)
{
	const struct values *left = &node->left->out;
	int bad = KS_OK;

	if (node->op == BINARY_OR) {
		for (size_t i = 0; i < left->n && bad == KS_OK; i++)
			bad = out_add(q, node, left->at[i].tags, left->at[i].value);
		if (bad == KS_OK)
			bad = keys_mark(q, node, false);
		return bad == KS_OK ? set_take(q, node, true, false) : bad;
	}
	bad = keys_mark(q, node, true);
	return bad == KS_OK ? set_take(q, node, false, node->op == BINARY_AND) : bad;
}

int eval_binary(struct query *q, struct node *node, int64_t t)
{
	int bad = eval(q, node->left, t);
	double value;

	if (bad == KS_OK)
		bad = eval(q, node->right, t);
	node->out.n = 0;
	if (bad != KS_OK)
		return bad;
	if (node->op <= BINARY_UNLESS)
		return eval_set(q, node);
	if (node->type == TYPE_SCALAR) {
		bool keep = binary_of(node->op, out_scalar(node->left), out_scalar(node->right), &value);

		return out_add(q, node, 0, node->as_number ? (keep ? 1 : 0) : value);
	}
	if (node->left->type == TYPE_SCALAR || node->right->type == TYPE_SCALAR)
		return with_number(q, node);
	return eval_match(q, node);
}
