/* src/wire/uri.h - what the address of a request says: its path as one piece, what was wrapped
 * in base64 within it, and the fields of its query (body.h), all as BODY_URI. */
#ifndef KS_WIRE_URI_H
#define KS_WIRE_URI_H
#include "wire/body.h"

/* "/path?a=1&b=2#c"; number, host and the rest are those of `about`. */
void uri_tell(const struct said_body *about, const struct body_sink *sink, struct span uri);
/* Of an address that is named elsewhere (Referer) the query alone. */
void uri_tell_query(const struct said_body *about, const struct body_sink *sink,
    struct span query);
#endif
