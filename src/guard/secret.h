/* src/guard/secret.h - a secret from its file to one role, and nowhere else.  The
 * keeper reads it (a file of mode 0600 or tighter, or a systemd credential), hands it
 * to the role as a sealed memory file, forgets it.  The role keeps it in locked memory
 * that is left out of dumps and wiped (libsodium).  Never in arguments, environment,
 * logs, the site file or the store. */
#ifndef KS_GUARD_SECRET_H
#define KS_GUARD_SECRET_H
#include "base/limits.h"
#include "base/span.h"
#include "base/why.h"

struct secret {
	uint8_t *at; /* guarded memory; NULL: none */
	size_t bytes;
};

/* Once per process, before the rest. */
KS_MUST int secret_init(struct why *why);
/* Read name: "NAME" without a slash is first looked for in $CREDENTIALS_DIRECTORY.
 * A file that others may read is refused with the words to mend it.  One trailing
 * newline is dropped. */
KS_MUST int secret_fetch(const char *name, struct secret *ret_secret, struct why *why);
/* The same of what need not be hidden, as a certificate: any mode. */
KS_MUST int public_fetch(const char *name, struct secret *ret_secret, struct why *why);
/* Into a sealed memory file, from one. */
KS_MUST int secret_seal(const struct secret *secret, int *ret_fd, struct why *why);
KS_MUST int secret_open(int fd, size_t bytes, struct secret *ret_secret, struct why *why);
void secret_wipe(struct secret *secret);
static inline struct span secret_span(const struct secret *secret)
{
	return span_of(secret->at, secret->bytes);
}

/* Any bytes as a sealed memory file: the site file travels so. */
KS_MUST int memory_seal(struct span bytes, const char *name, int *ret_fd, struct why *why);
#endif
