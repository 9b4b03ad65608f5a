#include "store/rollup.h"
#include "base/hash.h"
#include "base/must.h"
#include "base/varint.h"
#include <math.h>
#include <stdlib.h>

enum { WORST = 1 + 3 + 4 * (BLOCK_WORST + 16) };

/* Exact for decimals: the integers are summed; for others as doubles. */
static void hour_of(const struct point *at, size_t n, int64_t hour_ms, struct hours *hours)
{
	struct rollup hour = { .hour_ms = hour_ms, .max = -INFINITY, .min = INFINITY };
	unsigned exponent = 0;
	int64_t whole = 0, wholes = 0;

	for (size_t i = 0; i < n; i++) {
		double v = at[i].value;

		if (isnan(v))
			continue;
		while (exponent < EXPONENTS && !decimal_exact(v, exponent, &whole))
			exponent++;
		hour.max = v > hour.max ? v : hour.max;
		hour.min = v < hour.min ? v : hour.min;
		hour.sum += v;
		hour.n++;
	}
	if (hour.n == 0)
		return;
	for (size_t i = 0; i < n && exponent < EXPONENTS; i++)
		if (!isnan(at[i].value)) {
			if (!decimal_exact(at[i].value, exponent, &whole) ||
			    __builtin_add_overflow(wholes, whole, &wholes))
				exponent = EXPONENTS;
		}
	if (exponent < EXPONENTS && wholes > -(1LL << 50) && wholes < 1LL << 50)
		hour.sum = decimal_value(wholes, exponent);
	hours->at[hours->n++] = hour;
}

void hours_of(const struct points *points, int64_t day_ms, struct hours *ret_hours)
{
	size_t i = 0;

	ret_hours->n = 0;
	while (i < points->n && points->at[i].time_ms < day_ms)
		i++;
	for (int64_t hour = 0; hour < DAY_HOURS; hour++) {
		size_t from = i;

		while (i < points->n && points->at[i].time_ms < day_ms + (hour + 1) * HOUR_MS)
			i++;
		if (i > from)
			hour_of(points->at + from, i - from, day_ms + hour * HOUR_MS, ret_hours);
	}
}

/* Integers of all numbers of a day at one exponent, or false. */
struct wholes {
	int64_t max[DAY_HOURS], min[DAY_HOURS], sum[DAY_HOURS];
};

static bool hours_exact(const struct hours *hours, unsigned exponent, struct wholes *ret)
{
	for (size_t i = 0; i < hours->n; i++)
		if (!decimal_exact(hours->at[i].max, exponent, &ret->max[i]) ||
		    !decimal_exact(hours->at[i].min, exponent, &ret->min[i]) ||
		    !decimal_exact(hours->at[i].sum, exponent, &ret->sum[i]))
			return false;
	return true;
}

/* Where a sum is expected: number * (max + min) / 2; wraps alike on both sides. */
static int64_t sum_guess(int64_t n, int64_t max, int64_t min)
{
	return (int64_t)((uint64_t)n * (uint64_t)plus(max, min)) / 2;
}

static void put_first(struct bits_out *out, int64_t number)
{
	uint64_t n = zigzag(number);
	unsigned bits = n > 0 ? bits_in_number(n) : 1;

	bits_put(out, bits - 1, 6);
	bits_put_wide(out, n, bits);
}

static int64_t take_first(struct bits_in *in)
{
	unsigned bits = (unsigned)bits_take(in, 6) + 1;

	return zagzig(bits_take_wide(in, bits));
}

/* The first as it is, then differences. */
static void put_row(struct bits_out *out, const int64_t *row, size_t n)
{
	uint64_t deltas[DAY_HOURS];

	put_first(out, row[0]);
	for (size_t i = 1; i < n; i++)
		deltas[i - 1] = zigzag(minus(row[i], row[i - 1]));
	if (n > 1)
		block_put(out, deltas, n - 1);
}

static int take_row(struct bits_in *in, int64_t *ret_row, size_t n)
{
	uint64_t deltas[DAY_HOURS];

	ret_row[0] = take_first(in);
	if (n > 1) {
		int bad = block_take(in, (unsigned)bits_take(in, 6), deltas, n - 1);

		if (bad != KS_OK)
			return bad;
	}
	for (size_t i = 1; i < n; i++)
		ret_row[i] = plus(ret_row[i - 1], zagzig(deltas[i - 1]));
	return in->broken ? KS_TRUNCATED : KS_OK;
}

static void put_numbers(struct bits_out *out, const struct hours *hours, int64_t day_ms)
{
	int64_t row[DAY_HOURS];
	uint64_t which = 0;

	for (size_t i = 0; i < hours->n; i++) {
		int64_t hour = (hours->at[i].hour_ms - day_ms) / HOUR_MS;

		must(hour >= 0 && hour < DAY_HOURS);
		which |= 1ULL << hour;
		row[i] = hours->at[i].n;
	}
	bits_put(out, which, DAY_HOURS);
	put_row(out, row, hours->n);
}

static void put_wholes(struct bits_out *out, const struct hours *hours,
    const struct wholes *wholes)
{
	uint64_t row[DAY_HOURS];

	put_row(out, wholes->max, hours->n);
	for (size_t i = 0; i < hours->n; i++)
		row[i] = (uint64_t)minus(wholes->max[i], wholes->min[i]);
	block_put(out, row, hours->n);
	for (size_t i = 0; i < hours->n; i++)
		row[i] = zigzag(minus(wholes->sum[i],
		    sum_guess(hours->at[i].n, wholes->max[i], wholes->min[i])));
	block_put(out, row, hours->n);
}

static void put_doubles(struct bits_out *out, const struct hours *hours)
{
	for (size_t i = 0; i < hours->n; i++) {
		double three[3] = { hours->at[i].max, hours->at[i].min, hours->at[i].sum };
		uint64_t bits[3];

		memcpy(bits, three, sizeof bits);
		for (size_t j = 0; j < 3; j++)
			bits_put_wide(out, bits[j], 64);
	}
}

int hours_pack(const struct hours *hours, int64_t day_ms, struct blob *ret_blob)
{
	uint8_t bytes[WORST];
	struct bits_out out = { .at = bytes + 1 };
	struct wholes wholes;
	unsigned exponent = 0;

	must(hours->n >= 1 && hours->n <= DAY_HOURS);
	while (exponent < EXPONENTS && !hours_exact(hours, exponent, &wholes))
		exponent++;
	bytes[0] = (uint8_t)(exponent < EXPONENTS ? exponent : EXPONENT_NONE);
	put_numbers(&out, hours, day_ms);
	if (exponent < EXPONENTS)
		put_wholes(&out, hours, &wholes);
	else
		put_doubles(&out, hours);
	if (out.held > 0)
		bits_put(&out, 0, 8 - out.held);
	size_t len = (size_t)(out.at - bytes);
	uint32_t crc = htole32(crc32c(0, span_of(bytes, len)));

	must(len <= sizeof bytes);
	ret_blob->at = malloc(len + sizeof crc);
	if (ret_blob->at == NULL)
		return KS_FULL;
	memcpy(ret_blob->at, bytes, len);
	memcpy(ret_blob->at + len, &crc, sizeof crc);
	ret_blob->len = len + sizeof crc;
	return KS_OK;
}

static int take_numbers(struct bits_in *in, int64_t day_ms, struct hours *ret_hours)
{
	int64_t row[DAY_HOURS] = { 0 };
	uint64_t which = bits_take(in, DAY_HOURS);

	ret_hours->n = 0;
	for (int64_t hour = 0; hour < DAY_HOURS; hour++)
		if ((which >> hour & 1) != 0)
			ret_hours->at[ret_hours->n++].hour_ms = day_ms + hour * HOUR_MS;
	if (ret_hours->n == 0)
		return KS_MALFORMED;
	int bad = take_row(in, row, ret_hours->n);

	for (size_t i = 0; i < ret_hours->n && bad == KS_OK; i++) {
		if (row[i] <= 0 || row[i] > UINT32_MAX)
			bad = KS_MALFORMED;
		ret_hours->at[i].n = (uint32_t)row[i];
	}
	return bad;
}

static int take_wholes(struct bits_in *in, unsigned exponent, struct hours *hours)
{
	int64_t max[DAY_HOURS];
	uint64_t range[DAY_HOURS], rest[DAY_HOURS];
	int bad = take_row(in, max, hours->n);

	if (bad == KS_OK)
		bad = block_take(in, (unsigned)bits_take(in, 6), range, hours->n);
	if (bad == KS_OK)
		bad = block_take(in, (unsigned)bits_take(in, 6), rest, hours->n);
	for (size_t i = 0; i < hours->n && bad == KS_OK; i++) {
		struct rollup *hour = &hours->at[i];
		int64_t min = minus(max[i], (int64_t)range[i]);

		hour->max = decimal_value(max[i], exponent);
		hour->min = decimal_value(min, exponent);
		hour->sum = decimal_value(
		    plus(sum_guess(hour->n, max[i], min), zagzig(rest[i])), exponent);
	}
	return bad;
}

static int take_doubles(struct bits_in *in, struct hours *hours)
{
	for (size_t i = 0; i < hours->n; i++) {
		uint64_t bits[3];
		double three[3];

		for (size_t j = 0; j < 3; j++)
			bits[j] = bits_take_wide(in, 64);
		memcpy(three, bits, sizeof three);
		hours->at[i].max = three[0];
		hours->at[i].min = three[1];
		hours->at[i].sum = three[2];
	}
	return in->broken ? KS_TRUNCATED : KS_OK;
}

int hours_unpack(struct span blob, int64_t day_ms, struct hours *ret_hours, struct why *why)
{
	struct span body = span_cut(&blob, blob.left >= 4 ? blob.left - 4 : blob.left + 1);
	struct hours hours = { .n = 0 };

	if (body.broken)
		return fail(why, KS_TRUNCATED, "a roll-up ends too soon");
	if (crc32c(0, body) != span_le(&blob, 4))
		return fail(why, KS_MALFORMED, "a roll-up's checksum is wrong");
	unsigned exponent = (unsigned)span_be(&body, 1);
	struct bits_in in = bits_of(body);
	int bad = take_numbers(&in, day_ms, &hours);

	if (bad == KS_OK && exponent < EXPONENTS)
		bad = take_wholes(&in, exponent, &hours);
	else if (bad == KS_OK)
		bad = exponent == EXPONENT_NONE ? take_doubles(&in, &hours) : KS_MALFORMED;
	if (bad != KS_OK)
		return fail(why, bad, "a roll-up's bits make no sense");
	*ret_hours = hours;
	return KS_OK;
}
