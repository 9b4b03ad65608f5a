/* test/fuzz/fuzz_decode.c - any bytes as packed content: the first says how (gzip and
 * deflate, brotli, zstd), the second how much may come of it.  No more comes than that, what
 * is whole says so, and the same comes when there is more room. */
#include "base/must.h"
#include "wire/decode.h"
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef int unpack_fn(struct span packed, struct text *text);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static unpack_fn *const ways[] = { unzip, unbrotli, unzstd };
	struct span s = span_of(data, size);
	unpack_fn *way = ways[span_be(&s, 1) % 3];
	size_t room = 256 * (span_be(&s, 1) + 1);
	struct text some, more;

	if (s.broken)
		return 0;
	text_init(&some, room);
	text_init(&more, 4 * room);
	int code = way(s, &some), twice = way(s, &more);

	must(some.len <= room && some.full == (code == KS_FULL));
	must(code == KS_FULL || (code == twice && some.len == more.len));
	must(some.len <= more.len && (some.len == 0 || memcmp(some.at, more.at, some.len) == 0));
	text_done(&some);
	text_done(&more);
	return 0;
}
