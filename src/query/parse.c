/* src/query/parse.c - expressions: operators by precedence, calls, groups. */
#include "query/parse_in.h"
#include <stdio.h>
#include <strings.h>

enum { UNARY_PRECEDENCE = 6 /* binds as ^ does, above * */ };

static const struct {
	const char *word;
	enum binary op;
	int precedence;
	bool right;
} operators[] = {
	{ "or", BINARY_OR, 1, false }, { "and", BINARY_AND, 2, false },
	{ "unless", BINARY_UNLESS, 2, false }, { "==", BINARY_EQ, 3, false },
	{ "!=", BINARY_NE, 3, false }, { "<=", BINARY_LE, 3, false }, { "<", BINARY_LT, 3, false },
	{ ">=", BINARY_GE, 3, false }, { ">", BINARY_GT, 3, false }, { "+", BINARY_ADD, 4, false },
	{ "-", BINARY_SUB, 4, false }, { "*", BINARY_MUL, 5, false }, { "/", BINARY_DIV, 5, false },
	{ "%", BINARY_MOD, 5, false }, { "atan2", BINARY_ATAN2, 5, false },
	{ "^", BINARY_POW, UNARY_PRECEDENCE, true },
};
enum { OPERATORS = sizeof operators / sizeof *operators };

static const struct {
	const char *word;
	enum group group;
} groups[] = { { "sum", GROUP_SUM }, { "avg", GROUP_AVG }, { "min", GROUP_MIN }, { "max", GROUP_MAX },
	{ "count", GROUP_COUNT }, { "group", GROUP_GROUP }, { "stddev", GROUP_STDDEV },
	{ "stdvar", GROUP_STDVAR }, { "topk", GROUP_TOPK }, { "bottomk", GROUP_BOTTOMK },
	{ "quantile", GROUP_QUANTILE }, { "count_values", GROUP_COUNT_VALUES } };

void *parse_bad(struct parser *p, const struct token *at, const char *says)
{
	unsigned line = 1, column = 1;

	if (p->bad != KS_OK)
		return NULL;
	for (size_t i = 0; i < at->at; i++) {
		bool end = p->lexer.all.at[i] == '\n';

		line += end;
		column = end ? 1 : column + 1;
	}
	if (at->kind == TOKEN_BAD)
		says = at->says;
	p->bad = at->kind == TOKEN_END ?
	    fail(p->why, KS_MALFORMED, "%u:%u: parse error: %s, at the end", line, column, says) :
	    fail(p->why, KS_MALFORMED, "%u:%u: parse error: %s, at \"%.*s\"", line, column, says,
		at->text.left < 40 ? (int)at->text.left : 40, (const char *)at->text.at);
	return NULL;
}

void *parse_full(struct parser *p)
{
	if (p->bad == KS_OK)
		p->bad = fail(p->why, KS_FULL, "the expression is too large or nested too deep");
	return NULL;
}

void parse_next(struct parser *p)
{
	p->token = lex_next(&p->lexer);
}

bool parse_take(struct parser *p, const char *sign)
{
	bool is = p->bad == KS_OK && token_is(&p->token, sign);

	if (is)
		parse_next(p);
	return is;
}

bool parse_want(struct parser *p, const char *sign, const char *where)
{
	char says[80];

	if (parse_take(p, sign))
		return true;
	(void)snprintf(says, sizeof says, "expected \"%s\" %s", sign, where);
	(void)parse_bad(p, &p->token, says);
	return false;
}

struct node *node_new(struct parser *p, enum node_kind kind, size_t at)
{
	struct node *node = ++p->tree->nodes > LIMIT_QUERY_NODES ? NULL :
	    arena_take(p->arena, sizeof *node);

	if (node == NULL)
		return parse_full(p);
	node->kind = kind;
	node->at = at;
	return node;
}

void parse_names(struct parser *p, struct names *ret_names)
{
	ret_names->at = arena_array(p->arena, LIMIT_LABELS, sizeof *ret_names->at);
	if (ret_names->at == NULL) {
		(void)parse_full(p);
		return;
	}
	if (!parse_want(p, "(", "before names of labels"))
		return;
	while (p->bad == KS_OK && !token_is(&p->token, ")")) {
		if (p->token.kind != TOKEN_NAME || !label_name_good(p->token.text)) {
			(void)parse_bad(p, &p->token, "expected the name of a label");
			return;
		}
		if (ret_names->n == LIMIT_LABELS) {
			(void)parse_full(p);
			return;
		}
		ret_names->at[ret_names->n++] = p->token.text;
		parse_next(p);
		if (!parse_take(p, ","))
			break;
	}
	(void)parse_want(p, ")", "behind names of labels");
}

/* (a, b, c) of a call or a group. */
static size_t arguments(struct parser *p, struct node **ret_args, size_t most)
{
	size_t n = 0;

	if (!parse_want(p, "(", "before arguments"))
		return 0;
	while (p->bad == KS_OK && !token_is(&p->token, ")")) {
		struct node *arg = parse_expression(p, 0);

		if (n == most) {
			(void)parse_full(p);
			return n;
		}
		ret_args[n++] = arg;
		if (!parse_take(p, ","))
			break;
		if (token_is(&p->token, ")"))
			(void)parse_bad(p, &p->token, "trailing commas not allowed in function call args");
	}
	(void)parse_want(p, ")", "behind arguments");
	return n;
}

/* by (..) or without (..), before or behind what is grouped. */
static bool grouping(struct parser *p, struct node *node)
{
	bool without = token_word(&p->token, "without");

	if (p->bad != KS_OK || (!without && !token_word(&p->token, "by")))
		return false;
	parse_next(p);
	node->without = without;
	parse_names(p, &node->labels);
	return true;
}

static struct node *group_of(struct parser *p, struct token name, enum group group)
{
	struct node *node = node_new(p, NODE_GROUP, name.at), *args[2] = { NULL, NULL };
	bool takes = group >= GROUP_TOPK;

	if (node == NULL)
		return NULL;
	node->group = group;
	bool said = grouping(p, node);
	size_t n = arguments(p, args, 2);

	if (!said)
		(void)grouping(p, node);
	if (p->bad == KS_OK && n != (takes ? 2U : 1U)) {
		char says[100];

		(void)snprintf(says, sizeof says,
		    "wrong number of arguments for aggregate expression provided, expected %d, got %zu",
		    takes ? 2 : 1, n);
		return parse_bad(p, &name, says);
	}
	node->left = takes ? args[0] : NULL;
	node->right = takes ? args[1] : args[0];
	return node;
}

static struct node *call_of(struct parser *p, struct token name)
{
	struct node *node = node_new(p, NODE_CALL, name.at), *args[LIMIT_QUERY_ARGUMENTS];
	char says[120];

	if (node == NULL)
		return NULL;
	node->function = function_find(name.text);
	if (node->function == NULL) {
		(void)snprintf(says, sizeof says, "unknown function with name \"%.*s\"",
		    name.text.left < 60 ? (int)name.text.left : 60, (const char *)name.text.at);
		return parse_bad(p, &name, says);
	}
	node->args_n = arguments(p, args, LIMIT_QUERY_ARGUMENTS);
	node->args = arena_array(p->arena, node->args_n + 1, sizeof *args);
	if (node->args == NULL)
		return parse_full(p);
	if (node->args_n > 0)
		memcpy(node->args, args, node->args_n * sizeof *args);
	return node;
}

static struct node *named(struct parser *p)
{
	struct token name = p->token;
	double value;

	parse_next(p);
	bool opens = token_is(&p->token, "(");
	bool groups_by = opens || token_word(&p->token, "by") || token_word(&p->token, "without");

	for (size_t i = 0; i < sizeof groups / sizeof *groups; i++)
		if (groups_by && token_word(&name, groups[i].word))
			return group_of(p, name, groups[i].group);
	if (opens)
		return call_of(p, name);
	if ((token_word(&name, "inf") || token_word(&name, "nan")) && number_parse(name.text, &value)) {
		struct node *node = node_new(p, NODE_NUMBER, name.at);

		if (node != NULL)
			node->number = value;
		return node;
	}
	for (size_t i = 0; i < OPERATORS; i++)
		if (token_word(&name, operators[i].word) && operators[i].op >= BINARY_EQ)
			return parse_bad(p, &name, "unexpected operator");
	if (token_word(&name, "bool") || token_word(&name, "on") || token_word(&name, "ignoring") ||
	    token_word(&name, "group_left") || token_word(&name, "group_right"))
		return parse_bad(p, &name, "unexpected keyword");
	return parse_selector(p, name);
}

static struct node *primary(struct parser *p)
{
	struct token first = p->token;
	struct node *node = NULL;

	if (parse_take(p, "(")) {
		node = parse_expression(p, 0);
		if (node != NULL && parse_want(p, ")", "in paren expression"))
			node->paren = true;
		return node;
	}
	if (token_is(&first, "{"))
		return parse_selector(p, (struct token){ .kind = TOKEN_END, .at = first.at });
	if (first.kind == TOKEN_NAME)
		return named(p);
	if (first.kind == TOKEN_NUMBER) {
		node = node_new(p, NODE_NUMBER, first.at);
		if (node != NULL && !number_parse(first.text, &node->number))
			return parse_bad(p, &first, "error parsing number");
		parse_next(p);
		return node;
	}
	if (first.kind == TOKEN_STRING) {
		node = node_new(p, NODE_STRING, first.at);
		return node != NULL && parse_string(p, &node->string) ? node : NULL;
	}
	return parse_bad(p, &first, "unexpected");
}

static struct node *unary(struct parser *p)
{
	struct token sign = p->token;
	bool minus = token_is(&sign, "-");

	if (!minus && !token_is(&sign, "+"))
		return parse_behind(p, primary(p));
	parse_next(p);
	if (++p->depth > LIMIT_QUERY_DEPTH)
		return parse_full(p);
	struct node *inner = parse_expression(p, UNARY_PRECEDENCE);

	p->depth--;
	if (inner == NULL)
		return NULL;
	struct node *node = node_new(p, NODE_NEGATE, sign.at);

	if (node != NULL) {
		node->left = inner;
		node->number = minus ? -1 : 1;
	}
	return node;
}

/* bool, on (..), ignoring (..), group_left (..) behind an operator. */
static void modifiers(struct parser *p, struct node *node)
{
	struct matching *m = &node->matching;

	m->card = node->op <= BINARY_UNLESS ? CARD_ALL : CARD_ONE;
	if (token_word(&p->token, "bool")) {
		node->as_number = true;
		parse_next(p);
	}
	m->on = token_word(&p->token, "on");
	if (!m->on && !token_word(&p->token, "ignoring"))
		return;
	m->said = true;
	parse_next(p);
	parse_names(p, &m->labels);
	bool left = p->bad == KS_OK && token_word(&p->token, "group_left");

	if (p->bad != KS_OK || (!left && !token_word(&p->token, "group_right")))
		return;
	if (m->card == CARD_ALL)
		(void)parse_bad(p, &p->token, "no grouping allowed for set operations");
	m->card = left ? CARD_MANY_LEFT : CARD_MANY_RIGHT;
	parse_next(p);
	if (token_is(&p->token, "("))
		parse_names(p, &m->include);
}

static size_t operator_next(const struct parser *p, int least)
{
	for (size_t i = 0; i < OPERATORS; i++)
		if (operators[i].precedence >= least && (token_is(&p->token, operators[i].word) ||
		    token_word(&p->token, operators[i].word)))
			return i;
	return OPERATORS;
}

struct node *parse_expression(struct parser *p, int least)
{
	if (++p->depth > LIMIT_QUERY_DEPTH)
		return parse_full(p);
	struct node *left = unary(p);
	size_t i;

	while (p->bad == KS_OK && left != NULL && (i = operator_next(p, least)) < OPERATORS) {
		struct node *node = node_new(p, NODE_BINARY, p->token.at);

		if (node == NULL)
			return NULL;
		node->op = operators[i].op;
		node->left = left;
		parse_next(p);
		modifiers(p, node);
		node->right = parse_expression(p, operators[i].precedence + !operators[i].right);
		left = node;
	}
	p->depth--;
	return p->bad == KS_OK ? left : NULL;
}

static int read_with(struct arena *arena, struct span text, struct tree *ret_tree, struct why *why)
{
	struct tree tree = { .arena = arena, .text = text };
	struct parser p = { .tree = &tree, .arena = arena, .why = why,
		.lexer = { .all = text, .rest = text } };

	if (text.left > LIMIT_QUERY_TEXT)
		return fail(why, KS_FULL, "a query of %zu bytes; %d are allowed", text.left,
		    (int)LIMIT_QUERY_TEXT);
	parse_next(&p);
	if (p.token.kind == TOKEN_END)
		return fail(why, KS_MALFORMED, "1:1: parse error: no expression found in input");
	tree.root = parse_expression(&p, 0);
	if (p.bad == KS_OK && p.token.kind != TOKEN_END)
		(void)parse_bad(&p, &p.token, "unexpected");
	if (p.bad == KS_OK)
		*ret_tree = tree;
	return p.bad;
}

int tree_read(struct arena *arena, struct span text, struct tree *ret_tree, struct why *why)
{
	struct tree tree;
	int bad = read_with(arena, text, &tree, why);

	if (bad == KS_OK)
		bad = tree_check(&tree, why);
	if (bad == KS_OK)
		*ret_tree = tree;
	return bad;
}

int tree_selector(struct arena *arena, struct span text, struct tree *ret_tree, struct why *why)
{
	struct tree tree;
	int bad = tree_read(arena, text, &tree, why);

	if (bad == KS_OK && (tree.root->kind != NODE_SELECT || tree.root->range_ms != 0 ||
	    tree.root->paren || tree.root->has_offset || tree.root->at_kind != AT_NONE))
		return fail(why, KS_MALFORMED, "1:1: parse error: expected a vector selector");
	if (bad == KS_OK)
		*ret_tree = tree;
	return bad;
}
