/* src/site/measure.h - what can be measured, in which unit, and how much to trust it.
 * A value is always an int64 in thousandths of the kind's one unit (24.5 C = 24500),
 * so watts never meet amperes by accident and no test compares floats. */
#ifndef KS_SITE_MEASURE_H
#define KS_SITE_MEASURE_H
#include "base/span.h"
#include <stdbool.h>
#include <stdint.h>

/* X(constant, word, unit, lowest, highest): beyond is no room, no wire and no fan of
 * this planet; in whole units.  Words and units are those of `--json`. */
#define KS_MEASURES(X)                                                                 \
	X(MEASURE_TEMPERATURE, "temperature", "C", -60, 250)                           \
	X(MEASURE_HUMIDITY, "humidity", "%", 0, 100)                                   \
	X(MEASURE_DEW_POINT, "dew_point", "C", -80, 60)                                \
	X(MEASURE_POWER, "power", "W", -10000000, 1000000000)                          \
	X(MEASURE_APPARENT_POWER, "apparent_power", "VA", -10000000, 1000000000)       \
	X(MEASURE_REACTIVE_POWER, "reactive_power", "var", -1000000000, 1000000000)    \
	X(MEASURE_ENERGY, "energy", "kWh", 0, 1000000000000)                           \
	X(MEASURE_CURRENT, "current", "A", -100000, 100000)                            \
	X(MEASURE_VOLTAGE, "voltage", "V", -1000, 1000000)                             \
	X(MEASURE_POWER_FACTOR, "power_factor", "", -1, 1)                             \
	X(MEASURE_LOAD, "load", "%", -10, 1000)                                        \
	X(MEASURE_CHARGE, "charge", "%", 0, 110)                                       \
	X(MEASURE_RUNTIME, "runtime", "min", 0, 1000000)                               \
	X(MEASURE_FREQUENCY, "frequency", "Hz", 0, 100000000000)                       \
	X(MEASURE_FAN, "fan", "rpm", 0, 200000)                                        \
	X(MEASURE_FLOW, "flow", "l/min", -1000, 10000000)                              \
	X(MEASURE_PRESSURE, "pressure", "Pa", -10000000, 100000000)                    \
	X(MEASURE_PERCENT, "percent", "%", -1000, 1000)                                \
	X(MEASURE_COUNT, "count", "", -1000000000000, 1000000000000)                   \
	X(MEASURE_DURATION, "duration", "min", 0, 100000000)                           \
	X(MEASURE_STATE, "state", "", -2147483648LL, 4294967295LL)                     \
	X(MEASURE_REACH, "reach", "", 0, 1)         /* 1 answered, 0 did not */        \
	X(MEASURE_UPTIME, "uptime", "s", 0, 10000000000) /* since its boot */           \
	X(MEASURE_VALUE, "value", "", -4000000000000000LL, 4000000000000000LL)

enum measure {
#define X(name, word, unit, low, high) name,
	KS_MEASURES(X)
#undef X
	MEASURES
};

/* A reading's quality: states of their own, never averaged away. */
enum quality {
	QUALITY_OK,
	QUALITY_UNTRUSTED, /* a number came, but it cannot be true or cannot be believed */
	QUALITY_ABSENT,	   /* nothing is fitted there, or nothing answers */
	QUALITY_STUCK,	   /* the same number for too long */
	QUALITIES
};

/* Why a reading is not QUALITY_OK; its sentence is in the catalogue (field/heat 6). */
enum doubt {
	DOUBT_NONE,
	DOUBT_SENTINEL,	     /* the vendor's "no sensor" or "no value" number */
	DOUBT_NOT_FITTED,    /* a status or a lasting 0 says nothing is plugged in */
	DOUBT_EMPTY,	     /* "", n/a, null, noSuchInstance, Disabled */
	DOUBT_TYPE_MAX,	     /* 2147483647, 65535, 255: a type's largest number */
	DOUBT_OUT_OF_PHYSICS,/* outside what the kind can be */
	DOUBT_OUT_OF_ROOM,   /* air outside -40..85 C */
	DOUBT_POWER_ON,	     /* 85.000: a DS18B20 that never converted */
	DOUBT_STARVED,	     /* 127.94: a DS18B20 without power to convert */
	DOUBT_CHECKSUM,	     /* the bus says the bytes are damaged */
	DOUBT_JUMP,	     /* faster than 10 K/min and no second sensor agrees */
	DOUBT_SCALE,	     /* a jump by 10, 100, 256 or 1000: the scale changed */
	DOUBT_UNIT,	     /* looks like Fahrenheit among Celsius neighbours */
	DOUBT_STUCK,	     /* unchanged far longer than ever, while others moved */
	DOUBT_MALFORMED,     /* text that is no number */
	DOUBT_SILENT,	     /* the device does not answer */
	DOUBT_REFUSED,	     /* the device answers, but says no (login, rights) */
	DOUBT_GONE,	     /* it was there before and is not any more */
	DOUBT_SIGN,	     /* a negative number read as unsigned, re-read (still OK) */
	DOUBT_FAULT,	     /* the device itself says that this sensor is broken */
	DOUBT_CLOSED,	     /* the host is there, but nothing listens on the port asked */
	DOUBTS
};

enum severity { SEVERITY_OK, SEVERITY_WARNING, SEVERITY_CRITICAL, SEVERITY_UNKNOWN, SEVERITIES };

/* Where a sensor sits; limits go by place. */
enum place { PLACE_NONE, PLACE_INLET, PLACE_OUTLET, PLACE_ROOM, PLACE_RETURN, PLACE_SUPPLY,
	PLACE_OUTSIDE, PLACE_INTERNAL, PLACE_WATER, PLACES };

const char *measure_word(enum measure kind);
const char *measure_unit(enum measure kind);
bool measure_find(struct span word, enum measure *ret_kind);
/* Is milli inside what the kind can be at all? */
bool measure_possible(enum measure kind, int64_t milli);

const char *quality_word(enum quality quality);	  /* "ok" "untrusted" ... */
const char *doubt_sentence(enum doubt doubt);	  /* English msgid; "" for none */
const char *severity_word(enum severity severity); /* "ok" "warning" "critical" "unknown" */
const char *place_word(enum place place);
bool place_find(struct span word, enum place *ret_place);

/* The one thing a sense says.  `source` is an index into what the poller was given
 * (see sense/poll.h); `state` and `severity` only speak for MEASURE_STATE and
 * MEASURE_REACH.  46 bytes of words, so that it crosses role boundaries by value. */
struct reading {
	uint32_t series;     /* the reader's own number for what is measured */
	uint8_t kind;	     /* enum measure */
	uint8_t quality;     /* enum quality */
	uint8_t doubt;	     /* enum doubt */
	uint8_t severity;    /* enum severity, as the device's MIB grades this state */
	int64_t time_ms;     /* UTC */
	int64_t milli;	     /* meaningless when QUALITY_ABSENT */
	char state[40];	     /* "onBattery": the MIB's word, zero-ended; "" else */
};
#endif
