/* src/sense/snmp/apc_cooling.c - APC InRow, InRoom and NetworkAIR cooling, and floor
 * PDUs (xPDU); PowerNet-MIB airIR..., airFM..., coolingUnit, xPDU. */
#include "sense/snmp/families.h"

#define COOL_MODES                                                                     \
	STATES({ 1, WARN, "standby" }, { 2, FINE, "on" }, { 3, FINE, "idle" },         \
	    { 4, WARN, "prestart" }, { 5, WARN, "service" }, { 6, WARN, "backup" },    \
	    { 7, WARN, "assist" })
#define INPUT_STATES STATES({ 1, FINE, "open" }, { 2, WARN, "closed" })
#define ENABLED                                                                        \
	STATES({ 1, DUNNO, "undefined" }, { 2, FINE, "disabled" }, { 3, FINE, "enabled" })

/* One InRow RP: the P100 at 3.3.1, the P500 at 3.3.2 have the same columns. */
#define INROW_RP(at)                                                                   \
	{ at ".1", MEASURE_STATE, .name = "Unit mode", .states = COOL_MODES },         \
	{ at ".3", MEASURE_TEMPERATURE, PLACE_INLET, .over = 10, .name = "Rack inlet" },\
	{ at ".5", MEASURE_TEMPERATURE, PLACE_SUPPLY, .over = 10, .name = "Supply air" },\
	{ at ".7", MEASURE_TEMPERATURE, PLACE_RETURN, .over = 10, .name = "Return air" },\
	{ at ".8", MEASURE_HUMIDITY, PLACE_SUPPLY, .over = 10,                         \
		.name = "Supply humidity" },                                           \
	{ at ".9", MEASURE_HUMIDITY, PLACE_RETURN, .over = 10,                         \
		.name = "Return humidity" },                                           \
	{ at ".11", MEASURE_FLOW, .times = 6, .name = "Air flow" }, /* 0.1 l/s */      \
	{ at ".12", MEASURE_PERCENT, .over = 10, .name = "Fan speed" },                \
	{ at ".13", MEASURE_POWER, .times = 100, .name = "Cooling demand" },           \
	{ at ".14", MEASURE_POWER, .times = 100, .name = "Cooling output" },           \
	{ at ".21", MEASURE_STATE, .name = "Input", .states = INPUT_STATES },          \
	{ at ".22", MEASURE_STATE, .name = "Output", .states = INPUT_STATES },         \
	{ at ".24", MEASURE_TEMPERATURE, PLACE_INLET, .over = 10, .name = "Rack inlet 1" },\
	{ at ".26", MEASURE_TEMPERATURE, PLACE_INLET, .over = 10, .name = "Rack inlet 2" },\
	{ at ".28", MEASURE_TEMPERATURE, PLACE_INLET, .over = 10, .name = "Rack inlet 3" },\
	{ at ".33", MEASURE_CURRENT, .over = 10, .name = "Humidifier current" }

static const struct snmp_row rows[] = {
	/* 27: coolingUnit lists whatever the machine has, with its words and units */
	{ "27.1.4.1.2.1.3", MEASURE_TEMPERATURE, .name = "%l", .label = "^2",
		.divide = "^5", .when = "^4=C" },
	{ "27.1.4.1.2.1.3", MEASURE_POWER, .times = 1000, .name = "%l", .label = "^2",
		.divide = "^5", .when = "^4=kW" },
	{ "27.1.4.1.2.1.3", MEASURE_POWER, .name = "%l", .label = "^2", .divide = "^5",
		.when = "^4=W" },
	{ "27.1.4.1.2.1.3", MEASURE_PERCENT, .name = "%l", .label = "^2", .divide = "^5",
		.when = "^4=%" },
	{ "27.1.4.1.2.1.3", MEASURE_HUMIDITY, .name = "%l", .label = "^2", .divide = "^5",
		.when = "^4=%RH" },
	/* cubic feet a minute; its metric twin (l/s) is another row of the same table */
	{ "27.1.4.1.2.1.3", MEASURE_FLOW, .times = 283168, .over = 10000, .name = "%l",
		.label = "^2", .divide = "^5", .when = "^4=CFM" },
	{ "27.1.4.1.2.1.3", MEASURE_FLOW, .times = 60, .name = "%l", .label = "^2",
		.divide = "^5", .when = "^4=l/s,L/s" },
	{ "27.1.4.1.2.1.3", MEASURE_FLOW, .times = 378541, .over = 100000, .name = "%l",
		.label = "^2", .divide = "^5", .when = "^4=GPM" },
	{ "27.1.4.1.2.1.3", MEASURE_PRESSURE, .times = 1000, .name = "%l", .label = "^2",
		.divide = "^5", .when = "^4=kPa" },
	{ "27.1.4.1.2.1.3", MEASURE_PRESSURE, .name = "%l", .label = "^2", .divide = "^5",
		.when = "^4=Pa" },
	{ "27.1.4.1.2.1.3", MEASURE_VOLTAGE, .name = "%l", .label = "^2", .divide = "^5",
		.when = "^4=V,VAC,VDC" },
	{ "27.1.4.1.2.1.3", MEASURE_CURRENT, .name = "%l", .label = "^2", .divide = "^5",
		.when = "^4=A" },
	{ "27.1.4.1.2.1.3", MEASURE_FAN, .name = "%l", .label = "^2", .divide = "^5",
		.when = "^4=RPM" },
	{ "27.1.4.1.2.1.3", MEASURE_FREQUENCY, .name = "%l", .label = "^2", .divide = "^5",
		.when = "^4=Hz" },
	{ "27.1.4.2.2.1.4", MEASURE_STATE, .name = "%l", .label = "^2",
		.states = COOL_MODES },
	/* InRow RC (airIRRC): tenths; the US twins are left out */
	{ "13.3.2.2.2.1", MEASURE_STATE, .name = "Unit mode", .states = COOL_MODES },
	{ "13.3.2.2.2.2", MEASURE_POWER, .times = 100, .name = "Cooling output" },
	{ "13.3.2.2.2.3", MEASURE_POWER, .times = 100, .name = "Cooling demand" },
	{ "13.3.2.2.2.5", MEASURE_FLOW, .times = 60, .name = "Air flow" },
	{ "13.3.2.2.2.7", MEASURE_TEMPERATURE, PLACE_INLET, .over = 10, .name = "Rack inlet" },
	{ "13.3.2.2.2.9", MEASURE_TEMPERATURE, PLACE_SUPPLY, .over = 10,
		.name = "Supply air" },
	{ "13.3.2.2.2.11", MEASURE_TEMPERATURE, PLACE_RETURN, .over = 10,
		.name = "Return air" },
	{ "13.3.2.2.2.13", MEASURE_TEMPERATURE, PLACE_WATER, .over = 10,
		.name = "Entering fluid" },
	{ "13.3.2.2.2.15", MEASURE_TEMPERATURE, PLACE_WATER, .over = 10,
		.name = "Leaving fluid" },
	{ "13.3.2.2.2.16", MEASURE_PERCENT, .name = "Fluid valve position" },
	{ "13.3.2.2.2.17", MEASURE_PERCENT, .name = "Fan speed" },
	INROW_RP("13.3.3.1.2.2"),
	INROW_RP("13.3.3.2.2.2"),
	/* InRow RD, second generation */
	{ "13.4.5.2.1.2", MEASURE_POWER, .times = 100, .name = "Cooling output" },
	{ "13.4.5.2.1.3", MEASURE_POWER, .times = 100, .name = "Cooling demand" },
	{ "13.4.5.2.1.5", MEASURE_FLOW, .times = 60, .name = "Air flow" },
	{ "13.4.5.2.1.7", MEASURE_TEMPERATURE, PLACE_INLET, .over = 10, .name = "Rack inlet" },
	{ "13.4.5.2.1.9", MEASURE_TEMPERATURE, PLACE_SUPPLY, .over = 10,
		.name = "Supply air" },
	{ "13.4.5.2.1.11", MEASURE_TEMPERATURE, PLACE_RETURN, .over = 10,
		.name = "Return air" },
	{ "13.4.5.2.1.13", MEASURE_TEMPERATURE, PLACE_INTERNAL, .over = 10,
		.name = "Suction" },
	{ "13.4.5.2.1.19", MEASURE_PRESSURE, .times = 1000, .name = "Suction pressure" },
	{ "13.4.5.2.1.21", MEASURE_PRESSURE, .times = 1000, .name = "Discharge pressure" },
	/* NetworkAIR FM */
	{ "13.1.3.1", MEASURE_STATE, .name = "Group status",
		.states = STATES({ 1, FINE, "online" }, { 2, FINE, "idle" },
		    { 3, FINE, "loadShare" }, { 4, WARN, "offline" }, { 5, CRIT, "failed" },
		    { 6, DUNNO, "disabled" }, { 7, DUNNO, "undefined" }) },
	{ "13.1.4.5.8", MEASURE_STATE, .name = "Cooling", .states = ENABLED },
	{ "13.1.4.6.1", MEASURE_STATE, .name = "Humidifier", .states = ENABLED },
	{ "13.1.4.7.1", MEASURE_STATE, .name = "Dehumidifier", .states = ENABLED },
	{ "13.1.4.8.1", MEASURE_STATE, .name = "Heating", .states = ENABLED },
	{ "13.1.4.5.10", MEASURE_TEMPERATURE, .over = 10, .name = "Cooling setpoint" },
	{ "13.1.4.8.3", MEASURE_TEMPERATURE, .over = 10, .name = "Heating setpoint" },
	{ "13.1.4.2.1", MEASURE_PERCENT, .name = "Cooling demand" },
	{ "13.1.4.2.3", MEASURE_PERCENT, .name = "Cooling output" },
	{ "13.1.5.2.2.1.2", MEASURE_TEMPERATURE, PLACE_SUPPLY, .over = 10,
		.name = "Supply air" },
	{ "13.1.5.2.2.1.4", MEASURE_HUMIDITY, PLACE_SUPPLY, .over = 10,
		.name = "Supply humidity" },
	{ "13.1.5.2.2.1.5", MEASURE_TEMPERATURE, PLACE_RETURN, .over = 10,
		.name = "Return air" },
	{ "13.1.5.2.2.1.7", MEASURE_HUMIDITY, PLACE_RETURN, .over = 10,
		.name = "Return humidity" },
	{ "13.1.5.2.2.1.8", MEASURE_PRESSURE, .over = 1000, .name = "Filter pressure drop" },
	{ "13.1.5.2.2.1.10", MEASURE_PRESSURE, .over = 1000, .name = "Coil pressure drop" },
	{ "13.1.5.4.2.1.2", MEASURE_STATE, .name = "Compressor 1",
		.states = STATES({ 1, DUNNO, "undefined" }, { 2, FINE, "on" },
		    { 3, FINE, "off" }) },
	{ "13.1.5.4.2.1.3", MEASURE_STATE, .name = "Compressor 2",
		.states = STATES({ 1, DUNNO, "undefined" }, { 2, FINE, "on" },
		    { 3, FINE, "off" }) },
	{ "13.1.6.3", MEASURE_COUNT, .name = "Active alarms" },
};

const struct snmp_family family_apc_cooling = {
	.word = "apc-cooling",
	.says = "APC cooling",
	.base = ".1.3.6.1.4.1.318.1.1",
	.ids = ".1.3.6.1.4.1.318.1.3.14 .1.3.6.1.4.1.318.1.3.13 .1.3.6.1.4.1.318.1.3.30",
	.descr = "APC InRow|*InRow|*NetworkAIR|*InRoom|*Uniflair",
	.walks = "27.1.4 13.3.2.2 13.3.3 13.4.5.2 13.1.3 13.1.4 13.1.5 13.1.6.3",
	.alone = true,
	ROWS(rows),
};

static const struct snmp_row xpdu_rows[] = {
	{ "3.1.4.1.2", MEASURE_VOLTAGE, .over = 10, .name = "Input phase %i L-L",
		.none = "-1" },
	{ "3.1.4.1.3", MEASURE_VOLTAGE, .over = 10, .name = "Input phase %i L-N",
		.none = "-1" },
	{ "3.4.1", MEASURE_FREQUENCY, .over = 10, .name = "Output frequency", .none = "-1" },
	{ "3.4.2", MEASURE_CURRENT, .over = 10, .name = "Neutral current", .none = "-1" },
	{ "3.4.3", MEASURE_POWER, .times = 100, .name = "Output power", .none = "-1" },
	{ "3.4.4", MEASURE_APPARENT_POWER, .times = 100, .name = "Output apparent power",
		.none = "-1" },
	{ "3.4.14.1.2", MEASURE_VOLTAGE, .over = 10, .name = "Output phase %i L-L",
		.none = "-1" },
	{ "3.4.14.1.3", MEASURE_VOLTAGE, .over = 10, .name = "Output phase %i L-N",
		.none = "-1" },
	{ "3.4.14.1.4", MEASURE_CURRENT, .over = 10, .name = "Output phase %i current",
		.none = "-1" },
	{ "3.4.14.1.5", MEASURE_POWER, .times = 100, .name = "Output phase %i power",
		.none = "-1" },
	{ "3.4.14.1.6", MEASURE_APPARENT_POWER, .times = 100,
		.name = "Output phase %i apparent power", .none = "-1" },
	{ "4.1.2.1.3", MEASURE_STATE, .name = "Breaker %i",
		.states = STATES({ 1, WARN, "open" }, { 2, FINE, "closed" },
		    { 3, DUNNO, "unknown" }) },
	{ "7.1", MEASURE_STATE, .name = "Emergency power off",
		.states = STATES({ 1, FINE, "armed" }, { 2, WARN, "disarmed" },
		    { 3, DUNNO, "unknown" }) },
	{ "7.2", MEASURE_STATE, .name = "Transformer temperature",
		.states = STATES({ 1, FINE, "normal" }, { 2, CRIT, "overtemp" },
		    { 3, FINE, "noTransformerPresent" }, { 4, DUNNO, "unknown" }) },
	{ "7.3", MEASURE_STATE, .name = "Cooling fan",
		.states = STATES({ 1, FINE, "normal" }, { 2, CRIT, "failed" },
		    { 3, FINE, "noCoolingFansPresent" }, { 4, DUNNO, "unknown" }) },
};

const struct snmp_family family_apc_xpdu = {
	.word = "apc-xpdu",
	.says = "APC floor PDU",
	.base = ".1.3.6.1.4.1.318.1.1.15",
	.ids = ".1.3.6.1.4.1.318",
	.walks = "3 4.1 7",
	.alone = true,
	ROWS(xpdu_rows),
};
