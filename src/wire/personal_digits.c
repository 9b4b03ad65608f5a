/* src/wire/personal_digits.c - numbers: groups of digits with one kind of separator, and
 * which of them are a card, a My Number, a phone, an account, a device. */
#include "wire/personal.h"

enum { DIGITS_MAX = 40, GROUPS_MAX = 8, CONTEXT = 48 };

struct number {
	char digits[DIGITS_MAX];
	uint8_t group[GROUPS_MAX]; /* digits of each */
	size_t n, groups;
	uint8_t separator; /* '-' or ' ', 0 for none */
	bool plus;	   /* + before it */
	bool ends_well;	   /* no letter or digit touches it */
	bool goes_on;	   /* more groups than anything has that is looked for */
	size_t length;	   /* bytes of the text */
	struct span text;  /* as written */
};

static bool is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}
static bool is_word(uint8_t c)
{
	return is_digit(c) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c == '_';
}

bool personal_luhn(const char *digits, size_t n)
{
	unsigned sum = 0;

	for (size_t i = 0; i < n; i++) {
		unsigned d = (unsigned)(digits[n - 1 - i] - '0');

		if (i % 2 == 1)
			d = d * 2 > 9 ? d * 2 - 9 : d * 2;
		sum += d;
	}
	return sum % 10 == 0;
}

/* What may stand between two groups: a dash, a blank, and what a blank is where lines must
 * not break.  How many bytes, 0: it is none, or no digit is behind it. */
static size_t gap_at(struct span text, size_t i, uint8_t *ret_gap)
{
	static const char entity[] = "&nbsp;";
	size_t n = 1;

	*ret_gap = i < text.left ? text.at[i] : 0;
	if (*ret_gap == 0xc2 && i + 1 < text.left && text.at[i + 1] == 0xa0)
		n = 2;
	else if (*ret_gap == '&' && text.left - i >= sizeof entity &&
	    memcmp(text.at + i, entity, sizeof entity - 1) == 0)
		n = sizeof entity - 1;
	else if (*ret_gap != '-' && *ret_gap != ' ')
		return 0;
	*ret_gap = n > 1 ? ' ' : *ret_gap;
	return i + n < text.left && is_digit(text.at[i + n]) ? n : 0;
}

/* "4111.1111.1111.1111" and no more digits or dots. */
static bool is_dotted(struct span text, size_t from)
{
	enum { ALL = 19 };

	if (text.left - from < ALL || (text.left - from > ALL && is_digit(text.at[from + ALL])))
		return false;
	for (size_t i = 0; i < ALL; i++)
		if (i % 5 == 4 ? text.at[from + i] != '.' : !is_digit(text.at[from + i]))
			return false;
	return true;
}

static struct number number_at(struct span text, size_t from)
{
	struct number is = { .group = { 0 } };
	bool dotted = is_dotted(text, from);
	size_t i = from;

	is.ends_well = from == 0 || !(is_word(text.at[from - 1]) || text.at[from - 1] == '.' ||
		text.at[from - 1] == '%' || text.at[from - 1] == '-');
	is.plus = from > 0 && text.at[from - 1] == '+';
	for (;;) {
		size_t group = 0;

		while (i < text.left && is_digit(text.at[i])) {
			if (is.n < DIGITS_MAX)
				is.digits[is.n++] = (char)text.at[i];
			group++;
			i++;
		}
		is.goes_on = is.groups == GROUPS_MAX;
		if (is.groups < GROUPS_MAX)
			is.group[is.groups++] = (uint8_t)(group < 255 ? group : 255);
		uint8_t gap = 0;
		size_t n = gap_at(text, i, &gap);

		if (n == 0 && dotted && gap == '.' && is.groups < 4)
			n = 1;
		if (n == 0 || (is.separator != 0 && is.separator != gap && !is.plus))
			break;
		is.separator = gap;
		i += n;
	}
	if (i < text.left && (is_word(text.at[i]) ||
		(text.at[i] == '.' && i + 1 < text.left && is_digit(text.at[i + 1]))))
		is.ends_well = false;
	is.length = i - from;
	is.text = span_of(text.at + from, is.length);
	return is;
}

static unsigned few(const char *digits, size_t n)
{
	unsigned seen = 0;

	for (size_t i = 0; i < n; i++)
		seen |= 1u << (digits[i] - '0');
	return (unsigned)__builtin_popcount(seen);
}

static unsigned prefix(const char *digits, size_t n)
{
	unsigned value = 0;

	for (size_t i = 0; i < n; i++)
		value = value * 10 + (unsigned)(digits[i] - '0');
	return value;
}

/* Issuers (ISO/IEC 7812-1) and the lengths they use; named: a word for a card is near. */
static bool issuer_good(const char *digits, size_t n, bool named)
{
	unsigned p4 = prefix(digits, 4), p2 = p4 / 100;

	if (digits[0] == '4')
		return n == 16 || (named && (n == 13 || n == 19));
	if ((p2 >= 51 && p2 <= 55) || (p4 >= 2221 && p4 <= 2720))
		return n == 16;
	if (p2 == 34 || p2 == 37)
		return n == 15 && named;
	if (p4 >= 3528 && p4 <= 3589)
		return n == 16;
	if (p2 == 36 || p2 == 38 || p2 == 39 || (p4 >= 3000 && p4 <= 3059))
		return n == 14 && named;
	if (p4 == 6011 || (p4 >= 6440 && p4 <= 6599))
		return n == 16 || (named && n == 19);
	if (p2 == 62)
		return n == 16 || (named && n >= 17 && n <= 19);
	return named && (p2 == 50 || (p2 >= 56 && p2 <= 58)) && n >= 12 && n <= 19;
}

/* Written as cards are: one piece, fours, or 4-6-5. */
static bool grouped_as_card(const uint8_t *group, size_t groups)
{
	if (groups == 3)
		return group[0] == 4 && group[1] == 6;
	for (size_t i = 0; groups > 1 && i < groups; i++)
		if (group[i] != 4 && !(i + 1 == groups && group[i] <= 4))
			return false;
	return true;
}

struct piece {
	const char *digits;
	size_t n;
	const uint8_t *group;
	size_t groups;
};

enum card { CARD_NO, CARD_DOUBTFUL, CARD_YES };

static enum card try_card(const struct personal_at *at, const struct piece *is, unsigned hints)
{
	const char *digits = is->digits;
	size_t n = is->n;
	bool named = hints & HINT_CARD;

	if (n < 13 || n > 19 || !issuer_good(digits, n, named) || !grouped_as_card(is->group, is->groups) ||
	    few(digits, n) < 3)
		return CARD_NO;
	if (!named && (hints & (HINT_NOT | HINT_DEVICE)))
		return CARD_NO;
	if (!personal_luhn(digits, n))
		return CARD_DOUBTFUL;
	personal_say(at, PERSONAL_CARD, named ? GRADE_CERTAIN
	    : is->groups > 1 ? GRADE_LIKELY : GRADE_POSSIBLE, span_of(digits, n));
	return CARD_YES;
}

/* Check digit of the individual number: P_n the n-th digit from the right of the first
 * eleven, Q_n = n + 1 to the sixth and n - 5 from the seventh. */
static bool my_number_good(const char *digits)
{
	unsigned sum = 0;

	for (unsigned n = 1; n <= 11; n++)
		sum += (unsigned)(digits[11 - n] - '0') * (n <= 6 ? n + 1 : n - 5);
	unsigned rest = sum % 11;

	return (rest <= 1 ? 0 : 11 - rest) == (unsigned)(digits[11] - '0');
}

static bool try_phone(const struct personal_at *at, const struct number *is, unsigned hints)
{
	bool named = hints & HINT_PHONE;
	bool mobile = is->n == 11 && is->digits[0] == '0' && is->digits[2] == '0' &&
	    is->digits[1] >= '7' && is->digits[1] <= '9';
	bool split = is->separator == '-' && is->groups == 3;
	enum grade grade = named ? GRADE_CERTAIN : GRADE_LIKELY;

	if (hints & HINT_NOT && !named)
		return false;
	if (mobile && ((split && is->group[0] == 3 && is->group[1] == 4) || (is->groups == 1 && named))) {
		personal_say(at, PERSONAL_PHONE, grade, is->text);
		return true;
	}
	if (mobile && is->groups == 1) {
		personal_say(at, PERSONAL_PHONE, GRADE_POSSIBLE, is->text);
		return true;
	}
	/* 0081-90-1234-5678: as it is dialled from abroad */
	if (is->n >= 13 && memcmp(is->digits, "0081", 4) == 0 && (named || is->groups > 2)) {
		personal_say(at, PERSONAL_PHONE, grade, is->text);
		return true;
	}
	if (is->plus && is->n >= 10 && is->n <= 15 && (named || is->groups > 2 ||
		(is->n == 12 && prefix(is->digits, 2) == 81))) {
		personal_say(at, PERSONAL_PHONE, grade, is->text);
		return true;
	}
	/* a land line says little without its word */
	if (named && (is->n == 10 || is->n == 11) && (is->digits[0] == '0' || split)) {
		personal_say(at, PERSONAL_PHONE, GRADE_LIKELY, is->text);
		return true;
	}
	return false;
}

static bool try_device(const struct personal_at *at, const struct number *is, unsigned hints)
{
	if (!(hints & HINT_IMEI) || is->n < 14 || is->n > 20 || few(is->digits, is->n) < 3)
		return false;
	bool subscriber = is->n == 15 && prefix(is->digits, 2) == 44;
	bool checked = is->n == 15 && personal_luhn(is->digits, is->n);

	if (!checked && !subscriber && is->n != 19 && is->n != 20 && is->n != 16)
		return false;
	personal_say(at, PERSONAL_DEVICE, checked ? GRADE_CERTAIN : GRADE_LIKELY,
	    span_of(is->digits, is->n));
	return true;
}

/* All runs of whole groups: "12 4111 1111 1111 1111 10/28". */
static bool try_cards(const struct personal_at *at, const struct number *is, unsigned hints)
{
	const struct personal_sink *sink = at->search->sink;
	size_t first = 0, doubtful = 0;

	for (size_t s = 0; s < is->groups; first += is->group[s], s++) {
		size_t n = 0;

		for (size_t e = s; e < is->groups && first + n <= is->n; e++) {
			n += is->group[e];
			struct piece piece = { is->digits + first, n, is->group + s, e - s + 1 };

			enum card card = first + n <= is->n ? try_card(at, &piece, hints) : CARD_NO;

			if (card == CARD_YES)
				return true;
			if (card == CARD_DOUBTFUL)
				doubtful = piece.groups;
		}
	}
	if (doubtful > 0 && !(hints & HINT_CARD) && !at->everybody && sink->doubt != NULL)
		sink->doubt(sink->context, at->leaf, doubtful > 1 ? GRADE_LIKELY : GRADE_POSSIBLE);
	return false;
}

/* Most runs of digits are short and alone: too few for anything. */
static size_t short_run(struct span text, size_t from)
{
	size_t i = from;

	while (i < text.left && is_digit(text.at[i]))
		i++;
	uint8_t gap = 0;

	if (i - from >= 7 || gap_at(text, i, &gap) > 0 ||
	    (gap == '.' && i - from == 4 && is_dotted(text, from)))
		return 0;
	return i - from;
}

/* As on a card's magnetic stripe (ISO/IEC 7813): %B4111...^ on the first track, ;4111...= on
 * the second. */
static bool is_stripe(struct span text, size_t from, size_t end)
{
	uint8_t behind = end < text.left ? text.at[end] : 0;

	return (from > 0 && text.at[from - 1] == ';' && behind == '=') ||
	    (from > 1 && text.at[from - 2] == '%' && (text.at[from - 1] | 0x20) == 'b' && behind == '^');
}

/* An account of Japan's post bank: a symbol of five digits that begins with 1 and, behind the
 * word for number, at most eight digits that end in 1. */
static bool is_post_bank(struct span before, const struct number *is)
{
	static const char symbol[] = "\xe8\xa8\x98\xe5\x8f\xb7", number[] = "\xe7\x95\xaa\xe5\x8f\xb7";
	const uint8_t *at = before.left < 12 ? NULL : memmem(before.at, before.left, symbol, 6);
	size_t digits = 0;

	if (at == NULL || is->groups != 1 || is->n < 7 || is->n > 8 || is->digits[is->n - 1] != '1')
		return false;
	(void)span_cut(&before, (size_t)(at - before.at) + 6);
	while (before.left > 0 && !is_digit(*before.at))
		(void)span_cut(&before, 1);
	if (before.left < 5 || *before.at != '1')
		return false;
	while (digits < before.left && is_digit(before.at[digits]))
		digits++;
	return digits == 5 && memmem(before.at, before.left, number, 6) != NULL;
}

size_t personal_digits(const struct personal_at *at, struct span text, size_t from)
{
	size_t few_only = short_run(text, from);

	if (few_only > 0)
		return few_only;
	struct number is = number_at(text, from);
	size_t back = from < CONTEXT ? from : CONTEXT;
	struct span before = span_of(text.at + from - back, back);
	bool stripe = is.n >= 13 && is_stripe(text, from, from + is.length);
	bool maybe = is.n >= 10 || (is.groups == 1 && (is.n == 7 || is.n == 8));

	if (!(is.ends_well || stripe) || !maybe || is.n >= DIGITS_MAX || is.goes_on)
		return is.length;
	unsigned hints = at->hints | personal_hints(before) | (stripe ? HINT_CARD : 0);

	if (try_device(at, &is, hints) || (is.n >= 13 && try_cards(at, &is, hints)))
		return is.length;
	if (is.n == 12 && (hints & HINT_MY_NUMBER) && my_number_good(is.digits) &&
	    few(is.digits, 12) > 1) {
		personal_say(at, PERSONAL_MY_NUMBER, GRADE_CERTAIN, span_of(is.digits, 12));
		return is.length;
	}
	if (is.n >= 10 && is.n <= 15 && try_phone(at, &is, hints))
		return is.length;
	if (is.n <= 8 && hints & HINT_POST_BANK && is_post_bank(before, &is))
		personal_say(at, PERSONAL_BANK, GRADE_LIKELY, is.text);
	else if (is.n == 7 && (hints & HINT_BANK) && !(hints & HINT_NOT))
		personal_say(at, PERSONAL_BANK, GRADE_LIKELY, span_of(is.digits, 7));
	return is.length;
}
