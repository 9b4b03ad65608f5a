/* src/sense/snmp/apc_pdu.c - APC rack PDUs (rPDU2, the older rPDU, MasterSwitch
 * outlets) and automatic transfer switches; PowerNet-MIB. */
#include "sense/snmp/families.h"

#define LOAD_STATES                                                                    \
	STATES({ 1, FINE, "lowLoad" }, { 2, FINE, "normal" },                          \
	    { 3, WARN, "nearOverload" }, { 4, CRIT, "overload" },                      \
	    { 5, DUNNO, "notSupported" })
#define PROBE_STATES                                                                   \
	STATES({ 1, DUNNO, "notPresent" }, { 2, CRIT, "belowMin" },                    \
	    { 3, WARN, "belowLow" }, { 4, FINE, "normal" }, { 5, WARN, "aboveHigh" },  \
	    { 6, CRIT, "aboveMax" })

static const struct snmp_row rpdu2_rows[] = {
	{ "4.3.1.4", MEASURE_STATE, .name = "Device load state", .states = LOAD_STATES },
	{ "4.3.1.5", MEASURE_POWER, .times = 10, .name = "Device power", .none = "-1" },
	{ "4.3.1.9", MEASURE_ENERGY, .over = 10, .name = "Device energy", .none = "-1" },
	{ "4.3.1.12", MEASURE_STATE, .name = "Power supply alarm",
		.states = STATES({ 1, FINE, "normal" }, { 2, CRIT, "alarm" }) },
	{ "4.3.1.13", MEASURE_STATE, .name = "Power supply 1",
		.states = STATES({ 1, FINE, "normal" }, { 2, CRIT, "alarm" },
		    { 3, DUNNO, "notInstalled" }) },
	{ "4.3.1.14", MEASURE_STATE, .name = "Power supply 2",
		.states = STATES({ 1, FINE, "normal" }, { 2, CRIT, "alarm" },
		    { 3, FINE, "notInstalled" }) },
	{ "4.3.1.16", MEASURE_APPARENT_POWER, .times = 10, .name = "Device apparent power",
		.none = "-1" },
	{ "4.3.1.17", MEASURE_POWER_FACTOR, .over = 100, .name = "Device power factor",
		.none = "-1" },
	{ "6.3.1.4", MEASURE_STATE, .name = "Phase %i load state", .states = LOAD_STATES },
	{ "6.3.1.5", MEASURE_CURRENT, .over = 10, .name = "Phase %i current", .none = "-1" },
	{ "6.3.1.6", MEASURE_VOLTAGE, .name = "Phase %i voltage", .none = "-1" },
	{ "6.3.1.7", MEASURE_POWER, .times = 10, .name = "Phase %i power", .none = "-1" },
	{ "6.3.1.8", MEASURE_APPARENT_POWER, .times = 10, .name = "Phase %i apparent power",
		.none = "-1" },
	{ "6.3.1.9", MEASURE_POWER_FACTOR, .over = 100, .name = "Phase %i power factor",
		.none = "-1" },
	{ "8.3.1.4", MEASURE_STATE, .name = "Bank %i load state", .states = LOAD_STATES },
	{ "8.3.1.5", MEASURE_CURRENT, .over = 10, .name = "Bank %i current", .none = "-1" },
	{ "9.2.3.1.5", MEASURE_STATE, .name = "Outlet %l", .label = "^3",
		.states = STATES({ 1, DUNNO, "off" }, { 2, FINE, "on" }) },
	{ "9.4.3.1.6", MEASURE_CURRENT, .over = 10, .name = "Outlet %l current",
		.label = "^3", .none = "-1" },
	{ "9.4.3.1.7", MEASURE_POWER, .name = "Outlet %l power", .label = "^3",
		.none = "-1" },
	{ "9.4.3.1.11", MEASURE_ENERGY, .over = 10, .name = "Outlet %l energy",
		.label = "^3", .none = "-1" },
	{ "10.2.2.1.8", MEASURE_TEMPERATURE, .over = 10, .name = "%l", .label = "^3",
		.fit = "^6=2 ^9!=1" },
	{ "10.2.2.1.9", MEASURE_STATE, .name = "%l temperature", .label = "^3",
		.fit = "^6=2 ^9!=1", .states = PROBE_STATES },
	{ "10.2.2.1.10", MEASURE_HUMIDITY, .name = "%l", .label = "^3",
		.fit = "^6=2 ^11!=1", .none = "-1" },
	{ "10.2.2.1.11", MEASURE_STATE, .name = "%l humidity", .label = "^3",
		.fit = "^6=2 ^11!=1", .states = PROBE_STATES },
};

const struct snmp_family family_apc_rpdu2 = {
	.word = "apc-rpdu2",
	.says = "APC PDU",
	.base = ".1.3.6.1.4.1.318.1.1.26",
	.ids = ".1.3.6.1.4.1.318",
	.walks = "4.3 6.3 8.3 9.2.3 9.4.3 10.2.2",
	.alone = true,
	ROWS(rpdu2_rows),
};

static const struct snmp_row rpdu_rows[] = {
	{ "1.15", MEASURE_VOLTAGE, .name = "Device voltage", .none = "-1" },
	{ "1.16", MEASURE_POWER, .name = "Device power", .none = "-1" },
	{ "1.17", MEASURE_POWER_FACTOR, .over = 1000, .name = "Device power factor",
		.none = "-1" },
	{ "1.18", MEASURE_APPARENT_POWER, .name = "Device apparent power", .none = "-1" },
	{ "2.3.1.1.2", MEASURE_CURRENT, .over = 10, .name = "Load %i current", .none = "-1" },
	{ "2.3.1.1.3", MEASURE_STATE, .name = "Load %i state",
		.states = STATES({ 1, FINE, "normal" }, { 2, FINE, "low" },
		    { 3, WARN, "nearOverload" }, { 4, CRIT, "overload" }) },
	{ "3.5.1.1.4", MEASURE_STATE, .name = "Outlet %l", .label = "^2",
		.when = "=.1.3.6.1.4.1.318.1.1.4.4.2.1.3.1!=*",
		.states = STATES({ 1, FINE, "on" }, { 2, DUNNO, "off" }) },
	{ "3.5.1.1.7", MEASURE_CURRENT, .over = 10, .name = "Outlet %l current",
		.label = "^2", .none = "-1" },
	{ "4.1.1", MEASURE_STATE, .name = "Power supply 1",
		.states = STATES({ 1, FINE, "ok" }, { 2, CRIT, "failed" }) },
	{ "4.1.2", MEASURE_STATE, .name = "Power supply 2",
		.states = STATES({ 1, FINE, "ok" }, { 2, CRIT, "failed" },
		    { 3, FINE, "notPresent" }) },
};

const struct snmp_family family_apc_rpdu = {
	.word = "apc-rpdu",
	.says = "APC PDU",
	.base = ".1.3.6.1.4.1.318.1.1.12",
	.ids = ".1.3.6.1.4.1.318",
	.walks = "1 2.3 3.5 4.1",
	.alone = true,
	ROWS(rpdu_rows),
};

/* MasterSwitch, and every switched PDU since, on the same OIDs. */
static const struct snmp_row outlet_rows[] = {
	{ "4.2.1.3", MEASURE_STATE, .name = "Outlet %l", .label = "^4",
		.states = STATES({ 1, FINE, "outletOn" }, { 2, DUNNO, "outletOff" },
		    { 3, WARN, "outletReboot" }, { 4, CRIT, "outletUnknown" },
		    { 5, FINE, "outletOnWithDelay" }, { 6, DUNNO, "outletOffWithDelay" },
		    { 7, WARN, "outletRebootWithDelay" }) },
};

const struct snmp_family family_apc_outlets = {
	.word = "apc-outlets",
	.says = "APC MasterSwitch",
	.base = ".1.3.6.1.4.1.318.1.1.4",
	.ids = ".1.3.6.1.4.1.318",
	.walks = "4.2",
	.alone = true,
	ROWS(outlet_rows),
};

#define FAIL_OK STATES({ 1, CRIT, "fail" }, { 2, FINE, "ok" })

static const struct snmp_row ats_rows[] = {
	{ "5.1.1", MEASURE_STATE, .name = "Communication",
		.states = STATES({ 1, DUNNO, "neverDiscovered" },
		    { 2, FINE, "commEstablished" }, { 3, CRIT, "commLost" }) },
	{ "5.1.2", MEASURE_STATE, .name = "Selected source",
		.states = STATES({ 1, FINE, "sourceA" }, { 2, FINE, "sourceB" }) },
	{ "5.1.3", MEASURE_STATE, .name = "Redundancy",
		.states = STATES({ 1, CRIT, "redundancyLost" },
		    { 2, FINE, "fullyRedundant" }) },
	{ "5.1.4", MEASURE_STATE, .name = "Over current",
		.states = STATES({ 1, CRIT, "overCurrent" }, { 2, FINE, "currentOk" }) },
	{ "5.1.5", MEASURE_STATE, .name = "5 V supply", .states = FAIL_OK },
	{ "5.1.6", MEASURE_STATE, .name = "24 V supply", .states = FAIL_OK },
	{ "5.1.7", MEASURE_STATE, .name = "24 V source B supply", .states = FAIL_OK },
	{ "5.1.8", MEASURE_STATE, .name = "12 V supply", .states = FAIL_OK },
	{ "5.1.10", MEASURE_STATE, .name = "Switch status", .states = FAIL_OK },
	{ "5.1.12", MEASURE_STATE, .name = "Source A", .states = FAIL_OK },
	{ "5.1.13", MEASURE_STATE, .name = "Source B", .states = FAIL_OK },
	{ "5.1.14", MEASURE_STATE, .name = "Phase sync",
		.states = STATES({ 1, FINE, "inSync" }, { 2, CRIT, "outOfSync" }) },
	{ "5.3.2.1.4", MEASURE_FREQUENCY, .name = "Input %1 frequency", .none = "-1" },
	{ "5.3.3.1.3", MEASURE_VOLTAGE, .name = "Input %1 phase %3 voltage", .none = "-1" },
	{ "5.3.3.1.6", MEASURE_CURRENT, .over = 10, .name = "Input %1 phase %3 current",
		.none = "-1" },
	{ "5.3.3.1.9", MEASURE_POWER, .name = "Input %1 phase %3 power", .none = "-1" },
	{ "5.4.2.1.4", MEASURE_FREQUENCY, .name = "Output frequency", .none = "-1" },
	{ "5.4.3.1.3", MEASURE_VOLTAGE, .name = "Output voltage", .none = "-1" },
	{ "5.4.3.1.4", MEASURE_CURRENT, .over = 10, .name = "Output current",
		.none = "-1" },
	{ "5.4.3.1.7", MEASURE_APPARENT_POWER, .name = "Output apparent power",
		.none = "-1" },
	{ "5.4.3.1.10", MEASURE_LOAD, .name = "Output load", .none = "-1" },
	{ "5.4.3.1.13", MEASURE_POWER, .name = "Output power", .none = "-1" },
};

const struct snmp_family family_apc_ats = {
	.word = "apc-ats",
	.says = "APC transfer switch",
	.base = ".1.3.6.1.4.1.318.1.1.8",
	.ids = ".1.3.6.1.4.1.318",
	.walks = "5.1 5.3 5.4",
	.alone = true,
	ROWS(ats_rows),
};
