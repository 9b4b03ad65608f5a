/* src/sense/snmp/pdu_brands.c - power of server makers and of smaller PDU makers: HPE
 * UPS and PDU (CPQPOWER-MIB), Dell UPS and PDU, Delta UPS, Enlogic, ATEN, BayTech,
 * Pulizzi (Eaton ePDU G1), Bachmann BlueNet. */
#include "sense/snmp/families.h"

#define OUTLET_12 STATES({ 1, DUNNO, "off" }, { 2, FINE, "on" }, { 3, WARN, "pendingOff" }, \
	    { 4, WARN, "pendingOn" })

static const struct snmp_row hpe_ups_rows[] = {
	{ "3.2.1", MEASURE_RUNTIME, .over = 60, .name = "Battery runtime remaining" },
	{ "3.2.2", MEASURE_VOLTAGE, .over = 10, .name = "Battery voltage" },
	{ "3.2.3", MEASURE_CURRENT, .over = 10, .name = "Battery current" },
	{ "3.2.4", MEASURE_CHARGE, .name = "Battery charge" },
	{ "3.2.5", MEASURE_STATE, .name = "Battery status",
		.states = STATES({ 1, FINE, "charging" }, { 2, CRIT, "discharging" },
		    { 3, FINE, "floating" }, { 4, FINE, "resting" }, { 5, DUNNO, "unknown" }) },
	{ "3.3.1", MEASURE_FREQUENCY, .over = 10, .name = "Input frequency" },
	{ "3.3.4.1.2", MEASURE_VOLTAGE, .name = "Input voltage %1" },
	{ "3.3.4.1.3", MEASURE_CURRENT, .over = 10, .name = "Input current %1" },
	{ "3.3.4.1.4", MEASURE_POWER, .name = "Input power %1" },
	{ "3.4.1", MEASURE_LOAD, .name = "Output load" },
	{ "3.4.2", MEASURE_FREQUENCY, .over = 10, .name = "Output frequency" },
	{ "3.4.4.1.2", MEASURE_VOLTAGE, .name = "Output voltage %1" },
	{ "3.4.4.1.3", MEASURE_CURRENT, .over = 10, .name = "Output current %1" },
	{ "3.4.4.1.4", MEASURE_POWER, .name = "Output power %1" },
	{ "3.4.5", MEASURE_STATE, .name = "Output source",
		.states = STATES({ 1, DUNNO, "other" }, { 2, CRIT, "none" },
		    { 3, FINE, "normal" }, { 4, WARN, "bypass" }, { 5, CRIT, "battery" },
		    { 6, WARN, "booster" }, { 7, WARN, "reducer" },
		    { 8, FINE, "parallelCapacity" }, { 9, FINE, "parallelRedundant" },
		    { 10, FINE, "highEfficiencyMode" }) },
	{ "3.6.1", MEASURE_TEMPERATURE, .name = "Ambient temperature", .none = "0",
		.low_critical = "3.6.2.0", .high_critical = "3.6.3.0" },
	{ "3.7.2", MEASURE_STATE, .name = "Battery test",
		.states = STATES({ 1, DUNNO, "unknown" }, { 2, FINE, "passed" },
		    { 3, CRIT, "failed" }, { 4, WARN, "inProgress" },
		    { 5, FINE, "notSupported" }, { 6, WARN, "inhibited" },
		    { 7, FINE, "scheduled" }) },
	{ "3.10.2.1.2", MEASURE_STATE, .name = "Load segment %1",
		.states = STATES({ 1, FINE, "on" }, { 2, DUNNO, "off" },
		    { 3, WARN, "pendingOff" }, { 4, WARN, "pendingOn" },
		    { 5, DUNNO, "unknown" }) },
};

const struct snmp_family family_hpe_ups = {
	.word = "hpe-ups",
	.says = "HPE UPS",
	.base = ".1.3.6.1.4.1.232.165",
	.ids = ".1.3.6.1.4.1.232.165.3",
	.descr = "HP UPS|HPE UPS",
	.walks = "3.2 3.3 3.4 3.6 3.7.2 3.10.2",
	.alone = true,
	ROWS(hpe_ups_rows),
};

#define PROBE_FIT .label = "^2", .fit = "^3=2"

/* PDUs of the second generation: thousandths of volts and amperes, index 1 the PDU */
static const struct snmp_row hpe_pdu_rows[] = {
	{ "7.2.1.1.2", MEASURE_FREQUENCY, .over = 10, .name = "Input frequency" },
	{ "7.2.1.1.4", MEASURE_APPARENT_POWER, .name = "Input apparent power" },
	{ "7.2.1.1.5", MEASURE_POWER, .name = "Input power" },
	{ "7.2.1.1.6", MEASURE_ENERGY, .over = 1000, .name = "Input energy" },
	{ "7.2.1.1.8", MEASURE_POWER_FACTOR, .over = 1000, .name = "Input power factor" },
	{ "7.2.2.1.3", MEASURE_VOLTAGE, .over = 1000, .name = "Input voltage %2" },
	{ "7.2.2.1.11", MEASURE_CURRENT, .over = 1000, .name = "Input current %2",
		.low_warning = "^13", .low_critical = "^14", .high_warning = "^15",
		.high_critical = "^16" },
	{ "7.2.2.1.18", MEASURE_LOAD, .name = "Input load %2", .none = "-1" },
	{ "7.2.2.1.20", MEASURE_APPARENT_POWER, .name = "Input apparent power %2",
		.none = "-1" },
	{ "7.2.2.1.21", MEASURE_POWER, .name = "Input power %2", .none = "-1" },
	{ "7.4.2.1.4", MEASURE_TEMPERATURE, .over = 10, .name = "Probe %2 %l", PROBE_FIT,
		.low_warning = "^6", .low_critical = "^7", .high_warning = "^8",
		.high_critical = "^9" },
	{ "7.4.3.1.4", MEASURE_HUMIDITY, .over = 10, .name = "Probe %2 %l", PROBE_FIT },
	{ "7.4.4.1.4", MEASURE_STATE, .name = "Contact %2 %l", PROBE_FIT,
		.states = STATES({ 1, FINE, "open" }, { 2, FINE, "closed" },
		    { 3, CRIT, "bad" }) },
	{ "7.5.1.1.5", MEASURE_CURRENT, .over = 1000, .name = "Outlet %l current",
		.label = "^2" },
	{ "7.5.1.1.14", MEASURE_POWER, .name = "Outlet %l power", .label = "^2",
		.none = "-1" },
	{ "7.5.2.1.1", MEASURE_STATE, .name = "Outlet %l", .label = "7.5.1.1.2",
		.states = OUTLET_12 },
	/* the third generation */
	{ "11.2.1.1.4", MEASURE_APPARENT_POWER, .name = "Input apparent power %1" },
	{ "11.2.1.1.5", MEASURE_POWER, .name = "Input power %1" },
	/* the modular PDUs before them */
	{ "5.2.1.1.7", MEASURE_CURRENT, .over = 100, .name = "Output %i current" },
};

const struct snmp_family family_hpe_pdu = {
	.word = "hpe-pdu",
	.says = "HPE PDU",
	.base = ".1.3.6.1.4.1.232.165",
	.ids = ".1.3.6.1.4.1.232.165.7 .1.3.6.1.4.1.232.165.5 .1.3.6.1.4.1.232.165.11",
	.walks = "7.2.1 7.2.2 7.4 7.5.1.1 7.5.2.1.1 5.2.1.1.7 11.2.1.1",
	.alone = true,
	ROWS(hpe_pdu_rows),
};

static const struct snmp_row dell_ups_rows[] = {
	{ "110.1", MEASURE_STATE, .name = "Overall status",
		.states = STATES({ 1, DUNNO, "other" }, { 2, DUNNO, "unknown" },
		    { 3, FINE, "ok" }, { 4, WARN, "nonCritical" }, { 5, CRIT, "critical" },
		    { 6, CRIT, "nonRecoverable" }) },
	{ "120.2.6", MEASURE_POWER, .name = "Output power" },
	{ "120.5.1", MEASURE_STATE, .name = "Battery charging",
		.states = STATES({ 1, FINE, "charging" }, { 2, CRIT, "discharging" },
		    { 3, FINE, "floating" }, { 4, FINE, "resting" }, { 5, DUNNO, "unknown" }) },
	{ "120.5.3", MEASURE_RUNTIME, .over = 60, .name = "Battery runtime remaining",
		.when = "=.1.3.6.1.2.1.33.1.2.3.0!=*" },
};

const struct snmp_family family_dell_ups = {
	.word = "dell-ups",
	.says = "Dell UPS",
	.base = ".1.3.6.1.4.1.674.10902.2",
	.ids = ".1.3.6.1.4.1.674.10902.2",
	.descr = "Dell UPS",
	.walks = "110.1 120 .1.3.6.1.2.1.33.1.2.3",
	ROWS(dell_ups_rows),
};

#define DELL_LOAD                                                                      \
	STATES({ 1, FINE, "lowLoad" }, { 2, FINE, "normal" }, { 3, WARN, "nearOverload" }, \
	    { 4, CRIT, "overload" })

/* hundredths of a kilowatt and tenths of an ampere; outlets in whole watts */
static const struct snmp_row dell_pdu_rows[] = {
	{ "110.2.1.3", MEASURE_POWER, .times = 10, .name = "Total power" },
	{ "110.2.1.4", MEASURE_ENERGY, .over = 10, .name = "Energy" },
	{ "110.2.1.6", MEASURE_STATE, .name = "Total load", .states = DELL_LOAD },
	{ "120.2.1.3", MEASURE_STATE, .name = "Phase %i load", .states = DELL_LOAD },
	{ "120.2.1.4", MEASURE_CURRENT, .over = 10, .name = "Phase %i current" },
	{ "120.2.1.5", MEASURE_VOLTAGE, .name = "Phase %i voltage" },
	{ "120.2.1.6", MEASURE_POWER, .times = 10, .name = "Phase %i power" },
	{ "130.2.2.1.6", MEASURE_CURRENT, .name = "%l current", .label = "^3" },
	{ "130.2.2.1.8", MEASURE_POWER, .name = "%l power", .label = "^3" },
	{ "130.2.2.1.11", MEASURE_STATE, .name = "%l load", .label = "^3",
		.states = DELL_LOAD },
	{ "150.2.2.1.5", MEASURE_TEMPERATURE, .over = 10, .name = "Temperature %i",
		.none = "0,-1" },
	{ "150.3.2.1.4", MEASURE_HUMIDITY, .name = "Humidity %i", .none = "0,-1" },
};

const struct snmp_family family_dell_pdu = {
	.word = "dell-pdu",
	.says = "Dell PDU",
	.base = ".1.3.6.1.4.1.674.10903.200.2.200",
	.ids = ".1.3.6.1.4.1.674.10903.200",
	.walks = "110.2 120.2 130.2.2.1 150",
	.alone = true,
	ROWS(dell_pdu_rows),
};

/* DeltaUPS-MIB; an agent answers NULL for what its UPS lacks */
static const struct snmp_row delta_rows[] = {
	{ "7.1", MEASURE_STATE, .name = "Battery condition",
		.states = STATES({ 0, FINE, "good" }, { 1, WARN, "weak" },
		    { 2, CRIT, "replace" }) },
	{ "7.3", MEASURE_STATE, .name = "Battery charging",
		.states = STATES({ 0, FINE, "floating" }, { 1, FINE, "charging" },
		    { 2, FINE, "resting" }, { 3, CRIT, "discharging" }) },
	{ "7.9", MEASURE_TEMPERATURE, PLACE_INTERNAL, .name = "Battery temperature",
		.when = "=.1.3.6.1.2.1.33.1.2.1.0!=*" },
	{ "10.1", MEASURE_TEMPERATURE, .name = "Ambient temperature", .none = "0" },
	{ "10.2", MEASURE_HUMIDITY, .name = "Ambient humidity", .none = "0" },
	{ "5.1", MEASURE_STATE, .name = "Power path",
		.states = STATES({ 0, FINE, "normal" }, { 1, CRIT, "battery" },
		    { 2, WARN, "bypass" }, { 3, WARN, "reducing" }, { 4, WARN, "boosting" },
		    { 5, WARN, "manualBypass" }, { 6, DUNNO, "other" }, { 7, CRIT, "none" }) },
};

const struct snmp_family family_delta = {
	.word = "delta-ups",
	.says = "Delta UPS",
	.base = ".1.3.6.1.4.1.2254.2.4",
	.ids = ".1.3.6.1.4.1.2254.2.4",
	.walks = "7 5.1 10 .1.3.6.1.2.1.33.1.2.1",
	ROWS(delta_rows),
};

#define ENLOGIC_LEVEL                                                                  \
	STATES({ 0, DUNNO, "none" }, { 1, CRIT, "upperCritical" }, { 2, WARN, "upperWarning" }, \
	    { 3, WARN, "lowerWarning" }, { 4, CRIT, "lowerCritical" }, { 5, FINE, "normal" })

/* hundredths of an ampere; a row of breaker number 0 is none */
static const struct snmp_row enlogic_rows[] = {
	{ "2.4.1.4", MEASURE_POWER, .name = "Total power" },
	{ "2.4.1.5", MEASURE_APPARENT_POWER, .name = "Total apparent power" },
	{ "2.4.1.9", MEASURE_ENERGY, .over = 10, .name = "Energy" },
	{ "3.4.1.3", MEASURE_STATE, .name = "Phase %2 current", .states = ENLOGIC_LEVEL },
	{ "3.4.1.5", MEASURE_CURRENT, .over = 100, .name = "Phase %2 current" },
	{ "3.4.1.6", MEASURE_VOLTAGE, .name = "Phase %2 voltage" },
	{ "3.4.1.7", MEASURE_POWER, .name = "Phase %2 power" },
	{ "3.4.1.8", MEASURE_APPARENT_POWER, .name = "Phase %2 apparent power" },
	{ "3.4.1.9", MEASURE_POWER_FACTOR, .over = 100, .name = "Phase %2 power factor" },
	{ "4.4.1.4", MEASURE_STATE, .name = "Breaker %l", .label = "^3", .when = "^1!=0",
		.states = ENLOGIC_LEVEL },
	{ "4.4.1.5", MEASURE_CURRENT, .over = 100, .name = "Breaker %l current",
		.label = "^3", .when = "^1!=0" },
};

const struct snmp_family family_enlogic = {
	.word = "enlogic",
	.says = "Enlogic PDU",
	.base = ".1.3.6.1.4.1.38446.1",
	.ids = ".1.3.6.1.4.1.38446",
	.descr = "Enlogic",
	.walks = "2.4 3.4 4.4",
	.alone = true,
	ROWS(enlogic_rows),
};

/* APC's Easy Rack PDUs are made by the same house and speak the same MIB */
const struct snmp_family family_apc_easy = {
	.word = "apc-easy-pdu",
	.says = "APC Easy PDU",
	.base = ".1.3.6.1.4.1.318.1.1.32",
	.ids = ".1.3.6.1.4.1.318",
	.walks = "2.4 3.4 4.4",
	.unless = "apc-ups apc-rpdu2 apc-rpdu",
	ROWS(enlogic_rows),
};

#define ATEN_NONE "-300,-1000000"
#define ATEN(kind_, what, column)                                                      \
	{ "1.3.1." column, kind_, .name = "Total " what, .none = ATEN_NONE }
#define ATEN_OUTLET(kind_, what, column)                                               \
	{ "2.1.1." column, kind_, .name = "Outlet %i %l " what, .label = "2.10.1.2",   \
		.none = ATEN_NONE }

static const struct snmp_row aten_rows[] = {
	ATEN(MEASURE_CURRENT, "current", "2"), ATEN(MEASURE_VOLTAGE, "voltage", "3"),
	ATEN(MEASURE_POWER, "power", "4"), ATEN(MEASURE_ENERGY, "energy", "5"),
	{ "1.4.1.2", MEASURE_TEMPERATURE, .name = "Sensor %i", .none = ATEN_NONE },
	{ "1.4.1.3", MEASURE_HUMIDITY, .name = "Sensor %i", .none = ATEN_NONE },
	ATEN_OUTLET(MEASURE_CURRENT, "current", "2"), ATEN_OUTLET(MEASURE_VOLTAGE, "voltage", "3"),
	ATEN_OUTLET(MEASURE_POWER, "power", "4"), ATEN_OUTLET(MEASURE_ENERGY, "energy", "5"),
};

const struct snmp_family family_aten = {
	.word = "aten",
	.says = "ATEN PDU",
	.base = ".1.3.6.1.4.1.21317.1.3.2.2.2",
	.ids = ".1.3.6.1.4.1.21317.1.3",
	.walks = "1.3.1 1.4.1 2.1.1 2.10.1.2",
	.alone = true,
	ROWS(aten_rows),
};

static const struct snmp_row baytech_rows[] = {
	{ "3.5.3.1.3", MEASURE_STATE, .name = "Outlet %l", .label = "^4",
		.states = STATES({ -1, CRIT, "error" }, { 0, DUNNO, "off" }, { 1, FINE, "on" },
		    { 2, WARN, "cycling" }) },
	{ "3.5.5.1.6", MEASURE_CURRENT, .over = 10, .name = "Current %i" },
	{ "3.5.5.1.8", MEASURE_VOLTAGE, .over = 10, .name = "Voltage %i" },
	{ "3.5.5.1.10", MEASURE_TEMPERATURE, .over = 10, .unit_unknown = true,
		.name = "Temperature %i" },
};

const struct snmp_family family_baytech = {
	.word = "baytech",
	.says = "BayTech PDU",
	.base = ".1.3.6.1.4.1.4779.1",
	.ids = ".1.3.6.1.4.1.4779",
	.walks = "3.5.3.1 3.5.5.1",
	.alone = true,
	ROWS(baytech_rows),
};

static const struct snmp_row pulizzi_rows[] = {
	{ "8.6.4.1", MEASURE_VOLTAGE, .name = "Voltage" },
	{ "8.6.4.2", MEASURE_CURRENT, .name = "Current" },
	{ "8.6.4.3", MEASURE_APPARENT_POWER, .name = "Apparent power" },
	{ "6.3", MEASURE_STATE, .name = "Outlet %1",
		.states = STATES({ 1, FINE, "on" }, { 2, DUNNO, "off" }) },
};

const struct snmp_family family_pulizzi = {
	.word = "pulizzi",
	.says = "Eaton ePDU (Pulizzi)",
	.base = ".1.3.6.1.4.1.20677.2",
	.ids = ".1.3.6.1.4.1.20677",
	.walks = "8.6.4 6.3",
	.alone = true,
	ROWS(pulizzi_rows),
};

static const struct snmp_row bluenet_rows[] = {
	{ "2.1.5", MEASURE_POWER, .name = "Meter %i power", .when = "^8!=0" },
	{ "2.1.7", MEASURE_APPARENT_POWER, .name = "Meter %i apparent power",
		.when = "^8!=0" },
	{ "2.1.8", MEASURE_VOLTAGE, .over = 1000, .name = "Meter %i voltage",
		.when = "^8!=0" },
	{ "2.1.9", MEASURE_CURRENT, .over = 1000, .name = "Meter %i current",
		.when = "^8!=0" },
	{ "3.1.4", MEASURE_TEMPERATURE, .over = 10, .name = "Sensor %i", .when = "^2=1,2" },
	{ "3.1.5", MEASURE_HUMIDITY, .over = 10, .name = "Sensor %i", .when = "^2=2" },
};

const struct snmp_family family_bluenet = {
	.word = "bluenet",
	.says = "Bachmann BlueNet PDU",
	.base = ".1.3.6.1.4.1.21695.1.10.7",
	.ids = ".1.3.6.1.4.1.21695",
	.walks = "2.1 3.1",
	.alone = true,
	ROWS(bluenet_rows),
};

/* the second BlueNet names a point by eight numbers: what it is of, then what is
 * measured; tenths.  A sensor's are 0.1.0.N.255.16.1, then 0 degrees or 1 percent. */
static const struct snmp_row bluenet2_rows[] = {
	{ "5", MEASURE_TEMPERATURE, .over = 10, .name = "Sensor %1.%4",
		.when = "#2=1 #6=16 #8=0" },
	{ "5", MEASURE_HUMIDITY, .over = 10, .name = "Sensor %1.%4",
		.when = "#2=1 #6=16 #8=1" },
	{ "5", MEASURE_POWER, .over = 10, .name = "Power %i", .when = "#2!=1 #7=0 #8=19" },
};

const struct snmp_family family_bluenet2 = {
	.word = "bluenet2",
	.says = "Bachmann BlueNet2 PDU",
	.base = ".1.3.6.1.4.1.31770.2.2.8.4.1",
	.ids = ".1.3.6.1.4.1.31770",
	.walks = "5",
	.alone = true,
	ROWS(bluenet2_rows),
};
