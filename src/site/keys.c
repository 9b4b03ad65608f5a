#include "site/keys.h"
#include "site/model.h"

#define SITE_KIND(word, thing, list, says) { word, says, sizeof(struct thing),               \
	offsetof(struct site, list), offsetof(struct site, list##_n),                  \
	offsetof(struct thing, id), offsetof(struct thing, line),                      \
	offsetof(struct thing, name), false }

#define SITE_ITSELF(word, says) { word, says, sizeof(struct site), 0, 0,               \
	offsetof(struct site, id), 0, offsetof(struct site, name), false }
#define SITE_OTHER(word, says) { word, says, sizeof(struct other),                     \
	offsetof(struct site, others), offsetof(struct site, others_n),                \
	offsetof(struct other, id), offsetof(struct other, line), 0, true }

const struct kind_row kinds[KINDS] = {
	[KIND_HOST] = SITE_KIND("host", host, hosts, "a server, or anything with a power cord and work to do"),
	[KIND_BREAKER] = SITE_KIND("breaker", node, nodes, "a circuit breaker"),
	[KIND_PDU] = SITE_KIND("pdu", node, nodes, "a rack's power strip"),
	[KIND_RACK] = SITE_KIND("rack", rack, racks, "a rack"),
	[KIND_SENSOR] = SITE_KIND("sensor", sensor, sensors, "a device that measures, or one value of it"),
	[KIND_SERVICE] = SITE_KIND("service", service, services, "what hosts do for people, and what its loss costs"),
	[KIND_LEG] = SITE_KIND("leg", node, nodes, "one phase pair of a panel"),
	[KIND_PANEL] = SITE_KIND("panel", node, nodes, "a distribution panel"),
	[KIND_UPS] = SITE_KIND("ups", node, nodes, "an uninterruptible power supply"),
	[KIND_FEED] = SITE_KIND("feed", node, nodes, "where power comes into the site"),
	[KIND_ROOM] = SITE_KIND("room", room, rooms, "a room, and the limits of its air"),
	[KIND_DEVICE] = SITE_KIND("device", device, devices, "a thing on the network that is no host: a switch, a router"),
	[KIND_COOLING] = SITE_KIND("cooling", cooling, coolings, "an air conditioner"),
	[KIND_CALENDAR] = SITE_KIND("calendar", calendar, calendars, "hours and days on which something runs"),
	[KIND_MAINTENANCE] = SITE_KIND("maintenance", maintenance, maintenances, "a time in which alarms of something wake nobody"),
	[KIND_NOTIFY] = SITE_KIND("notify", notify, notifies, "a channel for messages: who is told, what and when"),
	[KIND_PAGE] = SITE_KIND("page", front, fronts, "where the page is served, and to whom"),
	[KIND_WIRE] = SITE_KIND("wire", wire, wires, "where the network is listened to"),
	[KIND_LIST] = SITE_OTHER("list", "a block list: file=, a path"),
	[KIND_SITE] = SITE_ITSELF("site", "the site itself: one such line a file"),
};

enum { NO = false, YES = true, M = 1000 };
#define SITE_AT(thing, member) offsetof(struct thing, member)
#define SITE_KEY(kind, type, required, word, unit, fallback, low, high, at, twin, kinds, extra, says) \
	{ kind, type, required, word, unit, fallback, low, high, at, twin, kinds, extra, says }
#define SITE_TEXT(k, word, thing, member, says)                                             \
	SITE_KEY(k, TYPE_TEXT, NO, word, NULL, NULL, 0, 0, SITE_AT(thing, member), 0, 0, NULL, says)
#define SITE_QUANTITY(k, word, unit, fallback, low, high, at, says)                         \
	SITE_KEY(k, TYPE_QUANTITY, NO, word, unit, fallback, low, high, at, 0, 0, NULL, says)
#define SITE_NUMBER(k, type, word, fallback, low, high, at, says)                           \
	SITE_KEY(k, type, NO, word, "", fallback, low, high, at, 0, 0, NULL, says)
#define SITE_REF(k, word, at, kinds, says)                                                  \
	SITE_KEY(k, TYPE_REF, NO, word, NULL, NULL, 0, 0, at, 0, kinds, NULL, says)
#define SITE_SPECIAL(k, type, required, word, at, says)                                     \
	SITE_KEY(k, type, required, word, NULL, NULL, 0, 0, at, 0, 0, NULL, says)
#define SITE_NAME(k, thing) SITE_TEXT(k, "name", thing, name, "what people call it; the ID when not given")
#define SITE_EVERY(k, thing, fallback)                                                      \
	SITE_QUANTITY(k, "every", "s", fallback, 1 * M, 86400 * M, SITE_AT(thing, every_ms),     \
	    "how often it is asked")

/* A piece of the power path: the same keys for all six kinds. */
#define SITE_NODE(k)                                                                        \
	SITE_NAME(k, node),                                                                 \
	SITE_REF(k, "from", SITE_AT(node, from), KINDS_POWER, "what feeds it"),                        \
	SITE_REF(k, "from2", SITE_AT(node, from2), KINDS_POWER, "the other side of a transfer switch"),\
	SITE_REF(k, "rack", SITE_AT(node, rack), 1u << KIND_RACK, "the rack it stands in"),      \
	SITE_QUANTITY(k, "volt", "V", NULL, 1 * M, 500000LL * M, SITE_AT(node, milli_volt),      \
	    "voltage; that of what feeds it when not given"),                          \
	SITE_QUANTITY(k, "amps", "A", NULL, 1, 100000LL * M, SITE_AT(node, milli_amp),           \
	    "rated current; without it, it has no limit of its own"),                  \
	SITE_NUMBER(k, TYPE_COUNT, "phases", "1", 1, 3, SITE_AT(node, phases), "1 or 3"),        \
	SITE_KEY(k, TYPE_MILLI, NO, "derate", "", "0.8", 50, 1 * M, SITE_AT(node, derate_milli), 0, 0, NULL, \
	    "part of the rating that may be used all day; 0.8 is the usual rule"),           \
	SITE_KEY(k, TYPE_CHOICE, NO, "curve", NULL, NULL, 0, 0, SITE_AT(node, curve), 0, 0,        \
	    "B C D K Z MCCB UL489 JIS IEC60255-SI IEC60255-VI IEC60255-EI IEC60255-LI fuse UPS", \
	    "how fast it trips"),                                                      \
	SITE_NUMBER(k, TYPE_COUNT, "outlets", NULL, 1, 1000, SITE_AT(node, outlets), "how many outlets it has"), \
	SITE_KEY(k, TYPE_MILLI, NO, "tms", "", "1", 10, 100 * M, SITE_AT(node, tms_milli), 0, 0, NULL, \
	    "time multiplier of a relay (IEC 60255)"),                                 \
	SITE_QUANTITY(k, "ambient", "C", NULL, 1, 100 * M, SITE_AT(node, ambient_milli),     \
	    "temperature around it; above 30 or 40 C a breaker carries less"),         \
	SITE_KEY(k, TYPE_CHOICE, NO, "phase", NULL, NULL, 0, 0, SITE_AT(node, phase), 0, 0,  \
	    "RS ST TR R S T", "lines it hangs on: two, or one and neutral")

const struct key keys[] = {
	SITE_SPECIAL(KIND_SITE, TYPE_FORMAT, NO, "format", 0, "version of this format: 1"),
	SITE_NAME(KIND_SITE, site),
	SITE_KEY(KIND_SITE, TYPE_ZONE, NO, "tz", NULL, "Asia/Tokyo", 0, 0, SITE_AT(site, tz), 0, 0, NULL,
	    "time zone, a name of the IANA database"),
	SITE_KEY(KIND_SITE, TYPE_CHOICE, NO, "lang", NULL, "ja", 0, 0, SITE_AT(site, lang), 0, 0, "ja en",
	    "language of messages"),
	SITE_QUANTITY(KIND_SITE, "volt", "V", "200V", 1 * M, 500000LL * M, SITE_AT(site, milli_volt),
	    "voltage where none is given"),
	SITE_KEY(KIND_SITE, TYPE_DAYS, NO, "keep", "d", "400d", 1, 36500, SITE_AT(site, keep_raw_days), 0, 0, NULL,
	    "how long readings are kept"),
	SITE_QUANTITY(KIND_SITE, "drain", "s", "60s", 0, 86400 * M, SITE_AT(site, waves.drain_ms),
	    "until a host that is to stop has no more work (plans)"),
	SITE_QUANTITY(KIND_SITE, "shutdown", "s", "90s", 0, 86400 * M, SITE_AT(site, waves.stop_ms),
	    "until a clean stop is done (plans)"),
	SITE_QUANTITY(KIND_SITE, "settle", "s", "30s", 0, 86400 * M, SITE_AT(site, waves.check_ms),
	    "until the measured load shows it (plans)"),
	SITE_NUMBER(KIND_SITE, TYPE_COUNT, "at-once", "50", 1, 10000, SITE_AT(site, waves.at_once),
	    "hosts in one wave of a plan"),
	SITE_NUMBER(KIND_SITE, TYPE_COUNT, "of-one", "10", 1, 10000, SITE_AT(site, waves.of_one),
	    "of them, of one service that stays up"),
	SITE_QUANTITY(KIND_SITE, "boot", "s", "120s", 0, 86400 * M, SITE_AT(site, waves.boot_ms),
	    "until a started host draws what it usually does (plans)"),
	SITE_QUANTITY(KIND_SITE, "inrush", "A", "30A", 0, 1000 * M, SITE_AT(site, waves.inrush_ma),
	    "peak of a power supply that starts (plans)"),
	SITE_TEXT(KIND_SITE, "url", site, url, "address of the page as people reach it, for links in messages"),
	SITE_SPECIAL(KIND_SITE, TYPE_NOTE, NO, "generator", 0, "the program that wrote the file"),

	SITE_NAME(KIND_ROOM, room),
	SITE_QUANTITY(KIND_ROOM, "heat", "kW", NULL, 0, 1000000LL * M, SITE_AT(room, heat_mw),
	    "heat that its cooling can take"),
	SITE_QUANTITY(KIND_ROOM, "heat_kw", "kW", NULL, 0, 1000000LL * M, SITE_AT(room, heat_mw),
	    "the same as heat"),
	SITE_QUANTITY(KIND_ROOM, "volume", "m3", NULL, 1 * M, 10000000LL * M, SITE_AT(room, volume_ml),
	    "air in it"),
	SITE_QUANTITY(KIND_ROOM, "limit", "C", "30C", -60 * M, 100 * M,
	    SITE_AT(room, temperature.high_warning), "warning above"),
	SITE_QUANTITY(KIND_ROOM, "critical", "C", "35C", -60 * M, 100 * M,
	    SITE_AT(room, temperature.high_critical), "critical above"),
	SITE_QUANTITY(KIND_ROOM, "stop", "C", NULL, 1, 100 * M, SITE_AT(room, stop_milli),
	    "a plan must be done before the air is at this; critical when not given"),
	SITE_QUANTITY(KIND_ROOM, "low", "C", NULL, -60 * M, 100 * M,
	    SITE_AT(room, temperature.low_warning), "warning below"),
	SITE_QUANTITY(KIND_ROOM, "low-critical", "C", NULL, -60 * M, 100 * M,
	    SITE_AT(room, temperature.low_critical), "critical below"),
	SITE_QUANTITY(KIND_ROOM, "humidity-low", "%", "20%", 0, 100 * M,
	    SITE_AT(room, humidity.low_warning), "warning when drier"),
	SITE_QUANTITY(KIND_ROOM, "humidity-high", "%", "80%", 0, 100 * M,
	    SITE_AT(room, humidity.high_warning), "warning when damper"),
	SITE_QUANTITY(KIND_ROOM, "dew-point", "C", "17C", -80 * M, 60 * M,
	    SITE_AT(room, dew_point.high_warning), "warning when the dew point is above"),
	SITE_QUANTITY(KIND_ROOM, "rise", "K/h", "20K/h", 1, 1000 * M, SITE_AT(room, rise_mk_h),
	    "warning when it grows warmer faster"),

	SITE_NAME(KIND_RACK, rack),
	SITE_REF(KIND_RACK, "room", SITE_AT(rack, room), 1u << KIND_ROOM, "the room it stands in"),
	SITE_NUMBER(KIND_RACK, TYPE_COUNT, "units", "42", 1, 100, SITE_AT(rack, units), "height in U"),

	SITE_NODE(KIND_FEED), SITE_NODE(KIND_UPS), SITE_NODE(KIND_PANEL), SITE_NODE(KIND_LEG), SITE_NODE(KIND_BREAKER),
	SITE_NODE(KIND_PDU),

	SITE_NAME(KIND_SERVICE, service),
	SITE_NUMBER(KIND_SERVICE, TYPE_COUNT, "tier", "3", 0, 100, SITE_AT(service, tier), "0 matters most"),
	SITE_NUMBER(KIND_SERVICE, TYPE_WHOLE, "value", "0", 0, 1000000000000LL, SITE_AT(service, value),
	    "loss when it is down"),
	SITE_NUMBER(KIND_SERVICE, TYPE_WHOLE, "unit", "0", 0, 1000000000000LL, SITE_AT(service, unit),
	    "loss for each host missing below need"),
	SITE_NUMBER(KIND_SERVICE, TYPE_COUNT, "need", "1", 0, 1000000, SITE_AT(service, need),
	    "hosts it needs to be whole"),
	SITE_NUMBER(KIND_SERVICE, TYPE_COUNT, "min", "0", 0, 1000000, SITE_AT(service, min),
	    "with fewer hosts it is down"),
	SITE_KEY(KIND_SERVICE, TYPE_QUANTITY, NO, "cap", "", "0", 0, 1000 * M,
	    SITE_AT(service, cap_weight_milli), 0, 0, NULL, "weight of capping one of its hosts"),
	SITE_SPECIAL(KIND_SERVICE, TYPE_YES, NO, "must", SITE_AT(service, must), "may never go down"),
	SITE_NUMBER(KIND_SERVICE, TYPE_ORDER, "stop", "0", -1000, 1000, SITE_AT(service, stop),
	    "order of stopping: higher stops later"),
	SITE_SPECIAL(KIND_SERVICE, TYPE_DEPS, NO, "dep", SITE_AT(service, deps), "services that it needs"),

	SITE_NAME(KIND_HOST, host),
	SITE_REF(KIND_HOST, "rack", SITE_AT(host, rack), 1u << KIND_RACK, "the rack it is in"),
	SITE_KEY(KIND_HOST, TYPE_COUNT, NO, "u", "U", NULL, 1, 100, SITE_AT(host, u), 0, 0, NULL, "its lowest U"),
	SITE_KEY(KIND_HOST, TYPE_COUNT, NO, "h", "U", "1U", 1, 100, SITE_AT(host, height), 0, 0, NULL, "height"),
	SITE_SPECIAL(KIND_HOST, TYPE_CORDS, NO, "cords", SITE_AT(host, cords),
	    "where its cords go: PDU.OUTLET,PDU.OUTLET"),
	SITE_QUANTITY(KIND_HOST, "w", "W", NULL, 0, 1000000LL * M, SITE_AT(host, mw), "watts it draws"),
	SITE_KEY(KIND_HOST, TYPE_MILLI, NO, "pf", "", "0.95", 50, 1 * M, SITE_AT(host, pf_milli), 0, 0, NULL,
	    "power factor"),
	SITE_QUANTITY(KIND_HOST, "wmax", "W", NULL, 0, 1000000LL * M, SITE_AT(host, mw_max),
	    "watts at most; w when not given"),
	SITE_QUANTITY(KIND_HOST, "cap", "W", NULL, 0, 1000000LL * M, SITE_AT(host, mw_cap),
	    "watts when capped, if it can be"),
	SITE_SPECIAL(KIND_HOST, TYPE_YES, NO, "declared", SITE_AT(host, declared),
	    "the watts are from a nameplate, not measured"),
	SITE_REF(KIND_HOST, "svc", SITE_AT(host, service), 1u << KIND_SERVICE, "the service it works for"),
	SITE_TEXT(KIND_HOST, "address", host, address, "name or address; without it nobody asks whether it is up"),
	SITE_SPECIAL(KIND_HOST, TYPE_CHECK, NO, "check", SITE_AT(host, check),
	    "how to see that it is up: ping, snmp or tcp:PORT; ping when not given"),
	SITE_TEXT(KIND_HOST, "secret", host, secret, "file with the SNMP community or user"),
	SITE_REF(KIND_HOST, "behind", SITE_AT(host, behind), 1u << KIND_DEVICE, "the switch it hangs on"),
	SITE_EVERY(KIND_HOST, host, "30s"),

	SITE_NAME(KIND_DEVICE, device),
	SITE_TEXT(KIND_DEVICE, "mac", device, mac, "hardware address"),
	SITE_TEXT(KIND_DEVICE, "address", device, address, "name or address"),
	SITE_TEXT(KIND_DEVICE, "owner", device, owner, "whose it is"),
	SITE_SPECIAL(KIND_DEVICE, TYPE_CHECK, NO, "check", SITE_AT(device, check),
	    "how to see that it is up: ping, snmp or tcp:PORT; ping when not given"),
	SITE_TEXT(KIND_DEVICE, "secret", device, secret, "file with the SNMP community or user"),
	SITE_REF(KIND_DEVICE, "behind", SITE_AT(device, behind), 1u << KIND_DEVICE, "the switch it hangs on"),
	SITE_REF(KIND_DEVICE, "rack", SITE_AT(device, rack), 1u << KIND_RACK, "the rack it is in"),
	SITE_REF(KIND_DEVICE, "room", SITE_AT(device, room), 1u << KIND_ROOM, "the room it is in"),
	SITE_EVERY(KIND_DEVICE, device, "30s"),

	SITE_NAME(KIND_SENSOR, sensor),
	SITE_SPECIAL(KIND_SENSOR, TYPE_TEXT, YES, "via", SITE_AT(sensor, via), "how it is asked: snmp, nut, hwmon ..."),
	SITE_TEXT(KIND_SENSOR, "address", sensor, address, "where: host[:port], path, URL or command"),
	SITE_TEXT(KIND_SENSOR, "secret", sensor, secret, "file with the community, user or password"),
	SITE_TEXT(KIND_SENSOR, "read", sensor, read, "which value: OID, variable, path; all when not given"),
	SITE_SPECIAL(KIND_SENSOR, TYPE_MEASURE, NO, "kind", SITE_AT(sensor, kind),
	    "what it measures: temperature, humidity, power ..."),
	SITE_SPECIAL(KIND_SENSOR, TYPE_AT, NO, "at", SITE_AT(sensor, room),
	    "where it is: RACK.U, RACK, ROOM, or a place"),
	SITE_SPECIAL(KIND_SENSOR, TYPE_PLACE, NO, "place", SITE_AT(sensor, place),
	    "the air or water it is in: inlet outlet room return supply outside internal water"),
	SITE_SPECIAL(KIND_SENSOR, TYPE_ON, NO, "on", SITE_AT(sensor, node),
	    "what it measures: a ups, pdu, feed ..., a host or a cooling unit"),
	SITE_SPECIAL(KIND_SENSOR, TYPE_OFFSET, NO, "offset", SITE_AT(sensor, offset), "calibration, added"),
	SITE_KEY(KIND_SENSOR, TYPE_QUANTITY, NO, "scale", "", "1", -1000000LL * M, 1000000LL * M,
	    SITE_AT(sensor, multiply_milli), 0, 0, NULL, "calibration, multiplied before the offset"),
	SITE_SPECIAL(KIND_SENSOR, TYPE_FAHRENHEIT, NO, "unit", SITE_AT(sensor, fahrenheit),
	    "F: the device speaks Fahrenheit"),
	SITE_EVERY(KIND_SENSOR, sensor, "30s"),
	SITE_SPECIAL(KIND_SENSOR, TYPE_LIMIT, NO, "limit", SITE_AT(sensor, limits.high_warning), "warning above"),
	SITE_SPECIAL(KIND_SENSOR, TYPE_LIMIT, NO, "critical", SITE_AT(sensor, limits.high_critical), "critical above"),
	SITE_SPECIAL(KIND_SENSOR, TYPE_LIMIT, NO, "low", SITE_AT(sensor, limits.low_warning), "warning below"),
	SITE_SPECIAL(KIND_SENSOR, TYPE_LIMIT, NO, "low-critical", SITE_AT(sensor, limits.low_critical), "critical below"),

	SITE_NAME(KIND_COOLING, cooling),
	SITE_REF(KIND_COOLING, "room", SITE_AT(cooling, room), 1u << KIND_ROOM, "the room it cools"),
	SITE_QUANTITY(KIND_COOLING, "capacity", "kW", NULL, 1, 1000000LL * M, SITE_AT(cooling, capacity_mw),
	    "heat it can take"),
	SITE_REF(KIND_COOLING, "from", SITE_AT(cooling, from), KINDS_POWER, "its power; without it, the building's"),
	SITE_REF(KIND_COOLING, "on-when", SITE_AT(cooling, on_when), 1u << KIND_CALENDAR,
	    "when it runs; always when not given"),

	SITE_NAME(KIND_CALENDAR, calendar),
	SITE_SPECIAL(KIND_CALENDAR, TYPE_ZONE, NO, "tz", SITE_AT(calendar, tz), "time zone; the site's when not given"),
	SITE_SPECIAL(KIND_CALENDAR, TYPE_HOURS, NO, "hours", SITE_AT(calendar, weekly),
	    "weekly hours: \"Mon-Fri 08:00-20:00, Sat 09:00-13:00\""),
	SITE_SPECIAL(KIND_CALENDAR, TYPE_COUNTRY, NO, "holidays", SITE_AT(calendar, holidays),
	    "country whose national holidays are off: JP CN KR TW US IN"),
	SITE_SPECIAL(KIND_CALENDAR, TYPE_OFF, NO, "off", SITE_AT(calendar, off),
	    "own days off: 2026-08-13..2026-08-16, each year 12-29..01-03"),
	SITE_SPECIAL(KIND_CALENDAR, TYPE_ICS, NO, "ics", SITE_AT(calendar, off),
	    "calendar files (ICS) whose events are off"),

	SITE_NAME(KIND_MAINTENANCE, maintenance),
	SITE_SPECIAL(KIND_MAINTENANCE, TYPE_SUBJECT, NO, "what", SITE_AT(maintenance, what),
	    "the ID of what is worked on; everything when not given"),
	SITE_KEY(KIND_MAINTENANCE, TYPE_INSTANT, NO, "from", NULL, NULL, 0, 0, SITE_AT(maintenance, from_ms),
	    SITE_AT(maintenance, from_local), 0, NULL, "from 2026-08-13T22:00 (local; +09:00 or Z may follow)"),
	SITE_KEY(KIND_MAINTENANCE, TYPE_INSTANT, NO, "to", NULL, NULL, 0, 0, SITE_AT(maintenance, to_ms),
	    SITE_AT(maintenance, to_local), 0, NULL, "until"),
	SITE_REF(KIND_MAINTENANCE, "when", SITE_AT(maintenance, when), 1u << KIND_CALENDAR,
	    "each week, in the hours of a calendar"),

	SITE_NAME(KIND_NOTIFY, notify),
	SITE_KEY(KIND_NOTIFY, TYPE_CHOICE, YES, "via", NULL, NULL, 0, 0, SITE_AT(notify, via), 0, 0,
	    "mail webhook alertmanager slack teams lineworks chatwork ntfy pagerduty syslog heartbeat",
	    "what carries the message"),
	SITE_TEXT(KIND_NOTIFY, "to", notify, to, "where: mail address, URL, room number or host:port"),
	SITE_TEXT(KIND_NOTIFY, "server", notify, server,
	    "mail: its server, smtp://host:587 (STARTTLS) or smtps://host:465"),
	SITE_TEXT(KIND_NOTIFY, "from", notify, from, "mail: the sender's address"),
	SITE_TEXT(KIND_NOTIFY, "secret", notify, secret,
	    "file with the password, token or key, or with a URL that is itself a secret"),
	SITE_KEY(KIND_NOTIFY, TYPE_CHOICE, NO, "lang", NULL, NULL, 0, 0, SITE_AT(notify, lang), 0, 0,
	    "ja en", "language of its messages; the site's when not given"),
	SITE_KEY(KIND_NOTIFY, TYPE_CHOICE, NO, "severity", NULL, "warning", 0, 0,
	    SITE_AT(notify, severity), 0, 0, "warning critical", "the least that is told here"),
	SITE_REF(KIND_NOTIFY, "quiet", SITE_AT(notify, quiet), 1u << KIND_CALENDAR,
	    "quiet hours: while this calendar is on, only what is urgent is told"),
	SITE_KEY(KIND_NOTIFY, TYPE_CHOICE, NO, "urgent", NULL, "critical", 0, 0,
	    SITE_AT(notify, urgent), 0, 0, "critical none", "what is told in quiet hours too"),
	SITE_QUANTITY(KIND_NOTIFY, "after", "s", "0s", 0, 86400 * M, SITE_AT(notify, after_ms),
	    "escalation: told only when nobody took it on within this time"),
	SITE_QUANTITY(KIND_NOTIFY, "every", "s", "60s", 10 * M, 86400 * M, SITE_AT(notify, every_ms),
	    "heartbeat: how often its URL is called while keisoku measures"),
	SITE_NUMBER(KIND_NOTIFY, TYPE_COUNT, "daily", "24", 0, 24, SITE_AT(notify, daily),
	    "hour of the day at which it is said that all is well; 24: never"),

	SITE_NAME(KIND_PAGE, front),
	SITE_KEY(KIND_PAGE, TYPE_TEXT, NO, "listen", NULL, "127.0.0.1:4270", 0, 0,
	    SITE_AT(front, listen), 0, 0, NULL,
	    "ADDRESS:PORT; beyond this machine it needs cert=, key= and users="),
	SITE_TEXT(KIND_PAGE, "cert", front, cert, "file with its certificate (PEM), and what signed that"),
	SITE_TEXT(KIND_PAGE, "key", front, key, "file with the certificate's key (PEM), mode 0600"),
	SITE_TEXT(KIND_PAGE, "users", front, users, "file with who may log in; made by `keisoku user add`"),

	SITE_NAME(KIND_WIRE, wire),
	SITE_TEXT(KIND_WIRE, "interface", wire, interface,
	    "network interface that is listened to, such as the one at a mirror port"),
	SITE_TEXT(KIND_WIRE, "filter", wire, filter,
	    "only these packets, as tcpdump takes it: \"not port 22\""),
	SITE_TEXT(KIND_WIRE, "file", wire, file,
	    "a capture (pcap) that is followed as it grows, or a pipe, instead of an interface"),
	SITE_TEXT(KIND_WIRE, "accept", wire, accept, "file of findings that are known and accepted"),
	SITE_TEXT(KIND_WIRE, "geo", wire, geo, "countries of addresses (MMDB); those built in when not given"),
	SITE_TEXT(KIND_WIRE, "trust", wire, trust,
	    "roots that certificates are held against (PEM); the machine's when not given"),
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
	size_t third = (word.left + 1) / 3;

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
