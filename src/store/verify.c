#include "store/verify.h"
#include "store/inside.h"
#include <stdio.h>

void verify_silent(void *user, const char *where, const char *what)
{
	(void)user;
	(void)where;
	(void)what;
}

struct verifier {
	struct store *store;
	struct verify seen;
	verify_fn *fn;
	void *user;
};

static void damage(struct verifier *v, const char *where, const char *what)
{
	v->seen.damaged++;
	v->fn(v->user, where, what);
}

static int64_t base_of(const struct verifier *v, unsigned which, int64_t key)
{
	if (which == CHUNK_RANGE)
		return (key & ((1LL << WINDOW_BITS) - 1)) * v->store->heads.window_ms;
	return (key >> 32) * DAY_MS;
}

static bool sum_good(sqlite3_stmt *row, int64_t key, struct span body)
{
	return sqlite3_column_type(row, 2) == SQLITE_NULL || /* of an older schema */
	    sqlite3_column_int64(row, 2) == row_sum_of(key, body);
}

/* One row: its sum, decoded, and all its samples inside the window or day of its key. */
static void check_row(struct verifier *v, unsigned which, sqlite3_stmt *row)
{
	int64_t key = sqlite3_column_int64(row, 0);
	struct span body = db_blob(row, 1);
	KS_DROP(points) struct points points = { .n = 0 };
	struct hours hours = { .n = 0 };
	struct why why = { .fmt = NULL };
	char where[96];
	int64_t base = base_of(v, which, key);
	int64_t len = which == CHUNK_RANGE ? v->store->heads.window_ms : DAY_MS;
	int bad = which == ROLLUP_RANGE ? hours_unpack(body, base, &hours, &why)
					: chunk_points(body, base, &points, &why);

	(void)snprintf(where, sizeof where, "chunks.db %s series %lld time_ms %lld",
	    which == CHUNK_RANGE ? "chunk" : which == DAY_RANGE ? "day" : "rollup",
	    (long long)(which == CHUNK_RANGE ? key >> WINDOW_BITS : key & UINT32_MAX),
	    (long long)base);
	if (!sum_good(row, key, body)) {
		damage(v, where, "its checksum is wrong");
		return;
	}
	if (bad != KS_OK) {
		damage(v, where, why.text);
		return;
	}
	v->seen.samples += points.n;
	if (points.n > 0 && (points.at[0].time_ms < base ||
	    points.at[points.n - 1].time_ms >= base + len))
		damage(v, where, "samples lie outside the time of their key");
}

static int check_rows(struct verifier *v, unsigned which, uint64_t *ret_n, struct why *why)
{
	struct db *db = &v->store->chunks;
	sqlite3_stmt *rows = db_use(db, which);
	int code = SQLITE_ERROR;

	(void)sqlite3_bind_int64(rows, 1, INT64_MIN);
	(void)sqlite3_bind_int64(rows, 2, INT64_MAX);
	while (rows != NULL && (code = sqlite3_step(rows)) == SQLITE_ROW) {
		++*ret_n;
		check_row(v, which, rows);
	}
	int bad = code == SQLITE_DONE ? KS_OK : db_fail(db, why);

	(void)sqlite3_reset(rows);
	return bad;
}

/* Rows that are all in SQL: labels, late samples. */
static int check_sums(struct verifier *v, unsigned which, const char *what, struct why *why)
{
	struct db *db = &v->store->chunks;
	sqlite3_stmt *rows = db_use(db, which);
	int code = SQLITE_ERROR;

	while (rows != NULL && (code = sqlite3_step(rows)) == SQLITE_ROW) {
		char where[96];

		(void)snprintf(where, sizeof where, "chunks.db %s series %lld", what,
		    (long long)sqlite3_column_int64(rows, 0));
		damage(v, where, "its checksum is wrong");
	}
	int bad = code == SQLITE_DONE ? KS_OK : db_fail(db, why);

	(void)sqlite3_reset(rows);
	return bad;
}

/* Rows that are gone, or too many, without a trace in the file's structure. */
static int check_ledger(struct verifier *v, struct why *why)
{
	static const char *const tables[LEDGER_TABLES] = { "chunk", "day", "rollup", "late" };
	struct db *db = &v->store->chunks;
	sqlite3_stmt *rows = db_use(db, LEDGER_BAD);
	int code = SQLITE_ERROR;

	(void)sqlite3_bind_int64(rows, 1, v->store->meta.window_s);
	while (rows != NULL && (code = sqlite3_step(rows)) == SQLITE_ROW) {
		int64_t key = sqlite3_column_int64(rows, 0);
		char where[128];

		(void)snprintf(where, sizeof where, "chunks.db %s time_ms %lld rows %lld of %lld",
		    tables[key & (LEDGER_TABLES - 1)], (long long)(key / LEDGER_TABLES * DAY_MS),
		    (long long)sqlite3_column_int64(rows, 2),
		    (long long)sqlite3_column_int64(rows, 1));
		damage(v, where, "rows are not those that were written");
	}
	int bad = code == SQLITE_DONE ? KS_OK : db_fail(db, why);

	(void)sqlite3_reset(rows);
	return bad;
}

/* Tables whose rows are numbered without a hole and never removed. */
static int check_numbered(struct verifier *v, struct why *why)
{
	const struct {
		struct db *db;
		unsigned which;
		const char *where;
	} tables[] = { { &v->store->chunks, SERIES_GONE, "chunks.db labels" },
		{ &v->store->facts, FINDING_GONE, "facts.db finding" },
		{ &v->store->facts, ACT_GONE, "facts.db act" } };
	int bad = KS_OK;

	for (size_t i = 0; i < sizeof tables / sizeof *tables && bad == KS_OK; i++) {
		int64_t gone = 0;

		bad = db_number(tables[i].db, db_use(tables[i].db, tables[i].which), 0, &gone, why);
		if (bad == KS_OK && gone != 0)
			damage(v, tables[i].where, "rows are not those that were written");
	}
	return bad;
}

static void check_structure(struct verifier *v, struct db *db)
{
	sqlite3_stmt *rows = NULL;

	if (sqlite3_prepare_v2(db->sqlite, "PRAGMA integrity_check(20)", -1, &rows, NULL) !=
	    SQLITE_OK) {
		damage(v, db->plan->file, sqlite3_errmsg(db->sqlite));
		return;
	}
	while (sqlite3_step(rows) == SQLITE_ROW) {
		const char *says = (const char *)sqlite3_column_text(rows, 0);

		if (says != NULL && strcmp(says, "ok") != 0)
			damage(v, db->plan->file, says);
	}
	(void)sqlite3_finalize(rows);
}

static int no_series(void *user, uint32_t number, struct span labels, struct why *why)
{
	(void)user;
	(void)number;
	(void)labels;
	(void)why;
	return KS_OK;
}

static int no_samples(void *user, const struct sample *samples, size_t n, struct why *why)
{
	(void)user;
	(void)samples;
	(void)n;
	(void)why;
	return KS_OK;
}

static int check_journal(struct verifier *v, struct why *why)
{
	const struct journal_reader reader = { v, no_series, no_samples };
	struct journal_found found = { .frames = 0 };
	uint64_t *numbers = NULL;
	size_t n = 0;
	int bad = journal_open(&v->store->journal, v->store->path, STORE_READ, why);

	if (bad == KS_OK)
		bad = journal_segments(&v->store->journal, &numbers, &n, why);
	free(numbers);
	v->seen.segments = n;
	if (bad != KS_OK)
		return bad;
	struct why said = { .fmt = NULL };

	bad = journal_replay(&v->store->journal, (uint64_t)v->store->meta.sealed_segment, false,
	    &reader, &found, &said);
	if (bad == KS_MALFORMED || bad == KS_TRUNCATED)
		damage(v, "journal", said.text);
	else if (bad == KS_ABSENT)
		bad = KS_OK; /* sealed while we read */
	else if (bad != KS_OK)
		return fail(why, bad, "%s", said.text);
	v->seen.frames = found.frames;
	v->seen.journal_samples = found.samples;
	v->seen.torn_bytes = found.torn_bytes;
	for (uint64_t i = 0; i < found.damaged_frames; i++)
		damage(v, found.damage, "a batch's checksum is wrong");
	for (uint64_t i = 0; i < found.set_aside; i++)
		damage(v, "journal/*.damaged", "a damaged part of the journal was set aside after "
		    "its good batches were taken; remove the file when it was looked at");
	return KS_OK;
}

int store_verify(const char *path, struct verify *ret_verify, verify_fn *fn, void *user,
    struct why *why)
{
	const struct store_options options = { .window_s = 0 };
	struct verifier v = { .fn = fn, .user = user };
	struct store_found found;
	int64_t late = 0;
	int bad = store_open(path, STORE_READ, &options, &v.store, &found, why);

	if (bad != KS_OK)
		return bad;
	check_structure(&v, &v.store->chunks);
	check_structure(&v, &v.store->facts);
	v.seen.series = v.store->labels.n;
	bad = check_rows(&v, CHUNK_RANGE, &v.seen.chunks, why);
	if (bad == KS_OK)
		bad = check_rows(&v, DAY_RANGE, &v.seen.days, why);
	if (bad == KS_OK)
		bad = check_rows(&v, ROLLUP_RANGE, &v.seen.rollups, why);
	if (bad == KS_OK)
		bad = db_number(&v.store->chunks, db_use(&v.store->chunks, LATE_COUNT), 0, &late,
		    why);
	if (bad == KS_OK)
		bad = check_sums(&v, SERIES_BAD, "labels", why);
	if (bad == KS_OK)
		bad = check_sums(&v, LATE_BAD, "late", why);
	if (bad == KS_OK)
		bad = check_ledger(&v, why);
	if (bad == KS_OK)
		bad = check_numbered(&v, why);
	v.seen.late = (uint64_t)late;
	v.seen.samples += (uint64_t)late;
	if (bad == KS_OK)
		bad = check_journal(&v, why);
	store_close(v.store);
	if (bad == KS_OK)
		*ret_verify = v.seen;
	return bad;
}
