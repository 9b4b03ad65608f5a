#include "base/plain.h"
#include "base/utf8.h"

bool plain_hides(uint32_t c)
{
	static const uint32_t hidden[][2] = { { 0, 0x1f }, { 0x7f, 0x9f }, { 0x61c, 0x61c },
		{ 0x200b, 0x200b }, { 0x200e, 0x200f }, { 0x2028, 0x202e }, { 0x2060, 0x206f },
		{ 0xfeff, 0xfeff }, { 0xfff9, 0xfffb }, { 0xe0000, 0xe007f } };

	for (size_t i = 0; i < sizeof hidden / sizeof hidden[0]; i++)
		if (c >= hidden[i][0] && c <= hidden[i][1])
			return true;
	return false;
}

void plain_add(struct text *text, struct span s, enum plain_lines lines)
{
	struct span good = s;

	while (s.left > 0) {
		size_t at = good.left - s.left;
		uint32_t c = 0;
		bool is_utf8 = utf8_cut(&s, &c);

		if (is_utf8 && (!plain_hides(c) || (lines == PLAIN_LINES && (c == '\n' || c == '\t'))))
			continue;
		text_add_span(text, span_of(good.at, at));
		text_add(text, "\xef\xbf\xbd");
		good = s;
	}
	text_add_span(text, good);
}
