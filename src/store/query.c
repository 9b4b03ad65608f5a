/* Reading: what is sealed, what is open and what came late, merged day by day so that
 * memory stays small.  Of samples of one time the one taken last wins: days are older
 * than chunks, chunks than heads, and late ones came after what they repeat. */
#include "store/inside.h"
#include <string.h>

struct asked {
	int64_t from_ms, to_ms;
	store_sample_fn *fn;
	void *user;
};

static int add_rows(struct store *store, sqlite3_stmt *rows, int64_t base_ms,
    struct points *points, struct why *why)
{
	int bad = KS_OK, code = SQLITE_ERROR;

	while (bad == KS_OK && rows != NULL && (code = sqlite3_step(rows)) == SQLITE_ROW) {
		int64_t key = sqlite3_column_int64(rows, 0);
		int64_t window = key & ((1LL << WINDOW_BITS) - 1);

		bad = chunk_points(db_blob(rows, 1),
		    base_ms >= 0 ? base_ms : window * store->heads.window_ms, points, why);
	}
	if (bad == KS_OK && code != SQLITE_DONE)
		bad = db_fail(&store->chunks, why);
	(void)sqlite3_reset(rows);
	return bad;
}

static int add_late(struct store *store, uint32_t series, int64_t day, struct points *points,
    struct why *why)
{
	sqlite3_stmt *rows = db_use(&store->chunks, LATE_RANGE);
	int bad = KS_OK, code = SQLITE_ERROR;

	(void)sqlite3_bind_int64(rows, 1, series);
	(void)sqlite3_bind_int64(rows, 2, day * DAY_MS);
	(void)sqlite3_bind_int64(rows, 3, (day + 1) * DAY_MS);
	while (bad == KS_OK && rows != NULL && (code = sqlite3_step(rows)) == SQLITE_ROW) {
		struct point point = { .time_ms = sqlite3_column_int64(rows, 0) };
		int64_t bits = sqlite3_column_int64(rows, 1);

		memcpy(&point.value, &bits, sizeof bits);
		bad = points_add(points, point);
	}
	if (bad == KS_OK && code != SQLITE_DONE)
		bad = db_fail(&store->chunks, why);
	(void)sqlite3_reset(rows);
	return bad;
}

static int add_held_late(const struct store *store, uint32_t series, int64_t from_ms,
    int64_t to_ms, struct points *points)
{
	int bad = KS_OK;

	for (size_t i = 0; i < store->late_n && bad == KS_OK; i++) {
		const struct sample *late = &store->late[i];

		if (late->series == series && late->time_ms >= from_ms && late->time_ms < to_ms)
			bad = points_add(points,
			    (struct point){ .time_ms = late->time_ms, .value = late->value });
	}
	return bad;
}

/* Windows that hold nothing of [from, to) are not even opened. */
static int add_sealed_of(struct store *store, uint32_t series, const struct asked *part,
    struct points *points, struct why *why)
{
	int64_t day = day_of(part->from_ms);
	int64_t first = part->from_ms / store->heads.window_ms;
	int64_t last = (part->to_ms - 1) / store->heads.window_ms;
	sqlite3_stmt *rows = db_use(&store->chunks, DAY_RANGE);

	(void)sqlite3_bind_int64(rows, 1, day_key(day, series));
	(void)sqlite3_bind_int64(rows, 2, day_key(day, series));
	int bad = add_rows(store, rows, day * DAY_MS, points, why);

	if (bad != KS_OK || last >= 1LL << WINDOW_BITS)
		return bad;
	rows = db_use(&store->chunks, CHUNK_RANGE);
	(void)sqlite3_bind_int64(rows, 1, chunk_key(series, (uint32_t)first));
	(void)sqlite3_bind_int64(rows, 2, chunk_key(series, (uint32_t)last));
	return add_rows(store, rows, -1, points, why);
}

static int add_sealed(struct store *store, uint32_t series, int64_t day,
    struct points *points, struct why *why)
{
	const struct asked whole = { .from_ms = day * DAY_MS, .to_ms = (day + 1) * DAY_MS };

	return add_sealed_of(store, series, &whole, points, why);
}

int sealed_points(struct store *store, uint32_t series, int64_t day,
    struct points *ret_points, struct why *why)
{
	int bad = add_sealed(store, series, day, ret_points, why);

	if (bad == KS_OK)
		bad = add_late(store, series, day, ret_points, why);
	points_settle(ret_points);
	return bad;
}

/* [from, to) of one day. */
static int part_points(struct store *store, uint32_t series, const struct asked *part,
    struct points *ret_points, struct why *why)
{
	int bad = add_sealed_of(store, series, part, ret_points, why);

	if (bad == KS_OK)
		bad = heads_points(&store->heads, series, part->from_ms, part->to_ms, ret_points, why);
	if (bad == KS_OK)
		bad = add_late(store, series, day_of(part->from_ms), ret_points, why);
	if (bad == KS_OK)
		bad = add_held_late(store, series, part->from_ms, part->to_ms, ret_points);
	points_settle(ret_points);
	return bad;
}

int day_points(struct store *store, uint32_t series, int64_t day, struct points *ret_points,
    struct why *why)
{
	const struct asked whole = { .from_ms = day * DAY_MS, .to_ms = (day + 1) * DAY_MS };

	return part_points(store, series, &whole, ret_points, why);
}

/* The days worth looking at: from the oldest sample there is to the newest. */
static int span_of_days(struct store *store, int64_t *from_ms, int64_t *to_ms,
    struct why *why)
{
	int bad = store->mode == STORE_READ ? meta_load_span(store, why) : KS_OK;
	int64_t oldest = store->meta.oldest_ms, after = store->meta.highest_ms + 1;

	*from_ms = *from_ms < oldest ? oldest : *from_ms;
	*to_ms = *to_ms > after ? after : *to_ms;
	return bad;
}

/* Times that no key can hold live among the late ones only. */
static int read_unkeyed(struct store *store, uint32_t series, int64_t from_ms, int64_t to_ms,
    struct points *points, struct why *why)
{
	sqlite3_stmt *rows = db_use(&store->chunks, LATE_RANGE);
	int code = SQLITE_ERROR, bad = KS_OK;

	if (from_ms >= to_ms)
		return KS_OK;
	(void)sqlite3_bind_int64(rows, 1, series);
	(void)sqlite3_bind_int64(rows, 2, from_ms);
	(void)sqlite3_bind_int64(rows, 3, to_ms);
	while (bad == KS_OK && rows != NULL && (code = sqlite3_step(rows)) == SQLITE_ROW) {
		struct point point = { .time_ms = sqlite3_column_int64(rows, 0) };
		int64_t bits = sqlite3_column_int64(rows, 1);

		memcpy(&point.value, &bits, sizeof bits);
		bad = points_add(points, point);
	}
	if (bad == KS_OK && code != SQLITE_DONE)
		bad = db_fail(&store->chunks, why);
	(void)sqlite3_reset(rows);
	if (bad == KS_OK)
		bad = add_held_late(store, series, from_ms, to_ms, points);
	points_settle(points);
	return bad;
}

static int tell_points(const struct asked *asked, const struct points *points)
{
	int stop = 0;

	for (size_t i = 0; i < points->n && stop == 0; i++)
		if (points->at[i].time_ms >= asked->from_ms && points->at[i].time_ms < asked->to_ms)
			stop = asked->fn(asked->user, points->at[i].time_ms, points->at[i].value);
	return stop;
}

static int read_part(struct store *store, uint32_t series, const struct asked *part,
    struct why *why)
{
	KS_DROP(points) struct points points = { .n = 0 };
	int bad = read_unkeyed(store, series, part->from_ms, part->to_ms, &points, why);

	return bad == KS_OK ? tell_points(part, &points) : bad;
}

int store_read(struct store *store, uint32_t series, int64_t from_ms, int64_t to_ms,
    store_sample_fn *fn, void *user, struct why *why)
{
	KS_DROP(points) struct points points = { .n = 0 };
	struct asked asked = { from_ms, to_ms, fn, user }, below = asked, above = asked;
	int64_t highest = (1LL << WINDOW_BITS) * store->heads.window_ms;

	below.to_ms = to_ms < 0 ? to_ms : 0;
	above.from_ms = from_ms > highest ? from_ms : highest;
	int bad = span_of_days(store, &asked.from_ms, &asked.to_ms, why);

	if (bad == KS_OK)
		bad = read_part(store, series, &below, why);
	for (int64_t day = day_of(asked.from_ms);
	     bad == KS_OK && asked.from_ms < asked.to_ms && day <= day_of(asked.to_ms - 1);
	     day++) {
		struct asked part = asked;

		points.n = 0;
		part.from_ms = part.from_ms > day * DAY_MS ? part.from_ms : day * DAY_MS;
		part.to_ms = part.to_ms < (day + 1) * DAY_MS ? part.to_ms : (day + 1) * DAY_MS;
		bad = part_points(store, series, &part, &points, why);
		if (bad == KS_OK)
			bad = tell_points(&asked, &points);
	}
	return bad == KS_OK ? read_part(store, series, &above, why) : bad;
}

int store_recent(struct store *store, uint32_t series, int64_t from_ms, int64_t to_ms,
    store_sample_fn *fn, void *user, struct why *why)
{
	KS_DROP(points) struct points points = { .n = 0 };
	const struct asked asked = { from_ms, to_ms, fn, user };
	int bad = heads_points(&store->heads, series, from_ms, to_ms, &points, why);

	if (bad == KS_OK)
		bad = add_held_late(store, series, from_ms, to_ms, &points);
	points_settle(&points);
	return bad == KS_OK ? tell_points(&asked, &points) : bad;
}

void store_hold(struct store *store)
{
	if (store != NULL && store->mode == STORE_READ && sqlite3_get_autocommit(store->chunks.sqlite) != 0)
		(void)!db_exec(&store->chunks, "BEGIN", NULL);
}

void store_release(struct store *store)
{
	if (store != NULL && store->mode == STORE_READ && sqlite3_get_autocommit(store->chunks.sqlite) == 0)
		(void)!db_exec(&store->chunks, "COMMIT", NULL);
}
