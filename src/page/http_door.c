#include "page/http_door.h"
#include "base/drop.h"
#include "base/limits.h"
#include "page/http.h"
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/queue.h>
#include <unistd.h>

/* SHAKING_MOST: a handshake under way may hold 45 KB, one who has said nothing 150 bytes. */
enum { PIECE = 16384, BATCH = 256, ACCEPTS = 128, TURNS = 8, RECORD_HEAD = 5, HANDSHAKE = 22,
	SHAKING_MOST = LIMIT_HANDSHAKES / 2 };

struct side { /* of a guest: the TLS one, or that of the HTTP server */
	struct guest *guest;
	int fd;
	uint32_t events; /* watched for */
};

struct pending { /* bytes that the other side does not take yet */
	uint8_t *at;
	size_t n, sent;
};

struct guest {
	TAILQ_ENTRY(guest) of;
	struct guest *ended; /* the next of those */
	struct side outer, inner;
	SSL *ssl; /* NULL until the first flight is there as a whole */
	enum where { SILENT, SHAKING, INSIDE, PLACES } where;
	bool gone;
	int64_t deadline_ms;
	struct pending up, down; /* to the server; to the client */
};
TAILQ_HEAD(guests, guest);

struct door {
	struct door_options options;
	int epoll;
	struct side listener;
	struct guests at[PLACES]; /* the oldest first */
	struct guest *ended;
	uint32_t n[PLACES];
};

static void watch(struct door *door, struct side *side, uint32_t events)
{
	struct epoll_event event = { .events = events, .data.ptr = side };

	if (side->fd < 0 || side->events == events)
		return;
	(void)epoll_ctl(door->epoll, EPOLL_CTL_MOD, side->fd, &event);
	side->events = events;
}

static bool watch_begin(struct door *door, struct side *side, uint32_t events)
{
	struct epoll_event event = { .events = events, .data.ptr = side };

	side->events = events;
	return epoll_ctl(door->epoll, EPOLL_CTL_ADD, side->fd, &event) == 0;
}

/* Freed when nobody looks at events of it any more. */
static void guest_end(struct door *door, struct guest *guest)
{
	if (guest->gone)
		return;
	guest->gone = true;
	if (guest->where == INSIDE)
		(void)SSL_shutdown(guest->ssl);
	ERR_clear_error();
	SSL_free(guest->ssl);
	guest->ssl = NULL;
	drop_fd(&guest->outer.fd);
	drop_fd(&guest->inner.fd);
	guest->outer.fd = guest->inner.fd = -1;
	TAILQ_REMOVE(&door->at[guest->where], guest, of);
	door->n[guest->where]--;
	guest->ended = door->ended;
	door->ended = guest;
}

static void ended_free(struct door *door)
{
	struct guest *guest;

	while ((guest = door->ended) != NULL) {
		door->ended = guest->ended;
		free(guest->up.at);
		free(guest->down.at);
		free(guest);
	}
}

static bool pending_keep(struct pending *pending, const uint8_t *at, size_t n)
{
	pending->at = malloc(n);
	if (pending->at == NULL)
		return false;
	memcpy(pending->at, at, n);
	pending->n = n;
	pending->sent = 0;
	return true;
}

static void pending_done(struct pending *pending)
{
	free(pending->at);
	*pending = (struct pending){ .at = NULL };
}

/* How a call of the library ended; WAIT: come again. */
enum went { WENT, WAIT, OVER };

static enum went went_of(SSL *ssl, int n)
{
	int error = SSL_get_error(ssl, n);

	ERR_clear_error();
	return error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE ? WAIT : OVER;
}

static enum went plain_send(int fd, struct pending *pending)
{
	while (pending->sent < pending->n) {
		ssize_t n = send(fd, pending->at + pending->sent, pending->n - pending->sent, MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return errno == EAGAIN ? WAIT : OVER;
		pending->sent += (size_t)n;
	}
	pending_done(pending);
	return WENT;
}

static enum went tls_send(SSL *ssl, struct pending *pending)
{
	while (pending->sent < pending->n) {
		int n = SSL_write(ssl, pending->at + pending->sent, (int)(pending->n - pending->sent));

		if (n <= 0)
			return went_of(ssl, n);
		pending->sent += (size_t)n;
	}
	pending_done(pending);
	return WENT;
}

/* From the client to the server, as long as both go on. */
static enum went go_up(struct guest *guest)
{
	static uint8_t piece[PIECE];

	for (int turn = 0; turn < TURNS; turn++) {
		enum went went = guest->up.n > 0 ? plain_send(guest->inner.fd, &guest->up) : WENT;

		if (went != WENT)
			return went;
		int n = SSL_read(guest->ssl, piece, sizeof piece);

		if (n <= 0)
			return went_of(guest->ssl, n);
		if (!pending_keep(&guest->up, piece, (size_t)n))
			return OVER;
	}
	return WENT;
}

static enum went go_down(struct guest *guest)
{
	static uint8_t piece[PIECE];

	for (int turn = 0; turn < TURNS; turn++) {
		enum went went = guest->down.n > 0 ? tls_send(guest->ssl, &guest->down) : WENT;

		if (went != WENT)
			return went;
		ssize_t n = recv(guest->inner.fd, piece, sizeof piece, 0);

		if (n < 0 && errno == EAGAIN)
			return WAIT;
		if (n <= 0)
			return OVER;
		if (!pending_keep(&guest->down, piece, (size_t)n))
			return OVER;
	}
	return WENT;
}

/* What each side is waited for. */
static void guest_watch(struct door *door, struct guest *guest)
{
	uint32_t outer = guest->up.n > 0 ? 0 : EPOLLIN, inner = guest->down.n > 0 ? 0 : EPOLLIN;

	if (guest->down.n > 0)
		outer |= EPOLLOUT;
	if (guest->up.n > 0)
		inner |= EPOLLOUT;
	if (guest->ssl != NULL && SSL_want_write(guest->ssl))
		outer |= EPOLLOUT;
	watch(door, &guest->outer, outer);
	watch(door, &guest->inner, inner);
}

static void guest_move(struct door *door, struct guest *guest, enum where where)
{
	TAILQ_REMOVE(&door->at[guest->where], guest, of);
	door->n[guest->where]--;
	guest->where = where;
	TAILQ_INSERT_TAIL(&door->at[where], guest, of);
	door->n[where]++;
}

static bool let_in(struct door *door, struct guest *guest)
{
	struct sockaddr_storage from = { .ss_family = AF_UNSPEC };
	socklen_t len = sizeof from;
	int pair[2];

	if (getpeername(guest->outer.fd, (struct sockaddr *)&from, &len) != 0 ||
	    socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, pair) != 0)
		return false;
	guest->inner.fd = pair[0];
	bool watched = watch_begin(door, &guest->inner, EPOLLIN);

	if (!door->options.came(door->options.user, pair[1], (struct sockaddr *)&from, len) || !watched)
		return false; /* pair[1] is the server's in any case */
	guest_move(door, guest, INSIDE);
	return true;
}

/* The whole first record lies in the socket, or what is there is none. */
static bool hello_there(int fd)
{
	uint8_t head[RECORD_HEAD];
	int there = 0;
	ssize_t n = recv(fd, head, sizeof head, MSG_PEEK);

	if (n == 0 || (n < 0 && errno != EAGAIN) || (n > 0 && head[0] != HANDSHAKE))
		return true; /* the library finds out what is wrong */
	return n == RECORD_HEAD && ioctl(fd, FIONREAD, &there) == 0 &&
	    there >= RECORD_HEAD + (head[3] << 8 | head[4]);
}

static enum went shake(struct door *door, struct guest *guest, const struct http_tls *tls)
{
	if (guest->where == SILENT && !hello_there(guest->outer.fd))
		return WAIT;
	if (guest->where == SILENT) {
		guest_move(door, guest, SHAKING);
		guest->ssl = http_tls_begin(tls, guest->outer.fd);
		if (door->n[SHAKING] > SHAKING_MOST)
			guest_end(door, TAILQ_FIRST(&door->at[SHAKING]));
	}
	if (guest->ssl == NULL)
		return OVER;
	int n = SSL_do_handshake(guest->ssl);

	if (n != 1)
		return went_of(guest->ssl, n);
	return let_in(door, guest) ? WENT : OVER;
}

static void guest_go(struct door *door, struct guest *guest, const struct http_tls *tls)
{
	enum went went = WENT;

	if (guest->gone)
		return;
	if (guest->where != INSIDE)
		went = shake(door, guest, tls);
	if (guest->where == INSIDE && went != OVER)
		went = go_up(guest);
	if (guest->where == INSIDE && went != OVER)
		went = go_down(guest);
	if (went == OVER)
		guest_end(door, guest);
	else if (guest->where != SILENT)
		guest_watch(door, guest);
}

static void guests_take(struct door *door)
{
	int one = 1;

	for (int i = 0; i < ACCEPTS; i++) {
		int fd = accept4(door->listener.fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
		struct guest *guest = fd >= 0 ? calloc(1, sizeof *guest) : NULL;

		if (fd < 0)
			return;
		if (guest == NULL || door->n[INSIDE] >= LIMIT_CONNECTIONS) {
			(void)close(fd);
			free(guest);
			continue;
		}
		/* else the flights of a handshake wait for each other's acknowledgement */
		(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
		*guest = (struct guest){ .outer = { .guest = guest, .fd = fd },
			.inner = { .guest = guest, .fd = -1 },
			.deadline_ms = door->options.now_ms(door->options.user) + HTTP_HEADER_MS };
		TAILQ_INSERT_TAIL(&door->at[SILENT], guest, of);
		door->n[SILENT]++;
		/* by the edge: a part of a first flight that lies there says nothing new */
		if (!watch_begin(door, &guest->outer, EPOLLIN | EPOLLET))
			guest_end(door, guest);
		if (door->n[SILENT] > LIMIT_CONNECTIONS)
			guest_end(door, TAILQ_FIRST(&door->at[SILENT]));
	}
}

static void late_end(struct door *door)
{
	int64_t now = door->options.now_ms(door->options.user);
	struct guest *guest;

	for (enum where where = SILENT; where < INSIDE; where++)
		while ((guest = TAILQ_FIRST(&door->at[where])) != NULL && guest->deadline_ms <= now)
			guest_end(door, guest);
}

void door_run(struct door *door, const struct http_tls *tls)
{
	struct epoll_event events[BATCH];
	int n = epoll_wait(door->epoll, events, BATCH, 0);

	for (int i = 0; i < n; i++) {
		struct side *side = events[i].data.ptr;

		if (side == &door->listener)
			guests_take(door);
		else
			guest_go(door, side->guest, tls);
	}
	late_end(door);
	ended_free(door);
}

int door_new(const struct door_options *options, struct door **ret_door, struct why *why)
{
	struct door *door = calloc(1, sizeof *door);

	if (door == NULL)
		return fail(why, KS_FULL, "memory ran out for the page");
	door->options = *options;
	door->listener.fd = options->listen_fd;
	for (enum where where = SILENT; where < PLACES; where++)
		TAILQ_INIT(&door->at[where]);
	door->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (door->epoll < 0 || !watch_begin(door, &door->listener, EPOLLIN)) {
		int code = fail(why, KS_IO, "the HTTP server does not start");

		door_free(door);
		return code;
	}
	*ret_door = door;
	return KS_OK;
}

void door_free(struct door *door)
{
	if (door == NULL)
		return;
	for (enum where where = SILENT; where < PLACES; where++)
		while (!TAILQ_EMPTY(&door->at[where]))
			guest_end(door, TAILQ_FIRST(&door->at[where]));
	ended_free(door);
	drop_fd(&door->epoll);
	drop_fd(&door->listener.fd);
	free(door);
}

int door_fd(const struct door *door)
{
	return door->epoll;
}

uint32_t door_guests(const struct door *door)
{
	return door->n[SILENT] + door->n[SHAKING] + door->n[INSIDE];
}
