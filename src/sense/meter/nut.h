/* src/sense/meter/nut.h - what NUT's variable names mean (networkupstools
 * docs/nut-names.txt): DOMAIN.[N.][PHASE.]QUANTITY[.QUALIFIER].  Pure. */
#ifndef KS_SENSE_METER_NUT_H
#define KS_SENSE_METER_NUT_H
#include "sense/meter/meter.h"

enum nut_is { NUT_OTHER, NUT_NUMBER, NUT_LIMIT, NUT_STATE, NUT_ALARM };

struct nut_meaning {
	enum nut_is is;
	enum measure kind;
	int64_t multiplier, divisor; /* of the text, into the kind's unit */
	struct span about;	     /* NUT_LIMIT: the variable it limits */
	enum { NUT_LOW_CRITICAL, NUT_LOW_WARNING, NUT_HIGH_WARNING, NUT_HIGH_CRITICAL } limit;
	bool never_negative;	     /* -1 says "not counting": a timer */
};

struct nut_meaning nut_meaning(struct span variable);

/* "OB DISCHRG LB": a bit for each flag known, and the worst severity among them. */
uint32_t nut_flags(struct span status, enum severity *ret_severity);
/* Any other .status word: its number (0 well or off or open, 1, 2) and severity. */
int64_t nut_state(struct span word, enum severity *ret_severity);
#endif
