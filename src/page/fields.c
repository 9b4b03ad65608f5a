#include "page/fields.h"
#include "page/asked.h"
#include <string.h>

/* The decoded part in room; false: too long, or no such bytes. */
static bool part_take(struct span part, char *room, size_t size)
{
	size_t n = 0;

	for (; part.left > 0 && n + 1 < size; n++) {
		uint8_t c = (uint8_t)span_be(&part, 1);
		int high = c == '%' ? hex_digit((uint8_t)span_be(&part, 1)) : 0;
		int low = c == '%' ? hex_digit((uint8_t)span_be(&part, 1)) : 0;

		if (high < 0 || low < 0 || c == '\0' || (c == '%' && high + low == 0))
			return false;
		room[n] = (char)(c == '%' ? high << 4 | low : c == '+' ? ' ' : c);
	}
	room[n] = '\0';
	return part.left == 0;
}

bool field_take(struct span body, const char *name, char *room, size_t size)
{
	char said[64];
	unsigned found = 0;
	bool good = true;

	room[0] = '\0';
	while (body.left > 0) {
		struct span pair = span_until(&body, '&');
		struct span key = span_until(&pair, '=');

		if (!part_take(key, said, sizeof said) || strcmp(said, name) != 0)
			continue;
		good = found++ == 0 && part_take(pair, room, size);
		if (!good)
			break;
	}
	if (!good)
		room[0] = '\0';
	return good && found == 1;
}
