#include "base/text.h"
#include "base/plain.h"
#include "base/utf8.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { FIRST_ROOM = 64 };

void text_init(struct text *text, size_t max)
{
	*text = (struct text){ .max = max };
}

void text_done(struct text *text)
{
	if (text == NULL)
		return;
	free(text->at);
	*text = (struct text){ .max = text->max };
}

void text_clear(struct text *text)
{
	text->len = 0;
	text->full = false;
	if (text->at != NULL)
		text->at[0] = '\0';
}

/* Make room for n more bytes and the zero; false when it may not be. */
static bool text_grow(struct text *text, size_t n)
{
	if (text->full || n > text->max - text->len) {
		text->full = true;
		return false;
	}
	size_t want = text->len + n + 1, room = text->room;

	if (want <= room)
		return true;
	while (room < want)
		room = room == 0 ? FIRST_ROOM : room * 2;
	char *at = realloc(text->at, room);

	if (at == NULL) {
		text->full = true;
		return false;
	}
	text->at = at;
	text->room = room;
	return true;
}

void text_add_span(struct text *text, struct span s)
{
	if (s.left == 0 || !text_grow(text, s.left))
		return;
	memcpy(text->at + text->len, s.at, s.left);
	text->len += s.left;
	text->at[text->len] = '\0';
}

void text_add(struct text *text, const char *s)
{
	text_add_span(text, span_text(s));
}

void text_add_char(struct text *text, char c)
{
	if (!text_grow(text, 1))
		return;
	text->at[text->len++] = c;
	text->at[text->len] = '\0';
}

void text_addv(struct text *text, const char *fmt, va_list args)
{
	va_list again;
	size_t room = text->room - text->len; /* it nearly always fits at once */

	if (text->full)
		return;
	va_copy(again, args);
	int n = vsnprintf(room > 0 ? text->at + text->len : NULL, room, fmt, args);

	if (n > 0 && (size_t)n < room && (size_t)n <= text->max - text->len) {
		text->len += (size_t)n;
	} else if (n > 0) {
		if (room > 0)
			text->at[text->len] = '\0';
		if (text_grow(text, (size_t)n)) {
			(void)vsnprintf(text->at + text->len, (size_t)n + 1, fmt, again);
			text->len += (size_t)n;
		}
	}
	va_end(again);
}

void text_addf(struct text *text, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	text_addv(text, fmt, args);
	va_end(args);
}

void text_add_time(struct text *text, int64_t utc_ms)
{
	int64_t ms = utc_ms % 1000;
	time_t s = (time_t)(utc_ms / 1000 - (ms < 0));
	struct tm tm = { 0 };

	(void)gmtime_r(&s, &tm); /* every int64 of milliseconds has its year */
	ms += ms < 0 ? 1000 : 0;
	text_addf(text, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", tm.tm_year + 1900,
	    tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec, (int)ms);
}

void text_add_milli(struct text *text, int64_t milli)
{
	uint64_t size = milli < 0 ? 0 - (uint64_t)milli : (uint64_t)milli;
	unsigned part = (unsigned)(size % 1000);

	text_addf(text, "%s%llu", milli < 0 ? "-" : "", (unsigned long long)(size / 1000));
	if (part == 0)
		return;
	char digits[4] = { (char)('0' + part / 100), (char)('0' + part / 10 % 10),
		(char)('0' + part % 10), '\0' };

	for (size_t n = 3; n > 1 && digits[n - 1] == '0'; n--)
		digits[n - 1] = '\0';
	text_addf(text, ".%s", digits);
}

/* The length of the well-formed UTF-8 sequence at s (RFC 3629), 0 when bad. */
static size_t utf8_length(struct span s)
{
	uint8_t lead = s.at[0];
	size_t n = lead < 0x80 ? 1 : lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3
	    : lead < 0xf5 ? 4 : 0;

	if (n == 0 || n > s.left)
		return 0;
	for (size_t i = 1; i < n; i++)
		if ((s.at[i] & 0xc0) != 0x80)
			return 0;
	if ((lead == 0xe0 && s.at[1] < 0xa0) || (lead == 0xed && s.at[1] > 0x9f) ||
	    (lead == 0xf0 && s.at[1] < 0x90) || (lead == 0xf4 && s.at[1] > 0x8f))
		return 0;
	return n;
}

/* One of two or three bytes: as it is, or by its number when a terminal that shows the
 * answer would obey it instead. */
static void json_character(struct text *text, struct span bytes)
{
	struct span rest = bytes;
	uint32_t c = 0;

	(void)utf8_cut(&rest, &c);
	if (plain_hides(c))
		text_addf(text, "\\u%04x", (unsigned)c);
	else
		text_add_span(text, bytes);
}

void text_add_json(struct text *text, struct span s)
{
	while (s.left > 0) {
		size_t plain = 0;

		while (plain < s.left && s.at[plain] >= 0x20 && s.at[plain] < 0x7f &&
		    s.at[plain] != '"' && s.at[plain] != '\\')
			plain++;
		if (plain > 0) {
			text_add_span(text, span_cut(&s, plain));
			continue;
		}
		size_t n = utf8_length(s);
		struct span c = span_cut(&s, n > 0 ? n : 1);

		if (n == 0)
			text_add(text, "\\ufffd");
		else if (c.at[0] == '"' || c.at[0] == '\\')
			text_addf(text, "\\%c", c.at[0]);
		else if (c.at[0] < 0x20 || c.at[0] == 0x7f)
			text_addf(text, "\\u%04x", c.at[0]);
		else if (n == 2 || n == 3)
			json_character(text, c);
		else
			text_add_span(text, c);
	}
}

const char *text_cstr(const struct text *text)
{
	return text->at != NULL ? text->at : "";
}
