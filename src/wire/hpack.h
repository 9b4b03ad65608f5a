/* src/wire/hpack.h - header fields of HTTP/2 unpacked: static and dynamic table, Huffman
 * code.  Pure; the memory of the dynamic table is the caller's.  Source: RFC 7541. */
#ifndef KS_WIRE_HPACK_H
#define KS_WIRE_HPACK_H
#include "base/text.h"
#include "base/why.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { HPACK_TABLE = 4096 /* bytes, until agreed otherwise (RFC 7540 6.5.2) */ };

/* The dynamic table of one direction: entries lie in room[], the oldest first, each
 * behind two lengths of two bytes. */
struct hpack {
	uint8_t *room; /* room_size bytes; holds a table of that many bytes by RFC's count */
	size_t room_size, used;
	size_t max;	/* as the sender set it, at most room_size */
	size_t size;	/* by RFC's count: 32 more for each entry */
	uint32_t entries;
};

/* What hears the fields of one block, in order. */
struct hpack_sink {
	void (*field)(void *context, struct span name, struct span value);
	void *context;
};

/* A whole header block.  `room` is for texts, cleared for each field.  KS_MALFORMED: the
 * table is out of step from here on, and no later block can be read. */
KS_MUST int hpack_block(struct hpack *hpack, struct span block, struct text *room,
    const struct hpack_sink *sink);
/* Adds the text that a Huffman code stands for; false when it is none. */
bool hpack_huffman(struct span code, struct text *text);
#endif
