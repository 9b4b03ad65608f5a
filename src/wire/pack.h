/* src/wire/pack.h - numbers and addresses as few bytes, and back: what is kept for days. */
#ifndef KS_WIRE_PACK_H
#define KS_WIRE_PACK_H
#include "base/text.h"
#include "base/varint.h"
#include "wire/packet.h"

static inline void pack_number(struct text *to, uint64_t n)
{
	uint8_t room[VARINT_MOST];

	text_add_span(to, span_of(room, (size_t)(varint_put(room, n) - room)));
}

/* A time, as its distance from the one before. */
static inline void pack_time(struct text *to, int64_t ms, int64_t *before)
{
	pack_number(to, zigzag(minus(ms, *before)));
	*before = ms;
}

enum { PACK_HOURS_MOST = 1 << 20 }; /* since 1970: until 2089; beyond is nobody's clock */

static inline bool pack_time_good(int64_t ms)
{
	return ms >= 0 && ms / 3600000 <= PACK_HOURS_MOST;
}

/* Breaks the span when the time is beyond. */
static inline int64_t pack_time_cut(struct span *from, int64_t *before)
{
	int64_t ms = plus(zagzig(varint_cut(from)), *before);

	if (!pack_time_good(ms))
		*from = (struct span){ .broken = true };
	*before = from->broken ? 0 : ms;
	return *before;
}

/* A number below a bound; breaks the span when it is not. */
static inline uint64_t pack_below(struct span *from, uint64_t bound)
{
	uint64_t n = varint_cut(from);

	if (from->broken || n >= bound) {
		*from = (struct span){ .broken = true };
		return 0;
	}
	return n;
}

/* Of whatever family: 4, 16, or (a MAC alone) 6 bytes. */
static inline size_t pack_address_size(uint8_t family)
{
	return family == ADDRESS_4 ? 4 : family == ADDRESS_6 ? 16 : 6;
}

static inline void pack_address(struct text *to, const struct address *at)
{
	text_add_char(to, (char)at->family);
	text_add_span(to, span_of(at->byte, pack_address_size(at->family)));
}

/* other: the family beside IPv4 and IPv6 that may be; ADDRESS_NONE: none. */
static inline struct address pack_address_cut(struct span *from, uint8_t other)
{
	struct address at = { .family = (uint8_t)span_le(from, 1) };
	bool good = at.family == ADDRESS_4 || at.family == ADDRESS_6 ||
	    (other != ADDRESS_NONE && at.family == other);
	struct span bytes = span_cut(from, good ? pack_address_size(at.family) : SIZE_MAX);

	if (bytes.left > 0)
		memcpy(at.byte, bytes.at, bytes.left);
	return at;
}
#endif
