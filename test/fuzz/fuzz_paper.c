/* test/fuzz/fuzz_paper.c - any bytes as a plan file: what is accepted is written and read
 * again as the same. */
#include "base/must.h"
#include "plan/paper.h"
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena;
	struct paper paper, again;
	struct text one, two;

	arena_init(&arena, 64 << 20);
	text_init(&one, 64 << 20);
	text_init(&two, 64 << 20);
	if (paper_read(span_of(data, size), &arena, &paper, NULL) == KS_OK) {
		paper_write(&one, &paper);
		must(paper_read(text_span(&one), &arena, &again, NULL) == KS_OK);
		paper_write(&two, &again);
		must(strcmp(text_cstr(&one), text_cstr(&two)) == 0);
	}
	text_done(&one);
	text_done(&two);
	arena_done(&arena);
	return 0;
}
