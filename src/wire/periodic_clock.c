/* src/wire/periodic_clock.c - summer time by rule: European Union (directive 2000/84/EC),
 * USA and Canada (Energy Policy Act of 2005), south-eastern Australia (since 2008), New
 * Zealand (Daylight Time Order 2007).  To the hour: who keeps which clock is told by
 * whole days. */
#include "wire/periodic.h"

enum { HOUR_MS = 3600000, MARCH = 3, APRIL = 4, SEPTEMBER = 9, OCTOBER = 10, NOVEMBER = 11,
	LAST = 5 };

static const struct summer {
	struct change {
		uint8_t month, sunday; /* the first is 1 */
		int8_t hour;	       /* of UTC; the evening before has a minus */
	} begins, ends;
} summers[PERIODIC_CLOCKS] = {
	[CLOCK_EUROPE] = { { MARCH, LAST, 1 }, { OCTOBER, LAST, 1 } },
	[CLOCK_NORTH_AMERICA] = { { MARCH, 2, 7 }, { NOVEMBER, 1, 6 } },
	[CLOCK_AUSTRALIA] = { { OCTOBER, 1, -8 }, { APRIL, 1, -8 } },
	[CLOCK_NEW_ZEALAND] = { { SEPTEMBER, LAST, -10 }, { APRIL, 1, -10 } },
};

static int64_t change_ms(const struct change *change, int32_t year)
{
	int64_t first = days_of(year, change->month, 1);
	unsigned to_sunday = 6 - days_split(first).weekday;
	int64_t day = first + to_sunday + 7 * (change->sunday - 1);

	while (day >= first + days_in_month(year, change->month))
		day -= 7;
	return (day * 24 + change->hour) * HOUR_MS;
}

int32_t clock_summer(uint8_t clock, int64_t ms)
{
	const struct summer *summer = &summers[clock];
	int32_t year = zone_split(NULL, ms).year;
	int64_t begins = change_ms(&summer->begins, year), ends = change_ms(&summer->ends, year);

	if (begins < ends)
		return ms >= begins && ms < ends ? 3600 : 0;
	return ms >= begins || ms < ends ? 3600 : 0;
}

int64_t clock_changed(uint8_t clock, int64_t from_ms, int64_t to_ms)
{
	const struct summer *summer = &summers[clock];
	int64_t last = 0;

	for (int32_t year = zone_split(NULL, to_ms).year; last == 0 &&
	     year >= zone_split(NULL, from_ms).year; year--) {
		int64_t at[2] = { change_ms(&summer->begins, year), change_ms(&summer->ends, year) };

		for (size_t i = 0; i < 2; i++)
			if (at[i] > from_ms && at[i] <= to_ms && at[i] > last)
				last = at[i];
	}
	return last;
}
