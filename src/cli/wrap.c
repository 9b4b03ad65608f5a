#include "cli/wrap.h"
#include "base/utf8.h"
#include <sys/ioctl.h>
#include <unistd.h>

enum { TERMINAL_LEAST = 40, TERMINAL_USUAL = 80, TERMINAL_MOST = 120 };

/* Marks that do not end a line, and that do not begin one. */
static const uint32_t openers[] = { 0xff08, 0x300c, 0x300e, 0x3014, 0 };
static const uint32_t closers[] = { 0x3001, 0x3002, 0xff0c, 0xff0e, 0xff09, 0x300d, 0x300f,
	0x3015, 0xff1a, 0xff1b, 0x30fb, 0x30fc, 0xff1f, 0xff01, ',', '.', ')', 0 };

static bool one_of(uint32_t c, const uint32_t *marks)
{
	while (*marks != 0 && *marks != c)
		marks++;
	return *marks != 0;
}

bool wrap_may_break(uint32_t a, uint32_t b)
{
	if (a == ' ')
		return true;
	if (utf8_columns_of(a) < 2 && utf8_columns_of(b) < 2)
		return false;
	return b != ' ' && !one_of(a, openers) && !one_of(b, closers);
}

/* Up to the next place where a line may end. */
static struct span piece_cut(struct span *rest)
{
	struct span all = *rest;
	uint32_t a = 0, b = 0;

	(void)utf8_cut(rest, &a);
	while (rest->left > 0) {
		struct span next = *rest;

		(void)utf8_cut(&next, &b);
		if (wrap_may_break(a, b))
			break;
		*rest = next;
		a = b;
	}
	return span_of(all.at, all.left - rest->left);
}

static void line_end(struct text *text, size_t indent)
{
	while (text->len > 0 && text->at[text->len - 1] == ' ')
		text->at[--text->len] = '\0';
	text_add_char(text, '\n');
	for (size_t i = 0; i < indent; i++)
		text_add_char(text, ' ');
}

void wrap_add(struct text *text, struct span s, size_t used, size_t indent, size_t width)
{
	while (s.left > 0) {
		struct span piece = piece_cut(&s), word = piece;

		while (word.left > 0 && word.at[word.left - 1] == ' ')
			word.left--;
		if (used > indent && used + utf8_columns(word) > width) {
			line_end(text, indent);
			used = indent;
		}
		text_add_span(text, piece);
		used += utf8_columns(piece);
	}
}

size_t wrap_terminal(void)
{
	struct winsize size = { .ws_col = 0 };

	if (!isatty(STDOUT_FILENO))
		return 0;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
		return TERMINAL_USUAL;
	if (size.ws_col < TERMINAL_LEAST)
		return TERMINAL_LEAST;
	return size.ws_col < TERMINAL_MOST ? size.ws_col : TERMINAL_MOST;
}
