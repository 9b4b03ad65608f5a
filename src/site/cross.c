/* src/site/cross.c - what only the whole file can tell; and values that follow from
 * other things: voltages down the tree, rooms of sensors, zones of calendars. */
#include "base/hash.h"
#include "site/reader.h"

/* A node without volt= has those of what feeds it.  Each way up is walked once: what
 * it finds is left at every step.  There must be no circle. */
static void cross_volts(struct site *site)
{
	for (size_t i = 0; i < site->nodes_n; i++) {
		const struct node *up = &site->nodes[i];

		while (up->milli_volt == 0 && up->from != NULL)
			up = up->from;
		int64_t milli_volt = up->milli_volt != 0 ? up->milli_volt : site->milli_volt;

		for (up = &site->nodes[i]; up != NULL && up->milli_volt == 0; up = up->from)
			site->nodes[up - site->nodes].milli_volt = milli_volt;
	}
}

static void cross_nodes(struct reader *r)
{
	static const enum node_kind node_kinds[KINDS] = { [KIND_FEED] = NODE_FEED,
		[KIND_UPS] = NODE_UPS, [KIND_PANEL] = NODE_PANEL, [KIND_LEG] = NODE_LEG,
		[KIND_BREAKER] = NODE_BREAKER, [KIND_PDU] = NODE_PDU };
	struct site *site = r->site;

	for (size_t i = 0; i < site->nodes_n; i++) {
		struct node *node = &site->nodes[i];

		node->kind = node_kinds[r->lines[node->line - 1].kind];
		if (node->phases == 2)
			fault_key(r, node->line, "phases", "phases= is 1 or 3");
		if (node->from2 != NULL && node->from == NULL)
			fault_key(r, node->line, "from2", "from2= without from=");
		else if (node->from2 != NULL && node->from2 == node->from)
			fault_key(r, node->line, "from2", "from= and from2= are the same");
	}
}

static void cross_services(struct reader *r)
{
	for (size_t i = 0; i < r->site->services_n; i++) {
		const struct service *service = &r->site->services[i];
		int64_t short_of = (int64_t)service->need - service->min;

		if (short_of < 0)
			fault_key(r, service->line, "min", "min=%u is more than need=%u", service->min,
			    service->need);
		else if (service->value < service->unit * short_of)
			fault_key(r, service->line, "value",
			    "value=%lld is less than unit x (need - min) = %lld: losing hosts one by "
			    "one would cost more than losing all", (long long)service->value,
			    (long long)(service->unit * short_of));
	}
}

/* One cell for each U of each rack: the host that lies there. */
static void cross_units(struct reader *r)
{
	struct site *site = r->site;
	size_t *first = arena_array(&r->scratch, site->racks_n + 1, sizeof *first);
	size_t cells = 0;

	for (size_t i = 0; first != NULL && i < site->racks_n; i++) {
		first[i] = cells;
		cells += site->racks[i].units;
	}
	const struct host **lies = arena_array(&r->scratch, cells + 1, sizeof *lies);

	r->full |= first == NULL || lies == NULL;
	for (size_t i = 0; !r->full && i < site->hosts_n; i++) {
		const struct host *host = &site->hosts[i], *other = NULL;

		if (host->rack == NULL || host->u == 0)
			continue;
		if (host->u + host->height - 1 > host->rack->units) {
			fault_key(r, host->line, "u", "U%u to U%u, but rack %s ends at U%u", host->u,
			    host->u + host->height - 1, host->rack->id, host->rack->units);
			continue;
		}
		size_t at = first[host->rack - site->racks] + host->u - 1;

		for (uint32_t u = 0; u < host->height; u++) {
			other = lies[at + u] != NULL ? lies[at + u] : other;
			lies[at + u] = host;
		}
		if (other != NULL)
			fault_key(r, host->line, "u", "rack %s U%u: %s (line %u) is there already",
			    host->rack->id, other->u > host->u ? other->u : host->u, other->id, other->line);
	}
}

/* Who has an outlet: open addressing over (piece of the power path, outlet). */
struct outlets {
	struct outlet {
		const struct node *pdu;
		uint32_t number, line;
	} *list;
	size_t mask;
};

/* 0, or the line of the host that has it already. */
static uint32_t outlet_take(struct outlets *outlets, const struct cord *cord, uint32_t line)
{
	const uint32_t key[2] = { cord->pdu->line, cord->outlet };

	for (size_t i = hash_of(span_of(key, sizeof key), 0) & outlets->mask;; i = (i + 1) & outlets->mask) {
		struct outlet *outlet = &outlets->list[i];

		if (outlet->pdu == cord->pdu && outlet->number == cord->outlet)
			return outlet->line;
		if (outlet->pdu != NULL)
			continue;
		*outlet = (struct outlet){ cord->pdu, cord->outlet, line };
		return 0;
	}
}

static void cross_outlets(struct reader *r)
{
	struct site *site = r->site;
	struct outlets outlets = { .mask = 15 };
	size_t cords = 0;

	for (size_t i = 0; i < site->hosts_n; i++)
		cords += site->hosts[i].cords_n;
	while (outlets.mask < 2 * cords)
		outlets.mask = outlets.mask * 2 + 1;
	outlets.list = arena_array(&r->scratch, outlets.mask + 1, sizeof *outlets.list);
	r->full |= outlets.list == NULL;
	for (size_t i = 0; !r->full && i < site->hosts_n; i++)
		for (size_t k = 0; k < site->hosts[i].cords_n; k++) {
			const struct host *host = &site->hosts[i];
			const struct cord *cord = &host->cords[k];
			uint32_t line = cord->outlet > 0 ? outlet_take(&outlets, cord, host->line) : 0;

			if (line != 0)
				fault_key(r, host->line, "cords",
				    "outlet %u of %s is taken: line %u has a cord in it", cord->outlet,
				    cord->pdu->id, line);
		}
}

static void cross_hosts(struct reader *r)
{
	for (size_t i = 0; i < r->site->hosts_n; i++) {
		struct host *host = &r->site->hosts[i];

		if (host->mw_max == 0)
			host->mw_max = host->mw;
		if (host->mw > host->mw_max)
			fault_key(r, host->line, "wmax", "wmax= is less than w=");
		if (host->mw_cap > host->mw_max)
			fault_key(r, host->line, "cap", "cap= is more than the host ever draws");
		if (host->u > 0 && host->rack == NULL && !fault_has_key(r, host->line, "rack"))
			fault_key(r, host->line, "u", "u= without rack=");
		if (host->service != NULL)
			r->site->services[host->service - r->site->services].hosts_n++;
	}
}

/* Lowest first; none is INT64_MIN below and INT64_MAX above, which fits everywhere. */
static void cross_limits(struct reader *r, uint32_t line, const struct limits *limits,
    const char *const words[4])
{
	const int64_t order[] = { limits->low_critical, limits->low_warning, limits->high_warning,
		limits->high_critical };
	int last = -1;

	for (int i = 0; i < 4; i++) {
		if (order[i] == INT64_MIN || order[i] == INT64_MAX)
			continue;
		/* a warning may be as high as the critical one, but low and high may not touch */
		bool touch = last >= 0 && last < 2 && i >= 2 && order[last] == order[i];

		if (touch || (last >= 0 && order[last] > order[i]))
			fault_key(r, line, words[i], "%s= must be above %s=", words[i], words[last]);
		last = i;
	}
}

static void cross_rooms(struct reader *r)
{
	static const char *const air[] = { "low-critical", "low", "limit", "critical" };
	static const char *const damp[] = { "", "humidity-low", "humidity-high", "" };

	for (size_t i = 0; i < r->site->rooms_n; i++) {
		const struct room *room = &r->site->rooms[i];

		cross_limits(r, room->line, &room->temperature, air);
		cross_limits(r, room->line, &room->humidity, damp);
	}
}

/* Drivers that look at this machine itself need no address. */
static bool needs_address(const char *via)
{
	static const char *const own[] = { "hwmon", "thermal", "w1", "ipmi" };

	for (size_t i = 0; i < sizeof own / sizeof own[0]; i++)
		if (strcmp(via, own[i]) == 0)
			return false;
	return true;
}

static void cross_sensors(struct reader *r)
{
	static const char *const words[] = { "low-critical", "low", "limit", "critical" };

	for (size_t i = 0; i < r->site->sensors_n; i++) {
		struct sensor *sensor = &r->site->sensors[i];

		if (sensor->via != NULL && sensor->address == NULL && needs_address(sensor->via))
			fault_key(r, sensor->line, "via", "a sensor with via=%s needs address=", sensor->via);
		cross_limits(r, sensor->line, &sensor->limits, words);
		if (sensor->rack != NULL && sensor->u > sensor->rack->units)
			fault_key(r, sensor->line, "at", "U%u, but rack %s ends at U%u", sensor->u,
			    sensor->rack->id, sensor->rack->units);
		if (sensor->rack != NULL)
			sensor->room = sensor->rack->room;
		else if (sensor->room == NULL && sensor->cooling != NULL)
			sensor->room = sensor->cooling->room;
		else if (sensor->room == NULL && sensor->host != NULL && sensor->host->rack != NULL)
			sensor->room = sensor->host->rack->room;
		else if (sensor->room == NULL && sensor->place != PLACE_NONE &&
		    sensor->place != PLACE_OUTSIDE && r->site->rooms_n == 1)
			sensor->room = &r->site->rooms[0];
	}
}

static void cross_rest(struct reader *r)
{
	for (size_t i = 0; i < r->site->calendars_n; i++)
		if (r->site->calendars[i].tz == NULL)
			r->site->calendars[i].tz = r->site->tz;
	for (size_t i = 0; i < r->site->devices_n; i++)
		if (r->site->devices[i].room == NULL && r->site->devices[i].rack != NULL)
			r->site->devices[i].room = r->site->devices[i].rack->room;
	for (size_t i = 0; i < r->site->maintenances_n; i++) {
		const struct maintenance *window = &r->site->maintenances[i];
		bool from = fault_has_key(r, window->line, "from");

		if (from != fault_has_key(r, window->line, "to") ||
		    (!from && !fault_has_key(r, window->line, "when")))
			fault_key(r, window->line, "", "a maintenance needs from= and to=, or when=");
		else if (from && window->from_local == window->to_local &&
		    window->from_ms >= window->to_ms && window->to_ms != 0)
			fault_key(r, window->line, "to", "to= is not after from=");
	}
}

/* What a channel can not do without; some take it from the secret instead. */
static const struct {
	const char *via, *needs;
	size_t at, or;
} channel_needs[] = {
#define AT(member) offsetof(struct notify, member)
	{ "mail", "to", AT(to), AT(to) },
	{ "mail", "server", AT(server), AT(server) },
	{ "mail", "from", AT(from), AT(from) },
	{ "webhook", "to", AT(to), AT(secret) },
	{ "alertmanager", "to", AT(to), AT(secret) },
	{ "slack", "secret", AT(secret), AT(secret) },
	{ "teams", "secret", AT(secret), AT(secret) },
	{ "lineworks", "secret", AT(secret), AT(secret) },
	{ "chatwork", "to", AT(to), AT(to) },
	{ "chatwork", "secret", AT(secret), AT(secret) },
	{ "ntfy", "to", AT(to), AT(secret) },
	{ "pagerduty", "secret", AT(secret), AT(secret) },
	{ "syslog", "to", AT(to), AT(to) },
	{ "heartbeat", "to", AT(to), AT(secret) },
#undef AT
};

static const char *member_of(const struct notify *notify, size_t at)
{
	const char *value;

	memcpy(&value, (const uint8_t *)notify + at, sizeof value);
	return value;
}

static void cross_notifies(struct reader *r)
{
	for (size_t i = 0; i < r->site->notifies_n; i++) {
		const struct notify *notify = &r->site->notifies[i];

		for (size_t k = 0; k < sizeof channel_needs / sizeof *channel_needs; k++)
			if (notify->via != NULL && strcmp(notify->via, channel_needs[k].via) == 0 &&
			    member_of(notify, channel_needs[k].at) == NULL &&
			    member_of(notify, channel_needs[k].or) == NULL)
				fault_key(r, notify->line, "via", "a channel with via=%s needs %s=",
				    notify->via, channel_needs[k].needs);
	}
}

/* "127.0.0.1:4270", "[::1]:4270", "off"; what is beyond this machine needs all three files. */
bool front_local(const char *listen)
{
	struct span rest = span_text(listen);
	bool six = listen[0] == '[';
	struct span host = span_until(&rest, six ? ']' : ':');

	return strcmp(listen, "off") == 0 || (six ? span_equal(host, "[::1") :
	    host.left > 4 && memcmp(host.at, "127.", 4) == 0);
}

static void cross_fronts(struct reader *r)
{
	for (size_t i = 0; i < r->site->fronts_n; i++) {
		const struct front *front = &r->site->fronts[i];
		bool all = front->cert != NULL && front->key != NULL && front->users != NULL;
		bool none = front->cert == NULL && front->key == NULL && front->users == NULL;

		if (i > 0)
			fault_key(r, front->line, "listen", "the page is served at one address; line %u "
			    "says one already", r->site->fronts[0].line);
		else if (!all && !none)
			fault_key(r, front->line, front->cert != NULL ? "cert" : front->key != NULL ? "key" :
			    "users", "cert=, key= and users= go together: %s= is missing",
			    front->cert == NULL ? "cert" : front->key == NULL ? "key" : "users");
		else if (none && !front_local(front->listen))
			fault_key(r, front->line, "listen", "%s is beyond this machine: it needs cert=, key= "
			    "(TLS) and users= (keisoku user add), or listen=127.0.0.1:4270", front->listen);
	}
}

/* Names of interfaces are at most 15 bytes (IFNAMSIZ); only the first may name what is for
 * all of them. */
static void cross_wires(struct reader *r)
{
	enum { INTERFACE_MOST = 15 };

	if (r->site->wires_n > LIMIT_WIRES)
		fault_key(r, r->site->wires[LIMIT_WIRES].line, "", "more than %d wire lines",
		    (int)LIMIT_WIRES);
	for (size_t i = 0; i < r->site->wires_n; i++) {
		const struct wire *wire = &r->site->wires[i];

		if ((wire->interface == NULL) == (wire->file == NULL))
			fault_key(r, wire->line, "", "a wire needs interface= or file=, one of them");
		if (wire->interface != NULL && (strlen(wire->interface) > INTERFACE_MOST ||
		    strchr(wire->interface, '/') != NULL))
			fault_key(r, wire->line, "interface", "\"%s\" is no name of an interface",
			    wire->interface);
		if (wire->filter != NULL && wire->interface == NULL)
			fault_key(r, wire->line, "filter", "filter= goes with interface=");
		if (i > 0 && (wire->accept != NULL || wire->geo != NULL || wire->trust != NULL))
			fault_key(r, wire->line, "", "accept=, geo= and trust= hold for all wires: they stand at the first");
	}
}

void cross_all(struct reader *r)
{
	cross_nodes(r);
	cross_services(r);
	cross_hosts(r);
	cross_units(r);
	cross_outlets(r);
	cross_rooms(r);
	cross_sensors(r);
	cross_rest(r);
	cross_notifies(r);
	cross_fronts(r);
	cross_wires(r);
	cross_cycles(r);
	if (r->errors->n == 0)
		cross_volts(r->site);
}
