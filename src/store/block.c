#include "store/block.h"

enum { ESCAPE = 20 }; /* that many ones: the number itself follows */

struct plan {
	unsigned mode, k;
	uint64_t bits;
};

static uint64_t rice_bits(uint64_t v, unsigned k)
{
	uint64_t q = v >> k;

	return q < ESCAPE ? q + 1 + k : ESCAPE + 6 + bits_in_number(v);
}

static void rice_put(struct bits_out *out, uint64_t v, unsigned k)
{
	uint64_t q = v >> k;

	if (q >= ESCAPE) {
		unsigned n = bits_in_number(v);

		bits_put(out, (1U << ESCAPE) - 1, ESCAPE);
		bits_put(out, n - 1, 6);
		bits_put_wide(out, v, n);
		return;
	}
	bits_put(out, ((1ULL << q) - 1) << 1, (unsigned)q + 1);
	if (k > 0)
		bits_put(out, v & ((1ULL << k) - 1), k);
}

static inline uint64_t rice_take(struct bits_in *in, unsigned k)
{
	if (in->held < ESCAPE + 6)
		bits_fill(in);
	unsigned q = in->hold == UINT64_MAX ? 64U : (unsigned)__builtin_clzll(~in->hold);

	if (q >= ESCAPE) {
		bits_skip(in, ESCAPE);
		return bits_take_wide(in, (unsigned)bits_take(in, 6) + 1);
	}
	bits_skip(in, q + 1);
	return (uint64_t)q << k | bits_take(in, k);
}

/* The best parameter for those of the n numbers that are at least `from`, each
 * lessened by it: the mean's length or one of the two below. */
static struct plan rice_plan(const uint64_t *v, size_t n, uint64_t from)
{
	struct plan best = { .bits = UINT64_MAX };
	uint64_t sum = 0, count = 0;

	for (size_t i = 0; i < n; i++) {
		uint64_t part = v[i] - from;

		if (v[i] < from)
			continue;
		sum += part < 1ULL << 57 ? part : 1ULL << 57;
		count++;
	}
	unsigned high = count > 0 ? bits_in_number(sum / count) : 0;

	high = high > RICE_MOST ? RICE_MOST : high;
	for (unsigned k = high > 2 ? high - 2 : 0; k <= high; k++) {
		uint64_t bits = 0;

		for (size_t i = 0; i < n; i++)
			if (v[i] >= from)
				bits += rice_bits(v[i] - from, k);
		if (bits < best.bits)
			best = (struct plan){ .mode = k, .k = k, .bits = bits };
	}
	return best;
}

static struct plan block_plan(const uint64_t *v, size_t n)
{
	size_t filled = 0;

	for (size_t i = 0; i < n; i++)
		filled += v[i] != 0;
	if (filled == 0)
		return (struct plan){ .mode = BLOCK_ZERO };
	struct plan rice = rice_plan(v, n, 0);

	if (filled > n / 2 || filled == BLOCK)
		return rice;
	struct plan sparse = rice_plan(v, n, 1);

	sparse.mode = BLOCK_SPARSE;
	sparse.bits += 6 + 6 + 6 * filled;
	return sparse.bits < rice.bits ? sparse : rice;
}

static void sparse_put(struct bits_out *out, const uint64_t *v, size_t n, unsigned k)
{
	uint64_t filled = 0;

	for (size_t i = 0; i < n; i++)
		filled += v[i] != 0;
	bits_put(out, filled, 6);
	bits_put(out, k, 6);
	for (size_t i = 0; i < n; i++)
		if (v[i] != 0) {
			bits_put(out, i, 6);
			rice_put(out, v[i] - 1, k);
		}
}

void block_put(struct bits_out *out, const uint64_t *numbers, size_t n)
{
	struct plan plan = block_plan(numbers, n);

	bits_put(out, plan.mode, 6);
	if (plan.mode == BLOCK_SPARSE)
		sparse_put(out, numbers, n, plan.k);
	else if (plan.mode != BLOCK_ZERO)
		for (size_t i = 0; i < n; i++)
			rice_put(out, numbers[i], plan.k);
}

static int sparse_take(struct bits_in *in, uint64_t *ret_numbers, size_t n)
{
	uint64_t filled = bits_take(in, 6);
	unsigned k = (unsigned)bits_take(in, 6);

	memset(ret_numbers, 0, n * sizeof *ret_numbers);
	if (k > RICE_MOST)
		return KS_MALFORMED;
	for (uint64_t i = 0; i < filled; i++) {
		uint64_t at = bits_take(in, 6);
		uint64_t v = rice_take(in, k);

		if (at >= n)
			return KS_MALFORMED;
		ret_numbers[at] = v + 1;
	}
	return in->broken ? KS_TRUNCATED : KS_OK;
}

int block_take(struct bits_in *in, unsigned mode, uint64_t *ret_numbers, size_t n)
{
	if (mode == BLOCK_SPARSE)
		return sparse_take(in, ret_numbers, n);
	if (mode == BLOCK_ZERO) {
		memset(ret_numbers, 0, n * sizeof *ret_numbers);
		return in->broken ? KS_TRUNCATED : KS_OK;
	}
	if (mode > RICE_MOST)
		return KS_MALFORMED;
	for (size_t i = 0; i < n; i++)
		ret_numbers[i] = rice_take(in, mode);
	return in->broken ? KS_TRUNCATED : KS_OK;
}
