#include "query/number.h"
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

enum { WORD = 400 };

static bool digits_only(struct span s, const char *allowed)
{
	for (size_t i = 0; i < s.left; i++)
		if (s.at[i] == '\0' || strchr(allowed, s.at[i]) == NULL)
			return false;
	return s.left > 0;
}

static bool whole_parse(struct span s, double *ret_value)
{
	unsigned base = 10;

	if (s.left > 2 && s.at[0] == '0' && (s.at[1] | 32) == 'x') {
		(void)span_cut(&s, 2);
		base = 16;
	} else if (s.left > 1 && s.at[0] == '0') {
		(void)span_cut(&s, 1);
		base = 8;
	}
	if (!digits_only(s, base == 16 ? "0123456789abcdefABCDEF" : base == 8 ? "01234567" :
	    "0123456789"))
		return false;
	int64_t value = 0;

	while (s.left > 0) {
		unsigned c = (unsigned)span_be(&s, 1), digit = c <= '9' ? c - '0' : (c | 32) - 'a' + 10;

		if (__builtin_mul_overflow(value, (int64_t)base, &value) ||
		    __builtin_add_overflow(value, (int64_t)digit, &value))
			return false;
	}
	*ret_value = (double)value;
	return true;
}

bool number_parse(struct span word, double *ret_value)
{
	char room[WORD], *end = NULL;
	struct span bare = word;
	double sign = 1;

	if (bare.left > 0 && (bare.at[0] == '-' || bare.at[0] == '+')) {
		sign = bare.at[0] == '-' ? -1 : 1;
		(void)span_cut(&bare, 1);
	}
	if (whole_parse(bare, ret_value)) {
		*ret_value *= sign;
		return true;
	}
	if (bare.left == 3 && (strncasecmp((const char *)bare.at, "inf", 3) == 0 ||
	    strncasecmp((const char *)bare.at, "nan", 3) == 0)) {
		*ret_value = (bare.at[0] | 32) == 'i' ? sign * INFINITY : NAN;
		return true;
	}
	if (bare.left >= sizeof room || !digits_only(bare, "0123456789.eE+-"))
		return false;
	memcpy(room, bare.at, bare.left);
	room[bare.left] = '\0';
	double value = strtod(room, &end);

	if (end != room + bare.left || (room[0] != '.' && (room[0] < '0' || room[0] > '9')) ||
	    isinf(value))
		return false;
	*ret_value = sign * value;
	return true;
}

bool duration_parse(struct span word, int64_t *ret_ms)
{
	static const struct {
		const char *name;
		int64_t ms;
	} units[] = { { "y", 31536000000 }, { "w", 604800000 }, { "d", 86400000 }, { "h", 3600000 },
		{ "m", 60000 }, { "s", 1000 }, { "ms", 1 } };
	enum { UNITS = sizeof units / sizeof *units };
	size_t unit = 0;
	int64_t total = 0;

	if (word.left == 0)
		return false;
	if (span_equal(word, "0")) {
		*ret_ms = 0;
		return true;
	}
	while (word.left > 0) {
		int64_t n = 0;
		size_t digits = 0, letters = 0;

		while (digits < word.left && word.at[digits] >= '0' && word.at[digits] <= '9')
			if (__builtin_mul_overflow(n, 10, &n) ||
			    __builtin_add_overflow(n, word.at[digits++] - '0', &n))
				return false;
		(void)span_cut(&word, digits);
		while (letters < word.left && word.at[letters] >= 'a' && word.at[letters] <= 'z')
			letters++;
		struct span name = span_cut(&word, letters);

		while (unit < UNITS && !span_equal(name, units[unit].name))
			unit++;
		if (digits == 0 || unit == UNITS ||
		    __builtin_mul_overflow(n, units[unit++].ms, &n) ||
		    __builtin_add_overflow(total, n, &total) || total > INT64_MAX / 1000000)
			return false;
	}
	*ret_ms = total;
	return true;
}

/* Decimal digits (no point) and the power of ten of the first. */
static int digits_of(double value, char *ret_digits, size_t room)
{
	char word[40];
	int precision = 14;

	do {
		(void)snprintf(word, sizeof word, "%.*e", precision, value);
	} while (strtod(word, NULL) != value && precision++ < 16);
	size_t n = 0;
	const char *e = strchr(word, 'e');

	for (const char *c = word; c < e && n + 1 < room; c++)
		if (*c >= '0' && *c <= '9')
			ret_digits[n++] = *c;
	while (n > 1 && ret_digits[n - 1] == '0')
		n--;
	ret_digits[n] = '\0';
	return (int)strtol(e + 1, NULL, 10);
}

static void plain_add_digits(struct text *out, const char *digits, int power)
{
	int n = (int)strlen(digits);

	if (power < 0)
		text_add(out, "0.");
	for (int i = power; i < -1; i++)
		text_add_char(out, '0');
	for (int i = 0; i < n || i <= power; i++) {
		text_add_char(out, i < n ? digits[i] : '0');
		if (i == power && i + 1 < n)
			text_add_char(out, '.');
	}
}

static bool special_add(struct text *out, double value)
{
	if (isnan(value))
		text_add(out, "NaN");
	else if (isinf(value))
		text_add(out, value > 0 ? "+Inf" : "-Inf");
	else if (value == 0)
		text_add(out, signbit(value) ? "-0" : "0");
	else
		return false;
	return true;
}

/* Up to four decimals of a small number: what readings are, and quick. */
static bool quick_add(struct text *out, double value)
{
	double scaled = value * 10000;
	int64_t whole = fabs(scaled) < 9e14 ? llround(scaled) : 0;
	char word[24];
	unsigned places = 4;

	if (whole == 0 || (double)whole / 10000 != value)
		return false;
	for (; places > 0 && whole % 10 == 0; places--)
		whole /= 10;
	size_t at = sizeof word;
	uint64_t rest = whole < 0 ? 0 - (uint64_t)whole : (uint64_t)whole;

	for (unsigned i = 0; rest > 0 || i <= places; i++, rest /= 10) {
		if (i == places && places > 0)
			word[--at] = '.';
		word[--at] = (char)('0' + rest % 10);
	}
	if (whole < 0)
		text_add_char(out, '-');
	text_add_span(out, span_of(word + at, sizeof word - at));
	return true;
}

void number_add_plain(struct text *out, double value)
{
	char digits[24];

	if (special_add(out, value) || quick_add(out, value))
		return;
	int power = digits_of(fabs(value), digits, sizeof digits);

	if (value < 0)
		text_add_char(out, '-');
	plain_add_digits(out, digits, power);
}

void number_add(struct text *out, double value)
{
	char digits[24];
	double size = fabs(value);

	if (!isfinite(value) || value == 0 || (size >= 1e-6 && size < 1e21)) {
		number_add_plain(out, value);
		return;
	}
	int power = digits_of(size, digits, sizeof digits);

	text_addf(out, "%s%c%s%se%+03d", value < 0 ? "-" : "", digits[0], digits[1] != '\0' ? "." : "",
	    digits + 1, power);
}

void seconds_add(struct text *out, int64_t ms)
{
	uint64_t size = ms < 0 ? 0 - (uint64_t)ms : (uint64_t)ms;

	text_addf(out, "%s%llu", ms < 0 ? "-" : "", (unsigned long long)(size / 1000));
	if (size % 1000 != 0)
		text_addf(out, ".%03u", (unsigned)(size % 1000));
}
