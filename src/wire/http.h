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
	bool uri_cut;		      /* its end is not here */
};
/* `head` is the lines without the blank one.  False: no request and no response. */
bool http_head_read(struct span head, struct http_head *ret_head);
/* The same of a head whose end is not here: its whole lines, of a first line that is cut the
 * method and the URI so far, and whether a password or a cookie comes next. */
bool http_head_read_cut(struct span part, struct http_head *ret_head);
/* Do these bytes begin a request, a response? */
enum guess http_starts_request(struct span s);
enum guess http_starts_response(struct span s);
/* guess() and guess_cut() of the tongue.  Cut: a known method and a path, or a status. */
enum guess http_guess(const struct flow_view *flow, const struct span first[2]);
bool http_guess_cut(const struct span first[2]);
/* After a loss: does a head begin here?  Its line may be cut, where each frame is. */
bool http_head_begins(struct span bytes);
/* Length of the head with its blank line, looked for from `from` on; 0: its end is not here. */
size_t http_head_length(struct span s, size_t from);
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
