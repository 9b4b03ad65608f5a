/* src/wire/capture_inside.h - what the readers of the capture formats share. */
#ifndef KS_WIRE_CAPTURE_INSIDE_H
#define KS_WIRE_CAPTURE_INSIDE_H
#include "wire/capture.h"
#include "wire/capture_input.h"
#include <pthread.h>
#include <stdatomic.h>

enum {
	LUMP_SIZE = 1024 * 1024, /* the longest record */
	LUMP_READ = 256 * 1024,	 /* filled so far otherwise: it stays near the processor */
	LUMPS = 16		     /* in memory at once */
};

struct lump_pool;
struct lump {
	uint8_t *bytes; /* LUMP_SIZE */
	atomic_uint holders;
	struct lump_pool *pool;
};
/* Lumps are used in turn; who needs one waits until somebody lets go. */
struct lump_pool {
	struct lump lumps[LUMPS];
	atomic_uint users; /* the capture, and every lump that is held */
	pthread_mutex_t lock;
	pthread_cond_t free;
};

struct interface {
	uint64_t units; /* of a timestamp in a second */
	int64_t offset_s;
	uint64_t dropped; /* as its counters said last */
	uint32_t snap;
	uint16_t link;
};

struct capture {
	struct input *input;
	const char *name;
	struct capture_ears ears;
	struct capture_facts facts;
	int (*next)(struct capture *, struct frame *, struct why *);

	struct lump_pool *pool;
	struct lump *lump; /* being read: [at, end) is not consumed yet */
	size_t at, end;
	bool input_over;
	int input_code; /* why the input stopped, said once all before it is used */
	struct why input_why;
	bool over;

	uint64_t frames;
	bool big_endian;
	uint32_t record_head; /* pcap: bytes before each frame */
	uint32_t swap_lengths; /* pcap 2.3 and older: 0 never, 1 when odd, 2 always */
	struct interface *interfaces;
	uint32_t interface_count, interface_room, section_first;
};

/* The next n bytes are in memory, at capture_at(), not consumed yet; otherwise the code to
 * return: KS_ABSENT when nothing at all is left. */
int capture_reach(struct capture *capture, size_t n, struct why *why);
static inline int capture_need(struct capture *capture, size_t n, struct why *why)
{
	return capture->end - capture->at < n ? capture_reach(capture, n, why) : KS_OK;
}
static inline const uint8_t *capture_at(const struct capture *capture)
{
	return capture->lump->bytes + capture->at;
}
static inline int capture_peek(struct capture *capture, size_t n, struct span *ret_bytes,
    struct why *why)
{
	int code = capture_need(capture, n, why);

	if (code == KS_OK)
		*ret_bytes = span_of(capture_at(capture), n);
	return code;
}
/* Consume n bytes of what was peeked. */
static inline void capture_eat(struct capture *capture, size_t n)
{
	capture->at += n;
	capture->facts.offset += n;
}
/* Pass over n bytes, however many. */
int capture_skip(struct capture *capture, uint64_t n, struct why *why);
int capture_interface_add(struct capture *capture, struct interface interface,
    struct why *why);
/* A frame is these bytes of what was peeked. */
static inline int capture_frame(struct capture *capture, struct span bytes,
    struct frame *ret_frame)
{
	ret_frame->lump = capture->lump;
	ret_frame->number = ++capture->frames;
	/* one by one: a copy of both at once would wait for them to be written first */
	ret_frame->bytes.at = bytes.at;
	ret_frame->bytes.left = bytes.left;
	ret_frame->bytes.broken = false;
	return KS_OK;
}
static inline uint64_t capture_number(const struct capture *capture, struct span *s,
    size_t width)
{
	return capture->big_endian ? span_be(s, width) : span_le(s, width);
}
/* Stops: "NAME: frame N, byte B: ..." */
int capture_stop_short(struct capture *capture, struct why *why);
int capture_stop_bad(struct capture *capture, const char *what, struct why *why);

int pcap_begin(struct capture *capture, struct why *why);
int pcapng_begin(struct capture *capture, struct why *why);
int snoop_begin(struct capture *capture, struct why *why);
/* A timestamp of that interface in ns; saturates. */
int64_t interface_time(const struct interface *interface, uint64_t ticks);
#endif
