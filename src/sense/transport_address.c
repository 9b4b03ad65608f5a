/* src/sense/transport_address.c - addresses out of text. */
#include "sense/transport_address.h"
#include "base/number.h"
#include <arpa/inet.h>
#include <netdb.h>

static struct span without_scheme(struct span text)
{
	for (size_t i = 0; i + 2 < text.left; i++)
		if (text.at[i] == ':' && text.at[i + 1] == '/' && text.at[i + 2] == '/') {
			(void)span_cut(&text, i + 3);
			break;
		}
	text = span_until(&text, '/');
	const uint8_t *at = text.left > 0 ? memrchr(text.at, '@', text.left) : NULL;

	if (at != NULL) /* "ups@host": what is asked for there is the driver's affair */
		(void)span_cut(&text, (size_t)(at - text.at) + 1);
	return text;
}

static int split_port(struct span text, uint16_t *ret_port, struct why *why)
{
	int64_t port = 0;

	if (number_read(text, 0, &port) != KS_OK || port < 1 || port > 65535)
		return fail(why, KS_MALFORMED, "%.*s: not a port (1 to 65535)", (int)text.left,
		    text.left > 0 ? (const char *)text.at : "");
	*ret_port = (uint16_t)port;
	return KS_OK;
}

int address_split(struct span text, uint16_t port, char ret_host[HOST_ROOM],
    uint16_t *ret_port, struct why *why)
{
	struct span rest = without_scheme(span_trim(text)), host;
	const uint8_t *colon = rest.left > 0 ? memrchr(rest.at, ':', rest.left) : NULL;

	if (rest.left > 0 && rest.at[0] == '[') {
		(void)span_cut(&rest, 1);
		host = span_until(&rest, ']');
		if (rest.left > 0 && rest.at[0] == ':')
			(void)span_cut(&rest, 1);
	} else if (colon != NULL && memchr(rest.at, ':', rest.left) == colon) {
		host = span_until(&rest, ':');
	} else {
		host = span_cut(&rest, rest.left); /* none, or a bare IPv6 address */
	}
	if (host.left == 0 || host.left >= HOST_ROOM)
		return fail(why, KS_MALFORMED, "%.*s: not an address (host or host:port)",
		    (int)text.left, text.left > 0 ? (const char *)text.at : "");
	if (rest.left > 0) {
		int code = split_port(rest, &port, why);

		if (code != KS_OK)
			return code;
	}
	memcpy(ret_host, host.at, host.left);
	ret_host[host.left] = '\0';
	*ret_port = port;
	return KS_OK;
}

bool address_number(const char *host, uint16_t port, struct sockaddr_storage *ret)
{
	memset(ret, 0, sizeof *ret);
	return uv_ip4_addr(host, port, (struct sockaddr_in *)(void *)ret) == 0 ||
	    uv_ip6_addr(host, port, (struct sockaddr_in6 *)(void *)ret) == 0;
}

void address_text(const struct sockaddr_storage *address, char ret[INET6_ADDRSTRLEN])
{
	ret[0] = '\0';
	if (address->ss_family == AF_INET6)
		(void)uv_ip6_name((const struct sockaddr_in6 *)(const void *)address, ret,
		    INET6_ADDRSTRLEN);
	else
		(void)uv_ip4_name((const struct sockaddr_in *)(const void *)address, ret,
		    INET6_ADDRSTRLEN);
}

socklen_t address_size(const struct sockaddr_storage *address)
{
	return address->ss_family == AF_INET6 ? sizeof(struct sockaddr_in6) :
						sizeof(struct sockaddr_in);
}

static void lookup_ended(uv_getaddrinfo_t *request, int status, struct addrinfo *info)
{
	struct lookup *lookup = request->data;
	struct sockaddr_storage address = { 0 };
	bool good = status == 0 && info != NULL && info->ai_addrlen <= sizeof address;

	if (good) {
		memcpy(&address, info->ai_addr, info->ai_addrlen);
		if (address.ss_family == AF_INET6)
			((struct sockaddr_in6 *)(void *)&address)->sin6_port = htons(lookup->port);
		else
			((struct sockaddr_in *)(void *)&address)->sin_port = htons(lookup->port);
	}
	uv_freeaddrinfo(info);
	lookup->busy = false;
	if (lookup->gone != NULL)
		lookup->gone(lookup->user);
	else
		lookup->found(lookup->user, good ? KS_OK : KS_ABSENT, &address);
}

int lookup_start(struct lookup *lookup, uv_loop_t *loop, const char *host, struct why *why)
{
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_ADDRCONFIG };
	int bad;

	lookup->request.data = lookup;
	lookup->gone = NULL;
	bad = uv_getaddrinfo(loop, &lookup->request, lookup_ended, host, NULL, &hints);
	if (bad != 0)
		return fail(why, KS_IO, "%s: the name can not be looked up: %s", host,
		    uv_strerror(bad));
	lookup->busy = true;
	return KS_OK;
}

bool lookup_cancel(struct lookup *lookup, void (*gone)(void *user))
{
	if (!lookup->busy)
		return false;
	lookup->gone = gone;
	(void)uv_cancel((uv_req_t *)&lookup->request);
	return true;
}
