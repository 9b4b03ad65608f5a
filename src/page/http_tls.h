/* src/page/http_tls.h - the certificate under which the page is served: TLS 1.2 and 1.3,
 * forward secrecy only, no tickets (OpenSSL). */
#ifndef KS_PAGE_HTTP_TLS_H
#define KS_PAGE_HTTP_TLS_H
#include "base/span.h"
#include "base/why.h"

struct http_tls;
/* From PEM: the certificate first, then what signed it; the key without a password.
 * KS_MALFORMED: one can not be read, or they do not belong together. */
KS_MUST int http_tls_new(struct span cert, struct span key, struct http_tls **ret_tls,
    struct why *why);
void http_tls_free(struct http_tls *tls);
/* Is it for this Host (with or without a port)? */
bool http_tls_host(const struct http_tls *tls, struct span host);
/* Seconds until it is no longer good; negative: since. */
int64_t http_tls_left_s(const struct http_tls *tls);

/* One connection over fd, as the server's side; NULL: memory.  Keeps what it needs. */
struct ssl_st;
struct ssl_st *http_tls_begin(const struct http_tls *tls, int fd);
#endif
