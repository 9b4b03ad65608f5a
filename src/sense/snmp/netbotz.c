/* src/sense/snmp/netbotz.c - NetBotz (APC): one table a kind of sensor, columns alike:
 * 1 name, 2 tenths, 3 error status, 4 label, 8 whole number; NETBOTZV2-MIB. */
#include "sense/snmp/families.h"

#define ERROR_STATES                                                                   \
	STATES({ 0, FINE, "normal" }, { 1, FINE, "info" }, { 2, WARN, "warning" },     \
	    { 3, CRIT, "error" }, { 4, CRIT, "critical" }, { 5, CRIT, "failure" },     \
	    { 6, DUNNO, "unplugged" })
#define SENSORS(at, kind_, ...)                                                        \
	{ at ".1.2", kind_, .over = 10, .name = "%l", .label = "^4", .fit = "^3!=6",   \
		__VA_ARGS__ },                                                         \
	{ at ".1.3", MEASURE_STATE, .name = "%l status", .label = "^4",                \
		.states = ERROR_STATES }

static const struct snmp_row rows[] = {
	SENSORS("4.1.1", MEASURE_TEMPERATURE, .times = 1),
	SENSORS("4.1.2", MEASURE_HUMIDITY, .times = 1),
	SENSORS("4.1.3", MEASURE_DEW_POINT, .times = 1),
	SENSORS("4.1.4", MEASURE_VALUE, .times = 1),
	SENSORS("4.1.5", MEASURE_VALUE, .times = 1),
	SENSORS("4.1.6", MEASURE_CURRENT, .times = 1),
	SENSORS("4.1.10", MEASURE_VALUE, .times = 1),
	{ "4.2.1.1.2", MEASURE_STATE, .name = "%l", .label = "^4", .fit = "^3!=6",
		.states = STATES({ 0, FINE, "open" }, { 1, FINE, "closed" },
		    { -1, DUNNO, "null" }) },
	{ "4.2.1.1.3", MEASURE_STATE, .name = "%l status", .label = "^4",
		.states = ERROR_STATES },
	{ "4.2.2.1.2", MEASURE_STATE, .name = "Door %l", .label = "^4", .fit = "^3!=6",
		.states = STATES({ 0, WARN, "open" }, { 1, FINE, "closed" },
		    { -1, DUNNO, "null" }) },
	{ "4.2.2.1.3", MEASURE_STATE, .name = "Door %l status", .label = "^4",
		.states = ERROR_STATES },
	{ "4.2.3.1.2", MEASURE_STATE, .name = "Motion %l", .label = "^4", .fit = "^3!=6",
		.states = STATES({ 0, FINE, "noMotion" }, { 1, FINE, "motion" },
		    { -1, DUNNO, "null" }) },
	{ "4.2.10.1.3", MEASURE_STATE, .name = "%l status", .label = "^4",
		.states = ERROR_STATES },
};

const struct snmp_family family_netbotz = {
	.word = "netbotz",
	.says = "APC NetBotz",
	.base = ".1.3.6.1.4.1.5528.100",
	.ids = ".1.3.6.1.4.1.5528 .1.3.6.1.4.1.52674.500",
	.descr = "*netbotz",
	.walks = "4.1 4.2",
	.alone = true,
	ROWS(rows),
};
