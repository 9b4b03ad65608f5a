/* src/sense/snmp/cooling.c - machines that cool: Stulz WIB (enterprise 29462), Carel
 * pCOWeb in Rittal chillers (9839), Rittal CMC-TC and LCP (2606.4), Rittal CMC III
 * (2606.7), Dantherm free cooling (46651). */
#include "sense/snmp/rows.h"

#define ON_OFF STATES({ 0, FINE, "off" }, { 1, FINE, "on" })
#define ALARM STATES({ 0, FINE, "noAlarm" }, { 1, CRIT, "alarm" })

/* Stulz WIB 8000: a data point is the last number but three, then .bus.unit.module. */
#define POINT(at, what, by, words, where)                                              \
	{ .oid = at, .kind = what, .over = by, .place = where, .name = words ", unit %2", \
		.none = "-999,-9999,32767" }
#define STULZ_STATE(at, words, meaning)                                                \
	{ .oid = at, .kind = MEASURE_STATE, .name = words ", unit %2", .states = meaning }
static const struct snmp_row stulz_rows[] = {
	POINT("1.1.1.1.1.1.1.1170", MEASURE_TEMPERATURE, 10, "Room temperature", PLACE_ROOM),
	POINT("1.1.1.1.1.1.1.1175", MEASURE_TEMPERATURE, 10, "Set point of air", PLACE_INTERNAL),
	POINT("1.1.1.1.1.1.1.1192", MEASURE_TEMPERATURE, 10, "Return air", PLACE_RETURN),
	POINT("1.1.1.1.1.1.1.1193", MEASURE_TEMPERATURE, 10, "Supply air", PLACE_SUPPLY),
	POINT("1.1.1.1.1.1.1.1196", MEASURE_TEMPERATURE, 10, "Outside air", PLACE_OUTSIDE),
	POINT("1.1.1.1.2.1.1.1171", MEASURE_HUMIDITY, 10, "Humidity", PLACE_ROOM),
	POINT("1.1.1.1.2.1.1.1178", MEASURE_HUMIDITY, 10, "Set point of humidity",
	    PLACE_INTERNAL),
	POINT("1.1.1.1.2.1.1.1194", MEASURE_HUMIDITY, 10, "Return humidity", PLACE_RETURN),
	POINT("1.1.1.1.2.1.1.1195", MEASURE_HUMIDITY, 10, "Supply humidity", PLACE_SUPPLY),
	POINT("1.1.1.2.1.1.1191", MEASURE_TEMPERATURE, 10, "Water in, primary", PLACE_WATER),
	POINT("1.1.1.2.1.1.1202", MEASURE_TEMPERATURE, 10, "Water in, secondary", PLACE_WATER),
	POINT("1.1.1.2.1.1.1206", MEASURE_TEMPERATURE, 10, "Water out, primary", PLACE_WATER),
	POINT("1.1.1.2.1.1.1207", MEASURE_TEMPERATURE, 10, "Water out, secondary", PLACE_WATER),
	/* tenths of m3/h: x / 10 * 1000 / 60 l/min */
	{ .oid = "1.1.1.2.1.1.1740", .kind = MEASURE_FLOW, .times = 50, .over = 3,
		.name = "Water flow, unit %2" },
	/* tenths of bar */
	{ .oid = "1.1.1.3.1.1.2235", .kind = MEASURE_PRESSURE, .times = 10000,
		.name = "Condensation pressure, unit %2" },
	STULZ_STATE("1.1.2.1.1.1.1.4403", "Compressor", ON_OFF),
	POINT("1.1.2.1.2.2.1.1.5214", MEASURE_PERCENT, 1, "Valve 1 open", PLACE_INTERNAL),
	POINT("1.1.2.1.2.2.1.1.5224", MEASURE_PERCENT, 1, "Valve 2 open", PLACE_INTERNAL),
	POINT("1.1.2.1.2.5.1.2238", MEASURE_PERCENT, 1, "Free cooling valve open",
	    PLACE_INTERNAL),
	POINT("1.1.2.1.2.5.1.5312", MEASURE_PERCENT, 1, "Condenser valve open", PLACE_INTERNAL),
	STULZ_STATE("1.1.2.3.1.1.6402", "Humidifier", ON_OFF),
	STULZ_STATE("1.1.2.3.1.1.6802", "Dehumidification", ON_OFF),
	STULZ_STATE("1.1.2.4.1.1.6902", "Fan", ON_OFF),
	POINT("1.1.2.4.1.1.6932", MEASURE_PERCENT, 1, "Fan speed", PLACE_INTERNAL),
	STULZ_STATE("1.4.1.1.1.10", "Bus", ALARM),
	STULZ_STATE("1.4.1.1.1.1013", "Unit", STATES({ 0, WARN, "stopped" }, { 1, FINE, "running" })),
	STULZ_STATE("1.4.2.1.1.8", "Fault", ALARM),
};

const struct snmp_family family_stulz = {
	.word = "stulz",
	.says = "Stulz air conditioning (WIB 8000)",
	.base = ".1.3.6.1.4.1.29462.10.2",
	.ids = ".1.3.6.1.4.1.29462",
	.descr = "Stulz",
	.walks = "1.1.1 1.1.2 1.4",
	ROWS(stulz_rows),
};

/* Rittal IT chiller with a Carel pCOWeb card: .2.1.2 integers (tenths), .2.1.3 counts. */
#define CAREL(at, what, up, down, words, where)                                        \
	{ .oid = at, .kind = what, .times = up, .over = down, .place = where, .name = words }
static const struct snmp_row chiller_rows[] = {
	CAREL("2.1.2.73", MEASURE_FLOW, 1, 10, "Water flow", PLACE_WATER),
	CAREL("2.1.2.74", MEASURE_CURRENT, 1, 10, "Current", PLACE_NONE),
	CAREL("2.1.2.77", MEASURE_PRESSURE, 10000, 1, "Condensation pressure 1", PLACE_NONE),
	CAREL("2.1.2.78", MEASURE_PRESSURE, 10000, 1, "Condensation pressure 2", PLACE_NONE),
	CAREL("2.1.2.90", MEASURE_PERCENT, 1, 10, "Pump 1 speed", PLACE_WATER),
	CAREL("2.1.2.91", MEASURE_PERCENT, 1, 10, "Pump 2 speed", PLACE_WATER),
	CAREL("2.1.2.100", MEASURE_POWER, 100, 1, "Heat taken by free cooling", PLACE_WATER),
	CAREL("2.1.2.101", MEASURE_POWER, 100, 1, "Heat taken by compressors", PLACE_WATER),
	CAREL("2.1.2.102", MEASURE_POWER, 100, 1, "Heat taken in all", PLACE_WATER),
	CAREL("2.1.2.103", MEASURE_POWER, 100, 1, "Power", PLACE_NONE),
	CAREL("2.1.2.133", MEASURE_PRESSURE, 10000, 1, "Water pressure, discharge", PLACE_WATER),
	CAREL("2.1.2.136", MEASURE_TEMPERATURE, 1, 10, "Water in", PLACE_WATER),
	CAREL("2.1.2.137", MEASURE_TEMPERATURE, 1, 10, "Water out", PLACE_WATER),
	CAREL("2.1.2.138", MEASURE_PRESSURE, 10000, 1, "Water pressure, suction", PLACE_WATER),
	CAREL("2.1.2.140", MEASURE_TEMPERATURE, 1, 10, "Ambient air", PLACE_OUTSIDE),
	CAREL("2.1.3.120", MEASURE_VALUE, 1, 1, "Energy efficiency ratio", PLACE_NONE),
};

const struct snmp_family family_chiller = {
	.word = "rittal-chiller",
	.says = "Rittal IT chiller (Carel pCOWeb)",
	.base = ".1.3.6.1.4.1.9839",
	.ids = ".1.3.6.1.4.1.9839.2606",
	.descr = "Rittal IT Chiller",
	.walks = "2.1.2 2.1.3",
	ROWS(chiller_rows),
};

/* Rittal CMC-TC: four units (2.3 .. 2.6), each a table of sensors; column 2 is the type,
 * 3 the name, 4 the state, 5 the value, 6..8 the limits.  A type that the firmware uses
 * for several things is told apart by its name. */
#define CMC_STATE                                                                      \
	STATES({ 1, DUNNO, "notAvailable" }, { 2, CRIT, "lost" }, { 3, WARN, "changed" }, \
	    { 4, FINE, "ok" }, { 5, FINE, "off" }, { 6, FINE, "on" }, { 7, WARN, "warning" }, \
	    { 8, CRIT, "tooLow" }, { 9, CRIT, "tooHigh" }, { 10, CRIT, "error" })
#define CMC_TYPE(unit, what, types)                                                    \
	{ .oid = unit ".5.2.1.5", .kind = what, .name = "%l", .label = "^3",            \
		.when = types, .fault = "^4=2,10", .fit = "^4!=1" }
#define CMC_UNIT(unit)                                                                 \
	CMC_TYPE(unit, MEASURE_TEMPERATURE, "^2=10,48,49,50,51,52,53,56,57,58,59,66"), \
	    CMC_TYPE(unit, MEASURE_HUMIDITY, "^2=11"),                     \
	    CMC_TYPE(unit, MEASURE_POWER, "^2=27"),                      \
	    CMC_TYPE(unit, MEASURE_FAN, "^2=40,41,42,43,44,45"),                \
	    CMC_TYPE(unit, MEASURE_FLOW, "^2=60"),                       \
	    CMC_TYPE(unit, MEASURE_PERCENT, "^2=61"),                     \
	    CMC_TYPE(unit, MEASURE_PERCENT, "^2=62"),                    \
	    { .oid = unit ".5.2.1.4", .kind = MEASURE_STATE, .name = "State of %l", \
		    .label = "^3", .when = "^4!=1", .states = CMC_STATE }
static const struct snmp_row cmc_rows[] = {
	{ .oid = "1.3", .kind = MEASURE_STATE, .name = "Overall status",
		.states = STATES({ 1, CRIT, "failed" }, { 2, FINE, "ok" }, { 3, WARN, "changed" }) },
	CMC_UNIT("2.3"), CMC_UNIT("2.4"), CMC_UNIT("2.5"), CMC_UNIT("2.6"),
};

const struct snmp_family family_cmc = {
	.word = "rittal-cmc",
	.says = "Rittal CMC-TC or LCP",
	.base = ".1.3.6.1.4.1.2606.4",
	.ids = ".1.3.6.1.4.1.2606.4",
	.descr = "Rittal CMC",
	.walks = "1.3 2.3.5.2 2.4.5.2 2.5.5.2 2.6.5.2",
	ROWS(cmc_rows),
};

/* Rittal CMC III: every variable is a row: 3 name, 5 unit as a word, 7 scale (negative:
 * divide), 11 value.  Scales other than one and a hundredth of a unit are not in use. */
#define CMC3_BOTH(what, unit)                                                          \
	{ .oid = "2.2.1.11", .kind = what, .name = "%l", .label = "^3",                 \
		.when = "^5" unit " ^4=2 ^7=1,-1,0" },                                 \
	    { .oid = "2.2.1.11", .kind = what, .over = 10, .name = "%l", .label = "^3", \
		    .when = "^5" unit " ^4=2 ^7=-10" },                                \
	    { .oid = "2.2.1.11", .kind = what, .over = 100, .name = "%l", .label = "^3", \
		    .when = "^5" unit " ^4=2 ^7=-100" }
static const struct snmp_row cmc3_rows[] = {
	CMC3_BOTH(MEASURE_TEMPERATURE, "=°C"),
	CMC3_BOTH(MEASURE_HUMIDITY, "=%"),
	CMC3_BOTH(MEASURE_VOLTAGE, "=V"), CMC3_BOTH(MEASURE_CURRENT, "=A"),
	CMC3_BOTH(MEASURE_POWER, "=W"),
	CMC3_BOTH(MEASURE_APPARENT_POWER, "=VA"),
	CMC3_BOTH(MEASURE_ENERGY, "=kWh"), CMC3_BOTH(MEASURE_FREQUENCY, "=Hz"),
	CMC3_BOTH(MEASURE_FLOW, "=l/min"), CMC3_BOTH(MEASURE_FAN, "=rpm"),
};

const struct snmp_family family_cmc3 = {
	.word = "rittal-cmc3",
	.says = "Rittal CMC III",
	.base = ".1.3.6.1.4.1.2606.7.4",
	.ids = ".1.3.6.1.4.1.2606.7",
	.descr = "Rittal CMC III",
	.walks = "2.2.1.3 2.2.1.4 2.2.1.5 2.2.1.7 2.2.1.11",
	ROWS(cmc3_rows),
};

/* Dantherm: sysObjectID is no enterprise of anybody; sysDescr recognises it.  The hot
 * spot's probe reads -41 when nothing is fitted: colder than any air of a room. */
#define RUNNING STATES({ 0, WARN, "stopped" }, { 1, FINE, "running" })
static const struct snmp_row dantherm_rows[] = {
	{ .oid = "1", .kind = MEASURE_TEMPERATURE, .place = PLACE_INTERNAL,
		.name = "Controller board" },
	{ .oid = "2", .kind = MEASURE_TEMPERATURE, .place = PLACE_ROOM, .name = "Room" },
	{ .oid = "3", .kind = MEASURE_TEMPERATURE, .name = "Hot spot" },
	{ .oid = "8", .kind = MEASURE_FAN, .name = "Fan 1" },
	{ .oid = "9", .kind = MEASURE_FAN, .name = "Fan 2" },
	{ .oid = "18", .kind = MEASURE_STATE, .name = "Fan 1 operation", .states = RUNNING },
	{ .oid = "19", .kind = MEASURE_STATE, .name = "Fan 2 operation", .states = RUNNING },
};

const struct snmp_family family_dantherm = {
	.word = "dantherm",
	.says = "Dantherm free cooling",
	.base = ".1.3.6.1.4.1.46651.1.1",
	.ids = ".1.3.6.1.4.1.46651",
	.descr = "FreeCooling Controller",
	ROWS(dantherm_rows),
};
