/* src/sense/snmp/akcp.c - AKCP sensorProbe, securityProbe and sensorProbe+ (SPAGENT-MIB,
 * enterprise 3854).  A port without a sensor reads 0 and says "offline": absent. */
#include "sense/snmp/rows.h"

#define AKCP_STATUS                                                                    \
	STATES({ 1, DUNNO, "noStatus" }, { 2, FINE, "normal" }, { 3, WARN, "highWarning" }, \
	    { 4, CRIT, "highCritical" }, { 5, WARN, "lowWarning" }, { 6, CRIT, "lowCritical" }, \
	    { 7, CRIT, "sensorError" }, { 8, FINE, "relayOn" }, { 9, FINE, "relayOff" })

/* sensorProbe2/8: .16 temperature, .17 humidity, .18 switches; column 5 or 4 online. */
static const struct snmp_row probe_rows[] = {
	{ .oid = "1.1.2", .kind = MEASURE_STATE, .name = "Probe status",
		.states = STATES({ 1, DUNNO, "noStatus" }, { 2, FINE, "normal" },
		    { 3, WARN, "warning" }, { 4, CRIT, "critical" }, { 5, CRIT, "sensorError" },
		    { 7, CRIT, "sensorError" }) },
	{ .oid = "1.2.2.1.16.1.14", .kind = MEASURE_TEMPERATURE, .over = 10,
		.name = "%l", .label = "^1", .fit = "^5=1", .fault = "^4=7",
		.fahrenheit = "^12=0" },
	{ .oid = "1.2.2.1.17.1.3", .kind = MEASURE_HUMIDITY, .name = "%l",
		.label = "^1", .fit = "^5=1", .fault = "^4=7", .when = "^5=1" },
	{ .oid = "1.2.2.1.17.1.13", .kind = MEASURE_HUMIDITY, .over = 10,
		.name = "%l (raw)", .label = "^1", .when = "^13!=0 ^5!=1",
		.fault = "^5!=1" },
	{ .oid = "1.2.2.1.18.1.3", .kind = MEASURE_STATE, .name = "Switch %l", .label = "^1",
		.states = AKCP_STATUS },
};

const struct snmp_family family_akcp = {
	.word = "akcp",
	.says = "AKCP sensorProbe",
	.base = ".1.3.6.1.4.1.3854",
	.ids = ".1.3.6.1.4.1.3854.1",
	.walks = "1.1 1.2.2.1.16 1.2.2.1.17 1.2.2.1.18",
	ROWS(probe_rows),
};

/* securityProbe (2.5) and sensorProbe+ (3.5): one table a kind, the same columns:
 * 2 description, 4 value, 5 unit, 6 status, 9..12 limits, 20 value in tenths. */
#define AKCP_TABLE(base, table, what, words, above)                                    \
	{ .oid = base table ".1.20", .kind = what, .over = above, .name = words " %l",   \
		.label = "^2", .fault = "^6=7", .fit = "^6!=1" }
#define AKCP_SWITCHES(base, table, words)                                              \
	{ .oid = base table ".1.6", .kind = MEASURE_STATE, .name = words " %l", .label = "^2", \
		.states = AKCP_STATUS }
#define AKCP_TABLES(base)                                                              \
	{ .oid = base "2.1.20", .kind = MEASURE_TEMPERATURE, .over = 10,               \
		.name = "%l", .label = "^2", .fault = "^6=7", .fit = "^6!=1", \
		.fahrenheit = "^5~f" },                                                \
	    AKCP_TABLE(base, "3", MEASURE_HUMIDITY, "Humidity", 10),                   \
	    AKCP_SWITCHES(base, "4", "Dry contact"),                                   \
	    AKCP_TABLE(base, "5", MEASURE_CURRENT, "Current loop", 10000),             \
	    AKCP_TABLE(base, "6", MEASURE_VOLTAGE, "DC voltage", 10),                  \
	    AKCP_TABLE(base, "7", MEASURE_PERCENT, "Airflow", 10),                     \
	    AKCP_SWITCHES(base, "8", "Motion"), AKCP_SWITCHES(base, "9", "Water"),     \
	    AKCP_SWITCHES(base, "10", "Door"), AKCP_SWITCHES(base, "13", "AC voltage"), \
	    AKCP_SWITCHES(base, "14", "Smoke")

static const struct snmp_row plus_rows[] = { AKCP_TABLES("2.5."), AKCP_TABLES("3.5.") };

const struct snmp_family family_akcp_plus = {
	.word = "akcp-plus",
	.says = "AKCP securityProbe or sensorProbe+",
	.base = ".1.3.6.1.4.1.3854",
	.ids = ".1.3.6.1.4.1.3854.2 .1.3.6.1.4.1.3854.3",
	.walks = "2.5 3.5",
	ROWS(plus_rows),
};
