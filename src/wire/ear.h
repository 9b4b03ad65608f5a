/* src/wire/ear.h - the engine: frames in, events out.  It takes frames apart, keeps
 * flows, puts streams in order and finds each one's tongue.  No clock, no random number,
 * no I/O beyond the capture that is handed in: time is that of the packets, the seed of
 * the hash is an argument.
 *
 * With more than one thread, frames are read and taken apart by the caller's thread and
 * spread over workers by a hash of the innermost addresses.  Each worker has its own
 * flows, tongues and listener; nothing is shared.  What is said of a flow is the same
 * with any number of threads. */
#ifndef KS_WIRE_EAR_H
#define KS_WIRE_EAR_H
#include "base/span.h"
#include "base/why.h"
#include "wire/said.h"
#include <stddef.h>
#include <stdint.h>

struct ear;
struct capture; /* wire/capture.h */

struct ear_plan {
	unsigned threads; /* workers, at most LIMIT_EAR_THREADS; 0, 1: all in the caller's */
	size_t memory;	  /* bytes for flows and streams of all workers; 0: LIMIT_EAR_MEMORY */
	uint64_t seed;	  /* of the flow table's hash */
	const struct listener *listeners; /* one for each worker (at least one) */
	struct span keylog;		  /* SSLKEYLOGFILE text, borrowed until ear_end */
};

/* Counts of the whole; lower bounds where `evicted` is not zero. */
struct ear_counts {
	uint64_t frames, frame_bytes, captured_bytes, outer_ip_bytes;
	int64_t first_ns, last_ns;
	uint64_t hosts;		    /* distinct outermost IP addresses */
	uint64_t tcp, udp, other;   /* streams; other: pairs of addresses and protocol */
	uint64_t evicted;	    /* flows that left before their time */
	uint64_t fragments, fragments_lost, malformed, cut, unknown_link;
	uint64_t gap_bytes, overlaps;
	uint64_t cut_to; /* the most that is here of a frame that was cut; 0: none was */
};

KS_MUST int ear_new(const struct ear_plan *plan, struct ear **ret_ear, struct why *why);
/* One frame, as a capture gives it.  Bytes are copied when threads need them longer. */
struct frame; /* wire/capture.h */
void ear_take(struct ear *ear, const struct frame *frame);
/* More secrets, of a pcapng decryption secrets block, in the order of the capture. */
void ear_secrets(struct ear *ear, struct span keylog);
/* Hand on what was taken so far: batches wait for company otherwise.  For live ones. */
void ear_flush(struct ear *ear);
/* For live ones, with any number of threads: hand on, and tell flows that were closed a
 * moment before now_ns; then listener.tick.  expire: now_ns is a clock's, and what is silent for
 * long ends, although no frame says how late it is. */
void ear_tick(struct ear *ear, int64_t now_ns, bool expire);
/* For live ones, in one thread: what the flows have sent so far is told, of those older than
 * least_ns at now_ns; what is silent for long ends also when nothing comes any more. */
void ear_report(struct ear *ear, int64_t now_ns, int64_t least_ns);
/* Meanwhile: counts of now, flows that live, bytes of memory they take. */
struct ear_counts ear_counts_now(const struct ear *ear, uint64_t *ret_flows,
    uint64_t *ret_memory);
/* What was counted between the two; times and hosts are those of now. */
struct ear_counts ear_counts_since(const struct ear_counts *now, const struct ear_counts *was);
/* The capture is over: every flow ends, workers stop.  Call once, before the counts. */
void ear_end(struct ear *ear);
struct ear_counts ear_counts(const struct ear *ear);
void ear_free(struct ear *ear);
static inline void drop_ear(struct ear **ear)
{
	ear_free(*ear);
}
#endif
