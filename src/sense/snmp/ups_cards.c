/* src/sense/snmp/ups_cards.c - UPS cards with a MIB of their own: Tripp Lite, Huawei,
 * Riello, PowerWalker and other Phoenixtec makes (EPPC), HPE, Dell, Delta.  Each of them
 * speaks RFC 1628 too; where the maker's MIB says all of it and more, it stands alone. */
#include "sense/snmp/families.h"

#define OUTPUT_SOURCES                                                                 \
	{ 1, DUNNO, "other" }, { 2, CRIT, "none" }, { 3, FINE, "normal" },             \
	    { 4, WARN, "bypass" }, { 5, CRIT, "battery" }

/* TRIPPLITE-PRODUCTS: index 1 is the device of the card, 2 the line */
static const struct snmp_row tripplite_rows[] = {
	{ "1.1.2.1.10", MEASURE_STATE, .name = "Device status",
		.states = STATES({ 0, FINE, "none" }, { 1, CRIT, "critical" },
		    { 2, WARN, "warning" }, { 3, FINE, "info" }, { 4, FINE, "status" },
		    { 5, CRIT, "offline" }) },
	{ "1.3.1.3.1.1.1.1", MEASURE_STATE, .name = "Battery status",
		.states = STATES({ 1, DUNNO, "unknown" }, { 2, FINE, "batteryNormal" },
		    { 3, CRIT, "batteryLow" }, { 4, CRIT, "batteryDepleted" }) },
	{ "1.3.1.3.1.1.1.2", MEASURE_DURATION, .over = 60, .name = "Time on battery" },
	{ "1.3.1.3.1.1.1.3", MEASURE_RUNTIME, .name = "Battery runtime remaining" },
	{ "1.3.1.3.1.1.1.4", MEASURE_CHARGE, .name = "Battery charge" },
	{ "1.3.1.3.2.2.1.3", MEASURE_VOLTAGE, .over = 10, .name = "Input voltage %2" },
	{ "1.3.1.3.2.2.1.6", MEASURE_CURRENT, .over = 100, .name = "Input current %2" },
	{ "1.3.1.3.2.2.1.7", MEASURE_POWER, .name = "Input power %2" },
	{ "1.3.1.3.3.1.1.1", MEASURE_STATE, .name = "Output source",
		.states = STATES({ 0, DUNNO, "unknown" }, OUTPUT_SOURCES,
		    { 6, WARN, "boosting" }, { 7, WARN, "reducing" }, { 8, FINE, "second" },
		    { 9, FINE, "economy" }) },
	{ "1.3.1.3.3.1.1.3", MEASURE_FREQUENCY, .over = 10, .name = "Output frequency" },
	{ "1.3.1.3.3.2.1.2", MEASURE_VOLTAGE, .over = 10, .name = "Output voltage %2" },
	{ "1.3.1.3.3.2.1.3", MEASURE_CURRENT, .over = 10, .name = "Output current %2" },
	{ "1.3.1.3.3.2.1.4", MEASURE_POWER, .name = "Output power %2" },
	{ "1.3.1.3.3.2.1.5", MEASURE_LOAD, .name = "Output load %2" },
	{ "1.3.1.3.4.1.1.1", MEASURE_FREQUENCY, .over = 10, .name = "Bypass frequency" },
	{ "1.3.1.3.4.2.1.2", MEASURE_VOLTAGE, .over = 10, .name = "Bypass voltage %2" },
	{ "1.3.1.3.5.1.1.4", MEASURE_STATE, .name = "Outlet %l", .label = "^2",
		.states = STATES({ 0, DUNNO, "unknown" }, { 1, DUNNO, "off" },
		    { 2, FINE, "on" }) },
	{ "1.3.1.3.5.1.1.8", MEASURE_CURRENT, .over = 100, .name = "Outlet %l current",
		.label = "^2" },
	{ "1.3.1.3.5.1.1.9", MEASURE_POWER, .name = "Outlet %l power", .label = "^2" },
	/* a PDU's outlets */
	{ "1.3.2.3.3.1.1.4", MEASURE_STATE, .name = "Outlet %l", .label = "^2",
		.states = STATES({ 0, DUNNO, "unknown" }, { 1, DUNNO, "off" },
		    { 2, FINE, "on" }) },
	/* EnviroSense */
	{ "1.3.3.3.1.1.1", MEASURE_TEMPERATURE, .over = 10, .name = "Ambient temperature",
		.none = "0" },
	{ "1.3.3.3.2.1.1", MEASURE_HUMIDITY, .name = "Ambient humidity", .none = "0" },
};

const struct snmp_family family_tripplite = {
	.word = "tripplite",
	.says = "Tripp Lite",
	.base = ".1.3.6.1.4.1.850.1",
	.ids = ".1.3.6.1.4.1.850.1.1",
	.walks = "1.3.1.3 1.1.2.1.10 1.3.2.3.3 1.3.3.3.1 1.3.3.3.2",
	.alone = true,
	ROWS(tripplite_rows),
};

/* the older cards, TRIPPLITE-12X: beside RFC 1628 */
static const struct snmp_row tripplite_12x_rows[] = {
	{ "100.1.2.1", MEASURE_COUNT, .name = "Battery age in years" },
	{ "100.1.4.7.1.3", MEASURE_CURRENT, .over = 10, .name = "Circuit %i current" },
	{ "100.1.4.7.1.4", MEASURE_VOLTAGE, .over = 10, .name = "Circuit %i voltage" },
	{ "100.1.4.7.1.5", MEASURE_POWER, .name = "Circuit %i power" },
	{ "100.1.4.7.1.2", MEASURE_STATE, .name = "Circuit %i",
		.states = STATES({ 0, CRIT, "open" }, { 1, FINE, "closed" }) },
	{ "100.1.13.1", MEASURE_TEMPERATURE, PLACE_INTERNAL, .name = "UPS temperature",
		.none = "0" },
	{ "101.1.1.1", MEASURE_TEMPERATURE, .name = "Ambient temperature" },
	{ "101.1.2.1", MEASURE_HUMIDITY, .name = "Ambient humidity" },
	{ "101.2.1.1.3", MEASURE_STATE, .name = "Contact %l", .label = "^2",
		.states = STATES({ 0, FINE, "normal" }, { 1, CRIT, "alarm" }) },
};

const struct snmp_family family_tripplite_12x = {
	.word = "tripplite-12x",
	.says = "Tripp Lite",
	.base = ".1.3.6.1.4.1.850",
	.ids = ".1.3.6.1.4.1.850",
	.descr = "PowerAlert",
	.walks = "101.1 101.2 100.1.2.1 100.1.4.7 100.1.13.1",
	.unless = "tripplite",
	ROWS(tripplite_12x_rows),
};

#define PHASE3(column, a, b, c, kind_, by, words)                                      \
	{ column a, kind_, .over = by, .name = words " L1" },                          \
	{ column b, kind_, .over = by, .name = words " L2" },                          \
	{ column c, kind_, .over = by, .name = words " L3" }
#define PHASE3_KILO(column, a, b, c, kind_, words)                                     \
	{ column a, kind_, .times = 100, .name = words " L1" },                        \
	{ column b, kind_, .times = 100, .name = words " L2" },                        \
	{ column c, kind_, .times = 100, .name = words " L3" }

/* HUAWEI-UPS-MIB: a row a UPS of the system; powers in tenths of a kilowatt */
static const struct snmp_row huawei_rows[] = {
	{ "2.101.1.1", MEASURE_STATE, .name = "Output source",
		.states = STATES({ 0, DUNNO, "unknown" }, { 1, CRIT, "noSupply" },
		    { 2, WARN, "bypass" }, { 3, FINE, "normal" }, { 4, CRIT, "battery" },
		    { 5, WARN, "combined" }, { 6, FINE, "mainsEco" },
		    { 7, CRIT, "batteryEco" }) },
	{ "2.101.1.3", MEASURE_STATE, .name = "Battery status",
		.states = STATES({ 0, DUNNO, "unknown" }, { 1, CRIT, "notConnected" },
		    { 2, FINE, "idle" }, { 3, FINE, "hibernation" }, { 4, FINE, "floatCharging" },
		    { 5, FINE, "equalizedCharging" }, { 6, CRIT, "discharging" }) },
	{ "2.101.1.4", MEASURE_TEMPERATURE, PLACE_INTERNAL, .over = 10,
		.name = "Internal temperature" },
	{ "1.1.6", MEASURE_TEMPERATURE, .over = 10, .name = "Ambient temperature" },
	{ "1.1.7", MEASURE_HUMIDITY, .over = 10, .name = "Ambient humidity" },
	PHASE3("3.100.1.", "1", "2", "3", MEASURE_VOLTAGE, 10, "Input voltage"),
	{ "3.100.1.4", MEASURE_FREQUENCY, .over = 100, .name = "Input frequency" },
	PHASE3("3.100.1.", "5", "6", "7", MEASURE_CURRENT, 10, "Input current"),
	PHASE3("3.100.1.", "8", "9", "10", MEASURE_POWER_FACTOR, 100, "Input power factor"),
	PHASE3("4.100.1.", "1", "2", "3", MEASURE_VOLTAGE, 10, "Output voltage"),
	PHASE3("4.100.1.", "4", "5", "6", MEASURE_CURRENT, 10, "Output current"),
	{ "4.100.1.7", MEASURE_FREQUENCY, .over = 100, .name = "Output frequency" },
	PHASE3_KILO("4.100.1.", "8", "9", "10", MEASURE_POWER, "Output power"),
	PHASE3_KILO("4.100.1.", "11", "12", "13", MEASURE_APPARENT_POWER,
	    "Output apparent power"),
	PHASE3("4.100.1.", "14", "15", "16", MEASURE_LOAD, 10, "Output load"),
	PHASE3("4.100.1.", "19", "20", "21", MEASURE_POWER_FACTOR, 100,
	    "Output power factor"),
	PHASE3("5.100.1.", "1", "2", "3", MEASURE_VOLTAGE, 10, "Bypass voltage"),
	{ "5.100.1.4", MEASURE_FREQUENCY, .over = 100, .name = "Bypass frequency" },
	{ "6.100.1.1", MEASURE_VOLTAGE, .over = 10, .name = "Battery voltage" },
	{ "6.100.1.2", MEASURE_CURRENT, .over = 10, .name = "Battery current" },
	/* its own charge is percent or tenths of one, by firmware: RFC 1628's goes first */
	{ ".1.3.6.1.2.1.33.1.2.4", MEASURE_CHARGE, .name = "Battery charge",
		.when = "=2.101.1.1.1=*" },
	{ "6.100.1.3", MEASURE_CHARGE, .over = 10, .name = "Battery charge",
		.when = "=.1.3.6.1.2.1.33.1.2.4.0!=*" },
	{ "6.100.1.4", MEASURE_RUNTIME, .over = 60, .name = "Battery runtime remaining" },
	{ "6.100.1.6", MEASURE_TEMPERATURE, PLACE_INTERNAL, .over = 10,
		.name = "Battery temperature" },
};

/* its sysObjectID is net-snmp's: found by being tried */
const struct snmp_family family_huawei = {
	.word = "huawei-ups",
	.says = "Huawei UPS",
	.base = ".1.3.6.1.4.1.2011.6.174.1",
	.ids = ".1.3.6.1.4.1.2011.6.174",
	.walks = "2.101 1.1 3.100 4.100 5.100 6.100 .1.3.6.1.2.1.33.1.2.4",
	.alone = true,
	ROWS(huawei_rows),
};

/* RIELLO-UPS-MIB is RFC 1628 again; only for cards that leave that out */
static const struct snmp_row riello_rows[] = {
	{ "2.1", MEASURE_STATE, .name = "Battery status",
		.states = STATES({ 1, DUNNO, "unknown" }, { 2, FINE, "batteryNormal" },
		    { 3, CRIT, "batteryLow" }, { 4, CRIT, "batteryDepleted" }) },
	{ "2.2", MEASURE_DURATION, .over = 60, .name = "Time on battery" },
	{ "2.3", MEASURE_RUNTIME, .name = "Battery runtime remaining" },
	{ "2.4", MEASURE_CHARGE, .name = "Battery charge" },
	{ "2.5", MEASURE_VOLTAGE, .over = 10, .name = "Battery voltage" },
	{ "2.6", MEASURE_CURRENT, .over = 10, .name = "Battery current" },
	{ "2.7", MEASURE_TEMPERATURE, PLACE_INTERNAL, .name = "Battery temperature" },
	{ "3.3.1.2", MEASURE_FREQUENCY, .over = 10, .name = "Input frequency %1" },
	{ "3.3.1.3", MEASURE_VOLTAGE, .over = 10, .name = "Input voltage %1" },
	{ "3.3.1.4", MEASURE_CURRENT, .over = 10, .name = "Input current %1" },
	{ "4.1", MEASURE_STATE, .name = "Output source",
		.states = STATES(OUTPUT_SOURCES, { 6, WARN, "booster" },
		    { 7, WARN, "reducer" }) },
	{ "4.2", MEASURE_FREQUENCY, .over = 10, .name = "Output frequency" },
	{ "4.4.1.2", MEASURE_VOLTAGE, .over = 10, .name = "Output voltage %1" },
	{ "4.4.1.3", MEASURE_CURRENT, .over = 10, .name = "Output current %1" },
	{ "4.4.1.4", MEASURE_POWER, .name = "Output power %1" },
	{ "4.4.1.5", MEASURE_LOAD, .name = "Output load %1" },
	{ "6.1", MEASURE_COUNT, .name = "Alarms present" },
};

const struct snmp_family family_riello = {
	.word = "riello",
	.says = "Riello UPS",
	.base = ".1.3.6.1.4.1.5491.10.1",
	.ids = ".1.3.6.1.4.1.5491",
	.descr = "NetMan",
	.walks = "2 3 4 6.1",
	.unless = "ups-mib",
	ROWS(riello_rows),
};

/* EPPC-MIB: -1 stands for what this model does not measure */
#define EPPC(oid_, kind_, by, words) { oid_, kind_, .over = by, .name = words, .none = "-1" }

static const struct snmp_row eppc_rows[] = {
	{ "2.1", MEASURE_STATE, .name = "System status",
		.states = STATES({ 1, DUNNO, "powerOn" }, { 2, WARN, "standBy" },
		    { 3, WARN, "bypass" }, { 4, FINE, "line" }, { 5, CRIT, "battery" },
		    { 6, WARN, "batteryTest" }, { 7, CRIT, "fault" }, { 8, FINE, "converter" },
		    { 9, FINE, "eco" }, { 10, CRIT, "shutdown" }, { 11, WARN, "onBooster" },
		    { 12, WARN, "onReducer" }) },
	{ "2.2", MEASURE_TEMPERATURE, PLACE_INTERNAL, .over = 10,
		.name = "Internal temperature", .none = "-1,0" },
	EPPC("2.16.1.2", MEASURE_FREQUENCY, 10, "Input %1 frequency"),
	EPPC("2.16.1.3", MEASURE_VOLTAGE, 10, "Input %1 voltage"),
	EPPC("2.16.1.4", MEASURE_CURRENT, 10, "Input %1 current"),
	EPPC("2.16.1.5", MEASURE_POWER, 1, "Input %1 power"),
	EPPC("2.18.1.2", MEASURE_FREQUENCY, 10, "Output %1 frequency"),
	EPPC("2.18.1.3", MEASURE_VOLTAGE, 10, "Output %1 voltage"),
	EPPC("2.18.1.4", MEASURE_CURRENT, 10, "Output %1 current"),
	EPPC("2.18.1.5", MEASURE_POWER, 1, "Output %1 power"),
	EPPC("2.18.1.6", MEASURE_APPARENT_POWER, 1, "Output %1 apparent power"),
	EPPC("2.18.1.7", MEASURE_LOAD, 1, "Output %1 load"),
	EPPC("2.20.1.2", MEASURE_FREQUENCY, 10, "Bypass %1 frequency"),
	EPPC("2.20.1.3", MEASURE_VOLTAGE, 10, "Bypass %1 voltage"),
	{ "3.1", MEASURE_STATE, .name = "Battery status",
		.states = STATES({ 1, DUNNO, "unknown" }, { 2, FINE, "batteryNormal" },
		    { 3, CRIT, "batteryLow" }, { 4, CRIT, "batteryDepleted" },
		    { 5, CRIT, "batteryDischarging" }, { 6, CRIT, "batteryFailure" }) },
	EPPC("3.2", MEASURE_DURATION, 60, "Time on battery"),
	EPPC("3.3", MEASURE_RUNTIME, 1, "Battery runtime remaining"),
	EPPC("3.4", MEASURE_CHARGE, 1, "Battery charge"),
	EPPC("3.5", MEASURE_VOLTAGE, 10, "Battery voltage"),
	EPPC("3.6", MEASURE_VOLTAGE, 10, "Negative battery voltage"),
	{ "3.8", MEASURE_TEMPERATURE, PLACE_INTERNAL, .over = 10,
		.name = "Battery temperature", .none = "-1" },
	{ "6.1.1", MEASURE_TEMPERATURE, .over = 10, .name = "Ambient temperature",
		.none = "-1", .low_critical = "6.1.4.0", .high_critical = "6.1.2.0" },
	{ "6.2.1", MEASURE_HUMIDITY, .name = "Ambient humidity", .none = "-1" },
};

const struct snmp_family family_eppc = {
	.word = "eppc",
	.says = "PowerWalker or Phoenixtec UPS",
	.base = ".1.3.6.1.4.1.935.10.1.1",
	.ids = ".1.3.6.1.4.1.935.10",
	.walks = "2 3 6",
	.alone = true,
	ROWS(eppc_rows),
};
