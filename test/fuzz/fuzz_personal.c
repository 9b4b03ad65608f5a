/* test/fuzz/fuzz_personal.c - any text under any name (the first line): masks never show
 * more than four characters, and stay text. */
#include "base/utf8.h"
#include "wire/personal.h"
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void found(void *context, const struct said_body *where, const struct personal *what)
{
	size_t n = strlen(what->masked), shown = 0;

	(void)context, (void)where;
	for (size_t i = 0; i < n; i++)
		shown += what->masked[i] != '*' && ((uint8_t)what->masked[i] & 0xc0) != 0x80;
	if (what->category >= PERSONAL_ALL || what->grade > GRADE_CERTAIN || n >= MASKED_MAX ||
	    utf8_check(span_of(what->masked, n)) != n)
		abort();
	if (shown > 4 && memchr(what->masked, '*', n) == NULL)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct personal_sink sink = { .found = found };
	struct personal_search search = { .sink = &sink };
	struct span s = span_of(data, size);
	struct said_body leaf = { .key = span_until(&s, '\n') };

	leaf.bytes = s;
	for (int kind = BODY_TEXT; kind <= BODY_BYTES; kind++) {
		leaf.kind = (uint8_t)kind;
		personal_take(&search, &leaf);
	}
	return 0;
}
