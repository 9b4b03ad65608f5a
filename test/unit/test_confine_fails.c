/* test/unit/test_confine_fails.c - what a kernel, a library or a machine does not do of the
 * confinement is said in bits or ends the role; nothing is passed over, and all falls in its
 * order.  Nothing here is confined: the calls are watched, and fail when they are told to. */
#include "harness.h"
#include "guard/confine.h"
#include <cap-ng.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <pwd.h>
#include <seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { CALLS = 400, RULES = 8192, FOR_EVER = 100000 };

/* The machine as it shall be, and what was asked of it. */
static struct {
	/* asked */
	const char *calls[CALLS];
	size_t calls_n;
	size_t rules_n;
	uint64_t handled[3]; /* files, ports, scopes */
	size_t handled_bytes;
	struct rlimit set[RLIM_NLIMITS];
	/* to be */
	const char *fails; /* calls that begin so: after so many that work, so often */
	int after, times, error;
	uid_t uid;
	bool user, sanitized;
	uid_t user_uid;
	int abi;
	rlim_t most;
} m;

static struct {
	char path[300];
	uint64_t rights;
} rules[RULES];

/* Written down; false: it shall fail. */
static bool works(const char *call)
{
	if (m.calls_n < CALLS)
		m.calls[m.calls_n++] = call;
	if (m.fails == NULL || strncmp(call, m.fails, strlen(m.fails)) != 0 || m.after-- > 0 ||
	    m.times-- <= 0)
		return true;
	errno = m.error;
	return false;
}

/* -- the calls -------------------------------------------------------------------------------- */

uid_t __wrap_geteuid(void);
uid_t __wrap_geteuid(void)
{
	return m.uid;
}

struct passwd *__wrap_getpwnam(const char *name);
struct passwd *__wrap_getpwnam(const char *name)
{
	static struct passwd user;

	assert_string_equal(name, "keisoku");
	user = (struct passwd){ .pw_uid = m.user_uid, .pw_gid = m.user_uid + 1 };
	return m.user ? &user : NULL;
}

int __wrap_setgroups(size_t n, const gid_t *groups);
int __wrap_setgroups(size_t n, const gid_t *groups)
{
	assert_true(n == 0 && groups == NULL);
	return works("setgroups") ? 0 : -1;
}

int __wrap_setresgid(gid_t real, gid_t now, gid_t saved);
int __wrap_setresgid(gid_t real, gid_t now, gid_t saved)
{
	assert_true(real == m.user_uid + 1 && now == real && saved == real);
	return works("setresgid") ? 0 : -1;
}

int __wrap_setresuid(uid_t real, uid_t now, uid_t saved);
int __wrap_setresuid(uid_t real, uid_t now, uid_t saved)
{
	assert_true(real == m.user_uid && now == real && saved == real);
	return works("setresuid") ? 0 : -1;
}

/* It "works" when the kernel refuses. */
int __wrap_setuid(uid_t uid);
int __wrap_setuid(uid_t uid)
{
	assert_int_equal(uid, 0);
	return works("setuid") ? -1 : 0;
}

static const char *limit_word(int what, bool set)
{
	switch (what) {
	case RLIMIT_NOFILE:
		return set ? "setrlimit files" : "getrlimit files";
	case RLIMIT_CORE:
		return set ? "setrlimit core" : "getrlimit core";
	default:
		assert_int_equal(what, RLIMIT_DATA);
		return set ? "setrlimit data" : "getrlimit data";
	}
}

int __wrap_getrlimit64(int what, struct rlimit *ret_limit);
int __wrap_getrlimit64(int what, struct rlimit *ret_limit)
{
	*ret_limit = (struct rlimit){ .rlim_cur = 1024, .rlim_max = m.most };
	return works(limit_word(what, false)) ? 0 : -1;
}

int __wrap_setrlimit64(int what, const struct rlimit *limit);
int __wrap_setrlimit64(int what, const struct rlimit *limit)
{
	m.set[what] = *limit;
	return works(limit_word(what, true)) ? 0 : -1;
}

int __wrap_prctl(int what, ...);
int __wrap_prctl(int what, ...)
{
	return works(what == PR_SET_NO_NEW_PRIVS ? "no new privileges" : "not dumpable") ? 0 : -1;
}

int __wrap_close_range(unsigned first, unsigned last, int flags);
int __wrap_close_range(unsigned first, unsigned last, int flags)
{
	assert_true(last == ~0U && flags == 0);
	assert_int_equal(first, 8);
	return works("close_range") ? 0 : -1;
}

int __wrap_capng_apply(capng_select_t set);
int __wrap_capng_apply(capng_select_t set)
{
	return works(set == CAPNG_SELECT_ALL ? "capabilities all" :
	    set == CAPNG_SELECT_BOUNDS ? "capabilities bounds" : "capabilities") ? 0 : -1;
}

bool __wrap_confine_sanitized(void);
bool __wrap_confine_sanitized(void)
{
	return m.sanitized;
}

DIR *__real_opendir(const char *path);
DIR *__wrap_opendir(const char *path);
DIR *__wrap_opendir(const char *path)
{
	return works("opendir") ? __real_opendir(path) : NULL;
}

int __real_fstat64(int fd, struct stat *ret_stat);
int __wrap_fstat64(int fd, struct stat *ret_stat);
int __wrap_fstat64(int fd, struct stat *ret_stat)
{
	return works("fstat") ? __real_fstat64(fd, ret_stat) : -1;
}

static long rule_add(const struct landlock_path_beneath_attr *rule)
{
	char link[64];

	assert_true(m.rules_n < RULES);
	(void)snprintf(link, sizeof link, "/proc/self/fd/%d", rule->parent_fd);
	ssize_t n = readlink(link, rules[m.rules_n].path, sizeof rules->path - 1);

	assert_true(n > 0);
	rules[m.rules_n].path[n] = '\0';
	rules[m.rules_n++].rights = rule->allowed_access;
	/* as the kernel has it: only rights that were named as handled, and some */
	if ((rule->allowed_access & ~m.handled[0]) != 0)
		fail_msg("%s: %llx", rules[m.rules_n - 1].path, (unsigned long long)rule->allowed_access);
	return works("rule of landlock") ? 0 : -1;
}

long __wrap_syscall(long number, ...);
long __wrap_syscall(long number, ...)
{
	va_list list;
	const void *a;
	size_t b;

	va_start(list, number);
	if (number == SYS_landlock_create_ruleset) {
		a = va_arg(list, const void *);
		b = va_arg(list, size_t);
		va_end(list);
		if (a == NULL)
			return works("version of landlock") ? m.abi : -1;
		memset(m.handled, 0, sizeof m.handled);
		memcpy(m.handled, a, b);
		m.handled_bytes = b;
		return works("new landlock") ? open("/dev/null", O_RDONLY | O_CLOEXEC) : -1;
	}
	if (number == SYS_landlock_add_rule) {
		(void)va_arg(list, int);
		(void)va_arg(list, int);
		a = va_arg(list, const void *);
		va_end(list);
		return rule_add(a);
	}
	va_end(list);
	assert_int_equal(number, SYS_landlock_restrict_self);
	return works("landlock") ? 0 : -1;
}

scmp_filter_ctx __real_seccomp_init(uint32_t action);
scmp_filter_ctx __wrap_seccomp_init(uint32_t action);
scmp_filter_ctx __wrap_seccomp_init(uint32_t action)
{
	return works(action == SCMP_ACT_ALLOW ? "filter allows" : action == SCMP_ACT_KILL_PROCESS ?
	    "filter kills" : "filter refuses") ? __real_seccomp_init(action) : NULL;
}

int __wrap_seccomp_rule_add(scmp_filter_ctx filter, uint32_t action, int call, unsigned n, ...);
int __wrap_seccomp_rule_add(scmp_filter_ctx filter, uint32_t action, int call, unsigned n, ...)
{
	struct scmp_arg_cmp args[6];
	va_list list;

	assert_true(n <= 6);
	va_start(list, n);
	for (unsigned i = 0; i < n; i++)
		args[i] = va_arg(list, struct scmp_arg_cmp);
	va_end(list);
	if (!works("rule of seccomp"))
		return -m.error;
	return seccomp_rule_add_array(filter, action, call, n, args);
}

int __wrap_seccomp_load(scmp_filter_ctx filter);
int __wrap_seccomp_load(scmp_filter_ctx filter)
{
	(void)filter;
	return works("seccomp") ? 0 : -m.error;
}

/* -- a machine on which all works ------------------------------------------------------------- */

static int anew(void **state)
{
	(void)state;
	memset(&m, 0, sizeof m);
	m.user = true;
	m.user_uid = 997;
	m.abi = 6;
	m.most = 4096;
	return 0;
}

static const struct confine plain = { .state = NULL, .keep_fd = 7, .memory_bytes = 1 << 20 };

/* This build's own bit, which the library itself can not hide. */
static uint32_t own_missing(void)
{
#ifdef __SANITIZE_ADDRESS__
	return MISSING_SANITIZER;
#else
	return 0;
#endif
}

static size_t place_of(const char *call)
{
	for (size_t i = 0; i < m.calls_n; i++)
		if (strcmp(m.calls[i], call) == 0)
			return i;
	fail_msg("%s was never called", call);
	return 0;
}

static bool was_called(const char *call)
{
	for (size_t i = 0; i < m.calls_n; i++)
		if (strcmp(m.calls[i], call) == 0)
			return true;
	return false;
}

static void all_falls_in_its_order(void **state)
{
	static const char *const order[][2] = {
		{ "close_range", "landlock" }, { "setrlimit core", "setresuid" },
		/* capabilities can be dropped for good only by who has them */
		{ "capabilities bounds", "setresuid" },
		/* groups and group while still root */
		{ "setgroups", "setresgid" }, { "setresgid", "setresuid" }, { "setresuid", "setuid" },
		/* neither Landlock nor seccomp without it */
		{ "no new privileges", "landlock" }, { "no new privileges", "seccomp" },
		{ "version of landlock", "new landlock" }, { "new landlock", "rule of landlock" },
		{ "rule of landlock", "landlock" },
		/* what the filter forbids is done before */
		{ "landlock", "seccomp" }, { "setuid", "seccomp" }, { "capabilities all", "seccomp" },
		{ "rule of seccomp", "seccomp" },
	};
	struct why why;
	uint32_t missing = 0;

	(void)state;
	assert_int_equal(confine_role(ROLE_CORE, &plain, &missing, &why), KS_OK);
	assert_int_equal(missing, own_missing());
	for (size_t i = 0; i < sizeof order / sizeof *order; i++)
		assert_true(place_of(order[i][0]) < place_of(order[i][1]));
	assert_int_equal(place_of("seccomp"), m.calls_n - 1);
	assert_int_equal(m.set[RLIMIT_CORE].rlim_max, 0);
	/* the bits add to what was known before */
	anew(NULL);
	missing = MISSING_MEMORY_LOCK;
	m.abi = 3;
	assert_int_equal(confine_role(ROLE_CORE, &plain, &missing, &why), KS_OK);
	assert_int_equal(missing, own_missing() | MISSING_MEMORY_LOCK | MISSING_LANDLOCK_NET);
}

/* Each call that may fail, and what then is said. */
static void what_fails_is_said(void **state)
{
	enum { LANDLOCK = MISSING_LANDLOCK, NET = MISSING_LANDLOCK_NET };
	static const struct {
		const char *call;
		int after, times, error, code;
		uint32_t missing;
		const char *says;
	} rows[] = {
		{ "close_range", 0, 1, EMFILE, KS_IO, 0, "foreign descriptors stay open: Too many" },
		{ "getrlimit files", 0, 1, EPERM, KS_OK, 0, NULL },
		{ "setrlimit files", 0, 1, EPERM, KS_OK, 0, NULL },
		{ "getrlimit core", 0, 1, EPERM, KS_IO, 0, "core dumps can not be ruled out: Operation" },
		{ "setrlimit core", 0, 1, EPERM, KS_IO, 0, "core dumps can not be ruled out" },
		{ "setgroups", 0, 1, EPERM, KS_IO, 0, "can not become user keisoku: Operation" },
		{ "setresgid", 0, 1, EAGAIN, KS_IO, 0, "can not become user keisoku: Resource" },
		{ "setresuid", 0, 1, EAGAIN, KS_IO, 0, "can not become user keisoku: Resource" },
		{ "setuid", 0, 1, 0, KS_IO, 0, "user keisoku can become root again" },
		{ "no new privileges", 0, 1, EINVAL, KS_OK, MISSING_NO_NEW_PRIVS, NULL },
		{ "version of landlock", 0, 1, ENOSYS, KS_OK, LANDLOCK | NET, NULL },
		{ "new landlock", 0, 1, EINVAL, KS_OK, LANDLOCK, NULL },
		{ "rule of landlock", 0, 1, EINVAL, KS_IO, 0, " can not be allowed: Invalid" },
		{ "landlock", 0, 1, EPERM, KS_OK, LANDLOCK, NULL },
		{ "capabilities bounds", 0, 1, EPERM, KS_OK, 0, NULL },
		{ "capabilities all", 0, 1, EPERM, KS_OK, 0, NULL }, /* those in force still fall */
		{ "filter kills", 0, 1, 0, KS_FULL, 0, "out of memory" },
		{ "rule of seccomp", 0, 1, ENOMEM, KS_IO, 0, "system calls can not be bounded: Cannot" },
		{ "rule of seccomp", 0, 1, EEXIST, KS_OK, 0, NULL }, /* two lists name it */
		{ "seccomp", 0, 1, EFAULT, KS_IO, 0, "system calls can not be bounded: Bad" },
		{ "seccomp", 0, 1, EINVAL, KS_OK, MISSING_SECCOMP, NULL },
		{ "seccomp", 0, 1, ENOSYS, KS_OK, MISSING_SECCOMP, NULL },
		{ "seccomp", 0, 1, ECANCELED, KS_OK, MISSING_SECCOMP, NULL },
		{ "seccomp", 0, 1, EACCES, KS_OK, MISSING_SECCOMP, NULL },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct why why = { .text = "" };
		uint32_t missing = 0;

		anew(state);
		m.fails = rows[i].call;
		m.after = rows[i].after;
		m.times = rows[i].times;
		m.error = rows[i].error;
		int code = confine_role(ROLE_PAGE, &plain, &missing, &why);

		if (code != rows[i].code || !was_called(rows[i].call))
			fail_msg("%s: %d %s", rows[i].call, code, why.text);
		if (code != KS_OK)
			assert_non_null(strstr(why.text, rows[i].says));
		assert_int_equal(missing, code == KS_OK ? rows[i].missing | own_missing() : 0);
	}
}

/* No rule of a filter may be left out unseen, whichever it is. */
static void no_rule_is_left_out(void **state)
{
	static const enum role roles[] = { ROLE_POLLER, ROLE_PAGE, ROLE_RUNNER };

	for (size_t i = 0; i < sizeof roles / sizeof *roles; i++) {
		int code = KS_IO, after = 0;

		for (; code != KS_OK; after++) {
			uint32_t missing = 0;

			anew(state);
			m.fails = "rule of seccomp";
			m.after = after;
			m.times = 1;
			m.error = ENOMEM;
			code = syscalls_allow(roles[i], &missing, NULL);
			assert_true(code == KS_OK ? m.times == 1 : code == KS_IO);
			assert_int_equal(was_called("seccomp"), code == KS_OK);
			assert_int_equal(missing, 0);
		}
		assert_true(after > 30);
	}
}

/* The bounding set may stay: without new privileges nothing is had from it. */
static void capabilities_that_stay_are_said(void **state)
{
	static const struct {
		const char *fails;
		bool tried; /* those in force alone */
		uint32_t missing;
	} rows[] = { { "capabilities bounds", false, 0 }, { "capabilities all", true, 0 },
		{ "capabilities", true, MISSING_CAPABILITIES } };

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		uint32_t missing = 0;

		anew(state);
		m.fails = rows[i].fails;
		m.times = FOR_EVER;
		assert_int_equal(confine_role(ROLE_EAR, &plain, &missing, NULL), KS_OK);
		assert_int_equal(was_called("capabilities"), rows[i].tried);
		assert_int_equal(missing, rows[i].missing | own_missing());
	}
}

static void who_runs_it(void **state)
{
	static const struct {
		uid_t uid;
		bool user;
		uid_t user_uid;
		bool becomes;
		uint32_t missing;
	} rows[] = {
		{ 0, true, 997, true, 0 },
		{ 0, false, 0, false, MISSING_USER },
		{ 0, true, 0, false, MISSING_USER }, /* a "keisoku" that is root is no such user */
		{ 1000, true, 997, false, 0 },	     /* whoever started it, it stays */
		{ 1000, false, 0, false, 0 },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		uint32_t missing = 0;

		anew(state);
		m.uid = rows[i].uid;
		m.user = rows[i].user;
		m.user_uid = rows[i].user_uid;
		assert_int_equal(confine_role(ROLE_CORE, &plain, &missing, NULL), KS_OK);
		assert_int_equal(was_called("setresuid"), rows[i].becomes);
		assert_int_equal(was_called("capabilities bounds"), rows[i].uid == 0);
		assert_int_equal(missing, rows[i].missing | own_missing());
	}
}

static void limits_are_never_widened(void **state)
{
	static const struct {
		rlim_t most, files;
		bool data_set;
	} rows[] = { { 4096, 4096, false }, { 65536, 65536, false }, { 1 << 20, 65536, true },
		{ (1 << 20) - 1, 65536, false }, { RLIM_INFINITY, 65536, true } };

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		uint32_t missing = 0;

		anew(state);
		m.most = rows[i].most;
		assert_int_equal(confine_role(ROLE_CORE, &plain, &missing, NULL), KS_OK);
		assert_int_equal(m.set[RLIMIT_NOFILE].rlim_cur, rows[i].files);
		if (own_missing() == 0)
			assert_int_equal(was_called("setrlimit data"), rows[i].data_set);
	}
	struct confine none = { .keep_fd = -1 };
	uint32_t missing = 0;

	anew(state);
	assert_int_equal(confine_role(ROLE_CORE, &none, &missing, NULL), KS_OK);
	assert_false(was_called("getrlimit data"));
	assert_false(was_called("close_range"));
	if (own_missing() == 0) {
		anew(state);
		m.fails = "not dumpable";
		m.times = 1;
		m.error = EINVAL;
		assert_int_equal(confine_role(ROLE_CORE, &none, &missing, NULL), KS_IO);
	}
}

/* -- Landlock --------------------------------------------------------------------------------- */

/* Older kernels know fewer rights; asking for more than they know would be refused whole. */
static void each_kernel_is_asked_what_it_knows(void **state)
{
	static const struct {
		int abi;
		uint64_t files, ports, ports_of_poller, scopes;
		size_t bytes;
		uint32_t missing;
	} rows[] = {
		{ 1, 0x1fff, 0, 0, 0, 8, MISSING_LANDLOCK_NET },
		{ 2, 0x3fff, 0, 0, 0, 8, MISSING_LANDLOCK_NET },
		{ 3, 0x7fff, 0, 0, 0, 8, MISSING_LANDLOCK_NET },
		{ 4, 0x7fff, 3, 1, 0, 16, 0 },
		{ 5, 0xffff, 3, 1, 0, 16, 0 },
		{ 6, 0xffff, 3, 1, 3, 24, 0 },
		{ 9, 0xffff, 3, 1, 3, 24, 0 },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		for (unsigned role = 0; role < ROLES; role++) {
			uint32_t missing = 0;

			anew(state);
			m.abi = rows[i].abi;
			assert_int_equal(landlock_apply(role, &plain, &missing, NULL), KS_OK);
			assert_int_equal(m.handled[0], rows[i].files);
			assert_int_equal(m.handled[1], role_may(role, RIGHT_CONNECT) ?
			    rows[i].ports_of_poller : rows[i].ports);
			assert_int_equal(m.handled[2], rows[i].scopes);
			assert_int_equal(m.handled_bytes, rows[i].bytes);
			assert_int_equal(missing, rows[i].missing);
		}
	anew(state);
	m.abi = 0;
	uint32_t missing = 0;

	assert_int_equal(landlock_apply(ROLE_CORE, &plain, &missing, NULL), KS_OK);
	assert_int_equal(missing, MISSING_LANDLOCK | MISSING_LANDLOCK_NET);
	assert_false(was_called("landlock"));
}

static char base[] = "/tmp/keisoku-lock-XXXXXX";
static char store[128];

/* Everything under the path, or the path itself. */
static bool covers(const char *rule, const char *path)
{
	size_t n = strcmp(rule, "/") == 0 ? 0 : strlen(rule);

	return strncmp(rule, path, n) == 0 && (path[n] == '/' || path[n] == '\0');
}

static uint64_t rights_on(const char *path)
{
	uint64_t rights = 0;

	for (size_t i = 0; i < m.rules_n; i++)
		rights |= covers(rules[i].path, path) ? rules[i].rights : 0;
	return rights;
}

/* The store is written by core, read by the page, and for the others it is not there. */
static void who_sees_the_store(void **state)
{
	const struct confine confine = { .state = store, .keep_fd = 7 };
	char beside[160], above[160];

	(void)snprintf(beside, sizeof beside, "%s/beside", base);
	(void)snprintf(above, sizeof above, "%s/deep/other", base);
	for (unsigned role = 0; role < ROLES; role++) {
		uint32_t missing = 0;

		anew(state);
		assert_int_equal(landlock_apply(role, &confine, &missing, NULL), KS_OK);
		uint64_t rights = rights_on(store);

		assert_int_equal((rights & LANDLOCK_ACCESS_FS_WRITE_FILE) != 0, role_may(role, RIGHT_WRITE));
		assert_int_equal((rights & LANDLOCK_ACCESS_FS_READ_FILE) != 0, role_may(role, RIGHT_READ));
		assert_int_equal(rights & LANDLOCK_ACCESS_FS_EXECUTE, 0);
		/* a command of the user's may lie anywhere else */
		bool spawns = role_may(role, RIGHT_SPAWN);

		assert_int_equal((rights_on(beside) & LANDLOCK_ACCESS_FS_EXECUTE) != 0, spawns);
		assert_int_equal((rights_on(above) & LANDLOCK_ACCESS_FS_EXECUTE) != 0, spawns);
		assert_int_equal((rights_on("/etc/passwd") & LANDLOCK_ACCESS_FS_READ_FILE) != 0, spawns);
		assert_int_equal((rights_on("/sys/class") & LANDLOCK_ACCESS_FS_READ_FILE) != 0,
		    spawns || role_may(role, RIGHT_SENSES));
		assert_true((rights_on("/dev/null") & LANDLOCK_ACCESS_FS_WRITE_FILE) != 0);
		/* nobody else writes a file of a disk */
		if (!role_may(role, RIGHT_WRITE))
			assert_int_equal(rights_on(beside) & LANDLOCK_ACCESS_FS_WRITE_FILE, 0);
	}
}

/* No state folder (yet): there is nothing to hide from a command. */
static void without_a_store(void **state)
{
	static const char *const states[] = { NULL, "/tmp/no/such/folder" };

	for (size_t i = 0; i < 2; i++) {
		const struct confine confine = { .state = states[i], .keep_fd = 7 };
		uint32_t missing = 0;

		anew(state);
		assert_int_equal(landlock_apply(ROLE_RUNNER, &confine, &missing, NULL), KS_OK);
		assert_true((rights_on("/") & LANDLOCK_ACCESS_FS_EXECUTE) != 0);
		anew(state);
		assert_int_equal(landlock_apply(ROLE_CORE, &confine, &missing, NULL), KS_OK);
		assert_int_equal(rights_on("/tmp/no"), 0);
	}
}

/* What can not be looked at is not allowed; what can not be allowed ends the role. */
static void along_the_way_to_the_store(void **state)
{
	const struct confine confine = { .state = store, .keep_fd = 7 };
	char beside[160];
	int code = KS_IO, after = 0;

	(void)snprintf(beside, sizeof beside, "%s/beside", base);
	for (unsigned call = 0; call < 2; call++) {
		uint32_t missing = 0;

		anew(state);
		m.fails = call == 0 ? "opendir" : "fstat";
		m.times = FOR_EVER;
		m.error = EACCES;
		assert_int_equal(landlock_apply(ROLE_RUNNER, &confine, &missing, NULL), KS_OK);
		assert_int_equal(rights_on(beside), 0);
		assert_int_equal(missing, 0);
	}
	for (; code != KS_OK; after += 1 + after / 4) {
		struct why why = { .text = "" };
		uint32_t missing = 0;

		anew(state);
		m.fails = "rule of landlock";
		m.after = after;
		m.times = 1;
		m.error = ENOMEM;
		code = landlock_apply(ROLE_RUNNER, &confine, &missing, &why);
		if (code == KS_OK)
			break;
		assert_int_equal(code, KS_IO);
		assert_non_null(strstr(why.text, "can not be allowed: Cannot allocate"));
		assert_false(was_called("landlock"));
	}
	assert_true(after > 20);
}

/* A test build reads more of /proc, is allowed more calls, and is refused instead of killed. */
static void a_test_build_is_wider(void **state)
{
	uint32_t missing = 0;

	for (unsigned sanitized = 0; sanitized < 2; sanitized++) {
		anew(state);
		m.sanitized = sanitized != 0;
		assert_int_equal(landlock_apply(ROLE_CORE, &plain, &missing, NULL), KS_OK);
		assert_int_equal((rights_on("/proc") & LANDLOCK_ACCESS_FS_READ_FILE) != 0, sanitized);
		assert_int_equal(syscalls_allow(ROLE_CORE, &missing, NULL), KS_OK);
		assert_int_equal(was_called("filter kills"), !sanitized);
		assert_int_equal(was_called("filter refuses"), sanitized);
		assert_int_equal(syscalls_allow(ROLE_RUNNER, &missing, NULL), KS_OK);
		assert_true(was_called("filter allows"));
	}
	assert_int_equal(missing, 0);
}

static void every_bit_has_its_sentence(void **state)
{
	(void)state;
	for (unsigned i = 0; i < MISSING_BITS; i++) {
		assert_true(strlen(missing_sentence(1U << i)) > 10);
		for (unsigned k = 0; k < i; k++)
			assert_string_not_equal(missing_sentence(1U << i), missing_sentence(1U << k));
	}
	assert_string_equal(missing_sentence(1U << MISSING_BITS), "");
	assert_string_equal(missing_sentence(0), "");
}

static int folders_make(void **state)
{
	static const char *const parts[] = { "", "/beside", "/deep", "/deep/other", "/deep/store" };

	(void)state;
	if (mkdtemp(base) == NULL)
		return -1;
	for (size_t i = 1; i < sizeof parts / sizeof *parts; i++) {
		(void)snprintf(store, sizeof store, "%s%s", base, parts[i]);
		if (mkdir(store, 0755) != 0)
			return -1;
	}
	return 0;
}

static int folders_drop(void **state)
{
	char command[128];

	(void)state;
	(void)snprintf(command, sizeof command, "rm -rf '%s'", base);
	return system(command);
}

int main(void)
{
#define T(test) cmocka_unit_test_setup(test, anew)
	const struct CMUnitTest tests[] = {
		T(all_falls_in_its_order),
		T(what_fails_is_said),
		T(no_rule_is_left_out),
		T(capabilities_that_stay_are_said),
		T(who_runs_it),
		T(limits_are_never_widened),
		T(each_kernel_is_asked_what_it_knows),
		T(who_sees_the_store),
		T(without_a_store),
		T(along_the_way_to_the_store),
		T(a_test_build_is_wider),
		T(every_bit_has_its_sentence),
	};

	return cmocka_run_group_tests(tests, folders_make, folders_drop);
}
