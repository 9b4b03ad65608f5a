/* src/sense/meter/meter.h - what every driver does with a value it found: give it a
 * name, put it through the gate, say what it is when it is no number.
 *
 * All take a NULL offer (there was no room: talk->full is set) and do nothing, so a
 * driver never asks.  Text from outside is copied cut to its room, never inside a
 * UTF-8 character; control characters become blanks. */
#ifndef KS_SENSE_METER_METER_H
#define KS_SENSE_METER_METER_H
#include "sense/driver.h"

/* A fresh offer; characters that an id may not have become '_'.  Its label is the id
 * until meter_label, its value absent (DOUBT_EMPTY) until one of the below. */
struct offer *meter_offer(struct talk *talk, enum measure kind, struct span id);
/* Gives an id that another offer of this talk has a number of its own behind it. */
void meter_unique(struct talk *talk, struct offer *offer);
void meter_label(struct offer *offer, struct span label);
void meter_source(struct offer *offer, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* At the end of a talk: with read= in the site file only what it names stays (by id,
 * source or label, or the end of one); an absent value when nothing has that name. */
void meter_pick(struct talk *talk);

/* A value in thousandths of the kind's unit, gated: quality and doubt are set. */
void meter_number(struct offer *offer, int64_t milli);
/* Decimal text times multiplier / divisor gives the kind's unit: "23500" with 1 / 1000
 * is 23.5 C.  "", n/a, nan: absent; no number: untrusted, DOUBT_MALFORMED. */
void meter_text(struct offer *offer, struct span text, int64_t multiplier,
    int64_t divisor);
/* The same for a real number out of a library; NaN and infinities are absent. */
void meter_real(struct offer *offer, double value);
void meter_absent(struct offer *offer, enum doubt doubt);
void meter_untrusted(struct offer *offer, enum doubt doubt);
/* A state: its number, its word, how bad the device's own description grades it. */
void meter_state(struct offer *offer, int64_t number, struct span word,
    enum severity severity);

/* The place that the device's own words tell ("Inlet Temp", "Exhaust"); else as is. */
void meter_place(struct offer *offer, struct span words);
/* Turn a Fahrenheit milli-degree into Celsius, remembering that it was. */
int64_t meter_celsius(struct offer *offer, int64_t milli_f);

/* Text that stands for "no value": "", "n/a", "na", "null", "none", "nan", "-". */
bool meter_empty(struct span text);
/* Decimal text as thousandths; multiplier / divisor as above. */
KS_MUST int meter_milli(struct span text, int64_t multiplier, int64_t divisor,
    int64_t *ret_milli);
/* A real number as thousandths; false when NaN, infinite or too large. */
bool meter_milli_real(double value, int64_t *ret_milli);
/* Does word stand in text, whatever the case? */
bool meter_has(struct span text, const char *word);
bool meter_same(struct span text, const char *word);
bool meter_starts(struct span text, const char *with);
bool meter_ends(struct span text, const char *with);

/* A zero-ended copy of s, cut to room; control characters become blanks. */
void meter_copy(char *to, size_t room, struct span s);
#endif
