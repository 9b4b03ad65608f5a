/* src/store/ledger.h - how many rows each day has in each table, and the sum of their
 * sums: kept in chunks.db with whatever changes them, so that a row that vanished without
 * a trace in the file's structure is seen by `keisoku store check`. */
#ifndef KS_STORE_LEDGER_H
#define KS_STORE_LEDGER_H
#include "base/span.h"
#include "store/db.h"

enum ledger_table { LEDGER_CHUNK, LEDGER_DAY, LEDGER_ROLLUP, LEDGER_LATE, LEDGER_TABLES };
enum { LEDGER_LINES = 64 };

struct ledger { /* what the transaction under way has changed */
	struct {
		int64_t key, rows, sum;
	} line[LEDGER_LINES];
	size_t n, last;
};

static inline int64_t ledger_key(enum ledger_table table, int64_t day)
{
	return day * LEDGER_TABLES + table;
}

/* A row's own sum, as SQL's row_sum(key, body): CRC-32C of the key (8 bytes, little-endian)
 * and the body. */
int64_t row_sum_of(int64_t key, struct span body);

/* The same of a late sample: its three numbers. */
int64_t late_sum_of(int64_t series, int64_t time_ms, int64_t bits);

/* That many rows more (or fewer), with that sum.  Written when the room is full. */
KS_MUST int ledger_add(struct ledger *ledger, struct db *db, int64_t key, int64_t rows,
    int64_t sum, struct why *why);
/* Into the transaction, before its COMMIT; nothing is left. */
KS_MUST int ledger_save(struct ledger *ledger, struct db *db, struct why *why);
/* The transaction failed. */
static inline void ledger_forget(struct ledger *ledger)
{
	ledger->n = ledger->last = 0;
}
#endif
