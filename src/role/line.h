/* src/role/line.h - a channel (guard/message.h) on a role's event loop. */
#ifndef KS_ROLE_LINE_H
#define KS_ROLE_LINE_H
#include "guard/message.h"
#include <stdbool.h>
#include <uv.h>

struct line {
	struct channel channel;
	uv_poll_t *poll; /* its own memory: it outlives the line until it is closed */
	bool open, paused;
	void *user;
	/* Descriptors left in the message afterwards are closed. */
	void (*message)(struct line *line, struct message *message);
	/* The other side hung up or broke the rules (why says which); the line is closed
	 * already and may be opened again. */
	void (*gone)(struct line *line, int code, const struct why *why);
	/* The queue has become empty: an answer may go on; NULL: not needed. */
	void (*drained)(struct line *line);
};

/* Callbacks and user are set before.  Takes fd over. */
KS_MUST int line_open(struct line *line, uv_loop_t *loop, int fd, enum role self,
    enum role peer, struct why *why);
void line_close(struct line *line);
/* As message_send; what waits is sent when the other side reads. */
int line_send(struct line *line, const struct parcel *parcel, struct why *why);
int line_say(struct line *line, enum message_kind kind, uint32_t ticket, struct span record);
/* Read no more until told so again: back-pressure. */
void line_pause(struct line *line, bool pause);
#endif
