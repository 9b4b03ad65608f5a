/* src/wire/http2.h - the tongue of HTTP/2 (RFC 9113), mostly inside of TLS that was
 * decrypted; tells requests, responses and bodies as HTTP/1 does. */
#ifndef KS_WIRE_HTTP2_H
#define KS_WIRE_HTTP2_H
#include "wire/talk.h"

extern const struct tongue tongue_http2;
#endif
