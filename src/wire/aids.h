/* src/wire/aids.h - what an audit is told beside the capture: block lists, countries and
 * owners, accepted findings, names of the site file; and the answers the maker asks for
 * (wire/make.h).  Opens nothing: descriptors and bytes are handed in. */
#ifndef KS_WIRE_AIDS_H
#define KS_WIRE_AIDS_H
#include "base/arena.h"
#include "site/model.h"
#include "wire/lists.h"
#include "wire/make.h"
#include "wire/places.h"

struct aids {
	struct lists *lists;	/* NULL: none was given */
	struct places *places;	/* taken over by aids_places */
	struct arena texts;	/* entries and owners that were answered; accepted findings */
	struct accepts accepts;
	struct make_lists ask_lists;
	struct make_place ask_place;
};

void aids_init(struct aids *aids);
void aids_done(struct aids *aids);
/* The bytes of a list, packed or not, from where the descriptor stands. */
KS_MUST int aids_list(struct aids *aids, int fd, const char *name, struct why *why);
/* An accept file; name is for sentences. */
KS_MUST int aids_accept(struct aids *aids, struct span bytes, const char *name,
    struct why *why);
void aids_places(struct aids *aids, struct places *take_places);
/* What of it is there, into the plan; aids must outlive the audit. */
void aids_plan(const struct aids *aids, struct make_plan *plan);

/* Hosts and devices of a site file, with their addresses and MACs; room for hosts_n +
 * devices_n.  How many. */
size_t known_of_site(const struct site *site, struct make_known *ret_known);
/* "00:11:22:33:44:55", also with "-". */
bool mac_read(const char *words, struct mac *ret_mac);
#endif
