/* src/wire/http.h - the tongue of HTTP/1 (RFC 9110, 9112) and what its pieces share: heads
 * taken apart, bodies put together.  Tolerant: bare line feeds, folded lines, unknown
 * methods, lost bytes.  Bounded: LIMIT_HTTP_HEAD, LIMIT_HTTP_BODY. */
#ifndef KS_WIRE_HTTP_H
#define KS_WIRE_HTTP_H
#include "wire/talk.h"

extern const struct tongue tongue_http;

/* For http*.c, HAR import and what else has a head at hand. */
struct http_head {
	struct said_http said;
	bool chunked, keeps, upgrade; /* Transfer-Encoding; not to be closed after it */
};
/* `head` is the lines without the blank one.  False: no request and no response. */
bool http_head_read(struct span head, struct http_head *ret_head);
/* Do these bytes begin a request, a response? */
enum guess http_starts_request(struct span s);
enum guess http_starts_response(struct span s);
/* Is it all of a request of HTTP/0.9? */
bool http_is_oldest(struct span s);
/* Fields of the URI and of headers that are not of HTTP itself, as said_body; only of
 * requests.  `about` gives host, uri, number. */
struct body_sink;
void http_head_tell(const struct http_head *head, const struct said_body *about,
    const struct body_sink *sink);
/* User and word of an Authorization: Basic or Digest; false: another kind.  The spans lie
 * in `room`. */
struct text;
bool http_authorization(struct span value, struct text *room,
    struct said_credential *ret_credential);
#endif
