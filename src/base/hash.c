#include "base/hash.h"
#define XXH_INLINE_ALL
#include <xxhash.h>

uint64_t hash_of(struct span bytes, uint64_t seed)
{
	return XXH3_64bits_withSeed(bytes.at != NULL ? (const void *)bytes.at : "",
	    bytes.left, seed);
}

#ifdef __x86_64__
__attribute__((target("sse4.2"))) static uint32_t crc32c_cpu(uint32_t crc,
    struct span bytes)
{
	uint64_t wide = crc;
	uint64_t word;

	for (; bytes.left >= sizeof word; bytes.at += sizeof word, bytes.left -= sizeof word) {
		memcpy(&word, bytes.at, sizeof word);
		wide = __builtin_ia32_crc32di(wide, word);
	}
	crc = (uint32_t)wide;
	for (; bytes.left > 0; bytes.left--)
		crc = __builtin_ia32_crc32qi(crc, *bytes.at++);
	return crc;
}
#endif

static uint32_t crc32c_slow(uint32_t crc, struct span bytes)
{
	for (; bytes.left > 0; bytes.left--) {
		crc ^= *bytes.at++;
		for (int bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? 0x82f63b78U : 0);
	}
	return crc;
}

uint32_t crc32c(uint32_t crc, struct span bytes)
{
	crc = ~crc;
#ifdef __x86_64__
	if (__builtin_cpu_supports("sse4.2"))
		return ~crc32c_cpu(crc, bytes);
#endif
	return ~crc32c_slow(crc, bytes);
}

/* What a byte leaves in the sum of itself alone. */
static uint32_t byte_sum(uint32_t byte)
{
	for (int bit = 0; bit < 8; bit++)
		byte = byte >> 1 ^ (byte & 1 ? 0x82f63b78U : 0);
	return byte;
}

/* The sum is linear: the difference of two sums is the error's own, moved on by the bytes
 * behind it.  Moving it back byte by byte meets the sum of the one byte, if it is one. */
bool crc32c_one_byte(uint32_t have, uint32_t want, size_t n, size_t *ret_behind)
{
	uint8_t byte_of_top[256]; /* the top byte of a byte's sum tells the byte */
	uint32_t sum_of[256], error = have ^ want;

	for (unsigned byte = 0; byte < 256; byte++) {
		sum_of[byte] = byte_sum(byte);
		byte_of_top[sum_of[byte] >> 24] = (uint8_t)byte;
	}
	*ret_behind = n;
	for (unsigned shift = 0; shift < 32; shift += 8)
		if (error != 0 && (error & ~(0xffU << shift)) == 0)
			return true; /* in the sum itself */
	for (size_t behind = 0; behind < n && error != 0; behind++) {
		uint8_t byte = byte_of_top[error >> 24];

		*ret_behind = behind;
		if (error == sum_of[byte])
			return true;
		error = (error ^ sum_of[byte]) << 8 | byte;
	}
	return false;
}
