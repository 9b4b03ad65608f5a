/* src/base/span.h - a borrowed view of bytes, read front to back.  Reading past
 * the end touches no memory: the span turns broken, and it and all later reads
 * give zero.  So a parser may read a whole header and ask once. */
#ifndef KS_BASE_SPAN_H
#define KS_BASE_SPAN_H
#include <endian.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct span {
	const uint8_t *at;
	size_t left;
	bool broken;
};

static inline struct span span_of(const void *bytes, size_t len)
{
	return (struct span){ .at = len > 0 ? bytes : NULL, .left = len };
}

static inline struct span span_text(const char *text)
{
	return span_of(text, strlen(text));
}

/* Cut the first n bytes off s; broken and empty when s is shorter. */
static inline struct span span_cut(struct span *s, size_t n)
{
	if (s->broken || n > s->left) {
		*s = (struct span){ .broken = true };
		return *s;
	}
	struct span head = span_of(s->at, n);

	s->left -= n;
	s->at = s->left > 0 ? s->at + n : NULL;
	return head;
}

/* A big-endian number of 1 to 8 bytes; zero when they are not all there. */
static inline uint64_t span_be(struct span *s, size_t width)
{
	struct span field = span_cut(s, width);
	uint64_t value = 0;
	uint32_t four;
	uint16_t two;

	if (field.at == NULL)
		return 0;
	if (width == 4) { /* most are of two or four bytes, known where it is compiled */
		memcpy(&four, field.at, sizeof four);
		return be32toh(four);
	}
	if (width == 2) {
		memcpy(&two, field.at, sizeof two);
		return be16toh(two);
	}
	for (size_t i = 0; i < width; i++)
		value = value << 8 | field.at[i];
	return value;
}

/* A little-endian number of 1 to 8 bytes; zero when they are not all there. */
static inline uint64_t span_le(struct span *s, size_t width)
{
	struct span field = span_cut(s, width);
	uint64_t value = 0;
	uint32_t four;

	if (field.at == NULL)
		return 0;
	if (width == 4) {
		memcpy(&four, field.at, sizeof four);
		return le32toh(four);
	}
	for (size_t i = width; i > 0; i--)
		value = value << 8 | field.at[i - 1];
	return value;
}

/* The bytes before the first `stop`, which is eaten; all that is left when there
 * is none.  Never breaks the span. */
static inline struct span span_until(struct span *s, uint8_t stop)
{
	const uint8_t *end = s->left > 0 ? memchr(s->at, stop, s->left) : NULL;

	if (end == NULL)
		return span_cut(s, s->left);
	struct span head = span_cut(s, (size_t)(end - s->at));

	(void)span_cut(s, 1);
	return head;
}

static inline bool span_equal(struct span s, const char *text)
{
	size_t n = strlen(text);

	return s.left == n && (n == 0 || memcmp(s.at, text, n) == 0);
}

/* s without blanks (space, tab, CR, LF) at both ends. */
static inline struct span span_trim(struct span s)
{
	while (s.left > 0 && (s.at[0] == ' ' || (s.at[0] >= '\t' && s.at[0] <= '\r')))
		(void)span_cut(&s, 1);
	while (s.left > 0 &&
	    (s.at[s.left - 1] == ' ' ||
		(s.at[s.left - 1] >= '\t' && s.at[s.left - 1] <= '\r')))
		s.left--;
	if (s.left == 0)
		s.at = NULL;
	return s;
}
#endif
