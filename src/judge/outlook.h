/* src/judge/outlook.h - how a room's air will go on: when it will be how warm, with an
 * 80 % interval, from the same forecast that findings are made of.  Data only. */
#ifndef KS_JUDGE_OUTLOOK_H
#define KS_JUDGE_OUTLOOK_H
#include "judge/judge.h"

enum { OUTLOOK_LEVELS = 8 };

struct outlook_level {
	int64_t milli;			/* C, rising */
	int32_t low_s, mid_s, high_s;	/* seconds from at_ms until it is passed */
};

struct outlook {
	uint32_t room;	   /* index into site->rooms */
	uint32_t levels_n; /* the first is now; 0: no forecast */
	int64_t at_ms;
	int64_t warning, critical; /* of the room's air; INT64_MAX: none */
	int64_t rise_mk_h; /* over the last hour; INT64_MIN: not known */
	struct outlook_level levels[OUTLOOK_LEVELS];
};

/* Of the rooms that head for a limit, at most `most`, the nearest first; levels of at most one
 * room a call is computed anew, so a call costs milliseconds.  Borrowed until the next
 * judge_ call. */
size_t judge_outlooks(struct judge *judge, size_t most, struct outlook *ret_outlooks);

/* The limits by which a series is judged: its own, its node's, or its room's. */
struct limits judge_limits(const struct judge *judge, uint32_t series);
#endif
