/* src/wire/personal_uri.c - secrets in the address of a request that are no field of its query:
 * //user:secret@host, /password/secret, ;password=secret, and another address within a value. */
#include "wire/body.h"
#include "wire/personal.h"

enum { NAME_MOST = 64, SEGMENT_LEAST = 6, TOKEN_LEAST = 8 };

/* The marks an address is divided by. */
static bool is_in(uint8_t c, const char *of)
{
	bool letter = (c | 0x20) >= 'a' && (c | 0x20) <= 'z';

	return !letter && c != 0 && !(c >= '0' && c <= '9') && strchr(of, c) != NULL;
}

static struct span up_to(struct span s, const char *stops)
{
	size_t n = 0;

	while (n < s.left && !is_in(s.at[n], stops))
		n++;
	return span_cut(&s, n);
}

/* What the name says of a secret, when it says that this is one. */
static unsigned secret_hints(struct span name)
{
	unsigned hints = name.left == 0 || name.left > NAME_MOST ? 0
	    : personal_hints(name) & (HINT_SECRET | HINT_TOKEN);

	return hints != 0 && personal_names_secret(name) ? hints : 0;
}

/* "user:secret@host" behind two slashes. */
static void user_look(const struct personal_at *at, struct span rest)
{
	struct span both = up_to(rest, "/?# \"'<>"), secret = both;
	const uint8_t *end = both.left > 0 ? memrchr(both.at, '@', both.left) : NULL;

	if (end == NULL)
		return;
	secret.left = (size_t)(end - both.at);
	(void)span_until(&secret, ':');
	if (secret.left > 0)
		personal_say(at, PERSONAL_CREDENTIAL, GRADE_CERTAIN, secret);
}

/* "/password/reset" tells no secret; one has letters and something else. */
static bool is_mixed(struct span s)
{
	bool letter = false, other = false;

	for (size_t i = 0; i < s.left; i++) {
		bool is_letter = (s.at[i] | 0x20) >= 'a' && (s.at[i] | 0x20) <= 'z';

		letter |= is_letter;
		other |= !is_letter && !is_in(s.at[i], "-_.");
	}
	return letter && other;
}

static void segment_look(const struct personal_at *at, struct span name, struct span rest)
{
	struct span value = up_to(rest, "/?#");
	bool maybe = value.left >= SEGMENT_LEAST && is_mixed(value);
	unsigned hints = maybe ? secret_hints(name) : 0;

	if (hints != 0 && (value.left >= TOKEN_LEAST || hints & HINT_SECRET))
		personal_say(at, PERSONAL_CREDENTIAL, GRADE_LIKELY, value);
}

/* The = is at text[from]: the name before it, from the last mark on. */
static void value_look(const struct personal_at *at, struct span text, size_t from)
{
	size_t start = from;

	while (start > 0 && from - start <= NAME_MOST && !is_in(text.at[start - 1], "/?&;#= \"'{,"))
		start--;
	unsigned hints = secret_hints(span_of(text.at + start, from - start));
	struct span value = up_to(span_of(text.at + from + 1, text.left - from - 1), "&;# \"'<>");

	if (hints == 0 || value.left == 0 || (!(hints & HINT_SECRET) && value.left < TOKEN_LEAST))
		return;
	personal_say(at, PERSONAL_CREDENTIAL, hints & HINT_SECRET ? GRADE_CERTAIN : GRADE_LIKELY,
	    value);
}

void personal_uri(const struct personal_at *at, struct span text)
{
	if (text.left == 0)
		return;
	const uint8_t *end = text.at + text.left, *mark = memchr(text.at, '=', text.left);
	const uint8_t *start = text.at; /* of the segment */

	for (; mark != NULL; mark = memchr(mark + 1, '=', (size_t)(end - mark) - 1))
		value_look(at, text, (size_t)(mark - text.at));
	mark = memchr(text.at, '/', text.left);
	while (mark != NULL && mark + 1 < end) {
		struct span name = span_of(start, (size_t)(mark - start)),
			    rest = span_of(mark + 1, (size_t)(end - mark) - 1);

		start = mark + 1;
		if (*rest.at == '/' && rest.left > 1)
			user_look(at, span_of(rest.at + 1, rest.left - 1));
		else if (name.left > 2)
			segment_look(at, name, rest);
		mark = memchr(start, '/', (size_t)(end - start));
	}
}
