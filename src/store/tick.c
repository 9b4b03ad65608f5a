/* What becomes due: room again after a full disk, seals, compaction, retention. */
#include "base/must.h"
#include "store/inside.h"

enum { RETAIN_EVERY_MS = 3600000 };

/* Is there room again?  Then a segment is begun, if none could be. */
static int come_back(struct store *store, struct why *why)
{
	if (disk_free(store) < ROOM_BYTES)
		return fail(why, KS_FULL, "the disk of %s is full", store->path);
	int bad = store->journal.fd < 0 ? journal_next(&store->journal, why) : KS_OK;

	store->full = bad != KS_OK;
	return bad;
}

static int seal(struct store *store, bool *ret_more, struct why *why)
{
	int64_t until = store->newest_ms - GRACE_MS;

	if (store->now_ms - store->appended_ms > IDLE_MS && store->now_ms - GRACE_MS > until)
		until = store->now_ms - GRACE_MS;
	*ret_more = true;
	return store_seal(store, until, why);
}

int store_tick(struct store *store, int64_t now_ms, bool *ret_more, struct why *why)
{
	int bad = KS_OK;

	must(store->mode == STORE_WRITE);
	*ret_more = false;
	store->now_ms = now_ms;
	if (store->full)
		bad = come_back(store, why);
	if (bad == KS_OK && store->applying)
		bad = batch_apply(store, why);
	if (bad != KS_OK)
		return bad;
	if (!store->ballast)
		ballast_keep(store);
	if (seal_due(store))
		return seal(store, ret_more, why);
	bad = compact_step(store, ret_more, why);
	if (bad != KS_OK || *ret_more)
		return bad;
	if (store->retained_ms != 0 && now_ms >= store->retained_ms &&
	    now_ms - store->retained_ms < RETAIN_EVERY_MS)
		return KS_OK;
	bad = retain_step(store, ret_more, why);
	if (bad == KS_OK && !*ret_more)
		store->retained_ms = now_ms;
	return bad;
}

static int64_t pragma(struct store *store, const char *sql)
{
	sqlite3_stmt *statement = NULL;
	int64_t n = 0;

	if (sqlite3_prepare_v2(store->chunks.sqlite, sql, -1, &statement, NULL) == SQLITE_OK &&
	    db_number(&store->chunks, statement, 0, &n, NULL) != KS_OK)
		n = 0;
	(void)sqlite3_finalize(statement);
	return n;
}

int store_size(struct store *store, struct store_size *ret_size, struct why *why)
{
	int bad = store->mode == STORE_READ ? meta_load(store, why) : KS_OK;

	if (bad != KS_OK)
		return bad;
	const struct store_meta *meta = &store->meta;
	int64_t pages = pragma(store, "PRAGMA page_count") - pragma(store, "PRAGMA freelist_count");
	double bytes = (double)(pages * chunks_plan.page);
	struct store_size size = {
		.samples_sealed = (uint64_t)meta->samples,
		.samples_head = store->heads.samples + store->late_n,
		.bytes_chunks = (uint64_t)(meta->bytes_chunk + meta->bytes_day),
		.bytes_rollups = (uint64_t)meta->bytes_rollup,
		.bytes_journal = store->journal.bytes,
		.bytes_free_disk = disk_free(store),
		.series = store_series_count(store),
		.samples_per_day = (double)meta->day_samples,
		.oldest_ms = meta->any != 0 ? meta->oldest_ms : 0,
		.newest_ms = meta->highest_ms,
		.disk_full = store->full,
	};

	if (size.samples_sealed > 0)
		size.bytes_per_sample = bytes / (double)size.samples_sealed;
	/* before the first day is over: from what there is so far */
	int64_t lasted = meta->highest_ms - meta->oldest_ms;

	if (meta->day_samples == 0 && lasted > 0)
		size.samples_per_day = (double)(size.samples_sealed + size.samples_head) *
		    (double)DAY_MS / (double)lasted;
	*ret_size = size;
	return KS_OK;
}
