/* src/sense/snmp/generic.c - standard MIBs tried on every device: ENTITY-SENSOR-MIB
 * (RFC 3433, and Cisco's older twin), LM-SENSORS-MIB, HOST-RESOURCES-MIB. */
#include "sense/snmp/families.h"

#define NAME ".1.3.6.1.2.1.47.1.1.1.1.7"
#define DESCR ".1.3.6.1.2.1.47.1.1.1.1.2"

/* EntitySensorDataType; 4 is the value, 2 its SI prefix, 3 its decimals, 5 1 when ok.
 * Most sit inside a machine; the label says when one is in the air that goes in. */
#define ENTITY(kind_, type, ...)                                                       \
	{ "4", kind_, PLACE_INTERNAL, .place_by_label = true, .name = "%l",            \
		.label = NAME, .label2 = DESCR, .scale = "^2", .digits = "^3",         \
		.when = "^1=" type, .fit = "^5!=2", .fault = "^5=3", __VA_ARGS__ }

#define ENTITY_ROWS                                                                    \
	ENTITY(MEASURE_VOLTAGE, "3,4", .times = 1),                                    \
	ENTITY(MEASURE_CURRENT, "5", .times = 1),                                      \
	ENTITY(MEASURE_POWER, "6", .times = 1),                                        \
	ENTITY(MEASURE_FREQUENCY, "7", .times = 1),                                    \
	ENTITY(MEASURE_TEMPERATURE, "8", .times = 1),                                  \
	ENTITY(MEASURE_HUMIDITY, "9", .times = 1),                                     \
	ENTITY(MEASURE_FAN, "10", .times = 1),                                         \
	ENTITY(MEASURE_FLOW, "11", .times = 1000) /* cubic metres a minute */

static const struct snmp_row entity_rows[] = {
	ENTITY_ROWS,
	{ "4", MEASURE_STATE, .name = "%l", .label = NAME, .label2 = DESCR,
		.when = "^1=12",
		.states = STATES({ 1, FINE, "true" }, { 2, FINE, "false" }) },
};

const struct snmp_family family_entity = {
	.word = "entity-sensor",
	.says = "ENTITY-SENSOR-MIB",
	.base = ".1.3.6.1.2.1.99.1.1.1",
	.walks = ".1.3.6.1.2.1.99.1.1.1 " NAME " " DESCR,
	.generic = true,
	ROWS(entity_rows),
};

static const struct snmp_row cisco_entity_rows[] = { ENTITY_ROWS };

const struct snmp_family family_cisco_entity = {
	.word = "cisco-entity-sensor",
	.says = "Cisco",
	.base = ".1.3.6.1.4.1.9.9.91.1.1.1.1",
	.ids = ".1.3.6.1.4.1.9",
	.walks = ".1.3.6.1.4.1.9.9.91.1.1.1.1 " NAME " " DESCR,
	.unless = "entity-sensor",
	ROWS(cisco_entity_rows),
};

#define ENVMON_STATES                                                                  \
	STATES({ 1, FINE, "normal" }, { 2, WARN, "warning" }, { 3, CRIT, "critical" }, \
	    { 4, CRIT, "shutdown" }, { 5, DUNNO, "notPresent" },                       \
	    { 6, CRIT, "notFunctioning" })

static const struct snmp_row envmon_rows[] = {
	{ "2.1.3", MEASURE_VOLTAGE, .over = 1000, .name = "%l", .label = "^2",
		.fit = "^7!=5" },
	{ "2.1.7", MEASURE_STATE, .name = "%l", .label = "^2", .states = ENVMON_STATES },
	{ "3.1.3", MEASURE_TEMPERATURE, PLACE_INTERNAL, .place_by_label = true,
		.name = "%l", .label = "^2", .fit = "^6!=5", .high_critical = "^4" },
	{ "3.1.6", MEASURE_STATE, .name = "%l temperature", .label = "^2",
		.states = ENVMON_STATES },
	{ "4.1.3", MEASURE_STATE, .name = "%l fan", .label = "^2", .states = ENVMON_STATES },
	{ "5.1.3", MEASURE_STATE, .name = "%l supply", .label = "^2",
		.states = ENVMON_STATES },
};

const struct snmp_family family_cisco_envmon = {
	.word = "cisco-envmon",
	.says = "Cisco",
	.base = ".1.3.6.1.4.1.9.9.13.1",
	.ids = ".1.3.6.1.4.1.9",
	.walks = "2 3 4 5",
	ROWS(envmon_rows),
};

/* net-snmp on a Linux machine: thousandths; the names are lm-sensors' */
static const struct snmp_row lm_rows[] = {
	{ "2.1.3", MEASURE_TEMPERATURE, PLACE_INTERNAL, .over = 1000,
		.place_by_label = true, .name = "%l", .label = "^2" },
	{ "3.1.3", MEASURE_FAN, .name = "%l", .label = "^2" },
	{ "4.1.3", MEASURE_VOLTAGE, .over = 1000, .name = "%l", .label = "^2" },
};

const struct snmp_family family_lm_sensors = {
	.word = "lm-sensors",
	.says = "LM-SENSORS-MIB",
	.base = ".1.3.6.1.4.1.2021.13.16",
	.generic = true,
	ROWS(lm_rows),
};

static const struct snmp_row host_rows[] = {
	{ "1.1", MEASURE_UPTIME, .over = 100, .name = "System uptime" },
	{ "3.3.1.2", MEASURE_LOAD, .name = "Processor %i load" },
};

const struct snmp_family family_host = {
	.word = "host-resources",
	.says = "HOST-RESOURCES-MIB",
	.base = ".1.3.6.1.2.1.25",
	.walks = "1.1 3.3.1.2",
	.generic = true,
	ROWS(host_rows),
};
