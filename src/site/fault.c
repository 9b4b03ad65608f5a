/* src/site/fault.c - the errors of one reading: in line order, with the line itself. */
#include "base/utf8.h"
#include "site/reader.h"

enum { SOURCE = LIMIT_NAME * 4, BEFORE = SOURCE / 2 };

/* The row for an error at that place, in order; NULL when the list is full and this
 * one comes behind it. */
static struct site_error *make_room(struct site_errors *errors, uint32_t line, uint32_t column)
{
	size_t at = errors->n;

	while (at > 0 && (errors->list[at - 1].line > line ||
			     (errors->list[at - 1].line == line &&
				 errors->list[at - 1].column > column)))
		at--;
	if (errors->n == LIMIT_SITE_ERRORS)
		errors->more++;
	else
		errors->n++;
	if (at == LIMIT_SITE_ERRORS)
		return NULL;
	memmove(&errors->list[at + 1], &errors->list[at],
	    (errors->n - at - 1) * sizeof errors->list[0]);
	errors->list[at] = (struct site_error){ .line = line, .column = column };
	return &errors->list[at];
}

/* The line, cut around the place; tabs and control characters become blanks, so that
 * the caret stands right. */
static void copy_source(struct site_error *error, struct span line, size_t before)
{
	size_t skip = line.left < SOURCE || before < BEFORE ? 0 : before - BEFORE;

	for (int i = 0; skip > 0 && i < 3 && (line.at[skip] & 0xc0) == 0x80; i++)
		skip++; /* not in the middle of a character */
	(void)span_cut(&line, skip);
	struct span head = line;

	head.left = before - skip;
	size_t n = line.left < SOURCE ? line.left : SOURCE - 1;

	for (int i = 0; n < line.left && i < 3 && (line.at[n] & 0xc0) == 0x80; i++)
		n--; /* nor there */
	line.left = n;
	for (char *out = error->source; line.left > 0;) {
		struct span one = line;
		uint32_t c;
		bool good = utf8_cut(&line, &c);

		one.left -= line.left;
		if (c < ' ' || c == 0x7f || !good)
			*out++ = good ? ' ' : '?';
		else
			out = mempcpy(out, one.at, one.left);
	}
	error->source_column = (uint32_t)utf8_count(head) + 1;
}

/* lines[0] is line 1; each begins where the one before it ends */
static size_t line_at(const struct reader *r, uint32_t at)
{
	size_t low = 0, high = r->lines_n;

	while (high - low > 1) {
		size_t mid = low + (high - low) / 2;

		if (r->lines[mid].all.at <= at)
			low = mid;
		else
			high = mid;
	}
	return low;
}

static bool is_text(const struct reader *r, struct piece at)
{
	struct span s = span_of(r->bytes.at + at.at, at.n);

	return utf8_check(s) == s.left && (s.left == 0 || memchr(s.at, 0, s.left) == NULL);
}

void fault_why(struct reader *r, struct piece at, const struct why *why)
{
	size_t number = line_at(r, at.at);

	if (!r->bytes_told && !is_text(r, at))
		return; /* its bytes are wrong, and that is said: one error for one cause */
	struct piece all = r->lines[number].all;
	struct span line = span_of(r->bytes.at + all.at, all.n);
	size_t before = at.at - all.at < all.n ? at.at - all.at : all.n;
	uint32_t column = (uint32_t)utf8_count(span_of(line.at, before)) + 1;
	struct site_error *error = make_room(r->errors, (uint32_t)number + 1, column);

	if (error != NULL) {
		size_t under = utf8_count(span_of(r->bytes.at + at.at, at.n));

		error->width = under > 0 ? (uint32_t)under : 1;
		error->why = *why;
		memcpy(error->suggestion, r->suggestion, sizeof r->suggestion);
		copy_source(error, line, before);
	}
	r->suggestion[0] = '\0';
}

void fault(struct reader *r, struct piece at, const char *fmt, ...)
{
	struct why why;
	va_list args;

	va_start(args, fmt);
	why_keep(&why, fmt, args);
	va_end(args);
	fault_why(r, at, &why);
}

/* Where `key=value` stands in that line; its ID when it does not. */
static struct piece key_in(const struct reader *r, const struct line *line, const char *key)
{
	struct piece rest = { line->id.at, line->all.at + line->all.n - line->id.at };
	size_t n = strlen(key);

	for (;;) {
		/* of the bytes as given: the copy has had its strings cut */
		struct span s = span_of(r->bytes.at + rest.at, rest.n);
		size_t skip = 0, word = 0;
		bool quoted = false;

		while (skip < s.left && (s.at[skip] == ' ' || s.at[skip] == '\t'))
			skip++;
		while (skip + word < s.left &&
		    (quoted || (s.at[skip + word] != ' ' && s.at[skip + word] != '\t')))
			quoted ^= s.at[skip + word++] == '"';
		if (word == 0)
			return line->id;
		if (word > n && s.at[skip + n] == '=' && memcmp(s.at + skip, key, n) == 0)
			return (struct piece){ rest.at + (uint32_t)skip, (uint32_t)word };
		rest.at += (uint32_t)(skip + word);
		rest.n -= (uint32_t)(skip + word);
	}
}

void fault_key(struct reader *r, uint32_t line, const char *key, const char *fmt, ...)
{
	struct why why;
	va_list args;

	va_start(args, fmt);
	why_keep(&why, fmt, args);
	va_end(args);
	fault_why(r, key_in(r, &r->lines[line - 1], key), &why);
}

bool fault_has_key(const struct reader *r, uint32_t line, const char *key)
{
	return key_in(r, &r->lines[line - 1], key).at != r->lines[line - 1].id.at;
}
