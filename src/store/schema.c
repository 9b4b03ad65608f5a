#include "store/schema.h"
#include <stddef.h>

/* What the ledger should say: key, rows and sum of each day in each table. */
#define LEDGER_OF(day, kind, table)                                                    \
	"SELECT (" day ") * 4 + " kind ", count(*), sum(ifnull(sum, 0)) FROM " table " GROUP BY 1"
#define LEDGER_COUNT(window_s)                                                         \
	LEDGER_OF("(k & 4194303) * " window_s " / 86400", "0", "chunk") " UNION ALL "  \
	LEDGER_OF("k >> 32", "1", "day") " UNION ALL "                                 \
	LEDGER_OF("k >> 32", "2", "rollup") " UNION ALL "                              \
	LEDGER_OF("time_ms / 86400000", "3", "late")

/* Never change a line that was released: add the next version. */
static const char *const chunks_versions[] = {
	"CREATE TABLE meta (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;"
	"CREATE TABLE series (number INTEGER PRIMARY KEY, labels BLOB NOT NULL);"
	"CREATE TABLE chunk (k INTEGER PRIMARY KEY, body BLOB NOT NULL);"
	"CREATE TABLE late (series INTEGER NOT NULL, time_ms INTEGER NOT NULL,"
	" bits INTEGER NOT NULL, PRIMARY KEY (series, time_ms)) WITHOUT ROWID;",
	/* 2: days and their hours; the newest sealed sample of each series */
	"CREATE TABLE day (k INTEGER PRIMARY KEY, body BLOB NOT NULL);"
	"CREATE TABLE rollup (k INTEGER PRIMARY KEY, body BLOB NOT NULL);"
	"ALTER TABLE series ADD COLUMN last_ms INTEGER NOT NULL DEFAULT 0;",
	/* 3: a sum over each row with its key; rows from before have none, but for the few
	 * that cost nothing to fill in */
	"ALTER TABLE series ADD COLUMN sum INTEGER;"
	"ALTER TABLE chunk ADD COLUMN sum INTEGER;"
	"ALTER TABLE late ADD COLUMN sum INTEGER;"
	"ALTER TABLE day ADD COLUMN sum INTEGER;"
	"ALTER TABLE rollup ADD COLUMN sum INTEGER;"
	"UPDATE series SET sum = row_sum(number, labels);"
	"UPDATE late SET sum = row_sum(series, time_ms, bits);",
	/* 4: the ledger (ledger.h); rows from before are counted as they are found */
	"CREATE TABLE ledger (k INTEGER PRIMARY KEY, rows INTEGER NOT NULL, sum INTEGER NOT NULL);"
	"INSERT INTO ledger " LEDGER_COUNT("(SELECT value FROM meta WHERE name = 'window_s')") ";",
	NULL
};

static const char *const chunks_sql[] = {
	[META_GET] = "SELECT value FROM meta WHERE name = ?1",
	[META_PUT] = "INSERT OR REPLACE INTO meta VALUES (?1, ?2)",
	[SERIES_ALL] = "SELECT number, labels, last_ms FROM series WHERE number > ?1",
	[SERIES_PUT] = "INSERT OR REPLACE INTO series VALUES (?1, ?2, ?3, row_sum(?1, ?2))",
	[SERIES_LAST] = "UPDATE series SET last_ms = max(last_ms, ?2) WHERE number = ?1",
	[CHUNK_PUT] = "INSERT OR IGNORE INTO chunk VALUES (?1, ?2, ?3)",
	[CHUNK_GET] = "SELECT body, sum FROM chunk WHERE k = ?1",
	[CHUNK_REPLACE] = "INSERT OR REPLACE INTO chunk VALUES (?1, ?2, ?3)",
	[CHUNK_NEXT] = "SELECT k FROM chunk WHERE k >= ?1 ORDER BY k LIMIT 1",
	[CHUNK_RANGE] = "SELECT k, body, sum FROM chunk WHERE k BETWEEN ?1 AND ?2 ORDER BY k",
	[CHUNK_DROP] = "DELETE FROM chunk WHERE k BETWEEN ?1 AND ?2",
	[CHUNK_ENDS] = "SELECT (SELECT k FROM chunk WHERE k BETWEEN ?1 AND ?2 ORDER BY k LIMIT 1),"
		       " (SELECT k FROM chunk WHERE k BETWEEN ?1 AND ?2 ORDER BY k DESC LIMIT 1)",
	[DAY_GET] = "SELECT body FROM day WHERE k = ?1",
	[DAY_PUT] = "INSERT OR REPLACE INTO day VALUES (?1, ?2, ?3)",
	[DAY_RANGE] = "SELECT k, body, sum FROM day WHERE k BETWEEN ?1 AND ?2 ORDER BY k",
	[DAY_DROP] = "DELETE FROM day WHERE k <= ?1",
	[ROLLUP_GET] = "SELECT body FROM rollup WHERE k = ?1",
	[ROLLUP_PUT] = "INSERT OR REPLACE INTO rollup VALUES (?1, ?2, ?3)",
	[ROLLUP_RANGE] = "SELECT k, body, sum FROM rollup WHERE k BETWEEN ?1 AND ?2 ORDER BY k",
	[ROLLUP_FIRST] = "SELECT k FROM rollup ORDER BY k LIMIT 1",
	[ROLLUP_DROP] = "DELETE FROM rollup WHERE k <= ?1",
	[LATE_PUT] = "INSERT OR REPLACE INTO late VALUES (?1, ?2, ?3, ?4)",
	[LATE_SUMS] = "SELECT count(*), sum(ifnull(sum, 0)) FROM late"
		      " WHERE series = ?1 AND time_ms >= ?2 AND time_ms < ?3",
	[LATE_SUM] = "SELECT sum FROM late WHERE series = ?1 AND time_ms = ?2",
	[LATE_RANGE] = "SELECT time_ms, bits FROM late"
		       " WHERE series = ?1 AND time_ms >= ?2 AND time_ms < ?3 ORDER BY time_ms",
	[LATE_NEXT] = "SELECT series, time_ms FROM late WHERE (series, time_ms) >= (?1, ?2)"
		      " ORDER BY series, time_ms LIMIT 1",
	[LATE_DROP] = "DELETE FROM late WHERE series = ?1 AND time_ms >= ?2 AND time_ms < ?3",
	[LATE_ENDS] = "SELECT min(time_ms), max(time_ms) FROM late"
		      " WHERE series = ?1 AND time_ms >= ?2 AND time_ms < ?3",
	[LATE_COUNT] = "SELECT count(*) FROM late",
	[LATE_BAD] = "SELECT series, time_ms FROM late"
		     " WHERE sum IS NULL OR sum <> row_sum(series, time_ms, bits)",
	[SERIES_BAD] = "SELECT number FROM series WHERE sum IS NULL OR sum <> row_sum(number, labels)",
	[SERIES_GONE] = "SELECT max(ifnull(max(number), 0), (SELECT ifnull(max(k), 0) >> 22"
			" FROM chunk)) - count(*) FROM series",
	[LEDGER_ADD] = "INSERT INTO ledger VALUES (?1, ?2, ?3) ON CONFLICT (k) DO UPDATE"
		       " SET rows = rows + ?2, sum = sum + ?3",
	[LEDGER_BAD] = "SELECT k, sum(rows), sum(there) FROM (SELECT k, rows, sum, 0 AS there,"
		       " 0 AS sums FROM ledger UNION ALL SELECT k, 0, 0, rows, sum FROM"
		       " (SELECT 0 AS k, 0 AS rows, 0 AS sum WHERE 0 UNION ALL "
		       LEDGER_COUNT("?1") ")) GROUP BY k"
		       " HAVING sum(rows) <> sum(there) OR sum(sum) <> sum(sums)",
	[LATE_OLDEST] = "SELECT min(time_ms) FROM late",
	[CHUNKS_SQL] = NULL
};

const struct db_plan chunks_plan = { .file = "chunks.db", .page = 65536, .vacuum = true,
	.id = 0x4b534331, .versions = chunks_versions, .sql = chunks_sql };

static const char *const facts_versions[] = {
	"CREATE TABLE finding (id INTEGER PRIMARY KEY AUTOINCREMENT, cause INTEGER NOT NULL,"
	" code TEXT NOT NULL, severity TEXT NOT NULL, subject_kind TEXT NOT NULL,"
	" kind TEXT NOT NULL, doubt INTEGER NOT NULL, silenced INTEGER NOT NULL,"
	" subject TEXT NOT NULL, place TEXT NOT NULL, word TEXT NOT NULL,"
	" since_ms INTEGER NOT NULL, seen_ms INTEGER NOT NULL, ended_ms INTEGER NOT NULL,"
	" value_milli INTEGER NOT NULL, limit_milli INTEGER NOT NULL, count INTEGER NOT NULL,"
	" next_known INTEGER NOT NULL, next_kind TEXT NOT NULL, next_at_ms INTEGER NOT NULL,"
	" next_limit_milli INTEGER NOT NULL, next_low_s INTEGER NOT NULL,"
	" next_mid_s INTEGER NOT NULL, next_high_s INTEGER NOT NULL);"
	"CREATE INDEX finding_open ON finding (since_ms) WHERE ended_ms = 0;"
	"CREATE INDEX finding_since ON finding (since_ms);"
	"CREATE TABLE act (id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL,"
	" time_ms INTEGER NOT NULL, who TEXT NOT NULL, what TEXT NOT NULL);"
	"CREATE INDEX act_time ON act (time_ms);",
	/* 2: what a reader must know of the site when no daemon runs */
	"CREATE TABLE note (name TEXT PRIMARY KEY, word TEXT NOT NULL) WITHOUT ROWID;",
	/* 3: the hours of the wire (site/wire.h); kind is enum wire_kind, its numbers are for
	 * ever.  Whom a device met outside of the house, and when first */
	"CREATE TABLE wire (kind INTEGER NOT NULL, hour_ms INTEGER NOT NULL, part INTEGER NOT NULL,"
	" n INTEGER NOT NULL, first_ms INTEGER NOT NULL, last_ms INTEGER NOT NULL,"
	" out INTEGER NOT NULL, into_ INTEGER NOT NULL, count INTEGER NOT NULL,"
	" n0 INTEGER NOT NULL, n1 INTEGER NOT NULL, n2 INTEGER NOT NULL, n3 INTEGER NOT NULL,"
	" n4 INTEGER NOT NULL, port INTEGER NOT NULL, level INTEGER NOT NULL,"
	" flags INTEGER NOT NULL, device TEXT NOT NULL, name TEXT NOT NULL, address TEXT NOT NULL,"
	" protocol TEXT NOT NULL, country TEXT NOT NULL, owner TEXT NOT NULL, word TEXT NOT NULL,"
	" PRIMARY KEY (kind, hour_ms, part, n)) WITHOUT ROWID;"
	"CREATE TABLE wire_met (device TEXT NOT NULL, name TEXT NOT NULL, first_ms INTEGER NOT NULL,"
	" last_ms INTEGER NOT NULL, country TEXT NOT NULL, owner TEXT NOT NULL,"
	" PRIMARY KEY (device, name)) WITHOUT ROWID;"
	"CREATE INDEX wire_met_first ON wire_met (first_ms);",
	/* 4: what the wire taught over days (wire/learned.h): one whole, and hours not in it yet */
	"CREATE TABLE wire_learned (whole INTEGER NOT NULL, hour_ms INTEGER NOT NULL,"
	" part INTEGER NOT NULL, body BLOB NOT NULL, PRIMARY KEY (whole, hour_ms, part));",
	/* 5: who began what a finding of the wire tells (enum finding_way, for ever) */
	"ALTER TABLE finding ADD COLUMN way INTEGER NOT NULL DEFAULT 0;",
	NULL
};

/* The columns of a row, summed or as they are; ?1 is the kind everywhere. */
#define WIRE_COLUMNS                                                                   \
	"kind, hour_ms, part, first_ms, last_ms, out, into_, count, n0, n1, n2, n3, n4, port," \
	" level, flags, device, name, address, protocol, country, owner, word"
/* Of all hours of a group the newest's text. */
#define NEWEST(column) "substr(max(printf('%016x', hour_ms) || " column "), 17)"
#define SUM_OR_MAX(summed, column)                                                     \
	"CASE WHEN ?1 IN (" summed ") THEN sum(" column ") ELSE max(" column ") END"
/* WIRE_DEVICE 1, WIRE_DESTINATION 2, WIRE_CERTIFICATE 3, WIRE_FINDING 6, WIRE_UNSEEN 7 */
#define WIRE_GROUP                                                                     \
	"device, CASE WHEN ?1 = 1 THEN '' ELSE name END,"                                  \
	" CASE WHEN (?1 = 2 AND name = '') OR ?1 = 3 THEN address ELSE '' END, port,"       \
	" CASE WHEN ?1 = 2 THEN protocol ELSE '' END,"                                     \
	" CASE WHEN ?1 IN (6, 7) THEN word ELSE '' END,"                                   \
	" CASE WHEN ?1 = 3 THEN n1 WHEN ?1 = 6 THEN flags & 65 ELSE 0 END" /* inward, at */

#define FINDING_COLUMNS                                                                \
	"id, cause, code, severity, subject_kind, kind, doubt, silenced, subject, place,"  \
	" word, since_ms, seen_ms, ended_ms, value_milli, limit_milli, count, next_known," \
	" next_kind, next_at_ms, next_limit_milli, next_low_s, next_mid_s, next_high_s, way"

static const char *const facts_sql[] = {
	[FINDING_PUT] = "INSERT OR REPLACE INTO finding (" FINDING_COLUMNS ") VALUES (?1, ?2,"
			" ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17,"
			" ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25)",
	[FINDING_GONE] = "SELECT (SELECT ifnull(max(seq), 0) FROM sqlite_sequence WHERE"
			 " name = 'finding') - count(*) FROM finding",
	[ACT_GONE] = "SELECT (SELECT ifnull(max(seq), 0) FROM sqlite_sequence WHERE"
		     " name = 'act') - count(*) FROM act",
	[FINDING_OPEN] = "SELECT " FINDING_COLUMNS " FROM finding WHERE ended_ms = 0"
			 " AND since_ms < ?2 ORDER BY since_ms DESC, id DESC LIMIT ?3",
	[FINDING_RANGE] = "SELECT " FINDING_COLUMNS " FROM finding WHERE since_ms < ?2"
			  " AND (ended_ms = 0 OR ended_ms >= ?1)"
			  " ORDER BY since_ms DESC, id DESC LIMIT ?3",
	[ACT_PUT] = "INSERT OR REPLACE INTO act (id, kind, time_ms, who, what)"
		    " VALUES (?1, ?2, ?3, ?4, ?5)",
	[ACT_RANGE] = "SELECT id, kind, time_ms, who, what FROM act WHERE time_ms >= ?1"
		      " AND time_ms < ?2 ORDER BY time_ms DESC, id DESC LIMIT ?3",
	[WIRE_PUT] = "INSERT INTO wire (n, " WIRE_COLUMNS ") VALUES (?24, ?1, ?2, ?3, ?4, ?5, ?6, ?7,"
		     " ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23)",
	[WIRE_CLEAR_PART] = "DELETE FROM wire WHERE kind = ?1 AND hour_ms = ?2 AND part = ?3",
	[WIRE_RANGE] = "SELECT " WIRE_COLUMNS " FROM wire WHERE kind = ?1 AND hour_ms >= ?2"
		       " AND hour_ms < ?3 ORDER BY hour_ms, part, n LIMIT ?4",
	[WIRE_SUM] = "SELECT kind, max(hour_ms), 0, min(first_ms), max(last_ms), sum(out), sum(into_),"
		     " CASE WHEN ?1 IN (0, 2, 3, 5, 7) OR (?1 = 6 AND port NOT IN (15, 17, 18))"
		     " THEN sum(count) ELSE max(count) END," SUM_OR_MAX("0, 2", "n0") ","
		     SUM_OR_MAX("0, 1, 2", "n1") "," SUM_OR_MAX("0, 1", "n2") ","
		     SUM_OR_MAX("0, 1", "n3") ", CASE WHEN ?1 = 5 THEN count(DISTINCT hour_ms) ELSE max(n4) END, port, max(level), max(flags), device, "
		     NEWEST("name") ", " NEWEST("address") ", " NEWEST("protocol") ", "
		     NEWEST("country") ", " NEWEST("owner") ", " NEWEST("word")
		     " FROM wire WHERE kind = ?1 AND hour_ms >= ?2 AND hour_ms < ?3 GROUP BY "
		     WIRE_GROUP " ORDER BY 15 DESC, sum(out) + sum(into_) DESC, 8 DESC, device, name LIMIT ?4",
	/* of destinations outside: what began inside and what came in */
	[WIRE_COUNTRIES] = "SELECT kind, max(hour_ms), 0, min(first_ms), max(last_ms), sum(out),"
			   " sum(into_), sum(count), count(DISTINCT name || address), 0, 0, 0, 0, 0, 0, 0, '',"
			   " '', '', '', country, '', '' FROM wire WHERE kind = ?1 AND hour_ms >= ?2"
			   " AND hour_ms < ?3 AND flags & 2 = 0 GROUP BY country"
			   " ORDER BY sum(out) + sum(into_) DESC LIMIT ?4",
	[WIRE_HOURS] = "SELECT kind, hour_ms, 0, min(first_ms), max(last_ms), sum(out), sum(into_),"
		       " sum(count), sum(n0), sum(n1), sum(n2), sum(n3), max(n4), 0, 0, 0, '', '', '', '', '',"
		       " max(owner), ''"
		       " FROM wire WHERE kind = ?1 AND hour_ms >= ?2 AND hour_ms < ?3"
		       " GROUP BY hour_ms ORDER BY hour_ms LIMIT ?4",
	[WIRE_MEET] = "INSERT INTO wire_met VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO UPDATE SET"
		      " first_ms = min(first_ms, ?3), last_ms = max(last_ms, ?4),"
		      " country = CASE WHEN ?5 = '' THEN country ELSE ?5 END",
	[WIRE_MET] = "SELECT 2, 0, 0, first_ms, last_ms, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, device, name,"
		     " '', '', country, owner, '' FROM wire_met WHERE first_ms >= ?2 AND first_ms < ?3"
		     " AND ?1 = 2 ORDER BY first_ms DESC, device, name LIMIT ?4",
	[WIRE_SINCE] = "SELECT min(hour_ms) FROM wire WHERE kind = 0",
	[WIRE_DROP] = "DELETE FROM wire WHERE kind = ?1 AND hour_ms < ?2",
	[WIRE_DROP_MET] = "DELETE FROM wire_met WHERE last_ms < ?2 AND ?1 = 2",
	[LEARNED_CLEAR] = "DELETE FROM wire_learned WHERE ?1",
	[LEARNED_PUT] = "INSERT OR REPLACE INTO wire_learned VALUES (?1, ?2, ?3, ?4)",
	[LEARNED_TRIM] = "DELETE FROM wire_learned WHERE whole = 0 AND rowid NOT IN (SELECT rowid"
			 " FROM wire_learned WHERE whole = 0 ORDER BY hour_ms DESC, part DESC LIMIT ?1)",
	[LEARNED_ALL] = "SELECT body FROM wire_learned ORDER BY whole DESC, hour_ms, part",
	[LEARNED_DROP] = "DELETE FROM wire_learned WHERE hour_ms < ?1",
	[NOTE_PUT] = "INSERT OR REPLACE INTO note VALUES (?1, ?2)",
	[NOTE_GET] = "SELECT word FROM note WHERE name = ?1",
	[FACTS_SQL] = NULL
};

const struct db_plan facts_plan = { .file = "facts.db", .page = 4096, .vacuum = false,
	.id = 0x4b534631, .versions = facts_versions, .sql = facts_sql };
