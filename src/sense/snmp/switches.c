/* src/sense/snmp/switches.c - the environment inside network gear that does not (only)
 * speak ENTITY-SENSOR-MIB: Juniper, Brocade, Foundry/Ruckus, HP ProCurve, Aruba CX,
 * MikroTik, Fortinet, Huawei, H3C, Extreme, Check Point, F5, Yamaha, Allied Telesis.  These sensors sit
 * in the machine; a label tells when one is in the air that goes in. */
#include "sense/snmp/families.h"

#define INSIDE MEASURE_TEMPERATURE, PLACE_INTERNAL, .place_by_label = true
#define ENTITY_NAME .label = ".1.3.6.1.2.1.47.1.1.1.1.7", .label2 = ".1.3.6.1.2.1.47.1.1.1.1.2"

#define JUNIPER_ALARM(level) STATES({ 1, DUNNO, "other" }, { 2, FINE, "off" }, { 3, level, "on" })

static const struct snmp_row juniper_rows[] = {
	{ "1.13.1.7", INSIDE, .name = "%l", .label = "^5", .when = "^7!=0", .none = "0" },
	{ "1.13.1.6", MEASURE_STATE, .name = "%l", .label = "^5", .when = "^6!=1",
		.states = STATES({ 1, DUNNO, "unknown" }, { 2, FINE, "running" },
		    { 3, FINE, "ready" }, { 4, WARN, "reset" },
		    { 5, WARN, "runningAtFullSpeed" }, { 6, CRIT, "down" },
		    { 7, FINE, "standby" }) },
	{ "4.2.2.1", MEASURE_STATE, .name = "Yellow alarm", .states = JUNIPER_ALARM(WARN) },
	{ "4.2.3.1", MEASURE_STATE, .name = "Red alarm", .states = JUNIPER_ALARM(CRIT) },
};

const struct snmp_family family_juniper = {
	.word = "juniper",
	.says = "Juniper",
	.base = ".1.3.6.1.4.1.2636.3",
	.ids = ".1.3.6.1.4.1.2636",
	.walks = "1.13.1.5 1.13.1.6 1.13.1.7 4.2.2.1 4.2.3.1",
	ROWS(juniper_rows),
};

static const struct snmp_row brocade_rows[] = {
	{ "4", INSIDE, .name = "%l", .label = "^5", .when = "^2=1", .fit = "^3!=6" },
	{ "4", MEASURE_FAN, .name = "%l", .label = "^5", .when = "^2=2", .fit = "^3!=6" },
	{ "3", MEASURE_STATE, .name = "%l", .label = "^5", .when = "^3!=6",
		.states = STATES({ 1, DUNNO, "unknown" }, { 2, CRIT, "faulty" },
		    { 3, WARN, "belowMin" }, { 4, FINE, "nominal" }, { 5, WARN, "aboveMax" },
		    { 6, DUNNO, "absent" }) },
};

const struct snmp_family family_brocade = {
	.word = "brocade",
	.says = "Brocade",
	.base = ".1.3.6.1.4.1.1588.2.1.1.1.1.22.1",
	.ids = ".1.3.6.1.4.1.1588",
	ROWS(brocade_rows),
};

#define SN_STATES STATES({ 1, DUNNO, "other" }, { 2, FINE, "normal" }, { 3, CRIT, "failure" })

/* half degrees */
static const struct snmp_row foundry_rows[] = {
	{ "2.13.1.1.4", INSIDE, .over = 2, .name = "%l", .label = "^3" },
	{ "1.2.1.1.3", MEASURE_STATE, .name = "Power supply %i", .when = "^3!=1",
		.states = SN_STATES },
	{ "1.3.1.1.3", MEASURE_STATE, .name = "Fan %i", .when = "^3!=1",
		.states = SN_STATES },
};

const struct snmp_family family_foundry = {
	.word = "foundry",
	.says = "Foundry or Ruckus switch",
	.base = ".1.3.6.1.4.1.1991.1.1",
	.ids = ".1.3.6.1.4.1.1991",
	.walks = "2.13.1.1 1.2.1.1 1.3.1.1",
	ROWS(foundry_rows),
};

static const struct snmp_row procurve_rows[] = {
	{ "11.1.2.6.1.4", MEASURE_STATE, .name = "%l", .label = "^7", .when = "^4!=5",
		.states = STATES({ 1, DUNNO, "unknown" }, { 2, CRIT, "bad" },
		    { 3, WARN, "warning" }, { 4, FINE, "good" }, { 5, DUNNO, "notPresent" }) },
	{ "11.1.2.8.1.1.3", INSIDE, .name = "%l", .label = "^2" },
	{ "11.5.1.54.2.1.1.4", MEASURE_STATE, .name = "Fan %i", .when = "^4!=1",
		.states = STATES({ 0, CRIT, "failed" }, { 1, DUNNO, "removed" },
		    { 2, DUNNO, "off" }, { 3, WARN, "underspeed" }, { 4, WARN, "overspeed" },
		    { 5, FINE, "ok" }) },
	{ "11.5.1.55.1.1.1.2", MEASURE_STATE, .name = "Power supply %i", .when = "^2!=1",
		.states = STATES({ 1, DUNNO, "notPresent" }, { 2, CRIT, "notPlugged" },
		    { 3, FINE, "powered" }, { 4, CRIT, "failed" },
		    { 5, CRIT, "permanentFailure" }) },
	{ "11.5.1.55.1.1.1.4", MEASURE_TEMPERATURE, PLACE_INTERNAL, .name = "Power supply %i",
		.when = "^2=3", .none = "0" },
	{ "11.5.1.55.1.1.1.6", MEASURE_POWER, .name = "Power supply %i", .when = "^2=3" },
};

const struct snmp_family family_procurve = {
	.word = "procurve",
	.says = "HP ProCurve or Aruba switch",
	.base = ".1.3.6.1.4.1.11.2.14",
	.ids = ".1.3.6.1.4.1.11.2.3.7.11",
	.walks = "11.1.2.6 11.1.2.8.1 11.5.1.54.2.1.1 11.5.1.55.1.1.1",
	ROWS(procurve_rows),
};

static const struct snmp_row aruba_cx_rows[] = {
	{ "3.1.1.7", INSIDE, .over = 1000, .name = "%l", .label = "^5" },
	{ "3.1.1.6", MEASURE_STATE, .name = "%l", .label = "^5",
		.states = STATES({ 1, FINE, "normal" }, { 2, FINE, "min" }, { 3, WARN, "max" },
		    { 4, WARN, "low_critical" }, { 5, CRIT, "critical" },
		    { 6, CRIT, "fault" }, { 7, CRIT, "emergency" }) },
};

const struct snmp_family family_aruba_cx = {
	.word = "aruba-cx",
	.says = "Aruba CX switch",
	.base = ".1.3.6.1.4.1.47196.4.1.1.3.11",
	.ids = ".1.3.6.1.4.1.47196",
	.walks = "3.1.1",
	.unless = "entity-sensor",
	ROWS(aruba_cx_rows),
};

#define PARTS_STATES                                                                   \
	STATES({ 1, FINE, "ok" }, { 2, WARN, "warning" }, { 3, WARN, "alert" },        \
	    { 4, CRIT, "fault" }, { 5, CRIT, "fault_input" }, { 6, CRIT, "fault_output" }, \
	    { 7, CRIT, "fault_poe" }, { 8, CRIT, "fault_no_recov" },                   \
	    { 9, WARN, "fault_absent" }, { 10, DUNNO, "empty" }, { 11, DUNNO, "unknown" }, \
	    { 12, DUNNO, "unsupported" }, { 13, DUNNO, "init" },                       \
	    { 14, DUNNO, "uninitialized" })

static const struct snmp_row aruba_parts_rows[] = {
	{ "2.1.1.4", MEASURE_STATE, .name = "Power supply %l", .label = "^3",
		.when = "^4!=empty,unsupported", .states = PARTS_STATES },
	{ "5.1.1.5", MEASURE_STATE, .name = "Fan %l", .label = "^4", .when = "^5!=empty",
		.states = PARTS_STATES },
};

const struct snmp_family family_aruba_parts = {
	.word = "aruba-cx-parts",
	.says = "Aruba CX switch",
	.base = ".1.3.6.1.4.1.47196.4.1.1.3.11",
	.ids = ".1.3.6.1.4.1.47196",
	.walks = "2.1.1 5.1.1",
	ROWS(aruba_parts_rows),
};

#define YES_NO STATES({ 0, CRIT, "failed" }, { 1, FINE, "ok" })

/* mtxrHealth: tenths; newer RouterOS has them in the gauge table 100 with units */
static const struct snmp_row mikrotik_rows[] = {
	{ "5", INSIDE, .over = 10, .name = "Sensor temperature", .none = "0" },
	{ "6", INSIDE, .over = 10, .name = "CPU temperature", .none = "0" },
	{ "7", INSIDE, .over = 10, .name = "Board temperature", .none = "0" },
	{ "8", MEASURE_VOLTAGE, .over = 10, .name = "Supply voltage", .none = "0" },
	{ "10", INSIDE, .over = 10, .name = "Temperature", .none = "0" },
	{ "11", INSIDE, .over = 10, .name = "Processor temperature", .none = "0" },
	{ "12", MEASURE_POWER, .over = 10, .name = "Power consumption" },
	{ "13", MEASURE_CURRENT, .over = 1000, .name = "Supply current" },
	{ "15", MEASURE_STATE, .name = "Power supply", .states = YES_NO },
	{ "16", MEASURE_STATE, .name = "Backup power supply", .states = YES_NO },
	{ "17", MEASURE_FAN, .name = "Fan 1" },
	{ "18", MEASURE_FAN, .name = "Fan 2" },
	{ "100.1.3", INSIDE, .name = "%l", .label = "^2", .when = "^4=1" },
	{ "100.1.3", MEASURE_FAN, .name = "%l", .label = "^2", .when = "^4=2" },
	{ "100.1.3", MEASURE_VOLTAGE, .over = 10, .name = "%l", .label = "^2",
		.when = "^4=3" },
	{ "100.1.3", MEASURE_CURRENT, .over = 10, .name = "%l", .label = "^2",
		.when = "^4=4" },
	{ "100.1.3", MEASURE_POWER, .over = 10, .name = "%l", .label = "^2",
		.when = "^4=5" },
};

const struct snmp_family family_mikrotik = {
	.word = "mikrotik",
	.says = "MikroTik",
	.base = ".1.3.6.1.4.1.14988.1.1.3",
	.ids = ".1.3.6.1.4.1.14988",
	ROWS(mikrotik_rows),
};

#define FORTI_HEAT(start) { "3", INSIDE, .name = "%l", .label = "^2", .when = "^2~" start }
#define FORTI_FAN(start) { "3", MEASURE_FAN, .name = "%l", .label = "^2", .when = "^2~" start }

/* a list of names and numbers without units: those whose name tells what they are */
static const struct snmp_row fortinet_rows[] = {
	FORTI_HEAT("temp"), FORTI_HEAT("tmp"), FORTI_HEAT("lm75"), FORTI_HEAT("dts"),
	FORTI_HEAT("cpu_temp"), FORTI_HEAT("cpu_on-die"), FORTI_HEAT("cpu_0_core"),
	FORTI_HEAT("cpu_1_core"), FORTI_HEAT("td1"), FORTI_HEAT("td2"), FORTI_HEAT("td3"),
	FORTI_HEAT("td4"), FORTI_HEAT("adt74"), FORTI_HEAT("mb_temp"), FORTI_HEAT("ps1_temp"),
	FORTI_HEAT("ps2_temp"), FORTI_HEAT("b50182_temp"), FORTI_HEAT("int_temp"),
	FORTI_FAN("fan"), FORTI_FAN("ps1_fan"), FORTI_FAN("ps2_fan"), FORTI_FAN("cpu_fan"),
	{ "4", MEASURE_STATE, .name = "%l", .label = "^2",
		.states = STATES({ 0, FINE, "ok" }, { 1, CRIT, "alarm" }) },
};

const struct snmp_family family_fortinet = {
	.word = "fortinet",
	.says = "Fortinet FortiGate",
	.base = ".1.3.6.1.4.1.12356.101.4.3.2.1",
	.ids = ".1.3.6.1.4.1.12356",
	ROWS(fortinet_rows),
};

static const struct snmp_row huawei_net_rows[] = {
	{ "1.1.1.1.11", INSIDE, .name = "%l", ENTITY_NAME, .when = "^11!=0,2147483647",
		.none = "0,2147483647" },
	{ "1.1.10.1.7", MEASURE_STATE, .name = "Fan %i", .when = "^6=1",
		.states = STATES({ 1, FINE, "normal" }, { 2, CRIT, "abnormal" }) },
	{ "1.1.10.1.5", MEASURE_PERCENT, .name = "Fan %i speed", .when = "^6=1" },
	{ "1.1.18.1.6", MEASURE_STATE, .name = "Power supply %i", .when = "^5=1",
		.states = STATES({ 1, FINE, "supply" }, { 2, CRIT, "notSupply" },
		    { 3, FINE, "sleep" }, { 4, DUNNO, "unknown" }) },
};

const struct snmp_family family_huawei_net = {
	.word = "huawei-net",
	.says = "Huawei",
	.base = ".1.3.6.1.4.1.2011.5.25.31",
	.ids = ".1.3.6.1.4.1.2011.2",
	.walks = "1.1.1.1.11 1.1.10.1 1.1.18.1 .1.3.6.1.2.1.47.1.1.1.1.7",
	ROWS(huawei_net_rows),
};

#define CLASS ".1.3.6.1.2.1.47.1.1.1.1.5"

static const struct snmp_row h3c_rows[] = {
	{ "12", INSIDE, .name = "%l", ENTITY_NAME, .when = "^12!=0,65535",
		.none = "0,65535" },
	/* of power supplies and fans only */
	{ "19", MEASURE_STATE, .name = "%l", ENTITY_NAME, .when = "^19!=1 " CLASS "=6,7",
		.states = STATES({ 2, FINE, "normal" }, { 3, CRIT, "postFailure" },
		    { 4, WARN, "entityAbsent" }, { 41, CRIT, "fanError" },
		    { 51, CRIT, "psuError" }, { 61, CRIT, "rpsError" },
		    { 71, CRIT, "moduleFaulty" }, { 81, CRIT, "sensorError" },
		    { 91, CRIT, "hardwareFaulty" }) },
};

const struct snmp_family family_h3c = {
	.word = "h3c",
	.says = "H3C or HPE Comware",
	.base = ".1.3.6.1.4.1.25506.2.6.1.1.1.1",
	.ids = ".1.3.6.1.4.1.25506",
	.walks = "12 19 " CLASS " .1.3.6.1.2.1.47.1.1.1.1.7",
	ROWS(h3c_rows),
};

static const struct snmp_row extreme_rows[] = {
	{ "1.8", INSIDE, .name = "System temperature", .none = "0" },
	{ "1.9.1.2", MEASURE_STATE, .name = "Fan %i",
		.states = STATES({ 1, FINE, "ok" }, { 2, CRIT, "failed" }) },
	{ "1.9.1.4", MEASURE_FAN, .name = "Fan %i", .fit = "^2=1" },
	{ "1.27.1.2", MEASURE_STATE, .name = "Power supply %i", .when = "^2!=1",
		.states = STATES({ 1, DUNNO, "notPresent" }, { 2, FINE, "presentOK" },
		    { 3, CRIT, "presentNotOK" }, { 4, CRIT, "presentPowerOff" }) },
};

const struct snmp_family family_extreme = {
	.word = "extreme",
	.says = "Extreme Networks",
	.base = ".1.3.6.1.4.1.1916.1.1",
	.ids = ".1.3.6.1.4.1.1916",
	.walks = "1.8 1.9.1 1.27.1",
	ROWS(extreme_rows),
};

static const struct snmp_row checkpoint_rows[] = {
	{ "1.1.3", INSIDE, .name = "%l", .label = "^2", .fahrenheit = "^4~deg_F" },
	{ "2.1.3", MEASURE_FAN, .name = "%l", .label = "^2" },
	{ "3.1.3", MEASURE_VOLTAGE, .name = "%l", .label = "^2" },
};

const struct snmp_family family_checkpoint = {
	.word = "checkpoint",
	.says = "Check Point",
	.base = ".1.3.6.1.4.1.2620.1.6.7.8",
	.ids = ".1.3.6.1.4.1.2620",
	ROWS(checkpoint_rows),
};

#define F5_STATES STATES({ 0, CRIT, "bad" }, { 1, FINE, "good" }, { 2, DUNNO, "notPresent" })

static const struct snmp_row f5_rows[] = {
	{ "1.2.1.2", MEASURE_STATE, .name = "Fan %i", .when = "^2!=2", .states = F5_STATES },
	{ "1.2.1.3", MEASURE_FAN, .name = "Fan %i", .when = "^2!=2" },
	{ "2.2.1.2", MEASURE_STATE, .name = "Power supply %i", .when = "^2!=2",
		.states = F5_STATES },
	{ "3.2.1.2", INSIDE, .name = "Chassis %i" },
};

const struct snmp_family family_f5 = {
	.word = "f5",
	.says = "F5 BIG-IP",
	.base = ".1.3.6.1.4.1.3375.2.1.3.2",
	.ids = ".1.3.6.1.4.1.3375",
	.walks = "1.2.1 2.2.1 3.2.1",
	ROWS(f5_rows),
};

static const struct snmp_row yamaha_rows[] = {
	{ "15", INSIDE, .name = "Internal temperature", .none = "0" },
	{ "5", MEASURE_LOAD, .name = "Processor load (5 s)" },
};

const struct snmp_family family_yamaha = {
	.word = "yamaha",
	.says = "Yamaha router",
	.base = ".1.3.6.1.4.1.1182.2.1",
	.ids = ".1.3.6.1.4.1.1182",
	.walks = "15 5",
	ROWS(yamaha_rows),
};

/* atEnvMonv2: index 1 the member of the stack, 2 the board, 3 the sensor */
static const struct snmp_row allied_rows[] = {
	{ "1.1.5", MEASURE_FAN, .name = "%l %i", .label = "^4" },
	{ "1.1.7", MEASURE_STATE, .name = "%l %i", .label = "^4",
		.states = STATES({ 1, CRIT, "failed" }, { 2, FINE, "good" }) },
	{ "2.1.5", MEASURE_VOLTAGE, .over = 1000, .name = "%l %i", .label = "^4" },
	{ "2.1.8", MEASURE_STATE, .name = "%l %i", .label = "^4",
		.states = STATES({ 1, CRIT, "outOfRange" }, { 2, FINE, "inRange" }) },
	{ "3.1.5", INSIDE, .name = "%l %i", .label = "^4", .high_critical = "^6" },
	{ "3.1.7", MEASURE_STATE, .name = "%l %i", .label = "^4",
		.states = STATES({ 1, CRIT, "outOfRange" }, { 2, FINE, "inRange" }) },
	{ "4.2.1.6", MEASURE_STATE, .name = "%l %i", .label = "^5",
		.states = STATES({ 1, CRIT, "failed" }, { 2, FINE, "good" },
		    { 3, CRIT, "notPowered" }) },
};

const struct snmp_family family_allied = {
	.word = "allied-telesis",
	.says = "Allied Telesis",
	.base = ".1.3.6.1.4.1.207.8.4.4.3.12",
	.ids = ".1.3.6.1.4.1.207",
	.walks = "1.1 2.1 3.1 4.2.1",
	ROWS(allied_rows),
};

/* FASTPATH-BOXSERVICES-MIB; older releases lack the unit and are one column to the left */
static const struct snmp_row fastpath_rows[] = {
	{ "8.1.5", INSIDE, .name = "Temperature %i", .none = "0" },
	{ "8.1.4", INSIDE, .name = "Temperature %i", .when = "^5!=*", .none = "0" },
};

const struct snmp_family family_fastpath = {
	.word = "fastpath",
	.says = "Broadcom FASTPATH switch",
	.base = ".1.3.6.1.4.1.4413.1.1.43.1",
	.ids = ".1.3.6.1.4.1.4413 .1.3.6.1.4.1.4526.100",
	.walks = "8.1",
	ROWS(fastpath_rows),
};
