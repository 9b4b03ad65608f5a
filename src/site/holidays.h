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

/* A day that is off in offices of the state, and no holiday of all; a weekend day on which is
 * worked, in exchange for another. */
enum holiday_kind { OTHER_OFFICES, OTHER_WORKED };
struct holiday_other {
	uint16_t country, kind;
	int32_t day;
};

extern const struct holiday_other holiday_others[]; /* in order as well */
extern const size_t holiday_others_n;
extern const struct holiday holidays[];
extern const size_t holidays_n;
extern const char *const holiday_names[];
extern const char *const holiday_countries[]; /* NULL-ended */
extern const int32_t holiday_first_year, holiday_last_year;
#endif
