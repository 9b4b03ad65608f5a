/* src/wire/uri_mask.h - the address of a request with the values of those fields masked in
 * which personal data was found. */
#ifndef KS_WIRE_URI_MASK_H
#define KS_WIRE_URI_MASK_H
#include "base/span.h"
#include "base/text.h"

struct uri_known {
	/* Was something found in that field of the query?  An empty name: in the path. */
	bool (*field)(void *context, struct span name);
	void *context;
};
/* "/path?a=1&b=2" is added to text. */
void uri_mask(struct text *text, struct span uri, const struct uri_known *known);
#endif
