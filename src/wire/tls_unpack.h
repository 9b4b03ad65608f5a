/* src/wire/tls_unpack.h - certificates that were compressed (RFC 8879): zlib, brotli,
 * zstd.  Pure. */
#ifndef KS_WIRE_TLS_UNPACK_H
#define KS_WIRE_TLS_UNPACK_H
#include "base/span.h"
#include "base/text.h"
#include "base/why.h"

/* The body of a CompressedCertificate message into that of a Certificate message.
 * KS_FULL: longer than text takes; KS_MALFORMED: it does not unpack to what it says. */
KS_MUST int tls_unpack(struct span body, struct text *text);
#endif
