/* src/sense/snmp/thermometers.c - small makers of network thermometers: Papouch
 * (enterprise 18248), Sensatronics (16174), Gude (28507), NTI ENVIROMUX (3699). */
#include "sense/snmp/rows.h"

/* Papouch TME, Quido, TH2E, Papago: sysObjectID is written backwards in their firmware
 * (0.9.43.6.1.4.1), so sysDescr recognises them. */
#define TH2E_STATE                                                                     \
	STATES({ 0, FINE, "ok" }, { 1, DUNNO, "notAvailable" }, { 2, WARN, "overflow" }, \
	    { 3, WARN, "underflow" }, { 4, CRIT, "error" })
static const struct snmp_row papouch_rows[] = {
	{ .oid = "1.1.1", .kind = MEASURE_TEMPERATURE, .over = 10, .name = "Temperature" },
	{ .oid = "16.1.1", .kind = MEASURE_TEMPERATURE, .over = 10, .name = "Temperature" },
	{ .oid = "20.1.2.1.1.1", .kind = MEASURE_STATE, .name = "State of channel",
		.states = TH2E_STATE },
	{ .oid = "20.1.2.1.1.2", .kind = MEASURE_TEMPERATURE, .over = 10,
		.name = "Temperature", .when = "#-1=1", .fit = "^1!=1", .fault = "^1=4" },
	{ .oid = "20.1.2.1.1.2", .kind = MEASURE_HUMIDITY, .over = 10, .name = "Humidity",
		.when = "#-1=2", .fit = "^1!=1", .fault = "^1=4" },
	{ .oid = "20.1.2.1.1.2", .kind = MEASURE_DEW_POINT, .over = 10,
		.name = "Dew point", .when = "#-1=3", .fit = "^1!=1", .fault = "^1=4" },
	{ .oid = "31.1.2.1.1.3", .kind = MEASURE_TEMPERATURE, .over = 10,
		.name = "Temperature", .when = "#-1=1", .fit = "^2!=1", .fault = "^2=4" },
	{ .oid = "31.1.2.1.1.3", .kind = MEASURE_HUMIDITY, .over = 10, .name = "Humidity",
		.when = "#-1=2", .fit = "^2!=1", .fault = "^2=4" },
	{ .oid = "31.1.2.1.1.3", .kind = MEASURE_DEW_POINT, .over = 10,
		.name = "Dew point", .when = "#-1=3", .fit = "^2!=1", .fault = "^2=4" },
};

const struct snmp_family family_papouch = {
	.word = "papouch",
	.says = "Papouch thermometer",
	.base = ".1.3.6.1.4.1.18248",
	.ids = ".0.9.43.6.1.4.1 .1.3.6.1.4.1.18248",
	.descr = "SNMP TME|TME|Quido|TH2E|Papago|PAPAGO",
	.walks = "1.1 16.1 20.1.2 31.1.2",
	ROWS(papouch_rows),
};

/* Sensatronics: text values in the unit set on the unit's own page, which SNMP does
 * not tell; -999.9 and its whole twin -1000 mean no probe. */
#define NO_PROBE "-999.9,-1000,-99.9"
#define EM1_GROUP(g)                                                                   \
	{ .oid = "1.1.3.3." g ".3", .kind = MEASURE_TEMPERATURE, .unit_unknown = true,  \
		.name = "%l, temperature", .label = "1.1.3.3." g ".1.0", .none = NO_PROBE }, \
	{ .oid = "1.1.3.3." g ".6", .kind = MEASURE_HUMIDITY, .name = "%l, humidity",    \
		.label = "1.1.3.3." g ".1.0", .none = NO_PROBE },                      \
	{ .oid = "1.1.3.3." g ".9", .kind = MEASURE_PERCENT, .name = "%l, wetness",      \
		.label = "1.1.3.3." g ".1.0", .none = NO_PROBE }
#define E4_PROBE(n)                                                                    \
	{ .oid = "1.1.1.3." n ".2", .kind = MEASURE_TEMPERATURE, .unit_unknown = true,  \
		.name = "%l", .label = "1.1.1.3." n ".1.0", .none = NO_PROBE }
static const struct snmp_row sensatronics_rows[] = {
	EM1_GROUP("1"), EM1_GROUP("2"), EM1_GROUP("3"), EM1_GROUP("4"), E4_PROBE("1"),
	E4_PROBE("2"), E4_PROBE("3"), E4_PROBE("4"), E4_PROBE("5"), E4_PROBE("6"),
	E4_PROBE("7"), E4_PROBE("8"), E4_PROBE("9"), E4_PROBE("10"), E4_PROBE("11"),
	E4_PROBE("12"), E4_PROBE("13"), E4_PROBE("14"), E4_PROBE("15"), E4_PROBE("16"),
};

const struct snmp_family family_sensatronics = {
	.word = "sensatronics",
	.says = "Sensatronics EM1, E4 or E16",
	.base = ".1.3.6.1.4.1.16174",
	.ids = ".1.3.6.1.4.1.16174",
	.descr = "Sensatronics",
	.walks = "1.1.1.3 1.1.3.3",
	ROWS(sensatronics_rows),
};

/* Gude: the same sensor table below each product's number; -9999 means no sensor. */
#define GUDE_PRODUCT(p)                                                                \
	{ .oid = p ".1.6.1.1.2", .kind = MEASURE_TEMPERATURE, .over = 10,               \
		.name = "Temperature %l", .label = "^32", .none = "-9999" },              \
	{ .oid = p ".1.6.1.1.3", .kind = MEASURE_HUMIDITY, .over = 10, .name = "Humidity", \
		.label = "^32", .none = "-9999" },                                     \
	{ .oid = p ".1.6.1.1.5", .kind = MEASURE_PRESSURE, .times = 100, .over = 10,    \
		.name = "Air pressure", .label = "^32", .none = "-9999" },             \
	{ .oid = p ".1.6.1.1.6", .kind = MEASURE_DEW_POINT, .over = 10,                 \
		.name = "Dew point", .label = "^32", .none = "-9999" },                \
	{ .oid = p ".1.6.1.1.7", .kind = MEASURE_TEMPERATURE, .over = 10,               \
		.place = PLACE_INTERNAL, .name = "Above dew point", .label = "^32",    \
		.none = "-9999" },                                                     \
	{ .oid = p ".1.5.10", .kind = MEASURE_STATE, .name = "Power over Ethernet",     \
		.states = STATES({ 0, FINE, "no" }, { 1, FINE, "yes" }) },             \
	{ .oid = p ".1.5.6.2.1.2", .kind = MEASURE_STATE, .name = "Input",              \
		.states = STATES({ 0, FINE, "low" }, { 1, FINE, "high" }) },           \
	{ .oid = p ".1.3.1.2.1.3", .kind = MEASURE_STATE, .name = "Output %l", .label = "^2", \
		.states = STATES({ 0, FINE, "off" }, { 1, FINE, "on" }) }
static const struct snmp_row gude_rows[] = { GUDE_PRODUCT("66"), GUDE_PRODUCT("67"),
	GUDE_PRODUCT("58"), GUDE_PRODUCT("62"), GUDE_PRODUCT("38"), GUDE_PRODUCT("43"),
	GUDE_PRODUCT("44"), GUDE_PRODUCT("54") };

const struct snmp_family family_gude = {
	.word = "gude",
	.says = "Gude sensor box or power distribution",
	.base = ".1.3.6.1.4.1.28507",
	.ids = ".1.3.6.1.4.1.28507",
	ROWS(gude_rows),
};

/* NTI ENVIROMUX: column 2 is the type of sensor, 0 = nothing fitted; values in tenths. */
#define NTI_TABLE(at)                                                                  \
	{ .oid = at ".4", .kind = MEASURE_TEMPERATURE, .over = 10, .name = "%l", \
		.label = "^3", .when = "^2=1" },                                       \
	{ .oid = at ".4", .kind = MEASURE_HUMIDITY, .over = 10, .name = "%l",     \
		.label = "^3", .when = "^2=2" },                                       \
	{ .oid = at ".4", .kind = MEASURE_DEW_POINT, .over = 10, .name = "%l",   \
		.label = "^3", .when = "^2=24" },                                      \
	{ .oid = at ".4", .kind = MEASURE_VOLTAGE, .over = 10, .name = "%l",       \
		.label = "^3", .when = "^2=4,6" },                                     \
	{ .oid = at ".4", .kind = MEASURE_CURRENT, .over = 10, .name = "%l",       \
		.label = "^3", .when = "^2=5" },                                       \
	{ .oid = at ".4", .kind = MEASURE_STATE, .name = "%l", .label = "^3",      \
		.when = "^2=9,10,11,12,13,14,18",                                      \
		.states = STATES({ 0, FINE, "open" }, { 1, FINE, "closed" }) }
static const struct snmp_row nti_rows[] = { NTI_TABLE("12.1.2.1.1"), NTI_TABLE("12.1.3.1.1") };

const struct snmp_family family_nti = {
	.word = "enviromux-micro",
	.says = "NTI ENVIROMUX-MICRO",
	.base = ".1.3.6.1.4.1.3699.1.1",
	.ids = ".1.3.6.1.4.1.3699.1.1.12",
	.walks = "12.1.2.1.1 12.1.3.1.1",
	ROWS(nti_rows),
};

/* ENVIROMUX-2D, 5D, 16D: internal and external tables with the unit as a word. */
#define NTI_WIDE(at)                                                                   \
	{ .oid = at ".6", .kind = MEASURE_TEMPERATURE, .over = 10, .name = "%l", \
		.label = "^3", .when = "^2=1,513", .fahrenheit = "^8~f" },             \
	{ .oid = at ".6", .kind = MEASURE_HUMIDITY, .over = 10, .name = "%l",     \
		.label = "^3", .when = "^2=2,514" }
static const struct snmp_row nti_wide_rows[] = { NTI_WIDE("2.1.3.1.1"), NTI_WIDE("2.1.5.1.1"),
	NTI_WIDE("10.1.3.1.1"), NTI_WIDE("10.1.5.1.1"), NTI_WIDE("11.1.3.1.1"),
	NTI_WIDE("11.1.5.1.1") };

const struct snmp_family family_nti_wide = {
	.word = "enviromux",
	.says = "NTI ENVIROMUX-2D, 5D or 16D",
	.base = ".1.3.6.1.4.1.3699.1.1",
	.ids = ".1.3.6.1.4.1.3699.1.1.2 .1.3.6.1.4.1.3699.1.1.10 .1.3.6.1.4.1.3699.1.1.11",
	ROWS(nti_wide_rows),
};
