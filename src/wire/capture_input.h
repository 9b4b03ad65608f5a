/* src/wire/capture_input.h - bytes of a capture file as they were before packing: gzip
 * (RFC 1952), zstd (RFC 8878) and xz are undone on the way, found by their first bytes.
 * Sources: the formats' own pages; zlib, libzstd and liblzma do the work. */
#ifndef KS_WIRE_CAPTURE_INPUT_H
#define KS_WIRE_CAPTURE_INPUT_H
#include "base/why.h"
#include <stddef.h>
#include <stdint.h>

struct input;
/* fd is borrowed. */
KS_MUST int input_new(int fd, const char *name, struct input **ret_input, struct why *why);
/* 1 to n bytes into `to`, as many as are there; KS_ABSENT at the end; KS_TRUNCATED or KS_MALFORMED when what
 * is packed ends too soon or is damaged. */
KS_MUST int input_read(struct input *input, uint8_t *to, size_t n, size_t *ret_got,
    struct why *why);
const char *input_packing(const struct input *input); /* "", "gzip", "zstd", "xz" */
uint64_t input_taken(const struct input *input);	/* bytes of the file so far */
/* See capture_ears; never called without. */
void input_idle(struct input *input, void (*idle)(void *context), void *context);
void input_free(struct input *input);
#endif
