/* src/role/runner.c - one command of the site file in a process of its own: started by
 * the keeper, confined, in its own process group, ended with everything it started when
 * it takes too long or nobody waits for it any more. */
#include "base/drop.h"
#include "guard/confine.h"
#include "role/clock.h"
#include "role/worker.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ARGS_MOST = 64, LOOK_MS = 50, START_MS = 5000, NOT_STARTED = 127,
	END_ROUNDS = 500, END_MS = 2 };

/* Wait on the keeper's pair for the one message. */
static int run_await(struct channel *channel, struct message *ret_message, struct why *why)
{
	struct pollfd wait = { .fd = channel->fd, .events = POLLIN };
	int code = KS_ABSENT;

	for (int i = 0; code == KS_ABSENT && i < START_MS / LOOK_MS; i++) {
		(void)poll(&wait, 1, LOOK_MS);
		code = message_take(channel, ret_message, why);
	}
	return code;
}

static int argv_unpack(struct run *run, char *ret_argv[ARGS_MOST + 1])
{
	char *at = run->argv, *end = run->argv + sizeof run->argv - 1;

	*end = '\0';
	if (run->argc == 0 || run->argc > ARGS_MOST)
		return KS_MALFORMED;
	for (uint32_t i = 0; i < run->argc; i++) {
		if (at >= end)
			return KS_MALFORMED;
		ret_argv[i] = at;
		at += strlen(at) + 1;
	}
	ret_argv[run->argc] = NULL;
	return KS_OK;
}

/* In the child: only what the command needs. */
static void command_exec(char *argv[], const struct message *message)
{
	static char *const environment[] = { (char *)(uintptr_t)"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
		(char *)(uintptr_t)"LC_ALL=C", NULL };
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	(void)setpgid(0, 0);
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (null < 0 || dup2(null, 0) < 0 || dup2(message->fds[0], 1) < 0 ||
	    dup2(null, 2) < 0) /* what it mutters every few seconds is nobody's log */
		_exit(NOT_STARTED);
	if (message->fds[2] >= 0 && dup2(message->fds[2], 3) < 0)
		_exit(NOT_STARTED);
	(void)close_range(message->fds[2] >= 0 ? 4 : 3, ~0U, 0);
	(void)signal(SIGPIPE, SIG_DFL);
	(void)signal(SIGINT, SIG_DFL);
	(void)signal(SIGHUP, SIG_DFL);
	(void)execvpe(argv[0], argv, environment);
	_exit(NOT_STARTED);
}

/* Until it ends, is late, or the poller has closed its end of the second pipe. */
static struct run_done command_await(pid_t child, const struct message *message,
    uint32_t deadline_ms)
{
	int64_t until = clock_mono_ms() + deadline_ms;
	struct run_done done = { .status = -1 };
	int status = 0, wait_ms = 2;

	for (;;) {
		struct pollfd asked = { .fd = message->fds[1] };
		pid_t ended = waitpid(child, &status, WNOHANG);

		if (ended == child) {
			done.status = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
			break;
		}
		(void)poll(&asked, 1, wait_ms);
		wait_ms = wait_ms < LOOK_MS ? wait_ms * 2 : LOOK_MS;
		done.late = clock_mono_ms() > until;
		if (done.late || (asked.revents & (POLLERR | POLLHUP)) != 0) {
			(void)kill(-child, SIGKILL);
			(void)waitpid(child, &status, 0);
			break;
		}
	}
	(void)kill(-child, SIGKILL); /* what it left behind */
	return done;
}

/* All it started, also what began a session of its own: orphans become our children
 * (PR_SET_CHILD_SUBREAPER), and so theirs when they are ended. */
static void descendants_end(int children)
{
	char list[4096];

	for (int round = 0; round < END_ROUNDS; round++) {
		pid_t ended;

		do {
			ended = waitpid(-1, NULL, WNOHANG);
		} while (ended > 0);
		if (ended < 0 || children < 0)
			return; /* none is left */
		ssize_t n = pread(children, list, sizeof list - 1, 0);

		list[n > 0 ? n : 0] = '\0';
		for (char *at = list, *end; *at != '\0'; at = end + 1) {
			long pid = strtol(at, &end, 10);

			if (*end != ' ') /* cut off: it comes next time */
				break;
			(void)kill((pid_t)pid, SIGKILL);
		}
		(void)poll(NULL, 0, END_MS);
	}
}

static int run_do(struct channel *channel, struct why *why)
{
	struct message message = { .fds = { -1, -1, -1 } };
	struct run run;
	char *argv[ARGS_MOST + 1];
	int code = run_await(channel, &message, why);

	if (code != KS_OK)
		return code;
	message_record(&message, 0, &run, sizeof run);
	code = argv_unpack(&run, argv);
	if (code != KS_OK)
		return fail(why, code, "a command without words");
	run.state[sizeof run.state - 1] = '\0';
	struct confine confine = { .state = run.state, .keep_fd = -1 };
	uint32_t missing = 0;
	KS_DROP(fd) int children = open("/proc/thread-self/children", O_RDONLY | O_CLOEXEC);

	(void)prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
	code = confine_role(ROLE_RUNNER, &confine, &missing, why);
	if (code != KS_OK)
		return code;
	pid_t child = fork();

	if (child == 0)
		command_exec(argv, &message);
	if (child < 0)
		return fail(why, KS_IO, "no process for a command: %s", strerror(errno));
	(void)setpgid(child, child);
	struct run_done done = command_await(child, &message, run.deadline_ms);

	descendants_end(children);
	/* the status first: the poller looks for it when the output has ended */
	(void)!write(message.fds[1], &done, sizeof done);
	message_drop(&message);
	return KS_OK;
}

int runner_run(void)
{
	struct channel channel;
	struct hello hello = { .version = MESSAGE_VERSION, .role = ROLE_RUNNER, .pid = getpid() };
	struct why why = { .fmt = NULL };
	int code;

	(void)signal(SIGPIPE, SIG_IGN);
	(void)signal(SIGINT, SIG_IGN);
	(void)close_range(WORKER_FD + 1, ~0U, 0);
	code = channel_init(&channel, WORKER_FD, ROLE_RUNNER, ROLE_KEEPER, &why);
	if (code != KS_OK)
		return 4;
	code = message_say(&channel, MESSAGE_HELLO, 0, span_of(&hello, sizeof hello), &why);
	if (code == KS_OK)
		code = run_do(&channel, &why);
	channel_done(&channel);
	return code == KS_OK ? 0 : 4;
}
