#include "site/days.h"
#include "base/zone.h"

/* Exactly `digits` digits; false otherwise, nothing cut. */
static bool cut_digits(struct span *s, size_t digits, unsigned *ret_value)
{
	unsigned n = 0;

	if (s->left < digits)
		return false;
	for (size_t i = 0; i < digits; i++) {
		if (s->at[i] < '0' || s->at[i] > '9')
			return false;
		n = n * 10 + (unsigned)(s->at[i] - '0');
	}
	(void)span_cut(s, digits);
	*ret_value = n;
	return true;
}

static bool cut_char(struct span *s, char c)
{
	if (s->left == 0 || s->at[0] != (uint8_t)c)
		return false;
	(void)span_cut(s, 1);
	return true;
}

/* "08:30" -> 510; up to 24:00 */
static bool cut_clock(struct span *s, uint32_t *ret_minutes)
{
	unsigned hour = 0, minute = 0;

	if (!cut_digits(s, 2, &hour) || !cut_char(s, ':') || !cut_digits(s, 2, &minute))
		return false;
	*ret_minutes = hour * 60 + minute;
	return minute < 60 && *ret_minutes <= 1440;
}

static bool cut_weekday(struct span *s, uint32_t *ret_day)
{
	static const char *const words[] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun",
		/* the same in Japanese: getsu ka sui moku kin do nichi */
		"\xe6\x9c\x88", "\xe7\x81\xab", "\xe6\xb0\xb4", "\xe6\x9c\xa8", "\xe9\x87\x91",
		"\xe5\x9c\x9f", "\xe6\x97\xa5" };

	for (uint32_t i = 0; i < 14; i++)
		if (s->left >= 3 && memcmp(s->at, words[i], 3) == 0) {
			(void)span_cut(s, 3);
			*ret_day = i % 7;
			return true;
		}
	return false;
}

/* "Mon-Fri", "Sat", "daily" */
static bool read_weekdays(struct span s, uint32_t *ret_first, uint32_t *ret_last)
{
	if (span_equal(s, "daily")) {
		*ret_first = 0;
		*ret_last = 6;
		return true;
	}
	if (!cut_weekday(&s, ret_first))
		return false;
	*ret_last = *ret_first;
	if (s.left == 0)
		return true;
	return cut_char(&s, '-') && cut_weekday(&s, ret_last) && s.left == 0;
}

int hours_read(struct span item, struct hours ret_hours[HOURS_MAX], size_t *ret_n,
    struct why *why)
{
	struct span whole = item, days = span_until(&item, ' ');
	uint32_t first = 0, last = 0, from = 0, to = 0;
	size_t n = 0;

	item = span_trim(item);
	if (!read_weekdays(days, &first, &last) || !cut_clock(&item, &from) ||
	    !cut_char(&item, '-') || !cut_clock(&item, &to) || item.left > 0)
		return fail(why, KS_MALFORMED,
		    "\"%.*s\" are no hours; write them as Mon-Fri 08:00-20:00", (int)whole.left,
		    (const char *)whole.at);
	if (from == to)
		return fail(why, KS_MALFORMED, "\"%.*s\" begins and ends at the same time",
		    (int)whole.left, (const char *)whole.at);
	to += to < from ? 1440 : 0; /* over midnight */
	for (uint32_t day = first;; day = (day + 1) % 7) {
		uint32_t at = day * 1440;

		ret_hours[n++] = (struct hours){ at + from, at + to };
		if (at + to > WEEK_MINUTES) { /* Sunday night goes on on Monday */
			ret_hours[n - 1].to = WEEK_MINUTES;
			ret_hours[n++] = (struct hours){ 0, at + to - WEEK_MINUTES };
		}
		if (day == last)
			break;
	}
	*ret_n = n;
	return KS_OK;
}

/* [YYYY-]MM-DD as days since 1970; year 2000 and *ret_yearly when there is none. */
static bool cut_date(struct span *s, int64_t *ret_day, bool *ret_yearly)
{
	unsigned year = 2000, month = 0, day = 0;

	*ret_yearly = s->left < 5 || s->at[2] == '-';
	if (!*ret_yearly && (!cut_digits(s, 4, &year) || !cut_char(s, '-')))
		return false;
	if (!cut_digits(s, 2, &month) || !cut_char(s, '-') || !cut_digits(s, 2, &day))
		return false;
	if (month < 1 || month > 12 || day < 1 || day > days_in_month((int32_t)year, month))
		return false;
	*ret_day = days_of((int32_t)year, month, day);
	return true;
}

int days_read(struct span item, struct days *ret_days, struct why *why)
{
	struct span whole = item;
	struct days days = { 0 };
	bool good = cut_date(&item, &days.first, &days.yearly), yearly = days.yearly;

	days.last = days.first;
	if (good && item.left > 0)
		good = cut_char(&item, '.') && cut_char(&item, '.') &&
		    cut_date(&item, &days.last, &yearly) && item.left == 0;
	if (!good || yearly != days.yearly)
		return fail(why, KS_MALFORMED,
		    "\"%.*s\" is no date; write 2026-08-13, 2026-08-13..2026-08-16 or 12-29..01-03",
		    (int)whole.left, (const char *)whole.at);
	if (days.yearly && days.last < days.first)
		days.last += 366; /* over new year; 2000 was a leap year */
	if (days.last < days.first)
		return fail(why, KS_MALFORMED, "\"%.*s\" ends before it begins", (int)whole.left,
		    (const char *)whole.at);
	*ret_days = days;
	return KS_OK;
}

/* "Z" "+09:00" "-05:00" "" */
static bool cut_offset(struct span *s, int64_t *ret_ms, bool *ret_local)
{
	uint32_t minutes = 0;

	*ret_local = s->left == 0;
	*ret_ms = 0;
	if (*ret_local || cut_char(s, 'Z'))
		return true;
	bool west = cut_char(s, '-');

	if ((!west && !cut_char(s, '+')) || !cut_clock(s, &minutes))
		return false;
	*ret_ms = (west ? -1 : 1) * (int64_t)minutes * MINUTE_MS;
	return true;
}

int instant_read(struct span s, int64_t *ret_ms, bool *ret_local, struct why *why)
{
	struct span whole = s;
	int64_t day = 0, offset = 0;
	uint32_t minutes = 0;
	unsigned seconds = 0;
	bool yearly, local = true, good = cut_date(&s, &day, &yearly) && !yearly;

	if (good && s.left > 0) {
		good = (cut_char(&s, 'T') || cut_char(&s, ' ')) && cut_clock(&s, &minutes);
		if (good && cut_char(&s, ':'))
			good = cut_digits(&s, 2, &seconds) && seconds < 60;
		good = good && cut_offset(&s, &offset, &local) && s.left == 0;
	}
	if (!good)
		return fail(why, KS_MALFORMED, "\"%.*s\" is no time; write 2026-08-13T22:00",
		    (int)whole.left, (const char *)whole.at);
	*ret_ms = day * DAY_MS + minutes * (int64_t)MINUTE_MS + seconds * 1000 - offset;
	*ret_local = local;
	return KS_OK;
}
