/* src/wire/pop3.c - POP3: names and passwords in clear, letters fetched, STLS. */
#include "base/limits.h"
#include "wire/body.h"
#include "wire/lines.h"

struct pop3 {
	struct line line[2];
	struct login login;
	struct letter letter;
	bool greeted, plain_next, tls_asked, letter_asked;
};

static bool pop3_verb(struct span asks)
{
	static const char *const verbs[] = { "USER", "PASS", "APOP", "AUTH", "STLS", "CAPA", "STAT", "LIST",
		"RETR", "UIDL", "NOOP", "QUIT", "TOP", "DELE", "RSET", "UTF8", "LANG" };

	for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
		if (asks.left >= strlen(verbs[i]) && word_is(span_of(asks.at, strlen(verbs[i])), verbs[i]))
			return true;
	return asks.left < 3;
}

static enum guess pop3_guess(const struct flow_view *flow, const struct span first[2])
{
	struct span hello = first[SIDE_SERVER];

	(void)flow;
	if (hello.left == 0)
		return first[SIDE_CLIENT].left == 0 ? GUESS_MAYBE : GUESS_NO;
	if (memcmp(hello.at, "+OK", hello.left < 3 ? hello.left : 3) != 0)
		return GUESS_NO;
	if (hello.left < 4)
		return GUESS_MAYBE;
	/* others say so too, and to other words */
	return (hello.at[3] == ' ' || hello.at[3] == '\r' || hello.at[3] == '\n') &&
		(first[SIDE_CLIENT].left == 0 || pop3_verb(first[SIDE_CLIENT])) ? GUESS_YES : GUESS_NO;
}

static void pop3_client(struct talk *talk, struct pop3 *pop3, struct span line)
{
	struct span rest = line, verb = span_until(&rest, ' ');

	(void)talk;
	if (pop3->plain_next) {
		login_plain(&pop3->login, line);
		pop3->plain_next = false;
	} else if (word_is(verb, "USER")) {
		word_set(&pop3->login.user, rest);
	} else if (word_is(verb, "PASS")) {
		word_set(&pop3->login.secret, rest);
		pop3->login.waits = true;
	} else if (word_is(verb, "APOP")) { /* a digest: only the name is in clear */
		word_set(&pop3->login.user, span_until(&rest, ' '));
		pop3->login.waits = pop3->login.digest = true;
	} else if (word_is(verb, "AUTH") && word_is(span_until(&rest, ' '), "PLAIN")) {
		if (rest.left > 0)
			login_plain(&pop3->login, rest);
		else
			pop3->plain_next = true;
	} else if (word_is(verb, "STLS")) {
		pop3->tls_asked = true;
	}
	pop3->letter_asked = word_is(verb, "RETR") || word_is(verb, "TOP");
}

/* True: TLS begins. */
static bool pop3_server(struct talk *talk, struct pop3 *pop3, struct span line)
{
	bool good = line_begins(line, "+OK"), bad = line_begins(line, "-ERR");
	bool tls = pop3->tls_asked && good;

	if (pop3->letter.open) {
		(void)letter_line(&pop3->letter, talk, SIDE_SERVER, line);
		return false;
	}
	if (!good && !bad)
		return false;
	if (!pop3->greeted) {
		struct said_banner banner = { .service = "pop3", .text = line };

		pop3->greeted = true;
		if (line.left > 4)
			banner.text = span_of(line.at + 4, line.left - 4);
		say_banner(talk, SIDE_SERVER, &banner);
		return false;
	}
	if (pop3->login.waits)
		login_tell(talk, &pop3->login, "pop3", true, good);
	pop3->letter.open = good && pop3->letter_asked;
	pop3->letter_asked = pop3->tls_asked = false;
	return tls;
}

static void pop3_take(struct talk *talk, enum said_side side, struct span bytes)
{
	struct pop3 *pop3 = talk->state;
	struct span line;

	while (bytes.left > 0) {
		if (!line_cut(&pop3->line[side], &bytes, &line))
			return;
		if (side == SIDE_CLIENT) {
			pop3_client(talk, pop3, line);
		} else if (pop3_server(talk, pop3, line)) {
			talk_switch(talk, side, bytes);
			return;
		}
	}
}

static void pop3_gap(struct talk *talk, enum said_side side, uint64_t n)
{
	struct pop3 *pop3 = talk->state;

	(void)n;
	pop3->line[side].n = 0;
}

static void pop3_end(struct talk *talk)
{
	struct pop3 *pop3 = talk->state;

	login_tell(talk, &pop3->login, "pop3", false, false);
	letter_end(&pop3->letter, talk, SIDE_SERVER);
}

const struct tongue tongue_pop3 = { .name = "pop3", .over = OVER_TCP,
	.state_size = sizeof(struct pop3), .guess = pop3_guess, .take = pop3_take,
	.gap = pop3_gap, .end = pop3_end };
_Static_assert(sizeof(struct pop3) <= LIMIT_TALK_STATE, "one conversation's state");
