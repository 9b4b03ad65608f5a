/* src/base/zone.h - local time without TZ, localtime or hidden state: a zone is made
 * from the bytes of a TZif file (RFC 8536, /usr/share/zoneinfo/NAME), which the caller
 * reads.  After the last change in the file its footer rule goes on for ever.
 * A NULL zone is UTC everywhere.  Files with leap seconds ("right/") are refused. */
#ifndef KS_BASE_ZONE_H
#define KS_BASE_ZONE_H
#include "base/span.h"
#include "base/why.h"
#include <stdbool.h>
#include <stdint.h>

struct zone;

/* Proleptic Gregorian; weekday 0 is Monday (ISO 8601). */
struct civil {
	int32_t year;
	uint8_t month, day;		/* 1-based */
	uint8_t hour, minute, second;
	uint8_t weekday;
	uint16_t ms;
	int32_t offset_s;		/* local minus UTC, as it is then */
};

KS_MUST int zone_new(struct span tzif, struct zone **ret_zone, struct why *why);
void zone_free(struct zone *zone); /* NULL is fine */
static inline void drop_zone(struct zone **zone)
{
	zone_free(*zone);
}

/* Times beyond the years -9999..9999 are taken as the nearest within. */
struct civil zone_split(const struct zone *zone, int64_t utc_ms);
/* The instant of a local time; weekday and offset_s are not looked at.  An hour that
 * comes twice is the first of the two; one that is skipped is as long after the jump
 * as it is after the last minute before it.  Days past the month's end run on. */
int64_t zone_join(const struct zone *zone, const struct civil *civil);
/* Local minus UTC in seconds at that instant. */
int32_t zone_offset(const struct zone *zone, int64_t utc_ms);

/* Days since 1970-01-01 of a date, and back; month may be any 1..12, day any. */
int64_t days_of(int32_t year, unsigned month, int64_t day);
struct civil days_split(int64_t days);
unsigned days_in_month(int32_t year, unsigned month);
/* Is NAME fit to be looked up below a folder: letters, digits, _ + - and single
 * slashes, no dots, so that it can not leave the folder. */
bool zone_name_good(struct span name);
#endif
