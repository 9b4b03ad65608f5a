/* src/sense/gate.h - what no sensor can mean, the same for every driver: numbers that
 * stand for "nothing", the largest numbers of a type, values outside physics and
 * outside the air of a room.  A gate never repairs silently: it says ok, untrusted or
 * absent, and which doubt.
 *
 * Two gates, because "nothing" is said in raw counts (65535) as well as in degrees
 * (-99.9): first gate_raw() on what came, then offer_gate() on the scaled value. */
#ifndef KS_SENSE_GATE_H
#define KS_SENSE_GATE_H
#include "sense/driver.h"

/* Air of a room, thousandths of a degree: colder or hotter is no air of ours. */
enum { GATE_AIR_LOW = -40000, GATE_AIR_HIGH = 85000 };

/* A whole number as it came, before scaling by times/over into the kind's unit:
 *   DOUBT_TYPE_MAX  the largest of its type (65535, 2147483647, 4294967295 ...)
 *   DOUBT_SIGN      a negative number read as unsigned; *ret_raw is the negative one
 *   DOUBT_NONE      take it; *ret_raw = raw */
enum doubt gate_raw(enum measure kind, int64_t raw, int64_t times, int64_t over,
    int64_t *ret_raw);

/* Judges offer->milli by kind and place; sets quality and doubt.  A doubt already
 * there with QUALITY_OK (SIGN, UNIT) stays when nothing worse is found; an offer that
 * is already absent or untrusted is left alone. */
void offer_gate(struct offer *offer);

/* Marks an offer absent / untrusted, with the reason; its value becomes 0. */
void offer_absent(struct offer *offer, enum doubt doubt);
void offer_untrusted(struct offer *offer, enum doubt doubt);

/* Thousandths of a degree Fahrenheit into thousandths of a degree Celsius. */
int64_t celsius_of(int64_t milli_f);
#endif
