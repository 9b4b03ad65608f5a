/* src/wire/personal_place.c - places that stand in text by name: XML elements and attributes
 * (GPX has lat and lon), positions of GeoJSON (RFC 7946: longitude first) and sentences of
 * receivers (NMEA 0183: GGA and RMC, degrees and minutes as one number). */
#include "base/number.h"
#include "wire/body.h"
#include "wire/personal.h"
#include <stdlib.h>

enum { NAME_MOST = 32, VALUE_MOST = 24, SENTENCES = 256 };

static size_t name_before(struct span text, size_t end)
{
	size_t n = 0;

	while (n < end && n < NAME_MOST && (((text.at[end - 1 - n] | 0x20) >= 'a' &&
		(text.at[end - 1 - n] | 0x20) <= 'z') || text.at[end - 1 - n] == '_'))
		n++;
	return n;
}

/* What stands from `from` on to the next `until`, when the letters before `end` name it. */
static void element_look(const struct personal_at *at, struct span text, size_t end, size_t from, uint8_t until)
{
	size_t n = name_before(text, end);
	unsigned hints = n >= 3 ? personal_hints(span_of(text.at + end - n, n)) : 0;

	if (from >= text.left || !(hints & (HINT_LATITUDE | HINT_LONGITUDE)))
		return;
	struct span rest = span_of(text.at + from, text.left - from), value = span_until(&rest, until);

	if (value.left > 0 && value.left < VALUE_MOST)
		personal_half_place(at, span_trim(value), hints & HINT_LONGITUDE ? 1 : 0);
}

/* The next c from `from` on; where there is none, the end. */
static size_t mark_next(struct span text, size_t from, char c)
{
	const uint8_t *at = from < text.left ? memchr(text.at + from, c, text.left - from) : NULL;

	return at == NULL ? text.left : (size_t)(at - text.at);
}

/* <latitude>35.6</latitude>, lat="35.6", in the order in which they stand. */
static void elements_search(const struct personal_at *at, struct span text)
{
	size_t close = mark_next(text, 0, '>'), equal = mark_next(text, 0, '=');

	while (close < text.left || equal < text.left) {
		if (close < equal) {
			element_look(at, text, close, close + 1, '<');
			close = mark_next(text, close + 1, '>');
			continue;
		}
		if (equal + 1 < text.left && text.at[equal + 1] == '"')
			element_look(at, text, equal, equal + 2, '"');
		equal = mark_next(text, equal + 1, '=');
	}
}

/* ddmm.mmmm and a letter: millionths of a degree. */
static bool minutes_read(struct span number, struct span letter, int64_t *ret_micro)
{
	int64_t milli = 0, micro = 0;

	if (number_read(number, 6, &micro) != KS_OK || letter.left != 1 || micro < 0)
		return false;
	milli = micro / 100000000; /* whole degrees: hundreds of minutes */
	micro = milli * 1000000 + (micro - milli * 100000000) / 60;
	*ret_micro = *letter.at == 'S' || *letter.at == 'W' ? -micro : micro;
	return micro <= 180000000 && memchr("NSEW", *letter.at, 4) != NULL;
}

static void sentence_read(const struct personal_at *at, struct span line, size_t skip)
{
	int64_t micro[2] = { 0, 0 };
	struct span field[4];

	for (size_t i = 0; i < skip; i++)
		(void)span_until(&line, ',');
	for (size_t i = 0; i < 4; i++)
		field[i] = span_until(&line, ',');
	if (field[0].left >= 7 && field[2].left >= 8 && minutes_read(field[0], field[1], &micro[0]) &&
	    minutes_read(field[2], field[3], &micro[1]))
		personal_place_say(at, PERSONAL_LOCATION, GRADE_CERTAIN, micro);
}

static void sentences_search(const struct personal_at *at, struct span text)
{
	for (int n = 0; n < SENTENCES && text.left > 20; n++) {
		const uint8_t *dollar = memchr(text.at, '$', text.left);

		if (dollar == NULL)
			return;
		(void)span_cut(&text, (size_t)(dollar - text.at) + 1);
		struct span line = text, rest = text;

		line = span_until(&rest, '\n');
		if (line.left < 20 || *line.at != 'G')
			continue;
		if (memcmp(line.at + 2, "GGA,", 4) == 0)
			sentence_read(at, line, 2);
		else if (memcmp(line.at + 2, "RMC,", 4) == 0)
			sentence_read(at, line, 3);
	}
}

/* `lat` or `Lat` anywhere?  An l is rare, so most bytes are passed many at a time. */
static bool has_latitude(struct span text)
{
	static const char letters[] = "lL";
	const uint8_t *end = text.at + text.left;

	for (int k = 0; k < 2; k++) {
		const uint8_t *l = memchr(text.at, letters[k], text.left - 2);

		for (; l != NULL; l = memchr(l + 1, letters[k], (size_t)(end - l) - 3))
			if (l[1] == 'a' && l[2] == 't')
				return true;
	}
	return false;
}

void personal_places(const struct personal_at *at, struct span text)
{
	if (text.at == NULL || text.left < 20)
		return;
	if (has_latitude(text))
		elements_search(at, text);
	sentences_search(at, text);
}

/* The first position of a message alone: what follows may have heights in it. */
void personal_position(const struct personal_at *at, struct span value)
{
	struct personal_search *search = at->search;

	if (search->positions >= 2)
		return;
	personal_half_place(at, value, search->positions == 0 ? 1 : 0);
	search->positions++;
}
