/* src/wire/ssh.c - the line by which each side names itself, and its KEXINIT. */
#include "wire/ssh.h"
#include "base/drop.h"
#include "base/limits.h"
#include "base/text.h"

enum { LINE = 255, PACKET = 35000 /* RFC 4253 6.1 */, MSG_KEXINIT = 20, LINES_BEFORE = 32 };

struct ssh {
	struct {
		struct hold bytes;
		uint8_t lines; /* that came before the one with the name */
		uint8_t text_n;
		bool named, done;
		char text[LINE];
	} sides[2];
};

static enum guess ssh_guess(const struct flow_view *flow, const struct span first[2])
{
	enum guess best = GUESS_NO;

	(void)flow;
	for (int side = 0; side < 2; side++) {
		struct span s = first[side];
		size_t n = s.left < 4 ? s.left : 4;

		if (n > 0 && memcmp(s.at, "SSH-", n) == 0)
			best = n == 4 ? GUESS_YES : best == GUESS_YES ? best : GUESS_MAYBE;
	}
	return first[0].left == 0 && first[1].left == 0 ? GUESS_MAYBE : best;
}

static void tell(struct talk *talk, struct ssh *ssh, enum said_side side, struct span detail)
{
	struct said_banner banner = { .service = "ssh",
		.text = span_of(ssh->sides[side].text, ssh->sides[side].text_n), .detail = detail };

	say_banner(talk, side, &banner);
}

/* "kex=a,b host-key=c cipher=d mac=e", as offered. */
static void tell_kexinit(struct talk *talk, struct ssh *ssh, enum said_side side,
    struct span lists)
{
	static const char *const names[] = { "kex=", " host-key=", " cipher=", NULL, " mac=" };
	KS_DROP(text) struct text detail;

	text_init(&detail, PACKET);
	(void)span_cut(&lists, 16); /* cookie */
	for (size_t i = 0; i < 5; i++) {
		struct span list = span_cut(&lists, (size_t)span_be(&lists, 4));

		/* of the two directions the client's is enough */
		if (names[i] != NULL && !lists.broken) {
			text_add(&detail, names[i]);
			text_add_span(&detail, list);
		}
	}
	if (lists.broken)
		say_odd(talk, side, ODD_MALFORMED, 1);
	tell(talk, ssh, side, text_span(&detail));
}

static void finish(struct talk *talk, struct ssh *ssh, enum said_side side)
{
	ssh->sides[side].done = true;
	talk_hold_free(talk, &ssh->sides[side].bytes);
	talk_rest(talk, side);
}

/* The line with the name; a server may say others before it. */
static bool line_take(struct talk *talk, struct ssh *ssh, enum said_side side)
{
	struct hold *hold = &ssh->sides[side].bytes;
	struct span all = hold_span(hold), line = span_until(&all, '\n');

	if (line.left == hold->len && hold->len <= LINE)
		return false; /* its end is not here */
	if (line.left == hold->len) {
		say_odd(talk, side, ODD_MALFORMED, 1);
		finish(talk, ssh, side);
		return false;
	}
	size_t used = line.left + 1;

	line = span_trim(line);
	if (line.left >= 4 && memcmp(line.at, "SSH-", 4) == 0) {
		ssh->sides[side].text_n = (uint8_t)(line.left < LINE ? line.left : LINE);
		memcpy(ssh->sides[side].text, line.at, ssh->sides[side].text_n);
		ssh->sides[side].named = true;
	} else if (++ssh->sides[side].lines > LINES_BEFORE) {
		finish(talk, ssh, side);
		return false;
	}
	talk_hold_eat(hold, used);
	return true;
}

/* The first packet is in the clear: it should be KEXINIT. */
static bool packet_take(struct talk *talk, struct ssh *ssh, enum said_side side)
{
	struct span s = hold_span(&ssh->sides[side].bytes);
	size_t n = (size_t)span_be(&s, 4);
	struct span packet = span_cut(&s, n);

	if (n > PACKET || (n < 2 && s.left > 0)) {
		tell(talk, ssh, side, (struct span){ .left = 0 });
		finish(talk, ssh, side);
		return false;
	}
	if (s.broken)
		return false;
	uint8_t pad = (uint8_t)span_be(&packet, 1), type = (uint8_t)span_be(&packet, 1);

	packet = span_cut(&packet, packet.left >= pad ? packet.left - pad : SIZE_MAX);
	if (type == MSG_KEXINIT)
		tell_kexinit(talk, ssh, side, packet);
	else
		tell(talk, ssh, side, (struct span){ .left = 0 });
	talk_is_secret(talk);
	finish(talk, ssh, side);
	return false;
}

static void ssh_take(struct talk *talk, enum said_side side, struct span bytes)
{
	struct ssh *ssh = talk->state;

	if (talk_hold(talk, &ssh->sides[side].bytes, bytes, PACKET + LINE) != KS_OK) {
		if (ssh->sides[side].named)
			tell(talk, ssh, side, (struct span){ .left = 0 });
		say_odd(talk, side, ODD_FULL, 1);
		finish(talk, ssh, side);
		return;
	}
	while (!ssh->sides[side].done && (ssh->sides[side].named
	    ? packet_take(talk, ssh, side) : line_take(talk, ssh, side)))
		;
}

/* What came before a hole is told. */
static void ssh_gap(struct talk *talk, enum said_side side, uint64_t n)
{
	struct ssh *ssh = talk->state;

	(void)n;
	if (ssh->sides[side].named && !ssh->sides[side].done)
		tell(talk, ssh, side, (struct span){ .left = 0 });
	finish(talk, ssh, side);
}

static void ssh_end(struct talk *talk)
{
	struct ssh *ssh = talk->state;

	for (enum said_side side = 0; side < 2; side++) {
		if (ssh->sides[side].named && !ssh->sides[side].done)
			tell(talk, ssh, (enum said_side)side, (struct span){ .left = 0 });
		talk_hold_free(talk, &ssh->sides[side].bytes);
	}
}

const struct tongue tongue_ssh = {
	.name = "ssh", .over = OVER_TCP, .state_size = sizeof(struct ssh),
	.guess = ssh_guess, .take = ssh_take, .gap = ssh_gap, .end = ssh_end,
};
