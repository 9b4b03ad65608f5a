/* src/wire/silence.h - days on which a relation said nothing though its device was awake,
 * and the calendars whose holidays such days fit.  Pure; days are local days, counted
 * since 1970-01-01.
 *
 * A day between the first and the last contact is silent when the chance of no contact in
 * the hours from the device's first word to its last is below 1e-6: by the mean of the days
 * with contacts, over the hours of the day at which contacts come, Poisson, or negative
 * binomial where days differ more than that.  Weekdays that are always silent are habit.
 * A calendar is named from three weeks of capture and two silent days on: when at least half of
 * the silent days are its holidays, which chance (hypergeometric) does less than once in a
 * hundred, the ways in which its days are counted reckoned with (weekends that hang on them,
 * days of offices alone).  It is "consistent with", and proves nothing. */
#ifndef KS_WIRE_SILENCE_H
#define KS_WIRE_SILENCE_H
#include "wire/periodic.h"

enum { SILENCE_CALENDARS = 6 };

struct silence {
	int32_t *days; /* ascending, of the arena */
	size_t n;
	double chance_log10; /* of the least unlikely one */
	const char *calendars[SILENCE_CALENDARS]; /* "JP"; the best first, NULL-ended if fewer */
	size_t calendars_n;
};

/* first_ms, last_ms: of the whole capture.  contacts->awake is of the device's whole
 * traffic; contacts->away holds pauses of the whole capture; those of
 * more than eight hours are taken as outages.  KS_OK with n = 0: no silent day. */
KS_MUST int silence_find(const struct contacts *contacts, int64_t first_ms, int64_t last_ms,
    struct arena *arena, struct silence *ret_silence);
/* The silent days as stretches of time, for periodic_find(): n of them; NULL without memory. */
struct stretch *silence_stretches(const struct silence *silence, const struct zone *zone,
    struct arena *arena);
#endif
