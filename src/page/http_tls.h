/* src/page/http_tls.h - the certificate under which the page is served (GnuTLS, as
 * libmicrohttpd speaks it): TLS 1.2 and 1.3, forward secrecy only. */
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
/* UTC, seconds: until when the certificate is good. */
int64_t http_tls_until(const struct http_tls *tls);

/* Serve under this one from now on; it is borrowed until the next but one. */
void http_tls_use(struct http_tls *tls);
/* For MHD_OPTION_HTTPS_CERT_CALLBACK and _PRIORITIES. */
void *http_tls_callback(void);
extern const char http_tls_priorities[];
#endif
