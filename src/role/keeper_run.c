/* src/role/keeper_run.c - processes are started here: roles, and runners for the
 * poller's commands. */
#include "base/drop.h"
#include "role/keeper.h"
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { ENVIRONMENT_MOST = 32 };

struct runner {
	struct runner *next;
	struct keeper *keeper;
	struct line line;
	uv_process_t process;
	struct run run;
	int fds[MESSAGE_FDS];
	uint32_t ticket;
	bool alive;
};

/* What roles may know of ours: language, zone, and what tests set for sanitizers. */
char **keeper_environment(void)
{
	static const char *const kept[] = { "PATH=", "LANG=", "LC_", "TZ=", "ASAN_OPTIONS=",
		"UBSAN_OPTIONS=", "LSAN_OPTIONS=", "LD_PRELOAD=", "LLVM_PROFILE_FILE=" };
	static char *environment[ENVIRONMENT_MOST + 1];
	extern char **environ;
	size_t n = 0;

	for (char **at = environ; *at != NULL && n < ENVIRONMENT_MOST; at++) {
		for (size_t i = 0; i < sizeof kept / sizeof kept[0]; i++) {
			if (strncmp(*at, kept[i], strlen(kept[i])) == 0) {
				environment[n++] = *at;
				break;
			}
		}
	}
	environment[n] = NULL;
	return environment;
}

int keeper_spawn(struct keeper *keeper, enum role role, uv_process_t *process,
    uv_exit_cb ended, int fd, struct why *why)
{
	char name[16], program[] = "keisoku", flag[] = "--role";
	char *args[] = { program, flag, name, NULL };
	uv_stdio_container_t stdio[4] = { { .flags = UV_IGNORE }, { .flags = UV_IGNORE },
		{ .flags = UV_INHERIT_FD, .data.fd = 2 }, { .flags = UV_INHERIT_FD, .data.fd = fd } };
	uv_process_options_t options = { .exit_cb = ended, .file = "/proc/self/exe",
		.args = args, .env = keeper_environment(), .stdio = stdio, .stdio_count = 4 };

	(void)snprintf(name, sizeof name, "%s", role_name(role));
	int code = uv_spawn(&keeper->loop, process, &options);

	if (code != 0)
		return fail(why, KS_IO, "%s can not be started: %s", name, uv_strerror(code));
	return KS_OK;
}

static void fds_drop(struct runner *runner)
{
	for (size_t i = 0; i < MESSAGE_FDS; i++) {
		drop_fd(&runner->fds[i]);
		runner->fds[i] = -1;
	}
}

static void runner_closed(uv_handle_t *handle)
{
	struct runner *runner = handle->data;
	struct keeper *keeper = runner->keeper;
	struct kept *poller = &keeper->roles[ROLE_POLLER];
	struct run_done done = { .status = 0 };

	for (struct runner **at = &keeper->runners; *at != NULL; at = &(*at)->next) {
		if (*at == runner) {
			*at = runner->next;
			break;
		}
	}
	keeper->runners_n--;
	fds_drop(runner);
	free(runner);
	if (poller->ready && message_may(&poller->line.channel, MESSAGE_RUN_DONE))
		(void)line_say(&poller->line, MESSAGE_RUN_DONE, 0, span_of(&done, sizeof done));
	if (keeper->stopping)
		keeper_role_ended(keeper);
}

static void runner_ended(uv_process_t *process, int64_t status, int signal)
{
	struct runner *runner = process->data;

	(void)status;
	(void)signal;
	runner->alive = false;
	line_close(&runner->line);
	uv_close((uv_handle_t *)process, runner_closed);
}

/* It has greeted: now it is told what to run. */
static void runner_message(struct line *line, struct message *message)
{
	struct runner *runner = line->user;
	size_t n = runner->fds[2] >= 0 ? 3 : 2;
	struct parcel parcel = { .kind = MESSAGE_RUN, .count = 1,
		.body = span_of(&runner->run, sizeof runner->run), .fds = runner->fds, .fds_n = n };

	(void)message;
	if (line_send(line, &parcel, NULL) == KS_OK)
		runner->fds[0] = runner->fds[1] = runner->fds[2] = -1;
}

static void runner_gone(struct line *line, int code, const struct why *why)
{
	struct runner *runner = line->user;

	(void)code;
	(void)why;
	if (runner->alive && line->channel.fd >= 0)
		(void)uv_process_kill(&runner->process, SIGKILL);
}

/* RUN from the poller; the answer comes over the pipes that came with it. */
void keeper_command(struct keeper *keeper, struct message *message)
{
	struct runner *runner = calloc(1, sizeof *runner);
	struct why why = { .fmt = NULL };
	int fds[2] = { -1, -1 };

	if (runner == NULL || keeper->stopping || channel_pair(fds, &why) != KS_OK) {
		free(runner);
		return; /* its pipes close: the poller sees an end without a status */
	}
	*runner = (struct runner){ .keeper = keeper, .ticket = message->head.ticket,
		.line = { .message = runner_message, .gone = runner_gone, .user = runner } };
	message_record(message, 0, &runner->run, sizeof runner->run);
	(void)snprintf(runner->run.state, sizeof runner->run.state, "%s", keeper->paths.state);
	memcpy(runner->fds, message->fds, sizeof runner->fds);
	for (size_t i = 0; i < MESSAGE_FDS; i++)
		message->fds[i] = -1;
	runner->process.data = runner;
	int code = keeper_spawn(keeper, ROLE_RUNNER, &runner->process, runner_ended, fds[1], &why);

	(void)close(fds[1]);
	runner->next = keeper->runners;
	keeper->runners = runner;
	keeper->runners_n++;
	if (code != KS_OK) {
		(void)close(fds[0]);
		keeper_say(keeper, "KS-KEEPER", "runner", why.text);
		uv_close((uv_handle_t *)&runner->process, runner_closed);
		return;
	}
	runner->alive = true;
	if (line_open(&runner->line, &keeper->loop, fds[0], ROLE_KEEPER, ROLE_RUNNER, &why) !=
	    KS_OK) {
		(void)close(fds[0]);
		(void)uv_process_kill(&runner->process, SIGKILL);
	}
}
