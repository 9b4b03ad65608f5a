/* src/wire/body_multipart.c - the parts between boundaries, each with its name and type. */
#include "base/drop.h"
#include "base/limits.h"
#include "base/text.h"
#include "wire/body.h"
#include "wire/decode.h"

enum { BOUNDARY_MAX = 70 }; /* RFC 2046 5.1.1 */

/* The value of name= in a header line; quotes are taken off. */
static struct span parameter(struct span line, const char *name)
{
	size_t n = strlen(name);

	for (; line.left > n; (void)span_cut(&line, 1)) {
		if (!word_is(span_of(line.at, n), name) || line.at[n] != '=')
			continue;
		(void)span_cut(&line, n + 1);
		if (line.left > 0 && *line.at == '"') {
			(void)span_cut(&line, 1);
			return span_until(&line, '"');
		}
		return span_trim(span_until(&line, ';'));
	}
	return (struct span){ .left = 0 };
}

struct part {
	struct span name, type, encoding;
};

/* Cuts the part's head off, with the blank line after it. */
static struct part part_head(struct span *s)
{
	struct part part = { .name = { .left = 0 } };

	while (s->left > 0) {
		struct span line = span_trim(span_until(s, '\n')), value = line;

		if (line.left == 0)
			break;
		struct span name = span_until(&value, ':');

		value = span_trim(value);
		if (word_is(name, "content-disposition")) {
			struct span file = parameter(value, " filename");

			part.name = parameter(value, " name");
			if (part.name.left == 0)
				part.name = file;
		} else if (word_is(name, "content-type")) {
			part.type = value;
		} else if (word_is(name, "content-transfer-encoding")) {
			part.encoding = value;
		}
	}
	return part;
}

/* The next "--boundary" in s: what is before it, without the line end; s after it. */
static bool boundary_cut(struct span *s, struct span mark, struct span *ret_before)
{
	const uint8_t *at = s->left > 0 ? memmem(s->at, s->left, mark.at, mark.left) : NULL;

	if (at == NULL) {
		*ret_before = span_cut(s, s->left);
		return false;
	}
	size_t n = (size_t)(at - s->at);
	struct span before = span_cut(s, n);

	(void)span_cut(s, mark.left);
	if (before.left > 0 && before.at[before.left - 1] == '\n')
		before.left--;
	if (before.left > 0 && before.at[before.left - 1] == '\r')
		before.left--;
	*ret_before = before;
	return true;
}

static void part_tell(const struct body_walk *walk, struct span part_bytes)
{
	struct part part = part_head(&part_bytes);
	struct body_walk inner = { walk->whole, walk->sink, walk->depth + 1 };

	if (!word_is(part.encoding, "base64")) {
		body_walk(&inner, part.name, part.type, part_bytes);
		return;
	}
	KS_DROP(text) struct text plain;

	text_init(&plain, LIMIT_BODY_PLAIN);
	base64_decode(part_bytes, &plain);
	body_walk(&inner, part.name, part.type, text_span(&plain));
}

bool body_multipart(const struct body_walk *walk, struct span type, struct span bytes)
{
	struct span boundary = parameter(type, "boundary"), before;
	char mark_text[BOUNDARY_MAX + 3];

	if (boundary.left == 0 || boundary.left > BOUNDARY_MAX)
		return false;
	mark_text[0] = mark_text[1] = '-';
	memcpy(mark_text + 2, boundary.at, boundary.left);
	struct span mark = span_of(mark_text, boundary.left + 2);

	if (!boundary_cut(&bytes, mark, &before))
		return false;
	for (unsigned n = 0; n < LIMIT_BODY_LEAVES && bytes.left > 0; n++) {
		if (bytes.left >= 2 && memcmp(bytes.at, "--", 2) == 0)
			break;
		(void)span_until(&bytes, '\n');
		bool more = boundary_cut(&bytes, mark, &before);

		part_tell(walk, before);
		if (!more)
			break;
	}
	return true;
}
