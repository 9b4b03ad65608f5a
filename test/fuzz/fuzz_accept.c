/* test/fuzz/fuzz_accept.c - any file of accepted findings: read or refused with a place. */
#include "wire/accept.h"
#include "wire/clear.h"
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena;
	struct accepts accepts;
	struct span rest = span_of(data, size), first = span_cut(&rest, size / 2);
	const struct span halves[2] = { first, rest };
	bool expired = false;
	struct why why;
	struct accept_key key = { "192.0.2.7", "", "box", "a.example", "", "KS-WIRE-003" };

	arena_init(&arena, 1 << 22);
	if (accepts_read(span_of(data, size), "f", &arena, &accepts, &why) == KS_OK)
		(void)accept_find(&accepts, &key, 20000, size % 2 == 0 ? &expired : NULL);
	else if (why.text[0] == '\0')
		abort();
	if (clear_judge(span_of(data, size)).verdict > CLEAR_RANDOM ||
	    clear_judge_both(halves).verdict > CLEAR_RANDOM)
		abort();
	arena_done(&arena);
	return 0;
}
