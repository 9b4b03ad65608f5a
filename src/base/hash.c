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
