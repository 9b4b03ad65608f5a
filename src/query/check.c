/* src/query/check.c - types: what may stand where. */
#include "query/tree.h"
#include <stdarg.h>
#include <stdio.h>

const char *type_word(enum value_type type)
{
	static const char *const words[] = { "none", "scalar", "instant vector", "range vector",
		"string" };

	return words[type];
}

struct checker {
	const struct tree *tree;
	struct why *why;
};

__attribute__((format(printf, 3, 4)))
static int wrong(const struct checker *c, const struct node *node, const char *fmt, ...)
{
	unsigned line = 1, column = 1;
	char says[200];
	va_list args;

	for (size_t i = 0; i < node->at; i++) {
		bool end = c->tree->text.at[i] == '\n';

		line += end;
		column = end ? 1 : column + 1;
	}
	va_start(args, fmt);
	(void)vsnprintf(says, sizeof says, fmt, args);
	va_end(args);
	return fail(c->why, KS_MALFORMED, "%u:%u: parse error: %s", line, column, says);
}

static bool comparison(enum binary op)
{
	return op >= BINARY_EQ && op <= BINARY_GT;
}

static int names_differ(const struct checker *c, const struct node *node)
{
	const struct matching *m = &node->matching;

	for (size_t i = 0; m->on && i < m->labels.n; i++)
		for (size_t k = 0; k < m->include.n; k++)
			if (m->labels.at[i].left == m->include.at[k].left &&
			    memcmp(m->labels.at[i].at, m->include.at[k].at, m->labels.at[i].left) == 0)
				return wrong(c, node, "label \"%.*s\" must not occur in ON and GROUP clause at once",
				    (int)m->labels.at[i].left, (const char *)m->labels.at[i].at);
	return KS_OK;
}

static int check_binary(const struct checker *c, struct node *node)
{
	enum value_type left = node->left->type, right = node->right->type;
	bool set = node->op <= BINARY_UNLESS, scalars = left == TYPE_SCALAR && right == TYPE_SCALAR;

	if ((left != TYPE_SCALAR && left != TYPE_VECTOR) || (right != TYPE_SCALAR && right != TYPE_VECTOR))
		return wrong(c, node, "binary expression must contain only scalar and instant vector types");
	if (node->as_number && !comparison(node->op))
		return wrong(c, node, "bool modifier can only be used on comparison operators");
	if (comparison(node->op) && scalars && !node->as_number)
		return wrong(c, node, "comparisons between scalars must use BOOL modifier");
	if (set && (left == TYPE_SCALAR || right == TYPE_SCALAR))
		return wrong(c, node, "set operator not allowed in binary scalar expression");
	if ((left == TYPE_SCALAR || right == TYPE_SCALAR) && node->matching.said &&
	    node->matching.labels.n > 0)
		return wrong(c, node, "vector matching only allowed between instant vectors");
	node->type = scalars ? TYPE_SCALAR : TYPE_VECTOR;
	return names_differ(c, node);
}

static int check_group(const struct checker *c, struct node *node)
{
	enum value_type wants = node->group == GROUP_COUNT_VALUES ? TYPE_STRING : TYPE_SCALAR;

	if (node->right->type != TYPE_VECTOR)
		return wrong(c, node, "expected type instant vector in aggregation expression, got %s",
		    type_word(node->right->type));
	if (node->left != NULL && node->left->type != wants)
		return wrong(c, node, "expected type %s in aggregation parameter, got %s",
		    type_word(wants), type_word(node->left->type));
	node->type = TYPE_VECTOR;
	return KS_OK;
}

static int check_call(const struct checker *c, struct node *node)
{
	const struct function *f = node->function;
	size_t least = (size_t)f->args;

	if (node->args_n < least || (f->more >= 0 && node->args_n > least + (size_t)f->more))
		return wrong(c, node, "expected %s%zu argument(s) in call to \"%s\", got %zu",
		    f->more != 0 ? node->args_n < least ? "at least " : "at most " : "",
		    node->args_n < least ? least : least + (size_t)(f->more > 0 ? f->more : 0), f->name,
		    node->args_n);
	for (size_t i = 0; i < node->args_n; i++) {
		enum value_type wants = f->takes[i < 4 ? i : 3];

		if (node->args[i]->type != wants)
			return wrong(c, node->args[i], "expected type %s in call to function \"%s\", got %s",
			    type_word(wants), f->name, type_word(node->args[i]->type));
	}
	node->type = f->returns;
	return KS_OK;
}

static int check_node(const struct checker *c, struct node *node);

static int check_below(const struct checker *c, struct node *node)
{
	int bad = node->left != NULL ? check_node(c, node->left) : KS_OK;

	if (bad == KS_OK && node->right != NULL)
		bad = check_node(c, node->right);
	for (size_t i = 0; i < node->args_n && bad == KS_OK; i++)
		bad = check_node(c, node->args[i]);
	return bad;
}

static int check_node(const struct checker *c, struct node *node)
{
	int bad = check_below(c, node);

	if (bad != KS_OK)
		return bad;
	switch (node->kind) {
	case NODE_NUMBER:
		node->type = TYPE_SCALAR;
		return KS_OK;
	case NODE_STRING:
		node->type = TYPE_STRING;
		return KS_OK;
	case NODE_SELECT:
		node->type = node->range_ms > 0 ? TYPE_MATRIX : TYPE_VECTOR;
		return KS_OK;
	case NODE_SUBQUERY:
		node->type = TYPE_MATRIX;
		return node->left->type == TYPE_VECTOR ? KS_OK :
		    wrong(c, node, "subquery is only allowed on instant vector, got %s instead",
			type_word(node->left->type));
	case NODE_NEGATE:
		node->type = node->left->type;
		return node->type == TYPE_SCALAR || node->type == TYPE_VECTOR ? KS_OK :
		    wrong(c, node, "unary expression only allowed on expressions of type scalar or instant "
			"vector, got %s", type_word(node->type));
	case NODE_BINARY:
		return check_binary(c, node);
	case NODE_GROUP:
		return check_group(c, node);
	default:
		return check_call(c, node);
	}
}

int tree_check(struct tree *tree, struct why *why)
{
	const struct checker c = { tree, why };

	return check_node(&c, tree->root);
}
