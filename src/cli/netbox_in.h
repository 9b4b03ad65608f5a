/* src/cli/netbox_in.h - inside of the NetBox import: tables, names and device types. */
#ifndef KS_CLI_NETBOX_IN_H
#define KS_CLI_NETBOX_IN_H
#include "cli/netbox.h"
#include <stdbool.h>

enum table_kind { TABLE_RACKS, TABLE_PANELS, TABLE_FEEDS, TABLE_DEVICES, TABLE_PORTS, TABLE_OUTLETS, TABLE_CABLES,
	TABLES };
enum { COLUMNS = 96, CABLE_ENDS = 16 };

/* Rows of one kind of table; a cell is a span into its file or the arena. */
struct table {
	struct row {
		struct span *cells;
		struct row *next;
	} *first, *last;
	size_t rows_n;
};

/* A column of a table by its name, whatever order the file has: rows are kept in the
 * order of these. */
const char *const *table_columns(enum table_kind kind); /* NULL-ended */
struct span cell(const struct row *row, unsigned column);

/* Numbers of the columns, in the order of table_columns(). */
enum { RACK_NAME, RACK_LOCATION, RACK_UNITS };
enum { PANEL_NAME, PANEL_LOCATION };
enum { FEED_NAME, FEED_PANEL, FEED_PHASE, FEED_VOLT, FEED_AMPS, FEED_MOST, FEED_STATUS };
enum { DEVICE_NAME, DEVICE_TYPE, DEVICE_RACK, DEVICE_POSITION, DEVICE_STATUS, DEVICE_ROLE };
enum { PORT_DEVICE, PORT_NAME, PORT_MOST, PORT_ALLOCATED };
enum { OUTLET_DEVICE, OUTLET_NAME, OUTLET_PORT, OUTLET_LEG };
enum { CABLE_A_DEVICE, CABLE_A_PANEL, CABLE_A_TYPE, CABLE_A_NAME, CABLE_B_DEVICE, CABLE_B_PANEL, CABLE_B_TYPE,
	CABLE_B_NAME };

/* A device type's supplies and outlets. */
struct type {
	struct span model, slug;
	int64_t height_milli; /* U, thousandths; -1: not said */
	struct part {
		struct span name, leg;
		int64_t most_mw, allocated_mw; /* 0: not said */
		bool outlet;
		struct part *next;
	} *parts, *last;
	struct type *next;
};

struct netbox {
	struct arena *arena;
	struct table tables[TABLES];
	struct type *types;
	struct why warnings[NETBOX_WARNINGS];
	size_t warnings_n, warnings_more;
	bool full;
};

void netbox_warn(struct netbox *netbox, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
struct span netbox_keep(struct netbox *netbox, struct span s); /* a copy in the arena */

/* netbox_names.c: names of NetBox to IDs of the site file, unique over all kinds. */
struct names {
	struct netbox *netbox;
	struct name {
		struct span scope, key; /* "device" + its name ... */
		uint32_t value;
		bool used;
	} *list;
	size_t mask, n;
};
bool names_new(struct names *names, struct netbox *netbox, size_t most);
/* The value of a key; UINT32_MAX when there is none. */
uint32_t names_get(const struct names *names, const char *scope, struct span key);
/* False: it is there already, and stays. */
bool names_put(struct names *names, const char *scope, struct span key, uint32_t value);
/* An ID for this name: letters a site file takes, not in use yet. */
const char *names_id(struct names *names, const char *prefix, struct span name);
#endif
