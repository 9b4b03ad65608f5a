/* src/base/text.h - a growing string with a mandatory maximum.  Past the maximum
 * nothing is added and `full` stays set: a writer may add a whole document and ask
 * once.  Always zero-ended, so text_cstr() is safe at any time. */
#ifndef KS_BASE_TEXT_H
#define KS_BASE_TEXT_H
#include "base/span.h"
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct text {
	char *at;    /* NULL until the first byte */
	size_t len;  /* without the ending zero */
	size_t room; /* bytes allocated */
	size_t max;  /* longest len allowed */
	bool full;   /* something did not fit, or memory ran out */
};

void text_init(struct text *text, size_t max);
void text_done(struct text *text);
static inline void drop_text(struct text *text)
{
	text_done(text);
}

void text_clear(struct text *text); /* empty again, memory kept */
void text_add(struct text *text, const char *s);
void text_add_span(struct text *text, struct span s);
void text_add_char(struct text *text, char c);
void text_addf(struct text *text, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
void text_addv(struct text *text, const char *fmt, va_list args)
    __attribute__((format(printf, 2, 0)));

/* RFC 3339 in UTC with milliseconds, "2026-08-11T22:10:00.000Z". */
void text_add_time(struct text *text, int64_t utc_ms);
/* milli/1000 without trailing zeros: 24500 -> "24.5", -300 -> "-0.3". */
void text_add_milli(struct text *text, int64_t milli);
/* s as the inside of a JSON string (no quotes); bad UTF-8 becomes U+FFFD. */
void text_add_json(struct text *text, struct span s);

const char *text_cstr(const struct text *text); /* "" when empty; borrowed */
static inline struct span text_span(const struct text *text)
{
	return span_of(text->at, text->len);
}
#endif
