/* src/store/journal.h - what is acknowledged but not yet sealed: segment files that
 * are only appended to.  A segment is `KSJ1`, its number, then frames: length,
 * CRC-32C (begun with the segment's number, so that no frame of another segment
 * fits), payload.  A frame is one acknowledged batch, whole or not there:
 *     1 byte: 0, or 1 for a carry (see below)
 *     varint new series, each: varint number, varint length, labels
 *     samples until the end: series as zigzag difference to the one before, time
 *     likewise, then integer * 6 + exponent as zigzag varint, or 5 and raw bits.
 *
 * A carry repeats samples of older segments that were still open when those were
 * sealed; it only counts when the older segments are sealed and gone. */
#ifndef KS_STORE_JOURNAL_H
#define KS_STORE_JOURNAL_H
#include "store/labels.h"
#include "store/store.h"

struct journal {
	int dir, fd;	    /* fd: the open segment; -1: none */
	uint64_t segment;   /* its number; 0: none yet */
	uint64_t at;	    /* its durable length */
	uint8_t *frame;	    /* being built */
	size_t used, room;
	int64_t last_ms;    /* of the frame being built */
	uint32_t last_series;
	uint64_t bytes;	    /* in all segments that are there */
	bool clean;	    /* the last writer said goodbye: there is no torn tail */
};

/* path/journal is made when it is not there (unless reading). */
KS_MUST int journal_open(struct journal *journal, const char *path, enum store_mode mode,
    struct why *why);
void journal_done(struct journal *journal);

/* A frame: begin with the new series, add samples, then write it and wait until it
 * is on the disk.  A failure leaves the segment as it was (KS_FULL: no room). */
KS_MUST int journal_begin(struct journal *journal, bool carry, struct why *why);
KS_MUST int journal_series(struct journal *journal, const struct labels *labels,
    uint32_t after, struct why *why);
KS_MUST int journal_add(struct journal *journal, const struct sample *samples, size_t n,
    struct why *why);
KS_MUST int journal_sync(struct journal *journal, struct why *why);

/* Open a new segment, 1 above the present; durable by name when it returns. */
KS_MUST int journal_next(struct journal *journal, struct why *why);
/* A segment begun beside the present one: take it as the present one, or forget it. */
void journal_switch(struct journal *journal, struct journal *next);
void journal_undo(struct journal *next);
/* Remove the segments up to and with this number; failing is harmless. */
void journal_drop(struct journal *journal, uint64_t upto);
/* The segment holds these bytes from now on; what it held is kept beside it as
 * NAME.damaged (.damaged.2 ...), whatever happens in between. */
KS_MUST int journal_repair(struct journal *journal, uint64_t segment, struct span good,
    struct why *why);

struct journal_reader { /* what replay calls; a failure ends it */
	void *user;
	int (*series)(void *user, uint32_t number, struct span labels, struct why *why);
	int (*samples)(void *user, const struct sample *samples, size_t n, struct why *why);
};
struct journal_found {
	uint64_t frames, samples, torn_bytes, damaged_frames, damaged_bytes;
	uint64_t set_aside; /* files kept as NAME.damaged, now and before */
	char damage[96]; /* the first damaged place: "segment 12 byte 4711" */
};
/* All segments above `sealed`, in order.  Behind a frame that is no good the next good
 * one is searched.  A tail of the last segment with no good frame behind is torn: what
 * was written when the writer died, never acknowledged; anything else is damage.
 * cut: shorten torn tails, set damaged segments aside after their good frames. */
KS_MUST int journal_replay(struct journal *journal, uint64_t sealed, bool cut,
    const struct journal_reader *reader, struct journal_found *ret_found, struct why *why);
/* One frame's payload; the parser of all the above. */
KS_MUST int journal_payload(struct span payload, bool skip_carry,
    const struct journal_reader *reader, uint64_t *ret_samples, struct why *why);
/* Numbers of the segments there are, rising; free() them. */
KS_MUST int journal_segments(const struct journal *journal, uint64_t **ret_numbers,
    size_t *ret_n, struct why *why);
enum { JOURNAL_NAME = 32 };
void journal_name(uint64_t segment, char ret_name[static JOURNAL_NAME]);
#endif
