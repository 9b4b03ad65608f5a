/* src/wire/tls_unpack.c - one call of a library each; the length is told beforehand. */
#include "wire/tls_unpack.h"
#include <brotli/decode.h>
#include <stdlib.h>
#include <zlib.h>
#include <zstd.h>

enum { WITH_ZLIB = 1, WITH_BROTLI = 2, WITH_ZSTD = 3 };

static bool unpack(uint32_t how, struct span packed, uint8_t *to, size_t n)
{
	uLongf zlib = n;
	size_t brotli = n;

	switch (how) {
	case WITH_ZLIB:
		return uncompress(to, &zlib, packed.at, packed.left) == Z_OK && zlib == n;
	case WITH_BROTLI:
		return BrotliDecoderDecompress(packed.left, packed.at, &brotli, to) ==
		    BROTLI_DECODER_RESULT_SUCCESS && brotli == n;
	case WITH_ZSTD:
		return ZSTD_decompress(to, n, packed.at, packed.left) == n;
	default:
		return false;
	}
}

int tls_unpack(struct span body, struct text *text)
{
	uint32_t how = (uint32_t)span_be(&body, 2);
	size_t n = (size_t)span_be(&body, 3);
	struct span packed = span_cut(&body, (size_t)span_be(&body, 3));
	uint8_t *to;
	bool good;

	if (packed.left == 0 || n == 0)
		return KS_MALFORMED;
	if (n > text->max)
		return KS_FULL;
	to = malloc(n);
	if (to == NULL)
		return KS_FULL;
	good = unpack(how, packed, to, n);
	if (good)
		text_add_span(text, span_of(to, n));
	free(to);
	return good && !text->full ? KS_OK : KS_MALFORMED;
}
