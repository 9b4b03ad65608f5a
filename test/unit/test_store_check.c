/* test/unit/test_store_check.c - `store check` sees a row that vanished, or came from
 * nowhere, though the file is whole by its own account; and finds nothing after days of
 * sealing, late samples, compaction and retention. */
#include "store/inside.h"
#include "depot.h"
#include "store/verify.h"
#include <stdio.h>
#include <stdlib.h>

static const int64_t start_ms = 1754006400000;

static unsigned places;

static void said(void *user, const char *where, const char *what)
{
	(void)where;
	places++;
	if (user != NULL)
		assert_string_equal(what, user);
}

/* Five days of eight series every ten minutes, late samples (one of them twice) among
 * them; raw samples are kept three days; one finding, one act more than the store's own. */
static struct store *lived(struct store_found *found)
{
	const struct store_options options = { .keep_raw_days = 3, .keep_rollup_days = 4 };
	struct finding finding = { .code = FINDING_HOT, .since_ms = start_ms };
	struct act act = { .kind = ACT_STARTED, .time_ms = start_ms };
	struct store *store = NULL;
	uint32_t series[8];

	assert_int_equal(store_open(folder, STORE_WRITE, &options, &store, found, &why), KS_OK);
	for (uint32_t i = 0; i < 8; i++)
		series[i] = series_of(store, i);
	for (int64_t t = 0; t < 5 * 144 + 36; t++) {
		for (uint32_t i = 0; i < 8; i++)
			put(store, series[i], start_ms + (t * 600 + i) * 1000, (double)(t % 7));
		if (t % 100 == 99)
			put(store, series[0], start_ms + (t - 90) * 600000 + 5000, 9);
		assert_int_equal(store_sync(store, &why), KS_OK);
		tick(store, start_ms + t * 600000);
	}
	for (int i = 0; i < 2; i++) { /* of today, so they stay where late ones are kept */
		put(store, series[3], start_ms + (5 * 144 + 2) * 600000LL + 100000, i);
		assert_int_equal(store_sync(store, &why), KS_OK);
		tick(store, start_ms + (5 * 144 + 36 + 40 + i * 40) * 600000LL);
	}
	assert_int_equal(store_put_finding(store, &finding, &why), KS_OK);
	assert_int_equal(store_put_act(store, &act, &why), KS_OK);
	return store;
}

static int64_t number(struct db *db, const char *sql)
{
	sqlite3_stmt *statement = NULL;
	int64_t found = 0;

	assert_int_equal(sqlite3_prepare_v2(db->sqlite, sql, -1, &statement, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
	found = sqlite3_column_int64(statement, 0);
	(void)sqlite3_finalize(statement);
	return found;
}

static void a_row_that_vanished_is_seen(void **state)
{
	static const struct {
		bool facts;
		const char *sql;
	} wrongs[] = {
		{ false, "DELETE FROM chunk WHERE k = (SELECT max(k) FROM chunk)" },
		{ false, "DELETE FROM day WHERE k = (SELECT min(k) FROM day)" },
		{ false, "DELETE FROM rollup WHERE k = (SELECT max(k) FROM rollup)" },
		{ false, "DELETE FROM late" },
		{ false, "DELETE FROM series WHERE number = 3" },
		{ false, "DELETE FROM series WHERE number = 8" },
		{ false, "DELETE FROM ledger WHERE k % 4 = 1 AND rows > 0 AND k = (SELECT max(k)"
			 " FROM ledger WHERE k % 4 = 1)" },
		/* whole by its own sum, but of another time */
		{ false, "UPDATE day SET body = (SELECT body FROM day ORDER BY k LIMIT 1 OFFSET 1),"
			 " sum = row_sum(k, (SELECT body FROM day ORDER BY k LIMIT 1 OFFSET 1))"
			 " WHERE k = (SELECT min(k) FROM day)" },
		{ true, "DELETE FROM finding" },
		{ true, "DELETE FROM act WHERE id = 1" },
	};
	struct store_found found;
	struct store *store = lived(&found);
	struct verify seen;

	(void)state;
	assert_true(number(&store->chunks, "SELECT count(*) FROM late") > 0);
	assert_true(number(&store->chunks, "SELECT count(*) FROM chunk") > 8);
	assert_int_equal(number(&store->chunks, "SELECT count(DISTINCT k >> 32) FROM day"), 3);
	assert_int_equal(number(&store->chunks, "SELECT count(DISTINCT k >> 32) FROM rollup"), 4);
	assert_int_equal(store_verify(folder, &seen, said, "nothing", &why), KS_OK);
	assert_int_equal(seen.damaged, 0);
	for (size_t i = 0; i < sizeof wrongs / sizeof *wrongs; i++) {
		struct db *db = wrongs[i].facts ? &store->facts : &store->chunks;
		const char *file = wrongs[i].facts ? "facts.db" : "chunks.db";
		char command[300];

		(void)snprintf(command, sizeof command, "VACUUM INTO '%s/%s.good'", folder, file);
		assert_int_equal(db_exec(db, command, &why), KS_OK);
		assert_int_equal(db_exec(db, wrongs[i].sql, &why), KS_OK);
		assert_true(sqlite3_changes(db->sqlite) > 0);
		places = 0;
		assert_int_equal(store_verify(folder, &seen, said,
		    (void *)(uintptr_t)"rows are not those that were written", &why), KS_OK);
		assert_int_equal(seen.damaged, 1);
		assert_int_equal(places, 1);
		store_close(store);
		(void)snprintf(command, sizeof command,
		    "cd %s && rm -f %s-wal %s-shm && mv %s.good %s", folder, file, file, file, file);
		assert_int_equal(system(command), 0);
		assert_int_equal(store_open(folder, STORE_WRITE,
		    &(struct store_options){ .window_s = 0 }, &store, &found, &why), KS_OK);
	}
	assert_int_equal(store_verify(folder, &seen, said, "nothing", &why), KS_OK);
	assert_int_equal(seen.damaged, 0);
	store_close(store);
}

/* More days in one transaction than the ledger keeps lines for. */
static void a_seal_of_many_days_keeps_the_ledger(void **state)
{
	struct store_found found;
	struct store *store = NULL;
	struct verify seen;
	uint32_t series;

	(void)state;
	assert_int_equal(store_open(folder, STORE_WRITE, &(struct store_options){ .window_s = 0 },
	    &store, &found, &why), KS_OK);
	assert_int_equal(store_series(store, span_text("__name__\xffmany\xff"), &series, &why), KS_OK);
	for (int64_t day = 0; day < 3 * LEDGER_LINES; day++)
		put(store, series, start_ms + day * DAY_MS, (double)day);
	assert_int_equal(store_sync(store, &why), KS_OK);
	assert_int_equal(store_seal(store, INT64_MAX, &why), KS_OK);
	assert_int_equal(number(&store->chunks, "SELECT sum(rows) FROM ledger WHERE k % 4 = 0"),
	    3 * LEDGER_LINES);
	tick(store, start_ms + (3LL * LEDGER_LINES + 1) * DAY_MS);
	assert_int_equal(number(&store->chunks, "SELECT sum(rows) FROM ledger WHERE k % 4 = 0"), 0);
	assert_int_equal(store_verify(folder, &seen, said, "nothing", &why), KS_OK);
	assert_int_equal(seen.damaged, 0);
	store_close(store);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, make_folder, remove_folder)
	const struct CMUnitTest tests[] = {
		T(a_row_that_vanished_is_seen),
		T(a_seal_of_many_days_keeps_the_ledger),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
