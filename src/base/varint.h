/* src/base/varint.h - little numbers in few bytes: LEB128 as in protobuf, and
 * zigzag, which makes small negative numbers small.  Writers write where the caller
 * has seen to the room (VARINT_MOST bytes each); readers go through a span. */
#ifndef KS_BASE_VARINT_H
#define KS_BASE_VARINT_H
#include "base/span.h"

enum { VARINT_MOST = 10 };

static inline uint64_t zigzag(int64_t n)
{
	return (uint64_t)n << 1 ^ (uint64_t)(n >> 63);
}

static inline int64_t zagzig(uint64_t n)
{
	return (int64_t)(n >> 1 ^ (0 - (n & 1)));
}

/* Wrapping, so that hostile or far times overflow without harm. */
static inline int64_t plus(int64_t a, int64_t b)
{
	return (int64_t)((uint64_t)a + (uint64_t)b);
}

static inline int64_t minus(int64_t a, int64_t b)
{
	return (int64_t)((uint64_t)a - (uint64_t)b);
}

/* Returns where the next byte goes. */
static inline uint8_t *varint_put(uint8_t *at, uint64_t n)
{
	while (n >= 0x80) {
		*at++ = (uint8_t)(n | 0x80);
		n >>= 7;
	}
	*at++ = (uint8_t)n;
	return at;
}

/* Breaks the span when it ends inside, or when the number needs more than 64 bits. */
static inline uint64_t varint_cut(struct span *s)
{
	uint64_t value = 0;

	for (size_t i = 0; i < s->left && i < VARINT_MOST; i++) {
		uint8_t byte = s->at[i];

		if (i == VARINT_MOST - 1 && byte > 1)
			break;
		value |= (uint64_t)(byte & 0x7f) << (7 * i);
		if (byte < 0x80) {
			s->left -= i + 1;
			s->at = s->left > 0 ? s->at + i + 1 : NULL;
			return value;
		}
	}
	*s = (struct span){ .broken = true };
	return 0;
}
#endif
