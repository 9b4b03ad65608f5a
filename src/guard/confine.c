/* src/guard/confine.c - limits, user, capabilities; the order in which they fall. */
#include "guard/confine.h"
#include <cap-ng.h>
#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(memory_sanitizer)
#define SANITIZED 1
#endif
#endif
#ifndef SANITIZED
#define SANITIZED 0
#endif

bool confine_sanitized(void)
{
	return SANITIZED;
}

/* in the order of the bits */
static const char *const missing_words[MISSING_BITS] = {
	"this kernel can not bound system calls (seccomp)",
	"this kernel can not bound files (Landlock)",
	"this kernel can not bound ports (Landlock ABI 4); system calls alone are bounded",
	"capabilities could not be dropped",
	"runs as root: there is no user \"keisoku\"",
	"new privileges could not be ruled out",
	"a test build with sanitizers: its list of system calls is wider, and refuses instead of killing",
	"secrets could not be kept out of swap",
};

const char *missing_sentence(enum confine_missing bit)
{
	for (unsigned i = 0; i < MISSING_BITS; i++) {
		if ((unsigned)bit == 1U << i)
			return missing_words[i];
	}
	return "";
}

bool confine_user_find(uint32_t *ret_uid, uint32_t *ret_gid)
{
	const struct passwd *user = getpwnam("keisoku");

	if (user == NULL || user->pw_uid == 0)
		return false;
	*ret_uid = user->pw_uid;
	*ret_gid = user->pw_gid;
	return true;
}

int confine_user(uint32_t *ret_missing, struct why *why)
{
	uint32_t uid, gid;

	if (geteuid() != 0)
		return KS_OK;
	if (!confine_user_find(&uid, &gid)) {
		*ret_missing |= MISSING_USER;
		return KS_OK;
	}
	if (setgroups(0, NULL) != 0 || setresgid(gid, gid, gid) != 0 ||
	    setresuid(uid, uid, uid) != 0)
		return fail(why, KS_IO, "can not become user keisoku: %s", strerror(errno));
	if (setuid(0) == 0) /* it must not come back */
		return fail(why, KS_IO, "user keisoku can become root again");
	return KS_OK;
}

static int limit_set(__rlimit_resource_t what, uint64_t most)
{
	struct rlimit limit;

	if (getrlimit(what, &limit) != 0)
		return -1;
	if (limit.rlim_max < most)
		return 0; /* already tighter */
	limit.rlim_cur = limit.rlim_max = most;
	return setrlimit(what, &limit);
}

/* Raising the soft limit to the hard one: a poller holds a descriptor a device. */
static void descriptors_raise(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
		return;
	if (limit.rlim_max > 65536) /* as RLIM_INFINITY is */
		limit.rlim_max = 65536;
	limit.rlim_cur = limit.rlim_max;
	(void)setrlimit(RLIMIT_NOFILE, &limit);
}

static int limits_set(const struct confine *confine, struct why *why)
{
	descriptors_raise();
	if (limit_set(RLIMIT_CORE, 0) != 0)
		return fail(why, KS_IO, "core dumps can not be ruled out: %s", strerror(errno));
	if (confine->memory_bytes > 0 && !SANITIZED)
		(void)limit_set(RLIMIT_DATA, confine->memory_bytes);
	return KS_OK;
}

static void capabilities_drop(uint32_t *ret_missing)
{
	capng_clear(CAPNG_SELECT_ALL);
	if (capng_apply(CAPNG_SELECT_ALL) == 0)
		return;
	/* without CAP_SETPCAP the bounding set stays: nothing can be had from it, as new
	 * privileges are ruled out; the sets in force still fall */
	capng_clear(CAPNG_SELECT_CAPS);
	if (capng_apply(CAPNG_SELECT_CAPS) != 0)
		*ret_missing |= MISSING_CAPABILITIES;
}

int confine_role(enum role role, const struct confine *confine, uint32_t *ret_missing,
    struct why *why)
{
	uint32_t missing = SANITIZED ? MISSING_SANITIZER : 0;
	int code;

	if (confine->keep_fd >= 0 && close_range((unsigned)confine->keep_fd + 1, ~0U, 0) != 0)
		return fail(why, KS_IO, "foreign descriptors stay open: %s", strerror(errno));
	if ((code = limits_set(confine, why)) != KS_OK)
		return code;
	capng_setpid(getpid());
	if (geteuid() == 0) { /* the bounding set falls while there is CAP_SETPCAP */
		capng_get_caps_process();
		capng_clear(CAPNG_SELECT_BOUNDS);
		(void)capng_apply(CAPNG_SELECT_BOUNDS);
	}
	if ((code = confine_user(&missing, why)) != KS_OK)
		return code;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		missing |= MISSING_NO_NEW_PRIVS;
	if (!SANITIZED && prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0)
		return fail(why, KS_IO, "memory stays readable to others: %s", strerror(errno));
	if ((code = landlock_apply(role, confine, &missing, why)) != KS_OK)
		return code;
	capabilities_drop(&missing);
	if ((code = syscalls_allow(role, &missing, why)) != KS_OK)
		return code;
	*ret_missing |= missing;
	return KS_OK;
}
