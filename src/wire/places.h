/* src/wire/places.h - where an address is, and whose it is.
 *
 * Countries come from a MaxMind DB file: the one that the build put beside the program (npm
 * @ip-location-db/geo-whois-asn-country-mmdb), or any other with country_code or
 * country.iso_code.  Owners come from a table made at build out of npm @ip-location-db/asn,
 * or from autonomous_system_organization of the same file.  Each may be missing; then its
 * answers are empty.  Their licences want their names shown where answers are:
 * places_credit().  libmaxminddb is seen by places.c alone. */
#ifndef KS_WIRE_PLACES_H
#define KS_WIRE_PLACES_H
#include "base/why.h"
#include "wire/packet.h"

struct places;

/* Paths may be NULL.  A file that is named and cannot be read fails. */
KS_MUST int places_open(const char *countries, const char *owners, struct places **ret_places,
    struct why *why);
/* The same of files that are copies of what the build put beside the program. */
KS_MUST int places_open_built(const char *countries, const char *owners,
    struct places **ret_places, struct why *why);
/* With what the build put beside the program; never fails for its absence.  `program` is the
 * path of the running program. */
KS_MUST int places_open_own(const char *program, const char *countries,
    struct places **ret_places, struct why *why);
/* Where those are: false: nothing was built in.  name: "countries.mmdb", "owners.bin". */
bool places_own_file(const char *program, const char *name, char *room, size_t size);
void places_close(struct places *places);
static inline void drop_places(struct places **places)
{
	places_close(*places);
}

/* Two letters, or "" where nothing is known or the address is private; the owner lives
 * until the next call.  False: neither is known. */
bool places_find(struct places *places, const struct address *address, char ret_country[3],
    const char **ret_owner);
/* "" when no table was opened. */
const char *places_credit(const struct places *places);
extern const char places_owners_credit[]; /* the part of the owners' table, behind "; " */

/* The owners' table, as bytes: "KSOWNER1", three little-endian counts (rows of IPv4, rows
 * of IPv6, bytes of names), four bytes; for each family a column of first addresses, one of
 * last ones (IPv6: upper halves) and one of offsets, each family filled up to eight bytes;
 * then the names, each with a zero.  False: it is not that. */
struct owners {
	const uint32_t *from4, *to4, *name4, *name6;
	const uint64_t *from6, *to6;
	const char *names;
	uint32_t n4, n6, names_n;
};
bool owners_read(struct span bytes, struct owners *ret_owners);
const char *owners_find(const struct owners *owners, const struct address *address);
#endif
