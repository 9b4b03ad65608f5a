/* src/role/courier_udp.c - syslog over UDP: one datagram; that it was sent is all that can
 * be known. */
#include "role/courier.h"
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum { DATAGRAM_MOST = 2048 }; /* RFC 5426: what every receiver should take */

static int datagram_send(const struct flight *flight, const struct addrinfo *to)
{
	const struct text *body = &flight->dispatch.body;
	size_t n = body->len < DATAGRAM_MOST ? body->len : DATAGRAM_MOST;
	int fd = socket(to->ai_family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd < 0)
		return KS_LATE;
	ssize_t sent = sendto(fd, body->at, n, MSG_NOSIGNAL, to->ai_addr, to->ai_addrlen);

	(void)close(fd);
	return sent == (ssize_t)n ? KS_OK : KS_LATE;
}

static void found(uv_getaddrinfo_t *find, int status, struct addrinfo *to)
{
	struct flight *flight = find->data;
	int code = KS_LATE;

	if (flight != NULL) {
		flight->find = NULL;
		if (status == 0 && to != NULL)
			code = datagram_send(flight, to);
		flight_end(flight, code, 0, 0, code == KS_OK ? ""
			: status != 0 ? "its name is not found" : "no way there");
	}
	uv_freeaddrinfo(to);
	free(find);
}

int flight_datagram(struct flight *flight, struct why *why)
{
	const char *url = text_cstr(&flight->dispatch.url) + 6; /* udp:// */
	struct addrinfo hints = { .ai_socktype = SOCK_DGRAM };
	char host[256], port[16] = "514";
	const char *colon = strrchr(url, ':');
	size_t n = colon != NULL ? (size_t)(colon - url) : strlen(url);

	if (colon != NULL)
		(void)snprintf(port, sizeof port, "%s", colon + 1);
	if (n > 2 && url[0] == '[' && url[n - 1] == ']') {
		url++;
		n -= 2;
	}
	(void)snprintf(host, sizeof host, "%.*s", (int)n, url);
	uv_getaddrinfo_t *find = malloc(sizeof *find);

	if (find == NULL || uv_getaddrinfo(&flight->courier->worker->loop, find, found, host, port,
				&hints) != 0) {
		free(find);
		return fail(why, KS_MALFORMED, "to= of a syslog channel is udp://HOST:PORT");
	}
	find->data = flight;
	flight->find = find;
	return KS_OK;
}
