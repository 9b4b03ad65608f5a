/* src/wire/imap.c - IMAP: LOGIN and AUTHENTICATE PLAIN in clear, letters that are fetched
 * (literals), STARTTLS. */
#include "base/limits.h"
#include "base/number.h"
#include "wire/body.h"
#include "wire/lines.h"

enum { TAG_MOST = 32 };

struct imap {
	struct line line[2];
	struct login login;
	struct hold letter;
	uint64_t number, literal[2]; /* bytes of a literal still to come */
	char tag[TAG_MOST];	     /* of the login or STARTTLS that waits */
	uint8_t tag_n;
	uint8_t wants; /* literals of the client: 1 the user, 2 the secret */
	bool greeted, tls_asked, plain_next;
};

static enum guess imap_guess(const struct flow_view *flow, const struct span first[2])
{
	struct span hello = first[SIDE_SERVER], rest = first[SIDE_CLIENT];

	(void)flow;
	if (hello.left >= 4 && (memcmp(hello.at, "* OK", 4) == 0 || memcmp(hello.at, "* PR", 4) == 0))
		return GUESS_YES;
	if (hello.left > 0)
		return hello.left < 4 && *hello.at == '*' ? GUESS_MAYBE : GUESS_NO;
	if (rest.left == 0)
		return GUESS_MAYBE;
	/* begun before the capture: a tag, then a command nobody else has */
	struct span tag = span_until(&rest, ' ');

	return tag.left > 0 && tag.left < 12 && (line_begins(rest, "CAPABILITY\r\n") ||
		line_begins(rest, "LOGIN") || line_begins(rest, "AUTHENTICATE")) ? GUESS_YES
	    : first[SIDE_CLIENT].left > 24 ? GUESS_NO : GUESS_MAYBE;
}

/* An atom or a quoted string; {n} says that it comes as a literal. */
static struct span astring(struct span *s)
{
	*s = span_trim(*s);
	if (s->left > 0 && *s->at == '"') {
		(void)span_cut(s, 1);
		return span_until(s, '"');
	}
	return span_until(s, ' ');
}

static uint64_t literal_of(struct span line)
{
	const uint8_t *open = line.left > 0 ? memrchr(line.at, '{', line.left) : NULL;
	int64_t n = 0;

	if (open == NULL || line.at[line.left - 1] != '}')
		return 0;
	struct span digits = span_of(open + 1, (size_t)(line.at + line.left - open) - 2);

	if (digits.left > 0 && digits.at[digits.left - 1] == '+')
		digits.left--;
	return number_read(digits, 0, &n) == KS_OK && n > 0 ? (uint64_t)n : 0;
}

static void imap_client(struct imap *imap, struct span line)
{
	struct span rest = line, tag = span_until(&rest, ' '), verb = span_until(&rest, ' ');
	uint64_t literal = literal_of(line);
	bool login = word_is(verb, "LOGIN"), plain = word_is(verb, "AUTHENTICATE") &&
	    line_begins(rest, "PLAIN");

	imap->literal[SIDE_CLIENT] = literal;
	if (imap->plain_next) {
		login_plain(&imap->login, line);
		imap->plain_next = false;
		return;
	}
	if (!login && !plain && !word_is(verb, "STARTTLS"))
		return;
	imap->tag_n = (uint8_t)(tag.left < TAG_MOST ? tag.left : TAG_MOST);
	memcpy(imap->tag, tag.left > 0 ? (const char *)tag.at : "", imap->tag_n);
	imap->tls_asked = !login && !plain;
	if (plain) {
		(void)span_until(&rest, ' ');
		imap->plain_next = rest.left == 0;
		if (rest.left > 0)
			login_plain(&imap->login, rest);
	} else if (login) {
		struct span user = astring(&rest);

		imap->login.waits = true;
		if (literal > 0 && rest.left == 0) {
			imap->wants = 1;
			return;
		}
		word_set(&imap->login.user, user);
		word_set(&imap->login.secret, astring(&rest));
		imap->wants = literal > 0 ? 2 : 0;
	}
}

/* True: TLS begins. */
static bool imap_server(struct talk *talk, struct imap *imap, struct span line)
{
	struct span rest = line, tag = span_until(&rest, ' ');

	imap->literal[SIDE_SERVER] = literal_of(line);
	if (!imap->greeted) {
		struct said_banner banner = { .service = "imap", .text = rest };

		imap->greeted = true;
		if (span_equal(tag, "*"))
			say_banner(talk, SIDE_SERVER, &banner);
		return false;
	}
	if (imap->tag_n == 0 || tag.left != imap->tag_n || memcmp(tag.at, imap->tag, tag.left) != 0)
		return false;
	bool good = line_begins(rest, "OK"), tls = imap->tls_asked && good;

	if (imap->login.waits)
		login_tell(talk, &imap->login, "imap", true, good);
	imap->tag_n = 0;
	imap->tls_asked = false;
	return tls;
}

static void literal_take(struct talk *talk, struct imap *imap, enum said_side side,
    struct span *bytes)
{
	uint64_t left = imap->literal[side];
	struct span part = span_cut(bytes, left < bytes->left ? (size_t)left : bytes->left);

	imap->literal[side] -= part.left;
	if (side == SIDE_CLIENT) {
		struct word *word = imap->wants == 1 ? &imap->login.user : &imap->login.secret;

		if (imap->wants == 0)
			return;
		if (word->n + part.left <= WORD_MOST) {
			memcpy(word->text + word->n, part.at, part.left);
			word->n = (uint16_t)(word->n + part.left);
		}
		if (imap->literal[side] == 0)
			imap->wants = imap->wants == 1 ? 2 : 0;
		return;
	}
	(void)!talk_hold(talk, &imap->letter, part, LIMIT_LETTER);
	if (imap->literal[side] > 0)
		return;
	letter_tell(talk, side, imap->number++, hold_span(&imap->letter));
	talk_hold_free(talk, &imap->letter);
}

static void imap_take(struct talk *talk, enum said_side side, struct span bytes)
{
	struct imap *imap = talk->state;
	struct span line;

	while (bytes.left > 0) {
		if (imap->literal[side] > 0) {
			literal_take(talk, imap, side, &bytes);
			continue;
		}
		if (!line_cut(&imap->line[side], &bytes, &line))
			return;
		/* what follows the user's literal is the secret, or its literal */
		if (side == SIDE_CLIENT && imap->wants == 2 && imap->login.secret.n == 0) {
			struct span rest = span_trim(line);

			imap->literal[side] = literal_of(line);
			if (imap->literal[side] == 0) {
				word_set(&imap->login.secret, astring(&rest));
				imap->wants = 0;
			}
		} else if (side == SIDE_CLIENT) {
			imap_client(imap, line);
		} else if (imap_server(talk, imap, line)) {
			talk_switch(talk, side, bytes);
			return;
		}
	}
}

static void imap_gap(struct talk *talk, enum said_side side, uint64_t n)
{
	struct imap *imap = talk->state;

	imap->line[side].n = 0;
	imap->literal[side] -= n < imap->literal[side] ? n : imap->literal[side];
}

static void imap_end(struct talk *talk)
{
	struct imap *imap = talk->state;

	login_tell(talk, &imap->login, "imap", false, false);
	if (imap->letter.len > 0)
		letter_tell(talk, SIDE_SERVER, imap->number, hold_span(&imap->letter));
	talk_hold_free(talk, &imap->letter);
}

const struct tongue tongue_imap = { .name = "imap", .over = OVER_TCP,
	.state_size = sizeof(struct imap), .guess = imap_guess, .take = imap_take,
	.gap = imap_gap, .end = imap_end };
_Static_assert(sizeof(struct imap) <= LIMIT_TALK_STATE, "one conversation's state");
