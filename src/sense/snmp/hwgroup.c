/* src/sense/snmp/hwgroup.c - HW group Poseidon, Damocles, STE and STE2 (POSEIDON-MIB,
 * STE-MIB, enterprise 21796).  One sensor table for all kinds; the unit stands beside
 * the value, as a word (Poseidon) or a number (STE). */
#include "sense/snmp/rows.h"

#define SENSOR_STATE                                                                   \
	STATES({ 0, DUNNO, "invalid" }, { 1, FINE, "normal" }, { 2, WARN, "outOfRangeLow" }, \
	    { 3, WARN, "outOfRangeHigh" }, { 4, CRIT, "alarmLow" }, { 5, CRIT, "alarmHigh" })
#define INPUT_STATE STATES({ 0, FINE, "off" }, { 1, FINE, "on" })
#define ALARM_STATE STATES({ 0, FINE, "normal" }, { 1, CRIT, "alarm" })

#define BY_WORD(at, what, words, unit)                                                 \
	{ .oid = at "3.1.6", .kind = what, .over = 10, .name = words, .label = "^2",    \
		.when = "^10~" unit, .fit = "^4!=0" }
static const struct snmp_row poseidon_rows[] = {
	{ .oid = "1.1.2", .kind = MEASURE_STATE, .name = "%l", .label = "^3",
		.states = INPUT_STATE },
	{ .oid = "1.1.5", .kind = MEASURE_STATE, .name = "Alarm of %l", .label = "^3",
		.states = ALARM_STATE },
	{ .oid = "3.1.4", .kind = MEASURE_STATE, .name = "State of %l", .label = "^2",
		.states = SENSOR_STATE },
	BY_WORD("", MEASURE_TEMPERATURE, "%l", "c"),
	{ .oid = "3.1.6", .kind = MEASURE_TEMPERATURE, .over = 10, .name = "%l",
		.label = "^2", .when = "^10~f", .fahrenheit = "^10~f", .fit = "^4!=0" },
	BY_WORD("", MEASURE_HUMIDITY, "%l", "%rh"),
	BY_WORD("", MEASURE_VOLTAGE, "%l", "v"),
	BY_WORD("", MEASURE_CURRENT, "%l", "a"),
	{ .oid = "3.1.6", .kind = MEASURE_CURRENT, .over = 10000, .name = "%l",
		.label = "^2", .when = "^10~ma", .fit = "^4!=0" },
	BY_WORD("", MEASURE_POWER, "%l", "w"),
	BY_WORD("", MEASURE_FREQUENCY, "%l", "hz"),
};

const struct snmp_family family_poseidon = {
	.word = "hwg-poseidon",
	.says = "HW group Poseidon or Damocles",
	.base = ".1.3.6.1.4.1.21796.3.3",
	.ids = ".1.3.6.1.4.1.21796.3",
	.descr = "Poseidon|Damocles",
	.walks = "1 3",
	ROWS(poseidon_rows),
};

/* Units of the STE family: 1 C, 2 F, 3 K, 4 %, 5 V, 6 mA, 7 none, 8 pulses, 9 switch. */
#define STE_ROWS(at)                                                                   \
	{ .oid = at "1.1.2", .kind = MEASURE_STATE, .name = "%l", .label = "^3",     \
		.states = INPUT_STATE },                                               \
	{ .oid = at "1.1.4", .kind = MEASURE_STATE, .name = "Alarm of %l", .label = "^3", \
		.states = ALARM_STATE },                                               \
	{ .oid = at "3.1.3", .kind = MEASURE_STATE, .name = "State of %l", .label = "^2", \
		.states = SENSOR_STATE },                                              \
	{ .oid = at "3.1.5", .kind = MEASURE_TEMPERATURE, .over = 10, .name = "%l", \
		.label = "^2", .when = "^7=1,2", .fahrenheit = "^7=2", .fit = "^3!=0" }, \
	{ .oid = at "3.1.5", .kind = MEASURE_HUMIDITY, .over = 10, .name = "%l",  \
		.label = "^2", .when = "^7=4", .fit = "^3!=0" },                       \
	{ .oid = at "3.1.5", .kind = MEASURE_CURRENT, .over = 10000, .name = "%l", \
		.label = "^2", .when = "^7=6", .fit = "^3!=0" },                       \
	{ .oid = at "3.1.5", .kind = MEASURE_VALUE, .over = 10, .name = "%l",        \
		.label = "^2", .when = "^7=5,7,8,9", .fit = "^3!=0" }

static const struct snmp_row ste_rows[] = { STE_ROWS("1."), STE_ROWS("9.") };

const struct snmp_family family_ste = {
	.word = "hwg-ste",
	.says = "HW group STE or STE2",
	.base = ".1.3.6.1.4.1.21796.4",
	.ids = ".1.3.6.1.4.1.21796.4.1 .1.3.6.1.4.1.21796.4.9",
	.descr = "STE",
	.walks = "1.1 1.3 9.1 9.3",
	ROWS(ste_rows),
};
