/* src/cli/audit_period.c - a period in words, as the whole hours that the store keeps. */
#include "cli/audit_past.h"
#include "cli/front.h"
#include "site/wire.h"
#include <stdio.h>
#include <string.h>

/* A day, or a minute of one; *ret_next: where it ends. */
static bool moment_read(const char *words, const struct zone *zone, int64_t *ret_ms,
    int64_t *ret_next_ms, int *ret_used)
{
	unsigned month = 0, day = 0, hour = 0, minute = 0;
	int year = 0, used = 0, more = 0;

	if (sscanf(words, "%4d-%2u-%2u%n", &year, &month, &day, &used) != 3 || used != 10 ||
	    year < 1970 || month < 1 || month > 12 || day < 1 || day > days_in_month(year, month))
		return false;
	struct civil at = { .year = year, .month = (uint8_t)month, .day = (uint8_t)day };
	struct civil next = days_split(days_of(year, month, day) + 1);

	*ret_next_ms = zone_join(zone, &next);
	if (words[used] == 'T') {
		if (sscanf(words + used, "T%2u:%2u%n", &hour, &minute, &more) != 2 || hour > 23 ||
		    minute > 59)
			return false;
		at.hour = (uint8_t)hour;
		at.minute = (uint8_t)minute;
		*ret_next_ms = zone_join(zone, &at);
	}
	*ret_ms = zone_join(zone, &at);
	*ret_used = used + more;
	return true;
}

bool period_read(const char *words, const struct zone *zone, int64_t *ret_from_ms,
    int64_t *ret_to_ms)
{
	int64_t from, to, other;
	int used;

	if (!moment_read(words, zone, &from, &to, &used))
		return false;
	words += used;
	if (strncmp(words, "..", 2) == 0) {
		if (!moment_read(words + 2, zone, &other, &to, &used))
			return false;
		words += 2 + used;
	}
	if (words[0] != '\0' || to <= from)
		return false;
	*ret_from_ms = from;
	*ret_to_ms = to;
	return true;
}

bool is_period(const char *words)
{
	int64_t from, to;

	return period_read(words, NULL, &from, &to);
}

static void moment_put(char *to, size_t room, const struct zone *zone, int64_t ms)
{
	struct civil at = zone_split(zone, ms);

	(void)snprintf(to, room, "%04d-%02u-%02uT%02u:%02u", (int)at.year % 10000, at.month % 100u,
	    at.day % 100u, at.hour % 100u, at.minute % 100u);
}

int period_take(struct past_ask *ask, const char *words, enum lang lang, struct why *why)
{
	enum { MOMENT = 20 };
	char from[MOMENT], to[MOMENT];
	int64_t from_ms, to_ms;

	ask->words = words;
	if (!period_read(words, ask->zone, &from_ms, &to_ms))
		return fail(why, KS_MALFORMED, "%s is no period, such as 2026-11-01..2026-11-07", words);
	ask->from_ms = from_ms / WIRE_HOUR_MS * WIRE_HOUR_MS;
	ask->to_ms = (to_ms + WIRE_HOUR_MS - 1) / WIRE_HOUR_MS * WIRE_HOUR_MS;
	if (ask->from_ms == from_ms && ask->to_ms == to_ms)
		return KS_OK;
	moment_put(from, sizeof from, ask->zone, ask->from_ms);
	moment_put(to, sizeof to, ask->zone, ask->to_ms);
	(void)snprintf(ask->hours, sizeof ask->hours, "%s..%s", from, to);
	ask->words = ask->hours;
	cli_complain(lang, "%s: the store keeps whole hours; this is %s", words, ask->hours);
	return KS_OK;
}
