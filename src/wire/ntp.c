/* NTP (RFC 5905; control messages RFC 9327): only known for what it is, so that its regular
 * contacts have a name.  Its first byte is too little to tell it by content: the port must
 * fit, and the fields behind it must be possible. */
#include "wire/tongues.h"

enum { PORT_NTP = 123, HEAD = 48, CONTROL = 12, MODE_CONTROL = 6, MODE_PRIVATE = 7,
	STRATUM = 16, POLL = 24, ITEMS = 500 };

/* Distances are of seconds, not of hours: their first byte is 0, or a sign. */
static bool time_fits(const uint8_t *at)
{
	return at[1] <= STRATUM && (at[2] <= POLL || at[2] >= 0xe0) && (at[4] == 0 || at[4] == 0xff) &&
	    at[8] == 0;
}

static bool control_fits(const uint8_t *at, size_t n)
{
	if ((at[0] & 7) == MODE_PRIVATE) /* an implementation's own: how many, of what size */
		return (at[2] == 0 || at[2] == 2 || at[2] == 3) &&
		    ((at[4] & 0xfU) << 8 | at[5]) <= ITEMS && at[6] == 0;
	/* what is asked has no status yet, and all of the data is here */
	return (at[1] & 0x1f) <= 12 && (at[1] & 0x80 || (at[4] | at[5]) == 0) && at[8] < 0x20 &&
	    at[10] * 256U + at[11] + CONTROL <= n;
}

static enum guess ntp_guess(const struct flow_view *flow, const struct span first[2])
{
	struct span message = first[0].left > 0 ? first[0] : first[1];
	uint8_t head = message.left > 0 ? message.at[0] : 0;
	uint8_t version = head >> 3 & 7, mode = head & 7;
	size_t least = mode >= MODE_CONTROL ? CONTROL : HEAD;

	if ((flow->server_port != PORT_NTP && flow->client_port != PORT_NTP) || version < 1 ||
	    version > 4 || mode < 1 || message.left < least)
		return GUESS_NO;
	return (mode >= MODE_CONTROL ? control_fits(message.at, message.left) : time_fits(message.at))
	    ? GUESS_YES : GUESS_NO;
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
