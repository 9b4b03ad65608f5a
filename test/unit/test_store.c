/* The store: what was acknowledged is there, in order, whatever happened between. */
#include "store/inside.h"
#include "depot.h"
#include "base/text.h"
#include "store/verify.h"
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

static const int64_t start_ms = 1754006400000; /* 2025-08-01, a day's first moment */

struct got {
	size_t n;
	int64_t last_ms, first_ms;
	double sum, last;
	bool ordered;
};

static int collect(void *user, int64_t time_ms, double value)
{
	struct got *got = user;

	got->ordered = (got->n == 0 || time_ms > got->last_ms) && (got->n == 0 || got->ordered);
	got->first_ms = got->n == 0 ? time_ms : got->first_ms;
	got->last_ms = time_ms;
	got->last = value;
	got->sum += isnan(value) ? 0 : value;
	got->n++;
	return 0;
}

static struct got read_all(struct store *store, uint32_t series, int64_t from, int64_t to)
{
	struct got got = { .n = 0, .ordered = true };

	assert_int_equal(store_read(store, series, from, to, collect, &got, &why), KS_OK);
	assert_true(got.ordered);
	return got;
}

static int count_hours(void *user, uint32_t series, const struct rollup *rollup)
{
	struct got *got = user;

	(void)series;
	got->n += rollup->n;
	got->sum += rollup->sum;
	got->last = rollup->max;
	got->last_ms = rollup->hour_ms;
	return 0;
}

static void survives_without_a_goodbye(void **state)
{
	struct store_found found;
	struct store *store = reopen(&found, STORE_WRITE);
	uint32_t a = series_of(store, 1), b = series_of(store, 2);

	(void)state;
	assert_true(found.clean);
	assert_int_equal(a, 1);
	assert_int_equal(b, 2);
	for (int i = 0; i < 500; i++) {
		put(store, a, start_ms + i * 10000, 20 + i % 7 * 0.1);
		put(store, b, start_ms + i * 10000 + 3, 100 + i);
		if (i % 10 == 9)
			assert_int_equal(store_sync(store, &why), KS_OK);
	}
	put(store, a, start_ms + 500 * 10000, 1); /* never synced: never seen */
	assert_int_equal(read_all(store, a, 0, INT64_MAX).n, 500);
	/* as a crash leaves it: no goodbye, a torn tail */
	FILE *file;
	char path[128];

	(void)snprintf(path, sizeof path, "%s/journal/0000000001.journal", folder);
	file = fopen(path, "ab");
	assert_non_null(file);
	(void)fwrite("\x40\0\0\0torn and gone", 1, 17, file);
	(void)fclose(file);
	assert_int_equal(pwrite(store->lock, "begun\n", 6, 0), 6);
	kill_writer(store);
	store = reopen(&found, STORE_WRITE);
	assert_false(found.clean);
	assert_int_equal(found.replayed, 1000);
	assert_int_equal(found.torn_bytes, 17);
	assert_true(found.last_ms == start_ms + 499 * 10000 + 3);
	assert_int_equal(series_of(store, 2), 2);
	assert_int_equal(read_all(store, a, 0, INT64_MAX).n, 500);
	assert_true(read_all(store, b, 0, INT64_MAX).sum == 500 * 100 + 499 * 500 / 2);
	assert_int_equal(read_all(store, a, start_ms + 10000, start_ms + 30000).n, 2);
	store_close(store);
	store = reopen(&found, STORE_WRITE);
	assert_true(found.clean);
	store_close(store);
}

static void one_writer(void **state)
{
	const struct store_options options = { .window_s = 0 }, odd = { .window_s = 7000 };
	struct store_found found;
	struct store *store = reopen(&found, STORE_WRITE), *second = NULL;

	(void)state;
	assert_int_equal(store_open(folder, STORE_WRITE, &options, &second, &found, &why),
	    KS_REFUSED);
	assert_null(second);
	store_close(store);
	assert_int_equal(store_open(folder, STORE_WRITE, &odd, &second, &found, &why),
	    KS_MALFORMED);
	assert_int_equal(store_open("/tmp/no/such/folder", STORE_READ, &options, &second, &found,
	    &why), KS_IO);
	store_close(NULL);
}

/* Three days at 10 s, ticking as time goes by. */
/* What is not sealed: windows done with, the open one, late ones; sealed ones are not. */
static void recent_is_what_is_not_sealed(void **state)
{
	struct store_found found;
	struct store *store = reopen(&found, STORE_WRITE);
	uint32_t a = series_of(store, 1), b = series_of(store, 2);
	struct got got = { .n = 0 };

	(void)state;
	for (int i = 0; i < 100; i++)
		put(store, a, start_ms + i * 60000, i);
	put(store, b, start_ms, 1);
	put(store, a, start_ms + 30000, 0.5); /* late */
	assert_int_equal(store_sync(store, &why), KS_OK);
	assert_int_equal(store_recent(store, a, start_ms, start_ms + 100 * 60000, collect, &got, &why),
	    KS_OK);
	assert_int_equal(got.n, 101);
	assert_true(got.ordered);
	got.n = 0;
	assert_int_equal(store_recent(store, a, start_ms + 60000, start_ms + 120000, collect, &got, &why),
	    KS_OK);
	assert_int_equal(got.n, 1);
	got.n = 0;
	assert_int_equal(store_recent(store, 77, 0, start_ms * 2, collect, &got, &why), KS_OK);
	assert_int_equal(got.n, 0);
	put(store, a, start_ms + 4 * 3600000, 7); /* the first window is over, and sealed */
	assert_int_equal(store_sync(store, &why), KS_OK);
	tick(store, start_ms + 5 * 3600000);
	assert_int_equal(store_recent(store, a, start_ms, start_ms + 5 * 3600000, collect, &got, &why),
	    KS_OK);
	assert_int_equal(got.n, 1);
	assert_true(got.last == 7);
	store_close(store);
}

static void seals_compacts_and_rolls_up(void **state)
{
	struct store_found found;
	struct store *store = reopen(&found, STORE_WRITE);
	uint32_t series[3] = { series_of(store, 1), series_of(store, 2), series_of(store, 3) };
	struct store *reader = NULL;
	const int64_t n = 3 * 8640;
	double sum = 0;

	(void)state;
	for (int64_t i = 0; i < n; i++) {
		double value = (double)(200 + i % 100) / 10;

		sum += value;
		for (size_t s = 0; s < 3; s++)
			put(store, series[s], start_ms + i * 10000 + (int64_t)s, value);
		if (i % 120 == 0 || i == n - 1)
			assert_int_equal(store_sync(store, &why), KS_OK);
		if (i % 120 == 0)
			tick(store, start_ms + i * 10000 + 100);
		if (i == 2000)
			reader = reopen(&found, STORE_READ);
	}
	struct got got = read_all(store, series[1], 0, INT64_MAX);

	assert_int_equal(got.n, n);
	assert_true(fabs(got.sum - sum) < 1e-3);
	assert_int_equal(store->meta.compacted_day, start_ms / DAY_MS + 2);
	/* a reader opened long before sees what is sealed now */
	got = read_all(reader, series[2], 0, INT64_MAX);
	assert_true(got.n > (size_t)n - 1500 && got.n <= (size_t)n);
	assert_int_equal(store_series_count(reader), 3);
	store_close(reader);
	struct got hours = { .n = 0 };

	assert_int_equal(store_hours(store, series[0], 0, INT64_MAX, count_hours, &hours, &why),
	    KS_OK);
	assert_int_equal(hours.n, n);
	assert_true(fabs(hours.sum - sum) < 1e-3);
	assert_true(hours.last == 29.9);
	hours = (struct got){ .n = 0 };
	assert_int_equal(store_hours_all(store, 0, INT64_MAX, count_hours, &hours, &why), KS_OK);
	assert_int_equal(hours.n, 3 * n);
	hours = (struct got){ .n = 0 };
	assert_int_equal(store_hours_all(store, start_ms + 5 * HOUR_MS, start_ms + 7 * HOUR_MS,
	    count_hours, &hours, &why), KS_OK);
	assert_int_equal(hours.n, 3 * 720);
	struct store_size size;

	assert_int_equal(store_size(store, &size, &why), KS_OK);
	assert_int_equal(size.samples_sealed + size.samples_head, 3 * n);
	assert_true(size.bytes_journal < 200000 && size.bytes_rollups > 0);
	assert_true(size.samples_per_day == 3 * 8640);
	store_close(store);
	store = reopen(&found, STORE_WRITE);
	assert_int_equal(read_all(store, series[1], 0, INT64_MAX).n, n);
	store_close(store);
	store = reopen(&found, STORE_READ_ALL);
	assert_int_equal(read_all(store, series[1], 0, INT64_MAX).n, n);
	store_close(store);
}

static void late_and_double_ones(void **state)
{
	struct store_found found;
	struct store *store = reopen(&found, STORE_WRITE);
	uint32_t a = series_of(store, 1);

	(void)state;
	for (int64_t i = 0; i < 2000; i++)
		put(store, a, start_ms + i * 10000, 1);
	assert_int_equal(store_sync(store, &why), KS_OK);
	put(store, a, start_ms + 50000, 2);	     /* again: the last wins */
	put(store, a, start_ms + 50000, 3);
	put(store, a, start_ms + 5, 7);		     /* between */
	put(store, a, start_ms - 40LL * DAY_MS, 11);   /* long before */
	assert_int_equal(store_sync(store, &why), KS_OK);
	/* no key can hold these: refused today, but an older journal may have them */
	assert_int_equal(sample_apply(store, &(struct sample){ a, -77, 13 }, &why), KS_OK);
	assert_int_equal(sample_apply(store, &(struct sample){ a, INT64_MAX - 5, 17 }, &why), KS_OK);
	for (int round = 0; round < 4; round++) {
		struct got got = read_all(store, a, INT64_MIN, INT64_MAX);

		assert_int_equal(got.n, 2004);
		assert_true(got.sum == 1999 + 3 + 7 + 11 + 13 + 17);
		assert_true(read_all(store, a, start_ms + 50000, start_ms + 50001).last == 3);
		assert_int_equal(read_all(store, a, INT64_MIN, 0).n, 1);
		struct got hours = { .n = 0 };

		assert_int_equal(
		    store_hours(store, a, start_ms, start_ms + HOUR_MS, count_hours, &hours, &why),
		    KS_OK);
		assert_int_equal(hours.n, 361);
		assert_true(hours.sum == 359 + 3 + 7);
		hours.n = 0;
		assert_int_equal(store_hours_all(store, 0, INT64_MAX, count_hours, &hours, &why),
		    KS_OK);
		assert_int_equal(hours.n, 2002);
		if (round == 0)
			tick(store, start_ms + DAY_MS / 2);
		if (round == 1)
			tick(store, start_ms + 3 * DAY_MS);
		if (round == 2) {
			store_close(store);
			store = reopen(&found, STORE_WRITE);
		}
	}
	/* after a restart a sealed time is still known to be late */
	put(store, a, start_ms + 70000, 5);
	assert_int_equal(store_sync(store, &why), KS_OK);
	assert_int_equal(store->late_n, 1);
	assert_true(read_all(store, a, start_ms + 70000, start_ms + 70001).last == 5);
	store_close(store);
}

static void keeps_only_so_long(void **state)
{
	const struct store_options options = { .keep_raw_days = 2, .keep_rollup_days = 4 };
	struct store_found found;
	struct store *store = NULL;

	(void)state;
	assert_int_equal(store_open(folder, STORE_WRITE, &options, &store, &found, &why), KS_OK);
	uint32_t a = series_of(store, 1);

	for (int64_t i = 0; i < 7 * 144; i++) {
		put(store, a, start_ms + i * 600000, (double)i);
		if (i % 6 != 5)
			continue;
		assert_int_equal(store_sync(store, &why), KS_OK);
		tick(store, start_ms + i * 600000);
	}
	struct got got = read_all(store, a, 0, INT64_MAX);
	struct got hours = { .n = 0 };

	assert_true(got.first_ms == start_ms + 4 * DAY_MS);
	assert_int_equal(got.n, 3 * 144);
	assert_int_equal(store_hours(store, a, 0, INT64_MAX, count_hours, &hours, &why), KS_OK);
	assert_int_equal(hours.n, 5 * 144);
	store_close(store);
}

static int newest(void *user, const struct finding *finding)
{
	*(struct finding *)user = *finding;
	return 1;
}

static int count_findings(void *user, const struct finding *finding)
{
	(void)finding;
	++*(size_t *)user;
	return 0;
}

static int last_act(void *user, const struct act *act)
{
	*(struct act *)user = *act;
	return 0;
}

static void findings_and_acts_are_rows(void **state)
{
	struct store_found found;
	struct store *store = reopen(&found, STORE_WRITE);
	struct finding hot = { .code = FINDING_HOT, .severity = SEVERITY_CRITICAL,
		.subject_kind = SUBJECT_ROOM, .kind = MEASURE_TEMPERATURE, .subject = "server-room",
		.place = "本社", .word = "x", .since_ms = 1000, .seen_ms = 2000, .value_milli = 36500,
		.limit_milli = 35000, .count = 3, .doubt = DOUBT_JUMP, .silenced = true, .cause = 9,
		.next = { .known = true, .kind = MEASURE_HUMIDITY, .at_ms = 5, .limit_milli = -6, .low_s = 7,
			.mid_s = 8, .high_s = 9 }, .way = WAY_AT }, read = { .id = 0 };
	struct act act = { .kind = ACT_SITE_LOADED, .time_ms = 5, .who = "core", .what = "a=b" };
	size_t n = 0;

	(void)state;
	assert_int_equal(store_put_finding(store, &hot, &why), KS_OK);
	assert_int_equal(hot.id, 1);
	assert_int_equal(store_findings(store, true, 0, 5000, 10, newest, &read, &why), 1);
	assert_memory_equal(&read, &hot, sizeof hot);
	hot.ended_ms = 3000;
	assert_int_equal(store_put_finding(store, &hot, &why), KS_OK);
	assert_int_equal(store_findings(store, true, 0, 5000, 10, count_findings, &n, &why), 0);
	assert_int_equal(n, 0);
	assert_int_equal(store_findings(store, false, 2999, 5000, 10, count_findings, &n, &why), 0);
	assert_int_equal(n, 1);
	assert_int_equal(store_findings(store, false, 3001, 5000, 10, count_findings, &n, &why), 0);
	assert_int_equal(n, 1);
	hot.id = 0;
	assert_int_equal(store_put_finding(store, &hot, &why), KS_OK);
	assert_int_equal(hot.id, 2);
	assert_int_equal(store_put_act(store, &act, &why), KS_OK);
	store_close(store);
	store = reopen(&found, STORE_READ);
	struct act again = { .id = 0 };

	assert_int_equal(store_acts(store, 0, 6, 10, last_act, &again, &why), 0);
	assert_memory_equal(&again, &act, sizeof act);
	store_close(store);
}

/* As the first released schema made it. */
static void said_damage(void *user, const char *where, const char *what)
{
	assert_true(where[0] != '\0' && what[0] != '\0');
	++*(unsigned *)user;
}

static void brings_an_older_schema_up_to_date(void **state)
{
	static const char made[] =
	    "PRAGMA application_id=1263747889; PRAGMA user_version=1;"
	    "CREATE TABLE meta (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;"
	    "CREATE TABLE series (number INTEGER PRIMARY KEY, labels BLOB NOT NULL);"
	    "CREATE TABLE chunk (k INTEGER PRIMARY KEY, body BLOB NOT NULL);"
	    "CREATE TABLE late (series INTEGER NOT NULL, time_ms INTEGER NOT NULL,"
	    " bits INTEGER NOT NULL, PRIMARY KEY (series, time_ms)) WITHOUT ROWID;"
	    "INSERT INTO series VALUES (1, CAST('a' AS BLOB) || x'ff' || CAST('b' AS BLOB) || x'ff');"
	    "INSERT INTO meta VALUES ('window_s', 7200), ('any', 1), ('oldest_ms', 1754006400000),"
	    " ('highest_ms', 1754006460000);";
	char path[96];
	sqlite3 *old = NULL;
	sqlite3_stmt *put_chunk = NULL;
	struct points points = { .n = 0 };
	struct blob blob;
	struct store_found found;
	const struct store_options options = { .window_s = 0 };
	struct store *store = NULL;
	struct verify seen;
	unsigned said = 0;

	(void)state;
	(void)snprintf(path, sizeof path, "%s/chunks.db", folder);
	assert_int_equal(sqlite3_open(path, &old), SQLITE_OK);
	assert_int_equal(sqlite3_exec(old, made, NULL, NULL, NULL), SQLITE_OK);
	for (int64_t i = 0; i < 7; i++)
		assert_int_equal(points_add(&points,
		    (struct point){ start_ms + i * 10000, (double)i }), KS_OK);
	assert_int_equal(chunk_pack(&points, start_ms, &blob), KS_OK);
	assert_int_equal(sqlite3_prepare_v2(old, "INSERT INTO chunk VALUES (?1, ?2)", -1,
	    &put_chunk, NULL), SQLITE_OK);
	(void)sqlite3_bind_int64(put_chunk, 1, 1LL << 22 | start_ms / 7200000);
	(void)sqlite3_bind_blob(put_chunk, 2, blob.at, (int)blob.len, SQLITE_STATIC);
	assert_int_equal(sqlite3_step(put_chunk), SQLITE_DONE);
	(void)sqlite3_finalize(put_chunk);
	(void)sqlite3_close(old);
	drop_blob(&blob);
	points_done(&points);
	/* a reader changes nothing, so it refuses */
	assert_int_equal(store_open(folder, STORE_READ, &options, &store, &found, &why),
	    KS_REFUSED);
	store = reopen(&found, STORE_WRITE);
	assert_int_equal(found.migrated_from, 1);
	assert_true(span_equal(store_labels(store, 1), "a\xff" "b\xff"));
	assert_int_equal(read_all(store, 1, 0, INT64_MAX).n, 7);
	/* rows from before have no sum, but for the labels */
	assert_int_equal(store_verify(folder, &seen, said_damage, &said, &why), KS_OK);
	assert_int_equal(seen.damaged + said, 0);
	assert_int_equal(seen.samples, 7);
	put(store, 1, start_ms + 30000, 50); /* its last time was not known yet: both merge */
	put(store, 1, start_ms + 90000, 60);
	assert_int_equal(store_sync(store, &why), KS_OK);
	tick(store, start_ms + DAY_MS / 2);
	assert_int_equal(store->heads.closed_n + store->heads.open_n, 0);
	assert_int_equal(read_all(store, 1, 0, INT64_MAX).n, 8);
	assert_true(read_all(store, 1, 0, INT64_MAX).sum == 21 - 3 + 110);
	/* rows from before are in the ledger as they were found */
	assert_int_equal(store_verify(folder, &seen, said_damage, &said, &why), KS_OK);
	assert_int_equal(seen.damaged + said, 0);
	assert_int_equal(sqlite3_exec(store->chunks.sqlite, "DELETE FROM chunk", NULL, NULL, NULL),
	    SQLITE_OK);
	assert_int_equal(store_verify(folder, &seen, said_damage, &said, &why), KS_OK);
	assert_int_equal(seen.damaged, 1);
	store_close(store);
	store = reopen(&found, STORE_WRITE);
	assert_int_equal(found.migrated_from, 0);
	store_close(store);
	assert_int_equal(sqlite3_open(path, &old), SQLITE_OK);
	assert_int_equal(sqlite3_exec(old, "PRAGMA user_version=99", NULL, NULL, NULL), SQLITE_OK);
	(void)sqlite3_close(old);
	assert_int_equal(store_open(folder, STORE_WRITE, &options, &store, &found, &why),
	    KS_REFUSED);
}

/* A seal that could not finish leaves all as it was, and replays alike. */
static void a_failed_seal_changes_nothing(void **state)
{
	/* a statement that fails, and one that can not even be made */
	static const char *const breaks[][2] = { { "PRAGMA query_only=1", "PRAGMA query_only=0" },
		{ "ALTER TABLE chunk RENAME TO away", "ALTER TABLE away RENAME TO chunk" } };
	struct store_found found;
	struct store *store = reopen(&found, STORE_WRITE);
	uint32_t a = series_of(store, 1);
	bool more;

	(void)state;
	for (int64_t i = 0; i < 1000; i++)
		put(store, a, start_ms + i * 10000, (double)i);
	assert_int_equal(store_sync(store, &why), KS_OK);
	for (size_t i = 0; i < 2; i++) {
		assert_int_equal(db_exec(&store->chunks, breaks[i][0], &why), KS_OK);
		assert_int_not_equal(store_tick(store, start_ms + 10000000, &more, &why), KS_OK);
		assert_int_equal(store->journal.segment, 1);
		assert_int_equal(db_exec(&store->chunks, breaks[i][1], &why), KS_OK);
		assert_int_equal(read_all(store, a, 0, INT64_MAX).n, 1000);
	}
	tick(store, start_ms + 10000000);
	assert_int_equal(store->journal.segment, 2);
	assert_int_equal(store->heads.samples, 280);
	store_close(store);
	store = reopen(&found, STORE_WRITE);
	assert_int_equal(found.replayed, 280); /* carried into the new segment */
	assert_int_equal(read_all(store, a, 0, INT64_MAX).n, 1000);
	store_close(store);
}

/* A file of somebody else's, or of nobody's, is not written over. */
static void files_that_are_none_of_ours(void **state)
{
	static const struct {
		const char *sql; /* what the file is; NULL: no database */
		int code;
		const char *says;
	} rows[] = {
		{ "PRAGMA application_id=77", KS_MALFORMED, "chunks.db: not a file of keisoku" },
		{ "PRAGMA user_version=3", KS_MALFORMED, "chunks.db: not a file of keisoku" },
		{ NULL, KS_MALFORMED, "chunks.db: damaged" }, { "VACUUM", KS_OK, "" }, /* an empty one is nobody's */
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct store_options options = { .keep_raw_days = 0 };
		struct store_found found;
		struct store *store = NULL;
		sqlite3 *other = NULL;
		char path[128];

		assert_int_equal(remove_folder(state), 0);
		assert_int_equal(make_folder(state), 0);
		(void)snprintf(path, sizeof path, "%s/chunks.db", folder);
		FILE *file = fopen(path, "w");

		assert_non_null(file);
		for (int k = 0; rows[i].sql == NULL && k < 200; k++)
			(void)fputs("no database at all\n", file);
		(void)fclose(file);
		assert_int_equal(sqlite3_open(path, &other), SQLITE_OK);
		if (rows[i].sql != NULL)
			assert_int_equal(sqlite3_exec(other, rows[i].sql, NULL, NULL, NULL), SQLITE_OK);
		(void)sqlite3_close(other);
		why.text[0] = '\0';
		assert_int_equal(store_open(folder, STORE_WRITE, &options, &store, &found, &why), rows[i].code);
		assert_non_null(strstr(why.text, rows[i].says));
		store_close(store);
	}
}

/* A reader learns of series that came after it; nothing to say is no fault. */
static void series_that_come_later(void **state)
{
	struct store *writer = reopen(NULL, STORE_WRITE), *reader;
	uint32_t a = series_of(writer, 1), b;

	(void)state;
	put(writer, a, start_ms, 1);
	assert_int_equal(store_append(writer, NULL, 0, &why), KS_OK);
	assert_int_equal(store_sync(writer, &why), KS_OK);
	assert_int_equal(store_sync(writer, &why), KS_OK);
	tick(writer, start_ms + DAY_MS);
	reader = reopen(NULL, STORE_READ);
	assert_int_equal(store_series_count(reader), 1);
	assert_int_equal(store_labels(reader, 2).left, 0);
	b = series_of(writer, 2);
	put(writer, b, start_ms + DAY_MS, 1);
	assert_int_equal(store_sync(writer, &why), KS_OK);
	tick(writer, start_ms + 3 * DAY_MS);
	assert_true(store_labels(reader, b).left > 0);
	assert_int_equal(store_labels(reader, 0).left, 0);
	assert_int_equal(store_series_count(reader), 2);
	store_close(reader);
	store_close(writer);
}

static void refuses_what_is_not_there(void **state)
{
	struct store_found found;
	struct store *store = reopen(&found, STORE_WRITE);
	struct sample stranger = { 1, start_ms, 1 };
	uint32_t number;

	(void)state;
	assert_int_equal(store_append(store, &stranger, 1, &why), KS_ABSENT);
	stranger.series = 0;
	assert_int_equal(store_append(store, &stranger, 1, &why), KS_ABSENT);
	assert_int_equal(store_series(store, span_text("no end"), &number, &why), KS_MALFORMED);
	assert_int_equal(store_labels(store, 5).left, 0);
	assert_int_equal(store_append(store, &stranger, LIMIT_BATCH_SAMPLES + 1UL, &why), KS_FULL);
	assert_int_equal(store_sync(store, &why), KS_OK);
	store_close(store);
	store = reopen(&found, STORE_READ);
	assert_int_equal(store_series(store, span_text("a\xff\xff"), &number, &why), KS_ABSENT);
	store_close(store);
}

static void checks_copies_and_puts_back(void **state)
{
	struct store_found found;
	struct store *store = reopen(&found, STORE_WRITE);
	uint32_t a = series_of(store, 1);
	char copy[96], again[96];
	struct verify seen;
	unsigned said = 0;

	(void)state;
	(void)snprintf(copy, sizeof copy, "%s/copy", folder);
	(void)snprintf(again, sizeof again, "%s/again", folder);
	for (int64_t i = 0; i < 1000; i++)
		put(store, a, start_ms + i * 10000, (double)i);
	assert_int_equal(store_sync(store, &why), KS_OK);
	tick(store, start_ms + 10000000);
	assert_int_equal(store_backup(folder, copy, &why), KS_OK); /* the writer is still there */
	assert_int_equal(store_backup(folder, copy, &why), KS_REFUSED);
	assert_int_equal(store_verify(copy, &seen, said_damage, &said, &why), KS_OK);
	assert_int_equal(seen.samples + seen.journal_samples, 1000);
	assert_int_equal(seen.damaged + said, 0);
	assert_int_equal(store_restore(copy, again, &why), KS_OK);
	assert_int_equal(store_restore(copy, again, &why), KS_REFUSED);
	/* one bit of one chunk */
	assert_int_equal(sqlite3_exec(store->chunks.sqlite, "UPDATE chunk SET body ="
	    " CAST(substr(body, 1, 20) || x'aa' || substr(body, 22) AS BLOB)", NULL, NULL, NULL),
	    SQLITE_OK);
	assert_int_equal(store_verify(folder, &seen, said_damage, &said, &why), KS_OK);
	assert_int_equal(seen.damaged, 1);
	assert_int_equal(said, 1);
	store_close(store);
	char command[200];

	(void)snprintf(command, sizeof command, "rm -rf '%s'", again);
	assert_int_equal(system(command), 0);
	assert_int_equal(store_restore(folder, again, &why), KS_MALFORMED);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, make_folder, remove_folder)
	const struct CMUnitTest tests[] = {
		T(survives_without_a_goodbye),
		T(one_writer),
		T(recent_is_what_is_not_sealed),
		T(seals_compacts_and_rolls_up),
		T(late_and_double_ones),
		T(keeps_only_so_long),
		T(findings_and_acts_are_rows),
		T(brings_an_older_schema_up_to_date),
		T(a_failed_seal_changes_nothing),
		T(checks_copies_and_puts_back),
		T(refuses_what_is_not_there),
		T(files_that_are_none_of_ours),
		T(series_that_come_later),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
