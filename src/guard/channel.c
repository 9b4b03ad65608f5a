/* src/guard/channel.c - messages over a SEQPACKET pair: never blocks, and what does not
 * go at once waits in a queue with a maximum. */
#include "guard/message.h"
#include "base/must.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct channel_item {
	struct channel_item *next;
	int fds[MESSAGE_FDS];
	size_t fds_n, bytes;
	uint8_t packet[];
};

/* message.c */
void message_passed(struct channel *channel, const struct parcel *parcel);

int channel_pair(int ret_fds[2], struct why *why)
{
	int fds[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, fds) != 0)
		return fail(why, KS_IO, "no socket pair: %s", strerror(errno));
	ret_fds[0] = fds[0];
	ret_fds[1] = fds[1];
	return KS_OK;
}

int channel_init(struct channel *channel, int fd, enum role self, enum role peer,
    struct why *why)
{
	uint8_t *room = malloc(LIMIT_MESSAGE);

	if (room == NULL)
		return fail(why, KS_FULL, "out of memory");
	*channel = (struct channel){ .fd = fd, .self = (uint8_t)self, .peer = (uint8_t)peer,
		.state = CHANNEL_NEW, .room = room };
	return KS_OK;
}

static void item_drop(struct channel *channel, bool sent)
{
	struct channel_item *item = channel->first;

	channel->first = item->next;
	if (channel->first == NULL)
		channel->last = NULL;
	channel->queued -= item->bytes;
	channel->sent += sent ? 1 : 0;
	for (size_t i = 0; i < item->fds_n; i++)
		(void)close(item->fds[i]);
	free(item);
}

void channel_done(struct channel *channel)
{
	while (channel->first != NULL)
		item_drop(channel, false);
	if (channel->room != NULL && channel->fd >= 0)
		(void)close(channel->fd);
	free(channel->room);
	*channel = (struct channel){ .fd = -1 };
}

/* KS_OK sent, KS_FULL the socket takes no more now, KS_IO gone. */
static int packet_send(int fd, struct iovec *parts, size_t parts_n, const int *fds,
    size_t fds_n)
{
	union {
		struct cmsghdr head;
		uint8_t room[CMSG_SPACE(sizeof(int) * MESSAGE_FDS)];
	} control = { .room = { 0 } };
	struct msghdr msg = { .msg_iov = parts, .msg_iovlen = parts_n };

	if (fds_n > 0) {
		msg.msg_control = &control;
		msg.msg_controllen = CMSG_SPACE(sizeof(int) * fds_n);
		control.head = (struct cmsghdr){ .cmsg_level = SOL_SOCKET,
			.cmsg_type = SCM_RIGHTS, .cmsg_len = CMSG_LEN(sizeof(int) * fds_n) };
		memcpy(CMSG_DATA(&control.head), fds, sizeof(int) * fds_n);
	}
	for (;;) {
		ssize_t n = sendmsg(fd, &msg, MSG_NOSIGNAL | MSG_DONTWAIT);

		if (n >= 0)
			return KS_OK;
		if (errno == EINTR)
			continue;
		/* ENOBUFS, ENOMEM: the kernel is short of room now, as with EAGAIN */
		return errno == EAGAIN || errno == ENOBUFS || errno == ENOMEM ||
		    errno == ETOOMANYREFS ? KS_FULL : KS_IO;
	}
}

static int gone(const struct channel *channel, struct why *why)
{
	return fail(why, KS_IO, "%s does not listen any more",
	    role_name((enum role)channel->peer));
}

static int queue_add(struct channel *channel, const struct message_head *head,
    const struct parcel *parcel, struct why *why)
{
	size_t bytes = MESSAGE_HEAD + parcel->body.left;
	struct channel_item *item = malloc(sizeof *item + bytes);

	if (item == NULL) {
		channel->full++;
		return fail(why, KS_FULL, "out of memory");
	}
	*item = (struct channel_item){ .fds_n = parcel->fds_n, .bytes = bytes };
	memcpy(item->packet, head, MESSAGE_HEAD);
	if (parcel->body.left > 0)
		memcpy(item->packet + MESSAGE_HEAD, parcel->body.at, parcel->body.left);
	if (parcel->fds_n > 0)
		memcpy(item->fds, parcel->fds, sizeof(int) * parcel->fds_n);
	if (channel->last != NULL)
		channel->last->next = item;
	else
		channel->first = item;
	channel->last = item;
	channel->queued += bytes;
	return KS_OK;
}

/* Straight into the socket when nothing waits before it; else into the queue. */
static int send_or_queue(struct channel *channel, const struct message_head *head,
    const struct parcel *parcel, struct why *why)
{
	struct message_head copy = *head;
	struct iovec parts[2] = { { &copy, MESSAGE_HEAD },
		{ (void *)(uintptr_t)parcel->body.at, parcel->body.left } };

	if (channel->first != NULL)
		return queue_add(channel, head, parcel, why);
	int sent = packet_send(channel->fd, parts, parcel->body.left > 0 ? 2 : 1, parcel->fds,
	    parcel->fds_n);

	if (sent == KS_FULL)
		return queue_add(channel, head, parcel, why);
	if (sent != KS_OK)
		return gone(channel, why);
	channel->sent++;
	for (size_t i = 0; i < parcel->fds_n; i++)
		(void)close(parcel->fds[i]);
	return KS_OK;
}

int message_send(struct channel *channel, const struct parcel *parcel, struct why *why)
{
	struct message_head head = { .kind = (uint16_t)parcel->kind, .count = parcel->count,
		.bytes = (uint32_t)parcel->body.left, .ticket = parcel->ticket,
		.fds = (uint32_t)parcel->fds_n };

	must(parcel->fds_n <= MESSAGE_FDS && parcel->body.left <= MESSAGE_PAYLOAD);
	if (channel->fd < 0)
		return gone(channel, why);
	if (channel->queued >= LIMIT_CHANNEL_QUEUE) {
		channel->full++;
		return fail(why, KS_FULL, "%s does not keep up",
		    role_name((enum role)channel->peer));
	}
	int code = send_or_queue(channel, &head, parcel, why);

	if (code == KS_OK)
		message_passed(channel, parcel);
	return code;
}

int message_say(struct channel *channel, enum message_kind kind, uint32_t ticket,
    struct span record, struct why *why)
{
	struct parcel parcel = { .kind = kind, .count = record.left > 0 ? 1 : 0,
		.ticket = ticket, .body = record };

	return message_send(channel, &parcel, why);
}

int channel_flush(struct channel *channel, struct why *why)
{
	while (channel->first != NULL) {
		struct channel_item *item = channel->first;
		struct iovec part = { item->packet, item->bytes };
		int sent = packet_send(channel->fd, &part, 1, item->fds, item->fds_n);

		if (sent == KS_FULL)
			return KS_OK;
		if (sent != KS_OK)
			return gone(channel, why);
		item_drop(channel, true);
	}
	return KS_OK;
}

/* The descriptors of a control message; -1 where none.  More than fit are closed by
 * the kernel (MSG_CTRUNC). */
static size_t fds_of(struct msghdr *msg, int fds[MESSAGE_FDS])
{
	size_t n = 0;

	for (struct cmsghdr *head = CMSG_FIRSTHDR(msg); head != NULL;
	     head = CMSG_NXTHDR(msg, head)) {
		if (head->cmsg_level != SOL_SOCKET || head->cmsg_type != SCM_RIGHTS)
			continue;
		size_t here = (head->cmsg_len - CMSG_LEN(0)) / sizeof(int);

		for (size_t i = 0; i < here; i++) {
			int fd;

			memcpy(&fd, CMSG_DATA(head) + i * sizeof fd, sizeof fd);
			if (n < MESSAGE_FDS)
				fds[n++] = fd;
			else
				(void)close(fd);
		}
	}
	return n;
}

int message_take(struct channel *channel, struct message *ret_message, struct why *why)
{
	union {
		struct cmsghdr head;
		uint8_t room[CMSG_SPACE(sizeof(int) * MESSAGE_FDS)];
	} control;
	struct iovec part = { channel->room, LIMIT_MESSAGE };
	struct msghdr msg = { .msg_iov = &part, .msg_iovlen = 1, .msg_control = &control,
		.msg_controllen = sizeof control };
	struct message message = { .fds = { -1, -1, -1 } };
	int fds[MESSAGE_FDS] = { -1, -1, -1 };
	ssize_t n;

	if (channel->fd < 0)
		return gone(channel, why);
	do
		n = recvmsg(channel->fd, &msg, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
	while (n < 0 && errno == EINTR);
	if (n < 0 && (errno == EAGAIN || errno == ENOMEM || errno == ENOBUFS))
		return KS_ABSENT;
	if (n <= 0) /* no message of ours is empty: the other side hung up */
		return gone(channel, why);
	size_t fds_n = fds_of(&msg, fds);
	int code = (msg.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) != 0
	    ? fail(why, KS_MALFORMED, "%s sent too much at once",
		  role_name((enum role)channel->peer))
	    : message_check(channel, span_of(channel->room, (size_t)n), fds_n, &message, why);

	memcpy(message.fds, fds, sizeof fds);
	if (code != KS_OK) {
		message_drop(&message);
		return code;
	}
	channel->taken++;
	*ret_message = message;
	return KS_OK;
}
