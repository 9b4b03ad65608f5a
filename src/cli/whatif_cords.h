/* src/cli/whatif_cords.h - where a host of `keisoku whatif --add` is plugged in. */
#ifndef KS_CLI_WHATIF_CORDS_H
#define KS_CLI_WHATIF_CORDS_H
#include "cli/whatif.h"

/* "A,B" or "": a side (feed, UPS, panel) becomes the emptiest strip or breaker of that side that
 * the rack's own hosts use; nothing becomes one of each side, two at most.  What the rack does
 * not know stays as it is.  room: of cords, with its 0. */
void add_cords(const struct whatif *whatif, const struct rack *rack, char *cords, size_t room);
#endif
