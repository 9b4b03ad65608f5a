/* test/fuzz/fuzz_accept.c - any file of accepted findings: read or refused with a place. */
#include "wire/accept.h"
#include "wire/clear.h"
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena;
	struct accepts accepts;
	struct why why;
	struct accept_key key = { "192.0.2.7", "", "box", "a.example", "", "KS-WIRE-003" };

	arena_init(&arena, 1 << 22);
	if (accepts_read(span_of(data, size), &arena, &accepts, &why) == KS_OK)
		(void)accept_find(&accepts, &key, 20000, NULL);
	else if (why.text[0] == '\0')
		abort();
	if (clear_judge(span_of(data, size)).verdict > CLEAR_RANDOM)
		abort();
	arena_done(&arena);
	return 0;
}
