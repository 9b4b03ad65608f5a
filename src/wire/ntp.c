/* NTP (RFC 5905): only known for what it is, so that its regular contacts have a name.
 * Its first byte is too little to tell it by content: the port decides. */
#include "wire/tongues.h"

enum { PORT_NTP = 123, HEAD = 48, CONTROL = 12, MODE_CONTROL = 6 };

static enum guess ntp_guess(const struct flow_view *flow, const struct span first[2])
{
	struct span message = first[0].left > 0 ? first[0] : first[1];
	uint8_t head = message.left > 0 ? message.at[0] : 0;
	uint8_t version = head >> 3 & 7, mode = head & 7;
	size_t least = mode >= MODE_CONTROL ? CONTROL : HEAD;

	return (flow->server_port == PORT_NTP || flow->client_port == PORT_NTP) &&
		version >= 1 && version <= 4 && mode >= 1 && message.left >= least
	    ? GUESS_YES
	    : GUESS_NO;
}

/* Who asked, when the answer was recorded first, is for gather to say: turning here would
 * come after the first packet was counted. */
static void ntp_take(struct talk *talk, enum said_side side, struct span bytes)
{
	(void)talk;
	(void)side;
	(void)bytes;
}

const struct tongue tongue_ntp = {
	.name = "ntp", .over = OVER_UDP, .guess = ntp_guess, .take = ntp_take,
};
