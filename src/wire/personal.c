/* src/wire/personal.c - one pass over the text for what may begin something; masks. */
#include "wire/personal.h"
#include "base/drop.h"
#include "base/hash.h"
#include "base/limits.h"
#include "base/number.h"
#include "base/utf8.h"
#include "wire/body.h"
#include "wire/charset.h"
#include "wire/exif.h"
#include <stdio.h>
#include <stdlib.h>

const char *personal_word(uint8_t category)
{
	static const char *const words[] = {
#define X(name, word) word,
		PERSONAL_CATEGORIES(X)
#undef X
	};

	return category < PERSONAL_ALL ? words[category] : "";
}

const char *grade_word(uint8_t grade)
{
	return grade == GRADE_CERTAIN ? "certain" : grade == GRADE_LIKELY ? "likely" : "possible";
}

void value_mask(struct span value, char ret_masked[MASKED_MAX])
{
	enum { SHOWN = 2, STARS_MAX = 16 };
	size_t characters = utf8_count(value), n = 0, i = 0;
	size_t stars = characters > 2 * SHOWN ? characters - 2 * SHOWN : characters;
	bool hides_all = characters <= 2 * SHOWN;

	stars = stars < STARS_MAX ? stars : STARS_MAX;
	for (; value.left > 0; i++) {
		const uint8_t *at = value.at;
		size_t before = value.left;
		uint32_t c = 0;
		bool shown = !hides_all && (i < SHOWN || i >= characters - SHOWN);
		bool good = utf8_cut(&value, &c) && c >= ' ' && c != 0x7f;
		size_t bytes = before - value.left;

		if (i == (hides_all ? 0 : SHOWN))
			for (size_t s = 0; s < stars; s++)
				ret_masked[n++] = '*';
		if (!shown)
			continue;
		if (!good)
			ret_masked[n++] = '?';
		else
			for (size_t b = 0; b < bytes && n + 1 < MASKED_MAX; b++)
				ret_masked[n++] = (char)at[b];
	}
	ret_masked[n] = '\0';
}

void secret_mask(struct span value, char ret_masked[MASKED_MAX])
{
	size_t characters = utf8_count(value);
	size_t stars = characters == 0 ? 0 : characters < 8 ? 4 : characters < 16 ? 8 : 12;

	memset(ret_masked, '*', stars);
	ret_masked[stars] = '\0';
}

bool personal_no_name(struct span name)
{
	enum { DIGITS = 7 };
	unsigned run = 0;

	for (size_t i = 0; i < name.left; i++) {
		run = name.at[i] >= '0' && name.at[i] <= '9' ? run + 1 : 0;
		if (run == DIGITS || name.at[i] == '@')
			return true;
	}
	return false;
}

struct span personal_key(struct span name, char ret_masked[MASKED_MAX])
{
	if (!personal_no_name(name))
		return name;
	value_mask(name, ret_masked);
	return span_text(ret_masked);
}

void personal_say(const struct personal_at *at, enum personal_category category,
    enum grade grade, struct span value)
{
	struct personal what = { .category = (uint8_t)category, .grade = (uint8_t)grade,
		.hash = hash_of(value, at->search->seed + category) };

	/* what a server sends to everybody is about nobody, unless it can be nothing else */
	if (at->everybody && (grade != GRADE_CERTAIN || (category != PERSONAL_CARD &&
		category != PERSONAL_MY_NUMBER && category != PERSONAL_CONTACT)))
		return;
	if (category == PERSONAL_CREDENTIAL)
		secret_mask(value, what.masked);
	else
		value_mask(value, what.masked);
	at->search->sink->found(at->search->sink->context, at->leaf, &what);
}

void personal_credential(const struct personal_search *search, struct span user,
    struct span secret, struct personal *ret_personal)
{
	struct personal what = { .category = PERSONAL_CREDENTIAL, .grade = GRADE_CERTAIN,
		.hash = hash_of(secret, hash_of(user, search->seed)) };

	if (user.left > 0)
		value_mask(user, what.masked);
	else
		secret_mask(secret, what.masked);
	*ret_personal = what;
}

void personal_place_say(const struct personal_at *at, enum personal_category category,
    enum grade grade, const int64_t micro[2])
{
	char text[64];
	int n = snprintf(text, sizeof text, "%s%lld.%06lld,%s%lld.%06lld", micro[0] < 0 ? "-" : "",
	    (long long)(llabs(micro[0]) / 1000000), (long long)(llabs(micro[0]) % 1000000),
	    micro[1] < 0 ? "-" : "", (long long)(llabs(micro[1]) / 1000000),
	    (long long)(llabs(micro[1]) % 1000000));

	personal_say(at, category, grade, span_of(text, (size_t)n));
}

/* Latitude and longitude come as two leaves of one message. */
void personal_half_place(const struct personal_at *at, struct span value, int which)
{
	struct personal_search *s = at->search;
	const uint8_t *dot = value.left == 0 ? NULL : memchr(value.at, '.', value.left);
	int64_t micro = 0, most = which == 0 ? 90000000 : 180000000;

	if (dot == NULL || number_read(value, 6, &micro) != KS_OK || micro > most || micro < -most)
		return;
	s->has[which] = true;
	s->micro[which] = micro;
	s->places[which] = (uint8_t)(value.at + value.left - dot - 1);
	if (!s->has[0] || !s->has[1] || (s->micro[0] == 0 && s->micro[1] == 0))
		return;
	s->has[0] = s->has[1] = false;
	/* three places are a hundred metres, two a kilometre */
	uint8_t places = s->places[0] > s->places[1] ? s->places[0] : s->places[1];

	if (places >= 2)
		personal_place_say(at, PERSONAL_LOCATION, places >= 4 ? GRADE_CERTAIN
		    : places == 3 ? GRADE_LIKELY : GRADE_POSSIBLE, s->micro);
}

enum { CLASS_NOTHING, CLASS_DIGIT, CLASS_AT, CLASS_WIDE, CLASS_DEGREE };
static const uint8_t classes[256] = { ['0'] = CLASS_DIGIT, ['1'] = CLASS_DIGIT,
	['2'] = CLASS_DIGIT, ['3'] = CLASS_DIGIT, ['4'] = CLASS_DIGIT, ['5'] = CLASS_DIGIT,
	['6'] = CLASS_DIGIT, ['7'] = CLASS_DIGIT, ['8'] = CLASS_DIGIT, ['9'] = CLASS_DIGIT,
	['@'] = CLASS_AT, [0xc2] = CLASS_DEGREE,
	[0xe5] = CLASS_WIDE, [0xe7] = CLASS_WIDE, [0xe9] = CLASS_WIDE };

/* Eight bytes at once: an @, a byte of other than ASCII, or three digits in a row?  All
 * that is looked for has one of them.  (Exact for digits; the carry of a byte below may
 * make one more look, never one less.) */
static bool word_dull(const uint8_t *at)
{
	const uint64_t ones = 0x0101010101010101u, high = ones << 7;
	uint64_t w, zeros, digits;

	memcpy(&w, at, sizeof w);
	zeros = w ^ ones * '@';
	zeros = (zeros - ones) & ~zeros & high; /* where the byte is an @ */
	digits = w ^ ones * '0';
	digits = ~(digits + ones * (0x80 - 10)) & ~digits & high; /* 0 to 9 */
	return ((zeros | (w & high) | (digits & digits >> 8 & digits >> 16)) == 0);
}

/* A number is looked at from its first group on: "03-1234-5678" begins at the 0. */
static size_t number_start(struct span text, size_t at, size_t from)
{
	while (at > from) {
		bool digit = classes[text.at[at - 1]] == CLASS_DIGIT;
		bool joined = at - 1 > from && (text.at[at - 1] == '-' || text.at[at - 1] == ' ' ||
			text.at[at - 1] == '.') && classes[text.at[at - 2]] == CLASS_DIGIT;

		if (!digit && !joined)
			break;
		at--;
	}
	return at;
}

/* "03.1234", "03(1234" */
static bool is_written(struct span text, size_t i)
{
	size_t n = 2;

	if (text.at[i] != '0' || i + 6 > text.left || classes[text.at[i + 1]] != CLASS_DIGIT)
		return false;
	while (n < 5 && classes[text.at[i + n]] == CLASS_DIGIT)
		n++;
	return text.at[i + n] == '.' || text.at[i + n] == '(';
}

/* Behind the number at text[i]. */
static size_t number_search(const struct personal_at *at, struct span text, size_t i)
{
	uint8_t before = i > 0 ? text.at[i - 1] : 0;
	size_t n = 0;

	if (before == ' ' && i > 1)
		before = text.at[i - 2];
	if (before == '(' || before == ')' || is_written(text, i))
		n = personal_written_phone(at, text, i);
	return i + (n > 0 ? n : personal_digits(at, text, i));
}

static void text_search(const struct personal_at *at, struct span text)
{
	enum { STEP = 6 }; /* of words of 8: three in a row lie within one of them */
	size_t from = 0, i = 0;
	bool wide = false;

	while (i < text.left) {
		while (i + 8 <= text.left && word_dull(text.at + i))
			i += STEP;
		switch (classes[text.at[i]]) {
		case CLASS_DIGIT:
			i = number_start(text, i, from);
			if (i + 3 < text.left && (text.at[i + 1] == '.' || text.at[i + 2] == '.' ||
				text.at[i + 3] == '.'))
				personal_coordinates(at, text, i);
			i = number_search(at, text, i);
			from = i;
			continue;
		case CLASS_AT:
			personal_email(at, text, i);
			break;
		case CLASS_WIDE:
			wide = true;
			break;
		case CLASS_DEGREE:
			if (i + 1 < text.left && text.at[i + 1] == 0xb0)
				personal_degrees(at, text, i);
			break;
		default:
			break;
		}
		i++;
	}
	if (wide)
		personal_address(at, text);
}

/* The name on a card is what tells one from another. */
static void contacts_search(const struct personal_at *at, struct span text)
{
	static const char begin[] = "BEGIN:VCARD";

	for (int n = 0; n < 256; n++) {
		const uint8_t *card = text.left > 0 ? memmem(text.at, text.left, begin, sizeof begin - 1) : NULL;

		if (card == NULL)
			return;
		(void)span_cut(&text, (size_t)(card - text.at) + sizeof begin - 1);
		struct span lines = text, name = span_of(begin, sizeof begin - 1);

		while (lines.left > 0) {
			struct span line = span_until(&lines, '\n'), key = span_until(&line, ':');

			if (word_is(key, "FN") || word_in(key, "FN;")) {
				name = span_trim(line);
				break;
			}
			if (word_is(span_trim(key), "END"))
				break;
		}
		personal_say(at, PERSONAL_CONTACT, GRADE_CERTAIN, name);
	}
}

static bool ends_coordinates(struct span key)
{
	static const char word[] = "coordinates";
	size_t n = sizeof word - 1;

	return key.left >= n && word_is(span_of(key.at + key.left - n, n), word);
}

void personal_take(struct personal_search *search, const struct said_body *leaf)
{
	struct personal_at at = { search, leaf, personal_hints(leaf->key),
		search->from_server && word_in(leaf->content_type, "html") };
	struct span text = leaf->bytes;
	int64_t place[2] = { 0, 0 };

	if (leaf->number != search->number) {
		search->has[0] = search->has[1] = false;
		search->positions = 0;
		search->pieces.count = 0;
		search->number = leaf->number;
	}
	if (leaf->kind == BODY_BYTES) {
		if (exif_place(text, place))
			personal_place_say(&at, PERSONAL_PHOTO, GRADE_CERTAIN, place);
		return;
	}
	KS_DROP(text) struct text narrow;

	text_init(&narrow, LIMIT_BODY_PLAIN);
	text = charset_narrow(text, &narrow);
	if (text.left < 24 && (at.hints & (HINT_LATITUDE | HINT_LONGITUDE)))
		personal_half_place(&at, span_trim(text), at.hints & HINT_LONGITUDE ? 1 : 0);
	if (text.left < 24 && leaf->kind == BODY_JSON && ends_coordinates(leaf->key))
		personal_position(&at, span_trim(text));
	personal_places(&at, text);
	if (leaf->key.left > 0)
		personal_field(&at, span_trim(text));
	search->drawing = DRAWING_UNKNOWN;
	if (text.left <= PIECES_ROOM && (search->pieces.count > 0 ||
		at.hints & (HINT_PHONE | HINT_CARD | HINT_MY_NUMBER)))
		personal_piece(&at, span_trim(text));
	if (leaf->kind == BODY_URI)
		personal_uri(&at, text);
	text_search(&at, text);
	if (text.left > 20)
		contacts_search(&at, text);
}
