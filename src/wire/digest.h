/* src/wire/digest.h - SHA-256, SHA-384 and MD5 looked up once for the whole program:
 * looking one up costs more than hashing a hello.  Safe from any thread. */
#ifndef KS_WIRE_DIGEST_H
#define KS_WIRE_DIGEST_H
#include "base/span.h"
#include <openssl/evp.h>

enum digest_kind { DIGEST_MD5, DIGEST_SHA256, DIGEST_SHA384, DIGEST_KINDS };

/* Never NULL: OpenSSL's own row when it cannot be looked up. */
const EVP_MD *digest_of(enum digest_kind kind);
/* HMAC (RFC 2104) of SHA-256 or SHA-384 into to[], of 32 or 48 bytes; false when the
 * library fails. */
bool digest_hmac(enum digest_kind kind, struct span key, struct span message, uint8_t *to);
#endif
