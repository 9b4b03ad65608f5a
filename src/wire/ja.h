/* src/wire/ja.h - fingerprints of hellos: JA3, JA3S (MD5 of decimal lists) and JA4 for
 * TLS clients (counts, then truncated SHA-256 of sorted lists).
 * Sources: github.com/salesforce/ja3 (BSD-3-Clause), github.com/FoxIO-LLC/ja4, the TLS
 * client fingerprint (BSD-3-Clause). */
#ifndef KS_WIRE_JA_H
#define KS_WIRE_JA_H
#include "wire/tls_hello.h"

enum { JA3_TEXT = 33, JA4_TEXT = 40 };

void ja3_client(const struct client_hello *hello, char to[JA3_TEXT]);
void ja3_server(const struct server_hello *hello, char to[JA3_TEXT]);
/* over: 't' TCP, 'q' QUIC, 'd' DTLS */
void ja4_client(const struct client_hello *hello, char over, char to[JA4_TEXT]);
#endif
