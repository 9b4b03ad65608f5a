/* src/sense/snmp/cyberpower.c - CyberPower UPSes, environment sensor, ePDUs; CPS-MIB. */
#include "sense/snmp/families.h"

#define LOAD_STATES                                                                    \
	STATES({ 1, FINE, "normal" }, { 2, WARN, "low" }, { 3, WARN, "nearOverload" }, \
	    { 4, CRIT, "overload" })

static const struct snmp_row rows[] = {
	{ "1.2.1.1", MEASURE_STATE, .name = "Battery status",
		.states = STATES({ 1, DUNNO, "unknown" }, { 2, FINE, "normal" },
		    { 3, CRIT, "low" }, { 4, CRIT, "batteryNotPresent" }) },
	{ "1.2.1.2", MEASURE_DURATION, .over = 6000, .name = "Time on battery" },
	{ "1.2.2.1", MEASURE_CHARGE, .name = "Battery charge" },
	{ "1.2.2.2", MEASURE_VOLTAGE, .over = 10, .name = "Battery voltage" },
	{ "1.2.2.3", MEASURE_TEMPERATURE, PLACE_INTERNAL, .name = "Battery temperature" },
	{ "1.2.2.4", MEASURE_RUNTIME, .over = 6000, .name = "Battery runtime remaining" },
	{ "1.2.2.5", MEASURE_STATE, .name = "Battery replacement",
		.states = STATES({ 1, FINE, "noBatteryNeedsReplacing" },
		    { 2, CRIT, "batteryNeedsReplacing" }) },
	{ "1.3.2.1", MEASURE_VOLTAGE, .over = 10, .name = "Input voltage" },
	{ "1.3.2.4", MEASURE_FREQUENCY, .over = 10, .name = "Input frequency" },
	{ "1.3.2.5", MEASURE_STATE, .name = "Last transfer cause",
		.states = STATES({ 1, FINE, "noTransfer" }, { 2, FINE, "highLineVoltage" },
		    { 3, FINE, "brownout" }, { 4, FINE, "selfTest" }) },
	{ "1.3.2.6", MEASURE_STATE, .name = "Input status",
		.states = STATES({ 1, FINE, "normal" }, { 2, WARN, "overVoltage" },
		    { 3, WARN, "underVoltage" }, { 4, WARN, "frequencyFailure" },
		    { 5, CRIT, "blackout" }, { 6, CRIT, "powerFailure" }) },
	{ "1.4.1.1", MEASURE_STATE, .name = "Output status",
		.states = STATES({ 1, DUNNO, "unknown" }, { 2, FINE, "onLine" },
		    { 3, CRIT, "onBattery" }, { 4, WARN, "onBoost" }, { 5, WARN, "onSleep" },
		    { 6, CRIT, "off" }, { 7, WARN, "rebooting" }, { 8, FINE, "onECO" },
		    { 9, WARN, "onBypass" }, { 10, WARN, "onBuck" },
		    { 11, CRIT, "onOverload" }) },
	{ "1.4.2.1", MEASURE_VOLTAGE, .over = 10, .name = "Output voltage" },
	{ "1.4.2.2", MEASURE_FREQUENCY, .over = 10, .name = "Output frequency" },
	{ "1.4.2.3", MEASURE_LOAD, .name = "Output load" },
	{ "1.4.2.4", MEASURE_CURRENT, .over = 10, .name = "Output current" },
	{ "1.4.2.5", MEASURE_POWER, .name = "Output power" },
	/* envirTemperature is in tenths of a degree Fahrenheit, whatever is set: always */
	{ "4.2.1", MEASURE_TEMPERATURE, .over = 10, .name = "Environment temperature",
		.fahrenheit = "4.2.1.0=*", .none = "0" },
	{ "4.3.1", MEASURE_HUMIDITY, .name = "Environment humidity", .none = "0" },
	{ "4.4.2.1.3", MEASURE_STATE, .name = "Contact %l", .label = "^2", .fit = "^3!=0",
		.states = STATES({ 1, FINE, "normal" }, { 2, CRIT, "abnormal" }) },
	/* ePDU, first generation */
	{ "3.2.3.1.1.2", MEASURE_CURRENT, .over = 10, .name = "Load %i current" },
	{ "3.2.3.1.1.3", MEASURE_STATE, .name = "Load %i state", .states = LOAD_STATES },
	{ "3.2.3.1.1.6", MEASURE_VOLTAGE, .over = 10, .name = "Load %i voltage" },
	{ "3.2.3.1.1.7", MEASURE_POWER, .name = "Load %i power" },
	{ "3.2.3.1.1.8", MEASURE_APPARENT_POWER, .name = "Load %i apparent power" },
	{ "3.2.3.1.1.9", MEASURE_POWER_FACTOR, .over = 100, .name = "Load %i power factor" },
	{ "3.2.3.1.1.10", MEASURE_ENERGY, .over = 10, .name = "Load %i energy" },
	{ "3.3.5.1.1.4", MEASURE_STATE, .name = "Outlet %l", .label = "^2",
		.states = STATES({ 1, FINE, "on" }, { 2, DUNNO, "off" }) },
	{ "3.3.5.1.1.7", MEASURE_CURRENT, .over = 10, .name = "Outlet %l current",
		.label = "^2" },
	{ "3.3.5.1.1.8", MEASURE_POWER, .name = "Outlet %l power", .label = "^2" },
	{ "3.5.7", MEASURE_VOLTAGE, .over = 10, .name = "Device voltage" },
};

const struct snmp_family family_cyberpower = {
	.word = "cyberpower",
	.says = "CyberPower",
	.base = ".1.3.6.1.4.1.3808.1.1",
	.ids = ".1.3.6.1.4.1.3808",
	.walks = "1.2 1.3 1.4 4 3.2.3 3.3.5 3.5.7",
	.alone = true,
	ROWS(rows),
};

/* ePDU2 (3808.1.1.6): watts and volt-amperes are whole, the rest tenths */
#define LOAD2_STATES                                                                   \
	STATES({ 1, FINE, "lowLoad" }, { 2, FINE, "normal" },                          \
	    { 3, WARN, "nearOverload" }, { 4, CRIT, "overload" })

static const struct snmp_row epdu2_rows[] = {
	{ "3.4.1.4", MEASURE_STATE, .name = "Device load state", .states = LOAD2_STATES },
	{ "3.4.1.5", MEASURE_CURRENT, .over = 10, .name = "Device current" },
	{ "3.4.1.9", MEASURE_ENERGY, .over = 10, .name = "Device energy" },
	{ "3.4.1.12", MEASURE_STATE, .name = "Power supply alarm",
		.states = STATES({ 1, FINE, "normal" }, { 2, CRIT, "alarm" }) },
	{ "3.4.1.15", MEASURE_APPARENT_POWER, .name = "Device apparent power" },
	{ "3.4.1.16", MEASURE_POWER_FACTOR, .over = 100, .name = "Device power factor" },
	{ "3.4.1.18", MEASURE_POWER, .name = "Device power" },
	{ "4.4.1.4", MEASURE_STATE, .name = "Phase %i load state", .states = LOAD2_STATES },
	{ "4.4.1.5", MEASURE_CURRENT, .over = 10, .name = "Phase %i current" },
	{ "4.4.1.6", MEASURE_VOLTAGE, .over = 10, .name = "Phase %i voltage" },
	{ "4.4.1.7", MEASURE_POWER, .name = "Phase %i power" },
	{ "4.4.1.8", MEASURE_APPARENT_POWER, .name = "Phase %i apparent power" },
	{ "4.4.1.9", MEASURE_POWER_FACTOR, .over = 100, .name = "Phase %i power factor" },
	{ "5.4.1.4", MEASURE_STATE, .name = "Bank %i load state", .states = LOAD2_STATES },
	{ "5.4.1.5", MEASURE_CURRENT, .over = 10, .name = "Bank %i current" },
};

const struct snmp_family family_cyberpower_pdu2 = {
	.word = "cyberpower-pdu2",
	.says = "CyberPower PDU",
	.base = ".1.3.6.1.4.1.3808.1.1.6",
	.ids = ".1.3.6.1.4.1.3808",
	.walks = "3.4 4.4 5.4",
	.alone = true,
	ROWS(epdu2_rows),
};
