/* src/query/parse_in.h - the parser's own; for parse*.c only. */
#ifndef KS_QUERY_PARSE_IN_H
#define KS_QUERY_PARSE_IN_H
#include "base/limits.h"
#include "query/lex.h"
#include "query/number.h"
#include "query/tree.h"

struct parser {
	struct tree *tree;
	struct arena *arena;
	struct lexer lexer;
	struct token token;	/* the next, not taken yet */
	unsigned depth;
	struct why *why;
	int bad;
};

/* Notes the first mistake; NULL. */
void *parse_bad(struct parser *p, const struct token *at, const char *says);
void *parse_full(struct parser *p);
void parse_next(struct parser *p);
/* The sign is there and is taken. */
bool parse_take(struct parser *p, const char *sign);
bool parse_want(struct parser *p, const char *sign, const char *where);
struct node *node_new(struct parser *p, enum node_kind kind, size_t at);
struct node *parse_expression(struct parser *p, int least);
/* "..." without its quotes and escapes, in the arena. */
bool parse_string(struct parser *p, struct span *ret_string);
/* (a, b, c) */
void parse_names(struct parser *p, struct names *ret_names);

/* parse_select.c */
struct node *parse_selector(struct parser *p, struct token name);
struct node *parse_behind(struct parser *p, struct node *node);
#endif
