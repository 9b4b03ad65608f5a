/* src/base/hash.h - seeded hashes (xxHash3) and CRC-32C (Castagnoli, RFC 3720). */
#ifndef KS_BASE_HASH_H
#define KS_BASE_HASH_H
#include "base/span.h"
#include <stdint.h>

/* Tables that hold what strangers send must be seeded at random by their role. */
uint64_t hash_of(struct span bytes, uint64_t seed);

/* CRC-32C of bytes; pass 0 to start, the previous result to go on. */
uint32_t crc32c(uint32_t crc, struct span bytes);

/* Would one other byte among the n that were summed, or in the sum, make `have` (what
 * they give) into `want` (what was written down)?  So a turned bit is told from bytes
 * that were never written; of other differences n in 2^24 look like it.
 * ret_behind: how many bytes follow the wrong one; n when it is in the sum. */
bool crc32c_one_byte(uint32_t have, uint32_t want, size_t n, size_t *ret_behind);
#endif
