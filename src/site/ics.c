/* src/site/ics.c - events out of a calendar file (RFC 5545), the subset in days.h. */
#include "base/limits.h"
#include "base/number.h"
#include "base/text.h"
#include "base/zone.h"
#include "site/days.h"
#include "site/ics_rule.h"

enum { SUMMARY = 128, RULE_COUNT_MAX = 10000 };

/* One VEVENT as it is read. */
struct event {
	bool open, from_given, to_given, all_day;
	struct period period; /* of the first occurrence */
	int64_t length_ms;    /* DURATION; 0: none */
	unsigned weekdays;    /* BYDAY, bit 0 Monday */
	int64_t count;	      /* 0: without end */
	int64_t interval;     /* 1: each day or week */
	bool weekly, cancelled;
	bool by_month;	      /* MONTHLY or YEARLY: rule says when */
	struct ics_rule rule;
	char summary[SUMMARY];
	size_t summary_n;
};

struct ics {
	struct span rest;
	const char *tz;
	const struct ics_put *put;
	struct text line; /* unfolded */
	unsigned number;  /* of the line */
	unsigned depth;	  /* of parts inside the event, such as alarms */
	struct event event;
	struct why *why;
};

static int refuse(const struct ics *ics, const char *what)
{
	return fail(ics->why, KS_MALFORMED, "line %u of the calendar file: %s", ics->number, what);
}

/* One content line: CRLF followed by a blank goes on (section 3.1). */
static bool next_line(struct ics *ics)
{
	text_clear(&ics->line);
	if (ics->rest.left == 0)
		return false;
	do {
		struct span part = span_until(&ics->rest, '\n');

		ics->number++;
		if (part.left > 0 && part.at[part.left - 1] == '\r')
			part.left--;
		if (ics->line.len > 0)
			(void)span_cut(&part, 1);
		text_add_span(&ics->line, part);
	} while (ics->rest.left > 0 && ics->line.len > 0 &&
	    (ics->rest.at[0] == ' ' || ics->rest.at[0] == '\t'));
	return true;
}

static bool digits(struct span *s, size_t n, unsigned *ret_value)
{
	struct span head = span_cut(s, n);
	unsigned value = 0;

	for (; head.left > 0; value = value * 10 + (span_cut(&head, 1).at[0] - '0'))
		if (head.at[0] < '0' || head.at[0] > '9')
			return false;
	*ret_value = value;
	return !head.broken;
}

/* 20260813, 20260813T220000, 20260813T130000Z */
static bool read_time(struct span s, int64_t *ret_ms, bool *ret_local, bool *ret_day)
{
	unsigned year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;

	*ret_local = *ret_day = true;
	if (!digits(&s, 4, &year) || !digits(&s, 2, &month) || !digits(&s, 2, &day) || month < 1 ||
	    month > 12 || day < 1 || day > days_in_month((int32_t)year, month))
		return false;
	*ret_ms = days_of((int32_t)year, month, day) * DAY_MS;
	if (s.left == 0)
		return true;
	*ret_day = false;
	if (span_cut(&s, 1).at[0] != 'T' || !digits(&s, 2, &hour) || !digits(&s, 2, &minute) ||
	    !digits(&s, 2, &second) || hour > 23 || minute > 59 || second > 60)
		return false;
	*ret_ms += (hour * 60 + minute) * (int64_t)MINUTE_MS + second * 1000;
	*ret_local = s.left == 0;
	return *ret_local || span_equal(s, "Z");
}

/* DTSTART or DTEND; parameters: VALUE, TZID and others that do not matter. */
static int take_time(struct ics *ics, struct span params, struct span value, bool start)
{
	struct event *event = &ics->event;
	bool local, day;
	int64_t ms = 0;

	while (params.left > 0) {
		struct span param = span_until(&params, ';'), word = span_until(&param, '=');

		if (span_equal(word, "TZID") && !span_equal(param, ics->tz))
			return refuse(ics, "an event of another time zone than the calendar's");
	}
	if (!read_time(value, &ms, &local, &day))
		return refuse(ics, "no date or time");
	if (start) {
		event->period.from_ms = ms;
		event->period.local = local;
		event->from_given = true;
		event->all_day = day;
	} else {
		event->period.to_ms = ms;
		event->to_given = true;
	}
	return KS_OK;
}

/* P1D, PT8H30M, P1W: positive ones only */
static int take_duration(struct ics *ics, struct span value)
{
	int64_t sum = 0;
	bool good = value.left > 2 && span_cut(&value, 1).at[0] == 'P';

	while (good && value.left > 0) {
		static const char units[] = "WDTHMS";
		static const int64_t lengths[] = { 7LL * DAY_MS, DAY_MS, 0, 3600000, 60000, 1000 };
		int64_t n = 0;

		if (value.at[0] == 'T' && value.left > 1)
			(void)span_cut(&value, 1);
		good = number_cut(&value, 0, &n) == KS_OK && n >= 0 && n < 100000 && value.left > 0;
		const char *unit = good ? memchr(units, value.at[0], 6) : NULL;

		good = unit != NULL;
		sum += good ? n * lengths[unit - units] : 0;
		if (good)
			(void)span_cut(&value, 1);
	}
	ics->event.length_ms = sum;
	return good && sum > 0 ? KS_OK : refuse(ics, "no duration");
}

static unsigned weekday_bits(struct span list)
{
	unsigned bits = 0;

	while (list.left > 0) {
		static const char words[] = "MOTUWETHFRSASU";
		struct span day = span_until(&list, ',');
		unsigned bit = 0;

		for (unsigned i = 0; day.left == 2 && i < 7; i++)
			if (memcmp(words + (size_t)2 * i, day.at, 2) == 0)
				bit = 1u << i;
		if (bit == 0)
			return 0;
		bits |= bit;
	}
	return bits;
}

static int take_rule_part(struct ics *ics, struct span word, struct span value)
{
	struct event *event = &ics->event;
	bool local, day, good = true;
	int64_t until = 0;

	if (span_equal(word, "FREQ")) {
		event->weekly = span_equal(value, "WEEKLY");
		event->rule.yearly = span_equal(value, "YEARLY");
		event->by_month = event->rule.yearly || span_equal(value, "MONTHLY");
		event->period.every_ms = event->weekly ? 7LL * DAY_MS : DAY_MS;
		if (!event->weekly && !event->by_month && !span_equal(value, "DAILY"))
			return refuse(ics, "it repeats more than once a day");
	} else if (span_equal(word, "INTERVAL")) {
		good = number_read(value, 0, &event->interval) == KS_OK && event->interval > 0 &&
		    event->interval < 1000;
	} else if (span_equal(word, "COUNT")) {
		good = number_read(value, 0, &event->count) == KS_OK && event->count > 0 &&
		    event->count <= RULE_COUNT_MAX;
	} else if (span_equal(word, "UNTIL")) {
		good = read_time(value, &until, &local, &day);
		event->period.until_ms = until + (day ? DAY_MS : 1000); /* UNTIL belongs to it */
	} else if (span_equal(word, "BYDAY")) {
		event->weekdays = weekday_bits(value);
		good = ics_rule_weekdays(&event->rule, value);
	} else if (span_equal(word, "BYMONTHDAY")) {
		good = ics_rule_days(&event->rule, value);
	} else if (span_equal(word, "BYMONTH")) {
		good = ics_rule_months(&event->rule, value);
	} else if (!span_equal(word, "WKST")) {
		return refuse(ics, "its repetition has a part that keisoku does not know");
	}
	return good ? KS_OK : refuse(ics, "a repetition that can not be read");
}

static int take_rule(struct ics *ics, struct span rule)
{
	while (rule.left > 0) {
		struct span part = span_until(&rule, ';'), word = span_until(&part, '=');
		int code = take_rule_part(ics, word, part);

		if (code != KS_OK)
			return code;
	}
	struct event *event = &ics->event;
	const struct ics_rule *by = &event->rule;

	if (event->by_month) {
		/* "the 20th Monday of the year" is nobody's maintenance window */
		if (by->yearly && by->nth_n > 0 && by->months == 0 && by->days == 0 && by->last == 0)
			return refuse(ics, "a repetition that can not be read");
		event->weekdays = 0;
		return KS_OK;
	}
	if (by->months != 0 || by->days != 0 || by->last != 0)
		return refuse(ics, "its repetition has a part that keisoku does not know");
	if (event->period.every_ms == 0 || (by->nth_n > 0 && event->weekdays == 0) || (!event->weekly && event->weekdays != 0 &&
					       event->interval > 1))
		return refuse(ics, "a repetition that can not be read");
	if (event->weekdays != 0)
		event->period.every_ms = 7LL * DAY_MS; /* daily on certain days is weekly */
	event->period.every_ms *= event->interval;
	return KS_OK;
}

static bool put_one(struct ics *ics, struct period period)
{
	return ics->put->put(ics->put->ctx, &period,
	    span_of(ics->event.summary, ics->event.summary_n));
}

/* Midnight of the Monday before, as a multiple of a day. */
static int64_t week_of(int64_t ms)
{
	int64_t week = 7LL * DAY_MS, since = (ms + 3LL * DAY_MS) % week; /* 1970-01-01: Thursday */

	return ms - (since < 0 ? since + week : since);
}

/* The end of the COUNTth occurrence's beginning, when BYDAY spreads them. */
static int64_t until_count(const struct event *event, int64_t monday, int64_t clock)
{
	int64_t left = event->count, at = 0;

	for (int64_t week = monday; left > 0; week += event->period.every_ms)
		for (unsigned day = 0; day < 7 && left > 0; day++) {
			at = week + day * (int64_t)DAY_MS + clock;
			if (event->weekdays & 1u << day && at >= event->period.from_ms)
				left--;
		}
	return at + 1;
}

/* One period for each weekday of the rule. */
static bool put_weekdays(struct ics *ics, int64_t length)
{
	struct event *event = &ics->event;
	int64_t from = event->period.from_ms, monday = week_of(from);
	int64_t clock = ((from % DAY_MS) + DAY_MS) % DAY_MS;
	struct period period = event->period;

	if (event->count > 0)
		period.until_ms = until_count(event, monday, clock);
	for (unsigned day = 0; day < 7; day++) {
		if (!(event->weekdays & 1u << day))
			continue;
		period.from_ms = monday + day * (int64_t)DAY_MS + clock;
		if (period.from_ms < from)
			period.from_ms += period.every_ms;
		period.to_ms = period.from_ms + length;
		if (period.from_ms < period.until_ms && !put_one(ics, period))
			return false;
	}
	return true;
}

struct putting {
	struct ics *ics;
	int64_t length;
};

static bool put_beginning(void *user, int64_t from_ms)
{
	const struct putting *putting = user;
	struct period period = { .from_ms = from_ms, .to_ms = from_ms + putting->length,
		.until_ms = INT64_MAX, .local = putting->ics->event.period.local };

	return put_one(putting->ics, period);
}

static bool put_by_month(struct ics *ics, int64_t length)
{
	const struct event *event = &ics->event;
	const struct ics_span span = { .from_ms = event->period.from_ms,
		.until_ms = event->period.until_ms, .interval = event->interval, .count = event->count };
	struct putting putting = { .ics = ics, .length = length };

	return ics_rule_each(&event->rule, &span, put_beginning, &putting);
}

static int end_event(struct ics *ics)
{
	struct event *event = &ics->event;
	struct period *period = &event->period;
	int64_t length = event->to_given ? period->to_ms - period->from_ms
	    : event->length_ms > 0	 ? event->length_ms
	    : event->all_day		 ? DAY_MS
					 : 0;
	bool put = true;

	event->open = false;
	if (!event->from_given)
		return refuse(ics, "an event without DTSTART");
	if (length < 0)
		return refuse(ics, "an event that ends before it begins");
	if (length == 0 || event->cancelled)
		return KS_OK;
	period->to_ms = period->from_ms + length;
	if (event->by_month) {
		put = put_by_month(ics, length);
	} else if (event->weekdays != 0) {
		put = put_weekdays(ics, length);
	} else {
		if (event->count > 0)
			period->until_ms = period->from_ms + (event->count - 1) * period->every_ms + 1;
		put = put_one(ics, *period);
	}
	return put ? KS_OK : fail(ics->why, KS_FULL, "more than %d days off in one calendar", LIMIT_PERIODS);
}

static void take_summary(struct event *event, struct span value)
{
	event->summary_n = value.left < SUMMARY ? value.left : SUMMARY;
	if (value.left > 0)
		memcpy(event->summary, value.at, event->summary_n);
	while (event->summary_n < value.left && event->summary_n > 0 &&
	    (value.at[event->summary_n] & 0xc0) == 0x80)
		event->summary_n--; /* not in the middle of a character */
}

/* A line inside an event. */
static int take_line(struct ics *ics, struct span name, struct span params, struct span value)
{
	struct event *event = &ics->event;

	if (span_equal(name, "BEGIN"))
		ics->depth++;
	else if (span_equal(name, "END") && ics->depth > 0)
		ics->depth--;
	else if (span_equal(name, "END"))
		return end_event(ics);
	else if (ics->depth > 0)
		return KS_OK;
	else if (span_equal(name, "DTSTART") || span_equal(name, "DTEND"))
		return take_time(ics, params, value, name.left == 7);
	else if (span_equal(name, "DURATION"))
		return take_duration(ics, value);
	else if (span_equal(name, "RRULE"))
		return take_rule(ics, value);
	else if (span_equal(name, "EXDATE") || span_equal(name, "RDATE"))
		return refuse(ics, "a repetition with exceptions; write them as off= days");
	else if (span_equal(name, "SUMMARY"))
		take_summary(event, value);
	else if (span_equal(name, "STATUS"))
		event->cancelled = span_equal(value, "CANCELLED");
	return KS_OK;
}

/* A colon may stand in a quoted parameter; ours never are. */
static int read_lines(struct ics *ics)
{
	bool begun = false;
	int code = KS_OK;

	while (code == KS_OK && next_line(ics)) {
		struct span value = text_span(&ics->line), name = span_until(&value, ':');
		struct span params = name;

		if (ics->line.full)
			return fail(ics->why, KS_FULL, "line %u of the calendar file is longer than %d bytes",
			    ics->number, LIMIT_SITE_LINE);
		name = span_until(&params, ';');
		begun |= span_equal(name, "BEGIN") && span_equal(value, "VCALENDAR");
		if (!begun && name.left > 0)
			return refuse(ics, "it does not begin with BEGIN:VCALENDAR");
		if (ics->event.open) {
			code = take_line(ics, name, params, value);
		} else if (span_equal(name, "BEGIN") && span_equal(value, "VEVENT")) {
			ics->event = (struct event){ .open = true, .interval = 1,
				.period = { .until_ms = INT64_MAX } };
		}
	}
	if (code == KS_OK && (!begun || ics->event.open))
		return refuse(ics, "it ends too soon");
	return code;
}

int ics_read(struct span bytes, const char *tz, const struct ics_put *put, struct why *why)
{
	static const uint8_t mark[] = { 0xef, 0xbb, 0xbf };
	struct ics ics = { .rest = bytes, .tz = tz, .put = put, .why = why };

	if (bytes.left > LIMIT_ICS_BYTES)
		return fail(why, KS_FULL, "the calendar file is longer than %d bytes", LIMIT_ICS_BYTES);
	if (bytes.left >= sizeof mark && memcmp(bytes.at, mark, sizeof mark) == 0)
		(void)span_cut(&ics.rest, sizeof mark);
	text_init(&ics.line, LIMIT_SITE_LINE);
	int code = read_lines(&ics);

	text_done(&ics.line);
	return code;
}
