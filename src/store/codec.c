#include "store/codec.h"
#include "base/hash.h"
#include "base/must.h"
#include "base/varint.h"
#include <math.h>
#include <stdlib.h>
#include <zlib.h>

enum { SCRATCH = 2 * BLOCK_WORST + BLOCK * 9 + 64 };

static const double powers[EXPONENTS] = { 1, 10, 100, 1000, 10000 };

bool decimal_exact(double value, unsigned exponent, int64_t *ret_whole)
{
	const double shift = 0x1.8p52; /* adding it rounds to an integer, in SSE2 */
	double whole = (value * powers[exponent] + shift) - shift;

	/* a comparison with NaN is false; -0.0 must not come back as 0 */
	if (!(whole > -0x1p50 && whole < 0x1p50) || whole / powers[exponent] != value)
		return false;
	if (whole == 0 && signbit(value))
		return false;
	*ret_whole = (int64_t)whole;
	return true;
}

double decimal_value(int64_t whole, unsigned exponent)
{
	return exponent == 0 ? (double)whole : (double)whole / powers[exponent];
}

void drop_blob(struct blob *blob)
{
	free(blob->at);
	*blob = (struct blob){ .len = 0 };
}

void packer_init(struct packer *packer, int64_t base_ms)
{
	*packer = (struct packer){ .base_ms = base_ms, .exponent = EXPONENT_NONE };
}

void packer_done(struct packer *packer)
{
	free(packer->bytes);
	*packer = (struct packer){ .exponent = EXPONENT_NONE };
}

static void put_number(struct bits_out *out, int64_t number)
{
	uint64_t n = zigzag(number);
	unsigned bits = n > 0 ? bits_in_number(n) : 1;

	bits_put(out, bits - 1, 6);
	bits_put_wide(out, n, bits);
}

/* The gap that most neighbours have, by vote; good enough to be right when more
 * than half agree. */
static int64_t usual_step(const struct point *points, size_t n, int64_t last_ms)
{
	int64_t step = 0;
	size_t votes = 0;

	for (size_t i = 0; i < n; i++) {
		int64_t gap = minus(points[i].time_ms, i > 0 ? points[i - 1].time_ms : last_ms);

		if (votes == 0)
			step = gap;
		votes = gap == step ? votes + 1 : votes - 1;
	}
	return step;
}

static size_t differing(const struct packer *p, const struct point *points, size_t n,
    uint64_t *ret_rest)
{
	int64_t last = p->last_ms;
	size_t differ = 0;

	for (size_t i = 0; i < n; i++) {
		int64_t rest = minus(minus(points[i].time_ms, last), p->step_ms);

		ret_rest[i] = zigzag(rest);
		differ += rest != 0;
		last = points[i].time_ms;
	}
	return differ;
}

static void put_times(struct packer *p, struct bits_out *out, const struct point *points,
    size_t n)
{
	uint64_t rest[BLOCK];
	bool stepped = false;

	if (p->n == 0) {
		put_number(out, minus(points[0].time_ms, p->base_ms));
		p->last_ms = points[0].time_ms;
		if (--n == 0)
			return;
		points++;
	}
	if (differing(p, points, n, rest) > n / 2) {
		int64_t step = usual_step(points, n, p->last_ms);

		stepped = step != p->step_ms;
		p->step_ms = step;
	}
	size_t differ = differing(p, points, n, rest);

	p->last_ms = points[n - 1].time_ms;
	bits_put(out, stepped ? 3 : differ > 0 ? 2 : 0, stepped || differ > 0 ? 2 : 1);
	if (stepped)
		put_number(out, p->step_ms);
	if (stepped || differ > 0)
		block_put(out, rest, n);
}

/* Integers of a block at one exponent; how many do not fit, no more than `most`. */
static size_t fit(const struct point *points, size_t n, unsigned exponent, size_t most,
    int64_t *ret_wholes, uint64_t *ret_apart)
{
	size_t misfits = 0;

	*ret_apart = 0;
	for (size_t i = 0; i < n && misfits <= most; i++)
		if (!decimal_exact(points[i].value, exponent, &ret_wholes[i])) {
			*ret_apart |= 1ULL << i;
			misfits++;
		}
	return misfits;
}

/* The exponent with the fewest misfits, the smallest of equals; starts from the one
 * used before, as that nearly always does. */
static unsigned best_exponent(const struct packer *p, const struct point *points, size_t n)
{
	unsigned best = p->exponent < EXPONENTS ? p->exponent : 0;
	int64_t wholes[BLOCK];
	uint64_t apart;
	size_t fewest = fit(points, n, best, n, wholes, &apart);

	for (unsigned e = best + 1; e < EXPONENTS && fewest > 0; e++) {
		size_t misfits = fit(points, n, e, fewest, wholes, &apart);

		if (misfits < fewest) {
			fewest = misfits;
			best = e;
		}
	}
	while (best > 0 && fit(points, n, best - 1, fewest, wholes, &apart) <= fewest)
		best--;
	return best;
}

static void put_raw(struct bits_out *out, const struct point *points, size_t n)
{
	bits_put(out, VALUES_RAW, 6);
	for (size_t i = 0; i < n; i++) {
		uint64_t bits;

		memcpy(&bits, &points[i].value, sizeof bits);
		bits_put_wide(out, bits, 64);
	}
}

static void put_apart(struct bits_out *out, const struct point *points, uint64_t apart)
{
	bits_put(out, VALUES_APART, 6);
	bits_put(out, (uint64_t)__builtin_popcountll(apart) - 1, 6);
	for (; apart != 0; apart &= apart - 1) {
		unsigned i = (unsigned)__builtin_ctzll(apart);
		uint64_t bits;

		memcpy(&bits, &points[i].value, sizeof bits);
		bits_put(out, i, 6);
		bits_put_wide(out, bits, 64);
	}
}

static void put_values(struct packer *p, struct bits_out *out, const struct point *points,
    size_t n)
{
	int64_t wholes[BLOCK];
	uint64_t apart, deltas[BLOCK];
	unsigned exponent = best_exponent(p, points, n);
	size_t misfits = fit(points, n, exponent, n, wholes, &apart);

	if (misfits > n / 4) {
		p->raw = true;
		put_raw(out, points, n);
		return;
	}
	if (misfits > 0)
		put_apart(out, points, apart);
	if (exponent != p->exponent) {
		p->exponent = (uint8_t)exponent;
		p->whole = wholes[__builtin_ctzll(~apart)];
		bits_put(out, VALUES_EXPONENT, 6);
		bits_put(out, exponent, 3);
		put_number(out, p->whole);
	}
	for (size_t i = 0; i < n; i++) {
		int64_t whole = (apart >> i & 1) != 0 ? p->whole : wholes[i];

		deltas[i] = zigzag(whole - p->whole);
		p->whole = whole;
	}
	block_put(out, deltas, n);
}

static int packer_grow(struct packer *p, size_t more)
{
	size_t room = p->room;

	if (p->used + more <= room)
		return KS_OK;
	room = room + room / 2 < p->used + more ? p->used + more : room + room / 2;
	uint8_t *bytes = room < UINT32_MAX ? realloc(p->bytes, room) : NULL;

	if (bytes == NULL)
		return KS_FULL;
	p->bytes = bytes;
	p->room = (uint32_t)room;
	return KS_OK;
}

int packer_add(struct packer *packer, const struct point *points, size_t n)
{
	struct packer next = *packer;
	uint8_t scratch[SCRATCH];
	struct bits_out out = { .at = scratch, .hold = next.spare, .held = next.spare_bits };

	must(n >= 1 && n <= BLOCK && next.n % BLOCK == 0);
	if (next.n > LIMIT_CHUNK_SAMPLES - n)
		return KS_FULL;
	put_times(&next, &out, points, n);
	put_values(&next, &out, points, n);
	size_t len = (size_t)(out.at - scratch);

	must(len <= sizeof scratch);
	if (packer_grow(packer, len) != KS_OK)
		return KS_FULL;
	next.bytes = packer->bytes;
	next.room = packer->room;
	if (len > 0)
		memcpy(next.bytes + next.used, scratch, len);
	next.used += (uint32_t)len;
	next.n += (uint32_t)n;
	next.spare = (uint8_t)(out.hold & ((1U << out.held) - 1));
	next.spare_bits = (uint8_t)out.held;
	*packer = next;
	return KS_OK;
}

/* The bits with the begun byte filled up, plainly or by zlib where that is less. */
static uint8_t *blob_body(const struct packer *p, uint8_t *blob, uint8_t *at)
{
	size_t plain = p->used + (p->spare_bits > 0);
	uint8_t *body = at;

	if (p->used > 0)
		memcpy(at, p->bytes, p->used);
	if (p->spare_bits > 0)
		at[p->used] = (uint8_t)(p->spare << (8 - p->spare_bits));
	if (p->raw) {
		uLongf len = compressBound(plain);
		struct blob small = { .at = malloc(len) };

		if (small.at != NULL && compress2(small.at, &len, at, plain, 6) == Z_OK &&
		    len + VARINT_MOST < plain) {
			blob[0] = CHUNK_ZLIB;
			body = varint_put(body, plain);
			memcpy(body, small.at, len);
			plain = len;
		}
		drop_blob(&small);
	}
	return body + plain;
}

int packer_blob(const struct packer *packer, struct blob *ret_blob)
{
	uint8_t *blob = malloc((size_t)packer->used + 1 + 1 + 2 * VARINT_MOST + 4);

	if (blob == NULL)
		return KS_FULL;
	blob[0] = CHUNK_PLAIN;
	uint8_t *at = blob_body(packer, blob, varint_put(blob + 1, packer->n));
	uint32_t crc = crc32c(0, span_of(blob, (size_t)(at - blob)));

	crc = htole32(crc);
	memcpy(at, &crc, sizeof crc);
	*ret_blob = (struct blob){ .at = blob, .len = (size_t)(at - blob) + sizeof crc };
	return KS_OK;
}

int chunk_pack(const struct points *points, int64_t base_ms, struct blob *ret_blob)
{
	struct packer packer;
	int bad = KS_OK;

	packer_init(&packer, base_ms);
	for (size_t i = 0; i < points->n && bad == KS_OK; i += BLOCK) {
		size_t left = points->n - i;

		bad = packer_add(&packer, points->at + i, left < BLOCK ? left : BLOCK);
	}
	if (bad == KS_OK)
		bad = packer_blob(&packer, ret_blob);
	packer_done(&packer);
	return bad;
}
