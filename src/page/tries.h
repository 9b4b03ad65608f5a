/* src/page/tries.h - how often one may try a password.  An address that failed five times
 * waits, twice as long each time; a name is never locked - that would be a way to lock its
 * owner out - but is tried at most once a second when many tries at it have failed.
 * Names that there are and names that there are not are treated alike.  Fixed memory; pure. */
#ifndef KS_PAGE_TRIES_H
#define KS_PAGE_TRIES_H
#include "base/limits.h"
#include "base/span.h"

enum { TRIES_FREE = 5, TRIES_NAME_FREE = 10, TRIES_FIRST_MS = 1000, TRIES_MOST_MS = 15 * 60 * 1000,
	TRIES_NAME_MS = 1000, TRIES_FORGET_MS = 60 * 60 * 1000 };

struct tried {
	uint64_t key; /* seeded hash; 0: free */
	int64_t next_ms, last_ms;
	uint32_t failed;
};

struct tries {
	uint64_t seed;
	struct tried addresses[LIMIT_TRIES], names[LIMIT_TRIES];
	uint64_t refused; /* tries that were not even looked at */
};

/* How long this address must wait; 0: it may try. */
int64_t tries_wait(struct tries *tries, struct span address, int64_t now_ms);
/* When this name may be tried next; not in the future: now. */
int64_t tries_name_ms(const struct tries *tries, const char *name);
void tries_failed(struct tries *tries, struct span address, const char *name, int64_t now_ms);
/* The right word: half is forgiven - not all, or who knows one word could try on at others. */
void tries_good(struct tries *tries, struct span address);
#endif
