#include "store/ledger.h"
#include "base/hash.h"
#include "store/schema.h"
#include <endian.h>

int64_t row_sum_of(int64_t key, struct span body)
{
	uint64_t number = htole64((uint64_t)key);

	return crc32c(crc32c(0, span_of(&number, sizeof number)), body);
}

int64_t late_sum_of(int64_t series, int64_t time_ms, int64_t bits)
{
	const uint64_t numbers[] = { htole64((uint64_t)series), htole64((uint64_t)time_ms),
		htole64((uint64_t)bits) };

	return crc32c(0, span_of(numbers, sizeof numbers));
}

int ledger_save(struct ledger *ledger, struct db *db, struct why *why)
{
	int bad = KS_OK;

	for (size_t i = 0; i < ledger->n && bad == KS_OK; i++) {
		sqlite3_stmt *add = db_use(db, LEDGER_ADD);

		(void)sqlite3_bind_int64(add, 1, ledger->line[i].key);
		(void)sqlite3_bind_int64(add, 2, ledger->line[i].rows);
		(void)sqlite3_bind_int64(add, 3, ledger->line[i].sum);
		bad = db_run(db, add, why);
	}
	ledger_forget(ledger);
	return bad;
}

int ledger_add(struct ledger *ledger, struct db *db, int64_t key, int64_t rows, int64_t sum,
    struct why *why)
{
	size_t at = ledger->last; /* mostly the same day again */
	int bad = KS_OK;

	if (at >= ledger->n || ledger->line[at].key != key)
		for (at = 0; at < ledger->n && ledger->line[at].key != key; at++)
			continue;
	if (at == LEDGER_LINES) {
		bad = ledger_save(ledger, db, why);
		at = 0;
	}
	if (at == ledger->n) {
		ledger->line[at].key = key;
		ledger->line[at].rows = ledger->line[at].sum = 0;
		ledger->n++;
	}
	ledger->line[at].rows += rows;
	ledger->line[at].sum += sum;
	ledger->last = at;
	return bad;
}
