/* src/sense/transport_address.h - "host", "host:port", "[v6]:port", "scheme://host/x"
 * into a socket address.  Numbers at once; names on libuv's thread pool. */
#ifndef KS_SENSE_TRANSPORT_ADDRESS_H
#define KS_SENSE_TRANSPORT_ADDRESS_H
#include "base/span.h"
#include "base/why.h"
#include <netinet/in.h>
#include <sys/socket.h>
#include <uv.h>

enum { HOST_ROOM = 256 };

/* KS_MALFORMED when it is no address.  port stays the default when none is said. */
KS_MUST int address_split(struct span text, uint16_t port, char ret_host[HOST_ROOM],
    uint16_t *ret_port, struct why *why);

/* A numeric host at once; false when it is a name. */
bool address_number(const char *host, uint16_t port, struct sockaddr_storage *ret);
/* "192.0.2.1" or "2001:db8::1", no port. */
void address_text(const struct sockaddr_storage *address, char ret[INET6_ADDRSTRLEN]);
socklen_t address_size(const struct sockaddr_storage *address);

/* A name being looked up.  Embed it; `user` is called once unless cancelled. */
struct lookup {
	uv_getaddrinfo_t request;
	uint16_t port;
	bool busy;
	void *user;
	void (*found)(void *user, int code, const struct sockaddr_storage *address);
	void (*gone)(void *user); /* set by lookup_cancel: the memory may be freed now */
};
int lookup_start(struct lookup *lookup, uv_loop_t *loop, const char *host, struct why *why);
/* No `found` any more; gone(user) when the request has left the pool.  False: it was
 * not busy and gone will not be called. */
bool lookup_cancel(struct lookup *lookup, void (*gone)(void *user));
#endif
