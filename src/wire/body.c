/* src/wire/body.c - which container it is, forms, and what a leaf may still hide. */
#include "wire/body.h"
#include "base/drop.h"
#include "base/limits.h"
#include "wire/charset.h"
#include "wire/decode.h"
#include "wire/personal.h"
#include <ctype.h>

static uint8_t lower(uint8_t c)
{
	return c >= 'A' && c <= 'Z' ? (uint8_t)(c | 0x20) : c;
}

bool word_is_slowly(struct span s, const char *word)
{
	size_t i = 0;

	for (; i < s.left && word[i] != '\0'; i++)
		if (lower(s.at[i]) != lower((uint8_t)word[i]))
			return false;
	return i == s.left && word[i] == '\0';
}

bool word_in(struct span s, const char *word)
{
	size_t n = strlen(word);
	uint8_t first = lower((uint8_t)word[0]);

	for (size_t i = 0; i + n <= s.left; i++)
		if (lower(s.at[i]) == first && word_is(span_of(s.at + i, n), word))
			return true;
	return false;
}

static bool starts(struct span s, const char *with)
{
	size_t n = strlen(with);

	return s.left >= n && memcmp(s.at, with, n) == 0;
}

/* "data:image/jpeg;base64,..." (RFC 2397): what is behind the comma. */
static struct span url_data(struct span s)
{
	enum { TYPE_MOST = 80 };
	struct span rest = s, head;

	if (!starts(s, "data:"))
		return s;
	head = span_until(&rest, ',');
	return head.left < TYPE_MOST && word_in(head, ";base64") ? rest : s;
}

void body_leaf(const struct body_walk *walk, enum body_kind kind, struct span key,
    struct span value)
{
	struct said_body leaf = *walk->whole;

	if (value.left == 0)
		return;
	leaf.kind = (uint8_t)kind;
	leaf.key = key;
	leaf.bytes = value;
	leaf.last = true;
	walk->sink->say(walk->sink->context, &leaf);
	value = url_data(span_trim(value));
	if (walk->depth >= LIMIT_BODY_DEPTH || !base64_looks(span_trim(value)))
		return;
	KS_DROP(text) struct text plain;
	struct body_walk inner = { walk->whole, walk->sink, walk->depth + 1 };

	text_init(&plain, LIMIT_BODY_PLAIN);
	base64_decode(span_trim(value), &plain);
	struct span bytes = text_span(&plain);

	/* random letters decode to noise; text, pictures and what is packed do not */
	if (starts(bytes, "\xff\xd8\xff") || starts(bytes, "\x1f\x8b") ||
	    (bytes.left >= 8 && readable_percent(bytes) >= 95))
		body_walk(&inner, key, (struct span){ .left = 0 }, bytes);
}

/* A percent sign and two hexadecimal digits, three times at least or %40; where there is no
 * blank, once. */
static bool is_percent(struct span s)
{
	if (s.left < 3) /* nothing has no end to reckon with */
		return false;
	const uint8_t *end = s.at + s.left, *at = memchr(s.at, '%', s.left - 2);
	size_t n = at != NULL && memchr(s.at, ' ', s.left) == NULL ? 2 : 0;

	for (; at != NULL && n < 3; at = memchr(at + 1, '%', (size_t)(end - at) - 3))
		if (isxdigit(at[1]) && isxdigit(at[2]))
			n += memcmp(at, "%40", 3) == 0 ? 3 : 1;
	return n >= 3;
}

static struct span field_plain(const struct body_walk *walk, struct span s, struct text *room)
{
	KS_DROP(text) struct text twice;

	text_init(&twice, LIMIT_BODY_PLAIN);
	/* percent signs that were made twice */
	if (is_percent(s))
		s = percent_plain(s, false, &twice);
	struct span plain = charset_plain(s, walk->whole->content_type, room);

	/* what was undone for this alone must outlive it */
	if (plain.at == s.at && text_span(&twice).left > 0) {
		text_clear(room);
		text_add_span(room, s);
		plain = text_span(room);
	}
	return plain;
}

/* name=value, and no blank before the first &: nobody writes prose so. */
static bool looks_form(struct span s)
{
	struct span first = span_until(&s, '&'), name = span_until(&first, '=');

	if (name.left == 0 || name.left > 64 || first.left == 0)
		return false;
	for (size_t i = 0; i < name.left; i++)
		if (name.at[i] <= ' ' || name.at[i] >= 0x7f || name.at[i] == '<' ||
		    name.at[i] == '"' || name.at[i] == ':')
			return false;
	return memchr(first.at, ' ', first.left) == NULL &&
	    memchr(first.at, '\n', first.left) == NULL;
}

/* "?taro@mail.example", "?4111111111111111=1": what is no name. */
static bool name_tells(struct span name)
{
	return personal_no_name(name) || base64_looks(name);
}

static void form_fields(const struct body_walk *walk, struct span s);

/* An address within a value, "/y?mail=...": its fields are fields. */
static struct span address_fields(const struct body_walk *walk, struct span value)
{
	struct span query = value, head = span_until(&query, '?');

	if (walk->depth >= LIMIT_BODY_DEPTH || query.left == 0 || !looks_form(query))
		return value;
	form_fields(&(struct body_walk){ walk->whole, walk->sink, walk->depth + 1 }, query);
	return head;
}

/* base64 may have a + that is no blank. */
static struct span field_value(struct span field, struct text *room)
{
	struct span plain = percent_plain(field, false, room);

	if (field.left > 0 && memchr(field.at, '+', field.left) != NULL && !base64_looks(plain))
		return percent_plain(field, true, room);
	return plain;
}

static void form_fields(const struct body_walk *walk, struct span s)
{
	KS_DROP(text) struct text key_room, value_room;

	KS_DROP(text) struct text key_utf8, value_utf8;

	text_init(&key_room, LIMIT_BODY_KEY);
	text_init(&value_room, LIMIT_BODY_PLAIN);
	text_init(&key_utf8, LIMIT_BODY_KEY);
	text_init(&value_utf8, LIMIT_BODY_PLAIN);
	for (unsigned n = 0; s.left > 0 && n < LIMIT_BODY_LEAVES; n++) {
		struct span field = span_until(&s, '&'), name = span_until(&field, '=');

		text_clear(&key_utf8);
		text_clear(&value_utf8);
		struct span key = field_plain(walk, percent_plain(name, true, &key_room), &key_utf8);
		struct span value = field_plain(walk, field_value(field, &value_room), &value_utf8);
		struct span plain = span_trim(value);

		if (name_tells(key))
			body_leaf(walk, BODY_FORM, (struct span){ .left = 0 }, key);

		if (walk->depth < LIMIT_BODY_DEPTH && plain.left > 1 &&
		    (plain.at[0] == '{' || plain.at[0] == '[')) {
			struct body_walk inner = { walk->whole, walk->sink, walk->depth + 1 };

			body_json(&inner, key, plain);
			continue;
		}
		body_leaf(walk, BODY_FORM, key, address_fields(walk, value));
	}
}

void body_tell_form(const struct said_body *whole, const struct body_sink *sink)
{
	struct body_walk walk = { whole, sink, 0 };

	form_fields(&walk, whole->bytes);
}

static bool looks_json(struct span s)
{
	s = span_trim(s);
	return s.left >= 2 && (s.at[0] == '{' || (s.at[0] == '[' && s.at[1] != ' '));
}

static void walk_packed(const struct body_walk *walk, struct span key, struct span bytes)
{
	KS_DROP(text) struct text plain;
	struct body_walk inner = { walk->whole, walk->sink, walk->depth + 1 };

	text_init(&plain, LIMIT_BODY_PLAIN);
	if (unzip(bytes, &plain) != KS_MALFORMED && plain.len > 0)
		body_walk(&inner, key, (struct span){ .left = 0 }, text_span(&plain));
}

void body_walk(const struct body_walk *walk, struct span key, struct span type,
    struct span bytes)
{
	if (starts(bytes, "\x1f\x8b") && walk->depth < LIMIT_BODY_DEPTH) {
		walk_packed(walk, key, bytes);
		return;
	}
	if (starts(bytes, "\xff\xd8\xff")) {
		body_leaf(walk, BODY_BYTES, key, bytes);
		return;
	}
	KS_DROP(text) struct text utf8;

	text_init(&utf8, LIMIT_BODY_PLAIN);
	if (!word_in(type, "multipart/"))
		bytes = charset_plain(bytes, type, &utf8);
	if (word_in(type, "multipart/") && walk->depth < LIMIT_BODY_DEPTH &&
	    body_multipart(walk, type, bytes))
		return;
	if ((word_in(type, "json") || !word_in(type, "html")) && looks_json(bytes) &&
	    walk->depth < LIMIT_BODY_DEPTH) {
		body_json(walk, key, bytes);
		return;
	}
	if ((word_in(type, "form-urlencoded") || type.left == 0) && looks_form(bytes)) {
		form_fields(walk, bytes);
		return;
	}
	struct span head = span_of(bytes.at, bytes.left < 512 ? bytes.left : 512);
	bool text = readable_percent(head) >= 85;

	if (key.left > 0 && text)
		body_leaf(walk, BODY_PART, key, bytes);
	else
		body_leaf(walk, text ? BODY_TEXT : BODY_BYTES, key, bytes);
}

void body_tell(const struct said_body *whole, const struct body_sink *sink)
{
	struct body_walk walk = { whole, sink, 0 };

	body_walk(&walk, whole->key, whole->content_type, whole->bytes);
}
