#include "site/keys.h"
#include "site/model.h"

#define ROW(word, thing, list, says) { word, says, sizeof(struct thing),               \
	offsetof(struct site, list), offsetof(struct site, list##_n),                  \
	offsetof(struct thing, id), offsetof(struct thing, line),                      \
	offsetof(struct thing, name), false }

const struct kind_row kinds[KINDS] = {
	[KIND_HOST] = ROW("host", host, hosts, "a server, or anything with a power cord and work to do"),
	[KIND_BREAKER] = ROW("breaker", node, nodes, "a circuit breaker"),
	[KIND_PDU] = ROW("pdu", node, nodes, "a rack's power strip"),
	[KIND_RACK] = ROW("rack", rack, racks, "a rack"),
	[KIND_SENSOR] = ROW("sensor", sensor, sensors, "a device that measures, or one value of it"),
	[KIND_SERVICE] = ROW("service", service, services, "what hosts do for people, and what its loss costs"),
	[KIND_LEG] = ROW("leg", node, nodes, "one phase pair of a panel"),
	[KIND_PANEL] = ROW("panel", node, nodes, "a distribution panel"),
	[KIND_UPS] = ROW("ups", node, nodes, "an uninterruptible power supply"),
	[KIND_FEED] = ROW("feed", node, nodes, "where power comes into the site"),
	[KIND_ROOM] = ROW("room", room, rooms, "a room, and the limits of its air"),
	[KIND_DEVICE] = ROW("device", device, devices, "a thing on the network that is no host: a switch, a router"),
	[KIND_COOLING] = ROW("cooling", cooling, coolings, "an air conditioner"),
	[KIND_CALENDAR] = ROW("calendar", calendar, calendars, "hours and days on which something runs"),
	[KIND_MAINTENANCE] = ROW("maintenance", maintenance, maintenances, "a time in which alarms of something wake nobody"),
	[KIND_NOTIFY] = { "notify", "a channel for messages", sizeof(struct other),
		offsetof(struct site, others), offsetof(struct site, others_n),
		offsetof(struct other, id), offsetof(struct other, line), 0, true },
	[KIND_LIST] = { "list", "a block list", sizeof(struct other),
		offsetof(struct site, others), offsetof(struct site, others_n),
		offsetof(struct other, id), offsetof(struct other, line), 0, true },
	[KIND_SITE] = { "site", "the site itself: one such line a file", sizeof(struct site), 0, 0,
		offsetof(struct site, id), 0, offsetof(struct site, name), false },
};

enum { NO = false, YES = true, M = 1000 };
#define AT(thing, member) offsetof(struct thing, member)
#define TEXT(k, word, thing, member, says)                                             \
	{ k, TYPE_TEXT, NO, word, NULL, NULL, 0, 0, AT(thing, member), 0, 0, NULL, says }
#define QUANTITY(k, word, unit, fallback, low, high, at, says)                         \
	{ k, TYPE_QUANTITY, NO, word, unit, fallback, low, high, at, 0, 0, NULL, says }
#define NUMBER(k, type, word, fallback, low, high, at, says)                           \
	{ k, type, NO, word, "", fallback, low, high, at, 0, 0, NULL, says }
#define REF(k, word, at, kinds, says)                                                  \
	{ k, TYPE_REF, NO, word, NULL, NULL, 0, 0, at, 0, kinds, NULL, says }
#define SPECIAL(k, type, required, word, at, says)                                     \
	{ k, type, required, word, NULL, NULL, 0, 0, at, 0, 0, NULL, says }
#define NAME(k, thing) TEXT(k, "name", thing, name, "what people call it; the ID when not given")
#define EVERY(k, thing, fallback)                                                      \
	QUANTITY(k, "every", "s", fallback, 1 * M, 86400 * M, AT(thing, every_ms),     \
	    "how often it is asked")

/* A piece of the power path: the same keys for all six kinds. */
#define NODE(k)                                                                        \
	NAME(k, node),                                                                 \
	REF(k, "from", AT(node, from), KINDS_POWER, "what feeds it"),                        \
	REF(k, "from2", AT(node, from2), KINDS_POWER, "the other side of a transfer switch"),\
	REF(k, "rack", AT(node, rack), 1u << KIND_RACK, "the rack it stands in"),      \
	QUANTITY(k, "volt", "V", NULL, 1 * M, 500000LL * M, AT(node, milli_volt),      \
	    "voltage; that of what feeds it when not given"),                          \
	QUANTITY(k, "amps", "A", NULL, 1, 100000LL * M, AT(node, milli_amp),           \
	    "rated current; without it, it has no limit of its own"),                  \
	NUMBER(k, TYPE_COUNT, "phases", "1", 1, 3, AT(node, phases), "1 or 3"),        \
	{ k, TYPE_MILLI, NO, "derate", "", "0.8", 50, 1 * M, AT(node, derate_milli), 0, 0, NULL, \
	    "part of the rating that may be used all day (the 80 % rule)" },           \
	{ k, TYPE_CHOICE, NO, "curve", NULL, NULL, 0, 0, AT(node, curve), 0, 0,        \
	    "B C D K Z MCCB UL489 JIS IEC60255-SI IEC60255-VI IEC60255-EI fuse",       \
	    "how fast it trips" }

const struct key keys[] = {
	SPECIAL(KIND_SITE, TYPE_FORMAT, NO, "format", 0, "version of this format: 1"),
	NAME(KIND_SITE, site),
	{ KIND_SITE, TYPE_ZONE, NO, "tz", NULL, "Asia/Tokyo", 0, 0, AT(site, tz), 0, 0, NULL,
	    "time zone, a name of the IANA database" },
	{ KIND_SITE, TYPE_CHOICE, NO, "lang", NULL, "ja", 0, 0, AT(site, lang), 0, 0, "ja en",
	    "language of messages" },
	QUANTITY(KIND_SITE, "volt", "V", "200V", 1 * M, 500000LL * M, AT(site, milli_volt),
	    "voltage where none is given"),
	{ KIND_SITE, TYPE_DAYS, NO, "keep", "d", "400d", 1, 36500, AT(site, keep_raw_days), 0, 0, NULL,
	    "how long readings are kept" },
	SPECIAL(KIND_SITE, TYPE_NOTE, NO, "generator", 0, "the program that wrote the file"),

	NAME(KIND_ROOM, room),
	QUANTITY(KIND_ROOM, "heat", "kW", NULL, 0, 1000000LL * M, AT(room, heat_mw),
	    "heat that its cooling can take"),
	QUANTITY(KIND_ROOM, "heat_kw", "kW", NULL, 0, 1000000LL * M, AT(room, heat_mw),
	    "the same as heat"),
	QUANTITY(KIND_ROOM, "volume", "m3", NULL, 1 * M, 10000000LL * M, AT(room, volume_ml),
	    "air in it"),
	QUANTITY(KIND_ROOM, "limit", "C", "30C", -60 * M, 100 * M,
	    AT(room, temperature.high_warning), "warning above"),
	QUANTITY(KIND_ROOM, "critical", "C", "35C", -60 * M, 100 * M,
	    AT(room, temperature.high_critical), "critical above"),
	QUANTITY(KIND_ROOM, "low", "C", NULL, -60 * M, 100 * M,
	    AT(room, temperature.low_warning), "warning below"),
	QUANTITY(KIND_ROOM, "low-critical", "C", NULL, -60 * M, 100 * M,
	    AT(room, temperature.low_critical), "critical below"),
	QUANTITY(KIND_ROOM, "humidity-low", "%", "20%", 0, 100 * M,
	    AT(room, humidity.low_warning), "warning when drier"),
	QUANTITY(KIND_ROOM, "humidity-high", "%", "80%", 0, 100 * M,
	    AT(room, humidity.high_warning), "warning when damper"),
	QUANTITY(KIND_ROOM, "dew-point", "C", "17C", -80 * M, 60 * M,
	    AT(room, dew_point.high_warning), "warning when the dew point is above"),
	QUANTITY(KIND_ROOM, "rise", "K/h", "20K/h", 1, 1000 * M, AT(room, rise_mk_h),
	    "warning when it grows warmer faster"),

	NAME(KIND_RACK, rack),
	REF(KIND_RACK, "room", AT(rack, room), 1u << KIND_ROOM, "the room it stands in"),
	NUMBER(KIND_RACK, TYPE_COUNT, "units", "42", 1, 100, AT(rack, units), "height in U"),

	NODE(KIND_FEED), NODE(KIND_UPS), NODE(KIND_PANEL), NODE(KIND_LEG), NODE(KIND_BREAKER),
	NODE(KIND_PDU),

	NAME(KIND_SERVICE, service),
	NUMBER(KIND_SERVICE, TYPE_COUNT, "tier", "3", 0, 100, AT(service, tier), "0 matters most"),
	NUMBER(KIND_SERVICE, TYPE_WHOLE, "value", "0", 0, 1000000000000LL, AT(service, value),
	    "loss when it is down"),
	NUMBER(KIND_SERVICE, TYPE_WHOLE, "unit", "0", 0, 1000000000000LL, AT(service, unit),
	    "loss for each host missing below need"),
	NUMBER(KIND_SERVICE, TYPE_COUNT, "need", "1", 0, 1000000, AT(service, need),
	    "hosts it needs to be whole"),
	NUMBER(KIND_SERVICE, TYPE_COUNT, "min", "0", 0, 1000000, AT(service, min),
	    "with fewer hosts it is down"),
	{ KIND_SERVICE, TYPE_QUANTITY, NO, "cap", "", "0", 0, 1000 * M,
	    AT(service, cap_weight_milli), 0, 0, NULL, "weight of capping one of its hosts" },
	SPECIAL(KIND_SERVICE, TYPE_YES, NO, "must", AT(service, must), "may never go down"),
	NUMBER(KIND_SERVICE, TYPE_ORDER, "stop", "0", -1000, 1000, AT(service, stop),
	    "order of stopping: higher stops later"),
	SPECIAL(KIND_SERVICE, TYPE_DEPS, NO, "dep", AT(service, deps), "services that it needs"),

	NAME(KIND_HOST, host),
	REF(KIND_HOST, "rack", AT(host, rack), 1u << KIND_RACK, "the rack it is in"),
	{ KIND_HOST, TYPE_COUNT, NO, "u", "U", NULL, 1, 100, AT(host, u), 0, 0, NULL, "its lowest U" },
	{ KIND_HOST, TYPE_COUNT, NO, "h", "U", "1U", 1, 100, AT(host, height), 0, 0, NULL, "height" },
	SPECIAL(KIND_HOST, TYPE_CORDS, NO, "cords", AT(host, cords),
	    "where its cords go: PDU.OUTLET,PDU.OUTLET"),
	QUANTITY(KIND_HOST, "w", "W", NULL, 0, 1000000LL * M, AT(host, mw), "watts it draws"),
	{ KIND_HOST, TYPE_MILLI, NO, "pf", "", "0.95", 50, 1 * M, AT(host, pf_milli), 0, 0, NULL,
	    "power factor" },
	QUANTITY(KIND_HOST, "wmax", "W", NULL, 0, 1000000LL * M, AT(host, mw_max),
	    "watts at most; w when not given"),
	QUANTITY(KIND_HOST, "cap", "W", NULL, 0, 1000000LL * M, AT(host, mw_cap),
	    "watts when capped, if it can be"),
	SPECIAL(KIND_HOST, TYPE_YES, NO, "declared", AT(host, declared),
	    "the watts are from a nameplate, not measured"),
	REF(KIND_HOST, "svc", AT(host, service), 1u << KIND_SERVICE, "the service it works for"),
	TEXT(KIND_HOST, "address", host, address, "name or address; without it nobody asks whether it is up"),
	SPECIAL(KIND_HOST, TYPE_CHECK, NO, "check", AT(host, check),
	    "how to see that it is up: ping, snmp or tcp:PORT; ping when not given"),
	TEXT(KIND_HOST, "secret", host, secret, "file with the SNMP community or user"),
	REF(KIND_HOST, "behind", AT(host, behind), 1u << KIND_DEVICE, "the switch it hangs on"),
	EVERY(KIND_HOST, host, "30s"),

	NAME(KIND_DEVICE, device),
	TEXT(KIND_DEVICE, "mac", device, mac, "hardware address"),
	TEXT(KIND_DEVICE, "address", device, address, "name or address"),
	TEXT(KIND_DEVICE, "owner", device, owner, "whose it is"),
	SPECIAL(KIND_DEVICE, TYPE_CHECK, NO, "check", AT(device, check),
	    "how to see that it is up: ping, snmp or tcp:PORT; ping when not given"),
	TEXT(KIND_DEVICE, "secret", device, secret, "file with the SNMP community or user"),
	REF(KIND_DEVICE, "behind", AT(device, behind), 1u << KIND_DEVICE, "the switch it hangs on"),
	REF(KIND_DEVICE, "rack", AT(device, rack), 1u << KIND_RACK, "the rack it is in"),
	REF(KIND_DEVICE, "room", AT(device, room), 1u << KIND_ROOM, "the room it is in"),
	EVERY(KIND_DEVICE, device, "30s"),

	NAME(KIND_SENSOR, sensor),
	SPECIAL(KIND_SENSOR, TYPE_TEXT, YES, "via", AT(sensor, via), "how it is asked: snmp, nut, hwmon ..."),
	TEXT(KIND_SENSOR, "address", sensor, address, "where: host[:port], path, URL or command"),
	TEXT(KIND_SENSOR, "secret", sensor, secret, "file with the community, user or password"),
	TEXT(KIND_SENSOR, "read", sensor, read, "which value: OID, variable, path; all when not given"),
	SPECIAL(KIND_SENSOR, TYPE_MEASURE, NO, "kind", AT(sensor, kind),
	    "what it measures: temperature, humidity, power ..."),
	SPECIAL(KIND_SENSOR, TYPE_AT, NO, "at", AT(sensor, room),
	    "where it is: RACK.U, RACK, ROOM, or a place"),
	SPECIAL(KIND_SENSOR, TYPE_PLACE, NO, "place", AT(sensor, place),
	    "the air or water it is in: inlet outlet room return supply outside internal water"),
	SPECIAL(KIND_SENSOR, TYPE_ON, NO, "on", AT(sensor, node),
	    "what it measures: a ups, pdu, feed ..., a host or a cooling unit"),
	SPECIAL(KIND_SENSOR, TYPE_OFFSET, NO, "offset", AT(sensor, offset), "calibration, added"),
	{ KIND_SENSOR, TYPE_QUANTITY, NO, "scale", "", "1", -1000000LL * M, 1000000LL * M,
	    AT(sensor, multiply_milli), 0, 0, NULL, "calibration, multiplied before the offset" },
	SPECIAL(KIND_SENSOR, TYPE_FAHRENHEIT, NO, "unit", AT(sensor, fahrenheit),
	    "F: the device speaks Fahrenheit"),
	EVERY(KIND_SENSOR, sensor, "30s"),
	SPECIAL(KIND_SENSOR, TYPE_LIMIT, NO, "limit", AT(sensor, limits.high_warning), "warning above"),
	SPECIAL(KIND_SENSOR, TYPE_LIMIT, NO, "critical", AT(sensor, limits.high_critical), "critical above"),
	SPECIAL(KIND_SENSOR, TYPE_LIMIT, NO, "low", AT(sensor, limits.low_warning), "warning below"),
	SPECIAL(KIND_SENSOR, TYPE_LIMIT, NO, "low-critical", AT(sensor, limits.low_critical), "critical below"),

	NAME(KIND_COOLING, cooling),
	REF(KIND_COOLING, "room", AT(cooling, room), 1u << KIND_ROOM, "the room it cools"),
	QUANTITY(KIND_COOLING, "capacity", "kW", NULL, 1, 1000000LL * M, AT(cooling, capacity_mw),
	    "heat it can take"),
	REF(KIND_COOLING, "from", AT(cooling, from), KINDS_POWER, "its power; without it, the building's"),
	REF(KIND_COOLING, "on-when", AT(cooling, on_when), 1u << KIND_CALENDAR,
	    "when it runs; always when not given"),

	NAME(KIND_CALENDAR, calendar),
	SPECIAL(KIND_CALENDAR, TYPE_ZONE, NO, "tz", AT(calendar, tz), "time zone; the site's when not given"),
	SPECIAL(KIND_CALENDAR, TYPE_HOURS, NO, "hours", AT(calendar, weekly),
	    "weekly hours: \"Mon-Fri 08:00-20:00, Sat 09:00-13:00\""),
	SPECIAL(KIND_CALENDAR, TYPE_COUNTRY, NO, "holidays", AT(calendar, holidays),
	    "country whose national holidays are off: JP CN KR TW US IN"),
	SPECIAL(KIND_CALENDAR, TYPE_OFF, NO, "off", AT(calendar, off),
	    "own days off: 2026-08-13..2026-08-16, each year 12-29..01-03"),
	SPECIAL(KIND_CALENDAR, TYPE_ICS, NO, "ics", AT(calendar, off),
	    "calendar files (ICS) whose events are off"),

	NAME(KIND_MAINTENANCE, maintenance),
	SPECIAL(KIND_MAINTENANCE, TYPE_SUBJECT, NO, "what", AT(maintenance, what),
	    "the ID of what is worked on; everything when not given"),
	{ KIND_MAINTENANCE, TYPE_INSTANT, NO, "from", NULL, NULL, 0, 0, AT(maintenance, from_ms),
	    AT(maintenance, from_local), 0, NULL, "from 2026-08-13T22:00 (local; +09:00 or Z may follow)" },
	{ KIND_MAINTENANCE, TYPE_INSTANT, NO, "to", NULL, NULL, 0, 0, AT(maintenance, to_ms),
	    AT(maintenance, to_local), 0, NULL, "until" },
	REF(KIND_MAINTENANCE, "when", AT(maintenance, when), 1u << KIND_CALENDAR,
	    "each week, in the hours of a calendar"),
};
const size_t keys_n = sizeof keys / sizeof keys[0];

enum kind kind_find(struct span word)
{
	enum kind kind = KIND_HOST;

	while (kind < KINDS && !span_equal(word, kinds[kind].word))
		kind++;
	return kind;
}

const struct key *keys_of(enum kind kind, size_t *ret_n)
{
	const struct key *first = NULL;

	*ret_n = 0;
	for (size_t i = 0; i < keys_n; i++)
		if (keys[i].kind == kind) {
			first = *ret_n == 0 ? &keys[i] : first;
			++*ret_n;
		}
	return first;
}

const struct key *key_find(enum kind kind, struct span word)
{
	size_t n;
	const struct key *row = keys_of(kind, &n);

	for (; n > 0; n--, row++)
		if (span_equal(word, row->word))
			return row;
	return NULL;
}

enum { NEAREST_MAX = 3 };

void nearest_start(struct nearest *nearest, struct span word)
{
	size_t third = (word.left + 2) / 3;

	*nearest = (struct nearest){ .word = word,
		.distance = (third < NEAREST_MAX ? third : NEAREST_MAX) + 1 };
}

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Edits (insert, delete, change, swap two) between two short words. */
static size_t edits(struct span a, struct span b)
{
	size_t rows[3][LIMIT_NAME + 1]; /* row i is rows[i % 3] */

	for (size_t j = 0; j <= b.left; j++)
		rows[0][j] = j;
	for (size_t i = 1; i <= a.left; i++) {
		size_t *now = rows[i % 3], *up = rows[(i + 2) % 3], *up2 = rows[(i + 1) % 3];

		now[0] = i;
		for (size_t j = 1; j <= b.left; j++) {
			bool same = (a.at[i - 1] | 0x20) == (b.at[j - 1] | 0x20);

			now[j] = least(least(up[j], now[j - 1]) + 1, up[j - 1] + (same ? 0 : 1));
			if (i > 1 && j > 1 && a.at[i - 1] == b.at[j - 2] && a.at[i - 2] == b.at[j - 1])
				now[j] = least(now[j], up2[j - 2] + 1);
		}
	}
	return rows[a.left % 3][b.left];
}

void nearest_put(struct nearest *nearest, struct span candidate)
{
	size_t a = nearest->word.left, b = candidate.left;
	size_t apart = a > b ? a - b : b - a;

	if (a > LIMIT_NAME || b > LIMIT_NAME || b == 0 || apart >= nearest->distance)
		return;
	size_t distance = edits(nearest->word, candidate);

	if (distance >= nearest->distance)
		return;
	nearest->distance = distance;
	memcpy(nearest->best, candidate.at, b);
	nearest->best[b] = '\0';
}
