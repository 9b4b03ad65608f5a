/* src/store/verify.h - is all of it whole: every file's structure, every checksum,
 * every chunk and roll-up decoded.  Changes nothing; works beside a running daemon. */
#ifndef KS_STORE_VERIFY_H
#define KS_STORE_VERIFY_H
#include "store/store.h"

struct verify {
	uint64_t series, chunks, days, rollups, late, samples, segments, frames,
	    journal_samples, torn_bytes;
	uint64_t damaged;
};
/* where: "day 20301 series 7"; what: one sentence. */
typedef void verify_fn(void *user, const char *where, const char *what);
void verify_silent(void *user, const char *where, const char *what);
KS_MUST int store_verify(const char *path, struct verify *ret_verify, verify_fn *fn,
    void *user, struct why *why);

/* A consistent copy into a folder that must not be there yet; beside a running daemon. */
KS_MUST int store_backup(const char *path, const char *to, struct why *why);
/* The same for putting back: `to` must not hold a store. */
KS_MUST int store_restore(const char *from, const char *to, struct why *why);
#endif
