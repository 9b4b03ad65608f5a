/* src/wire/personal_written.c - numbers as people write them and forms ask for them: phones
 * with parentheses or dots, a number in several fields, degrees with minutes and seconds. */
#include "base/hash.h"
#include "base/number.h"
#include "wire/body.h"
#include "wire/personal.h"

enum { PHONE_ROOM = 24, CONTEXT = 48 };

static bool is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}
static bool is_phone_sign(uint8_t c)
{
	return is_digit(c) || c == '(' || c == ')' || c == '-' || c == ' ' || c == '.' || c == '+';
}

struct written {
	char digits[PHONE_ROOM];
	size_t n, groups, last; /* digits in all, groups, digits of the last */
	bool signs, open, wrong; /* parentheses or dots are there; one is open */
};

/* "+81 (0)90-1234-5678" is 09012345678. */
static void home_number(struct written *is)
{
	size_t skip = is->n > 3 && memcmp(is->digits, "810", 3) == 0 ? 2 : 0;

	is->n -= skip;
	memmove(is->digits, is->digits + skip, is->n);
}

static struct written written_read(struct span s)
{
	struct written is = { .n = 0 };
	bool inside = false;

	for (size_t i = 0; i < s.left; i++) {
		uint8_t c = s.at[i];

		is.signs |= c == '(' || c == '.';
		is.wrong |= (c == '(' && is.open) || (c == ')' && !is.open) || (c == '+' && i > 0);
		is.open = c == '(' || (is.open && c != ')');
		if (is_digit(c) && is.n < PHONE_ROOM)
			is.digits[is.n++] = (char)c;
		is.last = !is_digit(c) ? is.last : inside ? is.last + 1 : 1;
		is.groups += is_digit(c) && !inside;
		inside = is_digit(c);
	}
	if (s.left > 0 && *s.at == '+')
		home_number(&is);
	return is;
}

/* 10 or 11 digits that begin with a 0 and end in four of one group. */
static bool is_phone(const struct written *is)
{
	bool mobile = is->n == 11 && is->digits[2] == '0' && is->digits[1] >= '5' && is->digits[1] <= '9';

	return is->signs && !is->wrong && !is->open && (is->n == 10 || mobile) &&
	    is->digits[0] == '0' && is->digits[1] != '0' && is->last == 4 && is->groups >= 2 &&
	    is->groups <= 4;
}

size_t personal_written_phone(const struct personal_at *at, struct span text, size_t from)
{
	size_t start = from, end = from;

	while (start > 0 && from - start < 12 && is_phone_sign(text.at[start - 1]))
		start--;
	while (start < from && !is_digit(text.at[start]) && text.at[start] != '(' && text.at[start] != '+')
		start++;
	while (end < text.left && end - start < PHONE_ROOM && is_phone_sign(text.at[end]))
		end++;
	while (end > from && !is_digit(text.at[end - 1]))
		end--;
	struct span whole = span_of(text.at + start, end - start);
	struct written is = written_read(whole);

	if (end <= from || !is_phone(&is) || (start > 0 && text.at[start - 1] >= 'A' &&
		text.at[start - 1] < 0x80) || (end < text.left && is_digit(text.at[end])))
		return 0;
	size_t back = start < CONTEXT ? start : CONTEXT;
	unsigned hints = at->hints | personal_hints(span_of(text.at + start - back, back));
	bool named = hints & (HINT_PHONE | HINT_CONTACT), round = memchr(whole.at, '(', whole.left) != NULL;

	/* a land line says little without its word; dots are of versions and addresses */
	if (!named && (hints & HINT_NOT || is.n != 11 || !round))
		return 0;
	personal_say(at, PERSONAL_PHONE, hints & HINT_PHONE && is.n == 11 ? GRADE_CERTAIN : GRADE_LIKELY,
	    whole);
	return end - from;
}

/* "tel1", "card_no[2]", "a.tel-3": the name before the number, and the number. */
static bool piece_name(struct span key, struct span *ret_stem, unsigned *ret_index)
{
	size_t end = key.left, start;

	while (end > 0 && key.at[end - 1] == ']')
		end--;
	start = end;
	while (start > 0 && end - start < 3 && is_digit(key.at[start - 1]))
		start--;
	if (start == end || start == 0)
		return false;
	*ret_index = 0;
	for (size_t i = start; i < end; i++)
		*ret_index = *ret_index * 10 + (unsigned)(key.at[i] - '0');
	*ret_stem = span_of(key.at, start);
	return true;
}

static bool is_piece(struct span value)
{
	enum { PIECE_MOST = 6 };

	for (size_t i = 0; i < value.left; i++)
		if (!is_digit(value.at[i]))
			return false;
	return value.left > 1 && value.left <= PIECE_MOST;
}

void personal_piece(const struct personal_at *at, struct span value)
{
	struct personal_pieces *pieces = &at->search->pieces;
	struct span stem = { .left = 0 };
	unsigned index = 0;

	if (!(at->hints & (HINT_PHONE | HINT_CARD | HINT_MY_NUMBER)) || !is_piece(value) ||
	    !piece_name(at->leaf->key, &stem, &index)) {
		pieces->count = 0;
		return;
	}
	uint64_t hash = hash_of(stem, at->search->seed);
	bool next = pieces->count > 0 && pieces->stem == hash && index == pieces->index + 1;

	if (!next || pieces->n + 1u + value.left > PIECES_ROOM)
		*pieces = (struct personal_pieces){ .stem = hash };
	if (pieces->n > 0)
		pieces->joined[pieces->n++] = '-';
	memcpy(pieces->joined + pieces->n, value.at, value.left);
	pieces->n = (uint8_t)(pieces->n + value.left);
	pieces->index = index;
	if (++pieces->count > 2)
		(void)personal_digits(at, span_of(pieces->joined, pieces->n), 0);
}

/* Whole degrees before the sign, then minutes and seconds with their signs: millionths. */
static bool degrees_read(struct span text, size_t sign, int64_t *ret_micro, size_t *ret_end)
{
	static const char *const marks[2][3] = { { "'", "\xe2\x80\xb2", "\xe2\x80\x99" },
		{ "\"", "\xe2\x80\xb3", "\xe2\x80\x9d" } };
	size_t start = sign, at = sign + 2;
	int64_t micro = 0, part = 0;

	while (start > 0 && sign - start < 3 && is_digit(text.at[start - 1]))
		start--;
	if (number_read(span_of(text.at + start, sign - start), 6, &micro) != KS_OK)
		return false;
	for (size_t k = 0; k < 2; k++) {
		size_t n = 0, mark = 0;

		while (at < text.left && text.at[at] == ' ')
			at++;
		while (at + n < text.left && n < 12 && (is_digit(text.at[at + n]) || text.at[at + n] == '.'))
			n++;
		if (n == 0 || number_read(span_of(text.at + at, n), 6, &part) != KS_OK)
			return false;
		at += n;
		for (size_t m = 0; m < 3; m++)
			if (at + strlen(marks[k][m]) <= text.left &&
			    memcmp(text.at + at, marks[k][m], strlen(marks[k][m])) == 0)
				mark = strlen(marks[k][m]);
		if (mark == 0 || part >= 60000000)
			return false;
		at += mark;
		micro += part / (k == 0 ? 60 : 3600);
	}
	*ret_micro = micro;
	*ret_end = at;
	return true;
}

/* The letter behind, blanks before it. */
static uint8_t letter_behind(struct span text, size_t *at)
{
	while (*at < text.left && text.at[*at] == ' ')
		(*at)++;
	return *at < text.left ? text.at[(*at)++] | 0x20 : 0;
}

void personal_degrees(const struct personal_at *at, struct span text, size_t from)
{
	enum { BETWEEN = 12 };
	int64_t micro[2] = { 0, 0 };
	size_t end = 0;

	if (!degrees_read(text, from, &micro[0], &end))
		return;
	uint8_t north = letter_behind(text, &end);
	size_t left = end < text.left ? text.left - end : 0;
	const uint8_t *next = left == 0 || (north != 'n' && north != 's') ? NULL
	    : memmem(text.at + end, left < BETWEEN ? left : BETWEEN, "\xc2\xb0", 2);

	if (next == NULL || !degrees_read(text, (size_t)(next - text.at), &micro[1], &end))
		return;
	uint8_t east = letter_behind(text, &end);

	if ((east != 'e' && east != 'w') || micro[0] > 90000000 || micro[1] > 180000000)
		return;
	micro[0] = north == 's' ? -micro[0] : micro[0];
	micro[1] = east == 'w' ? -micro[1] : micro[1];
	personal_place_say(at, PERSONAL_LOCATION, GRADE_LIKELY, micro);
}
