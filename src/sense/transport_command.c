/* src/sense/transport_command.c - a command's output.  It is started by whoever owns
 * the poller (poll_spawn): the keeper does so in a confined runner.  The words of the
 * target are split at blanks, double quotes keep them together; there is no shell.
 * The secret file's content (its password= alone, when it speaks in keys) is descriptor
 * 3; the word {secret} becomes /dev/fd/3. */
#include "sense/transport.h"
#include "sense/transport_secret.h"
#include "base/drop.h"
#include "base/text.h"
#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>

enum { WORDS_MOST = 64 };

struct channel_of_command {
	struct channel channel;
	const struct channel_about *about;
	const struct ask *ask;
	struct text reply;
	uv_pipe_t *pipe; /* owns itself once closed */
	int64_t child;
	char room[4096];
};

/* Splits words in place. */
static size_t split_words(char *text, const char *ret_words[WORDS_MOST + 1])
{
	char *to = text;
	size_t n = 0;
	bool quoted = false, inside = false;

	for (char *at = text; *at != '\0'; at++) {
		if (*at == '"') {
			quoted = !quoted;
			if (!inside && n < WORDS_MOST)
				ret_words[n++] = to;
			inside = true;
		} else if (!quoted && (*at == ' ' || *at == '\t')) {
			if (inside)
				*to++ = '\0';
			inside = false;
		} else {
			char c = *at;

			if (!inside && n < WORDS_MOST)
				ret_words[n++] = to;
			inside = true;
			*to++ = c;
		}
	}
	*to = '\0';
	ret_words[n] = NULL;
	for (size_t i = 0; i < n; i++)
		if (strcmp(ret_words[i], "{secret}") == 0)
			ret_words[i] = "/dev/fd/3";
	return n;
}

/* A file of the password alone, as ipmitool -f wants it; other files as they are. */
static int secret_fd(struct span secret)
{
	struct secret words;

	if (secret_read(secret, &words, NULL) == KS_OK && words.password.left > 0)
		secret = words.password;
	int fd = secret.left > 0 ? memfd_create("secret", MFD_CLOEXEC) : -1;

	if (fd >= 0 && (write(fd, secret.at, secret.left) != (ssize_t)secret.left ||
	    lseek(fd, 0, SEEK_SET) != 0)) {
		(void)close(fd);
		return -1;
	}
	return fd;
}

/* Ends the child and its group; its exit status. */
static int stop(struct channel_of_command *command)
{
	struct poll_spawn *spawn = &command->channel.hub->spawn;

	if (command->pipe == NULL)
		return -1;
	command->pipe->data = NULL;
	uv_close((uv_handle_t *)command->pipe, (uv_close_cb)free);
	command->pipe = NULL;
	return spawn->end != NULL ? spawn->end(spawn->user, command->child) : -1;
}

static void finish(struct channel_of_command *command, int code, const struct why *why)
{
	struct text text = command->reply;

	command->ask = NULL;
	command->reply = (struct text){ 0 };
	command->channel.deadline = UINT64_MAX;
	command->channel.answer(command->channel.user, code,
	    code == KS_OK ? text_span(&text) : (struct span){ .broken = true }, why);
	text_done(&text);
}

static void give_room(uv_handle_t *handle, size_t wanted, uv_buf_t *ret_buffer)
{
	struct channel_of_command *command = handle->data;

	(void)wanted;
	*ret_buffer = command != NULL ? uv_buf_init(command->room, sizeof command->room) :
					uv_buf_init(NULL, 0);
}

static void received(uv_stream_t *pipe, ssize_t n, const uv_buf_t *buffer)
{
	struct channel_of_command *command = pipe->data;
	struct why why = { 0 };
	int code = KS_OK, status;

	if (command == NULL || n == 0)
		return;
	if (n > 0) {
		text_add_span(&command->reply, span_of(buffer->base, (size_t)n));
		if (!command->reply.full)
			return;
		code = fail(&why, KS_FULL, "%s: the command says more than %zu bytes",
		    command->about->name, command->reply.max);
	}
	status = stop(command);
	if (code == KS_OK && status > 0)
		code = fail(&why, KS_IO, "%s: the command failed with exit status %d",
		    command->about->name, status);
	else if (code == KS_OK && command->reply.len == 0)
		code = fail(&why, KS_ABSENT, "%s: the command said nothing", command->about->name);
	finish(command, code, &why);
}

static int command_open(struct hub *hub, const struct channel_about *about,
    struct channel **ret_channel, struct why *why)
{
	struct channel_of_command *command;

	if (hub->spawn.start == NULL)
		return fail(why, KS_REFUSED, "%s: commands can not be run here", about->name);
	command = calloc(1, sizeof *command);
	if (command == NULL)
		return fail(why, KS_FULL, "%s: out of memory", about->name);
	command->channel = (struct channel){ .kind = &channel_command, .hub = hub,
		.deadline = UINT64_MAX };
	command->about = about;
	*ret_channel = &command->channel;
	return KS_OK;
}

static int listen_to(struct channel_of_command *command, int out, struct why *why)
{
	struct hub *hub = command->channel.hub;
	int bad = UV_ENOMEM;

	command->pipe = malloc(sizeof *command->pipe);
	if (command->pipe != NULL && (bad = uv_pipe_init(hub->loop, command->pipe, 0)) != 0) {
		free(command->pipe);
		command->pipe = NULL;
	}
	if (command->pipe != NULL) {
		command->pipe->data = command;
		bad = uv_pipe_open(command->pipe, out);
	}
	if (bad == 0)
		bad = uv_read_start((uv_stream_t *)command->pipe, give_room, received);
	if (bad == 0)
		return KS_OK;
	if (command->pipe == NULL || bad == UV_EINVAL)
		(void)close(out);
	(void)stop(command);
	return fail(why, KS_IO, "%s: %s", command->about->name, uv_strerror(bad));
}

static int command_ask(struct channel *channel, const struct ask *ask, struct why *why)
{
	struct channel_of_command *command = (struct channel_of_command *)channel;
	struct poll_spawn *spawn = &channel->hub->spawn;
	const char *words[WORDS_MOST + 1];
	char line[sizeof ask->target];
	int out = -1, code;

	memcpy(line, ask->target, sizeof line);
	line[sizeof line - 1] = '\0';
	if (split_words(line, words) == 0)
		return fail(why, KS_MALFORMED, "%s: no command", command->about->name);
	KS_DROP(fd) int secret = secret_fd(command->about->secret);

	code = spawn->start(spawn->user, words, secret, &out, &command->child, why);
	if (code != KS_OK)
		return code;
	code = listen_to(command, out, why);
	if (code != KS_OK)
		return code;
	command->ask = ask;
	text_init(&command->reply, ask->reply_max > 0 && ask->reply_max < LIMIT_REPLY_BYTES ?
	    ask->reply_max : LIMIT_REPLY_BYTES);
	channel->deadline = uv_now(channel->hub->loop) + LIMIT_POLL_COMMAND_S * 1000u;
	return KS_OK;
}

static void command_tick(struct channel *channel, uint64_t now)
{
	struct channel_of_command *command = (struct channel_of_command *)channel;
	struct why why = { 0 };

	(void)now;
	channel->deadline = UINT64_MAX;
	if (command->ask == NULL)
		return;
	(void)stop(command);
	(void)fail(&why, KS_LATE, "%s: the command did not end in %d s and was stopped",
	    command->about->name, (int)LIMIT_POLL_COMMAND_S);
	finish(command, KS_LATE, &why);
}

static void command_rest(struct channel *channel, bool healthy)
{
	(void)channel;
	(void)healthy;
}

static void command_close(struct channel *channel)
{
	struct channel_of_command *command = (struct channel_of_command *)channel;

	(void)stop(command);
	text_done(&command->reply);
	free(command);
}

const struct channel_kind channel_command = {
	.open = command_open, .ask = command_ask, .tick = command_tick, .rest = command_rest,
	.close = command_close,
};
