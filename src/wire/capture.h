/* src/wire/capture.h - frames out of a capture: pcap (both byte orders, micro- and
 * nanoseconds, the modified and Nokia variants), pcapng (all blocks that matter, several
 * sections and interfaces) and snoop (RFC 1761), plain or packed with gzip, zstd or xz,
 * from a file, a pipe or standard input.  Read in blocks, never mapped: a file that
 * shrinks meanwhile is a short file, no crash.
 *
 * A capture that ends in the middle or turns to rubbish gives all frames before that;
 * then capture_next() returns KS_TRUNCATED or KS_MALFORMED once, with a sentence that
 * says where and why.  Sources: draft-ietf-opsawg-pcap, draft-ietf-opsawg-pcapng,
 * RFC 1761, www.tcpdump.org/linktypes.html. */
#ifndef KS_WIRE_CAPTURE_H
#define KS_WIRE_CAPTURE_H
#include "base/span.h"
#include "base/why.h"
#include "wire/packet.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A block of the file in memory.  It is not used again for later bytes as long as
 * somebody holds it; any thread may let go. */
struct lump;
void lump_hold(struct lump *lump);
void lump_drop(struct lump *lump); /* NULL is nothing */

/* One frame as recorded.  `bytes` lives until the next call, or as long as `lump` is
 * held; a frame without one (live capture) has to be copied. */
struct frame {
	struct lump *lump;
	int64_t time_ns;
	uint64_t number;	    /* from 1 */
	struct span bytes;
	uint32_t length;	    /* original */
	uint32_t interface;	    /* from 0, over all sections */
	uint16_t link;		    /* LINKTYPE_ number */
};

/* What else a capture file tells.  Any may be NULL; spans live during the call. */
struct capture_ears {
	void *context;
	/* a decryption secrets block with TLS key log text */
	void (*secrets)(void *context, struct span keylog);
	/* a pipe has nothing more at present: told before it is waited for, and every
	 * CAPTURE_WAIT_MS meanwhile, so that what is held back goes on */
	void (*idle)(void *context);
	/* a name resolution block's row */
	void (*name)(void *context, const struct address *address, struct span name);
};

enum { CAPTURE_WAIT_MS = 250 };

struct capture_facts {
	const char *format;	 /* "pcap", "pcapng", "snoop"; "har" has no frames */
	const char *packing;	 /* "", "gzip", "zstd", "xz" */
	uint64_t bytes_read;	 /* of the file, packed; for progress */
	uint64_t bytes_total;	 /* 0: not known (a pipe) */
	uint64_t offset;	 /* unpacked bytes consumed */
	uint32_t interfaces;
	uint64_t dropped;	 /* by the capturing system, as the file tells */
	uint64_t skipped;	 /* blocks too long to be looked at */
	char application[64];	 /* that wrote the first section; "" not told */
};

struct capture;
/* fd is read from and not closed; name is for sentences. */
KS_MUST int capture_new(int fd, const char *name, const struct capture_ears *ears,
    struct capture **ret_capture, struct why *why);
/* KS_OK with a frame; KS_ABSENT at the regular end; KS_TRUNCATED, KS_MALFORMED or KS_IO
 * when it stops earlier, then KS_ABSENT. */
KS_MUST int capture_next(struct capture *capture, struct frame *ret_frame,
    struct why *why);
/* All the bytes of a file that is no row of frames ("har"), unpacked; to's maximum is how
 * many there may be. */
struct text;
KS_MUST int capture_whole(struct capture *capture, struct text *to, struct why *why);
const struct capture_facts *capture_facts(const struct capture *capture);
/* Lumps that somebody still holds live on; ear_flush() hands on what waits. */
void capture_free(struct capture *capture);
static inline void drop_capture(struct capture **capture)
{
	capture_free(*capture);
}
#endif
