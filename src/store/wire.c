/* The hours of the wire: rows of facts.db (site/wire.h); and what they taught. */
#include "base/drop.h"
#include "base/must.h"
#include "store/inside.h"
#include <string.h>

static void text_bind(sqlite3_stmt *statement, int column, const char *text)
{
	(void)sqlite3_bind_text(statement, column, text, -1, SQLITE_STATIC);
}

static void row_bind(sqlite3_stmt *put, const struct wire_row *row, size_t n)
{
	const int64_t numbers[] = { row->kind, row->hour_ms, row->part, row->first_ms, row->last_ms,
		(int64_t)row->out, (int64_t)row->in, (int64_t)row->count, row->number[0],
		row->number[1], row->number[2], row->number[3], row->number[4], row->port, row->level,
		row->flags };
	const char *const texts[] = { row->device, row->name, row->address, row->protocol,
		row->country, row->owner, row->word };
	int column = 1;

	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
		(void)sqlite3_bind_int64(put, column++, numbers[i]);
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		text_bind(put, column++, texts[i]);
	(void)sqlite3_bind_int64(put, column, (int64_t)n);
}

/* Whom a device calls outside of the house, or is called by. */
static int row_meet(struct store *store, const struct wire_row *row, struct why *why)
{
	sqlite3_stmt *meet = db_use(&store->facts, WIRE_MEET);

	text_bind(meet, 1, row->device);
	text_bind(meet, 2, row->name[0] != '\0' ? row->name : row->address);
	(void)sqlite3_bind_int64(meet, 3, row->first_ms);
	(void)sqlite3_bind_int64(meet, 4, row->last_ms);
	text_bind(meet, 5, row->country);
	text_bind(meet, 6, row->owner);
	return db_run(&store->facts, meet, why);
}

static int part_clear(struct store *store, const struct wire_row *row, struct why *why)
{
	int bad = KS_OK;

	for (int kind = 0; kind < WIRE_KINDS && bad == KS_OK; kind++) {
		sqlite3_stmt *clear = db_use(&store->facts, WIRE_CLEAR_PART);

		(void)sqlite3_bind_int(clear, 1, kind);
		(void)sqlite3_bind_int64(clear, 2, row->hour_ms);
		(void)sqlite3_bind_int64(clear, 3, row->part);
		bad = db_run(&store->facts, clear, why);
	}
	return bad;
}

int store_put_wire(struct store *store, const struct wire_row *rows, size_t n, struct why *why)
{
	must(store->mode == STORE_WRITE);
	if (n == 0)
		return KS_OK;
	int bad = db_exec(&store->facts, "BEGIN IMMEDIATE", why);

	if (bad == KS_OK)
		bad = part_clear(store, &rows[0], why);
	for (size_t i = 0; i < n && bad == KS_OK; i++) {
		sqlite3_stmt *put = db_use(&store->facts, WIRE_PUT);

		must(rows[i].hour_ms == rows[0].hour_ms && rows[i].part == rows[0].part);
		row_bind(put, &rows[i], i);
		bad = db_run(&store->facts, put, why);
		if (bad == KS_OK && rows[i].kind == WIRE_DESTINATION && (rows[i].flags & WIRE_LOCAL) == 0)
			bad = row_meet(store, &rows[i], why);
	}
	if (bad == KS_OK)
		bad = db_exec(&store->facts, "COMMIT", why);
	if (bad != KS_OK)
		db_rollback(&store->facts);
	return bad;
}

static void row_read(sqlite3_stmt *from, struct wire_row *ret_row)
{
	struct wire_row row = { .kind = (uint8_t)sqlite3_column_int(from, 0),
		.hour_ms = sqlite3_column_int64(from, 1),
		.part = (uint32_t)sqlite3_column_int64(from, 2),
		.first_ms = sqlite3_column_int64(from, 3), .last_ms = sqlite3_column_int64(from, 4),
		.out = (uint64_t)sqlite3_column_int64(from, 5),
		.in = (uint64_t)sqlite3_column_int64(from, 6),
		.count = (uint64_t)sqlite3_column_int64(from, 7),
		.port = (uint16_t)sqlite3_column_int(from, 13),
		.level = (uint8_t)sqlite3_column_int(from, 14),
		.flags = (uint32_t)sqlite3_column_int(from, 15) };

	for (int i = 0; i < WIRE_NUMBERS; i++)
		row.number[i] = sqlite3_column_int64(from, 8 + i);
	db_text(row.device, sizeof row.device, from, 16);
	db_text(row.name, sizeof row.name, from, 17);
	db_text(row.address, sizeof row.address, from, 18);
	db_text(row.protocol, sizeof row.protocol, from, 19);
	db_text(row.country, sizeof row.country, from, 20);
	db_text(row.owner, sizeof row.owner, from, 21);
	db_text(row.word, sizeof row.word, from, 22);
	*ret_row = row;
}

int store_wire(struct store *store, const struct wire_ask *ask, store_wire_fn *fn, void *user,
    struct why *why)
{
	static const unsigned by[] = { [WIRE_AS_IS] = WIRE_RANGE, [WIRE_BY_THING] = WIRE_SUM,
		[WIRE_BY_COUNTRY] = WIRE_COUNTRIES, [WIRE_BY_HOUR] = WIRE_HOURS,
		[WIRE_FIRST_MET] = WIRE_MET };
	sqlite3_stmt *rows = db_use(&store->facts, by[ask->by]);
	int stop = 0, code = SQLITE_ERROR;

	(void)sqlite3_bind_int(rows, 1, (int)ask->kind);
	(void)sqlite3_bind_int64(rows, 2, ask->from_ms);
	(void)sqlite3_bind_int64(rows, 3, ask->to_ms);
	(void)sqlite3_bind_int64(rows, 4, ask->most > INT32_MAX ? INT32_MAX : (int64_t)ask->most);
	while (stop == 0 && rows != NULL && (code = sqlite3_step(rows)) == SQLITE_ROW) {
		struct wire_row row;

		row_read(rows, &row);
		stop = row.kind < WIRE_KINDS && row.level < SEVERITIES ? fn(user, &row) : 0;
	}
	if (stop == 0 && code != SQLITE_DONE)
		stop = db_fail(&store->facts, why);
	(void)sqlite3_reset(rows);
	return stop;
}

int store_wire_since(struct store *store, int64_t *ret_ms, struct why *why)
{
	return db_number(&store->facts, db_use(&store->facts, WIRE_SINCE), 0, ret_ms, why);
}

int store_put_learned(struct store *store, const struct store_learned *learned, struct why *why)
{
	must(store->mode == STORE_WRITE);
	int bad = db_exec(&store->facts, "BEGIN IMMEDIATE", why);

	if (bad == KS_OK) {
		sqlite3_stmt *clear = db_use(&store->facts, LEARNED_CLEAR);

		(void)sqlite3_bind_int(clear, 1, learned->whole);
		bad = db_run(&store->facts, clear, why);
	}
	if (bad == KS_OK) {
		sqlite3_stmt *put = db_use(&store->facts, LEARNED_PUT);

		(void)sqlite3_bind_int(put, 1, learned->whole);
		(void)sqlite3_bind_int64(put, 2, learned->hour_ms);
		(void)sqlite3_bind_int64(put, 3, learned->part);
		(void)sqlite3_bind_blob64(put, 4, learned->bytes.at, learned->bytes.left, SQLITE_STATIC);
		bad = db_run(&store->facts, put, why);
	}
	if (bad == KS_OK) {
		sqlite3_stmt *trim = db_use(&store->facts, LEARNED_TRIM);

		(void)sqlite3_bind_int(trim, 1, LIMIT_WIRE_LEARNED_PARTS);
		bad = db_run(&store->facts, trim, why);
	}
	if (bad == KS_OK)
		bad = db_exec(&store->facts, "COMMIT", why);
	if (bad != KS_OK)
		db_rollback(&store->facts);
	return bad;
}

int store_learned(struct store *store, struct text *ret_bytes, struct why *why)
{
	sqlite3_stmt *all = db_use(&store->facts, LEARNED_ALL);
	int code = SQLITE_ERROR;

	text_clear(ret_bytes);
	while (all != NULL && (code = sqlite3_step(all)) == SQLITE_ROW)
		text_add_span(ret_bytes, db_blob(all, 0));
	int bad = code == SQLITE_DONE ? KS_OK : db_fail(&store->facts, why);

	(void)sqlite3_reset(all);
	if (bad == KS_OK && ret_bytes->full)
		bad = fail(why, KS_FULL, "what was learned is more than %zu bytes", ret_bytes->max);
	return bad;
}

int store_wire_drop(struct store *store, int64_t before_ms, struct why *why)
{
	int bad = KS_OK;

	must(store->mode == STORE_WRITE);
	for (int kind = 0; kind < WIRE_KINDS && bad == KS_OK; kind++) {
		for (unsigned k = 0; k < 2 && bad == KS_OK; k++) {
			sqlite3_stmt *drop = db_use(&store->facts, k == 0 ? WIRE_DROP : WIRE_DROP_MET);

			(void)sqlite3_bind_int(drop, 1, kind);
			(void)sqlite3_bind_int64(drop, 2, before_ms);
			bad = db_run(&store->facts, drop, why);
		}
	}
	if (bad == KS_OK) {
		sqlite3_stmt *drop = db_use(&store->facts, LEARNED_DROP);

		(void)sqlite3_bind_int64(drop, 1, before_ms);
		bad = db_run(&store->facts, drop, why);
	}
	return bad;
}
