/* test/unit/test_confine.c - what each role can not do, tried for real in a child that
 * is confined as that role is.  What this kernel does not offer is skipped aloud. */
#include "harness.h"
#include "guard/confine.h"
#include "guard/secret.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char folder[] = "/tmp/keisoku-confine-XXXXXX";
static char inside[64], outside[] = "/etc/hostname";

enum { DONE = 0, REFUSED = 10, NOT_CONFINED = 11, SKIPPED = 12 };

/* The child's exit code, or minus the signal that ended it. */
static int as_role(enum role role, int (*deed)(void))
{
	pid_t child = fork();
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
	return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

static int opens_socket(void)
{
	return socket(AF_INET, SOCK_STREAM, 0) >= 0 ? DONE : REFUSED;
}

static int starts_program(void)
{
	char *const argv[] = { (char *)(uintptr_t)"/bin/true", NULL };

	(void)execv(argv[0], argv);
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

static void a_secret_others_may_read_is_refused(void **state)
{
	(void)state;
	char path[96];
	struct secret secret = { .at = NULL }, copy = { .at = NULL };
	struct why why = { .fmt = NULL };
	int sealed = -1;

	(void)snprintf(path, sizeof path, "%s/secret", folder);
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	(void)fputs("public but not known\n", file);
	(void)fclose(file);
	assert_int_equal(secret_init(NULL), KS_OK);
	assert_int_equal(chmod(path, 0640), 0);
	assert_int_equal(secret_fetch(path, &secret, &why), KS_REFUSED);
	assert_non_null(strstr(why.text, "chmod 600"));
	assert_null(secret.at);
	assert_int_equal(chmod(path, 0600), 0);
	assert_int_equal(secret_fetch(path, &secret, &why), KS_OK);
	assert_true(span_equal(secret_span(&secret), "public but not known"));
	assert_int_equal(secret_seal(&secret, &sealed, &why), KS_OK);
	assert_int_equal(write(sealed, "x", 1), -1); /* sealed */
	assert_int_equal(secret_open(sealed, secret.bytes, &copy, &why), KS_OK);
	assert_true(span_equal(secret_span(&copy), "public but not known"));
	(void)close(sealed);
	secret_wipe(&secret);
	secret_wipe(&copy);
	assert_null(secret.at);
	/* a credential of systemd goes by its bare name */
	assert_int_equal(setenv("CREDENTIALS_DIRECTORY", folder, 1), 0);
	assert_int_equal(secret_fetch("secret", &secret, &why), KS_OK);
	secret_wipe(&secret);
	assert_int_equal(secret_fetch("no-such", &secret, &why), KS_ABSENT);
	(void)unsetenv("CREDENTIALS_DIRECTORY");
	(void)unlink(path);
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
		cmocka_unit_test(a_secret_others_may_read_is_refused),
	};

	return cmocka_run_group_tests(tests, folder_make, folder_drop);
}
