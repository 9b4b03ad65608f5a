/* src/sense/snmp/servers.c - management controllers of servers: HPE (CPQHLTH-MIB), Dell
 * (iDRAC and OMSA), IBM and Lenovo (IMM, XCC), Supermicro. */
#include "sense/snmp/families.h"

#define HP_STATES                                                                      \
	STATES({ 1, DUNNO, "other" }, { 2, FINE, "ok" }, { 3, WARN, "degraded" },      \
	    { 4, CRIT, "failed" })

static const struct snmp_row hp_rows[] = {
	{ "1.3", MEASURE_STATE, .name = "Health", .states = HP_STATES },
	{ "2.6.7.1.9", MEASURE_STATE, .name = "Fan %i", .when = "^4=3",
		.states = HP_STATES },
	/* locale 11 is the ambient sensor at the air inlet */
	{ "2.6.8.1.4", MEASURE_TEMPERATURE, PLACE_INLET, .name = "Ambient %2",
		.when = "^3=11", .none = "0,-1", .high_critical = "^5" },
	{ "2.6.8.1.4", MEASURE_TEMPERATURE, PLACE_INTERNAL, .name = "Temperature %2",
		.when = "^3!=11", .none = "0,-1", .high_critical = "^5" },
	{ "2.6.8.1.6", MEASURE_STATE, .name = "Temperature %2 condition",
		.states = HP_STATES },
	{ "2.9.3.1.4", MEASURE_STATE, .name = "Power supply %2", .when = "^3=3",
		.states = HP_STATES },
	{ "2.9.3.1.7", MEASURE_POWER, .name = "Power supply %2", .when = "^3=3" },
	{ "2.15.3", MEASURE_POWER, .name = "Power meter", .none = "-1,0" },
};

const struct snmp_family family_hp_health = {
	.word = "hp-health",
	.says = "HPE server",
	.base = ".1.3.6.1.4.1.232.6",
	.ids = ".1.3.6.1.4.1.232",
	.walks = "1.3 2.6.7 2.6.8 2.9.3 2.15.3",
	ROWS(hp_rows),
};

#define DELL_STATES                                                                    \
	STATES({ 1, DUNNO, "other" }, { 2, DUNNO, "unknown" }, { 3, FINE, "ok" },      \
	    { 4, WARN, "nonCritical" }, { 5, CRIT, "critical" },                       \
	    { 6, CRIT, "nonRecoverable" })
#define DELL_PROBE_STATES                                                              \
	STATES({ 1, DUNNO, "other" }, { 2, DUNNO, "unknown" }, { 3, FINE, "ok" },      \
	    { 4, WARN, "nonCriticalUpper" }, { 5, CRIT, "criticalUpper" },             \
	    { 6, CRIT, "nonRecoverableUpper" }, { 7, WARN, "nonCriticalLower" },       \
	    { 8, CRIT, "criticalLower" }, { 9, CRIT, "nonRecoverableLower" },          \
	    { 10, CRIT, "failed" })

/* the tables of Server Administrator (10892.1) and iDRAC (10892.5.4) are the same */
#define DELL_ROWS                                                                      \
	{ "600.12.1.5", MEASURE_STATE, .name = "Power supply %l", .label = "^8",       \
		.states = DELL_STATES },                                               \
	{ "600.20.1.6", MEASURE_VOLTAGE, .over = 1000, .name = "%l", .label = "^8" },  \
	{ "600.30.1.6", MEASURE_POWER, .name = "%l", .label = "^8", .when = "^7=24,26" },\
	{ "600.30.1.6", MEASURE_CURRENT, .over = 10, .name = "%l", .label = "^8",      \
		.when = "^7=23,25" },                                                  \
	{ "700.12.1.5", MEASURE_STATE, .name = "%l", .label = "^8",                    \
		.states = DELL_PROBE_STATES },                                         \
	{ "700.12.1.6", MEASURE_FAN, .name = "%l", .label = "^8" },                    \
	{ "700.20.1.5", MEASURE_STATE, .name = "%l", .label = "^8",                    \
		.states = DELL_PROBE_STATES },                                         \
	{ "700.20.1.6", MEASURE_TEMPERATURE, PLACE_INTERNAL, .over = 10,               \
		.place_by_label = true, .name = "%l", .label = "^8",                   \
		.high_critical = "^10", .high_warning = "^11", .low_warning = "^12",   \
		.low_critical = "^13" }

static const struct snmp_row idrac_rows[] = {
	DELL_ROWS,
	{ ".1.3.6.1.4.1.674.10892.5.2.1", MEASURE_STATE, .name = "Health",
		.states = DELL_STATES },
};

const struct snmp_family family_dell_idrac = {
	.word = "dell-idrac",
	.says = "Dell iDRAC",
	.base = ".1.3.6.1.4.1.674.10892.5.4",
	.ids = ".1.3.6.1.4.1.674.10892.5",
	.walks = ".1.3.6.1.4.1.674.10892.5.2.1 600.12 600.20 600.30 700.12 700.20",
	ROWS(idrac_rows),
};

static const struct snmp_row omsa_rows[] = { DELL_ROWS };

const struct snmp_family family_dell_omsa = {
	.word = "dell-omsa",
	.says = "Dell server",
	.base = ".1.3.6.1.4.1.674.10892.1",
	.ids = ".1.3.6.1.4.1.674.10892.1",
	.walks = "600.12 600.20 600.30 700.12 700.20",
	ROWS(omsa_rows),
};

#define IMM_ROWS                                                                       \
	{ "1.2.1.3", MEASURE_TEMPERATURE, PLACE_INTERNAL, .place_by_label = true,      \
		.name = "%l", .label = "^2" },                                         \
	{ "2.2.1.3", MEASURE_VOLTAGE, .name = "%l", .label = "^2" },                   \
	{ "3.2.1.3", MEASURE_PERCENT, .name = "%l", .label = "^2" },                   \
	{ "4.1", MEASURE_STATE, .name = "Health",                                      \
		.states = STATES({ 0, CRIT, "nonRecoverable" }, { 2, CRIT, "critical" },\
		    { 4, WARN, "nonCritical" }, { 255, FINE, "normal" }) }

static const struct snmp_row imm_rows[] = { IMM_ROWS };

const struct snmp_family family_ibm_imm = {
	.word = "ibm-imm",
	.says = "IBM IMM",
	.base = ".1.3.6.1.4.1.2.3.51.3.1",
	.ids = ".1.3.6.1.4.1.2.3.51.3",
	.walks = "1.2 2.2 3.2 4.1",
	ROWS(imm_rows),
};

const struct snmp_family family_lenovo_xcc = {
	.word = "lenovo-xcc",
	.says = "Lenovo XClarity Controller",
	.base = ".1.3.6.1.4.1.19046.11.1.1",
	.ids = ".1.3.6.1.4.1.19046",
	.walks = "1.2 2.2 3.2 4.1",
	ROWS(imm_rows),
};

static const struct snmp_row supermicro_rows[] = {
	{ "4", MEASURE_FAN, .name = "%l", .label = "^2", .when = "^3=0" },
	{ "4", MEASURE_VOLTAGE, .over = 1000, .name = "%l", .label = "^2", .when = "^3=1" },
	{ "4", MEASURE_TEMPERATURE, PLACE_INTERNAL, .place_by_label = true, .name = "%l",
		.label = "^2", .when = "^3=2" },
};

const struct snmp_family family_supermicro = {
	.word = "supermicro",
	.says = "Supermicro server",
	.base = ".1.3.6.1.4.1.10876.2.1.1.1.1",
	.ids = ".1.3.6.1.4.1.10876",
	ROWS(supermicro_rows),
};
