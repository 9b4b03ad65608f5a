/* src/query/lex.h - the words of a PromQL expression. */
#ifndef KS_QUERY_LEX_H
#define KS_QUERY_LEX_H
#include "base/span.h"

enum token_kind { TOKEN_END, TOKEN_BAD, TOKEN_NAME, TOKEN_NUMBER, TOKEN_DURATION, TOKEN_STRING,
	TOKEN_SIGN };

struct token {
	enum token_kind kind;
	struct span text;	/* SIGN: the one or two characters; BAD: see says */
	size_t at;		/* in the whole text */
	const char *says;	/* BAD: what is wrong */
};

struct lexer {
	struct span all, rest;
	bool brackets;		/* a colon stands for itself */
};

struct token lex_next(struct lexer *lexer);
bool token_is(const struct token *token, const char *sign);
/* A keyword, in any case. */
bool token_word(const struct token *token, const char *word);
#endif
