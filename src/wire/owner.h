/* src/wire/owner.h - who got a MAC's prefix from IEEE (the registries MA-L, MA-M and
 * MA-S), from a table made at build out of Debian's package ieee-data. */
#ifndef KS_WIRE_OWNER_H
#define KS_WIRE_OWNER_H
#include "wire/packet.h"

/* "" when nobody is known, also for addresses a device made up itself. */
const char *mac_owner(const struct mac *mac);
/* A device made it up itself (the locally administered bit): phones do, to stay unknown. */
static inline bool mac_is_local(const struct mac *mac)
{
	return mac->byte[0] & 2;
}

/* The table: sorted by prefix, then bits; names are zero-ended texts in one. */
struct mac_owner_row {
	uint64_t prefix : 48, bits : 16; /* the prefix at the front of 48 bits */
	uint32_t name;			 /* offset */
};
extern const struct mac_owner_row mac_owner_rows[];
extern const unsigned mac_owner_rows_n;
extern const char mac_owner_names[];
extern const char mac_owner_date[]; /* "2022-08-27"; "" without the package */
#endif
