/* src/query/tree.h - a PromQL expression, read: what the parser makes and the evaluator
 * walks.  Everything lies in the query's arena. */
#ifndef KS_QUERY_TREE_H
#define KS_QUERY_TREE_H
#include "query/query.h"
#include "query/regex.h"
#include "query/rows.h"

enum value_type { TYPE_NONE, TYPE_SCALAR, TYPE_VECTOR, TYPE_MATRIX, TYPE_STRING };

enum node_kind { NODE_NUMBER, NODE_STRING, NODE_SELECT, NODE_SUBQUERY, NODE_NEGATE, NODE_BINARY,
	NODE_GROUP, NODE_CALL };

enum binary { BINARY_NONE, BINARY_OR, BINARY_AND, BINARY_UNLESS, BINARY_EQ, BINARY_NE, BINARY_LE,
	BINARY_LT, BINARY_GE, BINARY_GT, BINARY_ADD, BINARY_SUB, BINARY_MUL, BINARY_DIV, BINARY_MOD,
	BINARY_ATAN2, BINARY_POW };

enum group { GROUP_NONE, GROUP_SUM, GROUP_AVG, GROUP_MIN, GROUP_MAX, GROUP_COUNT, GROUP_GROUP,
	GROUP_STDDEV, GROUP_STDVAR, GROUP_TOPK, GROUP_BOTTOMK, GROUP_QUANTILE, GROUP_COUNT_VALUES };

enum match { MATCH_EQUAL, MATCH_NOT, MATCH_REGEX, MATCH_NOT_REGEX };
struct matcher {
	enum match is;
	struct span name, value;
	struct regex *regex;
};

enum cardinality { CARD_ONE, CARD_MANY_LEFT, CARD_MANY_RIGHT, CARD_ALL };
struct names {
	struct span *at;
	size_t n;
};
struct matching { /* of a binary operator between vectors */
	bool on, said;
	enum cardinality card;
	struct names labels, include;
};

enum at_kind { AT_NONE, AT_TIME, AT_START, AT_END };
struct function;
struct node {
	enum node_kind kind;
	enum value_type type;
	bool paren;		/* stands in parentheses: takes no offset */
	size_t at;		/* where it begins in the text */
	struct node *left, *right; /* BINARY; NEGATE, SUBQUERY: left; GROUP: left is the
				    * parameter, right what is grouped */
	double number;
	struct span string;
	/* SELECT, SUBQUERY */
	struct matcher *matchers;
	size_t matchers_n;
	bool has_offset;
	enum at_kind at_kind;
	int64_t offset_ms, at_ms;
	int64_t range_ms;	/* SELECT: 0: one value each; else a stretch */
	int64_t step_ms;	/* SUBQUERY; 0: not said */
	/* BINARY */
	enum binary op;
	bool as_number;		/* bool */
	struct matching matching;
	/* GROUP */
	enum group group;
	bool without;
	struct names labels;
	/* CALL */
	const struct function *function;
	struct node **args;
	size_t args_n;
	/* evaluation */
	struct values out;	/* of this step */
	struct rowset rows;	/* SELECT, SUBQUERY: what lies under it */
	struct memo key, key_right, result, other, owner;
	struct marks marks, seen;
	struct regex *regex;	/* of label_replace, once it is known */
	struct node *next;	/* the next of its kind, in the order they are to be filled */
	int64_t first_ms, last_ms, every_ms; /* times it is evaluated at; every 0: once */
	int64_t from_ms, to_ms;	/* SUBQUERY: times what is under it is evaluated at */
};

struct tree {
	struct arena *arena;
	struct span text;
	struct node *root;
	unsigned nodes;
};

/* KS_MALFORMED: no such expression, the sentence is Prometheus' kind; KS_FULL: a limit. */
KS_MUST int tree_read(struct arena *arena, struct span text, struct tree *ret_tree,
    struct why *why);
/* Only a selector: match[]=. */
KS_MUST int tree_selector(struct arena *arena, struct span text, struct tree *ret_tree,
    struct why *why);
/* Types of all nodes; what does not fit is a mistake. */
KS_MUST int tree_check(struct tree *tree, struct why *why);
const char *type_word(enum value_type type);
/* Do the matchers want a series of these labels (name 0xff value 0xff ...)? */
bool matchers_want(const struct matcher *matchers, size_t n, struct span key);

struct function {
	const char *name;
	enum value_type returns, takes[4];
	int8_t args, more;	/* how many at least; how many beyond: -1 any */
	uint8_t what;		/* enum calls of eval.h */
};
const struct function *function_find(struct span name);
#endif
