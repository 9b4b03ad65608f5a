/* src/role/poller.c - the main loop around sense/poll.h: announces series, sends
 * readings in batches, borrows secrets, has commands run by the keeper. */
#include "base/drop.h"
#include "base/more.h"
#include "base/must.h"
#include "role/worker.h"
#include "sense/poll.h"
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

enum { FLUSH_MS = 200, HELD_MOST = 65536, ANNOUNCED_FIRST = 64 };

struct running { /* a command the keeper's runner executes */
	int64_t child;
	int done_fd;
};

struct poll_role {
	struct worker *worker;
	struct line core;
	struct poller *poller;
	struct poll_options options;
	int icmp4, icmp6; /* as the poller of now has them: dups, one pair a poller */
	uv_timer_t flush;
	struct series *announced; /* all, to be said again to a new core */
	size_t announced_n, announced_room;
	struct reading *held;	  /* not yet sent */
	size_t held_n;
	size_t said_n;		  /* series of `announced` the core has been sent */
	struct running running[LIMIT_RUNS];
	int64_t next_child;
	uint64_t full;
};

/* Series first, then readings of them; what does not fit now waits. */
static void held_send(struct poll_role *role)
{
	struct parcel parcel = { .kind = MESSAGE_SERIES };

	while (role->core.open && role->said_n < role->announced_n &&
	    message_may(&role->core.channel, MESSAGE_SERIES)) {
		size_t n = role->announced_n - role->said_n;

		parcel.count = (uint16_t)(n > SERIES_MOST ? SERIES_MOST : n);
		parcel.body = span_of(&role->announced[role->said_n],
		    parcel.count * sizeof(struct series));
		if (line_send(&role->core, &parcel, NULL) != KS_OK)
			return;
		role->said_n += parcel.count;
	}
	size_t sent = 0;

	parcel.kind = MESSAGE_READINGS;
	while (role->core.open && role->said_n == role->announced_n && sent < role->held_n &&
	    message_may(&role->core.channel, MESSAGE_READINGS)) {
		size_t n = role->held_n - sent;

		parcel.count = (uint16_t)(n > READINGS_MOST ? READINGS_MOST : n);
		parcel.body = span_of(&role->held[sent], parcel.count * sizeof(struct reading));
		if (line_send(&role->core, &parcel, NULL) != KS_OK)
			break;
		sent += parcel.count;
	}
	if (sent == 0)
		return;
	role->held_n -= sent;
	memmove(role->held, role->held + sent, role->held_n * sizeof *role->held);
}

static void flush_due(uv_timer_t *timer)
{
	held_send(timer->data);
}

static void flush_soon(struct poll_role *role)
{
	if (!uv_is_active((uv_handle_t *)&role->flush))
		must(uv_timer_start(&role->flush, flush_due, FLUSH_MS, 0) == 0);
}

static void series_said(void *user, const struct series *series)
{
	struct poll_role *role = user;

	struct series *at = role->announced_n >= LIMIT_SERIES ? NULL
	    : array_more(role->announced, role->announced_n, &role->announced_room,
		  ANNOUNCED_FIRST, sizeof *at);

	if (at == NULL) {
		role->full++;
		return;
	}
	role->announced = at;
	role->announced[role->announced_n++] = *series;
	flush_soon(role);
}

static void readings_said(void *user, const struct reading *readings, size_t n)
{
	struct poll_role *role = user;

	if (role->held_n + n > HELD_MOST) { /* core is away or slow: the oldest go */
		size_t over = role->held_n + n - HELD_MOST;

		over = over > role->held_n ? role->held_n : over;
		role->full += over;
		role->held_n -= over;
		memmove(role->held, role->held + over, role->held_n * sizeof *role->held);
	}
	memcpy(role->held + role->held_n, readings, n * sizeof *readings);
	role->held_n += n;
	if (role->held_n >= READINGS_MOST)
		held_send(role);
	if (role->held_n > 0)
		flush_soon(role);
}

static int64_t now_said(void *user)
{
	return worker_now(((struct poll_role *)user)->worker);
}

static void trouble_said(void *user, const char *id, const struct why *why)
{
	struct poll_role *role = user;

	worker_say(role->worker, "KS-SENSE", id, why != NULL ? why->text : "well again");
}

static int secret_given(void *user, const char *file, struct span *ret_secret, struct why *why)
{
	return worker_secret(((struct poll_role *)user)->worker, file, ret_secret, why);
}

static int argv_pack(const char *const argv[], struct run *run, struct why *why)
{
	size_t used = 0;

	for (; argv[run->argc] != NULL; run->argc++) {
		size_t n = strlen(argv[run->argc]) + 1;

		if (used + n > sizeof run->argv)
			return fail(why, KS_FULL, "%s: command too long", argv[0]);
		memcpy(run->argv + used, argv[run->argc], n);
		used += n;
	}
	return KS_OK;
}

static struct running *running_free(struct poll_role *role)
{
	for (size_t i = 0; i < LIMIT_RUNS; i++) {
		if (role->running[i].child == 0)
			return &role->running[i];
	}
	return NULL;
}

/* Two pipes: what the command writes, and how it ended.  Closing our end of the second
 * ends the command, so a poller that dies leaves none behind. */
static int command_start(void *user, const char *const argv[], int secret_fd, int *ret_out,
    int64_t *ret_child, struct why *why)
{
	struct poll_role *role = user;
	struct running *running = running_free(role);
	struct run run = { .deadline_ms = LIMIT_POLL_COMMAND_S * 1000 };
	int out[2], done[2], code = argv_pack(argv, &run, why);

	if (code != KS_OK)
		return code;
	if (running == NULL || !message_may(&role->worker->keeper.channel, MESSAGE_RUN))
		return fail(why, KS_FULL, "too many commands at once");
	if (pipe2(out, O_CLOEXEC) != 0)
		return fail(why, KS_IO, "no pipe: %s", strerror(errno));
	if (pipe2(done, O_CLOEXEC | O_NONBLOCK) != 0) {
		code = fail(why, KS_IO, "no pipe: %s", strerror(errno));
		drop_fd(&out[0]);
		drop_fd(&out[1]);
		return code;
	}
	int fds[MESSAGE_FDS] = { out[1], done[1], -1 };

	if (secret_fd >= 0)
		fds[2] = dup(secret_fd);
	struct parcel parcel = { .kind = MESSAGE_RUN, .count = 1,
		.body = span_of(&run, sizeof run), .fds = fds, .fds_n = fds[2] >= 0 ? 3 : 2 };

	code = line_send(&role->worker->keeper, &parcel, why);
	if (code != KS_OK) {
		for (size_t i = 0; i < parcel.fds_n; i++)
			drop_fd(&fds[i]);
		drop_fd(&out[0]);
		drop_fd(&done[0]);
		return code;
	}
	*running = (struct running){ .child = ++role->next_child, .done_fd = done[0] };
	*ret_out = out[0];
	*ret_child = running->child;
	return KS_OK;
}

static int command_end(void *user, int64_t child)
{
	struct poll_role *role = user;

	for (size_t i = 0; i < LIMIT_RUNS; i++) {
		struct running *running = &role->running[i];
		struct run_done done;

		if (running->child != child)
			continue;
		ssize_t n = read(running->done_fd, &done, sizeof done);

		(void)close(running->done_fd);
		*running = (struct running){ .child = 0 };
		return n == (ssize_t)sizeof done ? done.status : -1;
	}
	return -1;
}

static void core_spoke(struct line *line, struct message *message)
{
	(void)line;
	(void)message; /* no row lets core say anything to the poller */
}

static void core_lost(struct line *line, int code, const struct why *why)
{
	(void)line;
	(void)code;
	(void)why; /* the keeper says it, and brings a new one */
}

static void core_drained(struct line *line)
{
	held_send(line->user);
}

static void site_say(struct poll_role *role)
{
	uint64_t hash = role->worker->site->hash;

	role->said_n = 0;
	(void)line_say(&role->core, MESSAGE_SITE, 0, span_of(&hash, sizeof hash));
	held_send(role);
}

static void poller_peer(struct worker *worker, enum role peer, int fd)
{
	struct poll_role *role = worker->user;
	struct why why = { .fmt = NULL };

	line_close(&role->core);
	if (peer != ROLE_CORE ||
	    line_open(&role->core, &worker->loop, fd, ROLE_POLLER, ROLE_CORE, &why) != KS_OK) {
		(void)close(fd);
		return;
	}
	site_say(role);
}

/* A loop watches a descriptor once, and the old poller's is closed a turn later: each
 * poller has its own copy. */
static void icmp_renew(struct poll_role *role)
{
	const int *handles = role->worker->handles;

	role->icmp4 = handles[HANDLE_ICMP4] >= 0 ? dup(handles[HANDLE_ICMP4]) : -1;
	role->icmp6 = handles[HANDLE_ICMP6] >= 0 ? dup(handles[HANDLE_ICMP6]) : -1;
	role->options.icmp4 = role->icmp4;
	role->options.icmp6 = role->icmp6;
}

static int poller_start(struct worker *worker, struct why *why)
{
	struct poll_role *role = worker_user(worker, sizeof *role, why);

	if (role == NULL)
		return KS_FULL;
	role->held = calloc(HELD_MOST, sizeof *role->held);
	if (role->held == NULL)
		return fail(why, KS_FULL, "out of memory");
	role->worker = worker;
	role->core = (struct line){ .message = core_spoke, .gone = core_lost,
		.drained = core_drained, .user = role };
	must(uv_timer_init(&worker->loop, &role->flush) == 0);
	role->flush.data = role;
	role->options = (struct poll_options){ .user = role, .now_ms = now_said,
		.series = series_said, .readings = readings_said, .trouble = trouble_said,
		.secret = secret_given,
		.spawn = { .user = role, .start = command_start, .end = command_end },
		.factor = worker->clock.factor,
		.icmp_why = "this user may not open an ICMP socket (CAP_NET_RAW or net.ipv4.ping_group_range)" };
	role->icmp4 = role->icmp6 = -1;
	icmp_renew(role);
	if (uv_random(NULL, NULL, &role->options.seed, sizeof role->options.seed, 0, NULL) != 0)
		return fail(why, KS_IO, "no random numbers");
	return poller_new(&worker->loop, worker->site, &role->options, NULL, &role->poller, why);
}

static int poller_reload(struct worker *worker, struct site *take_site, struct why *why)
{
	struct poll_role *role = worker->user;
	struct site *old = worker->site;
	KS_DROP(fd) int old4 = role->icmp4;
	KS_DROP(fd) int old6 = role->icmp6;

	icmp_renew(role);
	role->announced_n = role->said_n = role->held_n = 0;
	worker->site = take_site;
	int code = poller_new(&worker->loop, take_site, &role->options, role->poller,
	    &role->poller, why);

	site_free(old);
	if (code == KS_OK && role->core.open)
		site_say(role);
	return code;
}

static void poller_message(struct worker *worker, struct message *message)
{
	(void)worker;
	(void)message; /* RUN_DONE: the pipes have told it already */
}

static void poller_stop(struct worker *worker)
{
	struct poll_role *role = worker->user;

	held_send(role);
	poller_free(role->poller);
	uv_close((uv_handle_t *)&role->flush, NULL);
	line_close(&role->core);
	(void)uv_run(&worker->loop, UV_RUN_NOWAIT);
	free(role->announced);
	free(role->held);
	free(role);
}

static uint64_t poller_full(struct worker *worker)
{
	struct poll_role *role = worker->user;

	return role->full + role->core.channel.full;
}

const struct worker_ops poller_ops = {
	.role = ROLE_POLLER,
	.start = poller_start,
	.peer = poller_peer,
	.reload = poller_reload,
	.message = poller_message,
	.stop = poller_stop,
	.full = poller_full,
};
