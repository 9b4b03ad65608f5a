#include "query/lex.h"
#include <strings.h>

static bool letter(uint8_t c)
{
	return ((c | 32) >= 'a' && (c | 32) <= 'z') || c == '_';
}

static bool digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

static uint8_t peek(const struct lexer *lexer, size_t i)
{
	return i < lexer->rest.left ? lexer->rest.at[i] : 0;
}

static struct token token_cut(struct lexer *lexer, enum token_kind kind, size_t n)
{
	size_t at = lexer->all.left - lexer->rest.left;

	return (struct token){ .kind = kind, .at = at, .text = span_cut(&lexer->rest, n) };
}

static struct token token_bad(struct lexer *lexer, const char *says)
{
	struct token token = token_cut(lexer, TOKEN_BAD, 0);

	token.says = says;
	return token;
}

static void blanks_skip(struct lexer *lexer)
{
	while (lexer->rest.left > 0) {
		uint8_t c = lexer->rest.at[0];

		if (c == '#')
			(void)span_until(&lexer->rest, '\n');
		else if (c == ' ' || c == '\t' || c == '\n' || c == '\r')
			(void)span_cut(&lexer->rest, 1);
		else
			break;
	}
}

/* How far a number goes; it may be none. */
static size_t number_length(const struct lexer *lexer)
{
	bool hex = peek(lexer, 0) == '0' && (peek(lexer, 1) | 32) == 'x';
	size_t n = hex ? 2 : 0;

	while (digit(peek(lexer, n)) || (hex && (peek(lexer, n) | 32) >= 'a' &&
	    (peek(lexer, n) | 32) <= 'f'))
		n++;
	if (peek(lexer, n) == '.')
		n++;
	while (digit(peek(lexer, n)))
		n++;
	if ((peek(lexer, n) | 32) == 'e') {
		n++;
		if (peek(lexer, n) == '+' || peek(lexer, n) == '-')
			n++;
		while (digit(peek(lexer, n)))
			n++;
	}
	return n;
}

static struct token number(struct lexer *lexer)
{
	size_t n = number_length(lexer);

	if (!letter(peek(lexer, n)) && !digit(peek(lexer, n)))
		return token_cut(lexer, TOKEN_NUMBER, n);
	for (n = 0; digit(peek(lexer, n)) || letter(peek(lexer, n)); n++)
		;
	return token_cut(lexer, TOKEN_DURATION, n);
}

static struct token string(struct lexer *lexer)
{
	uint8_t quote = peek(lexer, 0);

	for (size_t n = 1; n < lexer->rest.left; n++) {
		uint8_t c = lexer->rest.at[n];

		if (c == '\\' && quote != '`')
			n++;
		else if (c == '\n' && quote != '`')
			break;
		else if (c == quote)
			return token_cut(lexer, TOKEN_STRING, n + 1);
	}
	return token_bad(lexer, "unterminated quoted string");
}

static struct token sign(struct lexer *lexer)
{
	static const char *const pairs[] = { "==", "!=", "<=", ">=", "=~", "!~" };
	static const char singles[] = "+-*/%^(){}[],@<>=:";
	uint8_t first = peek(lexer, 0), second = peek(lexer, 1);

	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
		if (first == pairs[i][0] && second == pairs[i][1])
			return token_cut(lexer, TOKEN_SIGN, 2);
	return first != 0 && strchr(singles, first) != NULL ? token_cut(lexer, TOKEN_SIGN, 1) :
	    token_bad(lexer, "unexpected character");
}

struct token lex_next(struct lexer *lexer)
{
	blanks_skip(lexer);
	uint8_t c = peek(lexer, 0);
	size_t n = 0;

	if (lexer->rest.left == 0)
		return token_cut(lexer, TOKEN_END, 0);
	if (digit(c) || (c == '.' && digit(peek(lexer, 1))))
		return number(lexer);
	if (letter(c) || (c == ':' && !lexer->brackets)) {
		while (letter(peek(lexer, n)) || digit(peek(lexer, n)) ||
		    (peek(lexer, n) == ':' && !lexer->brackets))
			n++;
		return token_cut(lexer, TOKEN_NAME, n);
	}
	if (c == '"' || c == '\'' || c == '`')
		return string(lexer);
	return sign(lexer);
}

bool token_is(const struct token *token, const char *word)
{
	return token->kind == TOKEN_SIGN && span_equal(token->text, word);
}

bool token_word(const struct token *token, const char *word)
{
	size_t n = strlen(word);

	return token->kind == TOKEN_NAME && token->text.left == n &&
	    strncasecmp((const char *)token->text.at, word, n) == 0;
}
