#include "base/number.h"
#include <stdbool.h>

__extension__ typedef __int128 wide_int; /* gcc and clang have it on every 64-bit machine */

enum { EXPONENT_MAX = 40 };

/* Digits into *value; *scale falls by one a digit when they stand after the point. */
static bool take_digits(struct span *s, bool fraction, wide_int *value, int *scale)
{
	bool some = false;

	for (; s->left > 0 && *s->at >= '0' && *s->at <= '9'; (void)span_cut(s, 1)) {
		some = true;
		if (*value > ((wide_int)1 << 120) / 10) {
			*scale += fraction ? 0 : 1; /* too long: keep the size only */
			continue;
		}
		*value = *value * 10 + (*s->at - '0');
		*scale -= fraction ? 1 : 0;
	}
	return some;
}

static bool take_sign(struct span *s)
{
	if (s->left == 0 || (*s->at != '-' && *s->at != '+'))
		return false;
	return span_cut(s, 1).at[0] == '-';
}

/* "e-3" at the front of s; nothing is cut when no exponent stands there. */
static int take_exponent(struct span *s)
{
	struct span probe = *s;
	wide_int value = 0;
	int unused = 0;

	if (probe.left < 2 || (*probe.at != 'e' && *probe.at != 'E'))
		return 0;
	(void)span_cut(&probe, 1);
	bool minus = take_sign(&probe);

	if (!take_digits(&probe, false, &value, &unused))
		return 0;
	*s = probe;
	int size = value > EXPONENT_MAX ? EXPONENT_MAX : (int)value;

	return minus ? -size : size;
}

int number_cut(struct span *s, unsigned places, int64_t *ret_value)
{
	struct span rest = *s;
	wide_int value = 0;
	int scale = 0;
	bool minus = take_sign(&rest);
	bool some = take_digits(&rest, false, &value, &scale);

	if (rest.left > 0 && *rest.at == '.') {
		(void)span_cut(&rest, 1);
		some |= take_digits(&rest, true, &value, &scale);
	}
	if (!some)
		return KS_MALFORMED;
	scale += take_exponent(&rest) + (int)places;
	for (; scale > 0 && value != 0; scale--) {
		if (value > INT64_MAX)
			return KS_MALFORMED;
		value *= 10;
	}
	for (int last = 0; scale < 0; scale++) {
		last = (int)(value % 10);
		value = value / 10 + (scale == -1 && last >= 5 ? 1 : 0);
	}
	if (value > INT64_MAX)
		return KS_MALFORMED;
	*ret_value = minus ? -(int64_t)value : (int64_t)value;
	*s = rest;
	return KS_OK;
}

int number_read(struct span s, unsigned places, int64_t *ret_value)
{
	int64_t value = 0;
	int code = number_cut(&s, places, &value);

	if (code == KS_OK && s.left > 0)
		code = KS_MALFORMED;
	if (code == KS_OK)
		*ret_value = value;
	return code;
}

int64_t number_scale(int64_t value, int64_t multiplier, int64_t divisor)
{
	wide_int wide = (wide_int)value * multiplier;
	wide_int half = divisor / 2;

	wide = wide >= 0 ? (wide + half) / divisor : (wide - half) / divisor;
	if (wide > INT64_MAX)
		return INT64_MAX;
	return wide < INT64_MIN ? INT64_MIN : (int64_t)wide;
}
