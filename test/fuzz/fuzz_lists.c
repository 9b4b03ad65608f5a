/* test/fuzz/fuzz_lists.c - any bytes as a block list, in pieces as the first byte says:
 * what is read does not depend on them, and lookups of its own words are within bounds. */
#include "wire/lists.h"
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A hit holds when it was met, and has a date. */
static void told(bool found, const struct lists_met *met, const struct listed *hit)
{
	if (found && (hit->date[0] == '\0' || (hit->from_s != 0 && hit->from_s > met->last_s) ||
		(hit->until_s != 0 && hit->until_s <= met->first_s)))
		abort();
}

static struct lists_count read_in(struct span s, size_t step, bool ask)
{
	struct lists *lists = NULL;
	struct listed hit;
	struct span words = s;

	if (lists_new(1, &lists) != KS_OK || lists_begin(lists, "f", "2026-01-01", NULL) != KS_OK)
		abort();
	while (s.left > 0)
		if (lists_take(lists, span_cut(&s, s.left < step ? s.left : step), NULL) != KS_OK)
			break;
	(void)!lists_end(lists, NULL);
	for (int i = 0; ask && words.left > 0 && i < 64; i++) {
		struct span line = span_until(&words, '\n'), word = span_until(&line, ' ');
		struct address address = word.left < 46 ? address_read(word) : (struct address){ .family = 0 };

		struct lists_met met = { 1767225600 - i * 86400LL * 30, 1767225600 - i * 86400LL * 15 };

		told(lists_name(lists, word, &met, &hit), &met, &hit);
		told(lists_print(lists, word, &met, &hit), &met, &hit);
		told(lists_url(lists, word, span_text("/a/b?c"), &met, &hit), &met, &hit);
		(void)lists_url(lists, word, line, NULL, &hit);
		if (address.family != ADDRESS_NONE)
			told(lists_address(lists, &address, i % 2 == 0 ? 443 : 0, &met, &hit), &met, &hit);
	}
	struct lists_count count = lists_count(lists);

	lists_free(lists);
	return count;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span s = span_of(data, size);
	size_t step = span_be(&s, 1) + 16; /* the first piece shows whether it is JSON */
	struct lists_count a = read_in(s, step, false), b = read_in(s, size + 1, true);

	if (a.names != b.names || a.ranges != b.ranges || a.addresses != b.addresses)
		abort();
	return 0;
}
