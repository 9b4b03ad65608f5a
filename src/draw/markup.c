#include "draw/markup.h"
#include "base/must.h"
#include "base/plain.h"
#include "base/utf8.h"
#include <string.h>

static const char *entity_of(uint32_t c)
{
	switch (c) {
	case '&': return "&amp;";
	case '<': return "&lt;";
	case '>': return "&gt;";
	case '"': return "&quot;";
	case '\'': return "&#39;";
	default: return NULL;
	}
}

/* What would turn text around or hide in it, line ends aside. */
static bool unfit(uint32_t c)
{
	return plain_hides(c) && c != '\t' && c != '\n';
}

void markup_text(struct text *out, struct span s)
{
	while (s.left > 0) {
		struct span rest = s;
		uint32_t c = 0;
		bool good = utf8_cut(&rest, &c);
		const char *entity = good ? entity_of(c) : NULL;

		if (!good || unfit(c))
			text_add(out, "\xef\xbf\xbd");
		else if (entity != NULL)
			text_add(out, entity);
		else
			text_add_span(out, span_of(s.at, s.left - rest.left));
		s = rest;
	}
}

void markup_prose(struct text *out, struct span s)
{
	bool code = false;

	while (s.left > 0) {
		const uint8_t *tick = memchr(s.at, '`', s.left);
		size_t n = tick != NULL ? (size_t)(tick - s.at) : s.left;
		bool turns = tick != NULL && (code || memchr(tick + 1, '`', s.left - n - 1) != NULL);

		markup_text(out, span_of(s.at, n));
		if (turns)
			text_add(out, code ? "</code>" : "<code>");
		else if (tick != NULL)
			text_add_char(out, '`');
		code ^= turns;
		s = tick != NULL ? span_of(tick + 1, s.left - n - 1) : span_of(s.at, 0);
	}
}

void markup_tenths(struct text *out, int64_t tenths)
{
	uint64_t size = tenths < 0 ? 0 - (uint64_t)tenths : (uint64_t)tenths;

	if (tenths < 0)
		text_add_char(out, '-');
	if (size % 10 == 0)
		text_addf(out, "%llu", (unsigned long long)(size / 10));
	else
		text_addf(out, "%llu.%llu", (unsigned long long)(size / 10),
		    (unsigned long long)(size % 10));
}

void markup_path(struct text *out, const char *word)
{
	for (const uint8_t *c = (const uint8_t *)word; *c != '\0'; c++) {
		if ((*c >= '0' && *c <= '9') || (*c >= 'a' && *c <= 'z') ||
		    (*c >= 'A' && *c <= 'Z') || *c == '-' || *c == '_' || *c == '.' || *c == '~')
			text_add_char(out, (char)*c);
		else
			text_addf(out, "%%%02X", *c);
	}
}

static const char *number_write(struct text *out, const char *fmt, va_list *args)
{
	unsigned width = 0, longs = 0;
	bool zero = *fmt == '0';
	int64_t value;

	for (; *fmt >= '0' && *fmt <= '9'; fmt++)
		width = width * 10 + (unsigned)(*fmt - '0');
	for (; *fmt == 'l' || *fmt == 'z'; fmt++)
		longs += *fmt == 'z' ? 2 : 1;
	bool is_signed = *fmt == 'd';

	must((*fmt == 'd' || *fmt == 'u' || *fmt == 'x') && width < 32 && (zero || width == 0));
	if (longs == 0)
		value = is_signed ? va_arg(*args, int) : (int64_t)va_arg(*args, unsigned);
	else
		value = va_arg(*args, int64_t);
	if (*fmt == 'x')
		text_addf(out, "%0*llx", (int)width, (unsigned long long)value);
	else if (is_signed)
		text_addf(out, "%0*lld", (int)width, (long long)value);
	else
		text_addf(out, "%0*llu", (int)width, (unsigned long long)value);
	return fmt + 1;
}

void markup_literal(struct text *out, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	while (*fmt != '\0') {
		size_t plain = strcspn(fmt, "%");

		text_add_span(out, span_of(fmt, plain));
		fmt += plain;
		if (*fmt == '\0')
			break;
		fmt++;
		if (*fmt == '%') {
			text_add_char(out, '%');
			fmt++;
		} else if (*fmt == 's') {
			const char *word = va_arg(args, const char *);

			markup_text(out, span_text(word != NULL ? word : ""));
			fmt++;
		} else if (*fmt == 'k') {
			markup_prose(out, span_text(va_arg(args, const char *)));
			fmt++;
		} else if (*fmt == 't') {
			text_add_milli(out, va_arg(args, int64_t));
			fmt++;
		} else if (*fmt == 'q') {
			markup_tenths(out, va_arg(args, int));
			fmt++;
		} else {
			fmt = number_write(out, fmt, &args);
		}
	}
	va_end(args);
}
