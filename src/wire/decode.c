/* src/wire/decode.c - see decode.h. */
#include "wire/decode.h"
#include "base/utf8.h"
#include <zlib.h>

static int hex_of(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
		return (c | 0x20) - 'a' + 10;
	return -1;
}

struct span percent_plain(struct span s, bool plus, struct text *text)
{
	if (s.left == 0 || (memchr(s.at, '%', s.left) == NULL && (!plus || memchr(s.at, '+', s.left) == NULL)))
		return s;
	text_clear(text);
	text->full = false;
	percent_decode(s, plus, text);
	return text_span(text);
}

void percent_decode(struct span s, bool plus, struct text *text)
{
	while (s.left > 0) {
		size_t plain = 0;

		while (plain < s.left && s.at[plain] != '%' && !(plus && s.at[plain] == '+'))
			plain++;
		text_add_span(text, span_cut(&s, plain));
		if (s.left == 0)
			return;
		uint8_t c = *s.at;
		int high = s.left >= 3 && c == '%' ? hex_of(s.at[1]) : -1;
		int low = high >= 0 ? hex_of(s.at[2]) : -1;

		if (low >= 0) {
			text_add_char(text, (char)(high << 4 | low));
			(void)span_cut(&s, 3);
			continue;
		}
		text_add_char(text, plus && c == '+' ? ' ' : (char)c);
		(void)span_cut(&s, 1);
	}
}

enum { UPPER = 64, LOWER = 128, DIGIT = 192, OTHER = 256 }; /* which kind, beside the value */
#define LETTERS(X)                                                                     \
	X(0) X(1) X(2) X(3) X(4) X(5) X(6) X(7) X(8) X(9) X(10) X(11) X(12) X(13) X(14) X(15)  \
	X(16) X(17) X(18) X(19) X(20) X(21) X(22) X(23) X(24) X(25)
static const uint16_t base64_kinds[256] = {
#define X(i) ['A' + (i)] = UPPER + (i), ['a' + (i)] = LOWER + 26 + (i),
	LETTERS(X)
#undef X
#define X(i) ['0' + (i)] = DIGIT + 52 + (i),
	X(0) X(1) X(2) X(3) X(4) X(5) X(6) X(7) X(8) X(9)
#undef X
	['+'] = OTHER + 62, ['-'] = OTHER + 62, ['/'] = OTHER + 63, ['_'] = OTHER + 63
};

static int base64_of(uint8_t c)
{
	return base64_kinds[c] != 0 ? base64_kinds[c] & 63 : -1;
}

void base64_decode(struct span s, struct text *text)
{
	uint32_t bits = 0;
	unsigned have = 0;

	for (size_t i = 0; i < s.left; i++) {
		int v = base64_of(s.at[i]);

		if (v < 0 && (s.at[i] == '\r' || s.at[i] == '\n' || s.at[i] == ' '))
			continue;
		if (v < 0)
			return;
		bits = bits << 6 | (uint32_t)v;
		have += 6;
		if (have >= 8) {
			have -= 8;
			text_add_char(text, (char)(bits >> have & 0xff));
		}
	}
}

bool base64_looks(struct span s)
{
	enum { LEAST = 16 };
	unsigned kinds = 0;
	size_t pad = 0;

	while (s.left > 0 && s.at[s.left - 1] == '=' && pad < 2) {
		s.left--;
		pad++;
	}
	if (s.left < LEAST || s.left % 4 == 1 || (pad > 0 && (s.left + pad) % 4 != 0))
		return false;
	for (size_t i = 0; i < s.left; i++) {
		unsigned kind = base64_kinds[s.at[i]] >> 6;

		if (kind == 0)
			return false;
		kinds |= 1u << kind;
	}
	bool upper = kinds & 1u << (UPPER >> 6), lower = kinds & 1u << (LOWER >> 6);

	return pad > 0 || (upper && lower && (kinds & 1u << (DIGIT >> 6) || s.left >= 32));
}

static int unzip_as(struct span packed, int window, struct text *text)
{
	z_stream z = { .next_in = (Bytef *)(uintptr_t)packed.at, .avail_in = (uInt)packed.left };
	uint8_t out[8192];
	int code = Z_OK;

	if (inflateInit2(&z, window) != Z_OK)
		return KS_FULL;
	while (code == Z_OK && !text->full) {
		z.next_out = out;
		z.avail_out = sizeof out;
		code = inflate(&z, Z_NO_FLUSH);
		if (code == Z_OK || code == Z_STREAM_END)
			text_add_span(text, span_of(out, sizeof out - z.avail_out));
		if (code == Z_OK && z.avail_in == 0 && z.avail_out > 0)
			break;
	}
	(void)inflateEnd(&z);
	if (text->full)
		return KS_FULL;
	if (code == Z_STREAM_END)
		return KS_OK;
	return code == Z_OK || code == Z_BUF_ERROR ? KS_TRUNCATED : KS_MALFORMED;
}

int unzip(struct span packed, struct text *text)
{
	enum { AUTO = 15 + 32, RAW = -15 };
	size_t before = text->len;
	int code = KS_TRUNCATED;

	if (packed.left == 0)
		return KS_TRUNCATED;
	code = unzip_as(packed, AUTO, text);
	/* "deflate" is sent with and without its header */
	if (code == KS_MALFORMED && text->len == before)
		code = unzip_as(packed, RAW, text);
	return code;
}

unsigned readable_percent(struct span s)
{
	size_t all = s.left, good = 0;

	if (all == 0)
		return 0;
	while (s.left > 0) {
		size_t before = s.left;
		uint32_t c = 0;
		bool ok = utf8_cut(&s, &c);

		if (ok && (c >= 0x20 || c == '\t' || c == '\n' || c == '\r') && c != 0x7f)
			good += before - s.left;
	}
	return (unsigned)(good * 100 / all);
}
