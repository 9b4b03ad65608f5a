/* src/cli/poll_once.c - the poller on a loop of the command line's own. */
#include "cli/poll_once.h"
#include "base/drop.h"
#include "cli/spawn.h"
#include "sense/poll.h"
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <time.h>

enum { TROUBLES_MOST = 10000, PROGRESS_AFTER_MS = 500, PROGRESS_EVERY_MS = 250 };

struct run {
	struct poll_once *once;
	struct poller *poller;
	uv_loop_t loop;
	uv_timer_t progress;
	enum lang lang;
	bool shown;
};

static int64_t clock_ms(void *user)
{
	struct timespec now;

	(void)user;
	(void)clock_gettime(CLOCK_REALTIME, &now);
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void take_series(void *user, const struct series *series)
{
	struct poll_once *once = ((struct run *)user)->once;

	if (series->number >= once->room) {
		size_t room = once->room > 0 ? once->room * 2 : 256;
		struct polled *more = realloc(once->values, room * sizeof *more);

		if (more == NULL)
			return;
		once->values = more;
		once->room = room;
	}
	once->values[series->number] = (struct polled){ .series = *series };
	if (series->number >= once->n)
		once->n = series->number + 1;
}

static void take_readings(void *user, const struct reading *readings, size_t n)
{
	struct poll_once *once = ((struct run *)user)->once;

	for (size_t i = 0; i < n; i++)
		if (readings[i].series < once->n) {
			once->values[readings[i].series].reading = readings[i];
			once->values[readings[i].series].read = true;
		}
}

static void take_trouble(void *user, const char *id, const struct why *why)
{
	struct poll_once *once = ((struct run *)user)->once;
	struct poll_trouble *more;

	if (why == NULL || once->troubles_n >= TROUBLES_MOST)
		return;
	more = realloc(once->troubles, (once->troubles_n + 1) * sizeof *more);
	if (more == NULL)
		return;
	once->troubles = more;
	(void)snprintf(more[once->troubles_n].id, sizeof more->id, "%s", id);
	more[once->troubles_n++].why = *why;
}

static int read_secret(void *user, const char *file, struct span *ret_secret, struct why *why)
{
	struct poll_once *once = ((struct run *)user)->once;
	char *room = once->files[once->files_n % 16];
	ssize_t n;

	if (once->secret != NULL) {
		*ret_secret = span_text(once->secret);
		return KS_OK;
	}
	if (once->files_n >= 16)
		return fail(why, KS_FULL, "more than %d secret files at once", 16);
	KS_DROP(fd) int fd = open(file, O_RDONLY | O_CLOEXEC | O_NOCTTY);

	n = fd >= 0 ? read(fd, room, sizeof once->files[0]) : -1;
	if (n < 0)
		return fail(why, KS_REFUSED, "secret file %s: %s", file, strerror(errno));
	once->files_n++;
	*ret_secret = span_of(room, (size_t)n);
	return KS_OK;
}

static void done(void *user)
{
	uv_stop(&((struct run *)user)->loop);
}

static void show_progress(uv_timer_t *timer)
{
	struct run *run = timer->data;
	struct poll_counts counts = poller_counts(run->poller);
	struct text line;

	text_init(&line, 400);
	say(&line, run->lang, "%u of %u devices have answered or failed", (unsigned)counts.polls,
	    counts.devices);
	(void)fprintf(stderr, "\r\033[K%s", text_cstr(&line));
	run->shown = true;
	text_done(&line);
}

static int run_loop(struct run *run, const struct site *site, struct why *why)
{
	struct poll_options options = { .user = run, .now_ms = clock_ms, .series = take_series,
		.readings = take_readings, .trouble = take_trouble, .secret = read_secret,
		.spawn = cli_spawn, .factor = 1, .seed = 1, .once = true, .done = done };
	int code = poller_new(&run->loop, site, &options, NULL, &run->poller, why);

	if (code == KS_OK) {
		(void)uv_run(&run->loop, UV_RUN_DEFAULT);
		poller_free(run->poller);
	}
	return code;
}

int poll_once(struct poll_once *once, const struct site *site, enum lang lang,
    struct why *why)
{
	struct run run = { .once = once, .lang = lang };
	struct site sensors = *site;
	int code;

	sensors.hosts_n = sensors.devices_n = 0;
	if (uv_loop_init(&run.loop) != 0)
		return fail(why, KS_IO, "no event loop");
	(void)uv_timer_init(&run.loop, &run.progress);
	run.progress.data = &run;
	if (isatty(STDERR_FILENO))
		(void)uv_timer_start(&run.progress, show_progress, PROGRESS_AFTER_MS,
		    PROGRESS_EVERY_MS);
	code = run_loop(&run, &sensors, why);
	if (run.shown)
		(void)fputs("\r\033[K", stderr);
	uv_close((uv_handle_t *)&run.progress, NULL);
	(void)uv_run(&run.loop, UV_RUN_DEFAULT);
	(void)uv_loop_close(&run.loop);
	explicit_bzero(once->files, sizeof once->files);
	once->now_ms = clock_ms(NULL);
	return code;
}

void poll_once_done(struct poll_once *once)
{
	free(once->values);
	free(once->troubles);
	once->values = NULL;
	once->troubles = NULL;
	once->n = once->room = once->troubles_n = once->files_n = 0;
}
