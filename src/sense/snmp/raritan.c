/* src/sense/snmp/raritan.c - Raritan PX (13742.4; Eaton's 534.6.6.6 is nearly the same tree)
 * and PX2/PX3/PX4 (13742.6); PDU-MIB, PDU2-MIB.  In PX2 the last number of an index says
 * what is measured, and a column how many digits are decimals. */
#include "sense/snmp/families.h"

#define SENSOR_STATES                                                                  \
	STATES({ -1, DUNNO, "unavailable" }, { 0, FINE, "open" }, { 1, FINE, "closed" },\
	    { 2, CRIT, "belowLowerCritical" }, { 3, WARN, "belowLowerWarning" },       \
	    { 4, FINE, "normal" }, { 5, WARN, "aboveUpperWarning" },                   \
	    { 6, CRIT, "aboveUpperCritical" }, { 7, FINE, "on" }, { 8, DUNNO, "off" }, \
	    { 9, CRIT, "detected" }, { 10, FINE, "notDetected" }, { 11, CRIT, "alarmed" },\
	    { 12, FINE, "ok" }, { 13, DUNNO, "marginal" }, { 14, CRIT, "fail" },       \
	    { 15, FINE, "yes" }, { 16, DUNNO, "no" }, { 17, FINE, "standby" },         \
	    { 18, FINE, "one" }, { 19, FINE, "two" }, { 20, FINE, "inSync" },          \
	    { 21, WARN, "outOfSync" }, { 22, FINE, "i1OpenFault" },                    \
	    { 23, CRIT, "i1ShortFault" }, { 24, CRIT, "i2OpenFault" },                 \
	    { 25, CRIT, "i2ShortFault" }, { 26, CRIT, "fault" },                       \
	    { 27, WARN, "warning" }, { 28, CRIT, "critical" }, { 29, WARN, "selfTest" },\
	    { 30, WARN, "nonRedundant" })

static const struct snmp_row px_rows[] = {
	{ "1.2.2.1.3", MEASURE_STATE, .name = "Outlet %l", .label = "^2",
		.states = STATES({ -1, DUNNO, "error" }, { 0, DUNNO, "off" },
		    { 1, FINE, "on" }, { 2, WARN, "cycling" }) },
	{ "1.2.2.1.4", MEASURE_CURRENT, .over = 1000, .name = "Outlet %l current",
		.label = "^2" },
	{ "1.2.2.1.6", MEASURE_VOLTAGE, .over = 1000, .name = "Outlet %l voltage",
		.label = "^2" },
	{ "1.2.2.1.7", MEASURE_POWER, .name = "Outlet %l power", .label = "^2" },
	{ "1.2.2.1.8", MEASURE_APPARENT_POWER, .name = "Outlet %l apparent power",
		.label = "^2" },
	{ "1.2.2.1.31", MEASURE_ENERGY, .over = 1000, .name = "Outlet %l energy",
		.label = "^2" },
	{ "1.3.1.1", MEASURE_CURRENT, .over = 1000, .name = "Unit current" },
	{ "1.3.1.2", MEASURE_VOLTAGE, .over = 1000, .name = "Unit voltage" },
	{ "1.3.1.3", MEASURE_POWER, .name = "Unit power" },
	{ "1.3.1.4", MEASURE_APPARENT_POWER, .name = "Unit apparent power" },
	{ "1.3.1.5", MEASURE_TEMPERATURE, PLACE_INTERNAL, .over = 10,
		.name = "Processor temperature" },
	{ "1.20.2.1.7", MEASURE_CURRENT, .over = 1000, .name = "Inlet %i current" },
	{ "1.20.2.1.8", MEASURE_VOLTAGE, .over = 1000, .name = "Inlet %i voltage" },
	{ "1.20.2.1.9", MEASURE_POWER, .name = "Inlet %i power" },
	{ "1.20.2.1.10", MEASURE_APPARENT_POWER, .name = "Inlet %i apparent power" },
	{ "1.20.2.1.11", MEASURE_POWER_FACTOR, .over = 100, .name = "Inlet %i power factor" },
	{ "1.20.2.1.12", MEASURE_ENERGY, .over = 1000, .name = "Inlet %i energy",
		.none = "0" },
	{ "1.21.2.1.3", MEASURE_CURRENT, .over = 1000, .name = "Inlet pole %l current",
		.label = "^2" },
	{ "1.21.2.1.4", MEASURE_VOLTAGE, .over = 1000, .name = "Inlet pole %l voltage",
		.label = "^2" },
	{ "3.3.1.41", MEASURE_TEMPERATURE, .name = "%l", .label = "^4", .digits = "^17",
		.when = "^2=10", .fahrenheit = "^16=8", .fit = "^40!=-1" },
	{ "3.3.1.41", MEASURE_HUMIDITY, .name = "%l", .label = "^4", .digits = "^17",
		.when = "^2=11", .fit = "^40!=-1" },
	{ "3.3.1.40", MEASURE_STATE, .name = "%l state", .label = "^4",
		.states = SENSOR_STATES },
};

const struct snmp_family family_raritan_px = {
	.word = "raritan-px",
	.says = "Raritan PX",
	.base = ".1.3.6.1.4.1.13742.4",
	.ids = ".1.3.6.1.4.1.13742.4 .1.3.6.1.4.1.13742.1",
	.descr = "Raritan Dominion PX",
	.walks = "1.2.2 1.3.1 1.20.2 1.21.2 3.3",
	.alone = true,
	ROWS(px_rows),
};

/* the same tree, but whole volts */
static const struct snmp_row eaton_rows[] = {
	{ "1.2.2.1.3", MEASURE_STATE, .name = "Outlet %l", .label = "^2",
		.states = STATES({ -1, DUNNO, "error" }, { 0, DUNNO, "off" },
		    { 1, FINE, "on" }, { 2, WARN, "cycling" }) },
	{ "1.2.2.1.4", MEASURE_CURRENT, .over = 1000, .name = "Outlet %l current",
		.label = "^2" },
	{ "1.2.2.1.6", MEASURE_VOLTAGE, .name = "Outlet %l voltage", .label = "^2" },
	{ "1.2.2.1.7", MEASURE_POWER, .name = "Outlet %l power", .label = "^2" },
	{ "1.2.2.1.8", MEASURE_APPARENT_POWER, .name = "Outlet %l apparent power",
		.label = "^2" },
};

const struct snmp_family family_eaton_pxg1 = {
	.word = "eaton-epdu-mi",
	.says = "Eaton managed ePDU",
	.base = ".1.3.6.1.4.1.534.6.6.6",
	.ids = ".1.3.6.1.4.1.534.6.6.6",
	.walks = "1.2.2",
	.alone = true,
	ROWS(eaton_rows),
};

/* One measuring table of PX2: values at `at`.4, decimals at `dig`, words at `words`. */
#define PX2_SENSORS(at, name_, words, dig)                                             \
	{ at ".4", MEASURE_CURRENT, .name = name_ " current", .label = words,          \
		.digits = dig, .when = "#-1=1" },                                      \
	{ at ".4", MEASURE_PERCENT, .name = name_ " unbalance", .label = words,        \
		.digits = dig, .when = "#-1=3" },                                      \
	{ at ".4", MEASURE_VOLTAGE, .name = name_ " voltage", .label = words,          \
		.digits = dig, .when = "#-1=4" },                                      \
	{ at ".4", MEASURE_POWER, .name = name_ " power", .label = words,              \
		.digits = dig, .when = "#-1=5" },                                      \
	{ at ".4", MEASURE_APPARENT_POWER, .name = name_ " apparent power",            \
		.label = words, .digits = dig, .when = "#-1=6" },                      \
	{ at ".4", MEASURE_POWER_FACTOR, .name = name_ " power factor",                \
		.label = words, .digits = dig, .when = "#-1=7" },                      \
	{ at ".4", MEASURE_ENERGY, .over = 1000, .name = name_ " energy",              \
		.label = words, .digits = dig, .when = "#-1=8" },                      \
	{ at ".4", MEASURE_FREQUENCY, .name = name_ " frequency", .label = words,      \
		.digits = dig, .when = "#-1=23" },                                     \
	{ at ".4", MEASURE_VOLTAGE, .name = name_ " voltage L-N", .label = words,      \
		.digits = dig, .when = "#-1=25" },                                     \
	{ at ".4", MEASURE_CURRENT, .name = name_ " residual current", .label = words, \
		.digits = dig, .when = "#-1=26" },                                     \
	{ at ".3", MEASURE_STATE, .name = name_ " trip", .label = words,               \
		.when = "#-1=15", .states = SENSOR_STATES },                           \
	{ at ".3", MEASURE_STATE, .name = name_ " switch", .label = words,             \
		.when = "#-1=14", .states = SENSOR_STATES },                           \
	{ at ".3", MEASURE_STATE, .name = name_ " surge protector", .label = words,    \
		.when = "#-1=22", .states = SENSOR_STATES }

#define PX2_EXTERNAL(kind_, type, ...)                                                 \
	{ "5.5.3.1.4", kind_, .name = "%l", .label = "3.6.3.1.4",                      \
		.digits = "3.6.3.1.17", .when = "3.6.3.1.2=" type,                     \
		.fit = "5.5.3.1.2!=2,0 5.5.3.1.3!=-1", __VA_ARGS__ }

static const struct snmp_row px2_rows[] = {
	PX2_SENSORS("5.2.3.1", "Inlet %l", "3.3.3.1.2/2", "3.3.4.1.7"),
	PX2_SENSORS("5.2.4.1", "Inlet %2 pole %3", "3.3.5.1.2/3", "3.3.6.1.7"),
	PX2_SENSORS("5.3.3.1", "Breaker %l", "3.4.3.1.2/2", "3.4.4.1.7"),
	PX2_SENSORS("5.4.3.1", "Outlet %l", "3.5.3.1.3/2", "3.5.4.1.7"),
	PX2_EXTERNAL(MEASURE_TEMPERATURE, "10", .fahrenheit = "3.6.3.1.16=8"),
	PX2_EXTERNAL(MEASURE_HUMIDITY, "11", .times = 1),
	PX2_EXTERNAL(MEASURE_PRESSURE, "13", .times = 1),
	{ "5.5.3.1.3", MEASURE_STATE, .name = "%l state", .label = "3.6.3.1.4",
		.states = SENSOR_STATES },
};

const struct snmp_family family_raritan_px2 = {
	.word = "raritan-px2",
	.says = "Raritan PX2",
	.base = ".1.3.6.1.4.1.13742.6",
	.ids = ".1.3.6.1.4.1.13742.6",
	.descr = "PX2 |PX3 |PX4 |PXC |PXO |SRC-",
	.walks = "5.2 5.3.3 5.4.3 5.5.3 3.3.3.1.2 3.3.4.1.7 3.3.5.1.2 3.3.6.1.7 3.4.3.1.2 "
		 "3.4.4.1.7 3.5.3.1.3 3.5.4.1.7 3.6.3.1",
	.alone = true,
	ROWS(px2_rows),
};

static const struct snmp_row emx_rows[] = {
	{ "2.1.1.1.3", MEASURE_TEMPERATURE, .name = "%l", .label = "1.2.1.1.4",
		.digits = "1.2.1.1.17", .when = "1.2.1.1.2=10",
		.fahrenheit = "1.2.1.1.16=8", .fit = "^2!=-1" },
	{ "2.1.1.1.3", MEASURE_HUMIDITY, .name = "%l", .label = "1.2.1.1.4",
		.digits = "1.2.1.1.17", .when = "1.2.1.1.2=11", .fit = "^2!=-1" },
	{ "2.1.1.1.2", MEASURE_STATE, .name = "%l state", .label = "1.2.1.1.4",
		.states = SENSOR_STATES },
};

const struct snmp_family family_raritan_emx = {
	.word = "raritan-emx",
	.says = "Raritan EMX",
	.base = ".1.3.6.1.4.1.13742.8",
	.ids = ".1.3.6.1.4.1.13742.8",
	.descr = "EMX |EMD |SRC ",
	.walks = "1.2.1 2.1.1",
	.alone = true,
	ROWS(emx_rows),
};
