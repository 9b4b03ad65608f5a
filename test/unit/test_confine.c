/* test/unit/test_confine.c - what each role can not do, tried for real in a child that
 * is confined as that role is.  What this kernel does not offer is skipped aloud. */
#include "harness.h"
#include "guard/confine.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static char folder[] = "/tmp/keisoku-confine-XXXXXX";
static char inside[64], outside[] = "/etc/hostname";

enum { DONE = 0, REFUSED = 10, NOT_CONFINED = 11, SKIPPED = 12 };

/* The child's exit code, or minus the signal that ended it.  It shares our memory, so that
 * coverage counts what it does; and with the memory the word that nobody may dump it. */
static int as_role(enum role role, int (*deed)(void))
{
	pid_t child = vfork();
	int status = 0;

	assert_true(child >= 0);
	if (child == 0) {
		struct confine confine = { .state = folder, .keep_fd = -1 };
		uint32_t missing = 0;
		struct why why = { .fmt = NULL };

		if (confine_role(role, &confine, &missing, &why) != KS_OK) {
			fprintf(stderr, "%s\n", why.text);
			_exit(NOT_CONFINED);
		}
		if ((missing & (MISSING_LANDLOCK | MISSING_SECCOMP)) != 0)
			_exit(SKIPPED);
		_exit(deed());
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(prctl(PR_SET_DUMPABLE, 1, 0, 0, 0), 0);
	return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

static int opens_socket(void)
{
	return socket(AF_INET, SOCK_STREAM, 0) >= 0 ? DONE : REFUSED;
}

static int starts_program(void)
{
	char *const argv[] = { (char *)(uintptr_t)"/bin/true", NULL };

	/* not execv(): a build that counts would write and clear all counts first */
	(void)syscall(SYS_execve, argv[0], argv, environ);
	return REFUSED;
}

static int reads_outside(void)
{
	return open(outside, O_RDONLY) >= 0 ? DONE : REFUSED;
}

static int reads_inside(void)
{
	return open(inside, O_RDONLY) >= 0 ? DONE : REFUSED;
}

static int writes_inside(void)
{
	int fd = open(inside, O_WRONLY);

	return fd >= 0 && write(fd, "x", 1) == 1 ? DONE : REFUSED;
}

static int makes_inside(void)
{
	char path[96];

	(void)snprintf(path, sizeof path, "%s/new", folder);
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0600);
	bool made = fd >= 0 && fsync(fd) == 0 && unlink(path) == 0;

	return made ? DONE : REFUSED;
}

static int takes_root_back(void)
{
	return setuid(0) == 0 && geteuid() == 0 && chown(folder, 12345, 12345) == 0 ? DONE : REFUSED;
}

static int gives_away(void)
{
	int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	int gone = fd >= 0 ? fchown(fd, 0, 0) : -1;

	(void)close(fd);
	return gone == 0 ? DONE : REFUSED;
}

static int makes_code(void)
{
	return mmap(NULL, 4096, PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) !=
	    MAP_FAILED ? DONE : REFUSED;
}

static int makes_data(void)
{
	return mmap(NULL, 4096, PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED ?
	    DONE : REFUSED;
}

/* Typing into the terminal of who started it. */
static int types_for_others(void)
{
	(void)ioctl(0, TIOCSTI, "x");
	return DONE;
}

static int takes_more(void)
{
	const struct rlimit limit = { 5, 5 };

	return prlimit(0, RLIMIT_NOFILE, &limit, NULL) == 0 ? DONE : REFUSED;
}

static int looks_into_others(void)
{
	return ptrace(PTRACE_ATTACH, getppid(), NULL, NULL) == 0 ? DONE : REFUSED;
}

/* A build with sanitizers refuses what others die of. */
static int killed(void)
{
	return confine_sanitized() ? REFUSED : -SIGSYS;
}

static void is(int got, int want)
{
	if (got == SKIPPED) {
		print_message("this kernel has no Landlock or no seccomp: SKIP\n");
		skip();
	}
	assert_int_equal(got, want);
}

static void core_has_no_network(void **state)
{
	(void)state;
	is(as_role(ROLE_CORE, opens_socket), killed());
	is(as_role(ROLE_CORE, starts_program), killed());
	is(as_role(ROLE_CORE, reads_outside), REFUSED);
	is(as_role(ROLE_CORE, writes_inside), DONE);
	is(as_role(ROLE_CORE, makes_inside), DONE);
}

static void page_reads_and_never_writes(void **state)
{
	(void)state;
	is(as_role(ROLE_PAGE, opens_socket), killed());
	is(as_role(ROLE_PAGE, starts_program), killed());
	is(as_role(ROLE_PAGE, reads_outside), REFUSED);
	is(as_role(ROLE_PAGE, reads_inside), DONE);
	is(as_role(ROLE_PAGE, writes_inside), REFUSED);
	is(as_role(ROLE_PAGE, makes_inside), REFUSED);
	is(as_role(ROLE_PAGE, gives_away), REFUSED); /* SQLite asks, and must live */
}

static void poller_connects_and_sees_no_store(void **state)
{
	(void)state;
	is(as_role(ROLE_POLLER, opens_socket), DONE);
	is(as_role(ROLE_POLLER, starts_program), killed());
	is(as_role(ROLE_POLLER, reads_inside), REFUSED);
	is(as_role(ROLE_POLLER, makes_inside), REFUSED);
}

static void runner_runs_but_sees_no_store(void **state)
{
	(void)state;
	is(as_role(ROLE_RUNNER, starts_program), DONE);
	is(as_role(ROLE_RUNNER, reads_outside), DONE);
	is(as_role(ROLE_RUNNER, reads_inside), REFUSED);
	is(as_role(ROLE_RUNNER, makes_inside), REFUSED);
	is(as_role(ROLE_RUNNER, takes_root_back), REFUSED);
}

/* What no role that meets strangers has any use for; the sanitizers have. */
static void tools_of_an_intruder(void **state)
{
	static const enum role roles[] = { ROLE_POLLER, ROLE_CORE, ROLE_PAGE, ROLE_EAR, ROLE_COURIER };
	static int (*const deeds[])(void) = { makes_code, types_for_others, takes_more, looks_into_others };

	(void)state;
	is(as_role(ROLE_RUNNER, looks_into_others), REFUSED);
	for (size_t i = 0; i < sizeof roles / sizeof *roles; i++) {
		is(as_role(roles[i], makes_data), DONE);
		for (size_t k = 0; !confine_sanitized() && k < sizeof deeds / sizeof *deeds; k++)
			is(as_role(roles[i], deeds[k]), -SIGSYS);
	}
}

static int folder_make(void **state)
{
	(void)state;
	if (mkdtemp(folder) == NULL)
		return -1;
	(void)snprintf(inside, sizeof inside, "%s/store", folder);
	int fd = open(inside, O_WRONLY | O_CREAT, 0666);

	(void)close(fd);
	return chmod(inside, 0666) == 0 && chmod(folder, 0777) == 0 ? 0 : -1;
}

static int folder_drop(void **state)
{
	(void)state;
	(void)unlink(inside);
	return rmdir(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(core_has_no_network),
		cmocka_unit_test(page_reads_and_never_writes),
		cmocka_unit_test(poller_connects_and_sees_no_store),
		cmocka_unit_test(runner_runs_but_sees_no_store),
		cmocka_unit_test(tools_of_an_intruder),
	};

	return cmocka_run_group_tests(tests, folder_make, folder_drop);
}
