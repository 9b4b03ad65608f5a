/* src/page/http_door.h - TLS in front of the HTTP server: takes connections, shakes hands,
 * and passes plain bytes on through a socket pair.  Who has said nothing whole costs
 * 200 bytes; who has not finished its handshake is closed after HTTP_HEADER_MS, and when
 * half of LIMIT_HANDSHAKES are under way, the oldest goes: honest ones are done in
 * milliseconds. */
#ifndef KS_PAGE_HTTP_DOOR_H
#define KS_PAGE_HTTP_DOOR_H
#include "page/http_tls.h"
#include <sys/socket.h>

struct door;
struct door_options {
	int listen_fd;	/* taken over */
	void *user;
	int64_t (*now_ms)(void *user); /* monotonic */
	/* A connection is there: fd is the HTTP server's now.  false: no room. */
	bool (*came)(void *user, int fd, const struct sockaddr *from, socklen_t len);
};

KS_MUST int door_new(const struct door_options *options, struct door **ret_door,
    struct why *why);
void door_free(struct door *door);
int door_fd(const struct door *door); /* readable: call door_run */
/* tls: for those who come from now on. */
void door_run(struct door *door, const struct http_tls *tls);
uint32_t door_guests(const struct door *door);
#endif
