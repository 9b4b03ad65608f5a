/* src/store/db.h - one SQLite file: opened, brought to the present schema, its
 * statements prepared once.  Errors become ours: a full disk is KS_FULL, damage is
 * KS_MALFORMED, everything else KS_IO. */
#ifndef KS_STORE_DB_H
#define KS_STORE_DB_H
#include "base/span.h"
#include "base/why.h"
#include <sqlite3.h>

enum { DB_STATEMENTS = 48 };

struct db_plan { /* what a file is */
	const char *file;
	uint32_t page;
	bool vacuum;			 /* gives room back in steps */
	int32_t id;			 /* application_id: this is ours */
	const char *const *versions;	 /* [n]: SQL from version n to n + 1; NULL ends */
	const char *const *sql;		 /* the statements; NULL ends */
};

struct db {
	const struct db_plan *plan;
	sqlite3 *sqlite;
	sqlite3_stmt *statements[DB_STATEMENTS];
};

/* write: makes the file and migrates; ret_from: the version found before, 0 when it
 * was new or present.  Reading an older or newer schema is refused. */
KS_MUST int db_open(struct db *db, const char *folder, const struct db_plan *plan,
    bool write, uint32_t *ret_from, struct why *why);
void db_close(struct db *db);

int db_fail(const struct db *db, struct why *why);
/* A statement, reset and without bindings; NULL when it cannot be prepared. */
sqlite3_stmt *db_use(struct db *db, unsigned which);
/* Runs a statement that gives no rows, and resets it. */
KS_MUST int db_run(struct db *db, sqlite3_stmt *statement, struct why *why);
KS_MUST int db_exec(struct db *db, const char *sql, struct why *why);
void db_rollback(struct db *db);
/* One number of the first row; `none` when there is no row or NULL. */
KS_MUST int db_number(struct db *db, sqlite3_stmt *statement, int64_t none,
    int64_t *ret_number, struct why *why);
struct span db_blob(sqlite3_stmt *statement, int column);
/* The text of a column with its zero; what does not fit is cut off. */
void db_text(char *to, size_t room, sqlite3_stmt *statement, int column);

void drop_reset(sqlite3_stmt **statement);
#endif
