/* src/base/why.c - keep a sentence so that it can be said again in another tongue. */
#include "base/why.h"
#include <stdio.h>
#include <string.h>

/* One conversion of a printf format: what it takes and how wide. */
struct conversion {
	char kind;	/* the letter, '%' for %%, 0 at the end of the format */
	char length;	/* 0, 'l', 'L' (ll), 'z', 'j' */
	bool star;	/* %.*s: an int comes first */
};

static struct conversion next_conversion(const char **fmt)
{
	struct conversion c = { 0 };
	const char *p = strchr(*fmt, '%');

	if (p == NULL)
		return c;
	p++;
	while (*p != '\0' && strchr("-+ #0123456789.*", *p) != NULL)
		c.star |= *p++ == '*';
	for (; *p != '\0' && strchr("hlzj", *p) != NULL; p++)
		c.length = c.length == 'l' && *p == 'l' ? 'L' : *p;
	c.kind = *p;
	*fmt = *p != '\0' ? p + 1 : p;
	return c;
}

int64_t format_integer(char length, bool is_signed, va_list *args)
{
	switch (length) {
	case 'l':
		return is_signed ? va_arg(*args, long) : (int64_t)va_arg(*args, unsigned long);
	case 'L':
		return va_arg(*args, long long);
	case 'z':
		return (int64_t)va_arg(*args, size_t);
	case 'j':
		return va_arg(*args, intmax_t);
	default:
		return is_signed ? va_arg(*args, int) : (int64_t)va_arg(*args, unsigned);
	}
}

static uint16_t pool_string(struct why *why, size_t *used, const char *s, size_t max)
{
	size_t room = WHY_POOL - *used - 1; /* one is kept for the last zero */
	size_t n = s != NULL ? strnlen(s, max) : 0;
	size_t at = *used;

	n = n < room ? n : room;
	if (n > 0)
		memcpy(why->pool + at, s, n);
	why->pool[at + n] = '\0';
	*used = at + n + 1 < WHY_POOL ? at + n + 1 : WHY_POOL - 1;
	return (uint16_t)at;
}

static struct why_arg keep_one(struct why *why, size_t *used, struct conversion c,
    va_list *args)
{
	size_t max = c.star ? (size_t)va_arg(*args, int) : SIZE_MAX;

	switch (c.kind) {
	case 's':
		return (struct why_arg){ .is = WHY_STRING,
			.string_at = pool_string(why, used, va_arg(*args, const char *), max) };
	case 'f': case 'g': case 'e':
		return (struct why_arg){ .is = WHY_REAL, .real = va_arg(*args, double) };
	case 'd': case 'i': case 'c':
		return (struct why_arg){ .is = WHY_INT,
			.number = format_integer(c.length, true, args) };
	default:
		return (struct why_arg){ .is = WHY_INT,
			.number = format_integer(c.length, false, args) };
	}
}

void why_keep(struct why *why, const char *fmt, va_list args)
{
	struct why kept = { .fmt = fmt };
	const char *rest = fmt;
	size_t used = 0;
	va_list again;

	va_copy(again, args);
	for (size_t i = 0; i < WHY_ARGS;) {
		struct conversion c = next_conversion(&rest);

		if (c.kind == '\0')
			break;
		if (c.kind != '%')
			kept.args[i++] = keep_one(&kept, &used, c, &again);
	}
	va_end(again);
	(void)vsnprintf(kept.text, sizeof kept.text, fmt, args);
	*why = kept;
}

int fail(struct why *why, enum ks_fail code, const char *fmt, ...)
{
	va_list args;

	if (why == NULL)
		return code;
	va_start(args, fmt);
	why_keep(why, fmt, args);
	va_end(args);
	return code;
}
