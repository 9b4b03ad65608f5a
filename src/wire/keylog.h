/* src/wire/keylog.h - secrets of TLS and QUIC connections that their owner gave: the
 * text of SSLKEYLOGFILE (also inside pcapng decryption secrets blocks), one secret a
 * line: LABEL, the client's random in hexadecimal, the secret in hexadecimal.
 * Source: draft-ietf-tls-keylogfile. */
#ifndef KS_WIRE_KEYLOG_H
#define KS_WIRE_KEYLOG_H
#include "base/limits.h"
#include "base/span.h"
#include "base/why.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { KEYLOG_RANDOM = 32, KEYLOG_SECRET = 64 };

enum keylog_label {
	KEY_MASTER,	       /* CLIENT_RANDOM: the master secret of TLS 1.2 and older */
	KEY_CLIENT_EARLY,      /* CLIENT_EARLY_TRAFFIC_SECRET */
	KEY_CLIENT_HANDSHAKE,  /* CLIENT_HANDSHAKE_TRAFFIC_SECRET */
	KEY_SERVER_HANDSHAKE,
	KEY_CLIENT_TRAFFIC, /* CLIENT_TRAFFIC_SECRET_0 */
	KEY_SERVER_TRAFFIC,
	KEYLOG_LABELS
};

struct keylog;
KS_MUST int keylog_new(struct keylog **ret_keylog, struct why *why);
/* Secrets are wiped. */
void keylog_free(struct keylog *keylog);
static inline void drop_keylog(struct keylog **keylog)
{
	keylog_free(*keylog);
}

/* Take every secret of a text; comments, other labels and broken lines are passed over.
 * Not while another thread asks.  KS_FULL past LIMIT_KEYLOG_SECRETS.  ret_added may be
 * NULL. */
KS_MUST int keylog_add(struct keylog *keylog, struct span text, size_t *ret_added,
    struct why *why);

/* The secret of that label for a connection; false: not given.  keylog may be NULL. */
bool keylog_find(const struct keylog *keylog, enum keylog_label label,
    struct span client_random, struct span *ret_secret);
size_t keylog_count(const struct keylog *keylog);
#endif
