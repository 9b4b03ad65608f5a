/* src/sense/snmp/vertiv_gp.c - Vertiv/Liebert beyond the PDUs: the "flexible" table of
 * IS-UNITY and IntelliSlot cards (GXT, NX, iCOM: CRV, PDX, HPC) where each point has its
 * label (10), value (20) and unit (30), and the states of older air units.  Only points
 * that are measured: the table is full of set points. */
#include "sense/snmp/families.h"

#define POINT(id, kind_, ...)                                                          \
	{ "20.1.2.1." id, kind_, __VA_ARGS__, .name = "%l", .label = "10.1.2.1." id }
#define HEAT(id, where)                                                                \
	{ "20.1.2.1." id, MEASURE_TEMPERATURE, where, .place_by_label = true,          \
		.name = "%l", .label = "10.1.2.1." id,                                 \
		.fahrenheit = "30.1.2.1." id "=deg_F" }
#define KILO(id, kind_, unit)                                                          \
	POINT(id, kind_, .times = 1, .when = "30.1.2.1." id "!=" unit),                \
	    POINT(id, kind_, .times = 1000, .when = "30.1.2.1." id "=" unit)

static const struct snmp_row flex_rows[] = {
	{ "20.1.2.1.4123", MEASURE_STATE, .name = "System status",
		.states = STATES({ 1, FINE, "Normal Operation" }, { 2, WARN, "Start Up" },
		    { 4, DUNNO, "Unknown" }, { 8, WARN, "Normal with Warning" },
		    { 16, CRIT, "Normal with Alarm" }, { 32, CRIT, "Abnormal Operation" }) },
	{ "20.1.2.1.4706", MEASURE_STATE, .name = "Unit operating state",
		.states = STATES({ 1, FINE, "on" }, { 2, CRIT, "off" },
		    { 3, FINE, "standby" }) },
	/* UPS */
	POINT("4096", MEASURE_VOLTAGE, .times = 1),
	POINT("4105", MEASURE_FREQUENCY, .times = 1),
	POINT("4113", MEASURE_CURRENT, .times = 1),
	POINT("4148", MEASURE_VOLTAGE, .times = 1),
	POINT("4149", MEASURE_CURRENT, .times = 1),
	POINT("4150", MEASURE_RUNTIME, .times = 1),
	POINT("4153", MEASURE_CHARGE, .times = 1),
	HEAT("4156", PLACE_INTERNAL),
	POINT("4207", MEASURE_FREQUENCY, .times = 1),
	KILO("4208", MEASURE_POWER, "kW"),
	KILO("4209", MEASURE_APPARENT_POWER, "kVA"),
	POINT("4385", MEASURE_VOLTAGE, .times = 1),
	POINT("5166", MEASURE_ENERGY, .times = 1),
	POINT("5861", MEASURE_LOAD, .times = 1),
	POINT("5900", MEASURE_ENERGY, .times = 1),
	POINT("4119", MEASURE_COUNT, .times = 1),
	POINT("4120", MEASURE_COUNT, .times = 1),
	/* air and water: 4291 is the air that comes back (into a UPS: its inlet) */
	HEAT("4291", PLACE_RETURN),
	HEAT("5002", PLACE_SUPPLY),
	POINT("5027", MEASURE_HUMIDITY, PLACE_SUPPLY),
	POINT("5028", MEASURE_HUMIDITY, PLACE_RETURN),
	HEAT("4643", PLACE_WATER),
	HEAT("5288", PLACE_WATER),
	HEAT("5517", PLACE_WATER),
	POINT("5077", MEASURE_PERCENT, .times = 1),
	POINT("5078", MEASURE_PERCENT, .times = 1),
	POINT("5080", MEASURE_PERCENT, .times = 1),
};

const struct snmp_family family_liebert_flex = {
	.word = "liebert-flex",
	.says = "Vertiv Liebert",
	.base = ".1.3.6.1.4.1.476.1.42.3.9.20.1",
	.ids = ".1.3.6.1.4.1.476",
	.walks = "20.1.2.1 10.1.2.1 30.1.2.1",
	ROWS(flex_rows),
};

#define ON_OFF(oid_, words)                                                            \
	{ oid_, MEASURE_STATE, .name = words,                                          \
		.states = STATES({ 1, FINE, "on" }, { 2, FINE, "off" }) }
#define ALARM_ON(oid_, words)                                                          \
	{ oid_, MEASURE_STATE, .name = words,                                          \
		.states = STATES({ 1, CRIT, "on" }, { 2, FINE, "off" }) }
#define CAPACITY(oid_, words) { oid_, MEASURE_PERCENT, .name = words, .none = "4294967295,-1" }

static const struct snmp_row air_rows[] = {
	{ "4.3.1", MEASURE_STATE, .name = "Unit state",
		.states = STATES({ 1, FINE, "on" }, { 2, CRIT, "off" },
		    { 3, FINE, "standby" }) },
	ON_OFF("4.3.2", "Cooling"), ON_OFF("4.3.4", "Humidifying"),
	ON_OFF("4.3.5", "Dehumidifying"),
	{ "4.3.7", MEASURE_STATE, .name = "Fan",
		.states = STATES({ 1, FINE, "on" }, { 2, WARN, "off" }) },
	ALARM_ON("4.3.8", "General alarm"),
	CAPACITY("4.3.9", "Cooling capacity"),
	{ "4.3.14", MEASURE_STATE, .name = "Operating reason",
		.states = STATES({ 1, FINE, "none" }, { 2, FINE, "localUser" },
		    { 3, CRIT, "alarm" }, { 4, FINE, "schedule" }, { 5, FINE, "remoteUser" },
		    { 6, FINE, "externalDevice" }, { 7, FINE, "localDisplay" }) },
	CAPACITY("4.3.16", "Fan capacity"), CAPACITY("4.3.17", "Free cooling capacity"),
	CAPACITY("4.3.18", "Dehumidifying capacity"),
	CAPACITY("4.3.19", "Humidifying capacity"), ON_OFF("4.3.21", "Electric heater"),
	{ "5.2.3.1.14", MEASURE_POWER_FACTOR, .over = 100, .name = "Power factor %i" },
	{ "5.8.1", MEASURE_COUNT, .name = "Brownouts" },
	{ "5.8.2", MEASURE_COUNT, .name = "Blackouts" },
	{ "5.8.4", MEASURE_COUNT, .name = "Battery discharges" },
};

const struct snmp_family family_liebert_air = {
	.word = "liebert-gp",
	.says = "Vertiv Liebert",
	.base = ".1.3.6.1.4.1.476.1.42.3",
	.ids = ".1.3.6.1.4.1.476",
	.walks = "4.3 5.2.3.1.14 5.8",
	ROWS(air_rows),
};
