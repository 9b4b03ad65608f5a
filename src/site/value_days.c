/* src/site/value_days.c - a calendar's hours, days off and files, and instants. */
#include "site/calendar.h"
#include "site/days.h"
#include "site/reader.h"

/* Periods are gathered in scratch memory, which is enough for the most there may be. */
struct gather {
	struct reader *r;
	struct period *list;
	size_t n;
};

static bool gather_put(void *ctx, const struct period *period, struct span summary)
{
	struct gather *gather = ctx;

	if (gather->n == LIMIT_PERIODS)
		return false;
	struct period *mine = &gather->list[gather->n++];

	*mine = *period;
	mine->name = summary.left > 0 ? arena_text(&gather->r->site->arena, summary) : NULL;
	gather->r->full |= summary.left > 0 && mine->name == NULL;
	return true;
}

/* Those the calendar has so far, with room for more. */
static bool gather_start(struct gather *gather, struct reader *r, const struct calendar *calendar)
{
	*gather = (struct gather){ .r = r };
	gather->list = arena_array(&r->scratch, LIMIT_PERIODS, sizeof *gather->list);
	if (gather->list == NULL) {
		r->full = true;
		return false;
	}
	gather->n = calendar->off_n;
	if (calendar->off_n > 0)
		memcpy(gather->list, calendar->off, calendar->off_n * sizeof *gather->list);
	return true;
}

static void gather_keep(struct gather *gather, struct calendar *calendar)
{
	struct period *kept = reader_take(gather->r, gather->n, sizeof *kept);

	calendar->off = kept;
	calendar->off_n = kept != NULL ? gather->n : 0;
	if (calendar->off_n > 0)
		memcpy(kept, gather->list, gather->n * sizeof *kept);
}

void value_hours(struct reader *r, const struct pair *pair, struct calendar *calendar)
{
	struct piece rest = pair->value, item;
	struct hours hours[HOURS_MAX * 32];
	size_t n = 0, more = 0;
	struct why why;

	while (scan_item(r, &rest, &item)) {
		if (n > HOURS_MAX * 31) {
			fault(r, pair->value, "more than %d hours", 31);
			return;
		}
		if (hours_read(piece_span(r, item), &hours[n], &more, &why) != KS_OK)
			fault_why(r, item, &why);
		else
			n += more;
	}
	struct hours *kept = reader_take(r, n, sizeof *kept);

	calendar->weekly = kept;
	calendar->weekly_n = kept != NULL ? n : 0;
	if (calendar->weekly_n > 0)
		memcpy(kept, hours, n * sizeof *hours);
}

/* One span of days; a yearly one for each year of the holiday table. */
static bool put_days(struct gather *gather, const struct days *days)
{
	int32_t first = 2000, last = 2000;
	int64_t length = days->last - days->first + 1;
	struct civil date = days_split(days->first);
	bool room = true;

	if (days->yearly)
		holiday_years(&first, &last);
	for (int32_t year = first; room && year <= last; year++) {
		int64_t day = days->first;

		if (days->yearly)
			day = days_of(year, date.month, date.day);
		struct period period = { .from_ms = day * DAY_MS, .to_ms = (day + length) * DAY_MS,
			.until_ms = INT64_MAX, .local = true };

		room = gather_put(gather, &period, (struct span){ 0 });
	}
	return room;
}

void value_off(struct reader *r, const struct pair *pair, struct calendar *calendar)
{
	struct piece rest = pair->value, item;
	struct gather gather;
	bool room = gather_start(&gather, r, calendar);

	while (room && scan_item(r, &rest, &item)) {
		struct days days;
		struct why why;

		if (days_read(piece_span(r, item), &days, &why) != KS_OK)
			fault_why(r, item, &why);
		else if (!put_days(&gather, &days)) {
			fault(r, pair->value, "more than %d days off in one calendar", LIMIT_PERIODS);
			room = false;
		}
	}
	if (room)
		gather_keep(&gather, calendar);
}

/* The zone that the calendar will have: its own, or that of the site line. */
static const char *zone_for(const struct reader *r, const struct calendar *calendar)
{
	return calendar->tz != NULL ? calendar->tz : r->site->tz;
}

void value_ics(struct reader *r, const struct pair *pair, struct calendar *calendar)
{
	struct piece rest = pair->value, item;
	struct gather gather;
	bool room = gather_start(&gather, r, calendar);
	const struct ics_put put = { gather_put, &gather };

	if (r->files == NULL) {
		fault(r, pair->all, "calendar files can not be read here; use off= instead of ics=");
		return;
	}
	while (room && scan_item(r, &rest, &item)) {
		char name[LIMIT_SITE_LINE + 1] = "";
		struct span bytes = { 0 };
		struct why why;

		memcpy(name, r->copy + item.at, item.n < sizeof name ? item.n : sizeof name - 1);
		if (r->files->read(r->files->ctx, name, &bytes, &why) != KS_OK ||
		    ics_read(bytes, zone_for(r, calendar), &put, &why) != KS_OK)
			fault_why(r, item, &why);
	}
	if (room)
		gather_keep(&gather, calendar);
}

void value_instant(struct reader *r, const struct pair *pair, void *thing)
{
	int64_t ms = 0;
	bool local = false;
	struct why why;

	if (instant_read(piece_span(r, pair->value), &ms, &local, &why) != KS_OK) {
		fault_why(r, pair->value, &why);
		return;
	}
	memcpy((char *)thing + pair->key->at, &ms, sizeof ms);
	memcpy((char *)thing + pair->key->twin, &local, sizeof local);
}
