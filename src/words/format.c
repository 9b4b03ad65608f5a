#include "words/format.h"
#include <stdio.h>

/* One conversion: "%2$-5.1f" is argument 2, flags "-5.1", kind 'f'. */
struct conversion {
	unsigned position; /* from 1; 0: the next in order */
	char flags[16];	   /* flags, width and precision as written, without the star */
	char length;	   /* 0, 'l', 'L' (ll), 'z', 'j' */
	bool star;
	char kind;	   /* '\0': the format ended inside */
};

static const char *position_read(const char *p, unsigned *ret_position)
{
	const char *digit = p;
	unsigned n = 0;

	while (*digit >= '0' && *digit <= '9' && n < 1000)
		n = n * 10 + (unsigned)(*digit++ - '0');
	if (digit == p || *digit != '$')
		return p;
	*ret_position = n;
	return digit + 1;
}

/* p is behind the %; returns what follows the conversion. */
static const char *conversion_read(const char *p, struct conversion *ret)
{
	struct conversion c = { 0 };
	size_t n = 0;

	p = position_read(p, &c.position);
	for (; *p != '\0' && strchr("-+ #0123456789.*", *p) != NULL; p++) {
		c.star |= *p == '*';
		if (*p != '*' && n < sizeof c.flags - 1)
			c.flags[n++] = *p;
	}
	if (c.star && n > 0 && c.flags[n - 1] == '.')
		c.flags[n - 1] = '\0';
	for (; *p != '\0' && strchr("hlzj", *p) != NULL; p++)
		c.length = c.length == 'l' && *p == 'l' ? 'L' : *p;
	c.kind = *p;
	*ret = c;
	return *p != '\0' ? p + 1 : p;
}

static int64_t integer_take(const struct conversion *c, va_list *args)
{
	bool is_signed = c->kind == 'd' || c->kind == 'i' || c->kind == 'c';

	return format_integer(c->length, is_signed, args);
}

void format_collect(const char *fmt, va_list args, struct format_args *ret_args)
{
	va_list rest;

	*ret_args = (struct format_args){ .n = 0 };
	va_copy(rest, args);
	while ((fmt = strchr(fmt, '%')) != NULL && ret_args->n < FORMAT_ARGS) {
		struct conversion c;
		struct format_arg *arg = &ret_args->list[ret_args->n];

		fmt = conversion_read(fmt + 1, &c);
		if (c.kind == '\0')
			break;
		if (c.kind == '%')
			continue;
		*arg = (struct format_arg){ .is = ARG_INT, .string_max = SIZE_MAX };
		if (c.star)
			arg->string_max = (size_t)va_arg(rest, int);
		if (c.kind == 's') {
			arg->is = ARG_STRING;
			arg->string = va_arg(rest, const char *);
		} else if (strchr("feg", c.kind) != NULL) {
			arg->is = ARG_REAL;
			arg->real = va_arg(rest, double);
		} else {
			arg->number = integer_take(&c, &rest);
		}
		ret_args->n++;
	}
	va_end(rest);
}

/* The flags are digits and signs out of our own formats, checked in conversion_read;
 * so a format made of them is as safe as a literal. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
static void number_add(struct text *text, const struct conversion *c,
    const struct format_arg *arg)
{
	char fmt[32], out[64];
	bool real = arg->is == ARG_REAL;

	(void)snprintf(fmt, sizeof fmt, "%%%s%s%c", c->flags,
	    real || c->kind == 'c' ? "" : "l", c->kind);
	if (real)
		(void)snprintf(out, sizeof out, fmt, arg->real);
	else if (c->kind == 'c')
		(void)snprintf(out, sizeof out, fmt, (int)arg->number);
	else
		(void)snprintf(out, sizeof out, fmt, (long)arg->number);
	text_add(text, out);
}
#pragma GCC diagnostic pop

/* Without a width: no sentence has one, and it would count bytes. */
static void string_add(struct text *text, enum lang lang, const struct format_arg *arg)
{
	const char *s = arg->string != NULL ? arg->string : "";
	size_t n = strnlen(s, arg->string_max);

	if (arg->string_max == SIZE_MAX && strchr(s, ' ') != NULL) {
		s = tr(lang, s);
		n = strlen(s);
	}
	text_add_span(text, span_of(s, n));
}

/* Is the character there (or, before: the one that ends there) written without blanks
 * around it: kana, kanji, full-width marks (U+3000..U+9FFF, U+FF00..U+FFEF)? */
static bool wide_at(const char *at)
{
	const uint8_t *c = (const uint8_t *)at;

	return (c[0] >= 0xe3 && c[0] <= 0xe9) || (c[0] == 0xef && (c[1] == 0xbc || c[1] == 0xbd));
}

static bool wide_before(const struct text *text, size_t from_end)
{
	return text->len >= from_end + 3 && wide_at(text->at + text->len - from_end - 3);
}

/* Translations put a blank between Japanese and an argument, as between Japanese and
 * latin letters; where the argument turns out to be Japanese, it goes. */
static const char *blanks_close(struct text *text, size_t start, const char *fmt)
{
	if (start >= 4 && text->len > start && text->at[start - 1] == ' ' &&
	    wide_at(text->at + start - 4) && wide_at(text->at + start)) {
		memmove(text->at + start - 1, text->at + start, text->len - start + 1);
		text->len--;
	}
	if (fmt[0] == ' ' && wide_at(fmt + 1) && text->len > start && wide_before(text, 0))
		fmt++;
	return fmt;
}

static bool conversion_add(struct text *text, enum lang lang, const struct conversion *c,
    const struct format_arg *arg)
{
	static const char *const kinds[] = { [ARG_NONE] = "", [ARG_INT] = "diuxXc",
		[ARG_REAL] = "feg", [ARG_STRING] = "s" };

	if (c->kind == '\0' || strchr(kinds[arg->is], c->kind) == NULL)
		return false;
	if (arg->is == ARG_STRING)
		string_add(text, lang, arg);
	else
		number_add(text, c, arg);
	return true;
}

/* "{host|hosts}" by the argument said last: one, or any other number.  A brace without
 * a bar is itself. */
static const char *number_of(struct text *text, const char *fmt, const struct format_arg *last)
{
	size_t n = strcspn(fmt + 1, "|}"), m;
	bool one = last != NULL && (last->is == ARG_INT ? last->number == 1 :
	    last->is == ARG_STRING && last->string != NULL && strcmp(last->string, "1") == 0);

	if (fmt[1 + n] != '|') {
		text_add_char(text, '{');
		return fmt + 1;
	}
	m = strcspn(fmt + 2 + n, "}");
	text_add_span(text, one ? span_of(fmt + 1, n) : span_of(fmt + 2 + n, m));
	fmt += 2 + n + m;
	return *fmt == '}' ? fmt + 1 : fmt;
}

static bool format_run(struct text *text, enum lang lang, const char *fmt,
    const struct format_args *args)
{
	const struct format_arg *last = NULL;
	size_t next = 0;

	while (*fmt != '\0') {
		size_t plain = strcspn(fmt, "%{");
		struct conversion c;
		size_t at, start;

		text_add_span(text, span_of(fmt, plain));
		fmt += plain;
		if (*fmt == '\0')
			break;
		if (*fmt == '{') {
			fmt = number_of(text, fmt, last);
			continue;
		}
		fmt = conversion_read(fmt + 1, &c);
		if (c.kind == '%') {
			text_add_char(text, '%');
			continue;
		}
		at = c.position > 0 ? c.position - 1 : next++;
		start = text->len;
		if (at >= args->n || !conversion_add(text, lang, &c, &args->list[at]))
			return false;
		last = &args->list[at];
		if (lang == LANG_JA)
			fmt = blanks_close(text, start, fmt);
	}
	return true;
}

bool format_add(struct text *text, enum lang lang, const char *fmt,
    const struct format_args *args)
{
	struct text draft;
	bool whole;

	text_init(&draft, text->max);
	whole = format_run(&draft, lang, fmt, args);
	if (whole)
		text_add_span(text, text_span(&draft));
	text_done(&draft);
	return whole;
}
