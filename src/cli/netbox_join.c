#include "cli/netbox_out.h"
#include "base/number.h"
#include <ctype.h>
#include <stdio.h>
#include <string.h>

enum { OUTLETS_ODD = 5000 };

static void *take(struct convert *convert, size_t count, size_t size)
{
	void *at = arena_array(convert->netbox->arena, count + 1, size);

	convert->netbox->full |= at == NULL;
	return at;
}

bool convert_start(struct convert *convert, struct netbox *netbox)
{
	size_t racks = netbox->tables[TABLE_RACKS].rows_n, feeds = netbox->tables[TABLE_FEEDS].rows_n;
	size_t panels = netbox->tables[TABLE_PANELS].rows_n + feeds;
	size_t devices = netbox->tables[TABLE_DEVICES].rows_n;

	racks += devices; /* a rack may be known by its devices alone */
	*convert = (struct convert){ .netbox = netbox, .rooms_most = racks, .panels_most = panels };
	convert->racks = take(convert, racks, sizeof *convert->racks);
	convert->rooms = take(convert, racks, sizeof *convert->rooms);
	convert->feeds = take(convert, feeds, sizeof *convert->feeds);
	convert->panels = take(convert, panels, sizeof *convert->panels);
	convert->devices = take(convert, devices, sizeof *convert->devices);
	if (!netbox->full)
		(void)names_new(&convert->names, netbox, 64 + 4 * (racks + panels + feeds) + 5 * devices);
	return !netbox->full;
}

/* "DEVICE\x1fPORT" as a key. */
static struct span part_key(struct convert *convert, struct span device, struct span part, bool keep)
{
	static char key[1024];
	int n = snprintf(key, sizeof key, "%.*s\x1f%.*s", device.left < 400 ? (int)device.left : 400,
	    device.left > 0 ? (const char *)device.at : "", part.left < 400 ? (int)part.left : 400,
	    part.left > 0 ? (const char *)part.at : "");
	struct span made = span_of(key, n > 0 ? (size_t)n : 0);

	return keep ? netbox_keep(convert->netbox, made) : made;
}

/* Ports and outlets are found again by their place in these lists. */
static void port_add(struct convert *convert, struct device_out *device, struct span name, int64_t most, int64_t allocated)
{
	struct port_out *port = take(convert, 1, sizeof *port);

	if (port == NULL)
		return;
	*port = (struct port_out){ .name = name, .most_mw = most, .allocated_mw = allocated };
	*(device->last_port != NULL ? &device->last_port->next : &device->ports) = port;
	device->last_port = port;
}

/* "Outlet 12" is outlet 12; a name without a number, or with one that is there already, is
 * counted on from 5000, as far as a site file counts outlets. */
static void outlet_add(struct convert *convert, struct device_out *device, struct span name, struct span leg)
{
	struct outlet_out *outlet = take(convert, 1, sizeof *outlet);
	size_t digits = name.left;
	int64_t number = 0;
	char key[24];

	if (outlet == NULL)
		return;
	while (digits > 0 && isdigit(name.at[digits - 1]) && name.left - digits < 4)
		digits--;
	struct span last = name;

	(void)span_cut(&last, digits);
	if (number_read(last, 0, &number) != KS_OK)
		number = 0;
	(void)snprintf(key, sizeof key, "%lld", (long long)number);
	struct span taken = part_key(convert, device->name, span_text(key), true);

	if (number == 0 || number >= OUTLETS_ODD || !names_put(&convert->parts, "number", taken, 0)) {
		if (number != 0)
			netbox_warn(convert->netbox, "%s has two outlets with the number %lld", device->id, (long long)number);
		number = device->outlets_n < OUTLETS_ODD - 1 ? OUTLETS_ODD + device->outlets_n : 0;
	}
	*outlet = (struct outlet_out){ .device = device, .number = (uint32_t)number, .leg = -1 };
	if (leg.left == 1 && (leg.at[0] | 0x20) >= 'a' && (leg.at[0] | 0x20) <= 'c')
		outlet->leg = (leg.at[0] | 0x20) - 'a';
	*(device->last_outlet != NULL ? &device->last_outlet->next : &device->outlets) = outlet;
	device->last_outlet = outlet;
	if (!names_put(&convert->parts, "outlet", part_key(convert, device->name, name, true), device->outlets_n))
		netbox_warn(convert->netbox, "%s has two outlets called %.*s; cables go to the first", device->id, (int)name.left,
		    (const char *)name.at);
	device->outlets_n++;
}

static const struct type *type_find(const struct convert *convert, struct span word)
{
	for (const struct type *type = convert->netbox->types; type != NULL && word.left > 0; type = type->next)
		if ((type->model.left == word.left && memcmp(type->model.at, word.at, word.left) == 0) ||
		    (type->slug.left == word.left && memcmp(type->slug.at, word.at, word.left) == 0))
			return type;
	return NULL;
}

/* Not planned, not gone. */
static bool is_there(struct span status)
{
	static const char *const away[] = { "offline", "planned", "inventory", "decommissioning", "failed" };

	for (size_t i = 0; i < sizeof away / sizeof away[0]; i++)
		if (status.left == strlen(away[i]) && strncasecmp((const char *)status.at, away[i], status.left) == 0)
			return false;
	return true;
}

static void devices_take(struct convert *convert)
{
	size_t away = 0;

	for (const struct row *row = convert->netbox->tables[TABLE_DEVICES].first; row != NULL; row = row->next) {
		struct device_out *device = &convert->devices[convert->devices_n];
		struct span name = cell(row, DEVICE_NAME);
		uint32_t rack = names_get(&convert->names, "rack", cell(row, DEVICE_RACK));

		if (!is_there(cell(row, DEVICE_STATUS))) {
			away++;
			continue;
		}
		if (name.left == 0 || !names_put(&convert->names, "device", name, (uint32_t)convert->devices_n)) {
			netbox_warn(convert->netbox, "a device without a name, or a second %.*s, is left out", (int)name.left,
			    name.left > 0 ? (const char *)name.at : "");
			continue;
		}
		device->type = type_find(convert, cell(row, DEVICE_TYPE));
		device->name = name;
		device->position = cell(row, DEVICE_POSITION);
		device->rack = rack != UINT32_MAX ? &convert->racks[rack] : NULL;
		device->height = device->type != NULL && device->type->height_milli >= 1000 ?
		    (uint32_t)((device->type->height_milli + 999) / 1000) : 1;
		device->height = device->height > 100 ? 100 : device->height;
		device->id = names_id(&convert->names, "device", name);
		if (device->id == NULL)
			return;
		convert->devices_n++;
	}
	if (away > 0)
		netbox_warn(convert->netbox, "devices left out, since they are offline, planned or gone: %zu", away);
}

static struct device_out *device_named(struct convert *convert, struct span name)
{
	uint32_t at = names_get(&convert->names, "device", name);

	return at != UINT32_MAX ? &convert->devices[at] : NULL;
}

static int64_t watts(struct span s)
{
	int64_t milli = 0;

	return number_cut(&s, 3, &milli) == KS_OK && milli > 0 && milli <= 1000000000 ? milli : 0;
}

/* Outlets of devices whose table has none come from their type. */
static bool parts_new(struct convert *convert)
{
	size_t n = convert->netbox->tables[TABLE_OUTLETS].rows_n;

	for (size_t i = 0; i < convert->devices_n; i++)
		for (const struct part *part = convert->devices[i].type != NULL ? convert->devices[i].type->parts : NULL;
		     part != NULL; part = part->next)
			n += part->outlet;
	return names_new(&convert->parts, convert->netbox, 2 * n);
}

static void parts_take(struct convert *convert)
{
	for (const struct row *row = convert->netbox->tables[TABLE_PORTS].first; row != NULL; row = row->next) {
		struct device_out *device = device_named(convert, cell(row, PORT_DEVICE));

		if (device != NULL)
			port_add(convert, device, cell(row, PORT_NAME), watts(cell(row, PORT_MOST)), watts(cell(row, PORT_ALLOCATED)));
	}
	for (const struct row *row = convert->netbox->tables[TABLE_OUTLETS].first; row != NULL; row = row->next) {
		struct device_out *device = device_named(convert, cell(row, OUTLET_DEVICE));

		if (device != NULL)
			outlet_add(convert, device, cell(row, OUTLET_NAME), cell(row, OUTLET_LEG));
	}
	for (size_t i = 0; i < convert->devices_n; i++) {
		struct device_out *device = &convert->devices[i];
		bool ports = device->ports != NULL, outlets = device->outlets != NULL;

		for (const struct part *part = device->type != NULL ? device->type->parts : NULL; part != NULL; part = part->next)
			if (part->outlet && !outlets)
				outlet_add(convert, device, part->name, part->leg);
			else if (!part->outlet && !ports)
				port_add(convert, device, part->name, part->most_mw, part->allocated_mw);
	}
}

/* One end of a cable. */
struct end {
	struct port_out *port;
	struct outlet_out *outlet;
	const struct feed_out *feed;
};

static bool type_says(struct span type, const char *word)
{
	return type.left >= strlen(word) && memmem(type.at, type.left, word, strlen(word)) != NULL;
}

static struct end end_find(struct convert *convert, const struct span ends[4])
{
	struct device_out *device = device_named(convert, ends[0]);
	struct end end = { .port = NULL };
	uint32_t feed = names_get(&convert->names, "feed", ends[3]);

	if (device == NULL && feed != UINT32_MAX && (ends[2].left == 0 || type_says(ends[2], "feed")))
		end.feed = &convert->feeds[feed];
	if (device == NULL)
		return end;
	if (ends[2].left == 0 || type_says(ends[2], "port"))
		for (struct port_out *port = device->ports; port != NULL && end.port == NULL; port = port->next)
			if (port->name.left == ends[3].left &&
			    (ends[3].left == 0 || memcmp(port->name.at, ends[3].at, ends[3].left) == 0))
				end.port = port;
	if (end.port == NULL && (ends[2].left == 0 || type_says(ends[2], "outlet"))) {
		uint32_t at = names_get(&convert->parts, "outlet", part_key(convert, ends[0], ends[3], false));

		end.outlet = at != UINT32_MAX ? device->outlets : NULL;
		while (end.outlet != NULL && at-- > 0)
			end.outlet = end.outlet->next;
	}
	return end;
}

static void cable_join(struct convert *convert, struct end a, struct end b)
{
	struct port_out *port = a.port != NULL ? a.port : b.port;
	struct outlet_out *outlet = a.outlet != NULL ? a.outlet : b.outlet;
	const struct feed_out *feed = a.feed != NULL ? a.feed : b.feed;

	if (port == NULL || (outlet == NULL && feed == NULL))
		return; /* a cable of the network, or one whose ends are not known */
	if (port->outlet != NULL || port->feed != NULL) {
		netbox_warn(convert->netbox, "the power port %.*s has two cables", (int)port->name.left,
		    port->name.left > 0 ? (const char *)port->name.at : "");
	} else if (outlet != NULL && outlet->taken) {
		netbox_warn(convert->netbox, "outlet %u of %s has two cables", outlet->number, outlet->device->id);
	} else if (outlet != NULL) {
		outlet->taken = true;
		port->outlet = outlet;
	} else {
		port->feed = feed;
	}
}

/* Several ends stand in one cell with commas between, each with its partner. */
static void cables_take(struct convert *convert)
{
	for (const struct row *row = convert->netbox->tables[TABLE_CABLES].first; row != NULL; row = row->next) {
		struct span rest[8], one[8];

		for (unsigned i = 0; i < 8; i++)
			rest[i] = cell(row, i);
		for (unsigned n = 0; n < CABLE_ENDS && (n == 0 || (rest[3].left > 0 && rest[7].left > 0)); n++) {
			for (unsigned i = 0; i < 8; i++) {
				struct span next = span_trim(span_until(&rest[i], ','));

				one[i] = n == 0 || next.left > 0 ? next : one[i]; /* one parent for all */
			}
			cable_join(convert, end_find(convert, one), end_find(convert, one + 4));
		}
	}
}

void convert_join(struct convert *convert)
{
	devices_take(convert);
	if (!convert->netbox->full && parts_new(convert))
		parts_take(convert);
	if (!convert->netbox->full)
		cables_take(convert);
}

bool strip_hangs_on(const struct device_out *strip, const struct device_out *below, unsigned depth)
{
	if (strip == below || depth == STRIPS_DEEP)
		return true;
	for (int i = 0; i < 2; i++)
		if (strip->up[i] != NULL && strip_hangs_on(strip->up[i], below, depth + 1))
			return true;
	return false;
}

const char *outlet_node(const struct outlet_out *outlet)
{
	const char *leg = outlet->leg >= 0 ? outlet->device->legs[outlet->leg] : NULL;

	return leg != NULL ? leg : outlet->device->id;
}

void strip_legs(struct convert *convert, struct text *text, struct device_out *device, const struct feed_out *feed)
{
	static const char *const phases[] = { "RS", "ST", "TR" };

	for (const struct outlet_out *outlet = device->outlets; device->three && outlet != NULL; outlet = outlet->next) {
		char name[80];

		if (outlet->leg < 0 || device->legs[outlet->leg] != NULL)
			continue;
		(void)snprintf(name, sizeof name, "%.60s-%c", device->id, 'A' + outlet->leg);
		device->legs[outlet->leg] = names_id(&convert->names, "leg", span_text(name));
		if (device->legs[outlet->leg] == NULL)
			return;
		/* a third of the feed's power: its amps / sqrt 3 at its voltage between lines */
		text_addf(text, "leg %s from=%s phase=%s volt=", device->legs[outlet->leg], device->id, phases[outlet->leg]);
		text_add_milli(text, feed->volt_milli);
		text_add(text, " amps=");
		text_add_milli(text, number_scale(feed->amps_milli, 1000000, 1732051) > 0 ?
		    number_scale(feed->amps_milli, 1000000, 1732051) : 1);
		text_add(text, " derate=");
		text_add_milli(text, feed->derate_milli);
		text_add_char(text, '\n');
	}
}
