/* src/wire/uri_mask.h - the address of a request as it may be shown: what is personal in it
 * masked.
 *
 * The address is searched as it was when it was told (uri.h), whole and then in parts:
 * segments of its path, fields of its query.  A part in which something is found is masked
 * as a whole, whatever it is wrapped in; so are parts in which something is found only
 * together.  What then is left is searched once more: should it still tell something, every
 * part is masked. */
#ifndef KS_WIRE_URI_MASK_H
#define KS_WIRE_URI_MASK_H
#include "base/text.h"
#include "wire/personal.h"

struct uri_known {
	/* Is it known from elsewhere that the values of that field (an empty name: of the
	 * path) are somebody's?  NULL: nothing is. */
	bool (*field)(void *context, struct span name);
	void *context;
	struct mac own; /* the device's: its own hardware address in a value is personal */
	bool searched;	/* when it was told, and nothing was found: not once more */
	bool cut;	/* its end is not there: half a value is not shown either */
};
/* "/path?a=1&b=2" is added to text. */
void uri_mask(struct text *text, struct span uri, const struct uri_known *known);
#endif
