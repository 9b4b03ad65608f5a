/* src/wire/telnet.c - Telnet: options passed over, and what is typed after "login:" and
 * "Password:". */
#include "base/limits.h"
#include "wire/body.h"
#include "wire/lines.h"

enum { IAC = 255, DONT = 254, WILL = 251, SB = 250, SE = 240, PROMPT = 64 };

struct telnet {
	uint8_t option[2]; /* within one: 1 after IAC, 2 after WILL.., 3 in SB, 4 IAC in SB */
	uint8_t asks;	   /* 0 nothing, 1 the name, 2 the secret */
	uint8_t prompt_n, banner_n;
	bool said_banner;
	char prompt[PROMPT], banner[PROMPT];
	struct login login;
};

/* One option asked for, and the next byte after it; 0: cut short, -1: it is none.  Known ones
 * end at 49 (RFC 8049's list), and 255 is that of more. */
static int option_length(struct span s)
{
	if (s.left < 3)
		return s.left == 2 && (s.at[1] < SB || s.at[1] > DONT) ? -1 : 0;
	if (s.at[1] < SB || s.at[1] > DONT || (s.at[2] > 49 && s.at[2] != 255))
		return -1;
	if (s.at[1] != SB)
		return s.at[1] >= WILL ? 3 : -1;
	for (size_t i = 3; i + 1 < s.left; i++)
		if (s.at[i] == IAC && s.at[i + 1] == SE)
			return (int)i + 2;
	return 0;
}

static bool is_typed(uint8_t c)
{
	return (c >= ' ' && c < 127) || (c >= 7 && c <= 13) || c == 27 || c == 0;
}

/* How much speaks for it on one side: options asked for, bytes of text.  False: something
 * does not belong there. */
static bool telnet_weigh(struct span s, unsigned *ret_options, unsigned *ret_text)
{
	while (s.left > 0) {
		int n = *s.at == IAC ? option_length(s) : is_typed(*s.at);

		if (n < 0 || (n == 0 && *s.at != IAC))
			return false;
		if (n == 0)
			return true;
		*ret_options += *s.at == IAC;
		*ret_text += *s.at != IAC && *s.at != 0;
		(void)span_cut(&s, (size_t)n);
	}
	return true;
}

/* One option is three bytes: too few, among so many flows.  Two are enough, one and a few
 * words, or at the port words alone. */
static enum guess telnet_guess(const struct flow_view *flow, const struct span first[2])
{
	enum { WORDS = 8, WORDS_ALONE = 20 };
	unsigned options = 0, text[2] = { 0, 0 };

	for (int side = 0; side < 2; side++)
		if (!telnet_weigh(first[side], &options, &text[side]))
			return GUESS_NO;
	if (options > 1 || (options == 1 && text[0] + text[1] >= WORDS))
		return GUESS_YES;
	if (options == 1 || first[SIDE_SERVER].left + first[SIDE_CLIENT].left == 0 ||
	    (first[0].left > 0 ? first[0].at[0] : first[1].at[0]) == IAC)
		return GUESS_MAYBE;
	if (flow->server_port != 23)
		return GUESS_NO;
	return text[SIDE_SERVER] >= WORDS_ALONE || word_in(first[SIDE_SERVER], "login:") ||
	    word_in(first[SIDE_SERVER], "password:") || word_in(first[SIDE_SERVER], "username:")
	    ? GUESS_YES : GUESS_MAYBE;
}

/* The next byte of text; false: bytes are used up. */
static bool text_byte(struct telnet *telnet, enum said_side side, struct span *bytes,
    uint8_t *ret_byte)
{
	uint8_t *in = &telnet->option[side];

	while (bytes->left > 0) {
		uint8_t c = (uint8_t)span_be(bytes, 1);

		if (*in == 0 && c != IAC) {
			*ret_byte = c;
			return true;
		}
		if (*in == 0)
			*in = 1;
		else if (*in == 1 && c == IAC)
			*in = 0; /* 255 itself: no character of a name */
		else if (*in == 1)
			*in = c >= WILL && c <= DONT ? 2 : c == SB ? 3 : 0;
		else if (*in == 2)
			*in = 0;
		else if (*in == 3)
			*in = c == IAC ? 4 : 3;
		else
			*in = c == SE ? 0 : 3;
	}
	return false;
}

static void telnet_server(struct talk *talk, struct telnet *telnet, uint8_t c)
{
	struct span prompt = { .left = 0 };

	if (c == '\r' || c == '\n' || c == 0) {
		if (!telnet->said_banner && telnet->banner_n > 0) {
			struct said_banner banner = { .service = "telnet",
				.text = span_of(telnet->banner, telnet->banner_n) };

			say_banner(talk, SIDE_SERVER, &banner);
			telnet->said_banner = true;
		}
		telnet->prompt_n = 0;
		return;
	}
	if (!telnet->said_banner && telnet->banner_n < PROMPT && c >= ' ')
		telnet->banner[telnet->banner_n++] = (char)c;
	if (telnet->prompt_n == PROMPT) {
		memmove(telnet->prompt, telnet->prompt + 1, PROMPT - 1);
		telnet->prompt_n--;
	}
	telnet->prompt[telnet->prompt_n++] = (char)c;
	prompt = span_trim(span_of(telnet->prompt, telnet->prompt_n));
	if (telnet->login.waits && telnet->prompt_n > 4) {
		bool bad = word_in(prompt, "incorrect") || word_in(prompt, "failed") ||
		    word_in(prompt, "invalid") || word_in(prompt, "denied") || word_in(prompt, "login:");
		uint8_t last = prompt.left > 0 ? prompt.at[prompt.left - 1] : 0; /* all blank */
		bool good = word_in(prompt, "last login") || word_in(prompt, "welcome") ||
		    last == '$' || last == '#' || last == '>';

		if (bad || good)
			login_tell(talk, &telnet->login, "telnet", true, !bad || word_in(prompt, "last login"));
	}
	if (c != ':')
		return;
	if (word_in(prompt, "password:") || word_in(prompt, "passwd:")) {
		telnet->asks = 2;
		telnet->login.secret.n = 0;
	} else if ((word_in(prompt, "login:") || word_in(prompt, "username:") ||
		       word_in(prompt, "user:")) && !word_in(prompt, "last login")) {
		telnet->asks = 1;
		telnet->login.user.n = 0;
	}
}

static void telnet_client(struct telnet *telnet, uint8_t c)
{
	struct word *word = telnet->asks == 1 ? &telnet->login.user : &telnet->login.secret;

	if (telnet->asks == 0)
		return;
	if (c == '\r' || c == '\n') {
		telnet->login.waits |= telnet->asks == 2;
		telnet->asks = 0;
	} else if (c == 8 || c == 127) {
		word->n = (uint16_t)(word->n > 0 ? word->n - 1 : 0);
	} else if (c >= ' ' && word->n < WORD_MOST) {
		word->text[word->n++] = (char)c;
	}
}

static void telnet_take(struct talk *talk, enum said_side side, struct span bytes)
{
	struct telnet *telnet = talk->state;
	uint8_t c = 0;

	while (text_byte(telnet, side, &bytes, &c)) {
		if (side == SIDE_SERVER)
			telnet_server(talk, telnet, c);
		else
			telnet_client(telnet, c);
	}
}

static void telnet_gap(struct talk *talk, enum said_side side, uint64_t n)
{
	struct telnet *telnet = talk->state;

	(void)n;
	telnet->option[side] = 0;
}

static void telnet_end(struct talk *talk)
{
	struct telnet *telnet = talk->state;

	login_tell(talk, &telnet->login, "telnet", false, false);
}

const struct tongue tongue_telnet = { .name = "telnet", .over = OVER_TCP,
	.state_size = sizeof(struct telnet), .guess = telnet_guess, .take = telnet_take,
	.gap = telnet_gap, .end = telnet_end };
