/* test/live/offers.c - all that one device offers, for tests against real peers.
 * usage: offers DRIVER ADDRESS SECRET [READ]; KS_ROOT stands before paths.
 * A line an offer, divided by tabs: source, id, label, kind, place, value, quality,
 * doubt's number, state, severity, then low-critical, low-warning, high-warning,
 * high-critical; "-" where there is none.  Exit 1 with the reason. */
#include "base/text.h"
#include "sense/poll_talk.h"
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;
static uv_loop_t loop;
static uv_timer_t tick;
static struct talker talker;
static int result = 2;

static int start(void *user, const char *const argv[], int secret_fd, int *ret_out,
    int64_t *ret_child, struct why *why)
{
	posix_spawn_file_actions_t actions;
	char *words[70];
	int pipes[2], n = 0;
	pid_t pid;

	(void)user;
	while (argv[n] != NULL && n < 69) {
		words[n] = strdup(argv[n]);
		n++;
	}
	words[n] = NULL;
	if (pipe2(pipes, O_CLOEXEC) != 0)
		return fail(why, KS_IO, "pipe");
	(void)posix_spawn_file_actions_init(&actions);
	(void)posix_spawn_file_actions_adddup2(&actions, pipes[1], 1);
	if (secret_fd >= 0)
		(void)posix_spawn_file_actions_adddup2(&actions, secret_fd, 3);
	if (posix_spawnp(&pid, words[0], &actions, NULL, words, environ) != 0)
		return fail(why, KS_IO, "%s does not start", words[0]);
	(void)posix_spawn_file_actions_destroy(&actions);
	while (n > 0)
		free(words[--n]);
	(void)close(pipes[1]);
	*ret_out = pipes[0];
	*ret_child = pid;
	return KS_OK;
}

static int end(void *user, int64_t child)
{
	int status = 0;

	(void)user;
	if (waitpid((pid_t)child, &status, WNOHANG) == 0) {
		(void)usleep(100000);
		if (waitpid((pid_t)child, &status, WNOHANG) == 0) {
			(void)kill((pid_t)child, SIGKILL);
			(void)waitpid((pid_t)child, &status, 0);
		}
	}
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void limit(struct text *text, int64_t milli)
{
	text_add_char(text, '\t');
	if (milli == INT64_MIN || milli == INT64_MAX)
		text_add_char(text, '-');
	else
		text_add_milli(text, milli);
}

static void done(struct talker *t, int code, const struct why *why)
{
	struct text text;

	text_init(&text, 64 << 20);
	for (size_t i = 0; i < t->talk.offers_n; i++) {
		const struct offer *o = &t->talk.offers[i];

		text_addf(&text, "%s\t%s\t%s\t%s\t%s\t", o->source, o->id, o->label,
		    measure_word(o->kind), place_word(o->place));
		text_add_milli(&text, o->milli);
		text_addf(&text, "\t%s\t%d\t%s\t%s", quality_word(o->quality), o->doubt,
		    o->state[0] != '\0' ? o->state : "-", severity_word(o->severity));
		limit(&text, o->limits.low_critical);
		limit(&text, o->limits.low_warning);
		limit(&text, o->limits.high_warning);
		limit(&text, o->limits.high_critical);
		text_add_char(&text, '\n');
	}
	if (code != KS_OK)
		text_addf(&text, "%d %s\n", code, why != NULL ? why->text : "");
	(void)fwrite(text_cstr(&text), 1, text.len, stdout);
	text_done(&text);
	result = code == KS_OK ? 0 : 1;
	uv_stop(&loop);
}

static void ticked(uv_timer_t *timer)
{
	uint64_t now = uv_now(timer->loop);

	if (talker_deadline(&talker) <= now)
		talker_tick(&talker, now);
}

int main(int argc, char **argv)
{
	const struct driver *driver = argc > 3 ? driver_find(span_text(argv[1])) : NULL;
	const struct poll_options options = { .spawn = { .start = start, .end = end },
		.root = getenv("KS_ROOT"), .seed = 7 };
	struct channel *channel = NULL;
	struct why why = { .fmt = NULL };
	struct hub hub;
	void *memory;

	if (driver == NULL)
		return 2;
	const struct channel_about about = { .name = "test", .address = argv[2],
		.port = driver->port, .secret = span_text(argv[3]) };
	const struct probe probe = { .name = "test", .address = argv[2][0] != '\0' ? argv[2] : NULL,
		.read = argc > 4 ? argv[4] : NULL, .root = "" };

	(void)uv_loop_init(&loop);
	hub_init(&hub, &loop, &options);
	(void)uv_timer_init(&loop, &tick);
	(void)uv_timer_start(&tick, ticked, 20, 20);
	if (channel_kinds[driver->via]->open(&hub, &about, &channel, &why) != KS_OK) {
		(void)printf("%s\n", why.text);
		return 1;
	}
	memory = calloc(1, driver->memory_size > 0 ? driver->memory_size : 1);
	talker.done = done;
	talker_start(&talker, driver, channel, &probe, memory);
	if (result == 2)
		(void)uv_run(&loop, UV_RUN_DEFAULT);
	channel->kind->close(channel);
	uv_close((uv_handle_t *)&tick, NULL);
	(void)uv_run(&loop, UV_RUN_DEFAULT);
	hub_done(&hub);
	if (driver->forget != NULL)
		driver->forget(memory);
	free(memory);
	(void)uv_run(&loop, UV_RUN_DEFAULT);
	(void)uv_loop_close(&loop);
	return result;
}
