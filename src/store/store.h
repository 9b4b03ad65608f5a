/* src/store/store.h - what can be asked of memory.  One writer (core); any number of
 * readers of what is sealed.  Design: journal with fdatasync before the
 * acknowledgement, sealed Rice chunks in SQLite, hourly roll-ups, daily compaction
 * (doc/architecture.md, "store").  Nothing acknowledged is ever lost: store_sync()
 * returning KS_OK is the acknowledgement. */
#ifndef KS_STORE_STORE_H
#define KS_STORE_STORE_H
#include "base/span.h"
#include "base/text.h"
#include "base/why.h"
#include "site/act.h"
#include "site/finding.h"
#include "site/wire.h"
#include <stdbool.h>
#include <stdint.h>

struct store;

/* READ sees what is sealed and changes nothing; READ_ALL also reads the journal, as it
 * is at that moment: for when no writer runs, and for exports. */
enum store_mode { STORE_WRITE, STORE_READ, STORE_READ_ALL };

struct store_options {
	int64_t keep_raw_days;	  /* 0: for ever */
	int64_t keep_rollup_days; /* 0: for ever */
	uint32_t window_s;	  /* length of a chunk before compaction; 0: 7200 */
};

/* Opens or makes the store in folder `path`.  Replays the journal; a torn tail is cut
 * and counted.  ret_found says what the last stop was like. */
struct store_found {
	bool clean;		  /* the last writer said goodbye */
	int64_t last_ms;	  /* newest sample found; 0: none */
	uint64_t replayed, torn_bytes;
	uint32_t migrated_from;	  /* schema version before, 0: none */
	/* of the journal: places that are no torn tail.  What lay around them is taken,
	 * the segment kept as NAME.damaged */
	uint64_t damaged_frames, damaged_bytes;
	uint64_t set_aside;	  /* such files that are there, older ones too */
	char damage[96];	  /* the first place: "segment 12 byte 4711" */
};
KS_MUST int store_open(const char *path, enum store_mode mode,
    const struct store_options *options, struct store **ret_store,
    struct store_found *ret_found, struct why *why);
/* Seals nothing, says goodbye, frees.  NULL is fine. */
void store_close(struct store *store);

/* Labels: sorted `name\xffvalue\xff...` of a series, at most LIMIT_LABELS_BYTES.  The
 * number is for ever.  A new series is durable once the next store_sync returns. */
KS_MUST int store_series(struct store *store, struct span labels, uint32_t *ret_series,
    struct why *why);
/* Borrowed labels of a series; empty when there is none of that number. */
struct span store_labels(struct store *store, uint32_t series);
uint32_t store_series_count(struct store *store);

struct sample {
	uint32_t series;
	int64_t time_ms;
	double value; /* kept bit-exact, NaN payloads too */
};

/* Into the journal's buffer and the head; not durable yet.  Of what fails nothing was
 * taken.  KS_FULL: the disk is full, try again later; KS_MALFORMED: a time that cannot
 * be kept (LIMIT_SAMPLE_FIRST_S, LIMIT_SAMPLE_AHEAD_S, or older than retention). */
KS_MUST int store_append(struct store *store, const struct sample *samples, size_t n,
    struct why *why);
/* One write and one fdatasync for all appended since the last; THEN acknowledge.
 * After KS_FULL or KS_IO nothing appended since the last good sync may be
 * acknowledged; it is taken back. */
KS_MUST int store_sync(struct store *store, struct why *why);

/* Sealing, compaction and retention that have become due by now_ms; bounded work, so
 * call it often (every second).  *ret_more: call again soon. */
KS_MUST int store_tick(struct store *store, int64_t now_ms, bool *ret_more,
    struct why *why);

/* Samples of one series in time order, [from, to), sealed and head, late ones merged. */
typedef int store_sample_fn(void *user, int64_t time_ms, double value);
KS_MUST int store_read(struct store *store, uint32_t series, int64_t from_ms,
    int64_t to_ms, store_sample_fn *fn, void *user, struct why *why);

/* For readers that ask many times in one go: what is read between both is of one moment, and
 * costs less.  Not for long: the writer's log grows meanwhile.  Nothing happens twice. */
void store_hold(struct store *store);
void store_release(struct store *store);

/* The same of what is not sealed yet, which costs no file. */
KS_MUST int store_recent(struct store *store, uint32_t series, int64_t from_ms,
    int64_t to_ms, store_sample_fn *fn, void *user, struct why *why);

struct rollup {
	int64_t hour_ms;
	double max, min, sum;
	uint32_t n;
};
typedef int store_rollup_fn(void *user, uint32_t series, const struct rollup *rollup);
/* Hours of one series, [from, to); from roll-ups where there are, else decoded. */
KS_MUST int store_hours(struct store *store, uint32_t series, int64_t from_ms,
    int64_t to_ms, store_rollup_fn *fn, void *user, struct why *why);

/* Of all series; settled days come first, day by day, then the rest by series. */
KS_MUST int store_hours_all(struct store *store, int64_t from_ms, int64_t to_ms,
    store_rollup_fn *fn, void *user, struct why *why);

/* Findings and acts are rows; durable when the call returns.  put: id 0 makes a new
 * row and sets it, else the row is replaced. */
KS_MUST int store_put_finding(struct store *store, struct finding *finding,
    struct why *why);
KS_MUST int store_put_act(struct store *store, struct act *act, struct why *why);
typedef int store_finding_fn(void *user, const struct finding *finding);
/* Newest first; open_only: those that last. */
KS_MUST int store_findings(struct store *store, bool open_only, int64_t from_ms,
    int64_t to_ms, size_t most, store_finding_fn *fn, void *user, struct why *why);
typedef int store_act_fn(void *user, const struct act *act);
KS_MUST int store_acts(struct store *store, int64_t from_ms, int64_t to_ms, size_t most,
    store_act_fn *fn, void *user, struct why *why);

/* The hours of the wire.  put: all rows of one part of one hour, instead of those that were
 * there before; durable when the call returns, whole or not at all. */
KS_MUST int store_put_wire(struct store *store, const struct wire_row *rows, size_t n,
    struct why *why);
typedef int store_wire_fn(void *user, const struct wire_row *row);
enum wire_by {
	WIRE_AS_IS,	  /* the rows, by hour */
	WIRE_BY_THING,	  /* summed over the hours: one of each thing, worst and largest first */
	WIRE_BY_COUNTRY,  /* destinations outside of the house; number[0]: how many */
	WIRE_BY_HOUR,	  /* one of each hour */
	WIRE_FIRST_MET	  /* whom devices met outside for the first time, [from, to) */
};
struct wire_ask {
	enum wire_kind kind;
	enum wire_by by;
	int64_t from_ms, to_ms;
	size_t most;
};
KS_MUST int store_wire(struct store *store, const struct wire_ask *ask, store_wire_fn *fn,
    void *user, struct why *why);
/* The first hour that is kept; 0: none. */
KS_MUST int store_wire_since(struct store *store, int64_t *ret_ms, struct why *why);
/* What the wire taught over days: opaque bytes.  whole: in place of all before; else those
 * of one part of an hour, in place of its own, of which the newest
 * LIMIT_WIRE_LEARNED_PARTS are kept.  Durable when the call returns. */
struct store_learned {
	int64_t hour_ms;
	uint32_t part;
	bool whole;
	struct span bytes;
};
KS_MUST int store_put_learned(struct store *store, const struct store_learned *learned,
    struct why *why);
/* All of it behind each other, the whole first. */
KS_MUST int store_learned(struct store *store, struct text *ret_bytes, struct why *why);
/* Hours before that go, what was learned until then, and whom nobody has met since. */
KS_MUST int store_wire_drop(struct store *store, int64_t before_ms, struct why *why);

/* A word kept under a name ("tz" of the site), for readers when no daemon runs; durable
 * when the call returns.  "" when there is none of that name. */
KS_MUST int store_put_note(struct store *store, const char *name, const char *word,
    struct why *why);
KS_MUST int store_note(struct store *store, const char *name, char *ret_word, size_t room,
    struct why *why);

struct store_size {
	uint64_t samples_sealed, samples_head, bytes_chunks, bytes_rollups, bytes_journal,
	    bytes_free_disk, series;
	double bytes_per_sample, samples_per_day; /* of the last day */
	int64_t oldest_ms, newest_ms;
	bool disk_full;
};
KS_MUST int store_size(struct store *store, struct store_size *ret_size, struct why *why);
#endif
