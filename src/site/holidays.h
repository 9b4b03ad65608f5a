/* src/site/holidays.h - the table that holidays.py writes at build; asked through
 * site/calendar.h.  Sorted by country, then day. */
#ifndef KS_SITE_HOLIDAYS_H
#define KS_SITE_HOLIDAYS_H
#include <stddef.h>
#include <stdint.h>

struct holiday {
	uint16_t country, name; /* indices */
	int32_t day;		/* since 1970-01-01 */
};

extern const struct holiday holidays[];
extern const size_t holidays_n;
extern const char *const holiday_names[];
extern const char *const holiday_countries[]; /* NULL-ended */
extern const int32_t holiday_first_year, holiday_last_year;
#endif
