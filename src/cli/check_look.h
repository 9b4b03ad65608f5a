/* src/cli/check_look.h - what is not wrong in a site, but worth a second look; and the
 * load of its power path by the watts that the file declares.  A warning makes `keisoku
 * check` end with 1; a note only says what the site will not be able to do. */
#ifndef KS_CLI_CHECK_LOOK_H
#define KS_CLI_CHECK_LOOK_H
#include "base/why.h"
#include "site/model.h"

enum { LOOK_LISTED = 50 };

struct look {
	struct warning {
		uint32_t line;
		bool note;
		struct why why;
	} list[LOOK_LISTED];
	size_t n, more;	/* listed; found beyond the list */
	size_t warnings; /* of all found, those that are no notes */
	int64_t *mva;	/* by node: healthy load, milli-VA */
	int64_t *mw;	/* by node: milliwatts */
};

/* False: no memory.  look_done() frees the loads; the look is large. */
bool look_over(const struct site *site, struct look *ret_look);
void look_done(struct look *look);
#endif
