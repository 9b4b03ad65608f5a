/* src/cli/netbox.h - a NetBox export into a site file: CSV tables (those of its bulk
 * import, or what its lists export) and device types (YAML of the devicetype library).
 * Pure: bytes in, text out; whatever the bytes, the text loads.  Real exports are dirty:
 * what does not fit is left out with a warning.
 *
 * A power panel becomes a panel, a power feed a breaker below it, a device with outlets a
 * pdu, legs of a three-phase one legs, any other device a host.  Who hangs where is
 * known from cables alone.  Watts are those of nameplates (allocated_draw, else
 * maximum_draw): declared=yes.  Of redundant supplies each is rated for the whole, so a
 * host's most is that of its largest port. */
#ifndef KS_CLI_NETBOX_H
#define KS_CLI_NETBOX_H
#include "base/arena.h"
#include "base/text.h"
#include "base/why.h"

enum { NETBOX_WARNINGS = 200 };

struct netbox;

/* Lies in the arena. */
KS_MUST int netbox_new(struct arena *arena, struct netbox **ret_netbox, struct why *why);
/* One file of tables.  Which table it is, its columns tell (and its name, for panels);
 * lines "# NAME.csv" begin another.  The bytes must stay until netbox_site(). */
KS_MUST int netbox_csv(struct netbox *netbox, const char *name, struct span bytes, struct why *why);
/* One device type. */
KS_MUST int netbox_type(struct netbox *netbox, const char *name, struct span bytes, struct why *why);

/* Rows of racks, panels, feeds and devices so far: of none of them no site can be made. */
size_t netbox_things(const struct netbox *netbox);
/* The site file into text.  Warnings, in the order they came, are netbox_warning(0 ...). */
KS_MUST int netbox_site(struct netbox *netbox, struct text *text, struct why *why);
const struct why *netbox_warning(const struct netbox *netbox, size_t at); /* NULL: no more */
size_t netbox_more(const struct netbox *netbox);			  /* not kept */
#endif
