/* Sealing: closed windows become rows, in one transaction, with the mark up to which
 * segment of the journal everything is in; only then those segments go. */
#include "store/inside.h"
#include <string.h>

enum { CLOSED_MANY = 1000000, CLOSED_BYTES = 64 * 1024 * 1024 };
static const uint64_t journal_much = 2048ULL * 1024 * 1024;

bool seal_due(const struct store *store)
{
	const struct heads *heads = &store->heads;

	if (heads->closed_bytes > CLOSED_BYTES || heads->closed_n > CLOSED_MANY)
		return true;
	if (store->sealed_at_ms != 0 && store->now_ms >= store->sealed_at_ms &&
	    store->now_ms - store->sealed_at_ms < SEAL_EVERY_MS)
		return false;
	if (store->journal.bytes > journal_much && heads->closed_n > 0)
		return true;
	int64_t end = heads_oldest_end(heads);

	/* the samples' own clock says that a window is over, so that a load of old
	 * samples is sealed as it went; ours does when nothing comes any more */
	return end != INT64_MAX && (end + GRACE_MS <= store->newest_ms ||
	    (end + GRACE_MS <= store->now_ms &&
		store->now_ms - store->appended_ms > IDLE_MS));
}

int store_commit(struct store *store, int bad, struct why *why)
{
	if (bad == KS_OK)
		bad = ledger_save(&store->ledger, &store->chunks, why);
	if (bad == KS_OK)
		bad = db_exec(&store->chunks, "COMMIT", why);
	if (bad != KS_OK) {
		db_rollback(&store->chunks);
		ledger_forget(&store->ledger);
	}
	return bad;
}

int row_put(struct store *store, unsigned which, int64_t key, struct span body, struct why *why)
{
	sqlite3_stmt *put = db_use(&store->chunks, which);

	(void)sqlite3_bind_int64(put, 1, key);
	(void)sqlite3_bind_blob64(put, 2, body.at, body.left, SQLITE_STATIC);
	(void)sqlite3_bind_int64(put, 3, row_sum_of(key, body));
	int bad = db_run(&store->chunks, put, why);

	if (put != NULL)
		(void)sqlite3_clear_bindings(put);
	return bad;
}

/* The row that this one replaces leaves the ledger. */
static int late_before(struct store *store, const struct sample *late, struct why *why)
{
	sqlite3_stmt *get = db_use(&store->chunks, LATE_SUM);
	int64_t sum = 0;

	(void)sqlite3_bind_int64(get, 1, late->series);
	(void)sqlite3_bind_int64(get, 2, late->time_ms);
	int bad = db_number(&store->chunks, get, -1, &sum, why);

	if (bad != KS_OK || sum < 0)
		return bad;
	return ledger_row(store, LEDGER_LATE, day_of(late->time_ms), -1, -sum, why);
}

static int put_late(struct store *store, struct why *why)
{
	int bad = KS_OK;

	for (size_t i = 0; i < store->late_n && bad == KS_OK; i++) {
		const struct sample *late = &store->late[i];
		int64_t bits, sum;

		memcpy(&bits, &late->value, sizeof bits);
		sum = late_sum_of(late->series, late->time_ms, bits);
		bad = late_before(store, late, why);
		sqlite3_stmt *put = db_use(&store->chunks, LATE_PUT);

		(void)sqlite3_bind_int64(put, 1, late->series);
		(void)sqlite3_bind_int64(put, 2, late->time_ms);
		(void)sqlite3_bind_int64(put, 3, bits);
		(void)sqlite3_bind_int64(put, 4, sum);
		if (bad == KS_OK)
			bad = db_run(&store->chunks, put, why);
		if (bad == KS_OK)
			bad = ledger_row(store, LEDGER_LATE, day_of(late->time_ms), 1, sum, why);
	}
	return bad;
}

static void late_gone(struct store *store)
{
	store->late_rows += (int64_t)store->late_n;
	store->late_n = 0;
}

int late_flush(struct store *store, struct why *why)
{
	if (store->late_n == 0)
		return KS_OK;
	int bad = db_exec(&store->chunks, "BEGIN IMMEDIATE", why);

	if (bad != KS_OK)
		return bad;
	bad = store_commit(store, put_late(store, why), why);
	if (bad != KS_OK)
		return bad;
	store->meta.samples += (int64_t)store->late_n;
	late_gone(store);
	return KS_OK;
}

/* A window that is there already (more samples of it came after its seal): both. */
static int merge_chunk(struct store *store, const struct closed *closed, struct why *why)
{
	KS_DROP(points) struct points points = { .n = 0 };
	KS_DROP(blob) struct blob blob = { .len = 0 };
	int64_t base = closed->window * store->heads.window_ms;
	int64_t key = chunk_key(closed->series, closed->window);
	sqlite3_stmt *get = db_use(&store->chunks, CHUNK_GET);
	int bad = KS_OK;

	(void)sqlite3_bind_int64(get, 1, key);
	if (get == NULL || sqlite3_step(get) != SQLITE_ROW)
		return db_fail(&store->chunks, why);
	struct span body = db_blob(get, 0);
	int64_t before = (int64_t)body.left, sum = sqlite3_column_int64(get, 1);

	if (chunk_points(body, base, &points, NULL) != KS_OK)
		points.n = 0; /* damaged: what is good now is kept */
	(void)sqlite3_reset(get);
	bad = chunk_points(blob_span(&closed->blob), base, &points, why);
	if (bad != KS_OK)
		return bad;
	points_settle(&points);
	bad = chunk_pack(&points, base, &blob);
	if (bad != KS_OK)
		return fail(why, bad, "memory ran out while a window was merged");
	store->meta.bytes_chunk += (int64_t)blob.len - before;
	sum = row_sum_of(key, blob_span(&blob)) - sum;
	bad = row_put(store, CHUNK_REPLACE, key, blob_span(&blob), why);
	return bad != KS_OK ? bad : ledger_row(store, LEDGER_CHUNK, day_of(base), 0, sum, why);
}

static int put_closed(struct store *store, const struct closed *closed, struct why *why)
{
	int64_t base = closed->window * store->heads.window_ms;
	int64_t key = chunk_key(closed->series, closed->window);
	int bad = row_put(store, CHUNK_PUT, key, blob_span(&closed->blob), why);

	if (bad != KS_OK)
		return bad;
	if (sqlite3_changes(store->chunks.sqlite) == 0) {
		bad = merge_chunk(store, closed, why);
	} else {
		store->meta.bytes_chunk += (int64_t)closed->blob.len;
		bad = ledger_row(store, LEDGER_CHUNK, day_of(base), 1,
		    row_sum_of(key, blob_span(&closed->blob)), why);
	}
	if (store->meta.oldest_chunk_ms == 0 || base < store->meta.oldest_chunk_ms)
		store->meta.oldest_chunk_ms = base;
	store->meta.samples += closed->n;
	sqlite3_stmt *last = db_use(&store->chunks, SERIES_LAST);

	(void)sqlite3_bind_int64(last, 1, closed->series);
	(void)sqlite3_bind_int64(last, 2, closed->last_ms);
	return bad == KS_OK ? db_run(&store->chunks, last, why) : bad;
}

static int put_series(struct store *store, struct why *why)
{
	int bad = KS_OK;

	for (uint32_t i = store->series_sealed + 1; i <= store->labels.n && bad == KS_OK; i++) {
		struct span text = labels_of(&store->labels, i);
		sqlite3_stmt *put = db_use(&store->chunks, SERIES_PUT);

		(void)sqlite3_bind_int64(put, 1, i);
		(void)sqlite3_bind_blob64(put, 2, text.at, text.left, SQLITE_STATIC);
		(void)sqlite3_bind_int64(put, 3, 0);
		bad = db_run(&store->chunks, put, why);
	}
	return bad;
}

static int put_all(struct store *store, struct why *why)
{
	int bad = db_exec(&store->chunks, "BEGIN IMMEDIATE", why);

	if (bad != KS_OK)
		return bad;
	bad = put_series(store, why);
	for (size_t i = 0; i < store->heads.closed_n && bad == KS_OK; i++)
		bad = put_closed(store, &store->heads.closed[i], why);
	if (bad == KS_OK)
		bad = put_late(store, why);
	store->meta.samples += (int64_t)store->late_n;
	if (store->newest_ms > store->meta.newest_ms)
		store->meta.newest_ms = store->newest_ms;
	if (bad == KS_OK)
		bad = meta_save(store, why);
	return store_commit(store, bad, why);
}

/* What is still open is repeated at the head of the new segment. */
static int carry_series(struct store *store, struct journal *next, uint32_t series,
    struct why *why)
{
	KS_DROP(points) struct points points = { .n = 0 };
	struct sample samples[BLOCK];
	int bad = heads_open_points(&store->heads, series, &points, why);

	for (size_t i = 0; i < points.n && bad == KS_OK;) {
		size_t n = 0;

		for (; n < BLOCK && i < points.n; n++, i++)
			samples[n] = (struct sample){ .series = series,
				.time_ms = points.at[i].time_ms, .value = points.at[i].value };
		bad = journal_add(next, samples, n, why);
	}
	return bad;
}

static int carry(struct store *store, struct journal *next, struct why *why)
{
	const size_t frame_many = 16 * 1024 * 1024;
	int bad = KS_OK;
	bool begun = false;

	for (uint32_t series = 1; series < store->heads.room && bad == KS_OK; series++) {
		if (!store->heads.at[series].open)
			continue;
		if (!begun) {
			bad = journal_begin(next, true, why);
			if (bad == KS_OK)
				bad = journal_series(next, &store->labels, store->labels.n, why);
			begun = true;
		}
		if (bad == KS_OK)
			bad = carry_series(store, next, series, why);
		if (bad == KS_OK && next->used > frame_many) {
			bad = journal_sync(next, why);
			begun = false;
		}
	}
	return bad == KS_OK && begun ? journal_sync(next, why) : bad;
}

/* A new segment beside the present one, which stays until all is sealed. */
static int next_segment(struct store *store, struct journal *ret_next, struct why *why)
{
	struct journal next = { .dir = store->journal.dir, .fd = -1,
		.segment = store->journal.segment };
	int bad = journal_next(&next, why);

	if (bad == KS_OK)
		bad = carry(store, &next, why);
	if (bad != KS_OK && next.fd >= 0)
		journal_undo(&next);
	*ret_next = next;
	return bad;
}

int store_seal(struct store *store, int64_t until_ms, struct why *why)
{
	struct journal next;
	struct store_meta before = store->meta;
	int bad = heads_close(&store->heads, until_ms) == KS_OK ? KS_OK
	    : fail(why, KS_FULL, "memory ran out while windows were closed");

	if (bad == KS_OK)
		bad = next_segment(store, &next, why);
	if (bad != KS_OK)
		return bad;
	store->meta.sealed_segment = (int64_t)store->journal.segment;
	bad = put_all(store, why);
	if (bad != KS_OK) {
		store->meta = before;
		journal_undo(&next);
		return bad;
	}
	store->series_sealed = store->series_durable = store->labels.n;
	store->sealed_at_ms = store->now_ms;
	heads_sealed(&store->heads);
	late_gone(store);
	journal_switch(&store->journal, &next);
	journal_drop(&store->journal, (uint64_t)store->meta.sealed_segment);
	return KS_OK;
}
