/* src/wire/body_json.c - the leaves of JSON, read forwards without a tree; whatever is
 * wrong in it ends nothing but itself. */
#include "base/drop.h"
#include "base/limits.h"
#include "base/text.h"
#include "wire/body.h"

enum { DEEP = 32 };

struct json {
	const struct body_walk *walk;
	struct span s;
	char path[LIMIT_BODY_KEY + 1]; /* names from the outermost on, divided by dots */
	size_t ends[DEEP + 1];	       /* length of the path at each depth */
	unsigned depth;
	struct text plain;
	unsigned leaves;
};

static void path_set(struct json *j, struct span name)
{
	size_t n = j->depth > 0 ? j->ends[j->depth - 1] : 0;

	if (n > 0 && n < LIMIT_BODY_KEY && name.left > 0)
		j->path[n++] = '.';
	for (size_t i = 0; i < name.left && n < LIMIT_BODY_KEY; i++)
		j->path[n++] = (char)name.at[i];
	j->ends[j->depth] = n;
}

static void add_utf8(struct text *text, uint32_t c)
{
	if (c < 0x80) {
		text_add_char(text, (char)c);
	} else if (c < 0x800) {
		text_add_char(text, (char)(0xc0 | c >> 6));
		text_add_char(text, (char)(0x80 | (c & 0x3f)));
	} else if (c < 0x10000) {
		text_add_char(text, (char)(0xe0 | c >> 12));
		text_add_char(text, (char)(0x80 | (c >> 6 & 0x3f)));
		text_add_char(text, (char)(0x80 | (c & 0x3f)));
	} else {
		text_add_char(text, (char)(0xf0 | c >> 18));
		text_add_char(text, (char)(0x80 | (c >> 12 & 0x3f)));
		text_add_char(text, (char)(0x80 | (c >> 6 & 0x3f)));
		text_add_char(text, (char)(0x80 | (c & 0x3f)));
	}
}

static uint32_t hex4(struct span *s)
{
	struct span digits = span_cut(s, 4);
	uint32_t value = 0;

	for (size_t i = 0; i < digits.left; i++) {
		uint8_t c = (uint8_t)(digits.at[i] | 0x20);

		value = value << 4 | (uint32_t)(c <= '9' ? c - '0' : c - 'a' + 10);
	}
	return value & 0xffff;
}

static void add_escape(struct json *j)
{
	static const char from[] = "bfnrt", to[] = "\b\f\n\r\t";
	uint8_t c = (uint8_t)span_be(&j->s, 1);
	const char *at = c != 0 ? strchr(from, c) : NULL;

	if (c == 'u') {
		uint32_t high = hex4(&j->s);

		if (high >= 0xd800 && high < 0xdc00 && j->s.left >= 6 && j->s.at[0] == '\\') {
			(void)span_cut(&j->s, 2);
			high = 0x10000 + ((high - 0xd800) << 10) + ((hex4(&j->s) - 0xdc00) & 0x3ff);
		}
		add_utf8(&j->plain, high);
		return;
	}
	text_add_char(&j->plain, at != NULL ? to[at - from] : (char)c);
}

/* After the opening quote.  Without an escape it is lent, not copied. */
static struct span string_read(struct json *j)
{
	const uint8_t *start = j->s.at;
	size_t n = 0;

	while (n < j->s.left && j->s.at[n] != '"' && j->s.at[n] != '\\')
		n++;
	if (n == j->s.left || j->s.at[n] == '"') {
		struct span value = span_cut(&j->s, n);

		(void)span_cut(&j->s, j->s.left > 0 ? 1 : 0);
		return value;
	}
	text_clear(&j->plain);
	j->plain.full = false;
	text_add_span(&j->plain, span_of(start, n));
	(void)span_cut(&j->s, n);
	while (j->s.left > 0 && *j->s.at != '"') {
		uint8_t c = (uint8_t)span_be(&j->s, 1);

		if (c == '\\')
			add_escape(j);
		else
			text_add_char(&j->plain, (char)c);
	}
	(void)span_cut(&j->s, j->s.left > 0 ? 1 : 0);
	return text_span(&j->plain);
}

static struct span path_now(const struct json *j)
{
	return span_of(j->path, j->ends[j->depth]);
}

static bool followed_by_colon(const struct json *j)
{
	size_t i = 0;

	while (i < j->s.left && (j->s.at[i] == ' ' || (j->s.at[i] >= 9 && j->s.at[i] <= 13)))
		i++;
	return i < j->s.left && j->s.at[i] == ':';
}

static void string_take(struct json *j)
{
	struct span value = string_read(j);

	if (followed_by_colon(j)) {
		path_set(j, value);
		return;
	}
	j->leaves++;
	struct span inner = span_trim(value);

	/* JSON within a string of JSON */
	if (inner.left > 2 && inner.at[0] == '{' && j->walk->depth < LIMIT_BODY_DEPTH) {
		struct body_walk walk = { j->walk->whole, j->walk->sink, j->walk->depth + 1 };

		body_json(&walk, path_now(j), inner);
		return;
	}
	body_leaf(j->walk, BODY_JSON, path_now(j), value);
}

static void word_take(struct json *j)
{
	size_t n = 0;

	while (n < j->s.left && j->s.at[n] > ' ' && strchr(",:]}[{\"", j->s.at[n]) == NULL)
		n++;
	struct span word = span_cut(&j->s, n > 0 ? n : 1);

	/* true, false and null say nothing of anybody */
	if (word.left > 0 && (word.at[0] == '-' || (word.at[0] >= '0' && word.at[0] <= '9'))) {
		j->leaves++;
		body_leaf(j->walk, BODY_JSON, path_now(j), word);
	}
}

static void json_step(struct json *j)
{
	switch (*j->s.at) {
	case '"':
		(void)span_cut(&j->s, 1);
		string_take(j);
		return;
	case '{':
	case '[':
		if (j->depth < DEEP) {
			j->depth++;
			j->ends[j->depth] = j->ends[j->depth - 1];
		}
		break;
	case '}':
	case ']':
		if (j->depth > 0)
			j->depth--;
		break;
	case ',':
		if (j->depth > 0)
			j->ends[j->depth] = j->ends[j->depth - 1];
		break;
	case ':':
	case ' ':
	case '\t':
	case '\n':
	case '\r':
		break;
	default:
		word_take(j);
		return;
	}
	(void)span_cut(&j->s, 1);
}

void body_json(const struct body_walk *walk, struct span key, struct span bytes)
{
	struct json j = { .walk = walk, .s = bytes };

	text_init(&j.plain, LIMIT_BODY_PLAIN);
	path_set(&j, key);
	while (j.s.left > 0 && j.leaves < LIMIT_BODY_LEAVES)
		json_step(&j);
	text_done(&j.plain);
}
