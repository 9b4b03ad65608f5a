#include "base/utf8.h"

/* The length its first byte promises; 0: no first byte. */
static size_t promised(uint8_t lead)
{
	if (lead < 0x80)
		return 1;
	if (lead < 0xc2 || lead > 0xf4)
		return 0;
	return lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
}

bool utf8_cut(struct span *s, uint32_t *ret_char)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t n = promised(s->at[0]);
	uint32_t c = n == 1 ? s->at[0] : s->at[0] & (0x7fu >> n);
	bool good = n > 0 && n <= s->left;

	for (size_t i = 1; good && i < n; i++) {
		good = (s->at[i] & 0xc0) == 0x80;
		c = c << 6 | (s->at[i] & 0x3fu);
	}
	good = good && c >= least[n] && c <= 0x10ffff && (c < 0xd800 || c > 0xdfff);
	(void)span_cut(s, good ? n : 1);
	*ret_char = good ? c : 0xfffd;
	return good;
}

size_t utf8_check(struct span s)
{
	size_t all = s.left;

	while (s.left > 0) {
		uint64_t eight;
		uint32_t c;

		if (s.left >= sizeof eight) { /* mostly ASCII: eight at a time */
			memcpy(&eight, s.at, sizeof eight);
			if ((eight & 0x8080808080808080u) == 0) {
				(void)span_cut(&s, sizeof eight);
				continue;
			}
		}
		size_t at = all - s.left;

		if (!utf8_cut(&s, &c))
			return at;
	}
	return all;
}

size_t utf8_count(struct span s)
{
	size_t n = 0;
	uint32_t c;

	for (; s.left > 0; n++)
		(void)utf8_cut(&s, &c);
	return n;
}

unsigned utf8_columns_of(uint32_t c)
{
	/* Unicode 15 EastAsianWidth W and F, in whole blocks */
	static const uint32_t wide[][2] = { { 0x1100, 0x115f }, { 0x2e80, 0x303e },
		{ 0x3041, 0x33ff }, { 0x3400, 0x4dbf }, { 0x4e00, 0xa4cf }, { 0xa960, 0xa97f },
		{ 0xac00, 0xd7a3 }, { 0xf900, 0xfaff }, { 0xfe30, 0xfe6f }, { 0xff01, 0xff60 },
		{ 0xffe0, 0xffe6 }, { 0x1f300, 0x1f64f }, { 0x1f680, 0x1f6ff },
		{ 0x1f900, 0x1f9ff }, { 0x20000, 0x3fffd } };
	static const uint32_t none[][2] = { { 0x300, 0x36f }, { 0x200b, 0x200f },
		{ 0x302a, 0x302d }, { 0x3099, 0x309a }, { 0xfe00, 0xfe0f }, { 0xfe20, 0xfe2f },
		{ 0xfeff, 0xfeff } };

	for (size_t i = 0; i < sizeof none / sizeof none[0]; i++)
		if (c >= none[i][0] && c <= none[i][1])
			return 0;
	for (size_t i = 0; i < sizeof wide / sizeof wide[0]; i++)
		if (c >= wide[i][0] && c <= wide[i][1])
			return 2;
	return 1;
}

size_t utf8_columns(struct span s)
{
	size_t n = 0;
	uint32_t c;

	while (s.left > 0) {
		(void)utf8_cut(&s, &c);
		n += utf8_columns_of(c);
	}
	return n;
}
