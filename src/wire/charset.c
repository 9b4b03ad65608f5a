/* src/wire/charset.c - see charset.h. */
#include "wire/charset.h"
#include "base/utf8.h"
#include "wire/body.h"
#include "wire/decode.h"
#include <errno.h>
#include <iconv.h>

enum charset { CHARSET_NONE, CHARSET_UTF16LE, CHARSET_UTF16BE, CHARSET_SJIS, CHARSET_EUCJP,
	CHARSET_ISO2022JP, CHARSET_GB, CHARSET_BIG5, CHARSET_EUCKR, CHARSET_LATIN, CHARSETS };
enum { LOOKED_AT = 65536, HEAD = 1024, NUL_SHARE = 4, READABLE = 90 };

static const char *const iconv_names[CHARSETS] = { [CHARSET_UTF16LE] = "UTF-16LE",
	[CHARSET_UTF16BE] = "UTF-16BE", [CHARSET_SJIS] = "CP932", [CHARSET_EUCJP] = "EUC-JP",
	[CHARSET_ISO2022JP] = "ISO-2022-JP-2", [CHARSET_GB] = "GB18030", [CHARSET_BIG5] = "BIG5",
	[CHARSET_EUCKR] = "UHC", [CHARSET_LATIN] = "CP1252" };

static const struct {
	const char *word;
	enum charset is;
} declared[] = {
	{ "shift_jis", CHARSET_SJIS }, { "shift-jis", CHARSET_SJIS }, { "sjis", CHARSET_SJIS },
	{ "windows-31j", CHARSET_SJIS }, { "cp932", CHARSET_SJIS }, { "euc-jp", CHARSET_EUCJP },
	{ "euc_jp", CHARSET_EUCJP }, { "gb2312", CHARSET_GB }, { "gbk", CHARSET_GB },
	{ "gb18030", CHARSET_GB }, { "big5", CHARSET_BIG5 }, { "euc-kr", CHARSET_EUCKR },
	{ "ks_c_5601", CHARSET_EUCKR }, { "iso-8859-1", CHARSET_LATIN },
	{ "windows-1252", CHARSET_LATIN },
};

/* Open as long as the process lives: the tables stay loaded, and another descriptor of the
 * same kind needs no file. */
static iconv_t loaded[CHARSETS];

void charset_ready(void)
{
	for (unsigned i = 1; i < CHARSETS; i++)
		if (loaded[i] == NULL)
			loaded[i] = iconv_open("UTF-8", iconv_names[i]);
}

static bool convert(enum charset from, struct span s, struct text *text)
{
	char *in = (char *)(uintptr_t)s.at, out[8192];
	iconv_t cd = loaded[from] != NULL && loaded[from] != (iconv_t)-1
	    ? iconv_open("UTF-8", iconv_names[from]) : (iconv_t)-1;

	if (cd == (iconv_t)-1)
		return false;
	while (s.left > 0 && !text->full) {
		char *to = out;
		size_t room = sizeof out;
		size_t bad = iconv(cd, &in, &s.left, &to, &room);

		text_add_span(text, span_of(out, sizeof out - room));
		if (bad != (size_t)-1 || errno == EINVAL)
			break; /* all, or cut within a character */
		if (errno == EILSEQ) { /* one that is none: its first byte is left out */
			text_add_char(text, '?');
			in++;
			s.left--;
		}
	}
	(void)iconv_close(cd);
	return true;
}

/* -- which one ---------------------------------------------------------------------- */

/* A zero in every second byte, all on one side: letters of ASCII. */
static enum charset utf16_guess(struct span s, struct span type)
{
	size_t n = s.left < HEAD ? s.left : HEAD, zeros[2] = { 0 };

	if (s.left < 2)
		return CHARSET_NONE;
	if (s.at[0] == 0xff && s.at[1] == 0xfe)
		return CHARSET_UTF16LE;
	if (s.at[0] == 0xfe && s.at[1] == 0xff)
		return CHARSET_UTF16BE;
	if (memchr(s.at, 0, n) == NULL)
		return CHARSET_NONE; /* nearly all that is sent */
	for (size_t i = 0; i < n; i++)
		zeros[i % 2] += s.at[i] == 0;
	bool told = word_in(type, "utf-16") || word_in(type, "ucs-2");

	if (!told && (zeros[0] + zeros[1]) * NUL_SHARE < n)
		return CHARSET_NONE;
	if (zeros[1] > 8 * zeros[0])
		return CHARSET_UTF16LE;
	return zeros[0] > 8 * zeros[1] ? CHARSET_UTF16BE : CHARSET_NONE;
}

static bool has_escapes(struct span s)
{
	static const char *const escapes[] = { "$B", "$@", "(J" };
	const uint8_t *at = memchr(s.at, '\x1b', s.left), *end = s.at + s.left;

	for (; at != NULL && end - at >= 3; at = memchr(at + 1, '\x1b', (size_t)(end - at) - 1))
		for (size_t i = 0; i < sizeof escapes / sizeof *escapes; i++)
			if (memcmp(at + 1, escapes[i], 2) == 0)
				return true;
	return false;
}

static enum charset charset_named(struct span where)
{
	for (size_t i = 0; i < sizeof declared / sizeof *declared; i++)
		if (word_in(where, declared[i].word))
			return declared[i].is;
	return CHARSET_NONE;
}

/* <meta charset=...>, <?xml encoding="..."?> */
static enum charset charset_within(struct span s)
{
	static const char *const before[] = { "charset=", "encoding=" };

	if (s.left == 0)
		return CHARSET_NONE;
	struct span head = span_of(s.at, s.left < HEAD ? s.left : HEAD);
	const uint8_t *end = head.at + head.left, *equal = memchr(head.at, '=', head.left);

	for (; equal != NULL; equal = memchr(equal + 1, '=', (size_t)(end - equal) - 1))
		for (size_t i = 0; i < sizeof before / sizeof *before; i++) {
			size_t n = strlen(before[i]), left = (size_t)(end - equal) - 1;

			if ((size_t)(equal + 1 - head.at) >= n && word_is(span_of(equal + 1 - n, n), before[i]))
				return charset_named(span_of(equal + 1, left < 20 ? left : 20));
		}
	return CHARSET_NONE;
}

/* Both bytes of EUC-JP are high; the second of Shift_JIS may be any letter's. */
static enum charset japanese_guess(struct span s)
{
	size_t euc = 0, sjis = 0, pairs = 0, pairs_sjis = 0;

	for (size_t i = 0; i < s.left; i++) {
		uint8_t c = s.at[i], d = i + 1 < s.left ? s.at[i + 1] : 0xa1;

		if (c < 0x80)
			continue;
		pairs++;
		euc += c < 0xa1 || c > 0xfe || d < 0xa1 || d > 0xfe;
		i++;
	}
	for (size_t i = 0; i < s.left; i++) {
		uint8_t c = s.at[i], d = i + 1 < s.left ? s.at[i + 1] : 0x40;
		bool lead = (c >= 0x81 && c <= 0x9f) || (c >= 0xe0 && c <= 0xfc);

		if (c < 0x80 || (c >= 0xa1 && c <= 0xdf))
			continue; /* ASCII, a narrow kana */
		pairs_sjis++;
		sjis += !lead || d < 0x40 || d == 0x7f || d > 0xfc;
		i++;
	}
	/* a tenth may be damaged; when both would do it is EUC: narrow kana are rare */
	if (pairs >= 2 && euc * 10 <= pairs)
		return CHARSET_EUCJP;
	return pairs_sjis >= 2 && sjis * 10 <= pairs_sjis ? CHARSET_SJIS : CHARSET_NONE;
}

static enum charset charset_guess(struct span s, struct span type)
{
	struct span head = span_of(s.at, s.left < LOOKED_AT ? s.left : LOOKED_AT);
	enum charset is = utf16_guess(s, type);
	size_t good;

	if (is != CHARSET_NONE)
		return is;
	good = utf8_check(head);
	if (good == head.left || (s.left > LOOKED_AT && good + 4 > head.left))
		return has_escapes(head) ? CHARSET_ISO2022JP : CHARSET_NONE;
	is = charset_named(type);
	if (is == CHARSET_NONE)
		is = charset_within(s);
	return is != CHARSET_NONE ? is : japanese_guess(head);
}

struct span charset_plain(struct span s, struct span content_type, struct text *text)
{
	enum charset is = s.left > 1 ? charset_guess(s, content_type) : CHARSET_NONE;

	if (is == CHARSET_NONE || !convert(is, s, text))
		return s;
	struct span plain = text_span(text);

	if (plain.left > 3 && memcmp(plain.at, "\xef\xbb\xbf", 3) == 0)
		(void)span_cut(&plain, 3); /* the byte order mark */
	struct span head = span_of(plain.at, plain.left < HEAD ? plain.left : HEAD);

	return readable_percent(head) >= READABLE ? plain : s;
}

/* -- full width --------------------------------------------------------------------- */

/* First bytes of what is told narrow: dashes (U+2010 on, U+2212), the blank, full width. */
static const uint8_t *wide_next(const uint8_t *at, const uint8_t *end)
{
	while (at < end && *at != 0xe2 && *at != 0xe3 && *at != 0xef)
		at++;
	return at;
}

/* Is anything of it there?  The blank alone is no reason. */
static bool has_wide(struct span s)
{
	if (s.left < 3)
		return false;
	const uint8_t *end = s.at + s.left, *at = memchr(s.at, 0xef, s.left - 2);

	for (; at != NULL; at = memchr(at + 1, 0xef, (size_t)(end - at) - 3))
		if (at[1] == 0xbc || at[1] == 0xbd)
			return true;
	at = memchr(s.at, 0xe2, s.left - 2);
	for (; at != NULL; at = memchr(at + 1, 0xe2, (size_t)(end - at) - 3))
		if (at[1] == 0x80 || (at[1] == 0x88 && at[2] == 0x92))
			return true;
	return false;
}

static bool is_digit_next(struct span s)
{
	return (s.left > 0 && *s.at >= '0' && *s.at <= '9') || (s.left > 2 && s.at[0] == 0xef &&
		s.at[1] == 0xbc && s.at[2] >= 0x90 && s.at[2] <= 0x99);
}

/* The mark of a long vowel is typed for a dash between digits. */
static bool is_dash(uint32_t c, const struct text *before, struct span behind)
{
	enum { LONG_VOWEL = 0x30fc, MINUS = 0x2212 };

	if (c == LONG_VOWEL)
		return before->len > 0 && before->at[before->len - 1] >= '0' &&
		    before->at[before->len - 1] <= '9' && is_digit_next(behind);
	return c == MINUS || (c >= 0x2010 && c <= 0x2015);
}

struct span charset_narrow(struct span s, struct text *text)
{
	if (!has_wide(s))
		return s;
	while (s.left > 0 && !text->full) {
		const uint8_t *from = s.at, *next = wide_next(s.at, s.at + s.left);
		uint32_t c = 0;

		(void)span_cut(&s, (size_t)(next - from));
		struct span at = s;
		bool good = s.left > 0 && utf8_cut(&s, &c);

		text_add_span(text, span_of(from, (size_t)(next - from)));
		if (good && c >= 0xff01 && c <= 0xff5e)
			text_add_char(text, (char)(c - 0xff01 + '!'));
		else if (good && is_dash(c, text, s))
			text_add_char(text, '-');
		else if (good && c == 0x3000)
			text_add_char(text, ' ');
		else
			text_add_span(text, span_of(at.at, at.left - s.left));
	}
	return text_span(text);
}
