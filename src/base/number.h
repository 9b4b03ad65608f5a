/* src/base/number.h - decimal numbers out of text, without locale and without
 * floating point: "23.456" with 3 places is 23456. */
#ifndef KS_BASE_NUMBER_H
#define KS_BASE_NUMBER_H
#include "base/span.h"
#include "base/why.h"
#include <stdint.h>

/* The longest number at the front of s: [+-]digits[.digits][e[+-]digits], scaled by
 * 10^places, rounded half away from zero; it is cut off s.  KS_MALFORMED when there
 * is none or it does not fit; s is then untouched. */
KS_MUST int number_cut(struct span *s, unsigned places, int64_t *ret_value);

/* The same, where nothing else may follow. */
KS_MUST int number_read(struct span s, unsigned places, int64_t *ret_value);

/* value * multiplier / divisor, rounded half away from zero, saturating. */
int64_t number_scale(int64_t value, int64_t multiplier, int64_t divisor);
#endif
