/* src/store/schema.h - the two SQLite files of a store and all they are asked.
 * chunks.db: what is sealed, in pages of 64 KiB; facts.db: findings and acts, in
 * small pages, so that one can be written when hardly any disk is left.
 *
 * Keys: chunk.k = series << 22 | window; day.k and rollup.k = day << 32 | series,
 * so that a day is appended at the end (full pages: 0.61 B/sample payload would be
 * 0.85 in pages split at random) and dropped in one range.
 *
 * sum: row_sum(key, what it holds), CRC-32C over integers as 8 bytes little-endian and
 * blobs as they are; NULL in rows made before version 3.  series.last_ms is not in it.
 * ledger: per day and table how many rows and the sum of their sums (store/ledger.h). */
#ifndef KS_STORE_SCHEMA_H
#define KS_STORE_SCHEMA_H
#include "store/db.h"

enum chunks_sql {
	META_GET, META_PUT, SERIES_ALL, SERIES_PUT, SERIES_LAST, CHUNK_PUT, CHUNK_GET,
	CHUNK_REPLACE, CHUNK_NEXT, CHUNK_RANGE, CHUNK_DROP, CHUNK_ENDS, DAY_GET, DAY_PUT,
	DAY_RANGE, DAY_DROP, ROLLUP_GET, ROLLUP_PUT, ROLLUP_RANGE, ROLLUP_FIRST,
	ROLLUP_DROP, LATE_PUT, LATE_RANGE, LATE_NEXT, LATE_DROP, LATE_ENDS, LATE_COUNT,
	LATE_OLDEST, LATE_BAD, SERIES_BAD, LATE_SUMS, LATE_SUM, SERIES_GONE, LEDGER_ADD,
	LEDGER_BAD, CHUNKS_SQL
};
enum facts_sql {
	FINDING_PUT, FINDING_OPEN, FINDING_RANGE, ACT_PUT, ACT_RANGE, NOTE_PUT, NOTE_GET,
	FINDING_GONE, ACT_GONE, WIRE_PUT, WIRE_CLEAR_PART, WIRE_RANGE, WIRE_SUM, WIRE_COUNTRIES,
	WIRE_HOURS, WIRE_MEET, WIRE_MET, WIRE_SINCE, WIRE_DROP, WIRE_DROP_MET,
	LEARNED_CLEAR, LEARNED_PUT, LEARNED_TRIM, LEARNED_ALL, LEARNED_DROP, FACTS_SQL
};

extern const struct db_plan chunks_plan, facts_plan;
#endif
