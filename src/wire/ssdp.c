#include "wire/ssdp.h"
#include "wire/tongues.h"
#include <strings.h>

static bool begins(struct span s, const char *text)
{
	size_t n = strlen(text);

	return s.left >= n && strncasecmp((const char *)s.at, text, n) == 0;
}

bool ssdp_looks_like(struct span message)
{
	return begins(message, "NOTIFY * HTTP/1") || begins(message, "M-SEARCH * HTTP/1") ||
	    begins(message, "HTTP/1.1 200");
}

bool ssdp_read(struct span message, struct said_name *ret_name)
{
	struct said_name name = { .how = NAME_SSDP };

	(void)span_until(&message, '\n');
	while (message.left > 0) {
		struct span line = span_until(&message, '\n');
		bool server = begins(line, "SERVER:");

		if (!server && !begins(line, "USER-AGENT:"))
			continue;
		(void)span_until(&line, ':');
		name.describes = span_trim(line);
	}
	if (name.describes.left == 0)
		return false;
	*ret_name = name;
	return true;
}

static enum guess ssdp_guess(const struct flow_view *flow, const struct span first[2])
{
	struct span message = first[0].left > 0 ? first[0] : first[1];

	(void)flow;
	return ssdp_looks_like(message) ? GUESS_YES : GUESS_NO;
}

static void ssdp_take(struct talk *talk, enum said_side side, struct span bytes)
{
	struct said_name name;

	if (!ssdp_read(bytes, &name))
		return;
	name.address = side == SIDE_CLIENT ? talk->flow->client : talk->flow->server;
	name.mac = side == SIDE_CLIENT ? talk->flow->client_mac : talk->flow->server_mac;
	say_name(talk, side, &name);
}

const struct tongue tongue_ssdp = {
	.name = "ssdp", .over = OVER_UDP, .guess = ssdp_guess, .take = ssdp_take,
};
