/* test/fuzz/fuzz_personal.c - any text under any name (the first line; parts divided by 0x1e
 * are leaves of one message), of a client and of a server's page: masks never show more
 * than four characters, and stay text. */
#include "base/must.h"
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

static void doubted(void *context, const struct said_body *where, enum grade grade)
{
	(void)context, (void)where;
	must(grade == GRADE_POSSIBLE || grade == GRADE_LIKELY);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct personal_sink sink = { .found = found, .doubt = doubted };
	struct personal_search searches[] = { { .sink = &sink, .own = { { 2, 0, 0, 0, 0, 1 } } },
		{ .sink = &sink, .from_server = true } };
	struct personal what;

	for (uint64_t number = 0; number < 2; number++)
		for (struct span rest = span_of(data, size); rest.left > 0;) {
			struct span s = span_until(&rest, 0x1e);
			struct said_body leaf = { .key = span_until(&s, '\n'), .number = number };

			leaf.bytes = s;
			leaf.content_type = span_text(size % 2 == 0 ? "text/html" : "text/plain");
			for (int kind = BODY_TEXT; kind <= BODY_BYTES; kind++) {
				leaf.kind = (uint8_t)kind;
				personal_take(&searches[0], &leaf);
				personal_take(&searches[1], &leaf);
			}
			personal_credential(&searches[0], leaf.key, s, &what);
			must(what.grade == GRADE_CERTAIN);
		}
	return 0;
}
