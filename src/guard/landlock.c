/* src/guard/landlock.c - which files and ports a role may touch at all (landlock(7)).
 * Raw system calls: the C library of Debian 12 knows none of them, and its header
 * stops at ABI 2, so later rights are named here. */
#include "guard/confine.h"
#include "base/drop.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/landlock.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { /* rights of later ABIs */
	FS_TRUNCATE = 1 << 14,	/* ABI 3 */
	FS_IOCTL_DEV = 1 << 15, /* ABI 5 */
	NET_BIND_TCP = 1 << 0,	/* ABI 4 */
	NET_CONNECT_TCP = 1 << 1,
	SCOPE_ABSTRACT = 1 << 0, /* ABI 6 */
	SCOPE_SIGNAL = 1 << 1,
};

struct ruleset_attr { /* struct landlock_ruleset_attr of ABI 6 */
	uint64_t fs, net, scoped;
};

enum {
	FS_ALL_ABI1 = (1 << 13) - 1,
	FS_READ = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR,
	FS_WRITE = FS_READ | LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_FILE |
	    LANDLOCK_ACCESS_FS_REMOVE_DIR | LANDLOCK_ACCESS_FS_MAKE_DIR |
	    LANDLOCK_ACCESS_FS_MAKE_REG | FS_TRUNCATE | LANDLOCK_ACCESS_FS_REFER,
	FS_RUN = FS_READ | LANDLOCK_ACCESS_FS_EXECUTE,
	FS_FILE = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE |
	    LANDLOCK_ACCESS_FS_EXECUTE | FS_TRUNCATE | FS_IOCTL_DEV,
};

static uint64_t fs_handled(int abi)
{
	uint64_t all = FS_ALL_ABI1;

	if (abi >= 2)
		all |= LANDLOCK_ACCESS_FS_REFER;
	if (abi >= 3)
		all |= FS_TRUNCATE;
	if (abi >= 5)
		all |= FS_IOCTL_DEV;
	return all;
}

/* Nothing at that path is no failure: then there is nothing to allow. */
static int path_allow(int rules, const char *path, uint64_t rights, uint64_t handled,
    struct why *why)
{
	KS_DROP(fd) int fd = open(path, O_PATH | O_CLOEXEC);
	struct landlock_path_beneath_attr beneath = { .allowed_access = rights & handled,
		.parent_fd = fd };

	struct stat stat_;

	if (fd < 0 || fstat(fd, &stat_) != 0)
		return KS_OK;
	if (!S_ISDIR(stat_.st_mode)) /* a folder's rights make no sense on a file */
		beneath.allowed_access &= FS_FILE;
	if (syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &beneath, 0) != 0)
		return fail(why, KS_IO, "%s can not be allowed: %s", path, strerror(errno));
	return KS_OK;
}

struct path_row {
	const char *path;
	uint32_t rights; /* of the role: any of these opens the path */
	uint64_t fs;
};

/* What the C library and its friends read at run time, and what the senses are for. */
static const struct path_row path_rows[] = {
	{ "/usr/share/zoneinfo", ~0U, FS_READ },
	{ "/etc/localtime", ~0U, LANDLOCK_ACCESS_FS_READ_FILE },
	{ "/dev/urandom", ~0U, LANDLOCK_ACCESS_FS_READ_FILE },
	{ "/dev/null", ~0U, LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE },
	{ "/sys", RIGHT_SENSES, FS_READ },
	{ "/proc", RIGHT_SENSES, FS_READ },
	{ "/mnt", RIGHT_SENSES, FS_READ }, /* owfs is mounted there by custom */
	{ "/etc/resolv.conf", RIGHT_CONNECT, LANDLOCK_ACCESS_FS_READ_FILE },
	{ "/etc/hosts", RIGHT_CONNECT, LANDLOCK_ACCESS_FS_READ_FILE },
	{ "/etc/nsswitch.conf", RIGHT_CONNECT, LANDLOCK_ACCESS_FS_READ_FILE },
	{ "/etc/gai.conf", RIGHT_CONNECT, LANDLOCK_ACCESS_FS_READ_FILE },
	{ "/etc/host.conf", RIGHT_CONNECT, LANDLOCK_ACCESS_FS_READ_FILE },
	{ "/etc/services", RIGHT_CONNECT, LANDLOCK_ACCESS_FS_READ_FILE },
	{ "/run/systemd/resolve", RIGHT_CONNECT, FS_READ },
	{ "/etc/ssl", RIGHT_CONNECT, FS_READ },
	{ "/usr/share/ca-certificates", RIGHT_CONNECT, FS_READ },
	{ "/usr/local/share/ca-certificates", RIGHT_CONNECT, FS_READ },
	{ "/usr/lib", RIGHT_CONNECT, FS_RUN }, /* name service modules */
	{ "/lib", RIGHT_CONNECT, FS_RUN },
	{ "/lib64", RIGHT_CONNECT, FS_RUN },
	{ "/etc/ld.so.cache", RIGHT_CONNECT, LANDLOCK_ACCESS_FS_READ_FILE },
};

/* Everything in `folder` but the entry `but`. */
static int siblings_allow(int rules, const char *folder, struct span but, uint64_t handled,
    struct why *why)
{
	DIR *dir = opendir(folder);
	int code = KS_OK;

	for (struct dirent *at; dir != NULL && code == KS_OK && (at = readdir(dir)) != NULL;) {
		char path[1024];
		int n = snprintf(path, sizeof path, "%s/%s", folder, at->d_name);

		if (span_equal(but, at->d_name) || strcmp(at->d_name, "..") == 0 ||
		    strcmp(at->d_name, ".") == 0 || (size_t)n >= sizeof path)
			continue;
		code = path_allow(rules, path, FS_RUN, handled, why);
	}
	if (dir != NULL)
		(void)closedir(dir);
	return code;
}

/* A user's command may lie anywhere and read what its user may, but never the store:
 * along the way to it, all its neighbours are allowed. */
static int all_but_state(int rules, const char *state, uint64_t handled, struct why *why)
{
	char real[PATH_MAX], folder[PATH_MAX + 1] = "";
	int code = KS_OK;

	if (state == NULL || realpath(state, real) == NULL)
		return path_allow(rules, "/", FS_RUN, handled, why);
	struct span rest = span_text(real + 1);

	while (code == KS_OK && rest.left > 0) {
		struct span name = span_until(&rest, '/');
		size_t n = strlen(folder);

		code = siblings_allow(rules, n > 0 ? folder : "/", name, handled, why);
		(void)snprintf(folder + n, sizeof folder - n, "/%.*s", (int)name.left,
		    (const char *)name.at);
	}
	return code;
}

static int paths_allow(int rules, enum role role, const struct confine *confine,
    uint64_t handled, struct why *why)
{
	int code = KS_OK;

	for (size_t i = 0; code == KS_OK && i < sizeof path_rows / sizeof path_rows[0]; i++) {
		if ((role_rows[role].rights & path_rows[i].rights) != 0)
			code = path_allow(rules, path_rows[i].path, path_rows[i].fs, handled, why);
	}
	if (code == KS_OK && role_may(role, RIGHT_SPAWN))
		code = all_but_state(rules, confine->state, handled, why);
	if (code == KS_OK && role_may(role, RIGHT_SPAWN))
		code = path_allow(rules, "/dev", FS_READ | LANDLOCK_ACCESS_FS_WRITE_FILE |
			FS_IOCTL_DEV, handled, why);
	if (code == KS_OK && confine_sanitized())
		code = path_allow(rules, "/proc", FS_READ, handled, why);
	if (code != KS_OK || confine->state == NULL)
		return code;
	if (role_may(role, RIGHT_WRITE))
		return path_allow(rules, confine->state, FS_WRITE, handled, why);
	if (role_may(role, RIGHT_READ))
		return path_allow(rules, confine->state, FS_READ, handled, why);
	return KS_OK;
}

int landlock_apply(enum role role, const struct confine *confine, uint32_t *ret_missing,
    struct why *why)
{
	int abi = (int)syscall(SYS_landlock_create_ruleset, NULL, 0,
	    LANDLOCK_CREATE_RULESET_VERSION);

	if (abi < 1) {
		*ret_missing |= MISSING_LANDLOCK | MISSING_LANDLOCK_NET;
		return KS_OK;
	}
	struct ruleset_attr attr = { .fs = fs_handled(abi) };
	size_t size = abi >= 6 ? sizeof attr : abi >= 4 ? 16 : 8;

	/* nobody binds a port: the keeper hands sockets down; some never connect */
	attr.net = abi < 4 ? 0 : role_may(role, RIGHT_CONNECT) ? NET_BIND_TCP
	    : NET_BIND_TCP | NET_CONNECT_TCP;
	attr.scoped = abi < 6 ? 0 : SCOPE_ABSTRACT | SCOPE_SIGNAL;
	if (abi < 4)
		*ret_missing |= MISSING_LANDLOCK_NET;
	KS_DROP(fd) int rules = (int)syscall(SYS_landlock_create_ruleset, &attr, size, 0);

	if (rules < 0) {
		*ret_missing |= MISSING_LANDLOCK;
		return KS_OK;
	}
	int code = paths_allow(rules, role, confine, attr.fs, why);

	if (code != KS_OK)
		return code;
	if (syscall(SYS_landlock_restrict_self, rules, 0) != 0)
		*ret_missing |= MISSING_LANDLOCK;
	return KS_OK;
}
