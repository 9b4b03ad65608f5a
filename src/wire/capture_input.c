/* Plain, gzip, zstd or xz: one reader for each, chosen by the first bytes. */
#include "wire/capture_input.h"
#include "base/limits.h"
#include "wire/capture.h"
#include <errno.h>
#include <lzma.h>
#include <poll.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

enum { PACKED_ROOM = 256 * 1024, MAGIC = 6 };

struct input {
	const char *name, *packing;
	int fd;
	bool over;	 /* the file's end was met */
	void (*idle)(void *context); /* NULL: nobody wants to know */
	void *idle_context;
	bool finished;	 /* the packed stream ended, and nothing may follow */
	bool inside;	 /* within a packed stream: an end now is too soon */
	uint64_t taken;
	uint8_t *packed; /* bytes of the file not used yet: [at, end) */
	size_t at, end;
	int (*unpack)(struct input *, uint8_t *, size_t, size_t *, struct why *);
	z_stream gzip;
	lzma_stream xz;
	ZSTD_DStream *zstd;
};

/* A regular file is always ready; a signal goes on to read(), which tells. */
static void file_wait(const struct input *input)
{
	struct pollfd fd = { .fd = input->fd, .events = POLLIN };

	if (input->idle == NULL || poll(&fd, 1, 0) != 0)
		return;
	do
		input->idle(input->idle_context);
	while (poll(&fd, 1, CAPTURE_WAIT_MS) == 0);
}

static int file_read(struct input *input, uint8_t *to, size_t n, size_t *ret_got,
    struct why *why)
{
	ssize_t got;

	file_wait(input);
	do
		got = read(input->fd, to, n);
	while (got < 0 && errno == EINTR);
	if (got < 0)
		return fail(why, KS_IO, "%s: cannot read: %s", input->name, strerror(errno));
	input->over = got == 0;
	input->taken += (uint64_t)got;
	*ret_got = (size_t)got;
	return KS_OK;
}

/* More packed bytes, when none are left. */
static int packed_fill(struct input *input, struct why *why)
{
	size_t got = 0;
	int code;

	if (input->at < input->end || input->over)
		return KS_OK;
	code = file_read(input, input->packed, PACKED_ROOM, &got, why);
	if (code == KS_OK) {
		input->at = 0;
		input->end = got;
	}
	return code;
}

static int packed_damaged(struct input *input, struct why *why)
{
	return fail(why, KS_MALFORMED, "%s: the %s data is damaged", input->name,
	    input->packing);
}

static int plain_unpack(struct input *input, uint8_t *to, size_t n, size_t *ret_got,
    struct why *why)
{
	size_t ready = input->end - input->at;

	if (ready == 0)
		return file_read(input, to, n, ret_got, why);
	*ret_got = ready < n ? ready : n;
	memcpy(to, input->packed + input->at, *ret_got);
	input->at += *ret_got;
	return KS_OK;
}

static int gzip_unpack(struct input *input, uint8_t *to, size_t n, size_t *ret_got,
    struct why *why)
{
	z_stream *z = &input->gzip;

	if (!input->inside) { /* between members; other bytes after the last are padding */
		if (input->packed[input->at] != 0x1f) {
			input->finished = true;
			return KS_OK;
		}
		if (inflateReset(z) != Z_OK)
			return packed_damaged(input, why);
	}
	input->inside = true;
	z->next_in = input->packed + input->at;
	z->avail_in = (uInt)(input->end - input->at);
	z->next_out = to;
	z->avail_out = (uInt)n;
	int code = inflate(z, Z_NO_FLUSH);

	input->at = input->end - z->avail_in;
	*ret_got = n - z->avail_out;
	if (code == Z_STREAM_END)
		input->inside = false;
	else if (code != Z_OK && code != Z_BUF_ERROR)
		return packed_damaged(input, why);
	return KS_OK;
}

static int zstd_unpack(struct input *input, uint8_t *to, size_t n, size_t *ret_got,
    struct why *why)
{
	ZSTD_inBuffer in = { input->packed + input->at, input->end - input->at, 0 };
	ZSTD_outBuffer out = { to, n, 0 };
	size_t code = ZSTD_decompressStream(input->zstd, &out, &in);

	if (ZSTD_isError(code))
		return packed_damaged(input, why);
	input->at += in.pos;
	input->inside = code != 0;
	*ret_got = out.pos;
	return KS_OK;
}

static int xz_unpack(struct input *input, uint8_t *to, size_t n, size_t *ret_got,
    struct why *why)
{
	lzma_stream *xz = &input->xz;

	xz->next_in = input->packed + input->at;
	xz->avail_in = input->end - input->at;
	xz->next_out = to;
	xz->avail_out = n;
	lzma_ret code = lzma_code(xz, input->over ? LZMA_FINISH : LZMA_RUN);

	input->at = input->end - xz->avail_in;
	*ret_got = n - xz->avail_out;
	input->inside = code != LZMA_STREAM_END;
	input->finished = code == LZMA_STREAM_END;
	if (code == LZMA_BUF_ERROR && input->over)
		return KS_OK; /* said as too short by the caller */
	if (code != LZMA_OK && code != LZMA_STREAM_END)
		return packed_damaged(input, why);
	return KS_OK;
}

int input_read(struct input *input, uint8_t *to, size_t n, size_t *ret_got,
    struct why *why)
{
	size_t got = 0;

	while (got == 0) {
		int code = input->packing[0] != '\0' ? packed_fill(input, why) : KS_OK;
		bool dry = input->over && input->at == input->end;

		if (code == KS_OK && !input->finished && !(dry && !input->inside))
			code = input->unpack(input, to, n, &got, why);
		if (code != KS_OK)
			return code;
		if (got > 0)
			break;
		if (input->finished || (dry && !input->inside))
			return KS_ABSENT;
		if (dry && input->packing[0] != '\0')
			return fail(why, KS_TRUNCATED, "%s: the %s data ends too soon",
			    input->name, input->packing);
	}
	*ret_got = got;
	return KS_OK;
}

static int input_choose(struct input *input, struct why *why)
{
	const uint8_t *magic = input->packed;
	bool ok = true;

	input->packing = "";
	input->unpack = plain_unpack;
	if (input->end >= 3 && memcmp(magic, "\x1f\x8b\x08", 3) == 0) {
		input->packing = "gzip";
		input->unpack = gzip_unpack;
		ok = inflateInit2(&input->gzip, 16 + MAX_WBITS) == Z_OK;
	} else if (input->end >= 4 && memcmp(magic, "\x28\xb5\x2f\xfd", 4) == 0) {
		input->packing = "zstd";
		input->unpack = zstd_unpack;
		input->zstd = ZSTD_createDStream();
		ok = input->zstd != NULL;
	} else if (input->end >= MAGIC && memcmp(magic, "\xfd" "7zXZ\0", MAGIC) == 0) {
		input->packing = "xz";
		input->unpack = xz_unpack;
		ok = lzma_stream_decoder(&input->xz, LIMIT_UNPACK_MEMORY,
			 LZMA_CONCATENATED) == LZMA_OK;
	}
	return ok ? KS_OK : fail(why, KS_FULL, "out of memory");
}

int input_new(int fd, const char *name, struct input **ret_input, struct why *why)
{
	struct input *input = calloc(1, sizeof *input);
	int code = KS_OK;

	if (input == NULL || (input->packed = malloc(PACKED_ROOM)) == NULL) {
		free(input);
		return fail(why, KS_FULL, "out of memory");
	}
	input->fd = fd;
	input->name = name;
	input->packing = "";
	while (code == KS_OK && input->end < MAGIC && !input->over) { /* a pipe may drip */
		size_t got = 0;

		code = file_read(input, input->packed + input->end, PACKED_ROOM - input->end,
		    &got, why);
		input->end += got;
	}
	if (code == KS_OK)
		code = input_choose(input, why);
	if (code != KS_OK) {
		input_free(input);
		return code;
	}
	*ret_input = input;
	return KS_OK;
}

void input_idle(struct input *input, void (*idle)(void *context), void *context)
{
	input->idle = idle;
	input->idle_context = context;
}

const char *input_packing(const struct input *input)
{
	return input->packing;
}

uint64_t input_taken(const struct input *input)
{
	return input->taken - (input->end - input->at);
}

void input_free(struct input *input)
{
	if (input == NULL)
		return;
	if (input->unpack == gzip_unpack)
		(void)inflateEnd(&input->gzip);
	if (input->unpack == xz_unpack)
		lzma_end(&input->xz);
	(void)ZSTD_freeDStream(input->zstd);
	free(input->packed);
	free(input);
}
