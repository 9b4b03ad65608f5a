#include "site/ics_rule.h"
#include "base/number.h"
#include "base/zone.h"
#include <string.h>

enum { DAY = 86400000 };

/* Midnight on or before; also before 1970. */
static int64_t day_of(int64_t ms)
{
	return ms >= 0 ? ms / DAY : -((-ms + DAY - 1) / DAY);
}

bool ics_rule_weekdays(struct ics_rule *rule, struct span list)
{
	static const char words[] = "MOTUWETHFRSASU";

	while (list.left > 0) {
		struct span word = span_until(&list, ','), number = word;
		int64_t nth = 0;
		unsigned day = 0;

		if (word.left < 2 || rule->nth_n == ICS_NTH)
			return false;
		number.left -= 2;
		if (number.left > 1 && number.at[0] == '+')
			(void)span_cut(&number, 1);
		if (number.left > 0 && (number_read(number, 0, &nth) != KS_OK || nth < -5 || nth > 5 ||
					   nth == 0))
			return false;
		while (day < 7 && memcmp(words + (size_t)2 * day, word.at + word.left - 2, 2) != 0)
			day++;
		if (day == 7)
			return false;
		rule->nth[rule->nth_n].nth = (int8_t)nth;
		rule->nth[rule->nth_n++].weekday = (uint8_t)day;
	}
	return rule->nth_n > 0;
}

bool ics_rule_days(struct ics_rule *rule, struct span list)
{
	while (list.left > 0) {
		int64_t day = 0;

		if (number_read(span_until(&list, ','), 0, &day) != KS_OK || day == 0 || day < -31 ||
		    day > 31)
			return false;
		if (day > 0)
			rule->days |= 1u << (day - 1);
		else
			rule->last |= 1u << (-day - 1);
	}
	return (rule->days | rule->last) != 0;
}

bool ics_rule_months(struct ics_rule *rule, struct span list)
{
	while (list.left > 0) {
		int64_t month = 0;

		if (number_read(span_until(&list, ','), 0, &month) != KS_OK || month < 1 || month > 12)
			return false;
		rule->months = (uint16_t)(rule->months | 1u << (month - 1));
	}
	return rule->months != 0;
}

/* Bit 0 the first of the month. */
static uint32_t nth_days(const struct ics_rule *rule, int32_t year, unsigned month)
{
	unsigned length = days_in_month(year, month);
	unsigned first = days_split(days_of(year, month, 1)).weekday;
	uint32_t days = 0;

	for (unsigned i = 0; i < rule->nth_n; i++) {
		int nth = rule->nth[i].nth;
		unsigned day = (rule->nth[i].weekday + 7u - first) % 7; /* the first such */

		for (unsigned n = 1; day < length; day += 7, n++) {
			int from_end = -(int)((length - 1 - day) / 7) - 1;

			if (nth == 0 || nth == (int)n || nth == from_end)
				days |= 1u << day;
		}
	}
	return days;
}

static uint32_t days_on(const struct ics_rule *rule, int32_t year, unsigned month, unsigned own)
{
	unsigned length = days_in_month(year, month);
	uint32_t all = length == 31 ? 0x7fffffff : (1u << length) - 1, days = rule->days;

	for (unsigned i = 0; i < length; i++)
		if (rule->last & 1u << i)
			days |= 1u << (length - 1 - i);
	if (rule->days == 0 && rule->last == 0)
		days = rule->nth_n > 0 ? all : 1u << (own - 1);
	if (rule->nth_n > 0)
		days &= nth_days(rule, year, month);
	return days & all;
}

struct walk {
	const struct ics_span *span;
	bool (*put)(void *user, int64_t from_ms);
	void *user;
	int64_t clock, said;
	bool over;
};

/* One month's beginnings; false: put had enough. */
static bool month_each(struct walk *walk, uint32_t days, int32_t year, unsigned month)
{
	for (unsigned day = 0; day < 31 && !walk->over; day++) {
		int64_t at = (days_of(year, month, 1) + day) * DAY + walk->clock;

		if (!(days & 1u << day) || at < walk->span->from_ms)
			continue;
		walk->over = at >= walk->span->until_ms ||
		    (walk->span->count > 0 && walk->said == walk->span->count);
		walk->said++;
		if (!walk->over && year >= ICS_FIRST_YEAR && !walk->put(walk->user, at))
			return false;
	}
	return true;
}

bool ics_rule_each(const struct ics_rule *rule, const struct ics_span *span,
    bool (*put)(void *user, int64_t from_ms), void *user)
{
	struct civil from = days_split(day_of(span->from_ms));
	bool each_month = rule->yearly && rule->months == 0 && (rule->days | rule->last) != 0;
	unsigned months = rule->months != 0 ? rule->months : rule->yearly && !each_month ?
	    1u << (from.month - 1) : 0xfff;
	int64_t step = rule->yearly ? 12 * span->interval : span->interval;
	int64_t at = from.year * 12LL + (rule->yearly ? 0 : from.month - 1);
	struct walk walk = { .span = span, .put = put, .user = user,
		.clock = span->from_ms - day_of(span->from_ms) * DAY };

	for (; at < (ICS_LAST_YEAR + 1) * 12LL && !walk.over; at += step)
		for (unsigned k = 0; k < (rule->yearly ? 12u : 1u) && !walk.over; k++) {
			int32_t year = (int32_t)((at + k) / 12);
			unsigned month = (unsigned)((at + k) % 12) + 1;

			if ((months & 1u << (month - 1)) &&
			    !month_each(&walk, days_on(rule, year, month, from.day), year, month))
				return false;
		}
	return true;
}
