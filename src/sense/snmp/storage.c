/* src/sense/snmp/storage.c - boxes with disks and one more make of server: Synology,
 * QNAP, NetApp, Fujitsu (iRMC, ServerView).  A NAS has the agent of net-snmp: it is
 * found by being tried. */
#include "sense/snmp/families.h"

#define GOOD_BAD STATES({ 1, FINE, "normal" }, { 2, CRIT, "failed" })

static const struct snmp_row synology_rows[] = {
	{ "1.1", MEASURE_STATE, .name = "System status", .states = GOOD_BAD },
	{ "1.2", MEASURE_TEMPERATURE, PLACE_INTERNAL, .name = "System temperature" },
	{ "1.3", MEASURE_STATE, .name = "Power status", .states = GOOD_BAD },
	{ "1.4.1", MEASURE_STATE, .name = "System fan", .states = GOOD_BAD },
	{ "1.4.2", MEASURE_STATE, .name = "CPU fan", .states = GOOD_BAD },
	{ "2.1.1.6", MEASURE_TEMPERATURE, PLACE_INTERNAL, .name = "%l", .label = "^2" },
	{ "2.1.1.5", MEASURE_STATE, .name = "%l", .label = "^2",
		.states = STATES({ 1, FINE, "normal" }, { 2, FINE, "initialized" },
		    { 3, WARN, "notInitialized" }, { 4, CRIT, "systemPartitionFailed" },
		    { 5, CRIT, "crashed" }) },
	{ "3.1.1.3", MEASURE_STATE, .name = "%l", .label = "^2",
		.states = STATES({ 1, FINE, "normal" }, { 2, WARN, "repairing" },
		    { 3, WARN, "migrating" }, { 4, WARN, "expanding" }, { 5, WARN, "deleting" },
		    { 6, WARN, "creating" }, { 7, WARN, "syncing" },
		    { 8, FINE, "parityChecking" }, { 9, WARN, "assembling" },
		    { 10, WARN, "canceling" }, { 11, CRIT, "degraded" },
		    { 12, CRIT, "crashed" }, { 13, FINE, "dataScrubbing" },
		    { 21, DUNNO, "unknown" }) },
	/* the UPS on its USB port */
	{ "4.2.12.1", MEASURE_LOAD, .name = "UPS load" },
	{ "4.3.1.1", MEASURE_CHARGE, .name = "UPS battery charge" },
	{ "4.3.6.1", MEASURE_RUNTIME, .over = 60, .name = "UPS battery runtime remaining" },
	{ "4.4.1.1", MEASURE_VOLTAGE, .name = "UPS input voltage", .none = "0" },
};

const struct snmp_family family_synology = {
	.word = "synology",
	.says = "Synology NAS",
	.base = ".1.3.6.1.4.1.6574",
	.ids = ".1.3.6.1.4.1.6574",
	.walks = "1.1 1.2 1.3 1.4 2.1.1 3.1.1.2 3.1.1.3 4.2.12 4.3 4.4.1",
	ROWS(synology_rows),
};

#define QNAP_FAIL STATES({ 0, FINE, "ok" }, { -1, CRIT, "fail" })

/* NAS-MIB: table 4 of newer QTS, table 2 (text: "38 C/100 F") of older */
static const struct snmp_row qnap_rows[] = {
	{ "4.1.1.1.1.1.2.1.7", MEASURE_TEMPERATURE, PLACE_INTERNAL, .name = "Enclosure %i",
		.none = "-1" },
	{ "4.1.1.1.1.4.2", MEASURE_TEMPERATURE, PLACE_INTERNAL, .name = "CPU temperature",
		.none = "-1" },
	{ "4.1.1.1.1.2.2.1.5", MEASURE_FAN, .name = "Fan %i", .none = "-1" },
	{ "4.1.1.1.1.2.2.1.4", MEASURE_STATE, .name = "Fan %i", .when = "^5!=-1",
		.states = QNAP_FAIL },
	{ "4.1.1.1.1.3.2.1.6", MEASURE_TEMPERATURE, PLACE_INTERNAL,
		.name = "Power supply %i", .none = "-1" },
	{ "4.1.1.1.1.3.2.1.5", MEASURE_FAN, .name = "Power supply %i fan", .none = "-1" },
	{ "4.1.1.1.1.3.2.1.4", MEASURE_STATE, .name = "Power supply %i",
		.when = "^6!=-1", .states = QNAP_FAIL },
	{ "4.1.1.1.1.5.2.1.6", MEASURE_TEMPERATURE, PLACE_INTERNAL, .name = "Disk %i",
		.none = "-1" },
	{ "2.5", MEASURE_TEMPERATURE, PLACE_INTERNAL, .name = "CPU temperature",
		.none = "0", .when = "4.1.1.1.1.4.2.0!=*" },
	{ "2.6", MEASURE_TEMPERATURE, PLACE_INTERNAL, .name = "System temperature",
		.none = "0" },
	{ "2.11.1.3", MEASURE_TEMPERATURE, PLACE_INTERNAL, .name = "Disk %i",
		.when = "^4!=-5 4.1.1.1.1.4.2.0!=*" },
	{ "2.11.1.4", MEASURE_STATE, .name = "Disk %i", .when = "^4!=-5",
		.states = STATES({ 0, FINE, "ready" }, { -4, DUNNO, "unknown" },
		    { -5, DUNNO, "noDisk" }, { -6, CRIT, "invalid" },
		    { -9, CRIT, "rwError" }) },
	{ "2.15.1.3", MEASURE_FAN, .name = "Fan %i", .when = "4.1.1.1.1.4.2.0!=*" },
};

const struct snmp_family family_qnap = {
	.word = "qnap",
	.says = "QNAP NAS",
	.base = ".1.3.6.1.4.1.24681.1",
	.ids = ".1.3.6.1.4.1.24681",
	.walks = "2.5 2.6 2.11.1 2.15.1 4.1.1.1.1",
	ROWS(qnap_rows),
};

/* QTS 5 (branch 1) and QuTS hero (branch 2) */
#define QTS(branch)                                                                    \
	{ branch ".12.11", MEASURE_TEMPERATURE, PLACE_INTERNAL,                        \
		.name = "System temperature", .none = "-1,0" },                        \
	{ branch ".12.9.1.3", MEASURE_FAN, .name = "%l", .label = "^2", .none = "-1" },\
	{ branch ".10.2.1.8", MEASURE_TEMPERATURE, PLACE_INTERNAL, .name = "Disk %i",  \
		.none = "-1,0" },                                                      \
	{ branch ".10.2.1.7", MEASURE_STATE, .name = "Disk %i",                        \
		.states = STATES({ 0, FINE, "Good" }, { 1, WARN, "Warning" },          \
		    { 2, CRIT, "Abnormal" }, { 3, CRIT, "Error" }) }

static const struct snmp_row qts_rows[] = { QTS("1"), QTS("2") };

const struct snmp_family family_qts = {
	.word = "qnap-qts",
	.says = "QNAP NAS",
	.base = ".1.3.6.1.4.1.55062",
	.ids = ".1.3.6.1.4.1.24681 .1.3.6.1.4.1.55062",
	.walks = "1.12.11 1.12.9.1 1.10.2.1.7 1.10.2.1.8 2.12.11 2.12.9.1 2.10.2.1.7 2.10.2.1.8",
	.unless = "qnap",
	ROWS(qts_rows),
};

static const struct snmp_row netapp_rows[] = {
	{ "2.2.4", MEASURE_STATE, .name = "Global status",
		.states = STATES({ 1, DUNNO, "other" }, { 2, DUNNO, "unknown" },
		    { 3, FINE, "ok" }, { 4, WARN, "nonCritical" }, { 5, CRIT, "critical" },
		    { 6, CRIT, "nonRecoverable" }) },
	{ "2.4.1", MEASURE_STATE, .name = "Over temperature",
		.states = STATES({ 1, FINE, "no" }, { 2, CRIT, "yes" }) },
	{ "2.4.2", MEASURE_COUNT, .name = "Failed fans" },
	{ "2.4.4", MEASURE_COUNT, .name = "Failed power supplies" },
	{ "2.5.1", MEASURE_STATE, .name = "NVRAM battery",
		.states = STATES({ 1, FINE, "ok" }, { 2, WARN, "partiallyDischarged" },
		    { 3, CRIT, "fullyDischarged" }, { 4, CRIT, "notPresent" },
		    { 5, WARN, "nearEndOfLife" }, { 6, CRIT, "atEndOfLife" },
		    { 7, DUNNO, "unknown" }, { 8, WARN, "overCharged" },
		    { 9, FINE, "fullyCharged" }) },
	/* a list in one text; the first one is the air that goes in */
	{ "21.1.2.1.25", MEASURE_TEMPERATURE, PLACE_INLET, .name = "Shelf %i ambient" },
};

const struct snmp_family family_netapp = {
	.word = "netapp",
	.says = "NetApp",
	.base = ".1.3.6.1.4.1.789.1",
	.ids = ".1.3.6.1.4.1.789",
	.walks = "2.2.4 2.4 2.5.1 21.1.2.1.25",
	ROWS(netapp_rows),
};

/* SC2-MIB, index 1 the unit, 2 the part */
static const struct snmp_row fujitsu_rows[] = {
	{ "5.1.1.6", MEASURE_TEMPERATURE, PLACE_INTERNAL, .place_by_label = true,
		.name = "%l", .label = "^3", .fit = "^5!=2", .when = "^5!=2",
		.high_warning = "^7", .high_critical = "^8" },
	{ "5.1.1.5", MEASURE_STATE, .name = "%l", .label = "^3", .when = "^5!=2",
		.states = STATES({ 1, DUNNO, "unknown" }, { 2, DUNNO, "notAvailable" },
		    { 3, FINE, "ok" }, { 4, CRIT, "sensorFailed" }, { 5, CRIT, "failed" },
		    { 6, WARN, "warningTooHot" }, { 7, CRIT, "criticalTooHot" },
		    { 8, FINE, "normal" }, { 9, WARN, "warning" }) },
	{ "5.2.1.6", MEASURE_FAN, .name = "%l", .label = "^3", .when = "^5!=8",
		.fit = "^5!=8" },
	{ "5.2.1.5", MEASURE_STATE, .name = "%l", .label = "^3", .when = "^5!=8",
		.states = STATES({ 1, DUNNO, "unknown" }, { 2, FINE, "disabled" },
		    { 3, FINE, "ok" }, { 4, CRIT, "failed" }, { 5, WARN, "prefailure" },
		    { 6, WARN, "redundantFailed" }, { 7, DUNNO, "notManageable" },
		    { 8, DUNNO, "notPresent" }) },
	{ "6.2.1.5", MEASURE_STATE, .name = "%l", .label = "^3", .when = "^5!=2",
		.states = STATES({ 1, DUNNO, "unknown" }, { 2, DUNNO, "notPresent" },
		    { 3, FINE, "ok" }, { 4, CRIT, "failed" }, { 5, CRIT, "acFail" },
		    { 6, CRIT, "dcFail" }, { 7, CRIT, "criticalTemperature" },
		    { 8, WARN, "notManageable" }, { 9, WARN, "fanFailurePredicted" },
		    { 10, CRIT, "fanFailure" }, { 11, WARN, "powerSafeMode" },
		    { 12, WARN, "nonRedundantDcFail" }, { 13, WARN, "nonRedundantAcFail" }) },
	{ "6.2.1.6", MEASURE_POWER, .name = "%l", .label = "^3", .when = "^5!=2" },
};

const struct snmp_family family_fujitsu = {
	.word = "fujitsu-sc2",
	.says = "Fujitsu PRIMERGY",
	.base = ".1.3.6.1.4.1.231.2.10.2.2.10",
	.ids = ".1.3.6.1.4.1.231",
	.walks = "5.1.1 5.2.1 6.2.1",
	ROWS(fujitsu_rows),
};
