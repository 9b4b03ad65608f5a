/* src/sense/snmp/rows.h - what a vendor's MIB means, as rows of a table.
 *
 * HOW TO ADD A VENDOR: one file src/sense/snmp/VENDOR.c with one or more
 * `const struct snmp_family family_NAME`, its name in the list of families.h, the file
 * in src/sense/meson.build, and a small recording of ours in test/data/snmp/.  No code:
 * a family is how the device is recognised, which subtrees are walked at the start (and
 * once a day), and rows.  Afterwards only the OIDs that rows found are asked.
 *
 * An OID in a row is written below family->base ("2.2.2"), or whole with a leading dot
 * (".1.3.6.1.2.1.1.3").  A row names a column or a scalar without its instance: every
 * variable found below it becomes one reading, the rest of its OID is the index.
 *
 * A REFERENCE to another variable of the same row of a table:
 *   "^5"      the column 5 beside this one (last number of row->oid replaced), same index
 *   "3.1.4"   that column, same index           "3.1.4/1"   the first 1 of the index only
 *   "3.1.4/-1" all of the index but its last number
 *   "2.1.0"   ends in .0: that one scalar       "=2.1.7"    exactly this variable
 *
 * A CONDITION is "REF=1,2" or "REF!=0" (numbers, or words without case and with _ for a
 * blank, or the start of one with ~: "^4~fahr"); in place of REF "#1" is the first number of the
 * index, "#-1" its last.  Several with blanks between: all must hold.  A variable that
 * is missing holds no "=", and every "!=": so "^4=*" is "there is one", "^4!=*" none.
 *
 * LABELS: "%l" is the text of row->label, "%i" the index, "%1" its first number.  Without
 * a %, the index is added when there is more than one reading of this row.
 *
 * A value becomes number * times / over in the unit of its kind (C % W VA kWh A V min Hz
 * rpm l/min Pa s); 0 stands for 1.  Text that starts with a number is that number. */
#ifndef KS_SENSE_SNMP_ROWS_H
#define KS_SENSE_SNMP_ROWS_H
#include "site/measure.h"
#include <stdbool.h>
#include <stdint.h>

/* What a number of a state means, as the vendor's MIB says; the list ends at word NULL. */
struct snmp_state {
	int32_t number;
	uint8_t severity; /* enum severity */
	const char *word;
};

/* .states = STATES({ 1, FINE, "ok" }, { 2, CRIT, "failed" }) */
#define STATES(...) ((const struct snmp_state[]){ __VA_ARGS__, { .word = NULL } })
enum {
	FINE = SEVERITY_OK,
	WARN = SEVERITY_WARNING,
	CRIT = SEVERITY_CRITICAL,
	DUNNO = SEVERITY_UNKNOWN
};

struct snmp_row {
	const char *oid;
	uint8_t kind;		/* enum measure */
	uint8_t place;		/* enum place */
	bool unit_unknown;	/* C or F is nowhere to be read: hint only */
	bool place_by_label;	/* "inlet", "ambient", "exhaust" in the label say where */
	bool rewalk;		/* another value than at discovery: look again what there is */
	int32_t times, over;
	const char *name;	/* our words: "Battery temperature" */
	const char *label;	/* REF: the device's words */
	const char *label2;	/* REF: when label is missing or empty */
	const char *when;	/* CONDITION at discovery: else there is no such reading */
	const char *fit;	/* CONDITION each time: else absent, nothing plugged in */
	const char *fault;	/* CONDITION each time: if so, untrusted */
	const char *fahrenheit; /* CONDITION each time: if so, value is in F */
	const char *kelvin;	/* CONDITION each time: if so, value is in K */
	const char *digits;	/* REF: value is number / 10^digits */
	const char *divide;	/* REF: value is number / that number */
	const char *scale;	/* REF: EntitySensorDataScale, 9 = units, 8 = milli ... */
	const char *none;	/* "-1,-999": numbers or words before scaling that are no value */
	const char *low_critical, *low_warning; /* REFs, scaled as the value is */
	const char *high_warning, *high_critical;
	const struct snmp_state *states; /* MEASURE_STATE */
};

struct snmp_family {
	const char *word;  /* "apc-ups" */
	const char *says;  /* "APC UPS": who made it and what it is */
	const char *base;  /* ".1.3.6.1.4.1.318.1.1.1", what rows' OIDs are below */
	const char *ids;   /* sysObjectID prefixes with blanks between, or NULL */
	const char *descr; /* beginnings of sysDescr with | between ("*x": anywhere), or NULL */
	const char *walks; /* subtrees below base, blanks between; NULL: base itself */
	const char *unless; /* words of families, blanks between: when one of them (earlier
			     * in the list) gave readings, this one is left out */
	bool generic;	   /* a standard MIB, tried on every device ... */
	bool alone;	   /* ... but not on those of this vendor: it would say things twice */
	const struct snmp_row *rows;
	uint32_t rows_n;
};

#define ROWS(array) .rows = (array), .rows_n = sizeof(array) / sizeof *(array)

/* Every family (families.h), NULL-ended, in the order they are tried. */
extern const struct snmp_family *const snmp_families[];
#endif
