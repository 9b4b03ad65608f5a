/* src/wire/decode_more.c - brotli and zstd, see decode.h. */
#include "wire/decode.h"
#include <brotli/decode.h>
#include <zstd.h>

enum { PIECE = 8192, WINDOW_LOG_MOST = 23 };

int unbrotli(struct span packed, struct text *text)
{
	BrotliDecoderState *state = BrotliDecoderCreateInstance(NULL, NULL, NULL);
	BrotliDecoderResult result = BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT;
	const uint8_t *in = packed.at;
	size_t left = packed.left;

	if (state == NULL)
		return KS_FULL;
	while (result == BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT && !text->full) {
		uint8_t out[PIECE], *to = out;
		size_t room = sizeof out;

		result = BrotliDecoderDecompressStream(state, &left, &in, &room, &to, NULL);
		text_add_span(text, span_of(out, sizeof out - room));
	}
	BrotliDecoderDestroyInstance(state);
	if (text->full)
		return KS_FULL;
	if (result == BROTLI_DECODER_RESULT_SUCCESS)
		return KS_OK;
	return result == BROTLI_DECODER_RESULT_ERROR ? KS_MALFORMED : KS_TRUNCATED;
}

int unzstd(struct span packed, struct text *text)
{
	ZSTD_DStream *state = ZSTD_createDStream();
	ZSTD_inBuffer in = { packed.at, packed.left, 0 };
	size_t more;

	if (state == NULL)
		return KS_FULL;
	(void)ZSTD_DCtx_setParameter(state, ZSTD_d_windowLogMax, WINDOW_LOG_MOST);
	ZSTD_outBuffer out;
	do {
		uint8_t piece[PIECE];

		out = (ZSTD_outBuffer){ piece, sizeof piece, 0 };
		more = ZSTD_decompressStream(state, &out, &in); /* fails where nothing moves */
		text_add_span(text, span_of(piece, out.pos));
	} while (!ZSTD_isError(more) && !text->full && (in.pos < in.size || out.pos == out.size));
	(void)ZSTD_freeDStream(state);
	if (text->full)
		return KS_FULL;
	if (ZSTD_isError(more))
		return KS_MALFORMED;
	return more == 0 ? KS_OK : KS_TRUNCATED;
}
