/* test/fuzz/fuzz_learned.c - any bytes as what a former ear learned, as they are and with
 * the checksum made right: what is taken can be audited, joined with itself, and becomes
 * bytes again, also where there is less room than it needs. */
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

	if (learned_unpack(&left, 7, &learned, NULL) == KS_OK)
		return learned;
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

/* As many bytes as there is room for; what does not fit is forgotten, or all is refused. */
static void pack(struct learned *learned, size_t room)
{
	struct text bytes;

	text_init(&bytes, room);
	if (learned_pack(learned, &bytes, NULL) == KS_OK) {
		struct learned *again = unpack((uint8_t *)bytes.at, bytes.len);

		must(again != NULL && bytes.len <= room);
		must(learned_gather(again)->entries.n == learned_gather(learned)->entries.n);
		learned_free(again);
	}
	text_done(&bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t bytes[HEAD + MOST];
	uint32_t crc, length = htole32((uint32_t)size);

	if (size > MOST)
		return 0;
	if (size > 0)
		memcpy(bytes + HEAD, data, size);
	crc = htole32(crc32c(0, span_of(bytes + HEAD, size)));
	memcpy(bytes, "KSL1", 4);
	memcpy(bytes + 4, &crc, sizeof crc);
	memcpy(bytes + 8, &length, sizeof length);
	learned_free(unpack(data, size));
	struct learned *learned = unpack(bytes, HEAD + size);

	if (learned == NULL)
		return 0;
	audit(learned);
	struct learned *twice = unpack(bytes, HEAD + size);

	must(twice != NULL && learned_join(twice, learned, NULL) == KS_OK);
	pack(twice, LIMIT_WIRE_LEARNED);
	pack(twice, HEAD + size / 2);
	pack(learned, HEAD);
	learned_free(twice);
	learned_free(learned);
	return 0;
}
