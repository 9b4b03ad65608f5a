/* test/fuzz/fuzz_learned.c - any bytes as what a former ear learned, with the checksum made
 * right: what is taken can be audited, joined with itself, and becomes bytes again. */
#include "base/hash.h"
#include "base/limits.h"
#include "base/must.h"
#include "wire/gather_in.h"
#include "wire/learned.h"
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { HEAD = 12, MOST = 65536 };

static struct learned *unpack(const uint8_t *bytes, size_t n)
{
	struct learned *learned = NULL;
	struct span left = span_of(bytes, n);

	if (learned_unpack(&left, 7, &learned, NULL) == KS_OK) {
		must(left.left == 0);
		return learned;
	}
	must(learned == NULL && left.left == n); /* untouched on failure */
	return NULL;
}

static void audit(const struct learned *learned)
{
	struct make_plan plan = { .counts = { .frames = 1 } };
	struct audit *made = NULL;
	struct arena arena;

	arena_init(&arena, 16 << 20);
	learned_plan(learned, &plan);
	if (audit_make(&plan, learned_gather(learned), &arena, &made, NULL) == KS_OK)
		must(made->periodic_n <= learned_gather(learned)->relations.n + made->traceroutes_n);
	arena_done(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t bytes[HEAD + MOST];
	uint32_t crc, length = htole32((uint32_t)size);
	struct text again;

	if (size > MOST)
		return 0;
	if (size > 0)
		memcpy(bytes + HEAD, data, size);
	crc = htole32(crc32c(0, span_of(bytes + HEAD, size)));
	memcpy(bytes, "KSL1", 4);
	memcpy(bytes + 4, &crc, sizeof crc);
	memcpy(bytes + 8, &length, sizeof length);
	struct learned *learned = unpack(bytes, HEAD + size);

	if (learned == NULL)
		return 0;
	audit(learned);
	struct learned *twice = unpack(bytes, HEAD + size);

	must(twice != NULL && learned_join(twice, learned, NULL) == KS_OK);
	text_init(&again, LIMIT_WIRE_LEARNED);
	if (learned_pack(twice, &again, NULL) == KS_OK) {
		struct learned *third = unpack((uint8_t *)again.at, again.len);

		must(third != NULL);
		must(learned_gather(third)->entries.n == learned_gather(twice)->entries.n);
		learned_free(third);
	}
	text_done(&again);
	learned_free(twice);
	learned_free(learned);
	return 0;
}
