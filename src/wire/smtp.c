/* src/wire/smtp.c - SMTP and its submission: who says hello, names and passwords in clear,
 * the letter itself, and TLS after STARTTLS. */
#include "base/limits.h"
#include "wire/body.h"
#include "wire/lines.h"

enum smtp_auth { AUTH_NONE, AUTH_PLAIN, AUTH_LOGIN_USER, AUTH_LOGIN_SECRET, AUTH_OTHER };

struct smtp {
	struct line line[2];
	struct login login;
	struct letter letter;
	uint8_t auth; /* enum smtp_auth: what the client says next */
	bool data_asked, tls_asked, greeted;
};

static enum guess smtp_guess(const struct flow_view *flow, const struct span first[2])
{
	struct span hello = first[SIDE_SERVER], says = first[SIDE_CLIENT];
	bool port = flow->server_port == 25 || flow->server_port == 587 || flow->server_port == 2525;

	if (line_begins(says, "EHLO") || line_begins(says, "HELO") || line_begins(says, "LHLO"))
		return GUESS_YES;
	if (says.left >= 5)
		return GUESS_NO;
	if (hello.left < 4)
		return hello.left == 0 || memcmp(hello.at, "220", hello.left < 3 ? hello.left : 3) == 0
		    ? GUESS_MAYBE : GUESS_NO;
	if (memcmp(hello.at, "220", 3) != 0 || (hello.at[3] != ' ' && hello.at[3] != '-'))
		return GUESS_NO;
	return port || word_in(hello, "SMTP") ? GUESS_YES : GUESS_MAYBE;
}

static void smtp_mail(struct talk *talk, struct smtp *smtp, const char *key, struct span value)
{
	struct said_body piece = { .kind = BODY_HEADER, .number = smtp->letter.number,
		.key = span_text(key), .bytes = span_trim(value), .last = true };

	if (piece.bytes.left > 0)
		say_body(talk, SIDE_CLIENT, &piece);
}

static void smtp_auth(struct smtp *smtp, struct span line)
{
	struct span rest = line, kind = { .left = 0 };

	(void)span_until(&rest, ' ');
	kind = span_until(&rest, ' ');
	if (word_is(kind, "PLAIN")) {
		smtp->auth = AUTH_PLAIN;
		if (rest.left > 0) {
			login_plain(&smtp->login, rest);
			smtp->auth = AUTH_NONE;
		}
	} else if (word_is(kind, "LOGIN")) {
		smtp->auth = AUTH_LOGIN_USER;
		if (rest.left > 0) {
			word_base64(&smtp->login.user, rest);
			smtp->auth = AUTH_LOGIN_SECRET;
		}
	} else {
		smtp->auth = AUTH_OTHER; /* a challenge: nothing is in clear */
	}
}

static void smtp_client(struct talk *talk, struct smtp *smtp, struct span line)
{
	if (smtp->letter.open) {
		(void)letter_line(&smtp->letter, talk, SIDE_CLIENT, line);
		return;
	}
	switch (smtp->auth) {
	case AUTH_PLAIN:
		login_plain(&smtp->login, line);
		smtp->auth = AUTH_NONE;
		return;
	case AUTH_LOGIN_USER:
		word_base64(&smtp->login.user, line);
		smtp->auth = AUTH_LOGIN_SECRET;
		return;
	case AUTH_LOGIN_SECRET:
		word_base64(&smtp->login.secret, line);
		smtp->login.waits = true;
		smtp->auth = AUTH_NONE;
		return;
	case AUTH_OTHER:
		smtp->auth = AUTH_NONE;
		return;
	default:
		break;
	}
	if (line_begins(line, "AUTH"))
		smtp_auth(smtp, line);
	else if (line_begins(line, "DATA"))
		smtp->data_asked = true;
	else if (line_begins(line, "STARTTLS"))
		smtp->tls_asked = true;
	else if (line.left > 10 && word_is(span_of(line.at, 10), "MAIL FROM:"))
		smtp_mail(talk, smtp, "MAIL FROM", span_of(line.at + 10, line.left - 10));
	else if (line.left > 8 && word_is(span_of(line.at, 8), "RCPT TO:"))
		smtp_mail(talk, smtp, "RCPT TO", span_of(line.at + 8, line.left - 8));
}

/* True: TLS begins. */
static bool smtp_server(struct talk *talk, struct smtp *smtp, struct span line)
{
	struct said_banner banner = { .service = "smtp", .text = line };
	bool good = line.left >= 3 && line.at[0] == '2';

	if (line.left >= 4 && line.at[3] == '-')
		return false; /* more lines of this answer follow */
	if (!smtp->greeted) {
		smtp->greeted = true;
		if (line.left > 4)
			banner.text = span_of(line.at + 4, line.left - 4);
		say_banner(talk, SIDE_SERVER, &banner);
		return false;
	}
	if (smtp->login.waits && line.left >= 3 && line.at[0] != '3')
		login_tell(talk, &smtp->login, "smtp", true, good);
	if (smtp->data_asked) {
		smtp->letter.open = line.left >= 3 && line.at[0] == '3';
		smtp->data_asked = false;
	}
	if (smtp->tls_asked) {
		smtp->tls_asked = false;
		return good;
	}
	return false;
}

static void smtp_take(struct talk *talk, enum said_side side, struct span bytes)
{
	struct smtp *smtp = talk->state;
	struct span line;

	while (bytes.left > 0) {
		if (!line_cut(&smtp->line[side], &bytes, &line))
			return;
		if (side == SIDE_CLIENT) {
			smtp_client(talk, smtp, line);
		} else if (smtp_server(talk, smtp, line)) {
			talk_switch(talk, side, bytes);
			return;
		}
	}
}

static void smtp_gap(struct talk *talk, enum said_side side, uint64_t n)
{
	struct smtp *smtp = talk->state;

	(void)n;
	smtp->line[side].n = 0;
	smtp->auth = AUTH_NONE;
}

static void smtp_end(struct talk *talk)
{
	struct smtp *smtp = talk->state;

	login_tell(talk, &smtp->login, "smtp", false, false);
	letter_end(&smtp->letter, talk, SIDE_CLIENT);
}

const struct tongue tongue_smtp = { .name = "smtp", .over = OVER_TCP,
	.state_size = sizeof(struct smtp), .guess = smtp_guess, .take = smtp_take,
	.gap = smtp_gap, .end = smtp_end };
_Static_assert(sizeof(struct smtp) <= LIMIT_TALK_STATE, "one conversation's state");
