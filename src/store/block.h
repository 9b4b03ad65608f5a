/* src/store/block.h - up to 64 unsigned numbers in few bits: the heart of the codec
 * (field measurements: within 5 % of the entropy of room readings).  Six bits say
 * how: 0..56 Rice codes with that parameter, BLOCK_SPARSE the places and values of
 * those that are not zero, BLOCK_ZERO nothing more at all.  A quotient above 19
 * escapes to the number itself with its length (R. F. Rice, JPL 79-22). */
#ifndef KS_STORE_BLOCK_H
#define KS_STORE_BLOCK_H
#include "base/why.h"
#include "store/bits.h"

enum { BLOCK = 64, BLOCK_WORST = BLOCK * 12 + 8 /* bytes one block can take */ };
enum { RICE_MOST = 56, BLOCK_SPARSE = 61, BLOCK_ZERO = 62 };

/* 1 <= n <= BLOCK */
void block_put(struct bits_out *out, const uint64_t *numbers, size_t n);
/* `mode` was read by the caller (6 bits), who may have modes of its own. */
KS_MUST int block_take(struct bits_in *in, unsigned mode, uint64_t *ret_numbers, size_t n);
#endif
