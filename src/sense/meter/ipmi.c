/* src/sense/meter/ipmi.c - a server's sensors by ipmitool, run as a child.  Two asks:
 * `sensor` gives number, unit, state and six thresholds; `sdr elist` the words of
 * discrete sensors and the entity (55 and 64: air inlet, IPMI 2.0 table 43-13).
 *   Inlet T | 24.000 | degrees C | ok | na | na | na | 40.000 | 45.000 | 50.000
 *   Inlet T | 01h | ok | 55.1 | 24 degrees C
 * address: [USER@]HOST[:PORT]; "local" or nothing: this machine (-I open).  The secret
 * file holds the password alone. */
#include "sense/meter/meter.h"
#include "base/number.h"
#include <ctype.h>
#include <stdio.h>

enum { COLUMNS = 10 };

struct ipmi {
	enum { IPMI_SENSOR, IPMI_WORDS, IPMI_DONE } step;
};

static const struct unit {
	const char *word;
	enum measure kind;
	int64_t multiplier, divisor;
	bool fahrenheit;
} units[] = {
	{ "degrees C", MEASURE_TEMPERATURE, 1, 1, false },
	{ "degrees F", MEASURE_TEMPERATURE, 1, 1, true },
	{ "Volts", MEASURE_VOLTAGE, 1, 1, false },
	{ "Amps", MEASURE_CURRENT, 1, 1, false },
	{ "Watts", MEASURE_POWER, 1, 1, false },
	{ "VA", MEASURE_APPARENT_POWER, 1, 1, false },
	{ "Joules", MEASURE_ENERGY, 1, 3600000, false },
	{ "RPM", MEASURE_FAN, 1, 1, false },
	{ "Hz", MEASURE_FREQUENCY, 1, 1, false },
	{ "percent", MEASURE_PERCENT, 1, 1, false },
	{ "% ", MEASURE_PERCENT, 1, 1, false },
	{ "CFM", MEASURE_FLOW, 28316846592, 1000000000, false },
	{ "kPa", MEASURE_PRESSURE, 1000, 1, false },
};

/* [USER@]HOST[:PORT] of letters that mean nothing to a command line. */
static bool ipmi_plain(struct span s)
{
	for (size_t i = 0; i < s.left; i++)
		if (!isalnum(s.at[i]) && memchr("._-:[]", s.at[i], 6) == NULL)
			return false;
	return s.left > 0 && s.at[0] != '-';
}

static bool ipmi_local(const char *address)
{
	return address == NULL || address[0] == '\0' || strcmp(address, "local") == 0 ||
	    strcmp(address, "open") == 0;
}

static int ipmi_command(struct talk *talk, const char *what, struct ask *ask, struct why *why)
{
	const char *address = talk->probe->address;
	struct span host = span_text(address != NULL ? address : ""), user = { 0 }, port = { 0 };
	const char *at = address != NULL ? strchr(address, '@') : NULL;
	const uint8_t *colon;
	int n;

	if (ipmi_local(address)) {
		(void)snprintf(ask->target, sizeof ask->target, "ipmitool -I open %s", what);
		return KS_OK;
	}
	if (at != NULL) {
		user = span_until(&host, '@');
		if (!ipmi_plain(user))
			return fail(why, KS_MALFORMED, "%s: %s: not [USER@]HOST[:PORT]",
			    talk->probe->name, address);
	}
	if (host.left > 0 && host.at[0] == '[') { /* [v6]:port */
		(void)span_cut(&host, 1);
		port = host;
		host = span_until(&port, ']');
		if (port.left > 0)
			(void)span_until(&port, ':');
	} else if (host.left > 0 && (colon = memchr(host.at, ':', host.left)) != NULL &&
	    memchr(colon + 1, ':', host.left - (size_t)(colon + 1 - host.at)) == NULL) {
		port = host;
		host = span_until(&port, ':');
	}
	if (!ipmi_plain(host) || (port.left > 0 && !ipmi_plain(port)))
		return fail(why, KS_MALFORMED, "%s: %s: not [USER@]HOST[:PORT]", talk->probe->name,
		    address);
	n = snprintf(ask->target, sizeof ask->target,
	    "ipmitool -I lanplus -H %.*s -p %.*s%s%.*s -f {secret} %s", (int)host.left,
	    (const char *)host.at, port.left > 0 ? (int)port.left : 3,
	    port.left > 0 ? (const char *)port.at : "623", user.left > 0 ? " -U " : "",
	    (int)user.left, user.left > 0 ? (const char *)user.at : "", what);
	if (n < 0 || (size_t)n >= sizeof ask->target)
		return fail(why, KS_FULL, "%s: address too long", talk->probe->name);
	return KS_OK;
}

static int ipmi_ask(struct talk *talk, struct ask *ret_ask, struct why *why)
{
	struct ipmi *mine = talk->memory;
	struct ask ask = { .what = ASK_BYTES, .reply_max = LIMIT_REPLY_BYTES };
	int code = KS_OK;

	if (talk->turn == 0)
		mine->step = IPMI_SENSOR;
	if (mine->step == IPMI_DONE) {
		meter_pick(talk);
		ask.what = ASK_NONE;
	} else {
		code = ipmi_command(talk, mine->step == IPMI_SENSOR ? "sensor" : "sdr elist", &ask,
		    why);
	}
	ask.may_fail = mine->step == IPMI_WORDS;
	if (code == KS_OK)
		*ret_ask = ask;
	return code;
}

static size_t ipmi_columns(struct span line, struct span *ret_columns)
{
	size_t n = 0;

	while (line.left > 0 && n < COLUMNS)
		ret_columns[n++] = span_trim(span_until(&line, '|'));
	return n;
}

static int64_t ipmi_limit(struct offer *offer, const struct unit *unit, struct span text,
    int64_t none)
{
	int64_t milli = 0;

	if (meter_empty(text) ||
	    meter_milli(text, unit->multiplier, unit->divisor, &milli) != KS_OK)
		return none;
	if (unit->fahrenheit)
		milli = meter_celsius(offer, milli);
	return measure_possible(unit->kind, milli) ? milli : none;
}

/* A limit not set is "na"; the nearer of critical and non-recoverable counts. */
static void ipmi_limits(struct offer *offer, const struct unit *unit, const struct span *c)
{
	int64_t lnr = ipmi_limit(offer, unit, c[4], INT64_MIN);
	int64_t lcr = ipmi_limit(offer, unit, c[5], INT64_MIN);
	int64_t ucr = ipmi_limit(offer, unit, c[8], INT64_MAX);
	int64_t unr = ipmi_limit(offer, unit, c[9], INT64_MAX);

	offer->limits.low_critical = lcr > lnr ? lcr : lnr;
	offer->limits.low_warning = ipmi_limit(offer, unit, c[6], INT64_MIN);
	offer->limits.high_warning = ipmi_limit(offer, unit, c[7], INT64_MAX);
	offer->limits.high_critical = ucr < unr ? ucr : unr;
}

static struct offer *ipmi_offer(struct talk *talk, enum measure kind, struct span name)
{
	struct offer *offer = meter_offer(talk, kind, name);

	meter_unique(talk, offer);
	meter_source(offer, "%.*s", (int)name.left, (const char *)name.at);
	if (offer != NULL) {
		offer->place = PLACE_INTERNAL;
		meter_place(offer, name);
	}
	return offer;
}

static void ipmi_discrete(struct talk *talk, const struct span *c)
{
	struct offer *offer = ipmi_offer(talk, MEASURE_STATE, c[0]);
	struct span bits = c[3];
	int64_t number = 0;

	if (meter_empty(c[1])) {
		meter_absent(offer, DOUBT_EMPTY);
		return;
	}
	if (meter_starts(bits, "0x"))
		(void)span_cut(&bits, 2);
	for (size_t i = 0; i < bits.left && i < 4; i++)
		number = number * 16 + (isdigit(bits.at[i]) ? bits.at[i] - '0'
			: isxdigit(bits.at[i]) ? tolower(bits.at[i]) - 'a' + 10 : 0);
	meter_state(offer, number, c[3], SEVERITY_OK);
}

static void ipmi_line(struct talk *talk, struct span line)
{
	struct span c[COLUMNS] = { { 0 } };
	int64_t milli = 0;

	if (ipmi_columns(line, c) < 4 || c[0].left == 0)
		return;
	if (meter_same(c[2], "discrete")) {
		ipmi_discrete(talk, c);
		return;
	}
	for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
		const struct unit *unit = &units[i];

		if (!meter_same(c[2], unit->word) && !(unit->word[0] == '%' && meter_same(c[2], "%")))
			continue;
		bool humidity = unit->kind == MEASURE_PERCENT && meter_has(c[0], "humid");
		struct offer *offer = ipmi_offer(talk, humidity ? MEASURE_HUMIDITY : unit->kind, c[0]);

		if (offer == NULL)
			return;
		ipmi_limits(offer, unit, c);
		if (unit->fahrenheit &&
		    meter_milli(c[1], unit->multiplier, unit->divisor, &milli) == KS_OK)
			meter_number(offer, meter_celsius(offer, milli));
		else
			meter_text(offer, c[1], unit->multiplier, unit->divisor);
		return;
	}
}

static enum severity ipmi_severity(struct span words)
{
	static const struct {
		const char *has;
		enum severity severity;
	} rows[] = { { "non-recoverable", SEVERITY_CRITICAL }, { "predictive", SEVERITY_WARNING },
		{ "failure", SEVERITY_CRITICAL }, { "fault", SEVERITY_CRITICAL },
		{ "lost", SEVERITY_CRITICAL }, { "critical", SEVERITY_CRITICAL },
		{ "uncorrectable", SEVERITY_CRITICAL }, { "degraded", SEVERITY_WARNING },
		{ "intrusion", SEVERITY_WARNING }, { "throttled", SEVERITY_WARNING } };

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (meter_has(words, rows[i].has))
			return rows[i].severity;
	return SEVERITY_OK;
}

/* A line of `sdr elist`: the words of a discrete sensor, the entity of any. */
static void ipmi_words(struct talk *talk, struct span line)
{
	struct span c[COLUMNS] = { { 0 } };

	if (ipmi_columns(line, c) < 5)
		return;
	for (size_t i = 0; i < talk->offers_n; i++) {
		struct offer *offer = &talk->offers[i];

		if (!span_equal(c[0], offer->source))
			continue;
		if (meter_starts(c[3], "55.") || meter_starts(c[3], "64."))
			offer->place = PLACE_INLET;
		if (offer->kind != MEASURE_STATE)
			continue;
		if (meter_same(c[4], "No Reading") || meter_same(c[4], "Disabled")) {
			meter_absent(offer, DOUBT_EMPTY);
		} else if (offer->quality == QUALITY_OK && c[4].left > 0) {
			offer->severity = (uint8_t)ipmi_severity(c[4]);
			meter_copy(offer->state, sizeof offer->state, c[4]);
		}
	}
}

static int ipmi_read(struct talk *talk, struct span reply, struct why *why)
{
	struct ipmi *mine = talk->memory;
	bool first = mine->step == IPMI_SENSOR;

	while (reply.left > 0) {
		struct span line = span_until(&reply, '\n');

		if (first)
			ipmi_line(talk, line);
		else
			ipmi_words(talk, line);
	}
	mine->step = first && talk->offers_n > 0 ? IPMI_WORDS : IPMI_DONE;
	if (first && talk->offers_n == 0)
		return fail(why, KS_MALFORMED, "%s: ipmitool lists no sensor", talk->probe->name);
	return KS_OK;
}

const struct driver driver_ipmi = {
	.name = "ipmi",
	.says = "servers through their management controller (IPMI, by ipmitool)",
	.via = VIA_COMMAND,
	.port = 623,
	.memory_size = sizeof(struct ipmi),
	.ask = ipmi_ask,
	.read = ipmi_read,
};
