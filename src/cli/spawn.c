/* src/cli/spawn.c - fork, exec, and the end of the whole group. */
#include "cli/spawn.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { SECRET_AT = 3, END_TRIES = 20, END_PAUSE_MS = 5 };

_Noreturn static void child_run(const char *const argv[], int secret_fd, int out)
{
	int none = open("/dev/null", O_RDWR | O_CLOEXEC);

	(void)setpgid(0, 0);
	/* above what is dup2'ed onto below, so that nothing is overwritten */
	out = fcntl(out, F_DUPFD_CLOEXEC, SECRET_AT + 1);
	if (secret_fd >= 0)
		secret_fd = fcntl(secret_fd, F_DUPFD_CLOEXEC, SECRET_AT + 1);
	if (none < 0 || out < 0 || dup2(none, 0) < 0 || dup2(out, 1) < 0 || dup2(none, 2) < 0 ||
	    (secret_fd >= 0 && dup2(secret_fd, SECRET_AT) < 0))
		_exit(126);
	(void)execvp(argv[0], (char *const *)(uintptr_t)argv);
	_exit(127);
}

static int spawn_start(void *user, const char *const argv[], int secret_fd, int *ret_out,
    int64_t *ret_child, struct why *why)
{
	int ends[2];
	pid_t pid;

	(void)user;
	if (pipe2(ends, O_CLOEXEC) != 0)
		return fail(why, KS_IO, "%s can not be started: %s", argv[0], strerror(errno));
	pid = fork();
	if (pid == 0)
		child_run(argv, secret_fd, ends[1]);
	(void)close(ends[1]);
	if (pid < 0) {
		(void)close(ends[0]);
		return fail(why, KS_IO, "%s can not be started: %s", argv[0], strerror(errno));
	}
	(void)setpgid(pid, pid);
	*ret_out = ends[0];
	*ret_child = pid;
	return KS_OK;
}

/* What has closed its output mostly ends at once; what does not is killed. */
static int spawn_end(void *user, int64_t child)
{
	struct timespec pause = { 0, END_PAUSE_MS * 1000000L };
	pid_t pid = (pid_t)child;
	int status = 0;

	(void)user;
	for (int i = 0; i < END_TRIES; i++) {
		if (waitpid(pid, &status, WNOHANG) == pid) {
			(void)kill(-pid, SIGKILL); /* its own children, if any stay */
			return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
		}
		(void)nanosleep(&pause, NULL);
	}
	(void)kill(-pid, SIGKILL);
	(void)waitpid(pid, &status, 0);
	return -1;
}

const struct poll_spawn cli_spawn = { .start = spawn_start, .end = spawn_end };
