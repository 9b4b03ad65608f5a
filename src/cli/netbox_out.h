/* src/cli/netbox_out.h - inside of the NetBox import: devices joined with their ports,
 * outlets and cables, on the way into a site file. */
#ifndef KS_CLI_NETBOX_OUT_H
#define KS_CLI_NETBOX_OUT_H
#include "base/limits.h"
#include "cli/netbox_in.h"

enum { NAME_SHOWN = 200, STRIPS_DEEP = 10 };

struct rack_out {
	const char *id;
	uint32_t units;
	uint64_t taken[2];
};

struct feed_out {
	const char *id;
	int64_t volt_milli, amps_milli, derate_milli;
	bool three;
};

struct outlet_out {
	struct device_out *device;
	uint32_t number;
	int leg;	/* 0 1 2: A B C; -1: none */
	bool taken;	/* a cord is in it */
	struct outlet_out *next;
};

struct port_out {
	struct span name;
	int64_t most_mw, allocated_mw;
	const struct feed_out *feed; /* what it hangs on: a feed or an outlet */
	struct outlet_out *outlet;
	struct port_out *next;
};

struct device_out {
	const char *id;
	struct span name, position;
	const struct type *type;
	struct rack_out *rack;
	uint32_t height;
	struct port_out *ports, *last_port;
	struct outlet_out *outlets, *last_outlet;
	uint32_t outlets_n;
	bool three;	/* on a three-phase feed: its legs are nodes */
	const char *legs[3];
	struct device_out *up[2]; /* strips that feed it */
};

struct convert {
	struct netbox *netbox;
	struct names names, parts; /* parts: outlets of devices */
	struct rack_out *racks;
	struct feed_out *feeds;
	struct device_out *devices;
	size_t devices_n, rooms_n, rooms_most, panels_n, panels_most, loose_n;
	const char **rooms, **panels;
};

/* netbox_join.c */
bool convert_start(struct convert *convert, struct netbox *netbox);
/* Devices, their ports and outlets, and what cables join. */
void convert_join(struct convert *convert);
/* Does `strip` hang on `below` (or is it the same), by what is known so far?  One so deep
 * that nobody builds it counts as such, too.  depth: 0. */
bool strip_hangs_on(const struct device_out *strip, const struct device_out *below, unsigned depth);
/* The strip, or its leg: where a cord in that outlet goes. */
const char *outlet_node(const struct outlet_out *outlet);
/* The legs of a three-phase strip whose outlets say theirs. */
void strip_legs(struct convert *convert, struct text *text, struct device_out *device, const struct feed_out *feed);
#endif
