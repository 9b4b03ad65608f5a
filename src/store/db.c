#include "store/db.h"
#include "base/drop.h"
#include "base/hash.h"
#include "base/must.h"
#include "base/text.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>

int db_fail(const struct db *db, struct why *why)
{
	int code = db->sqlite != NULL ? sqlite3_errcode(db->sqlite) : SQLITE_NOMEM;
	int system = db->sqlite != NULL ? sqlite3_system_errno(db->sqlite) : 0;
	const char *says = db->sqlite != NULL ? sqlite3_errmsg(db->sqlite) : "no memory";

	if (code == SQLITE_FULL || (code == SQLITE_IOERR && system == ENOSPC))
		return fail(why, KS_FULL, "%s: the disk is full", db->plan->file);
	if (code == SQLITE_NOMEM)
		return fail(why, KS_FULL, "%s: memory ran out", db->plan->file);
	if (code == SQLITE_CORRUPT || code == SQLITE_NOTADB)
		return fail(why, KS_MALFORMED, "%s: damaged: %s", db->plan->file, says);
	return fail(why, KS_IO, "%s: %s", db->plan->file, says);
}

int db_exec(struct db *db, const char *sql, struct why *why)
{
	return sqlite3_exec(db->sqlite, sql, NULL, NULL, NULL) == SQLITE_OK
	    ? KS_OK : db_fail(db, why);
}

void db_rollback(struct db *db)
{
	(void)sqlite3_exec(db->sqlite, "ROLLBACK", NULL, NULL, NULL);
}

sqlite3_stmt *db_use(struct db *db, unsigned which)
{
	sqlite3_stmt *statement = db->statements[which];

	must(which < DB_STATEMENTS);
	if (statement == NULL) {
		(void)sqlite3_prepare_v3(db->sqlite, db->plan->sql[which], -1,
		    SQLITE_PREPARE_PERSISTENT, &statement, NULL);
		db->statements[which] = statement;
	}
	if (statement != NULL) {
		(void)sqlite3_reset(statement);
		(void)sqlite3_clear_bindings(statement);
	}
	return statement;
}

void drop_reset(sqlite3_stmt **statement)
{
	(void)sqlite3_reset(*statement);
}

int db_run(struct db *db, sqlite3_stmt *statement, struct why *why)
{
	int code = statement != NULL ? sqlite3_step(statement) : SQLITE_ERROR;
	int bad = code == SQLITE_DONE || code == SQLITE_ROW ? KS_OK : db_fail(db, why);

	if (statement != NULL)
		(void)sqlite3_reset(statement);
	return bad;
}

int db_number(struct db *db, sqlite3_stmt *statement, int64_t none, int64_t *ret_number,
    struct why *why)
{
	int code = statement != NULL ? sqlite3_step(statement) : SQLITE_ERROR;

	if (code != SQLITE_ROW && code != SQLITE_DONE) {
		int bad = db_fail(db, why);

		(void)sqlite3_reset(statement);
		return bad;
	}
	*ret_number = none;
	if (code == SQLITE_ROW && sqlite3_column_type(statement, 0) != SQLITE_NULL)
		*ret_number = sqlite3_column_int64(statement, 0);
	(void)sqlite3_reset(statement);
	return KS_OK;
}

struct span db_blob(sqlite3_stmt *statement, int column)
{
	const void *bytes = sqlite3_column_blob(statement, column);

	return span_of(bytes, bytes != NULL ? (size_t)sqlite3_column_bytes(statement, column) : 0);
}

void db_text(char *to, size_t room, sqlite3_stmt *statement, int column)
{
	struct span text = db_blob(statement, column);
	size_t n = text.left < room ? text.left : room - 1;

	if (n > 0)
		memcpy(to, text.at, n);
	to[n] = '\0';
}

static int pragma_number(struct db *db, const char *sql, int64_t *ret_number, struct why *why)
{
	sqlite3_stmt *statement = NULL;

	if (sqlite3_prepare_v2(db->sqlite, sql, -1, &statement, NULL) != SQLITE_OK)
		return db_fail(db, why);
	int bad = db_number(db, statement, 0, ret_number, why);

	(void)sqlite3_finalize(statement);
	return bad;
}

static int migrate_one(struct db *db, int64_t version, struct why *why)
{
	char stamp[96];

	(void)snprintf(stamp, sizeof stamp,
	    "PRAGMA user_version=%lld; PRAGMA application_id=%d;", (long long)version + 1,
	    (int)db->plan->id);
	int bad = db_exec(db, "BEGIN IMMEDIATE", why);

	if (bad != KS_OK)
		return bad;
	bad = db_exec(db, db->plan->versions[version], why);
	if (bad == KS_OK)
		bad = db_exec(db, stamp, why);
	if (bad == KS_OK)
		bad = db_exec(db, "COMMIT", why);
	if (bad != KS_OK)
		db_rollback(db);
	return bad;
}

static int migrate(struct db *db, bool write, uint32_t *ret_from, struct why *why)
{
	int64_t version = 0, id = 0, newest = 0;
	int bad = pragma_number(db, "PRAGMA user_version", &version, why);

	if (bad == KS_OK)
		bad = pragma_number(db, "PRAGMA application_id", &id, why);
	if (bad != KS_OK)
		return bad;
	while (db->plan->versions[newest] != NULL)
		newest++;
	if (id != db->plan->id && (version != 0 || id != 0))
		return fail(why, KS_MALFORMED, "%s: not a file of keisoku", db->plan->file);
	if (version > newest)
		return fail(why, KS_REFUSED,
		    "%s: made by a newer keisoku (schema %d; this one knows %d)", db->plan->file,
		    (int)version, (int)newest);
	if (version < newest && !write)
		return fail(why, KS_REFUSED,
		    "%s: schema %d of an older keisoku; `keisoku watch` brings it up to date",
		    db->plan->file, (int)version);
	*ret_from = version < newest ? (uint32_t)version : 0;
	bool made = version < newest;

	for (; version < newest && bad == KS_OK; version++)
		bad = migrate_one(db, version, why);
	/* what making it wrote into the log is several times the file */
	if (bad == KS_OK && write && made)
		bad = db_exec(db, "PRAGMA wal_checkpoint(TRUNCATE)", why);
	return bad;
}

/* SQL's row_sum(...): see schema.h. */
static void row_sum(sqlite3_context *context, int n, sqlite3_value **values)
{
	uint32_t sum = 0;

	for (int i = 0; i < n; i++) {
		uint64_t number = htole64((uint64_t)sqlite3_value_int64(values[i]));
		bool blob = sqlite3_value_type(values[i]) == SQLITE_BLOB;
		const void *bytes = blob ? sqlite3_value_blob(values[i]) : &number;
		size_t len = blob ? (size_t)sqlite3_value_bytes(values[i]) : sizeof number;

		sum = crc32c(sum, span_of(bytes, bytes != NULL ? len : 0));
	}
	sqlite3_result_int64(context, sum);
}

static int tune(struct db *db, bool write, struct why *why)
{
	char first[160];

	if (sqlite3_create_function_v2(db->sqlite, "row_sum", -1, SQLITE_UTF8 |
	    SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY, NULL, row_sum, NULL, NULL, NULL) != SQLITE_OK)
		return db_fail(db, why);
	(void)sqlite3_busy_timeout(db->sqlite, 5000);
	(void)sqlite3_db_config(db->sqlite, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	(void)sqlite3_db_config(db->sqlite, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	if (!write)
		return db_exec(db, "PRAGMA query_only=1; PRAGMA cache_size=-8192", why);
	(void)snprintf(first, sizeof first, "PRAGMA page_size=%u; PRAGMA auto_vacuum=%s",
	    (unsigned)db->plan->page, db->plan->vacuum ? "INCREMENTAL" : "NONE");
	int64_t pages = 0;
	int bad = pragma_number(db, "PRAGMA page_count", &pages, why);

	/* on a file that is there this would write, and a full disk must not matter */
	if (bad == KS_OK && pages == 0)
		bad = db_exec(db, first, why);
	if (bad == KS_OK)
		bad = db_exec(db,
		    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-16384;"
		    "PRAGMA journal_size_limit=4194304; PRAGMA temp_store=MEMORY", why);
	(void)sqlite3_wal_autocheckpoint(db->sqlite, (int)(4194304 / db->plan->page));
	return bad;
}

int db_open(struct db *db, const char *folder, const struct db_plan *plan, bool write,
    uint32_t *ret_from, struct why *why)
{
	KS_DROP(text) struct text path;
	int flags = write ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READWRITE;

	*db = (struct db){ .plan = plan };
	text_init(&path, 4096);
	text_addf(&path, "%s/%s", folder, plan->file);
	if (path.full) /* an empty name would be a database of its own, in memory */
		return fail(why, KS_FULL, "%s: memory ran out", folder);
	int code = sqlite3_open_v2(text_cstr(&path), &db->sqlite,
	    flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE, NULL);

	if (code != SQLITE_OK && !write) { /* a reader without the right to write */
		(void)sqlite3_close(db->sqlite);
		code = sqlite3_open_v2(text_cstr(&path), &db->sqlite,
		    SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL);
	}
	int bad = code == SQLITE_OK ? tune(db, write, why)
	    : code == SQLITE_CANTOPEN && !write
	    ? access(text_cstr(&path), F_OK) != 0 && errno != ENOENT && errno != ENOTDIR
	    ? fail(why, KS_IO, "%s: %s", folder, strerror(errno))
	    : access(text_cstr(&path), R_OK) != 0 && errno == EACCES
	    ? fail(why, KS_IO, "%s: %s", text_cstr(&path), strerror(errno))
	    : fail(why, KS_IO, "%s: there is no store here; keisoku watch makes one", folder)
	    : db_fail(db, why);

	if (bad == KS_OK)
		bad = migrate(db, write, ret_from, why);
	if (bad != KS_OK)
		db_close(db);
	return bad;
}

void db_close(struct db *db)
{
	for (size_t i = 0; i < DB_STATEMENTS; i++)
		(void)sqlite3_finalize(db->statements[i]);
	(void)sqlite3_close(db->sqlite);
	*db = (struct db){ .plan = db->plan };
}
