/* src/sense/snmp/upsmib.c - RFC 1628, UPS-MIB: what most UPS cards speak besides, or
 * instead of, their vendor's own.  Some answer text, and "" for what they lack. */
#include "sense/snmp/families.h"

#define ALARMS                                                                         \
	STATES({ 1, CRIT, "batteryBad" }, { 2, CRIT, "onBattery" },                    \
	    { 3, CRIT, "lowBattery" }, { 4, CRIT, "depletedBattery" },                 \
	    { 5, CRIT, "tempBad" }, { 6, CRIT, "inputBad" }, { 7, CRIT, "outputBad" }, \
	    { 8, CRIT, "outputOverload" }, { 9, WARN, "onBypass" },                    \
	    { 10, WARN, "bypassBad" }, { 11, WARN, "outputOffAsRequested" },           \
	    { 12, WARN, "upsOffAsRequested" }, { 13, CRIT, "chargerFailed" },          \
	    { 14, CRIT, "upsOutputOff" }, { 15, CRIT, "upsSystemOff" },                \
	    { 16, CRIT, "fanFailure" }, { 17, CRIT, "fuseFailure" },                   \
	    { 18, CRIT, "generalFault" }, { 19, CRIT, "diagnosticTestFailed" },        \
	    { 20, CRIT, "communicationsLost" }, { 21, WARN, "awaitingPower" },         \
	    { 22, CRIT, "shutdownPending" }, { 23, CRIT, "shutdownImminent" },         \
	    { 24, WARN, "testInProgress" })

static const struct snmp_row rows[] = {
	{ "2.1", MEASURE_STATE, .name = "Battery status",
		.states = STATES({ 1, DUNNO, "unknown" }, { 2, FINE, "batteryNormal" },
		    { 3, CRIT, "batteryLow" }, { 4, CRIT, "batteryDepleted" }) },
	{ "2.2", MEASURE_DURATION, .over = 60, .name = "Time on battery" },
	{ "2.3", MEASURE_RUNTIME, .name = "Battery runtime remaining" },
	{ "2.4", MEASURE_CHARGE, .name = "Battery charge" },
	{ "2.5", MEASURE_VOLTAGE, .over = 10, .name = "Battery voltage" },
	{ "2.6", MEASURE_CURRENT, .over = 10, .name = "Battery current" },
	{ "2.7", MEASURE_TEMPERATURE, PLACE_INTERNAL, .name = "Battery temperature" },
	{ "3.1", MEASURE_COUNT, .name = "Input line fails" },
	{ "3.3.1.2", MEASURE_FREQUENCY, .over = 10, .name = "Input frequency" },
	/* cards that number their lines 1.0, 2.0 ... answer tenths of a volt */
	{ "3.3.1.3", MEASURE_VOLTAGE, .name = "Input voltage", .when = "#2!=0" },
	{ "3.3.1.3", MEASURE_VOLTAGE, .over = 10, .name = "Input voltage", .when = "#2=0" },
	{ "3.3.1.4", MEASURE_CURRENT, .over = 10, .name = "Input current" },
	{ "3.3.1.5", MEASURE_POWER, .name = "Input power" },
	{ "4.1", MEASURE_STATE, .name = "Output source",
		.states = STATES({ 1, DUNNO, "other" }, { 2, CRIT, "none" },
		    { 3, FINE, "normal" }, { 4, WARN, "bypass" }, { 5, CRIT, "battery" },
		    { 6, WARN, "booster" }, { 7, WARN, "reducer" }) },
	{ "4.2", MEASURE_FREQUENCY, .over = 10, .name = "Output frequency" },
	{ "4.4.1.2", MEASURE_VOLTAGE, .name = "Output voltage", .when = "#2!=0" },
	{ "4.4.1.2", MEASURE_VOLTAGE, .over = 10, .name = "Output voltage", .when = "#2=0" },
	{ "4.4.1.3", MEASURE_CURRENT, .over = 10, .name = "Output current" },
	{ "4.4.1.4", MEASURE_POWER, .name = "Output power" },
	{ "4.4.1.5", MEASURE_LOAD, .name = "Output load" },
	{ "5.1", MEASURE_FREQUENCY, .over = 10, .name = "Bypass frequency" },
	{ "5.3.1.2", MEASURE_VOLTAGE, .name = "Bypass voltage", .when = "#2!=0" },
	{ "5.3.1.2", MEASURE_VOLTAGE, .over = 10, .name = "Bypass voltage", .when = "#2=0" },
	{ "5.3.1.3", MEASURE_CURRENT, .over = 10, .name = "Bypass current" },
	{ "5.3.1.4", MEASURE_POWER, .name = "Bypass power" },
	{ "6.1", MEASURE_COUNT, .name = "Alarms present", .rewalk = true },
	/* a row is an alarm that is on; its value is the OID of a well-known alarm */
	{ "6.2.1.2", MEASURE_STATE, .name = "Alarm %i", .states = ALARMS },
	{ "7.3", MEASURE_STATE, .name = "Test result",
		.states = STATES({ 1, FINE, "donePass" }, { 2, WARN, "doneWarning" },
		    { 3, CRIT, "doneError" }, { 4, WARN, "aborted" },
		    { 5, FINE, "inProgress" }, { 6, FINE, "noTestsInitiated" }) },
};

const struct snmp_family family_ups_mib = {
	.word = "ups-mib",
	.says = "UPS (RFC 1628)",
	.base = ".1.3.6.1.2.1.33.1",
	.ids = ".1.3.6.1.2.1.33",
	.walks = "2 3 4 5 6 7",
	.generic = true,
	ROWS(rows),
};
