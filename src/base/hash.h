/* src/base/hash.h - seeded hashes (xxHash3) and CRC-32C (Castagnoli, RFC 3720). */
#ifndef KS_BASE_HASH_H
#define KS_BASE_HASH_H
#include "base/span.h"
#include <stdint.h>

/* Tables that hold what strangers send must be seeded at random by their role. */
uint64_t hash_of(struct span bytes, uint64_t seed);

/* CRC-32C of bytes; pass 0 to start, the previous result to go on. */
uint32_t crc32c(uint32_t crc, struct span bytes);
#endif
