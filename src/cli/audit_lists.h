/* src/cli/audit_lists.h - the block lists, countries and owners that audit and compare are
 * given: opens the files, and answers what the maker asks (wire/make.h). */
#ifndef KS_CLI_AUDIT_LISTS_H
#define KS_CLI_AUDIT_LISTS_H
#include "base/arena.h"
#include "cli/args.h"
#include "wire/lists.h"
#include "wire/make.h"
#include "wire/places.h"

struct audit_lists {
	struct lists *lists;
	struct places *places;
	struct arena texts; /* entries and owners that were answered; accepted findings */
	struct accepts accepts;
	struct make_lists ask_lists;
	struct make_place ask_place;
};

/* --list NAME=FILE or FILE, any number; --geo FILE; --accept FILE.  To be ended also when this fails. */
KS_MUST int audit_lists(const struct args *args, struct audit_lists *ret_lists,
    struct why *why);
void audit_lists_done(struct audit_lists *lists);
#endif
