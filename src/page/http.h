/* src/page/http.h - the HTTP server, behind which a library (libmicrohttpd) stands.
 * It owns no thread and no loop: the role polls http_fd() and calls http_run().
 *
 * Refused before anything else looks: two Content-Length, Content-Length together with
 * Transfer-Encoding, no Host (400) or one that is not this machine's own (421, DNS rebinding), a body
 * that is longer than its route allows (413) or has no length (411).  A connection
 * whose header is not all there after HTTP_HEADER_MS is closed; so is one that is idle
 * for HTTP_IDLE_S. */
#ifndef KS_PAGE_HTTP_H
#define KS_PAGE_HTTP_H
#include "base/span.h"
#include "base/why.h"
#include <stdbool.h>
#include <stdint.h>

struct http_tls;

enum { HTTP_HEADER_MS = 10000, HTTP_KEPT_MS = 75000, HTTP_BODY_MS = 60000, HTTP_IDLE_S = 60,
	HTTP_CONNECTION_BYTES = 6144 };

struct http;
struct http_request;

struct http_options {
	int listen_fd;	 /* taken over */
	bool local;	 /* a unix socket: no Host to check */
	struct http_tls *tls; /* taken over; NULL: plain HTTP */
	void *user;
	int64_t (*now_ms)(void *user); /* monotonic */
	/* The header is there: returns how long a body may be, 0: none; negative: it was
	 * answered already. */
	int64_t (*begin)(void *user, struct http_request *request);
	/* The whole request is there: answer now, or later. */
	void (*take)(void *user, struct http_request *request);
	/* It is over, or went away before it was answered: forget it. */
	void (*gone)(void *user, struct http_request *request);
};

KS_MUST int http_new(const struct http_options *options, struct http **ret_http,
    struct why *why);
void http_free(struct http *http);
int http_fd(const struct http *http);
/* Call when http_fd is readable and every second. */
void http_run(struct http *http);
/* Another certificate, from now on; taken over. */
void http_tls_change(struct http *http, struct http_tls *take_tls);
uint32_t http_connections(const struct http *http);

const char *http_method(const struct http_request *request);
const char *http_path(const struct http_request *request);
/* What stands behind ?name=, decoded; "" when there is none. */
const char *http_query(const struct http_request *request, const char *name);
/* The query as it was sent, without the question mark. */
const char *http_query_raw(const struct http_request *request);
/* "" when there is none. */
const char *http_header(const struct http_request *request, const char *name);
struct span http_body(const struct http_request *request);
/* Over the local socket; over TLS. */
bool http_local(const struct http_request *request);
bool http_secure(const struct http_request *request);
/* Whose end of the connection: 4 bytes, or the first 8 of an IPv6 address (one household
 * or firm has that many); no bytes over the local socket. */
struct span http_peer(const struct http_request *request);
/* Where the caller keeps its own. */
void **http_user(struct http_request *request);

/* Once; body is copied unless it stays.  type NULL: no body.  retry_s: 0, or
 * Retry-After. */
struct http_answer {
	unsigned status;
	const char *type;
	struct span body;
	unsigned retry_s;
	bool gzip;	    /* the body is compressed */
	bool stays;	    /* the body is the program's own: not copied, kept by the browser */
	bool page;	    /* HTML of ours: may use our own style, script, images and events */
	const char *cookie, *cookie2; /* Set-Cookie; NULL: none */
	const char *challenge; /* WWW-Authenticate; NULL: none */
	const char *location; /* NULL: none */
	const char *verdict; /* Keisoku-Verdict: how bad what it shows is; NULL: not said */
	uint64_t etag;	    /* 0: none; who has the same already is answered 304 */
};
void http_answer(struct http_request *request, const struct http_answer *answer);
void http_say(struct http_request *request, unsigned status, const char *sentence);
/* An answer that does not end: text/event-stream.  Bytes go out as http_push() brings
 * them; one who has not taken the last ones yet misses the next. */
void http_stream(struct http_request *request);
/* The last bytes have gone: it ends. */
void http_stream_end(struct http_request *request);
bool http_is_stream(const struct http_request *request);
void http_push(struct http_request *request, struct span bytes);
#endif
