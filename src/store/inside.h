/* src/store/inside.h - what a store is made of; for the store's own files only. */
#ifndef KS_STORE_INSIDE_H
#define KS_STORE_INSIDE_H
#include "base/drop.h"
#include "store/head.h"
#include "store/journal.h"
#include "store/ledger.h"
#include "store/rollup.h"
#include "store/schema.h"
#include "store/store.h"

enum { GRACE_MS = 60000, IDLE_MS = 600000, SEAL_EVERY_MS = 900000 };
enum { COMPACT_STEP = 256, DROP_STEP = 20000, VACUUM_STEP = 256 };
enum { AHEAD = 16 }; /* samples between a prefetch and its use */
enum { BALLAST_BYTES = 262144, ROOM_BYTES = 131072 };

/* Kept in `meta`, written with whatever changes them.  newest_ms drives what is due;
 * highest_ms also counts samples of clocks that are far ahead. */
#define STORE_META(X)                                                                  \
	X(window_s) X(sealed_segment) X(samples) X(bytes_chunk) X(bytes_day)           \
	X(bytes_rollup) X(compacted_day) X(oldest_ms) X(newest_ms) X(highest_ms)       \
	X(oldest_chunk_ms) X(day_samples) X(any)

struct store_meta {
#define X(name) int64_t name;
	STORE_META(X)
#undef X
};

struct store {
	enum store_mode mode;
	struct store_options options;
	char *path;
	int lock;
	struct db chunks, facts;
	struct store_meta meta;
	struct ledger ledger;
	struct labels labels;
	struct heads heads;
	struct journal journal;
	uint32_t series_durable, series_sealed; /* highest number in journal, in table */
	struct sample *batch;			/* appended, not yet in the head */
	size_t batch_n, batch_room, batch_done;
	bool applying;				/* the batch is durable, memory ran out */
	struct sample *late;
	size_t late_n, late_room;
	int64_t late_rows;			/* in the table, about */
	int64_t newest_ms, now_ms, appended_ms, sealed_at_ms;
	bool full, ballast, said_goodbye;
	int64_t compact_end_ms;			/* 0: no pass is on */
	int64_t compact_chunk, compact_series, compact_late_ms; /* how far it got */
	uint64_t compact_samples;
	bool vacuum;				/* pages may be given back */
	int64_t retained_ms;			/* when retention was last looked at */
};

static inline int64_t day_of(int64_t time_ms)
{
	return time_ms / DAY_MS;
}

/* Times that a key can hold. */
static inline bool time_keyed(const struct store *store, int64_t time_ms)
{
	uint32_t window;

	return window_of(&store->heads, time_ms, &window);
}

static inline int64_t day_key(int64_t day, uint32_t series)
{
	return (int64_t)((uint64_t)day << 32 | series);
}

static inline int64_t chunk_key(uint32_t series, uint32_t window)
{
	return (int64_t)((uint64_t)series << WINDOW_BITS | window);
}

/* Into the ledger of the transaction under way. */
KS_MUST static inline int ledger_row(struct store *store, enum ledger_table table, int64_t day,
    int64_t rows, int64_t sum, struct why *why)
{
	return ledger_add(&store->ledger, &store->chunks, ledger_key(table, day), rows, sum, why);
}

/* Ends the transaction under way: with the ledger's lines and COMMIT when bad is KS_OK,
 * else, or when that fails, as if it had never been. */
KS_MUST int store_commit(struct store *store, int bad, struct why *why);
/* A row (key, body, its sum) by a statement that takes these. */
KS_MUST int row_put(struct store *store, unsigned which, int64_t key, struct span body,
    struct why *why);
KS_MUST int meta_load(struct store *store, struct why *why);
/* Only from when to when there are samples: what a reader asks again each time. */
KS_MUST int meta_load_span(struct store *store, struct why *why);
KS_MUST int meta_save(struct store *store, struct why *why);
KS_MUST int series_load(struct store *store, struct why *why);
/* The durable part of the batch goes to head and late list. */
KS_MUST int batch_apply(struct store *store, struct why *why);
KS_MUST int sample_apply(struct store *store, const struct sample *sample, struct why *why);
KS_MUST int late_flush(struct store *store, struct why *why);
KS_MUST int store_seal(struct store *store, int64_t until_ms, struct why *why);
bool seal_due(const struct store *store);
KS_MUST int compact_step(struct store *store, bool *ret_more, struct why *why);
KS_MUST int retain_step(struct store *store, bool *ret_more, struct why *why);
/* All points of a series in one day, settled. */
KS_MUST int day_points(struct store *store, uint32_t series, int64_t day,
    struct points *ret_points, struct why *why);
KS_MUST int sealed_points(struct store *store, uint32_t series, int64_t day,
    struct points *ret_points, struct why *why);
void store_act(struct store *store, enum act_kind kind, const char *what);
/* The ballast: room that is given up so that findings and acts can be written. */
void ballast_keep(struct store *store);
void ballast_give(struct store *store);
uint64_t disk_free(const struct store *store);
#endif
