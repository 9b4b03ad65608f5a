#include "role/line.h"
#include "base/must.h"
#include <stdlib.h>

enum { MESSAGES_A_TURN = 256 }; /* then the others of the loop have theirs */

static void line_ready(uv_poll_t *poll, int status, int events);

static void line_watch(struct line *line)
{
	int events = (line->paused ? 0 : UV_READABLE) |
	    (channel_waits(&line->channel) ? UV_WRITABLE : 0);

	/* paused with nothing to send, the end of the other side is still of interest */
	(void)uv_poll_start(line->poll, events != 0 ? events : UV_DISCONNECT, line_ready);
}

static void closed(uv_handle_t *handle)
{
	free(handle);
}

void line_close(struct line *line)
{
	if (!line->open)
		return;
	line->open = false;
	(void)uv_poll_stop(line->poll);
	uv_close((uv_handle_t *)line->poll, closed);
	line->poll = NULL;
	channel_done(&line->channel);
}

static void line_lost(struct line *line, int code, const struct why *why)
{
	line_close(line);
	line->gone(line, code, why);
}

static void line_drain(struct line *line)
{
	struct why why = { .fmt = NULL };
	bool waited = channel_waits(&line->channel);
	int code = channel_flush(&line->channel, &why);

	if (code != KS_OK) {
		line_lost(line, code, &why);
		return;
	}
	if (waited && !channel_waits(&line->channel) && line->drained != NULL)
		line->drained(line);
}

static void line_ready(uv_poll_t *poll, int status, int events)
{
	struct line *line = poll->data;
	struct why why = { .fmt = NULL };

	if (line->paused && events == UV_DISCONNECT) { /* found again when it reads on */
		(void)uv_poll_stop(poll);
		return;
	}
	if (status < 0) {
		line_lost(line, fail(&why, KS_IO, "%s", uv_strerror(status)), &why);
		return;
	}
	line_drain(line);
	for (int i = 0; i < MESSAGES_A_TURN && line->open && !line->paused; i++) {
		struct message message;
		int code = message_take(&line->channel, &message, &why);

		if (code == KS_ABSENT)
			break;
		if (code != KS_OK) {
			line_lost(line, code, &why);
			return;
		}
		line->message(line, &message);
		message_drop(&message);
	}
	if (line->open)
		line_watch(line);
}

int line_open(struct line *line, uv_loop_t *loop, int fd, enum role self, enum role peer,
    struct why *why)
{
	must(!line->open && line->message != NULL && line->gone != NULL);
	int code = channel_init(&line->channel, fd, self, peer, why);

	if (code != KS_OK)
		return code;
	uv_poll_t *poll = malloc(sizeof *poll);

	code = poll == NULL ? UV_ENOMEM : uv_poll_init(loop, poll, fd);
	if (code != 0) {
		free(poll);
		line->channel.fd = -1; /* it stays the caller's */
		channel_done(&line->channel);
		return fail(why, KS_IO, "%s", uv_strerror(code));
	}
	poll->data = line;
	line->poll = poll;
	line->open = true;
	line->paused = false;
	line_watch(line);
	return KS_OK;
}

int line_send(struct line *line, const struct parcel *parcel, struct why *why)
{
	if (!line->open)
		return fail(why, KS_IO, "%s does not listen any more",
		    role_name((enum role)line->channel.peer));
	bool waited = channel_waits(&line->channel);
	int code = message_send(&line->channel, parcel, why);

	if (!waited && channel_waits(&line->channel))
		line_watch(line);
	return code;
}

int line_say(struct line *line, enum message_kind kind, uint32_t ticket, struct span record)
{
	struct parcel parcel = { .kind = kind, .count = record.left > 0 ? 1 : 0,
		.ticket = ticket, .body = record };

	return line_send(line, &parcel, NULL);
}

void line_pause(struct line *line, bool pause)
{
	if (line->paused == pause)
		return;
	line->paused = pause;
	if (line->open)
		line_watch(line);
}
