/* Findings and acts: rows of facts.db, durable when the call returns.  On a full disk
 * the ballast is given up for them. */
#include "base/must.h"
#include "store/inside.h"
#include <stdio.h>
#include <string.h>

static void bind_text(sqlite3_stmt *statement, int column, const char *text)
{
	(void)sqlite3_bind_text(statement, column, text, -1, SQLITE_STATIC);
}

static void bind_id(sqlite3_stmt *statement, uint64_t id)
{
	if (id != 0)
		(void)sqlite3_bind_int64(statement, 1, (int64_t)id);
}

static void bind_words(sqlite3_stmt *put, const struct finding *f)
{
	bind_text(put, 3, finding_id(f->code));
	bind_text(put, 4, severity_word(f->severity));
	bind_text(put, 5, subject_word(f->subject_kind));
	bind_text(put, 6, measure_word(f->kind));
	bind_text(put, 9, f->subject);
	bind_text(put, 10, f->place);
	bind_text(put, 11, f->word);
	bind_text(put, 19, measure_word(f->next.kind));
}

static void bind_numbers(sqlite3_stmt *put, const struct finding *f)
{
	const struct {
		int column;
		int64_t number;
	} numbers[] = { { 2, (int64_t)f->cause }, { 7, f->doubt }, { 8, f->silenced },
		{ 12, f->since_ms }, { 13, f->seen_ms }, { 14, f->ended_ms },
		{ 15, f->value_milli }, { 16, f->limit_milli }, { 17, f->count },
		{ 18, f->next.known }, { 20, f->next.at_ms }, { 21, f->next.limit_milli },
		{ 22, f->next.low_s }, { 23, f->next.mid_s }, { 24, f->next.high_s },
		{ 25, f->way } };

	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
		(void)sqlite3_bind_int64(put, numbers[i].column, numbers[i].number);
}

/* Runs what was bound; once more without the ballast when the disk is full. */
static int put_row(struct store *store, sqlite3_stmt *put, struct why *why)
{
	int code = put != NULL ? sqlite3_step(put) : SQLITE_ERROR;
	int bad = code == SQLITE_DONE ? KS_OK : db_fail(&store->facts, why);

	(void)sqlite3_reset(put);
	if (bad != KS_FULL || !store->ballast)
		return bad;
	ballast_give(store);
	code = sqlite3_step(put);
	bad = code == SQLITE_DONE ? KS_OK : db_fail(&store->facts, why);
	(void)sqlite3_reset(put);
	return bad;
}

int store_put_finding(struct store *store, struct finding *finding, struct why *why)
{
	sqlite3_stmt *put = db_use(&store->facts, FINDING_PUT);

	must(store->mode == STORE_WRITE && finding->code < FINDING_CODES);
	bind_id(put, finding->id);
	bind_words(put, finding);
	bind_numbers(put, finding);
	int bad = put_row(store, put, why);

	if (bad == KS_OK && finding->id == 0)
		finding->id = (uint64_t)sqlite3_last_insert_rowid(store->facts.sqlite);
	return bad;
}

int store_put_act(struct store *store, struct act *act, struct why *why)
{
	sqlite3_stmt *put = db_use(&store->facts, ACT_PUT);

	must(store->mode == STORE_WRITE && act->kind < ACT_KINDS);
	bind_id(put, act->id);
	bind_text(put, 2, act_word(act->kind));
	(void)sqlite3_bind_int64(put, 3, act->time_ms);
	bind_text(put, 4, act->who);
	bind_text(put, 5, act->what);
	int bad = put_row(store, put, why);

	if (bad == KS_OK && act->id == 0)
		act->id = (uint64_t)sqlite3_last_insert_rowid(store->facts.sqlite);
	return bad;
}

int store_put_note(struct store *store, const char *name, const char *word, struct why *why)
{
	sqlite3_stmt *put = db_use(&store->facts, NOTE_PUT);

	must(store->mode == STORE_WRITE);
	bind_text(put, 1, name);
	bind_text(put, 2, word);
	return put_row(store, put, why);
}

void store_act(struct store *store, enum act_kind kind, const char *what)
{
	struct act act = { .kind = (uint16_t)kind, .time_ms = store->now_ms, .who = "store" };

	(void)snprintf(act.what, sizeof act.what, "%s", what);
	if (store_put_act(store, &act, NULL) != KS_OK)
		return; /* what was done counts, and the next act may be written again */
}

int store_note(struct store *store, const char *name, char *ret_word, size_t room,
    struct why *why)
{
	sqlite3_stmt *get = db_use(&store->facts, NOTE_GET);

	bind_text(get, 1, name);
	int code = get != NULL ? sqlite3_step(get) : SQLITE_ERROR;
	int bad = code == SQLITE_ROW || code == SQLITE_DONE ? KS_OK : db_fail(&store->facts, why);

	if (code == SQLITE_ROW)
		db_text(ret_word, room, get, 0);
	else if (code == SQLITE_DONE)
		ret_word[0] = '\0';
	(void)sqlite3_reset(get);
	return bad;
}

/* The number of a word in an enumeration; an unknown one (of a newer keisoku) is 0. */
#define WORD_OF(word, word_of, count)                                                  \
	do {                                                                           \
		for (unsigned i = 0; i < (unsigned)(count); i++)                       \
			if (span_equal(text, word_of(i)))                              \
				(word) = (uint8_t)i;                                   \
	} while (0)

static void read_words(sqlite3_stmt *row, struct finding *f)
{
	struct span text = db_blob(row, 2);

	for (unsigned i = 0; i < FINDING_CODES; i++)
		if (span_equal(text, finding_id(i)))
			f->code = (uint16_t)i;
	text = db_blob(row, 3);
	WORD_OF(f->severity, severity_word, SEVERITIES);
	text = db_blob(row, 4);
	WORD_OF(f->subject_kind, subject_word, SUBJECTS);
	text = db_blob(row, 5);
	WORD_OF(f->kind, measure_word, MEASURES);
	text = db_blob(row, 18);
	WORD_OF(f->next.kind, measure_word, MEASURES);
	db_text(f->subject, sizeof f->subject, row, 8);
	db_text(f->place, sizeof f->place, row, 9);
	db_text(f->word, sizeof f->word, row, 10);
}

static void read_finding(sqlite3_stmt *row, struct finding *ret_finding)
{
	struct finding f = {
		.id = (uint64_t)sqlite3_column_int64(row, 0),
		.cause = (uint64_t)sqlite3_column_int64(row, 1),
		.doubt = (uint8_t)sqlite3_column_int(row, 6),
		.silenced = sqlite3_column_int(row, 7) != 0,
		.since_ms = sqlite3_column_int64(row, 11),
		.seen_ms = sqlite3_column_int64(row, 12),
		.ended_ms = sqlite3_column_int64(row, 13),
		.value_milli = sqlite3_column_int64(row, 14),
		.limit_milli = sqlite3_column_int64(row, 15),
		.count = (uint32_t)sqlite3_column_int64(row, 16),
		.next = { .known = sqlite3_column_int(row, 17) != 0,
		    .at_ms = sqlite3_column_int64(row, 19),
		    .limit_milli = sqlite3_column_int64(row, 20),
		    .low_s = sqlite3_column_int(row, 21),
		    .mid_s = sqlite3_column_int(row, 22),
		    .high_s = sqlite3_column_int(row, 23) },
		.way = (uint8_t)(sqlite3_column_int(row, 24) & 3),
	};

	read_words(row, &f);
	*ret_finding = f;
}

static sqlite3_stmt *between(struct store *store, unsigned which, int64_t from_ms,
    int64_t to_ms, size_t most)
{
	sqlite3_stmt *rows = db_use(&store->facts, which);

	if (which != FINDING_OPEN)
		(void)sqlite3_bind_int64(rows, 1, from_ms);
	(void)sqlite3_bind_int64(rows, 2, to_ms);
	(void)sqlite3_bind_int64(rows, 3, most > INT32_MAX ? INT32_MAX : (int64_t)most);
	return rows;
}

int store_findings(struct store *store, bool open_only, int64_t from_ms, int64_t to_ms,
    size_t most, store_finding_fn *fn, void *user, struct why *why)
{
	sqlite3_stmt *rows = between(store, open_only ? FINDING_OPEN : FINDING_RANGE, from_ms,
	    to_ms, most);
	int stop = 0, code = SQLITE_ERROR;

	while (stop == 0 && rows != NULL && (code = sqlite3_step(rows)) == SQLITE_ROW) {
		struct finding finding;

		read_finding(rows, &finding);
		stop = fn(user, &finding);
	}
	if (stop == 0 && code != SQLITE_DONE)
		stop = db_fail(&store->facts, why);
	(void)sqlite3_reset(rows);
	return stop;
}

int store_acts(struct store *store, int64_t from_ms, int64_t to_ms, size_t most,
    store_act_fn *fn, void *user, struct why *why)
{
	sqlite3_stmt *rows = between(store, ACT_RANGE, from_ms, to_ms, most);
	int stop = 0, code = SQLITE_ERROR;

	while (stop == 0 && rows != NULL && (code = sqlite3_step(rows)) == SQLITE_ROW) {
		struct act act = { .id = (uint64_t)sqlite3_column_int64(rows, 0),
			.time_ms = sqlite3_column_int64(rows, 2) };
		struct span text = db_blob(rows, 1);

		for (unsigned i = 0; i < ACT_KINDS; i++)
			if (span_equal(text, act_word(i)))
				act.kind = (uint16_t)i;
		db_text(act.who, sizeof act.who, rows, 3);
		db_text(act.what, sizeof act.what, rows, 4);
		stop = fn(user, &act);
	}
	if (stop == 0 && code != SQLITE_DONE)
		stop = db_fail(&store->facts, why);
	(void)sqlite3_reset(rows);
	return stop;
}
