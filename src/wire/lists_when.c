/* src/wire/lists_when.c - the times of entries: when each is from, and between which instants
 * it is meant to hold; told by fields of JSON and by columns that a heading names. */
#include "base/hash.h"
#include "base/number.h"
#include "base/zone.h"
#include "wire/body.h"
#include "wire/lists_in.h"
#include <stdio.h>

enum { DAY_S = 86400, YEAR_FIRST = 1970, YEAR_LAST = 2200 };

static bool digits_cut(struct span *s, size_t n, int64_t *ret_value)
{
	struct span field = span_cut(s, n);

	*ret_value = 0;
	for (size_t i = 0; i < field.left; i++) {
		if (field.at[i] < '0' || field.at[i] > '9')
			return false;
		*ret_value = *ret_value * 10 + (field.at[i] - '0');
	}
	return field.left == n;
}

static bool byte_cut(struct span *s, const char *any)
{
	if (s->left == 0 || strchr(any, *s->at) == NULL || *s->at == '\0')
		return false;
	(void)span_cut(s, 1);
	return true;
}

static bool date_cut(struct span *s, int64_t *ret_days)
{
	int64_t year, month, day;

	if (!digits_cut(s, 4, &year) || !byte_cut(s, "-") || !digits_cut(s, 2, &month) ||
	    !byte_cut(s, "-") || !digits_cut(s, 2, &day) || year < YEAR_FIRST || year > YEAR_LAST ||
	    month < 1 || month > 12 || day < 1 || day > days_in_month((int32_t)year, (unsigned)month))
		return false;
	*ret_days = days_of((int32_t)year, (unsigned)month, day);
	return true;
}

/* "T10:11:12.5+09:00", or with a blank; nothing: midnight.  Seconds are enough. */
static int64_t clock_cut(struct span s)
{
	int64_t hour = 0, minute = 0, second = 0, ahead_h = 0, ahead_min = 0;

	if (!byte_cut(&s, "T ") || !digits_cut(&s, 2, &hour) || !byte_cut(&s, ":") ||
	    !digits_cut(&s, 2, &minute))
		return 0;
	if (byte_cut(&s, ":") && !digits_cut(&s, 2, &second))
		return hour * 3600 + minute * 60;
	while (byte_cut(&s, ".0123456789"))
		;
	bool west = s.left > 0 && *s.at == '-';

	if (byte_cut(&s, "+-") && (!digits_cut(&s, 2, &ahead_h) || (byte_cut(&s, ":"), !digits_cut(&s, 2, &ahead_min))))
		ahead_h = ahead_min = 0;
	int64_t ahead = ahead_h * 3600 + ahead_min * 60;

	return hour * 3600 + minute * 60 + second + (west ? ahead : -ahead);
}

bool list_time(struct span text, int64_t *ret_s)
{
	struct span s = span_trim(text);
	int64_t days = 0, seconds = 0;

	/* seconds since 1970, as MISP says them */
	if (s.left >= 9 && s.left <= 11 && number_read(s, 0, &seconds) == KS_OK && seconds > 0) {
		*ret_s = seconds;
		return true;
	}
	if (!date_cut(&s, &days))
		return false;
	seconds = days * DAY_S + clock_cut(s);
	*ret_s = seconds > 0 ? seconds : 1; /* 0 is: not said */
	return true;
}

/* What a field says of its entry; the greater rank is nearer to "known since". */
struct field_name {
	const char *name;
	enum list_field is;
};

enum list_field list_field(struct span name)
{
	static const struct field_name names[] = { { "valid_from", FIELD_FROM },
		{ "valid_until", FIELD_UNTIL }, { "first_seen", FIELD_SEEN },
		{ "first_seen_utc", FIELD_SEEN }, { "firstseen", FIELD_SEEN },
		{ "dateadded", FIELD_SEEN }, { "date_added", FIELD_SEEN },
		{ "listingdate", FIELD_SEEN }, { "listing_date", FIELD_SEEN },
		{ "created", FIELD_CREATED }, { "created_at", FIELD_CREATED },
		{ "timestamp", FIELD_STAMP } };

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (word_is(name, names[i].name) && name.left == strlen(names[i].name))
			return names[i].is;
	return FIELD_OTHER;
}

void list_when_take(struct list_when *when, enum list_field field, struct span text)
{
	int64_t s = 0;

	if (field == FIELD_OTHER || !list_time(text, &s))
		return;
	if (field == FIELD_UNTIL)
		when->until_s = s;
	else if (field == FIELD_FROM)
		when->from_s = s;
	/* when it begins to hold is a date as well, where nothing else says one */
	if (field != FIELD_UNTIL && (when->rank == 0 || field < when->rank)) {
		when->rank = (uint8_t)field;
		when->day = (int32_t)(s / DAY_S);
	}
}

bool list_heading(struct lists *lists, const struct span *field, size_t n)
{
	uint8_t columns[LIST_COLUMNS] = { 0 };
	bool any = false;

	for (size_t i = 0; i < n && i < LIST_COLUMNS; i++) {
		/* a column of this name is the date of its row, in MISP's export */
		columns[i] = (uint8_t)(word_is(field[i], "date") ? FIELD_CREATED : list_field(field[i]));
		any |= columns[i] != FIELD_OTHER;
	}
	if (any)
		memcpy(lists->columns, columns, sizeof columns);
	lists->headed |= any;
	return any;
}

void list_row_when(struct lists *lists, const struct span *field, size_t n)
{
	int64_t s = 0;

	lists->when = (struct list_when){ .rank = 0 };
	for (size_t i = 0; lists->headed && i < n && i < LIST_COLUMNS; i++)
		list_when_take(&lists->when, lists->columns[i], field[i]);
	/* without a heading: the first date of the row; later ones say when it was seen last */
	for (size_t i = 0; !lists->headed && i < n; i++)
		if (field[i].left >= 10 && field[i].at[4] == '-' && list_time(field[i], &s)) {
			list_when_take(&lists->when, FIELD_SEEN, field[i]);
			return;
		}
}

/* -- what an entry says beside itself, kept once -------------------------------------------- */

static uint32_t date_put(struct lists *lists, int32_t day)
{
	struct civil is = days_split(day);
	char room[16];

	(void)snprintf(room, sizeof room, "%04d-%02u-%02u", (int)is.year % 10000, is.month % 100u,
	    is.day % 100u);
	return name_put(&lists->words, span_text(room));
}

static uint32_t about_put(struct lists *lists, const struct list_about *key, struct span word)
{
	bool is_new = false;
	struct list_about *row = rows_put(&lists->abouts, key, &is_new);

	if (row == NULL)
		return ABOUT_NONE;
	if (is_new) {
		uint32_t at = rows_index(&lists->abouts, row);

		row->word = name_put(&lists->words, word);
		row->date = key->day != 0 ? date_put(lists, (int32_t)(key->day - 1)) : 0;
		return at;
	}
	return rows_index(&lists->abouts, row);
}

uint32_t list_about_put(struct lists *lists, struct span category)
{
	enum { LONGEST = 80 };
	struct span word = span_of(category.at, category.left < LONGEST ? category.left : LONGEST);
	const struct list_when *when = &lists->when;
	uint32_t list = (uint32_t)(lists->heads_n - 1) << ABOUT_BITS;
	struct list_about key = { .from_s = when->from_s, .until_s = when->until_s,
		.hash = word.left > 0 ? hash_of(word, lists->seed) : 0,
		.day = when->rank != 0 ? (uint64_t)when->day + 1 : 0 };
	bool timed = key.day != 0 || key.from_s != 0 || key.until_s != 0;
	size_t at = key.hash % LIST_RECENT;

	if (timed)
		return list | about_put(lists, &key, word);
	if (key.hash == 0)
		return list | ABOUT_NONE;
	/* most have a category that came shortly before, and no times */
	if (lists->recent[at].hash != key.hash) {
		lists->recent[at].about = about_put(lists, &key, word);
		lists->recent[at].hash = key.hash;
	}
	return list | lists->recent[at].about;
}

const struct list_about *list_about_of(const struct lists *lists, uint32_t meta)
{
	static const struct list_about none;
	uint32_t at = meta & ABOUT_NONE;

	return at < lists->abouts.n ? rows_row(&lists->abouts, at) : &none;
}

bool list_about_holds(const struct list_about *about, const struct lists_met *met)
{
	return met == NULL || ((about->from_s == 0 || met->last_s >= about->from_s) &&
		(about->until_s == 0 || met->first_s < about->until_s));
}

bool list_about_covers(const struct list_about *about, const struct list_when *when)
{
	return about->from_s <= when->from_s && (about->until_s == 0 ||
		(when->until_s != 0 && when->until_s <= about->until_s));
}
