/* src/sense/snmp/servertech.c - Server Technology Sentry3 and Sentry4 (PRO2) PDUs. */
#include "sense/snmp/families.h"

#define POWER_STATES                                                                   \
	STATES({ 0, DUNNO, "unknown" }, { 1, FINE, "on" }, { 2, WARN, "off" })
#define DEVICE_STATES                                                                  \
	STATES({ 0, FINE, "normal" }, { 1, DUNNO, "disabled" }, { 2, DUNNO, "purged" }, \
	    { 5, FINE, "reading" }, { 6, FINE, "settle" }, { 7, DUNNO, "notFound" },   \
	    { 8, CRIT, "lost" }, { 9, CRIT, "readError" }, { 10, CRIT, "noComm" },     \
	    { 11, CRIT, "pwrError" }, { 12, CRIT, "breakerTripped" },                  \
	    { 13, CRIT, "fuseBlown" }, { 14, CRIT, "lowAlarm" }, { 15, WARN, "lowWarning" },\
	    { 16, WARN, "highWarning" }, { 17, CRIT, "highAlarm" }, { 18, CRIT, "alarm" },\
	    { 19, WARN, "underLimit" }, { 20, WARN, "overLimit" }, { 21, CRIT, "nvmFail" },\
	    { 22, WARN, "profileError" }, { 23, WARN, "conflict" })
/* a probe's number means something only while its status is a judgement of it */
#define PROBE_THERE "^2!=1,2,5,6,7,8,9,10"

static const struct snmp_row st4_rows[] = {
	{ "2.3.1.1", MEASURE_STATE, .name = "Unit status", .states = DEVICE_STATES },
	{ "3.3.1.1", MEASURE_STATE, .name = "Cord %l state", .label = "3.2.1.3",
		.states = POWER_STATES },
	{ "3.3.1.2", MEASURE_STATE, .name = "Cord %l status", .label = "3.2.1.3",
		.states = DEVICE_STATES },
	{ "3.3.1.3", MEASURE_POWER, .name = "Cord %l power", .label = "3.2.1.3",
		.none = "-1" },
	{ "3.3.1.4", MEASURE_STATE, .name = "Cord %l power status", .label = "3.2.1.3",
		.states = DEVICE_STATES },
	{ "3.3.1.5", MEASURE_APPARENT_POWER, .name = "Cord %l apparent power",
		.label = "3.2.1.3", .none = "-1" },
	{ "3.3.1.6", MEASURE_STATE, .name = "Cord %l apparent power status",
		.label = "3.2.1.3", .states = DEVICE_STATES },
	{ "3.3.1.7", MEASURE_LOAD, .over = 10, .name = "Cord %l load", .label = "3.2.1.3",
		.none = "-1" },
	{ "3.3.1.8", MEASURE_POWER_FACTOR, .over = 100, .name = "Cord %l power factor",
		.label = "3.2.1.3", .none = "-1" },
	{ "3.3.1.9", MEASURE_STATE, .name = "Cord %l power factor status",
		.label = "3.2.1.3", .states = DEVICE_STATES },
	{ "3.3.1.10", MEASURE_ENERGY, .over = 10, .name = "Cord %l energy",
		.label = "3.2.1.3", .none = "-1" },
	{ "3.3.1.11", MEASURE_FREQUENCY, .over = 10, .name = "Cord %l frequency",
		.label = "3.2.1.3", .none = "-1" },
	{ "3.3.1.12", MEASURE_PERCENT, .over = 10, .name = "Cord %l out of balance",
		.label = "3.2.1.3", .none = "-1" },
	{ "3.3.1.13", MEASURE_STATE, .name = "Cord %l balance status", .label = "3.2.1.3",
		.states = DEVICE_STATES },
	{ "4.3.1.1", MEASURE_STATE, .name = "Line %l state", .label = "4.2.1.4",
		.states = POWER_STATES },
	{ "4.3.1.2", MEASURE_STATE, .name = "Line %l status", .label = "4.2.1.4",
		.states = DEVICE_STATES },
	{ "4.3.1.3", MEASURE_CURRENT, .over = 100, .name = "Line %l current",
		.label = "4.2.1.4", .none = "-1" },
	{ "4.3.1.4", MEASURE_STATE, .name = "Line %l current status", .label = "4.2.1.4",
		.states = DEVICE_STATES },
	{ "5.3.1.1", MEASURE_STATE, .name = "Phase %l state", .label = "5.2.1.4",
		.states = POWER_STATES },
	{ "5.3.1.2", MEASURE_STATE, .name = "Phase %l status", .label = "5.2.1.4",
		.states = DEVICE_STATES },
	{ "5.3.1.3", MEASURE_VOLTAGE, .over = 10, .name = "Phase %l voltage",
		.label = "5.2.1.4", .none = "-1" },
	{ "5.3.1.4", MEASURE_STATE, .name = "Phase %l voltage status", .label = "5.2.1.4",
		.states = DEVICE_STATES },
	{ "5.3.1.6", MEASURE_CURRENT, .over = 100, .name = "Phase %l current",
		.label = "5.2.1.4", .none = "-1" },
	{ "5.3.1.8", MEASURE_POWER, .name = "Phase %l power", .label = "5.2.1.4",
		.none = "-1" },
	{ "5.3.1.9", MEASURE_APPARENT_POWER, .name = "Phase %l apparent power",
		.label = "5.2.1.4", .none = "-1" },
	{ "5.3.1.10", MEASURE_POWER_FACTOR, .over = 100, .name = "Phase %l power factor",
		.label = "5.2.1.4", .none = "-1" },
	{ "5.3.1.11", MEASURE_STATE, .name = "Phase %l power factor status",
		.label = "5.2.1.4", .states = DEVICE_STATES },
	{ "5.3.1.13", MEASURE_ENERGY, .over = 10, .name = "Phase %l energy",
		.label = "5.2.1.4", .none = "-1" },
	{ "6.3.1.1", MEASURE_STATE, .name = "Over-current protector %l",
		.label = "6.2.1.4", .states = DEVICE_STATES },
	{ "7.3.1.1", MEASURE_STATE, .name = "Branch %l state", .label = "7.2.1.4",
		.states = POWER_STATES },
	{ "7.3.1.2", MEASURE_STATE, .name = "Branch %l status", .label = "7.2.1.4",
		.states = DEVICE_STATES },
	{ "7.3.1.3", MEASURE_CURRENT, .over = 100, .name = "Branch %l current",
		.label = "7.2.1.4", .none = "-1" },
	{ "7.3.1.4", MEASURE_STATE, .name = "Branch %l current status",
		.label = "7.2.1.4", .states = DEVICE_STATES },
	{ "8.3.1.1", MEASURE_STATE, .name = "Outlet %l", .label = "8.2.1.3",
		.states = STATES({ 0, DUNNO, "unknown" }, { 1, FINE, "on" },
		    { 2, DUNNO, "off" }) },
	{ "8.3.1.2", MEASURE_STATE, .name = "Outlet %l status", .label = "8.2.1.3",
		.states = DEVICE_STATES },
	{ "8.3.1.3", MEASURE_CURRENT, .over = 100, .name = "Outlet %l current",
		.label = "8.2.1.3", .none = "-1" },
	{ "8.3.1.6", MEASURE_VOLTAGE, .over = 10, .name = "Outlet %l voltage",
		.label = "8.2.1.3", .none = "-1" },
	{ "8.3.1.8", MEASURE_POWER, .name = "Outlet %l power", .label = "8.2.1.3",
		.none = "-1" },
	{ "8.3.1.15", MEASURE_ENERGY, .over = 1000, .name = "Outlet %l energy",
		.label = "8.2.1.3", .none = "-1" },
	{ "9.3.1.1", MEASURE_TEMPERATURE, .over = 10, .name = "%l", .label = "9.2.1.3",
		.fahrenheit = "9.1.10.0=1", .fit = PROBE_THERE, .none = "-410,-1" },
	{ "9.3.1.2", MEASURE_STATE, .name = "%l temperature status", .label = "9.2.1.3",
		.states = DEVICE_STATES },
	{ "10.3.1.1", MEASURE_HUMIDITY, .name = "%l", .label = "10.2.1.3",
		.fit = PROBE_THERE, .none = "-1" },
	{ "10.3.1.2", MEASURE_STATE, .name = "%l humidity status", .label = "10.2.1.3",
		.states = DEVICE_STATES },
	{ "11.3.1.1", MEASURE_STATE, .name = "%l water", .label = "11.2.1.3",
		.states = DEVICE_STATES },
	{ "12.3.1.1", MEASURE_STATE, .name = "%l contact", .label = "12.2.1.3",
		.states = DEVICE_STATES },
};

const struct snmp_family family_sentry4 = {
	.word = "sentry4",
	.says = "Server Technology PDU",
	.base = ".1.3.6.1.4.1.1718.4.1",
	.ids = ".1.3.6.1.4.1.1718.4",
	.descr = "Sentry Smart PDU",
	.walks = "2.3 3.2.1.3 3.3 4.2.1.4 4.3 5.2.1.4 5.3 6.2.1.4 6.3 7.2.1.4 7.3 8.2.1.3 "
		 "8.3 9.1 9.2.1.3 9.3 10.2.1.3 10.3 11.2.1.3 11.3 12.2.1.3 12.3",
	.alone = true,
	ROWS(st4_rows),
};

#define INFEED_STATES                                                                  \
	STATES({ 0, WARN, "off" }, { 1, FINE, "on" }, { 2, WARN, "offWait" },          \
	    { 3, WARN, "onWait" }, { 4, CRIT, "offError" }, { 5, CRIT, "onError" },    \
	    { 6, CRIT, "noComm" }, { 7, FINE, "reading" }, { 8, CRIT, "offFuse" },     \
	    { 9, CRIT, "onFuse" })
#define LOAD_STATES                                                                    \
	STATES({ 0, FINE, "normal" }, { 1, FINE, "notOn" }, { 2, FINE, "reading" },    \
	    { 3, WARN, "loadLow" }, { 4, WARN, "loadHigh" }, { 5, CRIT, "overLoad" },  \
	    { 6, CRIT, "readError" }, { 7, CRIT, "noComm" })
#define PROBE_STATES                                                                   \
	STATES({ 0, FINE, "found" }, { 1, DUNNO, "notFound" }, { 2, CRIT, "lost" },    \
	    { 3, CRIT, "noComm" })

static const struct snmp_row st3_rows[] = {
	{ "2.1.1.5", MEASURE_STATE, .name = "Tower %l", .label = "2.1.1.3",
		.states = STATES({ 0, FINE, "normal" }, { 1, CRIT, "noComm" },
		    { 2, CRIT, "fanFail" }, { 3, CRIT, "overTemp" }, { 4, CRIT, "nvmFail" },
		    { 5, CRIT, "outOfBalance" }) },
	{ "2.2.1.5", MEASURE_STATE, .name = "Infeed %l", .label = "^3",
		.states = INFEED_STATES },
	{ "2.2.1.6", MEASURE_STATE, .name = "Infeed %l load status", .label = "^3",
		.states = LOAD_STATES },
	{ "2.2.1.7", MEASURE_CURRENT, .over = 100, .name = "Infeed %l current",
		.label = "^3", .none = "-1" },
	{ "2.2.1.11", MEASURE_VOLTAGE, .over = 10, .name = "Infeed %l voltage",
		.label = "^3", .none = "-1" },
	{ "2.2.1.12", MEASURE_POWER, .name = "Infeed %l power", .label = "^3", .none = "-1" },
	{ "2.2.1.13", MEASURE_APPARENT_POWER, .name = "Infeed %l apparent power",
		.label = "^3", .none = "-1" },
	{ "2.2.1.14", MEASURE_POWER_FACTOR, .over = 100, .name = "Infeed %l power factor",
		.label = "^3", .none = "-1" },
	{ "2.2.1.16", MEASURE_ENERGY, .over = 10, .name = "Infeed %l energy", .label = "^3",
		.none = "-1" },
	{ "2.3.1.5", MEASURE_STATE, .name = "Outlet %l", .label = "^3",
		.states = STATES({ 0, DUNNO, "off" }, { 1, FINE, "on" }, { 2, WARN, "offWait" },
		    { 3, WARN, "onWait" }, { 4, CRIT, "offError" }, { 5, CRIT, "onError" },
		    { 6, CRIT, "noComm" }, { 7, FINE, "reading" }, { 8, CRIT, "offFuse" },
		    { 9, CRIT, "onFuse" }) },
	{ "2.3.1.7", MEASURE_CURRENT, .over = 100, .name = "Outlet %l current",
		.label = "^3", .none = "-1" },
	{ "2.3.1.13", MEASURE_VOLTAGE, .over = 10, .name = "Outlet %l voltage",
		.label = "^3", .none = "-1" },
	{ "2.3.1.14", MEASURE_POWER, .name = "Outlet %l power", .label = "^3", .none = "-1" },
	{ "2.3.1.18", MEASURE_ENERGY, .over = 1000, .name = "Outlet %l energy",
		.label = "^3", .none = "-1" },
	{ "2.5.1.4", MEASURE_STATE, .name = "%l temperature status", .label = "^3",
		.states = PROBE_STATES },
	{ "2.5.1.6", MEASURE_TEMPERATURE, .over = 10, .name = "%l", .label = "^3",
		.fahrenheit = "^13=1", .fit = "^4=0", .none = "-1" },
	{ "2.5.1.9", MEASURE_STATE, .name = "%l humidity status", .label = "^3",
		.states = PROBE_STATES },
	{ "2.5.1.10", MEASURE_HUMIDITY, .name = "%l", .label = "^3", .fit = "^9=0",
		.none = "-1" },
	{ "2.6.1.4", MEASURE_STATE, .name = "Environment monitor %l", .label = "^3",
		.states = STATES({ 0, FINE, "normal" }, { 1, CRIT, "noComm" }) },
};

const struct snmp_family family_sentry3 = {
	.word = "sentry3",
	.says = "Server Technology PDU",
	.base = ".1.3.6.1.4.1.1718.3",
	.ids = ".1.3.6.1.4.1.1718.3 .1.3.6.1.4.1.1718.2",
	.descr = "Sentry Switched CDU|Sentry Smart CDU",
	.walks = "2.1 2.2 2.3 2.5 2.6",
	.alone = true,
	ROWS(st3_rows),
};
