/* src/site/ics_rule.h - repetitions by month and year of a calendar file (RFC 5545,
 * 3.3.10): on which days.  BYMONTH, BYMONTHDAY (also from the end) and BYDAY (the second
 * Monday, the last Friday).  Pure. */
#ifndef KS_SITE_ICS_RULE_H
#define KS_SITE_ICS_RULE_H
#include "base/span.h"
#include <stdbool.h>
#include <stdint.h>

enum { ICS_NTH = 16, ICS_FIRST_YEAR = 2020, ICS_LAST_YEAR = 2060 };

struct ics_rule {
	bool yearly;
	uint16_t months;	/* BYMONTH: bit 0 January */
	uint32_t days, last;	/* BYMONTHDAY: bit 0 the first; the last */
	struct {
		int8_t nth;	/* 0: all of them; -1: the last */
		uint8_t weekday; /* 0 Monday */
	} nth[ICS_NTH];
	uint8_t nth_n;
};

/* "2MO,-1FR,TU"; false: not that. */
bool ics_rule_weekdays(struct ics_rule *rule, struct span list);
bool ics_rule_days(struct ics_rule *rule, struct span list);
bool ics_rule_months(struct ics_rule *rule, struct span list);

struct ics_span {
	int64_t from_ms, until_ms;	/* first beginning; none begins from here on */
	int64_t interval, count;	/* count 0: without end */
};
/* Every beginning from ICS_FIRST_YEAR to ICS_LAST_YEAR, in order; stops, and returns
 * false, when put does.  Beginnings before are counted and not put. */
bool ics_rule_each(const struct ics_rule *rule, const struct ics_span *span,
    bool (*put)(void *user, int64_t from_ms), void *user);
#endif
