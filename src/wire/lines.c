/* src/wire/lines.c - see lines.h. */
#include "wire/lines.h"
#include "base/drop.h"
#include "base/limits.h"
#include "base/text.h"
#include "wire/body.h"
#include "wire/decode.h"

bool line_cut(struct line *line, struct span *bytes, struct span *ret_line)
{
	const uint8_t *end = bytes->left > 0 ? memchr(bytes->at, '\n', bytes->left) : NULL;
	struct span part = span_cut(bytes, end != NULL ? (size_t)(end - bytes->at) + 1 : bytes->left);

	if (end != NULL && line->n == 0 && !line->cut) {
		*ret_line = part;
	} else {
		size_t room = LINE_MOST - line->n, n = part.left < room ? part.left : room;

		if (n > 0)
			memcpy(line->text + line->n, part.at, n);
		line->n = (uint16_t)(line->n + n);
		line->cut |= n < part.left;
		if (end == NULL)
			return false;
		*ret_line = span_of(line->text, line->n);
		line->n = 0;
		line->cut = false;
	}
	while (ret_line->left > 0 && (ret_line->at[ret_line->left - 1] == '\n' ||
					 ret_line->at[ret_line->left - 1] == '\r'))
		ret_line->left--;
	return true;
}

void word_set(struct word *word, struct span text)
{
	size_t n = text.left < WORD_MOST ? text.left : WORD_MOST;

	if (n > 0)
		memcpy(word->text, text.at, n);
	word->n = (uint16_t)n;
}

void word_base64(struct word *word, struct span base64)
{
	KS_DROP(text) struct text plain;

	text_init(&plain, WORD_MOST);
	base64_decode(base64, &plain);
	word_set(word, text_span(&plain));
}

void login_plain(struct login *login, struct span base64)
{
	KS_DROP(text) struct text plain;

	text_init(&plain, 3 * WORD_MOST);
	base64_decode(base64, &plain);
	struct span s = text_span(&plain);

	(void)span_until(&s, '\0');
	word_set(&login->user, span_until(&s, '\0'));
	word_set(&login->secret, s);
	login->waits = true;
}

void login_tell(struct talk *talk, struct login *login, const char *how, bool answered,
    bool accepted)
{
	struct said_credential credential = { .how = how, .user = word_span(&login->user),
		.secret = word_span(&login->secret), .accepted = answered && accepted,
		.rejected = answered && !accepted, .digest = login->digest };

	if (login->waits && (login->user.n > 0 || login->secret.n > 0))
		say_credential(talk, SIDE_CLIENT, &credential);
	*login = (struct login){ .waits = false };
}

bool line_begins(struct span s, const char *word)
{
	size_t n = strlen(word);

	return s.left >= n && word_is(span_of(s.at, n), word) && (s.left == n || s.at[n] == ' ');
}

struct teller {
	struct talk *talk;
	enum said_side side;
};
static void tell(void *context, const struct said_body *body)
{
	const struct teller *teller = context;

	say_body(teller->talk, teller->side, body);
}

/* Who wrote to whom about what; of the rest, nothing is of a person. */
static void head_tell(struct talk *talk, enum said_side side, uint64_t number,
    struct span name, struct span value)
{
	static const char *const told[] = { "from", "to", "cc", "bcc", "reply-to", "sender",
		"subject", "x-originating-ip" };
	struct said_body piece = { .kind = BODY_HEADER, .number = number, .key = name,
		.bytes = value, .last = true };

	for (size_t i = 0; value.left > 0 && i < sizeof told / sizeof *told; i++)
		if (word_is(name, told[i]))
			say_body(talk, side, &piece);
}

void letter_tell(struct talk *talk, enum said_side side, uint64_t number, struct span letter)
{
	struct teller teller = { talk, side };
	struct body_sink sink = { tell, &teller };
	struct said_body whole = { .number = number };
	bool base64 = false;

	while (letter.left > 0) {
		struct span line = span_until(&letter, '\n');

		while (line.left > 1 && letter.left > 0 && (*letter.at == ' ' || *letter.at == '\t')) {
			struct span more = span_until(&letter, '\n');

			line.left = (size_t)(more.at - line.at) + more.left;
		}
		struct span value = span_trim(line), name = span_trim(span_until(&value, ':'));

		value = span_trim(value);
		if (line.left <= 1)
			break;
		if (word_is(name, "content-type"))
			whole.content_type = value;
		else if (word_is(name, "content-transfer-encoding"))
			base64 = word_is(value, "base64");
		head_tell(talk, side, number, name, value);
	}
	KS_DROP(text) struct text plain;

	text_init(&plain, LIMIT_BODY_PLAIN);
	if (base64)
		base64_decode(letter, &plain);
	whole.bytes = base64 ? text_span(&plain) : letter;
	if (whole.bytes.left > 0)
		body_tell(&whole, &sink);
}

void letter_end(struct letter *letter, struct talk *talk, enum said_side side)
{
	if (letter->open && letter->bytes.len > 0)
		letter_tell(talk, side, letter->number, hold_span(&letter->bytes));
	letter->number++;
	letter->open = false;
	talk_hold_free(talk, &letter->bytes);
}

bool letter_line(struct letter *letter, struct talk *talk, enum said_side side,
    struct span line)
{
	if (line.left == 1 && *line.at == '.') {
		letter_end(letter, talk, side);
		return false;
	}
	if (line.left > 1 && *line.at == '.')
		(void)span_cut(&line, 1);
	/* past the limit the rest is not read */
	if (talk_hold(talk, &letter->bytes, line, LIMIT_LETTER) == KS_OK)
		(void)!talk_hold(talk, &letter->bytes, span_of("\n", 1), LIMIT_LETTER);
	return true;
}
