/* src/sense/snmp/pdus.c - rack PDUs of makers with one small table each: Eaton ePDU G2/G3,
 * Panduit G5 (and its cousins), RNX UPDU, Schleifenbauer, Dataprobe iBoot. */
#include "sense/snmp/families.h"

static const struct snmp_row epdu_rows[] = {
	{ "3.1.1.3", MEASURE_FREQUENCY, .over = 10, .name = "Input %2 frequency" },
	{ "3.2.1.3", MEASURE_VOLTAGE, .over = 1000, .name = "Input %2 voltage %3" },
	{ "3.3.1.4", MEASURE_CURRENT, .over = 1000, .name = "Input %2 current %3" },
	{ "3.3.1.11", MEASURE_LOAD, .name = "Input %2 load %3" },
	{ "3.4.1.3", MEASURE_APPARENT_POWER, .name = "Input %2 phase %3 apparent power" },
	{ "3.4.1.4", MEASURE_POWER, .name = "Input %2 phase %3 power" },
	{ "3.5.1.3", MEASURE_APPARENT_POWER, .name = "Input %2 apparent power" },
	{ "3.5.1.4", MEASURE_POWER, .name = "Input %2 power" },
	{ "3.5.1.5", MEASURE_ENERGY, .over = 1000, .name = "Input %2 energy" },
	{ "3.5.1.7", MEASURE_POWER_FACTOR, .over = 1000, .name = "Input %2 power factor" },
	{ "5.3.1.3", MEASURE_VOLTAGE, .over = 1000, .name = "Group %l voltage",
		.label = "5.1.1.3/2" },
	{ "5.4.1.3", MEASURE_CURRENT, .over = 1000, .name = "Group %l current",
		.label = "5.1.1.3/2" },
	{ "5.5.1.3", MEASURE_POWER, .name = "Group %l power", .label = "5.1.1.3/2" },
	{ "6.3.1.2", MEASURE_VOLTAGE, .over = 1000, .name = "Outlet %l voltage",
		.label = "6.1.1.3/2" },
	{ "6.4.1.3", MEASURE_CURRENT, .over = 1000, .name = "Outlet %l current",
		.label = "6.1.1.3/2" },
	{ "6.5.1.3", MEASURE_POWER, .name = "Outlet %l power", .label = "6.1.1.3/2" },
	{ "6.5.1.4", MEASURE_ENERGY, .over = 1000, .name = "Outlet %l energy",
		.label = "6.1.1.3/2" },
	{ "6.6.1.2", MEASURE_STATE, .name = "Outlet %l", .label = "6.1.1.3/2",
		.states = STATES({ 0, DUNNO, "off" }, { 1, FINE, "on" },
		    { 2, WARN, "pendingOff" }, { 3, WARN, "pendingOn" }) },
	{ "7.1.1.4", MEASURE_TEMPERATURE, .over = 10, .name = "Probe %2 %l",
		.label = "7.1.1.2", .fit = "^3=1", .fahrenheit = "1.2.1.9/1=1" },
	{ "7.2.1.4", MEASURE_HUMIDITY, .over = 10, .name = "Probe %2 %l",
		.label = "7.2.1.2", .fit = "^3=1" },
	{ "7.3.1.4", MEASURE_STATE, .name = "Contact %2", .fit = "^3=1",
		.states = STATES({ 0, FINE, "open" }, { 1, FINE, "closed" },
		    { -1, CRIT, "bad" }) },
};

const struct snmp_family family_eaton_epdu = {
	.word = "eaton-epdu",
	.says = "Eaton ePDU",
	.base = ".1.3.6.1.4.1.534.6.6.7",
	.ids = ".1.3.6.1.4.1.534.6.6.7",
	.descr = "EATON ePDU|Eaton ePDU",
	.walks = "1.2.1.9 3 5.1.1.3 5.3 5.4 5.5 6.1.1.3 6.3 6.4 6.5 6.6.1.2 7",
	.alone = true,
	ROWS(epdu_rows),
};

static const struct snmp_row panduit_rows[] = {
	{ "2.1.1.2", MEASURE_FREQUENCY, .over = 10, .name = "Input frequency" },
	{ "2.1.1.4", MEASURE_APPARENT_POWER, .name = "Input apparent power" },
	{ "2.1.1.5", MEASURE_POWER, .name = "Input power" },
	{ "2.1.1.8", MEASURE_ENERGY, .over = 1000, .name = "Input energy" },
	{ "2.1.1.9", MEASURE_POWER_FACTOR, .over = 100, .name = "Input power factor" },
	{ "2.1.1.11", MEASURE_CURRENT, .over = 100, .name = "Input current" },
	/* a group of type 0 is a row of the table and no breaker */
	{ "3.1.1.5", MEASURE_VOLTAGE, .over = 10, .name = "Breaker %l voltage",
		.label = "^2", .when = "^3!=0" },
	{ "3.1.1.12", MEASURE_CURRENT, .over = 100, .name = "Breaker %l current",
		.label = "^2", .when = "^3!=0" },
	{ "3.1.1.18", MEASURE_LOAD, .name = "Breaker %l load", .label = "^2",
		.when = "^3!=0" },
	{ "3.1.1.20", MEASURE_POWER, .name = "Breaker %l power", .label = "^2",
		.when = "^3!=0" },
	{ "3.1.1.26", MEASURE_STATE, .name = "Breaker %l", .label = "^2", .when = "^3!=0",
		.states = STATES({ 1, DUNNO, "notApplicable" }, { 2, FINE, "breakerOn" },
		    { 3, CRIT, "breakerOff" }) },
};

const struct snmp_family family_panduit = {
	.word = "panduit",
	.says = "Panduit PDU",
	.base = ".1.3.6.1.4.1.19536.10.1",
	.ids = ".1.3.6.1.4.1.19536",
	.walks = "2.1 3.1",
	.alone = true,
	ROWS(panduit_rows),
};

static const struct snmp_row rnx_rows[] = {
	{ "3.1.1.4", MEASURE_ENERGY, .over = 1000, .name = "%l energy", .label = "^2" },
	{ "3.1.1.7", MEASURE_POWER, .name = "%l power", .label = "^2" },
	{ "3.1.1.8", MEASURE_REACTIVE_POWER, .name = "%l reactive power", .label = "^2" },
	{ "3.1.1.9", MEASURE_APPARENT_POWER, .name = "%l apparent power", .label = "^2" },
	{ "3.1.1.10", MEASURE_VOLTAGE, .over = 1000, .name = "%l voltage", .label = "^2" },
	{ "3.1.1.11", MEASURE_CURRENT, .over = 1000, .name = "%l current", .label = "^2" },
};

const struct snmp_family family_rnx = {
	.word = "rnx-updu",
	.says = "RNX UPDU",
	.base = ".1.3.6.1.4.1.55108.1",
	.ids = ".1.3.6.1.4.1.55108",
	.descr = "RNX UPDU",
	.walks = "3.1.1",
	.alone = true,
	ROWS(rnx_rows),
};

static const struct snmp_row schleifenbauer_rows[] = {
	{ "1.1.1.3", MEASURE_COUNT, .name = "Devices not responding" },
	{ "1.1.1.4", MEASURE_COUNT, .name = "Duplicate device addresses" },
	{ "1.1.1.1", MEASURE_COUNT, .name = "Devices" },
	{ "1.1.1.5", MEASURE_STATE, .name = "Databus ring",
		.states = STATES({ 0, WARN, "open" }, { 1, FINE, "closed" }) },
	{ "1.2.6.1.1.2", MEASURE_ENERGY, .name = "%l energy", .label = "^13" },
	{ "1.2.6.1.1.4", MEASURE_POWER_FACTOR, .over = 10000, .name = "%l power factor",
		.label = "^13" },
	{ "1.2.6.1.1.5", MEASURE_CURRENT, .over = 100, .name = "%l current",
		.label = "^13" },
	{ "1.2.6.1.1.7", MEASURE_VOLTAGE, .over = 100, .name = "%l voltage",
		.label = "^13" },
	{ "1.2.6.1.1.9", MEASURE_POWER, .name = "%l power", .label = "^13" },
	{ "1.2.7.1.1.5", MEASURE_CURRENT, .over = 100, .name = "Outlet %l current",
		.label = "^2" },
	{ "1.2.7.1.1.9", MEASURE_POWER, .name = "Outlet %l power", .label = "^2" },
};

const struct snmp_family family_schleifenbauer = {
	.word = "schleifenbauer",
	.says = "Schleifenbauer PDU",
	.base = ".1.3.6.1.4.1.31034.12.1",
	.ids = ".1.3.6.1.4.1.31034",
	.descr = "Schleifenbauer",
	.walks = "1.1.1 1.2.6 1.2.7",
	.alone = true,
	ROWS(schleifenbauer_rows),
};

/* 99999: a line cord this model does not have */
static const struct snmp_row iboot_rows[] = {
	{ "5.1.7", MEASURE_STATE, .name = "Outlet %l", .label = "5.1.2",
		.states = STATES({ 0, DUNNO, "off" }, { 1, FINE, "on" },
		    { 2, WARN, "rebooting" }, { 3, WARN, "cycling" },
		    { 4, WARN, "pendingOn" }, { 5, WARN, "pendingOff" }) },
	{ "6.1", MEASURE_VOLTAGE, .over = 100, .name = "LC1 voltage", .none = "99999" },
	{ "6.2", MEASURE_CURRENT, .over = 100, .name = "LC1 current", .none = "99999" },
	{ "6.3", MEASURE_VOLTAGE, .over = 100, .name = "LC2 voltage", .none = "99999" },
	{ "6.4", MEASURE_CURRENT, .over = 100, .name = "LC2 current", .none = "99999" },
	{ "6.5", MEASURE_TEMPERATURE, .over = 100, .name = "Sensor 1", .none = "99999",
		.fahrenheit = "6.5.0=*" },
	{ "6.6", MEASURE_TEMPERATURE, .over = 100, .name = "Sensor 2", .none = "99999",
		.fahrenheit = "6.6.0=*" },
};

const struct snmp_family family_iboot = {
	.word = "iboot",
	.says = "Dataprobe iBoot PDU",
	.base = ".1.3.6.1.4.1.1418.6",
	.ids = ".1.3.6.1.4.1.1418",
	.descr = "*ibootpdu|*iBoot",
	.walks = "5.1 6",
	.alone = true,
	ROWS(iboot_rows),
};
