/* Each day: the windows of a series become one chunk of its day, late samples merged
 * in, and its hours one roll-up; then what is too old is dropped.  Small transactions,
 * so that taking samples never waits long. */
#include "base/text.h"
#include "store/inside.h"
#include <stdio.h>

static int range(struct store *store, unsigned which, int64_t from, int64_t to,
    struct why *why)
{
	sqlite3_stmt *statement = db_use(&store->chunks, which);

	(void)sqlite3_bind_int64(statement, 1, from);
	(void)sqlite3_bind_int64(statement, 2, to);
	return db_run(&store->chunks, statement, why);
}

/* The rows that a day's chunk will replace: their samples, and what leaves the ledger. */
struct weight {
	int64_t samples;
	struct {
		int64_t rows, sum;
	} of[LEDGER_LATE];
};

static int weigh(struct store *store, uint32_t series, int64_t day, struct weight *ret_weight,
    struct why *why)
{
	int64_t first = day * DAY_MS / store->heads.window_ms;
	int64_t last = ((day + 1) * DAY_MS - 1) / store->heads.window_ms;
	struct {
		unsigned which;
		int64_t from, to, *bytes;
		enum ledger_table table;
	} parts[] = {
		{ DAY_RANGE, day_key(day, series), day_key(day, series), &store->meta.bytes_day,
		    LEDGER_DAY },
		{ ROLLUP_RANGE, day_key(day, series), day_key(day, series),
		    &store->meta.bytes_rollup, LEDGER_ROLLUP },
		{ CHUNK_RANGE, chunk_key(series, (uint32_t)first),
		    chunk_key(series, (uint32_t)last), &store->meta.bytes_chunk, LEDGER_CHUNK },
	};

	*ret_weight = (struct weight){ .samples = 0 };
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
		sqlite3_stmt *rows = db_use(&store->chunks, parts[i].which);
		int code = SQLITE_ERROR;

		(void)sqlite3_bind_int64(rows, 1, parts[i].from);
		(void)sqlite3_bind_int64(rows, 2, parts[i].to);
		while (rows != NULL && (code = sqlite3_step(rows)) == SQLITE_ROW) {
			*parts[i].bytes -= sqlite3_column_bytes(rows, 1);
			ret_weight->of[parts[i].table].rows++;
			ret_weight->of[parts[i].table].sum += sqlite3_column_int64(rows, 2);
			if (parts[i].which != ROLLUP_RANGE)
				ret_weight->samples += chunk_count(db_blob(rows, 1));
		}
		int bad = code == SQLITE_DONE ? KS_OK : db_fail(&store->chunks, why);

		(void)sqlite3_reset(rows);
		if (bad != KS_OK)
			return bad;
	}
	return KS_OK;
}

/* Instead of what was weighed of that table. */
static int put_instead(struct store *store, enum ledger_table table, int64_t key,
    struct span body, const struct weight *weight, struct why *why)
{
	int bad = row_put(store, table == LEDGER_DAY ? DAY_PUT : ROLLUP_PUT, key, body, why);

	return bad != KS_OK ? bad : ledger_row(store, table, key >> 32, 1 - weight->of[table].rows,
	    row_sum_of(key, body) - weight->of[table].sum, why);
}

static int put_day(struct store *store, int64_t key, const struct points *points,
    const struct weight *weight, struct why *why)
{
	int64_t day = key >> 32;
	KS_DROP(blob) struct blob chunk = { .len = 0 };
	KS_DROP(blob) struct blob rollup = { .len = 0 };
	struct hours hours;

	if (points->n == 0)
		return KS_OK;
	hours_of(points, day * DAY_MS, &hours);
	if (chunk_pack(points, day * DAY_MS, &chunk) != KS_OK ||
	    (hours.n > 0 && hours_pack(&hours, day * DAY_MS, &rollup) != KS_OK))
		return fail(why, KS_FULL, "memory ran out while a day was packed");
	int bad = put_instead(store, LEDGER_DAY, key, blob_span(&chunk), weight, why);

	if (bad == KS_OK && hours.n > 0)
		bad = put_instead(store, LEDGER_ROLLUP, key, blob_span(&rollup), weight, why);
	store->meta.bytes_day += (int64_t)chunk.len;
	store->meta.bytes_rollup += (int64_t)rollup.len;
	return bad;
}

static int drop_late(struct store *store, uint32_t series, int64_t day, struct why *why)
{
	static const unsigned steps[] = { LATE_SUMS, LATE_DROP };
	int64_t rows = 0, sum = 0;
	int bad = KS_OK;

	for (size_t i = 0; i < 2 && bad == KS_OK && (i == 0 || rows > 0); i++) {
		sqlite3_stmt *step = db_use(&store->chunks, steps[i]);

		(void)sqlite3_bind_int64(step, 1, series);
		(void)sqlite3_bind_int64(step, 2, day * DAY_MS);
		(void)sqlite3_bind_int64(step, 3, (day + 1) * DAY_MS);
		int code = step != NULL ? sqlite3_step(step) : SQLITE_ERROR;

		if (code == SQLITE_ROW) {
			rows = sqlite3_column_int64(step, 0);
			sum = sqlite3_column_int64(step, 1);
		} else if (code != SQLITE_DONE) {
			bad = db_fail(&store->chunks, why);
		}
		(void)sqlite3_reset(step);
	}
	store->late_rows -= rows;
	return bad != KS_OK || rows == 0 ? bad
	    : ledger_row(store, LEDGER_LATE, day, -rows, -sum, why);
}

static int compact_day(struct store *store, uint32_t series, int64_t day, struct why *why)
{
	KS_DROP(points) struct points points = { .n = 0 };
	int64_t first = day * DAY_MS / store->heads.window_ms;
	struct weight before;
	int64_t last = ((day + 1) * DAY_MS - 1) / store->heads.window_ms;
	int64_t late = store->late_rows;
	int bad = sealed_points(store, series, day, &points, why);

	/* damaged, or more than a chunk holds: all stays as it is and can be read */
	if (bad == KS_MALFORMED || bad == KS_TRUNCATED || points.n > LIMIT_CHUNK_SAMPLES)
		return KS_OK;
	if (bad == KS_OK)
		bad = weigh(store, series, day, &before, why);
	if (bad == KS_OK)
		bad = put_day(store, day_key(day, series), &points, &before, why);
	if (bad == KS_OK)
		bad = range(store, CHUNK_DROP, chunk_key(series, (uint32_t)first),
		    chunk_key(series, (uint32_t)last), why);
	if (bad == KS_OK && before.of[LEDGER_CHUNK].rows > 0)
		bad = ledger_row(store, LEDGER_CHUNK, day, -before.of[LEDGER_CHUNK].rows,
		    -before.of[LEDGER_CHUNK].sum, why);
	if (bad == KS_OK)
		bad = drop_late(store, series, day, why);
	if (bad != KS_OK)
		return bad;
	store->meta.samples += (int64_t)points.n - before.samples - (late - store->late_rows);
	store->compact_samples += points.n;
	return KS_OK;
}

/* The next series-day that has windows before the end; KS_ABSENT: no more. */
static int next_chunk(struct store *store, uint32_t *ret_series, int64_t *ret_day,
    struct why *why)
{
	int64_t mask = (1LL << WINDOW_BITS) - 1, per_day = DAY_MS / store->heads.window_ms;

	for (;;) {
		sqlite3_stmt *next = db_use(&store->chunks, CHUNK_NEXT);
		int64_t key;

		(void)sqlite3_bind_int64(next, 1, store->compact_chunk);
		int bad = db_number(&store->chunks, next, -1, &key, why);

		if (bad != KS_OK || key < 0)
			return bad != KS_OK ? bad : KS_ABSENT;
		int64_t window = key & mask, series = key >> WINDOW_BITS;

		if (window * store->heads.window_ms >= store->compact_end_ms) {
			store->compact_chunk = (series + 1) << WINDOW_BITS;
			continue;
		}
		*ret_series = (uint32_t)series;
		*ret_day = window / per_day;
		store->compact_chunk = (series << WINDOW_BITS) + (*ret_day + 1) * per_day;
		return KS_OK;
	}
}

/* The next series-day that only late samples touch. */
static int next_late(struct store *store, uint32_t *ret_series, int64_t *ret_day,
    struct why *why)
{
	for (;;) {
		sqlite3_stmt *next = db_use(&store->chunks, LATE_NEXT);
		int bad = KS_OK;

		(void)sqlite3_bind_int64(next, 1, store->compact_series);
		(void)sqlite3_bind_int64(next, 2, store->compact_late_ms);
		int code = next != NULL ? sqlite3_step(next) : SQLITE_ERROR;
		int64_t series = sqlite3_column_int64(next, 0);
		int64_t time_ms = sqlite3_column_int64(next, 1);

		if (code != SQLITE_ROW)
			bad = code == SQLITE_DONE ? KS_ABSENT : db_fail(&store->chunks, why);
		(void)sqlite3_reset(next);
		if (bad != KS_OK)
			return bad;
		store->compact_series = series;
		if (time_ms < 0) {
			store->compact_late_ms = 0;
			continue;
		}
		if (time_ms >= store->compact_end_ms) {
			store->compact_series = series + 1;
			store->compact_late_ms = INT64_MIN;
			continue;
		}
		*ret_series = (uint32_t)series;
		*ret_day = day_of(time_ms);
		store->compact_late_ms = (*ret_day + 1) * DAY_MS;
		return KS_OK;
	}
}

static int compact_some(struct store *store, bool *ret_done, struct why *why)
{
	uint32_t series = 0;
	int64_t day = 0;

	*ret_done = false;
	for (int i = 0; i < COMPACT_STEP; i++) {
		int bad = next_chunk(store, &series, &day, why);

		if (bad == KS_ABSENT)
			bad = next_late(store, &series, &day, why);
		if (bad == KS_ABSENT) {
			*ret_done = true;
			return KS_OK;
		}
		if (bad == KS_OK)
			bad = compact_day(store, series, day, why);
		if (bad != KS_OK)
			return bad;
	}
	return KS_OK;
}

static int compact_done(struct store *store, struct why *why)
{
	char what[128];
	int64_t key = 0;
	int bad = KS_OK;

	(void)snprintf(what, sizeof what, "until_ms=%lld samples=%llu",
	    (long long)store->compact_end_ms, (unsigned long long)store->compact_samples);
	store->meta.compacted_day = day_of(store->compact_end_ms);
	store->meta.day_samples = (int64_t)store->compact_samples;
	sqlite3_stmt *left = db_use(&store->chunks, CHUNK_NEXT);

	(void)sqlite3_bind_int64(left, 1, 0);
	bad = db_number(&store->chunks, left, -1, &key, why);
	/* what is left is of the present day, or damaged and stays */
	store->meta.oldest_chunk_ms = key < 0 ? 0 : store->compact_end_ms;
	if (bad == KS_OK)
		bad = meta_save(store, why);
	if (bad != KS_OK)
		return bad;
	store_act(store, ACT_STORE_COMPACTED, what);
	store->compact_end_ms = 0;
	store->vacuum = true;
	return KS_OK;
}

/* The day before yesterday's end, by the clock of the samples or ours. */
static int64_t compact_until(const struct store *store)
{
	int64_t clock = store->newest_ms;

	if (store->now_ms - store->appended_ms > IDLE_MS && store->now_ms > clock)
		clock = store->now_ms;
	return day_of(clock - GRACE_MS - store->heads.window_ms) * DAY_MS;
}

static int give_back(struct store *store, bool *ret_more, struct why *why)
{
	char sql[64];

	(void)snprintf(sql, sizeof sql, "PRAGMA incremental_vacuum(%d)", VACUUM_STEP);
	int bad = db_exec(&store->chunks, sql, why);
	sqlite3_stmt *free_pages = NULL;
	int64_t left = 0;

	if (bad == KS_OK && sqlite3_prepare_v2(store->chunks.sqlite, "PRAGMA freelist_count", -1,
	    &free_pages, NULL) == SQLITE_OK)
		bad = db_number(&store->chunks, free_pages, 0, &left, why);
	(void)sqlite3_finalize(free_pages);
	store->vacuum = *ret_more = left > 0;
	return bad;
}

int compact_step(struct store *store, bool *ret_more, struct why *why)
{
	bool done = false;

	*ret_more = false;
	if (store->compact_end_ms == 0) {
		int64_t until = compact_until(store);

		if (day_of(until) <= store->meta.compacted_day)
			return store->vacuum ? give_back(store, ret_more, why) : KS_OK;
		store->compact_end_ms = until;
		store->compact_chunk = store->compact_series = 0;
		store->compact_late_ms = INT64_MIN;
		store->compact_samples = 0;
	}
	struct store_meta before = store->meta;
	int64_t late = store->late_rows, chunk = store->compact_chunk;
	int64_t series = store->compact_series, late_ms = store->compact_late_ms;
	uint64_t samples = store->compact_samples;
	int bad = db_exec(&store->chunks, "BEGIN IMMEDIATE", why);

	if (bad != KS_OK)
		return bad;
	bad = compact_some(store, &done, why);
	if (bad == KS_OK)
		bad = meta_save(store, why);
	bad = store_commit(store, bad, why);
	if (bad != KS_OK) {
		store->meta = before;
		store->late_rows = late;
		store->compact_chunk = chunk;
		store->compact_series = series;
		store->compact_late_ms = late_ms;
		store->compact_samples = samples;
		return bad;
	}
	*ret_more = true;
	return done ? compact_done(store, why) : KS_OK;
}

/* Drops the oldest rows before `day`, no more than a step of them; inside a transaction. */
static int drop_some(struct store *store, unsigned drop, int64_t day, int64_t *ret_n,
    struct why *why)
{
	bool raw = drop == DAY_DROP;
	sqlite3_stmt *rows = db_use(&store->chunks, raw ? DAY_RANGE : ROLLUP_RANGE);
	int64_t key = 0, bytes = 0, samples = 0, n = 0;
	int code = SQLITE_ERROR, bad = KS_OK;

	(void)sqlite3_bind_int64(rows, 1, 0);
	(void)sqlite3_bind_int64(rows, 2, day_key(day, 0) - 1);
	while (n < DROP_STEP && bad == KS_OK && rows != NULL &&
	    (code = sqlite3_step(rows)) == SQLITE_ROW) {
		key = sqlite3_column_int64(rows, 0);
		bytes += sqlite3_column_bytes(rows, 1);
		samples += raw ? chunk_count(db_blob(rows, 1)) : 0;
		bad = ledger_row(store, raw ? LEDGER_DAY : LEDGER_ROLLUP, key >> 32, -1,
		    -sqlite3_column_int64(rows, 2), why);
		n++;
	}
	if (bad == KS_OK && code != SQLITE_ROW && code != SQLITE_DONE)
		bad = db_fail(&store->chunks, why);
	(void)sqlite3_reset(rows);
	*ret_n = n;
	if (bad != KS_OK || n == 0)
		return bad;
	sqlite3_stmt *gone = db_use(&store->chunks, drop);

	(void)sqlite3_bind_int64(gone, 1, key);
	bad = db_run(&store->chunks, gone, why);
	if (raw) {
		store->meta.bytes_day -= bytes;
		store->meta.samples -= samples;
		store->meta.oldest_ms = (key >> 32) * DAY_MS;
	} else {
		store->meta.bytes_rollup -= bytes;
	}
	return bad == KS_OK ? meta_save(store, why) : bad;
}

static int drop_before(struct store *store, unsigned drop, int64_t day, bool *ret_more,
    struct why *why)
{
	struct store_meta before = store->meta;
	int64_t n = 0;
	int bad = db_exec(&store->chunks, "BEGIN IMMEDIATE", why);

	if (bad != KS_OK)
		return bad;
	bad = store_commit(store, drop_some(store, drop, day, &n, why), why);
	if (bad != KS_OK) {
		store->meta = before;
		return bad;
	}
	*ret_more = n > 0;
	return KS_OK;
}

int retain_step(struct store *store, bool *ret_more, struct why *why)
{
	int64_t today = day_of(store->now_ms), raw = store->options.keep_raw_days;
	int64_t hours = store->options.keep_rollup_days;
	bool more_raw = false, more_hours = false;
	int bad = KS_OK;

	*ret_more = false;
	if (raw > 0 && today > raw)
		bad = drop_before(store, DAY_DROP, today - raw, &more_raw, why);
	if (bad == KS_OK && hours > 0 && today > hours)
		bad = drop_before(store, ROLLUP_DROP, today - hours, &more_hours, why);
	*ret_more = more_raw || more_hours;
	if (*ret_more) {
		store->vacuum = true;
		store_act(store, ACT_STORE_DROPPED, more_raw ? "what=samples" : "what=hours");
	}
	return bad;
}
