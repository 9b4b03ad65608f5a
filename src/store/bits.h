/* src/store/bits.h - a stream of bits, most significant first.  The writer writes
 * into room that the caller made large enough (a codec block has a known worst
 * case); the reader goes through a span: past the end it turns broken and gives
 * zero, as a span does. */
#ifndef KS_STORE_BITS_H
#define KS_STORE_BITS_H
#include "base/span.h"
#include <endian.h>

struct bits_out {
	uint8_t *at;
	uint64_t hold; /* the low `held` bits wait to be written */
	unsigned held; /* below 8 between calls */
};

/* n <= 56; value has no more than n bits. */
static inline void bits_put(struct bits_out *out, uint64_t value, unsigned n)
{
	out->hold = out->hold << n | value;
	out->held += n;
	while (out->held >= 8) {
		out->held -= 8;
		*out->at++ = (uint8_t)(out->hold >> out->held);
	}
}

/* Any 1..64 bits. */
static inline void bits_put_wide(struct bits_out *out, uint64_t value, unsigned n)
{
	if (n > 32) {
		bits_put(out, value >> 32, n - 32);
		n = 32;
	}
	bits_put(out, value & (UINT64_MAX >> (64 - n)), n);
}

struct bits_in {
	struct span rest;
	uint64_t hold; /* the high `held` bits are next */
	unsigned held;
	bool broken;
};

static inline struct bits_in bits_of(struct span bytes)
{
	return (struct bits_in){ .rest = bytes, .broken = bytes.broken };
}

/* At least 56 bits are held afterwards, unless the span has no more. */
static inline void bits_fill(struct bits_in *in)
{
	if (in->rest.left > 8) {
		uint64_t word;
		unsigned n = (63 - in->held) >> 3;

		memcpy(&word, in->rest.at, sizeof word);
		in->hold |= be64toh(word) >> in->held;
		in->rest.at += n;
		in->rest.left -= n;
		in->held += n * 8;
		return;
	}
	while (in->held < 56 && in->rest.left > 0) {
		in->hold |= span_be(&in->rest, 1) << (56 - in->held);
		in->held += 8;
	}
}

/* Forget n <= 63 bits that are held. */
static inline void bits_skip(struct bits_in *in, unsigned n)
{
	if (n > in->held) {
		*in = (struct bits_in){ .broken = true };
		return;
	}
	in->hold <<= n;
	in->held -= n;
}

/* n <= 56 */
static inline uint64_t bits_take(struct bits_in *in, unsigned n)
{
	if (in->held < n)
		bits_fill(in);
	uint64_t value = n > 0 ? in->hold >> (64 - n) : 0;

	bits_skip(in, n);
	return in->broken ? 0 : value;
}

/* 1..64 bits */
static inline uint64_t bits_take_wide(struct bits_in *in, unsigned n)
{
	uint64_t high = 0;

	if (n > 32) {
		high = bits_take(in, n - 32) << 32;
		n = 32;
	}
	return high | bits_take(in, n);
}

/* How many bits a number needs; 0 for 0. */
static inline unsigned bits_in_number(uint64_t n)
{
	return n > 0 ? 64U - (unsigned)__builtin_clzll(n) : 0;
}
#endif
