/* src/guard/confine.h - the kernel enforces what guard/rights.h says: no new
 * privileges, no capabilities, an allow-list of system calls that kills, Landlock,
 * limits, no dump, no descriptors of others.  What this kernel or build can not do is
 * told in bits, never passed over: `keisoku status` says it (KS-SELF-003).
 * Sources: seccomp(2), landlock(7), capabilities(7). */
#ifndef KS_GUARD_CONFINE_H
#define KS_GUARD_CONFINE_H
#include "base/why.h"
#include "guard/rights.h"

enum confine_missing {
	MISSING_SECCOMP = 1 << 0,
	MISSING_LANDLOCK = 1 << 1,
	MISSING_LANDLOCK_NET = 1 << 2, /* ABI < 4: seccomp alone bounds the network */
	MISSING_CAPABILITIES = 1 << 3,
	MISSING_USER = 1 << 4,	       /* runs as root: there is no user `keisoku` */
	MISSING_NO_NEW_PRIVS = 1 << 5,
	MISSING_SANITIZER = 1 << 6,    /* a test build: wider list of system calls */
	MISSING_MEMORY_LOCK = 1 << 7,  /* secrets may be swapped out */
};
enum { MISSING_BITS = 8 };
/* One bit as a sentence (msgid). */
const char *missing_sentence(enum confine_missing bit);

struct confine {
	const char *state;	/* folder of the store; NULL: none */
	int keep_fd;		/* highest descriptor kept; all above are closed */
	uint64_t memory_bytes;	/* RLIMIT_DATA; 0: none of ours */
};

/* Take away what the role's row does not give; can not be undone.  *ret_missing gets
 * bits of enum confine_missing.  Fails only where going on would be a lie. */
KS_MUST int confine_role(enum role role, const struct confine *confine,
    uint32_t *ret_missing, struct why *why);

/* Become the user `keisoku` when started as root and there is one; else keep the user
 * and say MISSING_USER if that is root. */
KS_MUST int confine_user(uint32_t *ret_missing, struct why *why);
/* Who that is; false: no such user. */
bool confine_user_find(uint32_t *ret_uid, uint32_t *ret_gid);

/* Parts of confine_role, each with its own file. */
KS_MUST int syscalls_allow(enum role role, uint32_t *ret_missing, struct why *why);
KS_MUST int landlock_apply(enum role role, const struct confine *confine,
    uint32_t *ret_missing, struct why *why);
bool confine_sanitized(void);
#endif
