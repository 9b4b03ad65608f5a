/* test/unit/test_channel.c - a channel when the kernel is short of room, interrupts, or the
 * other side breaks the rules: what waits arrives whole and in order, with its descriptors,
 * and no descriptor is left open. */
#include "harness.h"
#include "guard/message.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* This call fails so often, then works. */
static struct {
	const char *call;
	int times, error;
} fails;

static bool works(const char *call)
{
	if (fails.call == NULL || strcmp(fails.call, call) != 0 || fails.times-- <= 0)
		return true;
	errno = fails.error;
	return false;
}

void *__real_malloc(size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_malloc(size_t size)
{
	return works("malloc") ? __real_malloc(size) : NULL;
}

int __real_socketpair(int domain, int type, int protocol, int fds[2]);
int __wrap_socketpair(int domain, int type, int protocol, int fds[2]);
int __wrap_socketpair(int domain, int type, int protocol, int fds[2])
{
	return works("socketpair") ? __real_socketpair(domain, type, protocol, fds) : -1;
}

ssize_t __real_sendmsg(int fd, const struct msghdr *msg, int flags);
ssize_t __wrap_sendmsg(int fd, const struct msghdr *msg, int flags);
ssize_t __wrap_sendmsg(int fd, const struct msghdr *msg, int flags)
{
	return works("sendmsg") ? __real_sendmsg(fd, msg, flags) : -1;
}

ssize_t __real_recvmsg(int fd, struct msghdr *msg, int flags);
ssize_t __wrap_recvmsg(int fd, struct msghdr *msg, int flags);
ssize_t __wrap_recvmsg(int fd, struct msghdr *msg, int flags)
{
	return works("recvmsg") ? __real_recvmsg(fd, msg, flags) : -1;
}

static void fail_next(const char *call, int times, int error)
{
	fails.call = call;
	fails.times = times;
	fails.error = error;
}

static size_t open_fds(void)
{
	DIR *dir = opendir("/proc/self/fd");
	size_t n = 0;

	assert_non_null(dir);
	while (readdir(dir) != NULL)
		n++;
	(void)closedir(dir);
	return n;
}

/* A poller that asks the keeper for a command, both sides past their greetings. */
static struct channel poller, keeper;
static size_t fds_before;

static int both_open(void **state)
{
	int fds[2];

	(void)state;
	fail_next(NULL, 0, 0);
	fds_before = open_fds();
	if (channel_pair(fds, NULL) != KS_OK ||
	    channel_init(&poller, fds[0], ROLE_POLLER, ROLE_KEEPER, NULL) != KS_OK ||
	    channel_init(&keeper, fds[1], ROLE_KEEPER, ROLE_POLLER, NULL) != KS_OK)
		return -1;
	poller.state = keeper.state = CHANNEL_RUN;
	return 0;
}

/* Nothing may be left open, whatever the test did. */
static int both_close(void **state)
{
	(void)state;
	fail_next(NULL, 0, 0);
	channel_done(&poller);
	channel_done(&keeper);
	return open_fds() == fds_before ? 0 : -1;
}

static int say(uint32_t ticket, struct why *why)
{
	struct said said = { .id = "KS-SELF-001" };

	return message_say(&poller, MESSAGE_SAID, ticket, span_of(&said, sizeof said), why);
}

/* A command, with the writing ends of two pipes; ret_fds: the reading ones. */
static int ask_run(uint32_t ticket, int ret_fds[2])
{
	static struct run run = { .argc = 1, .argv = "true" };
	int out[2], end[2];

	assert_int_equal(pipe(out), 0);
	assert_int_equal(pipe(end), 0);
	const int fds[2] = { out[1], end[1] };
	struct parcel parcel = { .kind = MESSAGE_RUN, .count = 1, .ticket = ticket,
		.body = span_of(&run, sizeof run), .fds = fds, .fds_n = 2 };
	int code = message_send(&poller, &parcel, NULL);

	ret_fds[0] = out[0];
	ret_fds[1] = end[0];
	if (code != KS_OK)
		(void)(close(out[1]) + close(end[1]));
	return code;
}

/* Nobody holds the writing end any more. */
static void is_over(int fd)
{
	char byte;

	assert_int_equal(read(fd, &byte, 1), 0);
	(void)close(fd);
}

static void what_waits_goes_in_order_with_its_descriptors(void **state)
{
	static const int busy[] = { EAGAIN, ENOBUFS, ENOMEM, ETOOMANYREFS };
	struct message message;
	int ends[2];
	char byte = 0;

	(void)state;
	for (size_t i = 0; i < sizeof busy / sizeof *busy; i++) {
		fail_next("sendmsg", 2, busy[i]);
		assert_int_equal(say(1, NULL), KS_OK);
		assert_int_equal(ask_run(2, ends), KS_OK);
		fail_next(NULL, 0, 0);
		assert_int_equal(say(3, NULL), KS_OK); /* behind those that wait */
		assert_int_equal(message_say(&keeper, MESSAGE_STOP, 0, span_of(NULL, 0), NULL), KS_OK);
		keeper.state = CHANNEL_RUN;
		assert_true(channel_waits(&poller));
		assert_int_equal(message_take(&keeper, &message, NULL), KS_ABSENT);
		fail_next("sendmsg", 1, busy[i]);
		assert_int_equal(channel_flush(&poller, NULL), KS_OK);
		assert_true(channel_waits(&poller));
		fail_next("sendmsg", 1, EINTR);
		assert_int_equal(channel_flush(&poller, NULL), KS_OK);
		assert_false(channel_waits(&poller));
		assert_int_equal(poller.queued, 0);
		for (uint32_t ticket = 1; ticket <= 3; ticket++) {
			assert_int_equal(message_take(&keeper, &message, NULL), KS_OK);
			assert_int_equal(message.head.ticket, ticket);
			if (ticket == 2) {
				assert_int_equal(write(message.fds[0], "x", 1), 1);
				assert_int_equal(read(ends[0], &byte, 1), 1);
			}
			message_drop(&message);
		}
		is_over(ends[0]);
		is_over(ends[1]);
		assert_int_equal(message_take(&poller, &message, NULL), KS_OK);
		poller.state = CHANNEL_RUN;
		poller.open[TURN_RUN] = keeper.open[TURN_RUN] = 0;
	}
	assert_int_equal(poller.sent, 3 * sizeof busy / sizeof *busy);
	assert_int_equal(keeper.taken, poller.sent);
}

/* What never left goes with the channel. */
static void what_waits_is_closed_with_the_channel(void **state)
{
	int ends[2];

	(void)state;
	fail_next("sendmsg", 3, EAGAIN);
	assert_int_equal(say(1, NULL), KS_OK);
	assert_int_equal(ask_run(2, ends), KS_OK);
	channel_done(&poller);
	is_over(ends[0]);
	is_over(ends[1]);
	assert_int_equal(poller.fd, -1);
	assert_null(poller.first);
}

static void one_that_is_gone_is_said(void **state)
{
	static const int gone[] = { EPIPE, ECONNRESET, EBADF };
	struct message message;
	struct why why = { .text = "" };
	int ends[2];

	(void)state;
	for (size_t i = 0; i < sizeof gone / sizeof *gone; i++) {
		fail_next("sendmsg", 1, gone[i]);
		assert_int_equal(say(1, &why), KS_IO);
		assert_string_equal(why.text, "keeper does not listen any more");
		fail_next("recvmsg", 1, gone[i]);
		assert_int_equal(message_take(&poller, &message, &why), KS_IO);
	}
	fail_next("sendmsg", 1, EPIPE);
	assert_int_equal(ask_run(1, ends), KS_IO); /* and nothing was opened by it */
	assert_int_equal(poller.open[TURN_RUN], 0);
	is_over(ends[0]);
	is_over(ends[1]);
	fail_next("sendmsg", 1, EAGAIN);
	assert_int_equal(say(1, NULL), KS_OK);
	fail_next("sendmsg", 1, EPIPE);
	assert_int_equal(channel_flush(&poller, &why), KS_IO);
	channel_done(&keeper);
	assert_int_equal(message_take(&poller, &message, &why), KS_IO);
	channel_done(&poller);
	assert_int_equal(say(1, &why), KS_IO);
	assert_int_equal(message_take(&poller, &message, &why), KS_IO);
	assert_false(message_may(&poller, MESSAGE_SAID));
}

static void nothing_now_is_no_fault(void **state)
{
	static const int now[] = { EAGAIN, ENOMEM, ENOBUFS };
	struct message message;

	(void)state;
	assert_int_equal(say(4, NULL), KS_OK);
	for (size_t i = 0; i < sizeof now / sizeof *now; i++) {
		fail_next("recvmsg", 1, now[i]);
		assert_int_equal(message_take(&keeper, &message, NULL), KS_ABSENT);
	}
	fail_next("recvmsg", 2, EINTR);
	assert_int_equal(message_take(&keeper, &message, NULL), KS_OK);
	assert_int_equal(message.head.ticket, 4);
}

static void without_memory_it_is_said_and_counted(void **state)
{
	struct channel channel;
	struct why why = { .text = "" };
	int fds[2] = { -7, -7 };

	(void)state;
	fail_next("socketpair", 1, EMFILE);
	assert_int_equal(channel_pair(fds, &why), KS_IO);
	assert_string_equal(why.text, "no socket pair: Too many open files");
	assert_true(fds[0] == -7 && fds[1] == -7);
	fail_next("malloc", 1, ENOMEM);
	assert_int_equal(channel_init(&channel, 0, ROLE_PAGE, ROLE_CORE, &why), KS_FULL);
	fail_next("sendmsg", 1, EAGAIN);
	assert_int_equal(say(1, NULL), KS_OK);
	fail_next("malloc", 1, ENOMEM);
	assert_int_equal(say(2, &why), KS_FULL);
	assert_int_equal(poller.full, 1);
	assert_int_equal(say(3, &why), KS_OK);
	assert_int_equal(channel_flush(&poller, NULL), KS_OK);
	assert_int_equal(poller.sent, 2);
	/* one that never was: descriptor 0 is not its own */
	memset(&channel, 0, sizeof channel);
	channel_done(&channel);
	assert_true(fcntl(0, F_GETFD) >= 0);
}

/* A packet of the poller's as it never sends one: so many bytes and descriptors. */
static void throw_packet(struct message_head head, size_t bytes, size_t fds_n)
{
	static uint8_t packet[LIMIT_MESSAGE + 100];
	union {
		struct cmsghdr head;
		uint8_t room[CMSG_SPACE(sizeof(int) * 8)];
	} control = { .room = { 0 } };
	struct iovec part = { packet, bytes };
	struct msghdr msg = { .msg_iov = &part, .msg_iovlen = 1 };
	int fds[8];

	memcpy(packet, &head, sizeof head);
	for (size_t i = 0; i < fds_n; i++)
		fds[i] = open("/dev/null", O_RDONLY | O_CLOEXEC);
	if (fds_n > 0) {
		msg.msg_control = &control;
		msg.msg_controllen = CMSG_SPACE(sizeof(int) * fds_n);
		control.head = (struct cmsghdr){ .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS,
			.cmsg_len = CMSG_LEN(sizeof(int) * fds_n) };
		memcpy(CMSG_DATA(&control.head), fds, sizeof(int) * fds_n);
	}
	assert_int_equal(sendmsg(poller.fd, &msg, 0), bytes);
	for (size_t i = 0; i < fds_n; i++)
		(void)close(fds[i]);
}

/* Whoever breaks the rules leaves no descriptor behind. */
static void broken_rules_leave_nothing_open(void **state)
{
	const struct message_head run = { .kind = MESSAGE_RUN, .count = 1, .bytes = sizeof(struct run) };
	static const struct {
		size_t bytes; /* 0: as the head has it */
		uint32_t fds_told;
		size_t fds_n;
		const char *says;
	} rows[] = {
		{ 0, 0, 0, "poller sent run with 0 descriptors" },
		{ 0, 1, 1, "poller sent run with 1 descriptors" },
		{ 0, 2, 3, "poller sent run with 3 descriptors" },
		{ 0, 3, 2, "poller sent run with 2 descriptors" },
		{ 0, 4, 4, "poller sent run with 3 descriptors" }, /* the fourth is not even taken */
		{ 0, 8, 8, "poller sent too much at once" },
		{ LIMIT_MESSAGE + 1, 2, 2, "poller sent too much at once" },
		{ LIMIT_MESSAGE, 2, 2, "poller sent run with a wrong length (16368)" },
		{ MESSAGE_HEAD - 1, 2, 2, "a message from poller is too short" },
	};
	struct message message;

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct message_head head = run;
		struct why why = { .text = "" };
		size_t before = open_fds();

		head.fds = rows[i].fds_told;
		throw_packet(head, rows[i].bytes > 0 ? rows[i].bytes : MESSAGE_HEAD + run.bytes, rows[i].fds_n);
		assert_int_equal(message_take(&keeper, &message, &why), KS_MALFORMED);
		assert_string_equal(why.text, rows[i].says);
		assert_int_equal(open_fds(), before);
		assert_int_equal(keeper.open[TURN_RUN], 0);
	}
	assert_int_equal(keeper.taken, 0);
	/* what else the kernel may tell of a message is no descriptor */
	const int on = 1;

	assert_int_equal(setsockopt(keeper.fd, SOL_SOCKET, SO_PASSCRED, &on, sizeof on), 0);
	assert_int_equal(say(9, NULL), KS_OK);
	assert_int_equal(message_take(&keeper, &message, NULL), KS_OK);
	assert_int_equal(message.fds[0], -1);
}

int main(void)
{
#define T(test) cmocka_unit_test_setup_teardown(test, both_open, both_close)
	const struct CMUnitTest tests[] = {
		T(what_waits_goes_in_order_with_its_descriptors),
		T(what_waits_is_closed_with_the_channel),
		T(one_that_is_gone_is_said),
		T(nothing_now_is_no_fault),
		T(without_memory_it_is_said_and_counted),
		T(broken_rules_leave_nothing_open),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
