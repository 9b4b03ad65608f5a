/* src/wire/lists.h - block lists: names, addresses with and without port, ranges, URLs,
 * fingerprints, in the formats that people have.  Read in pieces, so that memory follows
 * the number of entries (12 bytes and the table's room each) and not the file.
 *
 * An entry is kept as a seeded 64-bit hash; what matched is said by the words of who asked.
 * Semantics by format: hosts files, datasets, exact rules: that name alone; "*.x": below x;
 * plain names, ".x", adblock "||x^", dotprefix, dnsmasq, unbound: the name and below; RPZ:
 * as the zone says it.  An entry may have times: valid_from and valid_until of STIX bound when
 * it holds (what is revoked or deleted is none); first_seen, created, dateadded and their
 * kin are its date, and bound nothing: what was met before it became known was the same
 * thing.  One entry with several times is kept up to LIMIT_LIST_TIMES times.  Names are compared in lower case, without a last dot,
 * international ones as punycode (RFC 3492). */
#ifndef KS_WIRE_LISTS_H
#define KS_WIRE_LISTS_H
#include "base/why.h"
#include "wire/packet.h"
#include <stdbool.h>
#include <stddef.h>

struct lists;
KS_MUST int lists_new(uint64_t seed, struct lists **ret_lists);
void lists_free(struct lists *lists);
static inline void drop_lists(struct lists **lists)
{
	lists_free(*lists);
}

/* A list begins; pieces of its bytes follow, then its end.  date: as the caller knows it
 * (the file's), "2026-04-23"; one that the list states itself is preferred. */
KS_MUST int lists_begin(struct lists *lists, const char *name, const char *date,
    struct why *why);
KS_MUST int lists_take(struct lists *lists, struct span piece, struct why *why);
KS_MUST int lists_end(struct lists *lists, struct why *why);

struct lists_count {
	uint64_t names, addresses, ranges, urls, prints; /* entries of all, doubles once */
	uint64_t said;	   /* entries as they came, doubles too */
	uint64_t skipped;  /* lines that are no comment and no entry */
	size_t memory;	   /* bytes */
};
struct lists_count lists_count(const struct lists *lists);

struct listed {
	const char *list, *category; /* live until another list begins, or lists ends */
	const char *date;  /* the entry's own where it has one (dated), else the list's */
	bool dated;
	int64_t from_s, until_s; /* when the entry holds, seconds since 1970; 0: open */
	char entry[256];
};
/* When it was met, seconds since 1970, both ends included: an entry that holds at no time
 * within is none.  NULL: whatever was listed ever. */
struct lists_met {
	int64_t first_s, last_s;
};
bool lists_name(const struct lists *lists, struct span name, const struct lists_met *met,
    struct listed *ret_listed);
/* port 0: the address alone. */
bool lists_address(const struct lists *lists, const struct address *address, uint16_t port,
    const struct lists_met *met, struct listed *ret_listed);
bool lists_url(const struct lists *lists, struct span host, struct span path,
    const struct lists_met *met, struct listed *ret_listed);
/* JA3, certificate digest: hexadecimal, colons are ignored. */
bool lists_print(const struct lists *lists, struct span hexadecimal,
    const struct lists_met *met, struct listed *ret_listed);
#endif
