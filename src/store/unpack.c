/* The reading half of store/codec.h; its writing half is codec.c. */
#include "base/hash.h"
#include "store/codec.h"
#include "base/varint.h"
#include <stdlib.h>
#include <zlib.h>

static int64_t take_number(struct bits_in *in)
{
	unsigned bits = (unsigned)bits_take(in, 6) + 1;

	return zagzig(bits_take_wide(in, bits));
}

struct unpacker {
	struct bits_in in;
	int64_t last_ms, step_ms, whole;
	unsigned exponent;
};

static int take_times(struct unpacker *u, struct point *points, size_t n, bool first)
{
	uint64_t rest[BLOCK];

	if (first) {
		u->last_ms = plus(u->last_ms, take_number(&u->in));
		points++->time_ms = u->last_ms;
		if (--n == 0)
			return KS_OK;
	}
	memset(rest, 0, n * sizeof *rest);
	if (bits_take(&u->in, 1) == 1) {
		if (bits_take(&u->in, 1) == 1)
			u->step_ms = take_number(&u->in);
		int bad = block_take(&u->in, (unsigned)bits_take(&u->in, 6), rest, n);

		if (bad != KS_OK)
			return bad;
	}
	for (size_t i = 0; i < n; i++) {
		int64_t time = plus(plus(u->last_ms, u->step_ms), zagzig(rest[i]));

		if (time <= u->last_ms)
			return KS_MALFORMED;
		points[i].time_ms = u->last_ms = time;
	}
	return KS_OK;
}

static int take_raw(struct unpacker *u, struct point *points, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		uint64_t bits = bits_take_wide(&u->in, 64);

		memcpy(&points[i].value, &bits, sizeof bits);
	}
	return u->in.broken ? KS_TRUNCATED : KS_OK;
}

struct apart { /* values that stand outside the integers */
	size_t n;
	uint8_t at[BLOCK];
	uint64_t bits[BLOCK];
};

static unsigned take_apart(struct unpacker *u, unsigned mode, struct apart *ret_apart)
{
	if (mode == VALUES_APART) {
		ret_apart->n = bits_take(&u->in, 6) + 1;
		for (size_t i = 0; i < ret_apart->n; i++) {
			ret_apart->at[i] = (uint8_t)bits_take(&u->in, 6);
			ret_apart->bits[i] = bits_take_wide(&u->in, 64);
		}
		mode = (unsigned)bits_take(&u->in, 6);
	}
	if (mode == VALUES_EXPONENT) {
		u->exponent = (unsigned)bits_take(&u->in, 3);
		u->whole = take_number(&u->in);
		mode = (unsigned)bits_take(&u->in, 6);
	}
	return mode;
}

static int take_values(struct unpacker *u, struct point *points, size_t n)
{
	struct apart apart = { .n = 0 };
	uint64_t deltas[BLOCK];
	unsigned mode = (unsigned)bits_take(&u->in, 6);

	if (mode == VALUES_RAW)
		return take_raw(u, points, n);
	mode = take_apart(u, mode, &apart);
	if (u->exponent >= EXPONENTS)
		return KS_MALFORMED;
	int bad = block_take(&u->in, mode, deltas, n);

	if (bad != KS_OK)
		return bad;
	for (size_t i = 0; i < n; i++) {
		u->whole = plus(u->whole, zagzig(deltas[i]));
		points[i].value = decimal_value(u->whole, u->exponent);
	}
	for (size_t i = 0; i < apart.n; i++) {
		if (apart.at[i] >= n)
			return KS_MALFORMED;
		memcpy(&points[apart.at[i]].value, &apart.bits[i], sizeof(double));
	}
	return KS_OK;
}

static int bits_points(struct span bits, uint32_t count, int64_t base_ms,
    struct points *ret_points)
{
	struct unpacker u = { .in = bits_of(bits), .last_ms = base_ms, .exponent = EXPONENT_NONE };

	/* the barest block of 64 takes 7 bits: more is a lie, and not worth the memory */
	if (count > LIMIT_CHUNK_SAMPLES || count / 74 > bits.left + 1)
		return KS_MALFORMED;
	if (points_reserve(ret_points, count) != KS_OK)
		return KS_FULL;
	struct point *at = ret_points->at + ret_points->n;

	for (uint32_t done = 0; done < count;) {
		size_t n = count - done < BLOCK ? count - done : BLOCK;
		int bad = take_times(&u, at + done, n, done == 0);

		if (bad == KS_OK)
			bad = take_values(&u, at + done, n);
		if (bad != KS_OK)
			return bad;
		done += (uint32_t)n;
	}
	if (u.in.broken)
		return KS_TRUNCATED;
	ret_points->n += count;
	return KS_OK;
}

static int zlib_points(struct span body, uint32_t count, int64_t base_ms,
    struct points *ret_points)
{
	uint64_t plain = varint_cut(&body);
	uLongf len = (uLongf)plain;

	if (body.broken || plain == 0 || plain / 1032 > body.left + 1) /* zlib's best ratio */
		return KS_MALFORMED;
	struct blob bits = { .at = malloc(plain), .len = plain };
	int bad = KS_FULL;

	if (bits.at != NULL)
		bad = uncompress(bits.at, &len, body.at, body.left) == Z_OK && len == plain
		    ? bits_points(blob_span(&bits), count, base_ms, ret_points)
		    : KS_MALFORMED;
	drop_blob(&bits);
	return bad;
}

uint32_t chunk_count(struct span chunk)
{
	(void)span_cut(&chunk, 1);
	uint64_t count = varint_cut(&chunk);

	return chunk.broken || count > LIMIT_CHUNK_SAMPLES ? 0 : (uint32_t)count;
}

int chunk_points(struct span chunk, int64_t base_ms, struct points *ret_points,
    struct why *why)
{
	struct span body = span_cut(&chunk, chunk.left >= 4 ? chunk.left - 4 : chunk.left + 1);
	uint32_t crc = crc32c(0, body);

	if (body.broken)
		return fail(why, KS_TRUNCATED, "a chunk ends too soon");
	if (crc != span_le(&chunk, 4))
		return fail(why, KS_MALFORMED, "a chunk's checksum is wrong");
	uint64_t format = span_be(&body, 1), count = varint_cut(&body);
	int bad = KS_MALFORMED;

	if (body.broken || count == 0 || count > LIMIT_CHUNK_SAMPLES)
		bad = KS_MALFORMED;
	else if (format == CHUNK_PLAIN)
		bad = bits_points(body, (uint32_t)count, base_ms, ret_points);
	else if (format == CHUNK_ZLIB)
		bad = zlib_points(body, (uint32_t)count, base_ms, ret_points);
	if (bad == KS_OK)
		return KS_OK;
	if (bad == KS_FULL)
		return fail(why, bad, "memory ran out while a chunk was read");
	return fail(why, bad, "a chunk's bits make no sense");
}
