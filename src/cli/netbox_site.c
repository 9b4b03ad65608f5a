/* src/cli/netbox_site.c - tables and types of a NetBox export as lines of a site file. */
#include "cli/netbox_out.h"
#include "base/number.h"
#include <stdio.h>
#include <string.h>

/* A value of a line, in quotes; what a line cannot hold becomes a blank. */
static void value_add(struct text *text, const char *key, struct span s)
{
	text_addf(text, " %s=\"", key);
	for (size_t i = 0; i < s.left && i < NAME_SHOWN; i++) {
		uint8_t c = s.at[i];

		/* not within a letter of several bytes */
		if (i + 4 > NAME_SHOWN && (c & 0xc0) == 0xc0)
			break;
		text_add_char(text, c < ' ' || c == 0x7f || c == '"' || c == '\\' ? ' ' : (char)c);
	}
	text_add_char(text, '"');
}

static void name_add(struct text *text, const char *id, struct span name)
{
	if (name.left > 0 && !span_equal(name, id))
		value_add(text, "name", name);
}

static int64_t milli_of(struct span s, int64_t low, int64_t high, int64_t other)
{
	int64_t milli = 0;

	if (number_cut(&s, 3, &milli) != KS_OK)
		return other;
	milli = milli < 0 ? -milli : milli;
	return milli >= low && milli <= high ? milli : other;
}

/* Racks that only devices name. */
static void racks_guess(struct convert *convert, struct text *text, uint32_t at)
{
	for (const struct row *row = convert->netbox->tables[TABLE_DEVICES].first; row != NULL; row = row->next) {
		struct span name = cell(row, DEVICE_RACK);

		if (name.left == 0 || !names_put(&convert->names, "rack", name, at))
			continue;
		convert->racks[at].units = 42;
		convert->racks[at].id = names_id(&convert->names, "rack", name);
		if (convert->racks[at].id == NULL)
			return;
		text_addf(text, "rack %s", convert->racks[at].id);
		name_add(text, convert->racks[at++].id, name);
		text_add_char(text, '\n');
	}
}

static void racks_write(struct convert *convert, struct text *text)
{
	uint32_t at = 0;

	for (const struct row *row = convert->netbox->tables[TABLE_RACKS].first; row != NULL; row = row->next, at++) {
		struct span location = cell(row, RACK_LOCATION);
		uint32_t room = names_get(&convert->names, "location", location);
		struct rack_out *rack = &convert->racks[at];

		if (location.left > 0 && room == UINT32_MAX && convert->rooms_n < convert->rooms_most) {
			room = (uint32_t)convert->rooms_n++;
			convert->rooms[room] = names_id(&convert->names, "room", location);
			(void)names_put(&convert->names, "location", location, room);
			if (convert->rooms[room] == NULL)
				return;
			text_addf(text, "room %s", convert->rooms[room]);
			name_add(text, convert->rooms[room], location);
			text_add_char(text, '\n');
		}
		rack->units = (uint32_t)(milli_of(cell(row, RACK_UNITS), 1000, 100000, 42000) / 1000);
		rack->id = names_id(&convert->names, "rack", cell(row, RACK_NAME));
		if (rack->id == NULL)
			return;
		if (!names_put(&convert->names, "rack", cell(row, RACK_NAME), at))
			netbox_warn(convert->netbox, "two racks are called %.*s; devices go to the first",
			    (int)cell(row, RACK_NAME).left, (const char *)cell(row, RACK_NAME).at);
		text_addf(text, "rack %s units=%u", rack->id, rack->units);
		if (room != UINT32_MAX)
			text_addf(text, " room=%s", convert->rooms[room]);
		name_add(text, rack->id, cell(row, RACK_NAME));
		text_add_char(text, '\n');
	}
	racks_guess(convert, text, at);
}

/* Panels from their table, and those that only feeds name. */
static const char *panel_of(struct convert *convert, struct text *text, struct span name)
{
	uint32_t at = names_get(&convert->names, "panel", name);

	if (name.left == 0)
		return NULL;
	if (at != UINT32_MAX)
		return convert->panels[at];
	if (convert->panels_n == convert->panels_most)
		return NULL;
	at = (uint32_t)convert->panels_n++;
	convert->panels[at] = names_id(&convert->names, "panel", name);
	(void)names_put(&convert->names, "panel", name, at);
	if (convert->panels[at] == NULL)
		return NULL;
	text_addf(text, "panel %s", convert->panels[at]);
	name_add(text, convert->panels[at], name);
	text_add_char(text, '\n');
	return convert->panels[at];
}

static bool is_three(struct span phase)
{
	return phase.left > 0 && (phase.at[0] == '3' || (phase.at[0] | 0x20) == 't');
}

static void feeds_write(struct convert *convert, struct text *text)
{
	uint32_t at = 0;

	for (const struct row *row = convert->netbox->tables[TABLE_PANELS].first; row != NULL; row = row->next)
		(void)panel_of(convert, text, cell(row, PANEL_NAME));
	for (const struct row *row = convert->netbox->tables[TABLE_FEEDS].first; row != NULL; row = row->next, at++) {
		const char *panel = panel_of(convert, text, cell(row, FEED_PANEL));
		struct feed_out *feed = &convert->feeds[at];
		struct span name = cell(row, FEED_NAME);

		feed->id = names_id(&convert->names, "feed", name);
		if (feed->id == NULL)
			return;
		/* NetBox's own defaults where nothing stands: 120 V, 15 A, 80 % */
		feed->volt_milli = milli_of(cell(row, FEED_VOLT), 1000, 500000000, 120000);
		feed->amps_milli = milli_of(cell(row, FEED_AMPS), 1, 100000000, 15000);
		feed->derate_milli = milli_of(cell(row, FEED_MOST), 5000, 100000, 80000) / 100;
		feed->three = is_three(cell(row, FEED_PHASE));
		if (!names_put(&convert->names, "feed", name, at))
			netbox_warn(convert->netbox, "two power feeds are called %.*s; cables go to the first", (int)name.left,
			    (const char *)name.at);
		text_addf(text, "breaker %s", feed->id);
		if (panel != NULL)
			text_addf(text, " from=%s", panel);
		text_add(text, " volt=");
		text_add_milli(text, feed->volt_milli);
		text_add(text, " amps=");
		text_add_milli(text, feed->amps_milli);
		text_addf(text, " phases=%d derate=", feed->three ? 3 : 1);
		text_add_milli(text, feed->derate_milli);
		name_add(text, feed->id, name);
		text_add_char(text, '\n');
	}
}

/* What feeds a strip: the feed or strip at the other end of each of its ports. */
static void strip_write(struct convert *convert, struct text *text, struct device_out *device)
{
	const char *from[2] = { NULL, NULL };
	const struct feed_out *feed = NULL;
	unsigned n = 0;

	for (const struct port_out *port = device->ports; port != NULL; port = port->next) {
		const char *up = port->feed != NULL ? port->feed->id :
		    port->outlet != NULL && !strip_hangs_on(port->outlet->device, device, 0) ?
			port->outlet->device->id : NULL;

		if (up == NULL || (n > 0 && strcmp(from[0], up) == 0))
			continue;
		if (n == 2) {
			netbox_warn(convert->netbox, "%s has more than two supplies; the first two are taken", device->id);
			break;
		}
		from[n] = up;
		device->up[n++] = port->outlet != NULL ? port->outlet->device : NULL;
		feed = port->feed != NULL ? port->feed : feed;
	}
	if (n == 0)
		netbox_warn(convert->netbox, "nothing is known to feed %s: no cable of its power ports", device->id);
	device->three = feed != NULL && feed->three;
	text_addf(text, "pdu %s", device->id);
	if (device->outlets_n <= 1000)
		text_addf(text, " outlets=%u", device->outlets_n);
	if (n > 0)
		text_addf(text, " from=%s", from[0]);
	if (n > 1)
		text_addf(text, " from2=%s", from[1]);
	if (device->rack != NULL)
		text_addf(text, " rack=%s", device->rack->id);
	if (device->three)
		text_add(text, " phases=3");
	name_add(text, device->id, device->name);
	text_add_char(text, '\n');
	strip_legs(convert, text, device, feed);
}

/* The U it lies in, if they are free. */
static uint32_t place_take(struct convert *convert, struct device_out *device)
{
	uint32_t u = (uint32_t)(milli_of(device->position, 1000, 100000, 0) / 1000);
	struct rack_out *rack = device->rack;

	if (rack == NULL || u == 0)
		return 0;
	for (uint32_t i = u; i < u + device->height; i++)
		if (i > rack->units || (rack->taken[i / 64] >> (i % 64) & 1) != 0) {
			netbox_warn(convert->netbox, "%s: U%u of rack %s is taken or not there; its place is left out",
			    device->id, i, rack->id);
			return 0;
		}
	for (uint32_t i = u; i < u + device->height; i++)
		rack->taken[i / 64] |= (uint64_t)1 << (i % 64);
	return u;
}

static void host_watts(struct text *text, const struct device_out *device)
{
	int64_t allocated = 0, most = 0;

	for (const struct port_out *port = device->ports; port != NULL; port = port->next) {
		allocated += port->allocated_mw;
		most = port->most_mw > most ? port->most_mw : most;
	}
	allocated = allocated > 1000000000 ? 1000000000 : allocated;
	if (allocated == 0)
		allocated = most;
	if (allocated == 0)
		return;
	text_add(text, " w=");
	text_add_milli(text, allocated);
	if (most > allocated) {
		text_add(text, " wmax=");
		text_add_milli(text, most);
	}
	text_add(text, " declared=yes");
}

static void host_write(struct convert *convert, struct text *text, struct device_out *device)
{
	uint32_t u = place_take(convert, device), n = 0;

	text_addf(text, "host %s h=%uU", device->id, device->height);
	if (device->rack != NULL)
		text_addf(text, " rack=%s", device->rack->id);
	if (u > 0)
		text_addf(text, " u=%u", u);
	for (const struct port_out *port = device->ports; port != NULL; port = port->next) {
		if (port->feed == NULL && port->outlet == NULL)
			continue;
		if (n == LIMIT_CORDS) {
			netbox_warn(convert->netbox, "%s has more than %d cords", device->id, LIMIT_CORDS);
			break;
		}
		text_add(text, n++ == 0 ? " cords=" : ",");
		if (port->feed != NULL)
			text_add(text, port->feed->id);
		else
			text_add(text, outlet_node(port->outlet));
		if (port->outlet != NULL && port->outlet->number > 0)
			text_addf(text, ".%u", port->outlet->number);
	}
	if (n == 0 && device->ports != NULL)
		convert->loose_n++;
	host_watts(text, device);
	name_add(text, device->id, device->name);
	text_add_char(text, '\n');
}

int netbox_site(struct netbox *netbox, struct text *text, struct why *why)
{
	struct convert convert;

	if (!convert_start(&convert, netbox))
		return fail(why, KS_FULL, "no memory left");
	text_add(text, "# imported from NetBox; watts are those of nameplates, not measured\nsite netbox\n");
	(void)names_id(&convert.names, "site", span_text("netbox"));
	racks_write(&convert, text);
	feeds_write(&convert, text);
	if (!netbox->full)
		convert_join(&convert);
	for (size_t i = 0; i < convert.devices_n && !netbox->full; i++)
		if (convert.devices[i].outlets_n > 0)
			strip_write(&convert, text, &convert.devices[i]);
	for (size_t i = 0; i < convert.devices_n && !netbox->full; i++)
		if (convert.devices[i].outlets_n == 0)
			host_write(&convert, text, &convert.devices[i]);
	if (convert.loose_n > 0)
		netbox_warn(netbox, "hosts with power ports but no cable to an outlet or feed: %zu", convert.loose_n);
	return netbox->full ? fail(why, KS_FULL, "no memory left") :
	    text->full ? fail(why, KS_FULL, "the site file would be too long") : KS_OK;
}
