/* src/cli/picture_store.h - the same pictures out of the store, when no daemon runs: of the
 * moment it was last written to, with the site file its daemon read. */
#ifndef KS_CLI_PICTURE_STORE_H
#define KS_CLI_PICTURE_STORE_H
#include "page/drawn.h"

struct picture {
	const char *what, *id;	/* "heat" "power" "rack" "tree"; id "" when none */
	struct form form;
	int64_t from_ms, to_ms; /* 0: not given; negative: so long before the end */
};
/* ret_verdict: as ask_draw() has it.  KS_ABSENT: there is no store, its site file is gone, or there is nothing to draw. */
KS_MUST int picture_store(const char *state, int64_t now_ms, const struct picture *picture,
    struct text *ret, const char **ret_verdict, struct why *why);
#endif
