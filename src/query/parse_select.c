/* src/query/parse_select.c - selectors, and what stands behind an expression. */
#include "query/parse_in.h"
#include <math.h>
#include <stdio.h>

enum { MATCHERS_MOST = 64 };

bool label_name_good(struct span name)
{
	for (size_t i = 0; i < name.left; i++) {
		uint8_t c = name.at[i];
		bool letter = ((c | 32) >= 'a' && (c | 32) <= 'z') || c == '_';

		if (!letter && (i == 0 || c < '0' || c > '9'))
			return false;
	}
	return name.left > 0;
}

static void rune_put(uint8_t *room, size_t *n, uint32_t c)
{
	if (c < 0x80) {
		room[(*n)++] = (uint8_t)c;
	} else if (c < 0x800) {
		room[(*n)++] = (uint8_t)(0xc0 | c >> 6);
		room[(*n)++] = (uint8_t)(0x80 | (c & 0x3f));
	} else if (c < 0x10000) {
		room[(*n)++] = (uint8_t)(0xe0 | c >> 12);
		room[(*n)++] = (uint8_t)(0x80 | (c >> 6 & 0x3f));
		room[(*n)++] = (uint8_t)(0x80 | (c & 0x3f));
	} else {
		room[(*n)++] = (uint8_t)(0xf0 | c >> 18);
		room[(*n)++] = (uint8_t)(0x80 | (c >> 12 & 0x3f));
		room[(*n)++] = (uint8_t)(0x80 | (c >> 6 & 0x3f));
		room[(*n)++] = (uint8_t)(0x80 | (c & 0x3f));
	}
}

static bool digits_cut(struct span *s, unsigned n, unsigned base, uint32_t *ret_value)
{
	uint32_t value = 0;

	for (unsigned i = 0; i < n; i++) {
		uint32_t c = (uint32_t)span_be(s, 1), digit = c >= '0' && c <= '9' ? c - '0' :
		    (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10 : 99;

		if (s->broken || digit >= base)
			return false;
		value = value * base + digit;
	}
	*ret_value = value;
	return true;
}

/* One escape, behind its backslash, into room; never longer than it was. */
static bool escape_cut(struct span *s, uint8_t quote, uint8_t *room, size_t *n)
{
	static const char letters[] = "abfnrtv\\", means[] = "\a\b\f\n\r\t\v\\";
	uint8_t c = (uint8_t)span_be(s, 1);
	const char *found = c != 0 ? strchr(letters, c) : NULL;
	uint32_t value = 0;

	if (found != NULL || c == quote) {
		room[(*n)++] = found != NULL ? (uint8_t)means[found - letters] : quote;
		return true;
	}
	if (c == 'u' || c == 'U') {
		if (!digits_cut(s, c == 'u' ? 4 : 8, 16, &value) || value > 0x10ffff ||
		    (value >= 0xd800 && value < 0xe000))
			return false;
		rune_put(room, n, value);
		return true;
	}
	if (c >= '0' && c <= '7') {
		if (!digits_cut(s, 2, 8, &value) || (value |= (uint32_t)(c - '0') << 6) > 255)
			return false;
	} else if (c != 'x' || !digits_cut(s, 2, 16, &value)) {
		return false;
	}
	room[(*n)++] = (uint8_t)value;
	return true;
}

bool parse_string(struct parser *p, struct span *ret_string)
{
	struct token token = p->token;

	if (token.kind != TOKEN_STRING) {
		(void)parse_bad(p, &token, "expected a string");
		return false;
	}
	struct span s = span_of(token.text.at + 1, token.text.left - 2);
	uint8_t quote = token.text.at[0], *room = arena_take(p->arena, s.left + 1);
	size_t n = 0;

	if (room == NULL) {
		(void)parse_full(p);
		return false;
	}
	while (s.left > 0) {
		uint8_t c = (uint8_t)span_be(&s, 1);

		if (c != '\\' || quote == '`')
			room[n++] = c;
		else if (!escape_cut(&s, quote, room, &n)) {
			(void)parse_bad(p, &token, "invalid escape in a string");
			return false;
		}
	}
	*ret_string = span_of(room, n);
	parse_next(p);
	return true;
}

static bool matcher_ready(struct parser *p, struct matcher *m, const struct token *at)
{
	struct why why = { .fmt = NULL };

	if (m->is != MATCH_REGEX && m->is != MATCH_NOT_REGEX)
		return true;
	int bad = regex_new(p->arena, m->value, &m->regex, &why);

	if (bad == KS_FULL)
		(void)parse_full(p);
	else if (bad != KS_OK)
		(void)parse_bad(p, at, why.text);
	return bad == KS_OK;
}

static bool matcher_read(struct parser *p, struct matcher *ret_matcher)
{
	static const char *const signs[] = { "=", "!=", "=~", "!~" };
	struct token name = p->token;
	size_t i = 0;

	if (name.kind != TOKEN_NAME || !label_name_good(name.text)) {
		(void)parse_bad(p, &name, "expected the name of a label");
		return false;
	}
	parse_next(p);
	while (i < 4 && !token_is(&p->token, signs[i]))
		i++;
	if (i == 4) {
		(void)parse_bad(p, &p->token, "expected one of \"=\", \"!=\", \"=~\", \"!~\"");
		return false;
	}
	parse_next(p);
	struct token at = p->token;

	*ret_matcher = (struct matcher){ .is = (enum match)i, .name = name.text };
	return parse_string(p, &ret_matcher->value) && matcher_ready(p, ret_matcher, &at);
}

static bool matcher_holds(const struct matcher *m, struct span value)
{
	bool same = m->value.left == value.left &&
	    (value.left == 0 || memcmp(m->value.at, value.at, value.left) == 0);

	switch (m->is) {
	case MATCH_EQUAL:
		return same;
	case MATCH_NOT:
		return !same;
	default:
		return regex_match(m->regex, value) == (m->is == MATCH_REGEX);
	}
}

struct span key_value(struct span key, struct span name)
{
	while (key.left > 0) {
		struct span has = span_until(&key, 0xff), value = span_until(&key, 0xff);

		if (name.left > 0 && has.left == name.left && memcmp(has.at, name.at, name.left) == 0)
			return value;
	}
	return span_of(NULL, 0);
}

bool matchers_want(const struct matcher *matchers, size_t n, struct span key)
{
	for (size_t i = 0; i < n; i++)
		if (!matcher_holds(&matchers[i], key_value(key, matchers[i].name)))
			return false;
	return true;
}

static void matcher_add(struct parser *p, struct node *node, struct matcher matcher)
{
	if (node->matchers_n == MATCHERS_MOST)
		(void)parse_full(p);
	else
		node->matchers[node->matchers_n++] = matcher;
}

/* name, {..} or name{..}; the name is taken already. */
struct node *parse_selector(struct parser *p, struct token name)
{
	struct node *node = node_new(p, NODE_SELECT, name.at);
	bool some = name.kind == TOKEN_NAME;

	if (node == NULL)
		return NULL;
	node->matchers = arena_array(p->arena, MATCHERS_MOST, sizeof *node->matchers);
	if (node->matchers == NULL)
		return parse_full(p);
	if (some)
		matcher_add(p, node, (struct matcher){ .is = MATCH_EQUAL,
		    .name = span_text("__name__"), .value = name.text });
	if (parse_take(p, "{")) {
		while (p->bad == KS_OK && !token_is(&p->token, "}")) {
			struct token at = p->token;
			struct matcher matcher;

			if (!matcher_read(p, &matcher))
				return NULL;
			if (name.kind == TOKEN_NAME && span_equal(matcher.name, "__name__"))
				return parse_bad(p, &at, "metric name must not be set twice");
			some = some || !matcher_holds(&matcher, span_of(NULL, 0));
			matcher_add(p, node, matcher);
			if (!parse_take(p, ","))
				break;
		}
		(void)parse_want(p, "}", "in label matching");
	}
	if (p->bad == KS_OK && !some)
		return parse_bad(p, &(struct token){ .at = node->at, .kind = TOKEN_NAME },
		    "vector selector must contain at least one non-empty matcher");
	return p->bad == KS_OK ? node : NULL;
}

static bool duration_take(struct parser *p, int64_t *ret_ms)
{
	struct token token = p->token;
	int64_t ms = 0;

	if (token.kind != TOKEN_DURATION || !duration_parse(token.text, &ms)) {
		(void)parse_bad(p, &token, "not a valid duration string");
		return false;
	}
	if (ms <= 0) {
		(void)parse_bad(p, &token, "duration must be greater than 0");
		return false;
	}
	*ret_ms = ms;
	parse_next(p);
	return true;
}

/* [5m] or [1h:1m] */
static struct node *brackets(struct parser *p, struct node *node, const struct token *at)
{
	int64_t range, step = 0;

	if (!duration_take(p, &range))
		return NULL;
	bool sub = parse_take(p, ":");

	if (sub && !token_is(&p->token, "]") && !duration_take(p, &step))
		return NULL;
	p->lexer.brackets = false;
	if (!parse_want(p, "]", "in range or subquery"))
		return NULL;
	if (!sub) {
		if (node->kind != NODE_SELECT || node->paren || node->range_ms != 0)
			return parse_bad(p, at, "ranges only allowed for vector selectors");
		if (node->has_offset || node->at_kind != AT_NONE)
			return parse_bad(p, at, "no offset or @ modifiers allowed before range");
		node->range_ms = range;
		return node;
	}
	struct node *query = node_new(p, NODE_SUBQUERY, node->at);

	if (query != NULL) {
		query->left = node;
		query->range_ms = range;
		query->step_ms = step;
	}
	return query;
}

static bool takes_modifiers(const struct node *node)
{
	return !node->paren && (node->kind == NODE_SELECT || node->kind == NODE_SUBQUERY);
}

static void offset_read(struct parser *p, struct node *node, const struct token *at)
{
	bool minus = parse_take(p, "-");
	int64_t ms;

	if (!takes_modifiers(node)) {
		(void)parse_bad(p, at, "offset modifier must be preceded by an instant vector selector or "
		    "range vector selector or a subquery");
		return;
	}
	if (node->has_offset) {
		(void)parse_bad(p, at, "offset may not be set multiple times");
		return;
	}
	if (!duration_take(p, &ms))
		return;
	node->offset_ms = minus ? -ms : ms;
	node->has_offset = true;
}

static void at_read(struct parser *p, struct node *node, const struct token *at)
{
	bool start = token_word(&p->token, "start"), end = token_word(&p->token, "end");
	double value = 0, sign = 1;

	if (!takes_modifiers(node) || node->at_kind != AT_NONE) {
		(void)parse_bad(p, at, takes_modifiers(node) ? "@ <timestamp> may not be set multiple times" :
		    "@ modifier must be preceded by an instant vector selector or range vector selector or "
		    "a subquery");
		return;
	}
	if (start || end) {
		parse_next(p);
		if (parse_want(p, "(", "in @") && parse_want(p, ")", "in @"))
			node->at_kind = start ? AT_START : AT_END;
		return;
	}
	if (parse_take(p, "-"))
		sign = -1;
	else
		(void)parse_take(p, "+");
	if ((p->token.kind != TOKEN_NUMBER && p->token.kind != TOKEN_NAME) ||
	    !number_parse(p->token.text, &value)) {
		(void)parse_bad(p, &p->token, "expected a time behind @");
		return;
	}
	if (!(fabs(value) < 9e15)) {
		(void)parse_bad(p, &p->token, "timestamp out of bounds for @ modifier");
		return;
	}
	node->at_kind = AT_TIME;
	node->at_ms = llround(sign * value * 1000);
	parse_next(p);
}

struct node *parse_behind(struct parser *p, struct node *node)
{
	while (p->bad == KS_OK && node != NULL) {
		struct token at = p->token;

		if (token_is(&at, "[")) {
			p->lexer.brackets = true;
			parse_next(p);
			node = brackets(p, node, &at);
		} else if (token_word(&at, "offset")) {
			parse_next(p);
			offset_read(p, node, &at);
		} else if (token_is(&at, "@")) {
			parse_next(p);
			at_read(p, node, &at);
		} else {
			break;
		}
	}
	return p->bad == KS_OK ? node : NULL;
}
