/* Hours of series: from the roll-ups where a day is settled, else decoded. */
#include "store/inside.h"

/* The days of a series that something not yet rolled up touches. */
struct unsettled {
	int64_t first, last;
};

static void touch(struct unsettled *days, int64_t first_ms, int64_t last_ms)
{
	days->first = day_of(first_ms) < days->first ? day_of(first_ms) : days->first;
	days->last = day_of(last_ms) > days->last ? day_of(last_ms) : days->last;
}

static int ends(struct store *store, sqlite3_stmt *statement, int64_t *ret_first,
    int64_t *ret_last, struct why *why)
{
	int code = statement != NULL ? sqlite3_step(statement) : SQLITE_ERROR;

	*ret_first = *ret_last = -1;
	if (code == SQLITE_ROW && sqlite3_column_type(statement, 0) != SQLITE_NULL) {
		*ret_first = sqlite3_column_int64(statement, 0);
		*ret_last = sqlite3_column_int64(statement, 1);
	}
	int bad = code == SQLITE_ROW ? KS_OK : db_fail(&store->chunks, why);

	(void)sqlite3_reset(statement);
	return bad;
}

static int unsettled_days(struct store *store, uint32_t series, struct unsettled *ret_days,
    struct why *why)
{
	struct unsettled days = { INT64_MAX, -1 };
	const struct heads *heads = &store->heads;
	int64_t first, last, mask = (1LL << WINDOW_BITS) - 1;
	sqlite3_stmt *chunk = db_use(&store->chunks, CHUNK_ENDS);

	(void)sqlite3_bind_int64(chunk, 1, chunk_key(series, 0));
	(void)sqlite3_bind_int64(chunk, 2, chunk_key(series, 0) | mask);
	int bad = ends(store, chunk, &first, &last, why);

	if (bad == KS_OK && first >= 0)
		touch(&days, (first & mask) * heads->window_ms, (last & mask) * heads->window_ms);
	sqlite3_stmt *late = db_use(&store->chunks, LATE_ENDS);

	(void)sqlite3_bind_int64(late, 1, series);
	(void)sqlite3_bind_int64(late, 2, 0);
	(void)sqlite3_bind_int64(late, 3, INT64_MAX);
	if (bad == KS_OK)
		bad = ends(store, late, &first, &last, why);
	if (bad == KS_OK && first >= 0)
		touch(&days, first, last);
	for (size_t i = 0; i < store->late_n; i++)
		if (store->late[i].series == series && store->late[i].time_ms >= 0)
			touch(&days, store->late[i].time_ms, store->late[i].time_ms);
	for (size_t i = 0; i < heads->closed_n; i++)
		if (heads->closed[i].series == series)
			touch(&days, heads->closed[i].window * heads->window_ms,
			    heads->closed[i].window * heads->window_ms);
	if (series < heads->room && heads->at[series].open)
		touch(&days, heads->at[series].window * heads->window_ms,
		    heads->at[series].window * heads->window_ms);
	*ret_days = days;
	return bad;
}

/* ret_hours->n is 0 when there is no roll-up of that day. */
static int rolled(struct store *store, uint32_t series, int64_t day, struct hours *ret_hours,
    struct why *why)
{
	sqlite3_stmt *get = db_use(&store->chunks, ROLLUP_GET);
	int bad = KS_OK;

	ret_hours->n = 0;
	(void)sqlite3_bind_int64(get, 1, day_key(day, series));
	int code = get != NULL ? sqlite3_step(get) : SQLITE_ERROR;

	if (code == SQLITE_ROW)
		bad = hours_unpack(db_blob(get, 0), day * DAY_MS, ret_hours, why);
	else if (code != SQLITE_DONE)
		bad = db_fail(&store->chunks, why);
	(void)sqlite3_reset(get);
	return bad;
}

struct asked {
	int64_t from_ms, to_ms;
	store_rollup_fn *fn;
	void *user;
};

static int tell(const struct asked *asked, uint32_t series, const struct hours *hours)
{
	int stop = 0;

	for (size_t i = 0; i < hours->n && stop == 0; i++)
		if (hours->at[i].hour_ms >= asked->from_ms && hours->at[i].hour_ms < asked->to_ms)
			stop = asked->fn(asked->user, series, &hours->at[i]);
	return stop;
}

static int one_day(struct store *store, uint32_t series, int64_t day,
    const struct unsettled *unsettled, struct hours *ret_hours, struct why *why)
{
	KS_DROP(points) struct points points = { .n = 0 };

	if (day < unsettled->first || day > unsettled->last)
		return rolled(store, series, day, ret_hours, why);
	int bad = day_points(store, series, day, &points, why);

	/* raw samples may be dropped already while hours are kept */
	if (bad == KS_OK && points.n == 0)
		return rolled(store, series, day, ret_hours, why);
	if (bad == KS_OK)
		hours_of(&points, day * DAY_MS, ret_hours);
	return bad;
}

/* Hours are kept longer than samples. */
static int span_of_hours(struct store *store, int64_t *from_ms, int64_t *to_ms,
    struct why *why)
{
	int64_t key = 0, oldest, after;
	int bad = store->mode == STORE_READ ? meta_load_span(store, why) : KS_OK;

	if (bad == KS_OK)
		bad = db_number(&store->chunks, db_use(&store->chunks, ROLLUP_FIRST), INT64_MAX,
		    &key, why);
	oldest = key == INT64_MAX ? INT64_MAX : (key >> 32) * DAY_MS;
	oldest = store->meta.oldest_ms < oldest ? store->meta.oldest_ms : oldest;
	after = store->meta.highest_ms + 1;
	*from_ms = *from_ms < oldest ? oldest : *from_ms;
	*to_ms = *to_ms > after ? after : *to_ms;
	return bad;
}

int store_hours(struct store *store, uint32_t series, int64_t from_ms, int64_t to_ms,
    store_rollup_fn *fn, void *user, struct why *why)
{
	struct asked asked = { from_ms, to_ms, fn, user };
	struct unsettled unsettled;
	struct hours hours;
	int bad = unsettled_days(store, series, &unsettled, why);

	if (bad == KS_OK)
		bad = span_of_hours(store, &from_ms, &to_ms, why);
	for (int64_t day = day_of(from_ms);
	     bad == KS_OK && from_ms < to_ms && day <= day_of(to_ms - 1); day++) {
		bad = one_day(store, series, day, &unsettled, &hours, why);
		if (bad == KS_OK)
			bad = tell(&asked, series, &hours);
	}
	return bad;
}

/* One range of the roll-up table, for the days nothing unsettled touches. */
static int all_rolled(struct store *store, const struct asked *asked, int64_t until_day,
    struct why *why)
{
	sqlite3_stmt *rows = db_use(&store->chunks, ROLLUP_RANGE);
	struct hours hours;
	int bad = KS_OK, code = SQLITE_ERROR;

	(void)sqlite3_bind_int64(rows, 1, day_key(day_of(asked->from_ms), 0));
	(void)sqlite3_bind_int64(rows, 2, day_key(until_day, 0) - 1);
	while (bad == KS_OK && rows != NULL && (code = sqlite3_step(rows)) == SQLITE_ROW) {
		int64_t key = sqlite3_column_int64(rows, 0);

		bad = hours_unpack(db_blob(rows, 1), (key >> 32) * DAY_MS, &hours, why);
		if (bad == KS_OK)
			bad = tell(asked, (uint32_t)key, &hours);
	}
	if (bad == KS_OK && code != SQLITE_DONE)
		bad = db_fail(&store->chunks, why);
	(void)sqlite3_reset(rows);
	return bad;
}

int store_hours_all(struct store *store, int64_t from_ms, int64_t to_ms, store_rollup_fn *fn,
    void *user, struct why *why)
{
	struct asked asked = { from_ms < 0 ? 0 : from_ms, to_ms, fn, user };
	int bad = store->mode == STORE_READ ? meta_load(store, why) : KS_OK;
	int64_t settled = store->meta.compacted_day, late = INT64_MAX;
	int64_t until = to_ms <= 0 ? 0 : day_of(to_ms - 1) + 1;

	if (bad == KS_OK)
		bad = db_number(&store->chunks, db_use(&store->chunks, LATE_OLDEST), INT64_MAX,
		    &late, why);
	for (size_t i = 0; i < store->late_n; i++)
		late = store->late[i].time_ms < late ? store->late[i].time_ms : late;
	if (store->meta.oldest_chunk_ms > 0 && day_of(store->meta.oldest_chunk_ms) < settled)
		settled = day_of(store->meta.oldest_chunk_ms);
	int64_t end = heads_oldest_end(&store->heads);

	if (end != INT64_MAX && day_of(end - 1) < settled)
		settled = day_of(end - 1);
	if (late != INT64_MAX && (late < 0 ? 0 : day_of(late)) < settled)
		settled = late < 0 ? 0 : day_of(late);
	if (bad == KS_OK)
		bad = all_rolled(store, &asked, settled < until ? settled : until, why);
	int64_t rest_ms = settled * DAY_MS > asked.from_ms ? settled * DAY_MS : asked.from_ms;

	for (uint32_t series = 1; bad == KS_OK && rest_ms < to_ms && series <= store->labels.n;
	     series++)
		bad = store_hours(store, series, rest_ms, to_ms, fn, user, why);
	return bad;
}
