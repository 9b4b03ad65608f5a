/* src/page/catalog.h - which series there are: those that are sealed the page reads by
 * itself, those beyond core tells (ASK_LABELS).  Numbers are for ever. */
#ifndef KS_PAGE_CATALOG_H
#define KS_PAGE_CATALOG_H
#include "base/arena.h"
#include "guard/message.h"

struct page;

struct catalog {
	struct arena arena;
	struct span *of;	/* labels of first, first + 1 .. */
	uint32_t first, n, room;
	uint32_t highest;	/* in the store */
	uint32_t ticket, done;	/* of the open ask, 0: none; of the last one that told all */
	int64_t now_ms;		/* UTC, as core said it then */
};

void catalog_done(struct catalog *catalog);
/* Ask core, unless it is being asked. */
void catalog_ask(struct page *page);
/* Core's answer; true: all is told. */
bool catalog_take(struct page *page, const struct message *message);
/* Labels of a number 1 .. highest; empty when they are not known. */
struct span catalog_labels(struct page *page, uint32_t number);
#endif
