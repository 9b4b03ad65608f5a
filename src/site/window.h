/* src/site/window.h - a silence or a maintenance window that a person asked for while
 * keisoku runs (those of the site file are struct maintenance): what it covers is told
 * on the page, and wakes nobody. */
#ifndef KS_SITE_WINDOW_H
#define KS_SITE_WINDOW_H
#include "site/finding.h"
#include <stdbool.h>
#include <stdint.h>

struct window {
	uint64_t id;		 /* of its act */
	int64_t from_ms, to_ms;	 /* UTC; [from, to) */
	uint16_t code;		 /* only findings of this code; FINDING_CODES: all */
	bool maintenance;	 /* else a silence */
	char what[FINDING_NAME]; /* ID of a room, rack, host ...; "": everything */
};
#endif
