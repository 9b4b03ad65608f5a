/* src/sense/snmp/avtech.c - AVTECH Room Alert and TemPageR (ROOMALERT*-MIB, enterprise
 * 20916).  Each model has a branch of its own; temperatures come twice, in C and in F:
 * the Celsius one is read.  A port without a sensor reads 0. */
#include "sense/snmp/rows.h"

/* A contact says how it stands; which way is bad only its owner knows. */
#define CONTACT STATES({ 0, FINE, "open" }, { 1, FINE, "closed" })
#define TEMPERATURE(at, hundredths, words, named)                                      \
	{ .oid = at, .kind = MEASURE_TEMPERATURE, .over = hundredths, .name = words,    \
		.label = named, .none = "0" }
#define HUMIDITY(at, hundredths, words, named)                                         \
	{ .oid = at, .kind = MEASURE_HUMIDITY, .over = hundredths, .name = words,       \
		.label = named, .none = "0" }
#define SWITCH(at, words, named)                                                       \
	{ .oid = at, .kind = MEASURE_STATE, .name = words, .label = named, .states = CONTACT }
/* One port of the 3E/12E kind: 1 C, 2 F, 3 a second probe in C, 6 dew point, 8 name. */
#define DIGITAL_12E(port)                                                              \
	TEMPERATURE("10.1." port ".1", 100, "%l", "10.1." port ".8.0"),  \
	    TEMPERATURE("10.1." port ".3", 100, "%l, second temperature",            \
		"10.1." port ".8.0"),                                                  \
	    { .oid = "10.1." port ".6", .kind = MEASURE_DEW_POINT, .over = 100,        \
		    .name = "%l, dew point", .label = "10.1." port ".8.0", .none = "0" }

static const struct snmp_row avtech_rows[] = {
	/* TemPageR 4E */
	TEMPERATURE("1.1.1.1", 100, "Internal", NULL), TEMPERATURE("1.1.1.2", 100, "Sensor 1", NULL),
	TEMPERATURE("1.1.1.3", 100, "Sensor 2", NULL), TEMPERATURE("1.1.1.4", 100, "Sensor 3", NULL),
	/* Room Alert 11E and 24E: whole degrees on ports 2 to 4 */
	TEMPERATURE("3.1.1.1", 1, "Internal", NULL),
	TEMPERATURE("3.1.2.1", 1, "%l", "3.1.2.6.0"),
	TEMPERATURE("3.1.3.1", 1, "%l", "3.1.3.6.0"),
	TEMPERATURE("3.1.4.1", 1, "%l", "3.1.4.6.0"),
	/* Room Alert 4E: whole degrees */
	TEMPERATURE("6.1.1.1.2", 1, "%l", "6.1.1.2.1.0"),
	TEMPERATURE("6.1.2.1.1", 1, "%l", "6.1.2.1.8.0"),
	TEMPERATURE("6.1.2.2.1", 1, "%l", "6.1.2.2.8.0"),
	SWITCH("6.1.3.1", "%l", "6.1.3.2.0"),
	/* TemPageR 3E */
	TEMPERATURE("7.1.1.1.1", 100, "%l", "7.1.1.2.0"),
	TEMPERATURE("7.1.2.1.1", 100, "%l", "7.1.2.1.3.0"),
	TEMPERATURE("7.1.2.2.1", 100, "%l", "7.1.2.2.3.0"),
	/* Room Alert 32E / 32W */
	TEMPERATURE("8.1.1.1.2", 100, "Internal", NULL),
	HUMIDITY("8.1.1.2.1", 100, "Internal humidity", NULL),
	{ .oid = "8.1.1.3.1", .kind = MEASURE_STATE, .name = "Power source",
		.states = STATES({ 0, WARN, "battery" }, { 1, FINE, "mains" }) },
	TEMPERATURE("8.1.2.1.1", 100, "Sensor 1", NULL), TEMPERATURE("8.1.2.2.1", 100, "Sensor 2", NULL),
	TEMPERATURE("8.1.2.3.1", 100, "Sensor 3", NULL), TEMPERATURE("8.1.2.4.1", 100, "Sensor 4", NULL),
	TEMPERATURE("8.1.2.5.1", 100, "Sensor 5", NULL), TEMPERATURE("8.1.2.6.1", 100, "Sensor 6", NULL),
	TEMPERATURE("8.1.2.7.1", 100, "Sensor 7", NULL), TEMPERATURE("8.1.2.8.1", 100, "Sensor 8", NULL),
	SWITCH("8.1.3", "Switch", NULL),
	/* Room Alert 3E */
	TEMPERATURE("9.1.1.1.1", 100, "%l", "9.1.1.1.3.0"),
	TEMPERATURE("9.1.1.2.1", 100, "%l", "9.1.1.2.6.0"),
	SWITCH("9.1.2.1", "%l", "9.1.2.2.0"),
	/* Room Alert 12E */
	TEMPERATURE("10.1.1.1", 100, "%l", "10.1.1.3.0"), DIGITAL_12E("2"), DIGITAL_12E("3"),
	DIGITAL_12E("4"), SWITCH("10.1.5.1", "%l", "10.1.5.2.0"),
	SWITCH("10.1.6.1", "%l", "10.1.6.2.0"), SWITCH("10.1.7.1", "%l", "10.1.7.2.0"),
	SWITCH("10.1.8.1", "%l", "10.1.8.2.0"),
	{ .oid = "10.1.10.1", .kind = MEASURE_STATE, .name = "%l", .label = "10.1.10.2.0",
		.states = STATES({ 0, FINE, "off" }, { 1, FINE, "on" }) },
};

const struct snmp_family family_avtech = {
	.word = "avtech",
	.says = "AVTECH Room Alert or TemPageR",
	.base = ".1.3.6.1.4.1.20916.1",
	.ids = ".1.3.6.1.4.1.20916",
	.descr = "Room Alert|TemPageR",
	ROWS(avtech_rows),
};
