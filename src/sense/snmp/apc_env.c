/* src/sense/snmp/apc_env.c - APC environment units: integrated (IEM), EMU (EMS probes),
 * Environmental Manager (MEM modules), universal sensor ports (UIO); PowerNet-MIB. */
#include "sense/snmp/families.h"

/* emsStatusSysTempUnits: which of C and F the whole unit speaks */
#define UNIT_IS_F "3.12.11.0=2"
#define ALARM_STATES                                                                   \
	STATES({ 1, FINE, "normal" }, { 2, WARN, "warning" }, { 3, CRIT, "critical" }, \
	    { 4, DUNNO, "notApplicable" })
#define COMM_STATES                                                                    \
	STATES({ 1, DUNNO, "notInstalled" }, { 2, FINE, "commsOK" }, { 3, CRIT, "commsLost" })

static const struct snmp_row rows[] = {
	/* external monitor of the oldest cards */
	{ "1.2.2.1.3", MEASURE_TEMPERATURE, .name = "Probe %i", .none = "-1",
		.fit = "^4!=-1" },
	/* IEM: probes beside a UPS card */
	{ "2.3.2.1.4", MEASURE_TEMPERATURE, .name = "%l", .label = "^2",
		.fahrenheit = "^5=2", .fit = "^3=2" },
	{ "2.3.2.1.6", MEASURE_HUMIDITY, .name = "%l", .label = "^2", .fit = "^3=2",
		.none = "-1,0" },
	{ "2.3.4.1.3", MEASURE_STATE, .name = "Contact %l", .label = "^2",
		.states = STATES({ 1, FINE, "noFault" }, { 2, CRIT, "fault" },
		    { 3, DUNNO, "disabled" }) },
	/* EMU: a probe never plugged in repeats the last one's numbers */
	{ "3.13.1.1.3", MEASURE_TEMPERATURE, .name = "%l", .label = "^2",
		.fahrenheit = UNIT_IS_F, .when = "^10!=1", .fit = "^10=2" },
	{ "3.13.1.1.6", MEASURE_HUMIDITY, .name = "%l", .label = "^2", .when = "^10!=1",
		.fit = "^10=2", .none = "-1,0" },
	{ "3.13.1.1.10", MEASURE_STATE, .name = "%l communication", .label = "^2",
		.when = "^10!=1",
		.states = STATES({ 1, DUNNO, "neverDiscovered" }, { 2, FINE, "established" },
		    { 3, CRIT, "lost" }) },
	{ "3.14.1.1.3", MEASURE_STATE, .name = "Contact %l", .label = "^2",
		.states = STATES({ 1, FINE, "contactClosed" }, { 2, FINE, "contactOpen" }) },
	{ "3.2.1.1.3", MEASURE_STATE, .name = "Relay %l", .label = "^2",
		.states = STATES({ 1, FINE, "closed" }, { 2, FINE, "open" }) },
	{ "3.3.1.1.3", MEASURE_STATE, .name = "Outlet %l", .label = "^2",
		.states = STATES({ 1, FINE, "on" }, { 2, FINE, "off" }) },
	{ "3.17.1.1.3", MEASURE_STATE, .name = "Alarm device %l", .label = "^2",
		.states = STATES({ 1, CRIT, "on" }, { 2, FINE, "off" },
		    { 3, DUNNO, "notInstalled" }) },
	{ "3.18.1.1.3", MEASURE_STATE, .name = "Sensor %l", .label = "^2",
		.states = STATES({ 1, CRIT, "faulted" }, { 2, FINE, "ok" },
		    { 3, DUNNO, "notInstalled" }) },
	/* Environmental Manager and its modules */
	{ "4.2.3.1.5", MEASURE_TEMPERATURE, .name = "%l", .label = "^3",
		.fahrenheit = UNIT_IS_F, .fit = "^7=2", .none = "-1" },
	{ "4.2.3.1.6", MEASURE_HUMIDITY, .name = "%l", .label = "^3", .fit = "^7=2",
		.none = "-1" },
	{ "4.2.3.1.7", MEASURE_STATE, .name = "%l communication", .label = "^3",
		.states = COMM_STATES },
	{ "4.2.3.1.8", MEASURE_STATE, .name = "%l alarm", .label = "^3",
		.states = ALARM_STATES },
	{ "4.3.2.1.5", MEASURE_STATE, .name = "Input %l", .label = "^3",
		.states = STATES({ 1, FINE, "closed" }, { 2, FINE, "open" },
		    { 3, DUNNO, "disabled" }, { 4, DUNNO, "noState" }) },
	{ "4.3.2.1.7", MEASURE_STATE, .name = "Input %l alarm", .label = "^3",
		.states = ALARM_STATES },
	{ "4.3.2.1.8", MEASURE_STATE, .name = "Input %l communication", .label = "^3",
		.states = COMM_STATES },
	{ "4.3.4.1.7", MEASURE_STATE, .name = "Input %l normal state", .label = "^3",
		.states = STATES({ 1, FINE, "closed" }, { 2, FINE, "open" },
		    { 3, FINE, "disabled" }, { 4, FINE, "noState" }) },
	{ "4.4.2.1.5", MEASURE_STATE, .name = "Output %l", .label = "^3",
		.states = STATES({ 1, FINE, "closed" }, { 2, FINE, "open" },
		    { 3, DUNNO, "disabled" }, { 4, DUNNO, "noState" }) },
	/* beacon */
	{ "4.6.2.1.4", MEASURE_STATE, .name = "Beacon %l", .label = "^2",
		.states = STATES({ 1, CRIT, "on" }, { 2, FINE, "off" },
		    { 3, DUNNO, "notInstalled" }, { 4, WARN, "commsLost" }) },
};

const struct snmp_family family_apc_env = {
	.word = "apc-env",
	.says = "APC environment unit",
	.base = ".1.3.6.1.4.1.318.1.1.10",
	.ids = ".1.3.6.1.4.1.318",
	.walks = "4.2.3 1.2 2.3 3 4.3.2 4.3.4.1.3 4.3.4.1.7 4.4.2 4.6.2",
	.alone = true,
	ROWS(rows),
};

static const struct snmp_row uio_rows[] = {
	{ "1.2.1.6", MEASURE_TEMPERATURE, .name = "%l", .label = "^3", .fit = "^10=2",
		.none = "-1" },
	{ "1.2.1.7", MEASURE_HUMIDITY, .name = "%l", .label = "^3", .fit = "^10=2",
		.none = "-1" },
	{ "1.2.1.9", MEASURE_STATE, .name = "%l alarm", .label = "^3",
		.states = ALARM_STATES },
	{ "1.2.1.10", MEASURE_STATE, .name = "%l communication", .label = "^3",
		.states = COMM_STATES },
	{ "2.2.1.5", MEASURE_STATE, .name = "Input %l", .label = "^3",
		.states = STATES({ 1, FINE, "closed" }, { 2, FINE, "open" },
		    { 3, DUNNO, "notApplicable" }) },
	{ "2.2.1.6", MEASURE_STATE, .name = "Input %l alarm", .label = "^3",
		.states = ALARM_STATES },
	{ "3.2.1.5", MEASURE_STATE, .name = "Output %l", .label = "^3",
		.states = STATES({ 1, FINE, "closed" }, { 2, FINE, "open" },
		    { 3, DUNNO, "notApplicable" }) },
};

const struct snmp_family family_apc_uio = {
	.word = "apc-uio",
	.says = "APC sensor port",
	.base = ".1.3.6.1.4.1.318.1.1.25",
	.ids = ".1.3.6.1.4.1.318",
	.walks = "1.2 2.2 3.2",
	.alone = true,
	ROWS(uio_rows),
};
