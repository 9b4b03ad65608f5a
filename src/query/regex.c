/* src/query/regex.c - a pattern read; regex_make.c turns it into steps, regex_match.c runs
 * them. */
#include "query/regex_in.h"

static struct part *alternatives(struct reader *r);

void *regex_bad(struct reader *r, const char *says)
{
	if (r->bad == KS_OK)
		r->bad = fail(r->why, KS_MALFORMED, "error parsing regexp: %s", says);
	return NULL;
}

void *regex_full(struct reader *r)
{
	if (r->bad == KS_OK)
		r->bad = fail(r->why, KS_FULL, "error parsing regexp: expression too large");
	return NULL;
}

struct part *part_new(struct reader *r, enum part_kind kind)
{
	struct part *part = arena_take(r->regex->arena, sizeof *part);

	if (part == NULL)
		return regex_full(r);
	part->kind = (uint8_t)kind;
	return part;
}

struct part *pair(struct reader *r, enum part_kind kind, struct part *left,
    struct part *right)
{
	if (left == NULL || right == NULL)
		return left == NULL ? right : left;
	struct part *part = part_new(r, kind);

	if (part != NULL) {
		part->left = left;
		part->right = right;
	}
	return part;
}

static struct part *assertion(struct reader *r, enum op op)
{
	struct part *part = part_new(r, PART_ASSERT);

	if (part != NULL)
		part->op = (uint8_t)op;
	return part;
}

/* \Q...\E */
static struct part *quoted(struct reader *r)
{
	struct part *all = part_new(r, PART_EMPTY);

	while (r->bad == KS_OK && r->rest.left > 0) {
		if (r->rest.left > 1 && r->rest.at[0] == '\\' && r->rest.at[1] == 'E') {
			(void)span_cut(&r->rest, 2);
			break;
		}
		all = pair(r, PART_CAT, all, one_char(r, rune_cut(&r->rest)));
	}
	return all;
}

static struct part *backslash(struct reader *r)
{
	struct set set = { .n = 0 };

	if (r->rest.left == 0)
		return regex_bad(r, "trailing backslash at end of expression");
	uint32_t c = rune_cut(&r->rest);

	if (c == 'A' || c == 'z')
		return assertion(r, c == 'A' ? OP_BEGIN : OP_END);
	if (c == 'b' || c == 'B')
		return assertion(r, c == 'b' ? OP_WORD : OP_NO_WORD);
	if (c == 'Q')
		return quoted(r);
	return set_add_class(r, &set, c) ? set_part(r, &set) : one_char(r, escaped(r, c));
}

static bool word_char(uint8_t c)
{
	return ((c | 32) >= 'a' && (c | 32) <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

static struct part *group_of(struct reader *r, bool keeps, struct span name)
{
	struct part *group = part_new(r, PART_GROUP);
	unsigned flags = r->flags;

	if (group != NULL && keeps) {
		if (r->regex->groups == LIMIT_REGEX_GROUPS)
			return regex_full(r);
		group->index = (uint32_t)r->regex->groups++;
		r->regex->names[group->index] = name;
	}
	struct part *inner = alternatives(r);

	r->flags = flags;
	if (r->rest.left == 0 || r->rest.at[0] != ')')
		return regex_bad(r, "missing closing )");
	(void)span_cut(&r->rest, 1);
	if (group == NULL || !keeps)
		return inner;
	group->left = inner;
	return group;
}

/* (?i) (?i:...) (?P<name>...), behind the question mark. */
static struct part *group_flags(struct reader *r)
{
	static const char letters[] = "imsU";
	unsigned before = r->flags, flags = r->flags;
	bool off = false;

	if (r->rest.left > 2 && r->rest.at[0] == 'P' && r->rest.at[1] == '<') {
		(void)span_cut(&r->rest, 2);
		struct span name = span_until(&r->rest, '>');
		bool good = name.left > 0;

		for (size_t i = 0; i < name.left; i++)
			good = good && word_char(name.at[i]);
		return good ? group_of(r, true, name) : regex_bad(r, "invalid named capture");
	}
	while (r->rest.left > 0 && r->rest.at[0] != ')' && r->rest.at[0] != ':') {
		uint8_t c = (uint8_t)span_be(&r->rest, 1);
		const char *found = c != 0 ? strchr(letters, c) : NULL;

		if (c == '-' && !off)
			off = true;
		else if (found == NULL)
			return regex_bad(r, "invalid or unsupported Perl syntax");
		else if (off)
			flags &= ~(1U << (found - letters));
		else
			flags |= 1U << (found - letters);
	}
	bool inner = r->rest.left > 0 && r->rest.at[0] == ':';

	if (r->rest.left == 0)
		return regex_bad(r, "missing closing )");
	(void)span_cut(&r->rest, 1);
	r->flags = flags;
	if (!inner)
		return part_new(r, PART_EMPTY);
	struct part *part = group_of(r, false, span_of(NULL, 0));

	r->flags = before;
	return part;
}

static struct part *atom(struct reader *r)
{
	uint32_t c = rune_cut(&r->rest);

	switch (c) {
	case '(':
		if (r->rest.left > 0 && r->rest.at[0] == '?') {
			(void)span_cut(&r->rest, 1);
			return group_flags(r);
		}
		return group_of(r, true, span_of(NULL, 0));
	case '[':
		return brackets(r);
	case '.':
		return any_char(r);
	case '^':
		return assertion(r, (r->flags & FLAG_LINES) != 0 ? OP_LINE : OP_BEGIN);
	case '$':
		return assertion(r, (r->flags & FLAG_LINES) != 0 ? OP_LINE_END : OP_END);
	case '\\':
		return backslash(r);
	case '*':
	case '+':
	case '?':
		return regex_bad(r, "missing argument to repetition operator");
	default:
		return one_char(r, c);
	}
}

static bool count_cut(struct span *s, int32_t *ret_count)
{
	int32_t count = 0, digits = 0;

	while (s->left > 0 && s->at[0] >= '0' && s->at[0] <= '9' && digits++ < 8)
		count = count * 10 + (int32_t)span_be(s, 1) - '0';
	*ret_count = count;
	return digits > 0;
}

/* {n} {n,} {n,m}; anything else stands for itself. */
static bool braces(struct reader *r, int32_t *ret_least, int32_t *ret_most)
{
	struct span s = r->rest;

	if (s.left == 0 || s.at[0] != '{')
		return false;
	(void)span_cut(&s, 1);
	if (!count_cut(&s, ret_least))
		return false;
	*ret_most = *ret_least;
	if (s.left > 0 && s.at[0] == ',') {
		(void)span_cut(&s, 1);
		if (!count_cut(&s, ret_most))
			*ret_most = NO_END;
	}
	if (s.left == 0 || s.at[0] != '}')
		return false;
	(void)span_cut(&s, 1);
	r->rest = s;
	if (*ret_least > REPEAT_MOST || *ret_most > REPEAT_MOST ||
	    (*ret_most != NO_END && *ret_most < *ret_least))
		(void)regex_bad(r, "invalid repeat count");
	return true;
}

/* * + ? {n,m} behind an atom, lazy with another question mark. */
static struct part *repeated(struct reader *r, struct part *one)
{
	int32_t least = 0, most = NO_END;
	uint8_t c = r->rest.left > 0 ? r->rest.at[0] : 0;
	bool is = c == '*' || c == '+' || c == '?';

	if (is) {
		(void)span_cut(&r->rest, 1);
		least = c == '+';
		most = c == '?' ? 1 : NO_END;
	} else if (!braces(r, &least, &most)) {
		return one;
	}
	struct part *part = part_new(r, PART_REPEAT);

	if (part == NULL)
		return NULL;
	part->left = one;
	part->least = least;
	part->most = most;
	part->lazy = (r->flags & FLAG_LAZY) != 0;
	if (r->rest.left > 0 && r->rest.at[0] == '?') {
		(void)span_cut(&r->rest, 1);
		part->lazy = !part->lazy;
	}
	c = r->rest.left > 0 ? r->rest.at[0] : 0;
	if (c == '*' || c == '+' || c == '?' || (c == '{' && braces(r, &least, &most)))
		return regex_bad(r, "invalid nested repetition operator");
	return part;
}

static struct part *alternatives(struct reader *r)
{
	struct part *all = NULL, *row = part_new(r, PART_EMPTY);

	if (++r->depth > LIMIT_QUERY_DEPTH)
		return regex_full(r);
	while (r->bad == KS_OK && r->rest.left > 0 && r->rest.at[0] != ')') {
		if (r->rest.at[0] == '|') {
			(void)span_cut(&r->rest, 1);
			all = pair(r, PART_ALT, all, row);
			row = part_new(r, PART_EMPTY);
			continue;
		}
		row = pair(r, PART_CAT, row, repeated(r, atom(r)));
	}
	r->depth--;
	return pair(r, PART_ALT, all, row);
}

static bool is_plain(struct span pattern)
{
	for (size_t i = 0; i < pattern.left; i++)
		if (pattern.at[i] >= 0x80 || strchr("\\.+*?()|[]{}^$", pattern.at[i]) != NULL)
			return false;
	return true;
}

int regex_new(struct arena *arena, struct span pattern, struct regex **ret_regex,
    struct why *why)
{
	struct regex *regex = arena_take(arena, sizeof *regex);
	struct reader r = { .regex = regex, .rest = pattern, .why = why };

	if (regex == NULL)
		return fail(why, KS_FULL, "memory ran out for a query");
	*regex = (struct regex){ .arena = arena, .groups = 1, .literal = pattern,
		.is_literal = is_plain(pattern),
		.names = arena_array(arena, LIMIT_REGEX_GROUPS, sizeof(struct span)) };
	if (regex->names == NULL)
		return fail(why, KS_FULL, "memory ran out for a query");
	struct part *all = alternatives(&r);

	if (r.bad == KS_OK && r.rest.left > 0)
		(void)regex_bad(&r, "unexpected )");
	if (r.bad == KS_OK)
		regex_make(&r, all);
	if (r.bad == KS_OK)
		r.bad = regex_ready(regex, why);
	if (r.bad == KS_OK)
		*ret_regex = regex;
	return r.bad;
}
