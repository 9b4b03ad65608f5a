/* src/wire/ftp.c - FTP's control connection: names and passwords in clear, AUTH TLS. */
#include "base/limits.h"
#include "wire/body.h"
#include "wire/lines.h"

struct ftp {
	struct line line[2];
	struct login login;
	bool greeted, tls_asked;
};

static enum guess ftp_guess(const struct flow_view *flow, const struct span first[2])
{
	static const char *const verbs[] = { "USER", "AUTH TLS", "AUTH SSL", "FEAT", "SYST" };
	struct span hello = first[SIDE_SERVER];

	if (hello.left == 0)
		return first[SIDE_CLIENT].left == 0 ? GUESS_MAYBE : GUESS_NO;
	if (memcmp(hello.at, "220", hello.left < 3 ? hello.left : 3) != 0)
		return GUESS_NO;
	if (hello.left < 4)
		return GUESS_MAYBE;
	if (hello.at[3] != ' ' && hello.at[3] != '-')
		return GUESS_NO;
	for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
		if (first[SIDE_CLIENT].left > strlen(verbs[i]) &&
		    word_is(span_of(first[SIDE_CLIENT].at, strlen(verbs[i])), verbs[i]))
			return GUESS_YES;
	if (word_in(hello, "SMTP"))
		return GUESS_NO;
	return flow->server_port == 21 || word_in(hello, "FTP") ? GUESS_YES
	    : first[SIDE_CLIENT].left > 8 ? GUESS_NO : GUESS_MAYBE;
}

static void ftp_client(struct ftp *ftp, struct span line)
{
	struct span rest = line, verb = span_until(&rest, ' ');

	if (word_is(verb, "USER")) {
		word_set(&ftp->login.user, rest);
		ftp->login.waits = true;
	} else if (word_is(verb, "PASS")) {
		word_set(&ftp->login.secret, rest);
		ftp->login.waits = true;
	} else if (word_is(verb, "AUTH")) {
		ftp->tls_asked = true;
	}
}

/* True: TLS begins. */
static bool ftp_server(struct talk *talk, struct ftp *ftp, struct span line)
{
	if (line.left < 4 || line.at[3] != ' ')
		return false; /* more lines of this answer follow */
	if (!ftp->greeted) {
		struct said_banner banner = { .service = "ftp",
			.text = span_of(line.at + 4, line.left - 4) };

		ftp->greeted = true;
		say_banner(talk, SIDE_SERVER, &banner);
		return false;
	}
	bool tls = ftp->tls_asked && memcmp(line.at, "234", 3) == 0;

	ftp->tls_asked = false;
	if (ftp->login.waits && (memcmp(line.at, "230", 3) == 0 || line.at[0] == '5'))
		login_tell(talk, &ftp->login, "ftp", true, line.at[0] == '2');
	return tls;
}

static void ftp_take(struct talk *talk, enum said_side side, struct span bytes)
{
	struct ftp *ftp = talk->state;
	struct span line;

	while (bytes.left > 0) {
		if (!line_cut(&ftp->line[side], &bytes, &line))
			return;
		if (side == SIDE_CLIENT) {
			ftp_client(ftp, line);
		} else if (ftp_server(talk, ftp, line)) {
			talk_switch(talk, side, bytes);
			return;
		}
	}
}

static void ftp_gap(struct talk *talk, enum said_side side, uint64_t n)
{
	struct ftp *ftp = talk->state;

	(void)n;
	ftp->line[side].n = 0;
}

static void ftp_end(struct talk *talk)
{
	struct ftp *ftp = talk->state;

	login_tell(talk, &ftp->login, "ftp", false, false);
}

const struct tongue tongue_ftp = { .name = "ftp", .over = OVER_TCP,
	.state_size = sizeof(struct ftp), .guess = ftp_guess, .take = ftp_take,
	.gap = ftp_gap, .end = ftp_end };
_Static_assert(sizeof(struct ftp) <= LIMIT_TALK_STATE, "one conversation's state");
