/* src/sense/transport_file.c - small files of this machine (sysfs).  A read of
 * /sys may take a second (a 1-wire thermometer converts while it is read), so all of
 * it runs on the thread pool.  Paths are relative to hub->root. */
#include "sense/transport.h"
#include "base/drop.h"
#include "base/text.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>

enum { FILE_NAMES_MOST = 4096 };

struct channel_of_file {
	struct channel channel;
	const struct channel_about *about;
	uv_work_t work;
	bool working, closed;
	/* for the worker alone while `working` */
	enum ask_what what;
	char path[PATH_MAX];
	size_t root_n, max;
	struct text reply;
	int code;
	struct why why;
};

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static int say_errno(struct channel_of_file *file, int error)
{
	return fail(&file->why, error == ENOENT || error == ENODEV || error == ENXIO ? KS_ABSENT :
		error == EACCES || error == EPERM ? KS_REFUSED : KS_IO,
	    "%s: %s: %s", file->about->name, file->path, strerror(error));
}

static int read_bytes(struct channel_of_file *file)
{
	KS_DROP(fd) int fd = open(file->path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	char some[4096];

	if (fd < 0)
		return say_errno(file, errno);
	for (;;) {
		ssize_t n = read(fd, some, sizeof some);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return say_errno(file, errno);
		if (n == 0)
			return KS_OK;
		text_add_span(&file->reply, span_of(some, (size_t)n));
		if (file->reply.full)
			return fail(&file->why, KS_FULL, "%s: %s: more than %zu bytes",
			    file->about->name, file->path, file->max);
	}
}

static int read_names(struct channel_of_file *file)
{
	DIR *folder = opendir(file->path);
	char *names[FILE_NAMES_MOST];
	size_t n = 0;
	int code = KS_OK;

	if (folder == NULL)
		return say_errno(file, errno);
	for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
		if (entry->d_name[0] == '.' || strchr(entry->d_name, '\n') != NULL)
			continue;
		if (n == FILE_NAMES_MOST) {
			code = fail(&file->why, KS_FULL, "%s: %s: more than %d names",
			    file->about->name, file->path, FILE_NAMES_MOST);
			break;
		}
		names[n] = strdup(entry->d_name);
		if (names[n] != NULL)
			n++;
	}
	(void)closedir(folder);
	if (n > 0)
		qsort(names, n, sizeof *names, by_name);
	for (size_t i = 0; i < n; i++) {
		text_add(&file->reply, names[i]);
		text_add_char(&file->reply, '\n');
		free(names[i]);
	}
	return code == KS_OK && file->reply.full ?
	    fail(&file->why, KS_FULL, "%s: %s: more than %zu bytes", file->about->name,
		file->path, file->max) : code;
}

/* The real path, with the root taken off again. */
static int read_link(struct channel_of_file *file)
{
	char real[PATH_MAX], root[PATH_MAX];
	size_t root_n = 0;

	if (realpath(file->path, real) == NULL)
		return say_errno(file, errno);
	if (file->root_n > 0 && realpath(file->channel.hub->root, root) != NULL) {
		root_n = strlen(root);
		if (strncmp(real, root, root_n) != 0 || (real[root_n] != '/' && real[root_n] != '\0'))
			return fail(&file->why, KS_REFUSED, "%s: %s leads outside",
			    file->about->name, file->path);
	}
	text_add(&file->reply, real + root_n);
	return KS_OK;
}

static void work(uv_work_t *request)
{
	struct channel_of_file *file = request->data;

	file->code = file->what == ASK_LIST ? read_names(file) :
	    file->what == ASK_LINK ? read_link(file) : read_bytes(file);
}

static void file_free(struct channel_of_file *file)
{
	text_done(&file->reply);
	free(file);
}

static void worked(uv_work_t *request, int status)
{
	struct channel_of_file *file = request->data;
	struct text reply = file->reply;
	struct why why = file->why;

	(void)status;
	file->working = false;
	if (file->closed) {
		file_free(file);
		return;
	}
	file->reply = (struct text){ 0 };
	file->channel.answer(file->channel.user, file->code,
	    file->code == KS_OK ? text_span(&reply) : (struct span){ .broken = true }, &why);
	text_done(&reply);
}

static int file_open(struct hub *hub, const struct channel_about *about,
    struct channel **ret_channel, struct why *why)
{
	struct channel_of_file *file = calloc(1, sizeof *file);

	if (file == NULL)
		return fail(why, KS_FULL, "%s: out of memory", about->name);
	file->channel = (struct channel){ .kind = &channel_file, .hub = hub,
		.deadline = UINT64_MAX };
	file->about = about;
	*ret_channel = &file->channel;
	return KS_OK;
}

static int file_ask(struct channel *channel, const struct ask *ask, struct why *why)
{
	struct channel_of_file *file = (struct channel_of_file *)channel;
	int n = snprintf(file->path, sizeof file->path, "%s%s", channel->hub->root, ask->target);
	int bad;

	if ((size_t)n >= sizeof file->path || ask->target[0] != '/' ||
	    strstr(ask->target, "/../") != NULL)
		return fail(why, KS_MALFORMED, "%s: %s: not an absolute path", file->about->name,
		    ask->target);
	file->root_n = strlen(channel->hub->root);
	file->what = ask->what;
	file->max = ask->reply_max > 0 ? ask->reply_max : 65536;
	text_init(&file->reply, file->max);
	file->code = KS_OK;
	file->why = (struct why){ 0 };
	file->work.data = file;
	bad = uv_queue_work(channel->hub->loop, &file->work, work, worked);
	if (bad != 0)
		return fail(why, KS_IO, "%s: %s", file->about->name, uv_strerror(bad));
	file->working = true;
	return KS_OK;
}

static void file_tick(struct channel *channel, uint64_t now)
{
	(void)now;
	channel->deadline = UINT64_MAX;
}

static void file_rest(struct channel *channel, bool healthy)
{
	(void)channel;
	(void)healthy;
}

static void file_close(struct channel *channel)
{
	struct channel_of_file *file = (struct channel_of_file *)channel;

	file->closed = true;
	if (!file->working)
		file_free(file);
}

const struct channel_kind channel_file = {
	.open = file_open, .ask = file_ask, .tick = file_tick, .rest = file_rest,
	.close = file_close,
};
