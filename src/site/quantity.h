/* src/site/quantity.h - "35C" "5kW" "10min" "40m3" into thousandths of one unit.
 * Units of the same family may stand for each other (95F where C is asked for); a
 * bare number is in the key's own unit.  No locale, no floating point. */
#ifndef KS_SITE_QUANTITY_H
#define KS_SITE_QUANTITY_H
#include "base/span.h"
#include "base/text.h"
#include "base/why.h"
#include "site/measure.h"

/* base = (value - shift) * mul / div, all in thousandths. */
struct unit {
	const char *word, *base;
	int64_t mul, div, shift;
};

/* NULL: no such unit (our own tables are checked by a test). */
const struct unit *unit_find(struct span word, const char *base);
/* The row of a unit in its first family: "kW" -> base "W"; "" is a plain number. */
const struct unit *unit_own(const char *word);
/* The unit that a difference of `kind` is said in: K for temperatures. */
const char *unit_of_difference(enum measure kind);

/* value in thousandths of own->base.  KS_MALFORMED: no number, or not a unit of that
 * family; the sentence says which units are. */
KS_MUST int quantity_read(struct span value, const struct unit *own, int64_t *ret_milli,
    struct why *why);
/* Thousandths of own->base as people write it, in own's unit: "35C", "0.8". */
void quantity_write(struct text *text, int64_t milli, const struct unit *own);
#endif
