/* src/store/codec.h - samples of one series as a chunk of bytes and back, bit-exact:
 * NaN payloads, -0.0 and infinities too.
 *
 * Blocks of 64 samples, one bit stream.  Times: one bit when all follow the step,
 * else what differs from it (a gap costs some bytes once).  Values: the decimal
 * exponent 0..4 that keeps every value of the block exactly, then zigzag deltas of
 * the integers (store/block.h); values that no exponent keeps stand apart in raw
 * bits, and a block with many of those is raw.  A chunk is
 *     1 byte format, varint count, [varint plain length, zlib of] bits, CRC-32C. */
#ifndef KS_STORE_CODEC_H
#define KS_STORE_CODEC_H
#include "base/limits.h"
#include "base/span.h"
#include "store/block.h"
#include "store/points.h"

enum { EXPONENTS = 5, EXPONENT_NONE = 7 };
/* Modes of a value block beyond those of store/block.h. */
enum { VALUES_RAW = 57, VALUES_APART = 58, VALUES_EXPONENT = 59 };
enum { CHUNK_PLAIN = 1, CHUNK_ZLIB = 2 };

struct packer {
	uint8_t *bytes;
	uint32_t used, room, n;
	uint8_t spare, spare_bits; /* the begun byte */
	uint8_t exponent;
	bool raw;		   /* has raw blocks: try zlib */
	int64_t base_ms, last_ms, step_ms, whole; /* whole: last integer */
};

/* Times in a chunk are relative to base_ms, which the reader must know. */
void packer_init(struct packer *packer, int64_t base_ms);
void packer_done(struct packer *packer);
/* 1..BLOCK points of strictly rising times after all before; a block of less than
 * BLOCK must be the last.  KS_FULL: memory or LIMIT_CHUNK_SAMPLES; nothing added. */
KS_MUST int packer_add(struct packer *packer, const struct point *points, size_t n);

struct blob { /* bytes of the heap */
	uint8_t *at;
	size_t len;
};
static inline struct span blob_span(const struct blob *blob)
{
	return span_of(blob->at, blob->len);
}
void drop_blob(struct blob *blob);

/* What was packed so far as a chunk; the packer may go on. */
KS_MUST int packer_blob(const struct packer *packer, struct blob *ret_blob);
/* All points (settled) at once. */
KS_MUST int chunk_pack(const struct points *points, int64_t base_ms, struct blob *ret_blob);
/* How many samples a chunk says it has; 0 when it is none. */
uint32_t chunk_count(struct span chunk);
/* Appends the chunk's points; on failure ret_points is as before. */
KS_MUST int chunk_points(struct span chunk, int64_t base_ms, struct points *ret_points,
    struct why *why);

/* value * 10^exponent as an integer when that is exact both ways. */
bool decimal_exact(double value, unsigned exponent, int64_t *ret_whole);
double decimal_value(int64_t whole, unsigned exponent);
#endif
