/* src/sense/snmp/sensor_boxes.c - environment monitors with one table each: Teracom,
 * ServersCheck, Comet, Kentix, Knuerr, Jacarta, Didactum, W&T, ITWatchdogs and older
 * Geist, Eaton's probe, Emerson NetSure. */
#include "sense/snmp/families.h"

/* thousandths; the smallest integer is a port without a sensor */
#define TERACOM_SENSOR(n)                                                              \
	{ "3.1." n ".1", MEASURE_TEMPERATURE, .over = 1000, .unit_unknown = true,      \
		.name = "%l", .label = "2.2.1." n ".1.0", .none = "-2147483648",       \
		.when = "3.1." n ".1.0!=-2147483648" },                                \
	{ "3.1." n ".2", MEASURE_HUMIDITY, .over = 1000, .name = "%l",                 \
		.label = "2.2.1." n ".1.0", .none = "-2147483648",                     \
		.when = "3.1." n ".2.0!=-2147483648" }
#define TERACOM_INPUT(n)                                                               \
	{ "3.3." n, MEASURE_STATE, .name = "%l", .label = "2.2.3." n ".0",             \
		.states = STATES({ 0, FINE, "closed" }, { 1, FINE, "open" }) }

static const struct snmp_row teracom_rows[] = {
	TERACOM_SENSOR("1"), TERACOM_SENSOR("2"), TERACOM_SENSOR("3"), TERACOM_SENSOR("4"),
	TERACOM_SENSOR("5"), TERACOM_SENSOR("6"), TERACOM_SENSOR("7"), TERACOM_SENSOR("8"),
	TERACOM_INPUT("1"), TERACOM_INPUT("2"), TERACOM_INPUT("3"), TERACOM_INPUT("4"),
};

const struct snmp_family family_teracom = {
	.word = "teracom",
	.says = "Teracom monitor",
	.base = ".1.3.6.1.4.1.38783.3",
	.ids = ".1.3.6.1.4.1.38783",
	.descr = "Teracom",
	.walks = "3.1 3.3 2.2.1 2.2.3",
	.alone = true,
	ROWS(teracom_rows),
};

/* name, value, error, time of one sensor after the other; the name says what it is */
#define CHECK(name_, value_, start, kind_)                                             \
	{ value_, kind_, .name = "%l", .label = name_ ".0", .when = name_ ".0~" start }
#define CHECK_STATE(name_, value_, start, good, bad)                                   \
	{ value_, MEASURE_STATE, .name = "%l", .label = name_ ".0",                    \
		.when = name_ ".0~" start,                                             \
		.states = STATES({ 0, FINE, good }, { 1, CRIT, bad }) }
#define CHECK_SENSOR(n, v)                                                             \
	CHECK(n, v, "temp", MEASURE_TEMPERATURE), CHECK(n, v, "int._temp", MEASURE_TEMPERATURE), \
	    CHECK(n, v, "ext._temp", MEASURE_TEMPERATURE),                             \
	    CHECK(n, v, "internal_temp", MEASURE_TEMPERATURE),                         \
	    CHECK(n, v, "external_temp", MEASURE_TEMPERATURE),                         \
	    CHECK(n, v, "outside_temp", MEASURE_TEMPERATURE),                          \
	    CHECK(n, v, "humid", MEASURE_HUMIDITY), CHECK(n, v, "airflow", MEASURE_VALUE), \
	    CHECK_STATE(n, v, "flood", "DRY", "WET"),                                  \
	    CHECK_STATE(n, v, "water", "DRY", "WET"), CHECK_STATE(n, v, "smoke", "OK", "SMOKE")

static const struct snmp_row serverscheck_rows[] = {
	CHECK_SENSOR("3.1", "3.2"), CHECK_SENSOR("3.5", "3.6"), CHECK_SENSOR("3.9", "3.10"),
	CHECK_SENSOR("3.13", "3.14"), CHECK_SENSOR("3.17", "3.18"),
	CHECK_SENSOR("3.21", "3.22"), CHECK_SENSOR("3.25", "3.26"),
	CHECK_SENSOR("3.29", "3.30"),
};

const struct snmp_family family_serverscheck = {
	.word = "serverscheck",
	.says = "ServersCheck gateway",
	.base = ".1.3.6.1.4.1.17095",
	.ids = ".1.3.6.1.4.1.17095",
	.descr = "Temperature & Sensor Gateway",
	.walks = "3",
	.alone = true,
	ROWS(serverscheck_rows),
};

/* P85xx and Tx5xx: tenths, beside them the unit as text in UTF-8 or Latin-1 */
#define COMET_NONE "9999,-9999,-11000,-32768"
#define COMET(n)                                                                       \
	{ "2." n ".3", MEASURE_HUMIDITY, .over = 10, .name = "%l",                     \
		.label = "2." n ".1.0", .none = COMET_NONE, .when = "2." n ".9.0~%" },  \
	{ "2." n ".3", MEASURE_TEMPERATURE, .over = 10, .name = "%l",                  \
		.label = "2." n ".1.0", .none = COMET_NONE,                            \
		.when = "2." n ".9.0!=%RH,%,ppm,hPa,g/m3,g/kg,kJ/kg",                  \
		.fahrenheit = "2." n ".9.0=\xc2\xb0""F,\xb0""F,F",                      \
		.high_critical = "2." n ".5.0", .low_critical = "2." n ".6.0" },       \
	{ "2." n ".4", MEASURE_STATE, .name = "%l", .label = "2." n ".1.0",            \
		.states = STATES({ 0, FINE, "noAlarm" }, { 1, CRIT, "alarm" },         \
		    { 2, CRIT, "alarm" }) }

static const struct snmp_row comet_rows[] = { COMET("1"), COMET("2"), COMET("3"), COMET("4") };

const struct snmp_family family_comet = {
	.word = "comet",
	.says = "Comet Web Sensor",
	.base = ".1.3.6.1.4.1.22626.1.5",
	.ids = ".1.3.6.1.4.1.22626",
	.walks = "2",
	.alone = true,
	ROWS(comet_rows),
};

static const struct snmp_row kentix_rows[] = {
	{ "2.1.1.1", MEASURE_TEMPERATURE, .over = 10, .name = "LAN sensor" },
	{ "2.1.2.1", MEASURE_HUMIDITY, .over = 10, .name = "LAN sensor" },
	{ "3.1.1.1", MEASURE_TEMPERATURE, .over = 10, .name = "Rack sensor" },
	{ "3.1.2.1", MEASURE_HUMIDITY, .over = 10, .name = "Rack sensor" },
};

const struct snmp_family family_kentix = {
	.word = "kentix",
	.says = "Kentix MultiSensor",
	.base = ".1.3.6.1.4.1.37954",
	.ids = ".1.3.6.1.4.1.37954",
	.walks = "2.1 3.1",
	.alone = true,
	ROWS(kentix_rows),
};

static const struct snmp_row knuerr_rows[] = {
	{ "1.4", MEASURE_TEMPERATURE, .over = 10, .name = "Ambient temperature" },
	{ "2.4", MEASURE_HUMIDITY, .over = 10, .name = "Ambient humidity" },
};

const struct snmp_family family_knuerr = {
	.word = "knuerr-rms",
	.says = "Knuerr RMS",
	.base = ".1.3.6.1.4.1.3711.15.1.1.1",
	.ids = ".1.3.6.1.4.1.3711",
	ROWS(knuerr_rows),
};

/* hundredths; alarm 1 is a port without a sensor */
#define JACARTA_STATES                                                                 \
	STATES({ 1, DUNNO, "unknown" }, { 2, FINE, "disabled" }, { 3, FINE, "normal" }, \
	    { 4, WARN, "belowLowWarning" }, { 5, CRIT, "belowLowCritical" },           \
	    { 6, WARN, "aboveHighWarning" }, { 7, CRIT, "aboveHighCritical" })
#define JACARTA(table, kind_)                                                          \
	{ table ".1.3", kind_, .over = 100, .name = "%l", .label = "^2", .fit = "^4!=1",\
		.fahrenheit = "2.16.0=2" },                                            \
	{ table ".1.4", MEASURE_STATE, .name = "%l", .label = "^2",                    \
		.states = JACARTA_STATES, .when = "^4!=1" }

static const struct snmp_row jacarta_rows[] = {
	JACARTA("3.1.1", MEASURE_TEMPERATURE), JACARTA("3.1.2", MEASURE_HUMIDITY),
	{ "3.1.3.1.4", MEASURE_STATE, .name = "%l", .label = "^2", .when = "^4!=1",
		.states = STATES({ 1, DUNNO, "unknown" }, { 2, FINE, "disabled" },
		    { 3, FINE, "normal" }, { 4, CRIT, "alarm" }) },
};

const struct snmp_family family_jacarta = {
	.word = "jacarta",
	.says = "Jacarta interSeptor",
	.base = ".1.3.6.1.4.1.19011.1.3.2.1",
	.ids = ".1.3.6.1.4.1.19011",
	.walks = "3.1 2.16",
	.alone = true,
	ROWS(jacarta_rows),
};

#define DIDACTUM(table, kind_, type)                                                   \
	{ table ".7", kind_, .name = "%l", .label = "^5", .when = "^4=" type,          \
		.fit = "^6!=off,not_connected", .low_critical = "^10",                 \
		.low_warning = "^11", .high_warning = "^12", .high_critical = "^13" }
#define DIDACTUM_STATE(table)                                                          \
	{ table ".6", MEASURE_STATE, .name = "%l", .label = "^5",                      \
		.states = STATES({ 0, FINE, "normal" }, { 1, WARN, "warning" },        \
		    { 2, WARN, "high warning" }, { 3, WARN, "low warning" },           \
		    { 4, CRIT, "alarm" }, { 5, CRIT, "high alarm" },                   \
		    { 6, CRIT, "low alarm" }, { 7, DUNNO, "not connected" },           \
		    { 8, FINE, "on" }, { 9, DUNNO, "off" }) }
#define DIDACTUM_TABLE(table)                                                          \
	DIDACTUM(table, MEASURE_TEMPERATURE, "temperature"),                           \
	    DIDACTUM(table, MEASURE_HUMIDITY, "humidity"),                             \
	    DIDACTUM(table, MEASURE_VOLTAGE, "voltage"), DIDACTUM_STATE(table)

static const struct snmp_row didactum_rows[] = {
	DIDACTUM_TABLE("5.2.1"), DIDACTUM_TABLE("6.2.1"), DIDACTUM_STATE("5.1.1"),
	DIDACTUM_STATE("6.1.1"),
};

const struct snmp_family family_didactum = {
	.word = "didactum",
	.says = "Didactum monitor",
	.base = ".1.3.6.1.4.1.46501",
	.ids = ".1.3.6.1.4.1.46501",
	.descr = "*didactum",
	.walks = "5 6",
	.alone = true,
	ROWS(didactum_rows),
};

/* each model has a branch; tenths as an integer: the text twin has a decimal comma */
#define WUT(model) { model ".1.4.1.1", MEASURE_TEMPERATURE, .over = 10, .name = "Sensor %i" }
#define WUT_CLIMATE(model)                                                             \
	{ model ".1.4.1.1", MEASURE_TEMPERATURE, .over = 10, .name = "Temperature",    \
		.when = "#1=1" },                                                      \
	{ model ".1.4.1.1", MEASURE_HUMIDITY, .over = 10, .name = "Humidity",          \
		.when = "#1=2" },                                                      \
	{ model ".1.4.1.1", MEASURE_PRESSURE, .times = 10, .name = "Air pressure",     \
		.when = "#1=3" }

static const struct snmp_row wut_rows[] = {
	WUT("1"), WUT("2"), WUT("3"), WUT("6"), WUT("7"), WUT("8"), WUT_CLIMATE("9"),
	WUT_CLIMATE("16"), WUT("18"), WUT_CLIMATE("36"), WUT_CLIMATE("37"), WUT_CLIMATE("38"),
	WUT_CLIMATE("42"),
};

const struct snmp_family family_wut = {
	.word = "wut",
	.says = "W&T Web-Thermograph",
	.base = ".1.3.6.1.4.1.5040.1.2",
	.ids = ".1.3.6.1.4.1.5040.1.2",
	.walks = "1.1.4.1.1 2.1.4.1.1 3.1.4.1.1 6.1.4.1.1 7.1.4.1.1 8.1.4.1.1 9.1.4.1.1 "
		 "16.1.4.1.1 18.1.4.1.1 36.1.4.1.1 37.1.4.1.1 38.1.4.1.1 42.1.4.1.1",
	.alone = true,
	ROWS(wut_rows),
};

/* IT-WATCHDOGS-MIB-V3 and GEIST-MIB-V3 are one MIB: whole degrees Celsius */
#define CLIMATE_ROWS                                                                   \
	{ "2.1.5", MEASURE_TEMPERATURE, .name = "%l", .label = "^3", .fit = "^4!=0" }, \
	{ "2.1.7", MEASURE_HUMIDITY, .name = "%l", .label = "^3", .fit = "^4!=0",      \
		.none = "0" },                                                         \
	{ "4.1.5", MEASURE_TEMPERATURE, .name = "%l", .label = "^3", .fit = "^4!=0" }

static const struct snmp_row watchdog3_rows[] = { CLIMATE_ROWS };

const struct snmp_family family_watchdog3 = {
	.word = "itwatchdogs",
	.says = "ITWatchdogs monitor",
	.base = ".1.3.6.1.4.1.17373.3",
	.ids = ".1.3.6.1.4.1.17373",
	.walks = "2.1 4.1",
	.alone = true,
	ROWS(watchdog3_rows),
};

static const struct snmp_row geist3_rows[] = {
	CLIMATE_ROWS,
	{ "25.1.8", MEASURE_CURRENT, .over = 10, .name = "%l A", .label = "^3" },
	{ "25.1.16", MEASURE_CURRENT, .over = 10, .name = "%l B", .label = "^3" },
	{ "25.1.24", MEASURE_CURRENT, .over = 10, .name = "%l C", .label = "^3" },
};

const struct snmp_family family_geist3 = {
	.word = "geist-v3",
	.says = "Geist monitor",
	.base = ".1.3.6.1.4.1.21239.2",
	.ids = ".1.3.6.1.4.1.21239.2",
	.walks = "2.1 4.1 25.1",
	.unless = "geist",
	ROWS(geist3_rows),
};

/* EATON-SENSOR-MIB: tenths of a kelvin unless the unit says otherwise */
static const struct snmp_row eaton_probe_rows[] = {
	{ "2.3.1.3", MEASURE_TEMPERATURE, .over = 10, .name = "%l", .label = "1.3.1.1/1",
		.kelvin = "2.5.0!=1,2", .fahrenheit = "2.5.0=2", .none = "0,-1" },
	{ "3.3.1.3", MEASURE_HUMIDITY, .over = 10, .name = "%l", .label = "1.3.1.1/1",
		.none = "-1" },
	{ "4.3.1.3", MEASURE_STATE, .name = "Contact %i", .states = STATES(
		{ 0, FINE, "normal" }, { 1, FINE, "open" }, { 2, FINE, "closed" }) },
};

const struct snmp_family family_eaton_probe = {
	.word = "eaton-probe",
	.says = "Eaton environment probe",
	.base = ".1.3.6.1.4.1.534.6.8.1",
	.ids = ".1.3.6.1.4.1.534 .1.3.6.1.4.1.705",
	.walks = "2.3.1.3 2.5 3.3.1.3 4.3.1.3 1.3.1.1",
	ROWS(eaton_probe_rows),
};

/* thousandths; -999999 is no sensor */
static const struct snmp_row netsure_rows[] = {
	{ "1", MEASURE_STATE, .name = "System status",
		.states = STATES({ 1, DUNNO, "unknown" }, { 2, FINE, "normal" },
		    { 3, WARN, "observation" }, { 4, WARN, "warning" }, { 5, WARN, "minor" },
		    { 6, CRIT, "major" }, { 7, DUNNO, "unmanaged" }) },
	{ "2", MEASURE_VOLTAGE, .over = 1000, .name = "System voltage",
		.none = "-999999" },
	{ "3", MEASURE_CURRENT, .over = 1000, .name = "System current",
		.none = "-999999" },
	{ "7.1", MEASURE_TEMPERATURE, .over = 1000, .name = "Temperature 1",
		.none = "-999999" },
	{ "7.2", MEASURE_TEMPERATURE, .over = 1000, .name = "Temperature 2",
		.none = "-999999" },
};

const struct snmp_family family_netsure = {
	.word = "netsure",
	.says = "Emerson NetSure power",
	.base = ".1.3.6.1.4.1.6302.2.1.2",
	.ids = ".1.3.6.1.4.1.6302",
	.walks = "7 1 2 3",
	.alone = true,
	ROWS(netsure_rows),
};
